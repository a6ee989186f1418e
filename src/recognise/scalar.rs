//! A scalar of a document as a text of its own, every byte at its place in the file.
//!
//! What a format does to a text (quotes, escapes, the header of a block) is masked at the same byte length. Where an escape cannot be, there is
//! no such text, and whoever reads the scalar has its value and one place for all of it.

use crate::source::{Location, Source};
use crate::syntax::shell::FILLER;
use crate::syntax::{Node, NodeKind};

/// The text of a scalar of YAML or JSON, as long as what is written; none where the two cannot have one length.
#[must_use]
pub fn text(source: &Source, scalar: &Node) -> Option<String> {
    let value = scalar.as_str()?;
    let written = source.slice(scalar.at.span);
    match written.chars().next()? {
        '|' => Some(block(written, false)),
        '>' => Some(block(written, true)),
        '\'' => single(written),
        '"' => double(written),
        _ if written == value => Some(written.to_owned()),
        _ => Some(folded(written)),
    }
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
