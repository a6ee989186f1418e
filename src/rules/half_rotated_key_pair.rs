//! See `rules/half-rotated-key-pair.md`.

use super::changes::Change;
use super::changes::keys::half_change;
use super::changes::pairs::pairs;
use super::changes::told::{grouped, instances, see_once};
use super::wording::names;
use crate::model::parameter::Slot;
use crate::rule::{Check, Context, Finding};

/// One half of a key pair changes and the other does not.
pub struct HalfRotatedKeyPair;

impl Check for HalfRotatedKeyPair {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let pairs = pairs(cx);
        for slot in Slot::ALL {
            let halves = pairs.iter().filter_map(|&pair| half_change(cx, pair, slot));
            for changes in grouped(halves.map(|(change, _)| change).collect()) {
                findings.extend(finding(cx, &changes, slot));
            }
        }
    }
}

fn finding(cx: &Context<'_>, changes: &[Change<'_>], slot: Slot) -> Option<Finding> {
    let first = changes.first()?;
    let (_, other) = half_change(cx, first.pair, slot)?;
    let (half, other, instances) =
        (first.before.parameter.name(), other.parameter.name(), instances(changes));
    let message = format!("`{half}` of {} changed, but its `{other}` did not", names(&instances));
    let help = format!(
        "put the `{other}` of the same key pair beside it: with halves of two pairs Adobe's services refuse the instance"
    );
    let finding = Finding::new(first.at, message)
        .label("changed")
        .see(first.before.at, "before")
        .help(help)
        .of(instances.iter().map(|instance| instance.name.clone()));
    Some(changes.iter().fold(finding, |finding, change| {
        let finding = see_once(finding, change.at, "changed");
        let other = half_change(cx, change.pair, slot).map(|(_, other)| other.at);
        match other {
            Some(at) => see_once(finding, at, "still the old half"),
            None => finding,
        }
    }))
}
