//! The inside of texts: what is written, escapes, and what is put in.

use super::language::Program;
use super::lexer::Lexer;
use super::token::{Kind, Lexed, Style, Token, token, word};
use super::tree::At;

impl Lexer<'_> {
    pub(super) fn quoted(&self, at: usize, from: usize, style: &Style<'_>, runs: bool) -> Token {
        let (parts, end) = self.parts(from, self.end, style);
        token(Kind::Text(parts, runs), at, end)
    }

    /// The parts of a text from a place on, and where it ends.
    pub(super) fn parts(&self, from: usize, end: usize, style: &Style<'_>) -> (Vec<Lexed>, usize) {
        let mut parts: Vec<Lexed> = Vec::new();
        let mut at = from;
        while let Some(first) = self.text.get(at..end).and_then(|rest| rest.chars().next()) {
            let rest = self.text.get(at..end).unwrap_or_default();
            let width = first.len_utf8();
            if !style.close.is_empty() && rest.starts_with(style.close) {
                if style.doubles
                    && rest
                        .get(style.close.len()..)
                        .is_some_and(|behind| behind.starts_with(style.close))
                {
                    add(&mut parts, style.close, at..at + 2 * style.close.len());
                    at += 2 * style.close.len();
                    continue;
                }
                return (parts, at + style.close.len());
            }
            if first == '\n' && !style.lines {
                return (parts, at);
            }
            if style.escape == Some(first) {
                let length = self.escape(rest, style, at, &mut parts);
                at += length;
                continue;
            }
            match self.hole(rest, style) {
                Some(Hole::Mark(text, length)) => {
                    add(&mut parts, text, at..at + length);
                    at += length;
                }
                Some(Hole::Code(lead, inner, length)) => {
                    parts.push(Lexed::Hole(at..at + length, at + lead..at + lead + inner));
                    at += length;
                }
                None => {
                    add(&mut parts, rest.get(..width).unwrap_or_default(), at..at + width);
                    at += width;
                }
            }
        }
        (parts, end)
    }

    /// Reads an escape; returns its length.
    fn escape(&self, rest: &str, style: &Style<'_>, at: usize, parts: &mut Vec<Lexed>) -> usize {
        let Some(next) = rest.chars().nth(1) else { return 1 };
        let length = 1 + next.len_utf8();
        let place = at..at + length;
        let is_plain_ruby = self.language == Program::Ruby && !style.holes;
        if is_plain_ruby && !matches!(next, '\\' | '\'') {
            add(parts, "\\", at..at + 1);
            return 1;
        }
        match next {
            '\n' => {}
            'n' if !is_plain_ruby => add(parts, "\n", place),
            't' if !is_plain_ruby => add(parts, "\t", place),
            'r' if !is_plain_ruby => add(parts, "\r", place),
            'x' | 'u' | 'U' | 'N' | '0'..='7' => {
                parts.push(Lexed::Hole(place.clone(), place.end..place.end));
            }
            'a'..='z' if self.language == Program::Python => {
                add(parts, rest.get(..length).unwrap_or_default(), place);
            }
            next => add(parts, next.encode_utf8(&mut [0; 4]), place),
        }
        length
    }

    fn hole(&self, rest: &str, style: &Style<'_>) -> Option<Hole> {
        if !style.holes {
            return None;
        }
        match self.language {
            Program::Python => {
                if rest.starts_with("{{") || rest.starts_with("}}") {
                    return Some(Hole::Mark(if rest.starts_with('{') { "{" } else { "}" }, 2));
                }
                let inner = closing(rest.strip_prefix('{')?, '{', '}')?;
                let code = rest.get(1..=inner)?;
                // What formats a value changes it: such a hole has no code that could be followed.
                let is_kept = !code.contains(['!', ':', '=']) || code.contains(['[', '(']);
                Some(Hole::Code(1, if is_kept { inner } else { 0 }, inner + 2))
            }
            Program::Ruby => {
                let inner = closing(rest.strip_prefix("#{")?, '{', '}')?;
                Some(Hole::Code(2, inner, inner + 3))
            }
            Program::PowerShell => {
                let behind = rest.strip_prefix('$')?;
                if let Some(code) = behind.strip_prefix('(') {
                    let inner = closing(code, '(', ')')?;
                    return Some(Hole::Code(2, inner, inner + 3));
                }
                if let Some(name) = behind.strip_prefix('{') {
                    let inner = name.find('}')?;
                    return Some(Hole::Code(0, inner + 3, inner + 3));
                }
                let length = word(self.language, rest);
                // `"$name:"` names no drive.
                let length = if rest.get(..length)?.ends_with(':') { length - 1 } else { length };
                (length > 1).then_some(Hole::Code(0, length, length))
            }
        }
    }
}

/// What is put into a text.
enum Hole {
    /// A mark that stands for itself where it is doubled, with its length.
    Mark(&'static str, usize),
    /// Code: how far before it begins, how long it is, and how long all of it.
    Code(usize, usize, usize),
}

/// How far code goes at most that is put into a text.
const MAX_CODE: usize = 2_000;

/// Where a bracket closes, other brackets and quotes within counted.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < MAX_CODE) {
        match (letter, quote) {
            (_, Some(mark)) if letter == mark => quote = None,
            ('\'' | '"', None) => quote = Some(letter),
            (letter, None) if letter == open => depth += 1,
            (letter, None) if letter == close && depth == 0 => return Some(at),
            (letter, None) if letter == close => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Adds what is written: to the part before it, where both stand as they are written.
fn add(parts: &mut Vec<Lexed>, text: &str, at: At) {
    if let Some(Lexed::Plain(known, place)) = parts.last_mut()
        && place.end == at.start
        && known.len() == place.len()
        && text.len() == at.len()
    {
        known.push_str(text);
        place.end = at.end;
    } else {
        parts.push(Lexed::Plain(text.to_owned(), at));
    }
}
