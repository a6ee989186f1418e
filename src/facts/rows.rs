//! The facts as they are written: a column a field, in the order of [`table`](super::table).

use serde::Serialize;

use super::about::{About, Facts, digest, harmless};
use super::key::Key;
use super::table;
use crate::model::fingerprint::Fingerprint;
use crate::model::instance::{self, Evidence, Read};
use crate::model::parameter::{Parameter, Slot};
use crate::model::uuid::fold_uuid;
use crate::report::disclosure;
use crate::report::facts::state;

/// What every fact begins with.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    fact: &'static str,
    snapshot: &'a str,
    repo: String,
}

impl<'a> Head<'a> {
    pub(super) fn of(fact: &'static str, about: &'a About) -> Self {
        Self { fact, snapshot: &about.snapshot, repo: harmless(&about.repo) }
    }
}

#[derive(Serialize)]
pub(super) struct Run<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub team: String,
    pub read_at: &'a str,
    pub commit_id: Option<&'a str>,
    pub ref_name: Option<String>,
    pub tool_version: &'static str,
    pub schema_version: u64,
    pub key_name: Option<String>,
    pub policy: Option<String>,
    pub state: &'static str,
    pub complete: bool,
    pub why: Option<String>,
    pub files_read: u64,
    pub files_parsed: u64,
    pub instances: u64,
    pub settings: u64,
    pub secrets: u64,
    pub errors: u64,
    pub warnings: u64,
    pub accepted: u64,
    pub unread: u64,
}

impl<'a> Run<'a> {
    /// A run of which nothing is known yet.
    pub(super) fn of(about: &'a About, key: &Key) -> Self {
        Self {
            head: Head::of("run", about),
            team: harmless(&about.team),
            read_at: &about.read_at,
            commit_id: about.commit.as_deref(),
            ref_name: about.branch.as_deref().map(harmless),
            tool_version: env!("CARGO_PKG_VERSION"),
            schema_version: table::VERSION,
            key_name: key.called(),
            policy: None,
            state: "failed",
            complete: false,
            why: None,
            files_read: 0,
            files_parsed: 0,
            instances: 0,
            settings: 0,
            secrets: 0,
            errors: 0,
            warnings: 0,
            accepted: 0,
            unread: 0,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Instance<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(rename = "instance")]
    name: String,
    kind: &'static str,
    kind_from: &'static str,
    account: String,
    account_from: &'static str,
    same_as: String,
    project: Option<String>,
    data_space: Option<String>,
    data_space_state: &'static str,
    data_space_type: Option<String>,
    active_slot: Option<String>,
    production_api_key: Option<String>,
    production_private_key: Option<String>,
    production_private_key_state: &'static str,
    sandbox_api_key: Option<String>,
    sandbox_private_key: Option<String>,
    sandbox_private_key_state: &'static str,
    files: u64,
    fingerprint: Option<String>,
}

/// An account as facts tell it: a project's id where it is one, under the key where it is another text.
fn account(facts: &Facts<'_>, account: &Read<String>) -> String {
    let text = account.value.as_str();
    if account.evidence != Evidence::Project || fold_uuid(text).is_some() {
        return harmless(text);
    }
    facts.key.name(&Fingerprint::of("project", text.as_bytes())).unwrap_or_default()
}

impl<'a> Instance<'a> {
    pub(super) fn of(facts: &Facts<'a>, instance: &instance::Instance) -> Self {
        let inventory = &facts.outcome.inventory;
        let in_force = |parameter| inventory.in_force(instance, parameter);
        let named = |parameter| {
            in_force(parameter).and_then(disclosure::of_setting).and_then(|of| facts.key.name(&of))
        };
        let standing =
            |parameter| in_force(parameter).map_or("not-set", |setting| state(&setting.value));
        let word = |parameter| in_force(parameter).and_then(disclosure::text);
        Self {
            head: Head::of("instance", facts.about),
            name: harmless(&instance.name),
            kind: instance.kind.value.word(),
            kind_from: instance.kind.evidence.word(),
            account: account(facts, &instance.account),
            account_from: instance.account.evidence.word(),
            same_as: harmless(&instance.same_as),
            project: inventory.literal(instance, Parameter::Project).and_then(fold_uuid),
            data_space: inventory.data_space(instance),
            data_space_state: standing(Parameter::DataSpace),
            data_space_type: word(Parameter::DataSpaceType),
            active_slot: word(Parameter::ActiveSlot),
            production_api_key: named(Parameter::ApiKey(Slot::Production)),
            production_private_key: named(Parameter::PrivateKey(Slot::Production)),
            production_private_key_state: standing(Parameter::PrivateKey(Slot::Production)),
            sandbox_api_key: named(Parameter::ApiKey(Slot::Sandbox)),
            sandbox_private_key: named(Parameter::PrivateKey(Slot::Sandbox)),
            sandbox_private_key_state: standing(Parameter::PrivateKey(Slot::Sandbox)),
            files: instance.feeds.len() as u64,
            fingerprint: digest(inventory, instance, facts.key),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Setting<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub instance: Option<String>,
    pub config_path: String,
    pub scope: String,
    pub path: String,
    pub line: u64,
    pub layer: &'static str,
    pub carrier: &'static str,
    pub state: &'static str,
    pub standing: &'static str,
    pub in_force: bool,
    pub winner_layer: Option<&'static str>,
    pub winner_path: Option<String>,
    pub winner_line: Option<u64>,
    pub value: Option<String>,
    pub fingerprint: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Secret<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub path: String,
    pub line: u64,
    pub kind: &'static str,
    pub form: String,
    pub damage: Option<String>,
    pub encoding: Option<String>,
    pub encrypted: bool,
    pub buried: bool,
    pub instances: u64,
    pub fingerprint: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub rule: &'a str,
    pub severity: &'static str,
    pub path: String,
    pub line: u64,
    pub message: String,
    pub instance: Option<String>,
    pub instances: u64,
    pub accepted: bool,
    pub reason: Option<String>,
    pub fingerprint: String,
}

#[derive(Serialize)]
pub(super) struct Storefront<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub path: String,
    pub line: u64,
    pub kind: &'static str,
    pub data_space: Option<String>,
    pub fingerprint: Option<String>,
    pub instance: Option<String>,
}
