//! See `rules/production-data-space-change.md`.

use super::changes::keys::{is_together, sharers};
use super::changes::pairs::production;
use super::changes::told::{finding, grouped, told};
use super::changes::{Change, change, folded};
use super::wording::names;
use crate::model::parameter::Parameter;
use crate::model::uuid::fold_uuid;
use crate::rule::{Check, Context, Finding};

const LOSS: &str = "production starts over in an empty one, without its catalog, its shoppers' behaviour and its payments";

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

/// What it shared with another installation is not to be put back.
fn help(cx: &Context<'_>, changes: &[Change<'_>]) -> String {
    match changes.first().map(|change| sharers(cx, change)).as_deref() {
        None | Some([]) => format!("put the data space back: {LOSS}; if it has to move, {MOVE}"),
        Some(sharers) => format!(
            "go on, since {} used the same data space, but prepared: {LOSS}; {MOVE}",
            names(sharers)
        ),
    }
}
