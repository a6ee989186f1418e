//! A comment that allows what is not found.

use super::change::{Effect, Fault, Proposal};
use crate::rule::UNUSED_WAIVER;
use crate::source::Span;
use crate::syntax::format_of;
use crate::waivers::{IDLE_COMMENT, embedded};

/// Nothing in its place: its whole line, where nothing else stands there.
pub fn unused(fault: Fault<'_>) -> Option<Proposal> {
    let Fault { found, source, at, .. } = fault;
    if found.rule != UNUSED_WAIVER || !found.finding.message.ends_with(IDLE_COMMENT) {
        return None;
    }
    let comments = embedded::comments(format_of(source.path())?, at.source, source);
    let comment = comments.into_iter().find(|comment| comment.text == at.span)?;
    let text = source.text();
    let (start, end) = (comment.at.range().start, comment.at.range().end);
    let end = start + text.get(start..end)?.trim_end().len();
    // One that goes on says more than that.
    if text.get(start..end)?.contains('\n') {
        return None;
    }
    let line = text.get(..start)?.rfind('\n').map_or(0, |before| before + 1);
    let rest = text.get(end..)?;
    let is_last = rest.lines().next().is_none_or(|rest| rest.trim().is_empty());
    let whole = end + rest.find('\n').map_or(rest.len(), |next| next + 1);
    let span = if comment.alone && is_last {
        Span::new(line, whole)
    } else {
        let before = text.get(line..start)?;
        let blank = before.len() - before.trim_end_matches([' ', '\t']).len();
        Span::new(start - if comment.alone { 0 } else { blank }, end)
    };
    let edits = vec![(span, String::new())];
    Some(Proposal { title: "Remove the comment".to_owned(), edits, effect: Effect::Nothing })
}
