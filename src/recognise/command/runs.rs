//! What a script sets when it is run for each of the words that it knows, where that differs.

use std::collections::BTreeSet;

use super::branches::{COLLECTION, is_of_shop};
use super::reader::Reader;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::recognise::Said;
use crate::recognise::handed::Handed;
use crate::source::{Location, Source, SourceId};
use crate::syntax::shell::{self, runs};

/// What a setting is, and where: two runs that set the same are no two instances.
type Set = BTreeSet<SetOne>;
type SetOne = (Parameter, Location, Location, Option<Fingerprint>);

impl<'a> Reader<'a> {
    /// Takes what the runs of a script set for what all of it may set, where these tell more than its branches do.
    pub fn tell_runs_apart(&mut self, (source, id): (&'a Source, SourceId), handed: &'a Handed) {
        if self.found.is_empty() && self.stated.is_empty() && self.written.is_empty() {
            return;
        }
        let mut told: Vec<(bool, Self)> = Vec::new();
        for mut run in runs::runs(source.text()) {
            let parsed = shell::script(id, &run.text, 0, &mut run.variables);
            let mut above = Vec::new();
            for (subject, word) in run.words {
                let how = match run.is_otherwise {
                    true => Said::OTHERWISE,
                    false if is_of_shop(&subject.to_ascii_uppercase()) => COLLECTION,
                    false => Said::CASE,
                };
                above.extend([how.to_owned(), word.to_ascii_lowercase()]);
            }
            let mut reader = Self::new(source, id, handed);
            for document in &parsed.documents {
                reader.read(document, &above);
            }
            told.push((run.is_otherwise, reader));
        }
        // What is for none of the words may never be asked for: it counts where it sets what no word does.
        let of_words: Vec<Set> =
            told.iter().filter(|(is_rest, _)| !is_rest).map(|(_, run)| run.set()).collect();
        told.retain(|(is_rest, run)| {
            let is_known = |one: &SetOne| of_words.iter().any(|set| set.contains(one));
            !is_rest || run.set().iter().any(|one| one.3.is_some() && !is_known(one))
        });
        let told: Vec<Self> = told.into_iter().map(|(_, run)| run).collect();
        let sets: BTreeSet<Set> = told.iter().map(Self::set).filter(|set| !set.is_empty()).collect();
        let is_told = sets.len() > 1 || sets.first().is_some_and(|set| *set != self.set());
        if !is_told {
            return;
        }
        self.found.clear();
        self.stated.clear();
        self.written.clear();
        for run in told {
            self.found.extend(run.found);
            self.stated.extend(run.stated);
            self.written.extend(run.written);
        }
    }

    /// What was read to be set.
    fn set(&self) -> Set {
        let own = self.found.iter().map(|found| &found.setting);
        let stated = self.stated.iter().map(|(found, _)| &found.setting);
        let written = self.written.iter().flat_map(|part| &part.settings);
        let set = |setting: &Setting| {
            (setting.parameter, setting.key_at, setting.at, setting.fingerprint())
        };
        own.chain(stated).chain(written).map(set).collect()
    }
}
