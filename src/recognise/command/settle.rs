//! Of values that exclude each other, which one a script sets is not known.

use std::collections::{BTreeMap, BTreeSet};

use super::places::Place;
use crate::model::parameter::Parameter;
use crate::model::setting::{Layer, Scope, Setting, Value};
use crate::recognise::Said;

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
    /// Whether it was read for one word alone that the script is run for: what branches are left is not known.
    pub is_run: bool,
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
        let is_arm = !first.is_run
            && first.said.as_ref().is_some_and(|said| {
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
