//! The faults of an HCL file: what is said of each, and how the text is mended for another try.
//!
//! A line is mended by blanks of the same length. Nothing of the file goes into a message.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::parser::{Error, parse_body};
use hcl_edit::structure::Body;
use memchr::memchr2_iter;

use super::limits::{MAX_KEYS, MAX_PROBLEMS, TOO_DEEP, TOO_MANY};
use super::scan::{Scan, boundary, end_of_prose, heredocs_without_lines, line_of};
use crate::source::{Location, SourceId};
use crate::syntax::Problem;

/// How many lines of a file are mended.
const MAX_LINES: usize = 32;

/// How deep the library reads, which is how many braces can be missing at the end.
const MAX_OPEN: usize = 64;

const UNCLOSED: &str = "a bracket is opened and never closed";

/// Parses a text, without its broken lines where it has some.
pub(super) fn parse(id: SourceId, text: &str) -> (Option<Body>, Vec<Problem>) {
    let mut faults = Faults { text, masked: Cow::Borrowed(text), by_line: BTreeMap::new() };
    if memchr2_iter(b'=', b':', text.as_bytes()).count() > MAX_KEYS {
        faults.add(0, TOO_MANY);
        return (None, faults.problems(id));
    }
    // The library reads on to the next heredoc of that name.
    for (opener, body) in heredocs_without_lines(text) {
        faults.blank(body);
        faults.masked.to_mut().replace_range(opener.start..opener.start + 2, "\"\"");
        faults.blank(opener.start + 2..opener.end);
    }
    let mut body = None;
    for round in 0..MAX_LINES + MAX_OPEN {
        match parse_body(&faults.masked) {
            Ok(parsed) => {
                body = Some(parsed);
                break;
            }
            Err(error) if faults.mend(&error, round == 0) => {}
            Err(_) => break,
        }
    }
    (body, faults.problems(id))
}

struct Faults<'a> {
    text: &'a str,
    masked: Cow<'a, str>,
    /// The first fault of each line, by the line's start.
    by_line: BTreeMap<usize, (usize, &'static str)>,
}

impl Faults<'_> {
    /// Mends the text where the library gave up; says whether another try makes sense.
    fn mend(&mut self, error: &Error, is_first: bool) -> bool {
        if is_first {
            let open = Scan::of(self.text, self.text.len()).open;
            if !open.is_empty() {
                for (at, message) in open.into_iter().take(MAX_LINES) {
                    self.add(at, message);
                    let line = line_of(self.text, at);
                    let has_prose = message == Scan::OPEN_HEREDOC;
                    let end = if has_prose { end_of_prose(self.text, line.end) } else { line.end };
                    self.blank(line.start..end);
                }
                return true;
            }
        }
        let offset = error.location().offset();
        if is_at_end(&self.masked, error) {
            let opener = Scan::of(&self.masked, self.masked.len()).bracket();
            return match opener {
                Some((b'{', at)) if self.masked.len() < self.text.len() + 2 * MAX_OPEN => {
                    self.add(at, UNCLOSED);
                    self.masked.to_mut().push_str("\n}");
                    true
                }
                Some((_, at)) => self.drop_line(at, UNCLOSED),
                None => false,
            };
        }
        let line = line_of(&self.masked, offset);
        let opener = Scan::of(&self.masked, offset).bracket();
        let written = self.masked.get(line.clone()).unwrap_or_default().trim_start();
        match opener {
            Some((b'[' | b'(', at)) if at < line.start && ends_list(written) => {
                self.drop_line(at, UNCLOSED)
            }
            _ => self.drop_line(offset, own_words(error.message())),
        }
    }

    /// Blanks the line of an offset; says whether that changed anything, and whether more may be blanked.
    fn drop_line(&mut self, at: usize, message: &'static str) -> bool {
        self.add(at, message);
        let line = line_of(&self.masked, at);
        self.blank(line) && self.by_line.len() < MAX_LINES
    }

    fn add(&mut self, at: usize, message: &'static str) {
        let at = boundary(self.text, at);
        let line = line_of(self.text, at).start;
        self.by_line.entry(line).or_insert((at, message));
    }

    /// Overwrites a range by blanks, its line ends kept; says whether that changed anything.
    fn blank(&mut self, range: Range<usize>) -> bool {
        let part = self.masked.get(range.clone()).unwrap_or_default();
        if part.trim().is_empty() {
            return false;
        }
        let keep = |byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
        let blanks: String = part.bytes().map(keep).collect();
        self.masked.to_mut().replace_range(range, &blanks);
        true
    }

    fn problems(&self, id: SourceId) -> Vec<Problem> {
        let told = self.by_line.values().map(|&(at, message)| {
            let length = self.text.get(at..).and_then(|rest| rest.chars().next());
            let end = at + length.map_or(0, char::len_utf8);
            Problem { at: Location::new(id, at, end), message: message.to_owned() }
        });
        told.take(MAX_PROBLEMS).collect()
    }
}

/// Whether the library ran into the end of the text; it tells the last byte's offset then, and the column behind it.
fn is_at_end(text: &str, error: &Error) -> bool {
    let offset = error.location().offset();
    let line = line_of(text, offset);
    let before = text.get(line.start..boundary(text, offset + 1)).unwrap_or_default();
    text.get(offset..).is_none_or(|rest| rest.trim().is_empty())
        || offset + 1 >= text.len() && error.location().column() > before.chars().count()
}

/// Whether a line can be no item of a list: it starts a statement, or closes a block.
fn ends_list(line: &str) -> bool {
    let name =
        line.trim_start_matches(|letter: char| letter.is_alphanumeric() || "_-".contains(letter));
    let assigns = name.trim_start();
    line.starts_with('}')
        || name.len() < line.len() && assigns.starts_with('=') && !assigns.starts_with("==")
}

/// Says what is wrong without a word of the file.
fn own_words(message: &str) -> &'static str {
    const WORDS: &[(&str, &str)] = &[
        ("nesting depth", TOO_DEEP),
        ("operator depth", TOO_DEEP),
        ("unique", "this key is set already"),
        ("heredoc", Scan::OPEN_HEREDOC),
        ("escape", "a string holds an escape that HCL does not know"),
        ("unicode", "a string holds an escape that HCL does not know"),
        ("object item", "a line break or a comma is missing behind a value"),
        ("newline", "text stands behind a value"),
    ];
    WORDS
        .iter()
        .find(|(word, _)| message.contains(word))
        .map_or("this is no attribute and no block", |(_, words)| words)
}
