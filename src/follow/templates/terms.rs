//! What a pipeline of a template gives, as far as its own text tells: a place in what the chart is given, or a text.

use std::collections::BTreeMap;

use crate::follow::rename::ANY;

/// How many parentheses may stand within each other, and how many keys a value may lie deep.
const MOST_NESTED: usize = 32;

/// How many places one value may be taken from.
const MOST_PLACES: usize = 8;

/// What a term stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// What stands at these keys of what the chart is given: `Values`, `saas`, `dataSpace`; no key is all of it.
    At(Vec<String>),
    /// A text.
    Text(String),
    /// A map that the template itself makes.
    Dict(BTreeMap<String, Option<Term>>),
    /// The first of these that is not blank.
    First(Vec<Term>),
}

impl Term {
    /// What stands at a key of it.
    fn key(&self, key: &str) -> Option<Self> {
        match self {
            Self::At(path) if key == "AsMap" && path.len() == 1 => Some(self.clone()),
            Self::At(path) if path.len() >= MOST_NESTED => None,
            Self::At(path) => {
                Some(Self::At(path.iter().cloned().chain([key.to_owned()]).collect()))
            }
            Self::Dict(entries) => entries.get(key)?.clone(),
            Self::Text(_) | Self::First(_) => None,
        }
    }

    /// Whichever stands in it, where it is gone through.
    pub fn each(&self) -> Option<Self> {
        if matches!(self, Self::At(path) if !path.is_empty()) { self.key(ANY) } else { None }
    }

    /// The places that it can stand for, the first that gives something before the others. None where a text stands before a place.
    pub fn places(&self) -> Option<Vec<&[String]>> {
        match self {
            Self::At(path) => Some(vec![path.as_slice()]),
            Self::First(terms) => {
                let places: Option<Vec<_>> = terms.iter().map(Self::places).collect();
                Some(places?.concat())
            }
            Self::Text(_) | Self::Dict(_) => None,
        }
    }

    /// The first of some that gives something, as far as they are places; a text behind them is put where none does.
    pub fn first(terms: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let mut places: Vec<Self> = Vec::new();
        for term in terms {
            match term? {
                Self::Text(_) => {}
                Self::First(more) => places.extend(more),
                place => places.push(place),
            }
        }
        places.dedup();
        if places.len() > MOST_PLACES { None } else { one(places) }
    }
}

/// The only one of some terms, or the first of them.
fn one(mut terms: Vec<Term>) -> Option<Term> {
    if terms.len() > 1 { Some(Term::First(terms)) } else { terms.pop() }
}

/// What is known at a place: what `.`, `$` and the variables are.
#[derive(Clone)]
pub struct Scope {
    pub dot: Option<Term>,
    root: Option<Term>,
    variables: BTreeMap<String, Option<Term>>,
}

impl Scope {
    /// Outside of every block.
    pub fn at_root() -> Self {
        Self::given(Some(Term::At(Vec::new())))
    }

    /// In a named template that is given something.
    pub fn given(term: Option<Term>) -> Self {
        Self { dot: term.clone(), root: term, variables: BTreeMap::new() }
    }

    pub fn declare(&mut self, variable: Option<&str>, value: Option<Term>) {
        if let Some(name) = variable {
            self.variables.insert(name.to_owned(), value);
        }
    }

    pub fn assign(&mut self, variable: &str, value: Option<Term>) {
        if let Some(known) = self.variables.get_mut(variable) {
            *known = value;
        }
    }

    /// Ends a block, behind which all is as before but for variables that were assigned in it.
    pub fn leave(&mut self, mut before: Self) {
        for (name, value) in &mut before.variables {
            if self.variables.get(name).is_some_and(|now| now != value) {
                *value = None;
            }
        }
        *self = before;
    }
}

/// The functions that keep the value they are given last.
const KEEPING: [&str; 13] = [
    "quote",
    "squote",
    "toString",
    "trim",
    "b64enc",
    "toJson",
    "toYaml",
    "toRawJson",
    "nindent",
    "indent",
    "required",
    "tpl",
    "printf",
];

/// What a named template puts out, by its name and what it is given.
type Include<'i> = dyn Fn(&str, Option<Term>) -> Option<Term> + 'i;

/// What a pipeline gives: each command is given what the one before gave.
pub fn value(pipeline: &str, scope: &Scope, include: &Include<'_>) -> Option<Term> {
    if is_deep(pipeline) {
        return None;
    }
    let mut before: Option<Term> = None;
    for (index, command) in split(pipeline, '|')?.into_iter().enumerate() {
        let mut words = split(command, ' ')?;
        words.retain(|word| !word.is_empty());
        before = Some(call(&words, scope, before.filter(|_| index > 0), include)?);
    }
    before
}

/// Whether more parentheses stand within each other than anybody writes.
fn is_deep(pipeline: &str) -> bool {
    let mut depth = 0_usize;
    pipeline.bytes().any(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MOST_NESTED
    })
}

/// What a command gives, with what the one before it gave as its last argument.
fn call(words: &[&str], scope: &Scope, last: Option<Term>, include: &Include<'_>) -> Option<Term> {
    let (first, rest) = words.split_first()?;
    let of = |word: &&str| term(word, scope, include);
    if rest.is_empty() && last.is_none() {
        return of(first);
    }
    let mut given: Vec<Option<Term>> = rest.iter().map(of).collect();
    given.extend(last.map(Some));
    let text = |term: &Option<Term>| match term {
        Some(Term::Text(text)) => Some(text.clone()),
        _ => None,
    };
    match *first {
        "index" | "get" => {
            let (map, keys) = given.split_first()?;
            keys.iter().try_fold(map.clone()?, |map, key| map.key(&text(key)?))
        }
        "dig" => {
            let (map, keys) = given.split_last()?;
            let (otherwise, keys) = keys.split_last()?;
            text(otherwise)?;
            keys.iter().try_fold(map.clone()?, |map, key| map.key(&text(key)?))
        }
        "dict" => {
            let entries = given.chunks_exact(2).map(|pair| match pair {
                [key, value] => Some((text(key)?, value.clone())),
                _ => None,
            });
            Some(Term::Dict(entries.collect::<Option<_>>()?))
        }
        "include" => {
            let [name, context] = given.as_slice() else { return None };
            include(&text(name)?, context.clone())
        }
        "tpl" => given.first()?.clone(),
        "printf" => match given.as_slice() {
            [format, value] if matches!(text(format)?.as_str(), "%s" | "%v") => value.clone(),
            _ => None,
        },
        "coalesce" | "or" => Term::first(given),
        "default" => {
            given.reverse();
            Term::first(given)
        }
        word if KEEPING.contains(&word) => {
            let is_place = |term: &&Option<Term>| !matches!(term, Some(Term::Text(_)));
            let mut places = given.iter().filter(is_place);
            places.next().filter(|_| places.next().is_none())?.clone()
        }
        _ => None,
    }
}

/// What a word, or what stands in parentheses, gives.
fn term(word: &str, scope: &Scope, include: &Include<'_>) -> Option<Term> {
    let quote = word.chars().next().filter(|letter| matches!(letter, '"' | '`'));
    if let Some(quote) = quote {
        let text = word.strip_prefix(quote)?.strip_suffix(quote)?;
        return (!text.contains('\\')).then(|| Term::Text(text.to_owned()));
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Term::Text(word.to_owned()));
    }
    let (start, path) = if word.starts_with('(') {
        let end = word.rfind(')')?;
        (value(word.get(1..end)?, scope, include)?, word.get(end + 1..)?)
    } else if let Some(rest) = word.strip_prefix('$') {
        let (name, path) = rest.find('.').map_or((rest, ""), |at| rest.split_at(at));
        let start = if name.is_empty() { &scope.root } else { scope.variables.get(name)? };
        (start.clone()?, path)
    } else {
        (scope.dot.clone().filter(|_| word.starts_with('.'))?, word)
    };
    let mut keys = path.split('.').filter(|key| !key.is_empty());
    keys.try_fold(start, |term, key| term.key(key))
}

/// The parts of a text between separators that stand neither in quotes nor in parentheses; none where something stays open.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let mut quote: Option<char> = None;
    let is_separator =
        |letter: char| letter == separator || separator == ' ' && letter.is_whitespace();
    for (at, letter) in text.char_indices() {
        if quote.is_some() {
            quote = quote.filter(|open| *open != letter);
            continue;
        }
        match letter {
            '"' | '`' => quote = Some(letter),
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 && is_separator(letter) => {
                parts.push(text.get(start..at)?.trim());
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..)?.trim());
    (quote.is_none() && depth == 0).then_some(parts)
}
