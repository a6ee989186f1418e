//! Which ciphertext of the tree opens with which `crypt/key` of the tree, and which names a key that there is not.
//!
//! Keys and ciphertext are read from their places, compared and dropped: the inventory gets the verdicts alone.

use std::collections::BTreeMap;

use crate::model::ciphertext::{Fit, Verdict};
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::model::setting::SettingId;
use crate::model::setting::{Carrier, Layer, Setting, Value};
use crate::recognise::ciphertext::{Ciphertext, Keys, Within};
use crate::source::SourceId;
use crate::sources::Sources;

/// How many `crypt/key`s of other instances are tried on a ciphertext.
const MOST_TRIED: usize = 256;

/// A `crypt/key` whose text is known.
struct Ring {
    id: SettingId,
    keys: Keys,
}

/// The keys of a tree in order of its settings, and who uses what.
struct Keyring<'a> {
    rings: Vec<Ring>,
    /// By setting.
    places: BTreeMap<SettingId, usize>,
    /// The first of each file and carrier.
    beside: BTreeMap<(SourceId, Carrier), usize>,
    /// The instances that a setting is in force in.
    users: BTreeMap<SettingId, Vec<&'a Instance>>,
}

impl<'a> Keyring<'a> {
    fn of(sources: &Sources, inventory: &'a Inventory) -> Self {
        let rings: Vec<Ring> =
            ids(inventory).filter_map(|id| ring(sources, inventory, id)).collect();
        let places = rings.iter().map(|ring| ring.id).zip(0..).collect();
        let of_file = |ring: &Ring| {
            let key = inventory.setting(ring.id);
            (key.at.source, key.carrier)
        };
        let beside = rings.iter().enumerate().rev().map(|(at, ring)| (of_file(ring), at)).collect();
        let mut users: BTreeMap<SettingId, Vec<&Instance>> = BTreeMap::new();
        for instance in inventory.instances.iter().filter(|_| !rings.is_empty()) {
            for resolved in instance.settings.values() {
                users.entry(resolved.winner).or_default().push(instance);
            }
        }
        Self { rings, places, beside, users }
    }

    /// The instances that a setting is in force in.
    fn users(&self, id: SettingId) -> &[&'a Instance] {
        self.users.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The `crypt/key` in force in an instance.
    fn of_instance(&self, instance: &Instance) -> Option<&Ring> {
        let winner = instance.settings.get(&Parameter::CryptKey)?.winner;
        self.rings.get(*self.places.get(&winner)?)
    }

    /// The first `crypt/key` in the file of a setting that is written in the same way.
    fn beside(&self, setting: &Setting) -> Option<&Ring> {
        self.rings.get(*self.beside.get(&(setting.at.source, setting.carrier))?)
    }
}

/// Tries the keys of the tree on its ciphertext.
#[must_use]
pub fn verdicts(sources: &Sources, inventory: &Inventory) -> Vec<Verdict> {
    let keyring = Keyring::of(sources, inventory);
    if keyring.rings.is_empty() {
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
        verdicts.extend(opening(sources, &keyring, (id, setting, version)));
        verdicts.extend(lack(&keyring, (id, setting, version)));
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
    let Value::Secret(fingerprint, _) = setting.value else { return None };
    if setting.parameter != Parameter::CryptKey {
        return None;
    }
    Some(Ring { id, keys: Keys::read(written(sources, setting)?, fingerprint)? })
}

/// What the first key that opens a secret says, those of its own instances first; or that the keys beside it do not.
fn opening(
    sources: &Sources,
    keyring: &Keyring<'_>,
    (id, setting, version): (SettingId, &Setting, u32),
) -> Vec<Verdict> {
    let read = || written(sources, setting).and_then(Ciphertext::read);
    let Some(ciphertext) = setting.parameter.is_secret().then(read).flatten() else {
        return Vec::new();
    };
    let own = || keyring.users(id).iter().filter_map(|instance| keyring.of_instance(instance));
    if !ciphertext.can_be_tried() {
        let named = own().find(|ring| (version as usize) < ring.keys.count());
        return named.map(|ring| verdict(keyring, (id, ring.id), Fit::Names)).into_iter().collect();
    }
    let tried = || own().chain(keyring.rings.iter().take(MOST_TRIED));
    let mut verdicts = Vec::new();
    if let Some((ring, within)) =
        tried().find_map(|ring| Some((ring, ring.keys.open(&ciphertext)?)))
    {
        let is_open = match &within {
            Within::Text => true,
            Within::Ciphertext(inner) => tried().any(|ring| ring.keys.open(inner).is_some()),
        };
        if matches!(within, Within::Ciphertext(_)) {
            verdicts.push(verdict(keyring, (id, ring.id), Fit::OpensToCiphertext));
        }
        verdicts.extend(is_open.then(|| verdict(keyring, (id, ring.id), Fit::Opens)));
    }
    // What is beside it in one file is of one installation; a variable is never decrypted.
    let fails = keyring.beside(setting).filter(|ring| {
        (version as usize) < ring.keys.count() && ring.keys.open(&ciphertext).is_none()
    });
    verdicts.extend(fails.map(|ring| verdict(keyring, (id, ring.id), Fit::Fails)));
    verdicts
}

/// A key in force that does not have what a ciphertext in force names. Variables are never decrypted, so nothing is missing there.
fn lack(
    keyring: &Keyring<'_>,
    (id, setting, version): (SettingId, &Setting, u32),
) -> Option<Verdict> {
    if setting.carrier.layer() == Layer::Variable {
        return None;
    }
    let lacks = |ring: &&Ring| ring.keys.count() <= version as usize;
    let users = || keyring.users(id).iter();
    let ring = users().filter_map(|user| keyring.of_instance(user)).find(lacks)?;
    let mut verdict =
        verdict(keyring, (id, ring.id), Fit::Lacks { version, keys: ring.keys.count() });
    verdict.instances = users()
        .filter(|user| keyring.of_instance(user).is_some_and(|own| lacks(&own)))
        .map(|user| user.name.clone())
        .collect();
    Some(verdict)
}

fn verdict(keyring: &Keyring<'_>, (ciphertext, key): (SettingId, SettingId), fit: Fit) -> Verdict {
    let instances = keyring.users(ciphertext).iter().map(|user| user.name.clone()).collect();
    Verdict { ciphertext, key, fit, instances }
}
