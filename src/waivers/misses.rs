//! What a waiver says that fits nothing: it accepts nothing, or one of the instances that it names is none.

use super::grounds::{Grounds, listed};
use crate::config::Config;
use crate::config::waiver::Waiver;
use crate::rule::Finding;
use crate::source::Location;
use crate::suggest::nearest;

/// What is wrong with a waiver that is in force and no other's double. `is_met`: whether any file is at its path.
pub fn told(
    grounds: &Grounds<'_>,
    waiver: &Waiver,
    state: &State,
    is_met: &dyn Fn() -> bool,
) -> Option<Finding> {
    let rule = &waiver.rule;
    let finding = |message: String| {
        Some(Finding::new(grounds.in_config(waiver.at)?, message).label("accepts nothing"))
    };
    if grounds.rules.off.contains(&rule.as_str()) {
        let finding = finding(format!("the waiver of `{rule}` accepts nothing: the rule is off"))?;
        let finding = grounds.see_policy(finding, &Config::rule_key(rule), "turned off");
        return Some(finding.help("remove the waiver, or turn the rule on"));
    }
    let is_whole = !grounds.may_miss_of(waiver);
    if let Some(stranger) = stranger(grounds, waiver).filter(|_| is_whole) {
        return Some(stranger);
    }
    if state.found.is_some() {
        return None;
    }
    if let Some(miss) = &state.missed {
        return nearly(grounds, waiver, miss);
    }
    if !is_whole {
        return None;
    }
    if let Some(at) = waiver.path.as_ref().and(waiver.path_at)
        && !is_met()
    {
        let message = format!("the waiver of `{rule}` is for a path at which no file is");
        let help = "remove it, or compare the pattern with the files: it starts at the root of the tree, and `**/` before a name is any folder";
        return Some(
            Finding::new(grounds.in_config(at)?, message).label("matches no file").help(help),
        );
    }
    Some(finding(format!("the waiver of `{rule}` matches nothing"))?
        .help("remove it, so that it cannot hide what comes later; if it should match, compare its `path` and `instances` with the finding's"))
}

/// The first of the instances named that is none.
fn stranger(grounds: &Grounds<'_>, waiver: &Waiver) -> Option<Finding> {
    let known = &grounds.instances;
    let mut named = waiver.instances.iter().zip(&waiver.instances_at);
    let (name, at) = named.find(|(name, _)| !known.contains(name.as_str()))?;
    let message =
        format!("the waiver of `{}` names an instance that there is not: `{name}`", waiver.rule);
    let help = nearest(name, known.iter().copied()).map_or_else(
        || "remove the name; `commerce-lint instances` lists the instances".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Some(Finding::new(grounds.in_config(*at)?, message).label("no instance").help(help))
}

/// A waiver that would be about a finding but for one thing.
fn nearly(grounds: &Grounds<'_>, waiver: &Waiver, miss: &Miss) -> Option<Finding> {
    let rule = &waiver.rule;
    let (at, message, help) = match &miss.lacks {
        Lack::Value(value) => (
            waiver.value_at.unwrap_or(waiver.at),
            format!("the waiver of `{rule}` is for another value"),
            format!(
                "the value it was made for is gone: look at the new one, and if it is acceptable as well, write `value = \"{value}\"`"
            ),
        ),
        Lack::Instances(concerned) => (
            waiver.at,
            format!("the waiver of `{rule}` does not name every instance concerned"),
            format!(
                "a finding concerns {}: name all of them in `instances` if that is acceptable",
                listed(concerned)
            ),
        ),
        Lack::Concern => (
            waiver.at,
            format!("the waiver of `{rule}` names instances, and what is found concerns none"),
            "name the file in `path`, and no `instances`".to_owned(),
        ),
        Lack::Age => (
            waiver.at,
            format!("the waiver of `{rule}` comes with the same change as what it is for"),
            "mend what is wrong, or let whoever answers for it accept it in a change that is pushed or merged before: a waiver that a change adds accepts only what was found before".to_owned(),
        ),
    };
    let finding = Finding::new(grounds.in_config(at)?, message).label("accepts nothing");
    Some(finding.see(miss.at, "found here").help(help))
}

/// What became of a waiver.
#[derive(Default)]
pub(super) struct State {
    /// Where the first of the findings is that it is about.
    pub found: Option<Location>,
    /// What it would be about but for a part of it.
    pub missed: Option<Miss>,
}

/// A finding that a waiver is nearly about: where it is, and what it does not have.
pub(super) struct Miss {
    pub at: Location,
    pub lacks: Lack,
}

/// What keeps a waiver from a finding.
pub(super) enum Lack {
    /// This value stands there.
    Value(String),
    /// These instances are concerned.
    Instances(Vec<String>),
    /// No instance is concerned.
    Concern,
    /// It comes with the change that adds the waiver.
    Age,
}
