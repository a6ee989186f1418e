//! SARIF says what GitHub asks for.

use commerce_lint::report::sarif::Sarif;
use commerce_lint::rule::{Accepted, Finding, Severity};
use commerce_lint::rules;
use commerce_lint::source::{Location, SourceId};
use commerce_lint::sources::Entry;
use serde_json::{Value, json};

use super::run::Run;
use super::schemas::{everything, valid};

fn sarif(run: &Run) -> Value {
    valid(run, &Sarif, "sarif-2.1.0")["runs"][0].take()
}

#[test]
fn rules_have_what_github_shows_of_them() {
    let document = sarif(&Run::default());
    let driver = &document["tool"]["driver"];
    assert_eq!(
        (&driver["name"], &driver["version"]),
        (&"commerce-lint".into(), &env!("CARGO_PKG_VERSION").into())
    );
    assert_eq!(driver["informationUri"], env!("CARGO_PKG_HOMEPAGE"));
    let described = driver["rules"].as_array().unwrap();
    assert_eq!(described.len(), rules::all().len());
    for rule in described {
        let text =
            |pointer: &str| rule.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        for pointer in ["/name", "/shortDescription/text", "/fullDescription/text", "/help/text"] {
            assert!(!text(pointer).is_empty(), "{pointer} of {rule}");
        }
        assert!(text("/help/markdown").contains("## Use instead"), "{rule}");
        let page = [env!("CARGO_PKG_HOMEPAGE"), "/rules/", &text("/id"), ".html"].concat();
        assert_eq!(text("/helpUri"), page);
        let is_of_the_tool =
            rule["properties"]["tags"].as_array().unwrap().contains(&"tool".into());
        let number = rule["properties"].get("security-severity");
        assert_eq!(number.is_none(), is_of_the_tool, "{rule}");
        assert!(number.is_none_or(|number| number.as_str().unwrap().parse::<f32>().is_ok()));
    }
    let rule = |id: &str| described.iter().find(|rule| rule["id"] == id).unwrap();
    let key = rule("plaintext-private-key");
    assert_eq!(key["name"], "PlaintextPrivateKey");
    assert_eq!(key["defaultConfiguration"], json!({"enabled": true, "level": "error"}));
    assert_eq!(key["properties"]["security-severity"], "9.5");
    assert_eq!(rule("shared-data-space")["properties"]["security-severity"], "8.5");
    assert!(
        !key["help"]["text"].as_str().unwrap().contains("MC4CAQAw"),
        "an example is masked, too"
    );
}

#[test]
fn a_result_has_its_place_its_message_and_its_fingerprints() {
    let mut run = Run::default();
    let id = run.file("a b/é#%.yaml", "first: x\r\n  😀: [v,\r\n w]\r\n");
    let (there, at) = (run.at(id, "first"), run.at(id, "[v,\r\n w]"));
    run.error(
        "shared-data-space",
        Finding::new(at, "`v` is [wrong](1)").help("mend it").see(there, "the [first]"),
    );
    let document = sarif(&run);
    assert_eq!(document["columnKind"], "unicodeCodePoints");
    assert_eq!(document["automationDetails"]["id"], "commerce-lint/");
    assert_eq!(
        document["invocations"],
        json!([{"executionSuccessful": true, "toolExecutionNotifications": []}])
    );
    let result = &document["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(document["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    assert_eq!(result["level"], "error");
    assert_eq!(
        result["message"]["text"],
        "`v` is [wrong] (1)\nhelp: mend it\nsee [the \\[first\\]](1)"
    );
    let place = |region: Value| {
        let artifact = json!({"uri": "a%20b/%C3%A9%23%25.yaml", "uriBaseId": "%SRCROOT%"});
        json!({"artifactLocation": artifact, "region": region})
    };
    assert_eq!(
        result["locations"][0]["physicalLocation"],
        place(json!({"startLine": 2, "startColumn": 6, "endLine": 3, "endColumn": 4}))
    );
    let related = &result["relatedLocations"][0];
    assert_eq!((&related["id"], &related["message"]["text"]), (&1.into(), &"the [first]".into()));
    assert_eq!(
        related["physicalLocation"],
        place(json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 6}))
    );
    let names = result["partialFingerprints"].as_object().unwrap();
    assert_eq!(names.keys().collect::<Vec<_>>(), ["commerceLint/v1"], "the line has more in it");
    assert!(result.get("suppressions").is_none(), "nothing is accepted");
}

/// Of the text that `github/codeql-action` tests its own hashes with.
#[test]
fn a_line_is_known_again_by_github() {
    let mut run = Run::default();
    let id = run.file("a.txt", " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n");
    for word in ["hello", "world!!!", "Greetings", "End"] {
        run.error("rule", Finding::new(run.at(id, word), "wrong"));
    }
    let document = sarif(&run);
    let results = document["results"].as_array().unwrap().iter();
    let hash = |result: &Value| result["partialFingerprints"]["primaryLocationLineHash"].clone();
    let expected =
        ["e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1"];
    assert_eq!(results.map(hash).collect::<Vec<_>>(), expected);
}

#[test]
fn another_revision_is_no_part_of_the_checkout() {
    let mut run = Run::default();
    let id = run.file("a.yaml", "x: y\n");
    let at = run.at(id, "y");
    run.entries.push(Entry { revision: Some("1f0c2ab".into()), ..run.entries[0].clone() });
    let gone = Location::new(SourceId(1), 0, 0);
    run.error("shared-data-space", Finding::new(at, "changed").see(gone, "before"));
    run.error("plaintext-private-key", Finding::new(gone, "was there"));
    let document = sarif(&run);
    let [changed, was] = [&document["results"][0], &document["results"][1]];
    let name = json!([{"fullyQualifiedName": "1f0c2ab:a.yaml:1:1", "kind": "resource"}]);
    assert_eq!(changed["message"]["text"], "changed\nsee [before](1) in 1f0c2ab:a.yaml:1:1");
    assert_eq!(changed["relatedLocations"][0]["logicalLocations"], name);
    assert!(changed["relatedLocations"][0].get("physicalLocation").is_none());
    assert_eq!(was["message"]["text"], "was there in 1f0c2ab:a.yaml:1:1");
    assert_eq!(was["locations"][0]["logicalLocations"], name);
    assert_eq!(
        was["locations"][0]["physicalLocation"],
        json!({
            "artifactLocation": {"uri": "a.yaml"},
            "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
        })
    );
    assert!(was["partialFingerprints"].get("primaryLocationLineHash").is_none());
}

#[test]
fn what_is_accepted_is_suppressed_and_what_was_not_read_is_told() {
    let mut run = Run::default();
    let (id, policy) =
        (run.file("a.yaml", "x: y # allow\n"), run.file("commerce-lint.toml", "[[waivers]]\n"));
    run.error("shared-data-space", Finding::new(run.at(id, "x"), "wrong"));
    let diagnostic = run.diagnostics[0].clone();
    for (at, reason) in
        [(Some(run.at(id, "# allow")), "one"), (Some(run.at(policy, "waivers")), "two"), (None, "")]
    {
        run.accepted.push(Accepted {
            diagnostic: diagnostic.clone(),
            reason: reason.into(),
            at,
            is_intended: false,
        });
    }
    let document = sarif(&run);
    let results = document["results"].as_array().unwrap();
    let kinds: Vec<&Value> = results.iter().map(|result| &result["suppressions"]).collect();
    assert_eq!(kinds[0], &json!([]), "either every result has it or none");
    let told = |at: usize| (&kinds[at][0]["kind"], &kinds[at][0]["justification"]);
    assert_eq!(told(1), (&"inSource".into(), &"one".into()));
    assert_eq!(told(2), (&"external".into(), &"two".into()));
    assert_eq!(told(3), (&"external".into(), &"".into()));
    assert_eq!(
        kinds[2][0]["location"]["physicalLocation"]["artifactLocation"]["uri"],
        "commerce-lint.toml"
    );

    let document = sarif(&everything());
    let invocation = &document["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notification = &invocation["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], "not read whole: broken `]]>`");
    assert_eq!(notification["level"], "error");
    assert!(notification["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64());
}

#[test]
fn a_log_is_never_longer_than_github_takes() {
    let mut run = Run::default();
    let id = run.file("a.yaml", "x: y\n");
    let at = run.at(id, "x");
    for _ in 0..25_001 {
        run.error("shared-data-space", Finding::new(at, "wrong"));
    }
    run.diagnostics[0].severity = Severity::Warning;
    run.diagnostics[1].finding.message = "the first error".into();
    let diagnostic = run.diagnostics[2].clone();
    run.accepted.push(Accepted { diagnostic, reason: "x".into(), at: None, is_intended: false });
    let document = sarif(&run);
    let results = document["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert_eq!(results[0]["message"]["text"], "the first error", "the warning has no room");
    let invocation = &document["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], true);
    let told = &invocation["toolExecutionNotifications"];
    assert_eq!(told.as_array().unwrap().len(), 1);
    assert_eq!(told[0]["message"]["text"], "2 more results left out: GitHub takes 25000 at most");
    run.diagnostics.drain(..2);
    let document = sarif(&run);
    assert_eq!(document["results"].as_array().unwrap().len(), 25_000);
    assert_eq!(document["invocations"][0]["toolExecutionNotifications"], json!([]));
}
