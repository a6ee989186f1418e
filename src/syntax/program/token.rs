//! What a program is made of: words, signs, texts.

use super::language::Program;
use super::tree::At;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a number; its sign belongs to it: `@name`, `$env:NAME`.
    Word,
    /// One or two characters that mean something.
    Sign,
    /// A text, with whether it is run: one in backticks.
    Text(Vec<Lexed>, bool),
    /// The end of a line, or of a statement.
    Line,
    /// The end of the file.
    End,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lexed {
    /// What is written, with the escapes read.
    Plain(String, At),
    /// The place of what is put in, and that of the code in it.
    Hole(At, At),
}

/// A word, sign or text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub at: At,
}

/// How a text is written.
pub struct Style<'s> {
    pub close: &'s str,
    /// What escapes the next character.
    pub escape: Option<char>,
    pub holes: bool,
    /// Whether the mark that closes stands for itself where it is doubled.
    pub doubles: bool,
    pub lines: bool,
}

/// A token between two places.
pub fn token(kind: Kind, start: usize, end: usize) -> Token {
    Token { kind, at: start..end }
}

/// How long the name is that a text begins with.
pub fn word(language: Program, text: &str) -> usize {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let sign = match (language, text.as_bytes().first()) {
        (Program::Ruby, Some(b'@')) => text.len() - text.trim_start_matches('@').len(),
        (Program::PowerShell, Some(b'$')) if text.starts_with("${") => {
            let line = text.lines().next().unwrap_or_default();
            return line.find('}').map_or(0, |end| end + 1);
        }
        (Program::Ruby | Program::PowerShell, Some(b'$')) => 1,
        (Program::PowerShell, Some(b'-')) => {
            let operator = text.get(1..).unwrap_or_default();
            let is_letter = operator.starts_with(|first: char| first.is_ascii_alphabetic());
            usize::from(is_letter)
        }
        _ => 0,
    };
    let rest = text.get(sign..).unwrap_or_default();
    let mut length = rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len());
    let behind = rest.get(length..).unwrap_or_default();
    if language == Program::PowerShell
        && sign == 1
        && text.starts_with('$')
        && behind.starts_with(':')
    {
        let name = behind.get(1..).unwrap_or_default();
        let more = name.find(|letter| !is_of_word(letter)).unwrap_or(name.len());
        length += if more > 0 { more + 1 } else { 0 };
    }
    if language == Program::Ruby
        && length > 0
        && behind.starts_with(['?', '!'])
        && !behind.starts_with("!=")
    {
        length += 1;
    }
    if length == 0 { 0 } else { sign + length }
}
