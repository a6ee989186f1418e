//! The names that stand for settings, and who looks for them.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::filling::Filling;
use super::names::{self, Name, Space, name};
use super::reach::Reach;
use super::rename::Detour;
use super::roles::Plays;
use super::seeker::Seeker;
use super::templates::Templates;
use super::{azure, bound, decoded, generated, globs, maps, plays, rounds, sourced, terragrunt};
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting, Value};
use crate::model::way::Way;
use crate::recognise::{Contribution, Recognised, dialects};
use crate::source::{Location, Source, SourceId};
use crate::sources::Sources;
use crate::syntax::file_name;

/// A name that stands for a setting.
pub struct Alias {
    /// The setting, at its scope.
    pub parameter: Parameter,
    pub scope: Scope,
    pub carrier: Carrier,
    /// Where it stands, and the names that it stands for itself.
    pub ways: Vec<Way>,
}

/// What looks for names in a tree, and for what.
#[derive(Default)]
pub struct Sought {
    pub reach: Reach,
    pub aliases: Vec<Alias>,
    known: BTreeSet<(Location, Parameter, Scope)>,
    filling: Filling,
    templates: Templates,
}

impl Sought {
    /// Finds the names that stand in the place of values.
    pub fn of<'r>(sources: &Sources, recognised: impl Iterator<Item = &'r Recognised>) -> Self {
        let mut reach = Reach::of(sources.paths().map(|(_, path)| path));
        reach.included = terragrunt::included(sources);
        let texts = sources.paths().filter_map(|(id, _)| sources.get(id));
        reach.decoded = globs::set(texts.flat_map(decoded::named));
        reach.plays = Plays::of(sources);
        reach.generated = generated::named(sources);
        let (filling, templates) = (Filling::of(sources), Templates::of(sources));
        let mut sought = Self { reach, filling, templates, ..Self::default() };
        for (id, path) in sources.paths().filter(|(_, path)| file_name(path) == "Chart.yaml") {
            let text =
                sources.get(id).map(Source::text).filter(|text| text.contains("dependencies:"));
            let charts = text.and_then(|text| Some(dialects::format(path, text)?.parse(id, text)));
            let charts = charts.map_or_else(Vec::new, |parsed| parsed.documents);
            for chart in &charts {
                sought.reach.add_dependencies(path, chart);
            }
        }
        let mut by_script: BTreeMap<SourceId, Vec<GlobMatcher>> = BTreeMap::new();
        for found in recognised.flat_map(|found| &found.contributions) {
            let deployment = found.deployment.as_ref();
            if let Some(deployment) = deployment {
                sought.reach.add_substitution(sources.path(found.source), deployment);
            }
            let mut files = files(found);
            if let Some(source) = sources.get(found.source)
                && found.settings.iter().any(Setting::has_reference)
            {
                let taken = by_script.entry(found.source);
                let taken = taken.or_insert_with(|| sourced::files(source.path(), source.text()));
                files.extend(taken.iter().cloned());
            }
            for setting in &found.settings {
                sought.add(sources, setting, (&[], &files));
            }
        }
        sought
    }

    /// Adds what a setting's value is called, where that is a name; `files`: those alone that can give it, if its document says which.
    pub fn add(
        &mut self,
        sources: &Sources,
        setting: &Setting,
        (above, files): (&[Way], &[GlobMatcher]),
    ) {
        let is_open = |value: &Value| matches!(value, Value::Reference | Value::Unknown);
        let mut possible = setting.possible();
        let Some((_, at)) = possible.find(|(value, _)| is_open(value)) else { return };
        let key = (setting.at, setting.parameter, setting.scope.clone());
        if !is_followed(setting.parameter) || self.known.contains(&key) {
            return;
        }
        let Some(source) = sources.get(setting.at.source) else { return };
        let path = sources.path(setting.at.source);
        let span = bound::origin(source, at.span);
        let written = names::written(source, span);
        let before = source.text().get(..span.start as usize).unwrap_or_default();
        let hole = written.replace("{{.", "{{").replace("{{ .", "{{");
        let one = |name: Name| vec![name];
        let names = match files {
            [] => self
                .templates
                .names(sources, source, span)
                .or_else(|| rounds::name(source, span, written).map(one))
                .or_else(|| maps::of_read(path, before, written).map(one))
                .or_else(|| name(path, written).map(one))
                .or_else(|| maps::name(path, before, written).map(one)),
            _ => name(path, &hole).map(one),
        };
        let taken = || decoded::name(path, written).filter(|_| files.is_empty());
        let taken = if names.is_none() { taken() } else { None };
        let files = taken.as_ref().map_or(files, |(_, files)| files.as_slice());
        let Some(mut names) = names.or_else(|| Some(vec![taken.as_ref()?.0.clone()])) else {
            return;
        };
        if written.contains("${") && is_substituted(source.text()) {
            let of_script = names.iter_mut().filter(|name| name.space == Space::Environment);
            of_script.for_each(|name| name.space = Space::Template);
        }
        let leads = |name: &Name| {
            name.space != Space::Decoded || !files.is_empty() && !name.path.is_empty()
        };
        if names.iter().all(leads) {
            self.known.insert(key);
            for (behind, name) in (0..).zip(names) {
                self.seek((sources, source), setting, (name, behind), (above, files));
            }
        }
    }

    /// Looks for one name of a setting, before which `behind` others count.
    fn seek(
        &mut self,
        (sources, source): (&Sources, &Source),
        setting: &Setting,
        (name, behind): (Name, u8),
        (above, files): (&[Way], &[GlobMatcher]),
    ) {
        let path = sources.path(setting.at.source);
        let mut ways = vec![Way { at: setting.at, name: name.shown(), behind }];
        ways.extend_from_slice(above);
        let Setting { parameter, scope, carrier, .. } = setting.clone();
        let alias = || Alias { parameter, scope: scope.clone(), carrier, ways: ways.clone() };
        let seeker = |name, files| Seeker { name, path: path.to_owned(), at: setting.at, files };
        if let Some(filling) = self.filling.files(&name, path).filter(|_| files.is_empty()) {
            // The files that a script takes in before it fills a document.
            self.reach.add(seeker(name.clone(), filling));
            self.aliases.push(alias());
        }
        let named = match name.space {
            Space::Play => self.files(sources, source),
            Space::Environment => azure::files(source),
            _ => Vec::new(),
        };
        if !named.is_empty() {
            // What its play or its pipeline names gives it as well.
            self.reach.add(seeker(name.clone(), named));
            self.aliases.push(alias());
        }
        self.reach.add(seeker(name, files.to_vec()));
        self.aliases.push(alias());
    }

    /// The files of variables that the plays name that a file is part of.
    fn files(&self, sources: &Sources, source: &Source) -> Vec<GlobMatcher> {
        let users: BTreeSet<&str> = self.reach.plays.users(source.path()).collect();
        let plays = sources.paths().filter(|(_, path)| users.contains(path));
        let plays = plays.filter_map(|(id, _)| sources.get(id));
        plays.chain([source]).flat_map(plays::files).collect()
    }

    /// Looks behind a name for what stands beneath it: `local.current.space`, where `current` is `local.all[terraform.workspace]`.
    pub fn take_detour(&mut self, sources: &Sources, detour: &Detour) {
        let Detour { number, at, rest } = detour;
        let Some((source, alias)) = sources.get(at.source).zip(self.aliases.get(*number)) else {
            return;
        };
        let key = (*at, alias.parameter, alias.scope.clone());
        let path = sources.path(at.source);
        let written = source.slice(at.span);
        let before = source.text().get(..at.span.start as usize).unwrap_or_default();
        let found = maps::name(path, before, written).or_else(|| name(path, written));
        let found = found.map(|name| (name, Vec::new()));
        let found = found.or_else(|| decoded::name(path, written));
        let found = found.filter(|(name, files)| name.space != Space::Decoded || !files.is_empty());
        let Some((mut name, files)) = found.filter(|_| !self.known.contains(&key)) else { return };
        name.path.extend_from_slice(rest);
        let mut ways = vec![Way { at: *at, name: name.shown(), behind: 0 }];
        ways.extend_from_slice(&alias.ways);
        let Alias { parameter, scope, carrier, .. } = alias;
        let alias = Alias { parameter: *parameter, scope: scope.clone(), carrier: *carrier, ways };
        self.known.insert(key);
        self.reach.add(Seeker { name, path: path.to_owned(), at: *at, files });
        self.aliases.push(alias);
    }

    /// Whether a file may give a name that is looked for.
    #[must_use]
    pub fn may_give(&self, path: &str) -> bool {
        self.reach.may_give(path)
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reach.is_idle()
    }
}

/// Whether a text is a template of AWS that puts parameters into its texts.
///
/// Source: the AWS documentation, *Intrinsic function reference*, `Fn::Sub`.
fn is_substituted(text: &str) -> bool {
    text.contains("Parameters") && text.contains("Resources") && text.contains("Sub")
}

/// Whether a setting has a path by which a name can be read as it.
fn is_followed(parameter: Parameter) -> bool {
    parameter.path().matches('/').count() == 2
}

/// The files of which a part's document makes its objects, where it says which.
pub fn files(part: &Contribution) -> Vec<GlobMatcher> {
    let files = part.deployment.as_ref().map_or(&[][..], |deployment| &deployment.files);
    files.iter().filter_map(|glob| globs::matcher(glob)).collect()
}
