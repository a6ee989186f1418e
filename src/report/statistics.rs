//! How many findings each rule has: the most first, each with what the rule finds.

use std::collections::BTreeMap;
use std::io;

use super::{Report, Reporter, printable};
use crate::rule::Severity;

/// The `statistics` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Statistics;

impl Reporter for Statistics {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
        for found in run.diagnostics {
            *counts.entry((&found.rule, found.severity)).or_default() += 1;
        }
        let mut rows: Vec<_> = counts.into_iter().collect();
        rows.sort_by_key(|((rule, severity), count)| {
            (std::cmp::Reverse(*count), std::cmp::Reverse(*severity), *rule)
        });
        let digits = rows.first().map_or(1, |(_, count)| count.to_string().len());
        let width = rows.iter().map(|((rule, _), _)| rule.len()).max().unwrap_or_default();
        for ((id, severity), count) in rows {
            let rule = run.rules.iter().find(|rule| rule.id == id);
            let summary = rule.map_or("", |rule| rule.summary.as_str());
            let (id, summary) = (printable::text(id), printable::text(summary));
            writeln!(out, "{count:digits$}  {:7}  {id:width$}  {summary}", severity.word())?;
        }
        writeln!(out, "{}", run.closing())
    }
}
