//! What a file returns, on every path.

use super::lexer::Kind;
use super::parser::Parser;
use super::possible::{join, weaken};
use crate::source::Location;
use crate::syntax::{Node, NodeKind};

impl Parser<'_> {
    /// The file may end here.
    pub(super) fn end(&mut self) {
        let now = self.scope.clone();
        let known = self.ended.take();
        self.ended = Some(known.map_or(now.clone(), |known| self.meet(known, now)));
        self.scope.dead = true;
    }

    /// Reads what stands behind `return`.
    pub(super) fn returned(&mut self) {
        self.bump();
        if let Some(node) = self.closure_at_once() {
            self.give(node);
            return self.end();
        }
        self.refuse_brace();
        let mark = self.problems.len();
        let node = self.statement_value();
        if matches!(node.kind, NodeKind::Expression | NodeKind::OneOf(_)) {
            if self.unbalanced {
                self.broken = true;
            } else {
                self.problems.truncate(mark);
            }
        }
        self.give(node);
        self.end();
    }

    fn give(&mut self, node: Node) {
        if self.scope.dead {
            return;
        }
        let known = self.returned.take();
        self.returned = Some(known.map_or(node.clone(), |known| join(known, node)));
    }

    /// Reads `(function (…) { … })(…)`, a closure called at once: what it returns.
    fn closure_at_once(&mut self) -> Option<Node> {
        if self.token.kind != Kind::Mark(b'(') {
            return None;
        }
        let start = self.token.start;
        let mut ahead = self.lexer;
        let mut word = ahead.next();
        if self.slice(word).eq_ignore_ascii_case("static") {
            word = ahead.next();
        }
        if !self.slice(word).eq_ignore_ascii_case("function") {
            return None;
        }
        while !matches!(self.token.kind, Kind::Mark(b'{') | Kind::Eof) {
            self.bump();
        }
        let dead = self.scope.dead;
        let around = std::mem::take(&mut self.scope);
        self.scope.dead = dead;
        let (returned, ended) = (self.returned.take(), self.ended.take());
        let breaks = std::mem::take(&mut self.breaks);
        self.block();
        let at = Location::new(self.id, start, self.last_end);
        let nothing = Node::new(at, NodeKind::Null);
        let mut node = std::mem::replace(&mut self.returned, returned);
        if !self.scope.dead {
            node = Some(node.map_or(nothing.clone(), |node| join(node, nothing.clone())));
        }
        self.ended = ended;
        self.breaks = breaks;
        self.scope = around;
        let behind = self.token.start;
        while !matches!(self.token.kind, Kind::Mark(b';' | b'}') | Kind::Eof | Kind::CloseTag) {
            self.bump();
        }
        let mut node = node.unwrap_or(nothing);
        let call = self.text.get(behind..self.last_end).unwrap_or_default();
        let is_plain = call.starts_with(')') && !call.contains(['?', '.', '+', '|', '-', '{']);
        if !is_plain {
            weaken(&mut node);
        }
        Some(node)
    }
}
