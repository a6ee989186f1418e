//! What stands in brackets: arguments, lists, maps.

use super::language::Program;
use super::parser::Parser;
use super::token::Kind;
use super::tree::{Expression, What};

impl Parser<'_> {
    /// What stands in brackets: one thing, or a list.
    pub(super) fn bracket(&mut self, start: usize, close: &str) -> Expression {
        let from = self.at;
        let mut items = self.list(close);
        let at = start..self.at;
        let is_tuple = self.slice(from..self.at).trim_end_matches(close).trim_end().ends_with(',');
        let is_group = close == ")" && !is_tuple && self.slice(start..from) != "@(";
        match items.pop() {
            Some(only) if is_group && items.is_empty() => Expression { at, ..only },
            last => {
                items.extend(last);
                Expression { at, what: What::List(items) }
            }
        }
    }

    /// Reads things up to a bracket; those with names keep their values, and a map of Ruby's stands for those with keys.
    pub fn list(&mut self, close: &str) -> Vec<Expression> {
        self.brackets += 1;
        let items = self.items(close);
        self.brackets -= 1;
        items
    }

    fn items(&mut self, close: &str) -> Vec<Expression> {
        let mut items: Vec<Expression> = Vec::new();
        let mut named: Vec<(Expression, Expression)> = Vec::new();
        loop {
            self.lines();
            if self.take(close) || self.is_end() {
                break;
            }
            if self.take(",") {
                continue;
            }
            let before = self.at;
            let key = self.expression();
            if ["=>", ":", "="].contains(&self.word()) {
                self.bump();
                self.lines();
                named.push((named_key(key), self.expression()));
            } else {
                items.push(key);
            }
            let is_on_lines = self.is_line() && self.language() == Program::PowerShell;
            self.lines();
            if !is_on_lines && !self.is(",") && !self.is(close) {
                // A comprehension, or what this reader does not know.
                self.close(close);
                items.push(Expression::unknown(before..self.at));
                break;
            }
            if self.at == before {
                self.bump();
            }
        }
        if let (Some((first, _)), Some((_, last))) = (named.first(), named.last()) {
            let at = first.at.start..last.at.end;
            items.push(Expression { at, what: What::Map(named) });
        }
        items
    }

    /// Reads a map whose bracket is open.
    pub(super) fn map(&mut self, start: usize) -> Expression {
        self.brackets += 1;
        let mut entries = Vec::new();
        let mut is_map = true;
        loop {
            self.lines();
            if self.take("}") || self.is_end() {
                break;
            }
            if self.take(",") {
                continue;
            }
            let before = self.at;
            if self.is("**") {
                // All of another map.
                self.bump();
                let other = self.operand();
                entries.push((Expression::unknown(other.at.clone()), other));
                continue;
            }
            let key = self.map_key();
            self.lines();
            if !["=>", ":", "="].contains(&self.word()) {
                is_map = false;
                self.close("}");
                break;
            }
            self.bump();
            self.lines();
            let value = self.expression();
            entries.push((key, value));
            if !self.is_line() && !self.is(",") && !self.is("}") {
                is_map = false;
                self.close("}");
                break;
            }
            if self.at == before {
                self.bump();
            }
        }
        self.brackets -= 1;
        let what = if is_map { What::Map(entries) } else { What::Unknown };
        Expression { at: start..self.at, what }
    }

    fn map_key(&mut self) -> Expression {
        let token = self.peek().clone();
        let is_bare = token.kind == Kind::Word && self.language() != Program::Python;
        let behind = self.slice(token.at.end..self.lexer.end).trim_start_matches([' ', '\t']);
        let is_key = behind.starts_with(':') && !behind.starts_with("::")
            || behind.starts_with('=') && !behind.starts_with("==");
        let is_variable = self.slice(token.at.clone()).starts_with('$');
        if is_bare && is_key && !behind.starts_with("=>") && !is_variable {
            self.bump();
            return Expression::text(self.slice(token.at.clone()).to_owned(), token.at);
        }
        self.expression()
    }

    /// Goes behind a bracket that is open.
    pub fn close(&mut self, close: &str) {
        let mut depth = 0_usize;
        while !self.is_end() {
            let word = self.bump();
            let word = if matches!(word.kind, Kind::Sign) { self.slice(word.at) } else { "" };
            match word {
                "(" | "[" | "{" | "@(" | "@{" | "$(" => depth += 1,
                ")" | "]" | "}" if depth > 0 => depth -= 1,
                word if word == close && depth == 0 => return,
                _ => {}
            }
        }
    }
}

/// A name before a value is a key: `env: 'x'`, `shell=True`.
fn named_key(key: Expression) -> Expression {
    match key.what {
        What::Name(name) => Expression::text(name, key.at),
        _ => key,
    }
}
