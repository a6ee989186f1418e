//! The reporters' bytes, for runs built by hand.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use commerce_lint::model::fingerprint::Fingerprint;
use commerce_lint::model::instance::Kind;
use commerce_lint::model::parameter::{Parameter, Slot};
use commerce_lint::model::setting::Value;
use commerce_lint::report::instance_json::InstanceJson;
use commerce_lint::report::instances::InstanceTable;
use commerce_lint::report::json::Json;
use commerce_lint::report::line::Line;
use commerce_lint::report::pretty::Pretty;
use commerce_lint::rule::Finding;
use commerce_lint::source::Location;
use commerce_lint::syntax::Problem;

use run::Run;

mod formats;
mod html;
mod run;
mod sarif;
mod schemas;

const SPACE: &str = "0f3c2a1e-8b7d-4c6f-9e5a-1b2c3d4e5f60";

fn shared_data_space() -> Run {
    let mut run = Run::default();
    let values = format!(
        "env:\n  magento:\n    region: eu\n    services_connector/services_id/environment_id: {SPACE}\n    services_connector/services_id/environment: Production\n"
    );
    let prod = run.file("charts/shop/values-prod.yaml", &values);
    let dotenv = format!(
        "# staging\nAPP=shop\nCONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID='{SPACE}'\n"
    );
    let staging = run.file("deploy/.env.staging", &dotenv);
    let (here, there) = (run.at(prod, SPACE), run.at(staging, SPACE));
    let kind = run.at(prod, "Production");
    let literal = |text: &str| Value::Literal(text.into());
    run.instance(
        "shop-prod",
        Kind::Production,
        &[
            (Parameter::DataSpace, literal(SPACE), here),
            (Parameter::DataSpaceType, literal("Production"), kind),
            (
                Parameter::ApiKey(Slot::Production),
                literal("5f3c9d1e7a2b4c6d8e0f1a2b3c4d5e6f"),
                kind,
            ),
            (Parameter::PrivateKey(Slot::Production), Value::Reference, kind),
        ],
    );
    run.instance(
        "shop-staging",
        Kind::NonProduction,
        &[
            (Parameter::DataSpace, literal(&SPACE.to_uppercase()), there),
            (
                Parameter::PrivateKey(Slot::Sandbox),
                Value::Ciphertext { key_version: Some(0) },
                there,
            ),
            (Parameter::Project, Value::Blank, here),
        ],
    );
    run.error("shared-data-space", Finding::new(there, format!("data space `{SPACE}` of production instance `shop-prod` is also used by non-production instance `shop-staging`"))
        .label("used by `shop-staging`")
        .see(here, "used by `shop-prod`")
        .see(kind, "a production data space")
        .help("give `shop-staging` a data space of its own, in the Commerce Services Connector of its Admin, and put its id here: what it indexes replaces the live catalogue otherwise")
        .of(["shop-prod".into(), "shop-staging".into()]));
    run
}

const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQDJ7zLbPqWmXfYs\n-----END PRIVATE KEY-----";

/// A key in a block of YAML, escaped in JSON and as the value of a variable, with findings at it and beside it.
fn keys_in_plaintext() -> Run {
    let mut run = Run::default();
    let yaml = format!("key: |\n  {}\nnext: here\n", PEM.replace('\n', "\n  "));
    let yaml = run.file("k8s/secret.yaml", &yaml);
    let json = run.file("task.json", &format!("{{\"key\": \"{}\"}}\n", PEM.replace('\n', "\\n")));
    let dotenv = run.file(".env", "A=1\nCONFIG__KEY='c2VjcmV0LXRleHQ-of-a-gAteWay'\nB=2\n");
    let text = run.loaded[&yaml].text();
    let (start, end) = (text.find("-----BEGIN").unwrap(), text.find("\nnext").unwrap());
    let block = Location::new(yaml, start, end);
    let gateway = run.at(dotenv, "'c2VjcmV0LXRleHQ-of-a-gAteWay'");
    let secret = Value::Secret(Fingerprint::of("text", b"c2VjcmV0LXRleHQ-of-a-gAteWay"), None);
    let pasted = Value::Literal(PEM.lines().nth(1).unwrap().repeat(2));
    run.instance(
        "shop",
        Kind::Unknown,
        &[
            (Parameter::MerchantGatewayKey, secret, gateway),
            (Parameter::DataSpace, pasted.clone(), gateway),
            (Parameter::Project, pasted, gateway),
        ],
    );
    let places = [block, run.at(yaml, "next"), run.at(json, "key"), run.at(dotenv, "B")];
    for at in places {
        run.error(
            "plaintext-private-key",
            Finding::new(at, "private key in plaintext").label("this key"),
        );
    }
    run
}

#[test]
fn one_diagnostic_shows_the_lines_of_all_its_files() {
    let expected = "\
error[shared-data-space]: data space `0f3c2a1e-8b7d-4c6f-9e5a-1b2c3d4e5f60` of production instance
  `shop-prod` is also used by non-production instance `shop-staging`
   ╭─[deploy/.env.staging:3:67]
 2 │ APP=…
 3 │ …__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID='0f3c2a1e-8b7d-4c6f-9e5a-1b2c3d4e5f60'
   ·                                                     ──────────────────┬─────────────────
   ·                                                                       ╰── used by `shop-staging`
   ╰────
   ╭─[charts/shop/values-prod.yaml:4:52]
 3 │     region: …
 4 │     services_connector/services_id/environment_id: 0f3c2a1e-8b7d-4c6f-9e5a-1b2c3d4e5f60
   ·                                                    ──────────────────┬─────────────────
   ·                                                                      ╰── used by `shop-prod`
 5 │     services_connector/services_id/environment: Production
   ·                                                 ─────┬────
   ·                                                      ╰── a production data space
   ╰────
  help: give `shop-staging` a data space of its own, in the Commerce Services Connector of its
        Admin, and put its id here: what it indexes replaces the live catalogue otherwise

2 files read, 2 instances, 1 error, 0 warnings
";
    let pretty = shared_data_space().pretty();
    assert!(pretty.starts_with(expected), "{pretty}");
}

#[test]
fn a_line_is_a_place_a_severity_a_message_and_a_rule() {
    let mut run = Run::default();
    let id = run.file("a.yaml", "x: y\r\né: v\n");
    run.error(
        "some-rule",
        Finding::new(run.at(id, "v"), "a message").see(run.at(id, "x"), "not shown"),
    );
    let expected =
        "a.yaml:2:4: error: a message [some-rule]\n1 file read, 0 instances, 1 error, 0 warnings\n";
    assert_eq!(run.print(&Line), expected);
}

#[test]
fn json_has_the_shape_of_schema_1() {
    let document: serde_json::Value =
        serde_json::from_str(&shared_data_space().print(&Json)).unwrap();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["tool"]["name"], "commerce-lint");
    assert_eq!(document["instances"][0]["data_space"], SPACE);
    assert_eq!(document["instances"][0]["kind_from"], "path");
    assert_eq!(document["instances"][1]["project"], serde_json::Value::Null, "blank is no project");
    let diagnostic = &document["diagnostics"][0];
    assert_eq!(diagnostic["instances"], serde_json::json!(["shop-prod", "shop-staging"]));
    let place = serde_json::json!({
        "path": "deploy/.env.staging",
        "start": { "line": 3, "column": 67, "byte": 85 },
        "end": { "line": 3, "column": 103, "byte": 121 },
    });
    assert_eq!(diagnostic["location"], place);
    assert_eq!(diagnostic["related"][1]["message"], "a production data space");
    let summary = serde_json::json!({
        "files_read": 2, "files_parsed": 2, "instances": 2, "errors": 1, "warnings": 0, "standing": 0, "accepted": 0,
        "complete": true,
    });
    assert_eq!(document["summary"], summary);
}

#[test]
fn the_table_says_what_each_instance_ends_up_with() {
    let expected = "\
shop-prod     production      0f3c2a1e-8b7d-4c6f-9e5a-1b2c3d4e5f60, shared  keys production  charts/shop/values-prod.yaml
shop-staging  non-production  0F3C2A1E-8B7D-4C6F-9E5A-1B2C3D4E5F60, shared  keys sandbox     deploy/.env.staging and 1 more

2 instances (2 files read)
";
    let run = shared_data_space();
    assert_eq!(
        run.print(&InstanceTable { color: false, explain: false, names: Vec::new() }),
        expected
    );
    let explained = run.print(&InstanceTable { color: false, explain: true, names: Vec::new() });
    let lines = [
        "  kind        production, from path: `shop-prod` in a path\n",
        "  account     acme, from path\n",
        "  sources     deploy/.env.staging           `shop-staging` is in its path\n",
    ];
    assert!(lines.iter().all(|line| explained.contains(line)), "{explained}");
    let json = run.print(&InstanceJson { explain: true, names: Vec::new() });
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let instance = &json["instances"][1];
    assert_eq!(instance["keys"]["sandbox"]["private_key"]["state"], "encrypted");
    assert_eq!(instance["feeds"][1]["inherited"], true);
}

#[test]
fn the_last_line_tells_an_empty_tree_from_a_clean_one_and_a_whole_run_from_another() {
    let mut run = Run::default();
    let id = run.file("a", "");
    assert_eq!(run.pretty(), "no private keys found, and no settings to check (1 file read)\n");
    assert_eq!(run.print(&InstanceTable::default()), "no instances found (1 file read)\n");
    run.instance("shop", Kind::Unknown, &[]);
    assert_eq!(run.pretty(), "no findings in 1 instance (1 file read)\n");
    run.inventory.problems.push(Problem { at: Location::new(id, 0, 0), message: "broken".into() });
    let closing =
        "no findings in 1 instance (1 file read); incomplete: 1 file could not be read whole\n";
    assert_eq!(run.print(&Line), closing);
}

#[test]
fn a_private_key_shows_its_marker_and_nothing_of_its_body() {
    let pretty = keys_in_plaintext().pretty();
    let first = "\
error[plaintext-private-key]: private key in plaintext
   ╭─[k8s/secret.yaml:2:3]
 1 │ key: |
 2 │   -----BEGIN PRIVATE KEY-----
   ·   ─────────────┬─────────────
   ·                ╰── this key
 3 │   ********************************
   ╰────
";
    assert!(pretty.starts_with(first), "{pretty}");
    assert!(pretty.contains("\n 2 │ CONFIG__KEY='****************************'\n"), "{pretty}");
    assert!(pretty.contains("\"-----BEGIN PRIVATE KEY-----*****"), "{pretty}");
}

#[test]
fn no_reporter_prints_eight_bytes_of_a_key() {
    let run = keys_in_plaintext();
    let outputs = run.everything();
    assert!(outputs.iter().all(|output| !output.trim().is_empty()));
    assert!(outputs.iter().filter(|output| output.contains("plaintext-private-key")).count() > 9);
    let bodies =
        PEM.lines().filter(|line| !line.starts_with("--")).chain(["c2VjcmV0LXRleHQ-of-a-gAteWay"]);
    for body in bodies {
        for part in body.as_bytes().windows(8).map(|part| str::from_utf8(part).unwrap()) {
            assert!(outputs.iter().all(|output| !output.contains(part)), "{part}");
        }
    }
}

#[test]
fn untrusted_text_neither_moves_the_cursor_nor_commands_a_runner() {
    let mut run = Run::default();
    let evil = "::error::\u{1b}[2J\u{202e}\n##[group]\u{200b}\r\u{9b}x ##vso[task.complete]\u{2028}\u{e0041}";
    let id = run.file(evil, &format!("a: b\n{evil}\nkey: {evil}\n"));
    let unread = run.unread(&format!(" {evil}"));
    let places = [run.at(id, "key"), run.at(id, "##vso"), run.at(id, "error")];
    for at in places {
        let finding =
            Finding::new(at, evil).label(evil).see(Location::new(unread, 0, 0), evil).help(evil);
        run.error("rule", finding.of([evil.to_owned()]));
    }
    run.instance(
        evil,
        Kind::Production,
        &[(Parameter::DataSpace, Value::Literal(evil.into()), places[0])],
    );
    run.inventory.instances[0].kind.said_by = evil.to_owned();
    run.inventory.instances[0].same_as = evil.chars().rev().collect();
    for output in run.everything() {
        let allowed = |c: char| {
            c == '\n' || !(c.is_control() || "\u{202e}\u{200b}\u{2028}\u{e0041}".contains(c))
        };
        assert!(output.chars().all(allowed), "{output}");
        let is_command = |line: &str| line.trim_start().starts_with("::");
        // But for our own.
        let expected = if output.starts_with("::error file=") { run.diagnostics.len() } else { 0 };
        assert_eq!(output.lines().filter(|line| is_command(line)).count(), expected, "{output}");
        let is_json = output.starts_with(['{', '[']);
        assert!(is_json || !(output.contains("##[") || output.contains("##vso[")), "{output}");
    }
    assert!(run.print(&Line).starts_with("./::error::\\u{1b}[2J\\u{202e}\\n##\\u{5b}group]"));
}

#[test]
fn a_long_line_is_cut_round_its_places() {
    let mut run = Run::default();
    let filler = "\"é\",".repeat(1_200_000);
    let id = run.file("min.json", &format!("[{filler}\"first\",{filler}\"last\"]\n{filler}"));
    let finding = Finding::new(run.at(id, "last"), "far out")
        .label("here")
        .see(run.at(id, "first"), "and here");
    run.error("rule", finding);
    let pretty = run.pretty();
    let expected = r#"error[rule]: far out
   ╭─[min.json:1:9600011]
 1 │ …","first","…","last"]
   ·     ──┬──       ──┬─
   ·       │           ╰── here
   ·       ╰── and here
 2 │ "…
   ╰────
"#;
    assert!(pretty.starts_with(expected), "{pretty}");
}

#[test]
fn a_file_without_text_is_named_all_the_same() {
    let mut run = Run::default();
    let id = run.unread("app/etc/env.php");
    run.error(
        "unreadable-config",
        Finding::new(Location::new(id, 0, 0), "cannot be read").help("allow it"),
    );
    let expected = "\
error[unreadable-config]: cannot be read
   ╭─[app/etc/env.php:1:1]
 1 │ 
   · ▲
   ╰────
  help: allow it
";
    assert!(run.pretty().starts_with(expected), "{}", run.pretty());
    assert!(run.print(&Line).starts_with("app/etc/env.php:1:1: error: cannot be read"));
}

#[test]
fn no_place_is_too_odd_to_be_shown() {
    let mut run = Run::default();
    let texts = [
        "",
        "\n",
        "\r\n\r\n",
        "é日\u{1f600}\tx\r\n\ty: |\r\n日\r\n",
        "a\rb",
        "\u{feff}\u{feff}k: v",
    ];
    for (number, text) in texts.into_iter().enumerate() {
        let id = run.file(&format!("{number}"), text);
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                let finding = Finding::new(Location::new(id, start, end), "odd").label("here");
                run.error("rule", finding.see(Location::new(id, end, end + 9), "there"));
            }
        }
    }
    for number in 0..100 {
        let id = run.unread(&format!("many/{number}"));
        let finding = &mut run.diagnostics[0].finding;
        finding
            .related
            .push(commerce_lint::rule::Label { at: Location::new(id, 0, 0), text: "too".into() });
    }
    assert!(run.pretty().contains("… and 78 more places"), "{}", run.pretty());
    assert_eq!(run.everything().len(), run::REPORTERS);
}

#[test]
fn colours_are_all_or_nothing() {
    let run = shared_data_space();
    let colored = run.print(&Pretty { color: true, width: 100 });
    assert!(colored.starts_with("\u{1b}[1;31merror[shared-data-space]\u{1b}[0m: "));
    assert!(!colored.contains("\u{1b}]8"), "no links");
    let mut plain = String::new();
    for (at, part) in colored.split('\u{1b}').enumerate() {
        plain += if at == 0 { part } else { part.split_once('m').unwrap().1 };
    }
    assert_eq!(plain, run.pretty());
    assert!(
        run.print(&InstanceTable { color: true, explain: false, names: Vec::new() })
            .starts_with("\u{1b}[1mshop-prod")
    );
}
