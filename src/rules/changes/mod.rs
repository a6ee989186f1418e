//! What checks of a change share: what an instance ended up with and ends up with, and where.
//!
//! What instances end up with is compared, not lines: a value that moves to another file or layer has not changed. Only what is known on
//! both sides can have changed: a reference or ciphertext says nothing of its content, and what is set for the first time was nothing.

mod folding;
pub(crate) mod keys;
pub(crate) mod pairs;
pub(crate) mod slots;
pub(crate) mod told;
pub(crate) mod undone;

use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, SettingId, Value};
use crate::rule::Context;
use crate::source::{Location, SourceId};
pub use folding::folded;
use folding::possible;
pub use pairs::Pair;
use pairs::{IDENTIFIERS, own_files};

/// A value that an instance ended up with, and does no longer.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The instance.
    pub pair: Pair<'a>,
    /// What was in force.
    pub before: &'a Setting,
    /// What is in force; none where nothing is.
    pub now: Option<&'a Setting>,
    /// Where that stands, or what remains of where the value stood.
    pub at: Location,
}

impl<'a> Change<'a> {
    /// Whether another value took the place of the old one.
    #[must_use]
    pub fn is_to_another(&self) -> bool {
        self.now.is_some_and(|now| !is_lost(now.parameter, &now.value))
    }

    /// What tells this change from others.
    fn fact(&self) -> impl Ord + use<'a> {
        let now = self.now.map(|now| (now.value == Value::Placeholder, folded(now)));
        (self.before.parameter, folded(self.before), now)
    }
}

/// How a parameter of an instance changed, if that is certain.
#[must_use]
pub fn change<'a>(cx: &Context<'a>, pair: Pair<'a>, parameter: Parameter) -> Option<Change<'a>> {
    let before = cx.before?;
    let was = before.in_force(pair.before, parameter)?;
    let old = possible(was)?;
    let now = pair
        .now
        .and_then(|now| new_rival(cx, pair, parameter).or_else(|| cx.now.in_force(now, parameter)));
    let is_changed = match now {
        Some(now) if is_lost(parameter, &now.value) => true,
        Some(now) => {
            // Where code decides, what it decided among before may all still come of it.
            let new = possible(now)?;
            !old.is_subset(&new) && !new.is_subset(&old)
        }
        None => !may_be_elsewhere(cx, pair) && !still_stands(cx, was),
    };
    if !is_changed || !is_certain(cx, was, now) {
        return None;
    }
    let at = now.map(|now| now.at).or_else(|| remains(cx, pair, was))?;
    Some(Change { pair, before: was, now, at })
}

/// Whether a value is as good as none: what waits to be replaced finds no data.
fn is_lost(parameter: Parameter, value: &Value) -> bool {
    let is_placeholder = *value == Value::Placeholder && IDENTIFIERS.contains(&parameter);
    *value == Value::Blank || is_placeholder
}

/// Of values between which there is no order, one that was not among those before: it may be the one that counts.
fn new_rival<'a>(cx: &Context<'a>, pair: Pair<'a>, parameter: Parameter) -> Option<&'a Setting> {
    let resolved = pair.now?.settings.get(&parameter).filter(|found| !found.rivals.is_empty())?;
    let was = pair.before.settings.get(&parameter)?;
    let before = |id: &SettingId| cx.before.and_then(|before| folded(before.setting(*id)));
    let known: Vec<Option<String>> = was.rivals.iter().chain([&was.winner]).map(before).collect();
    let all = std::iter::once(&resolved.winner).chain(&resolved.rivals);
    let mut all = all.map(|id| cx.now.setting(*id));
    all.find(|setting| !known.contains(&folded(setting)))
}

/// Whether no file that could not be read whole may hold what seems to be gone from it, or may have overridden what seems to be new in it.
#[must_use]
pub fn is_certain(cx: &Context<'_>, was: &Setting, now: Option<&Setting>) -> bool {
    let Some(before) = cx.before else { return false };
    let left = |file: &SourceId| before.remains.get(file).copied();
    let (place, held) = (now.map(|now| now.at.source), left(&was.at.source));
    let mut lost = cx.now.problems.iter().map(|problem| problem.at.source);
    let mut unseen = before.problems.iter().map(|problem| problem.at.source);
    let is_lost = place != held && lost.any(|file| Some(file) == held);
    let is_unseen =
        place.is_some() && unseen.any(|file| file != was.at.source && left(&file) == place);
    !is_lost && !is_unseen
}

/// Whether the value stands where it stood, whoever it is for now.
fn still_stands(cx: &Context<'_>, was: &Setting) -> bool {
    let file = cx.before.and_then(|before| before.remains.get(&was.at.source));
    let now = file.map_or(&[][..], |file| cx.now.standing(*file, was.parameter));
    let value = folded(was);
    now.iter().any(|now| folded(cx.now.setting(*now)) == value)
}

/// Whether what is not set in the tree may come from outside of it.
#[must_use]
pub fn may_be_elsewhere(cx: &Context<'_>, pair: Pair<'_>) -> bool {
    match pair.now {
        Some(now) => !now.opaque.is_empty(),
        None => cx.now.opaque.iter().any(|at| Some(at.source) == pair.file),
    }
}

/// What remains of the place of a setting: what stands beside it, its file, or else the file of the instance that counts most.
#[must_use]
pub fn remains(cx: &Context<'_>, pair: Pair<'_>, was: &Setting) -> Option<Location> {
    if let Some(&file) = cx.before?.remains.get(&was.at.source) {
        let parent = |parameter: Parameter| parameter.path().rsplit_once('/').map(|(path, _)| path);
        let is_beside = |setting: &&Setting| {
            setting.at.source == file && parent(setting.parameter) == parent(was.parameter)
        };
        let resolved = pair.now.iter().flat_map(|now| now.settings.values());
        let mut winners = resolved.map(|resolved| cx.now.setting(resolved.winner));
        let beside = winners.find(is_beside);
        let same = (file == was.at.source).then_some(was.at);
        return same.or(beside.map(|setting| setting.key_at)).or(Some(start_of(file)));
    }
    let Some(now) = pair.now else {
        // Its own file says that it is still there; the value may have gone along with another instance, or to a file of nobody's.
        let value = folded(was);
        let mut settings = cx.now.settings.iter();
        let is_elsewhere =
            settings.any(|now| now.parameter == was.parameter && folded(now) == value);
        return pair.file.filter(|_| !is_elsewhere).map(start_of);
    };
    let winners = now.settings.values().map(|resolved| cx.now.setting(resolved.winner));
    let own = winners.filter(|setting| own_files(now).any(|file| file == setting.at.source));
    let highest = own.max_by_key(|setting| setting.carrier).map(|setting| setting.at.source);
    let file = highest.or_else(|| own_files(now).next()).or(pair.file);
    file.or_else(|| now.feeds.first().map(|feed| feed.source)).map(start_of)
}

/// The place that stands for an instance: the name of the first setting in force in a file of its own, or else the start of a file.
#[must_use]
pub fn place_of(inventory: &Inventory, instance: &Instance) -> Option<Location> {
    let winners = instance.settings.values().map(|of| inventory.setting(of.winner).key_at);
    let own = winners.filter(|at| own_files(instance).any(|file| file == at.source)).min();
    let file = || own_files(instance).next().or(instance.feeds.first().map(|feed| feed.source));
    own.or_else(|| file().map(start_of))
}

/// The first place of a file.
#[must_use]
pub fn start_of(file: SourceId) -> Location {
    Location::new(file, 0, 0)
}
