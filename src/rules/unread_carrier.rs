//! See `rules/unread-carrier.md`.

use crate::rule::{Check, Context, Finding};

/// A file that names settings of the connector and that nothing reads.
pub struct UnreadCarrier;

impl Check for UnreadCarrier {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        findings.extend(cx.now.unread_carriers.iter().map(|at| {
            Finding::new(*at, "this file names a connector setting, and none is read from it")
                .label("nothing reads this")
                .help(
                    "say the setting in a file that is read, or leave this one out with `exclude` in commerce-lint.toml \
                     once somebody has seen that it sets nothing",
                )
        }));
    }
}
