//! A dump too large to hold, read in pieces: what stays is the statements on `core_config_data`, and strings and comments that tell of key
//! material.
//!
//! Everything else is passed over with its strings and comments understood. What is kept knows its place in the file.

use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::{STATEMENTS, TABLE};
use crate::source::Part;

/// How much of a statement is looked at for the table's name.
const HEAD: usize = 512;

/// Shorter strings hold no key.
const SHORTEST: usize = 64;

/// How much of a string is held; a longer one is looked at in pieces of this size, or more where a key would be cut.
const WINDOW: usize = 1 << 20;

/// No key is longer than this, however it is written.
const LONGEST: usize = 64 << 10;

/// No sign of a key is longer than this.
const SIGN: usize = 128;

/// Keeps what matters of a dump.
pub struct Abridger<'a> {
    /// Whether a string holds signs of key material.
    tells: &'a dyn Fn(&[u8]) -> bool,
    /// How many bytes may still be kept.
    room: usize,
    parts: Vec<Part>,
    is_full: bool,
    state: State,
    /// What was read and needs what follows to be understood.
    pending: Vec<u8>,
    /// The place of the first byte that was not passed yet.
    place: Place,
    statement: Option<Part>,
    is_other: bool,
    /// Where in the statement the string or comment begins that is being read.
    opened: usize,
    /// A string, a comment, or line comments with nothing but blanks between.
    string: Option<Part>,
    /// How long the string may become before it is cut.
    window: usize,
    /// Whether there is a sign of a key in what is being read.
    is_telling: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    Quote(u8),
    LineComment,
    BlockComment,
}

#[derive(Clone, Copy)]
struct Place {
    byte: usize,
    line: usize,
    column: usize,
}

impl<'a> Abridger<'a> {
    /// Keeps `room` bytes at most.
    #[must_use]
    pub fn new(tells: &'a dyn Fn(&[u8]) -> bool, room: usize) -> Self {
        Self {
            tells,
            room,
            parts: Vec::new(),
            is_full: false,
            state: State::Code,
            pending: Vec::new(),
            place: Place { byte: 0, line: 1, column: 1 },
            statement: None,
            is_other: false,
            opened: 0,
            string: None,
            window: WINDOW,
            is_telling: true,
        }
    }

    /// Takes the next piece of the file.
    pub fn push(&mut self, piece: &[u8], is_last: bool) {
        let piece = match piece.strip_prefix(b"\xEF\xBB\xBF") {
            Some(rest) if self.place.byte == 0 && self.pending.is_empty() => {
                self.place.byte = 3;
                rest
            }
            _ => piece,
        };
        let mut bytes = std::mem::take(&mut self.pending);
        bytes.extend_from_slice(piece);
        self.is_telling = (self.tells)(&bytes);
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(length) = self.step(rest, is_last) else { break };
            at += length;
        }
        self.pending = bytes.split_off(at.min(bytes.len()));
        if is_last {
            self.end_string();
            self.end_statement();
        }
    }

    /// What was kept, in order; none where it was more than there was room for.
    #[must_use]
    pub fn parts(self) -> Option<Vec<Part>> {
        (!self.is_full).then_some(self.parts)
    }

    /// Passes the start of `rest`; returns its length, or nothing where more must be read first.
    fn step(&mut self, rest: &[u8], is_last: bool) -> Option<usize> {
        match self.state {
            State::Quote(quote) => {
                let found =
                    if quote == b'`' { memchr(quote, rest) } else { memchr2(quote, b'\\', rest) };
                let Some(at) = found else { return Some(self.pass(rest, rest.len())) };
                if at + 1 == rest.len() && !is_last {
                    return (at > 0).then(|| self.pass(rest, at));
                }
                if rest.get(at) == Some(&b'\\') || rest.get(at + 1) == Some(&quote) {
                    return Some(self.pass(rest, at + 2));
                }
                self.pass(rest, at);
                self.end_string();
                self.state = State::Code;
                Some(at + self.pass(rest.get(at..).unwrap_or_default(), 1))
            }
            State::LineComment => {
                let end = memchr(b'\n', rest);
                if end.is_some() {
                    self.state = State::Code;
                }
                Some(self.pass(rest, end.unwrap_or(rest.len())))
            }
            State::BlockComment => match memmem::find(rest, b"*/") {
                Some(end) => {
                    self.pass(rest, end);
                    self.end_string();
                    self.state = State::Code;
                    Some(end + self.pass(rest.get(end..).unwrap_or_default(), 2))
                }
                None if is_last => Some(self.pass(rest, rest.len())),
                None => (rest.len() > 1).then(|| self.pass(rest, rest.len() - 1)),
            },
            State::Code => self.code(rest, is_last),
        }
    }

    fn code(&mut self, rest: &[u8], is_last: bool) -> Option<usize> {
        if self.is_other && !self.is_telling && self.string.is_none() {
            let length = skipped(rest);
            if length > 0 {
                self.place.pass(rest.get(..length).unwrap_or(rest));
                return Some(length);
            }
        }
        if self.statement.is_none() && !self.is_other {
            let blanks = rest.iter().position(|byte| !byte.is_ascii_whitespace());
            if blanks != Some(0) {
                return Some(self.pass(rest, blanks.unwrap_or(rest.len())));
            }
        }
        let at = rest.iter().position(|byte| is_telling(*byte)).unwrap_or(rest.len());
        if at + 3 > rest.len() && !is_last && at < rest.len() {
            return (at > 0).then(|| self.code_bytes(rest, at));
        }
        if at > 0 {
            return Some(self.code_bytes(rest, at));
        }
        match rest {
            [b';', ..] => {
                self.code_bytes(rest, 1);
                self.end_statement();
            }
            [quote @ (b'\'' | b'"' | b'`'), ..] => {
                if *quote == b'\'' {
                    self.decide();
                }
                self.code_bytes(rest, 1);
                self.open(State::Quote(*quote), *quote != b'`');
            }
            [b'-', b'-', behind, ..] if behind.is_ascii_whitespace() => {
                return Some(self.line(rest));
            }
            [b'#', behind, ..] if *behind != b'{' => return Some(self.line(rest)),
            [b'/', b'*', behind, ..] if *behind != b'!' => {
                self.end_string();
                self.pass(rest, 2);
                self.open(State::BlockComment, true);
                return Some(2);
            }
            _ => return Some(self.code_bytes(rest, 1)),
        }
        Some(1)
    }

    /// Passes the start of a line comment, which can go on with what the one before it says.
    fn line(&mut self, rest: &[u8]) -> usize {
        if self.string.is_none() {
            self.open(State::LineComment, true);
        }
        self.state = State::LineComment;
        self.pass(rest, 1)
    }

    /// Begins a string or comment, which is kept apart unless it is part of a statement that may be ours.
    fn open(&mut self, state: State, may_tell: bool) {
        self.state = state;
        match &self.statement {
            Some(statement) => self.opened = statement.bytes.len(),
            None if may_tell => self.string = Some(self.part()),
            None => {}
        }
    }

    /// Passes bytes of a statement, which may be its first.
    fn code_bytes(&mut self, rest: &[u8], length: usize) -> usize {
        if rest.iter().take(length).any(|byte| !byte.is_ascii_whitespace()) {
            self.end_string();
        }
        if self.statement.is_none() && !self.is_other {
            self.statement = Some(self.part());
        }
        self.pass(rest, length)
    }

    fn pass(&mut self, rest: &[u8], length: usize) -> usize {
        let passed = rest.get(..length).unwrap_or(rest);
        if let Some(statement) = &mut self.statement {
            if self.room < passed.len() {
                self.is_full = true;
            } else {
                self.room -= passed.len();
                statement.bytes.extend_from_slice(passed);
            }
            if statement.bytes.len() > HEAD {
                self.decide();
            }
        }
        if let Some(string) = &mut self.string {
            string.bytes.extend_from_slice(passed);
        }
        self.place.pass(passed);
        if self.string.as_ref().is_some_and(|string| string.bytes.len() >= self.window) {
            self.cut();
        }
        passed.len()
    }

    /// Keeps what is known of a long string if it tells of a key, but no part of one.
    fn cut(&mut self) {
        let Some(mut string) = self.string.take() else { return };
        let length = string.bytes.len();
        let end = string.bytes.get(length.saturating_sub(LONGEST)..).unwrap_or_default();
        if length <= self.room && (self.tells)(end) {
            self.window = length + LONGEST;
            self.string = Some(string);
            return;
        }
        let next = string.split_off(length.saturating_sub(SIGN));
        self.string = Some(string);
        self.end_string();
        self.string = Some(next);
    }

    /// Lets go of a statement that is not on the table.
    fn decide(&mut self) {
        let is_ours = |statement: &Part| {
            let head = statement.bytes.get(..HEAD).unwrap_or(&statement.bytes);
            let head = String::from_utf8_lossy(head).to_ascii_lowercase();
            STATEMENTS.iter().any(|verb| head.starts_with(verb)) && head.contains(TABLE)
        };
        if let Some(mut statement) = self.statement.take_if(|statement| !is_ours(statement)) {
            self.room += statement.bytes.len();
            self.is_other = true;
            self.string = match self.state {
                State::Quote(b'`') => None,
                State::Quote(_) | State::BlockComment => Some(statement.split_off(self.opened)),
                State::Code | State::LineComment => Some(statement),
            };
        }
    }

    fn end_statement(&mut self) {
        self.decide();
        self.end_string();
        self.parts.extend(self.statement.take());
        self.is_other = false;
    }

    /// Keeps a string, without its quotes, if it tells of a key.
    fn end_string(&mut self) {
        let Some(string) = self.string.take() else { return };
        self.window = WINDOW;
        if string.bytes.len() < SHORTEST || !(self.tells)(&string.bytes) {
            return;
        }
        match self.room.checked_sub(string.bytes.len()) {
            Some(room) => {
                self.room = room;
                self.parts.push(string);
            }
            None => self.is_full = true,
        }
    }

    /// An empty part at this place.
    fn part(&self) -> Part {
        self.place.part(Vec::new())
    }
}

/// How much of a statement on another table is passed over at once: up to its end, a comment, or a string that may go on in the next piece.
/// Where there is no sign of a key, what stands in its strings does not matter.
fn skipped(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(telling) =
        rest.get(at..).and_then(|rest| rest.iter().position(|byte| is_telling(*byte)))
    {
        at += telling;
        let Some((quote @ (b'\'' | b'"' | b'`'), string)) =
            rest.get(at..).and_then(<[u8]>::split_first)
        else {
            return at;
        };
        let Some(length) = string_length(*quote, string) else { return at };
        at += 1 + length;
    }
    rest.len()
}

/// How long a string is, its last quote included; none where it does not end before the last byte.
fn string_length(quote: u8, string: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = string.get(at..)?;
        let end = if quote == b'`' { memchr(quote, rest)? } else { memchr2(quote, b'\\', rest)? };
        let behind = *rest.get(end + 1)?;
        if rest.get(end) == Some(&quote) && behind != quote {
            return Some(at + end + 1);
        }
        at += end + 2;
    }
}

/// Whether something may begin or end at a byte of a statement: quotes, its end, what a comment starts with.
fn is_telling(byte: u8) -> bool {
    matches!(byte, b'\'' | b'"' | b'`' | b';' | b'-' | b'#' | b'/')
}

impl Place {
    fn pass(&mut self, passed: &[u8]) {
        self.byte += passed.len();
        self.line += memchr_iter(b'\n', passed).count();
        let line = memchr::memrchr(b'\n', passed).map_or(passed, |end| {
            self.column = 1;
            passed.get(end + 1..).unwrap_or_default()
        });
        self.column += line.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    }

    fn part(self, bytes: Vec<u8>) -> Part {
        Part { bytes, byte: self.byte, line: self.line, column: self.column }
    }
}

impl Part {
    /// Takes away what follows the first `length` bytes.
    fn split_off(&mut self, length: usize) -> Self {
        let mut place = Place { byte: self.byte, line: self.line, column: self.column };
        let bytes = self.bytes.split_off(length.min(self.bytes.len()));
        place.pass(&self.bytes);
        place.part(bytes)
    }
}
