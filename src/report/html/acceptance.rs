//! What is accepted and by what: waivers, comments, the baseline; then every finding that they accept.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::badge::badge;
use super::escape::{html, name, words};
use crate::mask;
use crate::policy::{Standing, WaiverInForce};
use crate::report::prose::place;
use crate::report::{Report, count};
use crate::rule::Accepted;
use crate::source::Location;

/// Adds all of it.
pub(super) fn write(run: &Report<'_>, out: &mut String) {
    if run.policy.day.is_none() {
        out.push_str(
            "<p><b>Nothing is accepted</b>, as <code>--no-waivers</code> says: no waiver, no baseline and no comment was read.</p>\n",
        );
        if !run.policy.waivers.is_empty() {
            waivers(run, out);
        }
        return;
    }
    waivers(run, out);
    comments(run, out);
    baseline(run, out);
    findings(run, out);
}

fn waivers(run: &Report<'_>, out: &mut String) {
    let waivers = &run.policy.waivers;
    out.push_str("<h3>Waivers</h3>\n");
    if waivers.is_empty() {
        out.push_str("<p>No waiver stands in the configuration.</p>\n");
        return;
    }
    if let Some(day) = &run.policy.day {
        let _ = writeln!(out, "<p>As they stand on {}:</p>", html(day));
    }
    out.push_str(
        "<table class=\"cards waivers\"><thead><tr><th scope=\"col\">Waiver</th><th scope=\"col\">Accepts</th>\
         <th scope=\"col\">Last day</th><th scope=\"col\">Reason</th></tr></thead><tbody>\n",
    );
    for waiver in waivers {
        let (class, standing) = standing(waiver);
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code>{}<span class=\"from\">{}</span></th>\
             <td data-label=\"Accepts\"><span class=\"badge {class}\">{standing}</span></td>\
             <td data-label=\"Last day\">{}<span class=\"from\">{}</span></td><td data-label=\"Reason\">{}</td></tr>",
            name(&waiver.rule),
            selectors(waiver),
            html(&place(waiver.at, run.sources)),
            html(&waiver.expires),
            left(waiver.days_left),
            reason(&waiver.reason),
        );
    }
    out.push_str("</tbody></table>\n");
}

fn standing(waiver: &WaiverInForce) -> (&'static str, String) {
    match waiver.standing {
        Standing::Accepts(0) => {
            ("quiet", "nothing: accepted by another, or as new as it is".to_owned())
        }
        Standing::Accepts(some) => ("good", count(some, "finding")),
        Standing::Unused => ("warning", "unused".to_owned()),
        Standing::Expired => ("error", "nothing: expired".to_owned()),
        Standing::TooFar => ("warning", "nothing: ends too far ahead".to_owned()),
        Standing::Ignored => ("quiet", "nothing: not read".to_owned()),
    }
}

/// What a waiver is about, beside its rule.
fn selectors(waiver: &WaiverInForce) -> String {
    let mut out = String::new();
    let mut add = |what: &str, values: &[String]| {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("<code>{}</code>", name(&mask::text(value))))
            .collect();
        if !values.is_empty() {
            let _ = write!(out, "<span class=\"plainly\">{what} {}</span>", values.join(", "));
        }
    };
    add("in", &waiver.paths);
    add("of", &waiver.instances);
    match waiver.value {
        Some(value) => add("pinned to the value", &[value.to_string()]),
        None => out.push_str("<span class=\"from\">not pinned to a value</span>"),
    }
    out
}

fn left(days: Option<i64>) -> String {
    let days_of = |days: i64| count(usize::try_from(days.abs()).unwrap_or(usize::MAX), "day");
    match days {
        None => String::new(),
        Some(0) => "today".to_owned(),
        Some(days @ 1..) => format!("{} left", days_of(days)),
        Some(days) => format!("{} ago", days_of(days)),
    }
}

/// Comments, which are told apart from the configuration's waivers and from the baseline by where they stand.
fn comments(run: &Report<'_>, out: &mut String) {
    let own = [run.policy.written, run.policy.baseline.map(|(file, _)| file)];
    let mut comments: BTreeMap<Location, (&str, &str, usize)> = BTreeMap::new();
    for Accepted { diagnostic, reason, at, .. } in run.accepted {
        if let Some(at) = at.filter(|at| !own.contains(&Some(at.source))) {
            comments.entry(at).or_insert((&diagnostic.rule, reason, 0)).2 += 1;
        }
    }
    if comments.is_empty() {
        return;
    }
    out.push_str(
        "<h3>Comments that accept</h3>\n<table class=\"cards waivers\"><thead><tr><th scope=\"col\">Comment</th>\
         <th scope=\"col\">Accepts</th><th scope=\"col\">Reason</th></tr></thead><tbody>\n",
    );
    for (at, (rule, why, findings)) in comments {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code><span class=\"from\">{}</span></th><td data-label=\"Accepts\">\
             <span class=\"badge good\">{}</span></td><td data-label=\"Reason\">{}</td></tr>",
            name(rule),
            html(&place(at, run.sources)),
            count(findings, "finding"),
            reason(why)
        );
    }
    out.push_str("</tbody></table>\n");
}

fn baseline(run: &Report<'_>, out: &mut String) {
    let Some((file, known)) = run.policy.baseline else { return };
    let is_from_it = |one: &&Accepted| one.at.is_some_and(|at| at.source == file);
    let found = run.accepted.iter().filter(is_from_it).count();
    let _ = writeln!(
        out,
        "<h3>Baseline</h3>\n<p><code>{}</code> lists {} from the start; {found} of them accepted here, {} not.</p>",
        name(&run.sources.shown(file)),
        count(known, "finding"),
        known.saturating_sub(found)
    );
}

fn findings(run: &Report<'_>, out: &mut String) {
    out.push_str("<h3>Accepted findings</h3>\n");
    if run.accepted.is_empty() {
        out.push_str("<p>No finding is accepted.</p>\n");
        return;
    }
    out.push_str(
        "<table class=\"cards found\"><thead><tr><th scope=\"col\">Finding</th><th scope=\"col\">Severity</th>\
         <th scope=\"col\">Reason</th></tr></thead><tbody>\n",
    );
    for Accepted { diagnostic, reason: why, at, .. } in run.accepted {
        let finding = &diagnostic.finding;
        let why = match why.as_str() {
            "" => "<span class=\"quiet\">known to the baseline</span>".to_owned(),
            why => reason(why),
        };
        let at = at.map_or_else(String::new, |at| {
            format!("<span class=\"from\">{}</span>", html(&place(at, run.sources)))
        });
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code> <span class=\"plainly\">{}</span><span class=\"from\">{}</span></th>\
             <td data-label=\"Severity\">{}</td><td data-label=\"Reason\">{why}{at}</td></tr>",
            name(&diagnostic.rule),
            words(&finding.message),
            html(&place(finding.primary.at, run.sources)),
            badge(Some(diagnostic.severity)),
        );
    }
    out.push_str("</tbody></table>\n");
}

/// A reason, into which somebody may have pasted a key.
fn reason(text: &str) -> String {
    words(&mask::text(text))
}
