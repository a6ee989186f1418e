//! See `rules/production-data-space-change.md`.

use super::changes::keys::is_together;
use super::changes::pairs::production;
use super::changes::told::{finding, grouped, told};
use super::changes::{Change, change};
use crate::model::parameter::Parameter;
use crate::rule::{Check, Context, Finding};

const HELP: &str = "put the data space back: production starts over in an empty one, without its catalog, its shoppers' behaviour and its payments; \
                    if it has to move, reset Payment Services and onboard again, and resync the catalog";

/// A production instance ends up with another data space, or with none.
pub struct ProductionDataSpaceChange;

impl Check for ProductionDataSpaceChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let pairs = production(cx).into_iter().filter(|pair| !is_together(cx, *pair));
        let changes: Vec<Change<'_>> =
            pairs.filter_map(|pair| change(cx, pair, Parameter::DataSpace)).collect();
        for changes in grouped(changes) {
            findings.extend(finding(&changes, told("data space", &changes), HELP));
        }
    }
}
