//! Which ciphertext of the tree opens with which `crypt/key` of the tree, and which names a key that there is not.
//!
//! Keys and ciphertext are read from their places, compared and dropped: the inventory gets the verdicts alone.

use crate::model::ciphertext::{Fit, Verdict};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::model::setting::SettingId;
use crate::model::setting::{Layer, Setting, Value};
use crate::recognise::ciphertext::{Ciphertext, Keys, Within};
use crate::sources::Sources;

/// How many `crypt/key`s of other instances are tried on a ciphertext.
const MOST_TRIED: usize = 256;

/// A `crypt/key` whose text is known.
struct Ring {
    id: SettingId,
    keys: Keys,
}

/// Tries the keys of the tree on its ciphertext.
#[must_use]
pub fn verdicts(sources: &Sources, inventory: &Inventory) -> Vec<Verdict> {
    let rings: Vec<Ring> = ids(inventory).filter_map(|id| ring(sources, inventory, id)).collect();
    if rings.is_empty() {
        return Vec::new();
    }
    let sealed = ids(inventory).filter_map(|id| match inventory.setting(id) {
        setting @ Setting { value: Value::Ciphertext { key_version }, .. } => {
            Some((id, setting, (*key_version)?))
        }
        _ => None,
    });
    let mut verdicts = Vec::new();
    for (id, setting, version) in sealed {
        verdicts.extend(opening(sources, inventory, &rings, (id, setting, version)));
        verdicts.extend(lack(inventory, &rings, (id, setting, version)));
    }
    verdicts
}

fn ids(inventory: &Inventory) -> impl Iterator<Item = SettingId> {
    (0..).map(SettingId).take(inventory.settings.len())
}

fn written<'a>(sources: &'a Sources, setting: &Setting) -> Option<&'a str> {
    Some(sources.get(setting.at.source)?.slice(setting.at.span))
}

fn ring(sources: &Sources, inventory: &Inventory, id: SettingId) -> Option<Ring> {
    let setting = inventory.setting(id);
    let Value::Secret(fingerprint) = setting.value else { return None };
    if setting.parameter != Parameter::CryptKey {
        return None;
    }
    Some(Ring { id, keys: Keys::read(written(sources, setting)?, fingerprint)? })
}

/// The instances that a setting is in force in.
fn users(inventory: &Inventory, id: SettingId) -> impl Iterator<Item = &Instance> {
    let parameter = inventory.setting(id).parameter;
    inventory.instances.iter().filter(move |instance| {
        instance.settings.get(&parameter).is_some_and(|resolved| resolved.winner == id)
    })
}

/// The `crypt/key` in force in an instance.
fn ring_of<'a>(rings: &'a [Ring], instance: &Instance) -> Option<&'a Ring> {
    let winner = instance.settings.get(&Parameter::CryptKey)?.winner;
    rings.iter().find(|ring| ring.id == winner)
}

/// What the first key that opens a secret says, those of its own instances first; or that the keys beside it do not.
fn opening(
    sources: &Sources,
    inventory: &Inventory,
    rings: &[Ring],
    (id, setting, version): (SettingId, &Setting, u32),
) -> Vec<Verdict> {
    let read = || written(sources, setting).and_then(Ciphertext::read);
    let Some(ciphertext) = setting.parameter.is_secret().then(read).flatten() else {
        return Vec::new();
    };
    let own = || users(inventory, id).filter_map(|instance| ring_of(rings, instance));
    if !ciphertext.can_be_tried() {
        let named = own().find(|ring| (version as usize) < ring.keys.count());
        return named
            .map(|ring| verdict(inventory, (id, ring.id), Fit::Names))
            .into_iter()
            .collect();
    }
    let tried = || own().chain(rings.iter().take(MOST_TRIED));
    let mut verdicts = Vec::new();
    if let Some((ring, within)) =
        tried().find_map(|ring| Some((ring, ring.keys.open(&ciphertext)?)))
    {
        let is_open = match &within {
            Within::Text => true,
            Within::Ciphertext(inner) => tried().any(|ring| ring.keys.open(inner).is_some()),
        };
        if matches!(within, Within::Ciphertext(_)) {
            verdicts.push(verdict(inventory, (id, ring.id), Fit::OpensToCiphertext));
        }
        verdicts.extend(is_open.then(|| verdict(inventory, (id, ring.id), Fit::Opens)));
    }
    // What is beside it in one file is of one installation; a variable is never decrypted.
    let beside = rings.iter().find(|ring| {
        let key = inventory.setting(ring.id);
        key.at.source == setting.at.source && setting.carrier == key.carrier
    });
    let fails = beside.filter(|ring| {
        (version as usize) < ring.keys.count() && ring.keys.open(&ciphertext).is_none()
    });
    verdicts.extend(fails.map(|ring| verdict(inventory, (id, ring.id), Fit::Fails)));
    verdicts
}

/// A key in force that does not have what a ciphertext in force names. Variables are never decrypted, so nothing is missing there.
fn lack(
    inventory: &Inventory,
    rings: &[Ring],
    (id, setting, version): (SettingId, &Setting, u32),
) -> Option<Verdict> {
    if setting.carrier.layer() == Layer::Variable {
        return None;
    }
    let lacks = |ring: &&Ring| ring.keys.count() <= version as usize;
    let ring = users(inventory, id).filter_map(|user| ring_of(rings, user)).find(lacks)?;
    let mut verdict =
        verdict(inventory, (id, ring.id), Fit::Lacks { version, keys: ring.keys.count() });
    verdict.instances = users(inventory, id)
        .filter(|user| ring_of(rings, user).is_some_and(|own| lacks(&own)))
        .map(|user| user.name.clone())
        .collect();
    Some(verdict)
}

fn verdict(inventory: &Inventory, (ciphertext, key): (SettingId, SettingId), fit: Fit) -> Verdict {
    let instances = users(inventory, ciphertext).map(|user| user.name.clone()).collect();
    Verdict { ciphertext, key, fit, instances }
}
