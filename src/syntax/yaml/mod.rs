//! YAML: every document of a file, with aliases and merge keys expanded.
//!
//! Only this file knows the parser library. A line that stops it is blanked and the text read again, so that one mistake does not hide
//! the settings round it. A tag of a meaning of its own makes a scalar an expression, which begins at the tag.

mod holes;
mod repair;
mod tree;

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle, Tag,
};

use super::comments::{self, Comment};
use super::{Format, Node, NodeKind, Parsed, Problem, stem_of_sample};
use crate::source::{Location, SourceId};
use holes::Holes;
use repair::Cause;
use tree::{Role, Tree};

/// How many mistakes are blanked in one file.
const MAX_REPAIRS: usize = 32;

/// How many bytes are read again because of mistakes.
const MAX_REREAD: usize = 64 << 20;

/// How many brackets are closed at the end of a file.
const MAX_CLOSED: usize = 8;

/// How far behind a key without value a hole is looked for.
const MAX_GAP: usize = 1024;

/// The YAML format.
pub struct Yaml;

/// Whether a file holds the named templates of a chart: `templates/_helpers.tpl`.
#[must_use]
pub fn is_named_template(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    name.starts_with('_')
        && name.strip_suffix(".tpl").is_some()
        && format!("/{folder}/").contains("/templates/")
}

impl Format for Yaml {
    fn name(&self) -> &'static str {
        "YAML"
    }

    fn claims(&self, path: &str) -> bool {
        let stem = stem_of_sample(path).as_bytes();
        let ends_with = |extension: &[u8]| {
            stem.get(stem.len().wrapping_sub(extension.len())..)
                .is_some_and(|end| end.eq_ignore_ascii_case(extension))
        };
        ends_with(b".yaml") || ends_with(b".yml") || ends_with(b".eyaml") || is_named_template(path)
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::tree::outside_scalars(&self.parse(SourceId(0), text), text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let (mut masked, mut holes) = holes::mask(text);
        let mut mistakes: Vec<Problem> = Vec::new();
        let (mut repairs, mut reread, mut closed) = (0, 0, 0);
        let mut previous = None;
        loop {
            let mut reading = Reading::new(id, text.len(), &masked, &holes);
            let failure = reading.read();
            let mut parsed = reading.tree.finish(reading.last_end);
            let Some(failure) = failure else { return finish(mistakes, parsed) };
            let line = holes::line_start(&masked, failure.at);
            let ends = matches!(failure.cause, Cause::Ends(_));
            let is_rest = previous.is_some_and(|(above, _)| repair::is_rest(&masked, above, line));
            let is_new =
                previous.is_none_or(|(at, _)| at != line) && !(ends && closed > 0) && !is_rest;
            let start = failure.at.min(text.len());
            if is_new {
                let line =
                    text.get(start..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
                let at = Location::new(id, start, start + line.trim_end().len());
                mistakes.push(Problem { at, message: failure.message.into() });
            }
            reread += failure.at;
            if let Cause::Ends(bracket) = failure.cause
                && closed < MAX_CLOSED
                && previous != Some((line, failure.at))
            {
                closed += 1;
                masked.to_mut().push(bracket);
            } else if repairs == MAX_REPAIRS
                || ends && closed == MAX_CLOSED
                || reread > MAX_REREAD
                || !repair::blank(masked.to_mut(), &mut holes, failure.at, failure.cause, !is_new)
            {
                let at = Location::new(id, start, text.len());
                parsed
                    .problems
                    .push(Problem { at, message: "the rest of the file is not read".into() });
                return finish(mistakes, parsed);
            } else {
                repairs += 1;
            }
            previous = Some((line, failure.at));
        }
    }
}

fn finish(mut mistakes: Vec<Problem>, mut parsed: Parsed) -> Parsed {
    mistakes.append(&mut parsed.problems);
    mistakes.sort_by_key(|problem| problem.at.span);
    Parsed { problems: mistakes, ..parsed }
}

/// Why one reading stopped.
struct Failure {
    at: usize,
    cause: Cause,
    message: &'static str,
}

/// One reading of the text.
struct Reading<'a> {
    masked: &'a str,
    holes: &'a Holes,
    tree: Tree,
    /// Where the token before ends.
    last_end: usize,
}

impl<'a> Reading<'a> {
    fn new(id: SourceId, length: usize, masked: &'a str, holes: &'a Holes) -> Self {
        Self { masked, holes, tree: Tree::new(id, length), last_end: 0 }
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
            let tag = span.tag_start().and_then(|tag| tag.byte_offset()).unwrap_or(range.start);
            self.take(event, range.start, range.end, tag);
            self.last_end = range.end;
            if self.tree.is_full() {
                self.tree.problem(range.start, usize::MAX, "too many values: the rest is not read");
                break;
            }
        }
        None
    }

    fn take(&mut self, event: Event<'_>, start: usize, end: usize, tag_start: usize) {
        let is_flow = |style| style == StructureStyle::Flow;
        match event {
            Event::SequenceStart(style, anchor, _) => {
                self.tree.open(false, is_flow(style), anchor, start, end);
            }
            Event::MappingStart(style, anchor, _) => {
                self.tree.open(true, is_flow(style), anchor, start, end);
            }
            Event::SequenceEnd | Event::MappingEnd => self.tree.close(end),
            _ if self.tree.is_too_deep() => {}
            Event::Scalar(text, style, anchor, tag) => {
                let is_merge = style == ScalarStyle::Plain && text == "<<";
                let tag = tag.as_deref().map(|tag| (tag, tag_start));
                let (node, end) = self.scalar(&text, style, tag, start, end);
                self.tree.leaf(node, anchor, end, is_merge);
            }
            Event::Alias(anchor) => self.tree.alias(anchor, start, end),
            Event::UnresolvedAlias(_) => {
                self.tree.problem(start, end, "this alias names no anchor above it");
                self.tree.expression(start, end);
            }
            _ => {}
        }
    }

    /// Builds a scalar and says where it ends.
    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<(&Tag, usize)>,
        start: usize,
        end: usize,
    ) -> (Node, usize) {
        let role = self.tree.role();
        let is_value = role == Role::Value;
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
        let name = tag.map(|(tag, _)| core_name(tag));
        if let Some((_, tag_start)) = tag
            && (is_null || name == Some(None))
        {
            start = tag_start;
        }
        let kind = match name {
            _ if self.holes.meet(from, to) => NodeKind::Expression,
            Some(None) => NodeKind::Expression,
            None if is_void && role == Role::Key => NodeKind::Expression,
            None if is_null && role != Role::Key => NodeKind::Null,
            Some(Some("null")) if role != Role::Key => NodeKind::Null,
            _ => NodeKind::Scalar(text.into()),
        };
        (Node::new(self.tree.at(start, end), kind), end)
    }

    /// Where the next token with content begins: behind blanks, comments, indicators, anchors and tags.
    fn token(&self, from: usize, limit: usize) -> usize {
        let bytes = self.masked.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at).filter(|_| at - from < limit) {
            let rest = bytes.get(at..).unwrap_or_default();
            at += match byte {
                b'#' => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                b'&' | b'!' => rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len()),
                b'-' | b'?' | b':' if rest.get(1).is_none_or(u8::is_ascii_whitespace) => 1,
                _ if byte.is_ascii_whitespace() => 1,
                _ => break,
            };
        }
        at
    }

    /// Finds what is to blame: often not where the parser noticed, but where a quote or bracket opened.
    fn failure(&self, error: &ScanError) -> Failure {
        let at = error.marker().byte_offset().unwrap_or(self.last_end).min(self.masked.len());
        let (cause, message) = explain(error.kind());
        let opening = self.token(self.last_end, usize::MAX);
        let opens = self.masked.get(opening..at).unwrap_or_default();
        let at = if message == QUOTE && opens.starts_with(['"', '\'']) { opening } else { at };
        let failure = Failure { at, cause, message };
        // The parser withholds a bracket's event until it knows that the bracket begins no key.
        let withheld = opens.starts_with(['[', '{']).then(|| (opening, !self.tree.has_open()));
        let ends = match error.kind() {
            ErrorKind::UnclosedFlowCollection { open } => {
                Some(if *open == '[' { ']' } else { '}' })
            }
            _ => None,
        };
        let Some((start, is_document)) = self.tree.open_flow().or(withheld) else {
            let is_document = ends.is_some() && !self.tree.has_open();
            return Failure {
                cause: ends.filter(|_| is_document).map_or(cause, Cause::Ends),
                ..failure
            };
        };
        let same_line = holes::line_start(self.masked, start) == holes::line_start(self.masked, at);
        if is_document {
            let alone = if same_line && self.is_last_line(at) { Cause::Alone } else { cause };
            return Failure { cause: ends.map_or(alone, Cause::Ends), ..failure };
        }
        if ends.is_some() || !same_line && self.indent(at) <= self.indent(start) {
            return Failure { at: start, cause: Cause::Unclosed, message: BRACKET };
        }
        failure
    }

    fn is_last_line(&self, at: usize) -> bool {
        let rest = self.masked.get(at..).unwrap_or_default();
        rest.split_once('\n').is_none_or(|(_, below)| below.trim().is_empty())
    }

    fn indent(&self, at: usize) -> usize {
        let line = self.masked.get(holes::line_start(self.masked, at)..).unwrap_or_default();
        line.bytes().take_while(|&byte| byte == b' ').count()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_what_is_yaml() {
        for path in ["a/values.yaml", ".magento.app.YML", "env.yaml.dist", ".yaml"] {
            assert!(Yaml.claims(path), "{path}");
        }
        for path in ["yaml", "values.yaml.prod", "a.yml/b", "é"] {
            assert!(!Yaml.claims(path), "{path}");
        }
    }

    #[test]
    fn problems_point_at_what_is_wrong() {
        let text = "a: é\nb: [1,\nc: 2\nd: \"x\ne: @y # z\n";
        let problems = Yaml.parse(SourceId(0), text).problems;
        let places: Vec<_> =
            problems.iter().map(|problem| &text[problem.at.span.range()]).collect();
        assert_eq!(places, ["[1,", "\"x", "@y # z"]);
    }

    #[test]
    fn what_follows_a_nul_is_not_lost() {
        let parsed = Yaml.parse(SourceId(0), "a: 1\0\nb: 2\n");
        assert_eq!(parsed.problems.len(), 1);
        assert_eq!(parsed.documents[0].get("b").and_then(Node::as_str), Some("2"));
    }
}
