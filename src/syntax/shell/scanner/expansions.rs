//! What a script does in more places than one: functions where they are called, loops for each of their words, arrays, aliases.
//!
//! A body is read again with what it is given, so that its commands are those that run; what they are given stands where it is given. Bounded
//! by a budget for all of a file: beyond it, a body is read once, with what it is given unknown.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::bodies::{Block, Function, Loop};
use super::state::{Commands, Scanner, Script};
use super::{assignment, documents, is_telling, read};
use crate::source::Location;
use crate::syntax::shell::runs;
use crate::syntax::shell::variables::{Known, Variables};
use crate::syntax::shell::word::{Word, name_length};
use crate::syntax::{Node, NodeKind};

/// How many words a loop is read for.
const MAX_ITEMS: usize = 64;

/// The name of what an alias stands for, among the variables.
const ALIAS: &str = "alias ";

impl Scanner<'_, '_> {
    /// Takes the name of a function that a keyword defines: `function deploy {`.
    pub(super) fn named_function(&mut self, words: &mut Vec<Word>) {
        let is = |at: usize, text: &str| words.get(at).is_some_and(|word: &Word| word.text == text);
        if !is(0, "function") {
            return;
        }
        self.pending.function = words.get(1).map(|word| word.text.clone());
        if let [.., brace] = words.as_slice()
            && words.len() == 3
            && brace.text == "{"
        {
            let brace = brace.clone();
            words.pop();
            let nodes: Vec<Node> = words.iter().flat_map(|word| self.nodes(word)).collect();
            self.push(words.first().map_or(0, |word| word.at.start)..brace.at.start, nodes);
            words.clear();
            self.keyword(&brace);
        }
    }

    /// Opens a brace or the body of a loop.
    pub(super) fn open_block(&mut self, start: usize, is_brace: bool) {
        let function = self.pending.function.take().filter(|_| is_brace);
        let rounds = self.pending.rounds.take().filter(|_| !is_brace);
        let nodes = self.commands.nodes.len();
        self.blocks.push(Block { start, nodes, function, rounds });
    }

    /// Closes it: a function can be called from here on, a loop is read for each of its words.
    pub(super) fn close_block(&mut self, end: usize) {
        let Some(block) = self.blocks.pop() else { return };
        let body = block.start..end.max(block.start);
        let text = self.words.slice(body.clone());
        let calls = |name: &String| text.contains(name.as_str());
        let mut items = block.rounds.iter().flat_map(|rounds| &rounds.items);
        let is_ours = is_telling(text)
            || items.any(|item| item.text.as_ref().is_some_and(|t| t.contains(documents::TABLE)))
            || text.contains(documents::TABLE)
            || text.contains("\"$@\"")
            || ["echo ", "printf "].iter().any(|word| text.contains(word))
            || self.commands.functions.known.keys().take(MAX_ITEMS).any(calls);
        if !is_ours {
            return;
        }
        if let Some(name) = block.function {
            let function = Function {
                text: text.into(),
                id: self.script.id,
                base: self.script.base + body.start,
                nodes: block.nodes..self.commands.nodes.len(),
                is_called: false,
            };
            self.commands.functions.known.insert(name, function);
        } else if let Some(rounds) =
            block.rounds.filter(|rounds| uses_plainly(text, &rounds.variable))
        {
            self.rounds(rounds, body);
        }
    }

    fn rounds(&mut self, rounds: Loop, body: Range<usize>) {
        let cost = (body.len() + 32 * self.variables.size()) * rounds.items.len();
        if !self.commands.functions.spend(cost) {
            return;
        }
        self.commands.nodes.truncate(rounds.index);
        self.commands.functions.truncate(rounds.index);
        for item in rounds.items {
            let mut variables = self.variables.clone();
            variables.assign_from(&rounds.variable, item.text.as_deref(), item.origin);
            match runs::decided(self.words.slice(body.clone()), &variables) {
                Some(text) if self.script.depth < super::MAX_NESTING => {
                    let Script { id, base, depth, is_expanded, .. } = self.script;
                    let (base, depth) = (base + body.start, depth + 1);
                    let script = Script { id, text: &text, base, depth, is_expanded };
                    read(script, &mut variables, self.commands);
                }
                _ => self.nested(body.clone(), &mut variables, None),
            }
        }
    }

    /// Notes the words of a loop that has just been read: `for name in a b`.
    pub(super) fn loops(&mut self, words: &[Word]) {
        let [first, variable, of, ..] = words else { return };
        if first.text != "for" || of.text != "in" {
            return;
        }
        let name = variable.text.clone();
        let last = self.commands.nodes.len().checked_sub(1);
        let Some((index, command)) = last.zip(self.commands.nodes.last()) else { return };
        let items = command.items().get(3..).unwrap_or_default();
        let is_known = !items.is_empty() && items.len() <= MAX_ITEMS;
        if is_known
            && name.len() == name_length(&name)
            && items.iter().all(|item| item.as_str().is_some())
        {
            let items = items.iter().map(known).collect();
            self.pending.rounds = Some(Loop { variable: name, items, index });
        }
    }

    /// Reads the function that the last command calls, with the arguments that it is given.
    pub(super) fn call(&mut self) {
        let Some(command) = self.commands.nodes.last() else { return };
        // `HOST=… deploy`: it has these for this call.
        let is_given = |word: &&Node| word.as_str().is_some_and(|text| assignment(text).is_some());
        let given: Vec<Node> = command.items().iter().take_while(is_given).cloned().collect();
        let words = command.items().get(given.len()..).unwrap_or_default();
        let name = words.first().and_then(Node::as_str).unwrap_or_default();
        let Some(function) = self.commands.functions.known.get(name).cloned() else { return };
        let is_too_deep = self.script.depth >= super::MAX_NESTING;
        let cost = function.text.len() + 32 * self.variables.size();
        let arguments: Vec<Known> = words.iter().skip(1).map(known).collect();
        if is_too_deep || !self.commands.functions.spend(cost) {
            self.commands.functions.is_cut = true;
            return;
        }
        let mut variables = self.variables.clone();
        for number in 1..=9 {
            let given = arguments.get(number - 1).cloned().unwrap_or_default();
            variables.assign_from(&number.to_string(), given.text.as_deref(), given.origin);
        }
        variables.assign_list("@", arguments);
        for word in given {
            let Some((name, value)) = word.as_str().and_then(|text| text.split_once('=')) else {
                continue;
            };
            variables.assign_from(name, Some(value), Some(word.at));
        }
        if let Some(function) = self.commands.functions.known.get_mut(name) {
            function.is_called = true;
        }
        let Function { text, id, base, .. } = function;
        let text = runs::decided(&text, &variables).map_or(text, Arc::from);
        let depth = self.script.depth + 1;
        let script = Script { id, text: &text, base, depth, is_expanded: false };
        read(script, &mut variables, self.commands);
        self.learn(&variables, &text);
    }

    /// Learns what a function assigned to variables that are not its own.
    fn learn(&mut self, behind: &Variables, body: &str) {
        let locals: BTreeSet<&str> = body
            .split([';', '\n', '&', '{'])
            .filter_map(|line| {
                ["local ", "declare ", "typeset "]
                    .iter()
                    .find_map(|word| line.trim_start().strip_prefix(word))
            })
            .filter(|line| !line.starts_with("-g"))
            .flat_map(str::split_whitespace)
            .map(|word| word.split('=').next().unwrap_or(word))
            .collect();
        if ["local -n", "declare -n", "typeset -n"].iter().any(|word| body.contains(word)) {
            // It writes to a variable of the caller's by another name.
            self.variables.forget_all();
            return;
        }
        let is_own = |name: &str| {
            locals.contains(name) || name.parse::<u8>().is_ok() || name.starts_with(ALIAS)
        };
        let changed: Vec<String> = behind
            .names()
            .filter(|name| !is_own(name) && self.variables.get(name) != behind.get(name))
            .map(str::to_owned)
            .collect();
        for name in changed {
            let origin = behind.origin(&name);
            self.variables.assign_from(&name, behind.get(&name), origin);
        }
    }

    /// Puts in what a function says that a word calls: `SPACE=$(space_for "$1")`.
    pub(super) fn said_by_functions(&mut self, words: &mut [Word]) {
        for word in words.iter_mut().filter(|word| word.is_unknown) {
            let [range] = word.substitutions.as_slice() else { continue };
            let written = self.words.slice(word.at.clone());
            let whole = written.get(name_length(written)..).unwrap_or_default();
            let whole = whole.strip_prefix('=').unwrap_or(written).trim_matches(['"', '\'']);
            let inner = self.words.slice(range.clone());
            let is_whole = whole.len() == inner.len() + 3 && whole.starts_with("$(");
            let name = inner.split_whitespace().next().unwrap_or_default();
            let is_known = self.commands.functions.known.contains_key(name);
            if !is_whole || !is_known || self.script.depth >= super::MAX_NESTING {
                continue;
            }
            let mut said = Commands::default();
            std::mem::swap(&mut said.functions, &mut self.commands.functions);
            let base = self.script.base + range.start;
            let (id, depth) = (self.script.id, self.script.depth + 1);
            let script = Script { id, text: inner, base, depth, is_expanded: false };
            read(script, &mut self.variables.clone(), &mut said);
            std::mem::swap(&mut said.functions, &mut self.commands.functions);
            let Some((text, at)) = told(&said.nodes) else { continue };
            let name =
                written.get(..name_length(written)).filter(|_| assignment(written).is_some());
            word.text = name.map_or_else(|| text.clone(), |name| format!("{name}={text}"));
            word.is_unknown = false;
            word.origin = Some(at);
            word.substitutions.clear();
        }
    }

    /// Gives an array its items, where its parenthesis closes.
    pub(super) fn end_array(&mut self) {
        if self.learn_items() {
            self.pending.array = None;
            return;
        }
        let Some(name) = self.pending.array.take() else { return };
        let items: Vec<Node> = self.command.iter().flat_map(|word| self.nodes(word)).collect();
        if !items.is_empty() && items.len() <= MAX_ITEMS {
            self.variables.assign_list(&name, items.iter().map(known).collect());
        }
    }

    /// Gives a map the items of a line; says whether it has some.
    pub(super) fn learn_items(&mut self) -> bool {
        let Some(name) = self.pending.array.clone() else { return false };
        let keyed = self.command.iter().map(|word| self.keyed(word)).collect::<Option<Vec<_>>>();
        let keyed = keyed.filter(|keyed| keyed.len() <= MAX_ITEMS).unwrap_or_default();
        let has_some = !keyed.is_empty();
        for (key, item) in keyed {
            self.variables.assign_item(&name, &key, item);
        }
        has_some
    }

    /// The key and the value of a map's item: `[production]=…`.
    pub(super) fn keyed(&self, word: &Word) -> Option<(String, Known)> {
        let written = self.words.slice(word.at.clone());
        let (key, _) = written.strip_prefix('[')?.split_once("]=")?;
        let key = key.trim_matches(['"', '\'']);
        let (_, text) = word.text.split_once("]=")?;
        let text = Some(text.to_owned()).filter(|_| !word.is_unknown);
        let origin = word.origin.or_else(|| self.given_at(word));
        (!key.contains(['$', '`'])).then(|| (key.to_owned(), Known { text, origin }))
    }

    /// Puts in what an alias stands for, and learns one.
    pub(super) fn without_alias(&mut self, words: Vec<Node>) -> Vec<Node> {
        let Some(first) = words.first() else { return words };
        if first.as_str() == Some("alias") {
            for word in words.iter().skip(1).filter_map(Node::as_str) {
                if let Some((name, text)) = word.split_once('=') {
                    self.variables.assign(&format!("{ALIAS}{name}"), Some(text));
                }
            }
            return words;
        }
        let Some(text) =
            first.as_str().and_then(|name| self.variables.get(&format!("{ALIAS}{name}")))
        else {
            return words;
        };
        let at = first.at;
        let meant =
            text.split_whitespace().map(|word| Node::new(at, NodeKind::Scalar(word.to_owned())));
        meant.chain(words.iter().skip(1).cloned()).collect()
    }

    /// An item of a list that a word stands for.
    pub(super) fn item(&self, item: &Known, word: &Word) -> Node {
        let kind = item.text.clone().map_or(NodeKind::Expression, NodeKind::Scalar);
        Node::new(item.origin.unwrap_or_else(|| self.place(word)), kind)
    }

    /// Where a word stands, or what it was given.
    pub(super) fn place(&self, word: &Word) -> Location {
        let base = self.script.base;
        let own = || Location::new(self.script.id, base + word.at.start, base + word.at.end);
        word.origin.unwrap_or_else(own)
    }
}

/// What the only command behind a function's call says, and where it stands.
fn told(nodes: &[Node]) -> Option<(String, Location)> {
    let [_, said] = nodes else { return None };
    let (verb, rest) = said.items().split_first()?;
    let word = match (verb.as_str()?, rest) {
        ("echo", [word]) => word,
        ("echo", [option, word]) if option.as_str() == Some("-n") => word,
        ("printf", [format, word]) if matches!(format.as_str(), Some("%s" | "%s\\n")) => word,
        _ => return None,
    };
    Some((word.as_str()?.to_owned(), word.at))
}

pub fn known(node: &Node) -> Known {
    Known { text: node.as_str().map(str::to_owned), origin: Some(node.at) }
}

/// Whether a body uses a variable, and everywhere as it is: what it cuts off is known only when it runs.
fn uses_plainly(body: &str, name: &str) -> bool {
    let braced = format!("${{{name}");
    let is_used = body.contains(&format!("${name}")) || body.contains(&braced);
    let mut rest = body.split(braced.as_str()).skip(1);
    is_used && rest.all(|behind| behind.starts_with(['}', '#', '%', '^', ',', '/']))
}
