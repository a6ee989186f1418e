//! What every parser gives: nodes with places, and what was not understood.

use crate::source::{Location, Span};

/// How deep a [`Node`] may nest; deeper text is a [`Problem`].
pub const MAX_DEPTH: usize = 128;

/// How many nodes one file may have (aliases and merge keys counted each time they are used).
pub const MAX_NODES: usize = 2_000_000;

/// How many nodes a file of data may have, which machines write: 50 MB of settings.
pub const MAX_DATA: usize = 6_000_000;

/// A parsed value with its place, free of its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The value's whole token or block: quotes, brackets and a block scalar's `|` included.
    pub at: Location,
    /// What it is.
    pub kind: NodeKind,
}

/// What a [`Node`] is.
#[derive(Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// No value, or an explicit null.
    Null,
    /// A string, number or boolean, unescaped, as text.
    Scalar(String),
    /// A list, in order.
    Sequence(Vec<Node>),
    /// Keys and values in order, duplicates kept.
    Mapping(Vec<Entry>),
    /// Code, a template hole, an unknown tag: there is a value, and only running something would tell which.
    Expression,
    /// One of several values, each at its place; an expression among them where it may be anything else as well.
    OneOf(Vec<Node>),
}

impl std::fmt::Debug for NodeKind {
    /// Never prints a scalar: it can hold a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Scalar(_) => "Scalar",
            Self::Sequence(_) => "Sequence",
            Self::Mapping(_) => "Mapping",
            Self::Expression => "Expression",
            Self::OneOf(_) => "OneOf",
        })
    }
}

/// One key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key: a scalar, or an expression.
    pub key: Node,
    /// The value; `Null` at the end of the key where there is none.
    pub value: Node,
}

impl Node {
    /// Builds a node.
    #[must_use]
    pub fn new(at: Location, kind: NodeKind) -> Self {
        Self { at, kind }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let NodeKind::Scalar(text) = &self.kind { Some(text) } else { None }
    }

    /// The entries of a mapping; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        if let NodeKind::Mapping(entries) = &self.kind { entries } else { &[] }
    }

    /// The items of a sequence; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        if let NodeKind::Sequence(items) = &self.kind { items } else { &[] }
    }

    /// The value of a key, the last one where it stands twice.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()
            .iter()
            .rev()
            .find(|entry| entry.key.as_str() == Some(key))
            .map(|entry| &entry.value)
    }
}

/// Text that is not its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the format is broken, or where reading stopped.
    pub at: Location,
    /// What is wrong, a lower-case clause in our own words: never text of the file, which can hold a secret.
    pub message: String,
}

impl Problem {
    /// Whether nothing of the file could be read.
    #[must_use]
    pub fn is_of_whole_file(&self) -> bool {
        self.at.span == Span::default()
    }
}

/// What a parser understood of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// One node per document; most formats have one, an empty file none.
    pub documents: Vec<Node>,
    /// What was not understood.
    pub problems: Vec<Problem>,
}

#[cfg(test)]
impl Parsed {
    /// The text at a path of keys in the first document.
    pub fn text_at(&self, path: &[&str]) -> Option<String> {
        let mut node = self.documents.first()?;
        for key in path {
            node = node.get(key)?;
        }
        node.as_str().map(str::to_owned)
    }
}
