//! Expressions: texts, names, maps and their items, calls, comparisons.
//!
//! Sources: *The Python Language Reference*, *Expressions*; the Ruby documentation, *Syntax*; Microsoft's PowerShell documentation,
//! *about_Operators*, *about_Hash_Tables*. An operator that is not followed makes a value unknown; what it calls is called all the same.

use super::Program;
use super::lexer::Kind;
use super::parser::Parser;
use super::tree::{Expression, Part, Test, What};

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
        loop {
            let word = self.word().to_owned();
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

    fn name(&mut self, at: super::tree::At) -> Expression {
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
                    value = match is_item {
                        true => Expression { at, what: What::Item(Box::new(value), Box::new(key)) },
                        false => Expression::unknown(at),
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

    fn member(
        &mut self,
        value: Expression,
        name: String,
        at: super::tree::At,
        is_module: bool,
    ) -> Expression {
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
            let receiver = (!is_plain || is_split).then(|| match is_split {
                true => value,
                // What is called is none of what it is given.
                false => Expression {
                    at: value.at.clone(),
                    what: What::Call(RECEIVER.to_owned(), vec![value]),
                },
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

    /// What stands in brackets: one thing, or a list.
    fn bracket(&mut self, start: usize, close: &str) -> Expression {
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
    fn map(&mut self, start: usize) -> Expression {
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

impl Expression {
    fn what_is_block(&self) -> bool {
        matches!(self.what, What::Block(_))
    }
}

/// A name before a value is a key: `env: 'x'`, `shell=True`.
fn named_key(key: Expression) -> Expression {
    match key.what {
        What::Name(name) => Expression::text(name, key.at),
        _ => key,
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

fn parts_of(value: Expression) -> Vec<Part> {
    match value.what {
        What::Text(parts) => parts,
        _ => vec![Part::Hole(value)],
    }
}

fn joined(left: Expression, right: Expression) -> Expression {
    let at = left.at.start..right.at.end.max(left.at.start);
    if !matches!(left.what, What::Text(_)) && !matches!(right.what, What::Text(_)) {
        return match (left.what, right.what) {
            (What::List(mut items), What::List(more)) => {
                items.extend(more);
                Expression { at, what: What::List(items) }
            }
            _ => Expression::unknown(at),
        };
    }
    let mut parts = parts_of(left);
    parts.extend(parts_of(right));
    Expression { at, what: What::Text(parts) }
}

fn compared(left: &Expression, right: &Expression, start: usize) -> Expression {
    let at = start..right.at.end.max(start);
    let word = match (left.plain(), right.plain()) {
        (None, Some(word)) => Some((word, right.at.clone())),
        (Some(word), None) => Some((word, left.at.clone())),
        _ => None,
    };
    let test = word.map_or(Test::Unknown, |word| Test::Words(vec![word]));
    Expression { at, what: What::Test(test) }
}

/// `env in ('production', 'live')`.
fn among(list: &Expression, start: usize) -> Expression {
    let at = start..list.at.end.max(start);
    let words = match &list.what {
        What::List(items) => items
            .iter()
            .map(|item| Some((item.plain()?, item.at.clone())))
            .collect::<Option<Vec<_>>>(),
        _ => None,
    };
    Expression { at, what: What::Test(words.map_or(Test::Unknown, Test::Words)) }
}

fn choice(
    test: Expression,
    first: Expression,
    second: Expression,
    at: super::tree::At,
) -> Expression {
    let test = if let What::Test(test) = test.what { test } else { Test::Unknown };
    Expression { at, what: What::Choice(test, Box::new(first), Box::new(second)) }
}

/// A text with its marks filled: `'… %s' % x`, `'… {}'.format(x)`, `'… {0}' -f $x`.
fn filled(text: Expression, given: Expression) -> Expression {
    let at = text.at.start..given.at.end.max(text.at.start);
    let given = match given.what {
        What::List(items) => items,
        _ => vec![given],
    };
    let What::Text(parts) = text.what else {
        return Expression { at, what: What::Call(String::new(), given) };
    };
    let mut filled = Vec::new();
    let mut next = 0;
    for part in parts {
        let Part::Plain(text, place) = part else {
            filled.push(part);
            continue;
        };
        let mut done = 0;
        while let Some((from, to, key)) = mark(&text, done) {
            let exact = |from: usize, to: usize| {
                if text.len() == place.len() {
                    place.start + from..place.start + to
                } else {
                    place.clone()
                }
            };
            let before = text.get(done..from).unwrap_or_default();
            filled.push(Part::Plain(before.to_owned(), exact(done, from)));
            let value = match key {
                "" => {
                    next += 1;
                    given.get(next - 1)
                }
                key => match key.parse::<usize>() {
                    Ok(number) => given.get(number),
                    Err(_) => given.iter().find_map(|one| match &one.what {
                        What::Map(entries) => entries
                            .iter()
                            .find(|(name, _)| name.plain().as_deref() == Some(key))
                            .map(|(_, value)| value),
                        _ => None,
                    }),
                },
            };
            let hole = exact(from, to);
            let value = value.cloned().unwrap_or_else(|| Expression::unknown(hole.clone()));
            filled.push(Part::Hole(Expression { at: hole, ..value }));
            done = to;
        }
        let rest = text.get(done..).unwrap_or_default().to_owned();
        let place = if text.len() == place.len() { place.start + done..place.end } else { place };
        filled.push(Part::Plain(rest, place));
    }
    Expression { at, what: What::Text(filled) }
}

/// The next mark that a value is put in for, and its name.
fn mark(text: &str, from: usize) -> Option<(usize, usize, &str)> {
    let rest = text.get(from..)?;
    let percent = rest.match_indices('%').find_map(|(at, _)| {
        let behind = rest.get(at + 1..)?;
        let name = behind.strip_prefix('(').and_then(|name| name.split_once(")s"));
        match name {
            Some((name, _)) => Some((from + at, from + at + name.len() + 4, name)),
            None => behind.starts_with('s').then_some((from + at, from + at + 2, "")),
        }
    });
    let brace = rest.match_indices('{').find_map(|(at, _)| {
        let inner = rest.get(at + 1..)?;
        let end = inner.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
        let is_closed = inner.get(end..)?.starts_with('}');
        is_closed.then(|| (from + at, from + at + end + 2, inner.get(..end).unwrap_or_default()))
    });
    match (percent, brace) {
        (Some(one), Some(other)) => Some(if one.0 < other.0 { one } else { other }),
        (one, other) => one.or(other),
    }
}
