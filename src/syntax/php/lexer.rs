//! Cuts PHP into tokens.
//!
//! White space and comments are left out; what breaks a token becomes a [`Kind::Fault`] or an unclosed string, and reading goes on. Every
//! token starts and ends between characters, and the lexer may be copied to look ahead or to come back.

use memchr::{memchr2, memchr3, memmem};

use super::strings::{self, Limits, is_word};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string in quotes, a heredoc or a nowdoc.
    Text,
    /// A number without its sign.
    Number,
    /// A keyword, constant or name, with its namespace.
    Word,
    /// `$name`.
    Variable,
    /// One ASCII character.
    Mark(u8),
    /// `=>`.
    Arrow,
    /// `...`.
    Spread,
    /// `->`.
    Member,
    /// `::` or `?->`.
    Access,
    /// Any other operator of several characters, or a command in backticks.
    Operator,
    /// `?>`.
    CloseTag,
    /// Text outside the tags that is not blank.
    Html,
    /// What cannot stand in PHP, in our own words; reading goes on behind it.
    Fault(&'static str),
    /// The end of the file.
    Eof,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Whether it is the first of its line.
    pub first: bool,
    /// How many bytes the line it stands on is indented.
    pub indent: usize,
    /// Whether it is complete: false for a string that is never closed.
    pub closed: bool,
}

/// The text and how far it is read.
#[derive(Clone, Copy)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    outside: bool,
    /// Where the line of the token read last starts.
    pub line: usize,
    indent: usize,
    comments_close: bool,
    limits: Limits,
}

impl<'a> Lexer<'a> {
    /// Starts at the first byte, inside or outside the tags.
    pub(super) fn new(text: &'a str, outside: bool) -> Self {
        let limits = Limits::default();
        Self { text, at: 0, outside, line: 0, indent: 0, comments_close: true, limits }
    }

    /// Starts inside the tags at a place between tokens, and ends at another.
    pub(super) fn within(text: &'a str, start: usize, end: usize) -> Self {
        let text = text.get(..end).unwrap_or(text);
        Self { at: start, line: start, ..Self::new(text, false) }
    }

    /// Whether the text has an opening tag.
    pub(super) fn has_tag(text: &str) -> bool {
        open_tag(text.as_bytes(), 0).is_some()
    }

    /// Leaves the rest of the file unread.
    pub(super) fn stop(&mut self) {
        self.at = self.text.len();
        self.outside = false;
    }

    /// Reads the next token.
    pub(super) fn next(&mut self) -> Token {
        let mut first = self.at == 0;
        loop {
            if self.outside {
                if let Some(html) = self.skip_html() {
                    return html;
                }
                first = true;
            }
            let start = self.at;
            let fault = |kind, end| Token {
                kind: Kind::Fault(kind),
                start,
                end,
                first: false,
                indent: 0,
                closed: true,
            };
            match self.byte(0) {
                b'\n' => {
                    self.at += 1;
                    self.line = self.at;
                    first = true;
                }
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'#' => self.at = self.attribute_end().unwrap_or_else(|| self.line_comment_end()),
                b'/' if self.byte(1) == b'/' => self.at = self.line_comment_end(),
                b'/' if self.byte(1) == b'*' => {
                    if !self.skip_block_comment() {
                        return fault("comment is never closed", start + 2);
                    }
                }
                b'<' | b'=' | b'>' | b'|' if start == self.line && self.is_conflict() => {
                    self.at = self.find_line_end(start);
                    return fault("merge conflict marker", start + 7);
                }
                0xc2 | 0xe2 | 0xef if self.invisible() > 0 => {
                    self.at += self.invisible();
                    return fault("invisible character that is no space", self.at);
                }
                _ => {
                    if first {
                        self.indent = start.saturating_sub(self.line);
                    }
                    let (kind, closed) = self.token();
                    let end = self.at;
                    return Token { kind, start, end, first, indent: self.indent, closed };
                }
            }
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or_default()
    }

    /// Reads up to the next opening tag; returns the text before it unless it is blank.
    fn skip_html(&mut self) -> Option<Token> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let (end, next) = open_tag(bytes, start).unwrap_or((bytes.len(), bytes.len()));
        self.at = next;
        self.line = next;
        self.outside = false;
        let text = bytes.get(start..end).unwrap_or_default();
        // The command line skips a first line that names the interpreter.
        let script = start == 0 && text.starts_with(b"#!");
        let skipped = if script { self.find_line_end(0).min(end) } else { start };
        let shown = bytes.get(skipped..end).unwrap_or_default();
        let start = end - shown.trim_ascii_start().len();
        let end = start + shown.trim_ascii().len();
        let token = Token { kind: Kind::Html, start, end, first: true, indent: 0, closed: true };
        (end > start).then_some(token)
    }

    fn find_line_end(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        memchr2(b'\n', b'\r', rest).map_or(self.text.len(), |offset| from + offset)
    }

    /// A comment ends with its line, or before a closing tag.
    fn line_comment_end(&self) -> usize {
        let mut at = self.at;
        loop {
            let rest = self.text.as_bytes().get(at..).unwrap_or_default();
            let Some(offset) = memchr3(b'\n', b'\r', b'?', rest) else { return self.text.len() };
            let found = rest.get(offset..).unwrap_or_default();
            if found.first() != Some(&b'?') || found.starts_with(b"?>") {
                return at + offset;
            }
            at += offset + 1;
        }
    }

    /// Skips `/* … */`; where it is never closed, skips its first line only and returns false.
    fn skip_block_comment(&mut self) -> bool {
        let body = self.rest().get(2..).unwrap_or_default();
        let close = if self.comments_close { memmem::find(body, b"*/") } else { None };
        self.comments_close = close.is_some();
        self.at = close.map_or_else(|| self.find_line_end(self.at), |offset| self.at + offset + 4);
        self.comments_close
    }

    /// The end of `#[…]` where what it belongs to follows on its line. Anything else behind `#[` was an entry once and is a comment.
    fn attribute_end(&self) -> Option<usize> {
        if self.byte(1) != b'[' {
            return None;
        }
        let line = self.text.get(self.at..self.find_line_end(self.at))?;
        let mut depth = 0_usize;
        let close = line.bytes().position(|byte| {
            depth = depth + usize::from(byte == b'[') - usize::from(byte == b']' && depth > 0);
            byte == b']' && depth == 0
        })?;
        let after = line.get(close + 1..)?.trim_start();
        let word = after.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        let owners = [
            "fn",
            "function",
            "static",
            "class",
            "final",
            "abstract",
            "readonly",
            "enum",
            "interface",
            "trait",
            "new",
            "public",
            "protected",
            "private",
        ];
        let parameter = after.split_whitespace().take(2).any(|word| word.starts_with('$'));
        let owned = parameter || after.starts_with("#[") || owners.contains(&word);
        owned.then_some(self.at + close + 1)
    }

    fn is_conflict(&self) -> bool {
        let rest = self.rest();
        let marker = rest.get(..7).unwrap_or_default();
        marker.len() == 7
            && marker.iter().all(|&byte| byte == self.byte(0))
            && matches!(self.byte(7), 0 | b' ' | b'\r' | b'\n')
    }

    /// The length of a no-break space, a zero-width space or a byte-order mark, which PHP takes for a letter.
    fn invisible(&self) -> usize {
        ["\u{a0}", "\u{200b}", "\u{feff}"]
            .iter()
            .find(|character| self.rest().starts_with(character.as_bytes()))
            .map_or(0, |character| character.len())
    }

    fn token(&mut self) -> (Kind, bool) {
        let byte = self.byte(0);
        let next = self.byte(1);
        let (kind, length) = match byte {
            _ if self.at >= self.text.len() => (Kind::Eof, 0),
            b'\'' | b'"' => return self.string(0),
            b'b' | b'B' if matches!(next, b'\'' | b'"') => return self.string(1),
            b'<' if self.rest().starts_with(b"<<<") => {
                let end = strings::heredoc_end(self.text.as_bytes(), self.at, &mut self.limits);
                if let Some((end, closed)) = end {
                    self.at = end;
                    return (Kind::Text, closed);
                }
                (Kind::Operator, 3)
            }
            b'0'..=b'9' => (Kind::Number, self.number_length()),
            b'.' if next.is_ascii_digit() => (Kind::Number, self.number_length()),
            b'\\' => (Kind::Word, self.word_length(1)),
            _ if is_word(byte) => (Kind::Word, self.word_length(0)),
            b'$' if is_word(next) && !next.is_ascii_digit() => {
                (Kind::Variable, self.word_length(1))
            }
            b'`' => {
                let command = self.rest().get(1..).unwrap_or_default();
                (Kind::Operator, memchr::memchr(b'`', command).map_or(1, |length| length + 2))
            }
            b'?' if next == b'>' => {
                self.outside = true;
                (Kind::CloseTag, 2)
            }
            b'?' if self.rest().starts_with(b"?->") => (Kind::Access, 3),
            b'=' if next == b'>' => (Kind::Arrow, 2),
            b'-' if next == b'>' => (Kind::Member, 2),
            b':' if next == b':' => (Kind::Access, 2),
            b'.' if self.rest().starts_with(b"...") => (Kind::Spread, 3),
            b'?' | b'+' | b'-' | b'&' | b'|' | b'*' | b'<' | b'>' if next == byte => {
                (Kind::Operator, 2 + usize::from(self.byte(2) == b'='))
            }
            b'=' | b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'.' | b'|' | b'&'
            | b'^'
                if next == b'=' =>
            {
                let third = self.byte(2);
                let longer = third == b'=' || byte == b'<' && third == b'>';
                (Kind::Operator, 2 + usize::from(longer))
            }
            _ => (Kind::Mark(byte), 1),
        };
        self.at += length;
        (kind, true)
    }

    fn string(&mut self, prefix: usize) -> (Kind, bool) {
        let bytes = self.text.as_bytes();
        let (end, closed) = strings::quoted_end(bytes, self.at + prefix, &mut self.limits);
        self.at = end;
        (Kind::Text, closed)
    }

    fn word_length(&self, from: usize) -> usize {
        let name = self.rest().get(from..).unwrap_or_default();
        from + name.iter().take_while(|&&byte| is_word(byte) || byte == b'\\').count()
    }

    fn number_length(&self) -> usize {
        let digits = |from: usize| {
            let rest = self.rest().get(from..).unwrap_or_default();
            rest.iter().take_while(|&&byte| byte.is_ascii_digit() || byte == b'_').count()
        };
        if self.byte(0) == b'0' && matches!(self.byte(1) | 0x20, b'x' | b'b' | b'o') {
            return self.word_length(0);
        }
        let mut length = digits(0);
        if self.byte(length) == b'.' {
            length += 1 + digits(length + 1);
        }
        if self.byte(length) | 0x20 == b'e' {
            let sign = usize::from(matches!(self.byte(length + 1), b'+' | b'-'));
            let exponent = digits(length + 1 + sign);
            length += if exponent > 0 { 1 + sign + exponent } else { 0 };
        }
        length
    }
}

/// Start and end of the first opening tag from `at` on: `<?php`, `<?=`, or the short `<?`.
fn open_tag(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let tags = memmem::find_iter(bytes.get(at..)?, b"<?").map(|offset| at + offset);
    for start in tags {
        let rest = bytes.get(start + 2..).unwrap_or_default();
        let named = rest.get(..3).is_some_and(|name| name.eq_ignore_ascii_case(b"php"));
        let after = rest.get(if named { 3 } else { 0 });
        if after.is_none_or(u8::is_ascii_whitespace) {
            return Some((start, start + if named { 5 } else { 2 }));
        }
        if rest.starts_with(b"=") {
            return Some((start, start + 3));
        }
    }
    None
}
