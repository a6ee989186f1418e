//! Expressions: texts, names, maps and their items, calls, comparisons.
//!
//! Sources: *The Python Language Reference*, *Expressions*; the Ruby documentation, *Syntax*; Microsoft's PowerShell documentation,
//! `about_Operators`, *`about_Hash_Tables`*. An operator that is not followed makes a value unknown; what it calls is called all the same.

use super::language::Program;
use super::operators::{among, choice, compared, filled, joined};
use super::parser::{MAX_DEPTH, Parser};
use super::token::Kind;
use super::tree::{At, Expression, What};

/// How many items, attributes and calls of one value are followed.
const MAX_LINKS: usize = 32;

/// Methods whose value is what they are called on.
const KEEPING: [&str; 8] =
    ["freeze", "to_s", "to_sym", "to_str", "strip", "Trim", "ToString", "dup"];

/// Stands in the arguments of a call for what it is called on.
pub const RECEIVER: &str = ".";

/// Methods that take an item of a map by its key.
const TAKING: [&str; 3] = ["fetch", "get", "dig"];

/// What walks through a map.
const WALKING: [&str; 8] =
    ["items", "keys", "Keys", "GetEnumerator", "each", "each_pair", "values", "Values"];

impl Parser<'_> {
    /// Reads an expression.
    pub fn expression(&mut self) -> Expression {
        let start = self.peek().at.start;
        let read = self.within(Self::operation);
        read.unwrap_or_else(|| {
            self.bump();
            Expression::unknown(start..self.at)
        })
    }

    fn operation(&mut self) -> Expression {
        let start = self.peek().at.start;
        let mut left = self.operand();
        let mut folds = 0;
        loop {
            let word = self.word().to_owned();
            folds += usize::from(matches!(word.as_str(), "if" | "?" | "%" | "-f"));
            if folds > MAX_DEPTH {
                // Each holds the one before: what is nested deeper than this cannot be walked.
                self.is_cut = true;
                return Expression::unknown(start..self.at);
            }
            let is_word = |words: &[&str]| words.contains(&word.as_str());
            if is_word(&["+"]) {
                self.bump();
                let right = self.operand();
                left = joined(left, right);
            } else if is_word(&["==", "-eq", "===", "-ceq", "-ieq"]) {
                self.bump();
                let right = self.operand();
                left = compared(&left, &right, start);
            } else if is_word(&["in", "-in"]) && self.language() != Program::Ruby {
                self.bump();
                let right = self.operand();
                left = among(&right, start);
            } else if is_word(&["%"]) && self.language() == Program::Python || is_word(&["-f"]) {
                self.bump();
                let right = self.operand();
                left = filled(left, right);
            } else if is_word(&["?"]) && matches!(left.what, What::Test(_)) {
                self.bump();
                let (first, is_two) = (self.expression(), self.take(":"));
                let second =
                    if is_two { self.expression() } else { Expression::unknown(self.at..self.at) };
                left = choice(left, first, second, start..self.at);
            } else if is_word(&["if"]) && self.language() == Program::Python {
                self.bump();
                let test = self.expression();
                if !self.take("else") {
                    return Expression::unknown(start..self.at);
                }
                let second = self.expression();
                left = choice(test, left, second, start..self.at);
            } else if word == "|" && self.language() == Program::PowerShell {
                return left;
            } else if is_operator(&word) && !(word == "%" && left.what_is_block()) {
                self.bump();
                self.lines_behind_operator();
                let right = self.operand();
                let mut both = match left.what {
                    What::Call(name, both) if name.is_empty() => both,
                    _ => vec![left],
                };
                both.push(right);
                left = Expression { at: start..self.at, what: What::Call(String::new(), both) };
            } else {
                return left;
            }
        }
    }

    fn lines_behind_operator(&mut self) {
        if self.language() != Program::Python {
            self.lines();
        }
    }

    /// Reads one value, with what is taken of it.
    pub fn operand(&mut self) -> Expression {
        let start = self.peek().at.start;
        let read = self.within(Self::operand_within);
        read.unwrap_or_else(|| {
            self.bump();
            Expression::unknown(start..self.at)
        })
    }

    fn operand_within(&mut self) -> Expression {
        let token = self.bump();
        let start = token.at.start;
        let first = match token.kind {
            Kind::Text(parts, runs) => {
                let text = self.text(parts, token.at.clone());
                let text = self.adjacent(text);
                if runs {
                    let at = text.at.clone();
                    return Expression { at, what: What::Call("`".to_owned(), vec![text]) };
                }
                text
            }
            Kind::Word => self.name(token.at),
            Kind::Sign => match self.slice(token.at.clone()) {
                "(" | "@(" | "$(" => self.bracket(start, ")"),
                "[" if self.language() == Program::PowerShell => {
                    // The type of what follows, or something of a type.
                    while !self.is_line() && !self.take("]") {
                        self.bump();
                    }
                    if self.is("::") {
                        Expression::unknown(start..self.at)
                    } else {
                        return self.operand();
                    }
                }
                "[" => self.bracket(start, "]"),
                "{" if self.language() == Program::PowerShell => self.script_block(start),
                "{" | "@{" => self.map(start),
                "-" | "!" | "*" | "**" | "&" | "@" | "~" | "->" => {
                    let inner = self.operand();
                    let what = What::Call(String::new(), vec![inner]);
                    return Expression { at: start..self.at, what };
                }
                _ => Expression::unknown(token.at),
            },
            Kind::Line | Kind::End => {
                self.at = start;
                return Expression::unknown(start..start);
            }
        };
        self.behind(first)
    }

    /// Joins the texts that stand beside each other.
    fn adjacent(&mut self, mut text: Expression) -> Expression {
        while self.language() == Program::Python && matches!(self.peek().kind, Kind::Text(..)) {
            let token = self.bump();
            let Kind::Text(parts, _) = token.kind else { break };
            let next = self.text(parts, token.at);
            text = joined(text, next);
        }
        text
    }

    fn name(&mut self, at: At) -> Expression {
        let written = self.slice(at.clone());
        match self.language() {
            Program::Python if matches!(written, "await" | "not" | "lambda" | "yield") => {
                let inner = self.operand();
                let at = at.start..self.at;
                return match written {
                    "await" => Expression { at, ..inner },
                    _ => Expression { at, what: What::Call(String::new(), vec![inner]) },
                };
            }
            Program::Ruby if matches!(written, "not" | "lambda" | "proc" | "defined?") => {
                return Expression::unknown(at);
            }
            Program::PowerShell => {
                let name = written.trim_start_matches(['$', '{']).trim_end_matches('}');
                let is_variable = written.starts_with('$');
                let what =
                    if is_variable { What::Name(name.to_ascii_lowercase()) } else { What::Unknown };
                return Expression { at, what };
            }
            _ => {}
        }
        let is_name = written.starts_with(|first: char| !first.is_ascii_digit());
        let what = if is_name { What::Name(written.to_owned()) } else { What::Unknown };
        Expression { at, what }
    }

    /// Reads what is taken of something, or called on it.
    fn behind(&mut self, mut value: Expression) -> Expression {
        let start = value.at.start;
        for _ in 0..MAX_LINKS {
            if self.is_spaced() {
                return value;
            }
            match self.word() {
                "[" => {
                    self.bump();
                    self.lines();
                    let key = self.expression();
                    self.lines();
                    let is_item = self.take("]");
                    if !is_item {
                        self.close("]");
                    }
                    let at = start..self.at;
                    value = if is_item {
                        Expression { at, what: What::Item(Box::new(value), Box::new(key)) }
                    } else {
                        Expression::unknown(at)
                    };
                }
                "(" if matches!(value.what, What::Name(_)) => {
                    self.bump();
                    let arguments = self.list(")");
                    let What::Name(name) = value.what else { return value };
                    value = Expression { at: start..self.at, what: What::Call(name, arguments) };
                }
                "." | "&." | "?." | "::" if self.is_member() => {
                    let is_module = self.is("::");
                    self.bump();
                    let token = self.bump();
                    let name = self.slice(token.at.clone()).to_owned();
                    if name.starts_with('$') {
                        let key = self.name(token.at);
                        let what = What::Item(Box::new(value), Box::new(key));
                        value = Expression { at: start..self.at, what };
                        continue;
                    }
                    value = self.member(value, name, token.at, is_module);
                }
                _ => return value,
            }
        }
        self.is_cut = true;
        value
    }

    fn is_member(&mut self) -> bool {
        let at = self.peek().at.end;
        let is_variable = self.language() == Program::PowerShell;
        let rest = self.slice(at..self.lexer.end);
        rest.starts_with(|first: char| {
            first.is_alphabetic() || first == '_' || is_variable && first == '$'
        })
    }

    fn member(&mut self, value: Expression, name: String, at: At, is_module: bool) -> Expression {
        let start = value.at.start;
        let is_called = self.is("(") && !self.is_spaced();
        let mut arguments = Vec::new();
        if is_called {
            self.bump();
            arguments = self.list(")");
        }
        let whole = start..self.at;
        if KEEPING.contains(&name.as_str()) && arguments.is_empty() {
            return Expression { at: whole, ..value };
        }
        if WALKING.contains(&name.as_str()) && arguments.is_empty() {
            return Expression { at: whole, what: What::Call(name, vec![value]) };
        }
        if is_called && name == "format" {
            return filled(value, Expression { at: whole, what: What::List(arguments) });
        }
        if is_called && TAKING.contains(&name.as_str()) && !arguments.is_empty() {
            let mut keys = arguments.into_iter();
            let item = |value, key| Expression {
                at: whole.clone(),
                what: What::Item(Box::new(value), Box::new(key)),
            };
            let taken = keys.next().map(|key| (key, keys.next()));
            return match taken {
                Some((key, None)) => item(value, key),
                Some((key, Some(next))) if name == "dig" => item(item(value, key), next),
                // Of a default, the key that is missing is not known.
                Some((key, Some(default))) => Expression {
                    at: whole.clone(),
                    what: What::Call("fetch".to_owned(), vec![item(value, key), default]),
                },
                None => value,
            };
        }
        if is_called {
            let is_plain = matches!(value.what, What::Name(_) | What::Unknown);
            let is_split = name == "split" && arguments.is_empty();
            let receiver = (!is_plain || is_split).then(|| {
                if is_split {
                    value
                } else {
                    Expression {
                        at: value.at.clone(),
                        what: What::Call(RECEIVER.to_owned(), vec![value]),
                    }
                }
            });
            arguments.extend(receiver);
            return Expression { at: whole, what: What::Call(name, arguments) };
        }
        match value.what {
            // Attributes are names with dots; those of a map its items.
            What::Name(outer) if is_module || self.language() != Program::PowerShell => {
                Expression { at: whole, what: What::Name(format!("{outer}.{name}")) }
            }
            _ => {
                let key = Expression::text(name, at);
                Expression { at: whole, what: What::Item(Box::new(value), Box::new(key)) }
            }
        }
    }
}

impl Expression {
    fn what_is_block(&self) -> bool {
        matches!(self.what, What::Block(_))
    }
}

fn is_operator(word: &str) -> bool {
    matches!(
        word,
        "-" | "*"
            | "/"
            | "%"
            | "//"
            | "**"
            | "<"
            | ">"
            | "<="
            | ">="
            | "!="
            | "&&"
            | "||"
            | "|"
            | "and"
            | "or"
            | "is"
            | "not"
            | "in"
            | "??"
    ) || word.starts_with('-') && word.len() > 1
}
