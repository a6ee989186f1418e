//! From what the files hold to what each instance ends up with: now, before, and on the branches that are instances.

use std::collections::BTreeMap;

use crate::declared::{Declarations, Declared};
use crate::error::Error;
use crate::examine::Examined;
use crate::examine::recall::Recall;
use crate::follow::follow;
use crate::load::load;
use crate::model::instance::UNNAMED;
use crate::model::inventory::Inventory;
use crate::resolve::samples::is_sample;
use crate::sources::{State, StateSet};
use crate::states::States;
use crate::{history, resolve};

/// The inventories of a run.
#[derive(Debug)]
pub struct Inventories {
    /// Of what is checked, branches and earlier commits' keys included.
    pub now: Inventory,
    /// Of what it is compared with.
    pub before: Option<Inventory>,
    /// Of the same, with the instances that are declared now; none where it is no other.
    pub before_as_now: Option<Inventory>,
    /// Of what is checked, with the instances that were declared before, each for what it is for now; none where they are no others.
    pub now_as_before: Option<Inventory>,
}

/// Works out the inventory of what is checked and of what it is compared with.
///
/// # Errors
/// Where git cannot say where a key of the history came from.
pub fn resolve(
    states: &States,
    examined: &mut Examined,
    recall: &Recall,
) -> Result<Inventories, Error> {
    load(examined, &states.examinees, recall);
    let of = |state: State, declared: &Declarations| {
        let sources = examined.sources.of(state);
        let found = follow(&sources, examined.of(state));
        let mut inventory = resolve::resolve(&sources, found, declared);
        let places = examined.silent(state);
        inventory.unread_carriers =
            places.filter(|at| !is_sample(sources.path(at.source))).collect();
        inventory
    };
    let is_declared_anew = !states.config.declared.are_as(&states.declared_before);
    // Most changes change nothing that counts.
    let is_unchanged =
        states.is_compared && !is_declared_anew && are_alike(examined, State(0), State(1));
    let (mut now, known) = rayon::join(
        || of(State(0), &states.here(&states.config.declared)),
        || {
            let is_other = states.is_compared && !is_unchanged;
            is_other.then(|| of(State(1), &states.here(&states.declared_before)))
        },
    );
    let known = if is_unchanged { Some(now.clone()) } else { known };
    let [strays, strayed] = states.strays;
    if strays {
        now.forget_instance(UNNAMED);
    }
    // The other branches stand as they are, before the change as well as after it.
    let tips: BTreeMap<&Option<String>, State> =
        states.branches.iter().map(|(_, of, state)| (&of.branch, *state)).collect();
    let add_branches = |inventory: &mut Inventory, declared: &Declarations| {
        let is_branch =
            |(name, of): (&String, &Declared)| tips.contains_key(&of.branch).then(|| name.clone());
        let branches: Vec<String> = declared.instances.iter().filter_map(is_branch).collect();
        for (name, of_branch) in &declared.instances {
            if let Some(state) = tips.get(&of_branch.branch) {
                let instances = BTreeMap::from([(name.clone(), of_branch.clone())]);
                let patterns = Vec::new();
                let declared = Declarations { instances, patterns, ..declared.clone() };
                let mut of_branch = of(*state, &declared);
                // What a branch says of another is what that one was when it was last merged.
                for other in branches.iter().filter(|other| *other != name) {
                    of_branch.forget_instance(other);
                }
                inventory.absorb(of_branch);
            }
        }
    };
    add_branches(&mut now, &states.config.declared);
    let compared = |declared, known: Option<Inventory>| {
        let read = || of(State(1), &states.here(declared));
        let mut before = states.is_compared.then(|| known.unwrap_or_else(read))?;
        add_branches(&mut before, declared);
        Some(before)
    };
    let mut before = compared(&states.declared_before, known);
    let as_now = || compared(&states.config.declared, None);
    let mut before_as_now = is_declared_anew.then(as_now).flatten();
    let mut now_as_before = (is_declared_anew && states.is_compared).then(|| {
        let declared = &states.declared_before;
        let mut inventory = of(State(0), &states.here(declared));
        add_branches(&mut inventory, declared);
        // What an instance is for may be guessed wrong, and put right at once.
        for instance in &mut inventory.instances {
            let known = now.instances.iter().find(|known| known.name == instance.name);
            if let Some(known) = known {
                instance.kind.clone_from(&known.kind);
            }
        }
        inventory
    });
    if let Some(inventory) = now_as_before.as_mut().filter(|_| strayed) {
        inventory.forget_instance(UNNAMED);
    }
    for before in before.iter_mut().chain(&mut before_as_now).filter(|_| strayed) {
        before.forget_instance(UNNAMED);
    }
    // What is shown of the state before is masked like everything else.
    now.hidden.extend(before.iter().flat_map(Inventory::secret_places));
    if let Some((repository, state, range)) = &states.history {
        let holds = |path: &str| states.scope.holds(path);
        let from = (examined, *state, &states.messages);
        history::search(repository, range.as_deref(), from, &holds, &mut now)?;
    }
    Ok(Inventories { now, before, before_as_now, now_as_before })
}

/// Whether two states come to the same: what only one of them has gave nothing, and is another content of a file that both have.
fn are_alike(examined: &Examined, one: State, other: State) -> bool {
    let is_common = |states: &StateSet| states.has(one) == states.has(other);
    let alone = |state: State| {
        let entries = examined.sources.entries().filter(|(_, entry)| !is_common(&entry.states));
        entries.filter(move |(_, entry)| entry.states.has(state))
    };
    examined.recognised.iter().all(|(states, _)| is_common(states))
        && examined.silent.iter().all(|(states, _)| is_common(states))
        && alone(one).chain(alone(other)).all(|(id, _)| examined.sources.get(id).is_none())
        && alone(one).map(|(_, entry)| &entry.path).eq(alone(other).map(|(_, entry)| &entry.path))
}
