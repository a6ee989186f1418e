//! See `rules/plaintext-client-secret.md`.

use std::collections::BTreeSet;

use crate::model::parameter::Parameter;
use crate::model::places::Places;
use crate::model::setting::{SecretKind, Setting, Value};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// A secret that is no private key, as it is, at a setting.
pub struct PlaintextClientSecret;

impl Check for PlaintextClientSecret {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        let given = || cx.now.commands.iter().flat_map(|command| &command.settings);
        let arguments: BTreeSet<Location> = given().map(|setting| setting.at).collect();
        let keys = cx.now.secrets.iter().filter(|key| key.kind != SecretKind::ClientSecret);
        let keys: Places = keys.map(|key| key.at).collect();
        // What a branch of a script sets is in force for certain nowhere, and in plaintext all the same.
        for (setting, at) in cx.now.settings.iter().chain(given()).flat_map(plain) {
            let Some(what) = what(setting) else { continue };
            // A private key that was put here by mistake is another rule's matter.
            if keys.overlap(at) || !seen.insert(at) {
                continue;
            }
            let shown = if arguments.contains(&at) {
                "; as an argument it is shown by `ps` and logs, too"
            } else {
                ""
            };
            let help = format!(
                "replace {what} where it was issued, then hand the new one to `{}` through a secret store or an environment variable; \
                 deleting it here is not enough once it was committed{shown}",
                setting.parameter.path()
            );
            let finding = Finding::new(at, format!("{what} in plaintext"))
                .label("readable by all who see this file")
                .help(help)
                .of(cx.now.readers(at));
            findings.push(finding);
        }
        let seen: Places = seen.into_iter().collect();
        for secret in cx.now.secrets.iter().filter(|secret| secret.kind == SecretKind::ClientSecret)
        {
            if seen.overlap(secret.at) {
                continue;
            }
            let finding = Finding::new(secret.at, format!("{} in plaintext", secret.form))
                .label("readable by all who see this file")
                .help(
                    "add a new secret to the project in the Developer Console and delete this one there, then pass the new one through a secret store; \
                     deleting it here is not enough once it was committed",
                )
                .of(cx.now.readers(secret.at));
            findings.push(finding);
        }
    }
}

/// Where a secret stands as it is, on any path of the code that decides.
fn plain(setting: &Setting) -> impl Iterator<Item = (&Setting, Location)> {
    let plain = setting.possible().filter(|(value, _)| matches!(value, Value::Secret(..)));
    plain.map(move |(_, at)| (setting, at))
}

fn what(setting: &Setting) -> Option<&'static str> {
    match setting.parameter {
        Parameter::ImsClientSecret => Some("the client secret of the IMS technical account"),
        Parameter::ExporterClientSecret => {
            Some("the client secret of the Commerce Optimizer exporter")
        }
        Parameter::MerchantGatewayKey => Some("the merchant gateway key"),
        Parameter::Credential(credential) => Some(credential.what()),
        Parameter::EventWorkspace => Some("the workspace of I/O Events, with its client secret,"),
        _ => None,
    }
}
