//! Where the comments of a file are: told from the same text within a string by the marks, quotes and here-documents of its format.
//!
//! A scan over the bytes, made only for files in which somebody speaks to this tool. Where it is in doubt it finds no comment: a text that
//! only looks like one must not silence anything.

mod lexis;
pub(crate) mod tree;

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::source::Span;
pub use lexis::Lexis;
use lexis::{Before, Documents, Quote};

/// What a comment for this tool begins with.
pub const REMARK: &str = "commerce-lint:";

/// A comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// All of it, marks included.
    pub at: Span,
    /// What it says, without marks and blanks.
    pub text: Span,
    /// Whether nothing but blanks stands before it on its line.
    pub alone: bool,
}

/// The comments that begin with a word.
#[must_use]
pub fn scan(lexis: &Lexis, text: &str, word: &str) -> Vec<Comment> {
    let (pending, found) = (Vec::new(), Vec::new());
    let mut scanner = Scanner { lexis, text, at: 0, pending, found, word, failures: 0 };
    if lexis.tags {
        scanner.skip_to_tag();
    }
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.found
}

/// The comment in a range, if it begins with a word; the marks that open and close it are cut off.
#[must_use]
pub fn comment(text: &str, range: Range<usize>, close: &str, word: &str) -> Option<Comment> {
    let whole = text.get(range.clone())?;
    let inner = whole.strip_suffix(close).unwrap_or(whole);
    let inner =
        inner.trim_end_matches(|c: char| c.is_whitespace() || !close.is_empty() && c == '*');
    let said = inner.trim_start_matches(|c: char| c.is_whitespace() || "#/;*-!<".contains(c));
    if !said.starts_with(word) {
        return None;
    }
    let start = range.start + inner.len() - said.len();
    let mut before =
        text.get(..range.start)?.chars().rev().skip_while(|&c| c != '\n' && c.is_whitespace());
    Some(Comment {
        at: Span::new(range.start, range.end),
        text: Span::new(start, start + said.len()),
        alone: before.next().is_none_or(|c| c == '\n'),
    })
}

struct Scanner<'a> {
    lexis: &'a Lexis,
    text: &'a str,
    at: usize,
    /// The ends of the here-documents that start on the next line: each with whether it may be indented.
    pending: Vec<(&'a str, bool)>,
    found: Vec<Comment>,
    word: &'a str,
    /// How many quotes, comments and here-documents never end.
    failures: usize,
}

impl<'a> Scanner<'a> {
    fn step(&mut self) {
        let rest = self.rest();
        let first = rest.as_bytes().first().copied().unwrap_or_default();
        if first == b'\n' {
            self.at += 1;
            self.skip_documents();
        } else if self.skip_line_comment() || self.skip_block_comment() {
        } else if let Some(quote) = self.quote() {
            match self.quoted(quote) {
                Some(end) => self.at = end,
                None => self.give_up(),
            }
        } else if self.lexis.tags && rest.starts_with("?>") {
            self.skip_to_tag();
        } else if self.lexis.escapes && first == b'\\' {
            // Also over a line's end: what follows is part of this line.
            self.at += 2;
        } else if let Some(length) = self.document() {
            self.at += length;
        } else {
            self.at += 1;
        }
        while !self.text.is_char_boundary(self.at) && self.at < self.text.len() {
            self.at += 1;
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        memchr(b'\n', rest).map_or(self.text.len(), |end| from + end)
    }

    fn skip_line_comment(&mut self) -> bool {
        let rest = self.rest();
        let may_follow = |before: Before| match before {
            Before::Anything => true,
            Before::Blank(signs) => self.is_behind(signs),
            Before::Sign(signs) => {
                let before = self.text.get(..self.at).unwrap_or_default().chars().rev();
                let mut signs_before = before.skip_while(|&c| c != '\n' && c.is_whitespace());
                signs_before.next().is_none_or(|c| c == '\n' || signs.contains(c))
            }
        };
        let is_at = |mark: &&(&str, Before, &[&str])| {
            let behind = rest.strip_prefix(mark.0);
            behind.is_some_and(|behind| !mark.2.iter().any(|not| behind.starts_with(not)))
                && may_follow(mark.1)
        };
        if !self.lexis.line.iter().any(|mark| is_at(&mark)) {
            return false;
        }
        let mut end = self.line_end(self.at);
        if self.lexis.tags {
            let line = self.text.get(self.at..end).unwrap_or_default();
            end = line.find("?>").map_or(end, |tag| self.at + tag);
        }
        self.keep(end, "");
        true
    }

    fn skip_block_comment(&mut self) -> bool {
        let Some((open, close)) = self.lexis.block else { return false };
        let rest = self.rest();
        if !rest.starts_with(open) || rest.starts_with("/*!") {
            return false;
        }
        let body = rest.get(open.len()..).unwrap_or_default();
        match memmem::find(body.as_bytes(), close.as_bytes()) {
            Some(end) => self.keep(self.at + open.len() + end + close.len(), close),
            None => self.give_up(),
        }
        true
    }

    fn keep(&mut self, end: usize, close: &str) {
        self.found.extend(comment(self.text, self.at..end, close, self.word));
        self.at = end;
    }

    /// The quote that opens here.
    fn quote(&self) -> Option<&'a Quote> {
        let rest = self.rest();
        let quote = self.lexis.quotes.iter().find(|quote| rest.starts_with(quote.open))?;
        (quote.behind.is_empty() || self.is_behind(quote.behind)).then_some(quote)
    }

    /// Whether a blank or one of these characters stands before.
    fn is_behind(&self, signs: &str) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default().chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || signs.contains(c))
    }

    /// Passes over the line of something that never ends; over the rest of the file where that happens too often.
    fn give_up(&mut self) {
        self.failures += 1;
        self.at =
            if self.failures > MAX_FAILURES { self.text.len() } else { self.line_end(self.at) };
    }

    /// One past the end of a quoted text; nothing where it is not closed where it should be.
    fn quoted(&self, quote: &'a Quote) -> Option<usize> {
        // What closes each text and each piece of code in it that is open; true for code.
        let mut open = vec![(quote.close, false)];
        let mut at = self.at + quote.open.len();
        while let Some(&(close, is_code)) = open.last() {
            let rest = self.text.as_bytes().get(at..).filter(|rest| !rest.is_empty())?;
            if rest.starts_with(close.as_bytes()) {
                open.pop();
                at += close.len();
            } else if rest.first() == Some(&b'\\') && quote.escapes {
                at += 2;
            } else if rest.first() == Some(&b'\n') && !quote.lines {
                return None;
            } else if is_code && rest.starts_with(quote.open.as_bytes()) {
                open.push((quote.close, false));
                at += quote.open.len();
            } else if let Some((mark, close)) =
                quote.code.iter().find(|(mark, _)| rest.starts_with(mark.as_bytes()))
                && open.len() < MAX_NESTING
            {
                open.push((close, true));
                at += mark.len();
            } else {
                at += 1;
            }
        }
        Some(at)
    }

    /// The length of what announces a here-document.
    fn document(&mut self) -> Option<usize> {
        let sign = match self.lexis.documents {
            Documents::None => return None,
            Documents::Shell => "<<",
            Documents::Php => "<<<",
        };
        let rest = self.rest().strip_prefix(sign)?;
        if sign == "<<" && rest.starts_with('<') {
            return Some(3);
        }
        let indent = rest.strip_prefix(['-', '~']);
        let name = indent.unwrap_or(rest).trim_start_matches([' ', '\t']);
        let name = name.trim_start_matches(['"', '\'', '\\']);
        let length =
            name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let end = name.get(..length)?;
        if !end.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        self.pending.push((end, indent.is_some() || sign == "<<<"));
        let behind = name.get(length..)?;
        let quote = usize::from(behind.starts_with(['"', '\'']));
        Some(self.rest().len() - behind.len() + quote)
    }

    /// Skips the here-documents announced on the line that just ended; one that never ends is none.
    fn skip_documents(&mut self) {
        for (name, may_indent) in std::mem::take(&mut self.pending) {
            let mut end = self.at;
            let is_php = self.lexis.documents == Documents::Php;
            let found = self.rest().split_inclusive('\n').any(|line| {
                end += line.len();
                let line = if may_indent { line.trim_start_matches([' ', '\t']) } else { line };
                let Some(behind) = line.strip_prefix(name) else { return false };
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                if !is_php {
                    return behind.trim_end_matches(['\r', '\n']).is_empty();
                }
                let is_end = !behind.starts_with(is_name);
                if is_end {
                    // Code goes on behind it.
                    end -= behind.len();
                }
                is_end
            });
            if found {
                self.at = end;
            } else {
                self.failures += 1;
            }
        }
        if self.failures > MAX_FAILURES {
            self.at = self.text.len();
        }
    }

    fn skip_to_tag(&mut self) {
        let rest = self.rest();
        let opens = ["<?php", "<?="].iter().filter_map(|tag| Some(rest.find(tag)? + tag.len()));
        self.at = opens.min().map_or(self.text.len(), |length| self.at + length);
    }
}

/// How deep code in texts in code is followed.
const MAX_NESTING: usize = 32;

/// How many ends are looked for in vain, each to the end of the file.
const MAX_FAILURES: usize = 32;

#[cfg(test)]
mod tests;
