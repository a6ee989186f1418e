//! Secrets of Adobe's that are no settings of the store, by the variables that hold them.

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
        VARIABLES.iter().find(|(_, of)| *of == self).map_or("", |(name, _)| name)
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

/// The variables that hold one; the first of each is what it is called by.
///
/// Sources: the pages *Authentication* of Adobe Commerce on Cloud's command line, *App Builder configuration files*.
pub const VARIABLES: [(&str, Credential); 6] = [
    ("ADOBE_IMS_CLIENT_SECRET", Credential::Ims),
    ("IMS_CLIENT_SECRET", Credential::Ims),
    ("OAUTH_CLIENT_SECRET", Credential::OAuth),
    ("AIO_runtime_auth", Credential::Runtime),
    ("AIO_RUNTIME_AUTH", Credential::Runtime),
    ("MAGENTO_CLOUD_CLI_TOKEN", Credential::CloudToken),
];
