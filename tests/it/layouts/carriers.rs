//! Files that give one installation its data space, whatever folder they stand in.

use super::tree::{PATH, VARIABLE};

/// One way to write a setting into a file of its own.
pub struct Carrier {
    pub name: &'static str,
    /// The file where folders say whose it is.
    pub file: &'static str,
    /// The file where its name does, with `*` for the words.
    pub named: &'static str,
    /// Its text.
    pub body: fn(&str) -> String,
}

pub const CARRIERS: &[Carrier] = &[
    Carrier { name: "dotenv", file: ".env", named: "*.env", body: dotenv },
    Carrier { name: "dotenv, the words last", file: ".env", named: ".env.*", body: dotenv },
    Carrier { name: "env.php", file: "env.php", named: "env.*.php", body: php },
    Carrier {
        name: "env.php, the words last",
        file: "app/etc/env.php",
        named: "app/etc/env.php.*",
        body: php,
    },
    Carrier {
        name: "ConfigMap",
        file: "configmap.yaml",
        named: "configmap-*.yaml",
        body: config_map,
    },
    Carrier { name: "Deployment", file: "deployment.yaml", named: "*.yaml", body: deployment },
    Carrier { name: "values", file: "values.yaml", named: "values-*.yaml", body: values },
    Carrier { name: "script", file: "deploy.sh", named: "deploy-*.sh", body: script },
    Carrier { name: "script, the words alone", file: "configure.sh", named: "*.sh", body: script },
    Carrier { name: "SQL", file: "config.sql", named: "*.sql", body: sql },
    Carrier { name: "nginx", file: "magento.conf", named: "*.conf", body: nginx },
    Carrier { name: "tfvars", file: "terraform.tfvars", named: "*.tfvars", body: tfvars },
    Carrier { name: "JSON", file: "variables.json", named: "*.json", body: json },
    Carrier { name: "TOML", file: "settings.toml", named: "*.toml", body: toml },
    Carrier { name: "Compose", file: "compose.yaml", named: "compose.*.yaml", body: compose },
    Carrier { name: "Dockerfile", file: "Dockerfile", named: "Dockerfile.*", body: dockerfile },
    Carrier { name: "paths and values", file: "settings.yml", named: "*.yml", body: paths },
];

fn dotenv(value: &str) -> String {
    format!("{VARIABLE}={value}\n")
}

fn php(value: &str) -> String {
    format!(
        "<?php\nreturn ['system' => ['default' => ['services_connector' => ['services_id' => [\n    \
         'environment_id' => '{value}',\n]]]]];\n"
    )
}

fn config_map(value: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: magento-config\ndata:\n  {VARIABLE}: {value}\n"
    )
}

fn deployment(value: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: magento\nspec:\n  template:\n    spec:\n      containers:\n        \
         - name: php\n          image: magento\n          env:\n            - name: {VARIABLE}\n              value: {value}\n"
    )
}

/// Values of a chart.
pub fn values(value: &str) -> String {
    format!("replicas: 2\nenv:\n  {VARIABLE}: {value}\n")
}

fn script(value: &str) -> String {
    format!(
        "#!/bin/sh\nset -eu\nbin/magento config:set --lock-env {PATH} {value}\nbin/magento cache:flush\n"
    )
}

fn sql(value: &str) -> String {
    format!(
        "INSERT INTO core_config_data (scope, scope_id, path, value) VALUES ('default', 0, '{PATH}', '{value}');\n"
    )
}

fn nginx(value: &str) -> String {
    format!(
        "location ~ \\.php$ {{\n    fastcgi_pass php;\n    fastcgi_param {VARIABLE} {value};\n}}\n"
    )
}

fn tfvars(value: &str) -> String {
    format!("variables = {{\n  {VARIABLE} = \"{value}\"\n}}\n")
}

fn json(value: &str) -> String {
    format!("{{\n  \"{VARIABLE}\": \"{value}\"\n}}\n")
}

fn toml(value: &str) -> String {
    format!("[env]\n{VARIABLE} = \"{value}\"\n")
}

fn compose(value: &str) -> String {
    format!("services:\n  php:\n    image: magento\n    environment:\n      {VARIABLE}: {value}\n")
}

fn dockerfile(value: &str) -> String {
    format!("FROM php:8.3-fpm\nENV {VARIABLE}={value}\n")
}

fn paths(value: &str) -> String {
    format!("magento_settings:\n  - path: {PATH}\n    value: {value}\n")
}
