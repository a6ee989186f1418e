//! See `rules/weakened-policy.md`.

use crate::rule::{Check, Context, Finding, UNLOCK};

/// The change lets pass what was not let pass before, or a configuration what is locked.
pub struct WeakenedPolicy;

impl Check for WeakenedPolicy {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for weakening in cx.weakened {
            let (label, help, before) = if weakening.is_locked {
                ("does not count", UNLOCK, "locked here")
            } else if weakening.is_declared {
                (
                    "holds at once",
                    "make the declaration a change of its own that is pushed or merged before, reviewed by whoever answers for the policy; what this change brings to instances \
                     that were there before is still judged by what was declared before it",
                    "before",
                )
            } else {
                (
                    "holds after this change",
                    "make the change of the policy one of its own that is pushed or merged before, reviewed by whoever answers for it; until then the check runs as it did before",
                    "before",
                )
            };
            let finding =
                Finding::new(weakening.at, weakening.what.clone()).label(label).help(help);
            findings.push(match weakening.before {
                Some(at) => finding.see(at, before),
                None => finding,
            });
        }
    }
}
