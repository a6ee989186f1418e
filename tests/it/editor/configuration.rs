//! What an editor completes and explains in `commerce-lint.toml`, and in remarks that accept a finding.

use serde_json::{Value, json};

use super::client::Client;
use crate::program::scratch::{DATA_SPACE, Scratch, data_space};

const CONFIG: &str = "commerce-lint.toml";

fn tree() -> Scratch {
    Scratch::of(&[
        ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        ("k8s/eu-staging/settings.yaml", "services_connector/services_id/project_id: x\n"),
    ])
}

/// A text with a bar where somebody types, as the editor has it, and the place of the bar.
pub fn typed(client: &mut Client, path: &str, text: &str) -> (usize, usize) {
    let before = text.split('|').next().unwrap_or_default();
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().map_or(0, |line| line.encode_utf16().count());
    client.open(path, &text.replacen('|', "", 1));
    (line, character)
}

/// What is offered at the bar: each as the line is with it.
pub fn completed(client: &mut Client, path: &str, text: &str) -> Vec<String> {
    let (line, character) = typed(client, path, text);
    let answer = client.ask_at("textDocument/completion", path, line, character);
    let whole = text.replacen('|', "", 1);
    let line_of = whole.split('\n').nth(line).unwrap_or_default().to_owned();
    let item = |item: &Value| {
        let edit = &item["textEdit"];
        let column = |which: &str| {
            assert_eq!(edit["range"][which]["line"], line, "{item}");
            edit["range"][which]["character"]
                .as_u64()
                .and_then(|at| usize::try_from(at).ok())
                .unwrap_or_default()
        };
        let units: Vec<u16> = line_of.encode_utf16().collect();
        let part = |units: &[u16]| String::from_utf16_lossy(units);
        let new = edit["newText"].as_str().expect("it is a text");
        format!("{}{new}{}", part(&units[..column("start")]), part(&units[column("end")..]))
    };
    let items = answer["result"]["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(item).collect()
}

#[test]
fn what_can_be_typed_is_offered_wherever_one_is() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    for (text, offered) in [
        ("ex|", "exclude = "),
        ("[ru|", "[rules"),
        ("[[wai|", "[[waivers"),
        ("[instances.|", "[instances.production"),
        ("[instances.|", "[instances.eu-staging"),
        ("[instances.live]\nki|", "kind = "),
        ("[instances.live]\nkind = |", "kind = \"production\""),
        ("[instances.live]\nkind = \"non|\"", "kind = \"non-production\""),
        ("[instances.live]\nfiles = [\"x\", \"|\"]", "files = [\"x\", \"k8s/prod/settings.yaml\"]"),
        ("[instances.live]\nsame-as = '|", "same-as = 'production"),
        ("[rules]\nshared-data|", "shared-data-space = "),
        ("[rules]\nshared-data-space = \"|\"", "shared-data-space = \"warning\""),
        ("[policy]\npreset = |", "preset = \"strict\""),
        ("[policy]\nlocked = [\n  \"|\"\n]", "  \"waivers\""),
        ("limits = { |", "limits = { file-bytes = "),
        ("[limits]\nfile-bytes = |", "file-bytes = \"64 MiB\""),
        ("[[waivers]]\nrule = \"|", "rule = \"blank-override"),
        ("[[waivers]]\ninstances = [\n  \"a\",\n  |", "  \"production\""),
        ("é = 'é😀' # [x\n[[waivers]]\nreas|", "reason = "),
    ] {
        let found = completed(&mut client, CONFIG, text);
        assert!(found.iter().any(|line| line == offered), "{text}: {found:?}");
    }
    let expires = completed(&mut client, CONFIG, "[[waivers]]\nexpires = |");
    assert!(
        matches!(expires.as_slice(), [day] if day.len() == "expires = 2027-01-31".len()),
        "{expires:?}"
    );
}

#[test]
fn nothing_is_offered_twice_or_where_it_is_not_known() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    let left = completed(
        &mut client,
        CONFIG,
        "[instances.a]\nkind = \"production\"\nfiles = []\n|\n[instances.b]\naccount = \"x\"\n",
    );
    assert!(
        left.contains(&"account = ".to_owned()) && !left.contains(&"kind = ".to_owned()),
        "{left:?}"
    );
    let waived = completed(&mut client, CONFIG, "[[waivers]]\nrule = |");
    assert!(waived.len() > 40 && !waived.contains(&"rule = \"unused-waiver\"".to_owned()));
    for text in
        ["# ex|", "[[waivers]]\nreason = \"|\"", "[nowhere]\n|", "[rules] |", "exclude = [\n# k|"]
    {
        assert_eq!(completed(&mut client, CONFIG, text), [""; 0], "{text}");
    }
    assert_eq!(completed(&mut client, "k8s/prod/settings.yaml", "ki|"), [""; 0]);
}

#[test]
fn a_remark_that_accepts_a_finding_is_completed_in_any_file() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    let found =
        completed(&mut client, "k8s/prod/settings.yaml", "a: b # commerce-lint: allow blank|");
    assert!(
        found.contains(&"a: b # commerce-lint: allow blank-override -- ".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.contains("plaintext-private-key")),
        "errors are not allowed so"
    );
}

#[test]
fn keys_and_rules_are_explained_and_mistakes_marked() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    for (text, says) in [
        (
            "[instances.production]\nki|nd = \"production\"\n",
            "`instances.production.kind`: What it is for.",
        ),
        ("[ru|les]\n", "`rules`: The level of each rule"),
        ("[rules]\nshared-data-spa|ce = \"warning\"\n", "`shared-data-space` (error): "),
        ("[[waivers]]\nrule = \"blank-over|ride\"\n", "`blank-override` (warning): "),
        ("[instances.produc|tion]\n", "`production`: production, path"),
    ] {
        let (line, character) = typed(&mut client, CONFIG, text);
        let answer = client.ask_at("textDocument/hover", CONFIG, line, character);
        let told = answer["result"]["contents"]["value"].as_str().unwrap_or_default();
        assert!(told.starts_with(says), "{text}: {answer}");
    }
    for (text, says, at) in [
        ("[rules]\nshared-data-spce = \"error\"\n", "unknown rule", [1, 0]),
        ("[instances.a]\nkind = \"live\"\nfiles = [\"x\"]\n", "kind", [1, 7]),
        ("[limits\n", "", [0, 0]),
    ] {
        client.open(CONFIG, text);
        let mut marks = client.marks(CONFIG);
        while marks.is_empty() {
            marks = client.marks(CONFIG);
        }
        let mark = &marks[0];
        assert!(mark["message"].as_str().is_some_and(|text| text.contains(says)), "{mark}");
        let start = &mark["range"]["start"];
        assert_eq!(start["line"], json!(at[0]), "{mark}");
        assert!(at[1] == 0 || start["character"] == json!(at[1]), "{mark}");
    }
}
