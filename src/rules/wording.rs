//! How checks put names and values into sentences.

use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::public::{self, shape};

/// A name in backticks.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    match items.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

/// The names of instances: `` `a`, `b` and `c` ``.
#[must_use]
pub fn names<'a>(instances: impl IntoIterator<Item = &'a &'a Instance>) -> String {
    list(instances.into_iter().map(|instance| quoted(&instance.name)))
}

/// A value of a parameter as a message may show it: what has not the look of what belongs there is not known to be public, and of an address
/// only where it leads is shown.
#[must_use]
pub fn value(parameter: Parameter, text: &str) -> String {
    public::shown(parameter, text).map_or_else(|shape| shape, |text| excerpt(&text))
}

/// A text as a message may show it: short, and never what could be part of a key.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let is_like_a_key = text.len() >= 20
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit);
    if text.chars().count() > 40 || is_like_a_key { shape(text) } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        let words = |words: &[&str]| list(words.iter().map(|&word| word.to_owned()));
        assert_eq!(words(&["a"]), "a");
        assert_eq!(words(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn excerpts_show_no_key() {
        assert_eq!(excerpt("not-a-uuid"), "`not-a-uuid`");
        assert_eq!(excerpt("MIIEvQIBADANBgkqhkiG9w0B"), "a text of 24 characters");
    }
}
