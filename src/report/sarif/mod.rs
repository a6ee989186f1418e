//! SARIF 2.1.0, as code scanning on GitHub wants it.
//!
//! Columns count characters, and that is declared. A file is named relative to the checked tree, percent-encoded. What was not read is a
//! notification, and the run is then not successful; what is accepted is a result with a suppression.

mod fingerprint;
mod mends;
mod message;
mod places;
mod results;
mod rules;

use std::io;

use serde::Serialize;

use self::message::Message;
use self::places::Place;
use self::results::Finding;
use self::rules::Descriptor;
use super::{Report, Reporter, count, json, printable};

/// The `sarif` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sarif;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Reporter for Sarif {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let driver = Driver {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: env!("CARGO_PKG_HOMEPAGE"),
            rules: run.rules.iter().map(Descriptor::new).collect(),
        };
        let run = Run {
            tool: Tool { driver },
            automation_details: Automation { id: "commerce-lint/" },
            invocations: [Invocation {
                execution_successful: run.summary.complete,
                tool_execution_notifications: notifications(run),
            }],
            column_kind: "unicodeCodePoints",
            results: results::results(run),
        };
        json::write(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
    }
}

/// What was not read whole, and what has no room.
fn notifications(run: &Report<'_>) -> Vec<Notification> {
    let notification = |text: String, locations| Notification {
        descriptor: Reference { id: "unread" },
        level: "error",
        message: Message { text },
        locations,
    };
    let left_out = match results::left_out(run) {
        0 => None,
        some => Some(Notification {
            descriptor: Reference { id: "left-out" },
            level: "warning",
            message: Message {
                text: format!(
                    "{} left out: GitHub takes {} at most",
                    count(some, "more result"),
                    results::MAX_RESULTS
                ),
            },
            locations: Vec::new(),
        }),
    };
    let problems = run.inventory.problems.iter().map(|problem| {
        let text = format!("not read whole: {}", printable::text(&problem.message));
        notification(text, vec![Place::new(problem.at, run.sources)])
    });
    let mut notifications: Vec<Notification> = problems.collect();
    if notifications.is_empty() && !run.summary.complete {
        notifications.push(notification("not everything could be read".to_owned(), Vec::new()));
    }
    notifications.extend(left_out);
    notifications
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    automation_details: Automation,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
struct Automation {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    descriptor: Reference,
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Place>,
}

#[derive(Serialize)]
struct Reference {
    id: &'static str,
}
