//! Hosts and pools that serve one folder: the websites of one installation.

use std::collections::BTreeMap;

use crate::syntax::{Entry, Node};

/// Supervisor: the installation in which a program stands.
pub fn of_command(written: &str) -> &str {
    let mut words = written.split([' ', '=', '"']);
    words.find(|word| word.ends_with("bin/magento")).unwrap_or_default()
}

/// What a list of assignments gives: `environment=A="b",CONFIG__…="d"`.
fn assigned(written: &str) -> impl Iterator<Item = (String, &str)> {
    written.match_indices("CONFIG__").filter_map(|(at, _)| {
        let (name, value) = written.get(at..)?.split_once('=')?;
        let value = value.split([',', ' ', '\t']).next()?;
        Some((name.to_owned(), value.trim_matches(['"', '\''])))
    })
}

/// Puts sections together that serve one folder and give no setting another value. `roots` are the folders, by the sections' places.
pub fn unite(sections: &mut [(Node, Vec<Entry>)], roots: BTreeMap<usize, &str>, text: &str) {
    let mut firsts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut known: BTreeMap<(usize, String), &str> = BTreeMap::new();
    for (section, root) in roots {
        let first = *firsts.entry(root).or_insert(section);
        let Some((_, entries)) = sections.get(section) else { continue };
        let written = |entry: &Entry| text.get(entry.value.at.span.range()).unwrap_or_default();
        let own: Vec<(String, &str)> = entries
            .iter()
            .flat_map(|entry| {
                let name = entry.key.as_str().unwrap_or_default();
                let set = [(name.to_owned(), written(entry))];
                set.into_iter().chain(assigned(written(entry)))
            })
            .filter(|(name, _)| name.starts_with("CONFIG__"))
            .collect();
        let is_known = |(name, value): &(String, &str)| {
            known.get(&(first, name.clone())).is_none_or(|known| known == value)
        };
        if !own.iter().all(is_known) {
            continue;
        }
        known.extend(own.into_iter().map(|(name, value)| ((first, name), value)));
        let moved = sections.get_mut(section).filter(|_| first != section);
        let moved = moved.map(|(_, entries)| std::mem::take(entries)).unwrap_or_default();
        if let Some((_, entries)) = sections.get_mut(first) {
            entries.extend(moved);
        }
    }
}
