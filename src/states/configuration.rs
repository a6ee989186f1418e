//! The configuration of a state: of its root, of a file, of a trusted place.

use std::path::Path;

use super::Configured;
use super::snapshot::{Snapshot, folder, unreadable};
use crate::config::{Config, FILE_NAMES};
use crate::discover::git::Repository;
use crate::discover::{self, Kept};
use crate::error::Error;
use crate::{read, rules};

/// A configuration, and its text where it can be pointed at.
#[derive(Default)]
pub(super) struct Read {
    pub config: Config,
    pub text: Option<(String, String)>,
}

/// The configuration of a state: the one named, else the one at its root, else the defaults.
pub(super) fn configuration(
    path: &Path,
    state: &Snapshot,
    configured: &Configured,
) -> Result<Read, Error> {
    match configured {
        Configured::Nowhere => Ok(Read::default()),
        Configured::Tree => at_root(path, state),
        Configured::File(file) => {
            if let Snapshot::Kept(..) = state
                && let Some(name) = name_in_tree(path, file)
            {
                let text = state.text(&name)?;
                return text.map_or_else(|| Ok(Read::default()), |text| parsed(&name, text));
            }
            let text = read::configuration(file).map_err(|why| unreadable(file, &why))?;
            parsed(&file.display().to_string(), text)
        }
        Configured::Trusted(place) => {
            if let Ok(repository) = Repository::of(&folder(path)?)
                && let Ok(commit) = repository.commit(place)
            {
                let tree = discover::kept(&repository, Kept::Commit(&commit))?;
                return at_root(path, &Snapshot::Kept(tree, Some(commit)));
            }
            let file = Path::new(place);
            let text = read::configuration(file).map_err(|why| unreadable(file, &why))?;
            parsed(place, text)
        }
    }
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

fn at_root(path: &Path, state: &Snapshot) -> Result<Read, Error> {
    let mut found = Vec::new();
    for name in FILE_NAMES {
        found.extend(state.text(name)?.map(|text| (name, text)));
    }
    if found.len() > 1 {
        return Err(Error::TwoConfigurations);
    }
    let Some((name, text)) = found.pop() else { return Ok(Read::default()) };
    let shown = path.join(name).display().to_string();
    let Read { config, text } = parsed(&shown, text)?;
    // Within the tree it is called as every other file of it.
    Ok(Read { config, text: text.map(|(_, text)| (name.into(), text)) })
}

fn parsed(name: &str, text: String) -> Result<Read, Error> {
    let config = Config::parse(&text, &rules::ids())
        .map_err(|mistakes| Error::configuration(name, &text, mistakes))?;
    Ok(Read { config, text: Some((name.to_owned(), text)) })
}
