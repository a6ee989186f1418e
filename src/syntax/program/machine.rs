//! Statements → commands: names are followed to what they hold, functions are read where they are called. Nothing is run.
//!
//! Bounded: what is beyond is not read, and said to be.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::emit::Commands;
use super::tree::{At, Function, Statement, Test, What};
use super::value::{For, Held, MAX_VALUES, Value, alone, unknown};
use super::writes::Writes;
use crate::source::SourceId;
use crate::syntax::Node;

/// How deep calls of functions are followed.
pub const MAX_CALLS: usize = 4;

/// How many statements and expressions are looked at, those of functions each time.
const MAX_STEPS: usize = 2_000_000;

/// The name under which a function's value is kept.
pub const RETURNED: &str = "return ";

/// A script with the names that a tool runs it by.
pub struct Document {
    pub names: Vec<(String, At)>,
    pub nodes: Vec<Node>,
}

pub struct Machine {
    pub commands: Commands,
    pub documents: Vec<Document>,
    /// Where texts are said.
    pub said: Vec<At>,
    pub(super) names: BTreeMap<String, Held>,
    /// What names held before, in the order in which they got something else.
    pub(super) journal: Vec<(String, Option<Held>)>,
    pub(super) functions: BTreeMap<String, Rc<Function>>,
    pub(super) called: BTreeSet<String>,
    /// The tasks around.
    pub(super) around: Vec<(String, At)>,
    pub(super) tasks: usize,
    pub(super) calls: usize,
    pub(super) steps: usize,
    /// Whether values alone are asked for.
    pub(super) is_mute: bool,
    /// Whether maps outside of tasks give variables of the environment.
    pub gives_maps: bool,
    /// What may be written otherwise.
    pub writes: Writes,
    /// Names of one map or list.
    same: BTreeMap<String, BTreeSet<String>>,
}

impl Machine {
    pub fn new(id: SourceId) -> Self {
        Self {
            commands: Commands::of(id),
            documents: Vec::new(),
            said: Vec::new(),
            names: BTreeMap::new(),
            journal: Vec::new(),
            functions: BTreeMap::new(),
            called: BTreeSet::new(),
            around: Vec::new(),
            tasks: 0,
            calls: 0,
            steps: 0,
            is_mute: false,
            gives_maps: true,
            writes: Writes::default(),
            same: BTreeMap::new(),
        }
    }

    /// Reads a whole program.
    pub fn program(&mut self, statements: &[Statement]) {
        self.statements(statements);
        // What nothing calls is called from elsewhere: by a tool, or by another program.
        let functions: Vec<Rc<Function>> = self.functions.values().cloned().collect();
        self.share(&functions);
        for function in functions {
            if self.called.contains(&function.name) {
                continue;
            }
            let parameters = function
                .parameters
                .iter()
                .map(|(name, default)| (name.clone(), default.as_ref().map(|_| unknown())));
            let from = self.journal.len();
            for (name, _) in parameters {
                self.assign(&name, unknown());
            }
            if function.is_task {
                self.task(Some(&(function.name.clone(), function.at.clone())), &function.body);
            } else {
                let before = self.commands.nodes.len();
                let word = |commands: &Commands, text: &str| {
                    commands.node(&function.at, crate::syntax::NodeKind::Scalar(text.to_owned()))
                };
                let named =
                    vec![word(&self.commands, "function"), word(&self.commands, &function.name)];
                self.commands.push(&function.at, named);
                self.commands.mark(&function.at, "{");
                let opened = self.commands.nodes.len();
                self.statements(&function.body);
                if self.commands.nodes.len() == opened {
                    self.commands.nodes.truncate(before);
                } else {
                    self.commands.mark(&function.at, "}");
                }
            }
            self.undo(from);
        }
        self.flush();
    }

    /// Lets attributes that several functions give a value have each for its function: Fabric's `env`, in tasks that are run before others.
    ///
    /// Source: the documentation of Fabric 1, *The environment dictionary, env*.
    fn share(&mut self, functions: &[Rc<Function>]) {
        let mut shared: BTreeMap<&String, Held> = BTreeMap::new();
        for function in functions {
            for statement in &function.body {
                let Statement::Assign(name, value) = statement else { continue };
                if name.contains('.')
                    && !name.starts_with("self.")
                    && !self.names.contains_key(name)
                {
                    let of = For::Word(function.name.to_lowercase(), function.at.clone());
                    let value = alone(&self.value(value));
                    shared.entry(name).or_default().push((of, value));
                }
            }
        }
        for (name, held) in shared.into_iter().filter(|(_, held)| held.len() > 1) {
            self.assign(name, held);
        }
    }

    /// Makes a document of the commands that are open.
    fn flush(&mut self) {
        let nodes = std::mem::take(&mut self.commands.nodes);
        if !nodes.is_empty() {
            self.documents.push(Document { names: self.around.clone(), nodes });
        }
    }

    pub(super) fn task(&mut self, name: Option<&(String, At)>, body: &[Statement]) {
        let outer = std::mem::take(&mut self.commands.nodes);
        let known = self.around.len();
        self.around.extend(name.cloned());
        let from = self.journal.len();
        self.statements(body);
        self.undo(from);
        self.flush();
        self.around.truncate(known);
        self.commands.nodes = outer;
    }

    pub(super) fn assign(&mut self, name: &str, held: Held) {
        let before = self.names.insert(name.to_owned(), held);
        self.journal.push((name.to_owned(), before));
    }

    /// Two names of one map are one: what is written by one of them, the other does not know.
    fn share_writes(&mut self, name: &str, value: &What) {
        let (root, rest) = name.split_once('.').unwrap_or((name, ""));
        let same = self.same.get(root).filter(|_| !rest.is_empty()).cloned();
        for other in same.into_iter().flatten() {
            self.assign(&format!("{other}.{rest}"), unknown());
        }
        if !rest.is_empty() && self.names.contains_key(root) {
            // One item of a map is another now.
            self.assign(root, unknown());
        }
        match value {
            What::Name(other) => {
                for (one, other) in [(name, other.as_str()), (other.as_str(), name)] {
                    self.same.entry(one.to_owned()).or_default().insert(other.to_owned());
                }
            }
            What::Unknown => {
                for other in self.same.get(name).cloned().unwrap_or_default() {
                    self.assign(&other, unknown());
                }
            }
            _ => {}
        }
    }

    /// Lets names hold what they held before a loop, but for those that it gave something: which round was the last, nobody knows.
    pub(super) fn leave(&mut self, from: usize) {
        let names: BTreeSet<String> =
            self.journal.iter().skip(from).map(|(name, _)| name.clone()).collect();
        self.undo(from);
        for name in names.into_iter().filter(|name| name != RETURNED) {
            self.assign(&name, unknown());
        }
    }

    /// Lets names hold what they held.
    pub(super) fn undo(&mut self, from: usize) {
        for (name, before) in self.journal.drain(from.min(self.journal.len())..).rev() {
            match before {
                Some(before) => self.names.insert(name, before),
                None => self.names.remove(&name),
            };
        }
    }

    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        let is_over = self.steps > MAX_STEPS;
        self.commands.is_cut |= is_over;
        !is_over
    }

    pub(super) fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            if let Statement::Function(function) = statement {
                self.functions.insert(function.name.clone(), Rc::clone(function));
            }
        }
        for statement in statements {
            if self.step() {
                self.statement(statement);
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Assign(name, value) => {
                self.visit(value);
                if name.ends_with(".inline") && !self.is_mute {
                    // A script of a provisioner of Vagrant's.
                    self.run(value, &value.at);
                }
                let held = self.value(value);
                self.share_writes(name, &value.what);
                self.assign(name, held);
            }
            Statement::Export(name, at, value) => {
                self.visit(value);
                if self.is_heard() {
                    let held = self.put(value);
                    self.commands.export((name, at), &held);
                }
            }
            Statement::Words(words) => self.words(words),
            Statement::Value(value) => self.visit(value),
            Statement::Return(value) => {
                self.visit(value);
                let mut held = self.value(value);
                if let Some(known) = self.names.get(RETURNED) {
                    let mut all = known.clone();
                    let is_whole =
                        known.iter().any(|(of, _)| matches!(of, For::All | For::Otherwise));
                    if !is_whole {
                        let rest = held.into_iter().filter(|(of, _)| *of == For::All);
                        all.extend(rest.map(|(_, value)| (For::Otherwise, value)));
                    }
                    held = all;
                }
                self.assign(RETURNED, held);
            }
            Statement::Branch(arms) => {
                let arms: Vec<(&Test, &[Statement])> =
                    arms.iter().map(|arm| (&arm.test, arm.body.as_slice())).collect();
                self.branch(&arms);
            }
            Statement::Function(_) => {}
            Statement::Task(task) => {
                self.tasks += usize::from(!task.is_machine);
                self.task(task.name.as_ref(), &task.body);
                self.tasks -= usize::from(!task.is_machine);
            }
            Statement::Each(names, of, body) => self.each(names, of, body),
            Statement::Perhaps(body) => self.perhaps(body),
            Statement::Block(body) => self.statements(body),
        }
    }

    pub(super) fn is_heard(&self) -> bool {
        !self.is_mute && (self.gives_maps || self.tasks > 0)
    }

    /// What may be run: what it sets is not known to be set, and what it assigns not known behind it.
    pub(super) fn perhaps(&mut self, body: &[Statement]) {
        self.branch(&[(&Test::Unknown, body)]);
    }

    fn branch(&mut self, arms: &[(&Test, &[Statement])]) {
        let at = arms.first().map_or(0..0, |(test, body)| match test {
            Test::Words(words) => words.first().map_or(0..0, |(_, at)| at.clone()),
            _ => place(body),
        });
        let before = self.commands.nodes.len();
        let single = match arms {
            [(Test::Words(words), _), (Test::Otherwise, _)] => match words.as_slice() {
                [word] => Some(word.clone()),
                _ => None,
            },
            _ => None,
        };
        match &single {
            Some(word) => self.commands.test(&at, word),
            None => self.commands.case(&at),
        }
        let opened = self.commands.nodes.len();
        let mut has_commands = false;
        let mut assigned: BTreeMap<String, Vec<Option<Held>>> = BTreeMap::new();
        for (number, (test, body)) in arms.iter().enumerate() {
            if single.is_some() && number > 0 {
                self.commands.mark(&at, "else");
            } else if single.is_none() {
                let words: &[(String, At)] =
                    if let Test::Words(words) = test { words } else { &[] };
                self.commands.arm(&at, words);
            }
            let here = self.commands.nodes.len();
            let from = self.journal.len();
            self.statements(body);
            has_commands |= self.commands.nodes.len() > here;
            let names: BTreeSet<String> =
                self.journal.iter().skip(from).map(|(name, _)| name.clone()).collect();
            for name in names {
                let held = self.names.get(&name).cloned();
                let all = assigned.entry(name).or_insert_with(|| vec![None; arms.len()]);
                if let Some(place) = all.get_mut(number) {
                    *place = held;
                }
            }
            self.undo(from);
            if single.is_none() {
                self.commands.mark(&at, ";;");
            }
        }
        if has_commands && opened > before {
            self.commands.mark(&at, if single.is_some() { "fi" } else { "esac" });
        } else {
            self.commands.nodes.truncate(before);
        }
        for (name, held) in assigned {
            let merged = self.merged(&name, arms, held);
            self.assign(&name, merged);
        }
    }

    /// What a name holds behind arms that give it something.
    fn merged(&self, name: &str, arms: &[(&Test, &[Statement])], held: Vec<Option<Held>>) -> Held {
        let before = self.names.get(name);
        let mut all = Held::new();
        let mut has_rest = false;
        for ((test, _), held) in arms.iter().zip(held) {
            let Some(held) = held.or_else(|| before.cloned()) else { continue };
            let one = match held.as_slice() {
                [(For::All, value)] => value.clone(),
                _ => Value::Unknown,
            };
            match test {
                Test::Words(words) => {
                    let words = words
                        .iter()
                        .map(|(word, at)| For::Word(word.to_ascii_lowercase(), at.clone()));
                    all.extend(words.map(|of| (of, one.clone())));
                }
                Test::Otherwise => {
                    has_rest = true;
                    all.push((For::Otherwise, one));
                }
                Test::Unknown => return unknown(),
            }
        }
        if let Some(before) = before.filter(|_| !has_rest) {
            let value = match before.as_slice() {
                [(For::All, value)] => value.clone(),
                _ => Value::Unknown,
            };
            all.push((For::Otherwise, value));
        }
        all.truncate(MAX_VALUES);
        if all.is_empty() { unknown() } else { all }
    }
}

/// Where statements begin.
fn place(statements: &[Statement]) -> At {
    match statements.first() {
        Some(Statement::Value(value) | Statement::Assign(_, value) | Statement::Return(value)) => {
            value.at.clone()
        }
        Some(Statement::Export(_, at, _)) => at.clone(),
        Some(Statement::Words(words)) => words.first().map_or(0..0, |word| word.at.clone()),
        Some(Statement::Each(_, of, _)) => of.at.clone(),
        _ => 0..0,
    }
}
