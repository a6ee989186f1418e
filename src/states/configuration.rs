//! The configuration of a state: of its root, of a file, of a trusted place.

use std::path::{Path, PathBuf};

use super::configured::Configuration;
use super::layers::{self, Own, Stack};
use super::request::{Chosen, Configured};
use super::snapshot::{Snapshot, folder, named, on_disk, unreadable};
use crate::config::baseline::{Baseline, BaselineFile, FILE_NAME};
use crate::config::{Config, ConfigError, FILE_NAMES};
use crate::discover;
use crate::discover::git::{GitError, Repository};
use crate::discover::given::Texts;
use crate::error::Error;
use crate::read::{LARGEST_BASELINE, LARGEST_CONFIGURATION};
use crate::rule::{self, Rule};

/// The configuration of a state: the one named, else the one at its root, else the defaults.
pub(super) fn configuration(
    path: &Path,
    state: &Snapshot,
    configured: &Configured,
    chosen: &Chosen,
) -> Result<Configuration, Error> {
    let above = chosen.policy.as_ref().map(|file| layers::in_file(path, file)).transpose()?;
    let stack = Stack { above: above.unwrap_or_default(), preset: chosen.preset };
    match configured {
        Configured::Nowhere => stack.read(None),
        Configured::Tree => at_root(path, state, stack),
        Configured::Proposed(text) => {
            stack.read(Some(Own::of_state(state, FILE_NAMES[0], FILE_NAMES[0], text.clone())))
        }
        Configured::File(file) => {
            if let Snapshot::Kept(..) = state
                && let Some(name) = name_in_tree(path, file)
            {
                let text = state.text(&name, LARGEST_CONFIGURATION)?;
                return stack.read(text.map(|text| Own::of_state(state, &name, &name, text)));
            }
            let mut read = in_file(path, file, stack)?;
            if let Some((shown, _)) = &mut read.text
                && let Some(name) = name_in_tree(path, file)
            {
                *shown = name;
            }
            Ok(read)
        }
        Configured::Trusted(place) => {
            if let Some(state) = trusted(path, place)? {
                return at_root(path, &state, stack);
            }
            in_file(path, Path::new(place), stack)
        }
    }
}

/// The configuration in a file that a user names, which must be there.
fn in_file(root: &Path, file: &Path, stack: Stack) -> Result<Configuration, Error> {
    let text = named(root, file, LARGEST_CONFIGURATION).map_err(|why| unreadable(file, &why))?;
    stack.read(Some(Own::on_disk(root, file, text)))
}

/// The baseline beside a configuration; one that the configuration names must be there.
pub(super) fn baseline(
    root: &Path,
    state: &Snapshot,
    configured: &Configured,
    (config, own): (&Config, Option<&(String, String)>),
) -> Result<Option<BaselineFile>, Error> {
    let name = config.policy.baseline.as_deref().unwrap_or(FILE_NAME);
    let on_disk_beside = |file: &Path| {
        let beside = file.with_file_name(name);
        let shown = name_in_tree(root, &beside).unwrap_or_else(|| beside.display().to_string());
        Ok::<_, Error>((shown, on_disk(root, &beside, LARGEST_BASELINE)?))
    };
    let (path, text) = match configured {
        Configured::Nowhere | Configured::Proposed(_) => return Ok(None),
        Configured::Tree => (name.to_owned(), state.text(name, LARGEST_BASELINE)?),
        Configured::File(file) => match (state, name_in_tree(root, &file.with_file_name(name))) {
            (Snapshot::Kept(..), Some(name)) => {
                let text = state.text(&name, LARGEST_BASELINE)?;
                (name, text)
            }
            _ => on_disk_beside(file)?,
        },
        Configured::Trusted(place) => match trusted(root, place)? {
            Some(state) => (name.to_owned(), state.text(name, LARGEST_BASELINE)?),
            None => on_disk_beside(Path::new(place))?,
        },
    };
    match text {
        Some(text) => {
            let baseline = Baseline::parse(&text)
                .map_err(|mistakes| Error::configuration(&path, &text, mistakes))?;
            Ok(Some(BaselineFile { baseline, path, text }))
        }
        None if config.policy.baseline.is_none() => Ok(None),
        None => Err(match own.zip(config.place(Config::BASELINE_KEY).filter(|at| at.file == 0)) {
            Some(((shown, text), at)) => {
                let message = format!("there is no file `{name}`");
                let help = "the file is sought beside the configuration: `commerce-lint baseline` writes it, or drop `baseline`".into();
                let mistake = ConfigError { span: at.span, message, help };
                Error::configuration(shown, text, vec![mistake])
            }
            None => Error::Unreadable { path, why: "it is not there".into() },
        }),
    }
}

/// Only what tells a change can be announced.
pub(super) fn intended_changes(
    rules: &[Rule],
    config: &Config,
    text: Option<&(String, String)>,
) -> Result<(), Error> {
    let Some((shown, text)) = text else { return Ok(()) };
    let tells_none = |id: &str| rule::of_id(rules, id).is_some_and(|rule| !rule.tells_change());
    let intended = config.waivers.iter().filter(|waiver| waiver.is_intended);
    let mistakes = intended.filter(|waiver| tells_none(&waiver.rule)).map(|waiver| ConfigError {
        span: waiver.at,
        message: format!("`{}` tells no change that could be announced", waiver.rule),
        help: "accept what it finds with `[[waivers]]`".into(),
    });
    let mistakes: Vec<ConfigError> = mistakes.collect();
    if mistakes.is_empty() { Ok(()) } else { Err(Error::configuration(shown, text, mistakes)) }
}

/// Where the baseline of a tree in a folder stands, or would stand.
///
/// # Errors
/// Where the configuration cannot be read or has mistakes.
pub fn baseline_path(root: &Path, configured: &Configured) -> Result<PathBuf, Error> {
    let state = Snapshot::Folder(root.into(), Texts::default());
    let config = configuration(root, &state, configured, &Chosen::default())?.config;
    let name = config.policy.baseline.as_deref().unwrap_or(FILE_NAME);
    Ok(match configured {
        Configured::File(file) => file.with_file_name(name),
        _ => root.join(name),
    })
}

/// The text of a baseline at a path that [`baseline_path`] gave; none where there is none.
///
/// # Errors
/// Where it cannot be read, or where a link is on the way to it.
pub fn baseline_text(root: &Path, path: &Path) -> Result<Option<String>, Error> {
    on_disk(root, path, LARGEST_BASELINE)
}

/// The state that a trusted place is; none where it is a file, which its name tells. Never whichever of both is there: who writes the tree
/// could put a file in the place of a revision.
fn trusted(root: &Path, place: &str) -> Result<Option<Snapshot>, Error> {
    if Path::new(place).extension().is_some_and(|ending| ending == "toml") {
        return Ok(None);
    }
    let repository = Repository::of(&folder(root)?)?;
    let commit = repository.commit(place).map_err(|error| match error {
        GitError::UnknownRevision { shallow: false, revision } => {
            Error::NoPolicy { place: revision }
        }
        error => error.into(),
    })?;
    let tree = discover::kept(&repository, &commit)?;
    Ok(Some(Snapshot::Kept(Box::new(tree), Some(commit))))
}

/// The path of a file within the tree, where it is one of its files.
fn name_in_tree(root: &Path, file: &Path) -> Option<String> {
    let root = discover::folder_of(root).ok()?;
    let folder = discover::folder_of(
        file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")),
    )
    .ok()?;
    let name =
        folder.join(file.file_name()?).strip_prefix(root).ok()?.to_string_lossy().into_owned();
    Some(name)
}

fn at_root(path: &Path, state: &Snapshot, stack: Stack) -> Result<Configuration, Error> {
    let mut found = Vec::new();
    for name in FILE_NAMES {
        found.extend(state.text(name, LARGEST_CONFIGURATION)?.map(|text| (name, text)));
    }
    if found.len() > 1 {
        return Err(Error::TwoConfigurations);
    }
    let Some((name, text)) = found.pop() else { return stack.read(None) };
    let shown = state.called(name).unwrap_or_else(|| path.join(name).display().to_string());
    let mut read = stack.read(Some(Own::of_state(state, name, &shown, text)))?;
    if let Some((shown, _)) = &mut read.text {
        // Within the tree it is called as every other file of it.
        name.clone_into(shown);
    }
    Ok(read)
}
