//! Variables that options hand on: `helm --set env.CONFIG__…=`, `kubectl create configmap --from-literal=CONFIG__…=`, `gcloud run deploy
//! --set-env-vars A=…,CONFIG__…=`; and parameters of a store, `aws ssm put-parameter --name /shop/CONFIG__… --value …`.

use super::reader::Reader;
use crate::model::command::{Command, Verb};
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting, Value};
use crate::recognise::document::{self, CLOUD_VARIABLES, variable};
use crate::recognise::handed::Tool;
use crate::source::Location;
use crate::syntax::{Node, NodeKind};

/// What names of variables start with.
const START: &str = "CONFIG__";

impl Reader<'_> {
    /// The settings that a word hands on as JSON in base64: `MAGENTO_CLOUD_VARIABLES=…`.
    pub(super) fn packed(&self, word: &Node) -> Vec<Setting> {
        let is_packed = |text: &str| text.starts_with(CLOUD_VARIABLES);
        let Some(word) = Some(word).filter(|word| word.as_str().is_some_and(is_packed)) else {
            return Vec::new();
        };
        let list = Node::new(word.at, NodeKind::Sequence(vec![word.clone()]));
        let mut reader =
            document::Reader::new(self.source, Carrier::Document, Carrier::Environment);
        reader.read(&list);
        reader.settings
    }

    /// The setting of a word `CONFIG__…=value`.
    pub(super) fn assignment(&self, word: &Node) -> Option<Setting> {
        let written = self.written(word.at);
        // What a function is given stands where it is called, and not in the word.
        let text = word.as_str().filter(|_| !written.contains(START));
        let behind = |text| match option(text) {
            Some(option) => str::get(text, option.len() + 1..),
            None => Some(text),
        };
        let named = text.and_then(behind).filter(|text| text.starts_with(START));
        if let Some((name, text)) = named.and_then(|text| text.split_once('=')) {
            return self.renamed(word, name, text);
        }
        let bare = written.trim_start_matches(['"', '\'']);
        let name = bare.split('=').next()?.trim_end_matches([' ', '\t', ':', '?', '+']);
        let key = name.rsplit("--env=").next().unwrap_or(name).trim_start_matches("export ");
        let (parameter, scope) = variable(key)?;
        let equals = written.find('=')?;
        let equals =
            if key == name { equals } else { equals + 1 + written.get(equals + 1..)?.find('=')? };
        let start = word.at.span.start as usize;
        let lead = written.find(key)?;
        let key_at = Location::new(word.at.source, start + lead, start + lead + key.len());
        let closing = usize::from(bare.len() < written.len());
        let end = (word.at.span.end as usize).saturating_sub(closing);
        let value_at = Location::new(word.at.source, start + equals + 1, end);
        let carrier = Carrier::Environment;
        let (value, at) = match word.as_str() {
            None => (Value::Reference, value_at),
            Some(text) => {
                let text = text.split_once(key)?.1.split_once('=')?.1.to_owned();
                self.value(parameter, &Node::new(value_at, NodeKind::Scalar(text)))
            }
        };
        let at = if at.span.start == at.span.end { key_at } else { at };
        Some(Setting { parameter, scope, carrier, value, at, key_at })
    }

    /// The setting of a word `NAME=value` whose name stands for a setting.
    fn renamed(&self, word: &Node, name: &str, text: &str) -> Option<Setting> {
        let (parameter, scope) = variable(name)?;
        let written = self.written(word.at);
        let start = word.at.span.start as usize;
        let at = written.rfind(text).filter(|_| !text.is_empty());
        let at = at.map(|at| Location::new(word.at.source, start + at, start + at + text.len()));
        let value = Node::new(at.unwrap_or(word.at), NodeKind::Scalar(text.to_owned()));
        let (value, at) = self.value(parameter, &value);
        let carrier = Carrier::Environment;
        Some(Setting { parameter, scope, carrier, value, at, key_at: word.at })
    }

    /// Notes a variable that an option hands on.
    pub(super) fn pass(&mut self, option: &str, at: Location, setting: Setting) {
        self.commands.push(Command {
            at,
            name: option.to_owned(),
            verb: Verb::Pass,
            script: (self.id, self.scripts),
            arms: self.branches.arms(),
            settings: vec![setting.clone()],
            options: Vec::new(),
            is_computed: false,
        });
        self.add(Some(setting), None);
    }

    /// The variables in a word whose names do not start it: those behind an option's own path, and all but the first of a list.
    pub(super) fn passed(&self, word: &Node, is_passed: bool) -> Vec<Setting> {
        let written = self.written(word.at);
        if !is_passed || !written.contains(START) {
            return Vec::new();
        }
        let places = written.match_indices(START).filter_map(|(at, _)| {
            let before = written.get(..at)?;
            let stands = before.ends_with(['.', ',', '=']) && before != "--env=";
            stands.then_some(at)
        });
        places.filter_map(|at| self.passed_at(word, written, at)).collect()
    }

    fn passed_at(&self, word: &Node, written: &str, at: usize) -> Option<Setting> {
        let (name, _) = written.get(at..)?.split_once('=')?;
        self.given_at(word, (written, at, name), variable(name)?)
    }

    /// Reads what tools are handed for names that stand for settings: `helm --set saas.space=…`.
    pub(super) fn handed(&mut self, words: &[Node]) {
        if self.handed.is_empty() {
            return;
        }
        let Some(tool) = Tool::of(words) else { return };
        let mut is_taken = false;
        for word in words {
            let written = self.written(word.at);
            let bare = written.trim_start_matches(['"', '\'']);
            let is_option = bare.starts_with('-');
            let named = bare.split('=').next().unwrap_or_default();
            is_taken = if is_option { tool.takes(named) } else { is_taken };
            let own = if is_option { named.len() + (written.len() - bare.len()) + 1 } else { 0 };
            if is_taken && own < written.len() {
                for setting in self.handed_in(tool, word, (written, own)) {
                    self.pass(named, word.at, setting);
                }
                is_taken &= is_option && own > written.len() || tool.takes_several();
            }
        }
    }

    /// The settings in a word: `a=…,b=…` for Helm, `a=… b=…` and `{"a": "…"}` for plays.
    fn handed_in(&self, tool: Tool, word: &Node, (written, from): (&str, usize)) -> Vec<Setting> {
        let mut found = Vec::new();
        let mut at = from;
        for part in written.get(from..).unwrap_or_default().split([',', ' ', '\n']) {
            let lead = part.len() - part.trim_start_matches(['"', '\'', '{']).len();
            let name = part.get(lead..).and_then(|part| part.split(['=', '"']).next());
            if let Some(name) = name.filter(|name| name.len() + lead < part.len()) {
                for setting in self.handed.of(tool, name) {
                    let place = (written, at + lead, name);
                    found.extend(self.given_at(word, place, setting.clone()));
                }
            }
            at += part.len() + 1;
        }
        found
    }

    /// The setting whose name stands at a place of a word, with its value behind `=`, or behind `": ` as JSON has it.
    fn given_at(
        &self,
        word: &Node,
        (written, at, name): (&str, usize, &str),
        (parameter, scope): (Parameter, Scope),
    ) -> Option<Setting> {
        let behind = written.get(at + name.len()..)?;
        let rest = match behind.strip_prefix('=') {
            Some(rest) => rest,
            None => behind.strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start(),
        };
        let gap = behind.len() - rest.len();
        let behind = rest;
        let start = word.at.span.start as usize + at;
        let key_at = Location::new(word.at.source, start, start + name.len());
        let quote = behind.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (lead, text) = match quote {
            Some(quote) => (1, behind.get(1..)?.split(quote).next()?),
            None => (0, behind.split([',', '"', '\'', ' ']).next()?),
        };
        let from = start + name.len() + gap + lead;
        let value_at = Location::new(word.at.source, from, from + text.len());
        let carrier = Carrier::Environment;
        let given = || word.as_str().and_then(|text| text.split_once(name)?.1.strip_prefix('='));
        let given = given().and_then(|text| text.split([',', '"', '\'', ' ']).next());
        let (value, at) = if text.contains('$') {
            // What a variable of the script holds that the word was read with.
            let known = given.filter(|text| !text.contains('$') && !text.is_empty());
            let read = known.map(|text| {
                self.value(parameter, &Node::new(value_at, NodeKind::Scalar(text.to_owned())))
            });
            read.unwrap_or((Value::Reference, value_at))
        } else {
            self.value(parameter, &Node::new(value_at, NodeKind::Scalar(text.to_owned())))
        };
        let at = if at.span.start == at.span.end { key_at } else { at };
        Some(Setting { parameter, scope, carrier, value, at, key_at })
    }
}

/// The option that a word is, where its value stands behind `=`.
pub fn option(written: &str) -> Option<&str> {
    let bare = written.trim_start_matches(['"', '\'']);
    let name = bare.split('=').next()?;
    (name.starts_with("--") && name.len() < bare.len()).then_some(name)
}
