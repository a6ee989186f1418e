//! What parts give: the values of their settings, and whether these differ.

use std::collections::{BTreeMap, BTreeSet};

use super::piece::Piece;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting};

/// The known values that parts give, each with its setting and the environment it is for.
pub fn values(
    pieces: &[Piece],
    parts: &[usize],
) -> BTreeMap<(Option<String>, Parameter), Fingerprint> {
    let of_piece = |piece: &Piece| {
        let environment = piece.claim.identity().environment;
        let known = piece.contribution.settings.iter().filter(|setting| is_of_one(setting));
        let known: Vec<_> = known
            .filter_map(|setting| {
                Some(((environment.clone(), setting.parameter), setting.fingerprint()?))
            })
            .collect();
        known
    };
    parts.iter().filter_map(|part| pieces.get(*part)).flat_map(of_piece).collect()
}

/// Whether the parts of two variants give one setting different values.
pub fn differ(pieces: &[Piece], two: &[&Vec<usize>]) -> bool {
    let [one, other] = two else { return false };
    let (one, other) = (values(pieces, one), values(pieces, other));
    one.iter().any(|(key, value)| other.get(key).is_some_and(|other| other != value))
}

/// Whether any two variants give one setting different values.
pub fn values_vary(pieces: &[Piece], variants: &[(Vec<String>, Vec<usize>)]) -> bool {
    let mut known: BTreeMap<_, Fingerprint> = BTreeMap::new();
    let mut given = variants.iter().flat_map(|(_, parts)| values(pieces, parts));
    given.any(|(key, value)| *known.entry(key).or_insert(value) != value)
}

/// The variants that give a setting which others give too, and each of these another value: whatever they are called, they are no part of one.
pub fn standing_alone(pieces: &[Piece], variants: &[(Vec<String>, Vec<usize>)]) -> BTreeSet<usize> {
    let mut givers: BTreeMap<_, BTreeMap<Fingerprint, Vec<usize>>> = BTreeMap::new();
    for (at, (_, parts)) in variants.iter().enumerate() {
        for (key, value) in values(pieces, parts) {
            givers.entry(key).or_default().entry(value).or_default().push(at);
        }
    }
    let several = givers.into_values().filter(|values| values.len() > 1);
    let only = |at: Vec<usize>| match at.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    several.flat_map(BTreeMap::into_values).filter_map(only).collect()
}

/// Whether every setting of these parts stands at one place alone.
pub fn is_written_once(pieces: &[Piece], parts: impl Iterator<Item = usize>) -> bool {
    let mut places = BTreeMap::new();
    let settings = parts.filter_map(|part| pieces.get(part));
    let mut settings = settings.flat_map(|piece| &piece.contribution.settings);
    settings.all(|setting| *places.entry(setting.parameter).or_insert(setting.at) == setting.at)
}

/// Whether two variants give one setting: files about different things are no sign of two instances.
pub fn overlap<'v>(pieces: &[Piece], variants: impl Iterator<Item = &'v Vec<usize>>) -> bool {
    let mut given: BTreeSet<Parameter> = BTreeSet::new();
    for parts in variants {
        let of_part = |part: &usize| pieces.get(*part).map(|piece| &piece.contribution.settings);
        let own: BTreeSet<Parameter> = parts
            .iter()
            .filter_map(of_part)
            .flatten()
            .filter(|setting| is_of_one(setting))
            .map(|setting| setting.parameter)
            .collect();
        if own.iter().any(|parameter| given.contains(parameter)) {
            return true;
        }
        given.extend(own);
    }
    false
}

/// Whether an installation has one of what is set.
pub fn is_of_one(setting: &Setting) -> bool {
    setting.scope == Scope::Default
        && !matches!(
            setting.parameter,
            Parameter::CryptKey
                | Parameter::Module(_)
                | Parameter::Watched(_)
                | Parameter::Misspelt(_)
        )
}
