//! PHP code in the place of a value: stepped over, never run.

use super::effects::assigns;
use super::lexer::{Kind, Lexer, Token};
use super::parser::Parser;
use crate::syntax::{Node, NodeKind};

/// A parenthesis behind `array` or `list`, where `=>` may stand.
const ARRAY: u8 = b'A';

/// What is said of a brace where a value should start: nobody reads what stands in it.
pub(super) const BRACE: &str = "a value is expected here, and `{` starts none";

/// Words that take all that follows, or that bind it less than `?` does.
const GREEDY: &[&str] = &[
    "and",
    "fn",
    "include",
    "include_once",
    "or",
    "print",
    "require",
    "require_once",
    "throw",
    "xor",
    "yield",
];

/// Words that a string or number may follow.
const PREFIXES: &[&str] = &[
    "and",
    "as",
    "case",
    "clone",
    "echo",
    "from",
    "include",
    "include_once",
    "instanceof",
    "new",
    "or",
    "print",
    "require",
    "require_once",
    "return",
    "throw",
    "xor",
    "yield",
];

impl Parser<'_> {
    /// Steps over code up to what separates it from the next value. `open` holds the brackets in front of it, each with its place.
    pub(super) fn expression(&mut self, start: usize, mut open: Vec<(u8, usize)>) -> Node {
        let mut arrow_functions = 0_usize;
        let mut comma = None;
        // Where the entry would start that the next token may be the key of.
        let mut entry = None;
        let first = self.token;
        if first.start == start {
            self.refuse_start(first);
        }
        // Whether all that follows belongs to what stands before it.
        let mut takes_all = start < first.start && self.takes_all_between(start, first.start);
        let mut questions = 0_usize;
        // Whether a function has no body yet: a `:` stands before its type.
        let mut declares = false;
        // What was read before the last token, and before that.
        let mut before = [Kind::Eof; 2];
        loop {
            let token = self.token;
            let inner = open.last().map(|&(bracket, _)| bracket);
            match token.kind {
                Kind::Eof | Kind::CloseTag | Kind::Html => break,
                Kind::Mark(b'(') => {
                    let array = self.last_kind == Kind::Word && self.last_word_is_array();
                    open.push((if array { ARRAY } else { b'(' }, token.start));
                }
                Kind::Mark(bracket @ (b'[' | b'{')) => {
                    declares &= bracket == b'[';
                    open.push((bracket, token.start));
                }
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
                // A condition ends here, unless what stands before it takes all that follows.
                Kind::Mark(b'?') if inner.is_none() && !takes_all => break,
                Kind::Mark(b':') if inner.is_none() && declares => declares = false,
                Kind::Mark(b':') if inner.is_none() && questions == 0 => break,
                Kind::Operator if inner.is_none() && !takes_all && self.word() == "??" => break,
                Kind::Mark(b'?') if inner.is_none() => questions += 1,
                Kind::Mark(b':') if inner.is_none() => questions -= 1,
                Kind::Mark(b'=') if inner.is_none() => takes_all = true,
                Kind::Operator if inner.is_none() => takes_all |= assigns(self.word()),
                Kind::Arrow if matches!(inner, None | Some(b'(')) => {
                    declares = false;
                    if arrow_functions > 0 {
                        arrow_functions -= 1;
                    } else if inner.is_none() {
                        break;
                    } else if let Some(place) = entry {
                        self.unbalanced = true;
                        self.go_back(place);
                        break;
                    }
                }
                Kind::Word if !matches!(self.last_kind, Kind::Member | Kind::Access) => {
                    let is_arrow = self.is_word(&["fn"]);
                    arrow_functions += usize::from(is_arrow);
                    declares |= inner.is_none() && (is_arrow || self.is_word(&["function"]));
                    takes_all |= inner.is_none() && self.is_word(GREEDY);
                    if self.calls(start, &open) {
                        open.push((b'(', self.last_end));
                        continue;
                    }
                    if token.first && inner != Some(b'{') && self.starts_return() {
                        break;
                    }
                }
                Kind::Text | Kind::Number
                    if inner.is_none() && token.start > start && self.starts_entry() =>
                {
                    break;
                }
                _ => {}
            }
            let cast = before == [Kind::Mark(b'('), Kind::Word];
            if token.start > start && inner != Some(b'{') && !cast && self.lacks_operator() {
                self.problem(token.start, token.end, "unexpected text behind a value");
            }
            if token.start > start && self.is_infix() && self.follows_operator() {
                self.problem(token.start, token.end, "operator without a value before it");
            }
            before = [before[1], self.last_kind];
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
        if self.last_end > start && matches!(self.last_kind, Kind::Mark(mark) if is_operator(mark))
        {
            self.problem(self.last_end - 1, self.last_end, "operator without a value behind it");
        }
        self.forget_between(start, self.last_end);
        self.node(start, NodeKind::Expression)
    }

    /// Says what is wrong with a value that starts here.
    fn refuse_start(&mut self, first: Token) {
        if self.is_infix() {
            self.problem(first.start, first.end, "operator without a value before it");
        }
        if first.kind == Kind::Mark(b'{') {
            self.problem(first.start, first.end, BRACE);
        }
    }

    /// Reads a call of `putenv` or `define` up to the last of its arguments; what may not run may not set.
    fn calls(&mut self, start: usize, open: &[(u8, usize)]) -> bool {
        let name = self.word().trim_start_matches('\\');
        let puts = name.eq_ignore_ascii_case("putenv");
        let known = puts || name.eq_ignore_ascii_case("define");
        if !known || !self.fits() || self.second().kind != Kind::Mark(b'(') {
            return false;
        }
        if open.iter().any(|&(bracket, _)| bracket == b'{') {
            return false;
        }
        let starts =
            matches!(self.last_kind, Kind::Mark(b';' | b'{' | b'}' | b'@') | Kind::CloseTag);
        let alone = open.is_empty() && starts && self.token.start <= start + 1;
        self.bump();
        self.blocks += 1;
        if puts {
            self.put(self.branches > 0 || !alone);
        } else {
            self.defined(!alone);
        }
        self.blocks -= 1;
        true
    }

    /// Whether what was stepped over takes all that follows.
    fn takes_all_between(&self, start: usize, end: usize) -> bool {
        let near = end.min(start.saturating_add(4096));
        let mut lexer = Lexer::within(self.text, start, near);
        let mut depth = 0_usize;
        loop {
            let token = lexer.next();
            match token.kind {
                Kind::Eof => return end > near,
                Kind::Mark(b'(' | b'[' | b'{') => depth += 1,
                Kind::Mark(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
                Kind::Word if depth == 0 => {
                    let word = self.slice(token);
                    if GREEDY.iter().any(|known| word.eq_ignore_ascii_case(known)) {
                        return true;
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether the token in hand needs a value on its left.
    pub(super) fn is_infix(&self) -> bool {
        match self.token.kind {
            Kind::Mark(mark) => is_operator(mark) && !matches!(mark, b'+' | b'-'),
            Kind::Operator => !matches!(self.word().as_bytes().first(), Some(b'`' | b'+' | b'-')),
            _ => false,
        }
    }

    /// Whether what was read last needs a value behind it; `?:` and the type `?x` are written without one.
    fn follows_operator(&self) -> bool {
        let Kind::Mark(last) = self.last_kind else { return false };
        is_operator(last)
            && !matches!((last, self.token.kind), (b'?' | b':', Kind::Mark(b':' | b'?')))
    }

    /// Whether the value in hand follows a value.
    fn lacks_operator(&self) -> bool {
        let value = matches!(self.token.kind, Kind::Text | Kind::Number);
        match self.last_kind {
            Kind::Text | Kind::Number | Kind::Variable | Kind::Mark(b')' | b']') => {
                value || self.token.kind == Kind::Variable
            }
            Kind::Word => value && !PREFIXES.iter().any(|word| self.last_word_is(word)),
            _ => false,
        }
    }

    /// Whether a `return` stands here: what is open before it was never closed.
    pub(super) fn starts_return(&self) -> bool {
        self.word().eq_ignore_ascii_case("return")
    }

    /// Whether the string or number in hand stands behind a value, which none may, and so belongs to the next entry.
    fn starts_entry(&self) -> bool {
        let behind = matches!(
            self.last_kind,
            Kind::Text | Kind::Number | Kind::Variable | Kind::Mark(b')' | b']' | b'}')
        );
        let keyed = || self.second().kind == Kind::Arrow;
        behind && self.token.first || (behind || self.lacks_operator()) && keyed()
    }

    fn last_word_is_array(&self) -> bool {
        self.last_word_is("array") || self.last_word_is("list")
    }

    fn last_word_is(&self, word: &str) -> bool {
        let end = self.last_end;
        let last = end.checked_sub(word.len()).and_then(|start| self.text.get(start..end));
        last.is_some_and(|last| last.eq_ignore_ascii_case(word))
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

/// Whether a mark needs a value on its right; all but the signs need one on their left as well.
fn is_operator(mark: u8) -> bool {
    b".+-*/%|^=<>?:".contains(&mark)
}
