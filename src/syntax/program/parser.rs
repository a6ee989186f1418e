//! Where a program is being read: the next word, what was read so far, and how deep.

use std::ops::Range;

use super::language::Program;
use super::lexer::Lexer;
use super::token::{Kind, Lexed, Token};
use super::tree::{At, Expression, Part, What};

/// How deep blocks, brackets and texts within texts may nest.
pub const MAX_DEPTH: usize = 96;

/// How many tokens a file may have.
const MAX_TOKENS: usize = 2_000_000;

pub struct Parser<'a> {
    pub lexer: Lexer<'a>,
    pub at: usize,
    /// The token at the place.
    next: Option<(usize, Token)>,
    pub depth: usize,
    /// How many brackets are open within which lines do not end.
    pub brackets: usize,
    tokens: usize,
    /// The texts of the program.
    pub texts: Vec<At>,
    /// Where texts are said and not run.
    pub said: Vec<At>,
    /// Whether the program is too deep or too long to be read whole.
    pub is_cut: bool,
}

impl<'a> Parser<'a> {
    pub fn new(language: Program, text: &'a str) -> Self {
        Self {
            lexer: Lexer::new(language, text),
            at: 0,
            next: None,
            depth: 0,
            brackets: 0,
            tokens: 0,
            texts: Vec::new(),
            said: Vec::new(),
            is_cut: false,
        }
    }

    pub fn language(&self) -> Program {
        self.lexer.language
    }

    pub fn slice(&self, at: Range<usize>) -> &'a str {
        self.lexer.text.get(at).unwrap_or_default()
    }

    /// What comes next.
    pub fn peek(&mut self) -> &Token {
        let at = self.at;
        if self.next.as_ref().is_none_or(|(from, _)| *from != at) {
            let mut token = self.lexer.token(at);
            while self.brackets > 0
                && self.language() == Program::Python
                && token.kind == Kind::Line
            {
                token = self.lexer.token(token.at.end);
            }
            self.next = Some((at, token));
        }
        let (_, token) = self.next.get_or_insert((at, Token { kind: Kind::End, at: at..at }));
        token
    }

    /// Goes behind what comes next.
    pub fn bump(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = token.at.end.max(self.at);
        self.tokens += 1;
        if self.tokens > MAX_TOKENS {
            self.is_cut = true;
            self.at = self.lexer.end;
        }
        if let Kind::Text(parts, _) = &token.kind {
            self.texts.push(token.at.clone());
            // A here-document stands on other lines than its mark.
            let inner = parts.iter().map(|part| match part {
                Lexed::Plain(_, at) | Lexed::Hole(at, _) => at.clone(),
            });
            let outside = |at: &At| at.start >= token.at.end;
            self.texts.extend(inner.filter(outside));
        }
        token
    }

    /// The next word or sign as it is written; empty for a text and the end of a line.
    pub fn word(&mut self) -> &'a str {
        let token = self.peek();
        let at = token.at.clone();
        if matches!(token.kind, Kind::Word | Kind::Sign) { self.slice(at) } else { "" }
    }

    pub fn is(&mut self, word: &str) -> bool {
        self.word() == word
    }

    /// Goes behind a word, if it comes next.
    pub fn take(&mut self, word: &str) -> bool {
        let is_next = self.is(word);
        if is_next {
            self.bump();
        }
        is_next
    }

    pub fn is_end(&mut self) -> bool {
        self.peek().kind == Kind::End
    }

    pub fn is_line(&mut self) -> bool {
        matches!(self.peek().kind, Kind::Line | Kind::End)
    }

    /// Goes behind the ends of lines.
    pub fn lines(&mut self) {
        while self.peek().kind == Kind::Line {
            self.bump();
        }
    }

    /// Goes to the end of the line.
    pub fn skip_line(&mut self) {
        while !self.is_line() {
            self.bump();
        }
    }

    /// Whether blanks stand before what comes next.
    pub fn is_spaced(&mut self) -> bool {
        self.peek().at.start > self.at
    }

    /// Reads something that nests; none where it would be too deep.
    pub fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.is_cut = true;
            return None;
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        Some(read)
    }

    /// A text with what is put into it.
    pub fn text(&mut self, lexed: Vec<Lexed>, at: At) -> Expression {
        let parts = lexed.into_iter().map(|part| match part {
            Lexed::Plain(text, at) => Part::Plain(text, at),
            Lexed::Hole(at, code) => Part::Hole(self.code(at, code)),
        });
        let parts = parts.collect();
        Expression { at, what: What::Text(parts) }
    }

    /// The expression in a hole.
    fn code(&mut self, at: At, code: At) -> Expression {
        if code.is_empty() {
            return Expression::unknown(at);
        }
        let (before, end, brackets) = (self.at, self.lexer.end, std::mem::take(&mut self.brackets));
        self.at = code.start;
        self.lexer.end = code.end;
        self.next = None;
        let read = self.within(|parser| {
            let read = parser.expression();
            if parser.is_end() { read } else { Expression::unknown(at.clone()) }
        });
        while !self.is_end() {
            self.bump();
        }
        (self.at, self.lexer.end, self.next, self.brackets) = (before, end, None, brackets);
        let read = read.unwrap_or_else(|| Expression::unknown(at.clone()));
        Expression { at, ..read }
    }
}
