//! The config paths that we know, and what each one configures: the one table that all reading goes by.
//!
//! Source of every path: the `config.xml` and `system.xml` of the connector's modules, and Adobe's pages *Commerce Services Connector*,
//! *Configure SaaS*, *Commerce Optimizer connector*, *Configure Adobe I/O Events* and *Webhooks*.

use super::credential::Credential;
use super::name::Name;
use super::near_miss::{NearMiss, near_miss};
use super::watched;

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
    /// Who asks for the exporter: the public half of its credentials.
    ExporterClient,
    /// The IMS organisation of the exporter.
    ExporterOrganization,
    /// The Commerce Optimizer that the catalog goes to.
    ExporterTenant,
    /// Whether that is a sandbox.
    ExporterType,
    /// Where the exporter sends to: its host and path name the kind and the tenant.
    ExporterUrl,
    /// Where people work on that Commerce Optimizer.
    ExporterStudio,
    /// By which name I/O Events knows the instance.
    EventInstance,
    /// The provider of the instance's events.
    EventProvider,
    /// The private key that signs requests to I/O Events.
    EventPrivateKey,
    /// The workspace of the Developer Console, its secrets within.
    EventWorkspace,
    /// The private key that signs webhooks.
    WebhookPrivateKey,
    /// The private key of the Admin's IMS login.
    ImsPrivateKey,
    /// A secret of Adobe's that is no setting of the store: a variable that tools of the same account read.
    Credential(Credential),
    /// The keys that Magento encrypts with, oldest first, apart by blanks: `crypt/key` of the deployment configuration, not of the store's.
    CryptKey,
    /// Whether a module is enabled that must not be beside another: `modules` of `app/etc/config.php`, not of the store's configuration.
    Module(Name),
    /// A path that some rule of the user's asks for.
    Watched(Name),
    /// A path that Magento does not know, and that is nearly one of these.
    Misspelt(NearMiss),
}

/// What kind of text a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// No secret.
    Plain,
    /// A private key, or a text that holds one.
    Key,
    /// A password of one program for another.
    Password,
}

/// The modules that send the catalog a second time where the Commerce Optimizer exporter does, by how their names begin.
///
/// Source: Adobe's page *Commerce Optimizer connector*, *Prerequisites*.
const EXPORTING_MODULES: [&str; 3] = [
    "modules/magento_catalogservice",
    "modules/magento_livesearch",
    "modules/magento_productrecommendations",
];

/// Every known path with its parameter and what it takes, sorted by path.
#[rustfmt::skip]
const PATHS: &[(&str, Parameter, Nature)] = &[
    ("aco_exporter/general/client_id", Parameter::ExporterClient, Nature::Plain),
    ("aco_exporter/general/client_secret", Parameter::ExporterClientSecret, Nature::Password),
    ("aco_exporter/general/ingestion_url", Parameter::ExporterUrl, Nature::Plain),
    ("aco_exporter/general/optimizer_studio_url", Parameter::ExporterStudio, Nature::Plain),
    ("aco_exporter/general/org_id", Parameter::ExporterOrganization, Nature::Plain),
    ("aco_exporter/general/tenant_id", Parameter::ExporterTenant, Nature::Plain),
    ("aco_exporter/general/type", Parameter::ExporterType, Nature::Plain),
    ("adobe_ims/integration/private_key", Parameter::ImsPrivateKey, Nature::Key),
    ("adobe_io_events/integration/instance_id", Parameter::EventInstance, Nature::Plain),
    ("adobe_io_events/integration/private_key", Parameter::EventPrivateKey, Nature::Key),
    ("adobe_io_events/integration/provider_id", Parameter::EventProvider, Nature::Plain),
    ("adobe_io_events/integration/workspace_configuration", Parameter::EventWorkspace, Nature::Password),
    ("commerce_webhooks/digital_signature/private_key", Parameter::WebhookPrivateKey, Nature::Key),
    ("magento_saas/environment", Parameter::ActiveSlot, Nature::Plain),
    ("payment/payment_methods/method", Parameter::PaymentMethod, Nature::Plain),
    ("payment/payment_methods/production_merchant_id", Parameter::MerchantId(Slot::Production), Nature::Plain),
    ("payment/payment_methods/sandbox_merchant_id", Parameter::MerchantId(Slot::Sandbox), Nature::Plain),
    ("payment/payment_services/active", Parameter::PaymentsActive, Nature::Plain),
    ("payment/payment_services_paypal_hosted_fields/merchant_gateway_key", Parameter::MerchantGatewayKey, Nature::Password),
    ("pushon_livesearch_readonly/credentials/api_key", Parameter::ReadOnlyApiKey, Nature::Plain),
    ("pushon_livesearch_readonly/credentials/environment_id", Parameter::ReadOnlyDataSpace, Nature::Plain),
    ("pushon_livesearch_readonly/credentials/private_key", Parameter::ReadOnlyPrivateKey, Nature::Key),
    ("services_connector/ims_technical_account_credentials/client_secret", Parameter::ImsClientSecret, Nature::Password),
    ("services_connector/product_recommendations/alternate_environment_enabled", Parameter::AlternateDataSpaceEnabled, Nature::Plain),
    ("services_connector/product_recommendations/alternate_environment_id", Parameter::AlternateDataSpace, Nature::Plain),
    ("services_connector/production_gateway_url", Parameter::Gateway(Slot::Production), Nature::Plain),
    ("services_connector/sandbox_gateway_url", Parameter::Gateway(Slot::Sandbox), Nature::Plain),
    ("services_connector/services_connector_credentials/credentials_type", Parameter::CredentialsType, Nature::Plain),
    ("services_connector/services_connector_integration/production_api_key", Parameter::ApiKey(Slot::Production), Nature::Plain),
    ("services_connector/services_connector_integration/production_private_key", Parameter::PrivateKey(Slot::Production), Nature::Key),
    ("services_connector/services_connector_integration/sandbox_api_key", Parameter::ApiKey(Slot::Sandbox), Nature::Plain),
    ("services_connector/services_connector_integration/sandbox_private_key", Parameter::PrivateKey(Slot::Sandbox), Nature::Key),
    ("services_connector/services_id/environment", Parameter::DataSpaceType, Nature::Plain),
    ("services_connector/services_id/environment_id", Parameter::DataSpace, Nature::Plain),
    ("services_connector/services_id/environment_name", Parameter::DataSpaceName, Nature::Plain),
    ("services_connector/services_id/ims_organization_id", Parameter::Organization, Nature::Plain),
    ("services_connector/services_id/project_id", Parameter::Project, Nature::Plain),
    ("services_connector/services_id/project_name", Parameter::ProjectName, Nature::Plain),
];

impl Parameter {
    /// The parameter of a config path, given in lower case.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        if let Ok(found) = PATHS.binary_search_by(|(known, ..)| (*known).cmp(path)) {
            return PATHS.get(found).map(|&(_, parameter, _)| parameter);
        }
        if EXPORTING_MODULES.iter().any(|start| path.starts_with(start)) {
            return Name::of(path).map(Self::Module);
        }
        watched::named(path).map(Self::Watched)
    }

    /// The same; where there is none, what a path is that is nearly a known one. `path` is one that somebody wrote for a config path.
    #[must_use]
    pub fn from_written(path: &str) -> Option<Self> {
        Self::from_path(path)
            .or_else(|| near_miss(path, PATHS.iter().map(|&(path, ..)| path)).map(Self::Misspelt))
    }

    /// The config path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::CryptKey => "crypt/key",
            Self::Credential(credential) => credential.variable(),
            Self::Module(name) | Self::Watched(name) => name.text(),
            Self::Misspelt(miss) => miss.written.text(),
            _ => self.row().map_or("", |&(path, ..)| path),
        }
    }

    fn row(self) -> Option<&'static (&'static str, Self, Nature)> {
        PATHS.iter().find(|(_, parameter, _)| *parameter == self)
    }

    /// The last part of the config path; `key` alone would say nothing.
    #[must_use]
    pub fn name(self) -> &'static str {
        if self == Self::CryptKey {
            return self.path();
        }
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// What the text there is: that of the setting that was meant, where it is misspelt.
    fn nature(self) -> Nature {
        match self {
            Self::CryptKey => Nature::Key,
            Self::Credential(_) => Nature::Password,
            Self::Module(_) | Self::Watched(_) => Nature::Plain,
            Self::Misspelt(miss) => Self::from_path(miss.meant).map_or(Nature::Plain, Self::nature),
            _ => self.row().map_or(Nature::Plain, |&(.., nature)| nature),
        }
    }

    /// Whether a plaintext value is a secret.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.nature() != Nature::Plain
    }

    /// Whether it is a secret that is no key of its own: a password of one program for another.
    #[must_use]
    pub fn is_client_secret(self) -> bool {
        self.nature() == Nature::Password
    }

    /// Whether it takes a private key.
    #[must_use]
    pub fn is_private_key(self) -> bool {
        self.nature() == Nature::Key && self != Self::CryptKey
    }

    /// Whether a file that gives nothing else makes no instance: every installation has these.
    #[must_use]
    pub fn is_of_every_installation(self) -> bool {
        matches!(self, Self::CryptKey | Self::Module(_))
    }

    /// Whether Magento reads it for one website or store, too, and not for the whole installation alone.
    #[must_use]
    pub fn has_scopes(self) -> bool {
        match self {
            Self::Watched(_) => true,
            Self::Misspelt(_) => false,
            _ => self.path().starts_with("payment/"),
        }
    }

    /// Whether it is one of the connector's own, which Magento reads for the whole installation alone.
    #[must_use]
    pub fn is_of_default_scope(self) -> bool {
        let path = self.path();
        !matches!(self, Self::Watched(_) | Self::Misspelt(_))
            && (path.starts_with("services_connector/") || path.starts_with("magento_saas/"))
    }

    /// All known paths of the store's configuration.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        PATHS.iter().map(|&(path, parameter, _)| (path, parameter))
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

    #[test]
    fn a_misspelt_secret_is_a_secret() {
        let path = "services_connector/services_connector_integration/production_privat_key";
        let parameter = Parameter::from_written(path).expect("it is nearly one");
        assert!(parameter.is_secret() && !parameter.is_client_secret());
        assert_eq!(parameter.path(), path);
        assert_eq!(Parameter::from_path(path), None);
    }
}
