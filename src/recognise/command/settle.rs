//! Of values that exclude each other, which one a script sets is not known.

use std::collections::{BTreeMap, BTreeSet};

use super::branches;
use super::chosen::Choice;
use super::places::Place;
use super::reader::Reader;
use crate::model::parameter::Parameter;
use crate::model::setting::{Layer, Scope, Setting, Value};
use crate::recognise::Said;
use crate::recognise::value::{Dress, classify};

/// A setting with where it was found.
pub struct Found {
    /// The setting.
    pub setting: Setting,
    /// What the command says about the instance.
    pub said: Option<Said>,
    /// The words around the command, by which one target of a script is told from another.
    pub around: BTreeSet<Place>,
    /// The words of the host that it is set on, if that is another one than the script runs on.
    pub host: Option<Vec<Place>>,
    /// The function that it stands in.
    pub function: Option<String>,
    /// The script, and how many branches deep in it.
    pub place: (usize, usize),
}

/// What two settings must share to exclude each other.
type Target = (Option<Said>, Parameter, Scope, Layer);

/// Makes values unknown that differ from each other and are set in branches or by separate scripts: not all of them are run.
pub fn alternatives(found: &mut [Found]) {
    let mut targets: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
    for (index, Found { setting, said, .. }) in found.iter().enumerate() {
        let layer = setting.carrier.layer();
        // Whether what a branch is for is an instance is decided where instances are.
        let target = (said.clone(), setting.parameter, setting.scope.clone(), layer);
        targets.entry(target).or_default().push(index);
    }
    for indices in targets.into_values() {
        let all = || indices.iter().filter_map(|&index| found.get(index));
        let Some(first) = all().next() else { continue };
        // Within one arm, what comes last holds.
        let is_arm = first.said.as_ref().is_some_and(|said| {
            said.names.iter().any(|name| name == Said::CASE || name == Said::OTHERWISE)
        });
        let is_one_line = all()
            .all(|other| other.place == (first.place.0, if is_arm { first.place.1 } else { 0 }));
        let is_one_value = all().all(|other| other.setting.value == first.setting.value);
        if is_one_line || is_one_value {
            continue;
        }
        for index in indices {
            if let Some(found) = found.get_mut(index) {
                found.setting.value = Value::Unknown;
            }
        }
    }
}

impl Reader<'_> {
    /// Adds a setting for whom a command or the branches say; one that is a variable of the branches before, for each of them.
    pub(super) fn add(&mut self, setting: Option<Setting>, said: Option<Said>) {
        let place = (self.scripts, self.depth);
        let Some(setting) = setting else { return };
        let around = self.target.words();
        let (host, function) = (self.target.host(), self.function.clone());
        let mut choices = self.chosen.of(self.written(setting.at));
        if let Some(words) = &self.words {
            // Of arms that are left, those for the words that it is run for.
            let is_run = |name: &String| {
                words.contains(name) || matches!(name.as_str(), Said::CASE | branches::COLLECTION)
            };
            choices.retain_mut(|choice| {
                choice.said.retain(|said| said.iter().flat_map(|said| &said.names).all(is_run));
                !choice.said.is_empty()
            });
        }
        let choices: Vec<(Value, Choice)> = if setting.has_reference() {
            let value = |choice: Choice| {
                let source = self.source_of(choice.value.at);
                (classify(setting.parameter, &choice.value, source, Dress::Plain), choice)
            };
            choices.into_iter().map(value).collect()
        } else {
            Vec::new()
        };
        let mut found = |setting: &Setting, said: Vec<Option<Said>>| {
            let found = |said| Found {
                setting: setting.clone(),
                said,
                around: around.clone(),
                host: host.clone(),
                function: function.clone(),
                place,
            };
            self.found.extend(said.into_iter().map(found));
        };
        if !choices.is_empty() {
            for (value, choice) in choices {
                found(&Setting { value, at: choice.value.at, ..setting.clone() }, choice.said);
            }
            return;
        }
        let said = match said {
            Some(said) => vec![Some(said)],
            None => self.branches.said(self.said.as_ref()),
        };
        found(&setting, said);
    }
}
