//! `[[waivers]]` and `[policy]`: what is accepted, why, and until when.

use std::collections::BTreeSet;

use crate::date::Date;
use crate::declared::globs::Globs;
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

impl Waiver {
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

/// `[policy]`: what waivers may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// `max-waiver-days`: how many days ahead a waiver may end.
    pub max_waiver_days: Option<u32>,
    /// `baseline`: the path of the baseline from the folder of the configuration.
    pub baseline: Option<String>,
}
