//! What programs come to that only look at a text: `grep`, `expr`.
//!
//! Sources: POSIX, *grep*, *expr*.

use std::ops::Range;

use super::matching::Pattern;
use super::symbol::{State, Symbol, symbol, text};
use super::tree::{Kind, Statement};
use super::walk::Walk;
use crate::syntax::shell::patterns::extended;

impl<'t> Walk<'t> {
    /// What a program comes to with its words and the text that it is given.
    pub(super) fn told(
        &mut self,
        program: &str,
        words: &[&'t str],
        at: &Range<usize>,
        state: &State,
    ) -> Option<bool> {
        if program == "expr" {
            let [written, ":", pattern] = words else { return None };
            let pattern = extended(&text(&symbol(pattern, state))?);
            let pattern = Pattern::of_regex(&format!("^{pattern}"));
            return self.compared.is_like(&symbol(written, state), &pattern, written);
        }
        let (_, given) = self.slice(at).rsplit_once("<<<")?;
        let given = given.trim().split(char::is_whitespace).next()?;
        self.greps(program, words, &symbol(given, state), given, state)
    }

    /// What a pipe comes to that hands a text to `grep`.
    pub(super) fn piped(&mut self, parts: &'t [Statement], state: &State) -> Option<bool> {
        let [
            Statement { kind: Kind::Command(says), .. },
            Statement { kind: Kind::Command(asks), .. },
        ] = parts
        else {
            return None;
        };
        let says: Vec<&str> = says.iter().map(|word| self.slice(word)).collect();
        let written = match says.as_slice() {
            ["echo", word] if !word.starts_with('-') => word,
            ["printf", "%s" | "'%s'" | "\"%s\"" | "'%s\\n'" | "\"%s\\n\"", word] => word,
            _ => return None,
        };
        let asks: Vec<&str> = asks.iter().map(|word| self.slice(word)).collect();
        let (program, words) = asks.split_first()?;
        if !matches!(*program, "grep" | "egrep" | "fgrep") {
            return None;
        }
        self.greps(program, words, &symbol(written, state), written, state)
    }

    /// Whether `grep` finds something in a text.
    fn greps(
        &mut self,
        program: &str,
        words: &[&str],
        given: &Symbol,
        written: &str,
        state: &State,
    ) -> Option<bool> {
        let mut letters = String::new();
        let mut rest = words;
        while let Some((first, behind)) = rest.split_first() {
            match *first {
                "--quiet" | "--silent" => letters.push('q'),
                "--" => {
                    rest = behind;
                    break;
                }
                option if option.starts_with("--") => return None,
                option if option.starts_with('-') => letters.push_str(option.trim_matches('-')),
                _ => break,
            }
            rest = behind;
        }
        let [asked] = rest else { return None };
        if letters.contains(|letter: char| !"qiEFxwves".contains(letter)) {
            return None;
        }
        let asked = text(&symbol(asked, state))?;
        let asked = match program {
            _ if letters.contains('F') || program == "fgrep" => regex::escape(&asked),
            _ if letters.contains('E') || program == "egrep" => asked,
            _ => extended(&asked),
        };
        let asked = if letters.contains('x') { format!("^({asked})$") } else { asked };
        let asked = if letters.contains('w') { format!(r"\b(?:{asked})\b") } else { asked };
        let mut pattern = Pattern::of_regex(&asked);
        let is_small = if letters.contains('i') { "i" } else { "" };
        pattern.expression = pattern.expression.map(|inner| format!("(?m{is_small}){inner}"));
        pattern.is_not = letters.contains('v');
        self.compared.is_like(given, &pattern, written)
    }
}
