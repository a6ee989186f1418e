//! See `rules/production-key-change.md`.

use super::changes::Change;
use super::changes::keys::{half_change, is_together, key_changes};
use super::changes::pairs::production;
use super::changes::told::{finding, grouped, instances, see_once};
use super::wording::names;
use crate::model::parameter::Slot;
use crate::rule::{Check, Context, Finding};

const HELP: &str = "make sure that this pair is the one in your Adobe account before this is deployed, and bring it to every other instance of the account \
                    as well: with an old or wrong pair search, recommendations and payments stop";

/// The key pair that a production instance uses changes.
pub struct ProductionKeyChange;

impl Check for ProductionKeyChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let is_half = |pair| Slot::ALL.iter().any(|&slot| half_change(cx, pair, slot).is_some());
        let pairs = production(cx).into_iter().filter(|&pair| {
            // One fact, one finding.
            !is_together(cx, pair) && !is_half(pair)
        });
        let (mut leading, mut following) = (Vec::new(), Vec::new());
        for pair in pairs {
            let mut changes = key_changes(cx, pair).into_iter();
            leading.extend(changes.next());
            following.extend(changes);
        }
        for changes in grouped(leading) {
            findings.extend(key_finding(&changes, &following));
        }
    }
}

fn key_finding(changes: &[Change<'_>], following: &[Change<'_>]) -> Option<Finding> {
    let first = changes.first()?;
    let message = format!(
        "`{}` of {} {}",
        first.before.parameter.name(),
        names(&instances(changes)),
        match first.now {
            Some(now) if now.value.is_present() => "changed",
            Some(_) => "was blanked",
            None => "was removed",
        }
    );
    let is_theirs = |other: &&Change<'_>| {
        changes.iter().any(|change| change.pair.before.name == other.pair.before.name)
    };
    let others = following.iter().filter(is_theirs);
    Some(others.fold(finding(changes, message, HELP)?, |finding, other| {
        let finding = see_once(finding, other.at, "the other half");
        see_once(finding, other.before.at, "before")
    }))
}
