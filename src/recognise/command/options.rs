//! Options of commands that set what a config path names: `setup:install --key=…`, `aco:config:init --client_secret=…`.

use super::reader::Reader;
use crate::model::command::{Command, Verb};
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting};
use crate::model::variable::OPTIONS;
use crate::source::Location;
use crate::syntax::php::Php;
use crate::syntax::{Entry, Node, NodeKind, format_of};

impl Reader<'_> {
    /// Reads PHP that a script says into a file: `echo "<?php return […];" > app/etc/env.php`.
    pub(super) fn said_code(&mut self, words: &[Node], line: &str) {
        let file = line.rsplit('>').next().map(str::trim).filter(|_| line.contains('>'));
        let name = file.map(|name| name.trim_matches(['"', '\'', ';']));
        let is_php = |name: &&str| format_of(name).is_some_and(|format| format.is(&Php));
        let Some(name) = name.filter(is_php) else { return };
        let is_code = |word: &&Node| word.as_str().is_some_and(|text| text.starts_with("<?php"));
        for word in words.iter().filter(is_code) {
            let text = word.as_str().unwrap_or_default();
            let written = self.written(word.at);
            let Some(lead) = written.find(text) else { continue };
            let start = word.at.span.start as usize + lead;
            let at = Location::new(word.at.source, start, start + text.len());
            let value = Node::new(at, NodeKind::Scalar(text.to_owned()));
            let key = Node::new(word.at, NodeKind::Scalar(name.to_owned()));
            self.file(&Node::new(word.at, NodeKind::Mapping(vec![Entry { key, value }])));
        }
    }

    /// Reads the options of a command that is ours.
    pub(super) fn options(&mut self, words: &[Node]) {
        let is_verb = |word: &Node| {
            word.as_str().is_some_and(|text| OPTIONS.iter().any(|(verb, ..)| *verb == text))
        };
        let Some(at) = words.iter().position(is_verb) else { return };
        let Some((verb_word, rest)) = words.get(at..).and_then(<[Node]>::split_first) else {
            return;
        };
        let verb = verb_word.as_str().unwrap_or_default();
        for (index, word) in rest.iter().enumerate() {
            let known = OPTIONS.iter().filter(|(known, ..)| *known == verb);
            let found = known.filter_map(|&(_, option, path)| {
                let parameter = match path {
                    "crypt/key" => Parameter::CryptKey,
                    path => Parameter::from_path(path)?,
                };
                Some((parameter, self.option_value(option, word, rest.get(index + 1))?))
            });
            let Some((parameter, value)) = found.last() else { continue };
            let (value, value_at) = self.value(parameter, &value);
            let is_key = parameter == Parameter::CryptKey;
            let carrier = if is_key { Carrier::Document } else { Carrier::ConfigSet };
            let scope = Scope::Default;
            let setting =
                Setting { parameter, scope, carrier, value, at: value_at, key_at: word.at };
            self.add(Some(setting.clone()), None);
            if is_key {
                // It tells nothing of an instance by itself: only what it opens does.
                continue;
            }
            self.commands.push(Command {
                at: verb_word.at,
                name: verb.to_owned(),
                verb: Verb::Pass,
                script: (self.id, self.scripts),
                arms: self.branches.arms(),
                settings: vec![setting],
                options: Vec::new(),
                is_computed: false,
            });
        }
    }

    /// The value of an option, in its word or in the next one.
    pub(super) fn option_value(
        &self,
        option: &str,
        word: &Node,
        next: Option<&Node>,
    ) -> Option<Node> {
        let written = self.written(word.at);
        let start = word.at.span.start as usize;
        let lead = written.len() - written.trim_start_matches(['"', '\'']).len();
        let name = written.get(lead..)?.strip_prefix("--")?.strip_prefix(option)?;
        if name.trim_matches(['"', '\'']).is_empty() {
            return next.cloned();
        }
        let value = name.strip_prefix('=')?;
        let Some(text) = word.as_str() else {
            return Some(Node::new(word.at, NodeKind::Expression));
        };
        let text = text.split_once('=')?.1.to_owned();
        let from = start + written.len() - value.len();
        let quotes = value.len() - value.trim_start_matches(['"', '\'']).len();
        let end = from + value.trim_end_matches(['"', '\'']).len();
        let at = Location::new(word.at.source, from + quotes, end.max(from + quotes));
        Some(Node::new(at, NodeKind::Scalar(text)))
    }
}
