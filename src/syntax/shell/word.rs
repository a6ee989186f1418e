//! One word of a script: quotes, escapes, expansions.
//!
//! Source: POSIX, *Shell Command Language*, 2.2 and 2.6; the Bash manual for `$'…'`. [`FILLER`] stands where a mask took a byte away: it is part
//! of a word's span and not of its text.

use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memchr;

use super::files::own_folder;
pub use super::holds::{Split, Word};
pub use super::operations::name_length;
use super::operations::{held, operated_on};
use super::variables::Variables;

/// What masks put in place of a byte that is not part of the script: no shell's word can hold it.
pub const FILLER: char = '\0';

/// How the names of what a job's matrix gives start: no variable of a script is called so.
pub const MATRIX: &str = "matrix.";

/// What scanning one text for words remembers.
pub struct Words<'a> {
    /// The script.
    pub text: &'a str,
    /// Quotes that end with their line, because they are never closed.
    pub broken: &'a BTreeSet<usize>,
    /// The script's own folder, where files of the tree can be told by it.
    pub folder: Option<String>,
    /// Whether variables within single quotes are filled before the text is a script.
    pub is_expanded: bool,
    /// The first quote that closes where another one was meant to open.
    pub suspect: Option<usize>,
    /// The quote that is never closed.
    pub unclosed: Option<usize>,
    /// Behind a `$(` that is never closed, no other is searched for its end.
    has_open_substitution: bool,
    /// No `${` before this place is closed on its line.
    no_brace_before: usize,
}

impl<'a> Words<'a> {
    /// A scan of a text.
    pub fn new(text: &'a str, broken: &'a BTreeSet<usize>) -> Self {
        Self {
            text,
            broken,
            folder: None,
            is_expanded: false,
            suspect: None,
            unclosed: None,
            has_open_substitution: false,
            no_brace_before: 0,
        }
    }

    /// The byte at a place.
    pub fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The text of a range.
    pub fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// Where the line of a place ends.
    pub fn line_end(&self, at: usize) -> usize {
        self.find(b'\n', at).unwrap_or(self.text.len())
    }

    /// Reads the word at a place; an empty range where none starts there.
    pub fn word(&mut self, start: usize, variables: &Variables) -> Word {
        let mut word = Word { at: start..start, ..Word::default() };
        let mut at = start;
        while let Some(byte) = self.byte(at) {
            at = match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b')' | b'<' | b'>' => {
                    break;
                }
                0 => at + 1,
                b'\\' => self.escape(at, &mut word),
                b'\'' => self.single(at, &mut word, variables),
                b'"' => self.double(at, &mut word, variables),
                b'$' if self.byte(at + 1) == Some(b'\'') => self.ansi(at + 1, &mut word),
                b'$' if self.byte(at + 1) == Some(b'"') => {
                    self.double(at + 1, &mut word, variables)
                }
                b'$' => {
                    let known = word.text.len();
                    let end = self.expansion(at, &mut word, variables);
                    let given = word.text.get(known..).unwrap_or_default();
                    if at == start && self.ends_word(end) {
                        word.split = Split::Whole;
                    } else if given.contains(|c: char| c.is_ascii_whitespace()) {
                        word.split = Split::Within;
                    }
                    end
                }
                b'`' => self.backticks(at, &mut word),
                b'{' if self.slice(at..at + 2) == "{{" => {
                    self.hole(at, at + 2, &mut word, variables)
                }
                _ => self.literal(at, &mut word),
            };
        }
        word.at.end = at;
        word
    }

    fn ends_word(&self, at: usize) -> bool {
        self.byte(at).is_none_or(|byte| b" \t\r\n;|&()<>".contains(&byte))
    }

    /// Takes one character as it is.
    fn literal(&self, at: usize, word: &mut Word) -> usize {
        let Some(character) = self.text.get(at..).and_then(|rest| rest.chars().next()) else {
            return self.text.len();
        };
        word.text.push(character);
        at + character.len_utf8()
    }

    fn escape(&self, at: usize, word: &mut Word) -> usize {
        word.is_quoted = true;
        match self.byte(at + 1) {
            None => at + 1,
            Some(b'\n') => at + 2,
            Some(b'\r') if self.byte(at + 2) == Some(b'\n') => at + 3,
            Some(_) => self.literal(at + 1, word),
        }
    }

    fn single(&mut self, open: usize, word: &mut Word, variables: &Variables) -> usize {
        word.is_quoted = true;
        let close = self.close_of(open, |words, from| words.find(b'\'', from));
        let mut at = open + 1;
        while self.is_expanded && at < close {
            at = match self.byte(at) {
                Some(b'$') => self.expansion(at, word, variables).min(close),
                Some(0) => at + 1,
                _ => self.literal(at, word),
            };
        }
        if self.is_expanded {
            return self.behind(close);
        }
        word.text.extend(self.slice(open + 1..close).chars().filter(|&c| c != FILLER));
        self.behind(close)
    }

    fn double(&mut self, open: usize, word: &mut Word, variables: &Variables) -> usize {
        word.is_quoted = true;
        let close = self.close_of(open, Self::closing_double);
        let mut at = open + 1;
        while at < close {
            at = match self.byte(at) {
                Some(b'\\') => match self.byte(at + 1) {
                    Some(b'\n') => at + 2,
                    Some(b'"' | b'\\' | b'$' | b'`') => self.literal(at + 1, word),
                    _ => self.literal(at, word),
                },
                Some(b'$') => self.expansion(at, word, variables).min(close),
                Some(b'`') => self.backticks(at, word).min(close),
                Some(b'{') if self.slice(at..at + 2) == "{{" => {
                    self.hole(at, at + 2, word, variables).min(close)
                }
                Some(0) => at + 1,
                _ => self.literal(at, word),
            };
        }
        self.behind(close)
    }

    /// Reads `$'…'` with its escapes, from its quote on.
    fn ansi(&mut self, open: usize, word: &mut Word) -> usize {
        word.is_quoted = true;
        let close = self.close_of(open, |words, from| words.unescaped(b'\'', from));
        let mut characters = self.slice(open + 1..close).chars();
        while let Some(character) = characters.next() {
            match (character, character == '\\') {
                (FILLER, _) => {}
                (_, false) => word.text.push(character),
                (_, true) => match characters.next() {
                    Some('n') => word.text.push('\n'),
                    Some('r') => word.text.push('\r'),
                    Some('t') => word.text.push('\t'),
                    Some(plain @ ('\\' | '\'' | '"' | '?')) => word.text.push(plain),
                    // A code: whoever writes an id that way wants not to be read.
                    _ => word.is_unknown = true,
                },
            }
        }
        self.behind(close)
    }

    /// Where a quote closes; the end of its line where it never does.
    fn close_of(&mut self, open: usize, find: impl Fn(&mut Self, usize) -> Option<usize>) -> usize {
        let line_end = self.line_end(open);
        if self.broken.contains(&open) {
            return line_end;
        }
        let Some(close) = (self.unclosed.is_none()).then(|| find(self, open + 1)).flatten() else {
            self.unclosed.get_or_insert(open);
            return line_end;
        };
        let meets_a_word = self
            .byte(close + 1)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"/_-$".contains(&byte));
        if close > line_end && meets_a_word {
            self.suspect.get_or_insert(open);
        }
        close
    }

    /// The byte behind a closing quote; a line end that closes is not taken.
    fn behind(&self, close: usize) -> usize {
        if matches!(self.byte(close), Some(b'\'' | b'"')) { close + 1 } else { close }
    }

    /// Where double quotes close: quotes inside `$(…)` are of another script.
    fn closing_double(&mut self, from: usize) -> Option<usize> {
        self.closing(b'"', from).or_else(|| self.unescaped(b'"', from))
    }

    /// Where double quotes or the parenthesis of `$(` close, which can hold each other; none is searched for behind one that never does.
    fn closing(&mut self, opened: u8, from: usize) -> Option<usize> {
        let mut open = vec![opened];
        let mut at = from;
        while let Some((&inner, byte)) = open.last().zip(self.byte(at)) {
            match (byte, inner) {
                (b'\\', _) => at += 1,
                (b'"', b'"') | (b')', b'(') => {
                    open.pop();
                }
                (b'(', b'"') if self.has_open_substitution || self.byte(at - 1) != Some(b'$') => {}
                (b'"' | b'(', _) => open.push(byte),
                (b'\'', b'(') => at = self.find(b'\'', at + 1).unwrap_or(self.text.len()),
                _ => {}
            }
            if open.is_empty() {
                return Some(at);
            }
            at += 1;
        }
        self.has_open_substitution = true;
        None
    }

    /// Reads what a `$` starts.
    fn expansion(&mut self, at: usize, word: &mut Word, variables: &Variables) -> usize {
        let name = at + 1..at + 1 + name_length(self.slice(at + 1..self.text.len()));
        match self.byte(at + 1) {
            Some(b'{') if self.slice(at..at + 3) == "${{" => self.hole(at, at + 3, word, variables),
            Some(b'{') => self.braces(at, word, variables),
            Some(b'(') => self.substitution(at, word),
            // A hole of GitLab's.
            Some(b'[') if self.slice(at..at + 3) == "$[[" => {
                let line = self.slice(at..self.line_end(at));
                let Some(end) = line.find("]]") else { return self.literal(at, word) };
                word.is_unknown = true;
                at + end + 2
            }
            _ if !name.is_empty() => {
                word.fill(held(variables, self.slice(name.clone())));
                name.end
            }
            Some(b'1'..=b'9') => {
                word.fill(held(variables, self.slice(at + 1..at + 2)));
                at + 2
            }
            Some(b'0' | b'?' | b'#' | b'@' | b'*' | b'!' | b'-' | b'$') => {
                word.is_unknown = true;
                at + 2
            }
            _ => self.literal(at, word),
        }
    }

    /// Reads `${NAME}`; with anything behind the name, its value depends on more than the script.
    fn braces(&mut self, at: usize, word: &mut Word, variables: &Variables) -> usize {
        let line_end = if at < self.no_brace_before { at } else { self.line_end(at) };
        let mut depth = 0_usize;
        for (index, byte) in self.slice(at..line_end).bytes().enumerate() {
            depth = match byte {
                b'{' => depth + 1,
                b'}' => depth - 1,
                _ => depth,
            };
            if byte == b'}' && depth == 0 {
                let name = self.slice(at + 2..at + index).trim_matches(FILLER);
                let own = matches!(name, "BASH_SOURCE%/*" | "BASH_SOURCE[0]%/*" | "0%/*");
                if let Some(folder) = self.folder.as_ref().filter(|_| own) {
                    word.text.push_str(if folder.is_empty() { "." } else { folder });
                    return at + index + 1;
                }
                // What a function is given is known where it is called.
                let given = name.split_once(":-").map(|(name, _)| name).filter(|name| {
                    name.parse::<u8>().is_ok() && variables.get(name).is_some_and(|v| !v.is_empty())
                });
                word.fill(
                    given.map_or_else(
                        || operated_on(variables, name),
                        |given| held(variables, given),
                    ),
                );
                return at + index + 1;
            }
        }
        self.no_brace_before = self.no_brace_before.max(line_end);
        word.is_unknown = true;
        at + 2
    }

    /// Passes `$(…)`, whose script is read later.
    fn substitution(&mut self, at: usize, word: &mut Word) -> usize {
        let start = at + 2;
        let end = if self.has_open_substitution { None } else { self.closing(b'(', start) };
        let own = || own_folder(self.slice(start..end?), self.folder.as_deref()?);
        if let Some((folder, end)) = own().zip(end) {
            word.text.push_str(&folder);
            return end + 1;
        }
        word.is_unknown = true;
        let Some(end) = end else { return start };
        word.substitutions.push(start..end);
        end + 1
    }

    fn backticks(&self, at: usize, word: &mut Word) -> usize {
        word.is_unknown = true;
        let line_end = self.line_end(at);
        match self.unescaped(b'`', at + 1).filter(|&close| close < line_end) {
            Some(close) => {
                word.substitutions.push(at + 1..close);
                close + 1
            }
            None => at + 1,
        }
    }

    /// Reads a hole of a template engine, `${{ … }}` or `{{ … }}`, on one line.
    fn hole(&mut self, at: usize, inner: usize, word: &mut Word, variables: &Variables) -> usize {
        if at < self.no_brace_before {
            return self.literal(at, word);
        }
        let line_end = self.line_end(at);
        let Some(end) = self.slice(inner..line_end).find("}}") else {
            self.no_brace_before = line_end;
            return self.literal(at, word);
        };
        // What a run of a job is given by its matrix, and a task by the one that calls it: `.ID`.
        let name = self.slice(inner..inner + end).trim_matches([' ', '_']);
        if name.starts_with(MATRIX) || name.starts_with('.') {
            word.fill(held(variables, name));
        } else {
            word.is_unknown = true;
        }
        inner + end + 2
    }

    fn find(&self, byte: u8, from: usize) -> Option<usize> {
        memchr(byte, self.text.as_bytes().get(from..)?).map(|at| from + at)
    }

    fn unescaped(&self, byte: u8, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            match self.byte(at)? {
                b'\\' => at += 2,
                found if found == byte => return Some(at),
                _ => at += 1,
            }
        }
    }
}
