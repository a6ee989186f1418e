//! The reporters' bytes, for runs built by hand.

use std::collections::BTreeMap;

use commerce_lint::model::fingerprint::Fingerprint;
use commerce_lint::model::instance::{Evidence, Feed, Instance, Kind, Read, Resolved};
use commerce_lint::model::inventory::{Inventory, SettingId};
use commerce_lint::model::parameter::{Parameter, Slot};
use commerce_lint::model::setting::{Carrier, Scope, Setting, Value};
use commerce_lint::report::instance_json::InstanceJson;
use commerce_lint::report::instances::InstanceTable;
use commerce_lint::report::json::Json;
use commerce_lint::report::line::Line;
use commerce_lint::report::pretty::Pretty;
use commerce_lint::report::{Report, Reporter, Summary};
use commerce_lint::rule::{Diagnostic, Finding, Severity};
use commerce_lint::source::{Location, Source, SourceId, Sources};
use commerce_lint::syntax::Problem;

const SPACE: &str = "0f3c2a1e-8b7d-4c6f-9e5a-1b2c3d4e5f60";

/// A run under construction: files in order, diagnostics, an inventory.
#[derive(Default)]
struct Run {
    paths: Vec<String>,
    loaded: BTreeMap<SourceId, Source>,
    inventory: Inventory,
    diagnostics: Vec<Diagnostic>,
}

impl Run {
    fn unread(&mut self, path: &str) -> SourceId {
        self.paths.push(path.to_owned());
        SourceId(u32::try_from(self.paths.len() - 1).unwrap())
    }

    fn file(&mut self, path: &str, text: &str) -> SourceId {
        let id = self.unread(path);
        self.loaded.insert(id, Source::new(path.to_owned(), text.as_bytes().to_vec()));
        id
    }

    /// The first place of a text in a file.
    fn at(&self, id: SourceId, text: &str) -> Location {
        let start = self.loaded[&id].text().find(text).unwrap();
        Location::new(id, start, start + text.len())
    }

    fn error(&mut self, rule: &str, finding: Finding) {
        self.diagnostics.push(Diagnostic { rule: rule.into(), severity: Severity::Error, finding });
    }

    fn instance(&mut self, name: &str, kind: Kind, settings: &[(Parameter, Value, Location)]) {
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
            resolved.insert(*parameter, Resolved { winner, overridden: Vec::new() });
            if !feeds.iter().any(|feed| feed.source == at.source) {
                let why = format!("`{name}` is in its path");
                feeds.push(Feed { source: at.source, inherited: !feeds.is_empty(), why });
            }
        }
        self.inventory.instances.push(Instance {
            name: name.into(),
            kind: Read { value: kind, evidence: Evidence::Path, said_by: format!("`{name}` in a path") },
            account: Read { value: "acme".into(), evidence: Evidence::Path, said_by: String::new() },
            same_as: name.into(),
            feeds,
            settings: resolved,
            opaque: Vec::new(),
        });
    }

    fn print(&self, reporter: &dyn Reporter) -> String {
        let loaded = self.loaded.iter();
        let loaded = loaded.map(|(id, source)| (*id, Source::new(source.path().into(), source.text().into())));
        let sources = Sources::new(self.paths.clone(), loaded.collect());
        let summary = Summary {
            files_read: self.paths.len(),
            files_parsed: self.loaded.len(),
            errors: self.diagnostics.len(),
            warnings: 0,
            complete: self.inventory.problems.is_empty(),
        };
        let (diagnostics, inventory) = (&self.diagnostics, &self.inventory);
        let mut out = Vec::new();
        reporter.report(&Report { diagnostics, inventory, sources: &sources, summary }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn pretty(&self) -> String {
        self.print(&Pretty { color: false, width: 100 })
    }

    /// What every reporter prints.
    fn everything(&self) -> Vec<String> {
        let reporters: [&dyn Reporter; 9] = [
            &Pretty { color: false, width: 100 },
            &Pretty { color: false, width: 1 },
            &Pretty { color: false, width: usize::MAX },
            &Line,
            &Json,
            &InstanceTable { color: false, explain: false },
            &InstanceTable { color: false, explain: true },
            &InstanceJson { explain: false },
            &InstanceJson { explain: true },
        ];
        reporters.iter().map(|reporter| self.print(*reporter)).collect()
    }
}

fn shared_data_space() -> Run {
    let mut run = Run::default();
    let values = format!("env:\n  magento:\n    region: eu\n    services_connector/services_id/environment_id: {SPACE}\n    services_connector/services_id/environment: Production\n");
    let prod = run.file("charts/shop/values-prod.yaml", &values);
    let dotenv = format!("# staging\nAPP=shop\nCONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID='{SPACE}'\n");
    let staging = run.file("deploy/.env.staging", &dotenv);
    let (here, there) = (run.at(prod, SPACE), run.at(staging, SPACE));
    let kind = run.at(prod, "Production");
    let literal = |text: &str| Value::Literal(text.into());
    run.instance("shop-prod", Kind::Production, &[
        (Parameter::DataSpace, literal(SPACE), here),
        (Parameter::DataSpaceType, literal("Production"), kind),
        (Parameter::ApiKey(Slot::Production), literal("5f3c"), kind),
        (Parameter::PrivateKey(Slot::Production), Value::Reference, kind),
    ]);
    run.instance("shop-staging", Kind::NonProduction, &[
        (Parameter::DataSpace, literal(&SPACE.to_uppercase()), there),
        (Parameter::PrivateKey(Slot::Sandbox), Value::Ciphertext, there),
        (Parameter::Project, Value::Blank, here),
    ]);
    run.error("shared-data-space", Finding::new(there, format!("data space `{SPACE}` of production instance `shop-prod` is also used by non-production instance `shop-staging`"))
        .label("used by `shop-staging`")
        .see(here, "used by `shop-prod`")
        .see(kind, "a production data space")
        .help("give `shop-staging` a data space of its own, in the Commerce Services Connector of its Admin, and put its id here: what it indexes replaces the live catalogue otherwise")
        .of(["shop-prod".into(), "shop-staging".into()]));
    run
}

#[test]
fn look() {
    let run = shared_data_space();
    for text in run.everything() { println!("{text}\n---------"); }
    println!("{}", run.print(&Pretty { color: true, width: 100 }));
    println!("{}", run.print(&InstanceTable { color: true, explain: true }));
}
