//! Why each value belongs to its instance, and why the others belong to none: the law, what was said, and where.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{Level, Segment};
use super::clash::Split;
use super::group::{Group, Key};
use super::layers::Closeness;
use super::parts::Part;
use super::piece::Piece;
use super::vocabulary::is_role;
use crate::declared::Known;
use crate::model::attribution::{Attribution, Law, Unattributed};
use crate::model::setting::{Setting, SettingId};
use crate::recognise::Said;

/// What the reasons are read off.
pub struct Reasons<'a> {
    parts: &'a [Part<'a>],
    /// The pieces that the parts were made of, in the same order.
    pieces: &'a [Piece],
    declared: &'a Known<'a>,
    /// The part of each first setting: all settings of a part go the same way.
    part_of: BTreeMap<SettingId, usize>,
    /// The parts that law 1 told apart.
    split: BTreeSet<usize>,
    /// The parts that instances have.
    known: BTreeSet<usize>,
}

impl<'a> Reasons<'a> {
    pub fn of(
        (parts, pieces): (&'a [Part<'a>], &'a [Piece]),
        split: &Split,
        declared: &'a Known<'a>,
    ) -> Self {
        let of_part = |(index, part): (usize, &Part<'_>)| Some((*part.settings.first()?, index));
        let torn: BTreeSet<_> = split.values().flatten().collect();
        let is_split = |(_, part): &(usize, &Part<'_>)| torn.contains(&part.claim.identity());
        let split = parts.iter().enumerate().filter(|_| !torn.is_empty()).filter(is_split);
        Self {
            parts,
            pieces,
            declared,
            part_of: parts.iter().enumerate().filter_map(of_part).collect(),
            split: split.map(|(index, _)| index).collect(),
            known: BTreeSet::new(),
        }
    }

    /// Why an instance has what it has.
    pub fn attributions(&mut self, key: &Key, group: &Group) -> Vec<Attribution> {
        let mut reaching: BTreeMap<usize, Closeness> = BTreeMap::new();
        for (id, closeness) in &group.reaching {
            if let Some(part) = self.part_of.get(id) {
                reaching.entry(*part).or_insert(*closeness);
            }
        }
        self.known.extend(reaching.keys());
        let all = reaching.into_iter().filter_map(|(index, closeness)| {
            let part = self.parts.get(index)?;
            let at = part.contribution.settings.first()?.at;
            let (law, because) = match key {
                Key::Declared(name) => self.declared.reason(part.path, name).map_or_else(
                    || self.reason(group, index, closeness, Some(name)),
                    |because| (Law::Declared, because),
                ),
                Key::Read(_) => self.reason(group, index, closeness, None),
            };
            Some(Attribution { at, law, because })
        });
        all.collect()
    }

    /// The law and the clause for a part that no pattern of the configuration takes.
    fn reason(
        &self,
        group: &Group,
        index: usize,
        closeness: Closeness,
        declared: Option<&String>,
    ) -> (Law, String) {
        let Some((part, piece)) = self.parts.get(index).zip(self.pieces.get(index)) else {
            return (Law::Unknown, String::new());
        };
        if closeness != Closeness::Own {
            let feed = group.feeds.get(&part.contribution.source).filter(|feed| feed.inherited);
            let own = || "its own file hands it down".to_owned();
            return (Law::Inheritance, feed.map_or_else(own, |feed| feed.why.clone()));
        }
        let environment = part.claim.environment.as_ref().map(|said| said.name.as_str());
        let tells = |segment: &&Segment| {
            let is_its = |word: &&str| environment.is_some_and(|own| own.starts_with(word));
            segment.rest.iter().any(|word| part.claim.names.contains(word))
                || segment.environments.iter().any(is_its)
        };
        let telling: Vec<&Segment> = piece.address.iter().filter(tells).collect();
        let law = match telling.iter().map(|segment| segment.level).max() {
            _ if self.split.contains(&index) => Law::NoValueVanishes,
            Some(_) if names_environment(part) => Law::NamedEnvironment,
            Some(Level::Service | Level::Workload | Level::Key | Level::Label | Level::Task) => {
                Law::DocumentBeatsPath
            }
            _ => Law::OnlyWhatVaries,
        };
        let mut because = match telling.as_slice() {
            [] => "nothing in its path or above it does".to_owned(),
            some => some.iter().copied().map(named).collect::<Vec<_>>().join(", "),
        };
        if let Some(name) = declared {
            because.extend([format!(": the words of `{name}`, which is declared")]);
        }
        let is_of_roles = |segment: &&Segment| {
            !segment.rest.is_empty() && segment.rest.iter().all(|word| is_role(word))
        };
        let roles = piece.address.iter().filter(|segment| is_of_roles(segment) && !tells(segment));
        because.extend(roles.map(|segment| format!("; {} is a role", named(segment))));
        (law, because)
    }

    /// What belongs to no instance. To be asked last.
    pub fn unattributed(&self) -> Vec<Unattributed> {
        let left = self.part_of.values().filter(|part| !self.known.contains(part));
        let unattributed = left.filter_map(|index| {
            let part = self.parts.get(*index)?;
            let because = if part.contribution.is_keyring() {
                "an encryption key alone makes no instance"
            } else if part.claim.is_of_job && !part.claim.is_part {
                "its job names no environment, and jobs beside it do"
            } else if part.base.is_some() {
                "it is a base, and nothing here inherits it"
            } else {
                "what it sets makes no instance, and none takes it in"
            };
            left_out(&part.contribution.settings, because)
        });
        unattributed.collect()
    }
}

/// Settings that stand together and belong to no instance.
pub fn left_out(settings: &[Setting], because: &str) -> Option<Unattributed> {
    settings.first().map(|first| Unattributed { at: first.at, because: because.to_owned() })
}

/// Whether a command or a job names the environment that it is for.
fn names_environment(part: &Part<'_>) -> bool {
    part.contribution.said.as_ref().is_some_and(|said| {
        said.how == Said::CLOUD || said.names.iter().any(|name| name == Said::ENVIRONMENT)
    })
}

/// A segment of an address, with what it is.
fn named(segment: &Segment) -> String {
    let what = match segment.level {
        Level::Task => "the job or target",
        Level::Object | Level::File => "the file",
        Level::Folder => "the folder",
        Level::Service => "the service",
        Level::Workload => "the workload",
        Level::Key => "the key",
        Level::Label => "the document's name",
    };
    format!("{what} `{}`", segment.text)
}
