//! The states of a run: what is checked, what it is compared with, and the branches that are instances; each with its configuration.
//!
//! The configuration of both sides of a comparison counts, so that a change cannot silence the check of itself. A state that cannot be read
//! is an error: nothing is ever "unchanged" because nobody looked.

mod branches;
mod chosen;
mod configuration;
mod configured;
mod coverage;
mod handed;
mod layers;
mod opened;
mod origin;
mod packs;
mod request;

mod snapshot;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::Config;
use crate::config::FILE_NAMES;
use crate::config::weakening::{Entry as Weakened, Loosened};
use crate::discover::git::history::Past;
use crate::discover::git::push::{Pushed, Side};
use crate::discover::git::{Commit, GitError, Repository};
use crate::discover::{self};
use crate::error::Error;
use crate::examine::Examinee;
pub use crate::examine::recall::Recall;
use crate::rule::Rule;
use crate::rules::packs::PackPage;
use crate::source::Source;
use crate::sources::Entry;
use crate::{read, rules};
pub use chosen::{InForce, in_force};
pub use configured::Extended;
pub use coverage::Coverage;
pub use handed::handed_over;
pub use opened::States;
pub use origin::{has_no_work_tree, head, origin};
pub use request::{Chosen, Compare, Configured, History, Request, Terms};

use branches::branch_here;
use configuration::{baseline, configuration, intended_changes};
pub use configuration::{baseline_path, baseline_text};
use configured::Configuration;
use packs::Packs;
use snapshot::{Listing, Snapshot, folder, snapshots};

impl States {
    fn add_history(&mut self, repository: Repository, range: Option<&str>) -> Result<(), Error> {
        let Past { tree, messages, is_shallow, missing } = repository.past(range)?;
        self.messages = messages;
        if is_shallow {
            let note = "the clone is shallow, so older commits are not read: fetch with depth 0";
            self.notes.push(note.into());
        }
        if missing > 0 {
            let files =
                if missing == 1 { "file of the history is" } else { "files of the history are" };
            let note = format!(
                "{missing} {files} not in this clone, so not searched: clone without `--filter`, or fetch what is missing"
            );
            self.notes.push(note);
        }
        self.is_partial = is_shallow || missing > 0;
        if let Some(state) = self.next() {
            self.examinees.push(Examinee { tree, revision: None, is_history: true });
            self.history = Some((repository, state, range.map(str::to_owned)));
        }
        Ok(())
    }

    /// Lets the stricter of both policies hold, and keeps what the change lets pass.
    fn hold_to(&mut self, base: Configuration, revision: Option<Arc<str>>) {
        let own = self.rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
        self.loosened.extend(self.config.loosened(&base.config, &own));
        self.config.fails_on_warnings |= base.config.fails_on_warnings;
        let pages: BTreeMap<&str, &str> =
            self.pages.iter().map(|page| (&*page.path, &*page.text)).collect();
        for (page, id) in base.packs.named() {
            let now = pages.get(&*page.path);
            if now.is_none_or(|text| *text != page.text) {
                let entry = Weakened::Page { id, is_gone: now.is_none() };
                self.loosened.push(Loosened { entry, now: None, before: None });
            }
        }
        self.config.levels = self.config.strictest_levels(&base.config, &own);
        let limit = &mut self.config.limits.file_bytes;
        *limit = base.config.limits.file_bytes.max(*limit);
        let days = &mut self.config.policy.max_waiver_days;
        *days = base.config.policy.max_waiver_days.into_iter().chain(*days).min();
        let [_, before] = &mut self.texts;
        *before = base.text.map(|text| shown(text, revision));
        self.config.declared.denied_before = Some(base.config.declared.denied.clone());
        self.declared_before = base.config.declared;
    }
}

/// A page that a user names, and the id of its rule.
pub struct NamedPage {
    /// The rule's id.
    pub id: String,
    /// The page's path.
    pub path: String,
    /// The page's text.
    pub text: String,
}

/// The pages in folders that a user names.
///
/// # Errors
/// Where a folder has no page, or a page has mistakes.
pub fn pages(folders: &[PathBuf]) -> Result<Vec<NamedPage>, Error> {
    let packs = Packs::of(packs::in_folders(folders)?)?;
    let named = packs.named();
    let named = named.map(|(PackPage { path, text, .. }, id)| NamedPage {
        id,
        path: path.clone(),
        text: text.clone(),
    });
    Ok(named.collect())
}

/// Our own rules, those of the configuration's packs and those of folders that a user names.
///
/// # Errors
/// Where a configuration or a page cannot be read, a folder has no page, or a page has mistakes.
pub fn all_rules(request: &Request) -> Result<Vec<Rule>, Error> {
    let Request { path, configured, chosen, packs, .. } = request;
    let mut pages = layers::pages(path, configured, chosen.policy.as_deref())?;
    pages.append(&mut packs::in_folders(packs)?);
    let mut all = rules::all();
    all.extend(Packs::of(pages)?.rules);
    Ok(all)
}

/// The page of a rule, as people read it. Ours are there whatever a configuration says.
///
/// # Errors
/// Where there is no such rule; where it is none of ours, as [`all_rules`].
pub fn page_of(request: &Request, rule: &str) -> Result<String, Error> {
    let is_ours = rules::ids().contains(&rule);
    let all = if is_ours { rules::all() } else { all_rules(request)? };
    rules::explain(&all, rule)
}

/// The branches of the repository that a tree is in; none where it is in none.
#[must_use]
pub fn branches(path: &Path) -> Vec<String> {
    let repository = folder(path).ok().and_then(|folder| Repository::of(&folder).ok());
    repository.and_then(|repository| repository.branches().ok()).unwrap_or_default()
}

/// What is compared where git pushes or receives, as it tells its hook by standard input. Without a remote, it is this
/// repository that receives. What is there already is left out.
///
/// # Errors
/// Where a line is none of git's, or git does not answer.
pub fn pushes(path: &Path, remote: Option<&str>) -> Result<Vec<Compare>, Error> {
    let side = remote.map_or(Side::Own, Side::Remote);
    let lines = read::input::handed_over()
        .map_err(|why| snapshot::unreadable(Path::new("standard input"), &why))?;
    let repository = Repository::of(&folder(path)?)?;
    let mut pushes = Vec::new();
    let told = match side {
        Side::Remote(_) => Pushed::read(&lines)?,
        Side::Own => Pushed::received(&lines)?,
    };
    for pushed in told {
        let push = repository.pushed(&pushed, side)?;
        pushes.extend(push.map(|push| Compare::Pushed(Box::new(push))));
    }
    Ok(pushes)
}

/// What commits that no remote has stand on, where the index is what is checked: the commit before the one that is checked out, then the last
/// one that a remote has.
///
/// # Errors
/// Where git does not answer.
pub fn before_unpublished(path: &Path) -> Result<Vec<Commit>, Error> {
    let repository = Repository::of(&folder(path)?)?;
    if repository.pushed_of_environment()?.is_some() {
        return Ok(Vec::new());
    }
    Ok(repository.before_unpublished()?)
}

/// Finds and lists the states that a run needs.
///
/// # Errors
/// Where a state is not there or cannot be read whole, and where the configuration has mistakes.
pub fn open(request: &Request) -> Result<States, Error> {
    let Request { path, texts, compare, configured, history, terms, .. } = request;
    let mut states = States::default();
    states.scope.file = discover::file_of(path)?;
    if matches!(compare, Compare::Nothing | Compare::Base(_))
        && *history == History::Nothing
        && states.scope.file.is_none()
        && has_no_work_tree(path)
    {
        return Err(GitError::Bare { path: path.display().to_string() }.into());
    }
    let (now, before) = snapshots(path, texts, compare, &mut states.notes)?;
    let file = states.scope.file.as_ref();
    let (now, before) = (now.only(file), before.map(|before| before.only(file)));
    let Configuration { config, text, packs: own, extended, breaches } =
        configuration(path, &now, configured, &request.chosen)?;
    if text.is_none()
        && *configured == Configured::Tree
        && let Some((file, folder)) = discover::above(path, &FILE_NAMES)
    {
        states.notes.push(format!(
            "`{file}`, seen from what is checked, is not used: `commerce-lint check` on `{folder}` takes it"
        ));
    }
    states.config = config;
    states.extended = extended;
    states.loosened = breaches;
    let mut pages = own.pages;
    pages.append(&mut packs::in_folders(&request.packs)?);
    let Packs { rules: theirs, watched, pages } = Packs::of(pages)?;
    states.rules = rules::all();
    states.rules.extend(theirs);
    states.pages = pages;
    if !watched.is_empty() {
        rules::packs::watch(watched);
    }
    intended_changes(&states.rules, &states.config, text.as_ref())?;
    let base =
        before.as_ref().map(|before| base(request, before, &mut states.notes)).transpose()?;
    let base = base.flatten();
    if terms.is_some_and(|terms| terms.baseline) {
        states.baseline = baseline(path, &now, configured, (&states.config, text.as_ref()))?;
    }
    states.accepted_before = before.as_ref().zip(base.as_ref()).map(|(before, base)| {
        // A baseline that cannot be read accepted nothing before.
        let known = baseline(path, before, configured, (&base.config, None)).ok().flatten();
        (base.config.waivers.clone(), known.map(|file| file.baseline))
    });
    states.scope.apart.clone_from(&request.chosen.apart);
    states.scope.excluded = states.config.exclude.clone();
    states.scope.excluded_before = base.as_ref().map(|base| base.config.exclude.clone());
    let scope = states.scope.clone();
    let excluded = |name: &str| scope.leaves_out(name);
    let (by, is_whole) = (format!("{scope:?}"), scope.is_whole());
    let listing = Listing { by, is_whole, recall: &request.recall };
    let now_commit = now.commit().cloned();
    let range = range(path, compare, now_commit.as_ref(), before.as_ref())?;
    let unread_before = before.as_ref().map(Snapshot::notes).unwrap_or_default();
    states.push(now.list(&excluded, &listing)?, None);
    let mut revision = None;
    if let Some(before) = before {
        states.is_compared = true;
        revision = before.commit().map(|commit| Arc::from(commit.id.short()));
        states.push(before.list(&excluded, &listing)?, revision.clone());
    }
    let branches_of = |config: &Config| {
        config.declared.instances.values().filter_map(|of| of.branch.clone()).collect()
    };
    let mut branches: Vec<String> = branches_of(&states.config);
    let is_by_branch = !branches.is_empty();
    branches.extend(base.as_ref().map(|base| branches_of(&base.config)).unwrap_or_default());
    if !branches.is_empty() {
        let repository = Repository::of(&folder(path)?)?;
        let here = branch_here(&repository, compare, now_commit)?;
        states.own_branches = here.among(&branches, &repository);
        let strays = states.own_branches.is_empty();
        states.strays = [is_by_branch && strays, strays];
        branches::add(&mut states, &repository, &excluded, text.as_ref())?;
    }
    if *history != History::Nothing || range.is_some() {
        let asked = (*history != History::Nothing).then(|| history.range());
        states.add_history(Repository::of(&folder(path)?)?, asked.unwrap_or(range.as_deref()))?;
    }
    states.texts = [text.map(|text| shown(text, None)), None];
    match base {
        Some(base) => states.hold_to(base, revision),
        None => states.declared_before = states.config.declared.clone(),
    }
    states.choose(&request.chosen)?;
    let now = states.examinees.first_mut();
    let mut notes = Vec::new();
    if let Some(now) = now {
        notes.append(&mut now.tree.notes);
        if request.is_review && states.scope.file.is_none() {
            notes.extend(discover::aside::notes(&now.tree, &excluded));
        }
    }
    let unread_before = unread_before.into_iter().filter(|note| !notes.contains(note));
    states.notes.extend(unread_before.map(|note| format!("before the change, {note}")));
    states.notes.extend(notes);
    Ok(states)
}

/// The commits between two states, which are searched for keys: one that comes and goes on the way is in every clone. None where there are no
/// commits between them.
fn range(
    path: &Path,
    compare: &Compare,
    now: Option<&Commit>,
    before: Option<&Snapshot>,
) -> Result<Option<String>, Error> {
    let before = before.and_then(Snapshot::commit);
    let now = match compare {
        Compare::Nothing | Compare::StagedOver(_) => return Ok(None),
        Compare::Base(_) => Repository::of(&folder(path)?)?.head()?,
        Compare::Pushed(push) if push.is_file => {
            return Ok(Some(push.tag.as_ref().unwrap_or(&push.tip.id).as_str().to_owned()));
        }
        Compare::Staged | Compare::Between { .. } | Compare::Pushed(_) => now.cloned(),
    };
    let tag = if let Compare::Pushed(push) = compare { push.tag.as_ref() } else { None };
    let Some(now) = now else { return Ok(None) };
    Ok(match before {
        Some(before) if before.id == now.id => {
            tag.map(|tag| format!("{} ^{}", tag.as_str(), before.id.as_str()))
        }
        Some(before) => {
            let tip = tag.unwrap_or(&now.id);
            Some(format!("{} ^{}", tip.as_str(), before.id.as_str()))
        }
        None => Some(tag.unwrap_or(&now.id).as_str().to_owned()),
    })
}

/// The configuration of the state before, where it is the tree's to say.
fn base(
    request: &Request,
    before: &Snapshot,
    notes: &mut Vec<String>,
) -> Result<Option<Configuration>, Error> {
    if !matches!(request.configured, Configured::Tree | Configured::File(_)) {
        return Ok(None);
    }
    match configuration(&request.path, before, &request.configured, &request.chosen) {
        Ok(base) => Ok(Some(base)),
        Err(Error::Configuration { .. } | Error::TwoConfigurations) => {
            let note = "the configuration before the change has mistakes and is passed over";
            notes.push(note.into());
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A configuration as a file to be shown.
fn shown((path, text): (String, String), revision: Option<Arc<str>>) -> (Entry, Source) {
    let entry = Entry { path: path.clone(), revision, ..Entry::default() };
    (entry, Source::new(path, text.into_bytes()))
}
