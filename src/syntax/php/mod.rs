//! PHP files that return configuration: `env.php`, `config.php` and what is written like them.
//!
//! Every `return` at top level, or inside an `if` or `try` there, whose value is an array or a literal is a document: the last one first,
//! because it is what the file returns when nothing returned before. Arrays assigned to a variable that is returned later count, with what
//! is added to them afterwards; what is assigned to `$_ENV` and `$_SERVER`, or given to `putenv`, is a document behind them. No code is run: what only running could
//! tell is an expression. A class or a script yields no other document and no problem, however strange it is.

mod arrays;
mod code;
mod hosts;
mod lexer;
mod literals;
mod parser;
mod strings;
mod values;
mod variables;

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, Node, NodeKind, Parsed, file_name, stem_of_sample};
use crate::source::{Location, SourceId};
use lexer::{Kind, Lexer};
use parser::{Parser, Variable};
use variables::Merge;

/// PHP configuration files.
pub struct Php;

/// Suffixes behind `.php.` that name another format rather than an environment.
const OTHER_FORMATS: &[&str] =
    &["env", "html", "ini", "json", "lock", "md", "sh", "sql", "toml", "xml", "yaml", "yml"];

impl Format for Php {
    fn name(&self) -> &'static str {
        "PHP"
    }

    fn claims(&self, path: &str) -> bool {
        let name = file_name(stem_of_sample(path)).to_ascii_lowercase();
        let mut parts = name.rsplit('.');
        let (last, before) = (parts.next().unwrap_or_default(), parts.next());
        if last == "php" {
            return before.is_some_and(|stem| !stem.is_empty());
        }
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let is_environment = !last.is_empty() && last.bytes().all(is_word);
        before == Some("php")
            && parts.next().is_some_and(|stem| !stem.is_empty())
            && is_environment
            && !OTHER_FORMATS.contains(&last)
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::PHP, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let tagged = Lexer::has_tag(text);
        let mut parser = Parser::new(id, text, tagged);
        if !tagged {
            parser.problem(0, 0, "opening tag `<?php` is missing");
        }
        let mut file = File { parser, documents: Vec::new(), put: Vec::new(), refused: None };
        file.statements();
        let File { mut parser, mut documents, put, refused } = file;
        if let Some((start, end)) = refused {
            parser.problem(start, end, code::BRACE);
        }
        let is_array = |node: &Node| !matches!(node.kind, NodeKind::Scalar(_) | NodeKind::Null);
        // Without a tag a brace is a script's in a page: `return { … }`.
        let is_broken = parser.broken && (tagged || refused.is_none());
        let is_configuration = is_broken || documents.iter().any(is_array);
        if !tagged && !is_configuration {
            return Parsed::default();
        }
        if let Some(last) = documents.pop() {
            documents.insert(0, last);
        }
        let set = ENVIRONMENT.iter().filter_map(|name| parser.variables.remove(name));
        documents.extend(set.map(|variable| variable.node));
        documents.extend(put);
        Parsed {
            problems: if is_configuration { parser.into_problems() } else { Vec::new() },
            documents,
        }
    }
}

/// What a file sets in these goes to the process that reads it; what a branch decides is not known.
const ENVIRONMENT: [&str; 2] = ["$_ENV", "$_SERVER"];

/// The top level of a file.
struct File<'a> {
    parser: Parser<'a>,
    documents: Vec<Node>,
    /// The first of the braces where a value should start; what is wrong behind one follows from it.
    refused: Option<(usize, usize)>,
    /// What `putenv` is given: lists of `NAME=value`, or a name with a value that is not known.
    put: Vec<Node>,
}

impl File<'_> {
    fn statements(&mut self) {
        let mut before = Kind::Mark(b';');
        let mut blocks = 0_usize;
        // Whether the next brace opens the body of a function or class.
        let mut body = false;
        loop {
            let token = self.parser.token;
            let named = !matches!(before, Kind::Member | Kind::Access);
            match token.kind {
                Kind::Eof => return,
                Kind::Html => {
                    self.parser.bump();
                    // Behind what a file returns it is printed, and changes no value.
                    let is_behind = self.parser.token.kind == Kind::Eof;
                    if !is_behind || self.documents.is_empty() {
                        let what = "text outside the php tags";
                        self.parser.problem(token.start, token.end, what);
                    }
                }
                Kind::Word if named => {
                    let word = self.parser.word();
                    self.parser.bump();
                    let is = |names: &[&str]| names.iter().any(|n| word.eq_ignore_ascii_case(n));
                    if is(&["return"]) {
                        self.returned();
                        before = Kind::Mark(b'(');
                        continue;
                    }
                    if is(&["__halt_compiler"]) {
                        return;
                    }
                    if is(&["host"]) && starts_statement(before) {
                        self.host();
                    }
                    if is(&["putenv", "\\putenv"]) && self.parser.token.kind == Kind::Mark(b'(') {
                        self.put(blocks > 0);
                    }
                    if is(&["const"]) && blocks == 0 {
                        self.constant();
                    }
                    if is(&["define", "\\define"]) && self.parser.token.kind == Kind::Mark(b'(') {
                        self.defined(blocks > 0);
                    }
                    body =
                        body || is(&["function", "class", "interface", "trait", "enum", "match"]);
                }
                Kind::Mark(b'{') if body => {
                    body = false;
                    self.skip_body();
                }
                Kind::Mark(mark) => {
                    match mark {
                        b';' => body = false,
                        b'{' => blocks += 1,
                        b'}' => blocks = blocks.saturating_sub(1),
                        _ => {}
                    }
                    self.parser.bump();
                }
                Kind::Variable if starts_statement(before) => {
                    self.assignment(blocks > 0);
                    before = Kind::Variable;
                    continue;
                }
                _ => self.parser.bump(),
            }
            before = token.kind;
        }
    }

    /// Reads `NAME = 'text'` behind `const`.
    fn constant(&mut self) {
        let name = self.parser.word();
        self.parser.bump();
        if self.parser.token.kind != Kind::Mark(b'=') {
            return;
        }
        self.parser.bump();
        let mark = self.parser.problems.len();
        let value = self.parser.value();
        self.parser.problems.truncate(mark);
        if value.as_str().is_some() {
            self.parser.literals.give(name, value);
        }
    }

    /// Reads `'NAME', 'text'` behind `define(`.
    fn defined(&mut self, maybe: bool) {
        let mark = self.parser.problems.len();
        self.parser.bump();
        let name = self.parser.value();
        let span = name.at.span.range();
        if self.parser.token.kind == Kind::Mark(b',') {
            self.parser.bump();
            let value = self.parser.value();
            let name = self.parser.text.get(span).map(|name| name.trim_matches(['"', '\'']));
            if let (Some(name), Some(_), false) = (name, value.as_str(), maybe) {
                self.parser.literals.give(name, value);
            }
        }
        self.parser.problems.truncate(mark);
    }

    /// Reads what stands in the parentheses of `putenv`.
    fn put(&mut self, maybe: bool) {
        let mark = self.parser.problems.len();
        self.parser.bump();
        let value = self.parser.value();
        self.parser.problems.truncate(mark);
        let at = value.at;
        if value.as_str().is_some() && !maybe {
            self.put.push(Node::new(at, NodeKind::Sequence(vec![value])));
            return;
        }
        // `putenv('NAME=' . $value)`
        let written = self.parser.text.get(at.span.range()).unwrap_or_default();
        let name = written.split('=').next().filter(|name| name.len() < written.len());
        let Some(name) = name.and_then(|name| name.strip_prefix(['"', '\''])) else { return };
        let start = at.span.range().start + 1;
        let key = Location::new(at.source, start, start + name.len());
        let key = Node::new(key, NodeKind::Scalar(name.to_owned()));
        let value = Node::new(at, NodeKind::Expression);
        self.put.push(Node::new(at, NodeKind::Mapping(vec![Entry { key, value }])));
    }

    /// Skips a body in braces; what is wrong in it is none of ours.
    fn skip_body(&mut self) {
        let mark = self.parser.problems.len();
        let mut depth = 0_usize;
        loop {
            match self.parser.token.kind {
                Kind::Eof => break,
                Kind::Mark(b'{') => depth += 1,
                Kind::Mark(b'}') => depth -= 1,
                _ => {}
            }
            self.parser.bump();
            if depth == 0 {
                break;
            }
        }
        self.parser.problems.truncate(mark);
    }

    /// Reads what stands behind `return`.
    fn returned(&mut self) {
        if self.enters_closure() {
            return;
        }
        self.refuse_brace();
        let mark = self.parser.problems.len();
        let node = self.parser.statement_value();
        if matches!(node.kind, NodeKind::Expression) {
            if self.parser.unbalanced {
                self.parser.broken = true;
            } else {
                self.parser.problems.truncate(mark);
            }
        } else {
            self.documents.push(node);
        }
    }

    /// Says that a brace starts no value: what stands in it is read by nobody.
    fn refuse_brace(&mut self) {
        let token = self.parser.token;
        if token.kind == Kind::Mark(b'{') {
            self.parser.broken = true;
            self.refused = self.refused.or(Some((token.start, token.end)));
        }
    }

    /// Steps over `(function (…)` behind `return`, a closure called at once: its body is read like the top level.
    fn enters_closure(&mut self) -> bool {
        if self.parser.token.kind != Kind::Mark(b'(') {
            return false;
        }
        let mut ahead = self.parser.lexer;
        let mut word = ahead.next();
        if self.parser.slice(word).eq_ignore_ascii_case("static") {
            word = ahead.next();
        }
        let found = self.parser.slice(word).eq_ignore_ascii_case("function");
        while found && self.parser.last_end < word.end {
            self.parser.bump();
        }
        found
    }

    /// Reads `$name = …` and `$name['key'] = …`; leaves anything else where it stopped.
    fn assignment(&mut self, maybe: bool) {
        let name = self.parser.word();
        let start = self.parser.token.start;
        let mark = self.parser.problems.len();
        self.parser.bump();
        let Some(path) = self.parser.path() else {
            self.parser.problems.truncate(mark);
            return;
        };
        if self.parser.token.kind != Kind::Mark(b'=') {
            self.parser.problems.truncate(mark);
            return;
        }
        self.parser.literals.forget(name);
        self.parser.bump();
        self.refuse_brace();
        self.parser.base = path.len();
        let mut value = self.parser.statement_value();
        self.parser.base = 0;
        let found = self.parser.problems.split_off(mark.min(self.parser.problems.len()));
        let is_array = matches!(value.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_));
        let is_environment = ENVIRONMENT.contains(&name);
        if is_environment && maybe {
            value.kind = NodeKind::Expression;
        }
        if path.is_empty() && !maybe && value.as_str().is_some() {
            self.parser.literals.give(name, value.clone());
        }
        if !path.is_empty() {
            let end = value.at.span.range().end;
            let empty = self.parser.node(start, NodeKind::Sequence(Vec::new()));
            let variable = self
                .parser
                .variables
                .entry(name)
                .or_insert(Variable { node: empty, problems: Vec::new() });
            let (node, problems) = (&mut variable.node, &mut variable.problems);
            if is_environment {
                node.at = Location::new(node.at.source, node.at.span.range().start, end);
            }
            problems.extend(found);
            variables::insert(node, path, value, &mut self.parser.look_ups);
        } else if is_array {
            let old = self.parser.variables.remove(name).filter(|_| maybe);
            let variable = match old {
                // Which branch runs is unknown: both count, the later one last.
                Some(mut old) => {
                    let at = value.at;
                    old.node = Node::new(at, Merge::Replace.apply(vec![old.node, value]));
                    old.problems.extend(found);
                    old
                }
                None => Variable { node: value, problems: found },
            };
            self.parser.variables.insert(name, variable);
        } else if !maybe {
            self.parser.variables.remove(name);
        }
    }
}

fn starts_statement(before: Kind) -> bool {
    match before {
        Kind::Mark(mark) => matches!(mark, b';' | b'{' | b'}' | b')' | b':'),
        Kind::CloseTag | Kind::Html | Kind::Word => true,
        _ => false,
    }
}
