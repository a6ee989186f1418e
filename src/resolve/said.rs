//! Names that documents say: which of them tell instances apart.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{Claim, Identity};
use super::piece::Piece;
use crate::recognise::Said;
use crate::source::SourceId;

/// Lets the names that documents say count, where documents of one identity say different ones.
///
/// A namespace that every object of a folder has tells nothing apart; two services of one compose file with names of their own do.
///
/// Returns the words that tell.
pub fn settle_said_names(pieces: &mut [Piece]) -> BTreeSet<String> {
    // Services of a compose file can be roles of one installation: they are told apart like keys.
    let is_service = |piece: &&mut Piece| {
        piece.contribution.said.as_ref().is_some_and(|said| said.how == Said::SERVICE)
    };
    let beside = settle_groups(pieces);
    let claims = pieces.iter_mut().filter(|piece| !is_service(piece));
    &settle_names(claims.map(|piece| &mut piece.claim).collect()) | &beside
}

/// Lets a group count that an inventory lists beside groups of environments: `[kiwi]` beside `[live]`.
fn settle_groups(pieces: &mut [Piece]) -> BTreeSet<String> {
    let is_group = |piece: &Piece| {
        piece.contribution.said.as_ref().is_some_and(|said| said.how == Said::GROUP)
    };
    let says = |piece: &&Piece| is_group(piece) && piece.claim.environment.is_some();
    let saying: BTreeSet<SourceId> =
        pieces.iter().filter(says).map(|piece| piece.contribution.source).collect();
    let mut told = BTreeSet::new();
    for piece in pieces.iter_mut().filter(|piece| is_group(piece)) {
        let claim = &mut piece.claim;
        let names = claim.said.clone().unwrap_or_default();
        let is_open = claim.environment.is_none() && claim.names.is_empty();
        if is_open && saying.contains(&piece.contribution.source) {
            claim.names.extend(names.iter().cloned());
            told.extend(names);
        }
    }
    told
}

fn settle_names(claims: Vec<&mut Claim>) -> BTreeSet<String> {
    let mut said: BTreeMap<Identity, BTreeSet<Vec<String>>> = BTreeMap::new();
    for claim in &claims {
        if let Some(names) = &claim.said {
            said.entry(claim.identity()).or_default().insert(names.clone());
        }
    }
    // A brand that one environment has alone is the same brand there.
    let apart: BTreeSet<Vec<String>> =
        said.into_values().filter(|names| names.len() > 1).flatten().collect();
    for claim in claims {
        let tells_apart = claim.said.as_ref().is_some_and(|names| apart.contains(names));
        if let (Some(names), true) = (&claim.said, tells_apart) {
            let new = names
                .iter()
                .filter(|name| !claim.names.contains(name))
                .cloned()
                .collect::<Vec<_>>();
            claim.names.extend(new);
        }
    }
    apart.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_counts_only_where_it_tells_instances_apart() {
        let said = |name: &str| Some(Said { how: "namespace", names: vec![name.to_owned()] });
        let claim = |path, name| Claim::read(path, said(name).as_ref(), true);
        let mut one =
            [claim("k8s/prod/a.yaml", "acme-prod"), claim("k8s/prod/b.yaml", "acme-prod")];
        settle_names(one.iter_mut().collect());
        assert!(one.iter().all(|claim| claim.names.is_empty()));
        let mut two = [
            claim("k8s/prod/a.yaml", "acme"),
            claim("k8s/prod/b.yaml", "globex"),
            claim("k8s/staging/a.yaml", "acme"),
        ];
        settle_names(two.iter_mut().collect());
        assert_ne!(two[0].identity(), two[1].identity());
        assert_eq!(two[2].names, ["acme"]);
    }
}
