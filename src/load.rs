//! Reads files whole that the sift left aside, once names lead to them.

use std::collections::BTreeMap;

use crate::examine::{Examined, Examinee, Item, id_of, items};
use crate::follow::Sought;
use crate::follow::leads::Leads;
use crate::read;
use crate::source::{Source, SourceId};

/// The largest file that is read for a name, in bytes.
const LARGEST: u64 = 1 << 20;

/// How much is read for names in all, in bytes.
const MOST: usize = 256 << 20;

/// Keeps the texts of the files of all states that may give a name which stands in the place of a value. What cannot be read gives none.
pub fn load(examined: &mut Examined, states: &[Examinee]) {
    let sought = Sought::of(&examined.sources, examined.all());
    let leads = Leads::of(&examined.sources, examined.all());
    let items = items(states);
    let is_wanted = |(index, item): &(usize, &Item<'_>)| {
        !item.is_history
            && examined.sources.get(id_of(*index)).is_none()
            && (sought.may_give(&item.file.name) || leads.may_lead(&item.file.name))
    };
    let wanted: Vec<_> = items.iter().enumerate().filter(is_wanted).collect();
    let mut texts: BTreeMap<SourceId, Source> = BTreeMap::new();
    let mut left = MOST;
    let mut keep = |index: usize, name: &str, bytes: Vec<u8>| {
        if bytes.len() <= left {
            left -= bytes.len();
            texts.insert(id_of(index), Source::new(name.to_owned(), bytes));
        }
    };
    for (index, item) in wanted.iter().filter(|(_, item)| item.tree.repository.is_none()) {
        let given = item.file.text.as_ref().map(|text| Ok(text.bytes().to_vec()));
        let on_disk = || read::kept_aside(&item.tree.root.join(&item.file.path), LARGEST);
        if let Ok(bytes) = given.unwrap_or_else(on_disk) {
            keep(*index, &item.file.name, bytes);
        }
    }
    let kept: Vec<_> = wanted.iter().filter(|(_, item)| item.tree.repository.is_some()).collect();
    let repository = kept.first().and_then(|(_, item)| item.tree.repository.as_ref());
    if let Some(repository) = repository {
        let files: Vec<_> = kept.iter().map(|(_, item)| item.file).collect();
        read::whole::kept_whole(repository, &files, LARGEST, &mut |at, bytes| {
            if let Some((index, item)) = kept.get(at) {
                keep(*index, &item.file.name, bytes.to_vec());
            }
        });
    }
    examined.sources.add(texts);
}
