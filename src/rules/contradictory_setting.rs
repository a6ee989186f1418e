//! See `rules/contradictory-setting.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::wording::{list, quoted};
use crate::model::parameter::Parameter;
use crate::model::setting::SettingId;
use crate::rule::{Check, Context, Finding};

/// One instance is given two values of one setting in one layer, with no order between them.
pub struct ContradictorySetting;

impl Check for ContradictorySetting {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut found: BTreeMap<(Parameter, Vec<SettingId>), Vec<String>> = BTreeMap::new();
        for instance in &cx.now.instances {
            for (parameter, resolved) in &instance.settings {
                if !resolved.rivals.is_empty() {
                    let mut places = vec![resolved.winner];
                    places.extend(&resolved.rivals);
                    found.entry((*parameter, places)).or_default().push(instance.name.clone());
                }
            }
        }
        for ((parameter, places), instances) in found {
            let values: BTreeSet<_> =
                places.iter().map(|id| cx.now.setting(*id).fingerprint()).collect();
            let mut places = places.into_iter().map(|id| cx.now.setting(id).at);
            let Some(first) = places.next() else { continue };
            let names = list(instances.iter().map(|name| quoted(name)));
            let message = format!(
                "`{}` has {} values in {names}, and nothing says which one wins",
                parameter.path(),
                values.len()
            );
            let help = "keep one value for one installation; if these are two installations, declare each in commerce-lint.toml";
            let finding = Finding::new(first, message).label("one value").help(help).of(instances);
            findings.push(places.fold(finding, |finding, at| finding.see(at, "another value")));
        }
    }
}
