//! Files of variables that Terraform loads by itself, one over the other: `terraform.tfvars`, then each `*.auto.tfvars`.
//!
//! Source: the Terraform language, *Input Variables*, *Variable Definition Precedence*: of the files in one folder the later wins, those called
//! `auto` in the order of their names.

use std::collections::BTreeMap;

use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting};
use crate::recognise::Recognised;
use crate::resolve::conventions::parent;
use crate::sources::Sources;
use crate::syntax::file_name;

/// Takes out what a file of the same folder overrides that Terraform loads later.
pub fn settle(sources: &Sources, recognised: &mut [Recognised]) {
    let key = |path: &str, setting: &Setting| {
        (parent(path).to_owned(), setting.parameter, setting.scope.clone())
    };
    let mut last: BTreeMap<(String, Parameter, Scope), (u8, String)> = BTreeMap::new();
    for part in recognised.iter().flat_map(|found| &found.contributions) {
        let path = sources.path(part.source);
        let Some(order) = order(path) else { continue };
        for setting in &part.settings {
            let known = last.entry(key(path, setting)).or_insert_with(|| order.clone());
            *known = order.clone().max(known.clone());
        }
    }
    for part in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        let path = sources.path(part.source);
        let Some(order) = order(path) else { continue };
        part.settings.retain(|setting| last.get(&key(path, setting)) == Some(&order));
    }
}

/// When Terraform loads a file; none for one that it does not load by itself.
fn order(path: &str) -> Option<(u8, String)> {
    let name = file_name(path);
    let place = match name {
        "terraform.tfvars" => 0,
        "terraform.tfvars.json" => 1,
        _ if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => 2,
        _ => return None,
    };
    Some((place, name.to_owned()))
}
