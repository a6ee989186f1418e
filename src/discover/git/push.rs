//! What git hands a `pre-push` or a `pre-receive` hook: a line for each ref that is pushed.

use super::error::GitError;
use super::id::ObjectId;
use super::repository::Repository;
use super::revision::Commit;

/// A ref that is pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What it will be.
    pub tip: ObjectId,
    /// What it is called there.
    pub to: String,
    /// What the remote has there; none where the ref is new.
    pub there: Option<ObjectId>,
}

const WALK: &str = "walk the history";

/// The most commits of which the one nearest to what is pushed is looked for.
const MOST_BOUNDARIES: usize = 64;

impl Pushed {
    /// Reads the lines, `<local ref> <name> <remote ref> <name>`; a deletion pushes nothing.
    ///
    /// # Errors
    /// Where a line is none of git's.
    pub fn read(lines: &str) -> Result<Vec<Self>, GitError> {
        let mut pushed = Vec::new();
        for line in lines.lines().filter(|line| !line.is_empty()) {
            // What is pushed can be named by blanks, as in `HEAD^{/last good}`.
            let fields: Vec<&str> = line.rsplitn(4, ' ').collect();
            let [there, to, tip, _] = fields.as_slice() else { return Err(GitError::NoPush) };
            let id = |name: &str| ObjectId::parse(name.as_bytes()).ok_or(GitError::NoPush);
            let (tip, there) = (id(tip)?, id(there)?);
            if !tip.is_null() {
                let there = Some(there).filter(|there| !there.is_null());
                pushed.push(Self { tip, to: (*to).to_owned(), there });
            }
        }
        Ok(pushed)
    }
}

impl Pushed {
    /// Reads the lines of a hook of the repository that receives, `<old> <new> <ref>`; a deletion brings nothing.
    ///
    /// # Errors
    /// Where a line is none of git's.
    pub fn received(lines: &str) -> Result<Vec<Self>, GitError> {
        let mut received = Vec::new();
        for line in lines.lines().filter(|line| !line.is_empty()) {
            let fields: Vec<&str> = line.splitn(3, ' ').collect();
            let [there, tip, to] = fields.as_slice() else { return Err(GitError::NoPush) };
            let id = |name: &str| ObjectId::parse(name.as_bytes()).ok_or(GitError::NoPush);
            let (tip, there) = (id(tip)?, id(there)?);
            if !tip.is_null() {
                let there = Some(there).filter(|there| !there.is_null());
                received.push(Self { tip, to: (*to).to_owned(), there });
            }
        }
        Ok(received)
    }
}

/// What of a ref that is pushed is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The commit that is pushed, or the folder or file that a tag names, called like the ref that it goes to.
    pub tip: Commit,
    /// The commit that it is compared with.
    pub before: Option<Commit>,
    /// The tag that leads to it, where that has a message of its own.
    pub tag: Option<ObjectId>,
    /// Whether it is a file without a name.
    pub is_file: bool,
}

/// What the commits of a push are new to.
#[derive(Clone, Copy, Debug)]
pub enum Side<'a> {
    /// A remote, as far as this clone knows.
    Remote(&'a str),
    /// The repository itself, whose refs stand where they stood.
    Own,
}

impl Repository {
    /// What is pushed, and the commit that it is compared with: what the remote has of that name, else the nearest commit that it has of any
    /// name, as far as this clone knows; none where it has none of this history. Nothing where it has the commit already, under another name.
    ///
    /// # Errors
    /// Where git cannot walk the history, or this clone lacks the older part.
    pub fn pushed(&self, pushed: &Pushed, side: Side<'_>) -> Result<Option<Push>, GitError> {
        let commit = |id: &ObjectId| match self.commit(id.as_str()) {
            Ok(commit) => Ok(Some(commit)),
            Err(GitError::UnknownRevision { .. }) => Ok(None),
            Err(error) => Err(error),
        };
        let Some(tip) = commit(&pushed.tip)? else { return self.pushed_content(pushed) };
        let tip = Commit { called: pushed.to.clone(), ..tip };
        let tag = Some(&pushed.tip).filter(|id| **id != tip.id).cloned();
        let there = pushed.there.as_ref().map(commit).transpose()?.flatten();
        if there.is_some() {
            return Ok(Some(Push { tip, before: there, tag, is_file: false }));
        }
        let known = match side {
            Side::Remote(remote) => format!("--remotes={remote}"),
            Side::Own => "--all".to_owned(),
        };
        let walk = ["rev-list", "--boundary", tip.id.as_str(), "--not", &known];
        let walked = self.run(&walk, WALK)?;
        let walked = String::from_utf8_lossy(&walked);
        let (known, new): (Vec<_>, Vec<_>) = walked.lines().partition(|line| line.starts_with('-'));
        if new.is_empty() && pushed.there.is_none() {
            // What the tag says is new all the same.
            let push =
                |tag| Push { before: Some(tip.clone()), tip, tag: Some(tag), is_file: false };
            return Ok(tag.map(push));
        }
        if known.is_empty() && self.is_shallow()? {
            let revision = if let Side::Remote(remote) = side { remote } else { &pushed.to };
            return Err(GitError::NoMergeBase { revision: revision.into(), shallow: true });
        }
        let known: Vec<&str> =
            known.iter().take(MOST_BOUNDARIES).map(|line| line.trim_start_matches('-')).collect();
        let nearest = match known.as_slice() {
            [] => None,
            [only] => Some((*only).to_owned()),
            several => {
                let found =
                    self.run(&[&["merge-base", "--independent"], several].concat(), WALK)?;
                String::from_utf8_lossy(&found).lines().next().map(str::to_owned)
            }
        };
        let before = nearest.map(|nearest| self.commit(&nearest)).transpose()?;
        Ok(Some(Push { tip, before, tag, is_file: false }))
    }

    /// What is pushed without a commit: a tag of a folder or of a file.
    fn pushed_content(&self, pushed: &Pushed) -> Result<Option<Push>, GitError> {
        for (kind, is_file) in [("tree", false), ("blob", true)] {
            let name = format!("{}^{{{kind}}}", pushed.tip.as_str());
            if let Some(id) = self.parse(&name)? {
                let tag = Some(&pushed.tip).filter(|tag| **tag != id).cloned();
                let tip = Commit { id, called: pushed.to.clone() };
                return Ok(Some(Push { tip, before: None, tag, is_file }));
            }
        }
        Err(GitError::NoPush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_line_of_git_is_refused() {
        let (one, none) = ("1".repeat(40), "0".repeat(40));
        let read = |line: &str| Pushed::read(line).map(|pushed| pushed.len());
        assert_eq!(read(""), Ok(0));
        assert_eq!(read(&format!("HEAD^{{/a b}} {one} refs/heads/a {none}\n")), Ok(1));
        assert_eq!(read(&format!("(delete) {none} refs/heads/a {one}\n")), Ok(0));
        for line in ["a", "a b c d", &format!("{one} refs/heads/a {none}")] {
            assert_eq!(read(line), Err(GitError::NoPush), "{line}");
        }
        let received = |line: &str| Pushed::received(line).map(|pushed| pushed.len());
        assert_eq!(
            received(&format!("{none} {one} refs/heads/a\n{one} {none} refs/heads/b")),
            Ok(1)
        );
        for line in ["a", "a b c", &format!("{one} refs/heads/a {none}")] {
            assert_eq!(received(line), Err(GitError::NoPush), "{line}");
        }
    }
}
