//! See `rules/testing-data-space-in-production.md`.

use super::data_spaces::{Typed, typed};
use super::wording::names;
use crate::model::instance::Kind;
use crate::rule::{Check, Context, Finding};

/// A data space for tests, where production is.
pub struct TestingDataSpaceInProduction;

impl Check for TestingDataSpaceInProduction {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for Typed { at, of_type, users } in typed(cx, Kind::Production, "testing") {
            let of = names(&users);
            let uses = if users.len() == 1 { "uses" } else { "use" };
            let message = format!("{of} {uses} a data space of type Testing");
            let help = format!(
                "give {of} the project's data space of type Production: what customers do would be kept with what is tried out; \
                 if this is no production instance, declare its kind in commerce-lint.toml"
            );
            let finding = Finding::new(at, message)
                .label("for tests alone")
                .help(help)
                .of(users.iter().map(|user| user.name.clone()));
            let is_beside = at != of_type.at;
            let finding = if is_beside { finding.see(of_type.at, "its type") } else { finding };
            findings.push(finding);
        }
    }
}
