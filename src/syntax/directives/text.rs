//! The texts of names and values: where they stand, quotes, blanks, and what a server puts in.

use crate::syntax::{Entry, NodeKind};

/// What separates words of a line.
pub const BLANKS: &[char] = &[' ', '\t', '\r', '\x0b', '\x0c'];

/// Where a name ends and its value starts, where nothing but a colon or blanks part the two. Only what is a path of three parts or a variable in
/// levels can be such a name: servers' directives look the same. Source: Java's `Properties.load`.
pub fn property(line: &str) -> Option<(usize, usize)> {
    let end = line.find([' ', '\t', ':', '='])?;
    let (name, rest) = line.split_at(end);
    let belongs = |byte: u8| byte.is_ascii_alphanumeric() || b"_/.-".contains(&byte);
    let is_path =
        !name.starts_with('/') && name.split('/').filter(|part| !part.is_empty()).count() >= 3;
    let is_variable = name.contains("__") && !name.bytes().any(|byte| byte.is_ascii_lowercase());
    let value = rest.trim_start_matches(BLANKS);
    let value = value.strip_prefix(':').unwrap_or(value);
    let is_one = name.bytes().all(belongs) && (is_path || is_variable);
    (is_one && !value.starts_with('=')).then(|| (end, line.len() - value.len()))
}

/// Where an entry starts.
pub fn start_of(entry: &Entry) -> usize {
    entry.key.at.span.range().start
}

/// Where it ends.
pub fn end_of(entry: &Entry) -> usize {
    entry.key.at.span.range().end.max(entry.value.at.span.range().end)
}

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
