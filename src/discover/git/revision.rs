//! Revisions, their trees, and the index.

use std::env;

use super::calls::{finish, records};
use super::error::GitError;
use super::error::{COMMITS, VARIABLES};
use super::id::ObjectId;
use super::repository::{Repository, path_of};
use crate::discover::File;

/// A commit that the repository has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub id: ObjectId,
    /// How the user called it.
    pub called: String,
}

/// The files of a tree or of the index, and the submodules in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files, with the blobs that hold them.
    pub files: Vec<File>,
    /// The submodules, which are not read.
    pub submodules: Vec<File>,
    /// The links, which are not followed, with the blobs that say where they lead.
    pub links: Vec<File>,
}

/// Longer than any name of a revision, in bytes: a file system holds no longer path.
const LONGEST: usize = 4096;

/// As much of a text that names nothing as is quoted, in characters.
const LONGEST_SHOWN: usize = 80;

impl Repository {
    /// The commit that a user calls `revision`.
    ///
    /// # Errors
    /// Where it is no revision, or no commit here has that name.
    pub fn commit(&self, revision: &str) -> Result<Commit, GitError> {
        let is_sound = !revision.starts_with('-')
            && !revision.contains(char::is_control)
            && (1..=LONGEST).contains(&revision.len());
        if !is_sound {
            let mut shown: String = revision.chars().take(LONGEST_SHOWN).collect();
            if shown.len() < revision.len() {
                shown.push('…');
            }
            return Err(GitError::NoRevision { revision: shown });
        }
        match self.parse(&format!("{revision}^{{commit}}"))? {
            Some(id) => Ok(Commit { id, called: revision.into() }),
            None => Err(GitError::UnknownRevision {
                revision: revision.into(),
                shallow: self.is_shallow()?,
            }),
        }
    }

    /// What `--base auto` takes: the commit, and the variable that named it.
    ///
    /// # Errors
    /// Where no variable names a base, or there is no such commit.
    pub fn base_of_environment(&self) -> Result<(Commit, &'static str), GitError> {
        let found = VARIABLES.into_iter().find_map(|name| Some((name, variable(name)?)));
        let (name, value) = found.ok_or(GitError::NoBaseVariable)?;
        if COMMITS.contains(&name) {
            return Ok((self.commit(&value)?, name));
        }
        let value = value.strip_prefix("refs/heads/").unwrap_or(&value);
        // The checkout need not have a branch of its own of that name.
        let remote = self.commit(&format!("refs/remotes/origin/{value}"));
        let called = |called: String, commit| (Commit { called, ..commit }, name);
        match remote {
            Ok(commit) => Ok(called(format!("origin/{value}"), commit)),
            Err(_) => Ok(called(value.to_owned(), self.commit(value)?)),
        }
    }

    /// The commit that pre-commit runs for instead of the index, as on a push, and the one that it is compared with: none on the first
    /// push of a history.
    ///
    /// # Errors
    /// Where the variables name no commits.
    pub fn pushed_of_environment(&self) -> Result<Option<(Commit, Option<Commit>)>, GitError> {
        let revisions = variable("PRE_COMMIT_FROM_REF").zip(variable("PRE_COMMIT_TO_REF"));
        if let Some((from, to)) = revisions {
            return Ok(Some((self.commit(&to)?, Some(self.commit(&from)?))));
        }
        let branch = variable("PRE_COMMIT_LOCAL_BRANCH");
        branch.map(|branch| Ok((self.commit(&branch)?, None))).transpose()
    }

    /// The commit that is checked out; none before the first one.
    ///
    /// # Errors
    /// Where there is one that cannot be read.
    pub fn head(&self) -> Result<Option<Commit>, GitError> {
        if let Some(id) = self.parse("HEAD^{commit}")? {
            return Ok(Some(Commit { id, called: "HEAD".into() }));
        }
        let branch = self.ask(&["symbolic-ref", "--quiet", "HEAD"])?;
        let exists = match &branch {
            // A ref that leads to nothing is listed, and of one that makes no sense git says so.
            Some(branch) => {
                let listing = self.start(&["for-each-ref", "--format=%(refname)", branch]);
                let listing = finish(listing, "list the branches")?;
                !listing.stdout.is_empty() || !listing.stderr.is_empty()
            }
            None => true,
        };
        if exists {
            return Err(GitError::Failed("git cannot read the commit that is checked out".into()));
        }
        Ok(None)
    }

    /// The commit that is checked out and its branch, by one call of git: for whoever asks thousands. None where there is none, or no telling.
    #[must_use]
    pub fn tip(&self) -> Option<(Commit, Option<String>)> {
        let said = self.ask(&["rev-parse", "HEAD^{commit}", "--symbolic-full-name", "HEAD"]);
        let said = said.ok().flatten()?;
        let mut lines = said.lines();
        let id = ObjectId::parse(lines.next()?.as_bytes())?;
        let branch = lines.next().and_then(|name| name.strip_prefix("refs/heads/"));
        Some((Commit { id, called: "HEAD".into() }, branch.map(str::to_owned)))
    }

    /// The first parent of the commit that is checked out, where no remote has that commit, and the nearest of its first parents that a remote
    /// has: what other branches brought is no way back.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn before_unpublished(&self) -> Result<Vec<Commit>, GitError> {
        let Some(head) = self.head()? else { return Ok(Vec::new()) };
        let walk =
            ["rev-list", "--first-parent", "--boundary", head.id.as_str(), "--not", "--remotes"];
        let walked = self.run(&walk, "walk the history")?;
        let walked = String::from_utf8_lossy(&walked);
        if walked.lines().all(|line| line.starts_with('-')) {
            return Ok(Vec::new());
        }
        let border =
            walked.lines().filter_map(|line| ObjectId::parse(line.strip_prefix('-')?.as_bytes()));
        let mut found: Vec<ObjectId> = self.parse("HEAD^1")?.into_iter().collect();
        for id in border {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        let called = |id: ObjectId| Commit { called: id.short().to_owned(), id };
        Ok(found.into_iter().take(2).map(called).collect())
    }

    /// The branch that is checked out, without `refs/heads/`; none where no branch is.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn head_branch(&self) -> Result<Option<String>, GitError> {
        let name = self.ask(&["symbolic-ref", "--quiet", "HEAD"])?;
        Ok(name.and_then(|name| Some(name.strip_prefix("refs/heads/")?.to_owned())))
    }

    /// The tip of a branch, else of the branch of that name of `origin` or of the only remote that has one.
    ///
    /// # Errors
    /// Where there is none, or several remotes have one.
    pub fn branch(&self, name: &str) -> Result<Commit, GitError> {
        let called = |commit: Commit| Commit { called: name.to_owned(), ..commit };
        if name.starts_with("refs/") {
            return self.commit(name);
        }
        for known in [
            format!("refs/heads/{name}"),
            format!("refs/remotes/origin/{name}"),
            format!("refs/remotes/{name}"),
        ] {
            match self.commit(&known) {
                Err(GitError::UnknownRevision { .. }) => {}
                found => return found.map(called),
            }
        }
        Err(GitError::UnknownRevision { revision: name.into(), shallow: self.is_shallow()? })
    }

    /// The branches that this clone knows, its own and those of `origin`, by their names alone, sorted.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn branches(&self) -> Result<Vec<String>, GitError> {
        let of = ["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin"];
        let listed = self.run(&of, "list the branches")?;
        let bare = |name: &str| {
            let name =
                name.strip_prefix("refs/heads/").or(name.strip_prefix("refs/remotes/origin/"))?;
            (name != "HEAD").then(|| name.to_owned())
        };
        let mut names: Vec<String> =
            String::from_utf8_lossy(&listed).lines().filter_map(bare).collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// The best common ancestor of two commits.
    ///
    /// # Errors
    /// Where this clone has none.
    pub fn merge_base(&self, base: &Commit, tip: &Commit) -> Result<Commit, GitError> {
        let found = self.ask(&["merge-base", base.id.as_str(), tip.id.as_str()])?;
        let id = found.and_then(|said| ObjectId::parse(said.lines().next()?.as_bytes()));
        match id {
            Some(id) => Ok(Commit { id, called: base.called.clone() }),
            None => Err(GitError::NoMergeBase {
                revision: base.called.clone(),
                shallow: self.is_shallow()?,
            }),
        }
    }

    /// The files of a commit below the folder.
    ///
    /// # Errors
    /// Where the commit's trees cannot be read whole.
    pub fn files_of(&self, commit: &Commit) -> Result<Listing, GitError> {
        let listed = self.run(
            &["ls-tree", "-r", "-z", commit.id.as_str()],
            &format!("list the files of `{}`", commit.called),
        )?;
        Listing::of_commit(&listed)
    }

    /// The files of the index below the folder; of the index that `GIT_INDEX_FILE` names, as hooks do.
    ///
    /// # Errors
    /// Where git cannot read it.
    pub fn files_of_index(&self) -> Result<Listing, GitError> {
        let listed =
            finish(self.start_on_index(&["ls-files", "-s", "-z"]), "list the repository's files")?;
        let listing = Listing::of_index(&listed.stdout)?;
        // An index that git could not open is an empty one to it.
        let is_named = env::var_os("GIT_INDEX_FILE").is_some_and(|index| !index.is_empty());
        let is_whole = !is_named && self.folder == self.top;
        if listing == Listing::default() && is_whole && self.count_of_index() > 0 {
            let why = "git lists no file of the index, which has some".to_owned();
            return Err(GitError::Failed(why));
        }
        Ok(listing)
    }

    pub(super) fn parse(&self, revision: &str) -> Result<Option<ObjectId>, GitError> {
        let said = self.ask(&["rev-parse", "--verify", "--quiet", revision])?;
        Ok(said.and_then(|said| ObjectId::parse(said.as_bytes())))
    }

    pub(super) fn is_shallow(&self) -> Result<bool, GitError> {
        Ok(self.ask(&["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true"))
    }
}

/// The branch that a change goes to, where the environment that names its base by `variable` names it as well.
#[must_use]
pub fn target_of_environment(variable: &str) -> Option<String> {
    let target = match variable {
        "PRE_COMMIT_FROM_REF" => "PRE_COMMIT_REMOTE_BRANCH",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA" => "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        named => named,
    };
    env::var(target).ok()
}

impl Listing {
    /// Reads `<mode> <type> <name>\t<path>` of each entry.
    pub(super) fn of_commit(listed: &[u8]) -> Result<Self, GitError> {
        let mut listing = Self::default();
        for record in records(listed)? {
            let (fields, path) = split(record)?;
            let [mode, _, id] = fields.as_slice() else { return Err(unknown_format()) };
            listing.add(mode, id, path)?;
        }
        Ok(listing)
    }

    /// Reads `<mode> <name> <stage>\t<path>` of each entry.
    pub(super) fn of_index(listed: &[u8]) -> Result<Self, GitError> {
        let mut listing = Self::default();
        for record in records(listed)? {
            let (fields, path) = split(record)?;
            match fields.as_slice() {
                [mode, id, b"0"] => listing.add(mode, id, path)?,
                [_, _, _] => {
                    let reason = "has a merge conflict in the index".to_owned();
                    listing.files.push(File::unreadable(path_of(path), reason));
                }
                _ => return Err(unknown_format()),
            }
        }
        Ok(listing)
    }

    pub(super) fn add(&mut self, mode: &[u8], id: &[u8], path: &[u8]) -> Result<(), GitError> {
        let path = path_of(path);
        match mode {
            _ if mode.starts_with(b"100") => {
                let blob = ObjectId::parse(id).ok_or_else(unknown_format)?;
                self.files.push(File { blob: Some(blob), ..File::new(path) });
            }
            b"160000" => self.submodules.push(File::new(path)),
            b"120000" => self.links.push(File { blob: ObjectId::parse(id), ..File::new(path) }),
            _ => {}
        }
        Ok(())
    }
}

/// The fields of a record before its tab, and the path behind it.
fn split(record: &[u8]) -> Result<(Vec<&[u8]>, &[u8]), GitError> {
    let tab = memchr::memchr(b'\t', record).ok_or_else(unknown_format)?;
    let (fields, path) = record.split_at(tab);
    let path = path.get(1..).filter(|path| !path.is_empty()).ok_or_else(unknown_format)?;
    Ok((fields.split(|&byte| byte == b' ').filter(|field| !field.is_empty()).collect(), path))
}

pub(super) fn unknown_format() -> GitError {
    GitError::Failed("git listed the files in an unknown format".into())
}

/// A variable that says something.
fn variable(name: &str) -> Option<String> {
    let value = env::var(name).ok()?.trim().to_owned();
    (!value.is_empty()).then_some(value)
}
