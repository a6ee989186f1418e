//! The config paths that we know, and what each one configures.
//!
//! Source of every path: the `config.xml` and `system.xml` of the connector's modules, and Adobe's pages *Commerce Services Connector*
//! and *Configure SaaS*.

/// One of the two key pairs. The name of a slot says nothing about an instance's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// `production_api_key`, `production_private_key`.
    Production,
    /// `sandbox_api_key`, `sandbox_private_key`.
    Sandbox,
}

impl Slot {
    /// Both slots.
    pub const ALL: [Self; 2] = [Self::Production, Self::Sandbox];

    /// The word in the config paths.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        }
    }
}

/// What a known config path configures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
    /// The public half of a slot's key pair; not a secret.
    ApiKey(Slot),
    /// The secret half of a slot's key pair.
    PrivateKey(Slot),
    /// Which slot is live: `production` (default) or `sandbox`.
    ActiveSlot,
    /// The SaaS project.
    Project,
    /// The project's label.
    ProjectName,
    /// The data space id, a UUID; Adobe's name for it is `environment_id`.
    DataSpace,
    /// The data space's type: `Production` or `Testing`.
    DataSpaceType,
    /// The data space's label.
    DataSpaceName,
    /// The IMS organisation.
    Organization,
    /// `Magento_JWT` (default) or `IMS_Tech_Acct`.
    CredentialsType,
    /// The secret of the IMS technical account.
    ImsClientSecret,
    /// Where a slot's requests go.
    Gateway(Slot),
    /// Whether product recommendations read another data space.
    AlternateDataSpaceEnabled,
    /// The data space that product recommendations read instead; legitimate sharing.
    AlternateDataSpace,
    /// The data space a third-party module reads; legitimate sharing.
    ReadOnlyDataSpace,
    /// The api key of that module.
    ReadOnlyApiKey,
    /// The private key of that module.
    ReadOnlyPrivateKey,
    /// The payment slot: `sandbox` (default) or `production`.
    PaymentMethod,
    /// A slot's payment merchant.
    MerchantId(Slot),
    /// Whether Payment Services take payments.
    PaymentsActive,
    /// The merchant gateway key, a secret.
    MerchantGatewayKey,
    /// The client secret of the Commerce Optimizer exporter.
    ExporterClientSecret,
    /// The private key of the Admin's IMS login.
    ImsPrivateKey,
    /// The keys that Magento encrypts with, oldest first, apart by blanks: `crypt/key` of the deployment configuration, not of the store's.
    CryptKey,
}

/// The variable that replaces `crypt/key` of `app/etc/env.php`.
///
/// Source: `Magento\Framework\App\DeploymentConfig`: the prefix in upper case, `__` for `/`.
pub const CRYPT_KEY_VARIABLE: &str = "MAGENTO_DC_CRYPT__KEY";

/// Every known path with its parameter, sorted by path.
const PATHS: &[(&str, Parameter)] = &[
    ("aco_exporter/general/client_secret", Parameter::ExporterClientSecret),
    ("adobe_ims/integration/private_key", Parameter::ImsPrivateKey),
    ("magento_saas/environment", Parameter::ActiveSlot),
    ("payment/payment_methods/method", Parameter::PaymentMethod),
    ("payment/payment_methods/production_merchant_id", Parameter::MerchantId(Slot::Production)),
    ("payment/payment_methods/sandbox_merchant_id", Parameter::MerchantId(Slot::Sandbox)),
    ("payment/payment_services/active", Parameter::PaymentsActive),
    (
        "payment/payment_services_paypal_hosted_fields/merchant_gateway_key",
        Parameter::MerchantGatewayKey,
    ),
    ("pushon_livesearch_readonly/credentials/api_key", Parameter::ReadOnlyApiKey),
    ("pushon_livesearch_readonly/credentials/environment_id", Parameter::ReadOnlyDataSpace),
    ("pushon_livesearch_readonly/credentials/private_key", Parameter::ReadOnlyPrivateKey),
    (
        "services_connector/ims_technical_account_credentials/client_secret",
        Parameter::ImsClientSecret,
    ),
    (
        "services_connector/product_recommendations/alternate_environment_enabled",
        Parameter::AlternateDataSpaceEnabled,
    ),
    (
        "services_connector/product_recommendations/alternate_environment_id",
        Parameter::AlternateDataSpace,
    ),
    ("services_connector/production_gateway_url", Parameter::Gateway(Slot::Production)),
    ("services_connector/sandbox_gateway_url", Parameter::Gateway(Slot::Sandbox)),
    (
        "services_connector/services_connector_credentials/credentials_type",
        Parameter::CredentialsType,
    ),
    (
        "services_connector/services_connector_integration/production_api_key",
        Parameter::ApiKey(Slot::Production),
    ),
    (
        "services_connector/services_connector_integration/production_private_key",
        Parameter::PrivateKey(Slot::Production),
    ),
    (
        "services_connector/services_connector_integration/sandbox_api_key",
        Parameter::ApiKey(Slot::Sandbox),
    ),
    (
        "services_connector/services_connector_integration/sandbox_private_key",
        Parameter::PrivateKey(Slot::Sandbox),
    ),
    ("services_connector/services_id/environment", Parameter::DataSpaceType),
    ("services_connector/services_id/environment_id", Parameter::DataSpace),
    ("services_connector/services_id/environment_name", Parameter::DataSpaceName),
    ("services_connector/services_id/ims_organization_id", Parameter::Organization),
    ("services_connector/services_id/project_id", Parameter::Project),
    ("services_connector/services_id/project_name", Parameter::ProjectName),
];

impl Parameter {
    /// The parameter of a config path, given in lower case.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let found = PATHS.binary_search_by(|(known, _)| (*known).cmp(path)).ok()?;
        PATHS.get(found).map(|&(_, parameter)| parameter)
    }

    /// The config path.
    #[must_use]
    pub fn path(self) -> &'static str {
        if self == Self::CryptKey {
            return "crypt/key";
        }
        PATHS.iter().find(|(_, parameter)| *parameter == self).map_or("", |&(path, _)| path)
    }

    /// The last part of the config path; `key` alone would say nothing.
    #[must_use]
    pub fn name(self) -> &'static str {
        if self == Self::CryptKey {
            return self.path();
        }
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// Whether a plaintext value is a secret.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(
            self,
            Self::PrivateKey(_)
                | Self::ReadOnlyPrivateKey
                | Self::ImsPrivateKey
                | Self::ImsClientSecret
                | Self::ExporterClientSecret
                | Self::MerchantGatewayKey
                | Self::CryptKey
        )
    }

    /// Whether it is a secret that is no key of its own: a password of one program for another.
    #[must_use]
    pub fn is_client_secret(self) -> bool {
        matches!(
            self,
            Self::ImsClientSecret | Self::ExporterClientSecret | Self::MerchantGatewayKey
        )
    }

    /// All known paths of the store's configuration.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        PATHS.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_one_path_a_parameter() {
        assert!(PATHS.is_sorted_by(|a, b| a.0 < b.0));
        for (path, parameter) in Parameter::all() {
            assert_eq!(Parameter::from_path(path), Some(parameter));
            assert_eq!(parameter.path(), path);
        }
    }
}
