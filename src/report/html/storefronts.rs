//! What storefronts show to visitors: copies of the identifiers of instances.

use std::fmt::Write as _;

use super::escape::{html, name};
use crate::mask;
use crate::model::fingerprint::Fingerprint;
use crate::model::instance::Instance;
use crate::model::owners::identifiers;
use crate::model::parameter::{Parameter, Slot};
use crate::model::storefront::{PublicCopy, Shown};
use crate::report::Report;
use crate::report::prose::place;

/// How many copies are listed.
const MOST: usize = 500;

/// How many instances of one copy are named.
const MOST_OWNERS: usize = 24;

/// The list; nothing where there is no storefront.
#[must_use]
pub(super) fn list(run: &Report<'_>) -> String {
    let copies = &run.inventory.storefronts;
    if copies.is_empty() {
        return String::new();
    }
    let mut out = "<h3>Storefronts</h3>\n<table class=\"cards\"><thead><tr><th scope=\"col\">Shown to visitors</th>\
                   <th scope=\"col\">By the storefront of</th><th scope=\"col\">Which is that of</th></tr></thead><tbody>\n"
        .to_owned();
    for PublicCopy { at, shown, instance, .. } in copies.iter().take(MOST) {
        let (what, text) = match shown {
            Shown::DataSpace(id) => ("data space", name(&mask::text(id))),
            Shown::ApiKey(key) => {
                ("api key", Fingerprint::of("api key", key.as_bytes()).to_string())
            }
            Shown::Tenant(tenant) => ("Commerce Optimizer", name(&mask::text(tenant))),
        };
        let quiet = |text: &str| format!("<span class=\"quiet\">{text}</span>");
        let owners = run.inventory.instances.iter().filter(|one| owns(run, one, shown));
        let owners: Vec<String> = owners.map(|owner| name(&owner.name)).take(MOST_OWNERS).collect();
        let owners = match owners.as_slice() {
            [] => quiet("no instance of this tree"),
            owners => owners.join(", "),
        };
        let by = instance.as_deref().map_or_else(|| quiet("no instance of this tree"), name);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><span class=\"what\">{what}</span> <code>{text}</code><span class=\"from\">{}</span></th>\
             <td data-label=\"By the storefront of\">{by}</td><td data-label=\"Which is that of\">{owners}</td></tr>",
            html(&place(*at, run.sources)),
        );
    }
    let more = copies.len().saturating_sub(MOST);
    if more > 0 {
        let _ =
            writeln!(out, "<tr><th scope=\"row\">… and {more} more</th><td></td><td></td></tr>");
    }
    out + "</tbody></table>\n"
}

/// Whether an instance ends up with what is shown.
fn owns(run: &Report<'_>, instance: &Instance, shown: &Shown) -> bool {
    let is_key = |slot: Slot, key: &str| {
        let own = run.inventory.literal(instance, Parameter::ApiKey(slot));
        own.is_some_and(|own| own.trim().eq_ignore_ascii_case(key))
    };
    match shown {
        Shown::DataSpace(id) => run.inventory.data_space(instance).as_ref() == Some(id),
        Shown::ApiKey(key) => Slot::ALL.iter().any(|slot| is_key(*slot, key)),
        Shown::Tenant(tenant) => {
            let own = identifiers(run.inventory, instance, shown).unwrap_or_default();
            own.iter().any(|(own, _)| own == tenant)
        }
    }
}
