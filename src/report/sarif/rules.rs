//! Rules as SARIF describes them: everything comes from their pages.
//!
//! `security-severity` is a number by tag and severity, since a reporter knows no rule: GitHub calls what is above 9 critical, from 7 high,
//! from 4 medium.
//!
//! | rule | number |
//! | --- | --- |
//! | `secret`, error | 9.5 |
//! | `data-space` or `data-loss`, error | 8.5 |
//! | any other error | 7.5 |
//! | `secret`, warning | 6.5 |
//! | any other warning, or off unless asked for | 4.5 |
//! | `tool` | none: it says nothing of the tree's safety |

use serde::Serialize;

use super::message::Message;
use crate::mask;
use crate::rule::{Rule, Severity};

/// The longest description that GitHub takes, in characters.
const LONGEST: usize = 1_024;

/// The most tags of a rule that GitHub takes: it refuses a log with more.
const MAX_TAGS: usize = 20;

/// A rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    id: String,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Properties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'static str>,
}

impl Descriptor {
    pub(super) fn new(rule: &Rule) -> Self {
        // An example of a key in a page is a key to whoever scans the report.
        let page = mask::text(&rule.page);
        let level = rule.severity.unwrap_or(Severity::Warning).word();
        let severity = security_severity(rule);
        // First, so that it is among the ten that GitHub shows.
        let security = severity.map(|_| "security".to_owned()).into_iter();
        Self {
            id: rule.id.clone(),
            name: pascal(&rule.id),
            short_description: Message { text: cut(&rule.summary) },
            full_description: Message { text: cut(&first_paragraph(&page, &rule.summary)) },
            help: Help { text: page.clone(), markdown: page },
            help_uri: rule.address(),
            default_configuration: Configuration { enabled: rule.severity.is_some(), level },
            properties: Properties {
                tags: security.chain(rule.tags.iter().cloned()).take(MAX_TAGS).collect(),
                precision: "high",
                problem_severity: level,
                security_severity: severity,
            },
        }
    }
}

fn security_severity(rule: &Rule) -> Option<&'static str> {
    let is_error = rule.severity == Some(Severity::Error);
    match (rule.is_on_secrets(), is_error) {
        _ if rule.has_tag("tool") => None,
        (true, true) => Some("9.5"),
        (false, true) if rule.has_tag("data-space") || rule.has_tag("data-loss") => Some("8.5"),
        (false, true) => Some("7.5"),
        (true, false) => Some("6.5"),
        (false, false) => Some("4.5"),
    }
}

/// `shared-data-space` as `SharedDataSpace`.
fn pascal(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    id.split('-').map(word).collect()
}

/// The first paragraph of a page, on one line; it stands alone.
fn first_paragraph(page: &str, summary: &str) -> String {
    let lines = page.lines().map(str::trim);
    let lines = lines.skip_while(|line| line.is_empty() || line.starts_with('#'));
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    if paragraph.is_empty() { summary.to_owned() } else { paragraph.join(" ") }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_descriptions_come_from_id_and_page() {
        assert_eq!(pascal("shared-data-space"), "SharedDataSpace");
        assert_eq!(first_paragraph("\n# Title\n\nOne\ntwo.\n\nThree.", "x"), "One two.");
        assert_eq!(first_paragraph("", "Two doors."), "Two doors.");
    }
}
