//! See `rules/key-and-data-space-change.md`.

use super::changes::Change;
use super::changes::keys::{ended_sharing, identifier_changes, is_together, key_changes};
use super::changes::pairs::production;
use super::changes::told::{finding, grouped, instances, see_once};
use super::wording::{list, names};
use crate::model::parameter::Parameter;
use crate::rule::{Check, Context, Finding};

/// What Adobe says; Payment Services, *Connect Your Instance*.
const WARNING: &str = "Adobe: \"It is recommended that you do not regenerate an API key pair and change the SaaS identifier and/or data space on an \
                       active production instance. You will lose data for your instance if they are modified.\"";

/// The key pair of a production instance changes together with its data space or project.
pub struct KeyAndDataSpaceChange;

impl Check for KeyAndDataSpaceChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let pairs = production(cx).into_iter().filter(|&pair| is_together(cx, pair));
        let leading = pairs.filter_map(|pair| identifier_changes(cx, pair).into_iter().next());
        for changes in grouped(leading.collect()) {
            findings.extend(together(cx, &changes));
        }
    }
}

fn together(cx: &Context<'_>, changes: &[Change<'_>]) -> Option<Finding> {
    let identifiers = identifier_changes(cx, changes.first()?.pair);
    let words = identifiers.iter().map(|change| match change.before.parameter {
        Parameter::Project => "project".to_owned(),
        _ => "data space".to_owned(),
    });
    let what = list(std::iter::once("key pair".to_owned()).chain(words));
    let what = if identifiers.len() > 1 { what } else { what.replace(" and", " and the") };
    let message = format!("the {what} of {} changed together", names(&instances(changes)));
    let with = |finding, change: &Change<'_>, text| {
        see_once(see_once(finding, change.at, text), change.before.at, "before")
    };
    let help = match &*ended_sharing(cx, changes.first()?.pair) {
        [] => format!("change one of them alone, or neither. {WARNING}"),
        // What it shared with another installation is not to be put back.
        others => format!(
            "change the data space in a commit that is pushed or merged before the key pair changes, since {} used the same one. {WARNING}",
            names(others)
        ),
    };
    let mut told = finding(changes, message, &help)?;
    for change in changes {
        told = key_changes(cx, change.pair)
            .iter()
            .fold(told, |told, key| with(told, key, "its key pair"));
        let rest = identifier_changes(cx, change.pair);
        told = rest.iter().fold(told, |told, other| with(told, other, "changed as well"));
    }
    Some(told)
}
