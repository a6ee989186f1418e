//! The waivers of the configuration.

use super::{Grounds, Reason, Seen, listed};
use crate::config::waiver::Waiver;
use crate::rule::Finding;
use crate::source::{Location, SourceId};

/// The waivers, and what became of each.
pub struct Waivers<'a> {
    grounds: &'a Grounds<'a>,
    waivers: Vec<(&'a Waiver, State)>,
}

/// What became of a waiver.
#[derive(Default)]
struct State {
    /// How many findings it is about.
    matches: usize,
    /// What stands where it would match but for its `value`.
    other_value: Option<String>,
    /// The instances of what it would match but for its `instances`.
    other_instances: Vec<String>,
}

/// Whether a waiver is in force.
enum Force {
    Full,
    /// Its last day has passed.
    Ended,
    /// It ends more days ahead than so many, which are allowed.
    TooFar(u32),
}

impl<'a> Waivers<'a> {
    pub fn new(waivers: &'a [Waiver], grounds: &'a Grounds<'a>) -> Self {
        let waivers = waivers.iter().map(|waiver| (waiver, State::default())).collect();
        Self { grounds, waivers }
    }

    /// Why a finding is accepted, if it is; every waiver that is about it counts as used.
    pub fn accept(&mut self, seen: &Seen<'_>) -> Option<Reason> {
        let mut reason = None;
        for (waiver, state) in &mut self.waivers {
            if !state.look(waiver, seen) {
                continue;
            }
            state.matches += 1;
            let holds = matches!(force(waiver, self.grounds), Force::Full)
                && self.grounds.lets(waiver, seen);
            if holds && reason.is_none() {
                let at = place(self.grounds, waiver);
                reason = Some(Reason { text: waiver.reason.clone(), at });
            }
        }
        reason
    }

    /// What is wrong with waivers: those that ended, and those that accept nothing.
    pub fn told(self) -> (Vec<Finding>, Vec<Finding>) {
        let (mut expired, mut unused) = (Vec::new(), Vec::new());
        let Some(file) = self.grounds.config.1 else { return (expired, unused) };
        for (waiver, state) in &self.waivers {
            match force(waiver, self.grounds) {
                Force::Ended => expired.push(ended(file, waiver, state)),
                Force::TooFar(most) => unused.push(too_far(file, waiver, most)),
                Force::Full if state.matches == 0 => {
                    let is_off = self.grounds.rules.off.contains(&waiver.rule.as_str());
                    unused.push(without_match(file, waiver, state, is_off));
                }
                Force::Full => {}
            }
        }
        (expired, unused)
    }
}

impl State {
    /// Whether a waiver is about a finding; if it nearly is, keeps why not.
    fn look(&mut self, waiver: &Waiver, seen: &Seen<'_>) -> bool {
        let is_there = waiver.rule == seen.diagnostic.rule
            && waiver.path.as_ref().is_none_or(|path| path.matches(seen.path));
        if !is_there {
            return false;
        }
        let concerned = &seen.diagnostic.finding.instances;
        let is_named = |name: &String| waiver.instances.contains(name);
        // A finding that concerns one more instance is another one: nobody has accepted it.
        let are_named =
            waiver.instances.is_empty() || !concerned.is_empty() && concerned.iter().all(is_named);
        if !are_named {
            if concerned.iter().any(is_named) {
                self.other_instances.clone_from(concerned);
            }
            return false;
        }
        if waiver.value.is_some() && waiver.value != seen.value {
            self.other_value = seen.value.map(|value| value.to_string());
            return false;
        }
        true
    }
}

fn force(waiver: &Waiver, grounds: &Grounds<'_>) -> Force {
    let ahead = waiver.expires.days_since(grounds.today);
    match grounds.config.0.policy.max_waiver_days {
        _ if ahead < 0 => Force::Ended,
        Some(most) if ahead > i64::from(most) => Force::TooFar(most),
        _ => Force::Full,
    }
}

fn place(grounds: &Grounds<'_>, waiver: &Waiver) -> Option<Location> {
    Some(Location { source: grounds.config.1?, span: waiver.at })
}

fn ended(file: SourceId, waiver: &Waiver, state: &State) -> Finding {
    let Waiver { rule, expires, .. } = waiver;
    let message = format!("the waiver of `{rule}` ended on {expires}");
    let help = match state.matches {
        0 => "remove it: nothing that it accepted is found any more",
        _ => {
            "mend what it accepted, which is reported again; if that has to wait, agree on a new last day with whoever answers for it"
        }
    };
    let at = Location { source: file, span: waiver.expires_at };
    Finding::new(at, message).label("its last day").help(help)
}

fn too_far(file: SourceId, waiver: &Waiver, most: u32) -> Finding {
    let Waiver { rule, expires, .. } = waiver;
    let days = if most == 1 { "1 day".to_owned() } else { format!("{most} days") };
    let message = format!(
        "the waiver of `{rule}` accepts nothing: it ends on {expires}, more than {days} ahead"
    );
    let at = Location { source: file, span: waiver.expires_at };
    let help = format!("name a last day within {days}, which is what `max-waiver-days` allows");
    Finding::new(at, message).label("too far ahead").help(help)
}

fn without_match(file: SourceId, waiver: &Waiver, state: &State, is_off: bool) -> Finding {
    let rule = &waiver.rule;
    let at = Location { source: file, span: waiver.at };
    if is_off {
        return Finding::new(
            at,
            format!("the waiver of `{rule}` accepts nothing: the rule is off"),
        )
        .label("never runs")
        .help("remove the waiver, or turn the rule on");
    }
    if let Some(value) = &state.other_value {
        let help = format!(
            "the value it was made for is gone: look at the new one, and if it is acceptable as well, write `value = \"{value}\"`"
        );
        let message = format!("the waiver of `{rule}` is for another value");
        return Finding::new(at, message).label("accepts nothing").help(help);
    }
    if !state.other_instances.is_empty() {
        let message = format!("the waiver of `{rule}` does not name every instance concerned");
        let help = format!(
            "a finding concerns {}: name all of them in `instances` if that is acceptable",
            listed(&state.other_instances),
        );
        return Finding::new(at, message).label("accepts nothing").help(help);
    }
    Finding::new(at, format!("the waiver of `{rule}` matches nothing"))
        .label("accepts nothing")
        .help("remove it, so that it cannot hide what comes later; if it should match, compare its `path` and `instances` with the finding's")
}
