//! Hands bytes to all that reads what git prints and keeps: listings, differences, the history, objects, what a hook is told.

use std::collections::BTreeMap;
use std::path::Path;

use super::calls::records;
use super::history::{join, lives, passages};
use super::id::ObjectId;
use super::objects::{Blob, answer};
use super::push::Pushed;
use super::revision::Listing;
use super::staged::before;
use super::work_tree::{count, parse_entry, parse_warning};
use crate::discover::file::bytes_of;

/// The largest object that is taken.
const LIMIT: u64 = 1 << 10;

/// Reads the same bytes as each of them.
pub fn read(bytes: &[u8]) {
    if let Some(header) = bytes.first_chunk::<12>() {
        let _ = count(*header);
    }
    for record in records(bytes).into_iter().flatten() {
        let _ = parse_entry(record);
    }
    let _ = Listing::of_commit(bytes);
    let (index, rest) = halves(bytes);
    if let Ok(index) = Listing::of_index(index)
        && let Ok(Some(listing)) = before(&index, rest)
    {
        assert!(is_sorted(&listing) || !is_sorted(&index), "git sorts, and so do we");
    }
    let passages = passages(bytes);
    let contents: Vec<&ObjectId> =
        passages.iter().flat_map(|passage| &passage.after).take(3).collect();
    let mut lives: BTreeMap<_, _> = lives(&passages, &contents);
    join(&mut lives, &passages, &|commit, path| commit.as_str().len() > path.len());
    objects(bytes);
    let text = String::from_utf8_lossy(bytes);
    let _ = (Pushed::read(&text), Pushed::received(&text));
    for line in text.lines() {
        let _ = parse_warning(line, Path::new("a"));
    }
}

fn is_sorted(listing: &Listing) -> bool {
    listing.files.is_sorted_by(|one, other| bytes_of(&one.path) <= bytes_of(&other.path))
}

/// Answers of `git cat-file`, one after the other.
fn objects(mut bytes: &[u8]) {
    let mut room = Vec::new();
    let is_bounded = |blob: Blob<'_>| match blob {
        Blob::Bytes(bytes) => assert!(bytes.len() as u64 <= LIMIT),
        Blob::Large(size) => assert!(size > LIMIT),
        Blob::Missing => {}
    };
    while answer(&mut bytes, &mut room, LIMIT, &mut { is_bounded }).is_ok() && !bytes.is_empty() {}
}

/// What stands before and behind an empty record.
fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.windows(2).position(|pair| pair == [0, 0]).map_or(bytes.len(), |at| at + 1);
    bytes.split_at(end)
}
