//! Presets: levels of all rules at once, by a word.

use super::level::Level;
use crate::rule::{Rule, Severity};

/// The levels that all rules begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Each rule's own.
    Default,
    /// Every rule runs, and warnings fail.
    Strict,
    /// Rules on keys and secrets alone, and those on the tool itself.
    Security,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 3] = [Self::Default, Self::Strict, Self::Security];

    /// The word of the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Strict => "strict",
            Self::Security => "security",
        }
    }

    /// The preset of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.word() == word)
    }

    /// The level that a rule begins with.
    #[must_use]
    pub fn level(self, rule: &Rule) -> Level {
        let is_kept = || {
            let kept =
                |tag: &String| ["key-pair", "secret", "tool", "policy"].contains(&tag.as_str());
            rule.tags.iter().any(kept)
        };
        match self {
            Self::Strict => Level::of(rule.severity.or(Some(Severity::Warning))),
            Self::Security if !is_kept() => Level::Off,
            Self::Default | Self::Security => Level::of(rule.severity),
        }
    }

    /// Whether warnings fail a run as errors do.
    #[must_use]
    pub fn fails_on_warnings(self) -> bool {
        self == Self::Strict
    }
}
