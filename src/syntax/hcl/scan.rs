//! What is opened in an HCL text and not closed: the library tells such a fault far below the line that is to blame.
//!
//! One pass over the tokens: comments, strings with their interpolations, heredocs, brackets.

use std::ops::Range;

use memchr::memmem::{self, find_iter};
use memchr::{memchr, memrchr};

/// What a scan found.
#[derive(Default)]
pub(super) struct Scan {
    /// Strings, heredocs and comments that are not closed: where they start, and what to say.
    pub(super) open: Vec<(usize, &'static str)>,
    /// Where lines start within no bracket, string or comment.
    pub(super) statements: Vec<usize>,
    /// The brackets that are open at the end, and `$` for an interpolation, each with its place.
    brackets: Vec<(u8, usize)>,
}

impl Scan {
    pub(super) const OPEN_HEREDOC: &str = "a heredoc is opened and never closed";
    const OPEN_STRING: &str = "a string is opened and never closed";
    const OPEN_COMMENT: &str = "a comment is opened and never closed";

    /// Scans a text up to `end`.
    pub(super) fn of(text: &str, end: usize) -> Self {
        let mut scan = Self::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at).filter(|_| at < end) {
            let rest = bytes.get(at..).unwrap_or_default();
            at = match byte {
                b'#' => line_of(text, at).end,
                b'/' if rest.starts_with(b"//") => line_of(text, at).end,
                b'/' if rest.starts_with(b"/*") => {
                    let Some(length) = memmem::find(rest, b"*/") else {
                        scan.open.push((at, Self::OPEN_COMMENT));
                        return scan;
                    };
                    at + length + 2
                }
                b'<' if rest.starts_with(b"<<") => scan.heredoc(text, at),
                b'"' => scan.string(text, at, at + 1),
                b'[' | b'(' | b'{' => {
                    scan.brackets.push((byte, at));
                    at + 1
                }
                b'}' => match scan.brackets.last() {
                    Some(&(b'$', start)) => {
                        scan.brackets.pop();
                        scan.string(text, start, at + 1)
                    }
                    _ => scan.close(b'{', at),
                },
                b']' => scan.close(b'[', at),
                b'\n' if scan.brackets.is_empty() => {
                    scan.statements.push(at + 1);
                    at + 1
                }
                b')' => scan.close(b'(', at),
                _ => at + 1,
            };
        }
        scan
    }

    /// The innermost bracket that is open.
    pub(super) fn bracket(&self) -> Option<(u8, usize)> {
        self.brackets.iter().rev().copied().find(|(bracket, _)| *bracket != b'$')
    }

    fn close(&mut self, bracket: u8, at: usize) -> usize {
        if self.brackets.last().is_some_and(|(open, _)| *open == bracket) {
            self.brackets.pop();
        }
        at + 1
    }

    /// Where the string that starts at `start` ends, read on from `at`: behind its quote, behind `${`, or at the end of an unclosed line.
    fn string(&mut self, text: &str, start: usize, mut at: usize) -> usize {
        let bytes = text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'"' => return at + 1,
                b'\\' => at += 2,
                b'\n' => break,
                b'$' | b'%' if bytes.get(at + 1) == Some(&byte) => at += 2,
                b'$' | b'%' if bytes.get(at + 1) == Some(&b'{') => {
                    self.brackets.push((b'$', start));
                    return at + 2;
                }
                _ => at += 1,
            }
        }
        self.open.push((start, Self::OPEN_STRING));
        at.max(line_of(text, start).end)
    }

    /// Where the heredoc at `at` ends; behind the `<<` where it is none.
    fn heredoc(&mut self, text: &str, at: usize) -> usize {
        let Some((word, start)) = heredoc_word(text, at) else { return at + 2 };
        let mut line_start = start;
        for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
            if ends_heredoc(line, word) {
                return line_start + line.len() - line.trim_start().len() + word.len();
            }
            line_start += line.len();
        }
        self.open.push((at, Self::OPEN_HEREDOC));
        end_of_prose(text, line_of(text, at).end)
    }
}

/// Heredocs whose end follows at once: the opener and the line of the end.
pub(super) fn heredocs_without_lines(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let found = find_iter(text.as_bytes(), b"<<").filter_map(|at| {
        let (word, start) = heredoc_word(text, at)?;
        let line = text.get(start..)?.split_inclusive('\n').next()?;
        let end = start + line.len() - line.trim_start().len() + word.len();
        ends_heredoc(line, word).then_some((at..line_of(text, at).end, start..end))
    });
    found.collect()
}

/// The word that ends the heredoc at `at`, and where its text starts.
fn heredoc_word(text: &str, at: usize) -> Option<(&str, usize)> {
    let line = line_of(text, at);
    let opener = text.get(at + 2..line.end)?;
    let word = opener.strip_prefix('-').unwrap_or(opener).trim_end();
    let is_heredoc = !word.is_empty() && word.chars().all(is_word) && line.end < text.len();
    is_heredoc.then_some((word, line.end + 1))
}

fn ends_heredoc(line: &str, word: &str) -> bool {
    line.trim_start_matches([' ', '\t'])
        .strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(is_word))
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// The start of the character that an offset stands in.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default()
}

/// The line of an offset, without its end.
pub(super) fn line_of(text: &str, offset: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let (before, behind) = bytes.split_at(offset.min(bytes.len()));
    let start = memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    start..memchr(b'\n', behind).map_or(bytes.len(), |length| before.len() + length)
}

/// The end of the lines behind the line end at `at` that are no statement of HCL.
pub(super) fn end_of_prose(text: &str, at: usize) -> usize {
    let mut end = at;
    for line in text.get(at + 1..).unwrap_or_default().split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed == "}" || trimmed.contains(" = ") || trimmed.ends_with('{')
        {
            break;
        }
        end += line.len();
    }
    end.min(text.len())
}
