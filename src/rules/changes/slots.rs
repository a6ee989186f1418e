//! Which slot production uses, in both states, at every scope where that can be said.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::production;
use super::{Pair, is_certain, may_be_elsewhere, remains};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Scope, Setting};
use crate::rule::Context;
use crate::source::Location;

/// A slot as it was and as it is, with the places.
#[derive(Clone, Debug)]
pub struct Switch<'a> {
    /// The instance.
    pub of: &'a Instance,
    /// The website or store that it is for, where it is not for all.
    pub scope: Option<&'a Scope>,
    /// The slot before, and now.
    pub words: (String, String),
    /// Where it is set now, or what remains of where it was set.
    pub at: Location,
    /// Where it was set.
    pub before: Option<Location>,
}

/// Every switch of a production instance from one slot to the other.
#[must_use]
pub fn switches<'a>(cx: &Context<'a>, parameter: Parameter) -> Vec<Switch<'a>> {
    let mut switches = Vec::new();
    for pair in production(cx) {
        let Some(before) = cx.before else { continue };
        let was = before.in_force(pair.before, parameter);
        let now = pair.now.and_then(|now| cx.now.in_force(now, parameter));
        let whole = switch(cx, pair, parameter, (was, now));
        // The connector's own paths are read for the whole installation.
        if parameter == Parameter::PaymentMethod {
            let own = scoped(before, Some(pair.before), parameter);
            let new = scoped(cx.now, pair.now, parameter);
            let is_website = |scope: &&&Scope| matches!(scope, Scope::Website(_));
            let scopes: BTreeSet<&Scope> = own.keys().chain(new.keys()).copied().collect();
            // Which website a store is of, a tree does not say.
            let has_websites = scopes.iter().any(|scope| is_website(&scope));
            for &scope in &scopes {
                let falls_back = is_website(&&scope) || !has_websites;
                let was = own.get(scope).copied().or(was.filter(|_| falls_back));
                let now = new.get(scope).copied().or(now.filter(|_| falls_back));
                let is_known = falls_back || own.contains_key(scope) && new.contains_key(scope);
                let found = switch(cx, pair, parameter, (was, now)).filter(|_| is_known);
                switches.extend(found.map(|found| Switch { scope: Some(scope), ..found }));
            }
        }
        switches.extend(whole);
    }
    switches
}

fn switch<'a>(
    cx: &Context<'a>,
    pair: Pair<'a>,
    parameter: Parameter,
    (was, now): (Option<&'a Setting>, Option<&'a Setting>),
) -> Option<Switch<'a>> {
    let words = (word(was, parameter)?, word(now, parameter)?);
    // Payments that are set up for the first time go live: that is no switch.
    let is_first = was.is_none() && parameter == Parameter::PaymentMethod;
    let is_certain = was.is_none_or(|was| is_certain(cx, was, now))
        && (now.is_some() || !may_be_elsewhere(cx, pair));
    if words.0 == words.1 || is_first || !is_certain {
        return None;
    }
    let at = now.map(|now| now.at).or_else(|| remains(cx, pair, was?))?;
    Some(Switch { of: pair.before, scope: None, words, at, before: was.map(|was| was.at) })
}

/// The slot that a setting selects, or the lack of one; none where that is not known.
fn word(setting: Option<&Setting>, parameter: Parameter) -> Option<String> {
    let is_payment = parameter == Parameter::PaymentMethod;
    let default = if is_payment { Slot::Sandbox } else { Slot::Production };
    let Some(setting) = setting else { return Some(default.word().to_owned()) };
    Some(setting.value.literal()?.trim().to_ascii_lowercase())
}

/// What is set at each website and store of an instance, by the highest layer.
fn scoped<'a>(
    inventory: &'a Inventory,
    instance: Option<&Instance>,
    parameter: Parameter,
) -> BTreeMap<&'a Scope, &'a Setting> {
    let mut scoped: BTreeMap<&Scope, &Setting> = BTreeMap::new();
    let reads = |setting: &&Setting| {
        instance.is_some_and(|instance| instance.reads(setting.at.source))
            && setting.parameter == parameter
            && setting.scope != Scope::Default
    };
    for setting in inventory.settings.iter().filter(reads) {
        let known = scoped.entry(&setting.scope).or_insert(setting);
        if known.carrier <= setting.carrier {
            *known = setting;
        }
    }
    scoped
}
