//! Python's statements: blocks by how far their lines are indented.
//!
//! Source: *The Python Language Reference*, *Simple statements*, *Compound statements*.

use std::rc::Rc;

use super::parser::Parser;
use super::statements::{assigned, test_of};
use super::token::Kind;
use super::tree::{Arm, Expression, Function, Statement, Test, What};

/// What decorators of functions that a tool runs by their names are called, at their ends.
///
/// Sources: the documentation of Fabric and Invoke, `task`; of Click and Typer, `command`.
const TASKS: [&str; 2] = ["task", "command"];

impl Parser<'_> {
    /// Reads the statements that are indented so far at least.
    pub fn python(&mut self, indented: usize) -> Vec<Statement> {
        self.statements(&|parser| parser.column() < indented, Self::python_statement)
    }

    /// How far what comes next stands from the start of its line.
    fn column(&mut self) -> usize {
        let at = self.peek().at.start;
        let before = self.slice(0..at);
        at - before.rfind('\n').map_or(0, |line| line + 1)
    }

    fn python_statement(&mut self) -> Vec<Statement> {
        let column = self.column();
        let mut is_task = false;
        while self.take("@") {
            let decorator = self.expression();
            let name = match &decorator.what {
                What::Name(name) | What::Call(name, _) => {
                    name.rsplit('.').next().unwrap_or_default().to_owned()
                }
                _ => String::new(),
            };
            is_task |= TASKS.contains(&name.as_str());
            self.skip_line();
            self.lines();
        }
        self.take("async");
        match self.word() {
            "def" => self.python_function(column, is_task),
            "class" | "try" | "finally" => {
                self.open_suite();
                vec![Statement::Block(self.suite(column))]
            }
            "if" => self.python_if(column),
            "for" => self.python_for(column),
            "while" => {
                self.bump();
                let test = self.expression();
                self.open_suite();
                vec![Statement::Value(test), Statement::Perhaps(self.suite(column))]
            }
            "with" => self.python_with(column),
            "except" | "else" => {
                self.open_suite();
                vec![Statement::Perhaps(self.suite(column))]
            }
            "match" if self.opens_block() => self.python_match(column),
            "return" => {
                self.bump();
                let value = self.expression();
                vec![Statement::Return(value)]
            }
            "raise" | "assert" => {
                let from = self.at;
                self.skip_line();
                self.said.push(from..self.at);
                Vec::new()
            }
            "import" | "from" | "pass" | "global" | "nonlocal" | "break" | "continue" | "del" => {
                self.skip_line();
                Vec::new()
            }
            _ => self.python_simple(),
        }
    }

    /// Whether the line ends with a colon.
    fn opens_block(&mut self) -> bool {
        let at = self.peek().at.start;
        let line = self.slice(at..self.lexer.end).lines().next().unwrap_or_default();
        line.split(" #").next().is_some_and(|line| line.trim_end().ends_with(':'))
    }

    /// Goes behind the colon that opens a block.
    fn open_suite(&mut self) {
        while !self.is_line() && !self.take(":") {
            if ["(", "[", "{"].contains(&self.word()) {
                self.operand_and_forget();
            } else {
                self.bump();
            }
        }
    }

    fn operand_and_forget(&mut self) {
        let close = match self.word() {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        self.bump();
        self.brackets += 1;
        self.close(close);
        self.brackets -= 1;
    }

    /// The block behind a colon: the rest of the line, or the lines that are indented further.
    fn suite(&mut self, column: usize) -> Vec<Statement> {
        if self.is_line() {
            self.lines();
            let inner = self.column();
            return if inner > column && !self.is_end() { self.python(inner) } else { Vec::new() };
        }
        let mut found = Vec::new();
        loop {
            found.extend(self.within(Self::python_statement).unwrap_or_default());
            let token = self.peek().clone();
            if self.slice(token.at) != ";" {
                return found;
            }
            self.bump();
        }
    }

    /// Whether a word comes next that goes on with a statement that stands so far from the start of its line.
    fn goes_on(&mut self, column: usize, word: &str) -> bool {
        self.lines();
        let is_word = self.is(word);
        is_word && self.column() == column
    }

    fn python_function(&mut self, column: usize, is_task: bool) -> Vec<Statement> {
        self.bump();
        let token = self.bump();
        let name = self.slice(token.at.clone()).to_owned();
        let mut parameters = Vec::new();
        if self.take("(") {
            self.brackets += 1;
            while !self.take(")") && !self.is_end() {
                let token = self.bump();
                if token.kind != Kind::Word {
                    continue;
                }
                let parameter = self.slice(token.at).to_owned();
                if self.take(":") {
                    self.expression();
                }
                let default = self.take("=").then(|| self.expression());
                parameters.push((parameter, default));
            }
            self.brackets -= 1;
        }
        self.open_suite();
        let body = self.suite(column);
        vec![Statement::Function(Rc::new(Function {
            name,
            at: token.at,
            parameters,
            body,
            is_task,
        }))]
    }

    fn python_if(&mut self, column: usize) -> Vec<Statement> {
        let mut arms = Vec::new();
        let mut asked = Vec::new();
        self.bump();
        let from = self.at;
        let test = self.expression();
        let is_main = self.slice(from..self.at).contains("__name__");
        self.open_suite();
        if is_main {
            return vec![Statement::Block(self.suite(column))];
        }
        arms.push(Arm { test: test_of(&test), body: self.suite(column) });
        asked.push(Statement::Value(test));
        while self.goes_on(column, "elif") {
            self.bump();
            let test = self.expression();
            self.open_suite();
            arms.push(Arm { test: test_of(&test), body: self.suite(column) });
            asked.push(Statement::Value(test));
        }
        if self.goes_on(column, "else") {
            self.open_suite();
            arms.push(Arm { test: Test::Otherwise, body: self.suite(column) });
        }
        asked.push(Statement::Branch(arms));
        asked
    }

    fn python_for(&mut self, column: usize) -> Vec<Statement> {
        self.bump();
        let mut names = Vec::new();
        while !self.is_line() && !self.take("in") {
            let token = self.bump();
            if token.kind == Kind::Word {
                names.push(self.slice(token.at).to_owned());
            }
        }
        let of = self.expression();
        self.open_suite();
        vec![Statement::Each(names, of, self.suite(column))]
    }

    fn python_with(&mut self, column: usize) -> Vec<Statement> {
        self.bump();
        let mut found = Vec::new();
        while !self.is_line() && !self.take(":") {
            let before = self.at;
            found.push(Statement::Value(self.expression()));
            if self.take("as") || self.at == before {
                self.bump();
            }
            self.take(",");
        }
        found.push(Statement::Block(self.suite(column)));
        found
    }

    fn python_match(&mut self, column: usize) -> Vec<Statement> {
        self.bump();
        let asked = self.expression();
        self.open_suite();
        let mut arms = Vec::new();
        self.lines();
        let inner = self.column();
        while inner > column && self.goes_on(inner, "case") {
            self.bump();
            let mut words = Vec::new();
            let mut is_known = true;
            let is_rest = self.is("_");
            while !self.is_line() && !self.take(":") {
                let token = self.peek().clone();
                match token.kind {
                    Kind::Text(..) => {
                        self.bump();
                        let written = self.slice(token.at.clone());
                        words.push((written.trim_matches(['"', '\'']).to_owned(), token.at));
                    }
                    Kind::Sign if matches!(self.word(), "|" | "(" | ")") => {
                        self.bump();
                    }
                    _ => {
                        is_known = false;
                        self.bump();
                    }
                }
            }
            let test = match (is_rest, is_known) {
                (true, _) if words.is_empty() => Test::Otherwise,
                (_, true) => Test::Words(words),
                _ => Test::Unknown,
            };
            arms.push(Arm { test, body: self.suite(inner) });
        }
        vec![Statement::Value(asked), Statement::Branch(arms)]
    }

    /// A value; of several targets only one that is written out is known.
    fn tuple(&mut self, is_tuple: bool) -> Expression {
        let first = self.expression();
        if !is_tuple {
            return first;
        }
        let start = first.at.start;
        if matches!(first.what, What::List(_)) && !self.is(",") {
            return first;
        }
        let mut items = vec![first];
        while self.take(",") && !self.is_line() {
            items.push(self.expression());
        }
        let at = start..self.at;
        if items.len() < 2 {
            return Expression::unknown(at);
        }
        Expression { at, what: What::List(items) }
    }

    /// An assignment, or an expression.
    fn python_simple(&mut self) -> Vec<Statement> {
        let is_text = matches!(self.peek().kind, Kind::Text(..));
        let first = self.expression();
        if is_text && self.is_line() && matches!(first.what, What::Text(_)) {
            // A text that nothing is done with: what a function is for.
            self.said.push(first.at);
            return Vec::new();
        }
        if self.take(":") && !self.is("=") {
            self.expression();
        }
        let mut targets = vec![first];
        let is_tuple = self.is(",");
        if self.take(",") {
            while !self.is_line() && !self.is("=") {
                targets.push(self.expression());
                self.take(",");
            }
        }
        if self.take("=") {
            let mut value = self.tuple(is_tuple);
            while self.take("=") {
                targets.push(std::mem::replace(&mut value, Expression::unknown(self.at..self.at)));
                value = self.expression();
            }
            self.skip_line();
            return assigned(targets, &value);
        }
        if self.word().ends_with('=') {
            self.bump();
            let value = self.expression();
            let at = value.at.clone();
            let mut found = assigned(targets, &Expression::unknown(at));
            found.push(Statement::Value(value));
            return found;
        }
        self.skip_line();
        targets.into_iter().map(Statement::Value).collect()
    }
}
