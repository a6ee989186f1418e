//! A state before its files are listed: the folder, the index, a commit.

use std::io;
use std::path::{Path, PathBuf};

use super::request::Compare;
use crate::discover::git::push::Push;
use crate::discover::git::{Commit, GitError, Repository};
use crate::discover::given::Texts;
use crate::discover::{self, File, Tree};
use crate::error::Error;
use crate::examine::recall::Recall;
use crate::{fault, read};

/// A state before its files are listed.
pub(super) enum Snapshot {
    /// A folder, and the texts that count in the place of its files.
    Folder(PathBuf, Texts),
    Kept(Box<Tree>, Option<Commit>),
}

/// How a state is listed.
pub(super) struct Listing<'a> {
    /// What is left out, in letters: two that are written alike leave out the same.
    pub by: String,
    /// Whether nothing is.
    pub is_whole: bool,
    /// What is listed already.
    pub recall: &'a Recall,
}

impl Snapshot {
    pub(super) fn commit(&self) -> Option<&Commit> {
        if let Self::Kept(_, commit) = self { commit.as_ref() } else { None }
    }

    /// The state as if it had this one file alone, which a folder's state is by its path.
    pub(super) fn only(mut self, file: Option<&String>) -> Self {
        if let (Self::Kept(tree, _), Some(file)) = (&mut self, file) {
            tree.files.retain(|other| other.name == *file);
        }
        self
    }

    /// What is not read of a state that the repository keeps.
    pub(super) fn notes(&self) -> Vec<String> {
        if let Self::Kept(tree, _) = self { tree.notes.clone() } else { Vec::new() }
    }

    /// The tree without what is excluded.
    pub(super) fn list(
        self,
        excluded: &(dyn Fn(&str) -> bool + Sync),
        listing: &Listing<'_>,
    ) -> Result<Tree, Error> {
        match self {
            Self::Folder(path, texts) => {
                let known = listing.recall.listing(&path, &listing.by);
                let tree = known.map_or_else(
                    || {
                        let tree = discover::discover(&path, excluded)?;
                        listing.recall.list(&path, &listing.by, &tree);
                        Ok::<_, Error>(tree)
                    },
                    Ok,
                )?;
                Ok(tree.with(&texts, excluded))
            }
            Self::Kept(tree, _) if listing.is_whole => Ok(*tree),
            Self::Kept(tree, _) => Ok(tree.without(excluded)),
        }
    }

    /// How a file of this state is called, as `git show` takes it where it is a commit's.
    pub(super) fn called(&self, name: &str) -> Option<String> {
        let Self::Kept(_, commit) = self else { return None };
        // What is staged is called as it is in the folder.
        Some(match commit {
            Some(commit) => format!("{}:{name}", commit.id.short()),
            None => name.to_owned(),
        })
    }

    /// The text of a file of this state, of `most` bytes; none where it has none.
    pub(super) fn text(&self, name: &str, most: u64) -> Result<Option<String>, Error> {
        match self {
            Self::Folder(root, texts) => {
                if let Some(text) = texts.get(name) {
                    return Ok(Some(String::from_utf8_lossy(text.bytes()).into_owned()));
                }
                let read = read::configuration_of_tree(root, Path::new(name), most);
                found(&root.join(name), read)
            }
            Self::Kept(tree, _) if tree.aside.links.iter().any(|link| link == name) => {
                Err(Error::Unreadable { path: name.into(), why: read::LINK.into() })
            }
            Self::Kept(tree, _) => {
                let file = tree.files.iter().find(|file: &&File| file.name == name);
                let read = |(file, repository): (&File, &Repository)| {
                    read::kept_text(repository, file, most)
                };
                Ok(file.zip(tree.repository.as_ref()).map(read).transpose()?)
            }
        }
    }
}

/// What is checked, and what it is compared with.
pub(super) fn snapshots(
    path: &Path,
    texts: &Texts,
    compare: &Compare,
    notes: &mut Vec<String>,
) -> Result<(Snapshot, Option<Snapshot>), Error> {
    let kept = |repository: &Repository, commit: Commit| {
        let tree = discover::kept(repository, &commit)?;
        Ok::<_, GitError>(Snapshot::Kept(Box::new(tree), Some(commit)))
    };
    if *compare == Compare::Nothing {
        return Ok((Snapshot::Folder(path.into(), texts.clone()), None));
    }
    let repository = Repository::of(&folder(path)?)?;
    let pushed = |now: Commit, before: Option<Commit>| {
        let before = before.map(|before| kept(&repository, before)).transpose()?;
        Ok((kept(&repository, now)?, before))
    };
    match compare {
        Compare::Nothing => Ok((Snapshot::Folder(path.into(), texts.clone()), None)),
        Compare::Base(revision) => {
            let head = repository.head()?.ok_or(GitError::NoCommit)?;
            let (base, variable) = match revision.as_str() {
                "auto" => {
                    repository.base_of_environment().map(|(base, name)| (base, Some(name)))?
                }
                revision => (repository.commit(revision)?, None),
            };
            let before = repository.merge_base(&base, &head)?;
            let of = variable.map_or_else(String::new, |name| format!(" (from {name})"));
            let (called, id) = (&base.called, before.id.short());
            notes.push(if before.id == base.id {
                format!("compared with `{called}`{of}, which is {id}")
            } else {
                format!("compared with {id}, where HEAD left `{called}`{of}")
            });
            Ok((Snapshot::Folder(path.into(), texts.clone()), Some(kept(&repository, before)?)))
        }
        Compare::Between { from, to } => {
            let (from, to) = (repository.commit(from)?, repository.commit(to)?);
            Ok((kept(&repository, to)?, Some(kept(&repository, from)?)))
        }
        Compare::Pushed(push) => {
            let Push { tip, before, is_file, .. } = &**push;
            let with = compared_with(before.as_ref());
            let with = if *is_file {
                "a file without a name: private keys are looked for"
            } else {
                &*with
            };
            notes.push(format!("checked {} for `{}`, {with}", tip.id.short(), tip.called));
            if *is_file {
                let nothing = Snapshot::Kept(Box::new(discover::nothing(&repository)), None);
                return Ok((nothing, None));
            }
            pushed(tip.clone(), before.clone())
        }
        Compare::StagedOver(commit) => Ok(staged(&repository, || Ok(Some(commit.clone())))?),
        Compare::Staged => {
            if let Some((now, before)) = repository.pushed_of_environment()? {
                notes.push(format!(
                    "checked {}, {}",
                    now.id.short(),
                    compared_with(before.as_ref())
                ));
                return pushed(now, before);
            }
            Ok(staged(&repository, || repository.head())?)
        }
    }
}

/// The index, and the commit that it is compared with.
fn staged(
    repository: &Repository,
    commit: impl FnOnce() -> Result<Option<Commit>, GitError> + Send,
) -> Result<(Snapshot, Option<Snapshot>), GitError> {
    let (now, before) = discover::staged(repository, commit)?;
    let before = before.map(|(tree, commit)| Snapshot::Kept(Box::new(tree), Some(commit)));
    Ok((Snapshot::Kept(Box::new(now), None), before))
}

fn compared_with(before: Option<&Commit>) -> String {
    format!("compared with {}", before.map_or("nothing", |before| before.id.short()))
}

/// The folder that a path is, or lies in: absolute and free of links.
pub(super) fn folder(path: &Path) -> Result<PathBuf, Error> {
    Ok(discover::folder_of(path)?)
}

/// The text of a file that a user names. No link is followed where the file lies in the tree.
pub(super) fn named(root: &Path, file: &Path, most: u64) -> io::Result<String> {
    discover::spelt_within(root, file).map_or_else(
        || read::configuration(file, most),
        |name| read::configuration_of_tree(root, &name, most),
    )
}

/// The same; none where there is none.
pub(super) fn on_disk(root: &Path, file: &Path, most: u64) -> Result<Option<String>, Error> {
    found(file, named(root, file, most))
}

fn found(path: &Path, read: io::Result<String>) -> Result<Option<String>, Error> {
    match read {
        Ok(text) => Ok(Some(text)),
        Err(why)
            if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(why) => Err(unreadable(path, &why)),
    }
}

pub(super) fn unreadable(path: &Path, why: &io::Error) -> Error {
    let short = path.strip_prefix(".").ok().filter(|short| !short.as_os_str().is_empty());
    let path = short.unwrap_or(path).display().to_string();
    Error::Unreadable { path, why: fault::reason(why) }
}
