//! What an editor completes and explains in the pages of a team's rules, and of the tree's paths in the configuration.

use super::client::Client;
use super::configuration::{completed, typed};
use crate::program::scratch::{DATA_SPACE, Scratch, data_space};

const CONFIG: &str = "commerce-lint.toml";
const PAGE: &str = "policy/acme/our-gateway.md";
const GATEWAY: &str = "services_connector/production_gateway_url";

fn page(front: &str) -> String {
    format!("---\n{front}\n---\n\n# Our gateway\n")
}

fn tree() -> Scratch {
    let sound =
        page("severity: error\nsummary: It is ours.\nassert: { setting: a/b/cdef, must: be-set }");
    Scratch::of(&[
        ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        ("k8s/eu-staging/settings.yaml", "services_connector/services_id/project_id: x\n"),
        ("policy/acme/our-space.md", &sound),
        ("policy/README.md", "# Ours\n"),
        ("org/policy.toml", "[rules]\n"),
        ("Cargo.lock", ""),
        (CONFIG, "[rules]\npacks = [\"policy\"]\n"),
    ])
}

#[test]
fn keys_words_and_paths_are_offered_in_a_page() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    for (front, offered) in [
        ("sev|", "severity: "),
        ("severity: |", "severity: warning"),
        ("severity: \"err|\"", "severity: \"error\""),
        ("finds: |", "finds: private-key"),
        ("yields-to: [blank|]", "yields-to: [blank-override]"),
        ("assert:\n  se|", "  setting: "),
        ("assert:\n  setting: services_connector/prod|", &format!("  setting: {GATEWAY}")),
        ("assert:\n  setting: [x/y, inst|]", "  setting: [x/y, instance/name]"),
        ("assert:\n- setting: x\n  mu|", "  must: "),
        ("assert:\n  must: |", "  must: be-unique"),
        ("assert:\n  must: { |", "  must: { be-one-of: "),
        ("assert:\n  must:\n    ma|", "    match: "),
        ("assert:\n  when: { ki|", "  when: { kind: "),
        ("assert:\n  when:\n    kind: pro|", "    kind: production"),
        ("assert:\n  when:\n    kind: [unknown, |]", "    kind: [unknown, non-production]"),
        ("assert:\n  when:\n    kind:\n      - |", "      - non-production"),
        ("assert:\n  when: { layer: | }", "  when: { layer: database }"),
        ("assert:\n  when: { carrier: conf| }", "  when: { carrier: config.php }"),
        ("assert:\n  when: { instance: eu| }", "  when: { instance: eu-staging }"),
        ("assert:\n  when:\n    settings:\n      magento|", "      magento_saas/environment: "),
        ("assert:\n  when:\n    settings: { a/b/cdef: | }", "    settings: { a/b/cdef: be-set }"),
    ] {
        let found = completed(&mut client, PAGE, &page(front));
        assert!(found.iter().any(|line| line == offered), "{front}: {found:?}");
    }
}

#[test]
fn nothing_is_offered_in_a_page_that_stands_there_or_belongs_elsewhere() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    let left = completed(
        &mut client,
        PAGE,
        &page("severity: error\n|\nassert:\n  - setting: x\n    must: be-set\n"),
    );
    assert!(left.contains(&"summary: ".to_owned()), "{left:?}");
    assert!(!left.contains(&"severity: ".into()) && !left.contains(&"assert: ".into()), "{left:?}");
    let second = completed(
        &mut client,
        PAGE,
        &page("assert:\n  - setting: x\n    must: be-set\n  - must: be-set\n    |"),
    );
    assert!(second.contains(&"    setting: ".to_owned()), "{second:?}");
    assert!(!second.contains(&"    must: ".to_owned()), "{second:?}");
    for front in ["summary: |", "assert:\n  message: |", "severity: off # |", "nowhere:\n  |"] {
        assert_eq!(completed(&mut client, PAGE, &page(front)), [""; 0], "{front}");
    }
    // Below its front matter a page is a text; and others have front matter, too.
    let body = page("severity: error") + "\nsev|";
    assert_eq!(completed(&mut client, PAGE, &body), [""; 0]);
    assert_eq!(
        completed(&mut client, "blog/2026/a-post.md", "---\ntitle: x\nsev|\n---\n"),
        [""; 0]
    );
    // A page that is written before a pack names it.
    let new = completed(&mut client, "rules-of-ours/new.md", "---\nseverity: error\nsum|\n---\n");
    assert_eq!(new.iter().filter(|line| *line == "summary: ").count(), 1, "{new:?}");
}

#[test]
fn keys_of_a_page_are_explained() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    for (front, says) in [
        ("sever|ity: off", "`severity`: The level without configuration."),
        ("assert:\n  setting: x\n  mu|st: be-set", "`assert.must`: What it must be"),
    ] {
        let (line, character) = typed(&mut client, PAGE, &page(front));
        let answer = client.ask_at("textDocument/hover", PAGE, line, character);
        let told = answer["result"]["contents"]["value"].as_str().unwrap_or_default();
        assert!(told.starts_with(says), "{front}: {answer}");
    }
}

#[test]
fn paths_of_the_tree_are_offered_where_the_configuration_names_files() {
    let scratch = tree();
    let mut client = Client::of(&scratch);
    for (text, offered) in [
        ("exclude = [|]", vec!["Cargo.lock", CONFIG, "k8s", "org", "policy"]),
        ("exclude = [\"k8s/|\"]", vec!["k8s/eu-staging", "k8s/prod"]),
        ("exclude = [\"a\", \"k8s/prod/s|\"]", vec!["k8s/prod/settings.yaml"]),
        ("[rules]\npacks = [|]", vec!["policy"]),
        ("[rules]\npacks = ['policy/|']", vec!["policy/acme"]),
        ("[rules]\npacks = ['k8s/|']", vec![]),
        ("[policy]\nextends = [|]", vec!["org"]),
        ("[policy]\nextends = [\"org/|\"]", vec!["org/policy.toml"]),
        ("[policy]\nlocked = [\"exc|\"]", vec![]),
    ] {
        let found = completed(&mut client, CONFIG, text);
        let paths: Vec<&str> = found
            .iter()
            .filter_map(|line| {
                line.rsplit_once(['"', '\''])
                    .map_or(Some(line.as_str()), |(before, _)| before.rsplit(['"', '\'']).next())
            })
            .collect();
        if text.contains("locked") {
            assert!(paths.contains(&"exclude") && !paths.contains(&"policy"), "{paths:?}");
        } else {
            assert_eq!(paths, offered, "{text}");
        }
    }
}
