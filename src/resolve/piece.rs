//! A contribution with its address: what is told apart.

use super::address::{Level, Segment, address};
use super::belongings::Spaces;
use super::conventions::Base;
use super::identity::Claim;
use super::vocabulary::is_idle;
use crate::model::instance::Evidence;
use crate::recognise::{Contribution, Said};
use crate::sources::Sources;
use crate::syntax::file_name;

/// A contribution with its address, and what that says of its instance.
pub struct Piece {
    pub contribution: Contribution,
    pub claim: Claim,
    pub address: Vec<Segment>,
    /// The one folder that its file serves or works in.
    pub root: Option<String>,
    /// Whether it is a base that others override.
    pub is_base: bool,
}

impl Piece {
    /// Reads the address of a contribution.
    #[must_use]
    pub fn of(contribution: Contribution, sources: &Sources, spaces: &Spaces) -> Self {
        let path = sources.path(contribution.source);
        let is_unnamed = contribution.has_idle_name();
        let mut claim = Claim::read(path, contribution.said.as_ref(), is_unnamed);
        if let Some(deployment) = &contribution.deployment
            && claim.environment.is_none()
        {
            claim.say_environment(&deployment.name, contribution.said.as_ref());
        }
        let mut address = address(path, &contribution);
        let space = spaces.get(contribution.source);
        for name in space.root.iter().chain(&space.project) {
            address.extend(Segment::of_root(name));
        }
        // An object in `all.yaml` that has the namespace of an environment is that environment's.
        let is_told = contribution.is_object && claim.evidence == Some(Evidence::Document);
        // What an inventory says of a group is that group's, whatever the inventory is called.
        let said = contribution.said.as_ref();
        let is_of_group = said.is_some_and(|said| said.how == Said::GROUP);
        let is_inherited =
            Base::of(path).is_some_and(|base| !(is_told && base.is_by_name())) || space.is_of_cloud;
        let is_base = is_inherited
            && !space.is_alone
            && !is_of_group
            && !is_called_after_space(path, &address);
        Self { contribution, claim, address, root: space.root, is_base }
    }

    /// Whether a command says whose it is by what only running it would tell, and its file says nothing.
    #[must_use]
    pub fn is_nobodys(&self) -> bool {
        let said = self.contribution.said.as_ref();
        let is_computed =
            said.is_some_and(|said| said.names.iter().all(|name| name == Said::COMPUTED));
        is_computed && self.claim.environment.is_none()
    }
}

/// Whether a file has the name of the namespace or the folder that it is for: `base.yaml` with `namespace: base`.
fn is_called_after_space(path: &str, address: &[Segment]) -> bool {
    let stem = file_name(path).split('.').next().unwrap_or_default();
    address.iter().any(|segment| segment.is_space && segment.text == stem.to_ascii_lowercase())
}

/// Gives a part a name, less the words of it that are known.
pub fn name(pieces: &mut [Piece], part: usize, words: &[String], level: Level) {
    let Some(piece) = pieces.get_mut(part) else { return };
    let claim = &mut piece.claim;
    if level >= Level::Key || level == Level::Task {
        let is_keyed = piece.contribution.said.as_ref().is_some_and(|said| said.how == Said::KEYS);
        claim.is_part |= is_keyed && !words.is_empty();
    }
    let missing: Vec<&String> =
        words.iter().filter(|word| !claim.names.iter().any(|name| is_within(name, word))).collect();
    let is_said = missing.len() < words.len() && missing.iter().all(|word| is_idle(word));
    if !is_said {
        claim.names.extend(missing.into_iter().cloned());
    }
}

/// Whether a name has a word: `brand-a` has `a`.
fn is_within(name: &str, word: &str) -> bool {
    let is_same = name.bytes().filter(|byte| *byte != b'-').eq(word.bytes());
    name == word || is_same || name.strip_suffix(word).is_some_and(|before| before.ends_with('-'))
}
