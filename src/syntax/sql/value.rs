//! A value: a text with its escapes undone, a number, null, or something that only a server can work out.

use std::ops::Range;

use super::lexer::{Kind, Lexeme};
use super::statement::FOLDED;
use super::{Node, NodeKind, Reader};

impl Reader<'_> {
    /// The value that a column is compared with.
    pub(super) fn operand(&mut self) -> Node {
        self.value(&["and", "or", "limit", "order", "xor", "collate"])
    }

    /// Reads one value, up to a comma, a closing bracket or one of `stops`.
    pub(super) fn value(&mut self, stops: &[&str]) -> Node {
        let start = self.lexer.peek().start;
        let mut end = start;
        let mut depth = 0_usize;
        let mut parts: Vec<Lexeme> = Vec::new();
        let mut is_long = false;
        loop {
            let next = self.lexer.peek();
            match next.kind {
                Kind::End => break,
                Kind::Broken => self.tell_broken(next.range()),
                Kind::Sign(b',' | b')') if depth == 0 => break,
                Kind::Word if depth == 0 && stops.contains(&self.name(next).as_str()) => break,
                Kind::Sign(b'(') => depth += 1,
                Kind::Sign(b')') => depth -= 1,
                _ => {}
            }
            self.lexer.next();
            end = next.end;
            if parts.len() < FOLDED {
                parts.push(next);
            } else {
                is_long = true;
            }
        }
        let kind = if is_long { NodeKind::Expression } else { self.fold(&parts, start..end) };
        self.node(start..end, kind)
    }

    fn fold(&self, parts: &[Lexeme], at: Range<usize>) -> NodeKind {
        let kinds: Vec<Kind> = parts.iter().map(|part| part.kind).collect();
        let first = parts.first().map(|&part| self.name(part)).unwrap_or_default();
        match kinds.as_slice() {
            [] => NodeKind::Null,
            [Kind::Word] if first == "null" => NodeKind::Null,
            [Kind::Word] if first == "true" || first == "false" => NodeKind::Scalar(first),
            [Kind::Number] | [Kind::Sign(b'-' | b'+'), Kind::Number] => {
                NodeKind::Scalar(self.lexer.slice(at).to_owned())
            }
            // An introducer names the character set: `_utf8mb4'…'`, `N'…'`.
            [Kind::Word, rest @ ..]
                if (first.starts_with('_') || first == "n")
                    && !rest.is_empty()
                    && all_texts(rest) =>
            {
                self.texts(parts)
            }
            [Kind::Word, Kind::Sign(b'('), inner @ .., Kind::Sign(b')')]
                if first == "concat" && is_list_of_texts(inner) =>
            {
                self.texts(parts)
            }
            kinds if all_texts(kinds) => self.texts(parts),
            _ => NodeKind::Expression,
        }
    }

    fn texts(&self, parts: &[Lexeme]) -> NodeKind {
        let texts = parts.iter().filter(|part| part.kind == Kind::Text);
        NodeKind::Scalar(texts.map(|part| unescaped(self.lexer.slice(part.range()))).collect())
    }
}

fn all_texts(kinds: &[Kind]) -> bool {
    kinds.iter().all(|kind| *kind == Kind::Text)
}

fn is_list_of_texts(kinds: &[Kind]) -> bool {
    kinds.len() % 2 == 1
        && kinds.iter().enumerate().all(|(index, kind)| {
            if index % 2 == 0 { *kind == Kind::Text } else { *kind == Kind::Sign(b',') }
        })
}

/// A string without its quotes and escapes.
///
/// Source: the reference manual of `MySQL`, *String Literals*.
fn unescaped(quoted: &str) -> String {
    let quote = quoted.chars().next().unwrap_or('\'');
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character == quote {
            characters.next();
            text.push(quote);
        } else if character == '\\' {
            match characters.next() {
                Some('0') => text.push('\0'),
                Some('b') => text.push('\x08'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('Z') => text.push('\x1a'),
                Some(pattern @ ('%' | '_')) => text.extend(['\\', pattern]),
                Some(other) => text.push(other),
                None => text.push('\\'),
            }
        } else {
            text.push(character);
        }
    }
    text
}
