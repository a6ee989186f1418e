//! An instance in the making, and what makes files feed one.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{Claim, Identity};
use super::layers::Closeness;
use crate::model::instance::Feed;
use crate::model::setting::{Setting, SettingId};
use crate::source::{Location, SourceId};

/// Why a file feeds an instance of which no other part names it.
const TAKEN_IN: &str = "what the instance runs takes it in";

/// What makes files feed one instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Declared(String),
    Read(Identity),
}

/// An instance in the making.
#[derive(Default)]
pub struct Group {
    /// What was said of it, best first.
    pub claims: Vec<Claim>,
    /// Its files, with the reason.
    pub feeds: BTreeMap<SourceId, Feed>,
    /// The settings that reach it.
    pub reaching: Vec<(SettingId, Closeness)>,
    /// Its own files' parts, by index.
    pub own: Vec<usize>,
    pub opaque: Vec<Location>,
}

/// A part that instances inherit.
pub struct Shared {
    /// The part, by index.
    pub part: usize,
    /// Who inherits it.
    pub heirs: BTreeSet<Key>,
    /// Why they do.
    pub why: String,
}

impl Group {
    /// Names the files in which its values stand, where other files take these in.
    pub fn add_places(&mut self, settings: &[Setting]) {
        let reaching = self.reaching.iter().filter_map(|(id, _)| settings.get(id.0 as usize));
        for source in reaching.map(|setting| setting.at.source) {
            let feed = || Feed { source, inherited: true, why: TAKEN_IN.to_owned() };
            self.feeds.entry(source).or_insert_with(feed);
        }
    }

    /// Whether more reaches it than an encryption key, which every installation has.
    pub fn has_settings(&self, settings: &[Setting]) -> bool {
        let mut reaching = self.reaching.iter().filter_map(|(id, _)| settings.get(id.0 as usize));
        reaching.any(|setting| !setting.parameter.is_of_every_installation())
    }
}

/// Whether nobody else inherits something.
pub fn is_only(heirs: &BTreeSet<Key>, key: &Key) -> bool {
    heirs.len() == 1 && heirs.contains(key)
}
