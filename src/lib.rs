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
//! check      (now, before?) × rules → diagnostics   pure, sorted by place and rule
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
//! `tests/architecture.rs` holds 1–5.

pub mod baseline;
pub mod check;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod date;
pub mod discover;
pub mod error;
pub mod examine;
pub mod history;
pub mod init;
pub mod model;
pub mod progress;
pub mod publish;
pub mod read;
pub mod recognise;
pub mod report;
pub mod resolve;
pub mod rule;
pub mod rules;
pub mod sift;
pub mod source;
pub mod sources;
pub mod states;
pub mod suggest;
pub mod syntax;
pub mod waivers;
pub mod write;

use std::collections::BTreeMap;

use config::baseline::Baseline;
use config::weakening::Loosened;
use config::{Config, Declared};
use date::Date;
use error::Error;
use examine::Examined;
use model::inventory::Inventory;
use report::Summary;
use rule::{Accepted, Context, Diagnostic, Policy, Rule, Severity, Weakening};
use source::{Location, SourceId, Span};
use sources::{Sources, State};
use states::{Configured, Request, States};
use waivers::{Change, Grounds};

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// What is wrong, sorted by place and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong and accepted, in the same order.
    pub accepted: Vec<Accepted>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The instances and what they end up with.
    pub inventory: Inventory,
    /// The files.
    pub sources: Sources,
    /// What the configuration decides.
    pub policy: Policy,
    /// The figures.
    pub summary: Summary,
    /// What a person should know about how the files were found; untrusted text.
    pub notes: Vec<String>,
    /// The tree's name from where the program was started, empty or with `/` at its end.
    pub as_given: String,
    /// The tree's name from the root of its repository, in the same way.
    pub from_root: String,
}

/// Checks a tree.
///
/// # Errors
/// Where there is no such tree, or a state that it is compared with cannot be read. What is wrong in the tree is a diagnostic.
pub fn run(request: &Request) -> Result<Outcome, Error> {
    let mut states = states::open(request)?;
    let texts = std::mem::take(&mut states.texts);
    let limit = states.config.limits.file_bytes;
    let mut examined = examine::examine(&states.examinees, texts, limit, &request.progress);
    let (inventory, before) = resolve_all(&states, &mut examined)?;
    let baseline = states.baseline.take().map(|file| {
        let id = examined.sources.keep(&file.path, &file.text);
        (file.baseline, id)
    });
    if is_configured_from_outside(request) {
        let own = examined.texts.into_iter().flatten();
        own.chain(baseline.iter().map(|(_, id)| *id))
            .for_each(|id| examined.sources.leave_outside(id));
    }
    let weakened = weakened(&states, &examined, baseline.as_ref());
    let rules = rules::all();
    let context = Context { now: &inventory, before: before.as_ref(), weakened: &weakened };
    let found = check::check(&context, &rules, &states.config.levels);
    let (diagnostics, accepted) = match request.terms {
        Some(terms) => {
            let parts = (&rules[..], &inventory, &examined.sources);
            let own = (baseline.as_ref(), examined.texts[0]);
            settle(found, &states, terms.today, own, before.as_ref(), parts)
        }
        None => (found, Vec::new()),
    };
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let unread = before.iter().flat_map(Inventory::unread).map(|problem| {
        let file = examined.sources.shown(problem.at.source);
        format!("what was before cannot be known: `{file}` {}", problem.message)
    });
    let mut notes = states.notes;
    let known = notes.len();
    notes.extend(unread);
    let past = states.examinees.iter().find(|state| state.is_history);
    let summary = Summary {
        files_read: examined.files_read,
        files_parsed: examined.files_parsed,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        searched: past.map(|past| past.tree.files.len()),
        complete: !states.is_partial && inventory.problems.is_empty() && notes.len() == known,
    };
    let files = examined.pointers.iter().map(|&pointer| {
        let is_now = examined.sources.revision(pointer).is_none();
        (is_now, examined.sources.path(pointer), examined.sources.shown(pointer))
    });
    let files: Vec<_> = files.collect();
    let is_told = |path: &str| files.iter().any(|(is_now, other, _)| *is_now && *other == path);
    let told = files.iter().filter(|(is_now, path, _)| *is_now || !is_told(path));
    notes.extend(told.map(|(.., file)| {
        format!("`{file}` is a pointer of Git LFS: what it points at is not read")
    }));
    Ok(Outcome {
        diagnostics,
        accepted,
        rules,
        inventory,
        policy: policy(&states.config, examined.texts[0]),
        sources: examined.sources,
        summary,
        notes,
        as_given: discover::as_given(&request.path),
        from_root: discover::below_work_tree(&request.path),
    })
}

/// Whether the configuration, and the baseline beside it, are no files of the tree.
fn is_configured_from_outside(request: &Request) -> bool {
    match &request.configured {
        Configured::File(file) => !discover::lies_within(&request.path, file),
        Configured::Trusted(_) => true,
        Configured::Tree | Configured::Nowhere => false,
    }
}

/// What the configuration decides, for reporters.
fn policy(config: &Config, written: Option<SourceId>) -> Policy {
    let severities = config.levels.iter().map(|(id, level)| (id.clone(), level.severity()));
    Policy {
        written,
        severities: severities.collect(),
        excluded: config.exclude.patterns().to_vec(),
        file_bytes: config.limits.file_bytes,
    }
}

/// The inventory of what is checked, branches included, and of what it is compared with.
fn resolve_all(
    states: &States,
    examined: &mut Examined,
) -> Result<(Inventory, Option<Inventory>), Error> {
    let name = states.examinees.first().map_or("", |now| now.tree.name.as_str());
    let of = |state: State, declared: &BTreeMap<String, Declared>| {
        resolve::resolve(&examined.sources.of(state), examined.of(state), declared, name)
    };
    let mut now = of(State(0), &states.here(&states.config.instances));
    let [strays, strayed] = states.strays;
    if strays {
        now.forget_instance(name);
    }
    for (branch, declared, state) in &states.branches {
        now.absorb(of(*state, &BTreeMap::from([(branch.clone(), declared.of_branch())])));
    }
    let mut before =
        states.is_compared.then(|| of(State(1), &states.here(&states.declared_before)));
    if let Some(before) = before.as_mut().filter(|_| strayed) {
        before.forget_instance(name);
    }
    // What is shown of the state before is masked like everything else.
    now.hidden.extend(before.iter().flat_map(Inventory::secret_places));
    if let Some((repository, state, range)) = &states.history {
        let holds = |path: &str| states.scope.holds(path);
        let from = (examined, *state);
        history::search(repository, range.as_deref(), from, &holds, &mut now)?;
    }
    Ok((now, before))
}

/// Parts what is accepted from the rest, to which it adds what is wrong with the waivers.
fn settle(
    found: Vec<Diagnostic>,
    states: &States,
    today: Date,
    (baseline, config): (Option<&(Baseline, SourceId)>, Option<SourceId>),
    before: Option<&Inventory>,
    (rules, inventory, sources): (&[Rule], &Inventory, &Sources),
) -> (Vec<Diagnostic>, Vec<Accepted>) {
    let levels = &states.config.levels;
    let severity = |id: &str| check::severity(rules.iter().find(|rule| rule.id == id)?, levels);
    let all: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    let off: Vec<&str> = all.iter().copied().filter(|id| severity(id).is_none()).collect();
    let ids = waivers::Rules { all: &all, off: &off };
    let change = before.map(|before| {
        let (waivers, known) = match &states.accepted_before {
            Some((waivers, baseline)) => (waivers.as_slice(), baseline.as_ref()),
            // The policy comes from a place that the change has no part in.
            None => (&*states.config.waivers, baseline.map(|(baseline, _)| baseline)),
        };
        let context = Context { now: before, before: None, weakened: &[] };
        let stood = check::check(&context, rules, levels);
        Change::new(waivers, known, &stood, (before, sources), ids)
    });
    let grounds = Grounds {
        today,
        config: (&states.config, config),
        baseline: baseline.map(|(baseline, id)| (baseline, *id)),
        change,
        rules: ids,
        checked: states.checked(),
    };
    let settled = waivers::settle(found, &grounds, inventory, sources);
    let mut open = settled.open;
    open.extend(settled.told.into_iter().filter_map(|(rule, finding)| {
        Some(Diagnostic { rule: rule.into(), severity: severity(rule)?, finding })
    }));
    check::sort(&mut open);
    (open, settled.accepted)
}

/// What the change lets pass, with its places.
fn weakened(
    states: &States,
    examined: &Examined,
    baseline: Option<&(Baseline, SourceId)>,
) -> Vec<Weakening> {
    let [now, before] = examined.texts;
    let at = |source: Option<SourceId>, span: Option<Span>| {
        Some(Location { source: source?, span: span? })
    };
    let first = |source: SourceId| Location::new(source, 0, 0);
    let weakening = |loosened: &Loosened| {
        let before_at = at(before, loosened.before);
        let now_at = at(now, loosened.now);
        let at = now_at.or(now.map(first)).or(before_at).or(before.map(first))?;
        Some(Weakening {
            what: loosened.clause(),
            at,
            before: before_at.filter(|place| *place != at),
        })
    };
    let baselines = baseline.zip(states.accepted_before.as_ref());
    let grown = baselines.and_then(|((now, source), (_, before))| {
        let (what, span) = now.grown(before.as_ref())?;
        Some(Weakening { what, at: Location { source: *source, span }, before: None })
    });
    states.loosened.iter().filter_map(weakening).chain(grown).collect()
}
