//! A scanner for JSON that is broken: it reads what it can and says where the text is no JSON.
//!
//! One iterative pass. Behind a [`Problem`] the next are kept back up to a comma. JSON5 and JSON Lines are no problem.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::template::Masked;
use super::token::{StringEnd, is_literal, string_end, unescaped};
use crate::source::{Location, SourceId};
use crate::syntax::{Entry, MAX_DATA, MAX_DEPTH, Node, NodeKind, Parsed, Problem};

/// How many problems of one file are told.
const MAX_PROBLEMS: usize = 32;

/// Parses a text that may be broken anywhere.
pub(super) fn parse(id: SourceId, masked: &Masked<'_>) -> Parsed {
    let mut scanner = Scanner {
        id,
        masked,
        text: &masked.text,
        at: 0,
        outer: Vec::new(),
        top: Frame::default(),
        buried: 0,
        buried_from: 0,
        nodes: 0,
        in_step: true,
        is_soft: false,
        comments_close: true,
        problems: Vec::new(),
    };
    scanner.run();
    let mut problems = scanner.problems;
    problems.sort_by_key(|problem| problem.at);
    Parsed { documents: scanner.top.items, problems }
}

const NO_COLON: &str = "a colon is missing behind a key";
const NO_VALUE: &str = "a value is missing behind a key";

#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Root,
    List,
    Map,
}

/// An open bracket with what was read behind it.
#[derive(Default)]
struct Frame {
    kind: Kind,
    open: usize,
    items: Vec<Node>,
    entries: Vec<Entry>,
    key: Option<Node>,
    has_colon: bool,
    /// Where the last value ended, as long as no comma followed.
    uncut: Option<usize>,
}

impl Frame {
    /// Adds a value, under the key that waits for one.
    fn add(&mut self, value: Node) {
        self.uncut = Some(value.at.span.range().end);
        if self.kind != Kind::Map {
            self.items.push(value);
            return;
        }
        let nowhere = || {
            let start = value.at.span.range().start;
            Node::new(Location::new(value.at.source, start, start), NodeKind::Expression)
        };
        let key = self.key.take().unwrap_or_else(nowhere);
        self.has_colon = false;
        self.entries.push(Entry { key, value });
    }
}

struct Scanner<'a> {
    id: SourceId,
    masked: &'a Masked<'a>,
    text: &'a str,
    at: usize,
    outer: Vec<Frame>,
    top: Frame,
    /// How many brackets are open beyond the greatest depth.
    buried: usize,
    buried_from: usize,
    nodes: usize,
    /// Whether the next problem is a new one, and not a consequence of the last.
    in_step: bool,
    /// Behind a conflict marker or a template hole, where commas may be missing.
    is_soft: bool,
    /// Whether `*/` may still follow.
    comments_close: bool,
    problems: Vec<Problem>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        while let Some(byte) = self.skip_blanks() {
            if self.nodes >= MAX_DATA {
                self.in_step = true;
                self.problems.truncate(MAX_PROBLEMS - 1);
                self.problem(self.at..self.at, "the file has too many values to be read whole");
                self.at = self.text.len();
                break;
            }
            match byte {
                b'{' | b'[' => self.open(byte),
                b'}' | b']' => self.close(byte),
                b',' => self.comma(),
                b':' => self.colon(),
                _ => self.text(byte),
            }
        }
        let end = self.text.trim_end().len();
        if self.buried > 0 {
            self.place(self.buried_from..end, NodeKind::Expression);
        }
        self.never_closed();
        while !self.outer.is_empty() {
            self.finish(end);
        }
    }

    fn open(&mut self, byte: u8) {
        let start = self.at;
        self.at += 1;
        if self.buried > 0 {
            self.buried += 1;
            return;
        }
        self.before_value(start, false);
        if self.outer.len() + 1 >= MAX_DEPTH {
            self.in_step = true;
            self.problem(start..start + 1, "brackets are nested too deep to be read");
            self.buried = 1;
            self.buried_from = start;
            return;
        }
        let kind = if byte == b'{' { Kind::Map } else { Kind::List };
        let frame = Frame { kind, open: start, ..Frame::default() };
        self.outer.push(std::mem::replace(&mut self.top, frame));
    }

    fn close(&mut self, byte: u8) {
        self.at += 1;
        if self.buried > 0 {
            self.buried -= 1;
            if self.buried == 0 {
                self.place(self.buried_from..self.at, NodeKind::Expression);
            }
            return;
        }
        let kind = if byte == b'}' { Kind::Map } else { Kind::List };
        if self.top.kind != kind {
            if !self.outer.iter().any(|frame| frame.kind == kind) {
                self.problem(self.at - 1..self.at, "a bracket is closed that was never opened");
                return;
            }
            self.never_closed();
            while self.top.kind != kind {
                self.finish(self.at - 1);
            }
        }
        self.finish(self.at);
    }

    /// Closes the innermost bracket at `end`.
    fn finish(&mut self, end: usize) {
        self.end_key();
        let Some(outer) = self.outer.pop() else { return };
        let frame = std::mem::replace(&mut self.top, outer);
        let kind = match frame.kind {
            Kind::Map => NodeKind::Mapping(frame.entries),
            Kind::List | Kind::Root => NodeKind::Sequence(frame.items),
        };
        self.place(frame.open..end, kind);
    }

    /// Says that the innermost bracket is not closed; entries without brackets were told of at their colon.
    fn never_closed(&mut self) {
        let open = self.top.open;
        if self.top.kind != Kind::Root
            && self.text.get(open..).is_some_and(|text| text.starts_with(['{', '[']))
        {
            self.problem(open..open + 1, "a bracket is opened and never closed");
        }
    }

    fn comma(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.buried > 0 {
            return;
        }
        let is_stray = self.top.kind == Kind::Root || (self.top.uncut.is_none() && !self.is_soft);
        if !self.end_key() && is_stray {
            self.problem(start..start + 1, "a comma separates nothing");
        } else {
            self.in_step = true;
        }
        self.top.uncut = None;
    }

    fn colon(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.buried > 0 {
            return;
        }
        if self.top.kind == Kind::Map && self.top.key.is_some() && !self.top.has_colon {
            self.top.has_colon = true;
            return;
        }
        self.problem(start..start + 1, "a colon follows no key");
        // Entries without their brackets, as behind one that was closed too early.
        if self.top.kind == Kind::Root
            && self.top.items.last().is_some_and(|last| last.as_str().is_some())
        {
            let key = self.top.items.pop();
            let open = key.as_ref().map_or(start, |key| key.at.span.range().start);
            let frame = Frame { kind: Kind::Map, open, key, has_colon: true, ..Frame::default() };
            self.outer.push(std::mem::replace(&mut self.top, frame));
        }
    }

    /// Reads a string, a number or a word.
    fn text(&mut self, byte: u8) {
        let start = self.at;
        let is_string = byte == b'"' || byte == b'\'';
        let (end, ending) = if is_string {
            string_end(self.text, start, byte)
        } else {
            (self.word_end(), StringEnd::Closed)
        };
        self.at = end;
        if self.buried > 0 {
            return;
        }
        let behind = self.rest().trim_start();
        let has_colon = behind.starts_with(':');
        let takes_key = self.top.kind == Kind::Map && self.top.key.is_none();
        let is_hole = self.masked.meets(start..end);
        if takes_key && !has_colon && self.skip_template(start..end, is_hole) {
            return;
        }
        self.before_value(start, has_colon && self.top.kind == Kind::Map);
        if ending == StringEnd::OnAnotherLine {
            self.problem(start..end, "a string runs over the end of its line");
        } else if ending == StringEnd::Never {
            self.problem(start..end, "a string is opened and never closed");
        }
        let takes_key = self.top.kind == Kind::Map && self.top.key.is_none();
        let written = self.text.get(start..end).unwrap_or_default();
        let kind = if is_hole {
            NodeKind::Expression
        } else if is_string {
            let inner = written
                .get(1..written.len() - usize::from(ending != StringEnd::Never))
                .unwrap_or_default();
            let (value, is_sound) = unescaped(inner);
            if !is_sound {
                self.problem(start..end, "a string holds an escape that JSON does not know");
            }
            NodeKind::Scalar(value)
        } else if written == "null" && !takes_key {
            NodeKind::Null
        } else {
            let is_prose = self.top.kind == Kind::Root && !self.problems.is_empty();
            if !takes_key && !has_colon && !is_prose && !is_literal(written) {
                self.problem(start..end, "text stands outside quotes");
            }
            NodeKind::Scalar(written.to_owned())
        };
        if takes_key {
            self.nodes += 1;
            self.top.key = Some(Node::new(Location::new(self.id, start, end), kind));
        } else {
            self.place(start..end, kind);
            self.is_soft = is_hole;
        }
    }

    /// Whether a text where a key should stand comes from a template: a hole that yields entries, or the value of another branch.
    fn skip_template(&mut self, at: Range<usize>, is_hole: bool) -> bool {
        let Some(uncut) = self.top.uncut.filter(|_| !is_hole) else {
            self.is_soft |= is_hole;
            return is_hole;
        };
        let is_branch = self.masked.meets(uncut..at.start);
        if let Some(last) = self.top.entries.last_mut().filter(|_| is_branch) {
            let at = Location::new(self.id, last.value.at.span.range().start, at.end);
            last.value = Node::new(at, NodeKind::Expression);
        }
        is_branch
    }

    /// Says what is missing in front of a value, or of a key.
    fn before_value(&mut self, start: usize, is_key: bool) {
        if let Some(key) = &self.top.key {
            let end = key.at.span.range().end;
            if is_key {
                self.end_key();
            } else if !self.top.has_colon {
                self.problem(end..end, NO_COLON);
            }
        } else if let Some(end) =
            self.top.uncut.filter(|&end| !self.is_soft && !self.masked.meets(end..start))
        {
            let gap = self.text.as_bytes().get(end..start).unwrap_or_default();
            if self.top.kind != Kind::Root {
                self.problem(end..end, "a comma is missing");
            } else if memchr(b'\n', gap).is_none() {
                self.problem(start..start, "text stands behind the end of the document");
            }
        }
        self.is_soft = false;
    }

    /// Ends an entry whose value is missing; whether there was one.
    fn end_key(&mut self) -> bool {
        let Some(end) = self.top.key.as_ref().map(|key| key.at.span.range().end) else {
            return false;
        };
        self.problem(end..end, if self.top.has_colon { NO_VALUE } else { NO_COLON });
        self.place(end..end, NodeKind::Null);
        true
    }

    fn place(&mut self, at: Range<usize>, kind: NodeKind) {
        self.nodes += 1;
        self.top.add(Node::new(Location::new(self.id, at.start, at.end), kind));
    }

    /// Skips blanks, comments and conflict markers; the byte behind them.
    fn skip_blanks(&mut self) -> Option<u8> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            if blank > 0 {
                self.at += blank;
            } else if rest.starts_with("//") {
                self.at = self.line_end();
            } else if rest.starts_with("/*") {
                let behind = rest.as_bytes().get(2..).filter(|_| self.comments_close);
                let end = behind.and_then(|behind| memmem::find(behind, b"*/"));
                if end.is_none() && std::mem::take(&mut self.comments_close) {
                    self.problem(self.at..self.at + 2, "a comment is opened and never closed");
                }
                self.at = end.map_or_else(|| self.line_end(), |end| self.at + end + 4);
            } else if rest.starts_with('#') {
                self.problem(self.at..self.at + 1, "`#` starts no comment");
                self.at = self.line_end();
            } else if self.is_conflict_marker() {
                if rest.starts_with('<') {
                    self.in_step = true;
                    self.problem(self.at..self.at + 7, "a merge conflict is not resolved");
                }
                self.is_soft = true;
                self.at = self.line_end();
            } else {
                return rest.bytes().next();
            }
        }
    }

    fn is_conflict_marker(&self) -> bool {
        let is_line_start = self.at == 0 || self.text.as_bytes().get(self.at - 1) == Some(&b'\n');
        is_line_start
            && ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
                .iter()
                .any(|mark| self.rest().starts_with(mark))
    }

    fn word_end(&self) -> usize {
        let ends = |character: char| character.is_whitespace() || ",:{}[]\"'".contains(character);
        self.rest().find(ends).map_or(self.text.len(), |end| self.at + end)
    }

    fn line_end(&self) -> usize {
        memchr(b'\n', self.rest().as_bytes()).map_or(self.text.len(), |end| self.at + end)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn problem(&mut self, at: Range<usize>, message: &str) {
        if self.in_step && self.problems.len() < MAX_PROBLEMS {
            let at = Location::new(self.id, at.start, at.end);
            self.problems.push(Problem { at, message: message.to_owned() });
        }
        self.in_step = false;
    }
}
