//! Workloads of one namespace of Kubernetes': of one installation, or each of one of its own.

use std::collections::BTreeSet;

use super::address::Segment;
use super::family::{Family, Kin, Tells};
use super::given::values_vary;
use super::piece::Piece;
use super::surroundings::surroundings;
use super::vocabulary::{self, is_idle};
use super::words::tokens;
use crate::recognise::{Holder, Object};
use crate::sources::Sources;

/// How many lines of a workload are looked at.
const MOST_LINES: usize = 400;

impl Kin<'_> {
    /// Names, where none of some workloads of one namespace is called after a part of an installation, and they set one setting to different
    /// values, or each is the same part of its own: `kiwi-web` beside `lychee-web`, what stands in a namespace for several.
    pub(super) fn workloads(&self) -> Option<Family> {
        let named = self.variants.iter().map(|(words, parts)| (self.names(words), parts.clone()));
        let variants: Vec<(Vec<String>, Vec<usize>)> = named.collect();
        let is_name = |words: &[String]| words.iter().any(|word| !Self::is_weak(word));
        let are_told = variants.iter().zip(self.variants.keys()).all(|((words, _), whole)| {
            is_name(words) || !words.is_empty() && self.has_several_parts(whole)
        });
        if !are_told {
            return None;
        }
        let own = variants.iter().flat_map(|(words, _)| words);
        let all: BTreeSet<&str> = own.map(String::as_str).collect();
        let mut works = variants.iter().map(|(_, parts)| {
            let found = parts.first().and_then(|part| self.segment(*part));
            found.and_then(|(piece, segment)| work(piece, segment, &all, self.sources))
        });
        let first = works.next()?;
        let is_told = values_vary(self.pieces, &variants)
            || self.are_each_of_one()
                && !self.take_one_object()
                && first.is_some()
                && works.all(|other| other == first);
        is_told.then(|| self.telling(Tells::Names, variants))
    }

    /// Whether a word that all variants have says a part of one installation, or the namespace that it holds several.
    fn are_each_of_one(&self) -> bool {
        let common = self.counts.iter().filter(|(_, count)| **count == self.variants.len());
        let of_namespace = self.members.keys().filter_map(|part| self.pieces.get(*part));
        let mut spaces = of_namespace.flat_map(|piece| &piece.address).filter(|one| one.is_space);
        common.into_iter().any(|(word, _)| is_idle(word))
            || spaces.any(|space| vocabulary::is_collection(&space.text))
    }

    /// Whether some object gives variables to several of them: those have one database.
    fn take_one_object(&self) -> bool {
        let mut taken: BTreeSet<&Object> = BTreeSet::new();
        let pieces = self.members.keys().filter_map(|part| self.pieces.get(*part));
        let mut named = pieces.flat_map(|piece| {
            let of_piece = piece.contribution.opaque.iter().filter_map(|one| match &one.holder {
                Holder::Object(named) => Some(named),
                _ => None,
            });
            of_piece.collect::<BTreeSet<_>>()
        });
        named.any(|object| !taken.insert(object))
    }
}

/// What a workload runs: its images and commands, without the words by which it is told from others.
fn work(
    piece: &Piece,
    segment: &Segment,
    words: &BTreeSet<&str>,
    sources: &Sources,
) -> Option<Vec<String>> {
    let block = surroundings(piece, segment, sources)?;
    let mut found = Vec::new();
    let mut is_list = false;
    for line in block.lines().take(MOST_LINES) {
        let line = line.trim();
        let is_item = line.starts_with("- ") && !line.contains(": ");
        let is_run = ["image:", "command:", "args:"].iter().any(|key| line.contains(key));
        if is_run || is_list && is_item {
            found.extend(tokens(line).filter(|word| !words.contains(word)).map(str::to_owned));
        }
        is_list = is_run && line.ends_with(':') || is_list && is_item;
    }
    Some(found)
}
