//! PowerShell's statements, and the words of its commands.
//!
//! Source: Microsoft's PowerShell documentation, `about_Parsing`, `about_Switch`, `about_If`, `about_Foreach`, `about_Functions`. Names and
//! keywords are the same in capitals and in small letters.

use std::rc::Rc;

use super::parser::Parser;
use super::statements::{assign_last, test_of};
use super::token::Kind;
use super::tree::{Arm, At, Expression, Function, Statement, Test, What};

/// Commands that run a block for each item of what is piped to them.
const EACH: [&str; 3] = ["foreach-object", "foreach", "%"];

impl Parser<'_> {
    /// Reads statements up to a bracket that closes, which is left.
    pub fn powershell(&mut self) -> Vec<Statement> {
        let is_closed = |parser: &mut Self| ["}", ")"].contains(&parser.word());
        self.statements(&is_closed, Self::powershell_statement)
    }

    /// A block in braces; nothing where none follows.
    fn block(&mut self) -> Vec<Statement> {
        self.lines();
        if !self.take("{") {
            return Vec::new();
        }
        let body = self.powershell();
        self.take("}");
        body
    }

    /// A block that something is given.
    pub fn script_block(&mut self, start: usize) -> Expression {
        let body = self.within(Self::powershell).unwrap_or_default();
        self.take("}");
        Expression { at: start..self.at, what: What::Block(body) }
    }

    fn powershell_statement(&mut self) -> Vec<Statement> {
        let word = self.word().to_ascii_lowercase();
        match word.as_str() {
            "if" => self.powershell_if(),
            "switch" => self.powershell_switch(),
            "foreach" => self.powershell_foreach(),
            "for" | "while" => {
                self.bump();
                self.brackets();
                vec![Statement::Perhaps(self.block())]
            }
            "do" | "catch" | "trap" => {
                self.bump();
                while !self.is("{") && !self.is_line() {
                    self.bump();
                }
                vec![Statement::Perhaps(self.block())]
            }
            "try" | "finally" | "process" | "begin" | "end" => {
                self.bump();
                vec![Statement::Block(self.block())]
            }
            "function" | "filter" => self.powershell_function(),
            "param" => {
                self.bump();
                self.brackets();
                Vec::new()
            }
            "return" => {
                self.bump();
                let value = if self.is_line() {
                    Expression::unknown(self.at..self.at)
                } else {
                    self.expression()
                };
                vec![Statement::Return(value)]
            }
            "throw" | "exit" | "break" | "continue" | "using" => {
                let from = self.at;
                self.skip_line_of_statement();
                self.said.push(from..self.at);
                Vec::new()
            }
            _ if self.begins_expression() => self.powershell_simple(),
            _ => self.command(),
        }
    }

    /// Whether what comes next is no command's name.
    fn begins_expression(&mut self) -> bool {
        let token = self.peek();
        let at = token.at.clone();
        let is_text = matches!(token.kind, Kind::Text(..));
        is_text
            || self.slice(at).starts_with(['$', '@', '(', '[', '{', '-', '!', '+', ','])
            || self
                .slice(self.at..self.lexer.end)
                .trim_start()
                .starts_with(|first: char| first.is_ascii_digit())
    }

    fn brackets(&mut self) {
        if self.take("(") {
            self.close(")");
        }
    }

    fn condition(&mut self) -> Expression {
        self.lines();
        if !self.take("(") {
            return Expression::unknown(self.at..self.at);
        }
        let condition = self.expression();
        if !self.take(")") {
            self.close(")");
            return Expression::unknown(condition.at);
        }
        condition
    }

    fn powershell_if(&mut self) -> Vec<Statement> {
        let mut asked = Vec::new();
        let mut arms = Vec::new();
        loop {
            self.bump();
            let test = self.condition();
            arms.push(Arm { test: test_of(&test), body: self.block() });
            asked.push(Statement::Value(test));
            if !self.goes_on_with("elseif") {
                break;
            }
        }
        if self.goes_on_with("else") {
            self.bump();
            arms.push(Arm { test: Test::Otherwise, body: self.block() });
        }
        asked.push(Statement::Branch(arms));
        asked
    }

    fn goes_on_with(&mut self, word: &str) -> bool {
        let before = self.at;
        self.lines();
        let is_next = self.word().eq_ignore_ascii_case(word);
        if !is_next {
            self.at = before;
        }
        is_next
    }

    fn powershell_switch(&mut self) -> Vec<Statement> {
        self.bump();
        let mut is_plain = true;
        while self.word().starts_with('-') {
            // A pattern of another kind than with a wildcard at its end is no word.
            is_plain &= ["-exact", "-casesensitive", "-wildcard"]
                .contains(&self.word().to_ascii_lowercase().as_str());
            self.bump();
        }
        let asked = self.condition();
        self.lines();
        let mut arms = Vec::new();
        if self.take("{") {
            loop {
                self.lines();
                if self.take("}") || self.is_end() {
                    break;
                }
                let token = self.bump();
                let written = self.slice(token.at.clone()).to_owned();
                let test = match token.kind {
                    Kind::Text(parts, _) => {
                        let text = self.text(parts, token.at);
                        let word = text.plain().filter(|_| is_plain);
                        word.map_or(Test::Unknown, |word| Test::Words(vec![(word, text.at)]))
                    }
                    Kind::Word if written.eq_ignore_ascii_case("default") => Test::Otherwise,
                    Kind::Word if is_plain && !written.starts_with('$') => {
                        Test::Words(vec![(written, token.at)])
                    }
                    Kind::Sign if written == "{" => {
                        self.close("}");
                        Test::Unknown
                    }
                    _ => Test::Unknown,
                };
                while !self.is("{") && !self.is_line() {
                    self.bump();
                }
                arms.push(Arm { test, body: self.block() });
            }
        }
        vec![Statement::Value(asked), Statement::Branch(arms)]
    }

    fn powershell_foreach(&mut self) -> Vec<Statement> {
        self.bump();
        if !self.take("(") {
            return Vec::new();
        }
        let token = self.bump();
        let name = self.slice(token.at).trim_start_matches('$').to_ascii_lowercase();
        let of = if self.word().eq_ignore_ascii_case("in") {
            self.bump();
            self.expression()
        } else {
            Expression::unknown(self.at..self.at)
        };
        if !self.take(")") {
            self.close(")");
        }
        vec![Statement::Each(vec![name], of, self.block())]
    }

    fn powershell_function(&mut self) -> Vec<Statement> {
        self.bump();
        let start = self.lexer.skipped(self.at);
        let rest = self.slice(start..self.lexer.end);
        let length = rest
            .find(|letter: char| letter.is_whitespace() || "({".contains(letter))
            .unwrap_or(rest.len());
        let at = start..start + length;
        self.at = at.end;
        let name = self.slice(at.clone()).to_ascii_lowercase();
        let mut parameters = if self.take("(") { self.parameters() } else { Vec::new() };
        self.lines();
        let mut body = Vec::new();
        if self.take("{") {
            self.lines();
            while self.take("[") {
                self.close("]");
                self.lines();
            }
            if self.word().eq_ignore_ascii_case("param") {
                self.bump();
                if self.take("(") {
                    parameters = self.parameters();
                }
            }
            body = self.powershell();
            self.take("}");
        }
        vec![Statement::Function(Rc::new(Function { name, at, parameters, body, is_task: false }))]
    }

    /// The names of parameters, with what they hold where nothing is given, up to the bracket that closes.
    fn parameters(&mut self) -> Vec<(String, Option<Expression>)> {
        let mut found = Vec::new();
        while !self.take(")") && !self.is_end() {
            if self.take("[") {
                self.close("]");
                continue;
            }
            let token = self.bump();
            let written = self.slice(token.at);
            if let Some(name) = written.strip_prefix('$').filter(|_| token.kind == Kind::Word) {
                let name = name.to_ascii_lowercase();
                let default = self.take("=").then(|| self.expression());
                found.push((name, default));
            }
        }
        found
    }

    /// An assignment, or what is piped.
    fn powershell_simple(&mut self) -> Vec<Statement> {
        let first = self.expression();
        if self.is("=") {
            self.bump();
            self.lines();
            let root = first.root().map(str::to_owned);
            let target = match first.what {
                What::Name(name) => Some(name),
                _ => None,
            };
            let word = self.word().to_ascii_lowercase();
            let name = target.clone().unwrap_or_default();
            if ["if", "switch"].contains(&word.as_str()) {
                let mut found = self.within(Self::powershell_statement).unwrap_or_default();
                if let Some(Statement::Branch(arms)) = found.last_mut() {
                    for arm in arms {
                        assign_last(&mut arm.body, &name);
                    }
                }
                return found;
            }
            if !self.begins_expression() {
                let at = self.at;
                let mut found = self.command();
                found.push(Statement::Assign(name, Expression::unknown(at..at)));
                return found;
            }
            let mut value = self.expression();
            if self.is(",") {
                let mut items = vec![value];
                while self.take(",") {
                    self.lines();
                    items.push(self.expression());
                }
                let at = items.first().map_or(self.at, |first| first.at.start)..self.at;
                value = Expression { at, what: What::List(items) };
            }
            let mut found = if let Some(name) = target {
                if name.starts_with("env:") {
                    let at = variable_at(self.slice(first.at.clone()), &first.at);
                    vec![Statement::Export(self.slice(at.clone()).to_owned(), at, value)]
                } else {
                    vec![Statement::Assign(name, value)]
                }
            } else {
                // One item of a map is another now.
                let unknown = Expression::unknown(first.at.clone());
                let changed = root.map(|name| Statement::Assign(name, unknown));
                std::iter::once(Statement::Value(value)).chain(changed).collect()
            };
            found.extend(self.piped(None));
            return found;
        }
        if self.is("+=") {
            self.bump();
            let value = self.expression();
            let at = value.at.clone();
            let What::Name(name) = first.what else { return vec![Statement::Value(value)] };
            return vec![Statement::Value(value), Statement::Assign(name, Expression::unknown(at))];
        }
        let mut found = vec![Statement::Value(first.clone())];
        found.extend(self.piped(Some(&first)));
        found
    }

    /// The commands that something is piped to.
    fn piped(&mut self, first: Option<&Expression>) -> Vec<Statement> {
        let mut found = Vec::new();
        while self.take("|") {
            self.lines();
            let word = self.word().to_ascii_lowercase();
            let of = first.cloned().filter(|_| EACH.contains(&word.as_str()));
            let Some(of) = of else {
                found.extend(self.command());
                continue;
            };
            let at = self.lexer.skipped(self.at);
            let length = self
                .slice(at..self.lexer.end)
                .find(|letter: char| letter.is_whitespace() || letter == '{');
            self.at = at + length.unwrap_or(0);
            found.push(Statement::Each(vec!["_".to_owned()], of, self.block()));
        }
        self.skip_line_of_statement();
        found
    }

    fn skip_line_of_statement(&mut self) {
        while !self.is_line() && !["}", ")"].contains(&self.word()) {
            if self.take("{") {
                self.close("}");
            } else {
                self.bump();
            }
        }
    }
}

/// The place of the name in `$env:NAME` and `${env:NAME}`.
fn variable_at(written: &str, at: &At) -> At {
    let start = written.find(':').map_or(0, |colon| colon + 1);
    let end = written.trim_end_matches('}').len();
    at.start + start..at.start + end.max(start)
}
