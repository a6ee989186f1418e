//! What a script does in more places than one, as it is kept until it is done: functions, loops, arrays.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::source::SourceId;
use crate::syntax::Node;
use crate::syntax::shell::variables::{Known, Variables};

/// How many bytes, and copies of known variables, reading bodies again may take.
const BUDGET: usize = 1 << 20;

/// How many functions are looked at where a body is decided.
const MAX_CALLED: usize = 16;

/// The functions of a script.
#[derive(Debug, Default)]
pub struct Functions {
    pub known: BTreeMap<String, Function>,
    pub spent: usize,
    /// Whether a call was not followed: a function may be called there.
    pub is_cut: bool,
}

impl Functions {
    /// Forgets what was read behind a command.
    pub fn truncate(&mut self, nodes: usize) {
        self.known.retain(|_, function| function.nodes.end <= nodes);
    }

    /// The functions that a text may call, and those that they do, with their texts.
    pub fn texts(&self, text: &str) -> Vec<(String, Arc<str>)> {
        let mut found: Vec<(String, Arc<str>)> = Vec::new();
        let mut open: Vec<Arc<str>> = Vec::new();
        let mut next: Option<&str> = Some(text);
        let mut last: Arc<str>;
        while let Some(text) = next {
            for name in text.split(|letter: char| !is_of_name(letter)) {
                let Some(function) = self.known.get(name) else { continue };
                let is_new = !found.iter().any(|(known, _)| known == name);
                if is_new && found.len() < MAX_CALLED {
                    found.push((name.to_owned(), Arc::clone(&function.text)));
                    open.push(Arc::clone(&function.text));
                }
            }
            next = match open.pop() {
                Some(body) => {
                    last = body;
                    Some(&last)
                }
                None => None,
            };
        }
        found
    }

    /// Takes the bodies of functions out that were read where they are called.
    pub fn take_out_called(self, nodes: &mut Vec<Node>) {
        // Where some are called, and none by a name that only a run tells, the others are not run.
        let is_open = |node: &Node| {
            let first = node.items().first();
            first.is_some_and(|word| {
                word.as_str().is_none_or(|text| text == "trap" && is_at_end(node))
            })
        };
        let bodies: Vec<Range<usize>> = self.known.values().map(|one| one.nodes.clone()).collect();
        let is_within = |at: usize| bodies.iter().any(|body| body.contains(&at));
        let own = nodes.iter().enumerate().filter(|(at, _)| !is_within(*at));
        let own: Vec<&Node> = own.map(|(_, node)| node).collect();
        let is_called = self.known.values().any(|one| one.is_called);
        let is_script = is_called || own.iter().any(|node| sets(node));
        let is_told = is_script && !self.is_cut && !own.iter().any(|node| is_open(node));
        let functions = self.known.into_values().filter(|one| one.is_called || is_told);
        let called: Vec<Range<usize>> = functions.map(|one| one.nodes).collect();
        let mut index = 0;
        nodes.retain(|_| {
            index += 1;
            !called.iter().any(|range| range.contains(&(index - 1)))
        });
    }

    /// Counts what reading a body again costs; says whether there is room for it.
    pub fn spend(&mut self, cost: usize) -> bool {
        self.spent += cost;
        self.spent <= BUDGET
    }
}

/// Whether what a `trap` names is run at the end, whatever comes before it: where something fails only, nothing is deployed.
fn is_at_end(trap: &Node) -> bool {
    let signals = trap.items().iter().skip(2);
    let mut signals = signals.map(|signal| signal.as_str().unwrap_or("EXIT"));
    trap.items().len() < 3 || signals.any(|signal| matches!(signal, "EXIT" | "0"))
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_-.:".contains(letter)
}

/// Whether a command sets something by its path.
fn sets(command: &Node) -> bool {
    let mut words = command.items().iter().filter_map(Node::as_str);
    words.any(|word| word.starts_with("config:") || word.starts_with("variable:"))
}

/// A function of a script.
#[derive(Clone, Debug)]
pub struct Function {
    pub text: Arc<str>,
    /// Its file, and where its body starts in it.
    pub id: SourceId,
    pub base: usize,
    /// The commands of its body, as they were read where it is defined.
    pub nodes: Range<usize>,
    pub is_called: bool,
}

/// What a body that comes next belongs to.
#[derive(Debug, Default)]
pub struct Pending {
    /// A function, by name.
    pub function: Option<String>,
    /// A loop.
    pub rounds: Option<Loop>,
    /// Where what a loop asks starts, and the index of its command.
    pub asked: Option<(usize, usize)>,
    /// An array, by name.
    pub array: Option<String>,
}

/// A loop whose rounds can be told.
#[derive(Debug)]
pub struct Loop {
    pub rounds: Rounds,
    /// The command that names them.
    pub index: usize,
    /// What is known where it starts; none where there is no room to keep that.
    pub before: Option<Variables>,
}

/// What a loop's rounds are for.
#[derive(Debug)]
pub enum Rounds {
    /// A variable, and its words.
    Words(String, Vec<Known>),
    /// What a script is given, as long as something is left of it.
    Arguments,
    /// The letters of options, and the variable that has one: `getopts`.
    Options(String, String),
    /// What separates the fields of a line, and their variables.
    Lines(String, Vec<String>),
}

/// An open brace or loop.
#[derive(Debug)]
pub struct Block {
    pub start: usize,
    pub nodes: usize,
    pub function: Option<String>,
    pub rounds: Option<Loop>,
}
