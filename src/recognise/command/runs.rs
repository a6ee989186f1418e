//! What a script sets when it is run for each of the words that it knows, where that differs.

use std::collections::{BTreeMap, BTreeSet};

use super::branches::{COLLECTION, is_of_shop};
use super::reader::Reader;
use super::settle::Found;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::recognise::Said;
use crate::recognise::handed::Handed;
use crate::source::{Location, Source, SourceId};
use crate::syntax::shell::runs::{Given, Run};
use crate::syntax::shell::{self, Shell, make, runs};
use crate::syntax::{Format, Node, NodeKind};

/// What a setting is, and where: two runs that set the same are no two instances.
type Set = BTreeSet<One>;
type One = (Parameter, Location, Location, Option<Fingerprint>);

impl<'a> Reader<'a> {
    /// Takes what the runs of a script set for what all of it may set, where these tell more than its branches do.
    pub fn tell_runs_apart(
        &mut self,
        (source, id): (&'a Source, SourceId),
        handed: &'a Handed,
        mut runs: Vec<Run>,
    ) {
        let mut told: Vec<(bool, Self)> = Vec::new();
        let mut is_of_files = false;
        let is_of_targets = runs.iter().any(|run| run.target.is_some());
        let read = |run: &Run, above: &[String]| {
            let mut reader = Self::new(source, id, handed);
            reader.words = Some(above.to_vec());
            if let [only] = run.scripts.as_slice()
                && only.id.is_none()
                && only.base == 0
            {
                reader.run = Some(only.text.as_str().into());
            }
            if let Some(script) = script(run, id, handed) {
                reader.read(&script, above);
            }
            reader
        };
        forget_idle(&mut runs, &|run| read(run, &[]).values());
        for run in &runs {
            is_of_files |= run.is_of_files;
            let target = run.target.iter().flat_map(|name| [Said::TARGET.to_owned(), name.clone()]);
            let mut above: Vec<String> = target.collect();
            for Given { word, subject, .. } in &run.words {
                let how = match run.is_otherwise {
                    true => Said::OTHERWISE,
                    // What has a file of its own is an installation.
                    false if run.is_of_files => COLLECTION,
                    false if is_of_shop(&subject.to_ascii_uppercase()) => COLLECTION,
                    false => Said::CASE,
                };
                above.extend([how.to_owned(), word.to_ascii_lowercase()]);
            }
            told.push((run.is_otherwise, read(run, &above)));
        }
        let all: BTreeSet<Set> = told.iter().map(|(_, run)| run.last()).collect();
        let has_rest = told.iter().any(|(is_rest, _)| *is_rest);
        if let (Some(only), 1, true, false) = (all.first(), all.len(), has_rest, is_of_files) {
            // Whatever it is run for, it sets the same in the end.
            self.keep(only);
            return;
        }
        // What is for none of the words may never be asked for: it counts where it sets what no word does.
        let of_words: Vec<Set> =
            told.iter().filter(|(is_rest, _)| !is_rest).map(|(_, run)| run.last()).collect();
        told.retain(|(is_rest, run)| {
            let is_known = |one: &One| of_words.iter().any(|set| set.contains(one));
            !is_rest || run.last().iter().any(|one| one.3.is_some() && !is_known(one))
        });
        let told: Vec<Self> = told.into_iter().map(|(_, run)| run).collect();
        // What a run for a word does not set, no arm for it does.
        let has_words =
            |how: &String| how == Said::CASE || how == Said::OTHERWISE || how == COLLECTION;
        let is_of_words = |run: &&Self| run.words.iter().flatten().any(has_words);
        let idle = told
            .iter()
            .filter(is_of_words)
            .filter(|run| run.set().iter().all(|one| one.3.is_none()));
        let idle: Vec<Vec<String>> = idle.filter_map(|run| run.words.clone()).collect();
        let sets: BTreeSet<Set> =
            told.iter().map(Self::last).filter(|set| !set.is_empty()).collect();
        let is_told =
            sets.len() > 1 || sets.first().is_some_and(|set| is_of_files || *set != self.set());
        if !is_told {
            for found in &mut self.found {
                let names = found.said.as_ref().map_or(&[][..], |said| &said.names);
                if idle.iter().any(|words| names.ends_with(words)) {
                    found.setting.value = Value::Unknown;
                }
            }
            return;
        }
        // What a makefile exports stands above all of its targets.
        let above = |found: &Found| {
            let start = found.setting.key_at.span.range().start;
            let before = source.text().get(..start).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            is_of_targets && found.said.is_none() && line.starts_with("export ")
        };
        self.found.retain(above);
        self.stated.clear();
        self.written.clear();
        for run in told {
            self.found.extend(run.found);
            self.stated.extend(run.stated);
            self.written.extend(run.written);
        }
    }

    /// The values that are set in the end, wherever they stand.
    fn values(&self) -> BTreeSet<(Parameter, Option<Fingerprint>)> {
        self.last().into_iter().map(|(parameter, _, _, value)| (parameter, value)).collect()
    }

    /// Keeps what is set in the end, if it is set at all.
    fn keep(&mut self, last: &Set) {
        let is_last = |setting: &Setting| last.contains(&one(setting));
        if !last.is_empty() && self.stated.is_empty() && self.written.is_empty() {
            self.found.retain(|found| is_last(&found.setting));
        }
    }

    /// What is set in the end: of one target, what comes last.
    fn last(&self) -> Set {
        let mut last = BTreeMap::new();
        for found in &self.found {
            let Setting { parameter, scope, carrier, .. } = &found.setting;
            let target =
                (&found.said, *parameter, scope, carrier.layer(), &found.around, &found.host);
            last.insert(target, one(&found.setting));
        }
        let stated = self.stated.iter().map(|(found, _)| one(&found.setting));
        let written = self.written.iter().flat_map(|part| &part.settings).map(one);
        last.into_values().chain(stated).chain(written).collect()
    }

    /// What was read to be set.
    fn set(&self) -> Set {
        let own = self.found.iter().map(|found| &found.setting);
        let stated = self.stated.iter().map(|(found, _)| &found.setting);
        let written = self.written.iter().flat_map(|part| &part.settings);
        own.chain(stated).chain(written).map(one).collect()
    }
}

fn one(setting: &Setting) -> One {
    (setting.parameter, setting.key_at, setting.at, setting.fingerprint())
}

/// What is run, as one script.
fn script(run: &Run, id: SourceId, handed: &Handed) -> Option<Node> {
    let mut commands: Vec<Node> = Vec::new();
    for ran in &run.scripts {
        let mut variables = ran.variables.clone().with_files(handed.files.as_ref());
        ran.exported.iter().for_each(|name| variables.export(Some(name)));
        let own = ran.id.unwrap_or(id);
        let parsed = shell::script(own, &ran.text, ran.base, &mut variables);
        for document in parsed.documents {
            commands.extend(document.items().iter().cloned());
        }
    }
    let of_home = commands.iter().filter(|command| command.at.source == id);
    let spans: Vec<_> = of_home.map(|command| command.at.span.range()).collect();
    let start = spans.iter().map(|span| span.start).min().unwrap_or_default();
    let end = spans.iter().map(|span| span.end).max().unwrap_or_default();
    let at = Location::new(id, start, end);
    (!commands.is_empty()).then(|| Node::new(at, NodeKind::Sequence(commands)))
}

/// The values that a run sets.
type Values = BTreeSet<(Parameter, Option<Fingerprint>)>;

/// Takes words from runs that change nothing of what these set: `apply` and `verify` of each environment. Of several runs that are left with the
/// same words, the first stays.
fn forget_idle(runs: &mut Vec<Run>, values: &dyn Fn(&Run) -> Values) {
    let groups: BTreeSet<usize> =
        runs.iter().flat_map(|run| run.words.iter().map(|given| given.group)).collect();
    if groups.len() < 2 {
        return;
    }
    let set: Vec<Values> = runs.iter().map(values).collect();
    for group in groups {
        let others = |run: &Run| -> Vec<String> {
            let others = run.words.iter().filter(|given| given.group != group);
            others.map(|given| given.word.clone()).collect()
        };
        let mut known: BTreeMap<Vec<String>, BTreeSet<&Values>> = BTreeMap::new();
        for (run, set) in runs.iter().zip(&set) {
            known.entry(others(run)).or_default().insert(set);
        }
        if known.values().all(|sets| sets.len() == 1) && !known.contains_key(&Vec::new()) {
            for run in runs.iter_mut() {
                run.words.retain(|given| given.group != group);
            }
        }
    }
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    runs.retain(|run| seen.insert(run.words.iter().map(|given| given.word.clone()).collect()));
}

/// The runs of a file, where it is a script or a makefile that sets something.
pub fn of(
    (source, id): (&Source, SourceId),
    format: Option<&dyn Format>,
    handed: &Handed,
    read: &Reader<'_>,
) -> Vec<Run> {
    let is = |shell: Shell| format.is_some_and(|format| format.is(&shell));
    let files = handed.files.as_deref();
    if is(Shell::Make) {
        return make::goals::runs(make::File { id, text: source.text(), files });
    }
    let is_idle = read.found.is_empty() && read.stated.is_empty() && read.written.is_empty();
    if !is(Shell::Script) || is_idle {
        return Vec::new();
    }
    runs::runs(source.text(), files.map(|files| (files, id)))
}
