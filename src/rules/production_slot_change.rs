//! See `rules/production-slot-change.md`.

use super::changes::slots::{Switch, switches};
use super::changes::told::{guesses, see_once};
use super::wording::{names, quoted, value};
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::Scope;
use crate::rule::{Check, Context, Finding};

const SLOT: &str = "search, recommendations and payments use the other key pair at once";
const PAYMENTS: &str = "in `sandbox` no customer's payment is real, in `production` every test is";

/// A production instance is switched to the other slot.
pub struct ProductionSlotChange;

impl Check for ProductionSlotChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for parameter in [Parameter::ActiveSlot, Parameter::PaymentMethod] {
            let mut switches = switches(cx, parameter);
            switches.sort_by(|a, b| (a.scope, &a.words, a.at).cmp(&(b.scope, &b.words, b.at)));
            let is_same = |a: &Switch<'_>, b: &Switch<'_>| a.scope == b.scope && a.words == b.words;
            for switches in switches.chunk_by(is_same) {
                findings.extend(finding(parameter, switches));
            }
        }
    }
}

fn finding(parameter: Parameter, switches: &[Switch<'_>]) -> Option<Finding> {
    let first = switches.first()?;
    let instances: Vec<&Instance> = switches.iter().map(|switch| switch.of).collect();
    let (old, new) = (value(parameter, &first.words.0), value(parameter, &first.words.1));
    let is_payment = parameter == Parameter::PaymentMethod;
    let (what, why) = if is_payment { ("payments", PAYMENTS) } else { ("slot", SLOT) };
    let scope = match first.scope {
        Some(Scope::Website(code)) => format!(" at website {}", quoted(code)),
        Some(Scope::Store(code)) => format!(" at store {}", quoted(code)),
        _ => String::new(),
    };
    let names = names(&instances);
    let message = format!("{what}{scope} of {names} switched from {old} to {new}");
    let guesses = guesses(&instances);
    let help = format!("set `{}` back to {old}: {why}{guesses}", parameter.path());
    let finding = Finding::new(first.at, message).label("now").help(help);
    let finding = switches.iter().fold(finding, |finding, switch| {
        let finding = see_once(finding, switch.at, "now");
        let before = switch.before;
        before.into_iter().fold(finding, |finding, at| see_once(finding, at, "before"))
    });
    Some(finding.of(instances.iter().map(|instance| instance.name.clone())))
}
