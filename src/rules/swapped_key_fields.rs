//! See `rules/swapped-key-fields.md`.

use super::places::in_force;
use super::remedy::in_public_field;
use super::wording::names;
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::places::Places;
use crate::model::setting::{Public, SecretKind, Setting, Value};
use crate::rule::{Check, Context, Finding};

/// A value in the field of another: a private key where an api key belongs, or what is public where the private key does.
pub struct SwappedKeyFields;

impl Check for SwappedKeyFields {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let all: Vec<&Instance> = cx.now.instances.iter().collect();
        let keys = cx.now.secrets.iter().filter(|secret| secret.kind == SecretKind::PrivateKey);
        let keys: Places = keys.map(|secret| secret.at).collect();
        let is_key = |setting: &Setting| setting.value.is_hidden() && keys.overlap(setting.at);
        for private in Parameter::all().map(|(_, known)| known).filter(|one| one.is_private_key()) {
            let public = match private {
                Parameter::PrivateKey(slot) => Some(Parameter::ApiKey(slot)),
                Parameter::ReadOnlyPrivateKey => Some(Parameter::ReadOnlyApiKey),
                _ => None,
            };
            let public_of = |user: &Instance| cx.now.in_force(user, public?);
            let uses = public.map(|public| in_force(cx, &all, public)).unwrap_or_default();
            for (setting, users) in uses.iter().filter(|(setting, _)| is_key(setting)) {
                let other = users.iter().find_map(|user| cx.now.in_force(user, private));
                findings.push(key_in_public_field(setting, users, (private, other)));
            }
            for (setting, mut users) in in_force(cx, &all, private) {
                let Value::Public(what) = setting.value else { continue };
                // The finding of the other field has this one as a label.
                users.retain(|user| !public_of(user).is_some_and(is_key));
                if !users.is_empty() {
                    findings.push(public_in_private_field((setting, what), &users, public));
                }
            }
        }
    }
}

fn key_in_public_field(
    setting: &Setting,
    users: &[&Instance],
    (private, other): (Parameter, Option<&Setting>),
) -> Finding {
    let (name, of) = (setting.parameter.name(), names(users));
    let finding = Finding::new(setting.at, format!("`{name}` of {of} is a private key"));
    let finding = finding.label("the field of the api key").help(in_public_field(private));
    let finding = match other.filter(|other| matches!(other.value, Value::Public(_))) {
        Some(other) => finding.see(other.at, "its own field"),
        None => finding,
    };
    finding.of(users.iter().map(|user| user.name.clone()))
}

fn public_in_private_field(
    (setting, what): (&Setting, Public),
    users: &[&Instance],
    public: Option<Parameter>,
) -> Finding {
    let (name, of) = (setting.parameter.name(), names(users));
    let own = public.map(|public| format!("; an api key belongs to `{}`", public.path()));
    let help = format!(
        "hand the private key, from `-----BEGIN PRIVATE KEY-----` on, to `{}` through a secret store or an environment variable{}",
        setting.parameter.path(),
        own.unwrap_or_default(),
    );
    let finding = Finding::new(setting.at, format!("`{name}` of {of} is {}", what.words()));
    let finding = finding.label("the field of the private key").help(help);
    finding.of(users.iter().map(|user| user.name.clone()))
}
