//! JSON Web Keys wherever their text stands in a value, and written as mappings of other formats; public ones are nobody's secret.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use commerce_lint::recognise::secret::{Form, find};

use super::only;

/// Of RFC 8037, appendix A.1, and of RFC 7517, appendix A.2, the elliptic one: printed there for everybody.
const EDWARDS: [(&str, &str); 4] = [
    ("kty", "OKP"),
    ("crv", "Ed25519"),
    ("d", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"),
    ("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
];
const ELLIPTIC: [(&str, &str); 5] = [
    ("kty", "EC"),
    ("crv", "P-256"),
    ("x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"),
    ("y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"),
    ("d", "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"),
];

fn json(members: &[(&str, &str)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    format!("{{{}}}", members.join(","))
}

/// A key as every kind of file has it.
fn dressed(members: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let text = json(members);
    let spaced = text.replace(':', ": ").replace(',', ",\n      ");
    let lines = |line: &dyn Fn(&str, &str) -> String| -> String {
        members.iter().map(|(name, value)| line(name, value)).collect()
    };
    let pairs = lines(&|name, value| format!("'{name}' => '{value}', "));
    vec![
        ("a block of YAML", format!("signing:\n  jwk: |\n      {spaced}\n")),
        ("a variable", format!("JWK='{text}'\n")),
        ("a variable without quotes", format!("export JWK={text}\n")),
        ("a text of PHP", format!("<?php return ['jwk' => '{text}'];\n")),
        ("escaped in PHP", format!("<?php return ['jwk' => \"{}\"];\n", text.replace('"', "\\\""))),
        ("a text of TOML", format!("jwk = '{text}'\n")),
        ("a heredoc", format!("locals {{\n  jwk = <<EOT\n{spaced}\nEOT\n}}\n")),
        ("an attribute of XML", format!("<key jwk=\"{}\"/>\n", text.replace('"', "&quot;"))),
        ("escapes of JSON", format!("{{\"jwk\": \"{}\"}}\n", text.replace('"', "\\u0022"))),
        (
            "an address",
            format!(
                "jwk={}\n",
                text.replace('{', "%7B")
                    .replace('}', "%7D")
                    .replace('"', "%22")
                    .replace(':', "%3A")
            ),
        ),
        ("a literal of Python", format!("JWK = {}\n", text.replace('"', "'"))),
        ("base64", format!("jwk: {}\n", BASE64_STANDARD.encode(&text))),
        (
            "a mapping of YAML",
            "jwk:\n".to_owned() + &lines(&|n, v| format!("  {n}: {v}\n")) + "kid: a\n",
        ),
        ("an item of YAML", {
            let lines = lines(&|name, value| format!("    {name}: \"{value}\"\n"));
            format!("keys:\n  - {}", lines.trim_start())
        }),
        ("an array of PHP", format!("<?php return ['jwk' => [{pairs}]];\n")),
        ("a table of TOML", "[jwk]\n".to_owned() + &lines(&|n, v| format!("{n} = \"{v}\"\n"))),
        ("a map of Terraform", {
            format!(
                "locals {{\n  jwk = {{\n{}  }}\n}}\n",
                lines(&|n, v| format!("    {n} = \"{v}\"\n"))
            )
        }),
    ]
}

#[test]
fn a_private_web_key_is_found_in_every_dress() {
    for members in [&EDWARDS[..], &ELLIPTIC] {
        for (what, text) in dressed(members) {
            let key = only(&text, what);
            assert_eq!(key.form, Form::WebKey, "{what}");
            let range = key.span.range();
            let private = members.iter().find(|(name, _)| *name == "d").expect("it is private").1;
            if let Some(at) = text.find(private) {
                assert!(range.start <= at && at + private.len() <= range.end, "{what}: {range:?}");
            }
        }
    }
}

#[test]
fn a_public_web_key_is_no_secret_wherever_it_stands() {
    for members in [&EDWARDS[..], &ELLIPTIC] {
        let public: Vec<(&str, &str)> =
            members.iter().copied().filter(|(name, _)| *name != "d").collect();
        let kept = [&public[..], &[("d", "${JWK_PRIVATE}")]].concat();
        for (what, text) in dressed(&public).into_iter().chain(dressed(&kept)) {
            assert_eq!(find(&text), [], "{what}");
        }
        let private = members.iter().find(|(name, _)| *name == "d").expect("it is private").1;
        // Another `d` than the key's own.
        for text in [
            format!("JWK='{}'\nd=\"{private}\"\n", json(&public)),
            format!("{{\"jwk\": {}, \"d\": \"{private}\"}}\n", json(&public)),
            format!("jwk: {}\nd: {private}\n", json(&public)),
        ] {
            assert_eq!(find(&text), [], "{text}");
        }
    }
}
