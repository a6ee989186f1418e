//! What storefronts show: copies of the identifiers of their instances.

use crate::source::Location;

/// An identifier that a storefront sends along.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// A data space, folded.
    DataSpace(String),
    /// The public half of a key pair, in lower case.
    ApiKey(String),
}

/// A copy of an identifier in the configuration of a storefront; not a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCopy {
    /// Where it stands.
    pub at: Location,
    /// What it is.
    pub shown: Shown,
    /// The name of the instance that the storefront's path names, if it names one of the tree.
    pub instance: Option<String>,
}
