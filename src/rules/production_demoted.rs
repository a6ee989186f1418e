//! See `rules/production-demoted.md`.

use super::changes::pairs::{is_production, pairs};
use super::changes::told::guesses;
use super::changes::{Pair, change, may_be_elsewhere, place_of, start_of};
use super::wording::quoted;
use crate::model::instance::{Feed, Kind};
use crate::model::parameter::{Parameter, Slot};
use crate::rule::{Check, Context, Finding};

/// What other rules tell of an instance that has lost it.
const TOLD: [Parameter; 4] = [
    Parameter::DataSpace,
    Parameter::Project,
    Parameter::ApiKey(Slot::Production),
    Parameter::PrivateKey(Slot::Production),
];

/// An instance that was production is gone, or is no longer taken for production.
pub struct ProductionDemoted;

impl Check for ProductionDemoted {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let pairs = pairs(cx);
        let is_still = |pair: &Pair<'_>| pair.now.is_some_and(is_production);
        for pair in pairs.iter().filter(|pair| is_production(pair.before)) {
            // One installation under two names is production as long as one of them is.
            let mut names =
                pairs.iter().filter(|other| other.before.same_as == pair.before.same_as);
            let is_told = pair.now.is_none()
                && pair.file.is_some()
                && TOLD.iter().any(|&parameter| change(cx, *pair, parameter).is_some());
            if !names.any(is_still) && !is_told && !may_be_there(cx, pair) {
                findings.extend(finding(cx, pair));
            }
        }
    }
}

/// Whether the instance may only seem to be gone: a file could not be read whole, or its settings come from elsewhere now.
fn may_be_there(cx: &Context<'_>, pair: &Pair<'_>) -> bool {
    let left = |feed: &Feed| cx.before?.remains.get(&feed.source).copied();
    let mut files = pair.before.feeds.iter().filter_map(left);
    pair.now.is_none() && may_be_elsewhere(cx, *pair)
        || files.any(|file| cx.now.problems.iter().any(|problem| problem.at.source == file))
}

fn finding(cx: &Context<'_>, pair: &Pair<'_>) -> Option<Finding> {
    let (before, name) = (cx.before?, quoted(&pair.before.name));
    let was = place_of(before, pair.before)?;
    let file = pair.file.or_else(|| before.remains.get(&was.source).copied());
    let place = match pair.now {
        Some(now) => place_of(cx.now, now)?,
        None => file.map_or(was, start_of),
    };
    let message = match pair.now {
        None if pair.file.is_some() => {
            format!("{name} was production and is no instance of its own any more")
        }
        None => format!("{name} was production and is gone"),
        Some(now) => {
            let alias =
                (now.name != pair.before.name).then(|| format!(", as {},", quoted(&now.name)));
            let is_now = match now.kind.value {
                Kind::NonProduction => "is non-production now",
                _ => "is no longer taken for production",
            };
            format!("{name} was production and{} {is_now}", alias.unwrap_or_default())
        }
    };
    let help = format!(
        "if it still is production, declare it with `kind = \"production\"` in commerce-lint.toml: what is not known as production is not \
         guarded as production{}",
        guesses(&[pair.before])
    );
    let finding = Finding::new(place, message).help(help).of([pair.before.name.clone()]);
    Some(if place == was { finding } else { finding.see(was, "before") })
}
