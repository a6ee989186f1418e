//! Scripts that a script runs or takes in: `./deploy.sh production`, `. ./conf/common.sh`.
//!
//! What is taken in is read where it stands, with the same variables; what is run is read with what it is given: its arguments, and the
//! variables that are exported. Sources: POSIX, *Shell Command Language*, `dot`, *Command Search and Execution*; the Bash manual, `export`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expansions::known;
use super::state::{Scanner, Script};
use super::{MAX_NESTING, assignment, read};
use crate::source::{Source, SourceId};
use crate::syntax::Node;
use crate::syntax::shell::files::Files;
use crate::syntax::shell::make;
use crate::syntax::shell::runs;
use crate::syntax::shell::variables::{Known, Variables};
use crate::syntax::shell::word::Word;

/// How long a script is that is read where it is run.
const MAX_BYTES: usize = 64 << 10;

/// Programs that run the script that they are given.
const RUNNING: [&str; 5] = ["bash", "sh", "zsh", "dash", "ksh"];

/// Words before a command that change nothing of it.
const BEFORE: [&str; 6] = ["exec", "command", "sudo", "time", "nohup", "env"];

impl Scanner<'_, '_> {
    /// Reads the script of the tree that the last command runs or takes in.
    pub(super) fn other_script(&mut self, words: &[Word]) {
        let Some(command) = self.commands.nodes.last() else { return };
        let items = command.items().to_vec();
        if !self.reads_other(&items, words) && takes_in(&items) {
            // It can assign any of them.
            self.variables.forget_all();
        }
    }

    /// Reads the script that a command runs or takes in; says whether it did, or none of them is one of the tree's.
    fn reads_other(&mut self, items: &[Node], words: &[Word]) -> bool {
        let is_outside = |word: &Node| {
            let written = word.as_str().unwrap_or_default();
            written.starts_with(['/', '~']) && !written.starts_with("/dev/")
        };
        if items.iter().any(is_outside) || words.iter().any(|word| self.is_of_home(word)) {
            return true;
        }
        let Some(files) = self.variables.files().cloned() else { return false };
        let is_passed = |word: &&Node| {
            let text = word.as_str().unwrap_or_default();
            BEFORE.contains(&text) || assignment(text).is_some()
        };
        let before = items.iter().take_while(is_passed).count();
        let (given, own) = items.split_at(before);
        let Some(first) = own.first() else { return false };
        let verb = first.as_str().unwrap_or_default();
        if matches!(verb, "make" | "gmake") {
            return self.runs_make(&files, given, own);
        }
        let is_taken_in = matches!(verb, "." | "source");
        let is_option = |word: &&Node| word.as_str().is_some_and(|text| text.starts_with('-'));
        let at = if is_taken_in || RUNNING.contains(&verb.rsplit('/').next().unwrap_or_default()) {
            1 + own.iter().skip(1).take_while(is_option).count()
        } else {
            0
        };
        let options = own.get(1..at).unwrap_or_default();
        if options.iter().filter_map(Node::as_str).any(|option| option.ends_with('c')) {
            return false;
        }
        let Some(file) = own.get(at) else { return false };
        let named = self.named(&files, file, words.get(before + at));
        let Some((id, source)) = named else { return false };
        if self.script.depth >= MAX_NESTING
            || id == self.script.id
            || source.text().len() > MAX_BYTES
        {
            return false;
        }
        let cost = source.text().len() + 32 * self.variables.size();
        if !self.commands.functions.spend(cost) {
            return false;
        }
        let arguments: Vec<Known> = own.iter().skip(at + 1).map(known).collect();
        if is_taken_in {
            self.take_in((id, source), arguments);
            return true;
        }
        let mut variables = self.variables.handed_on();
        for word in given {
            if let Some((name, value)) = word.as_str().and_then(|text| text.split_once('=')) {
                variables.assign_from(name, Some(value), Some(word.at));
            }
        }
        give(&mut variables, arguments);
        let text = runs::decided(source.text(), &variables, &[]);
        let text = text.as_ref().map_or(source.text(), |decided| &decided.text);
        let depth = self.script.depth + 1;
        read(
            Script { id, text, base: 0, depth, is_expanded: false },
            &mut variables,
            self.commands,
        );
        true
    }

    /// Reads what a makefile of the tree does that a command runs; says whether it did.
    fn runs_make(&mut self, files: &Arc<Files>, before: &[Node], own: &[Node]) -> bool {
        let (mut goal, mut folder, mut name) = (None, None, None);
        let mut given: BTreeMap<String, make::Value> = BTreeMap::new();
        let mut words = own.iter().skip(1);
        while let Some(word) = words.next() {
            let range = word.at.span.range();
            let start = range.start.saturating_sub(self.script.base);
            let written = || self.script.text.get(start..).unwrap_or_default();
            match word.as_str() {
                Some("-C" | "--directory") => folder = words.next().and_then(Node::as_str),
                Some("-f" | "--file") => name = words.next().and_then(Node::as_str),
                Some(option) if option.starts_with('-') => {}
                Some(text) => match text.split_once('=') {
                    Some((name, value)) => {
                        let value = make::Value { at: Some(word.at), ..make::Value::text(value) };
                        given.insert(name.trim_end_matches(':').to_owned(), value);
                    }
                    None if goal.is_none() => goal = Some(text),
                    None => return false,
                },
                None => {
                    let Some((name, _)) = assignment(written()) else { return false };
                    given.insert(name.to_owned(), make::Value::input(name));
                }
            }
        }
        let variables = self.variables.handed_on();
        let known = variables.names().filter_map(|name| {
            let known = variables.known(name);
            let value = make::Value { at: known.origin, ..make::Value::text(known.text?) };
            Some((name.to_owned(), value))
        });
        let mut environment: BTreeMap<String, make::Value> = known.collect();
        for word in before {
            if let Some((name, value)) = word.as_str().and_then(|text| text.split_once('=')) {
                let value = make::Value { at: Some(word.at), ..make::Value::text(value) };
                environment.insert(name.to_owned(), value);
            }
        }
        let folder = folder.map(|folder| format!("{}/", folder.trim_end_matches('/')));
        let path = |name: &str| format!("{}{name}", folder.as_deref().unwrap_or_default());
        let names = name.map_or(vec!["GNUmakefile", "makefile", "Makefile"], |name| vec![name]);
        let mut found = names.into_iter().filter_map(|name| {
            let path = path(name);
            files.named(self.script.id, &path).filter(|(_, source)| source.path().ends_with(&path))
        });
        let Some((id, source)) = found.next() else { return false };
        let cost = source.text().len() + 32 * self.variables.size();
        if self.script.depth >= MAX_NESTING || !self.commands.functions.spend(cost) {
            return false;
        }
        let file = make::File { id, text: source.text(), files: Some(files) };
        for ran in make::goals::called(file, goal, given, environment) {
            let mut variables = ran.variables.with_files(Some(files));
            ran.exported.iter().for_each(|name| variables.export(Some(name)));
            let (id, depth) = (ran.id.unwrap_or(id), self.script.depth + 1);
            let script = Script { id, text: &ran.text, base: ran.base, depth, is_expanded: false };
            read(script, &mut variables, self.commands);
        }
        true
    }

    /// Whether a word names a file of the user's or of the machine's.
    fn is_of_home(&self, word: &Word) -> bool {
        let written = self.words.slice(word.at.clone());
        ["$HOME", "${HOME", "$NVM_DIR", "$BASH_ENV"].iter().any(|name| written.contains(name))
    }

    /// The file of the tree that a word names.
    fn named<'f>(
        &self,
        files: &'f Arc<Files>,
        word: &Node,
        written: Option<&Word>,
    ) -> Option<(SourceId, &'f Source)> {
        if let Some(text) = word.as_str() {
            let is_file = text.contains('/') || text.contains('.');
            return files.named(self.script.id, text).filter(|_| is_file);
        }
        files.of_folder(self.script.id, self.words.slice(written?.at.clone()))
    }

    /// Reads a file with the variables of this script; what a test decides about is not known behind it.
    fn take_in(&mut self, (id, source): (SourceId, &Source), arguments: Vec<Known>) {
        let is_open = self.is_chained;
        if is_open {
            self.variables.open();
        }
        let own: Vec<Known> =
            (1..=9).map(|number: u8| self.variables.known(&number.to_string())).collect();
        if !arguments.is_empty() {
            give(self.variables, arguments);
        }
        let text = runs::decided(source.text(), self.variables, &[]);
        let text = text.as_ref().map_or(source.text(), |decided| &decided.text);
        let depth = self.script.depth + 1;
        read(
            Script { id, text, base: 0, depth, is_expanded: false },
            self.variables,
            self.commands,
        );
        for (number, known) in (1..).zip(own) {
            let number: u8 = number;
            self.variables.assign_from(&number.to_string(), known.text.as_deref(), known.origin);
        }
        if is_open {
            self.variables.close();
        }
    }
}

/// Gives a script its arguments.
fn give(variables: &mut Variables, arguments: Vec<Known>) {
    for (number, known) in (1..=9_u8).zip(&arguments) {
        variables.assign_from(&number.to_string(), known.text.as_deref(), known.origin);
    }
    variables.assign_list("@", arguments);
}

/// Whether a command takes a file in.
fn takes_in(items: &[Node]) -> bool {
    let mut words = items.iter().filter_map(Node::as_str);
    let first = words.find(|word| !matches!(*word, "builtin" | "command"));
    first.is_some_and(|word| matches!(word.trim_start_matches('\\'), "." | "source"))
}
