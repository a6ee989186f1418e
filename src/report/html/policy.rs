//! The policy in force: what the configuration changes of the rules, and what somebody accepted and why.

use std::fmt::Write as _;

use super::escape::{html, name, words};
use crate::report::prose::place;
use crate::report::{Report, mask};
use crate::rule::{Accepted, Rule, Severity};

/// The section of the policy.
#[must_use]
pub(super) fn section(run: &Report<'_>) -> String {
    let mut out = "<section id=\"policy\"><h2>Policy in force</h2>\n".to_owned();
    let _ = match run.policy.written {
        Some(file) => {
            let file = name(&run.sources.shown(file));
            writeln!(out, "<p>Configured in <code>{file}</code>.</p>")
        }
        None => writeln!(out, "<p>No configuration: every rule has its own severity.</p>"),
    };
    changed(run, &mut out);
    accepted(run, &mut out);
    out.push_str(
        "<details class=\"all\"><summary>All rules</summary>\n<table class=\"cards\"><thead><tr><th scope=\"col\">Rule</th>\
         <th scope=\"col\">In force</th><th scope=\"col\">Finds</th></tr></thead><tbody>\n",
    );
    for rule in run.rules {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td data-label=\"In force\">{}</td><td data-label=\"Finds\">{}</td></tr>",
            html(rule.id),
            badge(run.policy.severity(rule)),
            words(&rule.summary)
        );
    }
    out + "</tbody></table></details>\n</section>\n"
}

fn changed(run: &Report<'_>, out: &mut String) {
    let is_changed = |rule: &&Rule| run.policy.severity(rule) != rule.severity;
    let changed: Vec<&Rule> = run.rules.iter().filter(is_changed).collect();
    if changed.is_empty() {
        if run.policy.written.is_some() {
            out.push_str("<p>Every rule has its own severity.</p>\n");
        }
        return;
    }
    out.push_str(
        "<h3>Rules with another severity than their own</h3>\n<table class=\"cards\"><thead><tr><th scope=\"col\">Rule</th>\
         <th scope=\"col\">Its own</th><th scope=\"col\">In force</th></tr></thead><tbody>\n",
    );
    for rule in changed {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td data-label=\"Its own\">{}</td><td data-label=\"In force\">{}</td></tr>",
            html(rule.id),
            badge(rule.severity),
            badge(run.policy.severity(rule))
        );
    }
    out.push_str("</tbody></table>\n");
}

fn accepted(run: &Report<'_>, out: &mut String) {
    if run.accepted.is_empty() {
        out.push_str("<p>No finding is accepted.</p>\n");
        return;
    }
    out.push_str(
        "<h3>Accepted findings</h3>\n<table class=\"cards\"><thead><tr><th scope=\"col\">Finding</th><th scope=\"col\">Severity</th>\
         <th scope=\"col\">Reason</th></tr></thead><tbody>\n",
    );
    for Accepted { diagnostic, reason, at } in run.accepted {
        let finding = &diagnostic.finding;
        let reason = match reason.as_str() {
            "" => "<span class=\"quiet\">known to the baseline</span>".to_owned(),
            // Somebody may have pasted a key.
            reason => words(&mask::value(reason)),
        };
        let at = at.map_or_else(String::new, |at| {
            format!("<span class=\"from\">{}</span>", html(&place(at, run.sources)))
        });
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code> <span class=\"plainly\">{}</span><span class=\"from\">{}</span></th>\
             <td data-label=\"Severity\">{}</td><td data-label=\"Reason\">{reason}{at}</td></tr>",
            name(&diagnostic.rule),
            words(&finding.message),
            html(&place(finding.primary.at, run.sources)),
            badge(Some(diagnostic.severity)),
        );
    }
    out.push_str("</tbody></table>\n");
}

fn badge(severity: Option<Severity>) -> String {
    let word = severity.map_or("off", Severity::word);
    format!("<span class=\"badge {word}\">{word}</span>")
}
