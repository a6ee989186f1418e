//! What a value starts with: literals, variables, constants, and the calls whose result is known.

use super::effects;
use super::entries::is_array;
use super::lexer::Kind;
use super::merging::Merge;
use super::numbers;
use super::parser::Parser;
use super::possible::{join, maybe};
use super::strings;
use super::values::text;
use crate::source::Location;
use crate::syntax::{Node, NodeKind};

impl Parser<'_> {
    /// Reads a literal, a variable or a call that is known; `None` where anything else stands, read in part or not at all.
    pub(super) fn operand(&mut self) -> Option<Node> {
        let token = self.token;
        let start = token.start;
        match token.kind {
            Kind::Text => {
                self.bump();
                let text = strings::value(self.slice(token), token.closed);
                if let Some(line) = strings::outdented_line(self.slice(token), token.closed) {
                    let message = "line is indented less than the end of its heredoc";
                    self.problem(start + line, start + line, message);
                }
                Some(self.node(start, text.map_or(NodeKind::Expression, NodeKind::Scalar)))
            }
            Kind::Number => {
                self.bump();
                let text = numbers::text_of(self.slice(token));
                Some(self.node(start, text.map_or(NodeKind::Expression, NodeKind::Scalar)))
            }
            Kind::Mark(sign @ (b'-' | b'+')) if self.second().kind == Kind::Number => {
                self.bump();
                let written = self.word();
                let number = self.operand()?;
                let is_float = written.contains(['.', 'e', 'E']) && !written.contains(['x', 'X']);
                let kind = match number.kind {
                    NodeKind::Scalar(text) if sign == b'-' && (text != "0" || is_float) => {
                        NodeKind::Scalar(format!("-{text}"))
                    }
                    kind => kind,
                };
                Some(self.node(start, kind))
            }
            Kind::Mark(b'[') => Some(self.array(start)),
            Kind::Mark(b'@') => {
                // What it silences gives what it gives.
                while self.token.kind == Kind::Mark(b'@') {
                    self.bump();
                }
                self.operand()
            }
            Kind::Mark(b'(') => self.parentheses(),
            Kind::Variable => self.variable(),
            Kind::Word => self.named(),
            _ => None,
        }
    }

    /// Reads a variable, or writes one.
    fn variable(&mut self) -> Option<Node> {
        let (name, start) = (self.word(), self.token.start);
        self.bump();
        let path = self.path()?;
        let operator = self.word();
        let assigns = self.token.kind == Kind::Mark(b'=')
            || self.token.kind == Kind::Operator && matches!(operator, ".=" | "??=" | "+=");
        if assigns && self.fits() {
            self.bump();
            let old = self.read_variable(name, &path);
            self.blocks += 1;
            let new = self.value();
            self.blocks -= 1;
            let at = Location::new(self.id, start, self.last_end);
            let node = if operator == "=" { new } else { after(operator, old, new, at) };
            self.write_variable(name, path, Some(node.clone()), (start, Vec::new()));
            return Some(node);
        }
        let is_code = match self.token.kind {
            Kind::Operator => effects::assigns(operator),
            Kind::Member | Kind::Access => true,
            Kind::Mark(mark) => b"({".contains(&mark),
            _ => false,
        };
        if is_code {
            return None;
        }
        let known = self.read_variable(name, &path);
        if let Some(known) = &known {
            self.keep_name(start, known);
        }
        Some(known.unwrap_or_else(|| self.node(start, NodeKind::Expression)))
    }

    /// Reads a constant, an `array(…)` or a call of a function that is known.
    fn named(&mut self) -> Option<Node> {
        let start = self.token.start;
        let word = self.word().trim_start_matches('\\');
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let next = self.second().kind;
        if self.takes_in() {
            return self.take_in();
        }
        if next == Kind::Mark(b'(') {
            if is("array") {
                self.bump();
                return Some(self.array(start));
            }
            if let Some(merge) = Merge::of(word) {
                self.bump();
                return Some(self.merge(start, merge));
            }
            if is("match") {
                return self.matched(start);
            }
            if is("json_decode") {
                return self.decode();
            }
            return None;
        }
        if next == Kind::Access {
            return self.constant_of_class();
        }
        if next == Kind::Text {
            return None;
        }
        let kind = if is("true") {
            NodeKind::Scalar("1".into())
        } else if is("false") {
            NodeKind::Scalar(String::new())
        } else if is("null") {
            NodeKind::Null
        } else if word == "PHP_EOL" {
            NodeKind::Scalar("\n".into())
        } else {
            let known = self.constant(word)?;
            self.bump();
            self.keep_name(start, &known);
            return Some(known);
        };
        self.bump();
        Some(self.node(start, kind))
    }

    /// Reads the arguments of `define`, whose parenthesis is in hand, up to the last of them.
    pub(super) fn defined(&mut self, perhaps: bool) {
        self.bump();
        let name = self.quiet_value();
        if self.token.kind != Kind::Mark(b',') {
            return;
        }
        self.bump();
        let value = self.quiet_value();
        if let Some(name) = name.as_str() {
            let value = if perhaps { maybe(value) } else { value };
            self.define(name, value);
        }
    }

    /// Reads `match (…) { … => value, … }`: any of the values may be it.
    fn matched(&mut self, start: usize) -> Option<Node> {
        if !self.fits() {
            return None;
        }
        self.bump();
        self.head();
        let open = self.token.start;
        if self.token.kind != Kind::Mark(b'{') || !self.enter(b'}', false) {
            return None;
        }
        let mut met: Option<Node> = None;
        while !matches!(self.token.kind, Kind::Mark(b'}') | Kind::Eof) {
            let before = self.token.start;
            if self.is_word(&["default"]) {
                self.bump();
            } else {
                self.quiet_value();
            }
            match self.token.kind {
                Kind::Arrow => {
                    self.bump();
                    let around = self.scope.clone();
                    let value = self.value();
                    self.meet_here(around);
                    met = Some(match met {
                        Some(met) => join(met, value),
                        None => value,
                    });
                    if self.token.kind == Kind::Mark(b',') {
                        self.bump();
                    }
                }
                Kind::Mark(b',') => self.bump(),
                _ => {}
            }
            if self.token.start == before {
                break;
            }
        }
        self.frames.pop();
        if self.token.kind != Kind::Mark(b'}') {
            return Some(self.expression(start, vec![(b'{', open)]));
        }
        self.bump();
        self.forget_between(start, self.last_end);
        met
    }

    /// Reads a value in parentheses; `None` before a cast.
    fn parentheses(&mut self) -> Option<Node> {
        let open = self.token.start;
        if self.second().kind == Kind::Word
            && let Some(cast) = self.cast()
        {
            return self.cast_value(cast);
        }
        if !self.enter(b')', false) {
            return Some(self.expression(open, Vec::new()));
        }
        let is_variable = self.token.kind == Kind::Variable;
        let mut node = self.value();
        self.frames.pop();
        if self.token.kind != Kind::Mark(b')') {
            return Some(self.expression(open, vec![(b'(', open)]));
        }
        self.bump();
        if self.token.kind == Kind::Mark(b'[') && is_array(&node) {
            let path = self.path()?;
            node = self.read_in(&node, &path)?;
            self.keep_name(open, &node);
            return Some(node);
        }
        if matches!(self.token.kind, Kind::Mark(b'(' | b'[') | Kind::Member) {
            return None;
        }
        if !is_variable && !is_array(&node) && node.at.source == self.id {
            node.at = Location::new(self.id, open, self.last_end);
        }
        Some(node)
    }

    /// The type that a value is cast to.
    fn cast(&self) -> Option<&'static str> {
        let mut ahead = self.lexer;
        let types = [
            "int", "integer", "bool", "boolean", "float", "double", "string", "binary", "array",
            "object", "unset",
        ];
        let word = self.slice(ahead.next());
        let cast = types.into_iter().find(|name| word.eq_ignore_ascii_case(name))?;
        (ahead.next().kind == Kind::Mark(b')')).then_some(cast)
    }

    /// Reads what is cast: an array is the same array, and a text the same text.
    fn cast_value(&mut self, cast: &str) -> Option<Node> {
        let is_kept = |node: &Node| match cast {
            "array" => is_array(node),
            "string" | "binary" => matches!(node.kind, NodeKind::Scalar(_) | NodeKind::Expression),
            _ => false,
        };
        if !matches!(cast, "array" | "string" | "binary") || !self.fits() {
            return None;
        }
        for _ in 0..3 {
            self.bump();
        }
        self.blocks += 1;
        let node = self.operand();
        self.blocks -= 1;
        node.filter(is_kept)
    }
}

/// What an assignment with an operator leaves.
fn after(operator: &str, old: Option<Node>, new: Node, at: Location) -> Node {
    let old = old.unwrap_or_else(|| Node::new(at, NodeKind::Expression));
    let unknown = || Node::new(at, NodeKind::Expression);
    match operator {
        "??=" => match old.kind {
            NodeKind::Null => new,
            NodeKind::Expression | NodeKind::OneOf(_) => join(old, new),
            _ => old,
        },
        "+=" if is_array(&old) || is_array(&new) => {
            Node::new(old.at, Merge::Replace.apply(vec![new, old]))
        }
        ".=" => match (text(&old), text(&new)) {
            (Some(first), Some(second)) => {
                Node::new(at, NodeKind::Scalar(format!("{first}{second}")))
            }
            _ => unknown(),
        },
        _ => unknown(),
    }
}
