//! See `rules/plaintext-private-key.md`.

use crate::model::parameter::Parameter;
use crate::model::setting::{Secret, SecretKind, Setting, Value};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;

/// A private key that anybody who can read the file can use.
pub struct PlaintextPrivateKey;

impl Check for PlaintextPrivateKey {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for secret in &cx.now.secrets {
            if secret.kind == SecretKind::ClientSecret || secret.encrypted {
                continue;
            }
            let setting = setting(cx, secret.at);
            let label = match setting.map(|setting| &setting.value) {
                Some(Value::Secret(_, Some(flaw))) => format!("malformed: {}", flaw.label()),
                _ => "readable by all who see this file".to_owned(),
            };
            let finding = Finding::new(secret.at, message(secret)).label(label);
            findings.push(finding.help(help(setting)).of(cx.now.readers(secret.at)));
        }
    }
}

fn message(secret: &Secret) -> String {
    let form = match &secret.damage {
        Some(damage) => format!("{} {damage}", secret.form),
        None => secret.form.clone(),
    };
    let useless = "nothing can use it as it stands, and it is readable all the same";
    let form = match &secret.encoding {
        None if secret.kind == SecretKind::Text || secret.damage.is_some() => {
            return format!("{form}, in plaintext: {useless}");
        }
        None => return format!("{form} in plaintext"),
        Some(encoding) if encoding.ends_with("gzip") => {
            return format!(
                "{form} in plaintext somewhere in this file: {encoding} is not encryption"
            );
        }
        Some(_) => form,
    };
    let encoding = secret.encoding.as_deref().unwrap_or_default();
    if encoding.contains("base64") || encoding.contains("hex") {
        let verb = if encoding.ends_with("digits") { "are" } else { "is" };
        return format!("{form} in plaintext: {encoding} {verb} not encryption");
    }
    format!("{form} in plaintext, written as {encoding}")
}

/// The setting that a key stands at, if it stands at one.
fn setting<'a>(cx: &Context<'a>, at: Location) -> Option<&'a Setting> {
    let holds = |of: &&Setting| of.possible().any(|(_, place)| place.overlaps(at));
    let given = cx.now.commands.iter().flat_map(|command| &command.settings);
    cx.now.settings.iter().chain(given).find(holds)
}

/// What to do depends on what the key is for, as far as the tree says that.
fn help(setting: Option<&Setting>) -> String {
    let what = match setting.map(|found| found.parameter) {
        Some(Parameter::PrivateKey(_)) => {
            "regenerate the key pair in your Adobe account, since whoever has this one can act as your shop"
        }
        Some(Parameter::ReadOnlyPrivateKey) => {
            "regenerate the key pair of the search module's account, since whoever has this one can read what it reads"
        }
        Some(Parameter::ImsPrivateKey) => {
            "replace the key in Adobe's developer console, since whoever has this one can act as the Admin's login"
        }
        _ => {
            "replace the key wherever it is trusted, since whoever has this one can act as its owner"
        }
    };
    format!(
        "{what}, then pass the new key through a secret store or an environment variable; deleting it here is not enough once it was committed"
    )
}
