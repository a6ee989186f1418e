//! See `rules/production-project-change.md`.

use super::changes::keys::{ended_sharing, is_together};
use super::changes::pairs::production;
use super::changes::told::{finding, grouped, told};
use super::changes::{Change, change};
use super::wording::names;
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
            let others = changes.first().map(|change| ended_sharing(cx, change.pair));
            let help = match others.as_deref() {
                None | Some([]) => HELP.to_owned(),
                Some(others) => format!(
                    "go on, since {} used the same project and data space, and announce the change as `[[intended]]` in commerce-lint.toml",
                    names(others)
                ),
            };
            findings.extend(finding(&changes, told("project", &changes), &help));
        }
    }
}
