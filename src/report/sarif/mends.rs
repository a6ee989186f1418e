//! What mends a finding, as SARIF's `fixes`: what is replaced is a region, never a text, so no secret is in it.
//!
//! SARIF has no word for what a person has to look at: that is a property, and said in the description.

use serde::Serialize;

use super::message::Message;
use super::places::{Artifact, Region};
use crate::fix::{Fix, Safety};
use crate::report::Report;
use crate::rule::Diagnostic;

/// A fix.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mend {
    description: Message,
    artifact_changes: [Change; 1],
    properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Message>,
}

#[derive(Serialize)]
struct Properties {
    safety: &'static str,
}

/// What would mend a finding.
pub(super) fn mends(found: &Diagnostic, run: &Report<'_>) -> Vec<Mend> {
    run.fixes.of(found).iter().filter_map(|fix| mend(fix, run)).collect()
}

fn mend(fix: &Fix, run: &Report<'_>) -> Option<Mend> {
    let sources = run.sources;
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: Region::of(edit.at, sources),
        inserted_content: (!edit.new.is_empty()).then(|| Message { text: edit.new.clone() }),
    });
    let remark = match fix.safety {
        Safety::Safe => "",
        Safety::Unsafe => " (unsafe: look at what it changes)",
    };
    Some(Mend {
        description: Message { text: format!("{}{remark}", fix.title) },
        artifact_changes: [Change {
            artifact_location: Artifact::of(fix.start()?.source, sources),
            replacements: replacements.collect(),
        }],
        properties: Properties { safety: fix.safety.word() },
    })
}
