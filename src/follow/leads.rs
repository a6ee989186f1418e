//! Files that lead from instances to what they take in, and need not name a setting themselves: compose files, scripts that run `helm`, inventories.

use std::collections::{BTreeMap, BTreeSet};

use super::inventory;
use crate::recognise::{Recognised, kustomize};
use crate::resolve::conventions::{Base, extension, parent};
use crate::source::SourceId;
use crate::sources::Sources;
use crate::syntax::file_name;

/// Which files of a tree may lead to its settings.
#[derive(Default)]
pub struct Leads {
    /// Whether documents without a kind of their own give settings: values of charts, compose files.
    has_values: bool,
    /// Whether variables of plays give some.
    has_variables: bool,
    /// The files that kustomizations name: patches among them, which set what they do not name.
    named: BTreeSet<String>,
    /// The bases that give some, by the folders in which files override them.
    bases: BTreeMap<String, BTreeSet<String>>,
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
            leads.has_values |= gives && extension(path) == "yaml";
            leads.has_variables |= gives && inventory::is_of_variables(path);
            if let Some(base) = Base::of(path).filter(|_| !found.settings.is_empty()) {
                let of_folder = leads.bases.entry(base.folder().to_owned()).or_default();
                of_folder.insert(path.to_owned());
            }
            if kustomize::claims(path) {
                leads.named.extend(found.includes.iter().map(|include| include.path.clone()));
            }
            leads.known.insert(found.source);
        }
        leads
    }

    /// Whether a file may lead to settings, by its path alone.
    #[must_use]
    pub fn may_lead(&self, path: &str) -> bool {
        self.named.contains(path)
            || self.has_values && (is_compose(path) || is_script(path))
            || self.has_variables && inventory::is_inventory(path)
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
        let is_script = is_script(path) && text.contains("helm") && takes(&["-f", "--values"]);
        self.has_values && !self.known.contains(&id) && (is_compose || is_script)
    }
}

fn is_compose(path: &str) -> bool {
    let name = file_name(path);
    name.contains("compose") && extension(name) == "yaml"
}

fn is_script(path: &str) -> bool {
    let name = file_name(path);
    let is_pipeline = path.contains(".github/workflows/")
        || path.contains(".gitlab")
        || name.contains("pipelines")
        || path.contains(".circleci/");
    is_pipeline
        || matches!(extension(name), "sh" | "mk")
        || matches!(
            name,
            "Makefile" | "makefile" | "GNUmakefile" | "Jenkinsfile" | "Taskfile.yml" | "justfile"
        )
}
