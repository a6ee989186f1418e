//! PHP values: literals, what folds into one, and sums of arrays.

use super::entries::is_array;
use super::lexer::Kind;
use super::merging::Merge;
use super::parser::Parser;
use super::possible::join;
use crate::source::Location;
use crate::syntax::{MAX_DEPTH, Node, NodeKind};

impl Parser<'_> {
    /// Reads the value of a `return` or an assignment, up to its `;`. Where brackets do not match, the value is read again by indentation,
    /// and the reading that finds less wrong is taken.
    pub(super) fn statement_value(&mut self) -> Node {
        let start = self.place();
        let mark = self.problems.len();
        self.unbalanced = false;
        self.cut = None;
        let node = self.whole_value();
        if !self.unbalanced || self.retries == 0 || self.is_exhausted() {
            return node;
        }
        self.retries -= 1;
        let end = self.place();
        let found = self.problems.split_off(mark.min(self.problems.len()));
        self.go_back(start);
        self.cut = None;
        self.by_indent = true;
        let again = self.whole_value();
        self.by_indent = false;
        if self.problems.len().saturating_sub(mark) <= found.len() {
            return again;
        }
        self.problems.truncate(mark);
        self.problems.extend(found);
        self.go_back(end);
        node
    }

    fn whole_value(&mut self) -> Node {
        let node = self.value();
        if !is_array(&node) {
            return node;
        }
        while let Kind::Mark(mark @ (b']' | b')')) = self.token.kind {
            let message = if mark == b']' { "`]` closes nothing" } else { "`)` closes nothing" };
            self.problem(self.token.start, self.token.end, message);
            self.unbalanced = true;
            self.bump();
        }
        if !matches!(self.token.kind, Kind::Mark(b';') | Kind::CloseTag)
            && self.cut != Some(self.token.start)
        {
            self.problem(self.last_end, self.last_end, "`;` is missing at the end");
        }
        node
    }

    /// Reads one value, up to what separates it from the next.
    pub(super) fn value(&mut self) -> Node {
        let start = self.token.start;
        let mut node = self.coalesced(start);
        while self.token.kind == Kind::Mark(b'?') && self.fits() {
            self.blocks += 1;
            let met = self.ternary(node);
            self.blocks -= 1;
            match met {
                Some(met) => node = met,
                None => return self.expression(start, Vec::new()),
            }
        }
        if self.ends_value(&node) { node } else { self.expression(start, Vec::new()) }
    }

    /// Whether one more value may nest here.
    pub(super) fn fits(&self) -> bool {
        self.base + self.frames.len() + self.blocks < MAX_DEPTH
    }

    /// Reads what stands behind `?`: either value may be it.
    fn ternary(&mut self, condition: Node) -> Option<Node> {
        self.bump();
        let around = self.scope.clone();
        let first = if self.token.kind == Kind::Mark(b':') { condition } else { self.value() };
        if self.token.kind != Kind::Mark(b':') {
            return None;
        }
        let after = std::mem::replace(&mut self.scope, around);
        self.bump();
        let start = self.token.start;
        let second = self.coalesced(start);
        self.meet_here(after);
        Some(join(first, second))
    }

    /// Reads values with `??` between them: the first that is there.
    fn coalesced(&mut self, start: usize) -> Node {
        let mut node = self.summed(start);
        while self.token.kind == Kind::Operator && self.word() == "??" {
            self.bump();
            let around = self.scope.clone();
            let right = self.summed(self.token.start);
            self.meet_here(around);
            node = match node.kind {
                NodeKind::Null => right,
                NodeKind::Scalar(_) | NodeKind::Sequence(_) | NodeKind::Mapping(_) => node,
                NodeKind::Expression | NodeKind::OneOf(_) => join(node, right),
            };
        }
        node
    }

    /// Reads an operand, or several that `.` or `+` joins; steps over what is anything else.
    fn summed(&mut self, start: usize) -> Node {
        let Some(mut node) = self.operand() else { return self.expression(start, Vec::new()) };
        let joins = self.token.kind == Kind::Mark(b'.');
        while self.token.kind == Kind::Mark(b'.') {
            self.bump();
            let Some(more) = self.operand() else { return self.expression(start, Vec::new()) };
            let at = Location::new(self.id, start, self.last_end);
            node = match (text(&node), text(&more)) {
                (Some(first), Some(second)) => {
                    Node::new(at, NodeKind::Scalar(format!("{first}{second}")))
                }
                _ => Node::new(at, NodeKind::Expression),
            };
        }
        if self.token.kind == Kind::Mark(b'+') && !joins && is_array(&node) {
            node = self.sum(start, node);
        }
        let is_code = match self.token.kind {
            Kind::Mark(b'=') | Kind::Member => node.as_str().is_none(),
            Kind::Mark(mark) => b".-*/%^+|&<>".contains(&mark),
            Kind::Operator => self.word() != "??",
            Kind::Access | Kind::Fault(_) => true,
            _ => false,
        };
        if is_code { self.expression(start, Vec::new()) } else { node }
    }

    /// Reads `[…] + […]`: what stands on the left wins, so it comes last.
    fn sum(&mut self, start: usize, first: Node) -> Node {
        let mut arrays = vec![first];
        while self.token.kind == Kind::Mark(b'+') {
            self.bump();
            let from = self.token.start;
            let more = self.operand();
            arrays.push(more.unwrap_or_else(|| self.expression(from, Vec::new())));
        }
        arrays.reverse();
        self.node(start, Merge::Replace.apply(arrays))
    }

    fn ends_value(&self, node: &Node) -> bool {
        match self.token.kind {
            Kind::Mark(mark) => match mark {
                b',' | b';' | b')' | b']' | b'}' | b'$' | b':' => true,
                b'[' => self.token.first,
                b'.' | b'-' | b'*' | b'/' | b'%' | b'^' => is_array(node),
                b'=' => node.as_str().is_some(),
                _ => false,
            },
            Kind::Member => node.as_str().is_some(),
            Kind::Word => {
                let operators = ["and", "or", "xor", "instanceof"];
                !operators.iter().any(|name| self.word().eq_ignore_ascii_case(name))
            }
            Kind::Arrow
            | Kind::Text
            | Kind::Number
            | Kind::Variable
            | Kind::Spread
            | Kind::CloseTag
            | Kind::Html
            | Kind::Eof => true,
            Kind::Access | Kind::Operator | Kind::Fault(_) => false,
        }
    }
}

/// What a value is as text, where that is known.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Null => Some(""),
        NodeKind::Scalar(text) => Some(text),
        _ => None,
    }
}
