//! Which texts may give a name that is looked for: those that spell it. Most do not, and need not be parsed.

use aho_corasick::AhoCorasick;

use super::rename::ANY;

/// The keys at which names have their values.
pub struct Spelt {
    /// None where any key will do.
    keys: Option<AhoCorasick>,
}

impl Spelt {
    /// Knows keys by their letters.
    pub fn of<'k>(keys: impl Iterator<Item = &'k str>) -> Self {
        let mut keys: Vec<&str> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        let is_open = keys.iter().any(|key| key.is_empty() || *key == ANY);
        Self { keys: if is_open { None } else { AhoCorasick::new(keys).ok() } }
    }

    /// Whether a text may give one. Behind a backslash a letter can stand for another.
    pub fn may_stand_in(&self, text: &str) -> bool {
        let Some(keys) = &self.keys else { return true };
        keys.is_match(text) || memchr::memchr(b'\\', text.as_bytes()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_spells_no_key_gives_none() {
        let spelt = Spelt::of(["SPACE", "project"].into_iter());
        let may = ["a: 1\nSPACE: x", "the_project=1", "\"\\x53PACE\": x", "other: x"]
            .map(|text| spelt.may_stand_in(text));
        assert_eq!(may, [true, true, true, false]);
        assert!(Spelt::of(["a", ANY].into_iter()).may_stand_in("x"));
        assert!(!Spelt::of(std::iter::empty()).may_stand_in("x"));
    }
}
