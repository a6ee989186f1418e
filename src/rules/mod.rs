//! The list of rules. A rule is a page, `rules/<id>.md`, and a check; its id is the stem of the page and stands here once.

mod alternate_environment_in_production;
mod api_keys;
pub mod assertion;
mod blank_override;
mod changes;
mod ciphertext_in_variable;
mod cleanup_feed_in_automation;
mod committed_ciphertext;
mod competing_key_pairs;
mod conflicting_data_space_type;
mod conflicting_extensions;
mod contradictory_setting;
mod data_space_in_shared_layer;
mod data_space_in_two_projects;
mod data_spaces;
mod decryptable_private_key;
mod defaults;
mod doubly_encrypted_key;
mod empty_active_slot;
mod encrypted_private_key;
mod expired_waiver;
mod half_rotated_key_pair;
mod incomplete_key_pair;
mod incomplete_saas_identifier;
mod ineffective_scope;
mod key_and_data_space_change;
mod key_pairs;
mod keys_without_project;
mod malformed_data_space_id;
mod malformed_private_key;
mod masked_value;
mod mismatched_key_pair;
mod misspelt_setting;
mod otherwise;
pub(crate) mod packs;
pub mod page;
mod partial_key_rotation;
mod parting;
mod placeholder_value;
mod places;
mod plaintext_client_secret;
mod plaintext_private_key;
mod private_key_in_history;
mod production_data_space_change;
mod production_data_space_elsewhere;
mod production_demoted;
mod production_key_change;
mod production_project_change;
mod production_slot_change;
mod project_set_after_data_space;
mod remedy;
mod same_key_in_both_slots;
mod secret_in_argument;
mod shadowed_setting;
mod shared_data_space;
mod shared_merchant_id;
mod slot_and_type_mismatch;
mod storefront_mismatch;
mod swapped_key_fields;
mod testing_data_space_in_production;
mod unknown_key_version;
mod unmatched_pattern;
mod unopenable_ciphertext;
mod unprotected_cloud_variable;
mod unread_carrier;
mod unreadable_config;
mod unreset_database_copy;
mod unused_waiver;
mod users;
mod weakened_policy;
mod wording;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::error::Error;
use crate::rule::{Check, Context, Finding, Rule, Severity};
use crate::suggest::nearest;
use assertion::Assertions;
use page::Page;

struct Entry {
    id: &'static str,
    text: &'static str,
    /// The code; none where the page itself says what has to hold.
    check: Option<fn() -> Box<dyn Check>>,
}

/// A line of the list: the id, and the check where there is code.
macro_rules! rule {
    ($id:literal) => {
        Entry { id: $id, text: include_str!(concat!("../../rules/", $id, ".md")), check: None }
    };
    ($id:literal, $check:expr) => {
        Entry {
            id: $id,
            text: include_str!(concat!("../../rules/", $id, ".md")),
            check: Some(|| Box::new($check)),
        }
    };
}

/// Every rule, sorted by id.
const RULES: &[Entry] = &[
    rule!(
        "alternate-environment-in-production",
        alternate_environment_in_production::AlternateEnvironmentInProduction
    ),
    rule!("blank-override", blank_override::BlankOverride),
    rule!("ciphertext-in-variable", ciphertext_in_variable::CiphertextInVariable),
    rule!("cleanup-feed-in-automation", cleanup_feed_in_automation::CleanupFeedInAutomation),
    rule!("committed-ciphertext", committed_ciphertext::CommittedCiphertext),
    rule!("competing-key-pairs", competing_key_pairs::CompetingKeyPairs),
    rule!("conflicting-data-space-type", conflicting_data_space_type::ConflictingDataSpaceType),
    rule!("conflicting-extensions", conflicting_extensions::ConflictingExtensions),
    rule!("contradictory-setting", contradictory_setting::ContradictorySetting),
    rule!("data-space-in-shared-layer", data_space_in_shared_layer::DataSpaceInSharedLayer),
    rule!("data-space-in-two-projects", data_space_in_two_projects::DataSpaceInTwoProjects),
    rule!("decryptable-private-key", decryptable_private_key::DecryptablePrivateKey),
    rule!("doubly-encrypted-key", doubly_encrypted_key::DoublyEncryptedKey),
    rule!("empty-active-slot", empty_active_slot::EmptyActiveSlot),
    rule!("encrypted-private-key", encrypted_private_key::EncryptedPrivateKey),
    rule!("expired-waiver", expired_waiver::ExpiredWaiver),
    rule!("half-rotated-key-pair", half_rotated_key_pair::HalfRotatedKeyPair),
    rule!("incomplete-key-pair", incomplete_key_pair::IncompleteKeyPair),
    rule!("incomplete-saas-identifier", incomplete_saas_identifier::IncompleteSaasIdentifier),
    rule!("ineffective-scope", ineffective_scope::IneffectiveScope),
    rule!("key-and-data-space-change", key_and_data_space_change::KeyAndDataSpaceChange),
    rule!("keys-without-project", keys_without_project::KeysWithoutProject),
    rule!("live-payments-elsewhere"),
    rule!("malformed-api-key"),
    rule!("malformed-data-space-id", malformed_data_space_id::MalformedDataSpaceId),
    rule!("malformed-private-key", malformed_private_key::MalformedPrivateKey),
    rule!("masked-value", masked_value::MaskedValue),
    rule!("mismatched-key-pair", mismatched_key_pair::MismatchedKeyPair),
    rule!("misspelt-setting", misspelt_setting::MisspeltSetting),
    rule!("optimizer-in-wrong-environment"),
    rule!("partial-key-rotation", partial_key_rotation::PartialKeyRotation),
    rule!("placeholder-value", placeholder_value::PlaceholderValue),
    rule!("plaintext-client-secret", plaintext_client_secret::PlaintextClientSecret),
    rule!("plaintext-private-key", plaintext_private_key::PlaintextPrivateKey),
    rule!("private-key-in-history", private_key_in_history::PrivateKeyInHistory),
    rule!("production-data-space-change", production_data_space_change::ProductionDataSpaceChange),
    rule!(
        "production-data-space-elsewhere",
        production_data_space_elsewhere::ProductionDataSpaceElsewhere
    ),
    rule!("production-demoted", production_demoted::ProductionDemoted),
    rule!("production-key-change", production_key_change::ProductionKeyChange),
    rule!("production-project-change", production_project_change::ProductionProjectChange),
    rule!("production-slot-change", production_slot_change::ProductionSlotChange),
    rule!("project-set-after-data-space", project_set_after_data_space::ProjectSetAfterDataSpace),
    rule!("redirected-gateway"),
    rule!("same-key-in-both-slots", same_key_in_both_slots::SameKeyInBothSlots),
    rule!("sandbox-payments-in-production"),
    rule!("secret-in-argument", secret_in_argument::SecretInArgument),
    rule!("shadowed-setting", shadowed_setting::ShadowedSetting),
    rule!("shared-data-space", shared_data_space::SharedDataSpace),
    rule!("shared-event-instance"),
    rule!("shared-merchant-id", shared_merchant_id::SharedMerchantId),
    rule!("shared-optimizer-tenant"),
    rule!("slot-and-type-mismatch", slot_and_type_mismatch::SlotAndTypeMismatch),
    rule!("storefront-mismatch", storefront_mismatch::StorefrontMismatch),
    rule!("stray-whitespace"),
    rule!("swapped-key-fields", swapped_key_fields::SwappedKeyFields),
    rule!(
        "testing-data-space-in-production",
        testing_data_space_in_production::TestingDataSpaceInProduction
    ),
    rule!("unknown-key-version", unknown_key_version::UnknownKeyVersion),
    rule!("unknown-slot"),
    rule!("unmatched-pattern", unmatched_pattern::UnmatchedPattern),
    rule!("unopenable-ciphertext", unopenable_ciphertext::UnopenableCiphertext),
    rule!("unprotected-cloud-variable", unprotected_cloud_variable::UnprotectedCloudVariable),
    rule!("unread-carrier", unread_carrier::UnreadCarrier),
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
    // Whoever checks many trees reads the pages once.
    static PAGES: OnceLock<Vec<Page<'static>>> = OnceLock::new();
    let pages = PAGES.get_or_init(|| RULES.iter().map(Entry::page).collect());
    let rule = |(entry, page): (&Entry, &Page<'static>)| {
        of_page(entry.id.into(), page.clone(), entry.check.map(|new| new()))
    };
    RULES.iter().zip(pages).map(rule).collect()
}

/// The rule of a page; without code, what the page asserts is the check.
fn of_page(id: String, page: Page<'_>, check: Option<Box<dyn Check>>) -> Rule {
    Rule {
        id,
        severity: page.severity,
        summary: page.summary,
        since: page.since,
        tags: page.tags,
        references: page.references,
        yields_to: page.yields_to,
        finds_keys: page.finds_keys,
        page: page.body.to_owned(),
        check: check.unwrap_or_else(|| Box::new(Assertions(page.assertions))),
    }
}

/// The ids of all rules, sorted.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    RULES.iter().map(|entry| entry.id).collect()
}

/// Whether what is told of a change is as an earlier state had it. `earlier` is what is checked, compared with that state.
#[must_use]
pub fn is_undone(cx: &Context<'_>, finding: &Finding, earlier: &Context<'_>) -> bool {
    changes::undone::is_undone(cx, finding, earlier)
}

/// The names that the instances of the state before have now, where they are still there.
#[must_use]
pub fn names_now<'a>(cx: &Context<'a>) -> BTreeMap<&'a str, &'a str> {
    let named =
        |pair: &changes::Pair<'a>| Some((pair.before.name.as_str(), pair.now?.name.as_str()));
    changes::pairs::pairs(cx).iter().filter_map(named).collect()
}

/// What `commerce-lint rules` prints: id, severity and summary of each rule.
#[must_use]
pub fn list(rules: &[Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for Rule { id, severity, summary, .. } in rules {
        let severity = severity_word(*severity);
        let _ = writeln!(out, "{id:width$}  {severity:7}  {summary}");
    }
    out
}

/// What `commerce-lint explain <id>` prints: the rule's page.
///
/// # Errors
/// Where no rule has this id.
pub fn explain(rules: &[Rule], id: &str) -> Result<String, Error> {
    let ids = || rules.iter().map(|rule| rule.id.as_str());
    let Some(rule) = rules.iter().find(|rule| rule.id == id) else {
        let part = id.trim().to_lowercase();
        let alike: Vec<&str> = match nearest(id, ids()) {
            Some(near) => vec![near],
            None if part.len() < 3 => Vec::new(),
            None => ids().filter(|id| id.contains(&part)).collect(),
        };
        let help = match alike.as_slice() {
            [] => "`commerce-lint rules` lists the rules".to_owned(),
            [near] => format!("did you mean `{near}`?"),
            alike => format!("did you mean one of `{}`?", alike.join("`, `")),
        };
        return Err(Error::UnknownRule { id: id.into(), help });
    };
    let Rule { severity, summary, since, references, page, .. } = rule;
    let since = if since.is_empty() { String::new() } else { format!(", since {since}") };
    let mut out = format!("{id} ({}{since})\n{summary}\n\n", severity_word(*severity));
    out.push_str(page.trim_end());
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
        assert_eq!(list(&all()).lines().count(), RULES.len());
        let has_either =
            |entry: &Entry| entry.check.is_some() == entry.page().assertions.is_empty();
        assert!(RULES.iter().all(has_either), "a rule is code or a page, not both");
        let mut others = all().into_iter().flat_map(|rule| rule.yields_to);
        assert_eq!(others.find(|other| !ids().contains(&other.as_str())), None);
    }

    #[test]
    fn a_page_is_explained_and_an_unknown_rule_is_not() {
        let page = explain(&all(), "shared-data-space").expect("the rule exists");
        assert!(page.starts_with("shared-data-space (error, since 0.1.0)\n"), "{page}");
        let Err(Error::UnknownRule { help, .. }) = explain(&all(), "shared-dataspace") else {
            panic!()
        };
        assert_eq!(help, "did you mean `shared-data-space`?");
    }
}
