//! See `rules/storefront-mismatch.md`.

use super::wording::{list, quoted};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Value;
use crate::model::storefront::Shown;
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// A storefront shows the identifier of another instance.
pub struct StorefrontMismatch;

impl Check for StorefrontMismatch {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for copy in &cx.now.storefronts {
            let named = copy.instance.as_ref();
            let Some(own) = cx.now.instances.iter().find(|known| Some(&known.name) == named) else {
                continue;
            };
            let (what, text) = match &copy.shown {
                Shown::DataSpace(id) => ("data space", id),
                Shown::ApiKey(key) => ("api key", key),
            };
            let Some(mine) = identifiers(cx.now, own, &copy.shown) else { continue };
            if mine.is_empty() || mine.iter().any(|(id, _)| id == text) {
                continue;
            }
            let others = cx.now.instances.iter().filter(|other| other.same_as != own.same_as);
            let others: Vec<(&Instance, Location)> = others
                .filter_map(|other| {
                    let theirs = identifiers(cx.now, other, &copy.shown)?;
                    theirs.into_iter().find(|(id, _)| id == text).map(|(_, at)| (other, at))
                })
                .collect();
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

/// The identifiers of an instance of the same kind as a copy, with their places; none where one of them is not known.
fn identifiers(
    inventory: &Inventory,
    instance: &Instance,
    shown: &Shown,
) -> Option<Vec<(String, Location)>> {
    let parameters = match shown {
        Shown::DataSpace(_) => vec![Parameter::DataSpace],
        Shown::ApiKey(_) => Slot::ALL.map(Parameter::ApiKey).to_vec(),
    };
    let settings = parameters.iter().filter_map(|&name| inventory.in_force(instance, name));
    let known = settings.filter(|setting| setting.value != Value::Blank).map(|setting| {
        let text = setting.value.literal()?.trim().to_ascii_lowercase();
        Some((text.trim_matches(['{', '}']).to_owned(), setting.at))
    });
    known.collect()
}
