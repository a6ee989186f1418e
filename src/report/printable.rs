//! Untrusted text made harmless: no control, no direction mark, no command to a pipeline's runner leaves a reporter.
//!
//! Every path, name and message passes through here, and loses what could be a key. Runners read `::command::` at the start of a line, blanks skipped, and
//! `##[command]` or `##vso[command]` anywhere in one.

use std::borrow::Cow;
use std::fmt::Write;

use crate::mask;

/// Text on one line: whatever a terminal or a runner could obey becomes a visible escape.
#[must_use]
pub fn text(untrusted: &str) -> String {
    escape(&mask::text(untrusted), true)
}

/// A path that may start a line: one that begins like a command, `::error::x`, becomes `./::error::x`, which names the same file.
#[must_use]
pub fn path(untrusted: &str) -> String {
    if untrusted.trim_start().starts_with("::") {
        return format!("./{}", escape(&mask::text(untrusted), false));
    }
    text(untrusted)
}

/// A JSON document in which no character is invisible, turns the line or commands a runner: those can stand in strings only, and become
/// `\u` escapes.
#[must_use]
pub fn json(document: &str) -> Cow<'_, str> {
    if !document.contains(is_deceptive) && !document.contains("##") {
        return Cow::Borrowed(document);
    }
    let mut safe = String::with_capacity(document.len());
    for letter in document.chars() {
        if letter != '\n' && is_deceptive(letter) || opens_command(&safe, letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                push(&mut safe, format_args!("\\u{unit:04x}"));
            }
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

/// A string of TOML, in its quotes: what a terminal or a runner could obey stands in it as an escape.
#[must_use]
pub fn toml(untrusted: &str) -> String {
    let mut safe = String::from('"');
    for letter in untrusted.chars() {
        match letter {
            '"' | '\\' => safe.extend(['\\', letter]),
            _ if is_deceptive(letter) || opens_command(&safe, letter) => {
                push(&mut safe, format_args!("\\U{:08x}", u32::from(letter)));
            }
            _ => safe.push(letter),
        }
    }
    safe + "\""
}

/// What to print in the place of a character of a snippet, in as many bytes; none where it may stand.
#[must_use]
pub fn stand_in(letter: char) -> Option<&'static str> {
    if letter == '\t' || !is_deceptive(letter) {
        return None;
    }
    Some(match letter.len_utf8() {
        1 => "?",
        2 => "¿",
        3 => "\u{fffd}",
        _ => "\u{fffd}?",
    })
}

/// The bracket, if any, that opens a runner's command right after `before`: `##[`, `##vso[`.
#[must_use]
pub fn opens_command(before: &str, letter: char) -> bool {
    letter == '['
        && before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-').ends_with("##")
}

fn escape(untrusted: &str, starts_line: bool) -> String {
    let mut safe = String::with_capacity(untrusted.len());
    let mut after_blank = starts_line;
    for (at, letter) in untrusted.char_indices() {
        let rest = untrusted.get(at..).unwrap_or_default();
        let before = untrusted.get(..at).unwrap_or_default();
        match letter {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            ':' if after_blank && rest.starts_with("::") => safe.push_str("\\u{3a}"),
            '[' if opens_command(before, letter) => safe.push_str("\\u{5b}"),
            _ if is_deceptive(letter) => {
                push(&mut safe, format_args!("\\u{{{:x}}}", u32::from(letter)));
            }
            _ => safe.push(letter),
        }
        after_blank = letter.is_whitespace();
    }
    safe
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("writing to a string does not fail");
}

/// Controls, direction marks, separators, and characters without a shape (Unicode: `Cc`, `Zl`, `Zp`, default-ignorable); variation
/// selectors stay, because emoji need them.
fn is_deceptive(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A name for a label: printable, and cut to as many columns.
#[must_use]
pub fn label(untrusted: &str, columns: usize) -> String {
    use unicode_width::UnicodeWidthChar as _;
    let shown = cut(untrusted, 4 * columns);
    let mut width = 0;
    for (at, letter) in shown.char_indices() {
        width += letter.width().unwrap_or(0);
        if width > columns {
            return format!("{}…", shown.get(..at).unwrap_or_default());
        }
    }
    shown
}

/// Text on one line, cut to as many letters. What could be a key is hidden before: its beginning alone may not be known for one.
#[must_use]
pub fn cut(untrusted: &str, letters: usize) -> String {
    let masked = mask::text(untrusted);
    match masked.char_indices().nth(letters) {
        Some((end, _)) => escape(masked.get(..end).unwrap_or_default(), true) + "…",
        None => escape(&masked, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn controls_and_direction_marks_become_visible() {
        assert_eq!(text("a\u{1b}[31m\nb\u{202e}c\td"), "a\\u{1b}[31m\\nb\\u{202e}c\\td");
        assert_eq!(text("Größe 日本 ✅\u{fe0f}"), "Größe 日本 ✅\u{fe0f}");
    }

    #[test]
    fn nothing_starts_a_runner_command() {
        assert_eq!(path("::error::x"), "./::error::x");
        assert_eq!(path(" ::error::x"), "./ \\u{3a}:error::x");
        assert_eq!(path("a::b/c"), "a::b/c");
        assert_eq!(text("see ::add-mask::x"), "see \\u{3a}:add-mask::x");
        assert_eq!(
            text("x ##[error]y ##vso[task]z # [a]"),
            "x ##\\u{5b}error]y ##vso\\u{5b}task]z # [a]"
        );
    }

    #[test]
    fn json_keeps_its_shape_and_loses_what_cannot_be_seen() {
        assert_eq!(
            json("{\n  \"a\": \"\u{202e}\u{e0041}é\"\n}"),
            "{\n  \"a\": \"\\u202e\\udb40\\udc41é\"\n}"
        );
        assert_eq!(json("[\"##vso[x]\", [1]]"), "[\"##vso\\u005bx]\", [1]]");
    }

    #[test]
    fn a_string_of_toml_reads_as_what_it_was_written_from() {
        for text in ["a", "a\"b\\c", "\n\t\u{1b}\u{202e}", "é😀", "##[group]", "\u{e0041}"] {
            let quoted = toml(text);
            let read: BTreeMap<String, String> =
                ::toml::from_str(&format!("a = {quoted}")).expect("it is a string");
            assert_eq!(read["a"], text);
            assert!(!quoted.contains(is_deceptive) && !quoted.contains("##["), "{quoted}");
        }
    }

    #[test]
    fn a_stand_in_has_the_length_of_what_it_stands_for() {
        for letter in (0..=0x10_ffff).filter_map(char::from_u32) {
            if let Some(shown) = stand_in(letter) {
                assert_eq!(shown.len(), letter.len_utf8());
            }
        }
    }
}
