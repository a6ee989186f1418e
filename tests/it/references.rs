//! Every notation in which a file says that a value is kept elsewhere, in every carrier: never a finding, and never a value.

use std::fs;

use commerce_lint::run;
use commerce_lint::states::{Configured, Request};

const REFERENCES: [&str; 30] = [
    "${DS}",
    "$DS",
    "$(DS)",
    "{{ .Values.ds }}",
    "{{ ds }}",
    "[[ .ds ]]",
    "${{ secrets.DS }}",
    "%env(DS)%",
    "%env.DS%",
    "%{lookup(\"ds\")}",
    "%{facts.ds}",
    "%{::ds}",
    "#{DS}#",
    "__DS__",
    "ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]",
    "ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCCAWYCAQAxggEhMIIBHQ==]",
    "$ANSIBLE_VAULT;1.1;AES256",
    "op://vault/item/field",
    "vault:secret/data/shop#ds",
    "ref+vault://secret/shop#ds",
    "gcpsm://project/secret",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ds",
    "{{resolve:secretsmanager:ds}}",
    "projects/shop/secrets/ds/versions/1",
    "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/ds)",
    "<path:secret/data/shop#ds>",
    "@/run/secrets/ds",
    "env(DS)",
    "{cipher}AQB1234abcd",
    "AQICAHh6yN0kmS5X0mE0u0W8Yx8K1d3v2pT9bQ==",
];

const SPACE: &str = "services_connector/services_id/environment_id";
const KEY: &str = "services_connector/services_connector_integration/production_private_key";

type Write = fn(&str) -> String;

/// The path of a file in an environment, and its text with a reference in it.
const CARRIERS: [(&str, Write); 7] = [
    ("config/store/ENV/a.yaml", |reference| {
        let quoted = serde_json::json!(reference);
        format!("{SPACE}:\n  default:\n    0: {quoted}\n{KEY}:\n  default:\n    0: {quoted}\n")
    }),
    ("k8s/ENV/map.yaml", |reference| {
        let quoted = serde_json::json!(reference);
        let (space, key) = (variable(SPACE), variable(KEY));
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  {space}: {quoted}\n  {key}: {quoted}\n"
        )
    }),
    ("ENV.json", |reference| serde_json::json!({ SPACE: reference, KEY: reference }).to_string()),
    (".env.ENV", |reference| {
        format!("{}='{reference}'\n{}='{reference}'\n", variable(SPACE), variable(KEY))
    }),
    ("app/etc/env.ENV.php", |reference| {
        format!(
            "<?php return ['system' => ['default' => ['services_connector' => ['services_id' => ['environment_id' => '{reference}'], 'services_connector_integration' => ['production_private_key' => '{reference}']]]]];\n"
        )
    }),
    ("deploy/ENV.sh", |reference| {
        format!(
            "bin/magento config:set --lock-env {SPACE} '{reference}'\nbin/magento config:set --lock-env {KEY} '{reference}'\n"
        )
    }),
    ("compose.ENV.yaml", |reference| {
        let quoted = serde_json::json!(reference);
        let (space, key) = (variable(SPACE), variable(KEY));
        format!(
            "services:\n  php:\n    image: php\n    environment:\n      {space}: {quoted}\n      {key}: {quoted}\n"
        )
    }),
];

fn variable(path: &str) -> String {
    format!("CONFIG__DEFAULT__{}", path.replace('/', "__").to_uppercase())
}

#[test]
fn a_reference_is_never_a_finding_in_any_carrier() {
    let mut failures = Vec::new();
    for (path, write) in CARRIERS {
        for reference in REFERENCES {
            let tree = tempfile::Builder::new().prefix("commerce-lint").tempdir().unwrap();
            for environment in ["production", "staging"] {
                let path = tree.path().join(path.replace("ENV", environment));
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, write(reference)).unwrap();
            }
            let request = Request {
                path: tree.path().into(),
                configured: Configured::Nowhere,
                ..Request::default()
            };
            let outcome = run(&request).unwrap();
            let rules: Vec<_> = outcome.diagnostics.iter().map(|found| &found.rule).collect();
            if !rules.is_empty() || outcome.inventory.instances.len() != 2 {
                let instances = outcome.inventory.instances.len();
                failures.push(format!("{path}, {reference}: {instances} instances, {rules:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
