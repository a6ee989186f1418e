//! Configuration linter and policy checker for the deployment trees of Adobe Commerce (Magento 2) instances.
//!
//! # The way of the data
//!
//! ```text
//! states     what is checked, what it is compared with, and their configurations
//! discover   what to read: git index ∪ untracked-not-ignored, a revision, or a plain folder; sorted
//! read       bytes → Source                      the only module that opens files
//! sift       which Sources can matter at all     one pass over the bytes, no parse
//! parse      Source → Node, problems             per file, parallel, never fails
//! recognise  Node, text → settings, secrets      per file, parallel, never fails
//! resolve    settings → Inventory                which instance, which layer wins
//! check      (now, before?) × rules → diagnostics   pure, sorted by place and rule; `judge` takes out what the policy accepts
//! report     diagnostics + sources → bytes       one file per output format; `publish` and `write` bring them where they go
//! ```
//!
//! [`run`] is these lines in this order. From `parse` on everything is a pure function of its input.
//!
//! # Invariants
//!
//! 1. `source`, `syntax`, `recognise`, `model`, `resolve` know no rule, severity, output or command line.
//! 2. A check uses `rule` and `model` only: no format, no I/O, no configuration file, no other rule.
//! 3. Reporters see diagnostics, the inventory and sources; never a concrete rule.
//! 4. miette only in `report/pretty.rs`, `error.rs`; clap only in `cli`; files and processes only in `discover`, `read`
//!    and `write`; printing and exiting only in `main`.
//! 5. No parser library's node or span type leaves its file in `syntax/`.
//! 6. No hash-map iteration; the same output on every run, on 1 or N threads.
//! 7. What a user wrote is never an `Err`: mistakes are findings. What could not be read whole makes the run incomplete.
//! 8. A secret's bytes exist in `Source` alone; everything else has its fingerprint, and every snippet is masked.
//! 9. Untrusted text is escaped on its way out.
//! 10. Nothing in the checked tree is executed or fetched. Limits are explicit; no recursion over untrusted depth.
//!
//! `tests/it/architecture/` holds 1–5.

// What is read is untrusted: a place that is not there is asked for, and never indexed.
#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice))]

mod baseline;
pub mod check;
mod checkouts;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod date;
mod declared;
pub mod discover;
mod editor;
mod encoding;
mod error;
pub mod examine;
mod exit;
pub mod facts;
mod fault;
pub mod fix;
mod fleet;
mod follow;
#[cfg(fuzzing)]
pub mod fuzzing;
mod history;
pub mod init;
pub mod inventories;
mod judge;
mod known;
mod links;
mod load;
mod mask;
mod mcp;
mod mend;
pub mod model;
pub mod policy;
pub mod progress;
pub mod publish;
pub mod read;
pub mod recognise;
pub mod report;
pub mod resolve;
mod rpc;
pub mod rule;
pub mod rules;
mod several;
pub mod sift;
pub mod source;
pub mod sources;
pub mod states;
mod suggest;
pub mod syntax;
mod trends;
mod trials;
mod waivers;
mod write;

use discover::aside::note;
use discover::{as_given, below_work_tree};
use error::Error;
use examine::{Examined, Means};
use fix::Fixes;
use inventories::Inventories;
use judge::Judged;
use known::Known;
use model::instance::Kind;
use model::inventory::Inventory;
use policy::printed::Printed;
use policy::{Origin, Policy};
use report::{Report, Summary};
use resolve::samples::{is_deployed_template, is_sample};
use rule::{Accepted, Context, Diagnostic, Rule, Severity};
use source::SourceId;
use sources::{Sources, State};
use states::{Compare, Configured, InForce, Request, States};

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// What is wrong, sorted by place and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong and accepted, in the same order.
    pub accepted: Vec<Accepted>,
    /// What was wrong before the change and is no longer.
    pub gone: Vec<Diagnostic>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The instances and what they end up with.
    pub inventory: Inventory,
    /// The files.
    pub sources: Sources,
    /// What the configuration decides.
    pub policy: Policy,
    /// What would mend what is wrong, where it was asked for.
    pub fixes: Fixes,
    /// The figures.
    pub summary: Summary,
    /// What a person should know about how the files were found; untrusted text.
    pub notes: Vec<String>,
    /// Why the folder does not hold all of its repository: sentences that are among the notes.
    pub unwhole: Vec<String>,
    /// Folders of submodules, which are repositories of their own and not read.
    pub submodules: Vec<String>,
    /// The tree's name from where the program was started, empty or with `/` at its end.
    pub as_given: String,
    /// The tree's name from the root of its repository, in the same way.
    pub from_root: String,
}

impl Outcome {
    /// Whether a finding is told of the change alone.
    fn is_change(&self, found: &Diagnostic) -> bool {
        rule::of_id(&self.rules, &found.rule).is_some_and(Rule::tells_change)
    }

    /// Whether any is.
    fn tells_change(&self) -> bool {
        self.diagnostics.iter().any(|found| self.is_change(found))
    }

    /// The run as reporters see it.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report {
            diagnostics: &self.diagnostics,
            beyond: &[],
            held_back: &[],
            gone: &self.gone,
            accepted: &self.accepted,
            rules: &self.rules,
            inventory: &self.inventory,
            sources: &self.sources,
            policy: &self.policy,
            fixes: &self.fixes,
            notes: &self.notes,
            summary: self.summary,
        }
    }
}

/// Checks a tree.
///
/// # Errors
/// Where there is no such tree, or a state that it is compared with cannot be read. What is wrong in the tree is a diagnostic.
pub fn run(request: &Request) -> Result<Outcome, Error> {
    let (mut outcome, Former { before, .. }) = once(request)?;
    if request.compare != Compare::Staged || !outcome.tells_change() {
        return Ok(outcome);
    }
    // Commits that nobody else has can be undone: then what they changed was never there.
    for earlier in states::before_unpublished(&request.path)? {
        let (id, compare) = (earlier.id.short().to_owned(), Compare::StagedOver(earlier));
        let (since, former) = once(&Request { compare, ..request.clone() })?;
        let context = |now, before| Context { now, before, weakened: &[], unmatched: &[] };
        let now = context(&outcome.inventory, before.as_ref());
        let earlier = context(&since.inventory, former.as_now.as_ref());
        let is_found = |found: &Diagnostic| {
            let mut others = since.diagnostics.iter();
            others.any(|other| {
                other.rule == found.rule && other.finding.message == found.finding.message
            })
        };
        let is_left = |found: &Diagnostic| {
            !outcome.is_change(found)
                || if found.finding.instances.is_empty() {
                    is_found(found)
                } else {
                    !rules::is_undone(&now, &found.finding, &earlier)
                }
        };
        let left: Vec<bool> = outcome.diagnostics.iter().map(is_left).collect();
        if left.contains(&false) {
            outcome.notes.push(format!(
                "what only puts back what {id} has is not reported, since no remote has the commits after it"
            ));
            let mut left = left.into_iter();
            outcome.diagnostics.retain(|_| left.next() == Some(true));
        }
        if !outcome.tells_change() {
            break;
        }
    }
    let count =
        |severity| outcome.diagnostics.iter().filter(|found| found.severity == severity).count();
    (outcome.summary.errors, outcome.summary.warnings) =
        (count(Severity::Error), count(Severity::Warning));
    Ok(outcome)
}

/// The policy that a run on a tree goes by, as a configuration that says the same, each line with where it comes from; and what a person should
/// know.
///
/// # Errors
/// Where a configuration cannot be read or has mistakes.
pub fn policy_in_force(request: &Request) -> Result<(String, Vec<String>), Error> {
    let InForce { config, rules, own, extended, breaches, mut notes } = states::in_force(request)?;
    if breaches > 0 {
        let counts = if breaches == 1 { "counts" } else { "count" };
        notes.push(format!(
            "{breaches} of the configuration's settings {counts} for nothing, being locked: `commerce-lint check` shows where"
        ));
    }
    let extended = extended.into_iter().map(|file| (file.path, file.text));
    let files: Vec<_> = std::iter::once(own.unwrap_or_default()).chain(extended).collect();
    let is_preset_chosen = request.chosen.preset.is_some();
    let printed = Printed { config: &config, rules: &rules, files: &files, is_preset_chosen };
    Ok((printed.text(), notes))
}

/// What a tree was compared with.
struct Former {
    /// As its own configuration declares the instances; none where nothing was.
    before: Option<Inventory>,
    /// As the configuration of now does.
    as_now: Option<Inventory>,
}

/// Checks a tree, compared with one state at most.
fn once(request: &Request) -> Result<(Outcome, Former), Error> {
    let mut states = states::open(request)?;
    let texts = std::mem::take(&mut states.texts);
    let mut examined = examine::examine(
        &states.examinees,
        texts,
        Means {
            file_bytes: states.config.limits.file_bytes,
            known: known(request, &states),
            recall: request.recall.clone(),
            progress: request.progress.clone(),
        },
    );
    let found = inventories::resolve(&states, &mut examined, &request.recall)?;
    let rules = std::mem::take(&mut states.rules);
    let judged = judge::judge(request, &mut states, &mut examined, &found, &rules);
    let unread = unread_before(&found, &examined.sources);
    let silent = silent(&examined);
    let mut summary = summary(&states, &examined, &found, &judged, unread.is_empty());
    // Whoever reviews a tree is not told that it is clean where a setting may stand in a file that nothing reads.
    summary.complete &= silent.is_none() || !request.is_review;
    let mut notes = std::mem::take(&mut states.notes);
    notes.extend(unread);
    notes.extend(unguarded(&found));
    if let Some(now) = states.examinees.first() {
        let excluded = |name: &str| states.scope.leaves_out(name);
        notes.extend(links::notes(&now.tree, &excluded, &found.now, &examined.sources));
    }
    let now = states.examinees.first();
    let unwhole = now.map_or_else(Vec::new, |now| now.tree.aside.unwhole.clone());
    let submodules = now.map_or_else(Vec::new, |now| now.tree.aside.submodules.clone());
    notes.extend(pointers(&examined));
    notes.extend(silent);
    notes.extend(if request.is_review { unseen(&examined) } else { closed(&examined) });
    let policy = policy(request, &states, &examined, &judged);
    let as_now = found.before_as_now.or_else(|| found.before.clone());
    let former = Former { before: found.before, as_now };
    let outcome = Outcome {
        diagnostics: judged.open,
        accepted: judged.accepted,
        gone: judged.gone,
        rules,
        inventory: found.now,
        policy,
        fixes: Fixes::default(),
        sources: examined.sources,
        summary,
        notes,
        unwhole,
        submodules,
        as_given: as_given(&request.path),
        from_root: below_work_tree(&request.path),
    };
    Ok((outcome, former))
}

/// Said where changes are looked for, and nothing is known that they are to be kept from.
fn unguarded(found: &Inventories) -> Option<String> {
    let of = |kind: Kind| {
        let states = found.before.iter().chain([&found.now]);
        states.flat_map(|state| &state.instances).any(move |of| of.kind.value == kind)
    };
    (found.before.is_some() && of(Kind::Unknown) && !of(Kind::Production)).then(|| {
        "no instance is known to be production, so no change of one is guarded: declare its `kind` in commerce-lint.toml, which `commerce-lint init` proposes".to_owned()
    })
}

/// What earlier runs know; nothing where nothing of the tree is to be trusted, or nobody wants it.
fn known(request: &Request, states: &States) -> Option<Known> {
    let mut trees = states.examinees.iter().map(|examinee| &examinee.tree);
    let repository = trees.find_map(|tree| tree.repository.as_ref())?;
    request.is_cached.then(|| Known::of(repository, states.config.limits.file_bytes))?
}

/// The figures.
fn summary(
    states: &States,
    examined: &Examined,
    found: &Inventories,
    judged: &Judged,
    is_before_known: bool,
) -> Summary {
    let now = &found.now;
    let count = |severity| judged.open.iter().filter(|found| found.severity == severity).count();
    let past = states.examinees.iter().find(|state| state.is_history);
    Summary {
        files_read: examined.files_read,
        files_parsed: examined.files_parsed,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        searched: past.map(|past| past.tree.files.len() - states.messages.len()),
        complete: !states.is_partial && now.problems.is_empty() && is_before_known,
        is_as_before: !states.is_partial && stand(found, &examined.sources),
    }
}

/// Whether what could not be read was the same before the change, to the letter: then the change hides nothing there.
fn stand(found: &Inventories, sources: &Sources) -> bool {
    let Some(before) = &found.before else { return false };
    let text = |id: SourceId| Some((sources.path(id), sources.get(id)?.text()));
    let stood = |problem: &syntax::Problem| {
        let file = problem.at.source;
        let mut known = before.problems.iter().map(|problem| problem.at.source);
        known.any(|other| other == file || text(file).is_some() && text(other) == text(file))
    };
    let is_there = |problem: &syntax::Problem| {
        let path = sources.path(problem.at.source);
        found.now.problems.iter().any(|now| sources.path(now.at.source) == path)
    };
    // What this clone lacks is nowhere, and a fault of the clone.
    let has_content = |problem: &syntax::Problem| problem.message != read::MISSING;
    found.now.problems.iter().all(|problem| has_content(problem) && stood(problem))
        && before.unread().all(is_there)
}

/// What the configuration decides, for reporters.
fn policy(request: &Request, states: &States, examined: &Examined, judged: &Judged) -> Policy {
    policy::in_force(&policy::Basis {
        config: &states.config,
        origin: match &request.configured {
            Configured::Tree | Configured::Proposed(_) => Origin::Tree,
            Configured::File(_) => Origin::Named,
            Configured::Trusted(_) => Origin::Trusted,
            Configured::Nowhere => Origin::Nowhere,
        },
        texts: examined.texts,
        baseline: judged.baseline,
        today: request.terms.map(|terms| terms.today),
        accepted: &judged.accepted,
        told: &judged.told,
        sources: &examined.sources.of(State(0)),
    })
}

/// What of the state before could not be read: a change in it would go unseen.
fn unread_before(found: &Inventories, sources: &Sources) -> Vec<String> {
    let problems = found.before.iter().flat_map(Inventory::unread);
    let note = |problem: &syntax::Problem| {
        let file = sources.shown(problem.at.source);
        format!("what was before cannot be known: `{file}` {}", problem.message)
    };
    problems.map(note).collect()
}

/// The files whose text Git LFS keeps elsewhere, each path once.
fn pointers(examined: &Examined) -> Vec<String> {
    let Examined { pointers, sources, .. } = examined;
    let is_now = |file: &&SourceId| sources.revision(**file).is_none();
    let now: Vec<&str> = pointers.iter().filter(is_now).map(|file| sources.path(*file)).collect();
    let is_told = |file: &&SourceId| is_now(file) || !now.contains(&sources.path(**file));
    let note = |file: &SourceId| {
        let file = sources.shown(*file);
        format!("`{file}` is a pointer of Git LFS: what it points at is not read")
    };
    pointers.iter().filter(is_told).map(note).collect()
}

/// The files that name the connector and give no setting.
fn silent(examined: &Examined) -> Option<String> {
    let name = |id: SourceId| examined.sources.path(id).to_owned();
    let names: Vec<String> = examined.silent(State(0)).map(|at| name(at.source)).collect();
    let names: Vec<String> = names.into_iter().filter(|name| !is_sample(name)).collect();
    note(
        &names,
        "names connector settings, and none is read from it",
        "name connector settings, and none is read from them",
    )
}

/// The packed or encrypted files that hold settings by their names, or by what is left of those without their last endings.
fn closed(examined: &Examined) -> Vec<String> {
    let is_one = |name: &str| {
        let within = name.rsplit_once('.').map_or(name, |(within, _)| within);
        [name, within].iter().any(|name| syntax::format_of(name).is_some()) && !is_sample(name)
    };
    let names = examined.packed.iter().map(|id| examined.sources.path(*id));
    let names: Vec<String> = names.filter(|name| is_one(name)).map(str::to_owned).collect();
    hidden(&names).into_iter().collect()
}

fn hidden(names: &[String]) -> Option<String> {
    note(
        names,
        "is packed or encrypted, and nothing in it is seen",
        "are packed or encrypted, and nothing in them is seen",
    )
}

/// What a reviewer is told of: files in which nothing can be seen, and settings that count for no instance.
fn unseen(examined: &Examined) -> Vec<String> {
    let name = |id: SourceId| examined.sources.path(id).to_owned();
    let packed: Vec<String> = examined.packed.iter().copied().map(name).collect();
    let text = |id: SourceId| examined.sources.get(id).map_or("", |source| source.text());
    let is_one = |id: &SourceId| {
        let path = examined.sources.path(*id);
        is_sample(path) && !is_deployed_template(path, text(*id))
    };
    let samples = examined.with_settings().into_iter().filter(is_one);
    let samples: Vec<String> = samples.map(name).collect();
    let idle = note(
        &samples,
        "has settings and counts for no instance: it is a sample, a test, documentation or a copy by its name",
        "have settings and count for no instance: they are samples, tests, documentation or copies by their names",
    );
    [hidden(&packed), idle].into_iter().flatten().collect()
}
