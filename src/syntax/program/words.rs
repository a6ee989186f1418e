//! The words of PowerShell's commands.
//!
//! Source: Microsoft's PowerShell documentation, `about_Parsing`, *argument mode*, `about_Splatting`.

use super::language::Program;
use super::parser::Parser;
use super::token::word;
use super::tree::{At, Expression, Part, Statement, What};

impl Parser<'_> {
    /// The words of a command, and of those that it is piped to; with the statements of the blocks that they are given.
    pub(super) fn command(&mut self) -> Vec<Statement> {
        let mut found = Vec::new();
        let mut words: Vec<Expression> = Vec::new();
        let mut blocks = Vec::new();
        loop {
            self.at = self.lexer.skipped(self.at);
            let rest = self.slice(self.at..self.lexer.end);
            let first = rest.chars().next();
            match first {
                None | Some('\n' | ';' | '}' | ')') => break,
                Some('|' | '&') => {
                    let is_call = rest.starts_with("& ") && words.is_empty()
                        || rest.starts_with("&$")
                        || rest.starts_with("&'")
                        || rest.starts_with("&\"");
                    self.at += rest.len() - rest.trim_start_matches(['|', '&']).len();
                    if !is_call {
                        found.push(Statement::Words(std::mem::take(&mut words)));
                        found.append(&mut blocks);
                        self.lines();
                    }
                }
                Some(',') => self.at += 1,
                Some('{') => {
                    self.bump();
                    let start = self.at - 1;
                    let block = self.script_block(start);
                    words.push(Expression::unknown(block.at));
                    if let What::Block(body) = block.what {
                        blocks.push(Statement::Block(body));
                    }
                }
                _ => {
                    let before = self.at;
                    words.extend(self.command_word());
                    if self.at == before {
                        self.bump();
                    }
                }
            }
        }
        found.push(Statement::Words(words));
        found.extend(blocks);
        found
    }

    /// One word of a command, as it is written up to a blank.
    fn command_word(&mut self) -> Option<Expression> {
        let start = self.at;
        let mut parts: Vec<Part> = Vec::new();
        let mut only: Option<Expression> = None;
        let mut count = 0;
        loop {
            let rest = self.slice(self.at..self.lexer.end);
            let Some(first) = rest.chars().next() else { break };
            if first.is_whitespace() || ";|,)}{".contains(first) || first == '&' && count > 0 {
                break;
            }
            count += 1;
            let from = self.at;
            let is_splat = first == '@'
                && count == 1
                && rest
                    .get(1..)
                    .is_some_and(|name| name.starts_with(|next: char| next.is_alphabetic()));
            if is_splat {
                let name = rest.get(1..).unwrap_or_default();
                let length = word(Program::PowerShell, name);
                let at = from + 1..from + 1 + length;
                self.at = at.end;
                let name = self.slice(at.clone()).to_ascii_lowercase();
                let value = Expression { at, what: What::Name(name) };
                only = Some(Expression {
                    at: from..self.at,
                    what: What::Call("@".to_owned(), vec![value]),
                });
                continue;
            }
            if "'\"$(".contains(first) || rest.starts_with("@{") || rest.starts_with("@(") {
                let value = self.operand();
                if self.at == from {
                    self.at += first.len_utf8();
                }
                if let What::Text(more) = value.what {
                    parts.extend(more);
                } else {
                    only = Some(value.clone());
                    parts.push(Part::Hole(value));
                }
                continue;
            }
            let length = rest
                .find(|letter: char| letter.is_whitespace() || ";|,)}{'\"$(`".contains(letter))
                .unwrap_or(rest.len());
            if length == 0 {
                // An escaped letter.
                let escaped = rest.chars().nth(1);
                self.at += 1 + escaped.map_or(0, char::len_utf8);
                parts.push(Part::Plain(escaped.into_iter().collect(), from..self.at));
                continue;
            }
            self.at += length;
            parts.push(Part::Plain(
                rest.get(..length).unwrap_or_default().to_owned(),
                from..self.at,
            ));
        }
        let at: At = start..self.at;
        match only {
            Some(value) if count == 1 => Some(value),
            _ if count == 0 => None,
            _ => {
                self.texts.push(at.clone());
                Some(Expression { at, what: What::Text(parts) })
            }
        }
    }
}
