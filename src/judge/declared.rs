//! What a change declares of the instances that it is about: told, and no way to silence what the same change brings.

use crate::check;
use crate::config::Files;
use crate::examine::Examined;
use crate::inventories::Inventories;
use crate::model::instance::Instance;
use crate::model::inventory::Inventory;
use crate::rule::{self, Context, Diagnostic, Rule, Weakening};
use crate::rules;
use crate::source::{Location, SourceId};
use crate::sources::State;
use crate::states::States;
use crate::trends::{self, Side};

/// Said of what only the declarations before let us find.
const WHY: &str = "what this change declares of these instances holds for what comes after it: declare it in a change that is pushed or merged before";

/// What the change brings to instances that were there before, and its own declarations would keep quiet.
pub fn silenced(
    open: &[Diagnostic],
    found: &Inventories,
    states: &States,
    rules: &[Rule],
    examined: &Examined,
) -> Vec<Diagnostic> {
    let Some((before, as_before)) = found.before.as_ref().zip(found.now_as_before.as_ref()) else {
        return Vec::new();
    };
    let context = |now| Context { now, before: None, weakened: &[], unmatched: &[] };
    let levels = &states.config.levels;
    let of_change = |id: &str| rule::of_id(rules, id).is_some_and(Rule::tells_change);
    let mut brought = check::check(&context(as_before), rules, levels);
    brought.retain(|one| {
        let instances = &one.finding.instances;
        let is_told = open
            .iter()
            .any(|other| other.rule == one.rule && places(other).any(|at| one.finding.shows(at)));
        !instances.is_empty()
            && !is_told
            && !of_change(&one.rule)
            && instances.iter().all(|name| named(before, name).is_some())
    });
    if brought.is_empty() {
        return brought;
    }
    let stood = check::check(&context(before), rules, levels);
    let names = rules::names_now(&Context { before: Some(before), ..context(as_before) });
    let side = Side { found: &stood, inventory: before, names };
    trends::tell(&mut brought, as_before, &side, &examined.sources.of(State(0)));
    brought.retain(Diagnostic::is_worse);
    for one in &mut brought {
        let help = &mut one.finding.help;
        let mark = if help.is_empty() { "" } else { "; " };
        *help = format!("{help}{mark}{WHY}");
    }
    brought
}

fn places(found: &Diagnostic) -> impl Iterator<Item = Location> {
    let labels = std::iter::once(&found.finding.primary).chain(&found.finding.related);
    labels.map(|label| label.at)
}

fn named<'a>(inventory: &'a Inventory, name: &str) -> Option<&'a Instance> {
    inventory.instances.iter().find(|instance| instance.name == name)
}

/// The instances that the change hands to others: what two of them share is nobody's fault from now on.
pub fn swallowed(states: &States, examined: &Examined, found: &Inventories) -> Vec<Weakening> {
    let Some(as_before) = found.now_as_before.as_ref() else { return Vec::new() };
    let gone = as_before.instances.iter().filter(|of| named(&found.now, &of.name).is_none());
    let swallowed = gone.filter_map(|gone| {
        let files: Vec<SourceId> = own_files(gone).collect();
        let has_all = |now: &&Instance| {
            let all: Vec<SourceId> = own_files(now).collect();
            let is_known = named(as_before, &now.name).is_some_and(|of| of.same_as != gone.same_as);
            is_known && files.iter().all(|file| all.contains(file))
        };
        let first = *files.first()?;
        let taker = found.now.instances.iter().find(has_all)?;
        let path = examined.sources.path(first);
        let mut patterns = states.config.patterns.iter();
        let source = examined.texts[0]?;
        let placed = patterns.find(|placed| match &placed.files {
            Files::Of(globs) => globs.matches(path),
            Files::Naming(_) => false,
        });
        Some(Weakening {
            what: format!("this change takes the files of `{}` for `{}`'s", gone.name, taker.name),
            at: placed
                .map_or(Location::new(source, 0, 0), |placed| Location { source, span: placed.at }),
            before: None,
            is_locked: false,
            is_declared: true,
        })
    });
    swallowed.collect()
}

/// The files that an instance does not have from others.
fn own_files(instance: &Instance) -> impl Iterator<Item = SourceId> {
    let own = instance.feeds.iter().filter(|feed| !feed.inherited);
    own.map(|feed| feed.source)
}
