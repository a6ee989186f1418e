//! See `rules/blank-override.md`.

use super::wording::quoted;
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::Parameter;
use crate::model::setting::{Layer, Setting, SettingId, Value};
use crate::rule::{Check, Context, Finding};

/// A blank value over a real one, in production.
pub struct BlankOverride;

impl Check for BlankOverride {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let production =
            cx.now.instances.iter().filter(|instance| instance.kind.value == Kind::Production);
        for instance in production {
            for &(parameter, ref found) in &instance.settings {
                let winner = cx.now.setting(found.winner);
                let is_blank =
                    winner.value == Value::Blank && !matches!(parameter, Parameter::Misspelt(_));
                if let Some(loser) =
                    beneath(cx, instance, winner, &found.overridden).filter(|_| is_blank)
                {
                    findings.push(finding(instance, winner, loser));
                }
            }
        }
    }
}

/// The highest value beneath that is one, in a lower layer or in a file that the instance inherits.
fn beneath<'a>(
    cx: &Context<'a>,
    instance: &Instance,
    winner: &Setting,
    overridden: &[SettingId],
) -> Option<&'a Setting> {
    let is_inherited = |setting: &Setting| {
        let mut feeds = instance.feeds.iter();
        feeds.any(|feed| feed.source == setting.at.source && feed.inherited)
    };
    let mut losers = overridden.iter().map(|&id| cx.now.setting(id));
    losers.find(|loser| {
        let layer = loser.carrier.layer();
        let is_lower =
            layer != winner.carrier.layer() || is_inherited(loser) && !is_inherited(winner);
        loser.value.is_real() && is_lower && layer != Layer::Module
    })
}

fn finding(instance: &Instance, winner: &Setting, loser: &Setting) -> Finding {
    let (name, path) = (winner.parameter.name(), winner.parameter.path());
    let instance_name = quoted(&instance.name);
    let message =
        format!("a blank `{name}` hides the value of {instance_name}, a production instance");
    let help = format!(
        "take the line of `{path}` out, so that the value beneath is in force: to Magento blank is a value like any other, and it wins"
    );
    Finding::new(winner.at, message)
        .label("blank, and wins")
        .see(loser.at, "hidden")
        .help(help)
        .of([instance.name.clone()])
}
