//! See `rules/unmatched-pattern.md`.

use crate::rule::{Check, Context, Finding};

/// A pattern of declared files matches nothing.
pub struct UnmatchedPattern;

impl Check for UnmatchedPattern {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for (pattern, at) in cx.unmatched {
            let message = format!("no file of this tree matches `{pattern}`");
            let finding = Finding::new(*at, message).label("matches nothing").help(
                "correct the pattern, or take it out: what it was meant for is attributed by guess; patterns start at the root of the tree",
            );
            findings.push(finding);
        }
    }
}
