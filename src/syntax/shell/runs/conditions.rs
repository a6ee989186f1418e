//! The words that a script compares what it is given with.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::{Pattern, is_pattern};
use super::names::is_name;
use super::symbol::{Piece, State, Symbol, symbol, text};
use crate::syntax::shell::patterns::expression;

/// What a script is given in one run: the words of its inputs.
pub type Binding = BTreeMap<String, String>;

/// The words that a script compares what it is given with.
#[derive(Debug, Default)]
pub struct Compared {
    /// The runs that one comparison asks for, in order.
    pub bindings: Vec<Binding>,
    /// Those that are the start of words only: `prod*`.
    pub starts: Vec<Binding>,
    /// The texts in which an input was compared.
    pub subjects: BTreeMap<String, String>,
    /// The files that are taken in whatever the script is given.
    pub common: BTreeSet<String>,
    /// Whether files that are taken in ask for words.
    pub is_of_files: bool,
    /// Inputs that are none of these words in this run.
    pub others: BTreeMap<String, BTreeSet<String>>,
}

impl Compared {
    /// Whether a symbol matches a pattern of `case` or `[[ … == … ]]`.
    pub fn equals(
        &mut self,
        symbol: &Symbol,
        pattern: &str,
        written: &str,
        state: &State,
    ) -> Option<bool> {
        if pattern == "*" {
            return Some(true);
        }
        if is_pattern(pattern) {
            return self.is_like(symbol, &Pattern::of_glob(pattern, state), written);
        }
        let other = self::symbol(pattern, state);
        match (text(&other), text(symbol)) {
            (Some(word), _) => self.is(symbol, &word, written),
            (None, Some(word)) => self.is(&other, &word, pattern),
            (None, None) => None,
        }
    }

    /// Whether a symbol matches a regular expression.
    pub fn matches(
        &mut self,
        symbol: &Symbol,
        pattern: &str,
        written: &str,
        state: &State,
    ) -> Option<bool> {
        self.is_like(symbol, &Pattern::of_expression(pattern, state), written)
    }

    /// Whether a symbol is like a pattern; notes the words that would be.
    pub fn is_like(&mut self, symbol: &Symbol, pattern: &Pattern, written: &str) -> Option<bool> {
        let known = text(symbol);
        for word in pattern.words.iter().filter(|_| known.is_none()) {
            self.is(symbol, word, written);
        }
        for part in pattern.parts.iter().filter(|_| known.is_none()) {
            self.starts(symbol, part, written);
        }
        // `[[ " live production " == *" $1 "* ]]`
        if let (Some(list), [input]) = (&known, pattern.inputs.as_slice()) {
            let asked = Some(vec![Piece::Input(input.clone())]);
            let words = list.split([' ', ',', '|', ':', ';', '\n']);
            for word in words.filter(|word| is_name(word)) {
                self.is(&asked, word, &format!("${input}"));
            }
        }
        let Some(known) = known else {
            return (pattern.is_told && self.is_other(symbol)).then_some(pattern.is_not);
        };
        let expression = expression(pattern.expression.as_deref()?)?;
        Some(expression.is_match(&known) != pattern.is_not)
    }

    /// Whether a symbol is a word; what the script is given is compared with it.
    pub fn is(&mut self, symbol: &Symbol, word: &str, written: &str) -> Option<bool> {
        if let Some(known) = text(symbol) {
            return Some(known == word);
        }
        let pieces = symbol.as_ref()?;
        if let Some(binding) = bound(pieces, word) {
            for input in binding.keys() {
                let subject = self.subjects.entry(input.clone()).or_default();
                if !subject.contains(written) && subject.len() < 256 {
                    subject.push_str(written);
                }
            }
            if binding.values().all(|word| is_name(word)) && !self.bindings.contains(&binding) {
                self.bindings.push(binding);
            }
        }
        match pieces.as_slice() {
            [Piece::Input(input)] => {
                let others = self.others.get(input)?;
                others.contains(word).then_some(false)
            }
            _ => None,
        }
    }

    /// Notes what the script is given where the file at a path is taken in.
    pub fn file(&mut self, symbol: &[Piece], path: &str, written: &str) {
        let is_whole = |binding: &Binding| binding.values().all(|word| !word.contains('/'));
        let is_common = self.common.contains(path);
        if !is_common && bound(symbol, path).is_some_and(|binding| is_whole(&binding)) {
            self.is_of_files = true;
            self.is(&Some(symbol.to_vec()), path, written);
        }
    }

    /// Notes the start of words that what the script is given is compared with.
    fn starts(&mut self, symbol: &Symbol, start: &str, written: &str) {
        let known = self.bindings.len();
        self.is(symbol, start, written);
        self.starts.extend(self.bindings.drain(known..));
    }

    /// The runs that the comparisons ask for. What a word starts with is asked for by the word.
    pub fn runs(&self) -> Vec<Binding> {
        let is_asked = |start: &Binding| {
            self.bindings.iter().any(|known| {
                start.iter().all(|(input, start)| {
                    known.get(input).is_some_and(|word| word.starts_with(start.as_str()))
                })
            })
        };
        let starts = self.starts.iter().filter(|start| !is_asked(start));
        let mut all = self.bindings.clone();
        for start in starts {
            if !all.contains(start) {
                all.push(start.clone());
            }
        }
        all
    }

    /// Whether a symbol is what is none of the words in this run.
    fn is_other(&self, symbol: &Symbol) -> bool {
        match symbol.as_deref() {
            Some([Piece::Input(input)]) => self.others.contains_key(input),
            _ => false,
        }
    }
}

/// What the inputs of a symbol are where it is a text: `$1:$2` with `kiwi:production`.
fn bound(pieces: &[Piece], word: &str) -> Option<Binding> {
    let mut binding = Binding::new();
    let mut rest = word;
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => rest = rest.strip_prefix(text.as_str())?,
            Piece::Input(input) => {
                let end = match pieces.peek() {
                    None => rest.len(),
                    Some(Piece::Text(text)) => rest.find(text.as_str())?,
                    Some(Piece::Input(_)) => return None,
                };
                let (value, behind) = rest.split_at_checked(end)?;
                let known = binding.insert(input.clone(), value.to_owned());
                known.is_none_or(|known| known == value).then_some(())?;
                rest = behind;
            }
        }
    }
    rest.is_empty().then_some(binding)
}
