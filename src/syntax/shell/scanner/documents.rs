//! Here-documents: text that a command reads. Where a shell reads it, it is a script; where it is written to a file, or read by a client of a
//! database or a cluster,
//! it stays as a mapping of the file's name to its text; where a loop reads it, each line is a command of its words.

use std::ops::Range;

use super::state::{Document, Scanner};
use crate::syntax::shell::nested;
use crate::syntax::shell::variables::Variables;
use crate::syntax::shell::word::{FILLER, Word, name_length};
use crate::syntax::{Entry, MAX_NODES, Node, NodeKind};

/// How many here-documents without an end are searched for theirs.
const MAX_OPEN_DOCUMENTS: usize = 64;

/// How many variables in a file are looked up.
const MAX_LOOKED_UP: usize = 1_000;

/// Programs that read a file from their input, and what to call it.
const CLIENTS: [(&str, &str); 6] = [
    ("mysql", "statements.sql"),
    ("mariadb", "statements.sql"),
    ("db:query", "statements.sql"),
    ("db:console", "statements.sql"),
    ("kubectl", "manifests.yaml"),
    ("oc", "manifests.yaml"),
];

/// The table that settings stand in.
pub const TABLE: &str = "core_config_data";

/// What statements begin with.
const STATEMENTS: [&str; 9] =
    ["update", "insert", "replace", "delete", "set", "use", "start", "begin", "--"];

impl Scanner<'_, '_> {
    pub(super) fn is_numbered_redirection(&self, at: usize) -> bool {
        matches!(self.words.byte(at + 1), Some(b'<' | b'>'))
    }

    /// Passes `> file`, `2>&1`, `<<< text`, and notes `<< END`.
    pub(super) fn redirection(&mut self, at: usize) -> usize {
        let text = self.words.slice(at..self.words.text.len());
        let signs = text.len() - text.trim_start_matches(['<', '>']).len();
        let is_document = text.starts_with("<<") && signs == 2;
        let mut start = at + signs;
        if matches!(self.words.byte(start), Some(b'(')) && signs == 1 {
            return start;
        }
        while matches!(self.words.byte(start), Some(b'&' | b'-' | b' ' | b'\t' | b'|')) {
            start += 1;
        }
        let word = self.words.word(start, self.variables);
        let end = word.at.end.max(at + signs);
        if is_document && !word.at.is_empty() {
            self.announce(&word);
        } else if text.starts_with("<<<") && word.text.contains(TABLE) {
            // What a client of a database reads is as good as an argument.
            self.command.push(word);
        } else if text.starts_with("<<<") {
            self.given = Some(word);
        } else if text.starts_with('>') && !self.words.slice(0..at).ends_with('2') {
            self.targets.push((self.commands.nodes.len(), word));
        }
        end
    }

    /// Notes the here-document that ends with a word.
    pub fn announce(&mut self, word: &Word) {
        let end = unquoted(self.words.slice(word.at.clone()));
        let reader = self.commands.nodes.len();
        self.documents.push(Document { end, is_literal: word.is_quoted, reader });
    }

    /// Reads the here-documents that start on this line.
    pub fn here_documents(&mut self, start: usize) -> usize {
        let mut at = start;
        let targets = std::mem::take(&mut self.targets);
        for document in std::mem::take(&mut self.documents) {
            let Some(body) = self.body(at, &document.end) else { continue };
            let readers = self.commands.nodes.get(document.reader..).unwrap_or_default();
            let is_script = readers.is_empty() || readers.iter().any(nested::reads_a_script);
            at = self.words.line_end(body.end).saturating_add(1).min(self.words.text.len());
            if is_script {
                self.inner_script(body, document.is_literal);
            } else if readers.iter().any(is_loop) {
                self.lines(body, document.is_literal);
            } else if let Some(file) = self.written(&targets, document.reader, &body) {
                self.file(file, body, document.is_literal);
            }
        }
        at
    }

    fn inner_script(&mut self, body: Range<usize>, is_literal: bool) {
        if is_literal {
            self.nested(body, &mut Variables::default(), None);
        } else {
            let mut variables = self.variables.clone();
            self.nested(body, &mut variables, Some(nested::Quote::Document));
        }
    }

    /// The file that a command, or one that it hands on to, writes: what `tee` is given, else the first redirection.
    fn written(
        &self,
        targets: &[(usize, Word)],
        reader: usize,
        body: &Range<usize>,
    ) -> Option<Node> {
        let readers = self.commands.nodes.get(reader..).unwrap_or_default().iter();
        let client = |word: &Node| {
            let &(_, name) =
                CLIENTS.iter().find(|(program, _)| *program == nested::started(word))?;
            Some(Node::new(word.at, NodeKind::Scalar(name.to_owned())))
        };
        if let Some(client) = readers.clone().flat_map(Node::items).find_map(client) {
            return Some(client);
        }
        // Whatever starts it, what reads statements is a client: `$MYSQL <<SQL`.
        let is_written = targets.iter().any(|(command, _)| *command >= reader);
        let starter = readers.clone().next().filter(|_| !is_written);
        if let Some(starter) = starter.filter(|_| is_sql(self.words.slice(body.clone()))) {
            return Some(Node::new(starter.at, NodeKind::Scalar("statements.sql".to_owned())));
        }
        let given = readers.filter_map(|command| {
            let tee = command.items().iter().position(|word| nested::program(word) == "tee")?;
            let mut words = command.items().iter().skip(tee + 1);
            let is_file = |word: &&Node| word.as_str().is_none_or(|text| !text.starts_with('-'));
            words.find(is_file)
        });
        let base = self.script.base;
        let place = |word: &Node| {
            let range = word.at.span.range();
            // A word that a loop or a caller gives stands elsewhere.
            let is_here = word.at.source == self.script.id;
            let start = range.start.checked_sub(base).filter(|_| is_here);
            let end = range.end.checked_sub(base);
            let here = start.zip(end).map(|(start, end)| start..end);
            let here = here.filter(|here| here.end <= self.words.text.len());
            (here.unwrap_or(body.start..body.start), word.as_str().map(str::to_owned))
        };
        let given = given.map(place).next();
        let redirected = || {
            let (_, word) = targets.iter().find(|(command, _)| *command >= reader)?;
            Some((word.at.clone(), Some(word.text.clone()).filter(|_| !word.is_unknown)))
        };
        let (at, known) = given.or_else(redirected)?;
        let name = known.unwrap_or_else(|| unquoted(self.words.slice(at.clone())));
        // Of a path that starts in a variable, what stands behind it is known.
        let known = name.rfind(['}', '$', ')', '`']).map_or(name.as_str(), |sign| {
            name.get(sign..).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path)
        });
        let is_file = !known.is_empty() && !known.starts_with("/dev/");
        is_file.then(|| self.node(at, NodeKind::Scalar(known.to_owned())))
    }

    /// Keeps a file that the script writes, and what is known of the variables in its text.
    fn file(&mut self, key: Node, body: Range<usize>, is_literal: bool) {
        let text = self.words.slice(body.clone());
        let mut entries = Vec::new();
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|rest| rest.find('$')).map(|at| from + at) {
            from = at + 1;
            let rest = text.get(from..).unwrap_or_default();
            let braces = usize::from(rest.starts_with('{'));
            let rest = rest.get(braces..).unwrap_or_default();
            let name = rest.get(..name_length(rest)).unwrap_or_default();
            let is_whole =
                braces == 0 || rest.get(name.len()..).is_some_and(|r| r.starts_with('}'));
            if is_literal || !is_whole || entries.len() >= MAX_LOOKED_UP {
                continue;
            }
            let Some(value) = self.variables.get(name).map(str::to_owned) else { continue };
            let start = body.start + at;
            let place = start..start + 1 + name.len() + 2 * braces;
            let key = self.node(place.clone(), NodeKind::Scalar(name.to_owned()));
            let value = self.node(place, NodeKind::Scalar(value));
            entries.push(Entry { key, value });
        }
        let mut text = if is_literal {
            text.to_owned()
        } else {
            nested::masked(text, nested::Quote::Document)
        };
        if key.as_str() == Some("statements.sql") {
            // A path is a part of a condition: it is put in, and the places are those of all the text.
            for entry in &entries {
                let (name, value) = (entry.key.as_str(), entry.value.as_str());
                let Some((name, path)) = name.zip(value.filter(|value| value.contains('/'))) else {
                    continue;
                };
                text =
                    text.replace(&format!("${{{name}}}"), path).replace(&format!("${name}"), path);
            }
        }
        let at = body.clone();
        let value = self.node(body, NodeKind::Scalar(text.replace(FILLER, " ")));
        entries.insert(0, Entry { key, value });
        self.commands.count += 2 * entries.len();
        let node = self.node(at, NodeKind::Mapping(entries));
        self.commands.nodes.push(node);
    }

    /// The words of each line that a loop reads.
    fn lines(&mut self, body: Range<usize>, is_literal: bool) {
        let text = self.words.slice(body.clone());
        let mut start = body.start;
        for line in text.split_inclusive('\n') {
            if self.commands.count > MAX_NODES / 2 {
                return;
            }
            let mut words = Vec::new();
            let mut at = start;
            for word in line.split_inclusive(char::is_whitespace) {
                let written = word.trim_end();
                let range = at..at + written.len();
                at += word.len();
                if written.is_empty() {
                    continue;
                }
                let name =
                    written.trim_start_matches("${").trim_start_matches('$').trim_end_matches('}');
                let known = Some(name).filter(|_| !is_literal && written.starts_with('$'));
                let text = known.and_then(|name| self.variables.get(name)).unwrap_or(written);
                words.push(self.node(range, NodeKind::Scalar(text.to_owned())));
            }
            if !words.is_empty() {
                self.push(start..start + line.trim_end().len(), words);
            }
            start += line.len();
        }
    }

    /// The lines before the one that is a here-document's end.
    pub(super) fn body(&mut self, start: usize, end: &str) -> Option<Range<usize>> {
        if self.missing.len() >= MAX_OPEN_DOCUMENTS || self.missing.contains_key(end) {
            return None;
        }
        let mut at = start;
        for line in self.words.slice(start..self.words.text.len()).split_inclusive('\n') {
            if line.trim_matches(|c: char| c.is_whitespace() || c == FILLER) == end {
                return Some(start..at);
            }
            at += line.len();
        }
        self.missing.insert(end.to_owned(), start);
        None
    }
}

/// Whether a command is a loop that reads lines, or `xargs`, which is one.
fn is_loop(command: &Node) -> bool {
    let first = command.items().first().and_then(Node::as_str);
    matches!(first, Some("read" | "done"))
        || command.items().iter().any(|word| nested::program(word) == "xargs")
}

/// Whether a text is statements on the table of settings.
fn is_sql(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    text.contains(TABLE) && STATEMENTS.contains(&first.as_str())
}

fn unquoted(text: &str) -> String {
    text.chars().filter(|c| !matches!(*c, '\'' | '"' | '\\' | FILLER)).collect()
}
