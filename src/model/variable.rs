//! The variables that we know by names of their own, which no config path gives them.

use super::credential;
use super::parameter::Parameter;

/// The variable that replaces `crypt/key` of `app/etc/env.php`.
///
/// Source: `Magento\Framework\App\DeploymentConfig`: the prefix in upper case, `__` for `/`.
pub const CRYPT_KEY: &str = "MAGENTO_DC_CRYPT__KEY";

/// The variables that hold the encryption key.
///
/// Source: the page *Deploy variables* of Adobe Commerce on Cloud (`CRYPT_KEY`).
const CRYPT_KEYS: [&str; 4] =
    [CRYPT_KEY, "CRYPT_KEY", "MAGENTO_CRYPT_KEY", "MAGENTO_ENCRYPTION_KEY"];

/// Every variable with a name of its own.
pub fn names() -> impl Iterator<Item = &'static str> {
    CRYPT_KEYS.into_iter().chain(credential::VARIABLES.into_iter().map(|(name, _)| name))
}

/// The options of commands that set what a config path names, or the encryption key.
///
/// Sources: Magento's `setup:install` and `setup:config:set`; Adobe's page *Commerce Optimizer connector*.
pub const OPTIONS: &[(&str, &str, &str)] = &[
    ("setup:install", "key", "crypt/key"),
    ("setup:config:set", "key", "crypt/key"),
    ("aco:config:init", "client_secret", "aco_exporter/general/client_secret"),
    ("aco:config:init", "client_id", "aco_exporter/general/client_id"),
    ("aco:config:init", "org_id", "aco_exporter/general/org_id"),
    ("aco:config:init", "tenant_id", "aco_exporter/general/tenant_id"),
    ("aco:config:init", "type", "aco_exporter/general/type"),
];

/// The parameter of a variable with a name of its own.
#[must_use]
pub fn named(name: &str) -> Option<Parameter> {
    let credential = || credential::VARIABLES.into_iter().find(|(known, _)| *known == name);
    if CRYPT_KEYS.contains(&name) {
        return Some(Parameter::CryptKey);
    }
    credential().map(|(_, credential)| Parameter::Credential(credential))
}
