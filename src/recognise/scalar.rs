//! A scalar of a document as a text of its own, every byte at its place in the file.
//!
//! Of a template of HCL's, that is the text with its holes: `${var.space}`, what is computed in one as a name that nobody has.
//!
//! What a format does to a text (quotes, escapes, the header of a block) is masked at the same byte length. Where an escape cannot be, there is
//! no such text, and whoever reads the scalar has its value and one place for all of it.

use crate::source::{Location, Source};
use crate::syntax::shell::FILLER;
use crate::syntax::{Node, NodeKind};

/// The text of a scalar of YAML, JSON or HCL, as long as what is written; none where the two cannot have one length.
#[must_use]
pub fn text(source: &Source, scalar: &Node) -> Option<String> {
    let value = scalar.as_str()?;
    let written = source.slice(scalar.at.span);
    match written.chars().next()? {
        '!' if written.starts_with("!Sub") => Some(block(written, false)),
        '|' => Some(block(written, false)),
        '>' => Some(block(written, true)),
        '\'' => single(written),
        '"' => double(written),
        '<' if is_heredoc(written) => Some(heredoc(written)),
        _ if written == value => Some(written.to_owned()),
        _ => Some(folded(written)),
    }
}

/// Whether what is written is a heredoc of HCL's with a text: `<<-EOT` and lines.
#[must_use]
pub fn is_heredoc(written: &str) -> bool {
    let header = written.strip_prefix("<<").and_then(|rest| rest.split_once('\n'));
    header.is_some_and(|(fence, _)| {
        let fence = fence.strip_prefix('-').unwrap_or(fence).trim_end();
        let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
        !fence.is_empty() && fence.chars().all(is_of_name)
    })
}

/// A template of HCL's whose holes are names, at the same length: `${lookup(var.a, "b")}` would end a word where it does not.
///
/// Source: the HCL syntax specification, *Templates*.
#[must_use]
pub fn with_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, behind) = rest.split_at(at);
        // An escape puts out what a shell takes for its own.
        if let Some(before) = before.strip_suffix('$') {
            out.extend([before, "\0${"]);
            rest = behind.get(2..).unwrap_or_default();
            continue;
        }
        let end = closing(behind).unwrap_or(behind.len());
        let (hole, next) = behind.split_at(end);
        out.push_str(before);
        out.push_str(hole.get(..2).unwrap_or_default());
        let inner = hole.get(2..).unwrap_or_default();
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.}".contains(&byte);
        out.extend(inner.bytes().map(|byte| if is_of_name(byte) { char::from(byte) } else { '_' }));
        rest = next;
    }
    out + rest
}

/// Where the hole ends that a text begins with, behind its last brace.
fn closing(hole: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_quoted = false;
    for (at, byte) in hole.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'{' if !is_quoted => depth += 1,
            b'}' if !is_quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'\n' if depth == 1 && is_quoted => return None,
            _ => {}
        }
    }
    None
}

/// A heredoc without its fences.
fn heredoc(written: &str) -> String {
    let blanks = |part: &str| " ".repeat(part.len());
    let (header, body) = written.split_once('\n').unwrap_or_default();
    let (lines, fence) = body.rsplit_once('\n').unwrap_or(("", body));
    format!("{}\n{lines}\n{}", blanks(header), blanks(fence))
}

/// A block scalar without its header.
fn block(written: &str, is_folded: bool) -> String {
    let header = written.find('\n').unwrap_or(written.len());
    let (header, body) = written.split_at(header);
    let body = if is_folded {
        format!("\n{}", folded(body.get(1..).unwrap_or_default()))
    } else {
        body.to_owned()
    };
    let body = if body.len() + header.len() == written.len() { body } else { String::new() };
    " ".repeat(header.len()) + &body
}

/// A text whose single line ends are blanks; those at a blank line stay.
fn folded(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut lines = written.split('\n').peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        if let Some(next) = lines.peek() {
            let is_kept = line.trim().is_empty() || next.trim().is_empty();
            out.push(if is_kept { '\n' } else { ' ' });
        }
    }
    out
}

fn single(written: &str) -> Option<String> {
    let inner = written.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(format!(" {} ", folded(&inner.replace("''", &format!("{FILLER}'")))))
}

fn double(written: &str) -> Option<String> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let inner = folded(inner);
    let mut out = String::from(" ");
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let meant = match characters.next()? {
            'n' => '\n',
            't' | ' ' => ' ',
            plain @ ('"' | '\\' | '/') => plain,
            _ => return None,
        };
        out.extend([FILLER, meant]);
    }
    Some(out + " ")
}

/// Gives a node that was read from a scalar's value, and all beneath it, the place of the scalar.
pub fn relocate(node: &mut Node, at: Location) {
    node.at = at;
    match &mut node.kind {
        NodeKind::Sequence(items) => items.iter_mut().for_each(|item| relocate(item, at)),
        NodeKind::Mapping(entries) => entries.iter_mut().for_each(|entry| {
            relocate(&mut entry.key, at);
            relocate(&mut entry.value, at);
        }),
        _ => {}
    }
}

/// Moves a node that was read from a scalar's text, and all beneath it, to where that starts.
pub fn shift(node: &mut Node, start: u32) {
    (node.at.span.start, node.at.span.end) = (node.at.span.start + start, node.at.span.end + start);
    match &mut node.kind {
        NodeKind::Sequence(items) | NodeKind::OneOf(items) => {
            for item in items {
                shift(item, start);
            }
        }
        NodeKind::Mapping(entries) => entries.iter_mut().for_each(|entry| {
            shift(&mut entry.key, start);
            shift(&mut entry.value, start);
        }),
        NodeKind::Scalar(_) | NodeKind::Null | NodeKind::Expression => {}
    }
}
