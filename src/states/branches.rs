//! The branches that are instances: on Adobe Commerce Cloud each environment is a branch.

use std::sync::Arc;

use super::{Compare, States};
use crate::config::Declared;
use crate::discover::git::{Commit, GitError, Repository};
use crate::discover::{self, Kept};
use crate::error::Error;
use crate::examine::Examinee;
use crate::sources::State;

/// Adds the tips of the branches that are instances, but for the one that is checked.
pub(super) fn add(
    states: &mut States,
    repository: &Repository,
    here: &Here,
    excluded: &(dyn Fn(&str) -> bool + Sync),
) -> Result<(), Error> {
    states.is_no_branch = true;
    let declared: Vec<(String, Declared)> =
        states.config.instances.iter().map(|(name, of)| (name.clone(), of.clone())).collect();
    for (name, declared) in declared {
        let Some(branch) = &declared.branch else { continue };
        let tip = repository.branch(branch)?;
        if here.is(branch, &tip) {
            states.is_no_branch = false;
            continue;
        }
        // One state is left for the history.
        let state = states.next().filter(|state| usize::from(state.0) < State::MOST - 1);
        let state = state.ok_or(Error::TooManyBranches { most: State::MOST - 3 })?;
        let tree = discover::kept(repository, Kept::Commit(&tip))?.without(excluded);
        let revision = Some(Arc::from(branch.as_str()));
        states.examinees.push(Examinee { tree, revision, is_history: false });
        states.branches.push((name, declared, state));
    }
    Ok(())
}

/// What stands for the branch that is checked.
pub(super) struct Here {
    names: Vec<String>,
    commit: Option<Commit>,
}

impl Here {
    fn is(&self, branch: &str, tip: &Commit) -> bool {
        let is_named = |name: &String| name.strip_prefix("origin/").unwrap_or(name) == branch;
        self.names.iter().any(is_named)
            || self.commit.as_ref().is_some_and(|commit| commit.id == tip.id)
    }
}

/// The branch that what is checked will be: the one that a change goes to, else the one that is checked out.
pub(super) fn branch_here(
    repository: &Repository,
    compare: &Compare,
    now: Option<&Commit>,
) -> Result<Here, GitError> {
    if let Compare::Base(revision) = compare {
        let called = match revision.as_str() {
            "auto" => repository.base_of_environment()?.0.called,
            revision => revision.to_owned(),
        };
        return Ok(Here { names: vec![called], commit: None });
    }
    if let Some(commit) = now {
        return Ok(Here { names: vec![commit.called.clone()], commit: Some(commit.clone()) });
    }
    Ok(match repository.head_branch()? {
        Some(name) => Here { names: vec![name], commit: None },
        None => Here { names: Vec::new(), commit: repository.head()? },
    })
}
