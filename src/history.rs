//! Private keys that earlier commits held and the tree holds no more.
//!
//! Joins what was recognised in the contents of the history with what git tells of their lives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::discover::git::history::{Life, join, lives};
use crate::discover::git::{GitError, ObjectId, Repository};
use crate::examine::Examined;
use crate::model::buried::{Buried, Stay};
use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::model::setting::{Secret, SecretKind};
use crate::source::SourceId;
use crate::sources::State;
use crate::syntax::Problem;

/// Adds to `now` the keys of the history that it does not hold, and what of the history could not be read; names the files that show them.
/// `holds` tells of a path from the root of the tree whether it counts.
///
/// # Errors
/// Where git cannot say where they came from.
pub fn search(
    repository: &Repository,
    range: Option<&str>,
    (examined, state, messages): (&mut Examined, State, &BTreeSet<ObjectId>),
    holds: &dyn Fn(&str) -> bool,
    now: &mut Inventory,
) -> Result<(), GitError> {
    let found = examined.of(state);
    let mut keys: BTreeMap<Fingerprint, Vec<(Secret, ObjectId)>> = BTreeMap::new();
    let keys_found = found.iter().flat_map(|found| &found.secrets);
    for secret in keys_found.filter(|secret| secret.kind != SecretKind::ClientSecret) {
        let is_known = now.secrets.iter().any(|known| known.fingerprint == secret.fingerprint);
        let content = examined.content(secret.at.source).filter(|_| !is_known && !secret.encrypted);
        if let Some(content) = content {
            keys.entry(secret.fingerprint).or_default().push((secret.clone(), content.clone()));
        }
    }
    let problems = found.iter().flat_map(|found| &found.problems);
    let is_new = |problem: &&Problem| !now.problems.contains(problem);
    let content =
        |problem: &Problem| Some((problem.clone(), examined.content(problem.at.source)?.clone()));
    let unread: Vec<(Problem, ObjectId)> = problems.filter(is_new).filter_map(content).collect();
    let of_keys = keys.values().flatten().map(|(_, content)| content);
    let mut contents: Vec<&ObjectId> =
        of_keys.chain(unread.iter().map(|(_, content)| content)).collect();
    if contents.is_empty() {
        return Ok(());
    }
    contents.sort_unstable();
    contents.dedup();
    let passages = repository.passages(range, &contents)?;
    let lives = |contents: &[&ObjectId]| {
        let mut lives = lives(&passages, contents);
        join(&mut lives, &passages, &|commit, path| repository.has(commit, path, contents));
        let counts = lives
            .into_iter()
            .filter_map(|(path, life)| Some((repository.within_folder(&path)?.to_owned(), life)));
        let mut lives: Vec<(String, Life)> = counts.filter(|(path, _)| holds(path)).collect();
        lives.sort_by_key(|(_, life)| {
            passages.iter().position(|passage| passage.commit == life.introduced)
        });
        lives
    };
    for found in keys.into_values() {
        let contents: Vec<&ObjectId> = found.iter().map(|(_, content)| content).collect();
        let mut lives = lives(&contents);
        let is_message =
            lives.is_empty() && contents.iter().any(|content| messages.contains(*content));
        // A range without commits is a content alone.
        let is_tagged = (range.is_none() || passages.is_empty())
            && lives.is_empty()
            && !passages.iter().any(|one| one.is_of(&contents));
        if is_message || is_tagged {
            let apart =
                found.iter().filter(|(_, content)| !is_message || messages.contains(content));
            let apart = apart.map(|(secret, content)| {
                let path = examined.sources.path(secret.at.source).to_owned();
                (path, Life::of_tagged(content))
            });
            lives.extend(apart.filter(|(path, _)| holds(path)).take(1));
        }
        let first = lives.first().and_then(|(path, life)| {
            let shown = found.iter().find(|(_, content)| Some(content) == life.content.as_ref())?;
            Some((&shown.0, path, life))
        });
        // Git lists a content that only the range's border holds and tells no life of it.
        let Some((secret, path, life)) = first else { continue };
        name(examined, secret.at.source, path, life);
        let stay = |(path, life): &(String, Life)| Stay {
            path: path.clone(),
            introduced: life.introduced.short().into(),
            removed: life.removed.as_ref().map(|commit| commit.short().into()),
        };
        let stays = lives.iter().map(stay).collect();
        now.buried.push(Buried { secret: secret.clone(), stays, is_message });
    }
    now.buried.sort_by_key(|one| one.secret.at);
    for (problem, content) in unread {
        let Some((path, life)) = lives(&[&content]).into_iter().next() else { continue };
        name(examined, problem.at.source, &path, &life);
        now.problems.push(problem);
    }
    Ok(())
}

fn name(examined: &mut Examined, source: SourceId, path: &str, life: &Life) {
    examined.sources.rename(source, path, Arc::from(life.introduced.short()));
}
