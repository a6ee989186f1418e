//! The lines of a finding's places, masked, with the words on each place below its line.

use std::fmt::Write as _;

use super::escape::{coded, html};
use crate::report::excerpt::{Block, Excerpt, Mark};

/// Every block of an excerpt.
#[must_use]
pub(super) fn snippets(excerpt: &Excerpt) -> String {
    let mut out = String::new();
    for block in &excerpt.blocks {
        let _ = write!(
            out,
            "<figure class=\"snippet\"><figcaption>{}</figcaption><pre>",
            html(&block.path)
        );
        lines(excerpt, block, &mut out);
        out.push_str("</pre></figure>\n");
    }
    if excerpt.left_out > 0 {
        let _ = writeln!(out, "<p class=\"quiet\">… and {} more places.</p>", excerpt.left_out);
    }
    out
}

fn lines(excerpt: &Excerpt, block: &Block, out: &mut String) {
    let mut start = block.range.start;
    let text = excerpt.text.get(block.range.clone()).unwrap_or_default();
    for (line, number) in text.split_inclusive('\n').zip(block.first_line..) {
        let end = start + line.trim_end_matches('\n').len();
        let is_here = |mark: &&Mark| start <= mark.range.start && mark.range.start <= end;
        let mut marks: Vec<&Mark> = excerpt.marks.iter().filter(is_here).collect();
        marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
        let hit = if marks.is_empty() { "" } else { " hit" };
        let _ = write!(out, "<span class=\"line{hit}\"><span class=\"no\">{number}</span>");
        marked(excerpt, start..end, &marks, out);
        out.push_str("</span>\n");
        for mark in marks.iter().filter(|mark| !mark.words.is_empty()) {
            let _ = writeln!(
                out,
                "<span class=\"say{}\">{}:{}: {}</span>",
                primary(mark.primary),
                mark.line,
                mark.column,
                coded(&mark.words)
            );
        }
        start += line.len();
    }
}

/// A line cut at the ends of its marks, each piece within one marked.
fn marked(excerpt: &Excerpt, line: std::ops::Range<usize>, marks: &[&Mark], out: &mut String) {
    let ends = marks.iter().flat_map(|mark| [mark.range.start, mark.range.end]);
    let mut cuts: Vec<usize> = ends.chain([line.start, line.end]).collect();
    cuts.retain(|cut| line.start <= *cut && *cut <= line.end);
    cuts.sort_unstable();
    cuts.dedup();
    for piece in cuts.windows(2) {
        let &[from, to] = piece else { continue };
        let text = html(excerpt.text.get(from..to).unwrap_or_default());
        let covers = |mark: &&&Mark| mark.range.start <= from && to <= mark.range.end;
        let mut covering = marks.iter().filter(covers).peekable();
        if covering.peek().is_none() {
            out.push_str(&text);
        } else {
            let class = primary(covering.any(|mark| mark.primary));
            let _ = write!(out, "<mark class=\"place{class}\">{text}</mark>");
        }
    }
}

fn primary(is: bool) -> &'static str {
    if is { " primary" } else { "" }
}
