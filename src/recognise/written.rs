//! From a value's place back to its text, for the few that must not be kept: keys and ciphertext.
//!
//! Formats write one text in many ways. Nothing here knows which one wrote it: it offers every reading, and whoever asks knows the right
//! one by its fingerprint, its shape or its seal.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest value that is read again: a key of 16,384 bits takes 13 KiB, twice encoded 24.
const LONGEST: usize = 1 << 16;

/// Every text that `written` can stand for: as it is, or without quotes, block marks, escapes, base64.
#[must_use]
pub fn readings(written: &str) -> Vec<String> {
    if written.len() > LONGEST {
        return Vec::new();
    }
    let whole = written.trim();
    let bare = [Some(whole), block(whole), heredoc(whole)].into_iter().flatten().map(str::to_owned);
    let mut readings: Vec<String> = bare.chain(quoted(whole)).collect();
    for written in readings.clone() {
        if written.contains('\\') {
            readings.push(unescaped(&written));
        }
    }
    for written in readings.clone() {
        let imported = written.trim().strip_prefix("%encrypt(");
        readings.extend(imported.and_then(|rest| rest.strip_suffix(")%")).map(str::to_owned));
        let packed: String = written.split_ascii_whitespace().collect();
        let decoded = STANDARD.decode(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        readings.extend(decoded);
    }
    readings
}

/// What follows the header of YAML's block scalar.
fn block(written: &str) -> Option<&str> {
    let (header, body) = written.split_once('\n')?;
    header.starts_with(['|', '>']).then_some(body)
}

/// What stands between the first line of a here-document and its last.
fn heredoc(written: &str) -> Option<&str> {
    let (header, rest) = written.split_once('\n')?;
    let (body, _) = rest.rsplit_once('\n')?;
    header.contains("<<").then_some(body)
}

/// The pieces in quotes, joined.
fn quoted(written: &str) -> Option<String> {
    let mut pieces: Option<String> = None;
    let mut open: Option<char> = None;
    let mut is_escaped = false;
    for letter in written.chars() {
        match open {
            None if matches!(letter, '"' | '\'') => {
                open = Some(letter);
                pieces.get_or_insert_default();
            }
            None => {}
            Some(quote) if letter == quote && !is_escaped => open = None,
            Some(_) => {
                is_escaped = letter == '\\' && !is_escaped;
                pieces.get_or_insert_default().push(letter);
            }
        }
    }
    pieces
}

/// Without the escapes that most formats share: `\n`, `\/`, `\u002b`, a backslash that ends a line.
fn unescaped(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r' | '\n') | None => {}
            Some('u') => {
                let code: String = letters.by_ref().take(4).collect();
                text.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_among_the_readings_however_it_is_written() {
        for written in [
            "a/b=\nc",
            "'a/b=\nc'",
            r#""a\/b=\nc""#,
            r#""a\u002fb=\nc""#,
            "'a/b' . '=' . '\nc'",
            "|-\na/b=\nc",
            "<<<KEY\na/b=\nc\nKEY",
            "%encrypt(a/b=\nc)%",
            "YS9iPQpj",
            "\"YS9i\\\n    PQpj\"",
        ] {
            assert!(readings(written).contains(&"a/b=\nc".to_owned()), "{written}");
        }
    }
}
