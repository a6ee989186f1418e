//! Variables that a step hands to the steps behind it: `echo "SPACE=…" >> "$GITHUB_ENV"`, `echo "##vso[task.setvariable variable=SPACE]…"`.
//!
//! Sources: the GitHub documentation, *Workflow commands*, environment files; the Azure Pipelines documentation, *Logging commands*; the
//! `CircleCI` documentation, *Set an environment variable*, `BASH_ENV`.

use std::ops::Range;

use super::reader::Reader;
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting, Value};
use crate::recognise::document::variable;
use crate::recognise::handed::Tool;
use crate::source::Location;
use crate::syntax::{Node, NodeKind};

/// The variables that name the files in which such variables stand.
const FILES: [&str; 3] = ["GITHUB_ENV", "GITHUB_OUTPUT", "BASH_ENV"];

/// What Azure's agents take for one.
const COMMAND: &str = "##vso[task.setvariable variable=";

impl Reader<'_> {
    /// Keeps what a command that says something exports; `line`: what stands behind it.
    pub(super) fn exported(&mut self, words: &[Node], line: &str) {
        let target = line.trim_end_matches([' ', ';']).rsplit(['>', ' ']).next();
        let target = target.unwrap_or_default().trim_matches(['"', '\'', '$', '{', '}']);
        let is_file = FILES.contains(&target) && (line.contains('>') || line.contains("tee"));
        for (index, word) in words.iter().enumerate() {
            let written = self.written(word.at);
            let of_command = of_command(written);
            let is_command = of_command.is_some();
            let Some((name, value)) = of_command.or_else(|| of_line(written).filter(|_| is_file))
            else {
                continue;
            };
            let named = written.get(name.clone()).unwrap_or_default();
            let mut settings = self.handed.of(Tool::Job, named).to_vec();
            // A line of a file by its own name is read as any assignment is.
            settings.extend(variable(named).filter(|_| is_command));
            let is_hole = written.get(value.clone()).is_some_and(|value| value.starts_with("%s"));
            if let Some(next) = words.get(index + 1).filter(|_| is_hole) {
                self.hand_over(word, &name, next, settings);
                continue;
            }
            self.give(word, (name, value), settings);
        }
    }
}

impl Reader<'_> {
    /// Keeps what a word assigns to a variable that `envsubst` puts in the place of a setting.
    pub(super) fn filled(&mut self, word: &Node) {
        let written = self.written(word.at);
        let Some((name, value)) = of_line(written).filter(|_| !self.handed.is_empty()) else {
            return;
        };
        let named = written.get(name.clone()).unwrap_or_default();
        let settings = self.handed.of(Tool::Envsubst, named).to_vec();
        self.give(word, (name, value), settings);
    }

    /// A setting whose value `printf` puts in the place of its format's hole: `printf 'NAME=%s\n' "$SPACE"`.
    pub(super) fn formatted(&self, setting: Setting, next: &Node) -> Setting {
        let written = self.written(setting.at);
        if !written.starts_with("%s") {
            return setting;
        }
        let (value, at) = self.value(setting.parameter, next);
        Setting { value, at, ..setting }
    }

    /// Keeps the settings that a name in a word stands for, whose value `printf` takes from another word.
    fn hand_over(
        &mut self,
        word: &Node,
        name: &Range<usize>,
        next: &Node,
        settings: Vec<(Parameter, Scope)>,
    ) {
        let start = word.at.span.start as usize;
        let key_at = Location::new(word.at.source, start + name.start, start + name.end);
        for (parameter, scope) in settings {
            let (value, at) = self.value(parameter, next);
            let carrier = Carrier::Environment;
            self.add(Some(Setting { parameter, scope, carrier, value, at, key_at }), None);
        }
    }

    /// Keeps the settings that a name in a word stands for, with its value.
    fn give(
        &mut self,
        word: &Node,
        (name, value): (Range<usize>, Range<usize>),
        settings: Vec<(Parameter, Scope)>,
    ) {
        let written = self.written(word.at);
        let named = written.get(name.clone()).unwrap_or_default();
        let start = word.at.span.start as usize;
        let place = |range: &Range<usize>| {
            Location::new(word.at.source, start + range.start, start + range.end)
        };
        let (key_at, at) = (place(&name), place(&value));
        let text = written.get(value.clone()).unwrap_or_default();
        for (parameter, scope) in settings {
            // What a variable of the script holds that the word was read with.
            let read = word.as_str().and_then(|text| text.split_once(named)?.1.split_once('='));
            let known = if text.contains('$') { read.map(|(_, known)| known) } else { Some(text) };
            let known = known.filter(|known| !known.contains('$'));
            let (value, at) = match known {
                Some(known) => {
                    let node = Node::new(at, NodeKind::Scalar(known.to_owned()));
                    self.value(parameter, &node)
                }
                None => (Value::Reference, at),
            };
            let carrier = Carrier::Environment;
            self.add(Some(Setting { parameter, scope, carrier, value, at, key_at }), None);
        }
    }
}

/// The name and the value of `NAME=value`, `export NAME=value`.
fn of_line(written: &str) -> Option<(Range<usize>, Range<usize>)> {
    let bare = written.trim_start_matches(['"', '\'']);
    let bare = bare.strip_prefix("export ").unwrap_or(bare);
    let start = written.len() - bare.len();
    let equals = start + bare.find('=')?;
    let value = written.get(equals + 1..)?;
    let lead = value.len() - value.trim_start_matches(['"', '\'', '\\']).len();
    let inner = value.get(lead..)?.trim_end_matches(['"', '\'', '\\']);
    Some((start..equals, equals + 1 + lead..equals + 1 + lead + inner.len()))
}

/// The name and the value of a command of Azure's.
fn of_command(written: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = written.find(COMMAND)? + COMMAND.len();
    let rest = written.get(start..)?;
    let (named, close) = (rest.find([';', ']'])?, rest.find(']')?);
    let value = rest.get(close + 1..)?.trim_end_matches(['"', '\'']);
    Some((start..start + named, start + close + 1..start + close + 1 + value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_its_value_are_told() {
        let shown = |found: Option<(Range<usize>, Range<usize>)>, written: &str| {
            found.map(|(name, value)| {
                let text = |range: Range<usize>| written.get(range).unwrap_or_default().to_owned();
                format!("{} {}", text(name), text(value))
            })
        };
        for written in ["\"SPACE=id\"", "SPACE=id", "'export SPACE=id'", "'export SPACE=\"id\"'"] {
            assert_eq!(shown(of_line(written), written).as_deref(), Some("SPACE id"), "{written}");
        }
        for written in [
            "\"##vso[task.setvariable variable=SPACE]id\"",
            "'##vso[task.setvariable variable=SPACE;isOutput=true]id'",
        ] {
            let found = of_command(written);
            assert_eq!(shown(found, written).as_deref(), Some("SPACE id"), "{written}");
        }
        assert_eq!(of_line("x"), None);
        assert_eq!(of_command("\"SPACE=id\""), None);
    }
}
