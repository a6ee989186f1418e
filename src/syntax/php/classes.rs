//! Classes and functions that are declared: the constants of a class are known, nothing else of it is read.
//!
//! Source: the PHP manual, *Class Constants*, *Backed enumerations*. Classes of one name in two namespaces are one here: what their constants
//! say apart is one of several.

use super::entries::is_array;
use super::lexer::Kind;
use super::parser::Parser;
use crate::syntax::Node;

/// The words before the name of what has constants.
const CLASSES: [&str; 4] = ["class", "enum", "interface", "trait"];

impl Parser<'_> {
    /// Skips a function or class, but for the constants of the latter.
    pub(super) fn declaration(&mut self) {
        let mark = self.problems.len();
        let mut class = None;
        while !matches!(self.token.kind, Kind::Mark(b';' | b'{' | b'}') | Kind::Eof) {
            let is_named = class.is_none() && self.is_word(&CLASSES);
            self.bump();
            if is_named && self.token.kind == Kind::Word {
                class = Some(self.word().to_owned());
            }
        }
        if self.token.kind == Kind::Mark(b'{') {
            match class {
                Some(class) => self.class_body(&class),
                None => self.skip_body(),
            }
        }
        self.problems.truncate(mark);
    }

    /// Reads the constants of a class, and the values of an enumeration's cases.
    fn class_body(&mut self, class: &str) {
        let mut depth = 0_usize;
        loop {
            let is_constant = depth == 1 && self.is_word(&["const"]);
            let is_case = depth == 1 && self.is_word(&["case"]);
            match self.token.kind {
                Kind::Eof => return,
                Kind::Mark(b'{') => depth += 1,
                Kind::Mark(b'}') => depth -= 1,
                _ => {}
            }
            self.bump();
            if depth == 0 {
                return;
            }
            if is_constant || is_case {
                self.class_constants(class, if is_case { "->value" } else { "" });
            }
        }
    }

    /// Reads `string A = 'a', B = 'b'`, behind its first word.
    fn class_constants(&mut self, class: &str, behind: &str) {
        let mut name = String::new();
        while matches!(self.token.kind, Kind::Word | Kind::Mark(b'?' | b'|' | b'&')) {
            self.word().clone_into(&mut name);
            self.bump();
            if self.token.kind == Kind::Mark(b'=') {
                self.bump();
                let value = self.quiet_value();
                self.define(&format!("{class}::{name}{behind}"), value);
                if self.token.kind == Kind::Mark(b',') {
                    self.bump();
                }
            }
        }
    }

    /// Reads a constant of a class, `Ids::SPACE`, or the value of a case, `Space::Own->value`; none that is not known.
    pub(super) fn constant_of_class(&mut self) -> Option<Node> {
        let start = self.token.start;
        let class = self.word().rsplit('\\').next()?;
        let mut ahead = self.lexer;
        if ahead.next().kind != Kind::Access {
            return None;
        }
        let name = ahead.next();
        let (member, value) = (ahead.next(), ahead.next());
        let is_case = member.kind == Kind::Member && self.slice(value) == "value";
        let behind = if is_case { "->value" } else { "" };
        let is_called = member.kind == Kind::Mark(b'(') || member.kind == Kind::Member && !is_case;
        let key = format!("{class}::{}{behind}", self.slice(name));
        let known = self.constant(&key).filter(|_| name.kind == Kind::Word && !is_called)?;
        for _ in 0..if is_case { 5 } else { 3 } {
            self.bump();
        }
        let known = if self.token.kind == Kind::Mark(b'[') && is_array(&known) {
            let path = self.path()?;
            self.read_in(&known, &path)?
        } else {
            known
        };
        self.keep_name(start, &known);
        Some(known)
    }
}
