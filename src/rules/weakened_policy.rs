//! See `rules/weakened-policy.md`.

use crate::rule::{Check, Context, Finding};

/// The change lets pass what was not let pass before.
pub struct WeakenedPolicy;

impl Check for WeakenedPolicy {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for weakening in cx.weakened {
            let finding = Finding::new(weakening.at, weakening.what.clone())
                .label("holds after this change")
                .help("make the change of the policy one of its own, reviewed by whoever answers for it; until then the check runs as it did before");
            findings.push(match weakening.before {
                Some(before) => finding.see(before, "before"),
                None => finding,
            });
        }
    }
}
