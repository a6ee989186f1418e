//! The language server, as an editor has it: the real program, a scripted client, expected answers.

pub mod client;
mod configuration;
mod pages;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::program::scratch::{DATA_SPACE, Scratch, data_space};
use client::Client;

const OTHER: &str = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c12";
const PROD: &str = "k8s/prod/settings.yaml";
const STAGING: &str = "k8s/staging/settings.yaml";

/// What stands in a file of PHP that sets a data space.
fn php(id: &str) -> String {
    format!(
        "<?php return ['system' => ['default' => ['services_connector' => ['services_id' => [\n    'environment_id' => '{id}',\n]]]]];\n"
    )
}

fn apart() -> Scratch {
    Scratch::of(&[(PROD, &data_space(DATA_SPACE)), (STAGING, &data_space(OTHER))])
}

fn rules(marks: &[Value]) -> Vec<&str> {
    marks.iter().filter_map(|mark| mark["code"].as_str()).collect()
}

#[test]
fn a_fault_across_files_is_marked_while_it_is_typed_and_goes_with_it() {
    let scratch = apart();
    let mut client = Client::of(&scratch);
    client.open(STAGING, &data_space(DATA_SPACE));
    let (closed, open) = (client.marks(PROD), client.marks(STAGING));
    assert_eq!(rules(&closed), ["shared-data-space"]);
    assert_eq!(rules(&open), ["shared-data-space"]);
    let own: Vec<&Value> =
        closed.iter().chain(&open).filter(|mark| mark["severity"] == 1).collect();
    let [fault] = own.as_slice() else { panic!("one fault is counted once: {closed:?} {open:?}") };
    assert_eq!(fault["range"]["start"], json!({ "line": 0, "character": 47 }));
    let other = fault["relatedInformation"][0]["location"]["uri"].as_str().unwrap_or_default();
    assert!(other == client.uri(PROD) || other == client.uri(STAGING), "{fault}");
    client.change(STAGING, 2, &data_space(OTHER));
    assert_eq!((client.marks(PROD), client.marks(STAGING)), (vec![], vec![]));
}

#[test]
fn what_is_on_disk_counts_again_when_a_document_is_closed() {
    let scratch = Scratch::shared();
    let mut client = Client::of(&scratch);
    assert_eq!(rules(&client.marks(PROD)), ["shared-data-space"]);
    client.open(STAGING, &data_space(OTHER));
    assert!(client.marks(PROD).is_empty());
    let document = json!({ "uri": client.uri(STAGING) });
    client.tell("textDocument/didClose", &json!({ "textDocument": document }));
    assert_eq!(rules(&client.marks(PROD)), ["shared-data-space"]);
}

#[test]
fn a_place_is_explained_and_leads_to_what_decides_it() {
    let scratch = Scratch::of(&[
        ("app/etc/config.php", &php(OTHER)),
        ("app/etc/env.php", &php(DATA_SPACE)),
        ("k8s/qa/settings.yaml", &data_space(DATA_SPACE)),
    ]);
    let mut client = Client::of(&scratch);
    let hover = |client: &mut Client, path| {
        let answer = client.ask_at("textDocument/hover", path, 1, 30);
        answer["result"]["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let above = hover(&mut client, "app/etc/env.php");
    assert!(
        above.starts_with("`environment_id`\n"),
        "a public id is no secret in the open: {above}"
    );
    assert!(above.contains("in force, overrides `app/etc/config.php:2:25`"), "{above}");
    assert!(above.contains("the same value: `k8s/qa/settings.yaml:1:48`"), "{above}");
    let below = hover(&mut client, "app/etc/config.php");
    assert!(below.contains("overridden by `app/etc/env.php:2:25`"), "{below}");
    let links = |answer: Value| -> Vec<String> {
        let links = answer["result"].as_array().cloned().unwrap_or_default();
        let links = links.iter().filter_map(|link| link["uri"].as_str());
        links.map(str::to_owned).collect()
    };
    let decides = links(client.ask_at("textDocument/definition", "app/etc/config.php", 1, 30));
    assert_eq!(decides, [client.uri("app/etc/env.php")]);
    let same = links(client.ask_at("textDocument/references", "k8s/qa/settings.yaml", 0, 60));
    assert_eq!(same, [client.uri("app/etc/env.php"), client.uri("k8s/qa/settings.yaml")]);
    let symbols = client.ask_at("textDocument/documentSymbol", "app/etc/env.php", 0, 0);
    let symbol = &symbols["result"][0];
    assert_eq!(
        symbol["selectionRange"]["start"],
        json!({ "line": 1, "character": 4 }),
        "{symbols}"
    );
    assert_eq!(client.ask_at("textDocument/hover", "app/etc/env.php", 0, 0)["result"], Value::Null);
}

#[test]
fn a_data_space_says_who_else_uses_it_and_a_setting_why_its_instance_is_what_it_is() {
    let scratch =
        Scratch::of(&[(PROD, &data_space(DATA_SPACE)), (STAGING, &data_space(DATA_SPACE))]);
    let mut client = Client::of(&scratch);
    let hover = client.ask_at("textDocument/hover", PROD, 0, 60);
    let hover = hover["result"]["contents"]["value"].as_str().unwrap_or_default();
    assert!(hover.contains("(production, from path): in force"), "{hover}");
    assert!(hover.ends_with(&format!("the same value: `{STAGING}:1:48` (`staging`)")), "{hover}");
}

#[test]
fn of_two_values_without_an_order_neither_is_called_overridden() {
    let (one, other) = ("prod/a/settings.yaml", "prod/b/settings.yaml");
    let scratch = Scratch::of(&[
        ("commerce-lint.toml", "[instances.live]\nfiles = [\"prod/**\"]\nkind = \"production\"\n"),
        (one, &data_space(DATA_SPACE)),
        (other, &data_space(OTHER)),
    ]);
    let mut client = Client::of(&scratch);
    let hovers = [one, other].map(|path| {
        let answer = client.ask_at("textDocument/hover", path, 0, 60);
        answer["result"]["contents"]["value"].as_str().unwrap_or_default().to_owned()
    });
    let beside = hovers.iter().filter(|told| told.contains("nothing says which of the two wins"));
    assert_eq!(beside.count(), 2, "{hovers:?}");
}

#[test]
fn an_instance_is_explained_in_the_configuration() {
    let scratch = apart();
    scratch.write(
        "commerce-lint.toml",
        "[instances.live]\nfiles = [\"k8s/prod/**\"]\nkind = \"production\"\n",
    );
    let mut client = Client::of(&scratch);
    let answer = client.ask_at("textDocument/hover", "commerce-lint.toml", 0, 12);
    let text = answer["result"]["contents"]["value"].as_str().unwrap_or_default();
    assert!(text.contains("`live`: production, declared") && text.contains(PROD), "{answer}");
    let links = client.ask_at("textDocument/definition", "commerce-lint.toml", 0, 12);
    assert_eq!(links["result"][0]["uri"], client.uri(PROD), "{links}");
}

/// The actions of a file's first line, by title.
fn actions(client: &mut Client, path: &str) -> Vec<Value> {
    let answer = client.ask_at("textDocument/codeAction", path, 0, 50);
    answer["result"].as_array().cloned().expect("actions are a list")
}

#[test]
fn a_finding_is_accepted_once_somebody_says_why() {
    let scratch = Scratch::shared();
    let mut client = Client::of(&scratch);
    let marked = [PROD, STAGING].map(|path| (path, client.marks(path)));
    let own = marked.iter().find(|(_, marks)| marks.iter().any(|mark| mark["severity"] == 1));
    let (path, _) = own.expect("the fault is somewhere");
    let offered = actions(&mut client, path);
    let accept = offered
        .iter()
        .find(|action| action["title"].as_str().is_some_and(|title| title.starts_with("Accept")));
    let changes = &accept.expect("it can be accepted")["edit"]["documentChanges"];
    assert_eq!(changes[0]["kind"], "create");
    assert_eq!(changes[1]["textDocument"]["uri"], client.uri("commerce-lint.toml"));
    let text = changes[1]["edits"][0]["newText"].as_str().expect("it is a text").to_owned();
    client.open("commerce-lint.toml", &text);
    let mistakes = client.marks("commerce-lint.toml");
    assert!(
        mistakes[0]["message"].as_str().is_some_and(|text| text.contains("reason")),
        "{mistakes:?}"
    );
    let reasoned = text.replace("reason = \"\"", "reason = \"moved next month\"");
    client.change("commerce-lint.toml", 2, &reasoned);
    assert!(client.marks(PROD).is_empty());
}

#[test]
fn a_rule_is_explained_and_an_instance_declared() {
    let scratch = Scratch::shared();
    let mut client = Client::of(&scratch);
    let offered = actions(&mut client, PROD);
    let title = |action: &Value| action["title"].as_str().unwrap_or_default().to_owned();
    let titles: Vec<String> = offered.iter().map(title).collect();
    assert!(titles.iter().any(|title| title == "Declare the instance `production`"), "{titles:?}");
    for (path, name, kind) in [
        (PROD, "production", "kind = \"production\""),
        (STAGING, "staging", "kind = \"non-production\""),
    ] {
        let offered = actions(&mut client, path);
        let declare = format!("Declare the instance `{name}`");
        let declare =
            offered.iter().find(|action| title(action) == declare).expect("it is offered");
        let text = declare["edit"].to_string().replace("\\\"", "\"");
        assert!(text.contains(kind) && !text.contains("# or"), "{text}");
    }
    let explain = offered.iter().find(|action| title(action) == "Explain `shared-data-space`");
    let command = &explain.expect("it can be explained")["command"];
    let shown = client.ask(
        "workspace/executeCommand",
        &json!({ "command": command["command"], "arguments": command["arguments"] }),
    );
    assert!(shown["result"].as_str().is_some_and(|page| page.contains("## Example")), "{shown}");
}

#[test]
fn what_two_findings_of_a_line_ask_for_is_offered_once() {
    let name = |last: &str| format!("\"CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__{last}\"");
    let (project, space) = (name("PROJECT_ID"), name("ENVIRONMENT_ID"));
    let text = format!("{{{project}: \"CHANGEME\", {space}: \"CHANGEME\"}}\n");
    let path = "deploy/production/env.json";
    let scratch = Scratch::of(&[(path, &text)]);
    let mut client = Client::of(&scratch);
    assert_eq!(client.marks(path).len(), 2);
    let (start, end) = (json!({ "line": 0, "character": 0 }), json!({ "line": 1, "character": 0 }));
    let params = json!({ "textDocument": { "uri": client.uri(path) }, "range": { "start": start, "end": end }, "context": { "diagnostics": [] } });
    let answer = client.ask("textDocument/codeAction", &params);
    let offered = answer["result"].as_array().cloned().expect("actions are a list");
    let count = |title: &str| offered.iter().filter(|action| action["title"] == title).count();
    assert_eq!(count("Declare the instance `production`"), 1, "{offered:?}");
    assert_eq!(count("Explain `placeholder-value`"), 1, "{offered:?}");
}

#[test]
fn what_is_beyond_doubt_is_mended_by_an_action() {
    let text = format!("services_connector/services_id/environment_id: '{{{DATA_SPACE}}}'\n");
    let scratch = Scratch::of(&[(PROD, &text)]);
    let mut client = Client::of(&scratch);
    client.open(PROD, &text);
    assert!(rules(&client.marks(PROD)).contains(&"malformed-data-space-id"));
    let offered = actions(&mut client, PROD);
    let mend = offered.iter().find(|action| action["isPreferred"] == true).expect("it is mended");
    let edit = &mend["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(edit["newText"], DATA_SPACE);
    assert_eq!(edit["range"]["start"]["character"], 48);
    assert_eq!(edit["range"]["end"]["character"], 48 + 38);
}

#[test]
fn a_key_becomes_a_reference_by_an_action_that_asks_to_be_looked_at() {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys/rsa-pkcs8.pem");
    let key = fs::read_to_string(keys).expect("the key is readable").replace("\r\n", "\n");
    let key = key.trim_end();
    let name = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_PRIVATE_KEY";
    let (path, text) = (".env.production", format!("A=1\n{name}=\"{key}\"\nB=2\n"));
    let scratch = Scratch::of(&[(path, &text)]);
    let mut client = Client::of(&scratch);
    client.open(path, &text);
    client.marks(path);
    let answer = client.ask_at("textDocument/codeAction", path, 3, 2);
    let offered = answer["result"].as_array().cloned().expect("actions are a list");
    let mend = offered.iter().find(|action| action["isPreferred"] == false);
    let mend = mend.expect("it can be mended");
    assert!(mend["title"].as_str().is_some_and(|title| title.contains("unsafe")), "{mend}");
    let edit = &mend["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(edit["newText"], "${PRODUCTION_PRIVATE_KEY}");
    assert_eq!(edit["range"]["start"], json!({ "line": 1, "character": name.len() + 1 }));
    assert_eq!(edit["range"]["end"]["line"], key.lines().count(), "{edit}");
    let mut body = key.lines().filter(|line| !line.contains("-----"));
    assert!(body.all(|line| !client.heard.contains(&line[..16])), "{}", client.heard);
}

#[test]
fn no_message_holds_a_key() {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys/rsa-pkcs8.pem");
    let key = fs::read_to_string(keys).expect("the key is readable").replace("\r\n", "\n");
    let indented: String = key.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let text = format!(
        "services_connector/services_connector_integration/production_private_key: |\n{indented}"
    );
    let scratch = Scratch::of(&[(PROD, &text)]);
    let mut client = Client::of(&scratch);
    client.open(PROD, &text);
    assert_eq!(rules(&client.marks(PROD)), ["plaintext-private-key"]);
    for method in ["hover", "definition", "references", "documentSymbol", "codeAction"] {
        for (line, character) in [(0, 5), (3, 9)] {
            client.ask_at(&format!("textDocument/{method}"), PROD, line, character);
        }
    }
    client.open("commerce-lint.toml", &format!("[rules]\nx = \"\"\"{key}\"\"\"\n"));
    client.marks("commerce-lint.toml");
    let body: Vec<&str> = key.lines().filter(|line| !line.contains("-----")).collect();
    for line in body {
        for piece in line.as_bytes().windows(8).filter_map(|piece| std::str::from_utf8(piece).ok())
        {
            assert!(!client.heard.contains(piece), "a piece of the key was told");
        }
    }
}

fn code_of(answer: &Value) -> i64 {
    answer["error"]["code"].as_i64().unwrap_or_default()
}

#[test]
fn what_is_out_of_order_is_refused_and_the_server_goes_in_order() {
    let scratch = apart();
    let mut client = Client::silent(&scratch);
    assert_eq!(code_of(&client.ask("textDocument/hover", &json!({}))), -32002);
    client.tell("textDocument/didOpen", &json!({ "textDocument": 1 }));
    assert_eq!(
        code_of(&client.ask("initialize", &json!({ "rootUri": "file:///nowhere/at/all" }))),
        -32602
    );
    let params = json!({ "rootUri": format!("file://{}", scratch.path().display()) });
    assert_eq!(code_of(&client.ask("initialize", &params)), 0);
    assert_eq!(code_of(&client.ask("initialize", &params)), -32600);
    client.tell("initialized", &json!({}));
    client.send("{\"jsonrpc\":");
    assert_eq!(code_of(&client.until(|message| message["id"].is_null())), -32700);
    client.send("[1, 2]");
    assert_eq!(code_of(&client.until(|message| message["id"].is_null())), -32600);
    client.tell("$/cancelRequest", &json!({ "id": 1 }));
    assert_eq!(code_of(&client.ask("textDocument/rename", &json!({}))), -32601);
    assert_eq!(client.ask("shutdown", &Value::Null)["result"], Value::Null);
    assert_eq!(code_of(&client.ask("textDocument/hover", &json!({}))), -32600);
    client.tell("exit", &Value::Null);
    assert_eq!(client.leave(), 0);
}

#[test]
fn an_editor_that_is_gone_ends_the_server() {
    let scratch = apart();
    assert_eq!(Client::of(&scratch).leave(), 1);
    let mut broken = Client::of(&scratch);
    broken.raw(b"Content-Length: 99999999999999999999\r\n\r\n{}");
    assert_eq!(broken.leave(), 1);
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("it is below a size")
    }
}

#[test]
fn no_message_is_too_odd_to_be_survived() {
    let methods = [
        "initialize",
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didClose",
        "textDocument/hover",
        "textDocument/definition",
        "textDocument/references",
        "textDocument/documentSymbol",
        "textDocument/codeAction",
        "workspace/executeCommand",
        "workspace/didChangeWatchedFiles",
        "$/setTrace",
        "",
    ];
    let scratch = Scratch::shared();
    let mut client = Client::of(&scratch);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..crate::size(300, 10_000) {
        let odd = |dice: &mut Dice| match dice.below(9) {
            0 => Value::Null,
            1 => json!(-1),
            2 => json!(u64::MAX),
            3 => json!("\u{0}\u{202e}é"),
            4 => json!([[], {}]),
            5 => json!({ "line": dice.below(3), "character": dice.below(90) }),
            6 => json!([{ "text": data_space(DATA_SPACE).get(..dice.below(60)) }]),
            7 => json!([{ "text": "\u{feff}a: [\r\n", "range": null }]),
            _ => json!("x".repeat(dice.below(20_000))),
        };
        let files = [PROD, STAGING, "commerce-lint.toml", "../x", "", "a%00b"];
        let uri = client.uri(files[dice.below(files.len())]);
        let text = odd(&mut dice);
        let mut params =
            json!({ "textDocument": { "uri": uri, "version": odd(&mut dice), "text": text } });
        for key in ["position", "range", "contentChanges", "command", "arguments"] {
            if dice.below(3) > 0 {
                params[key] = odd(&mut dice);
            }
        }
        let params = if dice.below(8) == 0 { odd(&mut dice) } else { params };
        let mut message = json!({ "jsonrpc": "2.0", "method": methods[dice.below(methods.len())], "params": params });
        if dice.below(2) == 0 {
            message["id"] = if dice.below(9) == 0 { odd(&mut dice) } else { json!(1_000_000) };
        }
        let mut body = message.to_string();
        if dice.below(12) == 0 {
            let end = (0..=dice.below(body.len())).rev().find(|end| body.is_char_boundary(*end));
            body.truncate(end.unwrap_or_default());
        }
        client.send(&body);
    }
    assert_eq!(client.ask("shutdown", &Value::Null)["result"], Value::Null);
    assert!(!client.heard.contains("internal error"), "{}", client.heard);
    client.tell("exit", &Value::Null);
    assert_eq!(client.leave(), 0);
}
