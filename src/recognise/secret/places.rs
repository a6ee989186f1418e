//! Where the private keys of a file stand: in its text, in what it packs, and at settings that alone tell them from other base64.

use super::{Encoding, KeyMaterial, find, key_of, public};
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Secret, SecretKind, Setting, Value};
use crate::recognise::{Contribution, written};
use crate::source::{Location, Source, SourceId};

/// Finds the private keys in a file's text.
#[must_use]
pub fn in_text(source: &Source, id: SourceId) -> Vec<Secret> {
    let found = find(source.text());
    found.iter().map(|key| secret_at(Location { source: id, span: key.span }, key)).collect()
}

fn secret_at(at: Location, key: &KeyMaterial) -> Secret {
    Secret {
        at,
        kind: if key.is_key() { SecretKind::PrivateKey } else { SecretKind::ClientSecret },
        form: key.form.to_string(),
        damage: key.damage.map(|damage| damage.to_string()),
        encoding: (key.encoding != Encoding::Plain).then(|| key.encoding.to_string()),
        encrypted: key.encrypted,
        fingerprint: key.fingerprint,
    }
}

/// The private key that a whole file is, in bytes that no text has lines for.
#[must_use]
pub fn in_bytes(bytes: &[u8], id: SourceId) -> Option<Secret> {
    super::of_bytes(bytes).map(|key| secret_at(Location::new(id, 0, 0), &key))
}

/// Says of a key that its file is compressed.
pub fn pack(secret: &mut Secret) {
    let inner = secret.encoding.take().filter(|inner| inner.contains("base64"));
    let gzip = || "gzip".to_owned();
    secret.encoding = Some(inner.map_or_else(gzip, |inner| format!("{inner} within gzip")));
}

/// Finds the private keys that stand at settings and nowhere else could be told from other text: base64 alone, or whatever else stands in the
/// place of a private key. Those in `found` are not repeated.
#[must_use]
pub fn at_settings(
    source: &Source,
    contributions: &[Contribution],
    found: &[Secret],
) -> Vec<Secret> {
    let settings = contributions.iter().flat_map(|contribution| &contribution.settings);
    let mut keys: Vec<Secret> = Vec::new();
    let settings = settings.filter(|setting| setting.parameter != Parameter::CryptKey);
    for (setting, value, place) in
        settings.flat_map(|setting| setting.possible().map(move |(value, at)| (setting, value, at)))
    {
        let Value::Secret(fingerprint, _) = *value else { continue };
        let at = unquoted(source, place);
        if found.iter().chain(&keys).any(|known| known.at.span.overlaps(at.span)) {
            continue;
        }
        let readings = written::readings(source.slice(place.span));
        let key = readings
            .iter()
            .filter_map(|text| key_of(text))
            .find(|key| key.fingerprint == fingerprint);
        match key {
            Some(key) => keys.push(secret_at(at, &key)),
            None => keys.extend(text_at(setting, at, &readings, fingerprint)),
        }
    }
    keys
}

/// A text in the place of a private key. What anybody may see was put into the wrong field, and is no secret.
fn text_at(
    setting: &Setting,
    at: Location,
    readings: &[String],
    fingerprint: Fingerprint,
) -> Option<Secret> {
    let is_open = readings.iter().any(|text| public(text).is_some());
    let holds_words = readings.iter().any(|text| text.contains("PRIVATE KEY"));
    let form =
        if holds_words { "damaged private key" } else { "text in the place of a private key" };
    (setting.parameter.is_private_key() && !is_open).then(|| Secret {
        at,
        kind: SecretKind::Text,
        form: form.to_owned(),
        damage: None,
        encoding: None,
        encrypted: false,
        fingerprint,
    })
}

fn unquoted(source: &Source, at: Location) -> Location {
    let written = source.slice(at.span);
    let is_quoted =
        |quote| written.len() > 1 && written.starts_with(quote) && written.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') {
        let span = at.span.range();
        return Location::new(at.source, span.start + 1, span.end - 1);
    }
    at
}
