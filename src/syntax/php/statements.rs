//! The statements of a file, followed as PHP would run them: every branch, one after another.
//!
//! What is known where branches meet is what all of them know. What a loop writes is unknown in it and behind it; what comes behind a
//! `return` or `throw` does not run. Bodies of functions and classes are not read.

use super::hosts::is_recipe;
use super::lexer::Kind;
use super::parser::Parser;
use super::tables::Step;
use crate::source::Location;
use crate::syntax::{Entry, MAX_DEPTH, Node, NodeKind};

/// Words before a declaration in braces whose content is not read.
const DECLARATIONS: &[&str] =
    &["abstract", "class", "enum", "final", "function", "interface", "readonly", "trait"];

impl Parser<'_> {
    /// Reads statements up to the end of the file, to a `}` where `braced`, or to one of some words.
    pub(super) fn statements(&mut self, braced: bool, words: &[&str]) {
        loop {
            match self.token.kind {
                Kind::Eof => return,
                Kind::Mark(b'}') if braced => return,
                Kind::Word if self.is_word(words) => return,
                _ => {
                    let start = self.token.start;
                    self.statement();
                    if self.token.start == start && self.token.kind != Kind::Eof {
                        self.bump();
                    }
                }
            }
        }
    }

    pub(super) fn is_word(&self, words: &[&str]) -> bool {
        let word = self.word();
        self.token.kind == Kind::Word && words.iter().any(|known| word.eq_ignore_ascii_case(known))
    }

    pub(super) fn statement(&mut self) {
        if self.blocks >= MAX_DEPTH - 8 {
            self.aliases.all = true;
            return if self.token.kind == Kind::Mark(b'{') {
                self.skip_body();
            } else {
                self.bump();
            };
        }
        self.blocks += 1;
        match self.token.kind {
            Kind::Mark(b'{') => self.block(),
            Kind::Html => {
                let token = self.token;
                // What a page shows behind its code changes no value, but lost code would.
                let goes_on = self.second().kind != Kind::Eof;
                let behind =
                    self.last_kind == Kind::CloseTag && (self.returned.is_some() || goes_on);
                if !behind || self.word().contains("=>") {
                    self.problem(token.start, token.end, "text outside the php tags");
                }
                self.bump();
            }
            Kind::Mark(b';' | b'}' | b':') | Kind::CloseTag => self.bump(),
            Kind::Word => self.worded(),
            Kind::Variable => self.assignment(),
            _ => self.code(),
        }
        self.blocks -= 1;
    }

    pub(super) fn block(&mut self) {
        self.bump();
        self.statements(true, &[]);
        if self.token.kind == Kind::Mark(b'}') {
            self.bump();
        }
    }

    fn worded(&mut self) {
        let word = self.word().to_ascii_lowercase();
        let start = self.token.start;
        let next = self.second().kind;
        match word.as_str() {
            "return" => self.returned(),
            "if" => self.branch(),
            "for" | "foreach" | "while" | "do" => self.looped(&word),
            "switch" => self.switch(),
            "try" => self.attempt(),
            "break" | "continue" => {
                self.bump();
                let levels = self.word().parse::<usize>().unwrap_or(1).max(1);
                if let Some(at) = self.breaks.len().checked_sub(levels) {
                    self.leave(at);
                }
                self.scope.dead = true;
                self.code();
            }
            "throw" | "exit" | "die" => {
                self.code();
                self.end();
            }
            "unset" if next == Kind::Mark(b'(') => self.unset(),
            "const" => {
                self.bump();
                while self.token.kind == Kind::Word {
                    let name = self.word();
                    self.bump();
                    if self.token.kind != Kind::Mark(b'=') {
                        break;
                    }
                    self.bump();
                    let value = self.quiet_value();
                    self.define(name, value);
                    if self.token.kind == Kind::Mark(b',') {
                        self.bump();
                    }
                }
            }
            "__halt_compiler" => {
                self.lexer.stop();
                self.bump();
            }
            "include" | "include_once" | "require" | "require_once" => {
                if self.taking.is_some() && self.take_in().is_some() {
                    return;
                }
                self.code();
                // A file that is taken in has the same variables.
                self.forget_all();
            }
            "static" if next == Kind::Variable => {
                self.bump();
                self.code();
                self.forget_between(start, self.last_end);
            }
            "namespace" | "declare" => {
                while !matches!(
                    self.token.kind,
                    Kind::Mark(b';' | b'{') | Kind::Eof | Kind::CloseTag
                ) {
                    self.bump();
                }
            }
            "host" if next == Kind::Mark(b'(') => {
                self.bump();
                self.host();
                self.code();
            }
            "set" if next == Kind::Mark(b'(') && is_recipe(self.text) => {
                self.bump();
                self.set_for_all();
                self.code();
            }
            "function" if next == Kind::Mark(b'(') => self.code(),
            word if DECLARATIONS.contains(&word) && next != Kind::Access => self.declaration(),
            "case" | "default" | "else" | "elseif" | "catch" | "finally" | "goto" => self.bump(),
            _ => self.code(),
        }
    }

    /// Skips a body in braces; what is wrong in it is none of ours.
    pub(super) fn skip_body(&mut self) {
        let mark = self.problems.len();
        let mut depth = 0_usize;
        loop {
            match self.token.kind {
                Kind::Eof => break,
                Kind::Mark(b'{') => depth += 1,
                Kind::Mark(b'}') => depth -= 1,
                _ => {}
            }
            self.bump();
            if depth == 0 {
                break;
            }
        }
        self.problems.truncate(mark);
    }

    /// Reads a value; what is wrong in it is none of ours.
    pub(super) fn quiet_value(&mut self) -> Node {
        let mark = self.problems.len();
        let value = self.value();
        self.problems.truncate(mark);
        value
    }

    /// Steps over a statement that is no other.
    pub(super) fn code(&mut self) {
        loop {
            let start = self.token.start;
            self.quiet_value();
            let goes_on = matches!(self.token.kind, Kind::Mark(b',') | Kind::Arrow);
            if goes_on {
                self.bump();
            }
            if !goes_on || self.token.start == start {
                return;
            }
        }
    }

    /// Says that a brace starts no value: what stands in it is read by nobody.
    pub(super) fn refuse_brace(&mut self) {
        let token = self.token;
        if token.kind == Kind::Mark(b'{') {
            self.broken = true;
            self.refused = self.refused.or(Some((token.start, token.end)));
        }
    }

    /// Reads `unset($name['key'], …)`.
    fn unset(&mut self) {
        let start = self.token.start;
        self.bump();
        self.bump();
        while self.token.kind == Kind::Variable {
            let name = self.word();
            self.bump();
            let path = self.path();
            if matches!(self.token.kind, Kind::Mark(b',' | b')')) && path.is_some() {
                let path = path.unwrap_or_default();
                self.write_variable(name, path, None, (start, Vec::new()));
            } else {
                self.forget(name);
                self.quiet_value();
            }
            if self.token.kind == Kind::Mark(b',') {
                self.bump();
            }
        }
        while !matches!(
            self.token.kind,
            Kind::Mark(b';' | b'}' | b'{') | Kind::Eof | Kind::CloseTag
        ) {
            self.bump();
        }
    }

    /// Reads `$name = …` and `$name['key'] = …`, or steps over what else starts with a variable.
    fn assignment(&mut self) {
        let name = self.word();
        let (start, place) = (self.token.start, self.place());
        let mark = self.problems.len();
        self.bump();
        let path = self.path();
        let Some(path) = path.filter(|_| self.token.kind == Kind::Mark(b'=')) else {
            self.problems.truncate(mark);
            self.go_back(place);
            return self.code();
        };
        self.bump();
        if self.token.kind == Kind::Mark(b'&') {
            self.bump();
        }
        self.refuse_brace();
        self.base = path.len();
        let value = self.statement_value();
        self.base = 0;
        let found = self.problems.split_off(mark.min(self.problems.len()));
        self.write_variable(name, path, Some(value), (start, found));
    }

    /// Reads what stands in the parentheses of `putenv`, whose name is read.
    pub(super) fn put(&mut self, maybe: bool) {
        let mark = self.problems.len();
        self.bump();
        let value = self.value();
        self.problems.truncate(mark);
        if self.scope.dead {
            return;
        }
        let at = value.at;
        if value.as_str().is_some() && !maybe {
            self.put.push(Node::new(at, NodeKind::Sequence(vec![value])));
            return;
        }
        // `putenv('NAME=' . $value)`
        let written = self.text.get(at.span.range()).unwrap_or_default();
        let name = written.split('=').next().filter(|name| name.len() < written.len());
        let Some(name) = name.and_then(|name| name.strip_prefix(['"', '\''])) else { return };
        let start = at.span.range().start + 1;
        let key = Location::new(at.source, start, start + name.len());
        let key = Node::new(key, NodeKind::Scalar(name.to_owned()));
        let value = Node::new(at, NodeKind::Expression);
        self.put.push(Node::new(at, NodeKind::Mapping(vec![Entry { key, value }])));
    }

    /// Reads the keys of `$name['key']['key']`; `None` where they are broken.
    pub(super) fn path(&mut self) -> Option<Vec<Step>> {
        let mut path = Vec::new();
        let base = self.base;
        self.base += 1;
        while self.token.kind == Kind::Mark(b'[') && path.len() < MAX_DEPTH {
            if !self.fits() {
                self.base = base;
                return None;
            }
            let start = self.token.start;
            self.bump();
            path.push(if self.token.kind == Kind::Mark(b']') {
                Step::Append(Location::new(self.id, start, self.token.end))
            } else {
                let key = self.value();
                let written = self.text.get(key.at.span.range()).unwrap_or_default();
                let key = super::tables::as_key(key, written);
                match key.kind {
                    NodeKind::Scalar(_) => Step::Key(key),
                    _ => Step::Unknown(key.at),
                }
            });
            if self.token.kind != Kind::Mark(b']') {
                self.base = base;
                return None;
            }
            self.bump();
        }
        self.base = base;
        Some(path)
    }
}
