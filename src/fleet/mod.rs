//! `fleet`: the facts of every checkout in a folder, as tables in a folder that engines of SQL read.
//!
//! Each repository is a universe with a configuration of its own, and is read on one core, as many at a time as there are. The lines stand in the order of
//! the repositories' names, however many threads there are. What fails stops no other, and is listed.

pub(crate) mod asked;
mod tables;
mod ties;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use crate::discover::checkouts::{Found, checkouts};
use crate::discover::git::push::Push;
use crate::error::Error;
use crate::facts::key::Key;
use crate::facts::{self, About, Kind, Lines};
use crate::mask::outlet::Page;
use crate::report::html::fleet::{Fleet, Repository};
use crate::report::{count, printable};
use crate::states::{self, Compare, Request};
use crate::{fault, run, write};
use tables::Tables;

/// How many repositories that were not read whole are named in the closing lines.
const NAMED: usize = 20;

/// The page on the last snapshot, beside the tables.
const PAGE: &str = "fleet.html";

/// What is to be written.
#[derive(Debug)]
pub struct Survey {
    /// The folder with the checkouts.
    pub folder: PathBuf,
    /// The folder that the facts go to.
    pub output: PathBuf,
    /// What is said of each run, but for its repository.
    pub about: About,
    /// The key of the names.
    pub key: Key,
    /// What is asked of each checkout, but for where it is.
    pub request: Request,
    /// How many are read at a time; 0 is one per core.
    pub threads: usize,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Surveyed {
    /// How many repositories there are, read or not.
    pub repositories: usize,
    /// Those that were not read whole, and why.
    pub unread: Vec<(String, String)>,
    /// How large the facts are, in bytes.
    pub bytes: u64,
}

impl Surveyed {
    /// The closing lines.
    #[must_use]
    pub fn told(&self, output: &str) -> String {
        let Self { repositories, unread, bytes } = self;
        let all = if *repositories == 1 {
            "1 repository".to_owned()
        } else {
            format!("{repositories} repositories")
        };
        let whole = repositories - unread.len();
        let output = printable::text(output);
        let mut told =
            format!("{all}, {whole} read whole; wrote {} to {output}\n", count_of_bytes(*bytes));
        for (name, why) in unread.iter().take(NAMED) {
            let (name, why) = (printable::text(name), printable::text(why));
            let _ = writeln!(told, "  not whole: {name}: {why}");
        }
        if unread.len() > NAMED {
            let more = unread.len() - NAMED;
            let _ = writeln!(told, "  and {more} more: not-read-whole.sql lists all");
        }
        told
    }
}

fn count_of_bytes(bytes: u64) -> String {
    count(usize::try_from(bytes).unwrap_or(usize::MAX), "byte")
}

/// The lines of one repository, by kind.
#[derive(Default)]
struct Batch([String; Kind::ALL.len()]);

impl Lines for Batch {
    fn take(&mut self, kind: Kind, line: &str) -> io::Result<()> {
        if let Some(lines) = self.0.get_mut(kind.index()) {
            lines.push_str(line);
        }
        Ok(())
    }
}

/// What came of one repository.
struct Read {
    name: String,
    pages: [Page; Kind::ALL.len()],
    /// What it has that others may have, and why it was not read whole.
    repository: Repository,
}

/// Reads every checkout and writes its facts.
///
/// # Errors
/// Where the folder cannot be listed, or the facts cannot be written: then none of this snapshot are there.
pub fn survey(survey: &Survey) -> Result<Surveyed, Error> {
    let shown = |path: &PathBuf| path.display().to_string();
    let found = checkouts(&survey.folder, &survey.output).map_err(|why| Error::Unreadable {
        path: shown(&survey.folder),
        why: fault::reason(&why),
    })?;
    let unwritable = |why: io::Error| {
        let why = match why.kind() {
            io::ErrorKind::AlreadyExists => {
                format!("the snapshot `{}` is there already", survey.about.snapshot)
            }
            _ => fault::reason(&why),
        };
        Error::Unwritable { path: shown(&survey.output), why }
    };
    let mut tables = Tables::begin(&survey.output, &survey.about.snapshot).map_err(unwritable)?;
    let mut fleet = Fleet::default();
    let mut surveyed = Surveyed::default();
    let done = each(survey, &found, |Read { name, pages, repository }| {
        surveyed.repositories += 1;
        surveyed.unread.extend(repository.flaw.clone().map(|why| (name.clone(), why)));
        fleet.add(Repository { name, ..repository });
        tables.add(&pages)
    });
    done.map_err(unwritable)?;
    surveyed.bytes = tables.finish().map_err(unwritable)?;
    let page = Page::of(fleet.page(&survey.about.snapshot).as_bytes());
    write::replace(&survey.output.join(PAGE), &page).map_err(unwritable)?;
    Ok(surveyed)
}

/// Reads the checkouts on all cores, and hands over what came of each, in their order.
fn each(
    survey: &Survey,
    found: &[Found],
    mut take: impl FnMut(Read) -> io::Result<()>,
) -> io::Result<()> {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let threads = if survey.threads == 0 { cores() } else { survey.threads };
    let threads = threads.min(found.len()).max(1);
    let next = AtomicUsize::new(0);
    let (sender, reads) = channel();
    thread::scope(|scope| {
        for started in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            let reader = thread::Builder::new().spawn_scoped(scope, move || {
                // A pool of one: the repositories are what is spread over the cores.
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(found) = found.get(at) else { return };
                    let read = || read(survey, found);
                    let read = pool.as_ref().map_or_else(read, |pool| pool.install(read));
                    if sender.send((at, read)).is_err() {
                        return;
                    }
                }
            });
            // Fewer threads take longer; without any, nothing is read.
            match reader {
                Err(error) if started == 0 => return Err(error),
                Err(_) => break,
                Ok(_) => {}
            }
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut rest = found.iter().enumerate().peekable();
        for (at, read) in &reads {
            waiting.insert(at, read);
            while let Some(read) = rest.peek().and_then(|(at, _)| waiting.remove(at)) {
                rest.next();
                if let Err(why) = Vec::into_iter(read).try_for_each(&mut take) {
                    // Nobody waits for the others.
                    next.store(usize::MAX / 2, Ordering::Relaxed);
                    return Err(why);
                }
            }
        }
        Ok(())
    })
}

/// Reads one checkout, and each within it as a repository of its own, whose name is that of its folder. What goes wrong is told in the facts.
fn read(survey: &Survey, found: &Found) -> Vec<Read> {
    let mut waiting = vec![found.clone()];
    let mut all = Vec::new();
    while let Some(found) = waiting.pop() {
        let (read, within) = read_one(survey, &found);
        all.push(read);
        waiting.extend(within.into_iter().rev().map(|folder| Found {
            name: format!("{}/{folder}", found.name),
            path: found.path.join(folder),
            flaw: None,
        }));
    }
    all
}

/// Reads a checkout without those within it, and tells their folders.
fn read_one(survey: &Survey, found: &Found) -> (Read, Vec<String>) {
    let mut within = Vec::new();
    let mut about = About {
        repo: found.name.clone(),
        team: About::team_of(&found.name),
        ..survey.about.clone()
    };
    let mut batch = Batch::default();
    let done = match &found.flaw {
        Some(flaw) => Err(flaw.clone()),
        None => catch_unwind(AssertUnwindSafe(|| {
            let mut batch = Batch::default();
            let repository = facts_of(survey, found, &mut about, &mut batch, &mut within)?;
            Ok((batch, repository))
        }))
        .unwrap_or_else(|_| Err("an internal error: please report it".to_owned())),
    };
    let repository = match done {
        Ok((whole, repository)) => {
            batch = whole;
            repository
        }
        Err(why) => {
            // Lines go into memory, which takes them all.
            let _ = facts::write_failure(&why, &about, &survey.key, &mut batch);
            Repository { flaw: Some(why), ..Repository::default() }
        }
    };
    let pages = batch.0.map(|lines| Page::of(lines.as_bytes()));
    (Read { name: found.name.clone(), pages, repository }, within)
}

/// Writes the facts of a checkout, and tells what it has that others may have.
fn facts_of(
    survey: &Survey,
    found: &Found,
    about: &mut About,
    batch: &mut Batch,
    within: &mut Vec<String>,
) -> Result<Repository, String> {
    let (commit, branch) = states::head(&found.path);
    let mut request = Request { path: found.path.clone(), ..survey.request.clone() };
    if states::has_no_work_tree(&found.path) {
        let tip = commit.clone().ok_or_else(|| "has no commit to be read".to_owned())?;
        request.compare =
            Compare::Pushed(Box::new(Push { tip, before: None, tag: None, is_file: false }));
    }
    about.commit = commit.map(|commit| commit.id.as_str().to_owned());
    about.branch = branch;
    let mut outcome = run(&request).map_err(|error| error.in_words())?;
    // Those of a checkout within another are the outermost of them: what they hold in turn is found when they are read.
    let is_there = |folder: &&String| found.path.join(folder).join(".git").exists();
    let submodules = outcome.submodules.iter().filter(is_there).map(String::as_str);
    let folders: BTreeSet<&str> = outcome.sources.checkouts().folders().chain(submodules).collect();
    within.extend(outermost(folders.into_iter()));
    if !within.is_empty() {
        request.chosen.apart.clone_from(within);
        outcome = run(&request).map_err(|error| error.in_words())?;
    }
    facts::write(&outcome, about, &survey.key, batch).map_err(|why| fault::reason(&why))?;
    let is_whole = outcome.summary.complete && outcome.unwhole.is_empty();
    let flaw = (!is_whole).then(|| facts::why(&outcome));
    Ok(Repository { flaw, ..ties::repository(&outcome) })
}

/// Of folders in order, those that stand in no other; the tree's own is none of them.
fn outermost<'f>(folders: impl Iterator<Item = &'f str>) -> Vec<String> {
    let mut outer: Vec<String> = Vec::new();
    for folder in folders.filter(|folder| !folder.is_empty()) {
        let is_in =
            |other: &String| folder.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
        if !outer.iter().any(is_in) {
            outer.push(folder.to_owned());
        }
    }
    outer
}
