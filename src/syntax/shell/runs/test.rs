//! What `[ … ]` and `[[ … ]]` come to.
//!
//! Sources: POSIX, *test*; the Bash manual, *Bash Conditional Expressions*.

use super::arithmetic;
use super::conditions::Compared;
use super::symbol::{State, symbol, text};

/// How deep a test nests.
const MAX_DEPTH: usize = 32;

/// A test whose words are read.
pub struct Test<'t> {
    pub compared: &'t mut Compared,
    pub words: &'t [&'t str],
    /// Whether it is `[[ … ]]`, where what stands right is a pattern.
    pub is_pattern: bool,
    pub state: &'t State,
    /// Whether a file of the tree has a name; none where that is not known.
    pub is_file: &'t dyn Fn(&str) -> Option<bool>,
}

impl Test<'_> {
    /// What all of it comes to; none where only running the script would tell.
    pub fn status(mut self) -> Option<bool> {
        let status = self.any(0);
        if self.words.is_empty() { status } else { None }
    }

    fn take(&mut self, signs: &[&str]) -> bool {
        let Some((first, rest)) = self.words.split_first() else { return false };
        let is = signs.contains(first);
        if is {
            self.words = rest;
        }
        is
    }

    fn any(&mut self, depth: usize) -> Option<bool> {
        let sign = if self.is_pattern { "||" } else { "-o" };
        let mut status = self.each(depth);
        while self.take(&[sign]) {
            status = either(status, self.each(depth));
        }
        status
    }

    fn each(&mut self, depth: usize) -> Option<bool> {
        let sign = if self.is_pattern { "&&" } else { "-a" };
        let mut status = self.one(depth);
        while self.take(&[sign]) {
            status = both(status, self.one(depth));
        }
        status
    }

    fn one(&mut self, depth: usize) -> Option<bool> {
        if depth > MAX_DEPTH {
            self.words = &[];
            return None;
        }
        if self.take(&["!"]) {
            return self.one(depth + 1).map(|is| !is);
        }
        if self.words.len() > 1 && self.take(&["(", "\\(", "'('", "\"(\""]) {
            let inner = self.any(depth + 1);
            let is_closed = self.take(&[")", "\\)", "')'", "\")\""]);
            return inner.filter(|_| is_closed);
        }
        let signs: &[&str] =
            if self.is_pattern { &["||", "&&", ")"] } else { &["-o", "-a", ")", "\\)"] };
        let ends = self.words.iter().skip(1).position(|word| signs.contains(word));
        let (words, rest) = self.words.split_at(ends.map_or(self.words.len(), |end| end + 1));
        self.words = rest;
        self.plain(words)
    }

    fn plain(&mut self, words: &[&str]) -> Option<bool> {
        let Self { compared, is_pattern, state, .. } = self;
        match words {
            [word] => Some(!text(&symbol(word, state))?.is_empty()),
            [sign @ ("-n" | "-z"), word] => {
                let is_empty = text(&symbol(word, state))?.is_empty();
                Some(is_empty == (*sign == "-z"))
            }
            ["-f" | "-e" | "-r" | "-s", word] => (self.is_file)(&text(&symbol(word, state))?),
            [left, "=~", right] => compared.matches(&symbol(left, state), right, left, state),
            [left, sign @ ("=" | "==" | "!="), right] => {
                let equal = if *is_pattern {
                    compared.equals(&symbol(left, state), right, left, state)
                } else {
                    let (one, two) = (symbol(left, state), symbol(right, state));
                    match (text(&one), text(&two)) {
                        // `production = "$1"`
                        (Some(word), None) => compared.is(&two, &word, right),
                        (_, Some(word)) => compared.is(&one, &word, left),
                        (None, None) => None,
                    }
                };
                equal.map(|is| is == (*sign != "!="))
            }
            [left, sign @ ("-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge"), right] => {
                let number = |word: &str| {
                    let written = text(&symbol(word, state))?;
                    arithmetic::number(&written, state)
                };
                let (left, right) = (number(left)?, number(right)?);
                Some(match *sign {
                    "-eq" => left == right,
                    "-ne" => left != right,
                    "-lt" => left < right,
                    "-le" => left <= right,
                    "-gt" => left > right,
                    _ => left >= right,
                })
            }
            [left, sign @ ("<" | "\\<" | ">" | "\\>"), right] => {
                let (left, right) = (text(&symbol(left, state))?, text(&symbol(right, state))?);
                // Of other letters, the order depends on the language.
                let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
                (is_plain(&left) && is_plain(&right))
                    .then(|| if sign.ends_with('<') { left < right } else { left > right })
            }
            _ => None,
        }
    }
}

/// What `… || …` comes to.
pub fn either(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// What `… && …` comes to.
pub fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    either(one.map(|is| !is), other.map(|is| !is)).map(|is| !is)
}
