//! See `rules/malformed-private-key.md`.

use super::places::in_force;
use super::wording::names;
use crate::model::instance::Instance;
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::Value;
use crate::rule::{Check, Context, Finding};

/// A private key that Magento cannot sign with.
pub struct MalformedPrivateKey;

impl Check for MalformedPrivateKey {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let all: Vec<&Instance> = cx.now.instances.iter().collect();
        let slots = Slot::ALL.into_iter().map(Parameter::PrivateKey);
        for parameter in slots.chain([Parameter::ReadOnlyPrivateKey]) {
            for (setting, users) in in_force(cx, &all, parameter) {
                let Value::Secret(_, Some(flaw)) = setting.value else { continue };
                // Where the key is told to be in plaintext, it is told there.
                let key =
                    cx.now.secrets.iter().map(|secret| secret.at).find(|at| {
                        at.source == setting.at.source && at.span.overlaps(setting.at.span)
                    });
                let (name, of) = (parameter.name(), names(&users));
                let finding = Finding::new(
                    key.unwrap_or(setting.at),
                    format!("`{name}` of {of} is {}", flaw.words()),
                );
                findings.push(
                    finding
                        .label(flaw.label())
                        .help(
                            "give Magento the key as Adobe issues it: PKCS#8, from `-----BEGIN PRIVATE KEY-----` to its end, with its line breaks; \
                             with anything else it cannot sign, and Adobe's services refuse the instance",
                        )
                        .of(users.iter().map(|user| user.name.clone())),
                );
            }
        }
    }
}
