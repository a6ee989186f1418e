//! What a script does in more places than one: functions where they are called, loops for each of their words, arrays, aliases.
//!
//! A body is read again with what it is given, so that its commands are those that run; what they are given stands where it is given. Bounded
//! by a budget for all of a file: beyond it, a body is read once, with what it is given unknown.

use std::collections::BTreeSet;

use super::bodies::{Block, Function, Functions, Rounds};
use super::state::{Commands, Scanner, Script};
use super::{assignment, documents, is_telling, read};
use crate::source::Location;
use crate::syntax::shell::runs;
use crate::syntax::shell::variables::{Known, Variables};
use crate::syntax::shell::word::{Word, name_length};
use crate::syntax::{Node, NodeKind};

/// How many words a loop is read for.
const MAX_ITEMS: usize = 64;

/// What functions ask that decide something.
const ASKING: [&str; 5] = ["[ ", "test ", "grep ", "return ", "(("];

/// Commands that say what they are given.
const SAYING: [&str; 2] = ["echo ", "printf "];

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
        let rounds = if is_brace { None } else { self.opened_loop(start) };
        let nodes = self.commands.nodes.len();
        self.blocks.push(Block { start, nodes, function, rounds });
    }

    /// Closes it: a function can be called from here on, a loop is read for each of its words.
    pub(super) fn close_block(&mut self, end: usize) {
        let Some(mut block) = self.blocks.pop() else { return };
        let body = block.start..end.max(block.start);
        let text = self.words.slice(body.clone());
        let calls = |name: &String| text.contains(name.as_str());
        let names_table =
            |item: &Known| item.text.as_ref().is_some_and(|t| t.contains(documents::TABLE));
        let is_over_table = block.rounds.as_ref().is_some_and(|rounds| match &rounds.rounds {
            Rounds::Words(_, items) => items.iter().any(names_table),
            // What a script is given is kept for what is behind.
            Rounds::Arguments | Rounds::Options(..) => true,
            Rounds::Lines(..) => false,
        });
        let asks = |text: &str| ASKING.iter().any(|word| text.contains(word));
        let is_ours = is_telling(text)
            || is_over_table
            || text.contains(documents::TABLE)
            || text.contains("\"$@\"")
            || block.rounds.is_some() && text.contains('=')
            || block.function.is_some() && (text.contains('=') || asks(text))
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
        } else {
            self.rounds(&mut block, body, end);
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
        // What another command decides about may not be run.
        let place = self.commands.nodes.last().map(|node| node.at).filter(|_| self.is_chained);
        let marked = |word: &str| {
            let at = place?;
            let mark = Node::new(at, NodeKind::Scalar(word.to_owned()));
            Some(Node::new(at, NodeKind::Sequence(vec![mark])))
        };
        self.commands.nodes.extend(marked("then"));
        let Function { text, id, base, .. } = function;
        let functions = self.commands.functions.texts(&text);
        let text = runs::decided(&text, &variables, &functions).map_or(text, |one| one.text.into());
        let depth = self.script.depth + 1;
        let script = Script { id, text: &text, base, depth, is_expanded: false };
        read(script, &mut variables, self.commands);
        self.commands.nodes.extend(marked("fi"));
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
        self.take_over(behind, |name| !is_own(name));
    }

    /// Takes over what is known by now of some variables.
    pub(super) fn take_over(&mut self, behind: &Variables, is_taken: impl Fn(&str) -> bool) {
        let is_changed = |name: &&str| self.variables.get(name) != behind.get(name);
        let changed = behind.names().filter(|name| is_taken(name)).filter(is_changed);
        let changed: Vec<String> = changed.map(str::to_owned).collect();
        for name in changed {
            let origin = behind.origin(&name);
            self.variables.assign_from(&name, behind.get(&name), origin);
        }
    }

    /// Puts in what a word asks a function or `echo` for: `SPACE=$(space_for "$1")`.
    pub(super) fn said_by_functions(&mut self, words: &mut [Word]) {
        for word in words.iter_mut().filter(|word| word.is_unknown) {
            let [range] = word.substitutions.as_slice() else { continue };
            let written = self.words.slice(word.at.clone());
            let whole = written.get(name_length(written)..).unwrap_or_default();
            let whole = whole.strip_prefix('=').unwrap_or(written).trim_matches(['"', '\'']);
            let inner = self.words.slice(range.clone());
            let is_whole = whole.len() == inner.len() + 3 && whole.starts_with("$(");
            let says = SAYING.iter().any(|word| inner.contains(word));
            let functions = self.commands.functions.texts(inner);
            let is_known = says || !functions.is_empty();
            if !is_whole || !is_known || self.script.depth >= super::MAX_NESTING {
                continue;
            }
            let decided = runs::decided(inner, self.variables, &functions);
            let mut said = Commands::default();
            std::mem::swap(&mut said.functions, &mut self.commands.functions);
            let base = self.script.base + range.start;
            let (id, depth) = (self.script.id, self.script.depth + 1);
            let text = decided.as_ref().map_or(inner, |decided| &decided.text);
            let script = Script { id, text, base, depth, is_expanded: false };
            read(script, &mut self.variables.clone(), &mut said);
            std::mem::swap(&mut said.functions, &mut self.commands.functions);
            let Some((text, at)) = told(&said.nodes, &self.commands.functions) else { continue };
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

/// What the only command says that says something, and where it stands; none where others stand beside it that may decide about it.
fn told(nodes: &[Node], functions: &Functions) -> Option<(String, Location)> {
    let verb = |node: &Node| node.items().first().and_then(Node::as_str).map(str::to_owned);
    let mut said = None;
    for node in nodes {
        let verb = verb(node)?;
        if SAYING.iter().any(|word| word.trim() == verb) {
            said.is_none().then_some(())?;
            said = Some(node);
            continue;
        }
        let is_idle =
            ["return", "true", ":", "shift", "local", "exit", "declare"].contains(&verb.as_str());
        let is_called = functions.known.contains_key(&verb);
        (is_idle || is_called || assignment(&verb).is_some()).then_some(())?;
    }
    let (verb, rest) = said?.items().split_first()?;
    let word = match (verb.as_str()?, rest) {
        ("echo", [word]) => word,
        ("echo", [option, word]) if option.as_str() == Some("-n") => word,
        ("printf", [format, word]) if matches!(format.as_str(), Some("%s" | "%s\\n")) => word,
        ("printf", [word]) if word.as_str().is_some_and(|text| !text.contains(['%', '\\'])) => word,
        _ => return None,
    };
    Some((word.as_str()?.to_owned(), word.at))
}

pub fn known(node: &Node) -> Known {
    Known { text: node.as_str().map(str::to_owned), origin: Some(node.at) }
}
