//! What a key that moves elsewhere is called there: one name for one key, and for no other.

use std::collections::BTreeMap;

use memchr::memmem;

use super::change::takers;
use crate::Outcome;
use crate::model::fingerprint::Fingerprint;
use crate::model::instance::UNNAMED;
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};

/// The names of a tree's keys.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<(Parameter, Fingerprint), String>);

impl Names {
    /// Gives each private key at a setting a name: that of its parameter; behind that of its instance, where the tree has several keys for that
    /// parameter or says the name already. A key for which neither tells it from all others has none.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let inventory = &outcome.inventory;
        let mut users: BTreeMap<(Parameter, Fingerprint), Vec<String>> = BTreeMap::new();
        for (setting, name) in inventory.settings.iter().filter_map(key) {
            let users = users.entry((setting.parameter, name)).or_default();
            users.extend(takers(outcome, setting.at).into_iter().map(|of| of.name.clone()));
        }
        let mut names: BTreeMap<(Parameter, Fingerprint), String> = BTreeMap::new();
        for ((parameter, key), mut takers) in users.clone() {
            let own = word(parameter.name());
            let is_alone = users.keys().filter(|(other, _)| *other == parameter).count() == 1;
            takers.sort();
            takers.dedup();
            let of_instance = match takers.as_slice() {
                [taker] if taker != UNNAMED => Some(format!("{}_{own}", word(taker))),
                _ => None,
            };
            let plain = is_alone.then_some(own);
            let mut free = plain.into_iter().chain(of_instance);
            let is_taken = |name: &String| names.values().any(|other| other == name);
            if let Some(name) = free.find(|name| !is_taken(name) && !is_said(outcome, name)) {
                names.insert((parameter, key), name);
            }
        }
        Self(names)
    }

    /// The name of a setting's key.
    #[must_use]
    pub fn name(&self, setting: &Setting) -> Option<&str> {
        let (setting, name) = key(setting)?;
        self.0.get(&(setting.parameter, name)).map(String::as_str)
    }
}

fn key(setting: &Setting) -> Option<(&Setting, Fingerprint)> {
    let is_meant = setting.parameter.is_private_key() && !is_guess(setting.parameter);
    match &setting.value {
        Value::Secret(name, _) if is_meant => Some((setting, *name)),
        _ => None,
    }
}

fn is_guess(parameter: Parameter) -> bool {
    matches!(parameter, Parameter::Misspelt(_) | Parameter::Watched(_))
}

/// A text as the name of a variable.
fn word(text: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let word: String = text.chars().map(letter).collect::<String>().to_ascii_uppercase();
    if word.starts_with(|first: char| first.is_ascii_digit()) { format!("_{word}") } else { word }
}

/// Whether a text of the tree says a name.
fn is_said(outcome: &Outcome, name: &str) -> bool {
    let belongs =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let mut texts = outcome.sources.paths().filter_map(|(id, _)| outcome.sources.get(id));
    texts.any(|source| {
        let bytes = source.text().as_bytes();
        memmem::find_iter(bytes, name.as_bytes()).any(|at| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            !belongs(before) && !belongs(bytes.get(at + name.len()))
        })
    })
}
