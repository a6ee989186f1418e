//! A comment for a merge request, or a summary of a pipeline: figures, a table, details to unfold.
//!
//! Nothing that comes from the tree is read as Markdown, HTML, a mention or a reference. The comment is never longer than what GitHub takes
//! of one; what does not fit is counted.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io;

use super::prose::place;
use super::{Report, Reporter, count, printable};
use crate::mask;
use crate::rule::{Diagnostic, Severity};
use crate::sources::Sources;

/// The `markdown` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown;

/// The longest comment, in bytes; GitHub takes 65,536 characters.
const LONGEST: usize = 65_000;

/// The most bytes of the table; the rest is for the details.
const TABLE: usize = 32_000;

/// The longest text of one message or help, in characters.
const LONGEST_TEXT: usize = 1_000;

/// How many of the other places the details name.
const MAX_PLACES: usize = 24;

impl Reporter for Markdown {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        // A bot finds its own comment by this line.
        let mut text = format!("<!-- commerce-lint -->\n**commerce-lint**: {}\n", run.closing());
        if !run.diagnostics.is_empty() {
            text.push_str("\n| severity | rule | place | finding |\n| --- | --- | --- | --- |\n");
            // Where not all have room, errors have it first.
            let mut found: Vec<&Diagnostic> = run.diagnostics.iter().collect();
            found.sort_by_key(|found| Reverse(found.severity));
            let rows = found.iter().map(|found| row(found, run.sources));
            let left_out = fill(&mut text, rows, TABLE);
            if left_out > 0 {
                let _ = write!(text, "\n… and {}.\n", count(left_out, "more finding"));
            }
            text.push('\n');
            let details = found.iter().map(|found| details(found, run.sources));
            // Room for the line on what is left out.
            let left_out = fill(&mut text, details, LONGEST - 100);
            if left_out > 0 {
                let _ = writeln!(text, "… and the details of {}.", count(left_out, "more finding"));
            }
        }
        let announced =
            run.intended().map(|one| format!("\n- {}\n", words(&super::announced(one))));
        fill(&mut text, announced, LONGEST);
        out.write_all(text.as_bytes())
    }
}

/// Adds pieces up to a length; how many are left out.
fn fill(text: &mut String, pieces: impl Iterator<Item = String>, longest: usize) -> usize {
    let mut left_out = 0;
    for piece in pieces {
        if left_out == 0 && text.len() + piece.len() <= longest {
            text.push_str(&piece);
        } else {
            left_out += 1;
        }
    }
    left_out
}

fn row(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let finding = &diagnostic.finding;
    let sign = match diagnostic.severity {
        Severity::Error => "🔴",
        Severity::Warning => "🟡",
    };
    let rule = code(&diagnostic.rule);
    let at = code(&place(finding.primary.at, sources));
    let trend = diagnostic.trend.map_or_else(String::new, |trend| format!(", {}", trend.word()));
    let severity = diagnostic.severity.word().to_owned() + &trend;
    format!("| {sign} {severity} | {rule} | {at} | {} |\n", words(&finding.message))
}

fn details(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let finding = &diagnostic.finding;
    let rule = code(&diagnostic.rule);
    let at = code(&place(finding.primary.at, sources));
    let mut text =
        format!("<details><summary>{rule} {at}</summary>\n\n{}\n", words(&finding.message));
    for label in finding.related.iter().take(MAX_PLACES) {
        let at = code(&place(label.at, sources));
        let _ = write!(text, "\n- {at} {}", words(&label.text));
    }
    let left_out = finding.related.len().saturating_sub(MAX_PLACES);
    if left_out > 0 {
        let _ = write!(text, "\n- … and {}", count(left_out, "more place"));
    }
    if !finding.related.is_empty() {
        text.push('\n');
    }
    if !finding.help.is_empty() {
        let _ = write!(text, "\n**Help:** {}\n", words(&finding.help));
    }
    text + "\n</details>\n\n"
}

/// Text in which only pairs of backticks mean something: what stands between them is code.
fn words(text: &str) -> String {
    // What could be a key is hidden before it is cut: its beginning alone may not be known for one.
    let masked = mask::text(text);
    let text = match masked.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", masked.get(..end).unwrap_or_default()),
        None => masked,
    };
    let pieces: Vec<&str> = text.trim_start().split('`').collect();
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        let is_closed = at + 1 < pieces.len();
        if at % 2 == 1 && is_closed {
            out.push_str(&code(piece));
        } else {
            // A sign that could begin a mention or a reference is code, and what follows it is not.
            let piece = printable::text(piece);
            for (at, letter) in piece.char_indices() {
                // GitLab makes links of text that is no Markdown any more.
                let is_scheme =
                    letter == ':' && piece.get(at..).is_some_and(|rest| rest.starts_with("://"));
                if is_scheme || "@#!~$%^&".contains(letter) {
                    let _ = write!(out, "<code>&#{};</code>", u32::from(letter));
                } else {
                    push(&mut out, letter);
                }
            }
        }
    }
    // Nor does a list begin with it, or a command of GitLab's.
    match out.chars().next().filter(|first| "-/".contains(*first)) {
        Some(first) => format!("&#{};{}", u32::from(first), out.get(1..).unwrap_or_default()),
        None => out,
    }
}

/// Text as code, in HTML: a backtick within ends nothing.
fn code(text: &str) -> String {
    let mut out = "<code>".to_owned();
    printable::text(text).chars().for_each(|letter| push(&mut out, letter));
    out + "</code>"
}

/// Nothing of ASCII but what is plain text in Markdown and HTML alike stands as itself.
fn push(out: &mut String, letter: char) {
    if letter.is_ascii_punctuation() && !"-,/()='\"?;".contains(letter) {
        let _ = write!(out, "&#{};", u32::from(letter));
    } else {
        out.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pairs_of_backticks_mean_something() {
        assert_eq!(words("a `b|c` d"), "a <code>b&#124;c</code> d");
        assert_eq!(words("`a` `b"), "<code>a</code> b");
        assert_eq!(words("<b> [x](y) *z*"), "&#60;b&#62; &#91;x&#93;(y) &#42;z&#42;");
        assert_eq!(words("cc @team #1"), "cc <code>&#64;</code>team <code>&#35;</code>1");
        assert_eq!(words(" - a-b"), "&#45; a-b");
        assert_eq!(words("/close"), "&#47;close");
        assert_eq!(words("a: http://x.y"), "a&#58; http<code>&#58;</code>//x&#46;y");
        assert_eq!(code("a`b\n"), "<code>a&#96;b&#92;n</code>");
        assert_eq!(words(&"é".repeat(2_000)).chars().count(), 1_001);
    }
}
