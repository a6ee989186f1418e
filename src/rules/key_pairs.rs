//! Key pairs: which halves there are, and who uses them.

use std::collections::BTreeSet;

use super::places::known;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Value;
use crate::rule::Context;

/// A half of a pair, of an account or an installation.
pub type Half<'a> = (&'a str, Parameter);

/// Whether an instance's services are reached with key pairs: with an IMS technical account they are not used.
#[must_use]
pub fn uses_key_pairs(cx: &Context<'_>, instance: &Instance) -> bool {
    let credentials = cx.now.literal(instance, Parameter::CredentialsType);
    credentials.is_none_or(|text| text.trim() != "IMS_Tech_Acct")
}

/// What a half of a pair is; none for what is not known, and for a private key in the field of an api key, which is a fault of its own.
#[must_use]
pub fn value_of(half: Parameter, value: &Value) -> Option<String> {
    known(value).filter(|_| !is_astray(half, value))
}

/// Whether a value is a half of a pair.
#[must_use]
pub fn is_half(half: Parameter, value: &Value) -> bool {
    value.is_real() && !is_astray(half, value)
}

fn is_astray(half: Parameter, value: &Value) -> bool {
    matches!(half, Parameter::ApiKey(_)) && value.is_hidden()
}

/// The halves that instances of each account have in this tree.
#[must_use]
pub fn shown<'a>(cx: &Context<'a>) -> BTreeSet<Half<'a>> {
    let halves = cx.now.instances.iter().flat_map(|instance| {
        let present = instance
            .settings
            .iter()
            .filter(|(_, found)| cx.now.setting(found.winner).value.is_present());
        present.map(|(parameter, _)| (instance.account.value.as_str(), *parameter))
    });
    halves.collect()
}

/// The halves that installations have, or may have, under any of their names.
#[must_use]
pub fn elsewhere<'a>(cx: &Context<'a>) -> BTreeSet<Half<'a>> {
    let halves = Slot::ALL
        .into_iter()
        .flat_map(|slot| [Parameter::ApiKey(slot), Parameter::PrivateKey(slot)]);
    let halves: Vec<Parameter> = halves.collect();
    let has = |instance: &Instance, half: Parameter| {
        let setting = cx.now.in_force(instance, half);
        !instance.opaque.is_empty() || setting.is_some_and(|setting| setting.value.is_present())
    };
    let of = |instance: &'a Instance| {
        let had: Vec<Parameter> =
            halves.iter().copied().filter(|&half| has(instance, half)).collect();
        had.into_iter().map(|half| (instance.same_as.as_str(), half))
    };
    cx.now.instances.iter().flat_map(of).collect()
}
