//! What of a value programs may be told: its text, its name, or neither.

use std::collections::BTreeMap;

use crate::mask;
use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::model::public;
use crate::model::setting::{Secret, SecretKind, Setting, Value};
use crate::model::uuid::fold_uuid;
use crate::source::Location;

/// Whether a parameter takes the id of a data space or of a project.
fn takes_id(parameter: Parameter) -> bool {
    use Parameter::{AlternateDataSpace, DataSpace, Project, ReadOnlyDataSpace};
    matches!(parameter, AlternateDataSpace | DataSpace | Project | ReadOnlyDataSpace)
}

/// Whether a parameter takes the public half of a key pair.
fn takes_api_key(parameter: Parameter) -> bool {
    matches!(parameter, Parameter::ApiKey(_) | Parameter::ReadOnlyApiKey)
}

/// A literal in the clear: the id of a data space or a project in its one spelling, or a word of Adobe's lists.
#[must_use]
pub fn text(setting: &Setting) -> Option<String> {
    let text = setting.value.literal()?.trim();
    if takes_id(setting.parameter) {
        return fold_uuid(text);
    }
    let word = text.to_ascii_lowercase();
    (public::WORDS.contains(&word.as_str()) || word == "non-production").then_some(word)
}

/// A literal as people may be shown it.
#[must_use]
pub fn literal(parameter: Parameter, text: &str) -> String {
    let known = text.trim();
    let shown = |shown: String| mask::text(&text.replacen(known, &shown, 1));
    public::shown(parameter, known).map_or_else(|shape| shape, shown)
}

/// What the value of a setting is called: of a key, or of a text that stands where no secret belongs and looks like none.
#[must_use]
pub fn of_setting(setting: &Setting) -> Option<Fingerprint> {
    let parameter = setting.parameter;
    let is_password = parameter.is_client_secret() || parameter == Parameter::CryptKey;
    match &setting.value {
        Value::Secret(name, _) => Some(*name).filter(|_| !is_password),
        Value::Literal(text) => {
            let text = text.trim();
            let is_plain = match parameter {
                Parameter::Watched(_) | Parameter::Misspelt(_) => false,
                _ if takes_api_key(parameter) => public::is_api_key(text),
                _ => self::text(setting).is_some(),
            };
            setting.fingerprint().filter(|_| is_plain && !parameter.is_secret())
        }
        _ => None,
    }
}

/// The names that programs may be told, by the places of the values: of what could be guessed there is none.
#[must_use]
pub fn names(inventory: &Inventory) -> BTreeMap<Location, Fingerprint> {
    let mut names = inventory.fingerprints();
    let given = inventory.commands.iter().flat_map(|command| &command.settings);
    for setting in inventory.settings.iter().chain(given) {
        if setting.value.literal().is_some() && of_setting(setting).is_none() {
            names.remove(&setting.at);
        }
    }
    names
}

/// The api key that a storefront shows, named as settings are.
#[must_use]
pub fn of_api_key(text: &str) -> Fingerprint {
    Fingerprint::of("api key", text.as_bytes())
}

/// The tenant of a Commerce Optimizer that a storefront shows, named as settings are.
#[must_use]
pub fn of_tenant(text: &str) -> Fingerprint {
    Fingerprint::of("value", text.as_bytes())
}

/// What a secret is called: a private key and nothing less.
#[must_use]
pub fn of_secret(secret: &Secret) -> Option<Fingerprint> {
    (secret.kind == SecretKind::PrivateKey).then_some(secret.fingerprint)
}

/// The word for what a secret is.
#[must_use]
pub fn kind_of(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::PrivateKey => "private-key",
        SecretKind::Text => "text",
        SecretKind::ClientSecret => "client-secret",
    }
}
