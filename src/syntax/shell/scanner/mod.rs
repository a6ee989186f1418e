//! A script → its commands: separators, keywords, assignments, here-documents, redirections.
//!
//! Nothing is run. A keyword that opens or ends a branch stays in the tree as a command of its own, so that whoever reads the commands can tell
//! what may not be run.

mod assignments;
mod bodies;
mod branches;
mod documents;
mod expansions;
mod fields;
mod others;
mod rounds;
mod state;

use std::collections::BTreeSet;
use std::ops::Range;

use super::nested;
use super::variables::Variables;
use super::word::{FILLER, Split, Word};
use crate::source::Location;
use crate::syntax::{MAX_NODES, Node, NodeKind, Problem};
pub use assignments::assignment;
pub use branches::ARM;
use state::Scanner;
pub use state::{Commands, Script};

/// How deep scripts inside scripts are read.
const MAX_NESTING: usize = 4;

/// How many quotes without an end are set right, each by reading the script again.
const MAX_BROKEN: usize = 8;

/// Words whose loss in a broken text is told: the rest of a script is none of our business.
const VOCABULARY: [&str; 7] = [
    "config:set",
    "config:sensitive:set",
    "config:store:",
    "config:env:",
    "CONFIG__",
    "variable:create",
    "variable:update",
];

/// Keywords before a command: they belong to no command.
const BEFORE: [&str; 12] =
    ["if", "elif", "then", "else", "while", "until", "do", "!", "{", "time", "exec", "coproc"];

/// Commands that hardly fail, or end the script.
pub const SURE: [&str; 8] = ["cd", "set", "export", "pushd", "popd", "mkdir", "echo", "source"];

/// Reads a script's commands. A text whose quotes do not pair is read again with the quote that is to blame ending with its line.
pub fn read(script: Script<'_>, variables: &mut Variables, commands: &mut Commands) {
    let mut broken = BTreeSet::new();
    let most = if script.depth == 0 { MAX_BROKEN } else { 1 };
    loop {
        let before = (commands.nodes.len(), commands.problems.len(), commands.count);
        let known = variables.clone();
        let mut scanner = Scanner::new(script, &broken, variables, commands);
        scanner.run();
        let culprit = scanner.words.unclosed.map(|at| scanner.words.suspect.unwrap_or(at));
        let Some(culprit) = culprit.filter(|_| broken.len() < most) else { break };
        commands.nodes.truncate(before.0);
        commands.functions.truncate(before.0);
        commands.problems.truncate(before.1);
        commands.count = before.2;
        *variables = known;
        if !broken.insert(culprit) {
            break;
        }
    }
    if script.depth == 0 {
        let functions = std::mem::take(&mut commands.functions);
        functions.take_out_called(&mut commands.nodes);
    }
    if let Some(&first) = broken.first()
        && is_telling(script.text.get(command(script.text, first)..).unwrap_or_default())
    {
        let at = Location::new(script.id, script.base + first, script.base + first + 1);
        let message = "a quote is opened and never closed".to_owned();
        commands.problems.push(Problem { at, message });
    }
}

/// Where the lines start that a place is on, those joined by a backslash among them.
fn command(text: &str, place: usize) -> usize {
    let mut before = text.get(..place).unwrap_or_default();
    loop {
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.get(..start).unwrap_or_default().trim_end_matches(['\n', '\r']);
        if start == 0 || !line.ends_with('\\') {
            return start;
        }
        before = line;
    }
}

/// Whether a part of a script may hold a setting.
fn is_telling(text: &str) -> bool {
    VOCABULARY.iter().any(|word| text.contains(word))
}

impl Scanner<'_, '_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(byte) = self.words.byte(at) {
            if self.commands.count > MAX_NODES / 2 {
                let place = Location::new(self.script.id, self.script.base, self.script.base);
                let message = "the script has too many words to be read whole".to_owned();
                self.commands.problems.push(Problem { at: place, message });
                break;
            }
            at = match byte {
                b' ' | b'\t' | b'\r' => at + 1,
                b'\\' if matches!(self.words.slice(at + 1..at + 2), "\n") => at + 2,
                b'\\' if self.words.slice(at + 1..at + 3) == "\r\n" => at + 3,
                b'#' => self.words.line_end(at),
                b'\n' => {
                    self.learn_items();
                    self.flush();
                    self.is_chained = false;
                    self.is_behind = false;
                    self.here_documents(at + 1)
                }
                b';' if self.words.byte(at + 1) == Some(b';') => {
                    self.flush();
                    self.mark(at..at + 2);
                    self.variables.next();
                    self.next_arm();
                    at + 2
                }
                b';' => {
                    self.flush();
                    self.is_chained = false;
                    self.is_behind = false;
                    at + 1
                }
                b'|' | b'(' if self.is_in_pattern() => at + 1,
                b'&' if self.words.byte(at + 1) == Some(b'>') => self.redirection(at + 1),
                b'&' | b'|' => self.operator(at, byte),
                b'(' => self.open(at),
                b')' if self.is_in_pattern() => {
                    self.arm(at);
                    at + 1
                }
                b')' => {
                    self.end_array();
                    self.flush();
                    if self.subshells > 0 {
                        self.subshells -= 1;
                        self.variables.close();
                    }
                    at + 1
                }
                b'<' | b'>' => self.redirection(at),
                b'0'..=b'9' if self.is_numbered_redirection(at) => at + 1,
                _ => self.word(at),
            };
        }
        self.flush();
    }

    fn word(&mut self, at: usize) -> usize {
        let word = self.words.word(at, self.variables);
        let end = word.at.end.max(at + 1);
        // Nothing but filler is no word.
        if word.is_quoted || word.is_unknown || !word.text.is_empty() {
            self.command.push(word);
        }
        end
    }

    fn operator(&mut self, at: usize, byte: u8) -> usize {
        let is_double = self.words.byte(at + 1) == Some(byte);
        let first = self.command.iter().find(|word| !BEFORE.contains(&word.text.as_str()));
        let tests = first.is_some_and(|word| ["[", "[[", "test"].contains(&word.text.as_str()));
        let is_sure = first.is_some_and(|word| {
            SURE.contains(&word.text.as_str())
                || assignment(self.words.slice(word.at.clone())).is_some()
        });
        self.flush();
        self.is_chained |= is_double && (byte == b'|' || tests);
        self.is_behind |= is_double && byte == b'&' && !is_sure;
        if is_double { at + 2 } else { at + 1 }
    }

    /// An array, a function's parentheses, or a subshell.
    fn open(&mut self, at: usize) -> usize {
        if let Some(word) = self.command.last()
            && word.at.end == at
            && let Some((name, is_added)) = assignment(self.words.slice(word.at.clone()))
        {
            let name = name.to_owned();
            self.variables.assign(&name, None);
            self.command.pop();
            // What is added comes behind items that are gone by now.
            self.pending.array = Some(name).filter(|_| !is_added);
        }
        let is_function = self.words.byte(at + 1) == Some(b')');
        if is_function && let [word] = self.command.as_slice() {
            self.pending.function = Some(word.text.clone());
        }
        self.flush();
        if is_function {
            return at + 2;
        }
        self.subshells += 1;
        self.variables.open();
        at + 1
    }

    /// Reads a part of the script as a script.
    fn nested(
        &mut self,
        range: Range<usize>,
        variables: &mut Variables,
        quote: Option<nested::Quote>,
    ) {
        if self.script.depth >= MAX_NESTING {
            return;
        }
        let text = self.words.slice(range.clone());
        let masked = quote.map_or_else(|| text.to_owned(), |quote| nested::masked(text, quote));
        let (base, depth) = (self.script.base + range.start, self.script.depth + 1);
        // The outer shell fills what the inner one finds within single quotes.
        let is_expanded = match quote {
            Some(nested::Quote::Document) => true,
            Some(nested::Quote::Word) => self.script.is_expanded || !text.starts_with('\''),
            None => self.script.is_expanded,
        };
        let script = Script { id: self.script.id, text: &masked, base, depth, is_expanded };
        read(script, variables, self.commands);
    }

    /// Ends the command being read.
    fn flush(&mut self) {
        let mut words = std::mem::take(&mut self.command);
        let mut skipped = 0;
        for word in &words {
            if word.is_quoted || !self.keyword(word) {
                break;
            }
            skipped += 1;
        }
        words.drain(..skipped);
        self.named_function(&mut words);
        if words.is_empty() {
            return;
        }
        self.said_by_functions(&mut words);
        self.assign(&words);
        self.given = None;
        let (mut nodes, mut word_of): (Vec<Node>, Vec<usize>) = (Vec::new(), Vec::new());
        for (index, word) in words.iter().enumerate() {
            nodes.extend(self.nodes(word));
            word_of.resize(nodes.len(), index);
        }
        let written = nodes.len();
        let nodes = self.without_alias(nodes);
        let more = nodes.len().saturating_sub(written);
        let (first, last) = (words.first(), words.last());
        if let (Some(first), Some(last)) = (first, last) {
            self.push(first.at.start..last.at.end, nodes);
        }
        self.opened(&words);
        if words.first().is_some_and(|word| !word.is_quoted) {
            self.call();
        }
        self.other_script(&words);
        let scripts = self.commands.nodes.last().map(nested::scripts).unwrap_or_default();
        for index in scripts {
            // One word can stand for several: `$SSH 'cd /srv'`.
            let word = word_of.get(index.saturating_sub(more)).and_then(|at| words.get_mut(*at));
            let Some(word) = word.filter(|word| word.is_quoted) else { continue };
            word.substitutions.clear();
            let range = word.at.clone();
            // What is quoted once expands where the inner script runs.
            let is_quoted = self.words.slice(range.clone()).starts_with('\'');
            let is_literal = is_quoted && !self.script.is_expanded;
            let mut variables =
                if is_literal { Variables::default() } else { self.variables.clone() };
            self.nested(range, &mut variables, Some(nested::Quote::Word));
        }
        for range in words.into_iter().flat_map(|word| word.substitutions) {
            let mut variables = self.variables.clone();
            self.nested(range, &mut variables, None);
        }
    }

    /// Takes a keyword at the start of a command; says whether the word is one.
    fn keyword(&mut self, word: &Word) -> bool {
        match word.text.as_str() {
            "if" => self.variables.open(),
            "then" => self.mark(word.at.clone()),
            "elif" | "else" => {
                self.variables.next();
                self.mark(word.at.clone());
            }
            "do" | "{" => {
                self.variables.open();
                self.mark(word.at.clone());
                self.open_block(word.at.end, word.text == "{");
            }
            "done" | "}" => {
                self.variables.close();
                self.close_block(word.at.start);
                self.mark(word.at.clone());
            }
            "fi" | "esac" => {
                self.variables.close();
                if word.text == "esac" {
                    self.cases.pop();
                }
                self.mark(word.at.clone());
            }
            other => {
                if matches!(other, "while" | "until") {
                    self.asks(word.at.end);
                }
                return BEFORE.contains(&other);
            }
        }
        true
    }

    fn mark(&mut self, at: Range<usize>) {
        let text = self.words.slice(at.clone()).trim_matches(FILLER).to_owned();
        let node = self.node(at.clone(), NodeKind::Scalar(text));
        self.push(at, vec![node]);
    }

    fn push(&mut self, at: Range<usize>, words: Vec<Node>) {
        self.commands.count += words.len() + 1;
        let node = self.node(at, NodeKind::Sequence(words));
        self.commands.nodes.push(node);
    }

    fn node(&self, at: Range<usize>, kind: NodeKind) -> Node {
        let base = self.script.base;
        Node::new(Location::new(self.script.id, base + at.start, base + at.end), kind)
    }

    fn nodes(&self, word: &Word) -> Vec<Node> {
        let written = self.words.slice(word.at.clone()).trim_matches('"');
        if let Some(items) = self.variables.list(written) {
            return items.iter().map(|item| self.item(item, word)).collect();
        }
        if let Some(places) = self.variables.places(written) {
            let place =
                |place: usize| self.node(word.at.clone(), NodeKind::Scalar(place.to_string()));
            return (0..places).map(place).collect();
        }
        let is_split = word.split == Split::Within && assignment(written).is_none();
        if word.is_unknown || is_split {
            return vec![self.node(word.at.clone(), NodeKind::Expression)];
        }
        let at = self.place(word);
        let scalar = |text: &str| Node::new(at, NodeKind::Scalar(text.to_owned()));
        if word.split == Split::Whole {
            return word.text.split_ascii_whitespace().map(scalar).collect();
        }
        vec![scalar(&word.text)]
    }
}
