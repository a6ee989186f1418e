//! The branches that are instances: on Adobe Commerce Cloud each environment is a branch.

use std::sync::Arc;

use super::opened::States;
use super::request::Compare;
use crate::config::{Config, ConfigError};
use crate::discover;
use crate::discover::git::{Commit, GitError, Repository, target_of_environment};
use crate::error::Error;
use crate::examine::Examinee;
use crate::sources::State;

/// Adds the tips of the branches that are instances, but for those that are checked.
pub(super) fn add(
    states: &mut States,
    repository: &Repository,
    excluded: &(dyn Fn(&str) -> bool + Sync),
    text: Option<&(String, String)>,
) -> Result<(), Error> {
    for (name, declared) in states.config.declared.instances.clone() {
        let Some(branch) = declared.branch.clone() else { continue };
        let tip = repository
            .branch(&branch)
            .map_err(|error| lacking(&states.config, &name, &branch, text, error))?;
        if states.own_branches.contains(&branch) {
            continue;
        }
        // One state is left for the history.
        let state = states.next().filter(|state| usize::from(state.0) < State::MOST - 1);
        let state = state.ok_or(Error::TooManyBranches { most: State::MOST - 3 })?;
        let tree = discover::kept(repository, &tip)?.without(excluded);
        let revision = Some(Arc::from(branch.as_str()));
        states.examinees.push(Examinee { tree, revision, is_history: false });
        states.branches.push((name, declared, state));
    }
    Ok(())
}

/// A declared branch that this clone lacks, with the place that names it.
fn lacking(
    config: &Config,
    name: &str,
    branch: &str,
    text: Option<&(String, String)>,
    error: GitError,
) -> Error {
    let GitError::UnknownRevision { shallow, .. } = error else { return error.into() };
    let place = config.place(&Config::branch_key(name)).filter(|place| place.file == 0);
    let Some(((shown, text), place)) = text.zip(place) else { return error.into() };
    let message = format!("this clone has no branch `{branch}`");
    let bare = bare(branch);
    let fetch = format!(
        "fetch it with `git fetch origin {bare}:refs/remotes/origin/{bare}`, or correct `branch`"
    );
    let help = if shallow { format!("{fetch}; the clone is shallow") } else { fetch };
    Error::configuration(shown, text, vec![ConfigError { span: place.span, message, help }])
}

/// What stands for the branch that is checked.
pub(super) struct Here {
    /// Names of branches, the most telling one first.
    names: Vec<String>,
    /// The commit, where no branch is checked out.
    commit: Option<Commit>,
}

impl Here {
    /// Those of the branches that are checked: the one that is named, or all whose commit is checked out.
    pub(super) fn among(&self, branches: &[String], repository: &Repository) -> Vec<String> {
        let named = |name: &String| branches.iter().find(|branch| bare(branch) == bare(name));
        if let Some(branch) = self.names.iter().find_map(named) {
            return vec![branch.clone()];
        }
        let is_at = |branch: &&String| {
            let tip = repository.branch(branch).ok();
            tip.zip(self.commit.as_ref()).is_some_and(|(tip, commit)| tip.id == commit.id)
        };
        branches.iter().filter(is_at).cloned().collect()
    }
}

/// The name of a branch, without where it is kept and without the steps back from its tip.
fn bare(name: &str) -> &str {
    let name = name.split(['~', '^', '@', ':']).next().unwrap_or_default();
    let name = name.strip_prefix("refs/").unwrap_or(name);
    let name = name.strip_prefix("heads/").or(name.strip_prefix("remotes/")).unwrap_or(name);
    name.strip_prefix("origin/").unwrap_or(name)
}

/// The branch that what is checked will be: the one that a change goes to, else the one that is checked out.
pub(super) fn branch_here(
    repository: &Repository,
    compare: &Compare,
    now: Option<Commit>,
) -> Result<Here, GitError> {
    let head = repository.head_branch()?;
    let mut names = match compare {
        Compare::Base(revision) if revision == "auto" => {
            let (base, variable) = repository.base_of_environment()?;
            target_of_environment(variable).into_iter().chain([base.called]).collect()
        }
        Compare::Base(revision) => vec![revision.clone()],
        Compare::Between { from, to } => vec![from.clone(), to.clone()],
        Compare::Pushed(push) => vec![push.tip.called.clone()],
        // What pre-commit runs for where a branch is pushed.
        Compare::Staged if now.is_some() => {
            target_of_environment("PRE_COMMIT_FROM_REF").into_iter().collect()
        }
        Compare::Nothing | Compare::Staged | Compare::StagedOver(_) => Vec::new(),
    };
    let is_head = match compare {
        Compare::Between { to, .. } => matches!(bare(to), "HEAD" | ""),
        Compare::Pushed(_) => false,
        _ => true,
    };
    let commit = match now {
        Some(commit) => Some(commit),
        None if head.is_none() && names.is_empty() => repository.head()?,
        None => None,
    };
    names.extend(head.filter(|_| is_head));
    Ok(Here { names, commit })
}
