//! The functions of make whose answers can be told.
//!
//! Source: the GNU Make manual, *Functions for Transforming Text*. What a function says of the machine, or does to it, is not known.

use std::rc::Rc;

use super::statements::split;
use super::values::{Context, Held, Raw, Scope, Value, joined};
use crate::syntax::shell::runs::symbol::Piece;

/// All functions that make has: a variable has none of these names before a blank.
const FUNCTIONS: [&str; 36] = [
    "abspath",
    "addprefix",
    "addsuffix",
    "and",
    "basename",
    "call",
    "dir",
    "error",
    "eval",
    "file",
    "filter",
    "filter-out",
    "findstring",
    "firstword",
    "flavor",
    "foreach",
    "guile",
    "if",
    "info",
    "intcmp",
    "join",
    "lastword",
    "let",
    "notdir",
    "or",
    "origin",
    "patsubst",
    "realpath",
    "shell",
    "sort",
    "strip",
    "subst",
    "suffix",
    "value",
    "warning",
    "wildcard",
];

/// What a function says; none where the text calls none.
pub fn function<'a>(
    scope: &Scope<'a>,
    raw: &Raw<'a>,
    context: &Context<'a>,
) -> Option<Option<Value>> {
    let (name, rest) = raw.text.split_once([' ', '\t'])?;
    if !FUNCTIONS.contains(&name) && !matches!(name, "word" | "wordlist" | "words") {
        return None;
    }
    let inside: Vec<Raw<'a>> =
        split(rest.trim_start(), ',').into_iter().map(|part| raw.within(part)).collect();
    Some(called(scope, name, &inside, context))
}

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

/// Whether a value is empty, where that is known.
pub fn is_empty(value: &Value) -> Option<bool> {
    let is_text = |piece: &Piece| matches!(piece, Piece::Text(text) if !text.trim().is_empty());
    match value.known() {
        Some(text) => Some(text.trim().is_empty()),
        None if value.pieces.iter().any(is_text) => Some(false),
        None => None,
    }
}

pub fn words(text: &str) -> Vec<&str> {
    text.split_ascii_whitespace().collect()
}

/// The stem of a word that a pattern matches.
pub fn matched<'t>(pattern: &str, word: &'t str) -> Option<&'t str> {
    match pattern.split_once('%') {
        Some((before, behind)) => word.strip_prefix(before)?.strip_suffix(behind),
        None => (pattern == word).then_some(""),
    }
}

/// Each word that a pattern matches, by another pattern.
pub fn substituted(from: &str, to: &str, text: &str) -> String {
    let word = |word: &str| match matched(from, word) {
        Some(stem) => to.replacen('%', stem, 1),
        None => word.to_owned(),
    };
    words(text).into_iter().map(word).collect::<Vec<_>>().join(" ")
}

fn each(text: &str, pattern: &str) -> String {
    substituted("%", pattern, text)
}
