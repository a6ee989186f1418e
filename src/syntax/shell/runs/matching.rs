//! Patterns and expressions that a script compares with, in which some of the text may be what the script is given.

use super::names::is_name;
use super::symbol::{Piece, State, expansion_length, symbol};
use crate::syntax::shell::patterns::{glob, has_pattern};

/// What a word is matched with.
#[derive(Debug, Default)]
pub struct Pattern {
    /// An expression for all of it; none where only running the script would tell.
    pub expression: Option<String>,
    /// Whether what matches is what the pattern does not: `!(production)`.
    pub is_not: bool,
    /// The words that match as a whole.
    pub words: Vec<String>,
    /// Texts that are a part of what matches.
    pub parts: Vec<String>,
    /// Whether each alternative has such a word or text: what is none of them does not match.
    pub is_told: bool,
    /// What of the pattern the script is given.
    pub inputs: Vec<String>,
}

/// A part of a written word.
enum Part<'w> {
    /// Quoted, or what an expansion stands for.
    Fixed(&'w str),
    /// An expansion without quotes.
    Open(&'w str),
    Bare(&'w str),
}

/// Whether a word is a pattern, and no plain text.
pub fn is_pattern(word: &str) -> bool {
    parts(word).is_none_or(|parts| {
        parts.iter().any(|part| matches!(part, Part::Bare(text) if has_pattern(text)))
    })
}

impl Pattern {
    /// The pattern of `case` and `[[ … == … ]]` that a word is.
    pub fn of_glob(word: &str, state: &State) -> Self {
        let mut pattern = Self::default();
        let open = |text: &str| !has_pattern(text);
        let Some(whole) = pattern.joined(word, state, escaped, open) else { return pattern };
        // Of what a pattern must not be, only where it is all of it.
        let inner = whole.strip_prefix("!(").and_then(|inner| inner.strip_suffix(')'));
        let inner = inner.filter(|inner| !inner.contains(['(', ')']));
        pattern.is_not = inner.is_some();
        let bare = inner.map_or(whole.clone(), |inner| format!("@({inner})"));
        pattern.expression = glob(&bare).map(|inner| format!("^{inner}$"));
        let group = bare.strip_prefix("@(").and_then(|inner| inner.strip_suffix(')'));
        pattern.asks(group.unwrap_or(&bare), |one| !has_pattern(one) && !one.contains(['(', ')']));
        pattern
    }

    /// The regular expression of `[[ … =~ … ]]` that a word is.
    pub fn of_expression(word: &str, state: &State) -> Self {
        let mut pattern = Self::default();
        let whole = pattern.joined(word, state, regex::escape, |_| true);
        whole.map_or(pattern, |whole| Self::of_regex(&whole))
    }

    /// What a word comes to, with what is quoted in it as text; none where only running the script would tell.
    fn joined(
        &mut self,
        word: &str,
        state: &State,
        quoted: impl Fn(&str) -> String,
        is_told: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let mut whole = Some(String::new());
        for part in parts(word)? {
            let text = match part {
                Part::Bare(text) => Some(text.to_owned()),
                Part::Fixed(written) => self.text(written, state).map(|text| quoted(&text)),
                Part::Open(written) => self.text(written, state).filter(|text| is_told(text)),
            };
            whole = whole.zip(text).map(|(whole, text)| whole + &text);
        }
        whole
    }

    /// A regular expression that is known whole.
    pub fn of_regex(whole: &str) -> Self {
        let mut pattern = Self { expression: Some(whole.to_owned()), ..Self::default() };
        let inner = whole.trim_start_matches('^').trim_end_matches('$');
        let group = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
        let is_whole = whole.starts_with('^') && whole.ends_with('$');
        pattern.asks(group.unwrap_or(inner), |_| is_whole);
        pattern
    }

    /// Notes what alternatives ask for.
    fn asks(&mut self, alternatives: &str, is_whole: impl Fn(&str) -> bool) {
        self.is_told = true;
        for one in alternatives.split('|') {
            let word = one.replace('\\', "");
            if is_whole(one) && is_name(&word) {
                self.words.push(word);
                continue;
            }
            // The longest text in it that can be of a name, where letters are not merely counted up: `[a-z0-9]`.
            let bare = without_classes(one);
            let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            let texts = bare.split(|letter| !is_of_name(letter));
            let texts = texts.map(|text| text.trim_matches(['-', '_']));
            let longest = texts.max_by_key(|text| text.len()).filter(|text| is_name(text));
            self.is_told &= longest.is_some();
            self.parts.extend(longest.map(str::to_owned));
        }
    }

    /// The text of a part; notes what the script is given.
    fn text(&mut self, written: &str, state: &State) -> Option<String> {
        let mut whole = Some(String::new());
        for piece in symbol(written, state)? {
            match piece {
                Piece::Text(text) => whole = whole.map(|whole| whole + &text),
                Piece::Input(input) => {
                    whole = None;
                    self.inputs.push(input);
                }
            }
        }
        whole
    }
}

/// A pattern without its bracket expressions and what is escaped in it.
fn without_classes(pattern: &str) -> String {
    let mut whole = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['[', '\\']) {
        let (before, behind) = rest.split_at(at);
        whole.extend([before, " "]);
        rest = if behind.starts_with('\\') {
            let skipped = behind.chars().take(2).map(char::len_utf8).sum();
            behind.get(skipped..).unwrap_or_default()
        } else {
            // `[]x]`: a bracket at its start is a letter of it.
            let inner = behind.get(2..).unwrap_or_default();
            inner.find(']').and_then(|end| inner.get(end + 1..)).unwrap_or_default()
        };
    }
    whole + rest
}

/// A text in which nothing is a pattern.
fn escaped(text: &str) -> String {
    let mut whole = String::new();
    for letter in text.chars() {
        if "*?[]()|!@+\\".contains(letter) {
            whole.push('\\');
        }
        whole.push(letter);
    }
    whole
}

/// The parts of a word; none where a quote is left open.
fn parts(word: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(first) = word.get(at..)?.chars().next() {
        let rest = word.get(at..)?;
        let (length, is_open) = match first {
            '\'' => (rest.get(1..)?.find('\'')? + 2, false),
            '"' => (double(rest)?, false),
            '\\' => (1 + rest.chars().nth(1)?.len_utf8(), false),
            '$' | '`' => {
                let Some(length) = expansion_length(rest) else {
                    at += 1;
                    continue;
                };
                (length, true)
            }
            letter => {
                at += letter.len_utf8();
                continue;
            }
        };
        parts.extend(word.get(start..at).filter(|text| !text.is_empty()).map(Part::Bare));
        let part = word.get(at..at + length)?;
        parts.push(if is_open { Part::Open(part) } else { Part::Fixed(part) });
        at += length;
        start = at;
    }
    parts.extend(word.get(start..).filter(|text| !text.is_empty()).map(Part::Bare));
    Some(parts)
}

/// How long a text in double quotes is that a text starts with.
fn double(rest: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
