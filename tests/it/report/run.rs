//! A run under construction, and what every reporter makes of it.

use std::collections::BTreeMap;

use commerce_lint::fix::Fixes;
use commerce_lint::model::in_force::InForce;
use commerce_lint::model::instance::{Evidence, Feed, Instance, Kind, Read, Resolved};
use commerce_lint::model::inventory::Inventory;
use commerce_lint::model::parameter::Parameter;
use commerce_lint::model::setting::{Carrier, Scope, Setting, SettingId, Value};
use commerce_lint::policy::Policy;
use commerce_lint::report::dot::Dot;
use commerce_lint::report::github::GitHub;
use commerce_lint::report::gitlab::GitLab;
use commerce_lint::report::gitlab_secrets::GitLabSecrets;
use commerce_lint::report::html::Html;
use commerce_lint::report::instance_json::InstanceJson;
use commerce_lint::report::instances::InstanceTable;
use commerce_lint::report::json::Json;
use commerce_lint::report::junit::JUnit;
use commerce_lint::report::line::Line;
use commerce_lint::report::markdown::Markdown;
use commerce_lint::report::mermaid::Mermaid;
use commerce_lint::report::pretty::Pretty;
use commerce_lint::report::rdjson::RdJson;
use commerce_lint::report::sarif::Sarif;
use commerce_lint::report::{Report, Reporter, Summary};
use commerce_lint::rule::{Accepted, Diagnostic, Finding, Severity};
use commerce_lint::rules;
use commerce_lint::source::{Location, Source, SourceId};
use commerce_lint::sources::{Entry, Sources};

/// How many outputs [`Run::everything`] gives.
pub const REPORTERS: usize = 19;

/// A run under construction: files in order, diagnostics, an inventory.
#[derive(Default)]
pub struct Run {
    pub entries: Vec<Entry>,
    pub loaded: BTreeMap<SourceId, Source>,
    pub inventory: Inventory,
    pub diagnostics: Vec<Diagnostic>,
    pub accepted: Vec<Accepted>,
    pub policy: Policy,
    pub fixes: Fixes,
    pub notes: Vec<String>,
}

impl Run {
    pub fn unread(&mut self, path: &str) -> SourceId {
        self.entries.push(Entry { path: path.to_owned(), ..Entry::default() });
        SourceId(u32::try_from(self.entries.len() - 1).unwrap())
    }

    pub fn file(&mut self, path: &str, text: &str) -> SourceId {
        let id = self.unread(path);
        self.loaded.insert(id, Source::new(path.to_owned(), text.as_bytes().to_vec()));
        id
    }

    /// The first place of a text in a file.
    pub fn at(&self, id: SourceId, text: &str) -> Location {
        let start = self.loaded[&id].text().find(text).unwrap();
        Location::new(id, start, start + text.len())
    }

    pub fn error(&mut self, rule: &str, finding: Finding) {
        self.diagnostics.push(Diagnostic {
            rule: rule.into(),
            severity: Severity::Error,
            finding,
            trend: None,
        });
    }

    pub fn instance(&mut self, name: &str, kind: Kind, settings: &[(Parameter, Value, Location)]) {
        let mut resolved = BTreeMap::new();
        let mut feeds: Vec<Feed> = Vec::new();
        for (parameter, value, at) in settings {
            let winner = SettingId(u32::try_from(self.inventory.settings.len()).unwrap());
            self.inventory.settings.push(Setting {
                parameter: *parameter,
                scope: Scope::Default,
                carrier: Carrier::EnvPhp,
                value: value.clone(),
                at: *at,
                key_at: *at,
            });
            resolved.insert(
                *parameter,
                Resolved { winner, rivals: Vec::new(), overridden: Vec::new() },
            );
            if !feeds.iter().any(|feed| feed.source == at.source) {
                let why = format!("`{name}` is in its path");
                feeds.push(Feed { source: at.source, inherited: !feeds.is_empty(), why });
            }
        }
        self.inventory.instances.push(Instance {
            name: name.into(),
            kind: Read {
                value: kind,
                evidence: Evidence::Path,
                said_by: format!("`{name}` in a path"),
            },
            account: Read {
                value: "acme".into(),
                evidence: Evidence::Path,
                said_by: String::new(),
            },
            same_as: name.into(),
            feeds,
            attributions: Vec::new(),
            settings: resolved.into_iter().collect(),
            scoped: InForce::default(),
            opaque: Vec::new(),
        });
    }

    pub fn print(&self, reporter: &dyn Reporter) -> String {
        let loaded = self.loaded.iter();
        let loaded = loaded.map(|(id, source)| {
            (*id, Source::new(source.path().into(), source.text().into()).into())
        });
        let sources = Sources::new(self.entries.clone(), loaded.collect());
        let summary = Summary {
            files_read: self.entries.len(),
            files_parsed: self.loaded.len(),
            errors: self.diagnostics.len(),
            warnings: 0,
            searched: None,
            complete: self.inventory.problems.is_empty(),
            is_as_before: false,
        };
        let (diagnostics, inventory) = (&self.diagnostics, &self.inventory);
        let mut out = Vec::new();
        reporter
            .report(
                &Report {
                    diagnostics,
                    beyond: &[],
                    held_back: &[],
                    gone: &[],
                    accepted: &self.accepted,
                    rules: &rules::all(),
                    inventory,
                    sources: &sources,
                    policy: &self.policy,
                    fixes: &self.fixes,
                    notes: &self.notes,
                    summary,
                },
                &mut out,
            )
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    pub fn pretty(&self) -> String {
        self.print(&Pretty { color: false, width: 100 })
    }

    /// What every reporter prints.
    pub fn everything(&self) -> Vec<String> {
        let reporters: [&dyn Reporter; REPORTERS] = [
            &Pretty { color: false, width: 100 },
            &Pretty { color: false, width: 1 },
            &Pretty { color: false, width: usize::MAX },
            &Line,
            &Json,
            &Sarif,
            &GitHub,
            &GitLab,
            &GitLabSecrets { commit: None, started: None },
            &JUnit,
            &RdJson,
            &Markdown,
            &Html::default(),
            &Mermaid,
            &Dot,
            &InstanceTable { color: false, explain: false, names: Vec::new() },
            &InstanceTable { color: false, explain: true, names: Vec::new() },
            &InstanceJson { explain: false, names: Vec::new() },
            &InstanceJson { explain: true, names: Vec::new() },
        ];
        reporters.iter().map(|reporter| self.print(*reporter)).collect()
    }
}
