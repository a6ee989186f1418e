//! See `rules/storefront-mismatch.md`.

use super::wording::{list, quoted};
use crate::model::instance::{Instance, Kind};
use crate::model::owners::{identifiers, owners};
use crate::model::storefront::{PublicCopy, Shown, optimizer};
use crate::rule::{Check, Context, Finding};

/// A storefront shows the identifier of another instance, or production's asks a sandbox.
pub struct StorefrontMismatch;

impl Check for StorefrontMismatch {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        if cx.now.storefronts.is_empty() {
            return;
        }
        let owners = owners(cx.now);
        for copy in &cx.now.storefronts {
            let named = copy.instance.as_ref();
            let Some(own) = named.and_then(|name| cx.now.named(name)) else { continue };
            let (what, text) = match &copy.shown {
                Shown::DataSpace(id) => ("data space", id),
                Shown::ApiKey(key) => ("api key", key),
                Shown::Tenant(tenant) => ("Commerce Optimizer", tenant),
            };
            let mine = identifiers(cx.now, own, &copy.shown);
            if mine.as_ref().is_some_and(|mine| mine.iter().any(|(id, _)| id == text)) {
                continue;
            }
            let mut others = owners.get(&copy.shown).cloned().unwrap_or_default();
            others.retain(|(other, _)| other.same_as != own.same_as);
            let known = mine.filter(|mine| !mine.is_empty() && !others.is_empty());
            let Some(mine) = known else {
                findings.extend(sandbox(copy, own));
                continue;
            };
            let owners = list(others.iter().map(|(other, _)| quoted(&other.name)));
            let message = format!("storefront of `{}` shows the {what} of {owners}", own.name);
            let help = format!(
                "put the {what} of `{}` here: visitors of this storefront are sent to the catalog of {owners}",
                own.name
            );
            let finding = Finding::new(copy.at, message).label("shown to visitors").help(help);
            let finding = mine.iter().fold(finding, |finding, (_, at)| finding.see(*at, "its own"));
            let finding = others.iter().fold(finding, |finding, (other, at)| {
                finding.see(*at, format!("set for `{}`", other.name))
            });
            findings.push(finding.of([own.name.clone()]));
        }
    }
}

/// A storefront of production that asks a sandbox, whosever that is.
fn sandbox(copy: &PublicCopy, own: &Instance) -> Option<Finding> {
    let is_sandbox = matches!(copy.shown, Shown::Tenant(_))
        && optimizer(&copy.text).is_some_and(|found| found.is_sandbox);
    let message = format!("storefront of `{}` asks a sandbox of Commerce Optimizer", own.name);
    let help = "put the endpoint of the production instance of Commerce Optimizer here, whose host has no `-sandbox` in it: \
                customers see what was exported to try it out";
    let finding = Finding::new(copy.at, message).label("shown to visitors").help(help);
    (is_sandbox && own.kind.value == Kind::Production).then(|| finding.of([own.name.clone()]))
}
