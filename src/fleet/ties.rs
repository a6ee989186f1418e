//! What a run on one repository says that connects it with others.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::model::instance::Kind;
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::model::setting::{SecretKind, Value};
use crate::report::html::fleet::{Repository, Tie, Use};
use crate::rule::Severity;

/// A repository with what others may have, too.
pub fn repository(outcome: &Outcome) -> Repository {
    let count = |severity| {
        let found = outcome.diagnostics.iter();
        found.filter(|found| found.severity == severity).count()
    };
    let ties: BTreeSet<(Tie, Use)> = ties(&outcome.inventory).collect();
    Repository {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        ties: ties.into_iter().collect(),
        ..Repository::default()
    }
}

fn ties(inventory: &Inventory) -> impl Iterator<Item = (Tie, Use)> {
    let of_instances = inventory.instances.iter().flat_map(move |instance| {
        let user = Use { instance: instance.name.clone(), kind: instance.kind.value };
        let spaces = inventory.data_spaces(instance).map(|space| Tie::DataSpace(space.id));
        let keys = instance.settings.iter().filter_map(move |(parameter, found)| {
            let is_key =
                matches!(parameter, Parameter::PrivateKey(_) | Parameter::ReadOnlyPrivateKey);
            match &inventory.setting(found.winner).value {
                Value::Secret(name, _) if is_key && !name.is_guessable() => {
                    Some(Tie::PrivateKey(name.to_string()))
                }
                _ => None,
            }
        });
        spaces.chain(keys).map(move |tie| (tie, user.clone()))
    });
    let known = |at| inventory.settings.iter().any(|setting| setting.at.overlaps(at));
    let others = inventory.secrets.iter().filter(move |secret| {
        let is_key = secret.kind == SecretKind::PrivateKey && !secret.fingerprint.is_guessable();
        is_key && !known(secret.at)
    });
    let in_files = others.map(|secret| {
        let user = Use { instance: String::new(), kind: Kind::Unknown };
        (Tie::PrivateKey(secret.fingerprint.to_string()), user)
    });
    of_instances.chain(in_files)
}
