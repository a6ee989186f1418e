//! Every document keeps its schema, whatever stands in the tree.

use boon::{Compiler, Schemas};
use commerce_lint::fix::{Fix, Replacement, Safety};
use commerce_lint::model::fingerprint::Fingerprint;
use commerce_lint::report::Reporter;
use commerce_lint::report::gitlab::GitLab;
use commerce_lint::report::gitlab_secrets::GitLabSecrets;
use commerce_lint::report::instance_json::InstanceJson;
use commerce_lint::report::json::{Json, SCHEMA};
use commerce_lint::report::json_rules;
use commerce_lint::report::junit::JUnit;
use commerce_lint::report::rdjson::RdJson;
use commerce_lint::report::sarif::Sarif;
use commerce_lint::rule::{Accepted, Finding, Trend};
use commerce_lint::rules;
use commerce_lint::source::{Location, SourceId};
use commerce_lint::sources::Entry;
use commerce_lint::syntax::Problem;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use super::formats::hostile;
use super::run::Run;

/// Holds a report against a schema of `tests/schemas`.
pub fn valid(run: &Run, reporter: &dyn Reporter, schema: &str) -> Value {
    let document: Value = serde_json::from_str(&run.print(reporter)).unwrap();
    assert_valid(&document, schema);
    document
}

fn assert_valid(document: &Value, schema: &str) {
    let flaws = flaws(document, schema);
    assert!(flaws.is_empty(), "{schema}: {flaws}\n{document:#}");
}

fn flaws(document: &Value, schema: &str) -> String {
    let path = format!("{}/tests/schemas/{schema}.json", env!("CARGO_MANIFEST_DIR"));
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    let mut schemas = Schemas::new();
    let index = compiler.compile(&path, &mut schemas).unwrap();
    schemas.validate(document, index).map_or_else(|error| format!("{error:#}"), |()| String::new())
}

/// A run with everything that a report can have: hostile names, other revisions, accepted findings, files that were not read.
pub fn everything() -> Run {
    let mut run = hostile();
    let at = run.diagnostics[0].finding.primary.at;
    let gone = SourceId(u32::try_from(run.entries.len()).unwrap());
    run.entries.push(Entry { revision: Some("1f0c2ab".into()), ..run.entries[0].clone() });
    let gone = Location::new(gone, 0, 0);
    run.error(
        "plaintext-private-key",
        Finding::new(gone, "gone now").see(at, "here").see(gone, ""),
    );
    run.error("shared-data-space", Finding::new(at, "also there").see(gone, "there"));
    for (at, reason) in [(Some(at), "beside it"), (None, ""), (Some(gone), "\u{1b}]8;;x <b>|`")] {
        let diagnostic = run.diagnostics[0].clone();
        run.accepted.push(Accepted { diagnostic, reason: reason.into(), at, is_intended: false });
    }
    run.inventory.problems.push(Problem { at, message: "broken `]]>`".into() });
    for found in &run.diagnostics {
        for safety in [Safety::Safe, Safety::Unsafe] {
            let title = found.finding.message.clone();
            let edit = |new: &str| Replacement { at: found.finding.primary.at, new: new.into() };
            run.fixes.add(found, Fix { title, safety, edits: vec![edit("a\nb"), edit("")] });
        }
    }
    run
}

/// What mends a finding is a suggestion where it is safe and one replacement; SARIF and JSON say which is safe.
#[test]
fn fixes_travel_and_only_safe_ones_are_suggested() {
    let mut run = Run::default();
    let id = run.file("a.yaml", "é: ' x'\nb: y\n");
    let at = run.at(id, " x");
    run.error("stray-whitespace", Finding::new(at, "wrong"));
    let fix = |title: &str, safety, news: &[&str]| Fix {
        title: title.into(),
        safety,
        edits: news.iter().map(|new| Replacement { at, new: (*new).into() }).collect(),
    };
    for fix in [
        fix("One", Safety::Safe, &["x"]),
        fix("Two", Safety::Safe, &["", "x"]),
        fix("Three", Safety::Unsafe, &["x"]),
    ] {
        run.fixes.add(&run.diagnostics[0].clone(), fix);
    }
    let suggested = valid(&run, &RdJson, "rdjson")["diagnostics"][0]["suggestions"].clone();
    let range = serde_json::json!({ "start": { "line": 1, "column": 6 }, "end": { "line": 1, "column": 8 } });
    assert_eq!(suggested, serde_json::json!([{ "range": range, "text": "x" }]));
    let sarif = valid(&run, &Sarif, "sarif-2.1.0")["runs"][0]["results"][0]["fixes"].clone();
    let told: Vec<String> = sarif
        .as_array()
        .unwrap()
        .iter()
        .map(|fix| format!("{} {}", fix["properties"]["safety"], fix["description"]["text"]))
        .collect();
    let unsafe_one = r#""unsafe" "Three (unsafe: look at what it changes)""#;
    assert_eq!(told, [r#""safe" "One""#, r#""safe" "Two""#, unsafe_one]);
    let region = &sarif[0]["artifactChanges"][0]["replacements"][0]["deletedRegion"];
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&5.into(), &7.into()));
    let json: Value = serde_json::from_str(&run.print(&Json)).unwrap();
    let edits = &json["diagnostics"][0]["fixes"][1]["edits"];
    assert_eq!((&edits[0]["text"], &edits[1]["text"]), (&"".into(), &"x".into()));
    assert_eq!(edits[0]["location"]["start"]["byte"], 5);
}

fn runs() -> [Run; 4] {
    let mut unread = Run::default();
    let id = unread.unread("a%20 b\n.yaml");
    let at = Location::new(id, 0, 0);
    unread.inventory.problems.push(Problem { at, message: "is larger than 64 MiB".into() });
    unread.error("no-such-rule", Finding::new(at, "x"));
    [Run::default(), hostile(), everything(), unread]
}

#[test]
fn documents_keep_their_schemas() {
    for run in runs() {
        valid(&run, &Sarif, "sarif-2.1.0");
        valid(&run, &GitLab, "gitlab-code-quality");
        valid(&run, &GitLabSecrets { commit: None, started: None }, "gitlab-secret-detection");
        valid(&run, &RdJson, "rdjson");
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let run = everything();
    let secrets = GitLabSecrets { commit: None, started: None };
    let cases: [(&dyn Reporter, &str, &str); 6] = [
        (&Sarif, "sarif-2.1.0", "/runs/0/tool/driver/name"),
        (&Sarif, "sarif-2.1.0", "/runs/0/results/0/message"),
        (&Sarif, "sarif-2.1.0", "/runs/0/results/0/locations/0/physicalLocation/region/startLine"),
        (&GitLab, "gitlab-code-quality", "/0/fingerprint"),
        (&secrets, "gitlab-secret-detection", "/vulnerabilities/0/location/commit/sha"),
        (&RdJson, "rdjson", "/diagnostics/0/location/path"),
    ];
    for (reporter, schema, pointer) in cases {
        let mut document = valid(&run, reporter, schema);
        *document.pointer_mut(pointer).expect(pointer) = Value::Null;
        assert!(!flaws(&document, schema).is_empty(), "{schema} {pointer}");
    }
}

#[test]
fn fingerprints_stay_while_lines_move() {
    let fingerprints = |before: &str, value: &str| {
        let mut run = Run::default();
        let id = run.file("a.yaml", &format!("{before}key: {value}\nkey: {value}\nother: x\n"));
        for at in [run.at(id, &format!("key: {value}")), run.at(id, "other")] {
            run.error("rule", Finding::new(at, "wrong"));
            run.error("rule", Finding::new(at, "wrong again"));
        }
        // Its line is the last and has nothing to do with the value.
        run.error("rule", Finding::new(run.at(id, "other"), "wrong"));
        let issues = valid(&run, &GitLab, "gitlab-code-quality");
        let issues = issues.as_array().unwrap().iter();
        issues.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let [one, other] = [fingerprints("", "a"), fingerprints("# more\n\n", "a")];
    assert_eq!(one, other);
    let mut apart = one.clone();
    apart.sort();
    apart.dedup();
    assert_eq!(apart.len(), 5, "{one:?}");
    let changed = fingerprints("", "b");
    assert!(one[0] != changed[0] && one[4] == changed[4], "{one:?} {changed:?}");
}

#[test]
fn findings_on_one_long_line_are_told_apart() {
    let mut run = Run::default();
    let items: Vec<String> = (0..2_000).map(|number| format!("\"é{number:05}\"")).collect();
    let id = run.file("min.json", &items.join(","));
    for number in (0..2_000).step_by(100) {
        let at = run.at(id, &format!("é{number:05}"));
        run.error("rule", Finding::new(at, "wrong"));
    }
    let issues = valid(&run, &GitLab, "gitlab-code-quality");
    let issues = issues.as_array().unwrap().iter();
    let all: std::collections::BTreeSet<_> =
        issues.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect();
    assert_eq!(all.len(), 20);
}

#[test]
fn a_fingerprint_knows_nothing_of_a_secret() {
    let documents = |key: &str| {
        let mut run = Run::default();
        let id = run.file(".env", &format!("A=1\nKEY={key}\nB=2\n"));
        let at = run.at(id, key);
        let secret =
            commerce_lint::model::setting::Value::Secret(Fingerprint::of("text", b"same"), None);
        let parameter = commerce_lint::model::parameter::Parameter::MerchantGatewayKey;
        run.instance(
            "shop",
            commerce_lint::model::instance::Kind::Unknown,
            &[(parameter, secret, at)],
        );
        run.error("plaintext-client-secret", Finding::new(at, "in plaintext"));
        run.error("rule", Finding::new(run.at(id, "A=1"), "before it"));
        run.everything()
    };
    let [one, other] = ["c2VjcmV0LXRleHQ-of-a-gAteWay", "dGV4dC1vZi1zZWNyZXQ-another1"];
    assert_eq!(one.len(), other.len());
    assert!(documents(one) == documents(other), "only the length of a secret counts");
}

#[test]
fn code_quality_points_at_lines() {
    let mut run = Run::default();
    let id = run.file("a b.yaml", "x: y\né: v\nlast: z\n");
    let at = run.at(id, "é: v\nlast");
    run.error("shared-data-space", Finding::new(at, "wrong").help("mend it"));
    let document = valid(&run, &GitLab, "gitlab-code-quality");
    assert_eq!(document[0]["check_name"], "shared-data-space");
    assert_eq!(document[0]["severity"], "critical");
    assert_eq!(document[0]["description"], "wrong\nhelp: mend it");
    assert_eq!(
        document[0]["location"],
        serde_json::json!({"path": "a b.yaml", "lines": {"begin": 2, "end": 3}})
    );
}

#[test]
fn secrets_are_reported_alone_and_with_their_commit() {
    let run = everything();
    let reporter = GitLabSecrets { commit: Some("c0ffee"), started: Some("2026-11-22T15:30:32Z") };
    let document = valid(&run, &reporter, "gitlab-secret-detection");
    let found = document["vulnerabilities"].as_array().unwrap();
    let rules: Vec<&str> =
        found.iter().map(|of| of["identifiers"][0]["value"].as_str().unwrap()).collect();
    let expected = run.diagnostics.iter().filter(|of| of.rule == "plaintext-private-key").count();
    assert_eq!(rules, vec!["plaintext-private-key"; expected]);
    assert_eq!(found[0]["location"]["commit"]["sha"], "c0ffee");
    assert_eq!(found[0]["name"], "A private key stands in a file for everyone to read.");
    let last = &found[expected - 1]["location"];
    assert_eq!(last["commit"]["sha"], "1f0c2ab", "where it was found");
    assert_eq!(document["scan"]["start_time"], "2026-11-22T15:30:32");
    assert_eq!(document["scan"]["messages"][0]["level"], "warn");
    for strange in ["", "yesterday", "2026-11-22T15:30:32+02:00", "2026-11-22T15:30:3é"] {
        let reporter = GitLabSecrets { commit: Some(""), started: Some(strange) };
        let document = valid(&run, &reporter, "gitlab-secret-detection");
        assert_eq!(document["scan"]["end_time"], "1970-01-01T00:00:00", "{strange}");
    }
}

#[test]
fn reviewdog_counts_bytes() {
    let mut run = Run::default();
    let id = run.file("a.yaml", "x: y\né😀: v\n");
    run.error("shared-data-space", Finding::new(run.at(id, "v"), "wrong"));
    let document = valid(&run, &RdJson, "rdjson");
    let found = &document["diagnostics"][0];
    assert_eq!(
        found["location"]["range"],
        serde_json::json!({"start": {"line": 2, "column": 9}, "end": {"line": 2, "column": 10}})
    );
    assert_eq!(
        (&found["severity"], &found["code"]["value"]),
        (&"ERROR".into(), &"shared-data-space".into())
    );
    assert!(found["code"]["url"].as_str().unwrap().starts_with("https://"));
}

/// The elements of a document with their attributes; fails where it is not well-formed.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut elements = Vec::new();
    let mut depth = 0;
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap().into();
                    (attribute.key.as_ref().to_owned(), value)
                });
                elements.push((tag.name().as_ref().to_owned(), attributes.collect()));
                depth += i32::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            Event::Text(_) | Event::Decl(_) | Event::GeneralRef(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(depth, 0);
    elements
}

#[test]
fn junit_is_well_formed_and_counts_its_cases() {
    for run in runs() {
        let elements = elements(&run.print(&JUnit));
        let count = |name: &str| elements.iter().filter(|(other, _)| other == name).count();
        let (root, attributes) = &elements[0];
        let told = |name: &str| {
            let value = attributes.iter().find(|(other, _)| other == name);
            value.and_then(|(_, value)| value.parse::<usize>().ok()).expect("a number")
        };
        assert_eq!(root, "testsuites");
        assert_eq!(told("tests"), count("testcase"));
        assert_eq!(told("failures"), count("failure"));
        assert_eq!(told("errors"), count("error"));
        assert!(!attributes.iter().any(|(name, _)| name == "skipped"), "suites have it alone");
        assert_eq!(count("failure"), run.diagnostics.len());
        assert_eq!(count("skipped"), run.accepted.len());
        assert_eq!(count("error"), run.inventory.problems.len());
        assert!(count("testcase") > 0, "no report is empty");
        for (name, attributes) in &elements {
            let has = |name: &str| attributes.iter().any(|(other, _)| other == name);
            match name.as_str() {
                "testsuite" => assert!(has("name") && has("tests") && has("failures")),
                "testcase" => assert!(has("name") && has("classname")),
                "failure" | "error" => assert!(has("message") && has("type")),
                _ => {}
            }
        }
    }
    let clean = Run::default().print(&JUnit);
    assert!(clean.contains("tests=\"1\" failures=\"0\" errors=\"0\""), "{clean}");
}

/// A schema with nothing in an object but what it names: what is published lets readers pass over what comes later.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(closed);
            if members.contains_key("properties") {
                members.insert("additionalProperties".into(), false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

/// Everything that a document for programs can have is in the schema that `schema --report` prints, and has a word on it there.
#[test]
fn documents_for_programs_are_what_their_schema_says() {
    let published: Value = serde_json::from_str(SCHEMA).unwrap();
    let address = [env!("CARGO_PKG_HOMEPAGE"), "/report-1.schema.json"].concat();
    assert_eq!(published["$id"], address.as_str());
    let mut strict = published;
    closed(&mut strict);
    let flaws = |document: &str| {
        let document: Value = serde_json::from_str(document).unwrap();
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource("report.json", strict.clone()).unwrap();
        let mut schemas = Schemas::new();
        let index = compiler.compile("report.json", &mut schemas).unwrap();
        let checked = schemas.validate(&document, index);
        checked.map_or_else(|error| format!("{error:#}"), |()| String::new())
    };
    let mut run = everything();
    for trend in [Trend::New, Trend::Grown, Trend::Standing, Trend::Shrunk, Trend::Gone] {
        let mut diagnostic = run.diagnostics[0].clone();
        diagnostic.trend = Some(trend);
        run.diagnostics.push(diagnostic);
    }
    let explained = InstanceJson { explain: true, names: Vec::new() };
    let printed = [
        run.print(&Json),
        run.print(&InstanceJson::default()),
        run.print(&explained),
        json_rules::document(&rules::all()).unwrap(),
        Run::default().print(&Json),
    ];
    for document in printed {
        assert_eq!(flaws(&document), "", "{document}");
    }
    assert_ne!(flaws(&run.print(&Json).replace("\"message\"", "\"massage\"")), "");
    assert_ne!(
        flaws(&run.print(&Json).replace("\"schema_version\": 1", "\"schema_version\": 2")),
        ""
    );
}
