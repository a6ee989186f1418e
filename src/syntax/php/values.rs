//! PHP values: literals, what folds into one, and sums of arrays.

use super::lexer::Kind;
use super::parser::Parser;
use super::strings;
use super::variables::{self, Merge, is_array};
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

    /// Reads the keys of `$name['key']['key']`; `None` where they are broken.
    pub(super) fn path(&mut self) -> Option<Vec<Node>> {
        let mut path = Vec::new();
        self.base = 1;
        while self.token.kind == Kind::Mark(b'[') && path.len() < MAX_DEPTH {
            let start = self.token.start;
            self.bump();
            let key = if self.token.kind == Kind::Mark(b']') {
                self.node(start, NodeKind::Expression)
            } else {
                let key = self.value();
                variables::as_key(key)
            };
            path.push(key);
            if self.token.kind != Kind::Mark(b']') {
                self.base = 0;
                return None;
            }
            self.bump();
        }
        self.base = 0;
        Some(path)
    }

    /// Reads one value, up to what separates it from the next.
    pub(super) fn value(&mut self) -> Node {
        let start = self.token.start;
        let Some((mut node, folds)) = self.operand() else {
            return self.expression(start, Vec::new());
        };
        while folds && self.token.kind == Kind::Mark(b'.') {
            self.bump();
            match (&mut node.kind, self.operand()) {
                (NodeKind::Scalar(text), Some((more, true))) => {
                    text.push_str(more.as_str().unwrap_or_default());
                    node.at = Location::new(self.id, start, self.last_end);
                }
                _ => return self.expression(start, Vec::new()),
            }
        }
        if self.token.kind == Kind::Mark(b'+') && is_array(&node) {
            node = self.sum(start, node);
        }
        if self.ends_value(&node) { node } else { self.expression(start, Vec::new()) }
    }

    /// Reads `[…] + […]`: what stands on the left wins, so it comes last.
    fn sum(&mut self, start: usize, first: Node) -> Node {
        let mut arrays = vec![first];
        while self.token.kind == Kind::Mark(b'+') {
            self.bump();
            match self.operand() {
                Some((node, _)) => arrays.push(node),
                None => drop(self.expression(start, Vec::new())),
            }
        }
        arrays.reverse();
        self.node(start, Merge::Replace.apply(arrays))
    }

    fn ends_value(&self, node: &Node) -> bool {
        match self.token.kind {
            Kind::Mark(mark) => match mark {
                b',' | b';' | b')' | b']' | b'}' | b'$' => true,
                b'[' => self.token.first,
                b'.' | b'-' | b'*' | b'/' | b'%' | b'^' => is_array(node),
                b'=' | b':' => node.as_str().is_some(),
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

    /// Reads a literal, and says whether it may be part of a concatenation; `None` where anything else stands, read in part or not at all.
    fn operand(&mut self) -> Option<(Node, bool)> {
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
                let folds = text.is_some();
                Some((self.node(start, text.map_or(NodeKind::Expression, NodeKind::Scalar)), folds))
            }
            Kind::Number => {
                self.bump();
                let text = self.slice(token);
                let whole = text.bytes().all(|byte| byte.is_ascii_digit());
                let folds = whole && (text == "0" || !text.starts_with('0'));
                Some((self.node(start, NodeKind::Scalar(text.into())), folds))
            }
            Kind::Mark(sign @ (b'-' | b'+')) if self.second().kind == Kind::Number => {
                self.bump();
                let (number, folds) = self.operand()?;
                let sign = if sign == b'-' { "-" } else { "" };
                let text = format!("{sign}{}", number.as_str().unwrap_or_default());
                Some((self.node(start, NodeKind::Scalar(text)), folds))
            }
            Kind::Mark(b'[') => Some((self.array(start), false)),
            Kind::Mark(b'(') => self.parentheses(),
            Kind::Variable if self.is_whole_operand() && self.literal().is_some() => {
                let node = self.literal()?;
                self.bump();
                Some((node, true))
            }
            Kind::Variable if self.base == 0 && self.frames.iter().all(|frame| !frame.array) => {
                let name = self.word();
                self.bump();
                let ends = matches!(self.token.kind, Kind::Mark(b';' | b',' | b')' | b'+'))
                    || matches!(self.token.kind, Kind::CloseTag | Kind::Eof);
                if ends { Some((self.variable(name)?, false)) } else { None }
            }
            Kind::Word => self.named(),
            _ => None,
        }
    }

    /// Whether what stands here is all that stands between two operators.
    fn is_whole_operand(&self) -> bool {
        let next = self.second().kind;
        matches!(next, Kind::Mark(b',' | b']' | b')' | b';' | b'.') | Kind::CloseTag | Kind::Eof)
    }

    /// The text in the variable that stands here.
    fn literal(&mut self) -> Option<Node> {
        let name = self.word();
        self.literals.variable(name, self.text)
    }

    /// A copy of the array in a variable.
    pub(super) fn variable(&mut self, name: &str) -> Option<Node> {
        let variable = self.variables.get(name)?;
        let (node, problems) = (variable.node.clone(), variable.problems.clone());
        self.spend(variables::count(&node));
        for problem in problems {
            let span = problem.at.span.range();
            self.problem(span.start, span.end, &problem.message);
        }
        Some(node)
    }

    /// Reads a constant, an `array(…)` or a merge of arrays.
    fn named(&mut self) -> Option<(Node, bool)> {
        let start = self.token.start;
        let word = self.word().trim_start_matches('\\');
        if let Some(node) = self.literals.constant(word).filter(|_| self.is_whole_operand()) {
            self.bump();
            return Some((node, true));
        }
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let (kind, folds) = match word.len() {
            4 if is("true") => (NodeKind::Scalar("true".into()), false),
            5 if is("false") => (NodeKind::Scalar("false".into()), false),
            4 if is("null") => (NodeKind::Null, false),
            7 if word == "PHP_EOL" => (NodeKind::Scalar("\n".into()), true),
            5 if is("array") && self.second().kind == Kind::Mark(b'(') => {
                self.bump();
                return Some((self.array(start), false));
            }
            11.. => {
                let merge = Merge::of(word)?;
                self.bump();
                let opens = self.token.kind == Kind::Mark(b'(');
                return if opens { Some((self.merge(start, merge)?, false)) } else { None };
            }
            _ => return None,
        };
        self.bump();
        Some((self.node(start, kind), folds))
    }

    /// Reads a value in parentheses; `None` before a cast.
    fn parentheses(&mut self) -> Option<(Node, bool)> {
        let open = self.token.start;
        if self.second().kind == Kind::Word && self.is_cast() {
            return None;
        }
        if !self.enter(b')', false) {
            return Some((self.expression(open, Vec::new()), false));
        }
        let quoted = self.token.kind == Kind::Text;
        let mut node = self.value();
        self.frames.pop();
        if self.token.kind != Kind::Mark(b')') {
            return Some((self.expression(open, vec![(b'(', open)]), false));
        }
        self.bump();
        // A number or boolean folds as PHP prints it, which is not always as it is written.
        let folds = quoted && node.as_str().is_some();
        if !is_array(&node) {
            node.at = Location::new(self.id, open, self.last_end);
        }
        Some((node, folds))
    }

    fn is_cast(&self) -> bool {
        let mut ahead = self.lexer;
        let types = [
            "int", "integer", "bool", "boolean", "float", "double", "string", "binary", "array",
            "object", "unset",
        ];
        let word = self.slice(ahead.next());
        types.iter().any(|name| word.eq_ignore_ascii_case(name))
            && ahead.next().kind == Kind::Mark(b')')
    }
}
