//! Where the keys of a TOML file nest too deep for the toml crate, which limits brackets and the segments of one key, not both together.
//!
//! The text is cut into tokens exactly as the library does.

use memchr::{memchr2, memchr3};

/// How many segments one key may have; the library stops at 80.
const MAX_SEGMENTS: usize = 64;

/// How many tables may be open at once, by braces and dots together.
const MAX_TABLES: usize = 256;

/// One place on each line whose keys nest too deep.
pub(super) fn too_deep(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let rest = |at: usize| bytes.get(at..).unwrap_or_default();
    let mut places = Vec::new();
    let mut braces: Vec<usize> = Vec::new();
    let (mut outer, mut dots, mut is_told) = (0, 0, false);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += match byte {
            b'#' => memchr2(b'\r', b'\n', rest(at)).unwrap_or(bytes.len() - at),
            b'\'' | b'"' => string_length(rest(at), byte),
            b'.' | b'{' | b'}' | b',' | b'\n' | b'=' | b'[' | b']' | b' ' | b'\t' | b'\r' => 1,
            _ => rest(at)
                .iter()
                .position(|byte| b".=,[]{} \t#\r\n".contains(byte))
                .unwrap_or(bytes.len() - at),
        };
        match byte {
            b'.' => dots += 1,
            b'{' => {
                braces.push(dots);
                outer += dots + 1;
                dots = 0;
            }
            b'}' => {
                dots = braces.pop().unwrap_or_default();
                outer = outer.saturating_sub(dots + 1);
            }
            b',' | b'\n' => dots = 0,
            _ => {}
        }
        is_told &= byte != b'\n';
        if !is_told && (dots >= MAX_SEGMENTS || outer + dots > MAX_TABLES) {
            places.push(start);
            is_told = true;
        }
    }
    places
}

/// How long the string at the start of `text` is; one that is not closed ends with its line, in three quotes with the text.
fn string_length(text: &[u8], quote: u8) -> usize {
    let fence = [quote; 3];
    let is_fenced = text.starts_with(&fence);
    let escape = if quote == b'"' { b'\\' } else { quote };
    let line_end = if is_fenced { quote } else { b'\n' };
    let mut at = if is_fenced { 3 } else { 1 };
    while let Some(found) = memchr3(quote, escape, line_end, text.get(at..).unwrap_or_default()) {
        at += found;
        let rest = text.get(at..).unwrap_or_default();
        match rest {
            [b'\n', ..] => return at,
            [b'\\', b'\\' | b'"', ..] => at += 2,
            [b'\\', ..] => at += 1,
            _ if !is_fenced => return at + 1,
            _ if rest.starts_with(&fence) => {
                return at + rest.iter().take(5).take_while(|&&byte| byte == quote).count();
            }
            _ => at += 1,
        }
    }
    text.len()
}
