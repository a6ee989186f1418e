//! The engine: runs the rules that are on and puts their findings in order.
//!
//! Pure: the same inventory, rules and levels give the same diagnostics.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::config::Level;
use crate::model::places::Places;
use crate::rule::{Context, Diagnostic, Finding, Label, Rule, Severity};
use crate::source::Location;

/// How many of the names that lead to the values of one finding are shown.
const MOST_WAYS: usize = 4;

/// Runs every rule that is not off; a configured level wins over the rule's own severity. Sorted by place, then rule, then message.
#[must_use]
pub fn check(
    cx: &Context<'_>,
    rules: &[Rule],
    levels: &BTreeMap<String, Level>,
) -> Vec<Diagnostic> {
    let of_rule = |rule: &Rule| {
        let mut findings = Vec::new();
        let severity = severity(rule, levels)?;
        rule.check.check(cx, &mut findings);
        let found = |finding| Diagnostic { rule: rule.id.clone(), severity, finding, trend: None };
        Some(findings.into_iter().map(found).collect::<Vec<_>>())
    };
    let found: Vec<_> = rules.par_iter().filter_map(of_rule).collect();
    let mut diagnostics: Vec<Diagnostic> = found.into_iter().flatten().collect();
    leave_to_others(&mut diagnostics, rules);
    for found in &mut diagnostics {
        lead(cx, &mut found.finding);
    }
    sort(&mut diagnostics);
    diagnostics
}

/// Shows by which names the values of a finding come to the settings that they are given to.
fn lead(cx: &Context<'_>, finding: &mut Finding) {
    let places = std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.at);
    let shown: BTreeSet<Location> = places.collect();
    // A key can stand within the value that comes there.
    let led = |at: &Location| {
        let (value, ways) = cx.now.ways.range(..=*at).next_back()?;
        (value.source == at.source && at.span.within(value.span)).then_some(ways)
    };
    let ways = shown.iter().filter_map(led).flatten();
    let new: BTreeMap<Location, &str> = ways
        .filter(|way| !shown.contains(&way.at))
        .map(|way| (way.at, way.name.as_str()))
        .collect();
    let labels = new.into_iter().take(MOST_WAYS);
    let labels: Vec<Label> =
        labels.map(|(at, name)| Label { at, text: format!("takes `{name}`") }).collect();
    finding.related.extend(labels);
}

/// Takes out what another rule tells better: of one fault at one place, one rule speaks, whether it points at a value or at the key within.
/// What is told of a change waits for what becomes of the others: one that stood before, or is accepted, says nothing of this change.
fn leave_to_others(diagnostics: &mut Vec<Diagnostic>, rules: &[Rule]) {
    let yielding: BTreeMap<&str, &[String]> = rules
        .iter()
        .filter(|rule| !rule.yields_to.is_empty() && !rule.tells_change())
        .map(|rule| (rule.id.as_str(), rule.yields_to.as_slice()))
        .collect();
    let mut exact: BTreeMap<String, BTreeSet<Location>> = BTreeMap::new();
    for Diagnostic { rule, finding, .. } in diagnostics.iter() {
        if yielding.values().any(|others| others.contains(rule)) {
            let known = exact.entry(rule.clone()).or_default();
            known.insert(finding.primary.at);
            known.extend(finding.related.iter().map(|label| label.at));
        }
    }
    let of_rule = |(rule, known): (&String, &BTreeSet<Location>)| {
        (rule.clone(), known.iter().copied().collect::<Places>())
    };
    let places: BTreeMap<String, Places> = exact.iter().map(of_rule).collect();
    diagnostics.retain(|Diagnostic { rule, finding, .. }| {
        let mut others = yielding.get(rule.as_str()).into_iter().copied().flatten();
        let at = finding.primary.at;
        !others.any(|other| {
            exact.get(other).is_some_and(|known| known.contains(&at))
                || places.get(other).is_some_and(|known| known.overlap(at))
        })
    });
}

/// Takes out of what nobody accepts what is told of the change where another rule tells more of the same change, and shows its places there.
pub fn leave_change_to_others(open: &mut Vec<Diagnostic>, rules: &[Rule]) {
    for rule in rules.iter().filter(|rule| !rule.yields_to.is_empty() && rule.tells_change()) {
        let (own, mut others): (Vec<Diagnostic>, Vec<Diagnostic>) =
            std::mem::take(open).into_iter().partition(|found| found.rule == rule.id);
        for found in own {
            let other = others.iter_mut().find(|other| {
                rule.yields_to.contains(&other.rule)
                    && other.is_worse()
                    && other.finding.shows(found.finding.primary.at)
            });
            let Some(other) = other else {
                open.push(found);
                continue;
            };
            for label in std::iter::once(found.finding.primary).chain(found.finding.related) {
                if !other.finding.shows(label.at) {
                    other.finding.related.push(label);
                }
            }
        }
        open.append(&mut others);
    }
    sort(open);
}

/// The severity in force for a rule; none where it does not run.
#[must_use]
pub fn severity(rule: &Rule, levels: &BTreeMap<String, Level>) -> Option<Severity> {
    levels.get(&rule.id).map_or(rule.severity, |level| level.severity())
}

/// Puts diagnostics in the order of their places; each stands once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| order(a).cmp(&order(b)));
    diagnostics.dedup();
}

fn order(diagnostic: &Diagnostic) -> impl Ord {
    let Diagnostic { rule, finding, .. } = diagnostic;
    (&finding.primary.at, rule, &finding.message, &finding.related, &finding.help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::inventory::Inventory;
    use crate::rule::Check;
    use crate::source::SourceId;

    struct At(&'static [(u32, usize, &'static str)]);

    impl Check for At {
        fn check(&self, _: &Context<'_>, findings: &mut Vec<Finding>) {
            findings.extend(self.0.iter().map(|&(file, start, message)| {
                Finding::new(Location::new(SourceId(file), start, start + 1), message)
            }));
        }
    }

    fn rule(id: &'static str, severity: Option<Severity>, at: At) -> Rule {
        Rule {
            id: id.into(),
            severity,
            summary: String::new(),
            since: String::new(),
            tags: Vec::new(),
            references: Vec::new(),
            yields_to: Vec::new(),
            finds_keys: false,
            page: String::new(),
            check: Box::new(at),
        }
    }

    fn run(rules: &[Rule], levels: &[(&str, Level)]) -> Vec<(String, Severity, String)> {
        let levels = levels.iter().map(|&(id, level)| (id.to_owned(), level)).collect();
        check(
            &Context { now: &Inventory::default(), before: None, weakened: &[], unmatched: &[] },
            rules,
            &levels,
        )
        .into_iter()
        .map(|found| (found.rule, found.severity, found.finding.message))
        .collect()
    }

    #[test]
    fn findings_come_in_order_of_places_and_only_once() {
        let rules = [
            rule("b", Some(Severity::Error), At(&[(1, 0, "x"), (0, 9, "y"), (0, 9, "y")])),
            rule("a", Some(Severity::Warning), At(&[(0, 9, "z"), (0, 2, "w")])),
        ];
        let found: Vec<String> =
            run(&rules, &[]).into_iter().map(|(rule, _, message)| rule + &message).collect();
        assert_eq!(found, ["aw", "az", "by", "bx"]);
    }

    #[test]
    fn the_more_telling_rule_speaks_of_a_place() {
        let mut rules = [
            rule("less", Some(Severity::Error), At(&[(0, 2, "x"), (0, 9, "y")])),
            rule("more", Some(Severity::Warning), At(&[(0, 2, "z")])),
        ];
        rules[0].yields_to = vec!["more".into()];
        let found = |levels: &[(&str, Level)]| -> String {
            run(&rules, levels).into_iter().map(|(.., message)| message).collect()
        };
        assert_eq!(found(&[]), "zy");
        assert_eq!(found(&[("more", Level::Off)]), "xy");
    }

    #[test]
    fn a_configured_level_wins_over_the_rule_s_own() {
        let rules = [
            rule("a", Some(Severity::Error), At(&[(0, 0, "x")])),
            rule("b", None, At(&[(0, 0, "x")])),
        ];
        assert_eq!(run(&rules, &[("a", Level::Off)]), []);
        let levels = [("a", Level::Warning), ("b", Level::Error)];
        let found: Vec<Severity> =
            run(&rules, &levels).into_iter().map(|(_, severity, _)| severity).collect();
        assert_eq!(found, [Severity::Warning, Severity::Error]);
    }
}
