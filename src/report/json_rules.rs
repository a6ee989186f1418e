//! The rules for programs: schema 1, one object.

use std::io;

use serde::Serialize;

use super::json::{SCHEMA_VERSION, TOOL, Tool, write};
use crate::rule::{Rule, Severity};

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    rules: Vec<RuleView<'a>>,
}

#[derive(Serialize)]
struct RuleView<'a> {
    id: &'a str,
    /// `off`, `warning` or `error`.
    severity: &'static str,
    summary: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    since: &'a str,
    tags: &'a [String],
    references: &'a [String],
    yields_to: &'a [String],
    /// Where its page is to be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

fn view(rule: &Rule) -> RuleView<'_> {
    let Rule { id, severity, summary, since, tags, references, yields_to, .. } = rule;
    let severity = severity.map_or("off", Severity::word);
    let address = rule.address();
    RuleView { id, severity, summary, since, tags, references, yields_to, address }
}

/// The document, with a line feed at its end.
///
/// # Errors
/// Never: it is written to memory.
pub fn document(rules: &[Rule]) -> io::Result<String> {
    let rules = rules.iter().map(view).collect();
    let document = Document { schema_version: SCHEMA_VERSION, tool: TOOL, rules };
    let mut bytes = Vec::new();
    write(&document, &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
