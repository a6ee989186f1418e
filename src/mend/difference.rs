//! What changes in a text, as lines that go and lines that come. What no report shows of them is hidden, but for what is put there.

use std::fmt::Write as _;

use similar::{DiffOp, TextDiff};

use crate::Outcome;
use crate::report::printable;
use crate::source::Span;

/// One side of a change: the text, the run that knows what of it is secret, and what of it is ours.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub text: &'a str,
    pub outcome: &'a Outcome,
    pub ours: &'a [Span],
}

/// The lines of a file that two trees have differently, in the form of `diff -U0`. The lines are compared as they are, and hidden after that:
/// two that look alike may differ.
pub(super) fn of(path: &str, before: Side<'_>, after: Side<'_>) -> String {
    let difference = TextDiff::from_lines(before.text, after.text);
    let (was, is) = (shown(path, before), shown(path, after));
    let (was, is): (Vec<&str>, Vec<&str>) = (was.lines().collect(), is.lines().collect());
    let name = printable::text(path);
    let mut told = format!("--- a/{name}\n+++ b/{name}\n");
    let changes = difference.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    for (old, new) in changes.map(|op| (op.old_range(), op.new_range())) {
        let lines = |of: &[&str], range: &std::ops::Range<usize>| {
            of.get(range.clone()).unwrap_or_default().join("\n")
        };
        let from = |range: &std::ops::Range<usize>| range.start + usize::from(!range.is_empty());
        let head = [from(&old), old.len(), from(&new), new.len()];
        let [old_line, old_count, new_line, new_count] = head;
        // To write to a text does not fail.
        let _ = writeln!(told, "@@ -{old_line},{old_count} +{new_line},{new_count} @@");
        for (sign, range, text) in [("-", &old, lines(&was, &old)), ("+", &new, lines(&is, &new))] {
            let lines = text.split('\n').filter(|_| !range.is_empty());
            lines.for_each(|line| told.extend([sign, &printable::text(line), "\n"]));
        }
    }
    told
}

/// A text with what no report shows of it hidden; all of it where the run does not know the text.
fn shown(path: &str, Side { text, outcome, ours }: Side<'_>) -> String {
    let sources = &outcome.sources;
    let mut files =
        sources.paths().filter(|(id, of)| *of == path && sources.revision(*id).is_none());
    let known = files
        .find_map(|(id, _)| Some((id, sources.get(id).filter(|source| source.text() == text)?)));
    let mut masks = outcome.report().masks();
    let covers = known.map(|(id, source)| masks.of(id, source));
    let hidden = |at: usize| {
        let is_in = |span: &Span| span.range().contains(&at);
        let is_covered = covers.is_none_or(|covers| {
            let next = covers.partition_point(|cover| cover.span.range().start <= at);
            covers
                .get(..next)
                .unwrap_or_default()
                .iter()
                .rev()
                .take(2)
                .any(|cover| is_in(&cover.span))
        });
        is_covered && !ours.iter().any(is_in)
    };
    let letters = text.char_indices();
    let letters = letters.map(|(at, letter)| match letter {
        '\n' | '\r' => letter,
        _ if hidden(at) => '*',
        _ => letter,
    });
    letters.collect()
}
