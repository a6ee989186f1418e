//! Why a value belongs to an instance, or to none: the law, what was said, and where.

use crate::source::Location;

/// A law of `docs/instances.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// No value vanishes.
    NoValueVanishes,
    /// Only what varies tells apart.
    OnlyWhatVaries,
    /// The document beats the path.
    DocumentBeatsPath,
    /// A value that names its environment belongs to it.
    NamedEnvironment,
    /// Roles are not instances.
    Roles,
    /// Inheritance is followed as the tool that reads the file follows it.
    Inheritance,
    /// Unknown stays unknown.
    Unknown,
    /// One repository, one universe.
    OneRepository,
    /// What is declared overrules.
    Declared,
}

impl Law {
    /// All laws, in order.
    pub const ALL: [Self; 9] = [
        Self::NoValueVanishes,
        Self::OnlyWhatVaries,
        Self::DocumentBeatsPath,
        Self::NamedEnvironment,
        Self::Roles,
        Self::Inheritance,
        Self::Unknown,
        Self::OneRepository,
        Self::Declared,
    ];

    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        Self::ALL.iter().take_while(|law| **law != self).count() + 1
    }

    /// What it says, in the words that the page has in bold: a clause in front of what decides a case.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Self::NoValueVanishes => "values that differ are two instances",
            Self::OnlyWhatVaries => "what varies tells instances apart",
            Self::DocumentBeatsPath => "the document says whose it is",
            Self::NamedEnvironment => "it names its environment",
            Self::Roles => "roles are no instances",
            Self::Inheritance => "it is inherited",
            Self::Unknown => "what is unknown stays unknown",
            Self::OneRepository => "a repository has names of its own",
            Self::Declared => "it is declared",
        }
    }
}

/// Why settings that stand together belong to an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attribution {
    /// The first of them.
    pub at: Location,
    /// The law that decides.
    pub law: Law,
    /// What it is decided by, with the segment of the path or of the document: a clause.
    pub because: String,
}

/// Why settings that stand together belong to no instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unattributed {
    /// The first of them.
    pub at: Location,
    /// Why they belong to none: a clause behind "because".
    pub because: String,
}
