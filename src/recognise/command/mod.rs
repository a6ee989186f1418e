//! Commands → settings: what scripts and pipelines run on an instance.
//!
//! Sources: Magento's `config:set` and `config:sensitive:set`, the help texts of n98-magerun2 and `magento-cloud`. A verb is looked for wherever
//! in a command it stands, because programs that start programs have no end (`docker exec … php bin/magento config:set`).

mod arguments;
mod branches;
mod chosen;
mod compose;
mod database;
pub mod env_files;
mod exported;
mod files;
mod helm;
pub(crate) mod idle;
mod jobs;
mod kept;
mod lists;
mod options;
mod passed;
mod places;
pub(crate) mod programs;
mod reader;
pub mod runs;
mod settle;
mod stores;
mod targets;
mod variables;

use std::collections::BTreeMap;

use super::document::{Named, place, variable};
use super::value::{Dress, classify};
use super::{Contribution, Holder, Opaque, Said};
use crate::model::command::{Command, Verb};
use crate::model::edit::{RowChange, Rows};
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting, Value};
use crate::source::Location;
use crate::syntax::{Node, NodeKind};
use arguments::{Arguments, GivenScope, arguments, carrier_of};
use branches::Branches;
use chosen::Chosen;
use programs::{SAYING, program};
use reader::Computed;
pub use reader::Reader;

/// The words that make a command ours, and what they do.
const VERBS: [(&str, Verb); 12] = [
    ("config:set", Verb::Set),
    ("config:sensitive:set", Verb::Set),
    ("config:store:set", Verb::Store),
    ("config:env:set", Verb::Store),
    ("config:store:delete", Verb::Delete),
    ("config:env:delete", Verb::Delete),
    ("config:delete", Verb::Delete),
    ("variable:create", Verb::CreateVariable),
    ("variable:update", Verb::UpdateVariable),
    ("variable:set", Verb::UpdateVariable),
    ("vset", Verb::UpdateVariable),
    ("saas:resync", Verb::Resync),
];

/// Options that hand a variable on: of containers, `helm`, `kubectl`, `gcloud`, `az`.
const PASSING: [&str; 10] = [
    "-e",
    "--env",
    "--build-arg",
    "--set",
    "--set-string",
    "--from-literal",
    "--set-env-vars",
    "--update-env-vars",
    "--env-vars",
    "--settings",
];

impl Reader<'_> {
    /// Reads a script: a sequence of commands, each a sequence of words.
    ///
    /// `above` are the names of what it stands in: the keys of a document.
    pub fn read(&mut self, script: &Node, above: &[String]) {
        self.is_copied |= database::is_behind_import(above);
        let above = jobs::job_of(above);
        let said = (!above.is_empty()).then(|| Said { how: Said::KEYS, names: above.to_vec() });
        // The steps of a job are run one after the other.
        let goes_on = said.is_some()
            && said == self.said
            && above.last().is_some_and(|key| key == jobs::STEPS);
        self.said = said;
        self.scripts += usize::from(!goes_on);
        self.branches = Branches::default();
        self.chosen = Chosen::default();
        self.target = targets::Target::default();
        let mut before: Option<&str> = None;
        let mut last: Option<&Node> = None;
        let mut is_decided = false;
        let mut depths = Vec::with_capacity(script.items().len());
        for (index, command) in script.items().iter().enumerate() {
            self.source = self.source_of(command.at);
            is_decided = self.is_decided(command, last, is_decided);
            // What another command decides about may not be done.
            self.depth = self.branches.depth() + usize::from(is_decided);
            depths.push(self.depth);
            if !command.entries().is_empty() {
                self.file(command);
                continue;
            }
            let words = command.items();
            let only = if let [word] = words { word.as_str() } else { None };
            let named = match words {
                [function, name, ..] if function.as_str() == Some("function") => name.as_str(),
                _ => only,
            };
            match only {
                Some("{") => self.function = before.map(str::to_owned),
                Some("}") => self.function = None,
                _ => {}
            }
            // What is said into a pipe is read by the next command, where that runs.
            let next = script.items().get(index + 1).filter(|_| self.is_piped(command));
            let says = words.first().is_some_and(|word| SAYING.contains(&program(word)));
            let place = next.filter(|_| says).unwrap_or(command);
            self.target.enter(place, self.source.text());
            self.reading = next.and_then(|next| database::named(next.items()));
            let reads = next.and_then(|next| database::cloud(next.items()));
            self.cloud = database::cloud(words).or(reads);
            if !self.branches.take(words, self.source) {
                self.chosen.note(words, self.source, &self.branches, self.said.as_ref());
                self.command(command);
            }
            self.branches.separate();
            self.database(command, last);
            (before, last) = (named, Some(command));
        }
        self.depth = 0;
        self.source = self.source_of(script.at);
        self.branches = Branches::default();
        self.settle_copy();
        if let [computed, more @ ..] = std::mem::take(&mut self.computed).as_slice() {
            let known = self.found.len();
            let at = computed.at;
            self.lists(script, &depths, computed);
            let loops = more.is_empty() && self.loops_over_others(script, computed);
            if self.found.len() == known && !loops {
                // Which settings it names is not in this script: any may be set.
                self.opaque.push(Opaque { at, holder: Holder::Outside });
                if self.is_copied {
                    self.edit(RowChange::Set, Rows::Any, None, at);
                }
            }
        }
    }

    /// What the file gives: one contribution for each instance that a command names, and one for all that name none.
    #[must_use]
    pub fn finish(mut self) -> Vec<Contribution> {
        let stated = self.stated();
        targets::tell_apart(&mut self.found);
        settle::alternatives(&mut self.found);
        let mut contributions: BTreeMap<Option<Said>, Contribution> = BTreeMap::new();
        if !self.commands.is_empty() {
            let all = contributions.entry(None).or_insert_with(|| Contribution::of(self.id));
            all.commands = self.commands;
        }
        if !self.opaque.is_empty() {
            let all = contributions.entry(None).or_insert_with(|| Contribution::of(self.id));
            all.opaque.append(&mut self.opaque);
        }
        for found in self.found {
            let contribution = contributions.entry(found.said.clone()).or_insert_with(|| {
                let names = || found.said.iter().flat_map(|said| &said.names);
                let is_on_host = names().any(|name| name == Said::HOST);
                Contribution { said: found.said.clone(), is_on_host, ..Contribution::of(self.id) }
            });
            if found.setting.carrier == Carrier::CloudVariable {
                // A Cloud project keeps more variables in its console.
                let at = found.setting.key_at;
                contribution.opaque.push(Opaque { at, holder: Holder::Outside });
            }
            contribution.settings.push(found.setting);
        }
        for (said, includes) in self.taken {
            let contribution = contributions
                .entry(said.clone())
                .or_insert_with(|| Contribution { said, ..Contribution::of(self.id) });
            contribution.includes.extend(includes);
        }
        if !self.problems.is_empty() {
            self.written
                .push(Contribution { problems: self.problems, ..Contribution::of(self.id) });
        }
        contributions.into_values().chain(self.written).chain(stated).collect()
    }

    fn command(&mut self, command: &Node) {
        let words = command.items();
        let program = words.iter().find(|word| self.assignment(word).is_none()).map(program);
        let program = program.unwrap_or_default();
        let behind = self.source_of(command.at).text().get(command.at.span.end as usize..);
        let line = behind.and_then(|text| text.lines().next()).unwrap_or_default();
        let is_written = || {
            // What a script says into a file is read from there: `echo NAME=value >> .env`.
            matches!(program, "echo" | "printf") && (line.contains('>') || line.contains("tee"))
        };
        if !SAYING.contains(&program) || is_written() {
            self.assignments(program, words);
        }
        if SAYING.contains(&program) {
            self.exported(words, line);
            self.said_code(words, line);
            return;
        }
        self.options(words);
        self.helm(words);
        self.compose(words);
        self.handed(words);
        self.variable_files(words);
        self.env_files(words);
        self.put_parameter(words);
        self.set_variable(words);
        let verb = words.iter().enumerate().find_map(|(index, word)| {
            let text = word.as_str()?;
            let &(name, verb) = VERBS.iter().find(|(name, _)| *name == text)?;
            Some((index, name, verb))
        });
        if let Some((index, name, verb)) = verb {
            self.verb(words, index, (name, verb, None));
        } else if let Some(&(name, verb, carrier)) = self.wrappers.get(program) {
            let index = words.iter().position(|word| self::program(word) == program);
            self.verb(words, index.unwrap_or_default(), (name, verb, Some(carrier)));
        }
    }

    fn verb(
        &mut self,
        words: &[Node],
        index: usize,
        (name, verb, carrier): (&'static str, Verb, Option<Carrier>),
    ) {
        let Some((word, rest)) = words.get(index).zip(words.get(index + 1..)) else { return };
        let arguments = arguments(verb, rest, self.source);
        let carrier = carrier.unwrap_or_else(|| carrier_of(name, &arguments));
        let setting = match verb {
            Verb::CreateVariable | Verb::UpdateVariable => self.cloud_variable(&arguments),
            Verb::Resync | Verb::Pass => None,
            Verb::Set | Verb::Store | Verb::Delete => self.path(&arguments, (name, verb), carrier),
        };
        if matches!(verb, Verb::Set | Verb::Store | Verb::Delete) {
            self.row(verb, &arguments.positional);
        }
        // Of a path that stands there, no more than the value is unknown.
        let names_other = arguments.positional.iter().any(|word| {
            let text = word.as_str().unwrap_or_default();
            text.matches('/').count() == 2 && !text.contains("//") && !text.starts_with(['/', '.'])
        });
        let takes_any =
            !names_other && arguments.positional.iter().any(|word| word.as_str().is_none());
        let is_path = matches!(verb, Verb::Set | Verb::Store | Verb::Delete);
        // What a function does with its own arguments is told by its calls.
        let is_argument = arguments.positional.iter().any(|word| {
            let text = self.written(word.at).trim_matches(['"', '$', '{', '}']);
            word.as_str().is_none() && text.parse::<u8>().is_ok()
        });
        let is_fed = words.iter().take(index).any(|word| program(word) == "xargs");
        if setting.is_none() && (takes_any || is_fed) && is_path && !is_argument {
            let host = arguments.positional.last().and_then(|value| self.host(value));
            self.computed.push(Computed { verb, carrier, at: word.at, host });
        }
        if let Some(function) = &self.function
            && setting.is_none()
            && takes_any
            && matches!(verb, Verb::Set | Verb::Store)
        {
            self.wrappers.insert(function.clone(), (name, verb, carrier));
        }
        let environment =
            arguments.option("environment").filter(|_| carrier == Carrier::CloudVariable);
        // Two projects have a production each.
        let project = arguments.option("project").and_then(|option| option.value.clone());
        let level = arguments.option("level").and_then(|option| option.value.as_deref());
        let said = match environment {
            Some(option) => {
                let name = option.value.clone().unwrap_or_else(|| Said::COMPUTED.to_owned());
                let names = std::iter::once(name).chain(project).collect();
                Some(Said { how: Said::CLOUD, names })
            }
            None if carrier == Carrier::CloudVariable && level == Some("project") => {
                Some(Said { how: Said::PROJECT, names: project.into_iter().collect() })
            }
            None => None,
        };
        self.add(setting.clone(), said);
        if setting.is_none() && verb != Verb::Resync {
            // No rule asks for what concerns no setting.
            return;
        }
        self.commands.push(Command {
            at: word.at,
            name: name.to_owned(),
            verb,
            script: (self.id, self.scripts),
            arms: self.branches.arms(),
            settings: setting.into_iter().collect(),
            is_computed: arguments.is_computed(verb),
            options: arguments.options,
        });
    }

    /// The setting of a command that names a config path.
    fn path(
        &self,
        arguments: &Arguments<'_>,
        (name, verb): (&str, Verb),
        carrier: Carrier,
    ) -> Option<Setting> {
        let mut words = arguments.positional.iter();
        let (key, parameter, scope) = words.find_map(|word| {
            let text = word.as_str()?.to_ascii_lowercase();
            let parts: Vec<String> = text.split(['/', '.']).map(str::to_owned).collect();
            let Named { parameter, scope, .. } = place(&parts)?;
            Some((word, parameter, scope))
        })?;
        let scope = match arguments.scope() {
            GivenScope::Nothing => Some(scope),
            GivenScope::This(given) => Some(given),
            GivenScope::Some => None,
        };
        let value = words.next_back();
        let (value, at) = match (value, verb) {
            (_, Verb::Delete) => (Value::Blank, key.at),
            // Without a value this one sets nothing; others ask for it.
            (None, _) if name == "config:set" => return None,
            (None, _) => (Value::Unknown, key.at),
            (Some(word), _) if scope.is_none() => (Value::Unknown, word.at),
            (Some(word), _) => self.value(parameter, word),
        };
        let scope = scope.unwrap_or(Scope::Default);
        Some(Setting { parameter, scope, carrier, value, at, key_at: key.at })
    }

    /// The setting of a command that makes a variable of a Cloud project.
    fn cloud_variable(&self, arguments: &Arguments<'_>) -> Option<Setting> {
        let mut words = arguments.positional.iter().copied();
        let name = arguments.words.get("name").or_else(|| words.next())?;
        let (parameter, scope) = variable(name.as_str()?)?;
        let value = arguments.words.get("value").or_else(|| words.next());
        let (value, at) =
            value.map_or((Value::Unknown, name.at), |word| self.value(parameter, word));
        let carrier = Carrier::CloudVariable;
        Some(Setting { parameter, scope, carrier, value, at, key_at: name.at })
    }

    /// What a word holds, and where: a secret stands where its variable was assigned.
    fn value(&self, parameter: Parameter, word: &Node) -> (Value, Location) {
        if word.kind == NodeKind::Expression {
            let value = classify(parameter, word, self.source_of(word.at), Dress::Plain);
            let is_chosen = matches!(value, Value::OneOf(_));
            return (if is_chosen { value } else { Value::Reference }, word.at);
        }
        let value = classify(parameter, word, self.source_of(word.at), Dress::Plain);
        let text = word.as_str().unwrap_or_default();
        let is_elsewhere = || !self.written(word.at).contains(text);
        let Value::Secret(name, _) = value else { return (value, word.at) };
        if !is_elsewhere() {
            return (value, word.at);
        }
        // Looked for once: a script can use a variable everywhere.
        let assigned = *self.assigned.borrow_mut().entry((name, text.len())).or_insert_with(|| {
            let before = self.source_of(word.at).text().get(..word.at.span.start as usize);
            before.unwrap_or_default().rfind(text)
        });
        let at = assigned.map(|at| Location::new(word.at.source, at, at + text.len()));
        (value, at.unwrap_or(word.at))
    }

    /// Reads `CONFIG__…=value` wherever it is assigned or passed on.
    fn assignments(&mut self, program: &str, words: &[Node]) {
        let is_passed = |index: usize| {
            let option = index.checked_sub(1).and_then(|before| words.get(before)?.as_str());
            option.filter(|option| PASSING.contains(option))
        };
        // A script in a word is read by itself: `ssh host "NAME=value command"`.
        let is_script = |index: usize, word: &Node| {
            let before = index.checked_sub(1).and_then(|before| words.get(before)?.as_str());
            (program == "ssh" || before == Some("-c"))
                && self.written(word.at).trim_matches(['"', '\'']).contains(' ')
        };
        let scripts: Vec<bool> =
            words.iter().enumerate().map(|(index, word)| is_script(index, word)).collect();
        for (index, word) in words.iter().enumerate() {
            if scripts.get(index) == Some(&true) {
                continue;
            }
            for setting in self.packed(word) {
                self.add(Some(setting), None);
            }
            let passed = is_passed(index);
            let own = passed::option(self.written(word.at));
            let passed = passed.or(own.filter(|option| PASSING.contains(option)));
            for setting in self.passed(word, passed.is_some()) {
                self.pass(passed.unwrap_or_default(), word.at, setting);
            }
            self.filled(word);
            let setting = match self.assignment(word) {
                Some(setting) => setting,
                // `ENV NAME value` of an image, `set -x NAME value` of fish.
                None if program == "ENV" && index == 1 || program == "set" && index == 2 => {
                    let named = word.as_str().and_then(variable).zip(words.get(index + 1));
                    let Some(((parameter, scope), value)) = named else { continue };
                    let (value, at) = self.value(parameter, value);
                    let carrier = Carrier::Environment;
                    Setting { parameter, scope, carrier, value, at, key_at: word.at }
                }
                None if passed.is_some() || matches!(program, "export" | "ARG") => {
                    let Some((parameter, scope)) = word.as_str().and_then(variable) else {
                        continue;
                    };
                    let (value, carrier) = (Value::Reference, Carrier::Environment);
                    Setting { parameter, scope, carrier, value, at: word.at, key_at: word.at }
                }
                None => continue,
            };
            let setting = match words.get(index + 1).filter(|_| program == "printf") {
                Some(next) => self.formatted(setting, next),
                None => setting,
            };
            match passed {
                Some(option) => self.pass(option, word.at, setting),
                None => self.add(Some(setting), None),
            }
        }
    }
}

/// A script and the names that it stands under, each behind what it is the name of.
#[must_use]
pub fn named<'n>(document: &'n Node, how: &str) -> (&'n Node, Vec<String>) {
    let (mut script, mut names) = (document, Vec::new());
    while let [entry] = script.entries() {
        names.push(how.to_owned());
        names.extend(entry.key.as_str().map(str::to_owned));
        script = &entry.value;
    }
    (script, names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, SourceId};
    use crate::syntax::format_of;

    #[test]
    fn many_values_are_read_in_linear_time() {
        let path = "services_connector/ims_technical_account_credentials/client_secret";
        let line = |number: usize| {
            format!(
                "bin/magento config:set {path} s{number:015}\nbin/magento config:set {path} $X\n"
            )
        };
        let text = format!("X=0123456789abcdef\n{}", (0..5_000).map(line).collect::<String>());
        let source = Source::new("a.sh".into(), text.into_bytes());
        let format = format_of("a.sh").expect("it is a script");
        let parsed = format.parse(SourceId(0), source.text());
        let started = crate::syntax::effort::Effort::begin();
        let handed = super::super::handed::Handed::default();
        let mut reader = Reader::new(&source, SourceId(0), &handed);
        parsed.documents.iter().for_each(|script| reader.read(script, &[]));
        let settings: usize = reader.finish().iter().map(|found| found.settings.len()).sum();
        assert_eq!(settings, 10_000);
        assert!(started.spent().as_secs() < 5, "reading took {:?}", started.spent());
    }
}
