//! No needle is lost, and no file that a recogniser would use.

use proptest::prelude::*;

use super::*;

fn settings(text: &str) -> bool {
    sift("a.txt", text.as_bytes()).settings
}

fn base64(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// A document that sets a known path, in every notation that a recogniser reads.
fn documents(path: &str) -> Vec<String> {
    let variable = format!("CONFIG__DEFAULT__{}", path.replace('/', "__").to_uppercase());
    let nested = |before: &str, after: &str| {
        let lines = path
            .split('/')
            .enumerate()
            .map(|(depth, part)| format!("{}{before}{part}{after}\n", "  ".repeat(depth)));
        lines.collect::<String>()
    };
    let escaped =
        |escape: &dyn Fn(u8) -> String| path.bytes().map(escape).collect::<Vec<_>>().concat();
    let wrapped: Vec<_> =
        base64(&format!("<?php return ['{}' => 1];", path.replace('/', "' => ['")))
            .as_bytes()
            .chunks(5)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
    let secret = format!("data:\n  env.php: |\n    {}\n", wrapped.join("\n    "));
    vec![
        path.to_owned(),
        path.to_uppercase(),
        format!("{{\"{}\": 1}}", path.replace('/', "\\/")),
        format!("bin/magento config:set --lock-env {path} 'value'"),
        format!("INSERT INTO `core_config_data` VALUES (1,'default',0,'{path}','x');"),
        format!("fastcgi_param {variable} x;"),
        format!("env[{variable}] = x"),
        nested("", ":"),
        nested("'", "' => ["),
        nested("\"", "\": {"),
        path.replace('/', "."),
        format!("n98-magerun2 config:env:set system.default.{} x", path.replace('/', ".")),
        format!("[{}]", path.replace('/', ".")),
        format!("{variable}=value"),
        format!("- name: {variable}\n  value: x"),
        variable.to_lowercase(),
        path.replace('_', r"\u005f"),
        path.replace('_', r"\u005F"),
        path.replace('_', r"\U0000005f"),
        path.replace('_', r"\u{5f}"),
        path.replace('_', r"\x5f"),
        path.replace('_', r"\137"),
        escaped(&|byte| format!(r"\u{byte:04x}")),
        escaped(&|byte| format!(r"\x{byte:02X}")),
        escaped(&|byte| format!(r"\{byte:o}")),
        base64(&format!("{variable}=value")),
        format!("apiVersion: v1\nkind: Secret\n{secret}"),
        format!("{secret}kind:   \"Secret\"\n"),
        format!("{{\"kind\":\"Secret\",\"x\":\"{}\"}}", base64(path)),
        secret.replace("data:", "binaryData:"),
    ]
}

#[test]
fn every_known_path_is_seen_in_every_notation() {
    for (path, _) in Parameter::all() {
        for document in documents(path) {
            assert!(settings(&document), "{path} in {document}");
        }
    }
}

#[test]
fn base64_is_seen_wherever_it_starts() {
    for before in ["", "x", "xy", "xyz"] {
        assert!(settings(&base64(&format!("{before}services_connector!"))));
        assert!(settings(&base64(&format!("{before}CONFIG__A"))));
        assert!(sift("a", base64(&format!("{before}PRIVATE KEY-----")).as_bytes()).secrets);
    }
}

#[test]
fn base64_in_another_case_is_something_else() {
    assert!(!settings(&base64("services_connector").to_lowercase()));
    assert!(!sift("a", base64("PRIVATE KEY").to_uppercase().as_bytes()).secrets);
}

#[test]
fn what_fetches_a_secret_leads_to_settings() {
    for text in
        ["kind: ClusterExternalSecret\n", "\"kind\": \"SealedSecret\"", "kind: SecretProviderClass"]
    {
        assert!(settings(text), "{text}");
    }
}

#[test]
fn other_text_is_sifted_out() {
    for text in [
        "",
        "namespace Magento\\Services\\Connector;",
        "CONFIG_",
        "Private key",
        "kind: SecretStore",
        "kind: UnsealedSecret",
        "kindSecret",
        r"\u00e9\u0022\x7f\x0a\0101\u{1F600}\u{5f",
        r"preg_replace('/a/', '\1\2')",
        "$payment_method = 1;",
        "services-connector",
        r"html: \u003cb\u003e \u0041 \u005f",
    ] {
        assert_eq!(sift("a.php", text.as_bytes()), Sifted::default(), "{text}");
    }
}

#[test]
fn keys_and_settings_are_told_apart() {
    assert_eq!(sift("a", b"-----BEGIN RSA PRIVATE KEY-----"), SECRETS);
    assert_eq!(sift("a", b"secretRef: x"), SETTINGS);
    assert_eq!(sift("a", b"bin/magento saas:resync --cleanup-feed"), SETTINGS);
    assert_eq!(sift("a", b"services_connector PRIVATE KEY"), BOTH);
}

#[test]
fn a_kustomization_leads_to_settings_whatever_it_holds() {
    assert!(sift("k8s/prod/kustomization.yml", b"").settings);
    assert!(sift("Kustomization", b"").settings);
    assert!(!sift("k8s/kustomization.yaml/a", b"").settings);
}

#[test]
fn the_public_configuration_of_a_storefront_is_read() {
    let text = br#"{"Magento-Environment-Id": "x"}"#;
    assert!(sift("eds/config.json", text).settings);
    assert!(sift("configs.json", br#"{"commerce-environment-id": "x"}"#).settings);
    let endpoint = br#"{"commerce-endpoint": "https://na1.api.commerce.adobe.com/a/graphql"}"#;
    assert!(sift("config.json", endpoint).settings);
    assert!(!sift("action.yaml", text).settings && !sift("README.md", endpoint).any());
}

#[test]
fn a_shops_address_counts_in_sql_alone() {
    let text = b"UPDATE core_config_data SET value = 'x' WHERE path = 'web/secure/base_url';";
    assert!(sift("db/staging.sql", text).settings);
    assert!(!sift("setup/Upgrade.php", text).any());
    assert!(!sift("db/staging.sql", b"UPDATE store SET name = 'x';").any());
}

#[test]
fn words_for_this_tool_count_where_there_are_comments() {
    let text = b"# commerce-lint: allow placeholder-value -- x\n";
    for (name, is_seen) in
        [("a.yaml", true), ("src/a.php", true), ("README.md", false), ("a", false)]
    {
        let sifted = sift(name, text);
        assert_eq!(sifted, Sifted { remarks: is_seen, ..NOTHING }, "{name}");
        assert_eq!((sifted.any(), sifted.has_content()), (is_seen, false), "{name}");
    }
    assert!(!sift("a.yaml", b"commerce-lint allow\n").any());
}

#[test]
fn the_vector_search_finds_what_the_automaton_finds() {
    let text: String = Parameter::all().flat_map(|(path, _)| documents(path)).collect();
    for (search, _) in searches() {
        let Some(vector) = &search.vector else { return };
        let slow = search.automaton.find_iter(&text).map(|found| found.range());
        assert!(vector.find_iter(&text).map(|found| found.range()).eq(slow));
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_anchors_are_few_enough_for_the_vector_search() {
    if std::arch::is_x86_feature_detected!("avx2") {
        assert!(searches().iter().all(|(search, _)| search.vector.is_some()));
    }
}

#[test]
fn needles_are_shorter_than_what_pieces_share() {
    let longest =
        searches().iter().flat_map(|(_, needles)| needles).map(|needle| match &needle.proof {
            // Eight digits and up to eight backslashes, three levels deep.
            Proof::Name(name) => name.len() * (b"U0000005f".len() + 8),
            Proof::Text(text) => text.len(),
            Proof::Escape => 16,
            Proof::Change => STATEMENT + TABLE.len(),
            Proof::MapKind => 80 + CONFIG_MAP.len(),
            Proof::SecretKind => 80 + b"ClusterExternal".len() + b"SecretProviderClass".len(),
        });
    assert!(longest.max() < Some(OVERLAP));
}

proptest! {
    #[test]
    fn no_surroundings_hide_a_setting(
        before in proptest::collection::vec(any::<u8>(), 0..80),
        after in proptest::collection::vec(any::<u8>(), 0..80),
        near in r"([a-zA-Z_/\\\\'\x22: ]|_s|SERV|PRIVATE ){0,12}",
        pick in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(),
    ) {
        let paths: Vec<_> = Parameter::all().collect();
        let documents = documents(pick.get(&paths).0);
        // What surrounds base64 or `kind: Secret` can make another word of it.
        let document = which.get(&documents);
        let (near, after) = if document.contains("Secret") || document.ends_with('=') { ("\n".to_owned(), [b"\n", after.as_slice()].concat()) } else { (near, after) };
        let text = [before.as_slice(), near.as_bytes(), document.as_bytes(), &after].concat();
        prop_assert!(sift("a.yaml", &text).settings, "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn pieces_that_overlap_hide_nothing_that_the_whole_shows(
        parts in proptest::collection::vec(prop_oneof!["[a-z_\\\\ ]{0,20}", Just("CONFIG__".to_owned()), Just("PRIVATE KEY".to_owned()), Just("kind: Secret".to_owned()), Just(r"\u0041".to_owned()), Just(r"CONFIG\\u005f\137".to_owned())], 0..120),
        size in (OVERLAP + 1)..700_usize,
    ) {
        let text = parts.concat().into_bytes();
        let mut pieces = Sifted::default();
        let mut from = 0;
        while from < text.len() {
            let end = text.len().min(from + size);
            pieces = pieces.or(sift("a", text.get(from..end).unwrap_or_default()));
            from = if end == text.len() { end } else { end - OVERLAP };
        }
        prop_assert_eq!(pieces.or(sift("a", &text)), pieces);
    }
}

#[test]
fn statements_that_change_settings_are_parsed() {
    for text in [
        "UPDATE `mg_core_config_data` SET `value` = REPLACE(`value`, 'a', 'b');",
        "x; delete from shop.core_config_data where path like '%private_key';",
    ] {
        assert!(sift("db/clean.sql", text.as_bytes()).perhaps, "{text}");
        assert!(sift("clean.sh", text.as_bytes()).perhaps, "{text}");
        assert_eq!(sift("notes.md", text.as_bytes()), NOTHING, "{text}");
    }
    let dump = b"INSERT INTO x VALUES ('update');\nINSERT INTO `core_config_data` VALUES (1);";
    assert_eq!(sift("dump.sql", dump), NOTHING);
}

#[test]
fn names_that_php_joins_from_pieces_are_parsed() {
    let text = b"<?php return ['system' => ['default' => ['services_' . 'connector' => []]]];";
    assert!(sift("app/etc/env.prod.php", text).perhaps);
    assert!(sift("app/etc/config.php", text).perhaps);
    assert!(!sift("app/code/Model/Configuration.php", text).any());
}

#[test]
fn escapes_on_every_level_are_seen_through() {
    for text in [
        r"\u0073ervices_connector",
        r"services\\u005fconnector",
        r"\\\\u0043ONFIG\137_A",
        r"payment\x5fme\u{74}hods",
    ] {
        assert_eq!(sift("a.json", text.as_bytes()), SETTINGS, "{text}");
    }
    // The keys that PEM in escapes would hold are read by nobody.
    assert_eq!(sift("a.json", br"PRIVATE \u004bEY"), Sifted::default());
}
