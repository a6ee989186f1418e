//! Scripts and pipelines that do one thing or another to the same installation: `deploy-prod` beside `rollback-prod` and `nightly`.

use super::address::{Level, Segment};
use super::deeds::{Deed, deed};
use super::family::Kin;
use super::{task_words, vocabulary};

impl Kin<'_> {
    /// Whether they are scripts or pipelines that do one thing or another to the same: `deploy-prod` beside `nightly`. One that is named after
    /// a shop says it in what it runs, too.
    pub(super) fn are_operations(&self) -> bool {
        // A job `deploy` beside `kiwi` deploys for both only where nothing says more of `kiwi`; a job that builds says nothing of others.
        let is_of_any = |parts: &Vec<usize>| {
            let found = parts.first().and_then(|part| self.segment(*part));
            found.is_none_or(|(_, own)| own.environments.is_empty())
        };
        let is_deploying = || {
            let mut all = self.variants.iter();
            all.any(|(words, parts)| {
                matches!(*words, [only] if task_words::is_deploying(only)) && is_of_any(parts)
            })
        };
        let are_jobs = self.first.level == Level::Task && !self.first.is_child && is_deploying();
        let deed = |parts: &Vec<usize>| {
            let found = parts.first().and_then(|part| self.segment(*part));
            found.map_or(Deed::Said, |(piece, own)| deed(piece, own, self.sources))
        };
        let deeds = || {
            let all = self.variants.iter();
            let is_done = |words: &[String], parts: &Vec<usize>| {
                self.is_doing(words) || self.has_only(words) && self.is_scheduled(parts)
            };
            all.map(
                move |(words, parts)| if is_done(words, parts) { Deed::Done } else { deed(parts) },
            )
        };
        let is_kind: fn(&Segment) -> bool =
            if are_jobs { |one| one.level == Level::Task } else { Segment::is_of_operations };
        self.are_files_of_one(is_kind)
            && deeds().any(|deed| deed == Deed::Done)
            && !deeds().any(|deed| deed == Deed::Said)
    }

    /// Whether all of a variant's words but its format's are its own.
    fn has_only(&self, words: &[String]) -> bool {
        let own = self.own(words);
        words.iter().all(|word| own.contains(word) || vocabulary::is_format(word))
    }

    /// Whether nothing but the time starts a workflow of GitHub's: it does again and again what deploys no shop.
    fn is_scheduled(&self, parts: &[usize]) -> bool {
        let found = parts.first().and_then(|part| self.segment(*part));
        found.filter(|(_, own)| own.is_workflow).is_some_and(|(piece, _)| {
            let text =
                self.sources.get(piece.contribution.source).map_or("", |source| source.text());
            let head = text.split("jobs:").next().unwrap_or_default();
            head.contains("schedule:")
                && !["push", "pull_request", "release"].iter().any(|word| head.contains(word))
        })
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
