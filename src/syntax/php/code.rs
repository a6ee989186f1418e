//! PHP code in the place of a value: stepped over, never run.

use super::lexer::Kind;
use super::parser::Parser;
use crate::syntax::{Node, NodeKind};

/// A parenthesis behind `array` or `list`, where `=>` may stand.
const ARRAY: u8 = b'A';

impl Parser<'_> {
    /// Steps over code up to what separates it from the next value. `open` holds the brackets in front of it, each with its place.
    pub(super) fn expression(&mut self, start: usize, mut open: Vec<(u8, usize)>) -> Node {
        let mut arrow_functions = 0_usize;
        let mut comma = None;
        // Where the entry would start that the next token may be the key of.
        let mut entry = None;
        loop {
            let token = self.token;
            let inner = open.last().map(|&(bracket, _)| bracket);
            match token.kind {
                Kind::Eof | Kind::CloseTag | Kind::Html => break,
                Kind::Mark(b'(') => {
                    let array = self.last_kind == Kind::Word && self.last_word_is_array();
                    open.push((if array { ARRAY } else { b'(' }, token.start));
                }
                Kind::Mark(bracket @ (b'[' | b'{')) => open.push((bracket, token.start)),
                Kind::Mark(closer @ (b')' | b']' | b'}')) => match open.pop() {
                    None => break,
                    Some((bracket, _)) if closes(bracket, closer) => {}
                    Some((bracket, at)) => {
                        self.unclosed(bracket, at);
                        continue;
                    }
                },
                Kind::Mark(b',') if inner.is_none() => break,
                Kind::Mark(b';') if inner != Some(b'{') => break,
                Kind::Arrow if matches!(inner, None | Some(b'(')) => {
                    if arrow_functions > 0 {
                        arrow_functions -= 1;
                    } else if inner.is_none() {
                        break;
                    } else if let Some(place) = entry {
                        self.go_back(place);
                        break;
                    }
                }
                Kind::Word if !matches!(self.last_kind, Kind::Member | Kind::Access) => {
                    if self.word().eq_ignore_ascii_case("fn") {
                        arrow_functions += 1;
                    }
                    if token.first && inner != Some(b'{') && self.starts_return() {
                        break;
                    }
                }
                Kind::Text | Kind::Number
                    if inner.is_none() && token.first && self.follows_operand(start) =>
                {
                    break;
                }
                _ => {}
            }
            match token.kind {
                Kind::Mark(b',') => comma = Some(self.place()),
                Kind::Text | Kind::Number => entry = comma.or_else(|| Some(self.place())),
                _ => (comma, entry) = (None, None),
            }
            self.bump();
        }
        if let Some(&(bracket, at)) = open.last() {
            self.unclosed(bracket, at);
        }
        self.node(start, NodeKind::Expression)
    }

    /// Whether a `return` stands here: what is open before it was never closed.
    pub(super) fn starts_return(&self) -> bool {
        self.word().eq_ignore_ascii_case("return")
    }

    /// Whether the token in hand stands right behind a value, which no value may.
    fn follows_operand(&self, start: usize) -> bool {
        self.token.start > start
            && matches!(
                self.last_kind,
                Kind::Text | Kind::Number | Kind::Variable | Kind::Mark(b')' | b']' | b'}')
            )
    }

    fn last_word_is_array(&self) -> bool {
        let end = self.last_end;
        let is = |name: &str| {
            let word = end.checked_sub(name.len()).and_then(|start| self.text.get(start..end));
            word.is_some_and(|word| word.eq_ignore_ascii_case(name))
        };
        is("array") || is("list")
    }

    fn unclosed(&mut self, bracket: u8, at: usize) {
        let message = match bracket {
            b'[' => "`[` is never closed",
            b'{' => "`{` is never closed",
            _ => "`(` is never closed",
        };
        self.problem(at, at + 1, message);
    }
}

fn closes(bracket: u8, closer: u8) -> bool {
    match bracket {
        b'[' => closer == b']',
        b'{' => closer == b'}',
        _ => closer == b')',
    }
}
