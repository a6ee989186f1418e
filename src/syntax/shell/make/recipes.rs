//! Recipes → scripts of a shell, every byte at its place: `$(NAME)` becomes `${NAME}`, `$$` a `$`.
//!
//! Source: the GNU Make manual, *Using Variables in Recipes*. An expansion that is no name gets one of its own length.

use std::ops::Range;

use super::values::inner;
use crate::syntax::shell::mask::Mask;
use crate::syntax::shell::word::name_length;

/// An expansion of a line: the variable of the shell's that stands for it, and what is written within.
pub struct Hole {
    pub name: String,
    pub written: Range<usize>,
}

/// How many parentheses of a line are searched for their ends in vain.
const MAX_UNCLOSED: usize = 32;

/// Shows a line of a recipe, with variables of a shell in the place of make's. `start` is where it stands in what is masked;
/// a line that was expanded once has two dollars before what is expanded now.
pub fn show(
    line: &str,
    (start, is_doubled): (usize, bool),
    count: &mut usize,
    mask: &mut Mask<'_>,
) -> Vec<Hole> {
    mask.show(start..start + line.len());
    let mut holes = Vec::new();
    let mut from = 0;
    let mut unclosed = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find('$')).map(|at| from + at) {
        let rest = line.get(at + 1..).unwrap_or_default();
        from = at + 1;
        if rest.starts_with('$') {
            mask.cut(start + at..start + at + 1);
            let is_expanded = is_doubled && !rest.starts_with("$$");
            from = at + if is_expanded { 1 } else { 2 };
            continue;
        }
        let Some(inside) = inner(rest).filter(|_| unclosed < MAX_UNCLOSED) else {
            unclosed += 1;
            if unclosed > MAX_UNCLOSED {
                break;
            }
            continue;
        };
        let written = at + 1 + inside.start..at + 1 + inside.end;
        let text = line.get(written.clone()).unwrap_or_default();
        let behind = line.get(written.end..).and_then(|rest| rest.chars().next());
        *count += 1;
        let name = name(text, *count);
        let is_run_on = inside.start == 0
            && behind.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_');
        if inside.start > 0 {
            mask.put(start + at + 1, b'{');
            mask.put(start + written.end, b'}');
        }
        from = written.end + usize::from(inside.start > 0);
        if let Some(name) = name.filter(|_| !is_run_on) {
            for (index, byte) in name.bytes().enumerate() {
                mask.put(start + written.start + index, byte);
            }
            holes.push(Hole { name, written });
        } else {
            // `$?` is known to no one before the script runs.
            mask.cut(start + at + 1..start + from);
            mask.put(start + at + 1, b'?');
        }
    }
    // Make fills its variables in before a shell sees the quotes.
    for quoted in single_quoted(line) {
        let inner = line.get(quoted.start + 1..quoted.end - 1).unwrap_or_default();
        let is_filled = holes.iter().any(|hole| quoted.contains(&hole.written.start));
        if is_filled && !inner.contains(['"', '`', '\\']) && !inner.contains("$$") {
            mask.put(start + quoted.start, b'"');
            mask.put(start + quoted.end - 1, b'"');
        }
    }
    holes
}

/// The variable of the shell's that stands for what is written, of the same length.
fn name(written: &str, count: usize) -> Option<String> {
    let is_digit = written.len() == 1 && written.bytes().all(|byte| byte.is_ascii_digit());
    if name_length(written) == written.len() || is_digit {
        return Some(written.to_owned());
    }
    let short = match written {
        "@" => Some("Q"),
        "*" => Some("K"),
        "<" => Some("J"),
        "^" => Some("Y"),
        "%" | "?" | "+" | "|" => None,
        _ => {
            let number = format!("_{count:0>width$}", width = written.len().checked_sub(1)?);
            return (number.len() == written.len()).then_some(number);
        }
    };
    short.map(str::to_owned)
}

/// Where the texts in single quotes stand, with these.
fn single_quoted(line: &str) -> Vec<Range<usize>> {
    let (mut found, mut open) = (Vec::new(), None);
    for (at, letter) in line.char_indices() {
        match (letter, open) {
            ('\'' | '"', None) => open = Some((letter, at)),
            (_, Some((quote, from))) if letter == quote => {
                found.extend((quote == '\'').then_some(from..at + 1));
                open = None;
            }
            _ => {}
        }
    }
    found
}
