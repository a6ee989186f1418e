//! Statements → commands: names are followed to what they hold, functions are read where they are called. Nothing is run.
//!
//! Bounded: what is beyond is not read, and said to be.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::emit::Commands;
use super::expression::RECEIVER;
use super::runners::{Run, is_saying, run_of};
use super::tree::{At, Expression, Function, Part, Statement, Test, What};
use super::value::{Bit, For, Held, MAX_VALUES, Value, bits, item, unknown};
use crate::source::SourceId;
use crate::syntax::Node;

/// How deep calls of functions are followed.
const MAX_CALLS: usize = 4;

/// How many statements and expressions are looked at, those of functions each time.
const MAX_STEPS: usize = 2_000_000;

/// The name under which a function's value is kept.
const RETURNED: &str = "return ";

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
    names: BTreeMap<String, Held>,
    /// What names held before, in the order in which they got something else.
    journal: Vec<(String, Option<Held>)>,
    functions: BTreeMap<String, Rc<Function>>,
    called: BTreeSet<String>,
    /// The tasks around.
    around: Vec<(String, At)>,
    tasks: usize,
    calls: usize,
    steps: usize,
    /// Whether values alone are asked for.
    is_mute: bool,
    /// Whether maps outside of tasks give variables of the environment.
    pub gives_maps: bool,
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
        }
    }

    /// Reads a whole program.
    pub fn program(&mut self, statements: &[Statement]) {
        self.statements(statements);
        // What nothing calls is called from elsewhere: by a tool, or by another program.
        let functions: Vec<Rc<Function>> = self.functions.values().cloned().collect();
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

    /// Makes a document of the commands that are open.
    fn flush(&mut self) {
        let nodes = std::mem::take(&mut self.commands.nodes);
        if !nodes.is_empty() {
            self.documents.push(Document { names: self.around.clone(), nodes });
        }
    }

    fn task(&mut self, name: Option<&(String, At)>, body: &[Statement]) {
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

    fn assign(&mut self, name: &str, held: Held) {
        let before = self.names.insert(name.to_owned(), held);
        self.journal.push((name.to_owned(), before));
    }

    /// Lets names hold what they held.
    fn undo(&mut self, from: usize) {
        for (name, before) in self.journal.drain(from.min(self.journal.len())..).rev() {
            match before {
                Some(before) => self.names.insert(name, before),
                None => self.names.remove(&name),
            };
        }
    }

    fn step(&mut self) -> bool {
        self.steps += 1;
        let is_over = self.steps > MAX_STEPS;
        self.commands.is_cut |= is_over;
        !is_over
    }

    fn statements(&mut self, statements: &[Statement]) {
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

    fn is_heard(&self) -> bool {
        !self.is_mute && (self.gives_maps || self.tasks > 0)
    }

    /// What may be run: what it sets is not known to be set, and what it assigns not known behind it.
    fn perhaps(&mut self, body: &[Statement]) {
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

    fn each(&mut self, names: &[String], of: &Expression, body: &[Statement]) {
        self.visit(of);
        let (walk, inner) = match &of.what {
            What::Call(name, arguments) => {
                (name.to_ascii_lowercase(), arguments.first().unwrap_or(of))
            }
            _ => (String::new(), of),
        };
        let held = self.value(inner);
        let mut found: Vec<Held> = vec![Held::new(); names.len()];
        let text = |text: &str, at: &At| {
            Value::Text(Rc::new(vec![Bit::Plain(text.to_owned(), at.clone())]))
        };
        let mut give = |number: usize, of: &For, value: Value| {
            if let Some(held) = found.get_mut(number).filter(|held| held.len() < MAX_VALUES) {
                held.push((of.clone(), value));
            }
        };
        let alone = |held: &Held| match held.as_slice() {
            [(For::All, value)] => value.clone(),
            _ => Value::Unknown,
        };
        match held.as_slice() {
            [(For::All, Value::Map(entries))] => {
                for (key, at, held) in entries.iter() {
                    let word = For::Word(key.to_ascii_lowercase(), at.clone());
                    if walk == "getenumerator" {
                        let pair = [
                            ("Key", vec![(For::All, text(key, at))]),
                            ("Value", held.clone()),
                            ("Name", vec![(For::All, text(key, at))]),
                        ];
                        let pair = pair
                            .into_iter()
                            .map(|(name, held)| (name.to_owned(), at.clone(), held));
                        give(0, &word, Value::Map(Rc::new(pair.collect())));
                    } else if walk == "values" {
                        give(0, &word, alone(held));
                    } else {
                        give(0, &word, text(key, at));
                        give(1, &word, alone(held));
                    }
                }
            }
            [(For::All, Value::List(items))] => {
                for one in items.iter() {
                    let parts = match one.as_slice() {
                        [(For::All, Value::List(parts))] if names.len() > 1 => {
                            parts.iter().map(alone).collect()
                        }
                        held => vec![alone(&held.to_vec())],
                    };
                    let Some(Value::Text(first)) = parts.first() else { continue };
                    let Some(word) = super::value::given(first, &For::All) else { continue };
                    let word = For::Word(word.text.to_ascii_lowercase(), word.at);
                    for (number, value) in parts.into_iter().enumerate() {
                        give(number, &word, value);
                    }
                }
            }
            _ => {}
        }
        let from = self.journal.len();
        let is_known = found.iter().all(|held| !held.is_empty());
        for (name, held) in names.iter().zip(found) {
            self.assign(name, if held.is_empty() { unknown() } else { held });
        }
        if is_known && !names.is_empty() {
            self.statements(body);
        } else {
            self.perhaps(body);
        }
        self.undo(from);
    }
}

impl Machine {
    /// Finds what an expression calls.
    fn visit(&mut self, value: &Expression) {
        if !self.step() {
            return;
        }
        match &value.what {
            What::Text(parts) => {
                for part in parts {
                    if let Part::Hole(inner) = part {
                        self.visit(inner);
                    }
                }
            }
            What::Item(map, key) => {
                self.visit(map);
                self.visit(key);
            }
            What::Map(entries) => {
                for (key, value) in entries {
                    self.variable(key, value);
                    self.visit(value);
                }
            }
            What::List(items) => items.iter().for_each(|item| self.visit(item)),
            What::Choice(_, first, second) => {
                self.visit(first);
                self.visit(second);
            }
            What::Call(name, arguments) => self.called(name, arguments, &value.at),
            What::Block(body) => self.statements(body),
            What::Name(_) | What::Test(_) | What::Unknown => {}
        }
    }

    /// A map's entry that is a variable of the environment: `env={'NAME': 'value'}`.
    fn variable(&mut self, key: &Expression, value: &Expression) {
        let is_variable = |name: &String| {
            name.contains("__")
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if let Some(name) = key.plain().filter(is_variable)
            && self.is_heard()
        {
            let held = self.put(value);
            self.commands.export((&name, &key.at), &held);
        }
    }

    fn called(&mut self, name: &str, arguments: &[Expression], at: &At) {
        if is_saying(name) {
            self.said.push(at.clone());
            return;
        }
        let last = name.rsplit('.').next().unwrap_or_default();
        if let Some(function) = self.functions.get(last).cloned() {
            arguments.iter().for_each(|one| self.visit(one));
            self.call(&function, arguments);
            return;
        }
        if let ("SetEnvironmentVariable" | "putenv" | "setenv", [key, value, ..]) =
            (last, arguments)
            && let Some(variable) = key.plain()
        {
            if self.is_heard() {
                let held = self.put(value);
                self.commands.export((&variable, &key.at), &held);
            }
            return;
        }
        arguments.iter().for_each(|one| self.visit(one));
        if self.is_mute {
            return;
        }
        let is_given = |one: &&Expression| match &one.what {
            What::Map(_) => false,
            What::Call(name, _) => name != RECEIVER,
            _ => true,
        };
        let texts: Vec<&Expression> = arguments.iter().filter(is_given).collect();
        match run_of(name) {
            Some(Run::Shell) => match texts.as_slice() {
                [only] => self.run(only, at),
                [] => {}
                several => {
                    let words: Vec<Expression> = several.iter().map(|one| (*one).clone()).collect();
                    self.words(&words);
                }
            },
            Some(Run::First) => {
                if let Some(first) = texts.first() {
                    self.run(first, at);
                }
            }
            Some(Run::Joined) => {
                let mut bits: Vec<Bit> = Vec::new();
                for one in texts {
                    if !bits.is_empty() {
                        bits.push(Bit::Plain(" ".to_owned(), one.at.start..one.at.start));
                    }
                    bits.extend(self.put(one).1);
                }
                self.commands.script(at, &bits);
            }
            Some(Run::Inline) => {
                let maps = arguments.iter().filter_map(|one| {
                    if let What::Map(entries) = &one.what { Some(entries) } else { None }
                });
                for (key, script) in maps.flatten() {
                    if key.plain().as_deref() == Some("inline") {
                        self.run(script, at);
                    }
                }
            }
            None => {}
        }
    }

    /// Runs a text as a script, or a list as the words of a command.
    fn run(&mut self, what: &Expression, at: &At) {
        let held = match &what.what {
            What::List(items) => return self.words(items),
            What::Call(name, inner) if name == "split" => match inner.first() {
                Some(inner) => return self.run(inner, at),
                None => return,
            },
            _ => self.value(what),
        };
        if let [(For::All, Value::List(items))] = held.as_slice() {
            let words: Vec<(At, Vec<Bit>)> =
                items.iter().map(|one| (what.at.clone(), bits_of(one, &what.at))).collect();
            self.commands.words(at, &words);
            return;
        }
        let bits = bits_of(&held, &what.at);
        self.commands.script(at, &bits);
    }

    /// Runs a command of words; what is put in as a list is several.
    fn words(&mut self, words: &[Expression]) {
        words.iter().for_each(|one| self.visit(one));
        let Some((first, last)) = words.first().zip(words.last()) else { return };
        let at = first.at.start..last.at.end.max(first.at.start);
        let name = first.plain().unwrap_or_default().to_ascii_lowercase();
        if is_saying(&name) {
            self.said.push(at);
            return;
        }
        if let Some(function) = self.functions.get(&name).cloned() {
            let arguments: Vec<Expression> = words.iter().skip(1).cloned().collect();
            self.call(&function, &arguments);
            return;
        }
        if self.is_mute {
            return;
        }
        if matches!(name.as_str(), "invoke-expression" | "iex") {
            if let Some(script) = words.get(1) {
                self.run(script, &at);
            }
            return;
        }
        let mut command: Vec<(At, Vec<Bit>)> = Vec::new();
        for word in words {
            let inner = match &word.what {
                What::Call(splat, inner) if splat == "@" || splat.is_empty() => {
                    inner.first().unwrap_or(word)
                }
                _ => word,
            };
            let held = self.value(inner);
            match held.as_slice() {
                [(For::All, Value::List(items))] => {
                    command.extend(
                        items.iter().map(|one| (inner.at.clone(), bits_of(one, &inner.at))),
                    );
                }
                _ => command.push((word.at.clone(), bits_of(&held, &word.at))),
            }
        }
        self.commands.words(&at, &command);
    }

    /// A value as it is put into a command.
    fn put(&mut self, value: &Expression) -> (At, Vec<Bit>) {
        let held = self.value(value);
        (value.at.clone(), bits_of(&held, &value.at))
    }

    /// Reads a function with what it is given.
    fn call(&mut self, function: &Rc<Function>, arguments: &[Expression]) -> Held {
        if self.calls >= MAX_CALLS {
            return unknown();
        }
        let mut given: BTreeMap<String, Held> = BTreeMap::new();
        let mut next = 0;
        let mut named: Option<String> = None;
        let is_given =
            |one: &&Expression| !matches!(&one.what, What::Call(name, _) if name == RECEIVER);
        for argument in arguments.iter().filter(is_given) {
            if let What::Map(entries) = &argument.what {
                for (key, value) in entries {
                    let held = self.value(value);
                    given.extend(key.plain().map(|key| (key, held)));
                }
                continue;
            }
            // PowerShell: `-Space 'x'`.
            let option = argument
                .plain()
                .and_then(|text| text.strip_prefix('-').map(str::to_ascii_lowercase));
            if let Some(option) =
                option.filter(|option| function.parameters.iter().any(|(name, _)| name == option))
            {
                named = Some(option);
                continue;
            }
            let held = self.value(argument);
            let name = named.take().or_else(|| {
                next += 1;
                function.parameters.get(next - 1).map(|(name, _)| name.clone())
            });
            given.extend(name.map(|name| (name, held)));
        }
        self.calls += 1;
        if !self.is_mute {
            self.called.insert(function.name.clone());
        }
        let from = self.journal.len();
        let outer = self.names.remove(RETURNED);
        for (name, default) in &function.parameters {
            let held = match (given.remove(name), default) {
                (Some(held), _) => held,
                (None, Some(default)) => self.value(default),
                (None, None) => unknown(),
            };
            self.assign(name, held);
        }
        self.statements(&function.body);
        let returned = self.names.remove(RETURNED).unwrap_or_else(unknown);
        self.undo(from);
        match outer {
            Some(outer) => self.names.insert(RETURNED.to_owned(), outer),
            None => self.names.remove(RETURNED),
        };
        self.calls -= 1;
        returned
    }

    /// What an expression is.
    fn value(&mut self, value: &Expression) -> Held {
        if !self.step() {
            return unknown();
        }
        let all = |value: Value| vec![(For::All, value)];
        match &value.what {
            What::Text(parts) => {
                let mut found: Vec<Bit> = Vec::new();
                for part in parts {
                    match part {
                        Part::Plain(text, at) => found.push(Bit::Plain(text.clone(), at.clone())),
                        Part::Hole(inner) => {
                            let held = self.value(inner);
                            found.extend(bits(&held, &inner.at));
                            self.steps += held.len();
                        }
                    }
                }
                all(Value::Text(Rc::new(found)))
            }
            What::Name(name) => self.named(name),
            What::Item(map, key) => {
                let map = self.value(map);
                let key = self.value(key);
                let length = |(_, value): &(For, Value)| {
                    if let Value::Map(entries) = value { entries.len() } else { 0 }
                };
                self.steps += map.iter().map(length).sum::<usize>() / 16;
                item(&map, &key)
            }
            What::Map(entries) => {
                let mut found = Vec::new();
                for (key, value) in entries {
                    let Some(name) = key.plain() else { return unknown() };
                    let held = self.value(value);
                    found.push((name, key.at.clone(), held));
                }
                all(Value::Map(Rc::new(found)))
            }
            What::List(items) => {
                let items: Vec<Held> = items.iter().map(|item| self.value(item)).collect();
                all(Value::List(Rc::new(items)))
            }
            What::Choice(test, first, second) => {
                let (first, second) = (self.value(first), self.value(second));
                let one = |held: &Held| match held.as_slice() {
                    [(For::All, value)] => value.clone(),
                    _ => Value::Unknown,
                };
                let Test::Words(words) = test else { return unknown() };
                let words = words.iter().map(|(word, at)| {
                    (For::Word(word.to_ascii_lowercase(), at.clone()), one(&first))
                });
                words.chain([(For::Otherwise, one(&second))]).collect()
            }
            What::Call(name, arguments) if name == "fetch" && arguments.len() == 2 => {
                let found = arguments.first().map_or_else(unknown, |one| self.value(one));
                let default = arguments.get(1).map_or_else(unknown, |one| self.value(one));
                let is_by_word = found.iter().all(|(of, _)| matches!(of, For::Word(..)));
                match default.as_slice() {
                    [(For::All, default)] if is_by_word => {
                        found.into_iter().chain([(For::Otherwise, default.clone())]).collect()
                    }
                    _ => found,
                }
            }
            What::Call(name, arguments) => {
                let last = name.rsplit('.').next().unwrap_or_default();
                if name == "dict"
                    && let [only] = arguments.as_slice()
                {
                    return self.value(only);
                }
                let Some(function) = self.functions.get(last).cloned() else { return unknown() };
                let was = std::mem::replace(&mut self.is_mute, true);
                let returned = self.call(&function, arguments);
                self.is_mute = was;
                returned
            }
            What::Test(_) | What::Block(_) | What::Unknown => unknown(),
        }
    }

    /// What a name holds: its own, or an attribute of what another name holds.
    fn named(&self, name: &str) -> Held {
        if let Some(held) = self.names.get(name) {
            return held.clone();
        }
        let Some((outer, key)) = name.rsplit_once('.') else { return unknown() };
        let Some(held) = self.names.get(outer) else { return unknown() };
        let key = vec![(For::All, Value::Text(Rc::new(vec![Bit::Plain(key.to_owned(), 0..0)])))];
        item(held, &key)
    }
}

/// What something holds as the bits of a word at a place.
fn bits_of(held: &Held, place: &At) -> Vec<Bit> {
    match held.as_slice() {
        [(For::All, Value::Text(bits))] => bits.to_vec(),
        _ => bits(held, place),
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
