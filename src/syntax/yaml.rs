//! YAML: every document of a file, with aliases and merge keys expanded.
//!
//! Only this file knows the parser library. Trees are built from its events without recursion; a line that stops it is blanked and the
//! text read again, so that one mistake does not hide the settings round it.

use std::collections::{BTreeMap, BTreeSet};

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle, Tag,
};

use super::holes::{self, Holes};
use super::repair::{self, Cause};
use super::{Entry, Format, MAX_DEPTH, MAX_NODES, Node, NodeKind, Parsed, Problem, stem_of_sample};
use crate::source::{Location, SourceId};

/// How many mistakes are blanked in one file.
const MAX_REPAIRS: usize = 32;

/// How many brackets are closed for the reader at the end of a file.
const MAX_CLOSED: usize = 8;

/// How many bytes are read again because of mistakes; at least three repairs are tried whatever the size.
const MAX_REREAD: usize = 32 << 20;

/// What all aliases of a file may expand to: one per node and one more per 256 bytes of text.
const MAX_ALIASED: usize = 100_000;

/// How far behind a key without value a hole is looked for.
const MAX_GAP: usize = 1024;

/// How many problems of one reading are told.
const MAX_PROBLEMS: usize = 100;

/// The YAML format.
pub struct Yaml;

impl Format for Yaml {
    fn name(&self) -> &'static str {
        "YAML"
    }

    fn claims(&self, path: &str) -> bool {
        let stem = stem_of_sample(path).as_bytes();
        let ends_with = |extension: &[u8]| {
            stem.last_chunk::<5>().is_some_and(|end| end.to_ascii_lowercase().ends_with(extension))
        };
        ends_with(b".yaml") || ends_with(b".yml")
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let (mut masked, mut holes) = holes::mask(text);
        let mut left = (MAX_REREAD / text.len().max(1)).clamp(3, MAX_REPAIRS);
        let mut mistakes: Vec<Problem> = Vec::new();
        let mut previous = None;
        let mut closes = 0;
        loop {
            let mut tree = Tree::new(id, text, &masked, &holes);
            let failure = tree.read();
            let mut parsed = tree.finish();
            let Some(failure) = failure else { return finish(mistakes, parsed) };
            let line = holes::line_start(&masked, failure.at);
            let is_new = previous != Some(line) && (closes == 0 || failure.close.is_none());
            if is_new {
                let end = memchr::memchr(b'\n', &text.as_bytes()[failure.at.min(text.len())..]);
                let end = end.map_or(text.len(), |end| failure.at + end);
                let end = text
                    .get(failure.at..end)
                    .map_or(end, |rest| failure.at + rest.trim_end().len());
                let at = Location::new(id, failure.at.min(text.len()), end);
                mistakes.push(Problem { at, message: failure.message.into() });
            }
            if let Some(close) =
                failure.close.filter(|_| closes < MAX_CLOSED && previous != Some(failure.at))
            {
                closes += 1;
                previous = Some(failure.at);
                masked.to_mut().push(close);
                continue;
            }
            let is_readable = left > 0
                && repair::blank(masked.to_mut(), &mut holes, failure.at, failure.cause, !is_new);
            if !is_readable {
                let at = Location::new(id, failure.at.min(text.len()), text.len());
                parsed
                    .problems
                    .push(Problem { at, message: "the rest of the file is not read".into() });
                return finish(mistakes, parsed);
            }
            left -= 1;
            previous = Some(line);
        }
    }
}

fn finish(mut mistakes: Vec<Problem>, mut parsed: Parsed) -> Parsed {
    mistakes.append(&mut parsed.problems);
    mistakes.sort_by_key(|problem| problem.at.span);
    Parsed { documents: parsed.documents, problems: mistakes }
}

/// Why one reading stopped.
struct Failure {
    at: usize,
    cause: Cause,
    message: &'static str,
    /// The bracket that is missing at the end of the file.
    close: Option<char>,
}

/// A collection that is still open.
struct Frame {
    is_flow: bool,
    anchor: usize,
    start: usize,
    end: usize,
    weight: usize,
    height: usize,
    items: Vec<Node>,
    entries: Option<Vec<Entry>>,
    key: Option<Node>,
    merges: Vec<usize>,
}

/// A finished node with what it costs to repeat it.
#[derive(Clone)]
struct Branch {
    node: Node,
    weight: usize,
    height: usize,
}

/// One reading of the text.
struct Tree<'a> {
    id: SourceId,
    text: &'a str,
    masked: &'a str,
    holes: &'a Holes,
    frames: Vec<Frame>,
    /// How many collections below the depth limit are open, and where the first began.
    too_deep: (usize, usize),
    anchors: BTreeMap<usize, Branch>,
    anchored: usize,
    aliased: usize,
    nodes: usize,
    last_end: usize,
    parsed: Parsed,
}

impl<'a> Tree<'a> {
    fn new(id: SourceId, text: &'a str, masked: &'a str, holes: &'a Holes) -> Self {
        Self {
            id,
            text,
            masked,
            holes,
            frames: Vec::new(),
            too_deep: (0, 0),
            anchors: BTreeMap::new(),
            anchored: 0,
            aliased: 0,
            nodes: 0,
            last_end: 0,
            parsed: Parsed::default(),
        }
    }

    fn read(&mut self) -> Option<Failure> {
        let mut options = Options::default();
        options.set_emit_comments(false);
        options.max_buffered_comment_events = 1_000_000;
        options.emit_unresolved_aliases = true;
        // The tree has its own limit, below which the rest of the file is still read.
        options.flow_nesting_limit = usize::MAX;
        options.block_nesting_limit = usize::MAX;
        for event in Parser::new_from_str_with_options(self.masked, options) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => return Some(self.failure(&error)),
            };
            let range = span.byte_range().unwrap_or(self.last_end..self.last_end);
            let tag = span
                .tag_span()
                .and_then(|tag| tag.byte_range())
                .map_or(range.start, |tag| tag.start);
            self.take(event, range.start, range.end, tag);
            if !matches!(range.end, 0) {
                self.last_end = range.end;
            }
            if self.nodes > MAX_NODES {
                self.problem(range.start, self.text.len(), "too many values: the rest is not read");
                break;
            }
        }
        None
    }

    fn take(&mut self, event: Event<'_>, start: usize, end: usize, tag_start: usize) {
        match event {
            Event::SequenceStart(style, anchor, _) => self.open(style, anchor, start, end, None),
            Event::MappingStart(style, anchor, _) => {
                self.open(style, anchor, start, end, Some(Vec::new()))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end),
            _ if self.too_deep.0 > 0 => {}
            Event::Scalar(text, style, anchor, tag) => {
                let (node, end) = self.scalar(&text, style, tag.as_deref(), tag_start, start, end);
                let weight = 1 + text.len() / 256;
                let merge = style == ScalarStyle::Plain && text == "<<";
                self.place(Branch { node, weight, height: 0 }, anchor, end, merge);
            }
            Event::Alias(anchor) => self.alias(anchor, start, end),
            Event::UnresolvedAlias(_) => {
                self.problem(start, end, "this alias names no anchor above it");
                self.expression(start, end);
            }
            _ => {}
        }
    }

    fn at(&self, start: usize, end: usize) -> Location {
        Location::new(self.id, start.min(self.text.len()), end.min(self.text.len()))
    }

    fn problem(&mut self, start: usize, end: usize, message: &str) {
        if self.parsed.problems.len() < MAX_PROBLEMS {
            let at = self.at(start, end);
            self.parsed.problems.push(Problem { at, message: message.into() });
        }
    }

    fn expression(&mut self, start: usize, end: usize) {
        let node = Node::new(self.at(start, end), NodeKind::Expression);
        self.place(Branch { node, weight: 1, height: 0 }, 0, end, false);
    }

    fn open(
        &mut self,
        style: StructureStyle,
        anchor: usize,
        start: usize,
        end: usize,
        entries: Option<Vec<Entry>>,
    ) {
        if self.too_deep.0 > 0 || self.frames.len() >= MAX_DEPTH {
            if self.too_deep.0 == 0 {
                self.too_deep.1 = start;
            }
            self.too_deep.0 += 1;
            return;
        }
        self.frames.push(Frame {
            is_flow: style == StructureStyle::Flow,
            anchor,
            start,
            end,
            weight: 1,
            height: 1,
            items: Vec::new(),
            entries,
            key: None,
            merges: Vec::new(),
        });
    }

    fn close(&mut self, end: usize) {
        if self.too_deep.0 > 0 {
            self.too_deep.0 -= 1;
            if self.too_deep.0 == 0 {
                let start = self.too_deep.1;
                self.problem(start, end, "nested too deeply: what is below is not read");
                self.expression(start, end.max(start));
            }
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        let end = if frame.is_flow { end } else { frame.end };
        let kind = match frame.entries {
            None => NodeKind::Sequence(frame.items),
            Some(entries) => NodeKind::Mapping(merge(entries, &frame.merges)),
        };
        let node = Node::new(self.at(frame.start, end), kind);
        let branch = Branch { node, weight: frame.weight, height: frame.height };
        self.place(branch, frame.anchor, end, false);
    }

    /// Puts a finished node where it belongs; `end` is where it ends in the text, which for an alias is not where its node stands.
    fn place(&mut self, branch: Branch, anchor: usize, end: usize, is_merge: bool) {
        self.nodes += 1;
        if anchor > 0 && self.anchored + branch.weight <= MAX_ALIASED {
            self.anchored += branch.weight;
            self.anchors.insert(anchor, branch.clone());
        }
        let Branch { node, weight, height } = branch;
        let Some(frame) = self.frames.last_mut() else {
            if node.kind != NodeKind::Null || !node.at.span.range().is_empty() {
                self.parsed.documents.push(node);
            }
            return;
        };
        frame.end = frame.end.max(end);
        frame.weight += weight;
        frame.height = frame.height.max(height + 1);
        match (&mut frame.entries, frame.key.take()) {
            (None, _) => frame.items.push(node),
            (Some(entries), Some(key)) => entries.push(Entry { key, value: node }),
            (Some(entries), None) => {
                if is_merge {
                    frame.merges.push(entries.len());
                }
                let is_text = matches!(node.kind, NodeKind::Scalar(_));
                let kind = if is_text { node.kind } else { NodeKind::Expression };
                frame.key = Some(Node { at: node.at, kind });
            }
        }
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) {
        let message = match self.anchors.get(&anchor) {
            None => "this alias stands inside its own anchor, or its anchor is too large to repeat",
            Some(branch) if self.aliased + branch.weight > MAX_ALIASED => {
                "aliases repeat too many values"
            }
            Some(branch) if self.frames.len() + branch.height > MAX_DEPTH => {
                "aliases nest too deeply"
            }
            Some(branch) => {
                let branch = branch.clone();
                self.aliased += branch.weight;
                self.nodes += branch.weight;
                return self.place(branch, 0, end, false);
            }
        };
        self.problem(start, end, message);
        self.expression(start, end);
    }
}

impl Tree<'_> {
    /// Builds a scalar and says where it ends. A tag of another meaning makes it an expression from the tag on.
    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        tag_start: usize,
        start: usize,
        end: usize,
    ) -> (Node, usize) {
        let is_key =
            self.frames.last().is_some_and(|frame| frame.entries.is_some() && frame.key.is_none());
        let is_value = self.frames.last().is_some_and(|frame| frame.key.is_some());
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let is_void = style == ScalarStyle::Plain && start == end;
        let (mut start, end) = match () {
            () if is_block => {
                let header = self.token(self.last_end, usize::MAX).min(start);
                (
                    header,
                    header + self.masked.get(header..end).map_or(0, |raw| raw.trim_end().len()),
                )
            }
            () if is_void && is_value && tag.is_none() => (self.last_end, self.last_end),
            () => (start, end),
        };
        // A hole between a key and its value can be that value, or a condition on it.
        let from = if is_value { self.last_end } else { start };
        let is_open =
            is_value && !self.holes.is_empty() && (is_void || is_block && text.trim().is_empty());
        let to = if is_open { self.token(end, MAX_GAP) } else { end };
        let is_null =
            style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        let known = tag.map(core_name);
        if tag.is_some() && (is_null || known == Some(None)) {
            start = tag_start;
        }
        let kind = match known {
            _ if self.holes.meet(from, to) => NodeKind::Expression,
            Some(None) => NodeKind::Expression,
            None if is_key && is_void => NodeKind::Expression,
            None if is_null && !is_key => NodeKind::Null,
            Some(Some("null")) if !is_key => NodeKind::Null,
            _ => NodeKind::Scalar(text.into()),
        };
        (Node::new(self.at(start, end), kind), end)
    }

    /// Where the next token with content begins: behind blanks, comments, indicators, anchors and tags.
    fn token(&self, from: usize, limit: usize) -> usize {
        let bytes = self.masked.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at).filter(|_| at - from < limit) {
            let is_property = matches!(byte, b'&' | b'!');
            let is_comment = byte == b'#';
            let is_indicator = matches!(byte, b'-' | b'?' | b':')
                && bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
            if !(is_property || is_comment || is_indicator || byte.is_ascii_whitespace()) {
                break;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            at += match () {
                () if is_comment => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                () if is_property => {
                    rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len())
                }
                () => 1,
            };
        }
        at
    }

    fn failure(&self, error: &ScanError) -> Failure {
        let at = error.marker().byte_offset().unwrap_or(self.last_end).min(self.masked.len());
        let (cause, message) = explain(error.kind());
        let failure = Failure { at, cause, message, close: None };
        let opening = self.token(self.last_end, usize::MAX);
        if message == QUOTE && opening < at && self.masked[opening..].starts_with(['"', '\'']) {
            return Failure { at: opening, ..failure };
        }
        let is_unclosed = matches!(error.kind(), ErrorKind::UnclosedFlowCollection { .. });
        let root_is_flow = self.frames.first().is_none_or(|frame| frame.is_flow);
        if let ErrorKind::UnclosedFlowCollection { open } = error.kind()
            && root_is_flow
        {
            return Failure { close: Some(if *open == '[' { ']' } else { '}' }), ..failure };
        }
        let Some(flow) = self.frames.iter().find(|frame| frame.is_flow && !root_is_flow) else {
            return failure;
        };
        let is_outside =
            self.line(at) != self.line(flow.start) && self.indent(at) <= self.indent(flow.start);
        if is_unclosed || is_outside {
            return Failure {
                at: flow.start,
                cause: Cause::Unclosed,
                message: BRACKET,
                close: None,
            };
        }
        failure
    }

    fn line(&self, at: usize) -> usize {
        holes::line_start(self.masked, at)
    }

    fn indent(&self, at: usize) -> usize {
        let line = self.masked.get(self.line(at)..).unwrap_or_default();
        line.bytes().take_while(|&byte| byte == b' ').count()
    }

    /// Closes what is still open: what was read before a mistake counts.
    fn finish(mut self) -> Parsed {
        while !self.frames.is_empty() {
            let end = self.last_end;
            self.too_deep.0 = 0;
            self.close(end);
        }
        self.parsed
    }
}

/// The name of a tag that does not change what a value means to us: `str` for `!!str`.
fn core_name(tag: &Tag) -> Option<&'static str> {
    let names = ["str", "int", "bool", "null", "float", "map", "seq", "binary", "merge"];
    if tag.parts() == ("", "!") {
        return Some("str");
    }
    let name = tag.suffix_in_namespace("tag:yaml.org,2002:")?;
    names.into_iter().find(|known| *known == name)
}

/// Puts what merge keys bring before a mapping's own entries: the last entry of a key wins.
fn merge(mut entries: Vec<Entry>, merges: &[usize]) -> Vec<Entry> {
    let is_source = |node: &Node| matches!(node.kind, NodeKind::Mapping(_));
    let brings = |index: &usize| {
        let value = entries.get(*index).map(|entry| &entry.value);
        value.is_some_and(|value| is_source(value) || value.items().iter().any(is_source))
    };
    let merges: BTreeSet<usize> = merges.iter().copied().filter(brings).collect();
    if merges.is_empty() {
        return entries;
    }
    let mut sources = Vec::new();
    for index in merges.into_iter().rev() {
        let value = entries.remove(index).value;
        match value.kind {
            NodeKind::Sequence(items) => sources.extend(items),
            _ => sources.push(value),
        }
    }
    let mut seen: BTreeSet<String> =
        entries.iter().filter_map(|entry| entry.key.as_str().map(str::to_owned)).collect();
    let mut merged = Vec::new();
    for source in sources {
        let NodeKind::Mapping(brought) = source.kind else { continue };
        let is_new = |entry: &Entry| entry.key.as_str().is_none_or(|key| !seen.contains(key));
        let brought: Vec<Entry> = brought.into_iter().filter(is_new).collect();
        seen.extend(brought.iter().filter_map(|entry| entry.key.as_str().map(str::to_owned)));
        merged.extend(brought);
    }
    merged.append(&mut entries);
    merged
}

const QUOTE: &str = "a quoted value is not closed, or more follows it";
const BRACKET: &str = "a bracket is not closed, or closed by another kind";

/// The parser's reason in our own words: its own can hold text of the file.
fn explain(kind: &ErrorKind) -> (Cause, &'static str) {
    use ErrorKind as E;
    match kind {
        E::UnclosedQuotedScalar
        | E::DocumentIndicatorInQuotedScalar
        | E::InvalidQuotedScalarIndent
        | E::TabInIndentation
        | E::InvalidTrailingSingleQuotedScalar
        | E::InvalidTrailingDoubleQuotedScalar => (Cause::Unclosed, QUOTE),
        E::UnclosedFlowCollection { .. } | E::MismatchedFlowCollectionEnd { .. } => {
            (Cause::Unclosed, BRACKET)
        }
        E::MisplacedFlowCollectionEnd => (Cause::Value, "a closing bracket has no opening one"),
        E::ExpectedFlowMappingSeparator | E::ExpectedFlowSequenceSeparator => {
            (Cause::Value, "a comma or a closing bracket is missing")
        }
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabAtBlockScalarStart
        | E::TabInPlainScalar => (Cause::Tab, "a tab is used for indentation"),
        E::InvalidIndentation
        | E::ExpectedBlockMappingKey
        | E::ExpectedBlockSequenceEntry
        | E::BlockSequenceEntryNotAllowed
        | E::InvalidBlockScalarIndent => (Cause::Indentation, "the indentation fits nothing above"),
        E::SimpleKeyExpected | E::InvalidSimpleKey => {
            (Cause::Indentation, "a colon and a space are missing after this key")
        }
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            Cause::Value,
            "a mapping cannot begin here: quote a value that holds a colon and a space",
        ),
        E::UnexpectedCharacter { .. } => {
            (Cause::Value, "a value that begins with this character must be quoted")
        }
        E::CommentInterceptedScalar => (Cause::Value, "a comment interrupts a value"),
        E::UndeclaredTagHandle
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::ExpectedTagBang => (Cause::Value, "this tag is malformed or not declared"),
        E::MissingAnchorOrAliasName => (Cause::Value, "an anchor or alias has no name"),
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidUnicodeEscape => (Cause::Value, "a quoted value holds an unknown escape"),
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => {
            (Cause::Value, "more follows the `|` or `>` of a block value on its line")
        }
        _ => (Cause::Value, "this is not valid YAML"),
    }
}
