//! The variables that we know by names of their own, which no config path gives them.

use super::parameter::Parameter;

/// A secret of Adobe's that is no setting of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Credential {
    /// The client secret of an IMS integration.
    Ims,
    /// The client secret of an App Builder project's server-to-server credential.
    OAuth,
    /// The user and the key of an App Builder runtime namespace.
    Runtime,
    /// The token of an account of Adobe Commerce on Cloud.
    CloudToken,
}

impl Credential {
    /// The variable that holds it.
    #[must_use]
    pub fn variable(self) -> &'static str {
        let is_it = |(_, parameter): &&(&str, Parameter)| *parameter == Parameter::Credential(self);
        VARIABLES.iter().find(is_it).map_or("", |(name, _)| name)
    }

    /// What it is, in words.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Ims => "the client secret of an IMS integration",
            Self::OAuth => "the client secret of an App Builder project",
            Self::Runtime => "the key of an App Builder runtime namespace",
            Self::CloudToken => "the token of a Cloud account",
        }
    }
}

/// The variable that replaces `crypt/key` of `app/etc/env.php`.
///
/// Source: `Magento\Framework\App\DeploymentConfig`: the prefix in upper case, `__` for `/`.
pub const CRYPT_KEY: &str = "MAGENTO_DC_CRYPT__KEY";

/// Every variable with a name of its own.
///
/// Sources: the pages *Deploy variables* of Adobe Commerce on Cloud (`CRYPT_KEY`), *Authentication* of its command line, *App Builder
/// configuration files*.
pub const VARIABLES: &[(&str, Parameter)] = &[
    (CRYPT_KEY, Parameter::CryptKey),
    ("CRYPT_KEY", Parameter::CryptKey),
    ("MAGENTO_CRYPT_KEY", Parameter::CryptKey),
    ("MAGENTO_ENCRYPTION_KEY", Parameter::CryptKey),
    ("ADOBE_IMS_CLIENT_SECRET", Parameter::Credential(Credential::Ims)),
    ("IMS_CLIENT_SECRET", Parameter::Credential(Credential::Ims)),
    ("OAUTH_CLIENT_SECRET", Parameter::Credential(Credential::OAuth)),
    ("AIO_runtime_auth", Parameter::Credential(Credential::Runtime)),
    ("AIO_RUNTIME_AUTH", Parameter::Credential(Credential::Runtime)),
    ("MAGENTO_CLOUD_CLI_TOKEN", Parameter::Credential(Credential::CloudToken)),
];

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
    VARIABLES.iter().find(|(known, _)| *known == name).map(|&(_, parameter)| parameter)
}
