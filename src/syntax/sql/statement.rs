//! The parts of a statement: rows, assignments and conditions.

use super::lexer::{Kind, Lexeme};
use super::{Entry, Node, NodeKind, Reader};

/// The columns of the table, in the order of a row without a list of columns; old tables have no last one.
const COLUMNS: [&str; 6] = ["config_id", "scope", "scope_id", "path", "value", "updated_at"];

/// How many lexemes a value may have and still be folded into one text.
pub(super) const FOLDED: usize = 64;

impl Reader<'_> {
    /// `(columns) VALUES (…), (…)`, `SET a = b`, or something computed; and whether present rows are overwritten.
    pub(super) fn insert(&mut self, key: Node, entries: &mut Vec<Entry>) {
        let mut columns = None;
        let start = self.lexer.peek().start;
        let rows = loop {
            let next = self.lexer.peek();
            match (next.kind, self.name(next).as_str()) {
                (Kind::Word, "values" | "value") => {
                    self.lexer.next();
                    break self.rows(columns.as_deref());
                }
                (Kind::Word, "set") => {
                    self.lexer.next();
                    let row = self.assignments();
                    break self.node(row.at.span.range(), NodeKind::Sequence(vec![row]));
                }
                (Kind::Word, "select" | "with" | "table") | (Kind::Broken | Kind::End, _) => {
                    break self.rest(start);
                }
                (Kind::Sign(b'('), _) if columns.is_none() => columns = Some(self.columns()),
                _ => drop(self.lexer.next()),
            }
        };
        entries.push(Entry { key, value: rows });
        let update = loop {
            let next = self.lexer.next();
            if next.kind == Kind::End {
                return;
            }
            if self.name(next) == "update" {
                break next;
            }
        };
        let key = self.scalar(update.range(), "update".to_owned());
        let value = self.rest(update.end);
        entries.push(Entry { key, value });
    }

    /// `SET value = … WHERE …`, or only a condition, or neither.
    pub(super) fn edit(&mut self, key: Node, entries: &mut Vec<Entry>) {
        let start = self.lexer.peek().start;
        let mut set = None;
        let rows = loop {
            let next = self.lexer.peek();
            match (next.kind, self.name(next).as_str()) {
                (Kind::Word, "set") => {
                    self.lexer.next();
                    set = Some(self.assignments());
                }
                (Kind::Word, "where") => {
                    self.lexer.next();
                    break self.conditions(set.as_ref());
                }
                (Kind::Broken | Kind::End, _) => {
                    let end = set.as_ref().map_or(start, |set| set.at.span.range().end);
                    let row = set
                        .unwrap_or_else(|| self.node(start..start, NodeKind::Mapping(Vec::new())));
                    break self.node(row.at.span.range().start..end, NodeKind::Sequence(vec![row]));
                }
                _ => drop(self.lexer.next()),
            }
        };
        entries.push(Entry { key, value: rows });
    }

    fn columns(&mut self) -> Vec<Lexeme> {
        let mut columns = Vec::new();
        self.lexer.next();
        loop {
            let next = self.lexer.peek();
            match next.kind {
                Kind::Word if matches!(self.name(next).as_str(), "select" | "values") => break,
                Kind::Word | Kind::Name | Kind::Text if columns.len() < FOLDED => {
                    columns.push(next);
                }
                Kind::End => {
                    self.tell_end(next);
                    break;
                }
                Kind::Broken => break,
                Kind::Sign(b')') => {
                    self.lexer.next();
                    break;
                }
                _ => {}
            }
            self.lexer.next();
        }
        columns
    }

    fn rows(&mut self, columns: Option<&[Lexeme]>) -> Node {
        let start = self.lexer.peek().start;
        let mut end = start;
        let mut rows = Vec::new();
        let mut is_open = false;
        while self.nodes <= super::MAX_NODES {
            let next = self.lexer.peek();
            match next.kind {
                Kind::Sign(b'(') => {
                    let row = self.row(columns);
                    end = row.at.span.range().end;
                    is_open = !self.lexer.slice(row.at.span.range()).ends_with(')');
                    rows.push(row);
                }
                Kind::End if is_open => {
                    self.tell_end(next);
                    break;
                }
                Kind::Broken | Kind::End => break,
                Kind::Word if self.name(next) == "on" => break,
                kind => {
                    is_open = kind == Kind::Sign(b',');
                    self.lexer.next();
                }
            }
        }
        self.node(start..end, NodeKind::Sequence(rows))
    }

    fn row(&mut self, columns: Option<&[Lexeme]>) -> Node {
        let open = self.lexer.next();
        let mut values = Vec::new();
        let mut end = open.end;
        loop {
            let value = self.value(&[]);
            end = end.max(value.at.span.range().end);
            if values.len() < FOLDED {
                values.push(value);
            }
            let next = self.lexer.peek();
            match next.kind {
                Kind::Sign(b',') => drop(self.lexer.next()),
                Kind::Sign(b')') => {
                    end = self.lexer.next().end;
                    break;
                }
                _ => break,
            }
        }
        // Without a list every column has a value: four are a row of a script that leaves out the first and the last.
        let first = usize::from(values.len() == 4);
        let mut entries = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            let start = value.at.span.range().start;
            let (at, name) = match columns {
                Some(columns) => match columns.get(index) {
                    Some(&column) => (column.range(), self.name(column)),
                    None => break,
                },
                None => match COLUMNS.get(index + first) {
                    Some(&name) => (start..start, name.to_owned()),
                    None => break,
                },
            };
            if is_told(&name) {
                self.nodes += 2;
                let key = self.scalar(at, name);
                entries.push(Entry { key, value });
            }
        }
        self.nodes += 1;
        self.node(open.start..end, NodeKind::Mapping(entries))
    }

    /// `a = b, c = d`, up to the condition.
    fn assignments(&mut self) -> Node {
        let start = self.lexer.peek().start;
        let mut end = start;
        let mut entries = Vec::new();
        loop {
            let mut column = self.lexer.next();
            while self.lexer.peek().kind == Kind::Sign(b'.') {
                self.lexer.next();
                column = self.lexer.next();
            }
            while matches!(self.lexer.peek().kind, Kind::Sign(b':' | b'=')) {
                self.lexer.next();
            }
            let value = self.value(&["where", "order", "limit", "on"]);
            end = end.max(value.at.span.range().end);
            let name = self.name(column);
            if is_told(&name) {
                self.nodes += 2;
                entries.push(Entry { key: self.scalar(column.range(), name), value });
            }
            if self.lexer.peek().kind != Kind::Sign(b',') || self.nodes > super::MAX_NODES {
                return self.node(start..end, NodeKind::Mapping(entries));
            }
            self.lexer.next();
        }
    }

    /// What a condition says of path and scope: one row for each path, with what is assigned to it.
    fn conditions(&mut self, set: Option<&Node>) -> Node {
        let start = self.lexer.peek().start;
        let mut end = start;
        let mut paths = Vec::new();
        let mut shared: Vec<Entry> = Vec::new();
        loop {
            let next = self.lexer.next();
            match next.kind {
                Kind::End => break,
                Kind::Broken => {
                    self.tell_broken(next.range());
                    break;
                }
                Kind::Word | Kind::Name => {}
                _ => continue,
            }
            end = next.end;
            let name = self.name(next);
            if !matches!(name.as_str(), "path" | "scope" | "scope_id") {
                continue;
            }
            let Some((operator, values)) = self.test() else { continue };
            end = values.last().map_or(end, |value| value.at.span.range().end);
            self.nodes += 2 * values.len();
            let key = match operator.kind {
                Kind::Word if self.name(operator) == "like" => {
                    self.scalar(operator.range(), "like".to_owned())
                }
                _ => self.scalar(next.range(), name.clone()),
            };
            if name == "path" {
                paths.extend(values.into_iter().map(|value| Entry { key: key.clone(), value }));
            } else if let [value] = values.as_slice()
                && key.as_str() != Some("like")
            {
                shared.push(Entry { key, value: value.clone() });
            } else {
                let key = self.scalar(next.range(), name);
                let value = self.node(next.start..end, NodeKind::Expression);
                shared.push(Entry { key, value });
            }
        }
        let assigned = set.map(Node::entries).unwrap_or_default();
        let row = |path: Option<Entry>| {
            let value = assigned.iter().filter(|entry| entry.key.as_str() == Some("value"));
            let entries = value.cloned().chain(path).chain(shared.iter().cloned()).collect();
            self.node(start..end, NodeKind::Mapping(entries))
        };
        let rows = if paths.is_empty() {
            vec![row(None)]
        } else {
            paths.into_iter().map(|path| row(Some(path))).collect()
        };
        self.nodes += rows.len() * 6;
        self.node(start..end, NodeKind::Sequence(rows))
    }

    /// The test behind a column's name: `= 'x'`, `IN ('x', 'y')`, `LIKE 'x%'`; none where it is denied or is no test.
    fn test(&mut self) -> Option<(Lexeme, Vec<Node>)> {
        let operator = self.lexer.peek();
        match (operator.kind, self.name(operator).as_str()) {
            (Kind::Sign(b'='), _) | (Kind::Word, "like") => {
                self.lexer.next();
                Some((operator, vec![self.operand()]))
            }
            (Kind::Word, "in") => {
                self.lexer.next();
                if self.lexer.peek().kind != Kind::Sign(b'(') {
                    return None;
                }
                self.lexer.next();
                let mut values = vec![self.value(&[])];
                while self.lexer.peek().kind == Kind::Sign(b',') && values.len() < 10_000 {
                    self.lexer.next();
                    values.push(self.value(&[]));
                }
                Some((operator, values))
            }
            (Kind::Word, "regexp" | "rlike") => {
                self.lexer.next();
                let at = self.operand().at.span.range();
                Some((operator, vec![self.node(at, NodeKind::Expression)]))
            }
            _ => None,
        }
    }

    /// All that is left of the statement, which only a server could work out.
    fn rest(&mut self, start: usize) -> Node {
        let mut end = start;
        loop {
            let next = self.lexer.next();
            match next.kind {
                Kind::End => return self.node(start..end, NodeKind::Expression),
                Kind::Broken => self.tell_broken(next.range()),
                // `ON DUPLICATE KEY UPDATE` can follow whatever is inserted, but then nothing of it is known.
                _ => end = next.end,
            }
        }
    }

    /// A keyword or a name in lower case, without its quotes.
    pub(super) fn name(&self, lexeme: Lexeme) -> String {
        let text = self.lexer.slice(lexeme.range());
        match lexeme.kind {
            Kind::Word => text.to_ascii_lowercase(),
            Kind::Name | Kind::Text if text.len() < 256 => {
                text.trim_matches(['`', '"', '\'']).to_ascii_lowercase()
            }
            _ => String::new(),
        }
    }
}

/// Whether a column matters; when a row was updated does not.
fn is_told(column: &str) -> bool {
    COLUMNS.iter().take(5).any(|told| *told == column)
}
