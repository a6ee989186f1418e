//! Comments in texts within a file: the scripts of a pipeline's steps, `env.php` in a `ConfigMap`.
//!
//! Of a text over several lines, the comments are those of its own format. What looks like a comment in any other text accepts nothing, and
//! is told.

use memchr::memmem;

use crate::source::{Source, SourceId, Span};
use crate::syntax::comments::{Comment, REMARK};
use crate::syntax::{Format, Node, NodeKind, format_of};

/// What texts are read as whose key names no format.
const SCRIPT: &str = "script.sh";

/// Larger files are not taken apart for their comments.
const LARGEST: usize = 4 << 20;

/// How much of a line is looked at before a word.
const LOOK_BACK: usize = 200;

/// What a comment begins with, in one format or another.
const OPENERS: [&str; 6] = ["#", "//", "--", ";", "/*", "<!--"];

/// The comments of a file that speak to this tool, those within its texts included.
#[must_use]
pub fn comments(format: &dyn Format, id: SourceId, source: &Source) -> Vec<Comment> {
    let text = source.text();
    let mut found = format.comments(text, REMARK);
    if text.len() > LARGEST || strays(text, &found, 1).is_empty() {
        return found;
    }
    let documents = format.parse(id, text).documents;
    let mut nodes: Vec<(&Node, &str)> = documents.iter().map(|node| (node, "")).collect();
    while let Some((node, name)) = nodes.pop() {
        match &node.kind {
            NodeKind::Mapping(entries) => nodes.extend(
                entries.iter().map(|entry| (&entry.value, entry.key.as_str().unwrap_or(name))),
            ),
            NodeKind::Sequence(items) => nodes.extend(items.iter().map(|item| (item, name))),
            NodeKind::Scalar(_) => found.extend(within(source, node.at.span, name)),
            NodeKind::OneOf(several) => nodes.extend(several.iter().map(|node| (node, name))),
            NodeKind::Null | NodeKind::Expression => {}
        }
    }
    found.sort_by_key(|comment| comment.at);
    found.dedup_by_key(|comment| comment.text);
    found
}

/// What looks like a comment for this tool and is none, as its places from the word on, `most` of them. What is found is in order.
#[must_use]
pub fn strays(text: &str, found: &[Comment], most: usize) -> Vec<Span> {
    let words = memmem::find_iter(text.as_bytes(), REMARK.as_bytes());
    let is_stray = |at: &usize| {
        let next = found.partition_point(|comment| comment.at.range().start <= *at);
        let last = next.checked_sub(1).and_then(|last| found.get(last));
        let is_found = last.is_some_and(|comment| comment.at.range().contains(at));
        !is_found && is_opened(text, *at)
    };
    let line = |at: usize| text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let end = |at: usize| at + line(at).trim_end().len();
    words.filter(is_stray).take(most).map(|at| Span::new(at, end(at))).collect()
}

/// Whether what stands here on its line opens a comment in some format; within quotes it is an example.
fn is_opened(text: &str, at: usize) -> bool {
    let before = (at.saturating_sub(LOOK_BACK)..at).find_map(|from| text.get(from..at));
    let line = before.unwrap_or_default().rsplit('\n').next().unwrap_or_default().trim_end();
    let opened = OPENERS.iter().find_map(|opener| line.strip_suffix(opener));
    opened.is_some_and(|before| {
        let is_apart = before.is_empty() || before.ends_with(char::is_whitespace);
        is_apart && !before.contains(['"', '\'', '`'])
    })
}

/// The comments of a text of several lines, by the format that its name has.
fn within(source: &Source, span: Span, name: &str) -> Vec<Comment> {
    let text = source.slice(span);
    if !text.contains('\n') || memmem::find(text.as_bytes(), REMARK.as_bytes()).is_none() {
        return Vec::new();
    }
    let Some(format) = format_of(name).or_else(|| format_of(SCRIPT)) else { return Vec::new() };
    let start = span.range().start;
    let moved = |span: Span| Span::new(start + span.range().start, start + span.range().end);
    // The line below the text is none of its own.
    let is_last =
        |of: &Comment| text.get(of.at.range().end..).is_none_or(|rest| rest.trim().is_empty());
    let found = format.comments(text, REMARK).into_iter();
    let found = found.map(|of| {
        let alone = of.alone && !is_last(&of);
        Comment { at: moved(of.at), text: moved(of.text), alone }
    });
    found.collect()
}
