//! One Commerce installation and what it ends up with.

use super::attribution::{Attribution, Law};
pub use super::in_force::{InForce, Resolved};
use super::parameter::Parameter;
use super::setting::Scope;
use crate::source::{Location, SourceId};

/// What an instance is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Real customers, real money.
    Production,
    /// Anything else: staging, uat, local …
    NonProduction,
    /// Nothing says.
    Unknown,
}

impl Kind {
    /// The word of configuration and output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::NonProduction => "non-production",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a kind or an account was read from, least certain last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// `[instances.<name>]` in the configuration.
    Declared,
    /// A namespace, a label, a service.
    Document,
    /// A word of a path.
    Path,
    /// The type of the data space.
    DataSpaceType,
    /// The project id.
    Project,
    /// What the others of its family are.
    Elimination,
    /// Nothing.
    Nothing,
}

impl Evidence {
    /// The word of the output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Document => "document",
            Self::Path => "path",
            Self::DataSpaceType => "data-space-type",
            Self::Project => "project",
            Self::Elimination => "elimination",
            Self::Nothing => "nothing",
        }
    }
}

/// Something read, with where it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<T> {
    /// What was read.
    pub value: T,
    /// How sure that is.
    pub evidence: Evidence,
    /// What said so, in words: "`prod` in `k8s/prod/configmap.yaml`"; empty for nothing.
    pub said_by: String,
}

/// A file that feeds an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The file.
    pub source: SourceId,
    /// Whether several instances inherit it.
    pub inherited: bool,
    /// Why it feeds this instance: a clause for `instances --explain`.
    pub why: String,
}

/// The name of the instance of which nothing says one. A checkout can have any name, and tells nothing of what is in it.
pub const UNNAMED: &str = "unnamed";

/// One Commerce installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its name, unique in the inventory.
    pub name: String,
    /// What it is for.
    pub kind: Read<Kind>,
    /// Who owns its key pairs: instances of one account have one pair per slot.
    pub account: Read<String>,
    /// The instance that this one is another name of (`same-as`), or its own name.
    pub same_as: String,
    /// Its files, in order of the paths.
    pub feeds: Vec<Feed>,
    /// Why it has what it has, in order of the places.
    pub attributions: Vec<Attribution>,
    /// What is in force at default scope.
    pub settings: InForce<Parameter>,
    /// What is in force for one website or store alone, in order of parameters and scopes.
    pub scoped: InForce<(Parameter, Scope)>,
    /// Where more settings come from that this tree does not show: an external secret, a missing `env_file`.
    pub opaque: Vec<Location>,
}

impl Instance {
    /// Adds what is known of the same instance elsewhere; what is known here stays.
    pub fn complete(&mut self, other: Self) {
        for feed in other.feeds {
            if !self.reads(feed.source) {
                self.feeds.push(feed);
            }
        }
        for (parameter, resolved) in other.settings {
            self.settings.complete(parameter, resolved);
        }
        for (place, resolved) in other.scoped {
            self.scoped.complete(place, resolved);
        }
        if other.kind.evidence < self.kind.evidence {
            self.kind = other.kind;
        }
        if other.account.evidence < self.account.evidence {
            self.account = other.account;
        }
        self.opaque.extend(other.opaque);
    }

    /// Whether a configuration declares its files.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        self.attributions.iter().any(|of| of.law == Law::Declared)
    }

    /// Whether the instance reads this file.
    #[must_use]
    pub fn reads(&self, source: SourceId) -> bool {
        self.feeds.iter().any(|feed| feed.source == source)
    }
}
