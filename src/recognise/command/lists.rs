//! Config paths in lists: arrays, here-documents and the words of a loop, where a command in the script sets what it is given.
//!
//! Which path the command is given is known only when it runs. That it sets those in the list is known: with the value that stands beside the
//! path, else with an unknown one.

use super::reader::{Computed, Reader};
use crate::model::command::Verb;
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting, Value};
use crate::recognise::document::{Named, place};
use crate::source::{Location, Source};
use crate::syntax::{Node, NodeKind};

/// What may stand between a path and its value in one word.
const BETWEEN: [char; 7] = ['=', '|', ',', ';', ':', ' ', '\t'];

/// A path in a list.
struct Item<'t> {
    parameter: Parameter,
    scope: Scope,
    path: &'t str,
    /// What stands behind it in the same word.
    value: Option<&'t str>,
}

impl Reader<'_> {
    /// Reads the paths in a script's lists.
    pub(super) fn lists(&mut self, script: &Node, depths: &[usize], computed: &Computed) {
        let source = self.source;
        for (command, &depth) in script.items().iter().zip(depths) {
            let words = self.piped(command);
            if !self.is_list(words) {
                continue;
            }
            self.depth = depth;
            let mut words = words.iter().peekable();
            let is_loop = words.next_if(|word| word.as_str() == Some("for")).is_some();
            while let Some(word) = words.next() {
                let text = text_of(source, word);
                let lines: Vec<Item<'_>> = text.lines().filter_map(item).collect();
                let is_alone = matches!(lines.as_slice(), [only] if only.value.is_none());
                let beside = words.next_if(|next| is_alone && !is_loop && !holds_path(next));
                for item in lines {
                    let setting = self.listed(word, &item, beside, computed);
                    self.add(Some(setting), None);
                }
            }
        }
    }

    /// Notes the rows that a loop over paths of other settings writes; says whether there is such a loop.
    pub(super) fn loops_over_others(&mut self, script: &Node, computed: &Computed) -> bool {
        let is_path = |word: &Node| {
            word.as_str()
                .is_some_and(|text| text.matches('/').count() == 2 && !text.starts_with('/'))
        };
        let loops = script.items().iter().filter_map(|command| match command.items() {
            [first, _, of, words @ ..]
                if first.as_str() == Some("for") && of.as_str() == Some("in") =>
            {
                Some(words).filter(|words| !words.is_empty() && words.iter().all(is_path))
            }
            _ => None,
        });
        let words: Vec<&Node> = loops.flatten().collect();
        for word in &words {
            self.listed_row(word, computed.host.clone());
        }
        !words.is_empty()
    }

    /// The words of a command; of one that prints lines for the next command, those lines.
    fn piped<'n>(&self, command: &'n Node) -> &'n [Node] {
        let words = command.items();
        let behind = self
            .source_of(command.at)
            .text()
            .get(command.at.span.end as usize..)
            .unwrap_or_default();
        let is_piped = behind.trim_start_matches([' ', '\t']).starts_with('|');
        let skipped = match words.first().and_then(Node::as_str).filter(|_| is_piped) {
            Some("echo") => 1,
            Some("printf") => 2,
            _ => 0,
        };
        words.get(skipped..).unwrap_or_default()
    }

    /// Whether the words of a command are a list: those of a loop or an array, or lines that a loop reads.
    fn is_list(&self, words: &[Node]) -> bool {
        let Some(first) = words.first() else { return false };
        let is_verb = |text: &str| text.contains(':') && !text.contains('/');
        let text = text_of(self.source, first);
        let is_key = text.starts_with('[') && text.contains("]=");
        let is_path = !text.starts_with(['/', '.']) && text.matches('/').count() == 2;
        let is_many = text.contains('\n') && text.contains('=');
        (text == "for" || is_key || is_path || is_many || item(text).is_some())
            && !words.iter().filter_map(Node::as_str).any(is_verb)
    }

    fn listed(
        &self,
        word: &Node,
        item: &Item<'_>,
        beside: Option<&Node>,
        computed: &Computed,
    ) -> Setting {
        let written = self.written(word.at);
        let start = word.at.span.start as usize;
        let part = |text: &str, from: usize| {
            let at = from + written.get(from..)?.find(text)?;
            Some(Location::new(word.at.source, start + at, start + at + text.len()))
        };
        let key_at = part(item.path, 0).unwrap_or(word.at);
        let behind = (key_at.span.end as usize).saturating_sub(start).min(written.len());
        let (value, at) = match (computed.verb, item.value, beside) {
            (Verb::Delete, ..) => (Value::Blank, key_at),
            (_, Some(_), _) if word.kind == NodeKind::Expression => (Value::Reference, key_at),
            (_, Some(text), _) => {
                let at = part(text, behind).unwrap_or(word.at);
                let value = Node::new(at, NodeKind::Scalar(text.to_owned()));
                self.value(item.parameter, &value)
            }
            (_, None, Some(beside)) => self.value(item.parameter, beside),
            (_, None, None) => (Value::Unknown, key_at),
        };
        let at = if at.span.start == at.span.end { key_at } else { at };
        let (parameter, scope, carrier) = (item.parameter, item.scope.clone(), computed.carrier);
        Setting { parameter, scope, carrier, value, at, key_at }
    }
}

/// A word's text, as it is written where a part of it is not known.
fn text_of<'t>(source: &'t Source, word: &'t Node) -> &'t str {
    let written = || source.slice(word.at.span).trim_matches(['"', '\'']);
    word.as_str().unwrap_or_else(written)
}

fn holds_path(word: &Node) -> bool {
    word.as_str().is_some_and(|text| item(text).is_some())
}

/// The path at the start of a line, and what stands behind it: `[a/b/c]=value`, `a/b/c|value`, `a/b/c value`.
fn item(line: &str) -> Option<Item<'_>> {
    let line = line.trim();
    let (path, value) = match line.strip_prefix('[') {
        Some(rest) => rest.split_once("]=").map(|(path, value)| (path, Some(value)))?,
        None => line.split_once(BETWEEN).map_or((line, None), |(path, value)| (path, Some(value))),
    };
    let path = path.trim_matches(['"', '\'']);
    // The first line of an assignment of many has the variable's name before its path.
    if !path.contains('/')
        && let Some(rest) = value.filter(|_| line.contains('/'))
    {
        return item(rest).filter(|_| !path.is_empty() && !rest.starts_with('['));
    }
    let parts: Vec<String> = path.split('/').map(str::to_ascii_lowercase).collect();
    let Named { parameter, scope, above } = place(&parts)?;
    let value = value.map(|value| value.trim_matches(['"', '\'', ' ', '\t']));
    (above == 0).then_some(Item { parameter, scope, path, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_list_stands_before_its_value() {
        let read =
            |line: &str| item(line).map(|item| (item.parameter, item.value.map(str::to_owned)));
        let space = Parameter::DataSpace;
        let path = "services_connector/services_id/environment_id";
        for (line, value) in [
            (format!("[{path}]=a"), Some("a")),
            (format!("[\"{path}\"]='a'"), Some("a")),
            (format!("{path}|a"), Some("a")),
            (format!("{path} a"), Some("a")),
            (format!("{path}="), Some("")),
            (path.to_owned(), None),
            (format!("LIST={path} a"), Some("a")),
        ] {
            assert_eq!(read(&line), Some((space, value.map(str::to_owned))), "{line}");
        }
        for line in ["web/secure/base_url=a", "[a]=b", "", "=", "x=services_id/environment_id"] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
