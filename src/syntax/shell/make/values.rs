//! What the variables of a makefile hold, and what an expansion comes to.
//!
//! What is not known before make runs is an input: a variable that nothing assigns, or that the environment may. Source: the GNU Make manual,
//! *How to Use Variables*, *Functions for Transforming Text*.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::functions;
use crate::source::{Location, SourceId};
use crate::syntax::shell::runs::conditions::{Binding, Compared, is_name};
use crate::syntax::shell::runs::symbol::Piece;

/// A text as it is written.
#[derive(Clone, Debug)]
pub struct Raw<'a> {
    pub id: SourceId,
    pub start: usize,
    pub text: &'a str,
    /// What the definition that it stands in was called with.
    pub arguments: Option<Rc<Vec<Value>>>,
    /// Whether it was expanded once: `$$(NAME)` is an expansion, too.
    pub is_doubled: bool,
}

impl<'a> Raw<'a> {
    /// A part of it.
    pub fn part(&self, range: Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or_default();
        Self { start: self.start + range.start, text, ..self.clone() }
    }

    /// A part that was cut out of its text.
    pub fn within(&self, part: &'a str) -> Self {
        let at = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.part(at..at + part.len())
    }

    /// Where it stands.
    pub fn at(&self) -> Location {
        Location::new(self.id, self.start, self.start + self.text.len())
    }
}

/// What an expansion comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub pieces: Vec<Piece>,
    /// Where it is written as it is.
    pub at: Option<Location>,
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Text(text.into())], at: None }
    }

    pub fn input(name: &str) -> Self {
        Self { pieces: vec![Piece::Input(name.to_owned())], at: None }
    }

    /// Its text, where all of it is known.
    pub fn known(&self) -> Option<String> {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Input(_) => None,
        };
        self.pieces.iter().map(text).collect()
    }
}

/// What a variable holds.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    pub held: Held<'a>,
    /// Whether what make is given does not replace it.
    pub is_firm: bool,
}

#[derive(Clone, Debug)]
pub enum Held<'a> {
    /// Texts that are expanded where it is used, with blanks between them.
    Recursive(Vec<Raw<'a>>),
    Simple(Value),
    /// What the environment may replace.
    Default,
    Unknown,
}

/// What is known where a text is expanded.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// The variables of a target, and those it has from what depends on it.
    pub own: BTreeMap<String, Variable<'a>>,
    /// `$@`, `$*`, the variable of a `foreach`.
    pub locals: BTreeMap<String, Value>,
    /// Whether what is expanded is compared: what a makefile merely begins with counts as given.
    pub is_asked: bool,
    /// Whether the words of this run are left out.
    pub is_alone: bool,
    /// How deep the expansion stands in others.
    pub depth: usize,
}

/// The variables of a makefile.
#[derive(Debug, Default)]
pub struct Scope<'a> {
    pub variables: BTreeMap<String, Variable<'a>>,
    /// What make is given on its command line.
    pub given: BTreeMap<String, Value>,
    /// What whoever runs make exports.
    pub environment: BTreeMap<String, Value>,
    /// The words of this run.
    pub words: Binding,
    pub compared: RefCell<Compared>,
    pub spent: Cell<usize>,
}

/// How deep expansions stand in each other.
const MAX_DEPTH: usize = 24;

/// How much one makefile may expand to.
const MAX_SPENT: usize = 4 << 20;

/// How long one value may be.
const MAX_BYTES: usize = 16 << 10;

impl<'a> Scope<'a> {
    /// Whether too much was expanded for the rest to be told.
    pub fn is_spent(&self) -> bool {
        self.spent.get() > MAX_SPENT
    }

    /// What a text comes to; none where only running make would tell.
    pub fn expand(&self, raw: &Raw<'a>, context: &Context<'a>) -> Option<Value> {
        self.spent.set(self.spent.get() + raw.text.len() + 16);
        if context.depth > MAX_DEPTH || self.is_spent() {
            return None;
        }
        let context = &Context { depth: context.depth + 1, ..context.clone() };
        let mut parts: Vec<Value> = Vec::new();
        let mut from = 0;
        while let Some(at) = raw.text.get(from..)?.find('$').map(|at| from + at) {
            if at > from {
                parts.push(self.literal(&raw.part(from..at)));
            }
            let mut rest = raw.text.get(at + 1..)?;
            let mut start = at + 1;
            if let Some(behind) = rest.strip_prefix('$') {
                let is_late = raw.is_doubled && !behind.starts_with('$');
                if !is_late {
                    parts.push(Value::text("$"));
                    from = start + if raw.is_doubled { 3 } else { 1 };
                    continue;
                }
                rest = behind;
                start += 1;
            }
            let inner = inner(rest)?;
            let length = inner.end + usize::from(inner.start > 0);
            parts.push(self.reference(&raw.part(start + inner.start..start + inner.end), context)?);
            from = start + length;
        }
        if from < raw.text.len() {
            parts.push(self.literal(&raw.part(from..raw.text.len())));
        }
        joined(parts)
    }

    /// A text without expansions. Lines that a backslash joins are one.
    fn literal(&self, raw: &Raw<'a>) -> Value {
        if raw.text.contains("\\\n") {
            let words: Vec<&str> = raw.text.split("\\\n").map(str::trim).collect();
            return Value::text(words.join(" "));
        }
        Value { pieces: vec![Piece::Text(raw.text.to_owned())], at: Some(raw.at()) }
    }

    /// What stands between the parentheses of an expansion.
    pub fn reference(&self, raw: &Raw<'a>, context: &Context<'a>) -> Option<Value> {
        if let Some(value) = functions::function(self, raw, context) {
            return value;
        }
        if let Some(colon) = raw.text.find(':').filter(|_| !raw.text.contains('$'))
            && let Some((from, to)) = raw.text.get(colon + 1..)?.split_once('=')
        {
            let value = self.get(&raw.part(0..colon), context)?.known()?;
            let (from, to) = match from.contains('%') {
                true => (from.to_owned(), to.to_owned()),
                false => (format!("%{from}"), format!("%{to}")),
            };
            return Some(Value::text(functions::substituted(&from, &to, &value)));
        }
        self.get(raw, context)
    }

    /// What the variable holds whose name is written.
    fn get(&self, written: &Raw<'a>, context: &Context<'a>) -> Option<Value> {
        let is_computed = written.text.contains('$');
        if !is_computed {
            return self.lookup(written.text, written, context);
        }
        let is_asked = written.text.matches('$').count() == 1;
        let asking = Context { is_asked, ..context.clone() };
        let name = self.expand(written, &asking)?;
        match name.known() {
            Some(name) => self.lookup(&name, written, context),
            None => {
                let mut compared = self.compared.borrow_mut();
                let symbol = Some(name.pieces);
                let own = context.own.keys();
                for known in self.variables.keys().chain(own) {
                    self.spent.set(self.spent.get() + 16);
                    compared.is(&symbol, known, written.text);
                }
                None
            }
        }
    }

    /// What a variable holds.
    pub fn lookup(&self, name: &str, raw: &Raw<'a>, context: &Context<'a>) -> Option<Value> {
        let argument = || raw.arguments.as_ref()?.get(name.parse::<usize>().ok()?).cloned();
        if let Some(value) = context.locals.get(name).cloned().or_else(argument) {
            return Some(value);
        }
        if raw.arguments.is_some() && name.parse::<u8>().is_ok() {
            return Some(Value::text(""));
        }
        let own = context.own.get(name);
        let of_all = self.variables.get(name);
        let is_firm = own.or(of_all).is_some_and(|variable| variable.is_firm);
        if let Some(value) = self.given.get(name).filter(|_| !is_firm) {
            return Some(value.clone());
        }
        if let Some(word) =
            self.words.get(name).filter(|_| own.is_none() && !is_firm && !context.is_alone)
        {
            return Some(Value::text(word.as_str()));
        }
        if name == "MAKE" {
            return Some(Value::text("make"));
        }
        let outer = || self.environment.get(name).cloned().unwrap_or_else(|| Value::input(name));
        let Some(variable) = own.or(of_all) else { return Some(outer()) };
        let value = match &variable.held {
            Held::Recursive(texts) => {
                let mut parts: Vec<Value> = Vec::new();
                for text in texts {
                    if !parts.is_empty() {
                        parts.push(Value::text(" "));
                    }
                    // The arguments of a call stand in for those of the definition that it calls.
                    let mut text = text.clone();
                    if text.arguments.is_none() {
                        text.arguments.clone_from(&raw.arguments);
                    }
                    parts.push(self.expand(&text, context)?);
                }
                joined(parts)?
            }
            Held::Simple(value) => value.clone(),
            Held::Default => return Some(outer()),
            Held::Unknown => return None,
        };
        let is_begun = context.is_asked && own.is_none() && !variable.is_firm && value.at.is_some();
        if is_begun && value.known().is_some_and(|word| is_name(&word)) {
            return Some(Value::input(name));
        }
        Some(value)
    }
}

/// Values one after the other; none where they are too long.
pub fn joined(parts: Vec<Value>) -> Option<Value> {
    if let [one] = parts.as_slice() {
        return Some(one.clone());
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut length = 0;
    for piece in parts.into_iter().flat_map(|part| part.pieces) {
        match (piece, pieces.last_mut()) {
            (Piece::Text(text), Some(Piece::Text(before))) => {
                length += text.len();
                before.push_str(&text);
            }
            (piece, _) => pieces.push(piece),
        }
        if length > MAX_BYTES || pieces.len() > 64 {
            return None;
        }
    }
    if pieces.is_empty() {
        pieces.push(Piece::Text(String::new()));
    }
    Some(Value { pieces, at: None })
}

/// Where the inside of an expansion stands in what follows its dollar.
pub fn inner(rest: &str) -> Option<Range<usize>> {
    let close = match rest.chars().next()? {
        '(' => ')',
        '{' => '}',
        letter => return Some(0..letter.len_utf8()),
    };
    let open = rest.chars().next()?;
    let mut depth = 0_usize;
    for (at, letter) in rest.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
            if depth == 0 {
                return Some(1..at);
            }
        }
    }
    None
}
