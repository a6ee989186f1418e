//! See `rules/production-slot-change.md`.

use super::changes::pairs::production;
use super::changes::told::{guesses, see_once};
use super::changes::{Pair, is_certain, may_be_elsewhere, remains};
use super::wording::{excerpt, names};
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

const SLOT: &str = "search, recommendations and payments use the other key pair at once";
const PAYMENTS: &str = "in `sandbox` no customer's payment is real, in `production` every test is";

/// A production instance is switched to the other slot.
pub struct ProductionSlotChange;

/// A slot as it was and as it is, with the places.
struct Switch<'a> {
    of: &'a Instance,
    words: (String, String),
    at: Location,
    before: Option<Location>,
}

impl Check for ProductionSlotChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for parameter in [Parameter::ActiveSlot, Parameter::PaymentMethod] {
            let pairs = production(cx).into_iter();
            let mut switches: Vec<Switch<'_>> =
                pairs.filter_map(|pair| switch(cx, pair, parameter)).collect();
            switches.sort_by(|a, b| (&a.words, a.at).cmp(&(&b.words, b.at)));
            for switches in switches.chunk_by(|a, b| a.words == b.words) {
                findings.extend(finding(parameter, switches));
            }
        }
    }
}

fn switch<'a>(cx: &Context<'a>, pair: Pair<'a>, parameter: Parameter) -> Option<Switch<'a>> {
    let was = cx.before?.in_force(pair.before, parameter);
    let now = pair.now.and_then(|now| cx.now.in_force(now, parameter));
    let words = (word(was, parameter)?, word(now, parameter)?);
    // Payments that are set up for the first time go live: that is no switch.
    let is_first = was.is_none() && parameter == Parameter::PaymentMethod;
    let is_certain = was.is_none_or(|was| is_certain(cx, was, now))
        && (now.is_some() || !may_be_elsewhere(cx, pair));
    if words.0 == words.1 || is_first || !is_certain {
        return None;
    }
    let at = now.map(|now| now.at).or_else(|| remains(cx, pair, was?))?;
    Some(Switch { of: pair.before, words, at, before: was.map(|was| was.at) })
}

/// The slot that a setting selects, or the lack of one; none where that is not known.
fn word(setting: Option<&Setting>, parameter: Parameter) -> Option<String> {
    let is_payment = parameter == Parameter::PaymentMethod;
    let default = if is_payment { Slot::Sandbox } else { Slot::Production };
    let Some(setting) = setting else { return Some(default.word().to_owned()) };
    Some(setting.value.literal()?.trim().to_ascii_lowercase())
}

fn finding(parameter: Parameter, switches: &[Switch<'_>]) -> Option<Finding> {
    let first = switches.first()?;
    let instances: Vec<&Instance> = switches.iter().map(|switch| switch.of).collect();
    let (old, new) = (excerpt(&first.words.0), excerpt(&first.words.1));
    let is_payment = parameter == Parameter::PaymentMethod;
    let (what, why) = if is_payment { ("payments", PAYMENTS) } else { ("slot", SLOT) };
    let message = format!("{what} of {} switched from {old} to {new}", names(&instances));
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
