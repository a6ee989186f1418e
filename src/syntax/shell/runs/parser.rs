//! Text → the structure of a script. What is no script of this grammar has none: nobody guesses at it.
//!
//! Source: POSIX, *Shell Command Language*, 2.10, *Shell Grammar*; the Bash manual for `[[ … ]]`, `((…))` and `function`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::tree::{Kind, List, Sign, Statement};
use crate::syntax::shell::scanner::assignment;
use crate::syntax::shell::variables::Variables;
use crate::syntax::shell::word::Words;

/// How deep statements nest.
pub const MAX_DEPTH: usize = 48;

/// Words that end what is before them.
const ENDING: [&str; 8] = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// The structure of a script, and the text of here-documents by the start of the command that reads it.
pub struct Script {
    pub list: List,
    pub documents: Vec<(usize, Range<usize>)>,
}

/// Reads a script; none where it has another grammar.
pub fn parse(text: &str) -> Option<Script> {
    let broken = BTreeSet::new();
    let mut parser = Parser {
        text,
        words: Words::new(text, &broken),
        at: 0,
        depth: 0,
        open: Vec::new(),
        documents: Vec::new(),
    };
    let list = parser.list()?;
    let is_whole = parser.at >= text.len() && parser.words.unclosed.is_none();
    is_whole.then_some(Script { list, documents: parser.documents })
}

pub struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) words: Words<'t>,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// Here-documents whose text comes with the next line: the command, the last line, and whether tabs before it go.
    open: Vec<(usize, String, bool)>,
    documents: Vec<(usize, Range<usize>)>,
}

impl<'t> Parser<'t> {
    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes blanks and comments on the line.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.byte(0) {
                Some(b' ' | b'\t' | b'\r' | 0) => self.at += 1,
                Some(b'\\') if self.byte(1) == Some(b'\n') => self.at += 2,
                Some(b'\\') if self.rest().starts_with("\\\r\n") => self.at += 3,
                Some(b'#') => self.at = self.words.line_end(self.at),
                _ => break,
            }
        }
    }

    /// Passes blanks, comments and ends of lines.
    pub(super) fn lines(&mut self) {
        self.blanks();
        while self.byte(0) == Some(b'\n') {
            self.at += 1;
            self.texts();
            self.blanks();
        }
    }

    /// Passes the texts of here-documents.
    fn texts(&mut self) {
        for (reader, end, is_stripped) in std::mem::take(&mut self.open) {
            let start = self.at;
            loop {
                let line = self.text.get(self.at..self.words.line_end(self.at)).unwrap_or_default();
                let bare = if is_stripped { line.trim_start_matches('\t') } else { line };
                let is_last = bare.trim_end_matches('\r') == end || self.at >= self.text.len();
                self.at = (self.at + line.len() + 1).min(self.text.len());
                if is_last {
                    break;
                }
            }
            self.documents.push((reader, start..self.at));
        }
    }

    /// The word that stands next, where one does.
    pub(super) fn peek(&mut self) -> Range<usize> {
        self.blanks();
        let stops = self.byte(0).is_none_or(|byte| b"\n;|&()<>".contains(&byte));
        if stops {
            return self.at..self.at;
        }
        self.words.word(self.at, &Variables::default()).at
    }

    pub(super) fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    pub(super) fn next_is(&mut self, word: &str) -> bool {
        let range = self.peek();
        self.slice(&range) == word
    }

    /// Takes a word that must stand next.
    pub(super) fn expect(&mut self, word: &str) -> Option<Range<usize>> {
        self.lines();
        let range = self.peek();
        (self.slice(&range) == word).then(|| {
            self.at = range.end;
            range
        })
    }

    pub(super) fn list(&mut self) -> Option<List> {
        let mut list = List::new();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        loop {
            self.lines();
            match self.byte(0) {
                None | Some(b')') => break,
                Some(b';') if self.byte(1) == Some(b';') => break,
                Some(b';' | b'&') => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let word = self.peek();
            if ENDING.contains(&self.slice(&word)) {
                break;
            }
            let before = self.at;
            let statement = self.chain()?;
            if self.at == before {
                return None;
            }
            self.blanks();
            // What runs beside the script ends nothing of it.
            let is_beside = self.byte(0) == Some(b'&');
            let at = statement.at.clone();
            list.push(if is_beside {
                Statement { at, kind: Kind::Subshell(vec![statement]) }
            } else {
                statement
            });
        }
        self.depth -= 1;
        Some(list)
    }

    fn chain(&mut self) -> Option<Statement> {
        let first = self.pipe()?;
        let mut more = Vec::new();
        loop {
            self.blanks();
            let sign = match self.rest().get(..2) {
                Some("&&") => Sign::And,
                Some("||") => Sign::Or,
                _ => break,
            };
            let at = self.at..self.at + 2;
            self.at += 2;
            self.lines();
            more.push((sign, at, self.pipe()?));
        }
        let Some((_, _, last)) = more.last() else { return Some(first) };
        let at = first.at.start..last.at.end;
        Some(Statement { at, kind: Kind::Chain(Box::new(first), more) })
    }

    fn pipe(&mut self) -> Option<Statement> {
        let start = self.peek();
        if self.slice(&start) == "!" {
            self.at = start.end;
            self.depth += 1;
            let inner = if self.depth > MAX_DEPTH { None } else { self.pipe() }?;
            self.depth -= 1;
            let at = start.start..inner.at.end;
            return Some(Statement { at, kind: Kind::Not(Box::new(inner)) });
        }
        let first = self.command()?;
        let mut parts = vec![first];
        loop {
            self.blanks();
            if self.byte(0) != Some(b'|') || self.byte(1) == Some(b'|') {
                break;
            }
            self.at += if self.byte(1) == Some(b'&') { 2 } else { 1 };
            self.lines();
            parts.push(self.command()?);
        }
        if parts.len() == 1 {
            return parts.pop();
        }
        let at = parts.first()?.at.start..parts.last()?.at.end;
        Some(Statement { at, kind: Kind::Pipe(parts) })
    }

    pub(super) fn command(&mut self) -> Option<Statement> {
        self.blanks();
        let start = self.at;
        if self.rest().starts_with("((") {
            let end = self.rest().find("))")? + 2;
            self.at += end;
            return Some(Statement { at: start..self.at, kind: Kind::Arithmetic });
        }
        if self.byte(0) == Some(b'(') {
            self.at += 1;
            let list = self.list()?;
            (self.byte(0) == Some(b')')).then(|| self.at += 1)?;
            return self.compound(start, Kind::Subshell(list));
        }
        let word = self.peek();
        let kind = match self.slice(&word) {
            "{" => {
                self.at = word.end;
                let list = self.list()?;
                self.expect("}")?;
                Kind::Group(list)
            }
            "if" => self.branches(word)?,
            "case" => self.case(&word)?,
            "for" | "select" => self.rounds(&word)?,
            "while" | "until" => {
                self.at = word.end;
                let asked = self.list()?;
                Kind::Loop(asked, None, self.body()?)
            }
            "function" => {
                self.at = word.end;
                let name = self.peek();
                self.at = name.end;
                self.blanks();
                if self.rest().starts_with("()") {
                    self.at += 2;
                }
                self.function(&name)?
            }
            "[[" => self.test(&word)?,
            _ => return self.simple(start),
        };
        self.compound(start, kind)
    }

    /// Passes what a compound command reads and writes.
    fn compound(&mut self, start: usize, kind: Kind) -> Option<Statement> {
        let end = self.at;
        loop {
            self.blanks();
            if self.byte(0) == Some(b'&') && self.byte(1) != Some(b'>') {
                break;
            }
            match self.byte(0) {
                Some(b'<' | b'>') => self.redirection(start)?,
                Some(b'0'..=b'9') if matches!(self.byte(1), Some(b'<' | b'>')) => self.at += 1,
                _ => break,
            }
        }
        Some(Statement { at: start..end.max(start), kind })
    }

    fn simple(&mut self, start: usize) -> Option<Statement> {
        let mut words: Vec<Range<usize>> = Vec::new();
        let mut end = start;
        loop {
            self.blanks();
            match self.byte(0) {
                Some(b'&') if self.byte(1) == Some(b'>') => {
                    self.at += 1;
                    self.redirection(start)?;
                }
                None | Some(b'\n' | b';' | b'|' | b'&' | b')') => break,
                Some(b'<' | b'>') => {
                    let is_number =
                        |word: &Range<usize>| self.slice(word).bytes().all(|b| b.is_ascii_digit());
                    if words.last().is_some_and(|last| last.end == self.at && is_number(last)) {
                        words.pop();
                    }
                    self.redirection(start)?;
                }
                Some(b'(') if words.len() == 1 && self.byte(1) == Some(b')') => {
                    let name = words.pop()?;
                    self.at += 2;
                    let kind = self.function(&name)?;
                    return Some(Statement { at: start..self.at, kind });
                }
                Some(b'(') => {
                    let last = words.last_mut().filter(|last| {
                        last.end == self.at
                            && assignment(self.text.get((*last).clone()).unwrap_or_default())
                                .is_some()
                    })?;
                    let from = last.start;
                    self.at += 1;
                    loop {
                        self.lines();
                        if self.byte(0) == Some(b')') {
                            break;
                        }
                        let item = self.peek();
                        (!item.is_empty()).then_some(())?;
                        self.at = item.end;
                    }
                    self.at += 1;
                    if let Some(last) = words.last_mut() {
                        *last = from..self.at;
                    }
                }
                _ => {
                    let word = self.peek();
                    (!word.is_empty()).then_some(())?;
                    self.at = word.end;
                    words.push(word);
                }
            }
            end = self.at;
        }
        Some(Statement { at: start..end, kind: Kind::Command(words) })
    }

    /// Passes what a command reads or writes.
    fn redirection(&mut self, reader: usize) -> Option<()> {
        let rest = self.rest();
        if let Some(document) = rest.strip_prefix("<<").filter(|rest| !rest.starts_with('<')) {
            let is_stripped = document.starts_with('-');
            self.at += 2 + usize::from(is_stripped);
            let word = self.peek();
            let end = self.slice(&word).replace(['"', '\'', '\\'], "");
            self.at = word.end;
            self.open.push((reader, end, is_stripped));
            return (!word.is_empty()).then_some(());
        }
        let signs = rest.bytes().take_while(|byte| b"<>&|".contains(byte)).count();
        self.at += signs;
        if self.byte(0) == Some(b'(') {
            // What a program writes or reads instead of a file.
            self.at += 1;
            self.list()?;
            (self.byte(0) == Some(b')')).then(|| self.at += 1)?;
            return Some(());
        }
        let word = self.peek();
        self.at = word.end;
        (!word.is_empty()).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scripts_are_made_of_is_read() {
        for script in [
            "a b\n",
            "if [ \"$1\" = x ]; then a; elif b; then c; else d; fi > out\n",
            "case $1 in\n a|b) x ;;\n (c*) y;;\n *) z\nesac\n",
            "f() { a; }\nfunction g {\n b\n}\nf && g || exit 1\n",
            "for x in a b; do c; done\nwhile read -r l; do d; done < f\n",
            "cat > f <<EOF\nif then\nEOF\nb\n",
            "A=(x y)\ndeclare -A M=([a]=b)\n(( i++ ))\n( cd x; y ) &\n",
            "[[ $a == b* && ( -f x || $c =~ ^(m|n)$ ) ]] && d\n",
            "a 2>&1 | tee x &> y\ndiff <(a) <(b)\n! a\n",
        ] {
            assert!(parse(script).is_some(), "{script}");
        }
    }

    #[test]
    fn what_is_no_script_has_no_structure() {
        for script in ["if a; then b\n", "case x in\n", "a ) b\n", "fi\n", "echo 'x\n", "f() {\n"] {
            assert!(parse(script).is_none(), "{script}");
        }
    }
}
