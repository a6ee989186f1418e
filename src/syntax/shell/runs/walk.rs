//! What of a script is run, as far as what it is given decides that: what is not run is masked, and so are the words that decided.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::arithmetic;
use super::changes::{WRITING, assign, assigned, forget, forget_arguments, written};
use super::conditions::Compared;
use super::symbol::{Flow, Piece, State, Symbol, symbol, text};
use super::test::Test;
use super::tree::{Kind, List, Statement};
use crate::source::SourceId;
use crate::syntax::beside;
use crate::syntax::shell::files::Files;
use crate::syntax::shell::scanner::assignment;

/// How many statements are looked at, those of functions once for each call.
const MAX_STATEMENTS: usize = 20_000;

/// How deep functions call functions.
const MAX_CALLS: usize = 6;

/// Commands that assign what their words say.
const ASSIGNING: [&str; 5] = ["export", "local", "readonly", "declare", "typeset"];

/// Those of them that make a variable of the function.
const LOCAL: [&str; 3] = ["local", "declare", "typeset"];

/// A walk through a script.
pub struct Walk<'t> {
    pub text: &'t str,
    pub compared: Compared,
    /// What is masked, each with what stands in its place.
    pub masked: Vec<(Range<usize>, &'static str)>,
    /// Whether what is met is masked: the bodies of functions are those of all their calls.
    pub is_masking: bool,
    /// The files of the tree, and the one that is walked through.
    pub files: Option<(&'t Files, SourceId)>,
    functions: BTreeMap<&'t str, &'t Statement>,
    /// What the variables of the functions that are called hide.
    hidden: Vec<BTreeMap<String, Option<Symbol>>>,
    calls: usize,
    statements: usize,
}

impl<'t> Walk<'t> {
    pub fn new(text: &'t str, compared: Compared, is_masking: bool) -> Self {
        Self {
            text,
            compared,
            masked: Vec::new(),
            is_masking,
            files: None,
            functions: BTreeMap::new(),
            hidden: Vec::new(),
            calls: 0,
            statements: 0,
        }
    }

    /// Whether all of the script was looked at.
    pub fn is_whole(&self) -> bool {
        self.statements <= MAX_STATEMENTS
    }

    pub(super) fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The body of a function.
    pub(super) fn function(&self, name: &str) -> Option<&'t Statement> {
        self.functions.get(name).copied()
    }

    pub(super) fn mask(&mut self, range: Range<usize>, with: &'static str) {
        if self.is_masking {
            self.masked.push((range, with));
        }
    }

    /// Walks through statements; says what the last one comes to.
    pub fn list(&mut self, list: &'t List, state: &mut State) -> Option<bool> {
        let mut status = Some(true);
        for (index, statement) in list.iter().enumerate() {
            status = self.statement(statement, state, true);
            if state.flow != Flow::Next {
                if let Some((next, end)) = list.get(index + 1).zip(list.last()) {
                    self.mask(next.at.start..end.at.end, "");
                }
                break;
            }
        }
        status
    }

    pub(super) fn statement(
        &mut self,
        statement: &'t Statement,
        state: &mut State,
        is_sure: bool,
    ) -> Option<bool> {
        self.statements += 1;
        if self.statements > MAX_STATEMENTS {
            state.lose();
            return None;
        }
        match &statement.kind {
            Kind::Command(words) => self.command(words, &statement.at, state),
            Kind::Test(words) => {
                let words: Vec<&str> = words.iter().map(|word| self.slice(word)).collect();
                self.test(words.get(1..words.len() - 1)?, true, state)
            }
            Kind::Not(inner) => self.statement(inner, state, is_sure).map(|is| !is),
            Kind::Pipe(parts) => {
                for part in parts {
                    self.aside(state, |walk, state| walk.statement(part, state, false));
                }
                self.piped(parts, state)
            }
            Kind::Chain(first, more) => self.chain(first, more, state),
            Kind::If(arms, end) => self.branches(arms, end, state),
            Kind::Case(case) => self.case(case, state),
            Kind::Loop(asked, variable, body) => {
                let mut names = Vec::new();
                assigned(self.text, asked, &mut names);
                assigned(self.text, body, &mut names);
                names.extend(variable.iter().map(|name| self.slice(name).to_owned()));
                forget(&names, state);
                self.list(asked, state);
                self.aside(state, |walk, state| walk.list(body, state));
                forget(&names, state);
                None
            }
            Kind::Group(list) => {
                if is_sure {
                    let at = &statement.at;
                    self.mask(at.start..at.start + 1, "");
                    let close = at.end.saturating_sub(1);
                    if self.slice(&(close..at.end)) == "}" {
                        self.mask(close..at.end, ";");
                    }
                }
                self.list(list, state)
            }
            Kind::Subshell(list) => self.aside(state, |walk, state| walk.list(list, state)),
            Kind::Function(name, body) => {
                let known = self.functions.insert(name.as_str(), body);
                // Of two, which one is called depends on the place.
                if known.is_some_and(|known| known.at != body.at) {
                    self.functions.remove(name.as_str());
                }
                Some(true)
            }
            Kind::Arithmetic => {
                let written = self.slice(&statement.at).trim_matches(['(', ')']);
                let names = arithmetic::assigned(written);
                forget(&names, state);
                let is_read = names.is_empty();
                is_read
                    .then(|| arithmetic::number(self.inner(&statement.at), state))?
                    .map(|is| is != 0)
            }
        }
    }

    /// The expression of `(( … ))`.
    fn inner(&self, at: &Range<usize>) -> &'t str {
        let written = self.slice(at);
        written.get(2..written.len().saturating_sub(2)).unwrap_or_default()
    }

    /// What a test comes to; a file of the tree is there.
    fn test(&mut self, words: &[&str], is_pattern: bool, state: &State) -> Option<bool> {
        let files = self.files;
        let is_file = |named: &str| {
            let (files, id) = files?;
            files.named(id, named).map(|_| true)
        };
        let compared = &mut self.compared;
        Test { compared, words, is_pattern, state, is_file: &is_file }.status()
    }

    /// Walks through what changes no variable of the script.
    fn aside<R>(&mut self, state: &State, walk: impl FnOnce(&mut Self, &mut State) -> R) -> R {
        walk(self, &mut state.clone())
    }

    fn command(
        &mut self,
        words: &'t [Range<usize>],
        at: &Range<usize>,
        state: &mut State,
    ) -> Option<bool> {
        let texts: Vec<&str> = words.iter().map(|word| self.slice(word)).collect();
        for word in texts.iter().filter(|word| word.contains("$(")) {
            self.substitution(word, state);
        }
        let assigning = texts.iter().take_while(|word| assignment(word).is_some()).count();
        let (first, rest) = texts.split_first()?;
        if assigning == texts.len() || ASSIGNING.contains(first) {
            if self.calls > 0 && LOCAL.contains(first) && !rest.contains(&"-g") {
                self.hide(rest, state);
            }
            for word in &texts {
                assign(word, state);
            }
            let is_certain = !texts.iter().any(|word| word.contains("$(") || word.contains('`'));
            return is_certain.then_some(true);
        }
        let texts = texts.get(assigning..)?;
        let (first, rest) = texts.split_first().unwrap_or((first, rest));
        match *first {
            "exit" => state.flow = Flow::Exit,
            // `exec {log}> file` opens a file and goes on.
            "exec" if rest.first().is_some_and(|word| !word.starts_with('{')) => {
                state.flow = Flow::Exit;
            }
            "break" => state.flow = Flow::Break,
            "continue" => state.flow = Flow::Continue,
            "return" => {
                state.flow = Flow::Return;
                state.returned = match rest.first() {
                    Some(&"0") => Some(true),
                    Some(word) if word.bytes().all(|byte| byte.is_ascii_digit()) => Some(false),
                    _ => None,
                };
            }
            "true" | ":" | "echo" => return Some(true),
            "printf" if rest.first() != Some(&"-v") => return Some(true),
            "false" => return Some(false),
            "[" | "test" | "/usr/bin/test" | "/usr/bin/[" | "/bin/test" => {
                let end = rest.len() - usize::from(rest.last() == Some(&"]"));
                return self.test(rest.get(..end)?, false, state);
            }
            "." | "source" => self.takes_in(rest.first().copied().unwrap_or_default(), state),
            "shift" => forget_arguments(state),
            "set"
                if rest.first().is_some_and(|word| !word.starts_with(['-', '+']))
                    || rest.contains(&"--") =>
            {
                forget_arguments(state);
            }
            "eval" => state.lose(),
            "grep" | "egrep" | "fgrep" | "expr" => return self.told(first, rest, at, state),
            word if WRITING.contains(&word) => {
                forget(&written(rest), state);
            }
            name if name.contains('$') => {
                return match text(&symbol(name, state))?.as_str() {
                    "true" | ":" => Some(true),
                    "false" => Some(false),
                    _ => None,
                };
            }
            name => return self.call(name, rest, state),
        }
        None
    }

    /// Keeps what variables of a function hide, until that is left.
    fn hide(&mut self, words: &[&str], state: &State) {
        let Some(hidden) = self.hidden.last_mut() else { return };
        for word in words.iter().filter(|word| !word.starts_with('-')) {
            let name = word.split(['=', '+']).next().unwrap_or_default();
            let held = state.variables.get(name).cloned();
            hidden.entry(name.to_owned()).or_insert(held);
        }
    }

    /// Notes the words for which there are files that the script takes in: `. "conf/$1.sh"` beside `conf/production.sh`.
    fn takes_in(&mut self, written: &str, state: &State) {
        let Some((files, id)) = self.files else { return };
        let Some(mut symbol) = symbol(written, state) else { return };
        if let Some(Piece::Text(start)) = symbol.first_mut()
            && let Some((before, name)) = start.rsplit_once('/')
            && let Some(folder) = beside("", before)
        {
            *start = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        }
        if let Some(whole) = text(&Some(symbol.clone())) {
            self.compared.common.insert(whole);
            return;
        }
        // It stands beneath the script's folder or where that is run, at the root.
        let folder = match files.folder(id) {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let start = match symbol.first() {
            Some(Piece::Text(start)) => start.trim_start_matches("./").to_owned(),
            _ => String::new(),
        };
        for above in BTreeSet::from([folder.as_str(), ""]) {
            for path in files.starting(&format!("{above}{start}")) {
                let path = path.strip_prefix(above).unwrap_or(path);
                for path in [path.to_owned(), format!("./{path}")] {
                    self.compared.file(&symbol, &path, written);
                }
            }
        }
    }

    /// Walks through the functions that a word calls for what they say: `$(space_for "$1")`.
    fn substitution(&mut self, word: &str, state: &State) {
        for inner in word.split("$(").skip(1) {
            let words: Vec<&str> =
                inner.split(')').next().unwrap_or_default().split_whitespace().collect();
            if let Some((name, arguments)) = words.split_first() {
                self.aside(state, |walk, state| walk.call(name, arguments, state));
            }
        }
    }

    /// Walks through a function with what it is given.
    fn call(&mut self, name: &str, arguments: &[&str], state: &mut State) -> Option<bool> {
        let body = self.functions.get(name).copied()?;
        if self.calls >= MAX_CALLS {
            state.lose();
            return None;
        }
        let own: BTreeMap<String, _> = (1..=9)
            .map(|number: usize| (number.to_string(), state.get(&number.to_string())))
            .collect();
        let passes_all = matches!(arguments, ["\"$@\"" | "$@" | "\"$*\"" | "$*" | "\"${@}\""]);
        let count = state.variables.get("#").cloned();
        if !passes_all {
            let is_told = !arguments.iter().any(|word| word.contains(['@', '*']));
            let told = is_told.then(|| vec![Piece::Text(arguments.len().to_string())]);
            state.variables.insert("#".to_owned(), told);
            for number in 1..=9 {
                let given = arguments.get(number - 1).map(|word| symbol(word, state));
                // Nothing is given.
                let given = given.unwrap_or_else(|| Some(vec![Piece::Text(String::new())]));
                let is_open = arguments.iter().any(|word| word.contains('@') && word.contains('$'));
                state.variables.insert(number.to_string(), given.filter(|_| !is_open));
            }
        }
        let was_masking = std::mem::replace(&mut self.is_masking, false);
        let was_left = std::mem::replace(&mut state.is_left, false);
        self.calls += 1;
        self.hidden.push(BTreeMap::new());
        let mut status = self.statement(body, state, false);
        self.calls -= 1;
        self.is_masking = was_masking;
        for (name, held) in self.hidden.pop().unwrap_or_default() {
            match held {
                Some(held) => state.variables.insert(name, held),
                None => state.variables.remove(&name),
            };
        }
        if state.flow == Flow::Return {
            state.flow = Flow::Next;
            status = state.returned;
        }
        if state.is_left {
            // It may have been left with something else.
            status = None;
            let mut names = Vec::new();
            assigned(self.text, [body], &mut names);
            forget(&names, state);
        }
        state.is_left = was_left;
        state.variables.extend(own);
        match count {
            Some(count) => state.variables.insert("#".to_owned(), count),
            None => state.variables.remove("#"),
        };
        status
    }
}
