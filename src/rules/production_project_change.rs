//! See `rules/production-project-change.md`.

use super::changes::keys::is_together;
use super::changes::pairs::production;
use super::changes::told::{finding, grouped, told};
use super::changes::{Change, change};
use crate::model::parameter::Parameter;
use crate::rule::{Check, Context, Finding};

const HELP: &str = "put the project back: its data spaces do not belong to another project, and the instance loses what Adobe's services keep for it; \
                    if it has to move, plan it with Adobe's support";

/// A production instance ends up with another project, or with none.
pub struct ProductionProjectChange;

impl Check for ProductionProjectChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let pairs = production(cx).into_iter().filter(|pair| !is_together(cx, *pair));
        let changes: Vec<Change<'_>> =
            pairs.filter_map(|pair| change(cx, pair, Parameter::Project)).collect();
        for changes in grouped(changes) {
            findings.extend(finding(&changes, told("project", &changes), HELP));
        }
    }
}
