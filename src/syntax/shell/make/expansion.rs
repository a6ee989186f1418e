//! What an expansion comes to: variables, and the functions that it calls.
//!
//! Source: the GNU Make manual, *How to Use Variables*, *Functions for Transforming Text*.

use std::rc::Rc;

use super::functions::{FUNCTIONS, each, is_empty, matched, substituted, words};
use super::statements::split;
use super::values::{Context, Held, Raw, Scope, Value, inner, joined};
use crate::syntax::shell::runs::names::is_name;
use crate::syntax::shell::runs::symbol::Piece;

/// How deep expansions stand in each other.
const MAX_DEPTH: usize = 24;

/// How much one makefile may expand to.
const MAX_SPENT: usize = 4 << 20;

/// A text without expansions. Lines that a backslash joins are one.
fn literal(raw: &Raw<'_>) -> Value {
    if raw.text.contains("\\\n") {
        let words: Vec<&str> = raw.text.split("\\\n").map(str::trim).collect();
        return Value::text(words.join(" "));
    }
    Value { pieces: vec![Piece::Text(raw.text.to_owned())], at: Some(raw.at()) }
}

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
                parts.push(literal(&raw.part(from..at)));
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
            parts.push(literal(&raw.part(from..raw.text.len())));
        }
        joined(parts)
    }

    /// What stands between the parentheses of an expansion.
    pub fn reference(&self, raw: &Raw<'a>, context: &Context<'a>) -> Option<Value> {
        if let Ok(value) = function(self, raw, context) {
            return value;
        }
        if let Some(colon) = raw.text.find(':').filter(|_| !raw.text.contains('$'))
            && let Some((from, to)) = raw.text.get(colon + 1..)?.split_once('=')
        {
            let value = self.get(&raw.part(0..colon), context)?.known()?;
            let (from, to) = if from.contains('%') {
                (from.to_owned(), to.to_owned())
            } else {
                (format!("%{from}"), format!("%{to}"))
            };
            return Some(Value::text(substituted(&from, &to, &value)));
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
        if let Some(name) = name.known() {
            return self.lookup(&name, written, context);
        }
        let mut compared = self.compared.borrow_mut();
        let symbol = Some(name.pieces);
        let own = context.own.keys();
        for known in self.variables.keys().chain(own) {
            self.spent.set(self.spent.get() + 16);
            compared.is(&symbol, known, written.text);
        }
        None
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

/// What a function says, unknown where only running make would tell; an error where the text calls none.
pub fn function<'a>(
    scope: &Scope<'a>,
    raw: &Raw<'a>,
    context: &Context<'a>,
) -> Result<Option<Value>, NoFunction> {
    let (name, rest) = raw.text.split_once([' ', '\t']).ok_or(NoFunction)?;
    if !FUNCTIONS.contains(&name) && !matches!(name, "word" | "wordlist" | "words") {
        return Err(NoFunction);
    }
    let inside: Vec<Raw<'a>> =
        split(rest.trim_start(), ',').into_iter().map(|part| raw.within(part)).collect();
    Ok(called(scope, name, &inside, context))
}

/// A text that calls no function.
pub struct NoFunction;

fn called<'a>(
    scope: &Scope<'a>,
    name: &str,
    inside: &[Raw<'a>],
    context: &Context<'a>,
) -> Option<Value> {
    let expand = |at: usize| inside.get(at).and_then(|raw| scope.expand(raw, context));
    let known = |at: usize| expand(at)?.known();
    let trimmed = |at: usize| {
        let raw = inside.get(at)?;
        scope.expand(&raw.within(raw.text.trim()), context)
    };
    match name {
        "if" => {
            let asked = Context { is_asked: true, ..context.clone() };
            let raw = inside.first()?;
            let test = scope.expand(&raw.within(raw.text.trim()), &asked)?;
            match is_empty(&test)? {
                false => expand(1),
                true if inside.len() > 2 => expand(2),
                true => Some(Value::text("")),
            }
        }
        "or" => {
            for at in 0..inside.len() {
                let value = trimmed(at)?;
                if is_empty(&value) != Some(true) {
                    return Some(value);
                }
            }
            Some(Value::text(""))
        }
        "and" => {
            let mut last = Value::text("");
            for at in 0..inside.len() {
                last = trimmed(at)?;
                if is_empty(&last)? {
                    break;
                }
            }
            Some(last)
        }
        "filter" | "filter-out" => filter(scope, inside, name == "filter", context),
        "strip" => Some(Value::text(words(&known(0)?).join(" "))).or_else(|| trimmed(0)),
        "firstword" => Some(Value::text(*words(&known(0)?).first().unwrap_or(&""))),
        "lastword" => Some(Value::text(*words(&known(0)?).last().unwrap_or(&""))),
        "word" => {
            let number: usize = known(0)?.trim().parse().ok()?;
            let text = known(1)?;
            Some(Value::text(*words(&text).get(number.checked_sub(1)?).unwrap_or(&"")))
        }
        "subst" => Some(Value::text(known(2)?.replace(&known(0)?, &known(1)?))),
        "patsubst" => Some(Value::text(substituted(&known(0)?, &known(1)?, &known(2)?))),
        "addprefix" => Some(Value::text(each(&known(1)?, &format!("{}%", known(0)?)))),
        "addsuffix" => Some(Value::text(each(&known(1)?, &format!("%{}", known(0)?)))),
        "findstring" => {
            let word = known(0)?;
            let is_in = known(1)?.contains(&word);
            Some(Value::text(if is_in { word } else { String::new() }))
        }
        "call" => {
            let name = known(0)?;
            let arguments: Option<Vec<Value>> = (0..inside.len()).map(expand).collect();
            let mut raw = inside.first()?.clone();
            raw.arguments = Some(Rc::new(arguments?));
            scope.lookup(name.trim(), &raw, context)
        }
        "foreach" => {
            let (name, list) = (known(0)?, known(1)?);
            let mut parts = Vec::new();
            for word in words(&list) {
                let mut context = context.clone();
                context.locals.insert(name.trim().to_owned(), Value::text(word));
                if !parts.is_empty() {
                    parts.push(Value::text(" "));
                }
                parts.push(scope.expand(inside.get(2)?, &context)?);
            }
            joined(parts)
        }
        // What a program says may be compared, as what is given.
        "shell" => match scope.words.get(inside.first()?.text.trim()) {
            Some(word) => Some(Value::text(word.as_str())),
            None => Some(Value::input(inside.first()?.text.trim())),
        },
        "info" | "warning" => Some(Value::text("")),
        "value" => match &scope.variables.get(known(0)?.trim())?.held {
            Held::Recursive(texts) => match texts.as_slice() {
                [one] => Some(Value::text(one.text)).filter(|_| !one.text.contains('$')),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The words of a list that patterns match, or do not match; what is given is compared with the words.
fn filter<'a>(
    scope: &Scope<'a>,
    inside: &[Raw<'a>],
    keeps: bool,
    context: &Context<'a>,
) -> Option<Value> {
    let context = &Context { is_asked: true, ..context.clone() };
    let [patterns, list] = inside else { return None };
    let trimmed = |raw: &Raw<'a>| scope.expand(&raw.within(raw.text.trim()), context);
    let (patterns, list) = (trimmed(patterns)?, trimmed(list)?);
    match (patterns.known(), list.known()) {
        (Some(patterns), Some(list)) => {
            let patterns = words(&patterns);
            let is_kept = |word: &&str| {
                patterns.iter().any(|pattern| matched(pattern, word).is_some()) == keeps
            };
            let kept: Vec<&str> = words(&list).into_iter().filter(is_kept).collect();
            Some(Value::text(kept.join(" ")))
        }
        (Some(of), None) => asked(scope, &of, &list, &list, keeps),
        (None, Some(of)) => asked(scope, &of, &patterns, &Value::text(of.as_str()), keeps),
        (None, None) => None,
    }
}

/// Compares what is given with each of some words; says what is left where it is none of them.
fn asked(scope: &Scope<'_>, of: &str, given: &Value, all: &Value, keeps: bool) -> Option<Value> {
    let mut compared = scope.compared.borrow_mut();
    let symbol = Some(given.pieces.clone());
    let mut is_none = true;
    for word in words(of) {
        is_none &= compared.is(&symbol, word, word) == Some(false) && !word.contains('%');
    }
    is_none.then(|| if keeps { Value::text("") } else { all.clone() })
}
