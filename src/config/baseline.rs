//! `commerce-lint.baseline.toml`: the findings that stood when somebody began, under names that tell nothing.

use super::{ConfigError, reader};
use crate::source::Span;

/// The name of the baseline beside the configuration.
pub const FILE_NAME: &str = "commerce-lint.baseline.toml";

/// The version of the file; it grows when fingerprints are made in another way.
pub const VERSION: u32 = 1;

/// The findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// What the fingerprints are salted with, as it is written.
    pub salt: String,
    /// The findings, in the order of the file.
    pub accepted: Vec<Known>,
}

/// One finding that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The rule's id.
    pub rule: String,
    /// The file.
    pub path: String,
    /// The finding's name: 32 hexadecimal digits.
    pub fingerprint: String,
    /// Where the name stands.
    pub at: Span,
}

impl Baseline {
    /// Reads a baseline's text.
    ///
    /// # Errors
    /// Every mistake, in order of places.
    pub fn parse(text: &str) -> Result<Self, Vec<ConfigError>> {
        reader::read_baseline(text)
    }
}
