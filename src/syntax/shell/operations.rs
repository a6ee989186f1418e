//! What is done to a variable's text where it is used: `${NAME#*:}`, `${NAME^^}`, `${NAME//a/b}`.
//!
//! Source: the Bash manual, *Shell Parameter Expansion*.

use super::patterns::{self, Side};
use super::variables::Variables;
use crate::source::Location;

/// A variable's text behind what stands behind its name; none where that is not known here.
#[must_use]
pub fn operated(text: &str, operation: &str) -> Option<String> {
    if operation.is_empty() {
        return Some(text.to_owned());
    }
    // What is set needs nothing in its place.
    let is_default = [":-", ":?", ":="].iter().any(|sign| operation.starts_with(sign));
    if is_default && !text.is_empty() || operation.starts_with(['-', '?', '=']) {
        return Some(text.to_owned());
    }
    match operation {
        "^^" => return Some(text.to_uppercase()),
        ",," => return Some(text.to_lowercase()),
        "^" | "," => {
            let mut letters = text.chars();
            let first = letters.next().map(|first| {
                let changed = first.to_string();
                if operation == "^" { changed.to_uppercase() } else { changed.to_lowercase() }
            });
            return Some(first.unwrap_or_default() + letters.as_str());
        }
        _ => {}
    }
    // What is computed in the pattern is not known here.
    if operation.contains(['$', '`', '"', '\'']) {
        return None;
    }
    if let Some(rest) = operation.strip_prefix('/') {
        let (rest, is_all) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
        let (from, to) = rest.split_once('/').unwrap_or((rest, ""));
        let is_told = !from.is_empty() && !from.ends_with('\\') && !to.contains(['\\', '&']);
        return if is_told { patterns::replaced(text, from, to, is_all) } else { None };
    }
    if let Some(range) = operation.strip_prefix(':') {
        return part(text, range);
    }
    let (side, is_longest) = match operation.get(..2) {
        Some("##") => (Side::Start, true),
        Some("%%") => (Side::End, true),
        _ if operation.starts_with('#') => (Side::Start, false),
        _ if operation.starts_with('%') => (Side::End, false),
        _ => return None,
    };
    patterns::cut(text, operation.get(if is_longest { 2 } else { 1 }..)?, side, is_longest)
}

/// A part of a text: `0:4`, `2`, ` -4`.
fn part(text: &str, range: &str) -> Option<String> {
    let (from, count) = range.split_once(':').unwrap_or((range, ""));
    // A minus right behind the colon would be a default.
    if from.starts_with('-') {
        return None;
    }
    let letters: Vec<char> = text.chars().collect();
    let place = |written: &str| {
        let number: isize = written.trim().trim_matches(['(', ')']).parse().ok()?;
        let from_end = || letters.len().checked_sub(number.unsigned_abs());
        if number < 0 { from_end() } else { usize::try_from(number).ok() }
    };
    let start = place(from)?.min(letters.len());
    let end = match count.trim() {
        "" if range.contains(':') => return None,
        "" => letters.len(),
        count if count.starts_with('-') => place(count)?,
        count => start.saturating_add(place(count)?).min(letters.len()),
    };
    Some(letters.get(start..end)?.iter().collect())
}

/// What stands in the place of an expansion, and where it was given; no text where only running the script would tell.
#[derive(Debug, Default)]
pub struct Filled {
    pub text: Option<String>,
    pub origin: Option<Location>,
}

/// What a variable holds.
#[must_use]
pub fn held(variables: &Variables, name: &str) -> Filled {
    let origin = variables.origin(name);
    Filled { text: variables.get(name).map(str::to_owned), origin }
}

/// What stands in the place of the inner of an expansion's braces: `NAME#*:`, `!NAME`, `MAP[key]`.
#[must_use]
pub fn operated_on(variables: &Variables, inner: &str) -> Filled {
    if let Some(other) = inner.strip_prefix('!').filter(|name| name_length(name) == name.len()) {
        let name = variables.get(other).filter(|name| name_length(name) == name.len());
        return name.map_or_else(Filled::default, |name| held(variables, name));
    }
    if let Some((name, key)) = inner.strip_suffix(']').and_then(|inner| inner.split_once('[')) {
        let key = composed(variables, key.trim_matches(['"', '\'']));
        let item = key.and_then(|key| variables.item(name, &key)).cloned().unwrap_or_default();
        return Filled { text: item.text, origin: item.origin };
    }
    let is_argument = inner.starts_with(|first: char| first.is_ascii_digit());
    let length = name_length(inner).max(usize::from(is_argument));
    let (name, operation) = inner.split_at_checked(length).unwrap_or((inner, ""));
    let Filled { text, origin } = held(variables, name);
    let Some(whole) = text else { return Filled { text: None, origin } };
    let left = operated(&whole, operation);
    let is_start = operation.starts_with('%');
    let part = left.as_deref().and_then(|left| part_of(origin?, &whole, left, is_start));
    Filled { text: left, origin: part.or(origin) }
}

/// Where what is left of a text stands, where all of it is written as it is: the end of `--space=…` behind `#*=`.
fn part_of(origin: Location, whole: &str, left: &str, is_start: bool) -> Option<Location> {
    let range = origin.span.range();
    let at = if is_start { whole.find(left) } else { whole.rfind(left) };
    let at = at.filter(|_| !left.is_empty() && range.len() == whole.len())?;
    Some(Location::new(origin.source, range.start + at, range.start + at + left.len()))
}

/// A key with what its variables hold: `$brand-${env}`; none where one of them is not known.
fn composed(variables: &Variables, written: &str) -> Option<String> {
    let mut parts = written.split('$');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, behind) = if let Some(braced) = part.strip_prefix('{') {
            braced.split_once('}')?
        } else {
            let is_argument = part.starts_with(|first: char| first.is_ascii_digit());
            part.split_at_checked(name_length(part).max(usize::from(is_argument)))?
        };
        whole.push_str(variables.get(name)?);
        whole.push_str(behind);
    }
    (!whole.contains(['`', '(', '"'])).then_some(whole)
}

/// How many bytes at the start of a text are a variable's name.
pub fn name_length(text: &str) -> usize {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return 0;
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::operated;

    #[test]
    fn a_text_is_cut_and_changed_as_bash_does() {
        for (text, operation, expected) in [
            ("kiwi:a:b", "%%:*", Some("kiwi")),
            ("kiwi:a:b", "%:*", Some("kiwi:a")),
            ("kiwi:a:b", "#*:", Some("a:b")),
            ("kiwi:a:b", "##*:", Some("b")),
            ("kiwi", "#*:", Some("kiwi")),
            ("a.env", "%.env", Some("a")),
            ("prod", "^^", Some("PROD")),
            ("prod", "^", Some("Prod")),
            ("PROD", ",,", Some("prod")),
            ("a-b-c", "//-/_", Some("a_b_c")),
            ("a-b-c", "/-/_", Some("a_b-c")),
            ("a", ":-b", Some("a")),
            ("", ":-b", None),
            ("a", ":?b", Some("a")),
            ("a", "-b", Some("a")),
            ("a", ":+b", None),
            ("production", ":0:4", Some("prod")),
            ("production", ":4", Some("uction")),
            ("production", ": -4", Some("tion")),
            ("production", ":0:-6", Some("prod")),
            ("prod", ":0:9", Some("prod")),
            ("prod", ":$X:1", None),
            ("a-b", "%%[-_]*", Some("a")),
            ("eu-prod", "#*@(-|_)", Some("prod")),
            ("a-b-c", "/b*/x", Some("a-x")),
            ("a-a", "/%a/x", Some("a-x")),
            ("a", "@Q", None),
            ("a", "#$X", None),
            ("a", "%[a-z]", Some("")),
        ] {
            assert_eq!(operated(text, operation).as_deref(), expected, "{text} {operation}");
        }
    }
}
