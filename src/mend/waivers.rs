//! A waiver of the configuration that accepts nothing, and that nothing is like.

use super::change::{Effect, Fault, Proposal};
use crate::rule::{EXPIRED_WAIVER, UNUSED_WAIVER};
use crate::source::{Source, Span};

/// Nothing in its place.
pub fn unused(fault: Fault<'_>) -> Option<Proposal> {
    let Fault { found, source, at, .. } = fault;
    let is_toml = source.path().rsplit_once('.').is_some_and(|(_, end)| end == "toml");
    // What an expired one was for may stand: it accepts nothing of it.
    let is_unlike = found.rule == UNUSED_WAIVER && found.finding.related.is_empty();
    if !is_toml || !is_unlike && found.rule != EXPIRED_WAIVER {
        return None;
    }
    let text = source.text();
    let at = at.span.range().start;
    let head = text.get(..text.get(at..)?.find('\n').map_or(text.len(), |end| at + end))?;
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let start = head.split_inclusive('\n').scan(0, |from, line| {
        let start = *from;
        *from += line.len();
        Some((start, line))
    });
    let last = start.filter(|(_, line)| is_header(line)).last();
    let Some((start, header)) = last else { return item(source, at) };
    if header.trim() != "[[waivers]]" {
        return item(source, at);
    }
    let mut end = start;
    let mut last = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        if end > start && is_header(line) {
            break;
        }
        end += line.len();
        // What is said above the next table belongs to that.
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            last = end;
        }
    }
    let blank = text.get(last..)?.split_inclusive('\n').take_while(|line| line.trim().is_empty());
    let last = last + blank.map(str::len).sum::<usize>();
    let edits = vec![(Span::new(start, last), String::new())];
    Some(Proposal { title: "Remove the waiver".to_owned(), edits, effect: Effect::Nothing })
}

/// One that is an item of a list, in a line of its own.
fn item(source: &Source, at: usize) -> Option<Proposal> {
    let text = source.text();
    let start = text.get(..at)?.rfind('\n')? + 1;
    let end = text.get(at..)?.find('\n').map(|end| at + end + 1)?;
    let line = text.get(start..end)?.trim();
    let inner = line.strip_suffix(',').unwrap_or(line).strip_prefix('{')?.strip_suffix('}')?;
    // Another one in the line is not ours to drop.
    let edits = vec![(Span::new(start, end), String::new())];
    let title = "Remove the waiver".to_owned();
    (!inner.contains(['{', '}'])).then_some(Proposal { title, edits, effect: Effect::Nothing })
}
