//! See `rules/cleanup-feed-in-automation.md`.

use crate::model::command::Verb;
use crate::rule::{Check, Context, Finding};

/// A deployment that sends all feeds again as if the data space had been cleaned.
pub struct CleanupFeedInAutomation;

impl Check for CleanupFeedInAutomation {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let resyncs = cx.now.commands.iter().filter(|command| command.verb == Verb::Resync);
        for option in resyncs.filter_map(|command| command.option("cleanup-feed")) {
            let message =
                "`saas:resync --cleanup-feed` takes the data space for empty whenever this runs";
            let finding = Finding::new(option.at, message)
                .label("only after a data space cleanup")
                .help(
                    "leave `--cleanup-feed` out and resync without it: the data space is empty once, after Adobe has cleaned it, and then somebody runs this by hand",
                )
                .of(cx.now.readers(option.at));
            findings.push(finding);
        }
    }
}
