//! The faults of a TOML file: what is said of each, and how the text is mended for another try.
//!
//! A line is mended by blanks of the same length. Nothing of the file goes into a message.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use memchr::memchr_iter;
use toml::de::{DeTable, DeValue};

use crate::source::{Location, SourceId};
use crate::syntax::Problem;

/// How many problems of one file are told.
pub(super) const MAX_PROBLEMS: usize = 32;

/// What is said of keys and brackets that the library, or the tree, has no room for.
pub(super) const TOO_DEEP: &str = "tables or keys are nested too deep to be read";

/// The faults of a file, by line.
pub(super) struct Faults<'a> {
    text: &'a str,
    line_starts: Vec<usize>,
    /// A line without words of its own continues the fault above it.
    by_line: BTreeMap<usize, Option<(Range<usize>, &'static str)>>,
    blanked: BTreeSet<usize>,
}

impl<'a> Faults<'a> {
    /// Starts without a fault.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, line_starts: Vec::new(), by_line: BTreeMap::new(), blanked: BTreeSet::new() }
    }

    /// Takes down the errors of one round; the text to try next, unless another round would not find more.
    pub(super) fn repair(
        &mut self,
        masked: &str,
        table: &DeTable<'_>,
        errors: &[toml::de::Error],
        round: usize,
    ) -> Option<String> {
        let end = masked.trim_end().len();
        let takes_the_rest = |error: &toml::de::Error| {
            let message = error.message();
            message.starts_with("unclosed inline table")
                || message.starts_with("unclosed array,")
                || (message.starts_with("invalid multi-line")
                    && error.span().is_some_and(|span| span.start >= end))
        };
        let last = errors
            .iter()
            .find(|error| takes_the_rest(error))
            .and_then(|error| Some((last_statement(table)?, error)));
        let mut next = Cow::Borrowed(masked);
        let limit = last.as_ref().map_or(usize::MAX, |(start, _)| *start);
        for error in errors {
            let end = self.text.len();
            let Range { start, end } = error.span().unwrap_or(end..end);
            let message = error.message();
            if start < limit {
                let stops = STOPPING.iter().any(|stop| message.starts_with(stop));
                self.add(start..end, own_words(message), round > 1 && stops);
                if stops {
                    self.blank(&mut next, start);
                }
            }
        }
        if let Some((start, error)) = last {
            self.add(start..start + 1, own_words(error.message()), false);
            let opener =
                masked.get(start..start + 3).filter(|quotes| ["\"\"\"", "'''"].contains(quotes));
            if opener.is_some() {
                // A string that ends with its line is read, so one quote is left; its other lines are no statements.
                next.to_mut().replace_range(start..start + 2, "  ");
                self.blank_prose(&mut next, start);
            } else {
                self.blank(&mut next, start);
            }
        }
        match next {
            Cow::Owned(next) => Some(next),
            Cow::Borrowed(_) => None,
        }
    }

    /// Blanks the lines below `at` up to one that can be a statement, a header or a comment, or is empty.
    fn blank_prose(&mut self, masked: &mut Cow<'_, str>, at: usize) {
        let first = self.line(at) + 1;
        for start in self.line_starts.get(first..).unwrap_or_default().to_vec() {
            let line =
                self.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
            let line = line.trim();
            let is_statement =
                line.split_once('=').is_some_and(|(_, value)| !value.trim_matches('=').is_empty());
            if line.is_empty() || line.starts_with(['[', '#']) || is_statement {
                break;
            }
            self.blank(masked, start);
        }
    }

    pub(super) fn add(&mut self, at: Range<usize>, message: &'static str, may_continue: bool) {
        let line = self.line(at.start);
        let continues = may_continue
            && line.checked_sub(1).is_some_and(|above| self.by_line.contains_key(&above));
        self.by_line.entry(line).or_insert_with(|| (!continues).then_some((at, message)));
    }

    /// Overwrites the line of `at` with blanks.
    pub(super) fn blank(&mut self, masked: &mut Cow<'_, str>, at: usize) {
        let line = self.line(at);
        let start = self.line_starts.get(line).copied().unwrap_or_default();
        let end = self.line_starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        if self.blanked.insert(line) {
            masked.to_mut().replace_range(start..end, &" ".repeat(end - start));
        }
    }

    fn line(&mut self, at: usize) -> usize {
        if self.line_starts.is_empty() {
            let ends = memchr_iter(b'\n', self.text.as_bytes());
            self.line_starts = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
        }
        self.line_starts.partition_point(|&start| start <= at).saturating_sub(1)
    }

    pub(super) fn problems(&self, id: SourceId) -> Vec<Problem> {
        let told = self.by_line.values().flatten().take(MAX_PROBLEMS);
        let boundary = |at: usize| {
            (0..=at).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or_default()
        };
        told.map(|(at, message)| Problem {
            at: Location::new(id, boundary(at.start), boundary(at.end)),
            message: (*message).to_owned(),
        })
        .collect()
    }
}

/// How the library's messages start where it drops what follows.
const STOPPING: &[&str] = &[
    "key with no value",
    "missing value for key",
    "unclosed table",
    "unclosed array table",
    "invalid table",
    "invalid key-value pair",
    "missing table open",
    "extra `=`",
];

/// Says what is wrong without a word of the file.
fn own_words(message: &str) -> &'static str {
    const WORDS: &[(&str, &str)] = &[
        ("duplicate key", "this key is set already"),
        ("cannot extend", "this key holds a value already and is no table"),
        ("key with no value", "this line is neither `key = value` nor the header of a table"),
        ("extra `=`", "this line is neither `key = value` nor the header of a table"),
        ("invalid table", "this is no header of a table"),
        ("missing table", "this is no header of a table"),
        ("missing value", "a value is missing behind a key"),
        ("unclosed table", "the header of a table is not closed"),
        ("unclosed array table", "the header of a table is not closed"),
        ("invalid multi-line", "a string is opened and never closed, or holds what no string may"),
        (
            "invalid basic string",
            "a string is opened and never closed, or holds what no string may",
        ),
        (
            "invalid literal string",
            "a string is opened and never closed, or holds what no string may",
        ),
        ("missing escaped", "a string holds an escape that TOML does not know"),
        ("missing comma", "a comma is missing"),
        ("extra comma", "a comma separates nothing"),
        ("string values must", "text stands outside quotes"),
        ("unexpected key or value", "text stands behind a value"),
        ("unquoted keys", "a key is missing"),
        ("invalid unquoted key", "a key holds what only a quoted key may"),
        ("cannot recurse", TOO_DEEP),
        ("recursion limit", TOO_DEEP),
        ("unclosed", "a bracket is opened and never closed"),
        ("invalid", "this is no value of TOML"),
        ("unexpected leading", "this is no value of TOML"),
    ];
    WORDS
        .iter()
        .find(|(start, _)| message.starts_with(start))
        .map_or("this is no TOML", |(_, words)| words)
}

/// Where the value of the last `key = value` of a document starts.
fn last_statement(table: &DeTable<'_>) -> Option<usize> {
    let mut last = None;
    let mut tables = vec![table];
    while let Some(table) = tables.pop() {
        for (key, value) in table {
            let start = value.span().start;
            match value.get_ref() {
                // The span of a table that is not written in braces is its header, or its key.
                DeValue::Table(inner) if start <= key.span().start => tables.push(inner),
                DeValue::Array(items) if start < key.span().start => {
                    tables.extend(items.iter().filter_map(|item| item.get_ref().as_table()));
                }
                _ => last = last.max(Some(start)),
            }
        }
    }
    last
}
