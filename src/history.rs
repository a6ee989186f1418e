//! Private keys that earlier commits held and the tree holds no more.
//!
//! Joins what was recognised in the contents of the history with what git tells of their lives.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::discover::git::history::{Life, Passage, lives};
use crate::discover::git::{GitError, ObjectId, Repository};
use crate::examine::Examined;
use crate::model::buried::{Buried, Stay};
use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::model::setting::Secret;
use crate::source::SourceId;
use crate::sources::State;

/// Finds the keys of the history that `now` does not hold, and names the files that show them.
///
/// # Errors
/// Where git cannot say where they came from.
pub fn buried(
    repository: &Repository,
    range: Option<&str>,
    (examined, state): (&mut Examined, State),
    now: &Inventory,
) -> Result<Vec<Buried>, GitError> {
    let mut keys: BTreeMap<Fingerprint, Vec<(Secret, ObjectId)>> = BTreeMap::new();
    for secret in examined.of(state).into_iter().flat_map(|found| found.secrets) {
        let is_known = now.secrets.iter().any(|known| known.fingerprint == secret.fingerprint);
        let Some(content) = examined.content(secret.at.source).filter(|_| !is_known) else {
            continue;
        };
        if !secret.encrypted {
            keys.entry(secret.fingerprint).or_default().push((secret, content.clone()));
        }
    }
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut contents: Vec<&ObjectId> =
        keys.values().flatten().map(|(_, content)| content).collect();
    contents.sort_unstable();
    contents.dedup();
    let passages = repository.passages(range, &contents)?;
    let mut buried = Vec::new();
    for found in keys.into_values() {
        let contents: Vec<&ObjectId> = found.iter().map(|(_, content)| content).collect();
        let mut lives: Vec<(String, Life)> = lives(&passages, &contents).into_iter().collect();
        lives.sort_by_key(|(_, life)| position(&passages, &life.introduced));
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
        buried.push(Buried { secret: secret.clone(), stays: lives.iter().map(stay).collect() });
    }
    buried.sort_by_key(|one| one.secret.at);
    Ok(buried)
}

fn position(passages: &[Passage], commit: &ObjectId) -> Option<usize> {
    passages.iter().position(|passage| passage.commit == *commit)
}

fn name(examined: &mut Examined, source: SourceId, path: &str, life: &Life) {
    examined.sources.rename(source, path, Arc::from(life.introduced.short()));
}
