//! What changes in a text, as lines that go and lines that come. What no report shows of them is hidden.

use crate::Outcome;
use crate::report::printable;

/// The lines of a file that two trees have differently, in the form of `diff -U0`.
pub(super) fn of(path: &str, before: &Outcome, after: &Outcome) -> String {
    let (was, is) = (shown(path, before), shown(path, after));
    let (was, is): (Vec<&str>, Vec<&str>) = (was.lines().collect(), is.lines().collect());
    let name = printable::text(path);
    let mut told = format!("--- a/{name}\n+++ b/{name}\n");
    if was.len() == is.len() {
        for (at, (was, is)) in was.iter().zip(&is).enumerate().filter(|(_, (was, is))| was != is) {
            hunk(&mut told, at, &[*was], &[*is]);
        }
    } else {
        let same = was.iter().zip(&is).take_while(|(was, is)| was == is).count();
        let (was, is) = (was.get(same..).unwrap_or_default(), is.get(same..).unwrap_or_default());
        let tail = was.iter().rev().zip(is.iter().rev()).take_while(|(was, is)| was == is).count();
        let part = |lines: &[&str]| lines.len() - tail;
        hunk(
            &mut told,
            same,
            was.get(..part(was)).unwrap_or_default(),
            is.get(..part(is)).unwrap_or_default(),
        );
    }
    told
}

fn hunk(told: &mut String, at: usize, was: &[&str], is: &[&str]) {
    let from = |lines: &[&str]| if lines.is_empty() { at } else { at + 1 };
    let head = format!("@@ -{},{} +{},{} @@\n", from(was), was.len(), from(is), is.len());
    told.push_str(&head);
    for (sign, lines) in [("-", was), ("+", is)] {
        for line in lines {
            told.extend([sign, &printable::text(line), "\n"]);
        }
    }
}

/// A text with what no report shows of it hidden.
fn shown(path: &str, outcome: &Outcome) -> String {
    let sources = &outcome.sources;
    let mut files =
        sources.paths().filter(|(id, of)| *of == path && sources.revision(*id).is_none());
    let Some((id, source)) = files.find_map(|(id, _)| Some((id, sources.get(id)?))) else {
        return String::new();
    };
    let mut masks = outcome.report().masks();
    let mut shown = String::new();
    let mut from = 0;
    for cover in masks.of(id, source) {
        let (start, end) = (cover.span.range().start.max(from), cover.span.range().end.max(from));
        shown.push_str(source.text().get(from..start).unwrap_or_default());
        let hidden = source.text().get(start..end).unwrap_or_default();
        shown.extend(hidden.chars().map(|letter| if letter == '\n' { '\n' } else { '*' }));
        from = end;
    }
    shown + source.text().get(from..).unwrap_or_default()
}
