//! What connects repositories.

use std::collections::BTreeMap;

use crate::model::instance::Kind;

/// What can connect two repositories.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// A data space, by its id.
    DataSpace(String),
    /// A private key, by its name.
    PrivateKey(String),
}

/// An instance that has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// Its name; empty for a key that no instance has.
    pub instance: String,
    /// What it is for.
    pub kind: Kind,
}

/// A repository, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// How many errors and warnings it has by itself.
    pub errors: usize,
    /// The same.
    pub warnings: usize,
    /// Why it was not read whole, if it was not.
    pub flaw: Option<String>,
    /// What it has that others may have.
    pub ties: Vec<(Tie, Use)>,
}

/// The repositories of a fleet, in order of their names.
#[derive(Debug, Default)]
pub struct Fleet(pub(super) Vec<Repository>);

/// What connects repositories: each with those that have it, by their places.
pub(super) type Connected<'f> = (&'f Tie, BTreeMap<usize, Vec<&'f Use>>);

impl Fleet {
    /// Adds a repository.
    pub fn add(&mut self, repository: Repository) {
        self.0.push(repository);
    }

    /// What several repositories have, worst first.
    pub(super) fn connected(&self) -> Vec<Connected<'_>> {
        let mut ties: BTreeMap<&Tie, BTreeMap<usize, Vec<&Use>>> = BTreeMap::new();
        for (at, repository) in self.0.iter().enumerate() {
            for (tie, user) in &repository.ties {
                ties.entry(tie).or_default().entry(at).or_default().push(user);
            }
        }
        let mut ties: Vec<Connected<'_>> =
            ties.into_iter().filter(|(_, users)| users.len() > 1).collect();
        ties.sort_by_key(|(tie, users)| (rank(users), std::cmp::Reverse(users.len()), *tie));
        ties
    }
}

/// How bad it is that several have one thing: production and others, then production alone.
fn rank(users: &BTreeMap<usize, Vec<&Use>>) -> u8 {
    let has = |is: fn(Kind) -> bool| users.values().flatten().any(|user| is(user.kind));
    match (has(|kind| kind == Kind::Production), has(|kind| kind != Kind::Production)) {
        (true, true) => 0,
        (true, false) => 1,
        _ => 2,
    }
}
