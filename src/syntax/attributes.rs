//! Chef's attributes and Puppet's hashes → [`Node`]: lines of Ruby or Puppet that give quoted keys a value; behind them, what is run in them.
//!
//! `default['a']['b/c'] = 'value'` and `'a' => 'value'`, several on one line; Capistrano's `set :a, 'value'`. A value that is no quoted text is an
//! expression; everything else is passed over, so that no script is ever a problem. What a task of Rake's or Capistrano's sets is in its script.

use std::collections::BTreeSet;

use super::comments::{self, Comment, Lexis};
use super::program::{self, Program};
use super::{
    Entry, Format, MAX_DEPTH, MAX_NODES, Node, NodeKind, Parsed, file_name, stem_of_sample,
};
use crate::source::{Location, SourceId};

/// Ruby and Puppet.
pub struct Attributes;

impl Format for Attributes {
    fn name(&self) -> &'static str {
        "Chef and Puppet"
    }

    fn claims(&self, path: &str) -> bool {
        let name = file_name(stem_of_sample(path)).to_ascii_lowercase();
        let is_of_them = |extension: &str| matches!(extension, "rb" | "pp");
        name == "vagrantfile" || name.rsplit_once('.').is_some_and(|(_, end)| is_of_them(end))
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::ATTRIBUTES, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let mut entries = Vec::new();
        let mut open: Option<Block> = None;
        // How far the branches that are open are indented.
        let mut branches: Vec<usize> = Vec::new();
        let mut is_remark = false;
        let mut start = 0;
        for text in text.split_inclusive('\n') {
            let line = Line { id, text, start };
            let indented = text.len() - text.trim_start_matches([' ', '\t']).len();
            let is_end = text.trim_start().starts_with(['}', 'e']) && line.ends();
            is_remark = text.starts_with("=begin") || is_remark && !text.starts_with("=end");
            if is_remark {
                start += text.len();
                continue;
            }
            if is_end {
                branches.retain(|branch| *branch < indented);
            } else if line.branches() {
                branches.push(indented);
            }
            if let Some(block) = open.take_if(|block| is_end && indented <= block.indented) {
                entries.extend(block.entry());
            } else if open.is_none()
                && let Some(key) = line.opens()
            {
                open = Some(Block { indented, key, entries: Vec::new() });
            } else if !text.trim_start().starts_with('#') {
                let entries = open.as_mut().map_or(&mut entries, |block| &mut block.entries);
                let known = entries.len();
                line.read(entries);
                if !branches.is_empty() || line.may_not_run() {
                    let new = entries.iter_mut().skip(known);
                    new.for_each(|entry| weaken(&mut entry.value));
                }
            }
            start += text.len();
            if entries.len() > MAX_NODES / MAX_DEPTH {
                break;
            }
        }
        entries.extend(open.and_then(Block::entry));
        let mut ran = program::parse(Program::Ruby, (id, text), false);
        entries.retain(|entry| !ran.sets(entry.key.at));
        let mut read = BTreeSet::new();
        for entry in &entries {
            note(entry, &mut read);
        }
        // What the lines give needs no command.
        let is_read = |text: &Node| read.range(text.at.span.range()).next().is_some();
        ran.documents.retain(|text| text.kind != NodeKind::Expression || !is_read(text));
        let document = |(first, last): (&Entry, &Entry)| {
            let (first, last) = (first.key.at.span.range(), last.value.at.span.range());
            Location::new(id, first.start, last.end)
        };
        let at = entries.first().zip(entries.last()).map(document);
        let documents = at.map(|at| Node::new(at, NodeKind::Mapping(entries)));
        Parsed {
            documents: documents.into_iter().chain(ran.documents).collect(),
            problems: ran.problems,
        }
    }
}

/// What is for one machine: Puppet's `node 'kiwi.example.com' {`, Vagrant's `config.vm.define "kiwi" do |kiwi|`.
struct Block {
    /// How far its first line is indented, and its end.
    indented: usize,
    key: Node,
    entries: Vec<Entry>,
}

impl Block {
    /// Its entries under its name; none where it gives nothing.
    fn entry(self) -> Option<Entry> {
        let end = self.entries.last()?.value.at.span.range().end;
        let start = self.key.at.span.range().start;
        let at = Location::new(self.key.at.source, start, end);
        Some(Entry { key: self.key, value: Node::new(at, NodeKind::Mapping(self.entries)) })
    }
}

/// Notes where keys and values begin.
fn note(entry: &Entry, read: &mut BTreeSet<usize>) {
    read.extend([entry.key.at.span.range().start, entry.value.at.span.range().start]);
    entry.value.entries().iter().for_each(|inner| note(inner, read));
}

/// Makes values possible that only some runs give.
fn weaken(node: &mut Node) {
    if let NodeKind::Mapping(entries) = &mut node.kind {
        for entry in entries {
            weaken(&mut entry.value);
        }
    } else {
        let unknown = Node::new(node.at, NodeKind::Expression);
        node.kind = NodeKind::OneOf(vec![node.clone(), unknown]);
    }
}

struct Line<'a> {
    id: SourceId,
    text: &'a str,
    /// Where it starts in the file.
    start: usize,
}

impl Line<'_> {
    /// The name of the machine for which a block opens.
    fn opens(&self) -> Option<Node> {
        let line = self.text.trim();
        let is_node = line.starts_with("node ") && line.ends_with('{');
        let is_machine = line.contains(".vm.define") && line.contains(" do ");
        let quote = self.text.find(['\'', '"']).filter(|_| is_node || is_machine)?;
        self.quoted(quote).map(|(name, _)| name)
    }

    /// Whether a branch opens, of which only some runs enter.
    fn branches(&self) -> bool {
        let line = self.text.trim();
        let is_opened = |word: &str| {
            line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '(', '!']))
        };
        ["if", "unless", "case"].into_iter().any(is_opened) && !line.ends_with(" end")
    }

    /// Whether a condition stands before what the line gives: `x && default['a'] = 'b'`. One behind it makes the value an expression.
    fn may_not_run(&self) -> bool {
        let before = self.text.split_once(" = ").map_or("", |(before, _)| before);
        let bare = before.split(['\'', '"']).step_by(2);
        let words = [" && ", " || ", " and ", " or "];
        bare.into_iter().any(|part| words.iter().any(|word| part.contains(word)))
    }

    fn ends(&self) -> bool {
        matches!(self.text.trim(), "}" | "end")
    }

    /// `set :name, 'value'` of Capistrano's.
    ///
    /// Source: the Capistrano documentation, *Configuration*.
    fn variable(&self) -> Option<Entry> {
        let line = self.text.trim_start();
        let behind = line.strip_prefix("set")?.trim_start_matches([' ', '(']).strip_prefix(':')?;
        let length =
            behind.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
        let name = behind.get(..length).filter(|name| !name.is_empty())?;
        let value = behind.get(length..)?.strip_prefix(',')?.trim_start_matches([' ', '\t']);
        let start = self.text.len() - behind.len();
        let key = self.node(start, start + length, NodeKind::Scalar(name.to_owned()));
        if value.starts_with('{') {
            return None;
        }
        let (value, _) = self.value(self.text.len() - value.len());
        Some(Entry { key, value })
    }

    fn read(&self, entries: &mut Vec<Entry>) {
        entries.extend(self.variable());
        let mut keys: Vec<Node> = Vec::new();
        let mut at = 0;
        while let Some(found) = self.rest(at).find(['\'', '"']) {
            // Only brackets stand between the keys of one path.
            if found > 0 && !matches!(self.rest(at).get(..found), Some("][")) {
                keys.clear();
            }
            let Some((key, end)) = self.quoted(at + found) else { return };
            keys.push(key);
            at = end;
            let behind = self.rest(at).trim_start_matches(']');
            let behind = behind.trim_start_matches([' ', '\t']);
            let operator = if behind.starts_with("=>") {
                2
            } else if behind.starts_with('=') {
                1
            } else {
                continue;
            };
            let value = behind.get(operator..).unwrap_or_default();
            if value.starts_with(['=', '~', '>']) {
                keys.clear();
                continue;
            }
            let value = self.text.len() - value.trim_start_matches([' ', '\t']).len();
            let (value, end) = self.value(value);
            at = end;
            if keys.len() < MAX_DEPTH {
                entries.extend(nested(std::mem::take(&mut keys), value));
            }
            keys.clear();
        }
    }

    fn rest(&self, from: usize) -> &str {
        self.text.get(from..).unwrap_or_default()
    }

    /// A quoted text at `from`, and where it ends.
    fn quoted(&self, from: usize) -> Option<(Node, usize)> {
        let rest = self.rest(from);
        let quote = rest.chars().next()?;
        let mut text = String::new();
        let mut marks = rest.char_indices().skip(1);
        while let Some((at, mark)) = marks.next() {
            if mark == quote {
                let end = from + at + 1;
                return Some((self.node(from, end, NodeKind::Scalar(text)), end));
            }
            if mark != '\\' {
                text.push(mark);
                continue;
            }
            match marks.next()?.1 {
                'n' if quote == '"' => text.push('\n'),
                escaped if quote == '"' || matches!(escaped, '\\' | '\'') => text.push(escaped),
                other => text.extend(['\\', other]),
            }
        }
        None
    }

    /// The value at `from`: a quoted text that ends there, or an expression up to the end of the line.
    fn value(&self, from: usize) -> (Node, usize) {
        let quoted = self.rest(from).starts_with(['\'', '"']).then(|| self.quoted(from)).flatten();
        if let Some((node, end)) = quoted {
            let behind = self.rest(end).trim_start();
            if behind.is_empty() || behind.starts_with([',', ';', '}', ')', ']', '#']) {
                return (node, end);
            }
        }
        let end = from + self.rest(from).trim_end().len();
        // A hash begins: its keys are on this line or the next ones.
        let end_of_code = if self.rest(from).starts_with('{') { from + 1 } else { end };
        (self.node(from, end_of_code, NodeKind::Expression), end_of_code)
    }

    fn node(&self, from: usize, to: usize, kind: NodeKind) -> Node {
        Node::new(Location::new(self.id, self.start + from, self.start + to), kind)
    }
}

/// The entry of a path of keys.
fn nested(keys: Vec<Node>, value: Node) -> Option<Entry> {
    let mut keys = keys.into_iter().rev();
    let mut entry = Entry { key: keys.next()?, value };
    for key in keys {
        let start = entry.key.at.span.range().start;
        let at = Location::new(key.at.source, start, entry.value.at.span.range().end);
        entry = Entry { key, value: Node::new(at, NodeKind::Mapping(vec![entry])) };
    }
    Some(entry)
}
