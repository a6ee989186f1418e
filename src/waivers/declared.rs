//! The waivers of the configuration.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::grounds::{Grounds, Reason, Seen};
use super::misses::{self, Lack, Miss, State};
use crate::config::Config;
use crate::config::waiver::{ByPath, Waiver};
use crate::rule::Finding;
use crate::source::{Location, Span};
use crate::sources::Sources;

/// The waivers, and what became of each.
pub struct Waivers<'a> {
    grounds: &'a Grounds<'a>,
    all: Vec<(&'a Waiver, State)>,
    /// Those that name paths, by these.
    of_paths: ByPath,
    /// The others, by their rules.
    anywhere: BTreeMap<&'a str, Vec<usize>>,
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
        let mut anywhere: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, waiver) in waivers.iter().enumerate().filter(|(_, waiver)| waiver.path.is_none()) {
            anywhere.entry(&waiver.rule).or_default().push(at);
        }
        let of_paths = ByPath::of(waivers);
        let all = waivers.iter().map(|waiver| (waiver, State::default())).collect();
        Self { grounds, all, of_paths, anywhere }
    }

    /// Why a finding is accepted, if it is: the first waiver says why, and every one that is about it counts as used.
    pub fn accept(&mut self, seen: &Seen<'_>) -> Option<Reason> {
        let mut reason = None;
        let mut about = self.of_paths.of_path(seen.path);
        about.extend(self.anywhere.get(seen.diagnostic.rule.as_str()).into_iter().flatten());
        about.sort_unstable();
        for at in about {
            let Some((waiver, state)) = self.all.get_mut(at) else { continue };
            if !state.look(waiver, seen) {
                continue;
            }
            let at = seen.diagnostic.finding.primary.at;
            if !self.grounds.lets(waiver, seen) {
                state.missed = Some(Miss { at, lacks: Lack::Age });
                continue;
            }
            state.found.get_or_insert(at);
            if matches!(force(waiver, self.grounds), Force::Full) && reason.is_none() {
                let at = self.grounds.in_config(waiver.at);
                let is_intended = waiver.is_intended;
                reason = Some(Reason { text: waiver.reason.clone(), at, is_intended });
            }
        }
        reason
    }

    /// What is wrong with waivers: those that ended, and those that accept nothing or not what they say.
    pub fn told(self, sources: &Sources) -> (Vec<Finding>, Vec<Finding>) {
        let (mut expired, mut unused) = (Vec::new(), Vec::new());
        let grounds = self.grounds;
        let met = OnceCell::new();
        let met_at_all = || -> BTreeSet<usize> {
            sources.paths().flat_map(|(_, path)| self.of_paths.of_path(path)).collect()
        };
        let mut known: BTreeMap<_, Vec<&Waiver>> = BTreeMap::new();
        for (index, (waiver, state)) in self.all.iter().enumerate() {
            match force(waiver, grounds) {
                Force::Ended => expired.extend(ended(grounds, waiver, state)),
                Force::TooFar(most) => unused.extend(too_far(grounds, waiver, most)),
                Force::Full => {
                    let is_met = || met.get_or_init(met_at_all).contains(&index);
                    let before = known.entry((&waiver.rule, waiver.patterns())).or_default();
                    let same = before.iter().find(|other| other.is_about_the_same(waiver));
                    unused.extend(match same {
                        Some(other) => repeated(grounds, waiver, other),
                        None => misses::told(grounds, waiver, state, &is_met),
                    });
                    before.push(waiver);
                }
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
        let at = seen.diagnostic.finding.primary.at;
        let concerned = &seen.diagnostic.finding.instances;
        let is_named = |name: &String| waiver.instances.contains(name);
        // A finding that concerns one more instance is another one: nobody has accepted it.
        let are_named =
            waiver.instances.is_empty() || !concerned.is_empty() && concerned.iter().all(is_named);
        if !are_named {
            if concerned.iter().any(is_named) {
                self.missed = Some(Miss { at, lacks: Lack::Instances(concerned.clone()) });
            } else if concerned.is_empty() && self.missed.is_none() {
                self.missed = Some(Miss { at, lacks: Lack::Concern });
            }
            return false;
        }
        if waiver.is_intended {
            // What something changes to stands at the primary place.
            let is_it = waiver.value.is_some() && waiver.value == seen.first;
            if !is_it {
                let value = seen.first.map(|value| Lack::Value(value.to_string()));
                self.missed = value.map(|lacks| Miss { at, lacks });
            }
            return is_it;
        }
        if waiver.value.is_some() && waiver.value != seen.value {
            let value = seen.value.map(|value| Lack::Value(value.to_string()));
            self.missed = value.map(|lacks| Miss { at, lacks });
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

fn ended(grounds: &Grounds<'_>, waiver: &Waiver, state: &State) -> Option<Finding> {
    let Waiver { rule, expires, .. } = waiver;
    let message = format!("the waiver of `{rule}` ended on {expires}");
    let finding =
        Finding::new(grounds.in_config(waiver.expires_at)?, message).label("its last day");
    Some(match state.found {
        None => finding.help("remove it: nothing that it accepted is found any more"),
        Some(at) => finding.see(at, "reported again").help(
            "mend what it accepted, which is reported again; if that has to wait, agree on a new last day with whoever answers for it",
        ),
    })
}

fn too_far(grounds: &Grounds<'_>, waiver: &Waiver, most: u32) -> Option<Finding> {
    let Waiver { rule, expires, .. } = waiver;
    let days = if most == 1 { "1 day".to_owned() } else { format!("{most} days") };
    let message = format!(
        "the waiver of `{rule}` accepts nothing: it ends on {expires}, more than {days} ahead"
    );
    let help = format!("name a last day within {days}, which is what `max-waiver-days` allows");
    let finding =
        Finding::new(grounds.in_config(waiver.expires_at)?, message).label("too far ahead");
    Some(grounds.see_policy(finding, Config::WAIVER_DAYS_KEY, "allowed here").help(help))
}

fn repeated(grounds: &Grounds<'_>, waiver: &Waiver, other: &Waiver) -> Option<Finding> {
    let message = format!("this waiver of `{}` accepts the same as another", waiver.rule);
    let finding = Finding::new(grounds.in_config(waiver.at)?, message).label("the second one");
    let help = "remove one of them: the one that ends later decides";
    Some(finding.see(grounds.in_config(other.at)?, "the first one").help(help))
}

impl Grounds<'_> {
    /// A place in the configuration's file.
    pub(super) fn in_config(&self, span: Span) -> Option<Location> {
        Some(Location { source: self.config.1?, span })
    }

    /// Shows where the configuration decides something, if it says so itself.
    pub(super) fn see_policy(&self, finding: Finding, key: &str, words: &str) -> Finding {
        let own = self.config.0.place(key).filter(|place| place.file == 0);
        match own.and_then(|place| self.in_config(place.span)) {
            Some(at) => finding.see(at, words),
            None => finding,
        }
    }
}
