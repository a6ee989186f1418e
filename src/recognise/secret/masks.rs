//! What no output may show: key material, found or merely suspected.

use super::search::Search;
use super::token::is_base64;
use super::{armour, margin, needles};
use crate::source::Span;

/// The shortest run of base64 characters that can be a line of a key.
const SHORTEST_RUN: usize = 40;
/// How far an `END` marker may stand from its `BEGIN`.
const FARTHEST_END: usize = 1 << 16;
/// The most of a last line that a damaged `BEGIN` marker can leave before an `END` marker.
const LAST_LINE: usize = 80;

/// See [`super::masks`].
pub(super) fn all(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Search::of(text).into_iter().map(|key| key.span).collect();
    bodies(text.as_bytes(), &mut spans);
    runs(text.as_bytes(), &mut spans);
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let joins = next.start <= kept.end;
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
    spans
}

fn bodies(text: &[u8], spans: &mut Vec<Span>) {
    let mut hits = needles::hits(text).filter(|hit| hit.kind == needles::Kind::Words).peekable();
    let mut open: Option<armour::Marker> = None;
    while let Some(hit) = hits.next() {
        let marker = armour::marker(text, hit.start, hit.end);
        let Some(marker) = marker.or_else(|| armour::damaged(text, hit.start, hit.end)) else {
            continue;
        };
        if marker.begins {
            // Without its dashes, the next marker would not end the walk.
            let end = hits.peek().map_or(text.len(), |next| next.start);
            let body = armour::walk(text.get(..end).unwrap_or_default(), &marker);
            if holds_lines(&body) {
                spans.push(Span::new(marker.start, body.end));
            }
            for lines in margin::without(text, marker.start, marker.end) {
                let body = armour::walk(&lines.text, &marker.at(0));
                if holds_lines(&body) {
                    spans.push(Span::new(marker.start, lines.place(body.end - 1) + 1));
                }
            }
            open = Some(marker);
            continue;
        }
        let begin =
            open.take().filter(|begin| marker.start.saturating_sub(begin.end) <= FARTHEST_END);
        let start = begin.map_or_else(|| last_line(text, marker.start), |begin| begin.start);
        if start < marker.start {
            spans.push(Span::new(start, marker.end));
        }
    }
}

fn holds_lines(body: &armour::Body) -> bool {
    body.closed || body.chars.longest() >= 16
}

/// Where the body begins that an `END` marker without a `BEGIN` closes, as far as it can be a last line.
fn last_line(text: &[u8], end: usize) -> usize {
    let before = text.get(end.saturating_sub(LAST_LINE)..end).unwrap_or_default();
    let belongs = |byte: &&u8| is_base64(**byte) || b"=\\ \t\r\n\"'".contains(byte);
    end - before.iter().rev().take_while(belongs).count()
}

/// Looks at every fortieth byte only, and around it where it is a character of base64.
fn runs(text: &[u8], spans: &mut Vec<Span>) {
    let is_base64 = |at: usize| text.get(at).is_some_and(|&byte| is_base64(byte));
    let mut floor = 0;
    let mut probe = SHORTEST_RUN - 1;
    while probe < text.len() {
        if !is_base64(probe) {
            floor = probe + 1;
            probe += SHORTEST_RUN;
            continue;
        }
        let mut start = probe;
        while start > floor && is_base64(start - 1) {
            start -= 1;
        }
        let mut end = probe + 1;
        while is_base64(end) {
            end += 1;
        }
        let run = text.get(start..end).unwrap_or_default();
        let mixed = || {
            run.iter().any(u8::is_ascii_uppercase)
                && run.iter().any(u8::is_ascii_lowercase)
                && run.iter().any(u8::is_ascii_digit)
        };
        floor = end;
        probe = end + SHORTEST_RUN;
        if run.len() >= SHORTEST_RUN && mixed() {
            let padding = text.get(end..).unwrap_or_default().iter().take(2);
            end += padding.take_while(|&&byte| byte == b'=').count();
            spans.push(Span::new(start, end));
        }
    }
}
