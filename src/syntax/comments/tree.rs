//! Comments of a format whose strings only its parser can tell: YAML's stand without quotes and go on by indentation.

use memchr::memmem;

use super::{Comment, comment};
use crate::source::Span;
use crate::syntax::{Node, NodeKind, Parsed};

/// The comments that begin with a word: opened by `#` behind a blank, and part of no value or key.
#[must_use]
pub fn outside_scalars(parsed: &Parsed, text: &str, word: &str) -> Vec<Comment> {
    let mut scalars = Vec::new();
    parsed.documents.iter().for_each(|node| collect(node, &mut scalars));
    scalars.sort_unstable();
    let mut found: Vec<Comment> = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), word) {
        let before = text.get(..at).unwrap_or_default();
        let marks = before.trim_end_matches([' ', '\t', '#']);
        let blanks = before.get(marks.len()..).unwrap_or_default();
        let Some(mark) = blanks.find('#') else { continue };
        let start = marks.len() + mark;
        let follows_blank = mark > 0 || marks.is_empty() || marks.ends_with('\n');
        let scalar = scalars.partition_point(|span| span.range().start <= start).checked_sub(1);
        let is_inside =
            scalar.and_then(|last| scalars.get(last)).is_some_and(|span| start < span.range().end);
        if follows_blank && !is_inside {
            let end =
                text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
            found.extend(comment(text, start..end, "", word));
        }
    }
    found
}

fn collect(node: &Node, scalars: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Scalar(_) | NodeKind::Expression => scalars.push(node.at.span),
        NodeKind::Null => {}
        NodeKind::OneOf(nodes) => nodes.iter().for_each(|node| collect(node, scalars)),
        NodeKind::Sequence(items) => items.iter().for_each(|item| collect(item, scalars)),
        NodeKind::Mapping(entries) => entries.iter().for_each(|entry| {
            collect(&entry.key, scalars);
            collect(&entry.value, scalars);
        }),
    }
}
