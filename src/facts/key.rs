//! The key of an organisation, under which names of secrets are the same in all of its repositories and mean nothing outside.

use std::fmt;
use std::fmt::Write as _;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use crate::model::fingerprint::{Fingerprint, salted};

/// The variable that has it.
pub const VARIABLE: &str = "COMMERCE_LINT_FLEET_KEY";

/// The fewest characters of a key: a shorter one could be tried out.
const SHORTEST: usize = 16;

/// How much of its own name tells a key from others.
const NAME: usize = 8;

/// Under what names are given.
#[derive(Clone, Default)]
pub struct Key {
    text: Option<String>,
    is_of_run: bool,
}

impl Key {
    /// The key that somebody gave, or none, under which there are no names.
    ///
    /// # Errors
    /// How many characters it should have, where it has fewer.
    pub fn of(text: Option<String>) -> Result<Self, usize> {
        let text = text.filter(|text| !text.is_empty());
        match &text {
            Some(text) if text.chars().count() < SHORTEST => Err(SHORTEST),
            _ => Ok(Self { text, is_of_run: false }),
        }
    }

    /// This key; where it is none, a new one that is forgotten with the run: its names compare within the run alone.
    #[must_use]
    pub fn or_of_run(self) -> Self {
        let number = || RandomState::new().build_hasher().finish();
        let new = || format!("{:016x}{:016x}", number(), number());
        let is_of_run = self.text.is_none();
        Self { text: Some(self.text.unwrap_or_else(new)), is_of_run }
    }

    /// Whether there is one.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.text.is_some()
    }

    /// What the key itself is called; `run-` and that where it is forgotten with the run.
    #[must_use]
    pub fn called(&self) -> Option<String> {
        let text = self.text.as_ref()?;
        let mut name = salted(text, &["the name of the key"]);
        name.truncate(NAME);
        Some(if self.is_of_run { format!("run-{name}") } else { name })
    }

    /// The name of a value: 32 hexadecimal digits; none for what could be guessed.
    #[must_use]
    pub fn name(&self, value: &Fingerprint) -> Option<String> {
        let digits = value.wide()?.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Some(salted(self.text.as_ref()?, &["value", &digits]))
    }

    /// The name of several texts together.
    #[must_use]
    pub fn digest(&self, parts: &[&str]) -> Option<String> {
        let parts: Vec<&str> = [&["digest"], parts].concat();
        Some(salted(self.text.as_ref()?, &parts))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_there() { "Key(not shown)" } else { "Key(none)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::of(Some(text.into())).expect("it is long enough")
    }

    #[test]
    fn names_depend_on_the_key_and_are_of_what_nobody_can_guess() {
        let value = Fingerprint::of("key", b"abc");
        let [one, other] = ["one key of sixteen", "another key of sixteen"].map(key);
        assert_eq!(one.name(&value), key("one key of sixteen").name(&value));
        assert_eq!(one.name(&value).map(|name| name.len()), Some(32));
        assert!(one.name(&value) != other.name(&value) && one.called() != other.called());
        assert_eq!(one.name(&Fingerprint::of_password("summer")), None);
        assert_eq!(format!("{one:?}"), "Key(not shown)");
    }

    #[test]
    fn without_a_key_there_are_no_names_or_those_of_the_run() {
        let value = Fingerprint::of("key", b"abc");
        let none = Key::of(Some(String::new())).expect("no key is none");
        assert_eq!((none.name(&value), none.called()), (None, None));
        let [one, other] = [none.clone().or_of_run(), none.or_of_run()];
        assert!(one.name(&value).is_some() && one.name(&value) != other.name(&value));
        // Two runs on two machines have two keys.
        assert!(one.called().is_some_and(|name| name.starts_with("run-")));
        assert_ne!(one.called(), other.called());
        assert_eq!(Key::of(Some("too short".into())).err(), Some(16));
    }
}
