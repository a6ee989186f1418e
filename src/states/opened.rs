//! The states of a run, ready to be examined.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::configured::Extended;
use super::coverage::Coverage;
use crate::config::Config;
use crate::config::baseline::{Baseline, BaselineFile};
use crate::config::waiver::Waiver;
use crate::config::weakening::Loosened;
use crate::declared::{Declarations, Declared};
use crate::discover::Tree;
use crate::discover::git::{ObjectId, Repository};
use crate::examine::Examinee;
use crate::rule::Rule;
use crate::rules::packs::PackPage;
use crate::source::Source;
use crate::sources::{Entry, State};

/// The states of a run, ready to be examined.
#[derive(Debug, Default)]
pub struct States {
    /// What is checked; then what it is compared with, if anything; then the branches.
    pub examinees: Vec<Examinee>,
    /// Whether the second state is what the first one is compared with.
    pub is_compared: bool,
    /// The policy in force.
    pub config: Config,
    /// The rules of the run, our own and those of packs, sorted by id.
    pub rules: Vec<Rule>,
    /// The pages of packs.
    pub pages: Vec<PackPage>,
    /// What the state before declares of instances.
    pub declared_before: Declarations,
    /// The instances that are branches, and their states.
    pub branches: Vec<(String, Declared, State)>,
    /// Whether the branches are instances and what is checked is none of them: now; now or before.
    pub strays: [bool; 2],
    /// The branches that are checked.
    pub own_branches: Vec<String>,
    /// The history, its state and the range of commits.
    pub history: Option<(Repository, State, Option<String>)>,
    /// Those of its contents that are messages of commits and tags.
    pub messages: BTreeSet<ObjectId>,
    /// The files that count.
    pub scope: Coverage,
    /// What the change lets pass.
    pub loosened: Vec<Loosened>,
    /// The policies that the configuration extends.
    pub extended: Vec<Extended>,
    /// The configurations of both sides, as far as there are any.
    pub texts: [Option<(Entry, Source)>; 2],
    /// The baseline.
    pub baseline: Option<BaselineFile>,
    /// What was accepted before the change: waivers, and a baseline; none where no change is judged.
    pub accepted_before: Option<(Vec<Waiver>, Option<Baseline>)>,
    /// Whether a part of what was asked for is missing.
    pub is_partial: bool,
    /// What a person should know; untrusted text.
    pub notes: Vec<String>,
}

impl States {
    pub(super) fn push(&mut self, tree: Tree, revision: Option<Arc<str>>) {
        self.examinees.push(Examinee { tree, revision, is_history: false });
    }

    /// The state that the next tree is.
    pub(super) fn next(&self) -> Option<State> {
        u8::try_from(self.examinees.len()).ok().map(State)
    }

    /// The states that are checked, and not only compared with or searched.
    #[must_use]
    pub fn checked(&self) -> Vec<State> {
        let branches = self.branches.iter().map(|(.., state)| *state);
        std::iter::once(State(0)).chain(branches).collect()
    }

    /// Whether the findings of a rule depend on more than this run looks at: on another change, on the whole history, on other files than
    /// the one.
    #[must_use]
    pub fn sees_part_of(&self, rule: &Rule) -> bool {
        let is_whole_history = matches!(self.history, Some((.., None))) && !self.is_partial;
        self.scope.file.is_some()
            || rule.tells_change()
            || rule.reads_history() && !is_whole_history
    }

    /// The instances declared for the tree that is checked: of the branches only the one that it is.
    #[must_use]
    pub fn here(&self, declarations: &Declarations) -> Declarations {
        let here =
            declarations.instances.iter().filter_map(|(name, declared)| match &declared.branch {
                Some(branch) if !self.own_branches.contains(branch) => None,
                _ => Some((name.clone(), declared.clone())),
            });
        Declarations { instances: here.collect(), ..declarations.clone() }
    }
}
