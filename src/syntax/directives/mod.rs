//! INI, properties and web servers' configuration → [`Node`]: lines that give a name a value.
//!
//! `name = value` in sections, Java's `name: value` and `name value` where the name is a path or a variable, and the directives that hand a variable to PHP: nginx's `fastcgi_param NAME value;`, Apache's `SetEnv NAME value`
//! and `PassEnv NAME`, FPM's `env[NAME] = value`, each in the section of its virtual host; systemd's `Environment="A=1" "B=2"`; the lines of hosts in an Ansible inventory, `host NAME=value`. All other directives are passed over. A quote that is never closed ends with its line.

mod hosts;
mod maps;
mod roots;
mod text;

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memchr;

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, MAX_NODES, Node, NodeKind, Parsed, Problem, file_name, stem_of_sample};
use crate::source::{Location, SourceId};
use roots::unite;
use text::{BLANKS, closing_quote, end_of, kind_of, property, start_of, unescaped, without_gap};

/// Files of settings line by line, and of web servers.
pub struct Directives;

impl Format for Directives {
    fn name(&self) -> &'static str {
        "INI and web servers"
    }

    fn claims(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let path = stem_of_sample(&path);
        let name = file_name(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let whole = format!("/{path}");
        let stands_in = |folders: &[&str]| folders.iter().any(|folder| whole.contains(folder));
        matches!(extension, "ini" | "properties" | "cnf" | "conf" | "htaccess" | "vhost")
            || matches!(name, "fastcgi_params" | "envvars" | "hosts" | "inventory")
            || stands_in(&["/sites-available/", "/sites-enabled/"])
            || extension.is_empty()
                && stands_in(&["/inventory/", "/inventories/"])
                && !stands_in(&["/group_vars/", "/host_vars/"])
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::DIRECTIVES, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let mut reader = Reader {
            id,
            text,
            top: Vec::new(),
            sections: Vec::new(),
            roots: BTreeMap::new(),
            problems: Vec::new(),
            maps: Maps::default(),
            open: Block::None,
            line: 0..0,
        };
        let (mut next, mut nodes) = (0, 0);
        while next < text.len() {
            next = reader.directive(next);
            nodes += 2;
            if nodes > MAX_NODES {
                reader.problem(next..next, "the file has too many lines to be read whole");
                break;
            }
        }
        reader.spread();
        let Reader { mut top, mut sections, problems, roots, .. } = reader;
        unite(&mut sections, roots, text);
        for (key, entries) in sections {
            if key.as_str() == Some(HOST) {
                // The block of a host without a name.
                top.extend(entries);
                continue;
            }
            let (Some(first), Some(last)) = (entries.first(), entries.last()) else { continue };
            let at = Location::new(id, start_of(first), end_of(last));
            top.push(Entry { key, value: Node::new(at, NodeKind::Mapping(entries)) });
        }
        let documents = match (top.first(), top.last()) {
            (Some(first), Some(last)) => {
                let at = Location::new(id, start_of(first), end_of(last));
                vec![Node::new(at, NodeKind::Mapping(top))]
            }
            _ => Vec::new(),
        };
        Parsed { documents, problems }
    }
}

/// Directives that give the variable behind them a value.
const SETTERS: [&str; 6] =
    ["fastcgi_param", "uwsgi_param", "scgi_param", "setenv", "setenvifnocase", "env"];

/// The name of a virtual host before its block says one.
const HOST: &str = "server";

/// How many problems of one file are told.
const MAX_PROBLEMS: usize = 32;

/// A block of Apache's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    /// None, or one that was closed.
    None,
    /// A virtual host's.
    Host,
    /// A folder's.
    Folder,
}

/// What a map gives: each host with its value, the default under none.
type Map = Vec<(Option<Range<usize>>, Range<usize>)>;

/// The maps of a file, and who is given what by its host.
#[derive(Default)]
struct Maps {
    known: BTreeMap<String, Option<Map>>,
    /// All names of sections, by their places among these.
    names: BTreeMap<usize, Vec<Range<usize>>>,
    /// What single hosts are given.
    given: Vec<(Range<usize>, Entry)>,
}

struct Reader<'a> {
    id: SourceId,
    text: &'a str,
    top: Vec<Entry>,
    sections: Vec<(Node, Vec<Entry>)>,
    /// The document roots of sections, by their places among these.
    roots: BTreeMap<usize, &'a str>,
    problems: Vec<Problem>,
    /// What is given by the host that is asked for.
    maps: Maps,
    /// The block of Apache's that is open.
    open: Block,
    /// What is known of the line that was looked at last.
    line: Range<usize>,
}

impl<'a> Reader<'a> {
    /// Reads what starts at `start` and returns where the next directive starts.
    fn directive(&mut self, start: usize) -> usize {
        let end = self.line_end(start);
        let line = self.slice(start..end);
        let start =
            end - line.trim_start_matches([' ', '\t', '\r', '\x0b', '\x0c', '}', ';']).len();
        let line = self.slice(start..end);
        let is_host = line.strip_prefix(HOST).is_some_and(|rest| {
            let behind =
                if rest.trim().is_empty() { self.slice(end..self.text.len()) } else { rest };
            behind.trim_start().starts_with('{')
        });
        if is_host || line.to_ascii_lowercase().starts_with("<virtualhost") {
            if !is_host {
                self.open = Block::Host;
            }
            let length = line.find(['{', ' ', '\t', '\r', '>']).unwrap_or(line.len());
            let key = self.scalar(start..start + length, HOST.to_owned());
            self.sections.push((key, Vec::new()));
            return line.find('{').map_or(end + 1, |brace| start + brace + 1);
        }
        if line.starts_with('<') {
            self.folder(start, line);
        }
        if line.is_empty() || line.starts_with(['#', '!', '<']) {
            return end + 1;
        }
        if let Some(next) = self.map(start, end).or_else(|| self.by_host(start, end)) {
            return next;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            // Ansible: the variables of a group.
            let name = name.strip_suffix(":vars").unwrap_or(name);
            let key = self.scalar(start + 1..start + 1 + name.len(), name.to_owned());
            self.sections.push((key, Vec::new()));
            return end + 1;
        }
        let word = line.split([' ', '\t', '=']).next().unwrap_or_default();
        let rest = line.get(word.len()..).unwrap_or_default().trim_start_matches(BLANKS);
        let is_assignment = rest.starts_with('=');
        let lower = word.to_ascii_lowercase();
        if !is_assignment && matches!(lower.as_str(), "root" | "documentroot") {
            self.note_root(rest);
        }
        if is_assignment && matches!(word, "chdir" | "directory") {
            self.note_root(rest.trim_start_matches('='));
        }
        if is_assignment && word == "command" {
            self.note_root(roots::of_command(rest));
        }
        if !is_assignment && matches!(lower.as_str(), "server_name" | "servername") {
            return self.name_host(end - rest.len(), end);
        }
        if !is_assignment && SETTERS.contains(&lower.as_str()) {
            return self.set(end - rest.len(), end);
        }
        if !is_assignment && lower == "passenv" {
            self.pass(end - rest.len(), end);
            return end + 1;
        }
        if is_assignment {
            let name = word.strip_prefix("env[").and_then(|name| name.strip_suffix(']'));
            let offset = if name.is_some() { 4 } else { 0 };
            let name = name.unwrap_or(word);
            let at = start + offset..start + offset + name.len();
            return self.assign(at, end - rest.len() + 1, end);
        }
        if let Some((name, value)) = property(line) {
            return self.assign(start..start + name, start + value, end);
        }
        if !is_assignment && self.host(start..start + word.len(), end) {
            return end + 1;
        }
        // Another directive, or a block: one of ours may stand behind its brace or semicolon.
        let ours = line.match_indices(['{', ';']).find(|(sign, _)| {
            let behind = line.get(sign + 1..).unwrap_or_default().trim_start_matches(BLANKS);
            SETTERS.iter().any(|setter| behind.starts_with(setter))
        });
        ours.map_or(end + 1, |(sign, _)| start + sign + 1)
    }

    /// `NAME value` behind a directive; nginx ends it with a semicolon.
    fn set(&mut self, from: usize, end: usize) -> usize {
        let rest = self.slice(from..end);
        let length = rest.find([' ', '\t', ';', '=']).unwrap_or(rest.len());
        let name = from..from + length;
        let behind = rest.get(length..).unwrap_or_default();
        if length == 0 || behind.trim().is_empty() || behind.starts_with(';') {
            let value = self.node(name.clone(), NodeKind::Expression);
            self.add(name, value);
            return end + 1;
        }
        let behind = behind.trim_start_matches([' ', '\t', '=']);
        let start = end - behind.len();
        if let Some(quote) = behind.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
            return self.quoted(name, quote, start, end);
        }
        let value = behind.split([';', ' ', '\t', '\r']).next().unwrap_or_default();
        let kind = kind_of(value, value);
        let value = self.node(start..start + value.len(), kind);
        let next = value.at.span.range().end;
        self.add(name, value);
        if self.text.as_bytes().get(next) == Some(&b';') { next + 1 } else { end + 1 }
    }

    /// `PassEnv A B`: values that the server has from elsewhere.
    fn pass(&mut self, from: usize, end: usize) {
        let mut at = from;
        for name in self.slice(from..end).split(BLANKS) {
            if !name.is_empty() {
                let value = self.node(at..at + name.len(), NodeKind::Expression);
                self.add(at..at + name.len(), value);
            }
            at += name.len() + 1;
        }
    }

    /// `Environment="A=1" "B=2"` of systemd: several assignments, each a word. Says whether the line is one.
    fn environment(&mut self, name: &Range<usize>, from: usize, end: usize) -> bool {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut at = from;
        loop {
            let rest = without_gap(self.slice(at..end));
            let start = end - rest.len();
            let Some(first) = rest.chars().next().filter(|first| *first != '\n') else { break };
            let is_quoted = matches!(first, '"' | '\'');
            let (inner, length) = if is_quoted {
                let Some(close) = closing_quote(rest, first, rest.len()) else { return false };
                (start + 1..start + close, close + 1)
            } else {
                let length = rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len());
                (start..start + length, length)
            };
            found.push(inner);
            at = start + length;
        }
        let is_assignment = |range: &Range<usize>| self.slice(range.clone()).contains('=');
        if found.len() < 2 || !found.iter().all(is_assignment) {
            return false;
        }
        for inner in found {
            let value = self.scalar(inner.clone(), unescaped(self.slice(inner)));
            self.add(name.clone(), value);
        }
        true
    }

    /// `name = value`.
    fn assign(&mut self, name: Range<usize>, from: usize, end: usize) -> usize {
        if self.slice(name.clone()) == "Environment" {
            let last = self.continued(end);
            if self.environment(&name, from, last) {
                return last + 1;
            }
        }
        let rest = self.slice(from..end);
        let written = rest.trim_matches(BLANKS);
        let start = from + rest.len() - rest.trim_start_matches(BLANKS).len();
        if let Some(quote) = written.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
            return self.quoted(name, quote, start, end);
        }
        let comment = written.find(" ;").or_else(|| written.find("\t;"));
        let value = written.get(..comment.unwrap_or(written.len())).unwrap_or_default();
        let value = value.trim_end_matches(BLANKS);
        let value = self.node(start..start + value.len(), NodeKind::Scalar(value.to_owned()));
        self.add(name, value);
        end + 1
    }

    fn quoted(&mut self, name: Range<usize>, quote: char, start: usize, end: usize) -> usize {
        let Some(close) = closing_quote(self.slice(start..self.text.len()), quote, end - start)
        else {
            self.problem(start..end, "a quote is opened and never closed");
            let value = self.node(start..end, NodeKind::Expression);
            self.add(name, value);
            return end + 1;
        };
        let close = start + close;
        let inner = self.slice(start + 1..close);
        let value = self.node(start..close + 1, kind_of(inner, &unescaped(inner)));
        self.add(name, value);
        let end = self.line_end(close);
        let behind = self.slice(close + 1..end);
        if behind.trim_start().starts_with(';') { close + 1 } else { end + 1 }
    }

    fn add(&mut self, name: Range<usize>, value: Node) {
        if name.is_empty() {
            return;
        }
        let key = self.scalar(name.clone(), self.slice(name).to_owned());
        // What stands behind the block of a folder is of no folder.
        let is_left = |key: &Node| {
            self.open != Block::Folder && key.as_str().is_some_and(|key| key.starts_with('/'))
        };
        match self.sections.last_mut().filter(|(key, _)| !is_left(key)) {
            Some((_, entries)) => entries.push(Entry { key, value }),
            None => self.top.push(Entry { key, value }),
        }
    }

    fn problem(&mut self, at: Range<usize>, message: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let at = Location::new(self.id, at.start, at.end);
            self.problems.push(Problem { at, message: message.to_owned() });
        }
    }

    fn node(&self, at: Range<usize>, kind: NodeKind) -> Node {
        Node::new(Location::new(self.id, at.start, at.end), kind)
    }

    fn scalar(&self, at: Range<usize>, text: String) -> Node {
        self.node(at, NodeKind::Scalar(text))
    }

    fn line_end(&mut self, from: usize) -> usize {
        if !self.line.contains(&from) {
            let rest = self.text.as_bytes().get(from..).unwrap_or_default();
            self.line = from..memchr(b'\n', rest).map_or(self.text.len(), |at| from + at);
        }
        self.line.end
    }

    /// Where the last of the lines ends that backslashes join to the one that ends at `end`.
    fn continued(&mut self, mut end: usize) -> usize {
        while end < self.text.len() && self.slice(0..end).trim_end_matches('\r').ends_with('\\') {
            end = self.line_end(end + 1);
        }
        end
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }
}
