//! The JSON Schema of the configuration file, for editors.
//!
//! Knows the same keys as the reader: `tests/it/schema.rs` asks the reader for every one. What a schema cannot say, such as that two instances
//! are other names of each other, the reader alone refuses.

use serde_json::{Value, json};

use super::preset::Preset;
use super::reader::policy::LOCKS;
use super::reader::waivers::MOST_DAYS;
use super::reader::written::MAX_NAME;
use super::{Level, baseline};
use crate::rule::{NEVER_WAIVED, Rule, Severity};

/// The name that `init` gives the schema beside a configuration, and that it has in the source.
pub const FILE_NAME: &str = "commerce-lint.schema.json";

/// What each level means, in the order of [`Level::ALL`]; one editor's word for what draft 7 has none for.
const LEVELS: [&str; 3] =
    ["The rule does not run.", "Its findings are warnings.", "Its findings are errors."];

/// The schema, draft 7, as a document with a line feed at its end.
#[must_use]
pub fn schema(rules: &[Rule]) -> String {
    let address = [env!("CARGO_PKG_HOMEPAGE"), "/", FILE_NAME].concat();
    let document = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": address,
        "title": "commerce-lint.toml",
        "description": "What a tree says about itself to commerce-lint.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "exclude": patterns("Files that are not read: patterns from the root of the tree."),
            "instances": {
                "description": "The Commerce installations of the tree, by name. What is declared wins over every guess.",
                "type": "object",
                "propertyNames": name("The instance's name in reports."),
                "additionalProperties": instance(),
            },
            "instances-from": instance_patterns(),
            "not-instances": not_instances(),
            "rules": levels(rules),
            "intended": intended(rules),
            "limits": limits(),
            "policy": policy(),
            "waivers": waivers(rules),
        },
    });
    format!("{document:#}\n")
}

fn instance() -> Value {
    json!({
        "description": "A Commerce installation.",
        "type": "object",
        "additionalProperties": false,
        "anyOf": [
            { "required": ["files"], "properties": { "files": { "minItems": 1 } } },
            { "required": ["branch"] },
            { "required": ["same-as"] },
        ],
        "properties": {
            "files": patterns("The files that it reads: patterns from the root of the tree. `*` stays within a folder, `**` crosses folders, and a folder takes everything beneath it."),
            "inherits": patterns("Files below its own: where both set something, its own win. They make no instance of their own."),
            "kind": kind(),
            "account": name("Who owns its key pairs: instances of one account have one pair for each slot."),
            "branch": name("The branch whose files it has, where the branches of the repository are the environments."),
            "same-as": text("The declared instance that this one is another name of: the two may share everything."),
        },
    })
}

fn kind() -> Value {
    json!({
        "description": "What it is for. Without it, a word such as `prod` or `uat` in its paths decides.",
        "enum": ["production", "non-production"],
    })
}

fn instance_patterns() -> Value {
    let template = |description: &str| json!({ "description": description, "type": "string", "pattern": "\\{[A-Za-z_][A-Za-z0-9_]*\\}" });
    json!({
        "description": "Patterns that declare as many instances as their paths name; of several that match a file, the first counts.",
        "type": "array",
        "items": {
            "description": "Declares an instance for each name that the paths give.",
            "type": "object",
            "additionalProperties": false,
            "required": ["files", "name"],
            "properties": {
                "files": {
                    "description": "A pattern from the root of the tree with names in it: `brands/{brand}/{env}/**`.",
                    "type": "string",
                    "pattern": "^[^/].*\\{[A-Za-z_][A-Za-z0-9_]*\\}|^\\{[A-Za-z_][A-Za-z0-9_]*\\}",
                    "not": { "pattern": "(^|/)\\.\\.(/|$)" },
                },
                "name": template("The instance's name, of the names in the pattern: `{brand}-{env}`."),
                "account": text("Who owns the key pairs: a name, or one of the names in the pattern."),
                "kind": kind(),
            },
        },
    })
}

fn not_instances() -> Value {
    json!({
        "description": "What makes no instance, whatever it looks like.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "files": patterns("Files whose settings count for no instance: patterns from the root of the tree. They are still searched for keys."),
        },
    })
}

fn levels(rules: &[Rule]) -> Value {
    let level = |rule: &Rule| {
        let own = rule.severity.map_or("off", Severity::word);
        let level = json!({
            "description": rule.summary,
            "enum": Level::ALL.map(Level::word),
            "x-taplo": { "docs": { "enumValues": LEVELS } },
            "default": own,
        });
        (rule.id.clone(), level)
    };
    json!({
        "description": "The level of each rule that has another than its own. `commerce-lint rules` lists them, `commerce-lint explain` says what they are about.",
        "type": "object",
        "additionalProperties": false,
        "properties": rules.iter().map(level).chain([("packs".to_owned(), packs())]).collect::<serde_json::Map<_, _>>(),
        "patternProperties": {
            "^[a-z0-9-]+/[a-z0-9-]+$": {
                "description": "The level of a rule of a pack.",
                "enum": Level::ALL.map(Level::word),
            },
        },
    })
}

fn packs() -> Value {
    json!({
        "description": "Folders of rules that a team wrote, beside the configuration.",
        "type": "array",
        "items": {
            "description": "A folder.",
            "type": "string",
            "pattern": "^\\s*[^/\\\\:\\s][^/\\\\:]*(/[^/\\\\:]+)*/*\\s*$",
            "not": { "pattern": "(^|/)\\s*\\.\\.?\\s*(/|$)" },
        },
    })
}

fn policy() -> Value {
    json!({
        "description": "What the configuration stands on, what holds below it, and what waivers may be.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "max-waiver-days": {
                "description": "How many days from today a waiver may last at most.",
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_DAYS,
            },
            "extends": {
                "description": "Policies that this configuration stands on: files from its folder. What it says itself wins, but for what they lock.",
                "type": "array",
                "items": {
                    "type": "string",
                    "pattern": "^[^/\\\\:]+(/[^/\\\\:]+)*$",
                    "not": { "pattern": "(^|/)\\.\\.?(/|$)" },
                },
            },
            "locked": {
                "description": "What configurations that extend this one can make stricter and never weaker.",
                "type": "array",
                "items": {
                    "anyOf": [
                        { "enum": LOCKS },
                        { "type": "string", "pattern": "^(rules|waivers)\\.[a-z0-9-]+(/[a-z0-9-]+)?$" },
                    ],
                },
            },
            "preset": {
                "description": "The levels that all rules begin with: their own, every rule with warnings that fail, or keys and secrets alone.",
                "enum": Preset::ALL.map(Preset::word),
                "default": "default",
            },
            "baseline": {
                "description": "The baseline's file, in the folder of the configuration.",
                "type": "string",
                "default": baseline::FILE_NAME,
                "pattern": "^[^/\\\\:]+(/[^/\\\\:]+)*$",
                "not": { "pattern": "(^|/)\\.\\.?(/|$)" },
            },
        },
    })
}

fn waivers(rules: &[Rule]) -> Value {
    let waived = rules.iter().filter(|rule| !NEVER_WAIVED.contains(&rule.id.as_str()));
    let (ids, summaries): (Vec<&str>, Vec<&str>) =
        waived.map(|rule| (rule.id.as_str(), rule.summary.as_str())).unzip();
    json!({
        "description": "Findings that are accepted for a time, each with its reason.",
        "type": "array",
        "items": {
            "description": "Accepts the findings of one rule in some files, in some instances, or in both.",
            "type": "object",
            "additionalProperties": false,
            "required": ["rule", "reason", "expires"],
            "anyOf": [{ "required": ["path"] }, { "required": ["instances"] }],
            "properties": {
                "rule": {
                    "description": "The rule's id, as `commerce-lint rules` lists it.",
                    "enum": ids,
                    "x-taplo": { "docs": { "enumValues": summaries } },
                },
                "path": pattern("The files: a pattern from the root of the tree. `**` is every file."),
                "instances": {
                    "description": "The names of the instances.",
                    "type": "array",
                    "minItems": 1,
                    "items": text("An instance's name."),
                },
                "value": {
                    "description": "The fingerprint of the one value that is accepted, as JSON output has it; never the value itself.",
                    "type": "string",
                    "pattern": "^[0-9A-Fa-f]{12}$",
                },
                "reason": text("Why this is acceptable, for whoever reads it later."),
                "expires": {
                    "description": "Its last day: a date without quotes, such as 2027-06-30.",
                    "type": "string",
                    "format": "date",
                },
            },
        },
    })
}

fn intended(rules: &[Rule]) -> Value {
    let changes = rules
        .iter()
        .filter(|rule| rule.tells_change() && !NEVER_WAIVED.contains(&rule.id.as_str()));
    let ids: Vec<&str> = changes.map(|rule| rule.id.as_str()).collect();
    json!({
        "description": "Changes that are announced, and accepted in the change that makes them.",
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["rule", "instance", "value", "reason", "expires"],
            "properties": {
                "rule": { "description": "The rule that tells the change.", "enum": ids },
                "instance": text("The name of the installation that changes."),
                "value": text("What it changes to: a public id as it is, or the 12 digits of a fingerprint."),
                "reason": text("Why it changes, for whoever reads it later."),
                "expires": {
                    "description": "The last day of the change: a date without quotes, such as 2027-06-30.",
                    "type": "string",
                    "format": "date",
                },
            },
        },
    })
}

fn limits() -> Value {
    json!({
        "description": "What is too much to read.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "file-bytes": {
                "description": "The largest file that is read; larger ones that may hold settings are reported.",
                "default": "64 MiB",
                "oneOf": [
                    { "type": "integer", "minimum": 1, "maximum": u32::MAX - 1 },
                    {
                        "type": "string",
                        "pattern": "^\\s*[0-9][0-9_]*\\s*([Bb]([Yy][Tt][Ee][Ss])?|[KkMmGg][Ii]?[Bb])?\\s*$",
                    },
                ],
            },
        },
    })
}

fn patterns(description: &str) -> Value {
    json!({ "description": description, "type": "array", "items": pattern("A path or pattern.") })
}

fn pattern(description: &str) -> Value {
    json!({
        "description": description,
        "type": "string",
        "pattern": "^[^/]*[^\\s/]",
        "not": { "pattern": "(^|/)\\.\\.(/|$)" },
    })
}

fn name(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "\\S", "maxLength": MAX_NAME })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "\\S" })
}
