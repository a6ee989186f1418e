//! Files that lead from instances to what they take in, and need not name a setting themselves: compose files, scripts that run `helm`, inventories.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobSet;

use super::running::runs_commands;
use super::{decoded, filling, globs, groups, hiera, inventory, names, required, scripts, seeker};
use crate::model::setting::Setting;
use crate::recognise::command::env_files;
use crate::recognise::{Recognised, helmfile, kustomize};
use crate::resolve::conventions::{Base, chart_of_template, extension, parent};
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::php::Php;
use crate::syntax::shell::Shell;
use crate::syntax::{Format as _, file_name};

/// What gives the settings of a tree, where other files can lead to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Giver {
    /// Documents without a kind of their own: values of charts, compose files.
    Values,
    /// Templates of charts, which are taken in under other names.
    Charts,
    /// Terraform's or Nomad's files.
    Plans,
    /// Variables of plays.
    Variables,
    /// PHP files, which others can take in.
    Code,
    /// Files of variables.
    Files,
    /// Scripts with values that whoever runs them gives.
    Scripts,
}

/// Which files of a tree may lead to its settings.
#[derive(Default)]
pub struct Leads {
    /// What gives some.
    givers: BTreeSet<Giver>,
    /// The files that kustomizations name, patches among them, which set what they do not name; and those that PHP files take in.
    named: BTreeSet<String>,
    /// The bases that give some, by the folders in which files override them.
    bases: BTreeMap<String, BTreeSet<String>>,
    /// The charts whose templates set something, which other templates of theirs can take in.
    charts: BTreeSet<String>,
    /// The files that scripts may take in.
    taken: GlobSet,
    /// The files that are read already.
    known: BTreeSet<SourceId>,
}

impl Leads {
    /// Knows what gives settings in a tree.
    pub fn of<'r>(sources: &Sources, recognised: impl Iterator<Item = &'r Recognised>) -> Self {
        let mut leads = Self::default();
        for found in recognised.flat_map(|found| &found.contributions) {
            let path = sources.path(found.source);
            let gives = !found.settings.is_empty() && !found.is_object;
            let is_program =
                || sources.get(found.source).is_some_and(|source| source.text().starts_with("#!"));
            let giving = [
                // What a template takes of its values is known later.
                (
                    Giver::Values,
                    gives && extension(path) == "yaml"
                        || chart_of_template(path).is_some()
                        || is_compose(path) && !found.includes.is_empty(),
                ),
                (Giver::Charts, chart_of_template(path).is_some()),
                (Giver::Plans, names::is_terraform(path)),
                (Giver::Files, gives && seeker::is_assignments(file_name(path))),
                (Giver::Code, gives && Php.claims(path)),
                (
                    Giver::Scripts,
                    (runs_commands(path) || Shell::Script.claims(path) || is_program())
                        && (found.settings.iter().any(Setting::has_reference)
                            || !found.opaque.is_empty()),
                ),
                (
                    Giver::Variables,
                    gives
                        && (inventory::is_of_variables(path)
                            || inventory::root_of_plays(sources, found, &BTreeSet::new())
                                .is_some()),
                ),
            ];
            leads
                .givers
                .extend(giving.iter().filter(|(_, is_one)| *is_one).map(|(giver, _)| *giver));
            if let Some(base) = Base::of(path).filter(|_| !found.settings.is_empty()) {
                let of_folder = leads.bases.entry(base.folder().to_owned()).or_default();
                of_folder.insert(path.to_owned());
            }
            leads.charts.extend(chart_of_template(path).map(|(chart, _)| chart.to_owned()));
            if kustomize::claims(path) {
                leads.named.extend(found.includes.iter().map(|include| include.path.clone()));
            }
            leads.known.insert(found.source);
        }
        let texts = sources.paths().filter(|(_, path)| Php.claims(path));
        let texts = texts.filter_map(|(id, _)| sources.get(id));
        leads.named.extend(texts.flat_map(required::named));
        if leads.has(Giver::Scripts) {
            let scripts = sources.paths().filter_map(|(id, _)| sources.get(id));
            leads.taken = globs::set(scripts.flat_map(scripts::taken));
        }
        leads
    }

    fn has(&self, giver: Giver) -> bool {
        self.givers.contains(&giver)
    }

    /// Whether a file may lead to settings, by its path alone.
    #[must_use]
    pub fn may_lead(&self, path: &str) -> bool {
        self.named.contains(path)
            || self.has(Giver::Values)
                && (is_compose(path) || runs_commands(path) || helmfile::claims(path))
            || self.has(Giver::Values) && hiera::is_hierarchy(path)
            || (self.has(Giver::Plans) || self.has(Giver::Files)) && runs_commands(path)
            || self.has(Giver::Charts) && file_name(path) == "Chart.yaml"
            || chart_of_template(path).is_some_and(|(chart, _)| self.charts.contains(chart))
            || self.has(Giver::Variables) && groups::may_be_inventory(path)
            || self.has(Giver::Code) && Php.claims(path) && required::is_read(path)
            || self.has(Giver::Scripts)
                && (runs_commands(path) || !has_ending(path) || self.taken.is_match(path))
            || self.may_override(path)
    }

    /// Whether a file stands where files override one that gives settings.
    fn may_override(&self, path: &str) -> bool {
        let folder = parent(path);
        let mut bases = [folder, parent(folder)].into_iter().filter_map(|at| self.bases.get(at));
        let may_feed = |base: &String| Base::of(base).is_some_and(|base| base.may_feed(path));
        bases.any(|of_folder| of_folder.iter().any(may_feed))
    }

    /// Whether a file is to be read for what it takes in.
    #[must_use]
    pub fn is_new(&self, id: SourceId, path: &str, text: &str) -> bool {
        let takes = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let is_compose = is_compose(path) && takes(&["include:", "extends:"]);
        let is_script = runs_commands(path) && text.contains("helm") && takes(&["-f", "--values"]);
        let composes = runs_commands(path) && text.contains("compose");
        let is_composed = composes && takes(&["-f", "--file", "COMPOSE_FILE"]);
        let is_plan = runs_commands(path) && takes(&["-var-file"]);
        let is_of_files = runs_commands(path) && takes(&env_files::OPTIONS);
        let is_helmfile = helmfile::claims(path) && takes(&["environments:", "releases:"]);
        let is_of_values =
            self.has(Giver::Values) && (is_compose || is_script || is_composed || is_helmfile);
        let is_of_files = self.has(Giver::Files) && is_of_files;
        !self.known.contains(&id)
            && (is_of_values || is_of_files || self.has(Giver::Plans) && is_plan)
    }
}

/// Whether what a file names can be read for what it names in turn.
#[must_use]
pub fn leads_on(source: &Source) -> bool {
    chart_of_template(source.path()).is_some()
        || !required::named(source).is_empty()
        || !decoded::named(source).is_empty()
        || !scripts::taken(source).is_empty()
        || runs_commands(source.path()) && source.text().contains(filling::PROGRAM)
}

/// Whether a file's name has an ending; scripts need none.
fn has_ending(path: &str) -> bool {
    file_name(path).contains('.')
}

fn is_compose(path: &str) -> bool {
    let name = file_name(path);
    extension(name) == "yaml" && name.contains("compose")
}
