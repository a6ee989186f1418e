//! GitLab's Code Quality report: an array of findings, compared between branches by their fingerprints.

use std::io;

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::prose::prose;
use super::{Report, Reporter, json};
use crate::model::fingerprint::salted;
use crate::rule::{Diagnostic, Severity};
use crate::sources::Sources;

/// The `gitlab` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct GitLab;

impl Reporter for GitLab {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let fingerprints = fingerprints(run, &mut run.masks());
        let findings = run.diagnostics.iter().zip(fingerprints);
        let mut issues: Vec<Issue<'_>> =
            findings.map(|(found, name)| Issue::new(found, name, run.sources)).collect();
        issues.extend(run.intended().map(|intended| {
            let description = super::announced(intended);
            let name = salted("intended", &[&description]);
            let issue = Issue::new(&intended.diagnostic, name, run.sources);
            Issue { description, severity: "info", ..issue }
        }));
        json::write(&issues, out)
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

impl<'a> Issue<'a> {
    fn new(diagnostic: &'a Diagnostic, fingerprint: String, sources: &'a Sources) -> Self {
        let at = diagnostic.finding.primary.at;
        let (start, end) = sources.positions(at);
        Self {
            // GitLab's schema has no place but this for how it stands to what was before the change.
            description: prose(diagnostic, sources) + diagnostic.remark(),
            check_name: &diagnostic.rule,
            fingerprint,
            // Of info, minor, major, critical and blocker.
            severity: match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "minor",
            },
            location: Place {
                path: sources.path(at.source),
                lines: Lines { begin: start.line, end: end.line },
            },
        }
    }
}
