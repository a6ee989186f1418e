//! XML → [`Node`]: elements are keys, in order and repeated as they stand; attributes are keys with `@`, text beside them is `#text`.
//!
//! Entities and CDATA are decoded; an entity that a DTD declares is not expanded, its element is an expression. Reading stops at the first
//! mistake, with what was open closed.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, MAX_DEPTH, MAX_NODES, Node, NodeKind, Parsed, Problem, stem_of_sample};
use crate::source::{Location, SourceId};

/// XML files.
pub struct Xml;

impl Format for Xml {
    fn name(&self) -> &'static str {
        "XML"
    }

    fn claims(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        std::path::Path::new(stem_of_sample(&path)).extension().is_some_and(|end| end == "xml")
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::XML, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let root = Frame::new(Node::new(Location::new(id, 0, 0), NodeKind::Null), 0);
        let mut tree = Tree { id, text, open: vec![root], nodes: 0 };
        let problem = tree.read().err().map(|(at, message)| Problem {
            at: Location::new(id, at.min(text.len()), at.min(text.len())),
            message: message.to_owned(),
        });
        while tree.open.len() > 1 {
            tree.close(text.len());
        }
        let entries = tree.open.pop().map(|root| root.entries).unwrap_or_default();
        let documents = match (entries.first(), entries.last()) {
            (Some(first), Some(last)) => {
                let (first, last) = (first.key.at.span.range(), last.value.at.span.range());
                let at = Location::new(id, first.start, last.end.max(first.end));
                vec![Node::new(at, NodeKind::Mapping(entries))]
            }
            _ => Vec::new(),
        };
        Parsed { documents, problems: problem.into_iter().collect() }
    }
}

/// An element that is not closed yet.
struct Frame {
    key: Node,
    /// Where its content starts.
    content: usize,
    entries: Vec<Entry>,
    text: String,
    /// Whether an entity stands in the text that only a DTD explains.
    is_computed: bool,
}

impl Frame {
    fn new(key: Node, content: usize) -> Self {
        Self { key, content, entries: Vec::new(), text: String::new(), is_computed: false }
    }
}

struct Tree<'a> {
    id: SourceId,
    text: &'a str,
    open: Vec<Frame>,
    nodes: usize,
}

impl Tree<'_> {
    /// Reads all events; where and why it stopped before the end.
    fn read(&mut self) -> Result<(), (usize, &'static str)> {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().allow_dangling_amp = true;
        loop {
            let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let Ok(event) = reader.read_event() else {
                let at = usize::try_from(reader.error_position()).unwrap_or(start);
                return Err((at, "this is no well-formed XML"));
            };
            let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            match event {
                Event::Start(_) => self.open(start, end),
                Event::Empty(_) => {
                    self.open(start, end);
                    self.close(end);
                }
                Event::End(_) => self.close(start),
                Event::Text(_) => self.add(self.text.get(start..end).unwrap_or_default()),
                Event::CData(data) => self.add(&data),
                Event::GeneralRef(name) => match resolved(&name) {
                    Some(letter) => self.add(letter.encode_utf8(&mut [0; 4])),
                    None => self.compute(),
                },
                Event::Eof if self.open.len() > 1 => {
                    return Err((end, "an element is never closed"));
                }
                Event::Eof => return Ok(()),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
            if self.open.len() > MAX_DEPTH / 2 || self.nodes > MAX_NODES {
                return Err((end, "the file is too deep or has too many values to be read whole"));
            }
        }
    }

    fn open(&mut self, start: usize, end: usize) {
        let tag = self.text.get(start..end).unwrap_or_default();
        let is_end = |letter: char| letter.is_ascii_whitespace() || matches!(letter, '/' | '>');
        let name = tag.get(1..).unwrap_or_default();
        let length = name.find(is_end).unwrap_or(name.len());
        let name = name.get(..length).unwrap_or_default();
        let key = self.scalar(start + 1, start + 1 + length, name.to_owned());
        let mut frame = Frame::new(key, end);
        let mut at = 1 + length;
        while let Some((name_at, value_at)) = attribute(tag, at) {
            at = value_at.end + 1;
            let name = format!("@{}", tag.get(name_at.clone()).unwrap_or_default());
            let written = tag.get(value_at.clone()).unwrap_or_default();
            let key = self.scalar(start + name_at.start, start + name_at.end, name);
            let (from, to) = (start + value_at.start, start + value_at.end);
            let value = match decoded(written) {
                Some(text) if text.is_empty() => {
                    Node::new(Location::new(self.id, from, to), NodeKind::Null)
                }
                Some(text) => self.scalar(from, to, text),
                None => Node::new(Location::new(self.id, from, to), NodeKind::Expression),
            };
            frame.entries.push(Entry { key, value });
        }
        self.nodes += 1 + 2 * frame.entries.len();
        self.open.push(frame);
    }

    /// Ends the element that was opened last, whose content ends at `end`.
    fn close(&mut self, end: usize) {
        if self.open.len() < 2 {
            return;
        }
        let Some(mut frame) = self.open.pop() else { return };
        let content = self.text.get(frame.content..end).unwrap_or_default();
        let from = frame.content + content.len() - content.trim_start().len();
        let to = from + content.trim().len();
        let text = frame.text.trim();
        let at = Location::new(self.id, from.min(to.max(frame.content)), to.max(frame.content));
        let kind = match () {
            () if frame.is_computed => NodeKind::Expression,
            () if text.is_empty() => NodeKind::Null,
            () => NodeKind::Scalar(text.to_owned()),
        };
        let value = if frame.entries.is_empty() {
            let at = if kind == NodeKind::Null {
                Location::new(self.id, frame.content, frame.content)
            } else {
                at
            };
            Node::new(at, kind)
        } else {
            let has_elements = frame
                .entries
                .iter()
                .any(|entry| entry.key.as_str().is_some_and(|name| !name.starts_with('@')));
            if kind != NodeKind::Null && !has_elements {
                let key = self.scalar(from, from, "#text".to_owned());
                frame.entries.push(Entry { key, value: Node::new(at, kind) });
            }
            let at = Location::new(self.id, frame.key.at.span.range().end, end);
            Node::new(at, NodeKind::Mapping(frame.entries))
        };
        self.nodes += 1;
        if let Some(parent) = self.open.last_mut() {
            parent.entries.push(Entry { key: frame.key, value });
        }
    }

    fn add(&mut self, text: &str) {
        if let Some(frame) = self.open.last_mut() {
            frame.text.push_str(text);
        }
    }

    fn compute(&mut self) {
        if let Some(frame) = self.open.last_mut() {
            frame.is_computed = true;
        }
    }

    fn scalar(&self, start: usize, end: usize, text: String) -> Node {
        Node::new(Location::new(self.id, start, end), NodeKind::Scalar(text))
    }
}

/// The name and the value, without its quotes, of the next attribute of a tag.
fn attribute(tag: &str, from: usize) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let rest = tag.get(from..)?;
    let start = from + rest.len() - rest.trim_start().len();
    let equals = start + tag.get(start..)?.find('=')?;
    let name = start..start + tag.get(start..equals)?.trim_end().len();
    let behind = tag.get(equals + 1..)?;
    let open = equals + 1 + behind.len() - behind.trim_start().len();
    let quote = tag.get(open..)?.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let length = tag.get(open + 1..)?.find(quote)?;
    Some((name, open + 1..open + 1 + length))
}

/// A text with its entities decoded; none where only a DTD explains one.
fn decoded(written: &str) -> Option<String> {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, behind)) = rest.split_once('&') {
        text.push_str(before);
        if let Some((name, after)) = behind.split_once(';')
            && name.len() < 32
        {
            text.push(resolved(name)?);
            rest = after;
        } else {
            text.push('&');
            rest = behind;
        }
    }
    text.push_str(rest);
    Some(text)
}

fn resolved(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
