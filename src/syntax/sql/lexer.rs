//! The words of `MySQL`, and the fast way past what nobody asks for.
//!
//! Source: the reference manual of `MySQL`, *Language Structure*. A string that is never closed ends its statement: reading goes on with the next
//! line, so that one forgotten quote does not swallow a file.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

/// What a lexeme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword or a plain name.
    Word,
    /// A name in backticks.
    Name,
    /// A string, in either quote.
    Text,
    /// A number without its sign.
    Number,
    /// Any other character.
    Sign(u8),
    /// A string that is never closed; an [`Kind::End`] follows.
    Broken,
    /// The delimiter, or the end of the text.
    End,
}

/// A word of the language with its place.
#[derive(Clone, Copy, Debug)]
pub struct Lexeme {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

impl Lexeme {
    /// Its bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Takes a text apart, statement by statement.
pub struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    delimiter: &'a [u8],
    has_ended: bool,
    peeked: Option<Lexeme>,
}

impl<'a> Lexer<'a> {
    /// Starts at the start of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            delimiter: b";",
            has_ended: false,
            peeked: None,
        }
    }

    /// Goes to the next statement; says whether there is one.
    pub fn begin(&mut self) -> bool {
        self.has_ended = false;
        self.peeked = None;
        loop {
            self.skip_blanks();
            if !self.is_at_delimiter() {
                return self.at < self.bytes.len();
            }
            self.at += self.delimiter.len();
        }
    }

    /// The next lexeme, which stays the next.
    pub fn peek(&mut self) -> Lexeme {
        if let Some(lexeme) = self.peeked {
            return lexeme;
        }
        let lexeme = self.read();
        self.peeked = Some(lexeme);
        lexeme
    }

    /// The next lexeme; behind the last of a statement always an [`Kind::End`].
    pub fn next(&mut self) -> Lexeme {
        let lexeme = self.peek();
        self.peeked = None;
        lexeme
    }

    /// Whether nothing of the text is left, not even the delimiter of a statement.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len() && !self.bytes.trim_ascii_end().ends_with(self.delimiter)
    }

    /// The text of a lexeme.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// Reads the rest of a `DELIMITER` line.
    pub fn set_delimiter(&mut self) {
        let end = self.line_end(self.at);
        let word = self.slice(self.at..end).trim();
        let word = word.split_ascii_whitespace().next().unwrap_or(";");
        self.delimiter = word.as_bytes();
        self.at = end;
        self.peeked = None;
        self.has_ended = true;
    }

    /// Goes to the end of the statement; returns the place of a string that is never closed, and goes on behind its line.
    pub fn skip(&mut self) -> Option<Range<usize>> {
        // A statement that was peeked to its end has none left.
        if self.peeked.take().is_some_and(|lexeme| lexeme.kind == Kind::End) {
            self.has_ended = true;
        }
        let last = self.delimiter.first().copied().unwrap_or(b';');
        while !self.has_ended && self.at < self.bytes.len() {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let is_telling = |byte: &u8| {
                *byte == last || matches!(byte, b'\'' | b'"' | b'`' | b'-' | b'#' | b'/')
            };
            self.at += rest.iter().position(is_telling).unwrap_or(rest.len());
            if self.is_at_delimiter() {
                self.at += self.delimiter.len();
                return None;
            }
            match self.bytes.get(self.at) {
                Some(&quote @ (b'\'' | b'"' | b'`')) => {
                    let open = self.at;
                    if let Some(end) = self.closed(quote, open) {
                        self.at = end;
                    } else {
                        let end = self.line_end(open);
                        self.at = end;
                        return Some(open..end);
                    }
                }
                Some(_) if !self.skip_comment() => self.at += 1,
                _ => {}
            }
        }
        None
    }

    fn read(&mut self) -> Lexeme {
        self.skip_blanks();
        let start = self.at;
        if self.has_ended || start >= self.bytes.len() {
            self.has_ended = true;
            return Lexeme { kind: Kind::End, start, end: start };
        }
        if self.is_at_delimiter() {
            self.at += self.delimiter.len();
            self.has_ended = true;
            return Lexeme { kind: Kind::End, start, end: start };
        }
        let first = self.bytes.get(start).copied().unwrap_or_default();
        let kind = match first {
            b'\'' | b'"' => return self.string(first),
            b'`' => {
                self.at = self.closed(b'`', start).unwrap_or_else(|| self.line_end(start));
                Kind::Name
            }
            _ if is_word(first) => {
                while self.is_in_word() || first.is_ascii_digit() && self.is_fraction() {
                    self.at += 1;
                }
                let word = self.bytes.get(start..self.at).unwrap_or_default();
                let is_number = word.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
                if is_number { Kind::Number } else { Kind::Word }
            }
            _ => {
                self.at += 1;
                Kind::Sign(first)
            }
        };
        Lexeme { kind, start, end: self.at }
    }

    fn is_in_word(&self) -> bool {
        self.bytes.get(self.at).copied().is_some_and(is_word) && !self.is_at_delimiter()
    }

    fn is_fraction(&self) -> bool {
        self.bytes.get(self.at) == Some(&b'.')
            && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit)
    }

    fn string(&mut self, quote: u8) -> Lexeme {
        let start = self.at;
        if let Some(end) = self.closed(quote, start) {
            let Some(line) = self.next_statement(start, end) else {
                self.at = end;
                return Lexeme { kind: Kind::Text, start, end };
            };
            self.at = line;
        } else {
            self.at = self.line_end(start);
        }
        self.has_ended = true;
        Lexeme { kind: Kind::Broken, start, end: self.line_end(start) }
    }

    /// One past the quote that closes what is opened at `open`.
    fn closed(&self, quote: u8, open: usize) -> Option<usize> {
        let mut at = open + 1;
        loop {
            let rest = self.bytes.get(at..)?;
            at += if quote == b'`' { memchr(quote, rest)? } else { memchr2(quote, b'\\', rest)? };
            if self.bytes.get(at) == Some(&b'\\') || self.bytes.get(at + 1) == Some(&quote) {
                at += 2;
            } else {
                return Some(at + 1);
            }
        }
    }

    /// Where inside a string a line ends a statement and the next one starts another: the string was never meant to go that far.
    fn next_statement(&self, start: usize, end: usize) -> Option<usize> {
        let inside = self.slice(start..end);
        memmem::find_iter(inside.as_bytes(), b";").find_map(|at| {
            let rest = inside.get(at + 1..)?.trim_start_matches([' ', '\t', '\r']);
            let line = rest.strip_prefix('\n')?.trim_start();
            let word = line.split(|c: char| !c.is_ascii_alphabetic()).next()?;
            let is_verb = VERBS.split_whitespace().any(|verb| word.eq_ignore_ascii_case(verb));
            (is_verb && line.get(word.len()..)?.starts_with([' ', '\t'])).then(|| end - line.len())
        })
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let blanks = |byte: &u8| !byte.is_ascii_whitespace() && *byte != 0x0b;
            self.at += rest.iter().position(blanks).unwrap_or(rest.len());
            if self.is_at_delimiter() || !self.skip_comment() {
                return;
            }
        }
    }

    /// Skips a comment, or the brackets round code that only some servers run: `/*!40000 … */`.
    fn skip_comment(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = match rest {
            [b'/', b'*', b'!', code @ ..] => {
                3 + code.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(code.len())
            }
            [b'/', b'*', comment @ ..] => {
                memmem::find(comment, b"*/").map_or(rest.len(), |end| end + 4)
            }
            [b'*', b'/', ..] => 2,
            [b'-', b'-', behind @ ..]
                if behind.first().is_none_or(u8::is_ascii_whitespace)
                    || self.is_first_of_line() =>
            {
                memchr(b'\n', rest).unwrap_or(rest.len())
            }
            [b'#', behind @ ..] if behind.first() != Some(&b'{') => {
                memchr(b'\n', rest).unwrap_or(rest.len())
            }
            _ => return false,
        };
        self.at += length;
        true
    }

    fn is_first_of_line(&self) -> bool {
        let before = self.bytes.get(..self.at).unwrap_or_default();
        before.last().is_none_or(|byte| *byte == b'\n')
    }

    fn is_at_delimiter(&self) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(self.delimiter))
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr(b'\n', rest).map_or(self.bytes.len(), |at| from + at)
    }
}

/// What statements start with.
const VERBS: &str =
    "insert update delete replace set select commit start truncate alter create drop lock unlock";

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}
