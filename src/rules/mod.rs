//! The list of rules. A rule is a page, `rules/<id>.md`, and a check; its id is the stem of the page and stands here once.

mod changes;
mod ciphertext_in_variable;
mod cleanup_feed_in_automation;
mod competing_key_pairs;
mod data_space_in_shared_layer;
mod decryptable_private_key;
mod encrypted_private_key;
mod expired_waiver;
mod half_rotated_key_pair;
mod incomplete_key_pair;
mod key_and_data_space_change;
mod malformed_data_space_id;
pub mod page;
mod partial_key_rotation;
mod placeholder_value;
mod places;
mod plaintext_client_secret;
mod plaintext_private_key;
mod private_key_in_history;
mod production_data_space_change;
mod production_demoted;
mod production_key_change;
mod production_project_change;
mod production_slot_change;
mod project_set_after_data_space;
mod secret_in_argument;
mod shared_data_space;
mod storefront_mismatch;
mod unknown_key_version;
mod unprotected_cloud_variable;
mod unreadable_config;
mod unreset_database_copy;
mod unused_waiver;
mod weakened_policy;
mod wording;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::error::Error;
use crate::rule::{Check, Rule, Severity};
use crate::suggest::nearest;
use page::Page;

struct Entry {
    id: &'static str,
    text: &'static str,
    check: fn() -> Box<dyn Check>,
}

/// A line of the list: the id and the check.
macro_rules! rule {
    ($id:literal, $check:expr) => {
        Entry {
            id: $id,
            text: include_str!(concat!("../../rules/", $id, ".md")),
            check: || Box::new($check),
        }
    };
}

/// Every rule, sorted by id.
const RULES: &[Entry] = &[
    rule!("ciphertext-in-variable", ciphertext_in_variable::CiphertextInVariable),
    rule!("cleanup-feed-in-automation", cleanup_feed_in_automation::CleanupFeedInAutomation),
    rule!("competing-key-pairs", competing_key_pairs::CompetingKeyPairs),
    rule!("data-space-in-shared-layer", data_space_in_shared_layer::DataSpaceInSharedLayer),
    rule!("decryptable-private-key", decryptable_private_key::DecryptablePrivateKey),
    rule!("encrypted-private-key", encrypted_private_key::EncryptedPrivateKey),
    rule!("expired-waiver", expired_waiver::ExpiredWaiver),
    rule!("half-rotated-key-pair", half_rotated_key_pair::HalfRotatedKeyPair),
    rule!("incomplete-key-pair", incomplete_key_pair::IncompleteKeyPair),
    rule!("key-and-data-space-change", key_and_data_space_change::KeyAndDataSpaceChange),
    rule!("malformed-data-space-id", malformed_data_space_id::MalformedDataSpaceId),
    rule!("partial-key-rotation", partial_key_rotation::PartialKeyRotation),
    rule!("placeholder-value", placeholder_value::PlaceholderValue),
    rule!("plaintext-client-secret", plaintext_client_secret::PlaintextClientSecret),
    rule!("plaintext-private-key", plaintext_private_key::PlaintextPrivateKey),
    rule!("private-key-in-history", private_key_in_history::PrivateKeyInHistory),
    rule!("production-data-space-change", production_data_space_change::ProductionDataSpaceChange),
    rule!("production-demoted", production_demoted::ProductionDemoted),
    rule!("production-key-change", production_key_change::ProductionKeyChange),
    rule!("production-project-change", production_project_change::ProductionProjectChange),
    rule!("production-slot-change", production_slot_change::ProductionSlotChange),
    rule!("project-set-after-data-space", project_set_after_data_space::ProjectSetAfterDataSpace),
    rule!("secret-in-argument", secret_in_argument::SecretInArgument),
    rule!("shared-data-space", shared_data_space::SharedDataSpace),
    rule!("storefront-mismatch", storefront_mismatch::StorefrontMismatch),
    rule!("unknown-key-version", unknown_key_version::UnknownKeyVersion),
    rule!("unprotected-cloud-variable", unprotected_cloud_variable::UnprotectedCloudVariable),
    rule!("unreadable-config", unreadable_config::UnreadableConfig),
    rule!("unreset-database-copy", unreset_database_copy::UnresetDatabaseCopy),
    rule!("unused-waiver", unused_waiver::UnusedWaiver),
    rule!("weakened-policy", weakened_policy::WeakenedPolicy),
];

impl Entry {
    fn page(&self) -> Page<'static> {
        page::parse(self.text).expect("tests/it/rules.rs parses every page")
    }
}

/// Every rule, sorted by id.
#[must_use]
pub fn all() -> Vec<Rule> {
    let rule = |entry: &Entry| {
        let Page { severity, summary, tags, references, body, .. } = entry.page();
        Rule {
            id: entry.id,
            severity,
            summary,
            tags,
            references,
            page: body,
            check: (entry.check)(),
        }
    };
    RULES.iter().map(rule).collect()
}

/// The severities of all rules without configuration, by id.
#[must_use]
pub fn severities() -> BTreeMap<&'static str, Option<Severity>> {
    RULES.iter().map(|entry| (entry.id, entry.page().severity)).collect()
}

/// The ids of all rules, sorted.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    RULES.iter().map(|entry| entry.id).collect()
}

/// What `commerce-lint rules` prints: id, severity and summary of each rule.
#[must_use]
pub fn list() -> String {
    let width = RULES.iter().map(|entry| entry.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for entry in RULES {
        let page = entry.page();
        let severity = severity_word(page.severity);
        let _ = writeln!(out, "{:width$}  {severity:7}  {}", entry.id, page.summary);
    }
    out
}

/// What `commerce-lint explain <id>` prints: the rule's page.
///
/// # Errors
/// Where no rule has this id.
pub fn explain(id: &str) -> Result<String, Error> {
    let Some(entry) = RULES.iter().find(|entry| entry.id == id) else {
        let part = id.trim().to_lowercase();
        let alike: Vec<&str> = match nearest(id, ids()) {
            Some(near) => vec![near],
            None if part.len() < 3 => Vec::new(),
            None => ids().into_iter().filter(|id| id.contains(&part)).collect(),
        };
        let help = match alike.as_slice() {
            [] => "`commerce-lint rules` lists the rules".to_owned(),
            [near] => format!("did you mean `{near}`?"),
            alike => format!("did you mean one of `{}`?", alike.join("`, `")),
        };
        return Err(Error::UnknownRule { id: id.into(), help });
    };
    let Page { severity, summary, since, references, body, .. } = entry.page();
    let mut out = format!("{id} ({}, since {since})\n{summary}\n\n", severity_word(severity));
    out.push_str(body.trim_end());
    out.push('\n');
    if !references.is_empty() {
        out.push_str("\n## References\n");
    }
    for reference in references {
        let _ = writeln!(out, "- {reference}");
    }
    Ok(out)
}

/// What `rules/README.md` holds.
#[must_use]
pub fn index() -> String {
    let mut out = "\
# Rules

Generated from the pages by `BLESS=1 cargo test --test it rules::`. `commerce-lint explain <rule>` prints a page.

| rule | severity | finds |
| --- | --- | --- |
"
    .to_owned();
    for entry in RULES {
        let page = entry.page();
        let severity = severity_word(page.severity);
        let _ = writeln!(out, "| [`{0}`]({0}.md) | {severity} | {1} |", entry.id, page.summary);
    }
    out
}

fn severity_word(severity: Option<Severity>) -> &'static str {
    severity.map_or("off", Severity::word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_their_pages_are_sound() {
        assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(all().len(), RULES.len());
        assert_eq!(list().lines().count(), RULES.len());
    }

    #[test]
    fn a_page_is_explained_and_an_unknown_rule_is_not() {
        let page = explain("shared-data-space").expect("the rule exists");
        assert!(page.starts_with("shared-data-space (error, since 0.1.0)\n"), "{page}");
        let Err(Error::UnknownRule { help, .. }) = explain("shared-dataspace") else { panic!() };
        assert_eq!(help, "did you mean `shared-data-space`?");
    }
}
