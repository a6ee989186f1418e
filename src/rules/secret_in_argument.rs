//! See `rules/secret-in-argument.md`.

use crate::model::command::Verb;
use crate::model::places::Places;
use crate::model::setting::{Setting, Value};
use crate::rule::{Check, Context, Finding};

/// A secret as a literal argument of a command.
pub struct SecretInArgument;

impl Check for SecretInArgument {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let keys: Places = cx.now.secrets.iter().map(|key| key.at).collect();
        // What stands in plaintext is reported as such, wherever it stands.
        let is_reported = |setting: &Setting| {
            setting.parameter.is_client_secret() && matches!(setting.value, Value::Secret(..))
                || keys.overlap(setting.at)
        };
        for command in &cx.now.commands {
            let secrets = command.settings.iter().filter(|setting| {
                setting.parameter.is_secret()
                    && matches!(setting.value, Value::Secret(..) | Value::Ciphertext { .. })
            });
            for setting in secrets.filter(|setting| !is_reported(setting)) {
                let what = if command.verb == Verb::Pass { "passed with" } else { "given to" };
                let message = format!(
                    "the secret `{}` is {what} `{}` as an argument",
                    setting.parameter.name(),
                    command.name
                );
                let finding = Finding::new(setting.at, message)
                    .label("shown by `ps` and logs")
                    .help(
                        "take the value from a variable that a secret store fills, and replace it at its source: \
                         once committed it is no longer secret",
                    )
                    .of(cx.now.readers(setting.at));
                findings.push(finding);
            }
        }
    }
}
