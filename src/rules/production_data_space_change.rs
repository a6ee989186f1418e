//! See `rules/production-data-space-change.md`.

use std::collections::BTreeSet;

use super::changes::keys::{is_together, sharers};
use super::changes::pairs::production;
use super::changes::told::{finding, grouped, instances, told};
use super::changes::{Change, change, folded};
use super::wording::{list, names, quoted};
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::uuid::fold_uuid;
use crate::rule::{Check, Context, Finding};

const MOVE: &str = "reset Payment Services and onboard again, resync the catalog, and announce the change as `[[intended]]` in commerce-lint.toml";

/// A production instance ends up with another data space, or with none.
pub struct ProductionDataSpaceChange;

impl Check for ProductionDataSpaceChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let pairs = production(cx).into_iter().filter(|pair| !is_together(cx, *pair));
        // What was none is not lost.
        let was_one =
            |change: &Change<'_>| folded(change.before).is_some_and(|id| fold_uuid(&id).is_some());
        let changes = pairs.filter_map(|pair| change(cx, pair, Parameter::DataSpace));
        for changes in grouped(changes.filter(was_one).collect()) {
            findings.extend(finding(&changes, told("data space", &changes), &help(cx, &changes)));
        }
    }
}

/// What becomes of production: it starts anew, comes to the data of others, or has none.
fn loss(cx: &Context<'_>, changes: &[Change<'_>]) -> String {
    let own = "its catalog, its shoppers' behaviour and its payments";
    let Some(id) = changes.first().and_then(|change| folded(change.now?)) else {
        return format!("without a data space production is cut off from {own}");
    };
    let moved: Vec<&str> = instances(changes).iter().map(|of| of.same_as.as_str()).collect();
    let states = cx.before.into_iter().chain([cx.now]);
    let has = states.flat_map(|state| {
        let mut all: Vec<&Instance> = state.instances.iter().collect();
        all.retain(|of| state.data_space(of).as_ref() == Some(&id));
        all
    });
    let others: BTreeSet<&str> =
        has.filter(|of| !moved.contains(&of.same_as.as_str())).map(|of| of.name.as_str()).collect();
    if others.is_empty() {
        return format!("production starts over in an empty one, without {own}");
    }
    let others = list(others.into_iter().map(quoted));
    format!("production comes to the data of {others}, and leaves {own} behind")
}

/// What it shared with another installation is not to be put back.
fn help(cx: &Context<'_>, changes: &[Change<'_>]) -> String {
    let loss = loss(cx, changes);
    match changes.first().map(|change| sharers(cx, change)).as_deref() {
        None | Some([]) => format!("put the data space back: {loss}; if it has to move, {MOVE}"),
        Some(sharers) => format!(
            "go on, since {} used the same data space, but prepared: {loss}; {MOVE}",
            names(sharers)
        ),
    }
}
