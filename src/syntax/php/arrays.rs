//! PHP arrays, and how reading goes on where one is broken.
//!
//! An array without any key is a sequence, an empty one as well; with any key it is a mapping, in which an item without a key gets the index
//! PHP gives it, at an empty span before its value.

use super::items::Items;
use super::lexer::{Kind, Token};
use super::merging::Merge;
use super::parser::Parser;
use super::tables;
use crate::source::Location;
use crate::syntax::{Node, NodeKind};

/// What a closing bracket closes.
enum Closes {
    Own,
    Outer,
    Nothing,
}

impl Parser<'_> {
    /// Reads an array whose bracket is in hand; `array` may have stood before it, at `start`.
    pub(super) fn array(&mut self, start: usize) -> Node {
        let closer = if self.token.kind == Kind::Mark(b'[') { b']' } else { b')' };
        if !self.enter(closer, true) {
            return self.expression(start, Vec::new());
        }
        let mut items = Items::default();
        while !self.array_ends() {
            let token = self.token;
            self.element(&mut items);
            self.separator();
            if self.token.start == token.start {
                self.unexpected(token);
                self.bump();
            }
        }
        self.frames.pop();
        self.node(start, items.into_kind())
    }

    /// Reads the arguments of a function that merges arrays.
    pub(super) fn merge(&mut self, start: usize, merge: Merge) -> Node {
        let open = self.token.start;
        if !self.enter(b')', false) {
            return self.expression(start, Vec::new());
        }
        let mut arguments = Vec::new();
        let mut spread = false;
        while self.token.kind != Kind::Mark(b')') {
            if self.token.kind == Kind::Spread {
                spread = true;
                self.bump();
            }
            let argument = self.value();
            arguments.push(argument);
            if self.token.kind != Kind::Mark(b',') {
                break;
            }
            self.bump();
        }
        self.frames.pop();
        if self.token.kind != Kind::Mark(b')') {
            return self.expression(start, vec![(b'(', open)]);
        }
        self.bump();
        if spread || matches!(self.token.kind, Kind::Mark(b'[') | Kind::Member) {
            return self.expression(start, Vec::new());
        }
        self.node(start, merge.apply(arguments))
    }

    /// Steps over the end of the innermost array, if it stands here, and over what cannot start an element.
    fn array_ends(&mut self) -> bool {
        loop {
            let token = self.token;
            match token.kind {
                Kind::Mark(b',') => {
                    self.problem(token.start, token.end, "`,` without an entry before it");
                    self.bump();
                }
                Kind::Mark(mark @ (b']' | b')')) => match self.closes(mark) {
                    Closes::Own => {
                        let right = self.frames.last().is_some_and(|own| own.closer == mark);
                        self.bump();
                        if self.frames.len() > 1 || !self.goes_on(right) {
                            self.unbalanced |= !right;
                            if !right {
                                self.problem(token.start, token.end, wrong_closer(mark));
                            }
                            return true;
                        }
                        self.surplus(token);
                    }
                    Closes::Outer => return self.cut_here(),
                    Closes::Nothing => {
                        self.bump();
                        self.surplus(token);
                    }
                },
                Kind::Mark(b';') if self.entry_follows() => {
                    self.problem(token.start, token.end, "`;` in the place of a `,`");
                    self.bump();
                }
                Kind::Mark(b'}') if self.entry_follows() => {
                    self.unexpected(token);
                    self.bump();
                    if self.token.kind == Kind::Mark(b',') {
                        self.bump();
                    }
                }
                Kind::Mark(b';' | b'}') | Kind::CloseTag | Kind::Html | Kind::Eof => {
                    return self.cut_here();
                }
                Kind::Word if token.first && self.starts_return() => return self.cut_here(),
                Kind::Text | Kind::Number | Kind::Word if self.is_outdented(token) => {
                    return self.cut_here();
                }
                _ => return false,
            }
        }
    }

    fn closes(&self, closer: u8) -> Closes {
        let Some((own, outer)) = self.frames.split_last() else { return Closes::Own };
        if self.by_indent && self.token.first && self.token.indent != own.indent {
            let indent = self.token.indent;
            if indent > own.indent {
                return Closes::Nothing;
            }
            if outer.iter().any(|frame| frame.indent == indent) {
                return Closes::Outer;
            }
        }
        let expected = outer.last().is_some_and(|frame| frame.closer == closer);
        // Within a line the wrong bracket was typed; over several, one was forgotten.
        let typed = own.line == self.lexer.line && self.second().kind != Kind::Mark(b';');
        if closer != own.closer && expected && !typed { Closes::Outer } else { Closes::Own }
    }

    /// Notes a bracket that closes nothing, and steps over the comma behind it.
    fn surplus(&mut self, token: Token) {
        let square = token.kind == Kind::Mark(b']');
        let message = if square { "`]` closes nothing" } else { "`)` closes nothing" };
        self.problem(token.start, token.end, message);
        self.unbalanced = true;
        if self.token.kind == Kind::Mark(b',') {
            self.bump();
        }
    }

    /// Ends the innermost array before the token in hand although nothing closes it.
    fn cut_here(&mut self) -> bool {
        if let Some(own) = self.frames.last()
            && self.cut != Some(self.token.start)
        {
            let (open, square) = (own.open, own.closer == b']');
            let message = if square { "`[` is never closed" } else { "`(` is never closed" };
            self.problem(open, open + 1, message);
        }
        self.cut = Some(self.token.start);
        self.unbalanced = true;
        true
    }

    /// Whether, behind what closed the outermost array, entries go on.
    fn goes_on(&self, right: bool) -> bool {
        if !right {
            return !matches!(self.token.kind, Kind::Mark(b';') | Kind::CloseTag | Kind::Eof);
        }
        let mut ahead = self.lexer;
        let mut token = self.token;
        for _ in 0..8 {
            if !matches!(token.kind, Kind::Mark(b']' | b')')) {
                break;
            }
            token = ahead.next();
        }
        let comma = token.kind == Kind::Mark(b',');
        if comma {
            token = ahead.next();
        }
        let closes = matches!(token.kind, Kind::Mark(b']' | b')'));
        matches!(token.kind, Kind::Text | Kind::Number) || comma && closes
    }

    /// Whether, behind a mark that ends a statement, the array goes on.
    fn entry_follows(&self) -> bool {
        let mut ahead = self.lexer;
        let mut token = ahead.next();
        if token.kind == Kind::Mark(b',') {
            token = ahead.next();
        }
        match token.kind {
            Kind::Text | Kind::Number => ahead.next().kind == Kind::Arrow,
            Kind::Arrow | Kind::Mark(b']' | b')') => true,
            _ => false,
        }
    }

    /// Whether a key stands no deeper than the line that opened its array, so that it belongs further out.
    fn is_outdented(&self, token: Token) -> bool {
        let Some((own, outer)) = self.frames.split_last() else { return false };
        self.by_indent
            && token.first
            && token.indent <= own.indent
            && outer.last().is_some_and(|frame| frame.array)
    }

    fn unexpected(&mut self, token: Token) {
        self.problem(token.start, token.end, "unexpected text in an array");
    }

    fn element(&mut self, items: &mut Items) {
        while self.is_infix() {
            let Token { start, end, .. } = self.token;
            self.problem(start, end, "operator without a value before it");
            self.bump();
        }
        if self.token.kind == Kind::Spread {
            self.bump();
            return self.spread(items);
        }
        if self.token.kind == Kind::Arrow {
            let Token { start, end, .. } = self.token;
            self.problem(start, end, "key is missing before `=>`");
            self.bump();
            let value = self.value();
            let key = Node::new(Location::new(self.id, start, end), NodeKind::Expression);
            return items.lost(key, value);
        }
        if matches!(self.token.kind, Kind::Mark(b',' | b')' | b']' | b';' | b'}') | Kind::Eof) {
            return;
        }
        let mut node = self.value();
        loop {
            let arrow = self.token;
            match arrow.kind {
                Kind::Arrow => {}
                Kind::Mark(b'=' | b':') | Kind::Member if node.as_str().is_some() => {
                    self.problem(arrow.start, arrow.end, "`=>` expected behind a key");
                }
                _ => return items.push(node),
            }
            self.bump();
            while self.token.kind == Kind::Arrow || self.token.kind == Kind::Mark(b'>') {
                self.problem(self.token.start, self.token.end, "value is missing before `=>`");
                self.bump();
            }
            let end = node.at.span.range().end;
            let nothing = Node::new(Location::new(self.id, end, end), NodeKind::Null);
            let separated = matches!(
                self.token.kind,
                Kind::Mark(b',' | b']' | b')' | b';' | b'}') | Kind::CloseTag | Kind::Eof
            );
            if separated {
                self.problem(arrow.start, arrow.end, "value is missing behind `=>`");
                return self.insert(items, node, nothing);
            }
            let value = self.value();
            if self.token.kind != Kind::Arrow {
                return self.insert(items, node, value);
            }
            // What was read for the value is the next key.
            self.problem(arrow.start, arrow.end, "value is missing behind `=>`");
            self.insert(items, node, nothing);
            node = value;
        }
    }

    fn insert(&self, items: &mut Items, key: Node, value: Node) {
        let written = self.text.get(key.at.span.range()).unwrap_or_default();
        items.keyed(tables::as_key(key, written), value);
    }

    /// Reads what `...` spreads.
    fn spread(&mut self, items: &mut Items) {
        let node = self.value();
        items.spread(node);
    }

    /// Steps over the comma behind an element, or notes what stands there.
    fn separator(&mut self) {
        let token = self.token;
        let starts_entry = match token.kind {
            Kind::Mark(b',') => return self.bump(),
            Kind::Mark(b']' | b')' | b'}' | b';') | Kind::CloseTag | Kind::Html | Kind::Eof => {
                return;
            }
            Kind::Word if token.first && self.starts_return() => return,
            Kind::Text | Kind::Number | Kind::Mark(b'[') | Kind::Spread => true,
            Kind::Word => matches!(self.second().kind, Kind::Arrow | Kind::Mark(b'(')),
            _ => false,
        };
        if self.cut == Some(token.start) {
            return;
        }
        if starts_entry {
            return self.problem(self.last_end, self.last_end, "`,` is missing");
        }
        self.unexpected(token);
        self.expression(token.start, Vec::new());
        if self.token.kind == Kind::Mark(b',') {
            self.bump();
        }
    }
}

fn wrong_closer(closer: u8) -> &'static str {
    if closer == b']' {
        "`]` closes an array that `(` opened"
    } else {
        "`)` closes an array that `[` opened"
    }
}
