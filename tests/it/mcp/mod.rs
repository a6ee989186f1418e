//! The tools that are served by the Model Context Protocol: what they answer, within which bounds, and what they do with what makes no sense.

pub mod client;

use serde_json::{Value, json};

use crate::program::scratch::{DATA_SPACE, Scratch, data_space};
use client::Client;

/// A session that has begun.
fn begun(scratch: &Scratch) -> Client {
    let mut client = Client::of(scratch);
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
    let answer = client.ask("initialize", &params);
    assert_eq!(answer["result"]["protocolVersion"], "2025-06-18");
    assert_eq!(answer["result"]["serverInfo"]["name"], "commerce-lint");
    client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
    client
}

#[test]
fn every_tool_is_listed_with_what_it_takes_and_changes_nothing() {
    let scratch = Scratch::shared();
    let mut client = begun(&scratch);
    let answer = client.ask("tools/list", &json!({}));
    let tools = answer["result"]["tools"].as_array().expect("a list").clone();
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["check", "instances", "explain", "facts"]);
    for tool in &tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        assert_eq!(tool["inputSchema"]["type"], "object");
        assert!(tool["description"].as_str().is_some_and(|says| says.len() > 40));
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn check_tells_what_is_wrong_and_where() {
    let scratch = Scratch::shared();
    let mut client = begun(&scratch);
    let answer = client.document("check", &json!({}));
    assert_eq!((&answer["complete"], &answer["errors"]), (&json!(true), &json!(1)));
    let found = &answer["findings"][0];
    assert_eq!(found["rule"], "shared-data-space");
    assert_eq!((&found["path"], &found["line"]), (&json!("k8s/staging/settings.yaml"), &json!(1)));
    assert_eq!(found["related"][0]["path"], "k8s/prod/settings.yaml");
    assert!(found["help"].as_str().is_some_and(|help| !help.is_empty()));
    // What is mended meanwhile is seen.
    scratch.write("k8s/staging/settings.yaml", data_space("7c9e6679-7425-40de-944b-e07fc1f90ae7"));
    assert_eq!(client.document("check", &json!({}))["findings"], json!([]));
    assert_eq!(client.document("check", &json!({ "path": "k8s/prod" }))["complete"], true);
    let rule = json!({ "rule": "plaintext-private-key" });
    assert_eq!(client.document("check", &rule)["findings"], json!([]));
}

#[test]
fn check_against_a_base_tells_what_a_change_makes_worse() {
    let scratch = Scratch::shared();
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm start");
    let mut client = begun(&scratch);
    let base = json!({ "base": "HEAD" });
    assert_eq!(client.document("check", &base)["findings"], json!([]));
    scratch.write("k8s/uat/settings.yaml", data_space(DATA_SPACE));
    let answer = client.document("check", &base);
    assert_eq!(answer["findings"][0]["state"], "grown", "{answer}");
    let (why, is_error) = client.call("check", &json!({ "base": "nowhere" }));
    assert!(is_error && why.contains("nowhere"), "{why}");
}

#[test]
fn instances_and_facts_tell_what_is_deployed() {
    let scratch = Scratch::shared();
    let mut client = begun(&scratch);
    let answer = client.document("instances", &json!({}));
    assert_eq!(answer["instances"][0]["data_space"], DATA_SPACE);
    assert!(answer["instances"][0].get("feeds").is_none());
    let name = answer["instances"][1]["name"].clone();
    let answer = client.document("instances", &json!({ "name": name }));
    assert_eq!(answer["instances"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["instances"][0]["feeds"][0]["path"], "k8s/staging/settings.yaml");
    let (why, is_error) = client.call("instances", &json!({ "name": "stagin" }));
    assert!(is_error && why.contains("staging"), "{why}");
    let (text, _) = client.call("facts", &json!({ "kind": "setting", "instance": name }));
    let facts: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a fact is JSON")).collect();
    assert_eq!(facts.len(), 1, "{text}");
    assert_eq!((&facts[0]["in_force"], &facts[0]["value"]), (&json!(true), &json!(DATA_SPACE)));
    let (text, _) = client.call("facts", &json!({}));
    assert!(text.starts_with("{\"fact\":\"run\"") && text.contains("\"fact\":\"finding\""));
    let (page, _) = client.call("explain", &json!({ "rule": "shared-data-space" }));
    assert!(page.contains("## Use instead"), "{page}");
    let (why, is_error) = client.call("explain", &json!({ "rule": "shared-dataspace" }));
    assert!(is_error && why.contains("did you mean `shared-data-space`"), "{why}");
}

#[test]
fn nothing_beside_the_folder_is_read() {
    let outer = Scratch::shared();
    let scratch = Scratch::of(&[("prod.yaml", &data_space(DATA_SPACE))]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(outer.path(), scratch.path().join("link")).expect("a new link");
    let mut client = begun(&scratch);
    let beside = outer.path().display().to_string();
    for path in ["..", "../x", "/", &beside, "link", "link/k8s", "a/../../b"] {
        for tool in ["check", "instances", "facts"] {
            let (why, is_error) = client.call(tool, &json!({ "path": path }));
            assert!(is_error && !why.contains(DATA_SPACE), "{tool} {path}: {why}");
        }
    }
    assert_eq!(client.leave(), 0);
}

#[test]
fn an_answer_is_bounded_and_says_what_it_leaves_out() {
    let scratch = Scratch::new();
    for shop in 0..400 {
        for kind in ["prod", "staging"] {
            let id = format!("0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d{shop:04}");
            scratch.write(&format!("shops/shop{shop}/{kind}.yaml"), data_space(&id));
        }
    }
    let mut client = begun(&scratch);
    let answer = client.document("check", &json!({}));
    assert_eq!(answer["findings"].as_array().map(Vec::len), Some(50));
    assert_eq!(answer["more_findings"], 350);
    let answer = client.document("check", &json!({ "limit": 500 }));
    let shown = answer["findings"].as_array().expect("a list").len();
    assert_eq!(answer["more_findings"], 400 - shown);
    for (tool, arguments) in
        [("check", json!({ "limit": 500 })), ("instances", json!({})), ("facts", json!({}))]
    {
        let (text, is_error) = client.call(tool, &arguments);
        assert!(
            !is_error && text.len() < 50_000 && text.contains("more"),
            "{tool}: {}",
            text.len()
        );
    }
}

#[test]
fn what_makes_no_sense_costs_its_own_answer_alone() {
    let scratch = Scratch::shared();
    let mut client = begun(&scratch);
    for (line, code) in [
        ("{", -32700),
        ("[]", -32600),
        ("{\"jsonrpc\":\"2.0\",\"id\":7}", -32600),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"resources/list\"}", -32601),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}", -32602),
        (
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"rm\"}}",
            -32602,
        ),
    ] {
        client.send(line);
        assert_eq!(client.hear()["error"]["code"], code, "{line}");
    }
    client.send("");
    client.send(&"x".repeat(2 << 20));
    assert_eq!(client.hear()["error"]["code"], -32700);
    for arguments in
        [json!([]), json!({ "path": 1 }), json!({ "limit": "x" }), json!({ "path": "nowhere" })]
    {
        let (why, is_error) = client.call("check", &arguments);
        assert!(is_error && !why.is_empty(), "{arguments}");
    }
    assert_eq!(client.ask("ping", &json!({}))["result"], json!({}));
    assert_eq!(client.document("check", &Value::Null)["errors"], 1);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_request_of_a_revision_without_sessions_is_served() {
    let scratch = Scratch::shared();
    let mut client = Client::of(&scratch);
    let of = |revision: &str| json!({ "_meta": { "io.modelcontextprotocol/protocolVersion": revision } });
    let answer = client.ask("server/discover", &of("2026-07-28"));
    assert_eq!(answer["result"]["supportedVersions"], json!(["2026-07-28"]));
    let answer = client.ask("tools/list", &of("2026-07-28"));
    assert_eq!(answer["result"]["resultType"], "complete");
    let answer = client.ask("tools/list", &of("2099-01-01"));
    assert_eq!(answer["error"]["code"], -32022);
    assert_eq!(answer["error"]["data"]["supported"], json!(["2026-07-28"]));
}
