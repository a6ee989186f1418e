//! What a program calls: what runs a command, what only says something, and functions of its own.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::expression::RECEIVER;
use super::machine::{MAX_CALLS, Machine, RETURNED};
use super::rounds::is_plain;
use super::runners::{Run, is_saying, run_of};
use super::tree::{At, Expression, Function, Part, What};
use super::value::{Bit, For, Held, Value, unknown};
use super::values::bits_of;

/// Commands of PowerShell's that start a program with its arguments in one text.
///
/// Source: Microsoft's PowerShell documentation, *Start-Process*, `about_Pwsh`; that of Windows, *cmd*.
const STARTING: [&str; 6] = ["start-process", "start", "saps", "cmd", "pwsh", "powershell"];

impl Machine {
    /// Finds what an expression calls.
    pub(super) fn visit(&mut self, value: &Expression) {
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
                    self.entry(key, value);
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

    /// What an entry of a map calls, or gives: of a map of maps, in an arm for its key.
    fn entry(&mut self, key: &Expression, value: &Expression) {
        let word = key.plain().filter(|word| is_plain(word));
        let Some(word) = word.filter(|_| matches!(value.what, What::Map(_))) else {
            self.visit(value);
            return;
        };
        let before = self.commands.nodes.len();
        self.commands.case(&key.at);
        self.commands.arm(&key.at, &[(word, key.at.clone())]);
        let opened = self.commands.nodes.len();
        self.visit(value);
        if self.commands.nodes.len() == opened {
            self.commands.nodes.truncate(before);
        } else {
            self.commands.mark(&key.at, ";;");
            self.commands.mark(&key.at, "esac");
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
            for one in arguments {
                self.visit(one);
            }
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
        for one in arguments {
            self.visit(one);
        }
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
    pub(super) fn run(&mut self, what: &Expression, at: &At) {
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
    pub(super) fn words(&mut self, words: &[Expression]) {
        for one in words {
            self.visit(one);
        }
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
        if STARTING.contains(&name.as_str()) {
            let is_script =
                |word: &&Expression| word.plain().is_some_and(|text| text.contains(' '));
            words.iter().filter(is_script).for_each(|script| self.run(script, &at));
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

    /// Reads a function with what it is given.
    pub(super) fn call(&mut self, function: &Rc<Function>, arguments: &[Expression]) -> Held {
        if self.calls >= MAX_CALLS {
            return unknown();
        }
        let mut given: BTreeMap<String, Held> = BTreeMap::new();
        let mut next = 0;
        let mut named: Option<String> = None;
        let mut changed: Vec<String> = Vec::new();
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
            let is_changed = name.as_ref().is_some_and(|name| self.writes.may_change(name));
            changed.extend(argument.name().filter(|_| is_changed).map(str::to_owned));
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
        for name in changed {
            // A map that the function may have written to.
            self.assign(&name, unknown());
        }
        self.calls -= 1;
        returned
    }
}
