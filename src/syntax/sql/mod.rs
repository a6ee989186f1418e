//! SQL → [`Node`]: the statements on `core_config_data` in dumps and scripts of `MySQL` and `MariaDB`.
//!
//! Everything else is passed over without a node, at the speed of a byte search but with its strings and comments understood. A statement is a
//! mapping with its verb as the first key. `insert` and `replace` hold a sequence of rows, each a mapping of columns (`update` follows where
//! present rows are overwritten); `update` and `delete` hold one row for each path of their condition, with `like` for a pattern. Where it is
//! said, the schema's name stands last, under no key: what `USE` chose, or what the table's name has before its dot.

pub(crate) mod abridge;
mod lexer;
mod statement;
mod value;

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, MAX_NODES, Node, NodeKind, Parsed, Problem, stem_of_sample};
use crate::source::{Location, SourceId};
use lexer::{Kind, Lexeme, Lexer};

/// Dumps and scripts of `MySQL`.
pub struct Sql;

impl Format for Sql {
    fn name(&self) -> &'static str {
        "SQL"
    }

    fn claims(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        std::path::Path::new(stem_of_sample(&path)).extension().is_some_and(|end| end == "sql")
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::SQL, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let mut reader = Reader {
            id,
            lexer: Lexer::new(text),
            statements: Vec::new(),
            problems: Vec::new(),
            nodes: 1,
            schema: None,
        };
        let mut broken = 0;
        while broken < MAX_PROBLEMS && reader.lexer.begin() {
            broken += usize::from(reader.statement());
            if reader.nodes > MAX_NODES {
                let message = "the file has too many values to be read whole".to_owned();
                let at = Location::new(id, text.len(), text.len());
                reader.problems.push(Problem { at, message });
                break;
            }
        }
        let Reader { statements, problems, .. } = reader;
        let documents = match (statements.first(), statements.last()) {
            (Some(first), Some(last)) => {
                let (first, last) = (first.at.span.range(), last.at.span.range());
                let at = Location::new(id, first.start, last.end);
                vec![Node::new(at, NodeKind::Sequence(statements))]
            }
            _ => Vec::new(),
        };
        Parsed { documents, problems }
    }
}

/// The end of the table's name; what stands before it is the installation's prefix.
const TABLE: &str = "core_config_data";

/// The statements that change rows.
const STATEMENTS: [&str; 5] = ["insert", "replace", "update", "delete", "truncate"];

/// How many strings of one file may never be closed until reading stops.
const MAX_PROBLEMS: usize = 32;

/// The table of a statement, which is ours.
struct Table {
    /// The schema that is said before its name.
    schema: Option<Lexeme>,
}

struct Reader<'a> {
    id: SourceId,
    lexer: Lexer<'a>,
    statements: Vec<Node>,
    problems: Vec<Problem>,
    nodes: usize,
    /// The database that `USE` chose last.
    schema: Option<Lexeme>,
}

impl Reader<'_> {
    /// Reads one statement; says whether a string in it is never closed.
    fn statement(&mut self) -> bool {
        let verb = self.lexer.next();
        let word = self.lexer.slice(verb.range()).to_ascii_lowercase();
        match word.as_str() {
            "delimiter" => {
                self.lexer.set_delimiter();
                return false;
            }
            "use" => {
                let name = self.lexer.next();
                self.schema = matches!(name.kind, Kind::Word | Kind::Name).then_some(name);
                return self.lexer.skip().is_some();
            }
            _ => {}
        }
        let table = if STATEMENTS.contains(&word.as_str()) { self.table() } else { None };
        let Some(Table { schema }) = table else {
            // Nothing of a statement on another table is told, not even a string without end.
            return self.lexer.skip().is_some();
        };
        let known = self.problems.len();
        let key = self.scalar(verb.range(), word.clone());
        let mut entries = Vec::new();
        match word.as_str() {
            "insert" | "replace" => self.insert(key, &mut entries),
            _ => self.edit(key, &mut entries),
        }
        if let Some(schema) = schema.or(self.schema) {
            let key = self.node(schema.range(), NodeKind::Null);
            let value = self.node(schema.range(), NodeKind::Expression);
            entries.push(Entry { key, value });
        }
        let mut end = verb.end;
        for entry in entries.iter().filter(|entry| entry.key.as_str().is_some()) {
            end = end.max(entry.value.at.span.range().end);
        }
        self.statements.push(self.node(verb.start..end, NodeKind::Mapping(entries)));
        if let Some(at) = self.lexer.skip() {
            self.tell_broken(at);
        }
        self.problems.len() > known
    }

    /// Reads up to the table's name; where it is ours, the schema that is said before it, if any.
    fn table(&mut self) -> Option<Table> {
        let (mut before, mut schema) = (None, None);
        for _ in 0..32 {
            let next = self.lexer.peek();
            match next.kind {
                Kind::Word | Kind::Name | Kind::Text => {
                    let name = self.name(next);
                    if STOPS.split_whitespace().any(|stop| stop == name) {
                        return None;
                    }
                    self.lexer.next();
                    if name.ends_with(TABLE) && self.lexer.peek().kind != Kind::Sign(b'.') {
                        return Some(Table { schema });
                    }
                    before = Some(next);
                }
                Kind::Sign(b'(') | Kind::Broken | Kind::End => return None,
                Kind::Sign(b'.') => {
                    schema = before;
                    self.lexer.next();
                }
                Kind::Sign(_) | Kind::Number => {
                    schema = None;
                    self.lexer.next();
                }
            }
        }
        None
    }

    /// Tells of a statement that ends with the file, and not by itself.
    fn tell_end(&mut self, end: Lexeme) {
        let is_told = self.problems.last().is_some_and(|problem| {
            self.lexer.slice(problem.at.span.range().end..end.start).trim().is_empty()
        });
        if end.kind == Kind::End && self.lexer.is_at_end() && !is_told {
            let message = "the file ends within a statement".to_owned();
            self.problems.push(Problem { at: Location::new(self.id, end.start, end.end), message });
        }
    }

    fn tell_broken(&mut self, at: std::ops::Range<usize>) {
        let at = Location::new(self.id, at.start, at.end);
        self.problems
            .push(Problem { at, message: "a string is opened and never closed".to_owned() });
    }

    fn node(&self, at: std::ops::Range<usize>, kind: NodeKind) -> Node {
        Node::new(Location::new(self.id, at.start, at.end), kind)
    }

    fn scalar(&self, at: std::ops::Range<usize>, text: String) -> Node {
        self.node(at, NodeKind::Scalar(text))
    }
}

/// The words that end the search for the table's name.
const STOPS: &str = "set values value where select";

#[cfg(test)]
mod tests;
