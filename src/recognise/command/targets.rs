//! Where a command runs: `ssh HOST`, `kubectl -n NAMESPACE`, `cd FOLDER`, the function around it. One script can set up several installations.
//!
//! What varies between the commands that set one thing tells them apart; whether its words say an environment is decided where instances are.

use std::collections::{BTreeMap, BTreeSet};

use super::places::{Place, places};
use super::programs::{SAYING, program};
use super::settle::Found;
use crate::recognise::Said;
use crate::source::{Location, Span};
use crate::syntax::Node;

/// How many words around a command are looked at, and how many of them tell it from others.
const MOST: usize = 32;
const MOST_OWN: usize = 4;

/// The kinds of what runs in a namespace, as `kubectl` takes them before a name.
const WORKLOADS: [&str; 8] =
    ["deploy", "deployment", "pod", "pods", "po", "sts", "statefulset", "daemonset"];

/// The options of `ssh` that take a value which says nothing of the host.
const CONNECTING: [&str; 7] = ["-p", "-i", "-o", "-l", "-F", "-J", "-L"];

/// What is around the command that is being read.
#[derive(Default)]
pub struct Target {
    /// The commands whose words hold it, with their other words.
    outer: Vec<Outer>,
    /// The folder that was changed to last.
    folder: Option<String>,
    /// Its own words before what it sets.
    own: Vec<Place>,
    /// Its own words, where it runs on another host.
    host: Option<Vec<Place>>,
}

/// A command whose words hold others: `ssh production 'bin/magento …'`.
struct Outer {
    at: Location,
    words: Vec<Place>,
    is_remote: bool,
}

impl Target {
    /// Takes the next command of a script that stands in `text`.
    pub fn enter(&mut self, command: &Node, text: &str) {
        let at = command.at.span;
        // Of commands in one place, as those of a text in escapes are, nobody knows which is in which.
        let holds = |open: Span| open.start <= at.start && at.end <= open.end && open != at;
        self.outer.retain(|open| holds(open.at.span));
        let words = command.items();
        let literal = |word: &Node| word.as_str().map(str::to_owned);
        if words.first().and_then(Node::as_str) == Some("cd") {
            self.folder = words.get(1).and_then(literal);
        }
        // An option says it behind its sign, too: `--namespace=production`; what is assigned is a value.
        let value = |word: String| match word.split_once('=') {
            Some((name, value)) => {
                (name.starts_with('-') && !value.contains('=')).then(|| value.to_owned())
            }
            None => Some(word),
        };
        let is_word = |word: &String| !word.contains([' ', '\n']);
        // Which program runs says nothing; the folder that it stands in does.
        let folder = |(index, word): (usize, String)| match word.rsplit_once('/') {
            Some((folder, _)) if index == 0 => folder.to_owned(),
            None if index == 0 => String::new(),
            _ => word,
        };
        // How `ssh` connects is not to whom.
        let is_ssh = words.first().and_then(Node::as_str) == Some("ssh");
        let is_given = |at: usize| {
            let option = at.checked_sub(1).and_then(|at| words.get(at)?.as_str());
            is_ssh && option.is_some_and(|option| CONNECTING.contains(&option))
        };
        let known = words.iter().take(MOST).enumerate().filter(|(at, _)| !is_given(*at));
        let before = known.filter_map(|(_, word)| literal(word));
        let before = before.take_while(|word| !word.contains(':')).enumerate().map(folder);
        // What runs in a namespace is a part of what is installed there.
        let is_spaced = words
            .iter()
            .filter_map(Node::as_str)
            .any(|word| matches!(word, "-n" | "--namespace") || word.starts_with("--namespace="));
        let is_of_space = |word: &String| {
            let kind = word.split_once('/').map(|(kind, _)| kind);
            is_spaced && kind.is_some_and(|kind| WORKLOADS.contains(&kind))
        };
        // What is said is no place.
        let says = words.first().is_some_and(|word| SAYING.contains(&program(word)));
        let before = before.filter_map(value).filter(|word| !says && is_word(word));
        let before: Vec<String> = before.filter(|word| !is_of_space(word)).collect();
        let namespaces = words.windows(2).filter_map(|two| {
            let [option, name] = two else { return None };
            let is_one = matches!(option.as_str(), Some("-n" | "--namespace"));
            name.as_str().filter(|_| is_one)
        });
        let namespaces: Vec<&str> = namespaces.collect();
        let is_named = |word: &String| namespaces.contains(&word.as_str());
        let before = before.iter().filter(|word| !word.starts_with('-'));
        let before: Vec<Place> = before.flat_map(|word| places(word, is_named(word))).collect();
        let is_script =
            |word: &Node| word.as_str().is_none_or(|text| text.contains([' ', '\n', ';']));
        let end = end_of_document(text, at.end as usize);
        if words.iter().any(is_script) || end.is_some() {
            let end = end.unwrap_or(at.end as usize);
            let open = Location::new(command.at.source, at.start as usize, end);
            self.outer.push(Outer { at: open, words: before.clone(), is_remote: is_ssh });
        }
        self.host = is_ssh.then(|| before.clone());
        self.own = before;
    }

    /// The words of the host that it runs on, if that is another one.
    pub fn host(&self) -> Option<Vec<Place>> {
        let outer = self.outer.iter().find(|outer| outer.is_remote);
        outer.map(|outer| outer.words.clone()).or_else(|| self.host.clone())
    }

    /// The words around it, each once.
    pub fn words(&self) -> BTreeSet<Place> {
        let outer = self.outer.iter().flat_map(|outer| &outer.words);
        let folder = self.folder.iter().flat_map(|folder| places(folder, true));
        let all: BTreeSet<Place> = outer.chain(&self.own).cloned().chain(folder).collect();
        let is_of_space = |place: &Place| all.contains(&Place { is_space: true, ..place.clone() });
        all.iter().filter(|place| place.is_space || !is_of_space(place)).cloned().collect()
    }
}

/// How many lines of a here-document are looked at for its end: every command may begin one that ends nowhere.
const MOST_LINES: usize = 500;

/// How long the line of a command is that may begin a here-document.
const MOST_BYTES: usize = 1 << 12;

/// Where the here-document ends that a command reads, which ends at `from`: `ssh production <<EOF`.
fn end_of_document(text: &str, from: usize) -> Option<usize> {
    let behind = text.get(from..)?;
    let near = behind.as_bytes().get(..MOST_BYTES).unwrap_or(behind.as_bytes());
    let length = near.iter().position(|&byte| byte == b'\n').unwrap_or(near.len());
    let line = behind.get(..length).filter(|_| length < MOST_BYTES)?;
    let mark = line.split_once("<<")?.1.trim_start_matches(['-', '~', ' ', '\'', '"', '\\']);
    let is_mark = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mark = mark.get(..mark.find(|letter| !is_mark(letter)).unwrap_or(mark.len()))?;
    let mut at = from + line.len() + 1;
    for line in behind.lines().skip(1).take(MOST_LINES).filter(|_| !mark.is_empty()) {
        if line.trim() == mark {
            return Some(at);
        }
        at += line.len() + 1;
        if at - from > MOST_LINES * MOST_BYTES / 8 {
            break;
        }
    }
    None
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
        let functions: BTreeSet<Option<String>> =
            indices.iter().filter_map(|&index| Some(found.get(index)?.function.clone())).collect();
        let hosts: BTreeSet<Option<Vec<Place>>> =
            indices.iter().filter_map(|&index| Some(found.get(index)?.host.clone())).collect();
        for index in indices {
            let Some(one) = found.get_mut(index) else { continue };
            let own = one.around.difference(&common).take(MOST_OWN);
            let own = own.map(|place| {
                (if place.is_space { Said::SPACE } else { Said::PLACE }, place.text.clone())
            });
            let function = one.function.clone().filter(|_| functions.len() > 1);
            let function = function.map(|name| (Said::FUNCTION, name.to_ascii_lowercase()));
            // What is set on one host is handed down to no other.
            let host = one.host.as_ref().filter(|_| hosts.len() > 1);
            let host = host.map(|words| {
                let words: Vec<&str> = words.iter().map(|place| place.text.as_str()).collect();
                (Said::HOST, words.join(" "))
            });
            let own: Vec<(&str, String)> = own.chain(function).chain(host).collect();
            if own.is_empty() {
                continue;
            }
            let said = one.said.get_or_insert(Said { how: Said::KEYS, names: Vec::new() });
            said.names.extend(own.into_iter().flat_map(|(how, word)| [how.to_owned(), word]));
        }
    }
}
