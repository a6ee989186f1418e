//! Where a command runs: `ssh HOST`, `kubectl -n NAMESPACE`, `cd FOLDER`, the function around it. One script can set up several installations.
//!
//! What varies between the commands that set one thing tells them apart; whether its words say an environment is decided where instances are.

use std::collections::{BTreeMap, BTreeSet};

use super::settle::Found;
use crate::recognise::Said;
use crate::source::Location;
use crate::syntax::Node;

/// How many words around a command are looked at, and how many of them tell it from others.
const MOST: usize = 32;
const MOST_OWN: usize = 4;

/// What is around the command that is being read.
#[derive(Default)]
pub struct Target {
    /// The commands whose words hold it, with their other words.
    outer: Vec<(Location, Vec<String>)>,
    /// The folder that was changed to last.
    folder: Option<String>,
    /// Its own words before what it sets.
    own: Vec<String>,
}

impl Target {
    /// Takes the next command of a script.
    pub fn enter(&mut self, command: &Node) {
        let at = command.at.span;
        self.outer.retain(|(open, _)| open.span.start <= at.start && at.end <= open.span.end);
        let words = command.items();
        let text = |word: &Node| word.as_str().map(str::to_owned);
        if words.first().and_then(Node::as_str) == Some("cd") {
            self.folder = words.get(1).and_then(text);
        }
        let is_word = |word: &String| !word.contains(['=', ' ', '\n']);
        // Which program runs says nothing; the folder that it stands in does.
        let folder = |(index, word): (usize, String)| match word.rsplit_once('/') {
            Some((folder, _)) if index == 0 => folder.to_owned(),
            None if index == 0 => String::new(),
            _ => word,
        };
        let before = words.iter().take(MOST).filter_map(text);
        let before = before.take_while(|word| !word.contains(':')).enumerate().map(folder);
        let before: Vec<String> = before.filter(is_word).collect();
        let holds = |word: &Node| word.as_str().is_none_or(|text| text.contains([' ', '\n', ';']));
        if words.iter().any(holds) {
            self.outer.push((command.at, before.clone()));
        }
        self.own = before;
    }

    /// The words around it, each once.
    pub fn words(&self, function: Option<&str>) -> BTreeSet<String> {
        let outer = self.outer.iter().flat_map(|(_, words)| words);
        let all = outer.chain(&self.own).chain(&self.folder).map(String::as_str).chain(function);
        let words = all.flat_map(|word| word.split(['/', '@']));
        words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
    }
}

/// Lets the words say whose the settings are by which commands differ that set one thing in one file.
pub fn tell_apart(found: &mut [Found]) {
    let mut targets: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, Found { setting, said, .. }) in found.iter().enumerate() {
        if said.as_ref().is_none_or(|said| said.how == Said::KEYS) {
            let target = (said.clone(), setting.parameter, setting.scope.clone());
            targets.entry(target).or_default().push(index);
        }
    }
    for indices in targets.into_values().filter(|indices| indices.len() > 1) {
        let around = indices.iter().filter_map(|&index| Some(found.get(index)?.around.clone()));
        let common = around.reduce(|one, other| &one & &other).unwrap_or_default();
        for index in indices {
            let Some(one) = found.get_mut(index) else { continue };
            let own: Vec<String> = one.around.difference(&common).take(MOST_OWN).cloned().collect();
            if own.is_empty() {
                continue;
            }
            let said = one.said.get_or_insert(Said { how: Said::KEYS, names: Vec::new() });
            said.names.extend(own.into_iter().flat_map(|word| [Said::PLACE.to_owned(), word]));
        }
    }
}
