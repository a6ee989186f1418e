//! Compound commands: branches, loops, tests, functions.

use std::ops::Range;

use super::parser::{MAX_DEPTH, Parser};
use super::tree::{Arm, Case, CaseArm, Kind, List};
use crate::syntax::shell::variables::Variables;

impl Parser<'_> {
    pub(super) fn branches(&mut self, keyword: Range<usize>) -> Option<Kind> {
        let mut arms = Vec::new();
        let mut keyword = keyword;
        loop {
            self.at = keyword.end;
            let is_last = self.slice(&keyword) == "else";
            let (asked, then) = if is_last {
                (None, keyword.clone())
            } else {
                let asked = self.list()?;
                (Some(asked), self.expect("then")?)
            };
            let body = self.list()?;
            self.lines();
            let next = self.peek();
            arms.push(Arm { keyword, asked, then, body, end: next.start });
            match self.slice(&next) {
                "fi" => {
                    self.at = next.end;
                    return Some(Kind::If(arms, next));
                }
                "elif" | "else" if !is_last => keyword = next,
                _ => return None,
            }
        }
    }

    pub(super) fn case(&mut self, word: &Range<usize>) -> Option<Kind> {
        self.at = word.end;
        let subject = self.peek();
        self.at = subject.end;
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.lines();
            if self.next_is("esac") {
                let end = self.peek();
                self.at = end.end;
                return Some(Kind::Case(Case { subject, arms, end }));
            }
            let start = self.at;
            if self.byte(0) == Some(b'(') {
                self.at += 1;
            }
            let mut patterns = Vec::new();
            loop {
                let pattern = self.peek();
                (!pattern.is_empty()).then_some(())?;
                self.at = pattern.end;
                patterns.push(pattern);
                self.blanks();
                match self.byte(0)? {
                    b'|' => self.at += 1,
                    b')' => break,
                    _ => return None,
                }
            }
            self.at += 1;
            let head = start..self.at;
            let body = self.list()?;
            self.lines();
            let end = self.at;
            let signs = [";;&", ";;", ";&"];
            let sign = signs.iter().find(|sign| self.rest().starts_with(**sign));
            match sign {
                Some(&";;") => self.at += 2,
                None if self.next_is("esac") => {}
                // What falls through is of two arms.
                _ => return None,
            }
            arms.push(CaseArm { patterns, body, head, end: end..self.at.min(end + 2).max(end) });
        }
    }

    pub(super) fn rounds(&mut self, word: &Range<usize>) -> Option<Kind> {
        self.at = word.end;
        self.blanks();
        if self.rest().starts_with("((") {
            self.at += self.rest().find("))")? + 2;
            self.blanks();
            return Some(Kind::Loop(List::new(), None, self.body()?));
        }
        let name = self.peek();
        self.at = name.end;
        self.lines();
        if self.next_is("in") {
            self.at = self.peek().end;
            loop {
                let item = self.peek();
                if item.is_empty() {
                    break;
                }
                self.at = item.end;
            }
        }
        Some(Kind::Loop(List::new(), Some(name), self.body()?))
    }

    /// `do … done`.
    pub(super) fn body(&mut self) -> Option<List> {
        self.lines();
        if self.byte(0) == Some(b';') {
            self.at += 1;
        }
        self.expect("do")?;
        let body = self.list()?;
        self.expect("done")?;
        Some(body)
    }

    /// `[[ … ]]`.
    pub(super) fn test(&mut self, word: &Range<usize>) -> Option<Kind> {
        self.at = word.end;
        let mut words = vec![word.clone()];
        loop {
            self.lines();
            let start = self.at;
            let range = match self.byte(0)? {
                b'&' | b'|' if self.byte(1) == self.byte(0) => start..start + 2,
                b'(' | b')' | b'<' | b'>' => start..start + 1,
                _ => self.pattern(),
            };
            (!range.is_empty()).then_some(())?;
            self.at = range.end;
            let is_last = self.slice(&range) == "]]";
            words.push(range);
            if is_last {
                return Some(Kind::Test(words));
            }
        }
    }

    /// A word within `[[ … ]]`, where parentheses and bars belong to patterns.
    pub(super) fn pattern(&mut self) -> Range<usize> {
        let start = self.at;
        let mut end = self.peek().end;
        while self.text.as_bytes().get(end).is_some_and(|byte| b"(|)".contains(byte)) {
            end += 1;
            let word = self.words.word(end, &Variables::default());
            end = word.at.end.max(end);
        }
        start..end
    }

    pub(super) fn function(&mut self, name: &Range<usize>) -> Option<Kind> {
        let name = self.slice(name).to_owned();
        self.lines();
        self.depth += 1;
        let body = if self.depth > MAX_DEPTH { None } else { self.command() }?;
        self.depth -= 1;
        Some(Kind::Function(name, Box::new(body)))
    }
}
