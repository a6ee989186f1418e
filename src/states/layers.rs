//! The files that a configuration extends: of a state, or beside one that a user names. Nothing is fetched.

use std::path::{Path, PathBuf};

use super::configured::{Configuration, Extended};
use super::packs::{self, Packs};
use super::request::Configured;
use super::snapshot::{Snapshot, named, on_disk, unreadable};
use crate::config::layers::layered;
use crate::config::preset::Preset;
use crate::config::{Config, ConfigError, FILE_NAMES};
use crate::discover::given::Texts;
use crate::error::Error;
use crate::read::LARGEST_CONFIGURATION;
use crate::rules;
use crate::rules::packs::PackPage;

/// The most files that stand on each other.
const DEEPEST: usize = 8;

/// The most files that a configuration extends in all.
const MOST: usize = 32;

/// The folder of a configuration.
enum Beside<'a> {
    State(&'a Snapshot, String),
    Disk { root: PathBuf, folder: PathBuf, is_outside: bool },
}

/// A configuration and what stands beside it.
pub(super) struct Own<'a> {
    shown: String,
    text: String,
    beside: Beside<'a>,
}

/// What a configuration is put on top of, and the preset that whoever runs the tool wants.
#[derive(Default)]
pub(super) struct Stack {
    pub above: Vec<(Extended, Vec<PackPage>)>,
    pub preset: Option<Preset>,
}

impl<'a> Own<'a> {
    /// A file of a state.
    pub(super) fn of_state(state: &'a Snapshot, name: &str, shown: &str, text: String) -> Self {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Self { shown: shown.to_owned(), text, beside: Beside::State(state, folder) }
    }

    /// A file that a user names.
    pub(super) fn on_disk(root: &Path, file: &Path, text: String) -> Self {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let beside = Beside::Disk { root: root.to_owned(), folder, is_outside: false };
        Self { shown: file.display().to_string(), text, beside }
    }
}

impl Beside<'_> {
    fn file(&self, path: &str) -> Result<Option<Extended>, Error> {
        let (path, text, is_outside) = match self {
            Self::State(state, folder) => {
                let path = joined(folder, path);
                let text = state.text(&path, LARGEST_CONFIGURATION)?;
                (path, text, false)
            }
            Self::Disk { root, folder, is_outside } => {
                let path = folder.join(path);
                let text = on_disk(root, &path, LARGEST_CONFIGURATION)?;
                (path.display().to_string(), text, *is_outside)
            }
        };
        Ok(text.map(|text| Extended { path, text, is_outside }))
    }

    fn pages(&self, within: &str, pack: &str) -> Result<Vec<PackPage>, Error> {
        let pack = joined(within, pack);
        match self {
            Self::State(state, folder) => packs::of_state(state, &joined(folder, &pack)),
            Self::Disk { folder, .. } => packs::in_folder(&folder.join(pack)),
        }
    }

    /// Adds what a file extends, then what that extends, each once; what holds less goes first.
    fn extended(
        &self,
        (shown, text): (&str, &str),
        (within, below): (&str, &[String]),
        found: &mut Vec<(Extended, Vec<PackPage>)>,
    ) -> Result<(), Error> {
        for (path, span) in Config::extends(text) {
            let mistake = |message: String, help: &str| {
                let error = ConfigError { span, message, help: help.to_owned() };
                Error::configuration(shown, text, vec![error])
            };
            if below.len() >= DEEPEST || found.len() >= MOST {
                let message = "more policies stand on each other than are read".to_owned();
                return Err(mistake(message, "let one policy extend the others"));
            }
            let name = joined(within, &path);
            let Some(file) = self.file(&name)? else {
                let help =
                    "the file is sought in the folder of the configuration, and nothing is fetched";
                return Err(mistake(format!("there is no file `{path}`"), help));
            };
            let is_known = found.iter().any(|(known, _)| known.path == file.path);
            if is_known || file.path == shown || below.contains(&file.path) {
                continue;
            }
            let below = [below, std::slice::from_ref(&file.path)].concat();
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            self.extended((&file.path, &file.text), (&folder, &below), found)?;
            let mut pages = Vec::new();
            for pack in Config::packs(&file.text) {
                pages.append(&mut self.pages(&folder, &pack)?);
            }
            found.push((file, pages));
        }
        Ok(())
    }
}

/// The policy in a file that a user names, and what it extends.
pub(super) fn in_file(root: &Path, file: &Path) -> Result<Vec<(Extended, Vec<PackPage>)>, Error> {
    let text = named(root, file, LARGEST_CONFIGURATION).map_err(|why| unreadable(file, &why))?;
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let beside = Beside::Disk { root: root.to_owned(), folder, is_outside: true };
    let shown = file.display().to_string();
    let mut found = Vec::new();
    beside.extended((&shown, &text), ("", &[]), &mut found)?;
    let mut pages = Vec::new();
    for pack in Config::packs(&text) {
        pages.append(&mut beside.pages("", &pack)?);
    }
    found.push((Extended { path: shown, text, is_outside: true }, pages));
    Ok(found)
}

impl Stack {
    /// Reads a configuration, if there is one, on top of what stands above it: which rules there are depends on all of them.
    pub(super) fn read(self, own: Option<Own<'_>>) -> Result<Configuration, Error> {
        let (extended, pages) = gathered(self.above, own.as_ref())?;
        let packs = Packs::of(pages)?;
        let theirs = packs.rules.iter().map(|rule| rule.id.as_str());
        let known: Vec<&str> = rules::ids().into_iter().chain(theirs).collect();
        let mut layers = Vec::new();
        for (file, Extended { path, text, .. }) in (1..).zip(&extended) {
            let config = Config::parse_policy(text, &known)
                .map_err(|mistakes| Error::configuration(path, text, mistakes))?;
            layers.push((file, config));
        }
        let mut config = Config::default();
        if let Some(Own { shown, text, .. }) = &own {
            config = Config::parse(text, &known)
                .map_err(|mistakes| Error::configuration(shown, text, mistakes))?;
        }
        if self.preset.is_some() {
            config.policy.preset = self.preset;
            config.places.remove(Config::PRESET_KEY);
        }
        let text = own.map(|own| (own.shown, own.text));
        if layers.is_empty() && config.policy.preset.is_none() {
            return Ok(Configuration { config, text, packs, ..Configuration::default() });
        }
        layers.push((0, config));
        let mut all = rules::all();
        all.extend(Packs::of(packs.pages.clone())?.rules);
        let (config, breaches) = layered(layers, &all);
        Ok(Configuration { config, text, packs, extended, breaches })
    }
}

/// What a configuration extends, and the pages of all packs that it and these name.
fn gathered(
    above: Vec<(Extended, Vec<PackPage>)>,
    own: Option<&Own<'_>>,
) -> Result<(Vec<Extended>, Vec<PackPage>), Error> {
    let mut all = above;
    let mut pages = Vec::new();
    if let Some(own) = own {
        own.beside.extended((&own.shown, &own.text), ("", &[]), &mut all)?;
        for pack in Config::packs(&own.text) {
            pages.append(&mut own.beside.pages("", &pack)?);
        }
    }
    let extended: Vec<Extended> = all.iter().map(|(file, _)| file.clone()).collect();
    pages.extend(all.into_iter().flat_map(|(_, pages)| pages));
    Ok((extended, pages))
}

/// The pages of all packs that the configuration of a folder names, whatever else stands in it: who asks what a rule is may do so because
/// of a mistake there.
pub(super) fn pages(
    path: &Path,
    configured: &Configured,
    policy: Option<&Path>,
) -> Result<Vec<PackPage>, Error> {
    let above = policy.map(|file| in_file(path, file)).transpose()?.unwrap_or_default();
    let state = Snapshot::Folder(path.into(), Texts::default());
    let mut texts = Vec::new();
    if *configured == Configured::Tree {
        for name in FILE_NAMES {
            let text = state.text(name, LARGEST_CONFIGURATION)?;
            texts.extend(text.map(|text| Own::of_state(&state, name, name, text)));
        }
    } else if let Configured::File(file) = configured {
        let text = named(path, file, LARGEST_CONFIGURATION);
        texts.push(Own::on_disk(path, file, text.map_err(|why| unreadable(file, &why))?));
    }
    Ok(gathered(above, texts.first())?.1)
}

fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}
