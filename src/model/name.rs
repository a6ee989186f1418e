//! A name that no table of ours has, kept once for the whole run so that whoever holds it can be copied.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Far more than the paths that a tree's files and rules name; what comes later has no name.
const MOST: usize = 1 << 14;

/// The longest name.
const LONGEST: usize = 256;

static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// A kept text. Equal texts are equal names, whenever they were met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(&'static str);

impl Name {
    /// Keeps a text; none where it is too long, or where there are too many.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(text) {
            return Some(Self(known));
        }
        if text.len() > LONGEST || kept.len() >= MOST {
            return None;
        }
        let new: &'static str = String::leak(text.to_owned());
        kept.insert(new);
        Some(Self(new))
    }

    /// The text.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_text() {
        assert_eq!(Name::of("a/b/c"), Name::of("a/b/c"));
        assert_eq!(Name::of("a/b/c").map(Name::text), Some("a/b/c"));
        assert_eq!(Name::of(&"x".repeat(LONGEST + 1)), None);
    }
}
