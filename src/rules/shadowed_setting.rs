//! See `rules/shadowed-setting.md`.

use std::collections::BTreeMap;

use super::changes::folded;
use super::wording::names;
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::{Layer, Setting};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// A value that a higher layer of the same instance overrides with another.
pub struct ShadowedSetting;

impl Check for ShadowedSetting {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut places: BTreeMap<(Location, Location), (&Setting, Vec<&Instance>)> =
            BTreeMap::new();
        for instance in &cx.now.instances {
            let is_own = |setting: &Setting| {
                instance
                    .feeds
                    .iter()
                    .any(|feed| feed.source == setting.at.source && !feed.inherited)
            };
            for (parameter, found) in &instance.settings {
                // Keys that compete are another rule's matter, and nothing reads what is misspelt.
                if matches!(
                    parameter,
                    Parameter::ApiKey(_)
                        | Parameter::PrivateKey(_)
                        | Parameter::CryptKey
                        | Parameter::Module(_)
                        | Parameter::Misspelt(_)
                ) {
                    continue;
                }
                let winner = cx.now.setting(found.winner);
                let Some(value) = folded(winner) else { continue };
                let losers = found.overridden.iter().map(|&id| cx.now.setting(id));
                let mut losers = losers.filter(|loser| {
                    let layer = loser.carrier.layer();
                    // What one file sets twice is a slip within it; a module's default is there to be overridden.
                    layer != winner.carrier.layer()
                        && layer != Layer::Module
                        && is_own(loser)
                        && is_own(winner)
                });
                if let Some(loser) =
                    losers.find(|loser| folded(loser).is_some_and(|other| other != value))
                {
                    places
                        .entry((loser.at, winner.at))
                        .or_insert((loser, Vec::new()))
                        .1
                        .push(instance);
                }
            }
        }
        for ((at, winner), (setting, users)) in places {
            let message = format!(
                "`{}` of {} is set here, and overridden with another value",
                setting.parameter.name(),
                names(&users)
            );
            let finding = Finding::new(at, message)
                .label("never in force")
                .see(winner, "this one wins")
                .help("keep one of the two, so that nobody changes the one that Magento does not use: variables win over env.php, env.php over config.php, config.php over the database")
                .of(users.iter().map(|user| user.name.clone()));
            findings.push(finding);
        }
    }
}
