//! See `rules/production-data-space-elsewhere.md`.

use super::data_spaces::{Typed, typed};
use super::wording::names;
use crate::model::instance::Kind;
use crate::rule::{Check, Context, Finding};

/// A data space for production, where no production is.
pub struct ProductionDataSpaceElsewhere;

impl Check for ProductionDataSpaceElsewhere {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for Typed { at, of_type, users } in typed(cx, Kind::NonProduction, "production") {
            let of = names(&users);
            let uses = if users.len() == 1 { "uses" } else { "use" };
            let message = format!("{of} {uses} a data space of type Production");
            let help = format!(
                "choose a data space of type Testing for {of}: with one for production, what is tried here is shown to customers and counted as theirs"
            );
            let finding = Finding::new(at, message)
                .label("for production alone")
                .help(help)
                .of(users.iter().map(|user| user.name.clone()));
            let is_beside = at != of_type.at;
            let finding = if is_beside { finding.see(of_type.at, "its type") } else { finding };
            findings.push(finding);
        }
    }
}
