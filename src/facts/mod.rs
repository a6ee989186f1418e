//! `facts`: what a run knows of one repository, as lines for whoever puts those of thousands together.
//!
//! A fact is one object of one kind, flat, with every column of its kind: absent is null. Identifiers that anybody may see stand in the clear, keys as
//! names under the organisation's own key, and what a person could have thought of, be it a password, as neither.

mod about;
pub mod key;
mod rows;
pub mod schema;
mod setting;
pub(crate) mod table;

use std::fmt::Write as _;
use std::io;

use crate::Outcome;
use crate::mask::snippet::Masks;
use crate::model::fingerprint::{Fingerprint, salted};
use crate::model::setting::Secret;
use crate::model::storefront::{PublicCopy, Shown};
use crate::report::{disclosure, fingerprint};
use crate::rule::{Accepted, Diagnostic};
pub use about::{About, Lines};
use about::{Facts, harmless, put};
use key::Key;
pub use table::Kind;

/// How many of the places that could not be read are named in one fact.
const NAMED: usize = 5;

/// A message without the names that values have for those who know the tree: outside they would compare with other trees.
fn without_names(message: &str) -> String {
    let is_name = |part: &str| Fingerprint::parse(part).is_some();
    let parts = message.split('`').map(|part| if is_name(part) { "…" } else { part });
    parts.collect::<Vec<_>>().join("`")
}

/// Writes what a run found.
///
/// # Errors
/// Where the lines cannot be written.
pub fn write(outcome: &Outcome, about: &About, key: &Key, lines: &mut dyn Lines) -> io::Result<()> {
    let facts = Facts { outcome, about, key };
    put(lines, Kind::Run, &facts.run())?;
    for instance in &outcome.inventory.instances {
        put(lines, Kind::Instance, &rows::Instance::of(&facts, instance))?;
    }
    setting::write(&facts, lines)?;
    for secret in &outcome.inventory.secrets {
        put(lines, Kind::Secret, &facts.secret(secret, false))?;
    }
    for buried in &outcome.inventory.buried {
        put(lines, Kind::Secret, &facts.secret(&buried.secret, true))?;
    }
    facts.findings(lines)?;
    for copy in &outcome.inventory.storefronts {
        put(lines, Kind::Storefront, &facts.storefront(copy))?;
    }
    Ok(())
}

/// Writes that a repository could not be read.
///
/// # Errors
/// Where the line cannot be written.
pub fn write_failure(why: &str, about: &About, key: &Key, lines: &mut dyn Lines) -> io::Result<()> {
    let run = rows::Run { state: "failed", why: Some(harmless(why)), ..rows::Run::of(about, key) };
    put(lines, Kind::Run, &run)
}

/// Why a run is not complete: the first places that could not be read, else what is noted of it.
#[must_use]
pub fn why(outcome: &Outcome) -> String {
    let Outcome { inventory, sources, notes, unwhole, .. } = outcome;
    let named = inventory
        .problems
        .iter()
        .take(NAMED)
        .map(|problem| format!("`{}` {}", sources.shown(problem.at.source), problem.message));
    let mut told = named.collect::<Vec<_>>().join("; ");
    if inventory.problems.len() > NAMED {
        let _ = write!(told, "; and {} more", inventory.problems.len() - NAMED);
    }
    let said = if unwhole.is_empty() { notes } else { unwhole };
    harmless(&if told.is_empty() { said.join("; ") } else { told })
}

impl Facts<'_> {
    fn run(&self) -> rows::Run<'_> {
        let Outcome { summary, inventory, accepted, .. } = self.outcome;
        let unread = inventory.problems.len();
        // A folder that holds no more than a part of its repository says nothing of the rest.
        let is_whole = summary.complete && self.outcome.unwhole.is_empty();
        let why = (!is_whole).then(|| why(self.outcome));
        rows::Run {
            policy: Some(self.policy()),
            state: if is_whole { "whole" } else { "partial" },
            complete: is_whole,
            why,
            files_read: summary.files_read as u64,
            files_parsed: summary.files_parsed as u64,
            instances: inventory.instances.len() as u64,
            settings: inventory.settings.len() as u64,
            secrets: inventory.secrets.len() as u64,
            errors: summary.errors as u64,
            warnings: summary.warnings as u64,
            accepted: accepted.len() as u64,
            unread: unread as u64,
            ..rows::Run::of(self.about, self.key)
        }
    }

    /// A name for what the policy demands, whatever it declares of instances and accepts: equal for repositories that are held to the same.
    fn policy(&self) -> String {
        let Outcome { policy, rules, .. } = self.outcome;
        let level = |rule: &crate::rule::Rule| {
            let word = policy.severity(rule).map_or("off", |severity| severity.word());
            format!("{}={word}", rule.id)
        };
        let mut parts: Vec<String> = rules.iter().map(level).collect();
        parts.extend(policy.excluded.iter().map(|pattern| format!("exclude={pattern}")));
        parts.extend(policy.denied.iter().map(|pattern| format!("denied={pattern}")));
        parts.push(format!(
            "{} {:?} {}",
            policy.file_bytes, policy.max_waiver_days, policy.fails_on_warnings
        ));
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        salted("commerce-lint policy v1", &parts)
    }

    fn secret(&self, secret: &Secret, buried: bool) -> rows::Secret<'_> {
        let (path, line) = self.place(secret.at);
        let readers = self.inventory().readers(secret.at);
        rows::Secret {
            head: rows::Head::of("secret", self.about),
            path,
            line,
            kind: disclosure::kind_of(secret.kind),
            form: harmless(&secret.form),
            damage: secret.damage.as_deref().map(harmless),
            encoding: secret.encoding.as_deref().map(harmless),
            encrypted: secret.encrypted,
            buried,
            instances: readers.len() as u64,
            fingerprint: disclosure::of_secret(secret).and_then(|of| self.key.name(&of)),
        }
    }

    fn findings(&self, lines: &mut dyn Lines) -> io::Result<()> {
        let report = self.outcome.report();
        let mut masks: Masks = report.masks();
        let names = fingerprint::fingerprints(&report, &mut masks);
        let open = self.outcome.diagnostics.iter().map(|found| (found, None));
        let accepted = self.outcome.accepted.iter();
        let accepted = accepted.map(|one: &Accepted| (&one.diagnostic, Some(one)));
        for ((found, accepted), name) in open.chain(accepted).zip(names) {
            put(lines, Kind::Finding, &self.finding(found, accepted, name))?;
        }
        Ok(())
    }

    fn finding<'f>(
        &'f self,
        found: &'f Diagnostic,
        accepted: Option<&Accepted>,
        fingerprint: String,
    ) -> rows::Finding<'f> {
        let (path, line) = self.place(found.finding.primary.at);
        let instances = &found.finding.instances;
        rows::Finding {
            head: rows::Head::of("finding", self.about),
            rule: &found.rule,
            severity: found.severity.word(),
            path,
            line,
            message: without_names(&harmless(&found.finding.message)),
            instance: instances.first().map(|name| harmless(name)),
            instances: instances.len() as u64,
            accepted: accepted.is_some(),
            reason: accepted.map(|one| harmless(&one.reason)).filter(|text| !text.is_empty()),
            fingerprint,
        }
    }

    fn storefront(&self, copy: &PublicCopy) -> rows::Storefront<'_> {
        let (path, line) = self.place(copy.at);
        let (kind, data_space, fingerprint) = match &copy.shown {
            Shown::DataSpace(id) => ("data-space", Some(id.clone()), None),
            Shown::ApiKey(text) => ("api-key", None, self.key.name(&disclosure::of_api_key(text))),
            Shown::Tenant(text) => ("tenant", None, self.key.name(&disclosure::of_tenant(text))),
        };
        rows::Storefront {
            head: rows::Head::of("storefront", self.about),
            path,
            line,
            kind,
            data_space,
            fingerprint,
            instance: copy.instance.as_deref().map(harmless),
        }
    }
}
