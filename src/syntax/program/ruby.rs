//! Ruby's statements: calls with blocks, branches, functions.
//!
//! Sources: the Ruby documentation, *Methods*, *Control expressions*; those of Rake, `task` and `namespace`, and of Vagrant, *Multi-machine*.

use std::rc::Rc;

use super::parser::Parser;
use super::statements::{assign_last, assigned, test_of};
use super::token::Kind;
use super::tree::{Arm, Expression, Function, Statement, Task, Test, What};

/// Words that no argument begins with.
const NO_ARGUMENTS: [&str; 14] = [
    "if", "unless", "while", "until", "do", "and", "or", "rescue", "then", "in", "end", "when",
    "else", "elsif",
];

/// Calls whose block a tool runs by the name that they are given.
const TASKS: [&str; 4] = ["task", "multitask", "namespace", "define"];

impl Parser<'_> {
    /// Reads statements up to a word, which is left.
    pub fn ruby(&mut self, until: &[&str]) -> Vec<Statement> {
        self.statements(&|parser| until.contains(&parser.word()), Self::ruby_statement)
    }

    fn ruby_statement(&mut self) -> Vec<Statement> {
        match self.word() {
            "if" | "unless" => self.ruby_if(),
            "case" => self.ruby_case(),
            "while" | "until" => {
                self.bump();
                let test = self.expression();
                self.take("do");
                let body = self.ruby(&["end"]);
                self.take("end");
                vec![Statement::Value(test), Statement::Perhaps(body)]
            }
            "for" => {
                self.bump();
                let mut names = Vec::new();
                while !self.is_line() && !self.take("in") {
                    let token = self.bump();
                    names.extend(
                        (token.kind == Kind::Word).then(|| self.slice(token.at).to_owned()),
                    );
                }
                let of = self.expression();
                self.take("do");
                let body = self.ruby(&["end"]);
                self.take("end");
                vec![Statement::Each(names, of, body)]
            }
            "begin" => {
                self.bump();
                self.ruby_body()
            }
            "def" => self.ruby_function(),
            "class" | "module" => {
                self.skip_line();
                self.ruby_body()
            }
            "return" => {
                self.bump();
                let value = if self.is_line() {
                    Expression::unknown(self.at..self.at)
                } else {
                    self.expression()
                };
                let found = vec![Statement::Return(value)];
                self.ruby_modified(found)
            }
            "next" | "break" | "redo" => {
                self.bump();
                Vec::new()
            }
            "alias" | "undef" => {
                self.skip_line();
                Vec::new()
            }
            _ => self.ruby_simple(),
        }
    }

    /// A body with what rescues it, up to its end.
    fn ruby_body(&mut self) -> Vec<Statement> {
        let parts = ["rescue", "ensure", "else", "end"];
        let mut found = vec![Statement::Block(self.ruby(&parts))];
        while !self.take("end") && !self.is_end() {
            let is_rescue = self.is("rescue");
            self.skip_line();
            let body = self.ruby(&parts);
            found.push(if is_rescue { Statement::Perhaps(body) } else { Statement::Block(body) });
        }
        found
    }

    fn ruby_if(&mut self) -> Vec<Statement> {
        let is_unless = self.is("unless");
        self.bump();
        let mut asked = Vec::new();
        let mut arms = Vec::new();
        let mut test = self.expression();
        loop {
            self.take("then");
            let body = self.ruby(&["elsif", "else", "end"]);
            let of = if is_unless { Test::Unknown } else { test_of(&test) };
            arms.push(Arm { test: of, body });
            asked.push(Statement::Value(test));
            if !self.take("elsif") {
                break;
            }
            test = self.expression();
        }
        if self.take("else") {
            let body = self.ruby(&["end"]);
            let test = if is_unless { Test::Unknown } else { Test::Otherwise };
            arms.push(Arm { test, body });
        }
        self.take("end");
        asked.push(Statement::Branch(arms));
        asked
    }

    fn ruby_case(&mut self) -> Vec<Statement> {
        self.bump();
        let mut found = Vec::new();
        let has_subject = !self.is_line();
        if has_subject {
            found.push(Statement::Value(self.expression()));
        }
        self.lines();
        let mut arms = Vec::new();
        while self.take("when") || self.take("in") {
            let mut words = Vec::new();
            let mut is_known = has_subject;
            loop {
                let word = self.expression();
                match word.plain() {
                    Some(text) => words.push((text, word.at)),
                    None => is_known = false,
                }
                if !self.take(",") {
                    break;
                }
                self.lines();
            }
            self.take("then");
            let test = if is_known { Test::Words(words) } else { Test::Unknown };
            arms.push(Arm { test, body: self.ruby(&["when", "in", "else", "end"]) });
        }
        if self.take("else") {
            arms.push(Arm { test: Test::Otherwise, body: self.ruby(&["end"]) });
        }
        self.take("end");
        found.push(Statement::Branch(arms));
        found
    }

    fn ruby_function(&mut self) -> Vec<Statement> {
        self.bump();
        let mut token = self.bump();
        while self.take(".") {
            token = self.bump();
        }
        let name = self.slice(token.at.clone()).to_owned();
        let is_bracketed = self.take("(");
        let mut parameters = Vec::new();
        while !self.is_end() {
            let is_over = if is_bracketed { self.take(")") } else { self.is_line() };
            if is_over {
                break;
            }
            let next = self.bump();
            if next.kind != Kind::Word {
                continue;
            }
            let parameter = self.slice(next.at).to_owned();
            let has_default = self.take("=") || self.take(":");
            let is_over = [",", ")"].contains(&self.word()) || self.is_line();
            let default = (has_default && !is_over).then(|| self.expression());
            parameters.push((parameter, default));
        }
        let body = self.ruby_body();
        vec![Statement::Function(Rc::new(Function {
            name,
            at: token.at,
            parameters,
            body,
            is_task: false,
        }))]
    }

    fn ruby_simple(&mut self) -> Vec<Statement> {
        let first = self.expression();
        if self.take("=") {
            self.lines();
            if ["if", "unless", "case"].contains(&self.word()) {
                let mut found = self.within(Self::ruby_statement).unwrap_or_default();
                let What::Name(name) = first.what else { return found };
                if let Some(Statement::Branch(arms)) = found.last_mut() {
                    for arm in arms {
                        assign_last(&mut arm.body, &name);
                    }
                }
                return found;
            }
            let value = self.expression();
            let found = assigned(vec![first], &value);
            return self.ruby_modified(found);
        }
        if self.word().ends_with('=') && self.word().len() == 2 && self.is("+=") {
            self.bump();
            let value = self.expression();
            let at = value.at.clone();
            let mut found = assigned(vec![first], &Expression::unknown(at));
            found.push(Statement::Value(value));
            return found;
        }
        let call = self.ruby_call(first);
        let found = self.ruby_block(call);
        self.ruby_modified(found)
    }

    /// A call without brackets: `sh 'a', 'b'`.
    fn ruby_call(&mut self, first: Expression) -> Expression {
        let What::Name(name) = &first.what else { return first };
        let is_spaced = self.is_spaced();
        let begins = match self.peek().kind {
            Kind::Text(..) => true,
            Kind::Word => !NO_ARGUMENTS.contains(&self.word()),
            Kind::Sign => ["[", "(", "->", "*", "**", "&", "::"].contains(&self.word()),
            _ => false,
        };
        if !is_spaced || !begins {
            return first;
        }
        let name = name.rsplit('.').next().unwrap_or_default().to_owned();
        let arguments = self.ruby_arguments();
        Expression { at: first.at.start..self.at, what: What::Call(name, arguments) }
    }

    fn ruby_arguments(&mut self) -> Vec<Expression> {
        let mut arguments = Vec::new();
        let mut named: Vec<(Expression, Expression)> = Vec::new();
        loop {
            let before = self.at;
            let one = self.expression();
            if self.take("=>") || self.take(":") {
                self.lines();
                let key = match one.what {
                    What::Name(name) => Expression::text(name, one.at),
                    _ => one,
                };
                named.push((key, self.expression()));
            } else {
                arguments.push(one);
            }
            if !self.take(",") || self.at == before {
                break;
            }
            self.lines();
        }
        if let (Some((first, _)), Some((_, last))) = (named.first(), named.last()) {
            let at = first.at.start..last.at.end.max(first.at.start);
            arguments.push(Expression { at, what: What::Map(named) });
        }
        arguments
    }

    /// A call with the block that it is given, if one follows.
    fn ruby_block(&mut self, call: Expression) -> Vec<Statement> {
        let close = match self.word() {
            "do" => "end",
            "{" => "}",
            _ => return vec![Statement::Value(call)],
        };
        self.bump();
        let mut names = Vec::new();
        if self.take("|") {
            while !self.is_line() && !self.take("|") {
                let token = self.bump();
                names.extend((token.kind == Kind::Word).then(|| self.slice(token.at).to_owned()));
            }
        } else {
            self.take("||");
        }
        let body = if close == "end" { self.ruby_body() } else { self.ruby(&["}"]) };
        if close == "}" {
            self.take("}");
        }
        let What::Call(name, arguments) = &call.what else {
            return vec![Statement::Value(call), Statement::Block(body)];
        };
        match (name.as_str(), arguments.as_slice()) {
            ("each" | "each_pair", [of]) => vec![Statement::Each(names, of.clone(), body)],
            (task, [first, ..]) if TASKS.contains(&task) => {
                let called = match &first.what {
                    // `task deploy: [:build] do`
                    What::Map(entries) => entries.first().map_or(first, |(key, _)| key),
                    _ => first,
                };
                let name = called.plain().map(|name| (name, called.at.clone()));
                vec![Statement::Task(Task { name, body, is_machine: task == "define" })]
            }
            ("times" | "loop" | "map" | "select" | "each_with_index" | "each_with_object", _) => {
                vec![Statement::Value(call), Statement::Perhaps(body)]
            }
            _ => vec![Statement::Value(call), Statement::Block(body)],
        }
    }

    /// Statements under the condition that stands behind them: `sh '…' if env == 'production'`.
    fn ruby_modified(&mut self, found: Vec<Statement>) -> Vec<Statement> {
        match self.word() {
            "if" => {
                self.bump();
                let test = self.expression();
                let arm = Arm { test: test_of(&test), body: found };
                vec![Statement::Value(test), Statement::Branch(vec![arm])]
            }
            "unless" | "while" | "until" => {
                self.bump();
                let test = self.expression();
                vec![Statement::Value(test), Statement::Perhaps(found)]
            }
            "rescue" => {
                self.skip_line();
                found
            }
            _ => found,
        }
    }
}
