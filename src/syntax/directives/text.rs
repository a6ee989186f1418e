//! The texts of values: quotes, blanks, and what a server puts in.

use crate::syntax::NodeKind;

/// What separates words of a line.
pub const BLANKS: &[char] = &[' ', '\t', '\r', '\x0b', '\x0c'];

/// A value in which the server puts a variable is computed; Apache's and FPM's `${NAME}` is a text that says so itself.
pub fn kind_of(written: &str, value: &str) -> NodeKind {
    let mut variables = written.match_indices('$').map(|(at, _)| written.get(at + 1..));
    let is_variable = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
    if variables.any(|rest| rest.is_some_and(is_variable)) {
        NodeKind::Expression
    } else {
        NodeKind::Scalar(value.to_owned())
    }
}

/// Where the quote that starts a text is closed: on its line of `line` bytes, or within the lines of a key's armour.
pub fn closing_quote(text: &str, quote: char, line: usize) -> Option<usize> {
    const LONGEST: usize = 16 * 1024;
    let is_key = text.get(1..)?.trim_start().starts_with("-----BEGIN ");
    let reach = if is_key { LONGEST.min(text.len()).max(line) } else { line };
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1).take_while(|(at, _)| *at < reach) {
        if letter == quote && !is_escaped {
            return Some(at);
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    None
}

/// A text without the blanks in front of it, the ends of lines that backslashes join among them.
pub fn without_gap(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(BLANKS);
        let joined = ["\\\n", "\\\r\n"].iter().find_map(|end| text.strip_prefix(end));
        match joined {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

/// Quotes and backslashes without the backslash before them; `\n` stays as it is.
pub fn unescaped(inner: &str) -> String {
    inner.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")
}
