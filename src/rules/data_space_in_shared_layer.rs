//! See `rules/data-space-in-shared-layer.md`.

use std::collections::BTreeSet;

use super::data_spaces::{of_an_environment, of_several};
use super::defaults;
use super::wording::quoted;
use crate::model::instance::{Instance, UNNAMED};
use crate::model::inventory::SharedLayer;
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting, SettingId};
use crate::model::uuid::fold_uuid;
use crate::rule::{Check, Context, Finding};

/// A data space stands where every instance of the repository inherits it.
pub struct DataSpaceInSharedLayer;

impl Check for DataSpaceInSharedLayer {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let shared = of_several(cx);
        for layer in &cx.now.shared_layers {
            let heirs: Vec<&Instance> =
                layer.heirs.iter().filter_map(|&index| cx.now.instances.get(index)).collect();
            let own: BTreeSet<SettingId> = layer.settings.iter().copied().collect();
            let inherits = |instance: &&Instance| {
                instance
                    .settings
                    .get(&Parameter::DataSpace)
                    .is_some_and(|resolved| own.contains(&resolved.winner))
            };
            let users: Vec<&Instance> = heirs.iter().copied().filter(inherits).collect();
            let is_shared =
                |of: &Instance| cx.now.data_space(of).is_some_and(|own| shared.contains(&own));
            // None among known heirs means that all set their own; one says nothing of the branches of a project.
            let is_dormant = users.is_empty() && heirs.len() > usize::from(layer.is_open);
            if !is_dormant
                && !users.iter().any(|user| is_shared(user))
                && let Some(at) = data_space(cx, layer)
            {
                findings.push(finding(cx, layer, at, &users));
            }
        }
        findings.extend(defaults::findings(cx));
    }
}

fn data_space(cx: &Context<'_>, layer: &SharedLayer) -> Option<SettingId> {
    let is_real = |setting: &Setting| {
        setting.parameter == Parameter::DataSpace
            && setting.scope == Scope::Default
            && setting.value.literal().is_some_and(|text| fold_uuid(text).is_some())
    };
    layer.settings.iter().rev().copied().find(|&id| is_real(cx.now.setting(id)))
}

fn finding(cx: &Context<'_>, layer: &SharedLayer, id: SettingId, users: &[&Instance]) -> Finding {
    let setting = cx.now.setting(id);
    let space = quoted(setting.value.literal().unwrap_or_default().trim());
    let message =
        format!("data space {space} is set where every instance inherits it: {}", layer.why);
    let help = match users {
        [user] if user.name == UNNAMED && layer.is_open => of_an_environment(),
        [user] => format!(
            "set it in the files of {} alone, or each new instance starts out in the same data space and mixes its data",
            quoted(&user.name)
        ),
        _ => "set it in the files of the one instance that it belongs to, or each new instance starts out with the same".to_owned(),
    };
    let mut finding = Finding::new(setting.at, message)
        .label("inherited by all")
        .help(help)
        .of(users.iter().map(|user| user.name.clone()));
    for other in layer.settings.iter().map(|&id| cx.now.setting(id)) {
        let goes_along = matches!(other.parameter, Parameter::Project | Parameter::PrivateKey(_));
        if goes_along && other.value.is_present() && other.at.source == setting.at.source {
            finding = finding.see(other.at, "inherited as well");
        }
    }
    finding
}
