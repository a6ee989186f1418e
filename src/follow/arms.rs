//! What a program gives each environment that its arms name: `match ($stage) { 'production' => …, 'staging' => … }`.
//!
//! What the interpreter of a format takes for one of several is told apart by the words of the arms in which the values stand, where these
//! say environments. A value in no such arm stays one of several.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions;
use crate::model::setting::{Possible, Setting, Value};
use crate::recognise::{Contribution, Recognised, Said, dialects};
use crate::resolve::words::bare_environment;
use crate::source::{Location, Source, SourceId};
use crate::sources::Sources;
use crate::syntax::php::Php;
use crate::syntax::php::arms::{Arm, arms};

/// How many environments one file's arms name at most.
const MOST: usize = 32;

/// How many bytes are searched for what the conditions of a file are called, for all of its parts together: beyond, what is chosen stays one of
/// several.
const MOST_SEARCHED: usize = 100_000_000;

/// Gives the environments that arms of programs name what stands in these.
pub fn spread(sources: &Sources, recognised: &mut [Recognised]) {
    for found in recognised {
        let decides = |part: &Contribution| part.settings.iter().any(is_decided);
        let deciding: Vec<&Contribution> =
            found.contributions.iter().filter(|part| decides(part)).collect();
        let source = deciding.first().and_then(|part| sources.get(part.source));
        let length = source.map_or(0, |source| source.text().len());
        if deciding.is_empty() || deciding.len().saturating_mul(length) > MOST_SEARCHED {
            continue;
        }
        let mut spread = Vec::new();
        for part in std::mem::take(&mut found.contributions) {
            let source = sources.get(part.source).filter(|_| decides(&part));
            match source.map(|source| told_apart(sources, source, &part)) {
                Some(parts) if !parts.is_empty() => spread.extend(parts),
                _ => spread.push(part),
            }
        }
        found.contributions = spread;
    }
}

/// Takes for one value what is the same whatever is decided.
pub fn settle(recognised: &mut [Recognised]) {
    let parts = recognised.iter_mut().flat_map(|found| &mut found.contributions);
    for setting in parts.flat_map(|part| &mut part.settings) {
        let Value::OneOf(possible) = &setting.value else { continue };
        let Some(first) = possible.first().filter(|first| first.value.literal().is_some()) else {
            continue;
        };
        if possible.iter().all(|one| one.value == first.value) {
            (setting.value, setting.at) = (first.value.clone(), first.at);
        }
    }
}

/// Whether code decides between values that are written.
fn is_decided(setting: &Setting) -> bool {
    let written = setting.possible().filter(|(value, _)| value.literal().is_some());
    matches!(setting.value, Value::OneOf(_)) && written.count() > 0
}

/// The parts of what a program gives, one for each environment; none where its arms name no two.
fn told_apart(sources: &Sources, source: &Source, part: &Contribution) -> Vec<Contribution> {
    let is_php = dialects::format(source.path(), source.text()).is_some_and(|one| one.is(&Php));
    let own = if is_php { arms_of_hosts(source.text()) } else { conditionals(source, part) };
    // A table can stand in a file that is taken in.
    let elsewhere = part.settings.iter().filter(|setting| is_php && is_decided(setting));
    let elsewhere = elsewhere.flat_map(Setting::possible).map(|(_, at)| at.source);
    let elsewhere: BTreeSet<SourceId> = elsewhere.filter(|id| *id != part.source).collect();
    let elsewhere: BTreeMap<SourceId, _> = elsewhere
        .into_iter()
        .filter_map(|id| Some((id, arms_of_hosts(sources.get(id)?.text()))))
        .collect();
    let around = |at: Location| {
        let arms = elsewhere.get(&at.source).unwrap_or(&own);
        // Brackets around a text are part of its place.
        let (start, end) = (at.span.start as usize, at.span.end as usize);
        let found = arms.range(start.saturating_sub(1)..end.max(start + 1)).next();
        found.map_or(&[][..], |(_, arms)| arms.as_slice())
    };
    let environments: BTreeSet<&String> = part
        .settings
        .iter()
        .filter(|setting| is_decided(setting))
        .flat_map(Setting::possible)
        .flat_map(|(_, at)| around(at))
        .filter_map(said)
        .collect();
    if environments.is_empty() || environments.len() > MOST {
        return Vec::new();
    }
    // Beside environments stand others by their names: none of them vanishes.
    let decided = part.settings.iter().filter(|setting| is_decided(setting));
    let cases: BTreeSet<&String> = decided
        .flat_map(Setting::possible)
        .filter_map(|(_, at)| case(around(at), is_php))
        .collect();
    if cases.len() > MOST {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut told: BTreeSet<Location> = BTreeSet::new();
    for name in cases {
        let chosen = part.settings.iter().filter(|setting| is_decided(setting));
        let chosen: Vec<Setting> = chosen
            .filter_map(|setting| {
                let mut of_it =
                    setting.possible().filter(|(_, at)| case(around(*at), is_php) == Some(name));
                let (value, at) = of_it.next()?;
                Some(Setting { value: value.clone(), at, ..setting.clone() })
            })
            .collect();
        told.extend(chosen.iter().map(|setting| setting.at));
        parts.extend(named(part, (Said::CASE, name), chosen));
    }
    // What stands in the other arm of a test for production is everything else's.
    let of_production = environments
        .iter()
        .find(|one| bare_environment(one).is_some_and(|environment| environment.is_production()));
    let chosen = part.settings.iter().filter(|setting| is_decided(setting));
    let rest = chosen.filter_map(|setting| {
        let mut left = setting.possible().filter(|(value, at)| {
            let is_other = |arm: &Arm| match arm {
                Arm::Otherwise(words) => words.is_empty() || said(arm).is_some(),
                Arm::For(_) => false,
            };
            value.literal().is_some() && !told.contains(at) && around(*at).iter().any(is_other)
        });
        let (value, at) = left.next()?;
        Some(Setting { value: value.clone(), at, ..setting.clone() })
    });
    let rest: Vec<Setting> = rest.collect();
    let is_known = |setting: &Setting| {
        let given = parts.iter().flat_map(|part| &part.settings);
        let mut same = given.filter(|one| one.parameter == setting.parameter);
        same.any(|one| one.fingerprint() == setting.fingerprint())
    };
    // A last arm that gives what another one does may never be taken; the other side of a test for production is.
    let is_new = environments.len() == 1 || !rest.iter().any(is_known);
    told.extend(rest.iter().map(|setting| setting.at));
    let rest =
        of_production.filter(|_| is_new).and_then(|of| named(part, (Said::OTHERWISE, of), rest));
    parts.extend(rest);
    if parts.len() < 2 {
        return Vec::new();
    }
    parts.push(above(part, &told));
    parts
}

/// The arms of a program of PHP's, where it asks for machines by the environments of these: `'web1.live.acme.com' => …` is live's.
fn arms_of_hosts(text: &str) -> BTreeMap<usize, Vec<Arm>> {
    let mut found = arms(text);
    let words = found.values_mut().flatten().flat_map(|arm| match arm {
        Arm::For(words) | Arm::Otherwise(words) => words,
    });
    for word in words.filter(|word| bare_environment(word).is_none()) {
        let mut said = word.split(['.', '-']).filter(|part| bare_environment(part).is_some());
        let only = said.next().filter(|_| said.next().is_none()).map(str::to_owned);
        if let Some(only) = only {
            *word = only;
        }
    }
    found
}

/// The arms of conditional expressions in which values stand.
fn conditionals(source: &Source, part: &Contribution) -> BTreeMap<usize, Vec<Arm>> {
    let decided = part.settings.iter().filter(|setting| is_decided(setting));
    let places = decided.flat_map(Setting::possible).map(|(_, at)| at);
    let arm = |at: Location| Some((at.span.start as usize, vec![conditions::arm(source, at)?]));
    places.filter_map(arm).collect()
}

/// The environment that an arm names first: what it gives, it gives to one.
fn said(arm: &Arm) -> Option<&String> {
    let (Arm::For(words) | Arm::Otherwise(words)) = arm;
    words.iter().find(|word| bare_environment(word).is_some())
}

/// What a place is for: the environment that an arm names, else the name that the only arm has. In PHP that may be a key of an array.
fn case(arms: &[Arm], is_php: bool) -> Option<&String> {
    let named = arms.iter().filter(|arm| matches!(arm, Arm::For(_))).find_map(said);
    let is_name = |word: &&String| {
        let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        word.chars().all(is_of_name) && word.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    named.or_else(|| match arms {
        [Arm::For(words)] if !is_php => words.first().filter(is_name),
        _ => None,
    })
}

/// What a part gives whatever is decided, and what is decided by something else.
fn above(part: &Contribution, told: &BTreeSet<Location>) -> Contribution {
    let left = |setting: &Setting| {
        let (known, rest): (Vec<_>, Vec<_>) =
            setting.possible().partition(|(_, at)| told.contains(at));
        if known.is_empty() {
            return Some(setting.clone());
        }
        // What no arm says stays what it may be.
        let is_new = |value: &Value| {
            value.literal().is_some() && !known.iter().any(|(known, _)| *known == value)
        };
        let rest = rest.into_iter().filter(|(value, _)| is_new(value));
        let mut possible: Vec<Possible> =
            rest.map(|(value, at)| Possible { value: value.clone(), at }).collect();
        let at = possible.first()?.at;
        possible.push(Possible { value: Value::Unknown, at });
        Some(Setting { value: Value::OneOf(possible), at, ..setting.clone() })
    };
    let settings = part.settings.iter().filter_map(left).collect();
    Contribution { settings, ..part.clone() }
}

/// What a part gives in one case; none where that is nothing.
fn named(
    part: &Contribution,
    (how, word): (&str, &str),
    settings: Vec<Setting>,
) -> Option<Contribution> {
    let mut names = part.said.as_ref().map_or_else(Vec::new, |said| said.names.clone());
    names.extend([how.to_owned(), word.to_owned()]);
    let said = Some(Said { how: Said::KEYS, names });
    let one = Contribution { said, settings, ..Contribution::of(part.source) };
    (!one.settings.is_empty()).then_some(one)
}
