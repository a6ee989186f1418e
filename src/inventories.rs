//! From what the files hold to what each instance ends up with: now, before, and on the branches that are instances.

use std::collections::BTreeMap;

use crate::declared::Declarations;
use crate::error::Error;
use crate::examine::Examined;
use crate::model::inventory::Inventory;
use crate::sources::State;
use crate::states::States;
use crate::{history, resolve};

/// The inventories of a run.
#[derive(Debug)]
pub struct Inventories {
    /// Of what is checked, branches and earlier commits' keys included.
    pub now: Inventory,
    /// Of what it is compared with.
    pub before: Option<Inventory>,
}

/// Works out the inventory of what is checked and of what it is compared with.
///
/// # Errors
/// Where git cannot say where a key of the history came from.
pub fn resolve(states: &States, examined: &mut Examined) -> Result<Inventories, Error> {
    let name = states.examinees.first().map_or("", |now| now.tree.name.as_str());
    let of = |state: State, declared: &Declarations| {
        resolve::resolve(&examined.sources.of(state), examined.of(state), declared, name)
    };
    let mut now = of(State(0), &states.here(&states.config.declared));
    let [strays, strayed] = states.strays;
    if strays {
        now.forget_instance(name);
    }
    for (branch, declared, state) in &states.branches {
        let instances = BTreeMap::from([(branch.clone(), declared.of_branch())]);
        let declared =
            Declarations { instances, patterns: Vec::new(), ..states.config.declared.clone() };
        now.absorb(of(*state, &declared));
    }
    let mut before =
        states.is_compared.then(|| of(State(1), &states.here(&states.declared_before)));
    if let Some(before) = before.as_mut().filter(|_| strayed) {
        before.forget_instance(name);
    }
    // What is shown of the state before is masked like everything else.
    now.hidden.extend(before.iter().flat_map(Inventory::secret_places));
    if let Some((repository, state, range)) = &states.history {
        let holds = |path: &str| states.scope.holds(path);
        let from = (examined, *state);
        history::search(repository, range.as_deref(), from, &holds, &mut now)?;
    }
    Ok(Inventories { now, before })
}
