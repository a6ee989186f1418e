//! The policy of a run as reporters show it: where it comes from, what it decides of rules and files, and what it accepts.

mod in_force;
pub(crate) mod printed;

use std::collections::BTreeMap;

use crate::model::fingerprint::Fingerprint;
use crate::model::instance::Kind;
use crate::rule::{Rule, Severity};
use crate::source::{Location, SourceId};
pub use in_force::{Basis, in_force};

/// What the configuration decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Who says which configuration holds.
    pub origin: Origin,
    /// Where it is written; none where nothing is.
    pub written: Option<SourceId>,
    /// The configuration before the change, which holds as well.
    pub before: Option<SourceId>,
    /// Files of the tree that configure this tool and play no part.
    pub passed_over: Vec<SourceId>,
    /// The severities of rules that it sets, by id; none where it turns a rule off.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// The patterns of files that are not read.
    pub excluded: Vec<String>,
    /// The patterns of files that make no instance.
    pub denied: Vec<String>,
    /// The most bytes of a file that is read.
    pub file_bytes: u64,
    /// The instances that it declares, by name.
    pub declared: Vec<Declaration>,
    /// Whether warnings fail a run as errors do, unless whoever runs the tool says otherwise.
    pub fails_on_warnings: bool,
    /// Whether they do whatever whoever runs the tool says.
    pub is_failing_locked: bool,
    /// How many days ahead a waiver may end.
    pub max_waiver_days: Option<u32>,
    /// The day on which waivers were judged, as it is written; none where nothing is accepted at all.
    pub day: Option<String>,
    /// Its waivers, in the order of the file.
    pub waivers: Vec<WaiverInForce>,
    /// What is known from the start: the file, and how many findings it lists.
    pub baseline: Option<(SourceId, usize)>,
}

/// Who says which configuration holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The tree itself.
    #[default]
    Tree,
    /// Whoever ran the tool named its file.
    Named,
    /// The same, so that the tree has no say in it.
    Trusted,
    /// Nobody: whoever ran the tool wanted none.
    Nowhere,
}

/// An instance that the configuration declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Its kind, if that is said.
    pub kind: Option<Kind>,
    /// What else is said of it: the word of the configuration, and the values.
    pub said: Vec<(&'static str, Vec<String>)>,
}

/// A waiver of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverInForce {
    /// The rule's id.
    pub rule: String,
    /// The patterns of the paths; empty for anywhere.
    pub paths: Vec<String>,
    /// The instances; empty for any.
    pub instances: Vec<String>,
    /// The one value that it is for.
    pub value: Option<Fingerprint>,
    /// Why.
    pub reason: String,
    /// Its last day.
    pub expires: String,
    /// How many days are left until then; less than zero where it has passed, none where waivers are not judged.
    pub days_left: Option<i64>,
    /// Where it is written.
    pub at: Location,
    /// What became of it.
    pub standing: Standing,
}

/// What became of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It accepts so many findings; none where another accepts them already, or they are as new as it is.
    Accepts(usize),
    /// It is about nothing that is found.
    Unused,
    /// Its last day has passed.
    Expired,
    /// It ends further ahead than is allowed.
    TooFar,
    /// Waivers are not read.
    Ignored,
}

impl Policy {
    /// The severity in force for a rule; none where it does not run.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.severities.get(&rule.id).copied().unwrap_or(rule.severity)
    }
}
