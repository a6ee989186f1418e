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

    /// Its sentence, as the page has it: a clause.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoValueVanishes => "no value vanishes",
            Self::OnlyWhatVaries => "only what varies tells apart",
            Self::DocumentBeatsPath => "the document beats the path",
            Self::NamedEnvironment => "a value that names its environment belongs to it",
            Self::Roles => "roles are not instances",
            Self::Inheritance => "inheritance is followed as the tool follows it",
            Self::Unknown => "unknown stays unknown",
            Self::OneRepository => "one repository, one universe",
            Self::Declared => "what is declared overrules",
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
