//! What a test comes to, and the words that it compares what the script is given with.

use std::collections::{BTreeMap, BTreeSet};

use regex::RegexBuilder;

use super::symbol::{Piece, State, Symbol, symbol, text};

/// How big the program of an expression may be that a script compares with.
const MAX_EXPRESSION: usize = 16 << 10;

/// Words that say whether, not which.
const SWITCHES: [&str; 14] = [
    "yes", "no", "true", "false", "y", "n", "on", "off", "enabled", "disabled", "none", "null",
    "all", "help",
];

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
    /// What `[ … ]` or `[[ … ]]` comes to, by its words without brackets.
    pub fn test(&mut self, words: &[&str], is_pattern: bool, state: &State) -> Option<bool> {
        let mut status = Some(false);
        for all in words.split(|word| *word == "||") {
            let mut each = Some(true);
            for one in all.split(|word| *word == "&&") {
                let one = self.comparison(one, is_pattern, state);
                each = match (each, one) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
            }
            status = match (status, each) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        status
    }

    /// What one comparison comes to.
    fn comparison(&mut self, words: &[&str], is_pattern: bool, state: &State) -> Option<bool> {
        let negations = words.iter().take_while(|word| **word == "!").count();
        let is = self.plain(words.get(negations..)?, is_pattern, state)?;
        Some(is == (negations % 2 == 0))
    }

    fn plain(&mut self, words: &[&str], is_pattern: bool, state: &State) -> Option<bool> {
        match words {
            [sign @ ("-n" | "-z"), word] => {
                let is_empty = text(&symbol(word, state))?.is_empty();
                Some(is_empty == (*sign == "-z"))
            }
            [left, "=~", right] => self.matches(&symbol(left, state), right, left),
            [left, sign @ ("=" | "==" | "!="), right] => {
                let equal = if is_pattern {
                    self.equals(&symbol(left, state), right, left, state)
                } else {
                    let (one, two) = (symbol(left, state), symbol(right, state));
                    match (text(&one), text(&two)) {
                        // `production = "$1"`
                        (Some(word), None) => self.is(&two, &word, right),
                        (_, Some(word)) => self.is(&one, &word, left),
                        (None, None) => None,
                    }
                };
                equal.map(|is| is == (*sign != "!="))
            }
            _ => None,
        }
    }

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
        let is_extended = ["@(", "+(", "!(", "?(", "*("].iter().any(|sign| pattern.contains(sign));
        if is_extended || pattern.contains(['*', '?', '[']) && pattern.contains(['"', '\'']) {
            return None;
        }
        let is_glob = pattern.contains(['*', '?', '[']) && !pattern.contains(['"', '\'']);
        if !is_glob {
            let word = text(&self::symbol(pattern, state))?;
            return self.is(symbol, &word, written);
        }
        let start = pattern.trim_end_matches('*');
        let is_plain = !start.contains(['*', '?', '[', '$', '(', '\\']);
        if is_plain && !start.is_empty() {
            self.starts(symbol, start.trim_end_matches(['/', '-', '_']), written);
        }
        match text(symbol) {
            Some(known) if is_plain => Some(known.starts_with(start)),
            Some(_) => None,
            // What is none of the words in this run does not start with one of them.
            None => is_plain.then_some(false).filter(|_| self.is_other(symbol)),
        }
    }

    /// Whether a symbol matches a regular expression.
    fn matches(&mut self, symbol: &Symbol, pattern: &str, written: &str) -> Option<bool> {
        if pattern.contains(['$', '`', '\\']) && pattern.trim_end_matches('$').contains('$') {
            return None;
        }
        let bare = pattern.trim_matches(['"', '\'']);
        let inner = bare.trim_start_matches('^').trim_end_matches('$');
        let inner =
            inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
        let words: Vec<&str> = inner.split('|').collect();
        let is_whole = bare.starts_with('^') && bare.ends_with('$');
        for word in words.iter().filter(|word| is_name(word)) {
            if is_whole {
                self.is(symbol, word, written);
            } else {
                self.starts(symbol, word, written);
            }
        }
        match text(symbol) {
            Some(known) => {
                let built = RegexBuilder::new(bare).size_limit(MAX_EXPRESSION).build();
                Some(built.ok()?.is_match(&known))
            }
            None => self.is_other(symbol).then_some(false),
        }
    }

    /// Whether a symbol is a word; what the script is given is compared with it.
    fn is(&mut self, symbol: &Symbol, word: &str, written: &str) -> Option<bool> {
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

/// Whether a word can be the name of something that a script is run for.
fn is_name(word: &str) -> bool {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    word.starts_with(|first: char| first.is_ascii_alphabetic())
        && word.chars().all(is_of_name)
        && !SWITCHES.contains(&word.to_ascii_lowercase().as_str())
}
