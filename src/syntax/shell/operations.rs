//! What is done to a variable's text where it is used: `${NAME#*:}`, `${NAME^^}`, `${NAME//a/b}`.
//!
//! Source: the Bash manual, *Shell Parameter Expansion*.

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
    if let Some(rest) = operation.strip_prefix('/') {
        let (rest, is_all) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
        let (from, to) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |text: &str| !text.contains(['*', '?', '[', '$', '`', '\\', '\'', '"']);
        let is_told =
            !from.is_empty() && is_plain(from) && is_plain(to) && !from.starts_with(['#', '%']);
        return is_told
            .then(|| if is_all { text.replace(from, to) } else { text.replacen(from, to, 1) });
    }
    let (sign, is_longest) = match operation.get(..2) {
        Some("##") => ('#', true),
        Some("%%") => ('%', true),
        _ => (operation.chars().next().filter(|sign| "#%".contains(*sign))?, false),
    };
    let pattern = operation.get(if is_longest { 2 } else { 1 }..)?;
    // Of patterns, those with one `*` at the side where they are cut off.
    let (plain, has_any) = match (sign, pattern) {
        ('#', pattern) => pattern.strip_prefix('*').map_or((pattern, false), |rest| (rest, true)),
        (_, pattern) => pattern.strip_suffix('*').map_or((pattern, false), |rest| (rest, true)),
    };
    if plain.is_empty() || plain.contains(['*', '?', '[', '$', '`', '\\', '"', '\'']) {
        return None;
    }
    let left = match (sign, has_any, is_longest) {
        ('#', false, _) => text.strip_prefix(plain),
        ('#', true, false) => text.split_once(plain).map(|(_, behind)| behind),
        ('#', true, true) => text.rsplit_once(plain).map(|(_, behind)| behind),
        (_, false, _) => text.strip_suffix(plain),
        (_, true, false) => text.rsplit_once(plain).map(|(before, _)| before),
        (_, true, true) => text.split_once(plain).map(|(before, _)| before),
    };
    Some(left.unwrap_or(text).to_owned())
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
        let key = key.trim_matches(['"', '\'']);
        let of_variable = key.strip_prefix('$').map(|key| key.trim_matches(['{', '}']));
        let key = of_variable.map_or(Some(key), |name| variables.get(name));
        let item = key.and_then(|key| variables.item(name, key)).cloned().unwrap_or_default();
        return Filled { text: item.text, origin: item.origin };
    }
    let is_argument = inner.starts_with(|first: char| first.is_ascii_digit());
    let length = name_length(inner).max(usize::from(is_argument));
    let (name, operation) = inner.split_at_checked(length).unwrap_or((inner, ""));
    let Filled { text, origin } = held(variables, name);
    Filled { text: text.and_then(|text| operated(&text, operation)), origin }
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
            ("a", ":0:1", None),
            ("a", "@Q", None),
            ("a", "#$X", None),
            ("a", "%[a-z]", None),
        ] {
            assert_eq!(operated(text, operation).as_deref(), expected, "{text} {operation}");
        }
    }
}
