//! Scripts and pipelines that do one thing or another to the same installation: `deploy-prod` beside `rollback-prod` and `nightly`.

use super::address::{Level, Segment};
use super::deeds::{Deed, deed};
use super::family::Kin;

impl Kin<'_> {
    /// Whether they are scripts or pipelines that do one thing or another to the same: `deploy-prod` beside `nightly`. One that is named after
    /// a shop says it in what it runs, too.
    pub(super) fn are_operations(&self) -> bool {
        let deed = |parts: &Vec<usize>| {
            let found = parts.first().and_then(|part| self.segment(*part));
            found.map_or(Deed::Said, |(piece, own)| deed(piece, own, self.sources))
        };
        let deeds = || {
            let all = self.variants.iter();
            all.map(|(words, parts)| if self.is_doing(words) { Deed::Done } else { deed(parts) })
        };
        self.are_files_of_one(Segment::is_of_operations)
            && deeds().any(|deed| deed == Deed::Done)
            && !deeds().any(|deed| deed == Deed::Said)
    }

    /// Whether they are names of workflows and jobs that say no more than the names of their files.
    pub(super) fn repeats_operations(&self) -> bool {
        let is_named_so = |part: &usize| {
            self.segment(*part).is_some_and(|(piece, own)| {
                let files = piece.address.iter().filter(|one| one.is_of_operations());
                let mut files = files.filter(|file| !file.rest.is_empty());
                files.any(|file| own.rest.iter().all(|word| file.rest.contains(word)))
            })
        };
        matches!(self.first.level, Level::Label | Level::Key | Level::Task)
            && self.variants.len() > 1
            && self.members.keys().all(is_named_so)
    }
}
