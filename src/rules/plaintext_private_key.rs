//! See `rules/plaintext-private-key.md`.

use super::remedy;
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
            let message = message(secret);
            let message = remedy::misplaced(setting)
                .map_or_else(|| message.clone(), |place| format!("{message}, {place}"));
            let finding = Finding::new(secret.at, message).label(label);
            let finding = match remedy::swapped(cx, secret.at, setting) {
                Some(other) => finding.see(other.at, "its own field"),
                None => finding,
            };
            findings.push(finding.help(remedy::of(setting)).of(cx.now.readers(secret.at)));
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
