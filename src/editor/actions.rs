//! What an editor offers to do about a finding: accept it for a time, declare its instance, read the page of its rule.
//!
//! A waiver is written without its reason, which the configuration asks for: nothing is accepted before somebody says why.

use serde_json::{Value, json};

use super::places::{self, Root};
use crate::Outcome;
use crate::date::Date;
use crate::fix::{Replacement, Safety};
use crate::mask::outlet::Page;
use crate::mend::{self, Candidate, Names};
use crate::report::onward;
use crate::rule::Diagnostic;
use crate::source::{Location, Source};

/// The name of the command that shows what a rule is about.
pub(super) const EXPLAIN: &str = "commerce-lint.explain";

/// The configuration that is written to, with its text where there is one.
pub struct Target<'a> {
    pub name: &'a str,
    pub text: Option<&'a str>,
}

/// The actions for a range of a file.
pub fn offered(
    outcome: &Outcome,
    root: &Root,
    name: &str,
    params: &Value,
    target: &Target<'_>,
    until: Date,
    can_be: &dyn Fn(&Candidate) -> bool,
) -> Value {
    let Some((id, source)) = places::source(&outcome.sources, name) else { return json!([]) };
    let point = |which: &str| places::offset(source, params.pointer(&format!("/range/{which}"))?);
    let (Some(start), Some(end)) = (point("start"), point("end")) else { return json!([]) };
    let meets = |at: Location| at.source == id && at.span.start <= end && start <= at.span.end;
    let is_here = |found: &&Diagnostic| {
        let finding = &found.finding;
        meets(finding.primary.at) || finding.related.iter().any(|label| meets(label.at))
    };
    let report = outcome.report();
    let names = Names::of(outcome);
    let mut actions = Vec::new();
    for found in outcome.diagnostics.iter().filter(is_here).take(16) {
        let rule = &found.rule;
        let mends = mend::candidates(outcome, found, &names).into_iter().filter(can_be);
        let (safe, others): (Vec<Candidate>, Vec<Candidate>) =
            mends.partition(|candidate| candidate.fix.safety == Safety::Safe);
        actions.extend(safe.iter().filter_map(|candidate| mended(outcome, root, candidate)));
        let mut offer = |title: String, entry: &[String]| {
            let edit = appended(root, target, entry);
            actions.push(json!({ "title": title, "kind": "quickfix", "edit": edit }));
        };
        if let Some(entry) = onward::accepting(&report, found) {
            let dated = |line: &String| match line.trim() {
                line if line.starts_with("expires = ") => format!("expires = {until}"),
                line if line.starts_with("reason = ") => "reason = \"\"".to_owned(),
                line => line.to_owned(),
            };
            let entry: Vec<String> = entry.iter().map(dated).collect();
            offer(format!("Accept `{rule}` here until {until}, with a reason"), &entry);
        }
        for (name, entry) in onward::declaring(&report, found) {
            let entry: Vec<String> = entry.iter().map(|line| line.trim().to_owned()).collect();
            offer(format!("Declare the instance `{name}`"), &entry);
        }
        let title = format!("Explain `{rule}`");
        let command = json!({ "title": title, "command": EXPLAIN, "arguments": [rule] });
        actions.push(json!({ "title": title, "kind": "quickfix", "command": command }));
        actions.extend(others.iter().filter_map(|candidate| mended(outcome, root, candidate)));
    }
    let mut told: Vec<Value> = Vec::with_capacity(actions.len());
    for action in actions {
        // Two findings at one place can ask for the same.
        if !told.contains(&action) {
            told.push(action);
        }
    }
    json!(told)
}

/// The action that mends something; none where a part of the new text would be hidden on its way.
fn mended(outcome: &Outcome, root: &Root, candidate: &Candidate) -> Option<Value> {
    let Candidate { fix, path, .. } = candidate;
    let edit = |edit: &Replacement| json!({ "range": places::range(&outcome.sources, edit.at), "newText": edit.new });
    let edits: Vec<Value> = fix.edits.iter().map(edit).collect();
    let document = json!({ "uri": root.address(path), "version": null });
    let change = json!({ "textDocument": document, "edits": edits });
    let whole = change.to_string();
    let is_shown = Page::of(whole.as_bytes()).bytes() == whole.as_bytes();
    let edit = json!({ "documentChanges": [change] });
    let is_safe = fix.safety == Safety::Safe;
    let remark = if is_safe { "" } else { " (unsafe: look at what it changes)" };
    let title = format!("{}{remark}", fix.title);
    is_shown.then(
        || json!({ "title": title, "kind": "quickfix", "isPreferred": is_safe, "edit": edit }),
    )
}

/// The edit that adds lines at the end of the configuration, which is made where there is none.
fn appended(root: &Root, target: &Target<'_>, lines: &[String]) -> Value {
    let address = root.address(target.name);
    let text = target.text.unwrap_or_default();
    let source = Source::new(target.name.to_owned(), text.as_bytes().to_vec());
    let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let end = places::position(&source, length);
    let gap = match text {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let edit = json!({ "range": { "start": end, "end": end }, "newText": format!("{gap}{}\n", lines.join("\n")) });
    let change = json!({ "textDocument": { "uri": address, "version": null }, "edits": [edit] });
    let made = json!({ "kind": "create", "uri": address, "options": { "ignoreIfExists": true } });
    let changes = if target.text.is_some() { vec![change] } else { vec![made, change] };
    json!({ "documentChanges": changes })
}
