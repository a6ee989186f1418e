//! The states of a run: what is checked, what it is compared with, and the branches that are instances; each with its configuration.
//!
//! The configuration of both sides of a comparison counts, so that a change cannot silence the check of itself. A state that cannot be read
//! is an error: nothing is ever "unchanged" because nobody looked.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::weakening::Loosened;
use crate::config::{Config, Declared, FILE_NAMES};
use crate::discover::git::{Commit, GitError, Repository};
use crate::discover::{self, File, Kept, Tree};
use crate::error::Error;
use crate::examine::Examinee;
use crate::read;
use crate::rules;
use crate::source::Source;
use crate::sources::{Entry, State};

/// What is checked, and what it is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// The folder, with nothing.
    #[default]
    Nothing,
    /// The folder, with the merge base of a revision and HEAD; `auto` takes the revision from the environment.
    Base(String),
    /// One revision with another, the folder unread.
    Between {
        /// The revision before.
        from: String,
        /// The revision that is checked.
        to: String,
    },
    /// The index with HEAD.
    Staged,
}

/// Where the configuration comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Configured {
    /// The root of the tree.
    #[default]
    Tree,
    /// Nowhere: the defaults hold.
    Nowhere,
    /// This file, which may be one of the tree.
    File(PathBuf),
    /// A revision, or a file, that the change has no part in.
    Trusted(String),
}

/// The states of a run, ready to be examined.
#[derive(Debug)]
pub struct States {
    /// What is checked; then what it is compared with, if anything; then the branches.
    pub examinees: Vec<Examinee>,
    /// Whether the second state is what the first one is compared with.
    pub is_compared: bool,
    /// The policy in force.
    pub config: Config,
    /// The instances that the state before declares.
    pub declared_before: BTreeMap<String, Declared>,
    /// The instances that are branches, and their states.
    pub branches: Vec<(String, Declared, State)>,
    /// Whether the branches are instances and what is checked is none of them.
    pub is_no_branch: bool,
    /// What the change lets pass.
    pub loosened: Vec<Loosened>,
    /// The configurations of both sides, as far as there are any.
    pub texts: [Option<(Entry, Source)>; 2],
    /// What a person should know; untrusted text.
    pub notes: Vec<String>,
}

impl States {
    /// The instances declared for the tree that is checked: of the branches only the one that it is.
    #[must_use]
    pub fn here(&self, declared: &BTreeMap<String, Declared>) -> BTreeMap<String, Declared> {
        let is_elsewhere = |name: &String| {
            self.is_no_branch || self.branches.iter().any(|(branch, ..)| branch == name)
        };
        let here = declared.iter().filter_map(|(name, declared)| match declared.branch {
            Some(_) if is_elsewhere(name) => None,
            Some(_) => Some((name.clone(), declared.of_branch())),
            None => Some((name.clone(), declared.clone())),
        });
        here.collect()
    }
}

/// A state before its files are listed.
enum Snapshot {
    Folder(PathBuf),
    Kept(Tree, Option<Commit>),
}

/// A configuration, and its text where it can be pointed at.
#[derive(Default)]
struct Read {
    config: Config,
    text: Option<(String, String)>,
}

/// Finds and lists the states that a run needs.
///
/// # Errors
/// Where a state is not there or cannot be read whole, and where the configuration has mistakes.
pub fn open(path: &Path, compare: &Compare, configured: &Configured) -> Result<States, Error> {
    let mut notes = Vec::new();
    let (now, before) = snapshots(path, compare, &mut notes)?;
    let Read { mut config, text } = configuration(path, &now, configured)?;
    let base = match (&before, configured) {
        (Some(before), Configured::Tree | Configured::File(_)) => {
            match configuration(path, before, configured) {
                Ok(base) => Some(base),
                Err(Error::Configuration { .. } | Error::TwoConfigurations) => {
                    notes.push(
                        "the configuration before the change has mistakes and is passed over"
                            .into(),
                    );
                    None
                }
                Err(error) => return Err(error),
            }
        }
        _ => None,
    };
    let own = if base.is_some() { rules::severities() } else { BTreeMap::new() };
    let loosened = base.as_ref().map_or_else(Vec::new, |base| config.loosened(&base.config, &own));
    let declared_before = base
        .as_ref()
        .map_or_else(|| config.instances.clone(), |base| base.config.instances.clone());
    let excluded = |name: &str| {
        let is_out = |config: &Config| config.exclude.matches(name);
        is_out(&config) && base.as_ref().is_none_or(|base| is_out(&base.config))
    };
    let revision = |commit: &Commit| Some(Arc::from(commit.id.short()));
    let before_commit = before.as_ref().and_then(Snapshot::commit).cloned();
    let now_commit = now.commit().cloned();
    let is_compared = before.is_some();
    let mut examinees = vec![Examinee { tree: now.list(&excluded)?, revision: None }];
    if let Some(before) = before {
        let tree = before.list(&excluded)?;
        examinees.push(Examinee { tree, revision: before_commit.as_ref().and_then(revision) });
    }
    let mut branches = Vec::new();
    let mut is_no_branch = false;
    if config.instances.values().any(|declared| declared.branch.is_some()) {
        let repository = Repository::of(&folder(path)?)?;
        let here = branch_here(&repository, compare, now_commit.as_ref())?;
        is_no_branch = true;
        for (name, declared) in &config.instances {
            let Some(branch) = &declared.branch else { continue };
            let tip = repository.branch(branch)?;
            if here.is(branch, &tip) {
                is_no_branch = false;
                continue;
            }
            let state =
                u8::try_from(examinees.len()).ok().filter(|&at| usize::from(at) < State::MOST);
            let state = State(state.ok_or(Error::TooManyBranches { most: State::MOST - 2 })?);
            let tree = discover::kept(&repository, Kept::Commit(&tip))?.without(&excluded);
            examinees.push(Examinee { tree, revision: Some(Arc::from(branch.as_str())) });
            branches.push((name.clone(), declared.clone(), state));
        }
    }
    let base_text = base.as_ref().and_then(|base| base.text.clone());
    let entry = |(path, text): (String, String), revision: Option<Arc<str>>| {
        let entry = Entry { path: path.clone(), revision, ..Entry::default() };
        (entry, Source::new(path, text.into_bytes()))
    };
    let texts = [
        text.map(|text| entry(text, None)),
        base_text.map(|text| entry(text, before_commit.as_ref().and_then(revision))),
    ];
    if let Some(base) = &base {
        config.levels = config.strictest_levels(&base.config, &own);
        config.limits.file_bytes = config.limits.file_bytes.max(base.config.limits.file_bytes);
    }
    notes.extend(
        examinees.first_mut().into_iter().flat_map(|now| std::mem::take(&mut now.tree.notes)),
    );
    Ok(States {
        examinees,
        is_compared,
        config,
        declared_before,
        branches,
        is_no_branch,
        loosened,
        texts,
        notes,
    })
}

/// What is checked, and what it is compared with.
fn snapshots(
    path: &Path,
    compare: &Compare,
    notes: &mut Vec<String>,
) -> Result<(Snapshot, Option<Snapshot>), Error> {
    let kept = |repository: &Repository, commit: Commit| {
        let tree = discover::kept(repository, Kept::Commit(&commit))?;
        Ok::<_, GitError>(Snapshot::Kept(tree, Some(commit)))
    };
    if *compare == Compare::Nothing {
        return Ok((Snapshot::Folder(path.into()), None));
    }
    let repository = Repository::of(&folder(path)?)?;
    match compare {
        Compare::Nothing => Ok((Snapshot::Folder(path.into()), None)),
        Compare::Base(revision) => {
            let (base, variable) = match revision.as_str() {
                "auto" => {
                    repository.base_of_environment().map(|(base, name)| (base, Some(name)))?
                }
                revision => (repository.commit(revision)?, None),
            };
            let head = repository.head()?.ok_or(GitError::NoCommit)?;
            let before = repository.merge_base(&base, &head)?;
            let of = variable.map_or_else(String::new, |name| format!(" of {name}"));
            notes.push(format!(
                "compared with {}, where `{}`{of} and HEAD parted",
                before.id.short(),
                base.called
            ));
            Ok((Snapshot::Folder(path.into()), Some(kept(&repository, before)?)))
        }
        Compare::Between { from, to } => {
            let (from, to) = (repository.commit(from)?, repository.commit(to)?);
            Ok((kept(&repository, to)?, Some(kept(&repository, from)?)))
        }
        Compare::Staged => {
            let now = Snapshot::Kept(discover::kept(&repository, Kept::Index)?, None);
            let before = repository.head()?.map(|head| kept(&repository, head)).transpose()?;
            Ok((now, before))
        }
    }
}

/// The folder that a path is, or lies in: absolute and free of links.
fn folder(path: &Path) -> Result<PathBuf, Error> {
    Ok(discover::folder_of(path)?)
}

/// What stands for the branch that is checked.
struct Here {
    names: Vec<String>,
    commit: Option<Commit>,
}

impl Here {
    fn is(&self, branch: &str, tip: &Commit) -> bool {
        let is_named = |name: &String| name.strip_prefix("origin/").unwrap_or(name) == branch;
        self.names.iter().any(is_named)
            || self.commit.as_ref().is_some_and(|commit| commit.id == tip.id)
    }
}

/// The branch that what is checked will be: the one that a change goes to, else the one that is checked out.
fn branch_here(
    repository: &Repository,
    compare: &Compare,
    now: Option<&Commit>,
) -> Result<Here, GitError> {
    if let Compare::Base(revision) = compare {
        let called = match revision.as_str() {
            "auto" => repository.base_of_environment()?.0.called,
            revision => revision.to_owned(),
        };
        return Ok(Here { names: vec![called], commit: None });
    }
    if let Some(commit) = now {
        return Ok(Here { names: vec![commit.called.clone()], commit: Some(commit.clone()) });
    }
    Ok(match repository.head_branch()? {
        Some(name) => Here { names: vec![name], commit: None },
        None => Here { names: Vec::new(), commit: repository.head()? },
    })
}

impl Snapshot {
    fn commit(&self) -> Option<&Commit> {
        if let Self::Kept(_, commit) = self { commit.as_ref() } else { None }
    }

    /// The tree without what is excluded.
    fn list(self, excluded: &(dyn Fn(&str) -> bool + Sync)) -> Result<Tree, Error> {
        match self {
            Self::Folder(path) => Ok(discover::discover(&path, excluded)?),
            Self::Kept(tree, _) => Ok(tree.without(excluded)),
        }
    }

    /// The text of a file of this state; none where it has none.
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self {
            Self::Folder(root) => on_disk(&root.join(name)),
            Self::Kept(tree, _) => {
                let file = tree.files.iter().find(|file: &&File| file.name == name);
                let read =
                    |(file, repository): (&File, &Repository)| read::kept_text(repository, file);
                Ok(file.zip(tree.repository.as_ref()).map(read).transpose()?)
            }
        }
    }
}

fn on_disk(path: &Path) -> Result<Option<String>, Error> {
    match read::configuration(path) {
        Ok(text) => Ok(Some(text)),
        Err(why)
            if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(why) => Err(unreadable(path, &why)),
    }
}

fn unreadable(path: &Path, why: &io::Error) -> Error {
    Error::Unreadable { path: path.display().to_string(), why: read::reason(why) }
}

/// The configuration of a state: the one named, else the one at its root, else the defaults.
fn configuration(path: &Path, state: &Snapshot, configured: &Configured) -> Result<Read, Error> {
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
