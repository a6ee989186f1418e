//! See `rules/unreadable-config.md`.

use crate::rule::{Check, Context, Finding};

/// A file that carries settings and could not be read whole.
pub struct UnreadableConfig;

impl Check for UnreadableConfig {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for problem in &cx.now.problems {
            let finding = Finding::new(problem.at, format!("not read whole: {}", problem.message))
                .label("settings may hide here")
                .help("mend the file, or leave it out with `exclude` in commerce-lint.toml if no instance is deployed from it")
                .of(cx.now.readers(problem.at));
            findings.push(finding);
        }
    }
}
