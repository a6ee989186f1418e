//! `[[waivers]]` and `[policy]`: what is accepted, why, and until when.

use std::collections::BTreeSet;

use super::preset::Preset;
use crate::date::Date;
use crate::declared::globs::{Globs, Owned};
use crate::model::fingerprint::Fingerprint;
use crate::source::Span;

/// Findings of one rule that somebody accepts.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// `path`: where the findings are; none for anywhere.
    pub path: Option<Globs>,
    /// `instances`: the only ones that the findings may concern; empty for any.
    pub instances: Vec<String>,
    /// `value`: what stands at the findings; none for anything.
    pub value: Option<Fingerprint>,
    /// Why they are accepted.
    pub reason: String,
    /// The last day on which they are.
    pub expires: Date,
    /// Whether it announces a change (`[[intended]]`), which it may accept in the same change: then `value` is what is changed to.
    pub is_intended: bool,
    /// Where the rule is named.
    pub at: Span,
    /// Where the last day is named.
    pub expires_at: Span,
    /// Where the path is.
    pub path_at: Option<Span>,
    /// Where each of the instances is named.
    pub instances_at: Vec<Span>,
    /// Where the value is named.
    pub value_at: Option<Span>,
}

/// Waivers by the paths that they name, all patterns matched at once.
#[derive(Clone, Debug, Default)]
pub struct ByPath(Owned<usize>);

impl ByPath {
    /// Takes those that name paths.
    #[must_use]
    pub fn of(waivers: &[Waiver]) -> Self {
        let all = waivers.iter().enumerate();
        Self(Owned::of(all.filter_map(|(at, waiver)| Some((at, waiver.path.as_ref()?)))))
    }

    /// The places of those that name this one.
    #[must_use]
    pub fn of_path(&self, path: &str) -> Vec<usize> {
        self.0.of_path(path)
    }
}

impl Waiver {
    /// The patterns of its path, if it names one.
    #[must_use]
    pub fn patterns(&self) -> Option<&[String]> {
        self.path.as_ref().map(Globs::patterns)
    }

    /// Whether this waiver accepts the same as another, and for as long.
    #[must_use]
    pub fn is_as_wide(&self, other: &Self) -> bool {
        self.is_about_the_same(other) && self.expires >= other.expires
    }

    /// Whether this waiver accepts the same as another, for however long.
    #[must_use]
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        let names = |waiver: &Self| waiver.instances.iter().cloned().collect::<BTreeSet<_>>();
        self.rule == other.rule
            && self.is_intended == other.is_intended
            && self.path == other.path
            && names(self) == names(other)
            && self.value == other.value
    }
}

/// `[policy]`: what it stands on, what holds below it, and what waivers may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyTable {
    /// `max-waiver-days`: how many days ahead a waiver may end.
    pub max_waiver_days: Option<u32>,
    /// `extends`: the files of policies that this one stands on, from the folder of the configuration.
    pub extends: Vec<String>,
    /// `locked`: what configurations below may make stricter and not weaker.
    pub locked: Vec<String>,
    /// `preset`: the levels that all rules begin with.
    pub preset: Option<Preset>,
    /// `baseline`: the path of the baseline from the folder of the configuration.
    pub baseline: Option<String>,
}
