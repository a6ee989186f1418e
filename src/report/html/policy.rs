//! The policy in force: where it comes from, what it changes of the rules and of what is read, and what it accepts.

use std::fmt::Write as _;

use super::acceptance;
use super::badge::badge;
use super::escape::{html, name, words};
use crate::mask;
use crate::model::instance::Kind;
use crate::policy::{Declaration, Origin};
use crate::report::{Report, count};
use crate::rule::Rule;

/// What is said over the whole page where whoever ran the tool wanted to see more than the tree would show.
#[must_use]
pub(super) fn banner(run: &Report<'_>) -> String {
    let policy = run.policy;
    let config = match policy.origin {
        Origin::Nowhere => "The configuration in the tree was not used. ",
        Origin::Trusted => "The configuration in the tree was not used: a trusted one was. ",
        Origin::Tree | Origin::Named => "",
    };
    let waivers = if policy.day.is_some() {
        ""
    } else {
        "No waiver, no baseline and no comment was read: nothing that is found is accepted. "
    };
    if config.is_empty() && waivers.is_empty() {
        return String::new();
    }
    format!(
        "<p class=\"banner mode\" role=\"note\"><b>{config}</b>{waivers}<a href=\"#policy\">Policy in force</a></p>\n"
    )
}

/// The section of the policy.
#[must_use]
pub(super) fn section(run: &Report<'_>) -> String {
    let mut out = "<section id=\"policy\"><h2>Policy in force</h2>\n".to_owned();
    origin(run, &mut out);
    acceptance::write(run, &mut out);
    changed(run, &mut out);
    limits(run, &mut out);
    declared(run, &mut out);
    out.push_str(
        "<details class=\"all\"><summary>All rules</summary>\n<table class=\"cards\"><thead><tr><th scope=\"col\">Rule</th>\
         <th scope=\"col\">In force</th><th scope=\"col\">Finds</th></tr></thead><tbody>\n",
    );
    for rule in run.rules {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td data-label=\"In force\">{}</td><td data-label=\"Finds\">{}</td></tr>",
            html(&rule.id),
            badge(run.policy.severity(rule)),
            words(&rule.summary)
        );
    }
    out + "</tbody></table></details>\n</section>\n"
}

/// Where the policy comes from, and what of the tree was passed over.
fn origin(run: &Report<'_>, out: &mut String) {
    let file = |id| format!("<code>{}</code>", name(&run.sources.shown(id)));
    let policy = run.policy;
    let written = policy.written.map(file);
    let text = match (policy.origin, written) {
        (Origin::Nowhere, _) => {
            "<b>The configuration in the tree was not used</b>, as <code>--no-config</code> says: every rule has its own severity, and \
             nothing is excluded."
                .to_owned()
        }
        (Origin::Tree, Some(file)) => format!("Configured in {file}, which is part of the tree."),
        (Origin::Named, Some(file)) => format!("Configured in {file}, as <code>--config</code> says."),
        (Origin::Trusted, Some(file)) => format!(
            "Configured in {file}, as <code>--policy-from</code> says: <b>the configuration in the tree was not used</b>."
        ),
        (Origin::Trusted, None) => {
            "<b>The configuration in the tree was not used</b>, as <code>--policy-from</code> says, and there is none where it should \
             come from: every rule has its own severity."
                .to_owned()
        }
        (Origin::Tree | Origin::Named, None) => {
            "No configuration: every rule has its own severity, and nothing is excluded.".to_owned()
        }
    };
    let _ = writeln!(out, "<p>{text}</p>");
    if let Some(before) = policy.before {
        let _ = writeln!(
            out,
            "<p>The configuration before the change, {}, holds as well: of both the stricter severity counts.</p>",
            file(before)
        );
    }
    if !policy.passed_over.is_empty() {
        let files: Vec<String> = policy.passed_over.iter().map(|of| file(*of)).collect();
        let _ = writeln!(out, "<p>In the tree, and passed over: {}.</p>", files.join(", "));
    }
}

fn changed(run: &Report<'_>, out: &mut String) {
    let is_changed = |rule: &&Rule| run.policy.severity(rule) != rule.severity;
    let changed: Vec<&Rule> = run.rules.iter().filter(is_changed).collect();
    out.push_str("<h3>Severities</h3>\n");
    if changed.is_empty() {
        out.push_str("<p>Every rule has its own severity.</p>\n");
        return;
    }
    out.push_str(
        "<p>Rules with another severity than their own:</p>\n<table class=\"cards\"><thead><tr><th scope=\"col\">Rule</th>\
         <th scope=\"col\">Its own</th><th scope=\"col\">In force</th></tr></thead><tbody>\n",
    );
    for rule in changed {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td data-label=\"Its own\">{}</td><td data-label=\"In force\">{}</td></tr>",
            html(&rule.id),
            badge(rule.severity),
            badge(run.policy.severity(rule))
        );
    }
    out.push_str("</tbody></table>\n");
}

/// What is not read, and how long a waiver may last.
fn limits(run: &Report<'_>, out: &mut String) {
    let policy = run.policy;
    out.push_str("<h3>Limits</h3>\n<ul class=\"plain\">\n");
    let size = match policy.file_bytes {
        bytes if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes if bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        bytes => format!("{bytes} bytes"),
    };
    let _ = writeln!(
        out,
        "<li>A file of more than {size} that may hold settings is reported, not read.</li>"
    );
    let days = policy.max_waiver_days.map(|days| usize::try_from(days).unwrap_or(usize::MAX));
    let _ = match days {
        Some(days) => {
            writeln!(out, "<li>A waiver may end {} ahead at most.</li>", count(days, "day"))
        }
        None => writeln!(out, "<li>A waiver may last as long as it says.</li>"),
    };
    let excluded = policy
        .excluded
        .iter()
        .map(|pattern| format!("<code>{}</code>", name(&mask::text(pattern))));
    let _ = match excluded.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => writeln!(out, "<li>No file is excluded.</li>"),
        some => writeln!(out, "<li>Excluded from reading: {some}.</li>"),
    };
    let denied = policy.denied.iter();
    let denied: Vec<String> =
        denied.map(|pattern| format!("<code>{}</code>", name(&mask::text(pattern)))).collect();
    if !denied.is_empty() {
        let _ = writeln!(out, "<li>Files that make no instance: {}.</li>", denied.join(", "));
    }
    out.push_str("</ul>\n");
}

fn declared(run: &Report<'_>, out: &mut String) {
    if run.policy.declared.is_empty() {
        return;
    }
    out.push_str(
        "<h3>Declared instances</h3>\n<table class=\"cards\"><thead><tr><th scope=\"col\">Instance</th><th scope=\"col\">Declared</th>\
         </tr></thead><tbody>\n",
    );
    for Declaration { name: called, kind, said } in &run.policy.declared {
        let kind = kind.map_or("", Kind::word);
        let rest = said.iter().map(|(word, values)| {
            let values =
                values.iter().map(|value| format!("<code>{}</code>", name(&mask::text(value))));
            format!(
                "<span class=\"plainly\">{word} {}</span>",
                values.collect::<Vec<_>>().join(", ")
            )
        });
        let kind = if kind.is_empty() {
            String::new()
        } else {
            format!("<span class=\"plainly\">kind {kind}</span>")
        };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><span class=\"name\">{}</span></th><td data-label=\"Declared\">{kind}{}</td></tr>",
            name(&mask::text(called)),
            rest.collect::<String>()
        );
    }
    out.push_str("</tbody></table>\n");
}
