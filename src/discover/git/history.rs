//! Everything that commits ever held: which files, and where they came and went.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use rayon::prelude::*;

use super::calls::{finish, not_run};
use super::error::GitError;
use super::id::ObjectId;
use super::repository::{Repository, path_of};
use crate::discover::{File, Tree};

/// What git is called for, in the words of an error.
const WALK: &str = "walk the history";

/// A record of the life of a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The commit.
    pub commit: ObjectId,
    /// The path, with `/`.
    pub path: String,
    /// The content before the commit; none where there was no file.
    pub before: Option<ObjectId>,
    /// The content after it; none where the file is gone.
    pub after: Option<ObjectId>,
}

impl Passage {
    /// Whether it is about one of these contents.
    #[must_use]
    pub fn is_of(&self, contents: &[&ObjectId]) -> bool {
        [&self.before, &self.after].into_iter().flatten().any(|content| contents.contains(&content))
    }
}

/// What the commits held, each content once.
#[derive(Debug)]
pub struct Past {
    /// One file for each content, under one of its paths, and one without a path for each message.
    pub tree: Tree,
    /// What commits and tags say: contents as well.
    pub messages: BTreeSet<ObjectId>,
    /// Whether the clone lacks the commits before some that count.
    pub is_shallow: bool,
    /// How many contents the clone lacks.
    pub missing: usize,
}

impl Repository {
    /// Every content that the commits of a range, or all that anything leads to, have held anywhere in the repository.
    ///
    /// # Errors
    /// Where the range names no commits, or git cannot walk it.
    pub fn past(&self, range: Option<&str>) -> Result<Past, GitError> {
        let listed = match self.contents(&[], range) {
            // Where every folder is there, what is missing can be counted.
            Err(GitError::NotWhole(_)) => {
                let mut arguments = vec!["rev-list", "--objects", "--filter=blob:none"];
                arguments.extend(self.commits_of(range)?);
                self.run(&arguments, WALK)?;
                self.contents(&["--missing=print"], range)?
            }
            listed => listed?,
        };
        let file = |line: &[u8]| {
            // What a tag leads to without a commit has no path.
            let end = memchr::memchr(b' ', line).unwrap_or(line.len());
            let (id, path) = line.split_at_checked(end)?;
            let path = path_of(path.get(1..).unwrap_or_default());
            Some(File { blob: Some(ObjectId::parse(id)?), ..File::new(path) })
        };
        let lines = listed.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let missing = lines.clone().filter(|line| line.starts_with(b"?")).count();
        let messages: BTreeSet<ObjectId> = self.messages(range)?;
        let message = |id: &ObjectId| File { blob: Some(id.clone()), ..File::new(path_of(b"")) };
        let files = lines.filter_map(file).chain(messages.iter().map(message)).collect();
        let tree =
            Tree { repository: Some(self.clone()), ..Tree::of(self.folder(), files, Vec::new()) };
        let is_shallow = self.is_shallow()? && self.reaches_the_end(range)?;
        Ok(Past { tree, messages, is_shallow, missing })
    }

    /// The commits of a range, and the tags that lead to them: what they say are contents of their own.
    fn messages(&self, range: Option<&str>) -> Result<BTreeSet<ObjectId>, GitError> {
        let mut arguments = vec![
            "rev-list",
            "--objects",
            "--no-object-names",
            "--filter=tree:0",
            "--filter-provided-objects",
        ];
        arguments.extend(self.commits_of(range)?);
        let listed = self.run(&arguments, WALK)?;
        Ok(listed.split(|&byte| byte == b'\n').filter_map(ObjectId::parse).collect())
    }

    /// The listing of all contents, with what else git is to do.
    fn contents(&self, more: &[&str], range: Option<&str>) -> Result<Vec<u8>, GitError> {
        let mut arguments =
            vec!["rev-list", "--objects", "--filter=object:type=blob", "--filter-provided-objects"];
        arguments.extend(more);
        arguments.extend(self.commits_of(range)?);
        self.run(&arguments, WALK)
    }

    /// Whether one of the commits is among those that a shallow clone ends with.
    fn reaches_the_end(&self, range: Option<&str>) -> Result<bool, GitError> {
        let path = self.run(&["rev-parse", "--git-path", "shallow"], WALK)?;
        let path = self.folder.join(path_of(path.trim_ascii_end()));
        // What cannot be told is taken for the end.
        let Ok(ends) = std::fs::read(path) else { return Ok(true) };
        let ends: BTreeSet<&[u8]> = ends.split(|&byte| byte == b'\n').collect();
        let mut arguments = vec!["rev-list"];
        arguments.extend(self.commits_of(range)?);
        let commits = self.run(&arguments, WALK)?;
        Ok(commits.split(|&byte| byte == b'\n').any(|id| !id.is_empty() && ends.contains(id)))
    }

    /// Where contents came and went, parents before their children.
    ///
    /// # Errors
    /// Where git cannot walk the history.
    pub fn passages(
        &self,
        range: Option<&str>,
        contents: &[&ObjectId],
    ) -> Result<Vec<Passage>, GitError> {
        let mut arguments = vec!["rev-list", "--topo-order", "--reverse"];
        arguments.extend(self.commits_of(range)?);
        let commits = self.run(&arguments, WALK)?;
        let commits: Vec<&[u8]> = commits.split_inclusive(|&byte| byte == b'\n').collect();
        // More than fit into a command line are found among all.
        let few = contents.iter().filter(|_| contents.len() <= 256);
        let wanted: Vec<String> = few.map(|id| format!("--find-object={}", id.as_str())).collect();
        match self.passages_among(&commits, &wanted) {
            // In a clone that lacks contents, git would fetch them to look for others.
            Err(GitError::Failed(_)) if !wanted.is_empty() => self.passages_among(&commits, &[]),
            found => found,
        }
    }

    /// What these commits changed, as far as it is about what is wanted, if anything is.
    fn passages_among(
        &self,
        commits: &[&[u8]],
        wanted: &[String],
    ) -> Result<Vec<Passage>, GitError> {
        let mut arguments = vec![
            "diff-tree",
            "--stdin",
            "-r",
            "-z",
            "--root",
            "-m",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
        ];
        arguments.extend(wanted.iter().map(String::as_str));
        // One process for each thread: each commit's trees are compared by themselves.
        let chunk = commits.len().div_ceil(rayon::current_num_threads()).max(256);
        let chunks = commits.par_chunks(chunk).map(|commits| {
            let mut child = self.converse(&arguments).map_err(|error| not_run(&error))?;
            let input = child.stdin.take();
            let commits = commits.concat();
            let output = std::thread::scope(|scope| {
                let asking = std::thread::Builder::new().spawn_scoped(scope, move || {
                    // Where git is gone, its exit code tells.
                    let _ = input.map(|mut input| input.write_all(&commits));
                });
                if let Err(error) = asking {
                    let _ = child.kill();
                    return Err(not_run(&error));
                }
                finish(Ok(child), WALK)
            })?;
            Ok(passages(&output.stdout))
        });
        let passages: Result<Vec<Vec<Passage>>, GitError> = chunks.collect();
        Ok(passages?.into_iter().flatten().collect())
    }

    /// Whether a commit has one of these contents at a path.
    #[must_use]
    pub fn has(&self, commit: &ObjectId, path: &str, contents: &[&ObjectId]) -> bool {
        let name = format!("{}:{path}", commit.as_str());
        let found = self.ask(&["rev-parse", "--verify", "--quiet", &name]).ok().flatten();
        let found = found.and_then(|id| ObjectId::parse(id.as_bytes()));
        found.is_some_and(|id| contents.contains(&&id))
    }

    /// What `rev-list` takes: the endpoints are commits, so none of them is an option.
    fn commits_of<'a>(&self, range: Option<&'a str>) -> Result<Vec<&'a str>, GitError> {
        let Some(range) = range else { return Ok(vec!["--all", "--"]) };
        let mut words: Vec<&str> = range.split_whitespace().collect();
        if words.is_empty() {
            return Err(GitError::NoRevision { revision: range.into() });
        }
        for word in &words {
            let ends = word.strip_prefix('^').unwrap_or(word);
            let ends: Vec<&str> = ends.split("..").map(|end| end.trim_start_matches('.')).collect();
            if word.starts_with('-') || ends.iter().all(|end| end.is_empty()) {
                return Err(GitError::NoRevision { revision: (*word).into() });
            }
            for end in ends.into_iter().filter(|end| !end.is_empty()) {
                let is_content = ObjectId::parse(end.as_bytes()).is_some()
                    && self.parse(&format!("{end}^{{object}}"))?.is_some();
                if !is_content {
                    self.commit(end)?;
                }
            }
        }
        // A path of the same name is not meant.
        words.push("--");
        Ok(words)
    }
}

/// Reads `<commit>\0:<mode> <mode> <before> <after> <status>\0<path>\0 …`.
pub(super) fn passages(output: &[u8]) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut commit = None;
    let mut records = output.split(|&byte| byte == 0).filter(|record| !record.is_empty());
    while let Some(record) = records.next() {
        let Some(fields) = record.strip_prefix(b":") else {
            commit = ObjectId::parse(record);
            continue;
        };
        let Some(path) = records.next() else { break };
        let fields: Vec<&[u8]> = fields.split(|&byte| byte == b' ').collect();
        let ([_, _, before, after, _], Some(commit)) = (fields.as_slice(), &commit) else {
            continue;
        };
        let content = |id: &[u8]| ObjectId::parse(id).filter(|id| !id.is_null());
        passages.push(Passage {
            commit: commit.clone(),
            path: File::new(path_of(path)).name,
            before: content(before),
            after: content(after),
        });
    }
    passages
}

/// When a set of contents that hold one thing came to a path, and when it went; by path.
#[must_use]
pub fn lives(passages: &[Passage], contents: &[&ObjectId]) -> BTreeMap<String, Life> {
    let holds = |id: &Option<ObjectId>| id.as_ref().is_some_and(|id| contents.contains(&id));
    let mut lives: BTreeMap<String, Life> = BTreeMap::new();
    for passage in passages {
        let (was, is) = (holds(&passage.before), holds(&passage.after));
        if is && !was {
            lives
                .entry(passage.path.clone())
                .and_modify(|life| life.removed = None)
                .or_insert_with(|| Life {
                    introduced: passage.commit.clone(),
                    content: passage.after.clone(),
                    removed: None,
                });
        } else if was
            && !is
            && let Some(life) = lives.get_mut(&passage.path)
            && life.removed.is_none()
        {
            life.removed = Some(passage.commit.clone());
        }
    }
    lives
}

/// Lets lives go on where their content does: a commit that takes it from one path while another has it, moved it. `has` says whether a
/// commit has the content at a path.
pub fn join(
    lives: &mut BTreeMap<String, Life>,
    passages: &[Passage],
    has: &dyn Fn(&ObjectId, &str) -> bool,
) {
    let mut order: BTreeMap<&ObjectId, usize> = BTreeMap::new();
    for (index, passage) in passages.iter().enumerate() {
        order.entry(&passage.commit).or_insert(index);
    }
    let place = |commit: &ObjectId| order.get(commit).copied().unwrap_or_default();
    let end = |life: &Life| life.removed.as_ref().map_or(usize::MAX, place);
    // The last to go first: what ends where it began is known when it is asked for.
    let mut paths: Vec<(usize, String)> =
        lives.iter().map(|(path, life)| (end(life), path.clone())).collect();
    paths.sort_by(|a, b| b.cmp(a));
    let mut known: Vec<(usize, String)> = Vec::new();
    for (went, path) in paths {
        let Some(commit) = lives.get(&path).and_then(|life| life.removed.clone()) else {
            known.push((went, path));
            continue;
        };
        let goes_on = known.iter().filter(|(end, _)| *end > went).find_map(|(_, other)| {
            let life = lives.get(other)?;
            let is_there =
                life.introduced == commit || place(&life.introduced) < went && has(&commit, other);
            is_there.then(|| life.removed.clone())
        });
        if let (Some(removed), Some(life)) = (goes_on, lives.get_mut(&path)) {
            life.removed = removed;
        }
        known.push((went, path));
    }
}

/// When something came to a path, and when it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The commit that brought it.
    pub introduced: ObjectId,
    /// The content that it came with.
    pub content: Option<ObjectId>,
    /// The commit that took it away; none where it is still there.
    pub removed: Option<ObjectId>,
}

impl Life {
    /// That of a content that no commit holds, but a tag of its own, or that a commit says itself.
    #[must_use]
    pub fn of_tagged(content: &ObjectId) -> Self {
        Self { introduced: content.clone(), content: Some(content.clone()), removed: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: char) -> ObjectId {
        ObjectId::parse(digit.to_string().repeat(40).as_bytes()).expect("it is a name")
    }

    fn output(records: &[(char, char, char, &str)]) -> Vec<u8> {
        let line = |&(commit, before, after, path): &(char, char, char, &str)| {
            let [commit, before, after] = [commit, before, after].map(|c| c.to_string().repeat(40));
            format!("{commit}\0:100644 100644 {before} {after} M\0{path}\0")
        };
        records.iter().map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn a_life_starts_where_content_comes_and_ends_where_it_goes() {
        let passages = passages(&output(&[
            ('1', '0', 'a', "env.php"),
            ('2', 'a', 'b', "env.php"),
            ('3', 'b', 'c', "env.php"),
            ('4', '0', 'a', "copy.php"),
        ]));
        let found = lives(&passages, &[&id('a'), &id('b')]);
        let life = |introduced, removed: Option<char>| Life {
            introduced: id(introduced),
            content: Some(id('a')),
            removed: removed.map(id),
        };
        assert_eq!(found.get("env.php"), Some(&life('1', Some('3'))));
        assert_eq!(found.get("copy.php"), Some(&life('4', None)));
    }

    #[test]
    fn what_moves_goes_on() {
        let passages = passages(&output(&[
            ('1', '0', 'a', "old/key"),
            ('2', 'a', '0', "old/key"),
            ('2', '0', 'a', "new/key"),
            ('3', '0', 'a', "copy/key"),
            ('4', 'a', '0', "new/key"),
            ('5', 'a', '0', "copy/key"),
        ]));
        let mut found = lives(&passages, &[&id('a')]);
        join(&mut found, &passages, &|commit, path| *commit == id('4') && path == "copy/key");
        let ends = found.values().map(|life| life.removed.clone());
        assert_eq!(ends.collect::<Vec<_>>(), [Some(id('5')), Some(id('5')), Some(id('5'))]);
        let mut found = lives(&passages, &[&id('a')]);
        join(&mut found, &passages, &|_, _| false);
        assert_eq!(found["old/key"].removed, Some(id('4')));
    }

    #[test]
    fn what_comes_back_is_there_until_it_goes_again() {
        let passages =
            passages(&output(&[('1', '0', 'a', "p"), ('2', 'a', '0', "p"), ('3', '0', 'a', "p")]));
        let found = lives(&passages, &[&id('a')]);
        assert_eq!(found.get("p").and_then(|life| life.removed.clone()), None);
    }
}
