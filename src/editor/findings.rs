//! Findings as an editor marks them: at their own places, with the other places as links, and at those places, too.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::places::{self, Root};
use crate::Outcome;
use crate::error::{Error, ToldMistake};
use crate::report::printable;
use crate::rule::{Diagnostic, Label, Rule, Severity, UNUSED_WAIVER};
use crate::source::Source;

/// How many of the other places are linked.
const MOST_PLACES: usize = 24;

/// The diagnostics of every file that has some, by its address.
pub fn by_file(outcome: &Outcome, root: &Root) -> BTreeMap<String, Vec<Value>> {
    let sources = &outcome.sources;
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for found in &outcome.diagnostics {
        let primary = &found.finding.primary;
        let is_elsewhere = |label: &&Label| label.at.source != primary.at.source;
        let others = found.finding.related.iter().filter(is_elsewhere);
        for label in std::iter::once(primary).chain(others) {
            if let Some(place) = places::place(sources, root, label.at) {
                let address = root.address(sources.path(label.at.source));
                files.entry(address).or_default().push(mark(outcome, root, found, label, &place));
            }
        }
    }
    files
}

/// What an editor shows at one of the places of a finding; at all but its own it is no fault to be counted.
fn mark(outcome: &Outcome, root: &Root, found: &Diagnostic, here: &Label, place: &Value) -> Value {
    let finding = &found.finding;
    let is_own = *here == finding.primary;
    let mut message = printable::text(&finding.message);
    if !finding.help.is_empty() && is_own {
        message = format!("{message}\nhelp: {}", printable::text(&finding.help));
    }
    let others = std::iter::once(&finding.primary).chain(&finding.related);
    let others = others.filter(|label| *label != here).take(MOST_PLACES).filter_map(|label| {
        let words = if label.text.is_empty() { "here" } else { &label.text };
        let location = places::place(&outcome.sources, root, label.at)?;
        Some(json!({ "location": location, "message": printable::text(words) }))
    });
    let severity = match found.severity {
        _ if !is_own => 3,
        Severity::Error => 1,
        Severity::Warning => 2,
    };
    let mut mark = json!({
        "range": place.get("range"),
        "severity": severity,
        "code": found.rule,
        "source": "commerce-lint",
        "message": message,
        "relatedInformation": others.collect::<Vec<_>>(),
    });
    let rule = outcome.rules.iter().find(|rule| rule.id == found.rule);
    let address = rule.and_then(Rule::address);
    if let Some(fields) = mark.as_object_mut() {
        if let Some(address) = address {
            fields.insert("codeDescription".into(), json!({ "href": address }));
        }
        if found.rule == UNUSED_WAIVER {
            fields.insert("tags".into(), json!([1]));
        }
    }
    mark
}

/// The mistakes of a configuration, by its address; nothing where something else is wrong.
pub fn of_error(error: &Error, root: &Root) -> BTreeMap<String, Vec<Value>> {
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for ToldMistake { path, text, at, message } in error.mistakes() {
        // A path from elsewhere is that of the root with the name behind it.
        let within = Path::new(path).strip_prefix(root.folder()).ok().and_then(Path::to_str);
        let path = within.unwrap_or(path);
        let source = Source::new(path.to_owned(), text.as_bytes().to_vec());
        let point = |offset| places::position(&source, u32::try_from(offset).unwrap_or(u32::MAX));
        let mark = json!({
            "range": { "start": point(at.start), "end": point(at.end) },
            "severity": 1,
            "source": "commerce-lint",
            "message": message,
        });
        files.entry(root.address(path)).or_default().push(mark);
    }
    files
}
