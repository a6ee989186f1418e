//! The tokens of JSON and JSON5: where a string ends, what its escapes mean, which words are values.
//!
//! Nothing here fails: a string that is never closed ends with its line, an unknown escape stands for itself.

use memchr::{memchr, memchr3};

/// How a string ends.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum StringEnd {
    /// On its line.
    Closed,
    /// Further down, which JSON forbids.
    OnAnotherLine,
    /// Nowhere: it was taken to end with its line.
    Never,
}

/// Where the string that opens at `start` ends, and how.
pub(super) fn string_end(text: &str, start: usize, quote: u8) -> (usize, StringEnd) {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(found) = memchr3(quote, b'\\', b'\n', bytes.get(at..).unwrap_or_default()) {
        at += found;
        match bytes.get(at) {
            // An escaped line end continues the string in JSON5.
            Some(b'\\') if bytes.get(at + 1..at + 3) == Some(b"\r\n") => at += 3,
            Some(b'\\') => at += 2,
            Some(b'\n') => {
                return closes_further_down(bytes, at, quote).map_or_else(
                    || (without_comma(text, start, at), StringEnd::Never),
                    |close| (close + 1, StringEnd::OnAnotherLine),
                );
            }
            _ => return (at + 1, StringEnd::Closed),
        }
    }
    (without_comma(text, start, text.len()), StringEnd::Never)
}

/// Where a string that meets the line end at `newline` closes further down: at the next quote, if what follows can follow a string.
pub(super) fn closes_further_down(text: &[u8], newline: usize, quote: u8) -> Option<usize> {
    let close = newline + memchr(quote, text.get(newline..)?)?;
    let behind = text.get(close + 1..)?.iter().find(|byte| !b" \t".contains(byte));
    let is_escaped = close > 0 && text.get(close - 1) == Some(&b'\\');
    (!is_escaped && behind.is_none_or(|byte| b",:]}\r\n/".contains(byte))).then_some(close)
}

/// The end of a string that lacks its quote: the comma at the end of the line was not meant to be in it.
fn without_comma(text: &str, start: usize, end: usize) -> usize {
    let inner = text.get(start + 1..end).unwrap_or_default().trim_end();
    start + 1 + inner.strip_suffix(',').unwrap_or(inner).len()
}

/// What the text between quotes means, and whether every escape is one that JSON or JSON5 knows.
pub(super) fn unescaped(inner: &str) -> (String, bool) {
    let mut value = String::with_capacity(inner.len());
    let mut is_sound = true;
    let mut rest = inner;
    while let Some((before, escaped)) = rest.split_once('\\') {
        value.push_str(before);
        let mut characters = escaped.chars();
        let character = characters.next();
        rest = characters.as_str();
        match character {
            Some('b') => value.push('\u{8}'),
            Some('f') => value.push('\u{c}'),
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some('t') => value.push('\t'),
            Some('v') => value.push('\u{b}'),
            Some('0') => value.push('\0'),
            Some('\n' | '\u{2028}' | '\u{2029}') => {}
            Some('\r') => rest = rest.strip_prefix('\n').unwrap_or(rest),
            Some(kind @ ('u' | 'x')) => {
                let code = code_point(rest, if kind == 'u' { 4 } else { 2 });
                is_sound &= code.is_some();
                if let Some((character, behind)) = code {
                    value.push(character);
                    rest = behind;
                } else {
                    value.extend(['\\', kind]);
                }
            }
            Some(plain) => {
                is_sound &= !plain.is_ascii_digit();
                value.push(plain);
            }
            None => {
                is_sound = false;
                value.push('\\');
            }
        }
    }
    value.push_str(rest);
    (value, is_sound)
}

/// The character of the `digits` hexadecimal digits ahead and the text behind it; half a surrogate pair is U+FFFD.
fn code_point(rest: &str, digits: usize) -> Option<(char, &str)> {
    let (unit, behind) = code_unit(rest, digits)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, behind));
    }
    let pair = behind
        .strip_prefix("\\u")
        .and_then(|low| code_unit(low, 4))
        .filter(|(low, _)| unit < 0xDC00 && (0xDC00..0xE000).contains(low));
    let Some((low, behind)) = pair else { return Some((char::REPLACEMENT_CHARACTER, behind)) };
    let character = char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    Some((character.unwrap_or(char::REPLACEMENT_CHARACTER), behind))
}

fn code_unit(rest: &str, digits: usize) -> Option<(u32, &str)> {
    let (number, behind) = rest.split_at_checked(digits)?;
    let is_hexadecimal = number.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal
        .then(|| u32::from_str_radix(number, 16).ok())
        .flatten()
        .map(|unit| (unit, behind))
}

/// Whether a word without quotes is a number, `true`, `false` or `null`.
pub(super) fn is_literal(word: &str) -> bool {
    let number = word.strip_prefix(['-', '+']).unwrap_or(word);
    let hexadecimal = number.strip_prefix("0x").or_else(|| number.strip_prefix("0X"));
    if let Some(digits) = hexadecimal {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let has_leading_zero = number
        .strip_prefix('0')
        .is_some_and(|more| more.starts_with(|next: char| next.is_ascii_digit()));
    let is_decimal = number.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && number.parse::<f64>().is_ok();
    matches!(word, "true" | "false" | "null")
        || matches!(number, "Infinity" | "NaN")
        || (is_decimal && !has_leading_zero)
}
