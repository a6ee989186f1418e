//! Folders as the states of a run: what is checked, and what it is compared with, without git.

use std::path::Path;

use commerce_lint::check::check;
use commerce_lint::discover::discover;
use commerce_lint::examine::recall::Recall;
use commerce_lint::examine::{Examinee, Means, examine};
use commerce_lint::inventories;
use commerce_lint::model::inventory::Inventory;
use commerce_lint::rule::{Context, Diagnostic, Rule};
use commerce_lint::sources::Sources;
use commerce_lint::states::States;

/// What the program knows and says of two states.
pub struct Compared {
    pub sources: Sources,
    pub now: Inventory,
    pub before: Option<Inventory>,
    /// What is found in what is checked, compared with nothing.
    pub found: Vec<Diagnostic>,
    /// What is found where it is compared.
    pub changes: Vec<Diagnostic>,
}

/// Examines a folder, compared with another one; without a configuration.
pub fn compared(now: &Path, before: Option<&Path>, rules: &[Rule]) -> Compared {
    let state = |folder: &Path, revision: Option<&str>| Examinee {
        tree: discover(folder, &|_| false).expect("it is a tree"),
        revision: revision.map(Into::into),
        is_history: false,
    };
    let mut examinees = vec![state(now, None)];
    examinees.extend(before.map(|folder| state(folder, Some("before"))));
    let states = States { is_compared: before.is_some(), examinees, ..States::default() };
    let means = Means::of(states.config.limits.file_bytes);
    let mut examined = examine(&states.examinees, [None, None], means);
    let found = inventories::resolve(&states, &mut examined, &Recall::default())
        .expect("no history is searched");
    let checked = |before: Option<&Inventory>| {
        let context = Context { now: &found.now, before, weakened: &[], unmatched: &[] };
        check(&context, rules, &states.config.levels)
    };
    let changes = found.before.as_ref().map(|before| checked(Some(before)));
    Compared {
        found: checked(None),
        changes: changes.unwrap_or_default(),
        sources: examined.sources,
        now: found.now,
        before: found.before,
    }
}
