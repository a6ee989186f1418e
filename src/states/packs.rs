//! The pages of packs: of a state, or of folders that a user names.

use std::path::{Path, PathBuf};

use super::snapshot::{Snapshot, unreadable};
use crate::config::ConfigError;
use crate::discover;
use crate::error::Error;
use crate::model::pattern::PathPattern;
use crate::read;
use crate::rule::Rule;
use crate::rules::packs::{self, BadPage, LARGEST_PAGE, MOST_PAGES, PackPage};

/// The rules of packs, and what they ask for beyond the settings that every run reads.
#[derive(Debug, Default)]
pub(super) struct Packs {
    pub pages: Vec<PackPage>,
    pub rules: Vec<Rule>,
    pub watched: Vec<PathPattern>,
}

impl Packs {
    /// The pages, each with the id of its rule.
    pub(super) fn named(&self) -> impl Iterator<Item = (&PackPage, String)> {
        self.pages.iter().filter_map(|page| Some((page, packs::id(&page.path)?)))
    }

    /// Reads pages.
    pub(super) fn of(pages: Vec<PackPage>) -> Result<Self, Error> {
        if pages.len() > MOST_PAGES {
            let why = format!("packs have more than {MOST_PAGES} pages");
            return Err(Error::Unreadable { path: "packs".into(), why });
        }
        let (rules, watched) = packs::rules(&pages).map_err(told)?;
        Ok(Self { pages, rules, watched })
    }
}

fn told(BadPage { page, errors }: BadPage) -> Error {
    let error = |error: packs::Mistake| ConfigError {
        span: error.span,
        message: error.message,
        help: error.help,
    };
    Error::configuration(&page.path, &page.text, errors.into_iter().map(error).collect())
}

/// The pages in a folder of a state.
pub(super) fn of_state(state: &Snapshot, folder: &str) -> Result<Vec<PackPage>, Error> {
    let folder = folder.trim_end_matches('/');
    let names: Vec<String> = match state {
        Snapshot::Folder(root, _) => {
            let found = below(&root.join(folder))?;
            found.into_iter().map(|name| format!("{folder}/{name}")).collect()
        }
        Snapshot::Kept(tree, _) => {
            let names = tree.files.iter().map(|file| &file.name);
            names.filter(|name| name.starts_with(&format!("{folder}/"))).cloned().collect()
        }
    };
    let mut pages = Vec::new();
    for path in names.into_iter().filter(|name| is_page(name)) {
        if let Some(text) = state.text(&path, LARGEST_PAGE)? {
            pages.push(PackPage { path, text });
        }
    }
    some(pages, folder)
}

/// The pages in folders that a user names.
pub(super) fn in_folders(folders: &[PathBuf]) -> Result<Vec<PackPage>, Error> {
    let mut pages = Vec::new();
    for folder in folders {
        pages.append(&mut in_folder(folder)?);
    }
    Ok(pages)
}

/// The pages in a folder that a user names.
pub(super) fn in_folder(folder: &Path) -> Result<Vec<PackPage>, Error> {
    let whole = discover::folder_of(folder)?;
    let mut pages = Vec::new();
    for name in below(folder)?.into_iter().filter(|name| is_page(name)) {
        let file = whole.join(&name);
        let text =
            read::configuration(&file, LARGEST_PAGE).map_err(|why| unreadable(&file, &why))?;
        pages.push(PackPage { path: file.display().to_string(), text });
    }
    some(pages, &folder.display().to_string())
}

/// A pack without pages is a slip in its name: whoever counts on its rules would never know.
fn some(pages: Vec<PackPage>, folder: &str) -> Result<Vec<PackPage>, Error> {
    if pages.is_empty() {
        return Err(Error::Unreadable {
            path: folder.into(),
            why: "no page of a rule is in it".into(),
        });
    }
    Ok(pages)
}

/// The names of the files in a folder.
fn below(folder: &Path) -> Result<Vec<String>, Error> {
    let tree = discover::discover(folder, &|_| false)?;
    Ok(tree
        .files
        .into_iter()
        .filter(|file| file.unreadable.is_none())
        .map(|file| file.name)
        .collect())
}

/// Whether a file is a page of a rule: what is named otherwise may stand beside them.
fn is_page(name: &str) -> bool {
    let stem = name.rsplit('/').next().and_then(|file| file.strip_suffix(".md"));
    stem.is_some_and(|stem| !stem.eq_ignore_ascii_case("readme"))
}
