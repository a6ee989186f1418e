//! Keys of one document that are installations, and other files whose own structure names them.

use std::fmt::Write as _;

use super::tree::{PATH, Tree, VARIABLE};

/// What a map of installations is called.
fn collection(tree: &Tree<'_>) -> &'static str {
    const NAMES: [&str; 5] = ["environments", "shops", "instances", "tenants", "stores"];
    let all = if tree.spec.environments.is_empty() { &NAMES[1..] } else { &NAMES[..] };
    all[usize::try_from(tree.spec.salt % all.len() as u64).unwrap_or_default()]
}

pub fn yaml(tree: &mut Tree<'_>) {
    let keys = tree.each(|name, value| format!("  {name}:\n    env:\n      {VARIABLE}: {value}\n"));
    let text = format!("{}:\n{keys}", collection(tree));
    tree.file("saas/settings.yaml", text);
}

pub fn nested(tree: &mut Tree<'_>) {
    let mut text = String::from("shops:\n");
    let mut last = None;
    for one in tree.all() {
        let (brand, environment) = tree.words(one);
        if last.as_ref() != Some(&brand) {
            let _ = writeln!(text, "  {brand}:");
        }
        let _ = writeln!(text, "    {environment}:\n      {VARIABLE}: {}", tree.own(one));
        last = Some(brand);
    }
    tree.file("saas/shops.yaml", text);
}

pub fn json(tree: &mut Tree<'_>) {
    let keys =
        tree.each(|name, value| format!("    \"{name}\": {{\"{VARIABLE}\": \"{value}\"}},\n"));
    let keys = keys.trim_end_matches(",\n");
    let text = format!("{{\n  \"{}\": {{\n{keys}\n  }}\n}}\n", collection(tree));
    tree.file("saas/settings.json", text);
}

pub fn toml(tree: &mut Tree<'_>) {
    let collection = collection(tree);
    let tables =
        tree.each(|name, value| format!("[{collection}.{name}]\n{VARIABLE} = \"{value}\"\n\n"));
    tree.file("saas/settings.toml", tables);
}

pub fn terraform(tree: &mut Tree<'_>) {
    let modules = tree.each(|name, value| {
        let id = name.replace('-', "_");
        format!("module \"{id}\" {{\n  source = \"./modules/magento\"\n  variables = {{\n    {VARIABLE} = \"{value}\"\n  }}\n}}\n\n")
    });
    tree.file("terraform/main.tf", modules);
}

pub fn cloud_formation(tree: &mut Tree<'_>) {
    let resources = tree.each(|name, value| {
        let id: String = name.split('-').map(capitalised).collect();
        format!(
            "  {id}TaskDefinition:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Family: {name}\n      \
             ContainerDefinitions:\n        - Name: php\n          Image: magento\n          Environment:\n            \
             - Name: {VARIABLE}\n              Value: {value}\n"
        )
    });
    let text = format!("AWSTemplateFormatVersion: '2010-09-09'\nResources:\n{resources}");
    tree.file("cloudformation/services.yaml", text);
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub fn groups(tree: &mut Tree<'_>) {
    let mut hosts = String::new();
    for one in tree.all() {
        let group = tree.name(one).replace('-', "_");
        let _ = writeln!(hosts, "[{group}]\nhost{one}.example.test\n");
        let text = format!("magento_env:\n  {VARIABLE}: {}\n", tree.own(one));
        tree.file(format!("group_vars/{group}.yml"), text);
    }
    tree.file("hosts.ini", hosts);
}

pub fn inventory(tree: &mut Tree<'_>) {
    let groups = tree.each(|name, value| {
        let group = name.replace('-', "_");
        format!("[{group}]\n{name}.example.test\n\n[{group}:vars]\n{VARIABLE}={value}\n\n")
    });
    tree.file("inventory/hosts.ini", groups);
}

pub fn deployer_php(tree: &mut Tree<'_>) {
    let hosts = tree.each(|name, value| {
        format!("host('{name}')\n    ->setHostname('web.example.test')\n    ->set('env', ['{VARIABLE}' => '{value}']);\n\n")
    });
    tree.file(
        "deploy.php",
        format!("<?php\nnamespace Deployer;\n\nrequire 'recipe/magento2.php';\n\n{hosts}"),
    );
}

pub fn deployer_yaml(tree: &mut Tree<'_>) {
    let hosts = tree.each(|name, value| {
        format!("  {name}:\n    hostname: web.example.test\n    env:\n      {VARIABLE}: {value}\n")
    });
    tree.file("deploy.yaml", format!("import:\n  - recipe/magento2.php\nhosts:\n{hosts}"));
}

pub fn upsun(tree: &mut Tree<'_>) {
    let applications = tree.each(|name, value| {
        format!("  {name}:\n    type: php:8.3\n    source:\n      root: /\n    variables:\n      env:\n        {VARIABLE}: {value}\n")
    });
    tree.file(".upsun/config.yaml", format!("applications:\n{applications}"));
}

pub fn platform(tree: &mut Tree<'_>) {
    let applications = tree.each(|name, value| {
        format!(
            "- name: {name}\n  type: php:8.3\n  variables:\n    env:\n      {VARIABLE}: {value}\n"
        )
    });
    tree.file(".platform/applications.yaml", applications);
}

pub fn config_import_export(tree: &mut Tree<'_>) {
    for one in tree.all() {
        let (brand, environment) = tree.words(one);
        let text = format!("{PATH}:\n  default:\n    0: {}\n", tree.own(one));
        tree.file(format!("{brand}/config/store/{environment}/services.yaml"), text);
    }
}
