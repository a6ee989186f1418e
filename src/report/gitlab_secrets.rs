//! GitLab's secret detection report, schema 15: the findings of rules with the tag `secret`, and nothing of a secret.
//!
//! A report says when it was made and of which commit. The clock is not asked: the pipeline's own variables are, and without them it is the
//! beginning of time and no commit.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::inert::inert;
use super::prose::{place, prose};
use super::{Report, Reporter, json, printable};
use crate::rule::{Diagnostic, Severity};

/// The `gitlab-secrets` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct GitLabSecrets<'a> {
    /// The commit that is checked, by its hash.
    pub commit: Option<&'a str>,
    /// When the job started: `2026-11-22T15:30:32Z`.
    pub started: Option<&'a str>,
}

const SCHEMA_VERSION: &str = "15.0.7";
const SCHEMA: &str = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.0.7/dist/secret-detection-report-format.json";

impl Reporter for GitLabSecrets<'_> {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let rules = run.rules.iter().filter(|rule| rule.is_on_secrets());
        let rules: BTreeSet<_> = rules.map(|rule| &rule.id).collect();
        let fingerprints = fingerprints(run, &mut run.masks());
        let vulnerabilities = run
            .diagnostics
            .iter()
            .zip(&fingerprints)
            .filter(|(found, _)| rules.contains(&found.rule))
            .map(|(found, name)| Vulnerability::new(found, name, run, self.commit))
            .collect();
        let unread = run.inventory.problems.iter().map(|problem| {
            let at = place(problem.at, run.sources);
            format!("not read whole: {at}: {}", printable::text(&problem.message))
        });
        let incomplete = (!run.summary.complete).then(|| "not everything could be read".to_owned());
        let time = seconds(self.started.unwrap_or_default());
        let report = Document {
            version: SCHEMA_VERSION,
            schema: SCHEMA,
            scan: Scan {
                analyzer: Tool::default(),
                scanner: Tool::default(),
                start_time: time,
                end_time: time,
                status: "success",
                r#type: "secret_detection",
                messages: unread
                    .chain(incomplete)
                    .map(|value| Remark { level: "warn", value })
                    .collect(),
            },
            vulnerabilities,
        };
        json::write(&report, out)
    }
}

/// A time without its zone, which has to be UTC; the beginning of time for any other text.
fn seconds(time: &str) -> &str {
    let shape = "0000-00-00T00:00:00";
    let fits = |(letter, place): (char, char)| match place {
        '0' => letter.is_ascii_digit(),
        _ => letter == place,
    };
    match time.split_at_checked(shape.len()) {
        Some((seconds, "Z" | "")) if seconds.chars().zip(shape.chars()).all(fits) => seconds,
        _ => "1970-01-01T00:00:00",
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    schema: &'static str,
    scan: Scan<'a>,
    vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
struct Scan<'a> {
    analyzer: Tool,
    scanner: Tool,
    start_time: &'a str,
    end_time: &'a str,
    status: &'static str,
    r#type: &'static str,
    messages: Vec<Remark>,
}

#[derive(Serialize)]
struct Tool {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    vendor: BTreeMap<&'static str, &'static str>,
}

impl Default for Tool {
    fn default() -> Self {
        let name = env!("CARGO_PKG_NAME");
        Self {
            id: name,
            name,
            version: env!("CARGO_PKG_VERSION"),
            vendor: BTreeMap::from([("name", name)]),
        }
    }
}

#[derive(Serialize)]
struct Remark {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    id: String,
    category: &'static str,
    name: String,
    description: String,
    severity: &'static str,
    solution: String,
    identifiers: [Identifier<'a>; 1],
    location: Place<'a>,
}

#[derive(Serialize)]
struct Identifier<'a> {
    r#type: &'static str,
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    commit: BTreeMap<&'static str, &'a str>,
    start_line: usize,
    end_line: usize,
}

impl<'a> Vulnerability<'a> {
    fn new(
        diagnostic: &'a Diagnostic,
        fingerprint: &str,
        run: &Report<'a>,
        commit: Option<&'a str>,
    ) -> Self {
        let rule = run.rules.iter().find(|rule| rule.id == diagnostic.rule);
        let at = diagnostic.finding.primary.at;
        let (start, end) = run.sources.positions(at);
        let none = "0000000000000000000000000000000000000000";
        let sha = run.sources.revision(at.source).or(commit.filter(|text| !text.is_empty()));
        Self {
            id: uuid(fingerprint),
            category: "secret_detection",
            name: rule.map_or(&diagnostic.rule, |rule| &rule.summary).chars().take(255).collect(),
            description: fitting(&prose(diagnostic, run.sources), 1_048_576),
            severity: match diagnostic.severity {
                Severity::Error => "Critical",
                Severity::Warning => "Medium",
            },
            solution: fitting(&printable::text(&diagnostic.finding.help), 7_000),
            identifiers: [Identifier {
                r#type: "commerce_lint_rule",
                name: &diagnostic.rule,
                value: &diagnostic.rule,
            }],
            location: Place {
                file: run.sources.path(at.source),
                commit: BTreeMap::from([("sha", sha.unwrap_or(none))]),
                start_line: start.line,
                end_line: end.line,
            },
        }
    }
}

/// Text that GitLab reads as Markdown, within what the schema allows: at worst half of it are blanks.
fn fitting(text: &str, longest: usize) -> String {
    inert(&text.chars().take(longest / 2).collect::<String>())
}

/// A UUID of version 8, which means what its maker says.
fn uuid(fingerprint: &str) -> String {
    let part = |range| fingerprint.get(range).unwrap_or_default();
    format!("{}-{}-8{}-8{}-{}", part(0..8), part(8..12), part(13..16), part(17..20), part(20..32))
}
