//! From inventories to diagnostics: the rules say what is wrong, and the policy what of it somebody accepts.
//!
//! The policy of both sides of a change counts: what the change loosens is itself told, and accepts only what was there before it.

mod declared;

use std::collections::BTreeSet;

use crate::check;
use crate::config::baseline::Baseline;
use crate::config::weakening::{Entry as Weakened, Loosened, Place};
use crate::date::Date;
use crate::discover;
use crate::examine::Examined;
use crate::inventories::Inventories;
use crate::mask;
use crate::model::inventory::Inventory;
use crate::resolve::samples::is_sample;
use crate::rule::{self, Accepted, Context, Diagnostic, Rule, Severity, Trend, Weakening};
use crate::rules;
use crate::source::{Location, SourceId};
use crate::sources::{Sources, State};
use crate::states::{Configured, Request, States};
use crate::trends::{self, Side};
use crate::waivers::{self, ChangeBase, Grounds};

/// What is wrong, and what of it somebody accepts.
#[derive(Debug, Default)]
pub struct Judged {
    /// What nobody accepts, sorted by place and rule.
    pub open: Vec<Diagnostic>,
    /// What somebody accepts, in the same order.
    pub accepted: Vec<Accepted>,
    /// The places of what is wrong with the waivers.
    pub told: BTreeSet<Location>,
    /// What is known from the start: the file, and how many findings it lists.
    pub baseline: Option<(SourceId, usize)>,
    /// What stood before the change and is found no more.
    pub gone: Vec<Diagnostic>,
}

/// Runs the rules and takes out what the policy accepts.
pub fn judge(
    request: &Request,
    states: &mut States,
    examined: &mut Examined,
    found: &Inventories,
    rules: &[Rule],
) -> Judged {
    let baseline = states.baseline.take().map(|file| {
        let id = examined.sources.keep(&file.path, &file.text);
        (file.baseline, id)
    });
    if is_configured_from_outside(request) {
        let own = examined.texts.into_iter().flatten();
        own.chain(baseline.iter().map(|(_, id)| *id))
            .for_each(|id| examined.sources.leave_outside(id));
    }
    let extended: Vec<SourceId> = states
        .extended
        .iter()
        .map(|file| {
            let id = examined.sources.keep(&file.path, &file.text);
            if file.is_outside {
                examined.sources.leave_outside(id);
            }
            id
        })
        .collect();
    let mut weakened = weakened(states, examined, baseline.as_ref(), &extended);
    weakened.extend(declared::swallowed(states, examined, found));
    let Inventories { now, before, .. } = found;
    let unmatched = unmatched(states, examined);
    let context =
        Context { now, before: before.as_ref(), weakened: &weakened, unmatched: &unmatched };
    let mut open = check::check(&context, rules, &states.config.levels);
    let gone = compare(&mut open, found, states, rules, examined);
    open.extend(declared::silenced(&open, found, states, rules, examined));
    check::sort(&mut open);
    let mut judged = match request.terms {
        Some(terms) => {
            let own = (baseline.as_ref(), examined.texts[0], &*extended);
            let parts = (rules, now, &examined.sources);
            settle(&open, states, terms.today, own, before.as_ref(), parts)
        }
        None => Judged { open, ..Judged::default() },
    };
    check::leave_change_to_others(&mut judged.open, rules);
    Judged { gone, ..judged }
}

/// Tells of each finding how it stands to what was found before, and returns what is gone. What the configuration of now would have found
/// before stood as well: who declares an instance has made nothing worse.
fn compare(
    open: &mut [Diagnostic],
    found: &Inventories,
    states: &States,
    rules: &[Rule],
    examined: &Examined,
) -> Vec<Diagnostic> {
    let Inventories { now, before, before_as_now, .. } = found;
    let here = examined.sources.of(State(0));
    let unmatched = unmatched_before(states, examined);
    let mut gone = Vec::new();
    for inventory in before_as_now.iter().chain(before) {
        let context =
            Context { now: inventory, before: None, weakened: &[], unmatched: &unmatched };
        let stood = check::check(&context, rules, &states.config.levels);
        let names = rules::names_now(&Context {
            now,
            before: Some(inventory),
            weakened: &[],
            unmatched: &[],
        });
        gone = trends::tell(open, now, &Side { found: &stood, inventory, names }, &here);
    }
    gone
}

/// Whether the configuration, and the baseline beside it, are no files of the tree.
fn is_configured_from_outside(request: &Request) -> bool {
    match &request.configured {
        Configured::File(file) => !discover::lies_within(&request.path, file),
        Configured::Trusted(_) => true,
        Configured::Tree | Configured::Nowhere | Configured::Proposed(_) => false,
    }
}

/// The patterns of declared files that match no file of what is checked, and where they stand.
fn unmatched(states: &States, examined: &Examined) -> Vec<(String, Location)> {
    let Some(source) = examined.texts[0].filter(|_| states.scope.file.is_none()) else {
        return Vec::new();
    };
    let sources = examined.sources.of(State(0));
    let paths = sources.paths().map(|(_, path)| path);
    let left = states.config.unmatched(paths).into_iter();
    left.map(|of| (of.pattern.clone(), Location { source, span: of.at })).collect()
}

/// Those of them that stood in the configuration before the change, and matched no file then either.
fn unmatched_before(states: &States, examined: &Examined) -> Vec<(String, Location)> {
    let text = examined.texts[1].and_then(|before| examined.sources.get(before));
    let before = examined.sources.of(State(1));
    let left = states.config.unmatched(before.paths().map(|(_, path)| path));
    let stood = |pattern: &str| text.is_some_and(|of| of.text().contains(pattern));
    let was_one = |(pattern, _): &(String, Location)| {
        left.iter().any(|of| of.pattern == *pattern) && stood(pattern)
    };
    unmatched(states, examined).into_iter().filter(was_one).collect()
}

/// What the change lets pass, with its places.
fn weakened(
    states: &States,
    examined: &Examined,
    baseline: Option<&(Baseline, SourceId)>,
    extended: &[SourceId],
) -> Vec<Weakening> {
    let [now, before] = examined.texts;
    let at = |place: Option<Place>| {
        let Place { is_before, file, span } = place?;
        let source = match file {
            0 => {
                if is_before {
                    before
                } else {
                    now
                }
            }
            // What was extended before has no text that is shown.
            _ if is_before => None,
            file => extended.get(file - 1).copied(),
        };
        Some(Location { source: source?, span })
    };
    let first = |source: SourceId| Location::new(source, 0, 0);
    let weakening = |loosened: &Loosened| {
        let before_at = at(loosened.before);
        let now_at = at(loosened.now);
        let at = now_at.or(now.map(first)).or(before_at).or(before.map(first))?;
        Some(Weakening {
            what: loosened.clause(),
            at,
            before: before_at.filter(|place| *place != at),
            is_locked: matches!(loosened.entry, Weakened::Locked { .. }),
            is_declared: matches!(loosened.entry, Weakened::SameAs { .. }),
        })
    };
    let baselines = baseline.zip(states.accepted_before.as_ref());
    let grown = baselines.and_then(|((now, source), (_, before))| {
        let (what, span) = now.grown(before.as_ref())?;
        let at = Location { source: *source, span };
        Some(Weakening { what, at, before: None, is_locked: false, is_declared: false })
    });
    states.loosened.iter().filter_map(weakening).chain(grown).collect()
}

/// Parts what is accepted from the rest, to which it adds what is wrong with the waivers.
fn settle(
    found: &[Diagnostic],
    states: &States,
    today: Date,
    (baseline, config, extended): (Option<&(Baseline, SourceId)>, Option<SourceId>, &[SourceId]),
    before: Option<&Inventory>,
    (rules, inventory, sources): (&[Rule], &Inventory, &Sources),
) -> Judged {
    let levels = &states.config.levels;
    let severity = |id: &str| check::severity(rule::of_id(rules, id)?, levels);
    let all: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let of = |wanted| all.iter().copied().filter(move |id| severity(id) == wanted);
    let (off, errors): (Vec<&str>, Vec<&str>) =
        (of(None).collect(), of(Some(Severity::Error)).collect());
    let is_partial = |rule: &&Rule| states.sees_part_of(rule);
    let partial: Vec<&str> = rules.iter().filter(is_partial).map(|rule| rule.id.as_str()).collect();
    let changes: Vec<&str> =
        rules.iter().filter(|rule| rule.tells_change()).map(|rule| rule.id.as_str()).collect();
    let (errors, changes, partial) = (&errors, &changes, &partial);
    let ids = waivers::Rules { all: &all, off: &off, errors, changes, partial };
    let change = before.map(|_| {
        let (waivers, known) = match &states.accepted_before {
            Some((waivers, baseline)) => (waivers.as_slice(), baseline.as_ref()),
            // The policy comes from a place that the change has no part in.
            None => (&*states.config.waivers, baseline.map(|(baseline, _)| baseline)),
        };
        ChangeBase::new(waivers, known, sources, ids)
    });
    let known =
        inventory.instances.iter().chain(before.iter().flat_map(|before| &before.instances));
    let known = known.map(|instance| instance.name.as_str());
    let known = known.chain(states.config.declared.instances.keys().map(String::as_str));
    let grounds = Grounds {
        today,
        config: (&states.config, config),
        baseline: baseline.map(|(baseline, id)| (baseline, *id)),
        change,
        rules: ids,
        checked: states.checked(),
        instances: known.collect(),
        extended,
        unread: inventory.problems.iter().map(|found| sources.path(found.at.source)).collect(),
        is_sample,
    };
    let settled = waivers::settle(found, &grounds, inventory, sources);
    let mut open = settled.open;
    let told = settled.told.iter().map(|(_, finding)| finding.primary.at).collect();
    open.extend(settled.told.into_iter().filter_map(|(rule, finding)| {
        let trend = before.map(|_| Trend::New);
        Some(Diagnostic { rule: rule.into(), severity: severity(rule)?, finding, trend })
    }));
    check::sort(&mut open);
    let mut accepted = settled.accepted;
    // Somebody may have pasted a key where the reason belongs.
    for one in &mut accepted {
        one.reason = mask::text(&one.reason);
    }
    let baseline = baseline.map(|(baseline, file)| (*file, baseline.accepted.len()));
    Judged { open, accepted, told, baseline, gone: Vec::new() }
}
