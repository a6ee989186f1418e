//! Reads files whole that the sift left aside, once names lead to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::examine::recall::{Recall, Text};
use crate::examine::{Examined, Examinee, Item, id_of, items};
use crate::follow::leads::{self, Leads};
use crate::follow::sought::Sought;
use crate::read;
use crate::source::{Source, SourceId};

/// The largest file that is read for a name, in bytes.
const LARGEST: u64 = 1 << 20;

/// How much is read for names in all, in bytes.
const MOST: usize = 256 << 20;

/// How many files are read before what is held is counted.
const AT_ONCE: usize = 128;

/// How many files lead to each other in a row.
const MOST_IN_A_ROW: usize = 3;

/// Keeps the texts of the files of all states that may give a name which stands in the place of a value. What cannot be read gives none.
pub fn load(examined: &mut Examined, states: &[Examinee], recall: &Recall) {
    for _ in 0..MOST_IN_A_ROW {
        // What was read can lead on.
        if !load_once(examined, states, recall) {
            break;
        }
    }
}

/// Keeps the texts that are led to by now; says whether any of them can lead on.
fn load_once(examined: &mut Examined, states: &[Examinee], recall: &Recall) -> bool {
    let sought = Sought::of(&examined.sources, examined.all());
    let by_names = Leads::of(&examined.sources, examined.all());
    let items = items(states);
    let is_wanted = |(index, item): &(usize, &Item<'_>)| {
        !item.is_history
            && examined.sources.get(id_of(*index)).is_none()
            && (sought.may_give(&item.file.name) || by_names.may_lead(&item.file.name))
    };
    let wanted: Vec<_> = items.par_iter().enumerate().filter(is_wanted).collect();
    let mut room = Room { left: MOST, texts: BTreeMap::new() };
    let (kept, in_folder): (Vec<_>, Vec<_>) = wanted.iter().partition(|(_, item)| item.is_kept());
    for part in in_folder.chunks(AT_ONCE) {
        let texts = part.par_iter().map(|(index, item)| {
            let known = recall.text(*index, item);
            known.or_else(|| {
                let text = Text::of(item, on_disk(item)?);
                recall.keep(*index, item, &text);
                Some(text)
            })
        });
        let texts: Vec<Option<Text>> = texts.collect();
        for ((index, _), text) in part.iter().zip(texts) {
            if let Some(text) = text {
                room.keep(*index, text);
            }
        }
    }
    let recalled: Option<Vec<Text>> =
        kept.iter().map(|(index, item)| recall.text(*index, item)).collect();
    let repository = kept.first().and_then(|(_, item)| item.repository());
    if let Some(texts) = recalled {
        kept.iter().zip(texts).for_each(|((index, _), text)| room.keep(*index, text));
    } else if let Some(repository) = repository {
        let files: Vec<_> = kept.iter().map(|(_, item)| item.file).collect();
        read::whole::kept_whole(repository, &files, LARGEST, &mut |at, bytes| {
            if let Some((index, item)) = kept.get(at) {
                let text = Text::of(item, bytes.to_vec());
                recall.keep(*index, item, &text);
                room.keep(*index, text);
            }
        });
    }
    let leads_on = room.texts.values().any(|source| leads::leads_on(source));
    examined.sources.add(room.texts);
    leads_on
}

/// The content of a file of a folder, or the text in its place.
fn on_disk(item: &Item<'_>) -> Option<Vec<u8>> {
    if let Some(text) = &item.file.text {
        return Some(text.bytes().to_vec());
    }
    read::kept_aside(&item.tree.root.join(&item.file.path), LARGEST).ok()
}

/// The texts that are kept.
struct Room {
    /// How much more may be, in bytes.
    left: usize,
    texts: BTreeMap<SourceId, Arc<Source>>,
}

impl Room {
    fn keep(&mut self, index: usize, text: Text) {
        if text.bytes <= self.left {
            self.left -= text.bytes;
            self.texts.insert(id_of(index), text.source);
        }
    }
}
