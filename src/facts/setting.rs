//! The settings: for each instance those that are in force and those that they override, then those of no instance.

use std::collections::BTreeSet;
use std::io;

use super::about::{Facts, Lines, harmless, put};
use super::{Kind, rows};
use crate::model::instance::{Instance, Resolved};
use crate::model::setting::{Scope, Setting, SettingId};
use crate::report::disclosure;
use crate::report::facts::state;

/// Writes them all.
pub(super) fn write(facts: &Facts<'_>, lines: &mut dyn Lines) -> io::Result<()> {
    let inventory = facts.inventory();
    let mut seen: BTreeSet<SettingId> = BTreeSet::new();
    for instance in &inventory.instances {
        let all = instance.settings.values().chain(instance.scoped.values());
        for resolved in all {
            let Resolved { winner, rivals, overridden } = resolved;
            seen.insert(*winner);
            put(lines, Kind::Setting, &row(facts, Some(instance), *winner, "in-force", None))?;
            let others = rivals.iter().filter(|id| !overridden.contains(id));
            for id in overridden.iter().chain(others) {
                seen.insert(*id);
                let standing = if rivals.contains(id) { "rival" } else { "overridden" };
                let row = row(facts, Some(instance), *id, standing, Some(*winner));
                put(lines, Kind::Setting, &row)?;
            }
        }
    }
    for id in (0..).map(SettingId).take(inventory.settings.len()) {
        if !seen.contains(&id) {
            put(lines, Kind::Setting, &row(facts, None, id, "unattributed", None))?;
        }
    }
    Ok(())
}

fn row<'f>(
    facts: &'f Facts<'_>,
    instance: Option<&Instance>,
    id: SettingId,
    standing: &'static str,
    winner: Option<SettingId>,
) -> rows::Setting<'f> {
    let inventory = facts.inventory();
    let setting: &Setting = inventory.setting(id);
    let (path, line) = facts.place(setting.at);
    let winner = winner.map(|winner| inventory.setting(winner));
    let place = winner.map(|winner| facts.place(winner.at));
    rows::Setting {
        head: rows::Head::of("setting", facts.about),
        instance: instance.map(|instance| harmless(&instance.name)),
        config_path: harmless(setting.parameter.path()),
        scope: scope(&setting.scope),
        path,
        line,
        layer: setting.carrier.layer().word(),
        carrier: setting.carrier.word(),
        state: state(&setting.value),
        standing,
        in_force: standing == "in-force",
        winner_layer: winner.map(|winner| winner.carrier.layer().word()),
        winner_path: place.as_ref().map(|(path, _)| path.clone()),
        winner_line: place.map(|(_, line)| line),
        value: disclosure::text(setting),
        fingerprint: disclosure::of_setting(setting).and_then(|of| facts.key.name(&of)),
    }
}

fn scope(scope: &Scope) -> String {
    match scope {
        Scope::Default => "default".to_owned(),
        Scope::Website(code) => format!("website:{}", harmless(code)),
        Scope::Store(code) => format!("store:{}", harmless(code)),
    }
}
