//! Branches, loops, `switch` and `try`: what each path knows, and what all of them do.

use super::lexer::Kind;
use super::parser::Parser;

impl Parser<'_> {
    /// Steps over what stands in parentheses, a condition or the head of a loop.
    pub(super) fn head(&mut self) {
        if self.token.kind != Kind::Mark(b'(') {
            return;
        }
        let start = self.token.start;
        let mark = self.problems.len();
        let mut depth = 0_usize;
        loop {
            match self.token.kind {
                Kind::Mark(b'(' | b'[' | b'{') => depth += 1,
                Kind::Mark(b')' | b']' | b'}') => depth -= 1,
                Kind::Word if self.token.first && self.starts_return() => break,
                Kind::Eof | Kind::CloseTag => break,
                _ => {}
            }
            self.bump();
            if depth == 0 {
                break;
            }
        }
        self.problems.truncate(mark);
        self.forget_between(start, self.last_end);
    }

    /// Reads what runs only sometimes: one statement, a block, or statements up to some words.
    fn body(&mut self, words: &[&str]) {
        self.branches += 1;
        match self.token.kind {
            Kind::Mark(b':') => {
                self.bump();
                self.statements(false, words);
            }
            Kind::Mark(b'{') => self.block(),
            _ => {
                let start = self.token.start;
                self.statement();
                if self.token.kind == Kind::Mark(b';') && self.token.start > start {
                    self.bump();
                }
            }
        }
        self.branches -= 1;
    }

    pub(super) fn branch(&mut self) {
        let ends = ["elseif", "else", "endif"];
        self.bump();
        self.head();
        let mut around = self.scope.clone();
        self.body(&ends);
        let mut met = std::mem::replace(&mut self.scope, around);
        while self.is_word(&["elseif", "else"]) {
            let ends_here = self.is_word(&["else"]);
            self.bump();
            let conditional = !ends_here || self.is_word(&["if"]);
            if ends_here && conditional {
                self.bump();
            }
            if conditional {
                self.head();
                around = self.scope.clone();
                self.body(&ends);
                let after = std::mem::replace(&mut self.scope, around);
                met = self.meet(met, after);
            } else {
                self.body(&ends);
                break;
            }
        }
        if self.is_word(&["endif"]) {
            self.bump();
        }
        self.meet_here(met);
    }

    pub(super) fn looped(&mut self, word: &str) {
        let start = self.token.start;
        let end = self.end_of_loop(word == "do");
        let names = self.written(start, end);
        for name in &names {
            self.forget(name);
        }
        self.bump();
        if word != "do" {
            self.head();
        }
        let before = self.scope.clone();
        self.breaks.push(None);
        let ends = [format!("end{word}")];
        self.body(&ends.each_ref().map(String::as_str));
        if self.is_word(&ends.each_ref().map(String::as_str)) {
            self.bump();
        }
        if word == "do" && self.is_word(&["while"]) {
            self.bump();
            self.head();
        }
        self.meet_here(before);
        self.left();
        for name in &names {
            self.forget(name);
        }
    }

    /// Where a loop ends at the latest: behind its braces, or else with what is around it.
    fn end_of_loop(&mut self, mut alternative: bool) -> usize {
        let start = self.token.start;
        let end = start.saturating_add(self.ahead).min(self.text.len());
        let mut ahead = self.lexer;
        let mut depth = 0_usize;
        let mut parentheses = 0_usize;
        let found = loop {
            let token = ahead.next();
            match token.kind {
                Kind::Mark(b'(') => parentheses += 1,
                Kind::Mark(b')') => parentheses = parentheses.saturating_sub(1),
                Kind::Mark(b':' | b';') if depth == 0 && parentheses == 0 => alternative = true,
                Kind::Mark(b'{') => depth += 1,
                Kind::Mark(b'}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && parentheses == 0 && !alternative {
                        break token.end;
                    }
                }
                Kind::Eof => break token.end,
                _ if token.end > end => break self.text.len(),
                _ => {}
            }
        };
        self.ahead = self.ahead.saturating_sub(found.min(end).saturating_sub(start));
        found
    }

    pub(super) fn switch(&mut self) {
        self.bump();
        self.head();
        let braced = self.token.kind == Kind::Mark(b'{');
        self.bump();
        let start = self.scope.clone();
        self.scope.dead = true;
        self.breaks.push(None);
        self.branches += 1;
        let mut has_default = false;
        loop {
            let from = self.token.start;
            self.statements(braced, &["case", "default", "endswitch"]);
            if !self.is_word(&["case", "default"]) {
                break;
            }
            has_default |= self.is_word(&["default"]);
            while !matches!(self.token.kind, Kind::Mark(b':' | b';' | b'}') | Kind::Eof) {
                self.bump();
            }
            self.forget_between(from, self.last_end);
            self.meet_here(start.clone());
        }
        self.branches -= 1;
        if self.token.kind == Kind::Mark(b'}') || self.is_word(&["endswitch"]) {
            self.bump();
        }
        if !has_default {
            self.meet_here(start);
        }
        self.left();
    }

    pub(super) fn attempt(&mut self) {
        let start = self.token.start;
        self.bump();
        let mut before = self.scope.clone();
        self.body(&[]);
        let names = self.written(start, self.last_end);
        let mut met = std::mem::take(&mut self.scope);
        // What failed may have written any part of it.
        self.scope = before;
        for name in &names {
            self.forget(name);
        }
        before = std::mem::take(&mut self.scope);
        while self.is_word(&["catch"]) {
            self.bump();
            self.scope = before.clone();
            self.head();
            self.body(&[]);
            let after = std::mem::take(&mut self.scope);
            met = self.meet(met, after);
        }
        self.scope = met;
        if self.is_word(&["finally"]) {
            self.bump();
            let dead = self.scope.dead;
            if dead {
                self.scope = before;
            }
            self.body(&[]);
            self.scope.dead |= dead;
        }
    }

    /// Notes what is known where a loop or `switch` is left.
    pub(super) fn leave(&mut self, at: usize) {
        let now = self.scope.clone();
        let Some(slot) = self.breaks.get_mut(at) else { return };
        let known = slot.take();
        let met = known.map_or(now.clone(), |known| self.meet(known, now));
        if let Some(slot) = self.breaks.get_mut(at) {
            *slot = Some(met);
        }
    }

    /// Goes on behind a loop or `switch`.
    fn left(&mut self) {
        if let Some(left) = self.breaks.pop().flatten() {
            self.meet_here(left);
        }
    }
}
