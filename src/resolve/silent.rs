//! Instances that only inherit: files beside a base that set nothing of ours, and show by their values that each is of an installation of its own.
//!
//! A name alone says too little: `values-kiwi.yaml` can be a brand's, and `values-ingress.yaml` is nobody's. Files beside each other that give one
//! key different addresses, or each a value with its own name in it, deploy different installations.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::conventions::Base;
use super::heirs::{Candidate, Candidates};
use super::identity::Claim;
use crate::recognise::dialects;
use crate::source::SourceId;
use crate::sources::Sources;
use crate::syntax::{Node, NodeKind, format_of};

/// How many values of one file are looked at.
const MOST: usize = 10_000;

/// How deep they may stand.
const DEEPEST: usize = 32;

/// What stands under each key, by the keys above it.
type Values = BTreeMap<String, BTreeSet<String>>;

/// A file that could be an instance's.
struct Speaker {
    at: usize,
    values: Values,
    /// The words that tell it from the others.
    own: BTreeSet<String>,
}

impl<'a> Candidates<'a> {
    /// The files beside a base that are of installations of their own, each with what its path says.
    pub fn silent(&self, base: &Base<'a>, sources: &Sources) -> Vec<(&Candidate<'a>, Claim)> {
        let place = base.place();
        let known = self.shown.borrow().get(&place).cloned();
        let shown = known.unwrap_or_else(|| {
            let shown = Rc::new(self.look(base, sources));
            self.shown.borrow_mut().insert(place, Rc::clone(&shown));
            shown
        });
        let files = shown.iter().filter_map(|at| self.files.get(*at));
        let files = files.filter(|file| file.path != base.path());
        files.map(|file| (file, Claim::read(file.path, None, false))).collect()
    }

    fn look(&self, base: &Base<'a>, sources: &Sources) -> Vec<usize> {
        let speaker = |at: usize| {
            let file = self.files.get(at).filter(|file| base.may_feed(file.path))?;
            let own = Claim::read(file.path, None, false).names.into_iter().collect();
            Some(Speaker { at, values: values(file.source, sources)?, own })
        };
        let (from, to) = self.beneath(base.folder());
        let speakers: Vec<Speaker> = (from..to).filter_map(speaker).collect();
        apart(&speakers)
    }
}

/// Those that are of installations of their own; none where it is not shown of two.
fn apart(speakers: &[Speaker]) -> Vec<usize> {
    let mut keys: BTreeMap<&str, Vec<(usize, &BTreeSet<String>)>> = BTreeMap::new();
    for (number, speaker) in speakers.iter().enumerate() {
        for (key, values) in &speaker.values {
            keys.entry(key).or_default().push((number, values));
        }
    }
    let mut shown = BTreeSet::new();
    for given in keys.into_values().filter(|given| given.len() > 1) {
        let mut count: BTreeMap<&String, usize> = BTreeMap::new();
        for value in given.iter().flat_map(|(_, values)| values.iter()) {
            *count.entry(value).or_default() += 1;
        }
        let is_alone = |value: &String| count.get(value) == Some(&1);
        let addressed = given
            .iter()
            .filter(|(_, values)| values.iter().all(|value| is_alone(value) && is_address(value)));
        let words = |values: &BTreeSet<String>| -> BTreeSet<String> {
            values.iter().flat_map(|value| words(value)).map(str::to_owned).collect()
        };
        let said: Vec<BTreeSet<String>> = given.iter().map(|(_, values)| words(values)).collect();
        let mut saying: BTreeMap<&str, usize> = BTreeMap::new();
        for word in said.iter().flatten() {
            *saying.entry(word).or_default() += 1;
        }
        let named = given.iter().zip(&said).filter(|((number, _), said)| {
            let own = speakers.get(*number).into_iter().flat_map(|speaker| &speaker.own);
            let mut own = own.filter(|word| said.contains(*word));
            own.any(|word| saying.get(word.as_str()) == Some(&1))
        });
        let addressed: Vec<usize> = addressed.map(|(number, _)| *number).collect();
        let named: Vec<usize> = named.map(|((number, _), _)| *number).collect();
        for of_several in [addressed, named].into_iter().filter(|found| found.len() > 1) {
            shown.extend(of_several);
        }
    }
    let is_named = |number: &usize| speakers.get(*number).filter(|one| !one.own.is_empty());
    shown.iter().filter_map(is_named).map(|speaker| speaker.at).collect()
}

fn values(id: SourceId, sources: &Sources) -> Option<Values> {
    let source = sources.get(id)?;
    let format = dialects::format(source.path(), source.text())?;
    let mut values = Values::new();
    let mut left = MOST;
    for document in &format.parse(id, source.text()).documents {
        gather(document, String::new(), DEEPEST, &mut left, &mut values);
    }
    Some(values)
}

fn gather(node: &Node, key: String, depth: usize, left: &mut usize, values: &mut Values) {
    if depth == 0 || *left == 0 {
        return;
    }
    match &node.kind {
        NodeKind::Scalar(value) => {
            *left -= 1;
            values.entry(key).or_default().insert(value.to_ascii_lowercase());
        }
        NodeKind::Sequence(items) => {
            for item in items {
                gather(item, key.clone(), depth - 1, left, values);
            }
        }
        NodeKind::Mapping(entries) => {
            for entry in entries {
                let name = entry.key.as_str().unwrap_or_default();
                gather(&entry.value, format!("{key}/{name}"), depth - 1, left, values);
            }
        }
        NodeKind::Null | NodeKind::Expression | NodeKind::OneOf(_) => {}
    }
}

fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a value is the address of a shop or of what it stores its data in: a name of the network's, and no file's.
fn is_address(value: &str) -> bool {
    let (scheme, rest) =
        value.split_once("://").map_or(("", value), |(scheme, rest)| (scheme, rest));
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let is_whole = !scheme.is_empty() || host.len() == rest.len();
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_top =
        |label: &&str| label.len() > 1 && label.bytes().all(|byte| byte.is_ascii_lowercase());
    is_whole
        && labels.len() > 1
        && labels.iter().all(is_label)
        && labels.last().is_some_and(is_top)
        && (!scheme.is_empty() || format_of(host).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(files: &[(&str, &[(&str, &str)])]) -> Vec<usize> {
        let speakers: Vec<Speaker> = (0..)
            .zip(files)
            .map(|(at, (name, values))| Speaker {
                at,
                own: BTreeSet::from([(*name).to_owned()]),
                values: values
                    .iter()
                    .map(|(key, value)| ((*key).to_owned(), BTreeSet::from([(*value).to_owned()])))
                    .collect(),
            })
            .collect();
        apart(&speakers)
    }

    #[test]
    fn different_addresses_and_own_names_tell_files_apart() {
        let kiwi = ("kiwi", &[("host", "shop.one.example")][..]);
        let papaya = ("papaya", &[("host", "shop.two.example")][..]);
        assert_eq!(shown(&[kiwi, papaya]), [0, 1]);
        assert!(shown(&[kiwi, ("papaya", kiwi.1)]).is_empty());
        let brands = [("kiwi", &[("brand", "kiwi")][..]), ("papaya", &[("brand", "papaya")])];
        assert_eq!(shown(&brands), [0, 1]);
        assert!(shown(&[("large", &[("cpu", "4")]), ("tiny", &[("cpu", "1")])]).is_empty());
        assert!(shown(&[("tls", &[("tls", "on")]), ("cdn", &[("cdn", "x.example")])]).is_empty());
    }

    #[test]
    fn an_address_is_a_name_of_the_network() {
        for address in ["kiwi.example.com", "https://kiwi.example/", "db-1.kiwi.internal"] {
            assert!(is_address(address), "{address}");
        }
        for other in
            ["2.4.7", "php.ini", "values.yaml", "kiwi", "registry.example/shop:1", "1.2.x.", ""]
        {
            assert!(!is_address(other), "{other}");
        }
    }
}
