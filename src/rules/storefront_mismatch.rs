//! See `rules/storefront-mismatch.md`.

use super::wording::{list, quoted};
use crate::model::owners::{identifiers, owners};
use crate::model::storefront::Shown;
use crate::rule::{Check, Context, Finding};

/// A storefront shows the identifier of another instance.
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
            };
            let Some(mine) = identifiers(cx.now, own, &copy.shown) else { continue };
            if mine.is_empty() || mine.iter().any(|(id, _)| id == text) {
                continue;
            }
            let mut others = owners.get(&copy.shown).cloned().unwrap_or_default();
            others.retain(|(other, _)| other.same_as != own.same_as);
            if others.is_empty() {
                continue;
            }
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
