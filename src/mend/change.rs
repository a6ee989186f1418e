//! What may be done about a finding, and what a change does to the settings of the tree.

use crate::Outcome;
use crate::model::instance::{Instance, Resolved};
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, SettingId, Value};
use crate::rule::Diagnostic;
use crate::source::{Location, Source, Span};

/// What a change does to the settings of the tree: this, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Each is what it was.
    Nothing,
    /// What stands at a place is another value.
    Value(Location, Value),
    /// What stands at a place is for the default scope.
    Scope(Location),
    /// There is one more, which only holds the place of a value.
    Placeholder(Parameter, Carrier),
}

/// What could be done: in words, where, and what becomes of the settings.
pub struct Proposal {
    pub title: String,
    pub edits: Vec<(Span, String)>,
    pub effect: Effect,
}

/// A finding in the text that it is about.
#[derive(Clone, Copy)]
pub struct Fault<'a> {
    pub outcome: &'a Outcome,
    pub found: &'a Diagnostic,
    pub source: &'a Source,
    pub at: Location,
}

/// The text of a place, where it can be changed.
pub fn whole(outcome: &Outcome, at: Location) -> Option<&Source> {
    let source = outcome.sources.readable(at.source)?;
    (outcome.sources.revision(at.source).is_none() && source.is_whole()).then_some(source)
}

/// The instances that take a setting, in force or not.
pub fn takers(outcome: &Outcome, at: Location) -> Vec<&Instance> {
    let inventory = &outcome.inventory;
    let is_it = |id: &SettingId| inventory.setting(*id).at == at;
    let takes = |found: &Resolved| {
        is_it(&found.winner) || found.rivals.iter().chain(&found.overridden).any(is_it)
    };
    let all = inventory.instances.iter();
    all.filter(|of| of.settings.values().chain(of.scoped.values()).any(takes)).collect()
}
