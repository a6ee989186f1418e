//! Keys and ciphertext in whole trees: what is found, where, and that nothing of them is printed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use commerce_lint::sift::{Sifted, sift};
use commerce_lint::states::{Configured, Request};
use commerce_lint::{Outcome, rules, run};
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

const PATH: &str = "services_connector/services_connector_integration/production_private_key";
const CRYPT_KEY: &str = "5c1de0a4f7b3928e6d05c4a1b8f27e93";
const CLIENT_SECRET: &str = "p8e-Qw3rTy7UiOp";

fn key() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys/rsa-pkcs8.pem");
    fs::read_to_string(path).unwrap().trim_end().to_owned()
}

/// The key's base64 without markers and line breaks.
fn body() -> String {
    key().lines().filter(|line| !line.starts_with('-')).collect()
}

fn tree(files: &[(&str, Vec<u8>)]) -> TempDir {
    let tree = tempfile::Builder::new().prefix("commerce-lint").tempdir().unwrap();
    for (path, bytes) in files {
        let path = tree.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    tree
}

fn outcome(files: &[(&str, Vec<u8>)]) -> Outcome {
    run(&Request {
        path: tree(files).path().into(),
        configured: Configured::Nowhere,
        ..Request::default()
    })
    .unwrap()
}

/// The findings of one rule as `line:column message`.
fn found(outcome: &Outcome, rule: &str) -> Vec<String> {
    let of_rule = outcome.diagnostics.iter().filter(|found| found.rule == rule);
    let shown = of_rule.map(|found| {
        let (start, _) = outcome.sources.positions(found.finding.primary.at);
        format!("{}:{} {}", start.line, start.column, found.finding.message)
    });
    shown.collect()
}

fn wide(text: &str) -> Vec<u8> {
    "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_key_in_every_dress_is_one_finding_in_its_place() {
    let (key, body) = (key(), body());
    let lines: Vec<&str> = key.lines().collect();
    let escaped = key.replace('\n', "\\n");
    let wrapped = body.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap());
    let wrapped: Vec<&str> = wrapped.collect();
    let php = |value: &str| {
        format!(
            "<?php\nreturn ['system' => ['default' => ['services_connector' => ['services_connector_integration' => [\n'production_private_key' => {value},\n]]]]];\n"
        )
    };
    let secret = |value: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_PRIVATE_KEY: {value}\n"
        )
    };
    let sql = format!(
        "INSERT INTO core_config_data VALUES (1,'default',0,'{PATH}','{escaped}','2024-01-01');\n"
    );
    let variable = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_PRIVATE_KEY";
    for (path, text, start) in [
        ("env.prod.php", php(&format!("'{key}'")), "-----BEGIN"),
        ("env.prod.php", php(&format!("'{body}'")), "MII"),
        ("env.prod.php", php(&format!("'{}'\n. '{}'", &body[..400], &body[400..])), "MII"),
        ("env.prod.php", php(&format!("<<<KEY\n{}\nKEY", wrapped.join("\n"))), "MII"),
        ("prod.yaml", format!("{PATH}: {body}\n"), "MII"),
        ("prod.yaml", format!("{PATH}: |\n  {}\n", wrapped.join("\n  ")), "MII"),
        ("prod.yaml", format!("{PATH}: '%encrypt({body})%'\n"), "MII"),
        ("prod.yaml", format!("{PATH}: \"%encrypt({escaped})%\"\n"), "-----BEGIN"),
        ("prod.json", format!("{{\"{PATH}\": \"{}\"}}", body.replace('/', "\\/")), "MII"),
        ("prod.yaml", secret(&BASE64_STANDARD.encode(&key)), "LS0t"),
        ("prod.yaml", secret(&BASE64_STANDARD.encode(BASE64_STANDARD.encode(&key))), "TFMw"),
        ("prod.yaml", secret(&BASE64_STANDARD.encode(&body)), "TUlJ"),
        ("prod.yaml", secret(&body), "MII"),
        (".env.prod", format!("{variable}={body}\n"), "MII"),
        (".env.prod", format!("{variable}=\"{escaped}\"\n"), "-----BEGIN"),
        ("prod.sql", sql, "-----BEGIN"),
        ("prod.sh", format!("bin/magento config:set {PATH} \"{key}\"\n"), "-----BEGIN"),
        ("prod.sh", format!("KEY=\"{}\"\n", lines.join("\\n\\\n")), "-----BEGIN"),
        ("Config.java", format!("String k = \"{}\";\n", lines.join("\\n\" +\n  \"")), "-----BEGIN"),
        ("config.xml", format!("<k>{}</k>\n", lines.join("&#10;")), "-----BEGIN"),
    ] {
        let offset = text.find(start).unwrap();
        let before = text[..offset].rsplit('\n').next().unwrap();
        let place = format!("{}:{}", text[..offset].matches('\n').count() + 1, before.len() + 1);
        for (bytes, dress) in [(text.clone().into_bytes(), "UTF-8"), (wide(&text), "UTF-16")] {
            let outcome = outcome(&[(path, bytes)]);
            let found = found(&outcome, "plaintext-private-key");
            assert_eq!(found.len(), 1, "{dress}: {found:?} in\n{text}");
            assert!(
                found[0].starts_with(&format!("{place} PKCS#8 ")),
                "{dress}: {found:?} in\n{text}"
            );
            assert!(outcome.summary.complete, "{text}");
        }
    }
}

#[test]
fn every_occurrence_is_a_finding() {
    let (key, body) = (key(), body());
    let text = format!("{PATH}: {body}\nother: {{{PATH}: {body}}}\n");
    let outcome = outcome(&[("a.yaml", text.into()), ("b.pem", format!("{key}\n{key}\n").into())]);
    assert_eq!(found(&outcome, "plaintext-private-key").len(), 4);
}

#[test]
fn a_compressed_dump_is_searched_within_bounds() {
    let dump = format!("INSERT INTO a VALUES ('{}');\n", key().replace('\n', "\\n"));
    let far = [vec![b' '; 3 << 20], dump.clone().into_bytes()].concat();
    let outcome = outcome(&[
        ("a.sql.gz", packed(dump.as_bytes())),
        ("b.sql.gz", packed(&far)),
        ("clean.gz", packed(b"nothing")),
        ("cut.gz", packed(dump.as_bytes())[..40].to_vec()),
        ("named.gz", b"no gzip".to_vec()),
    ]);
    let message =
        "1:1 PKCS#8 private key in plaintext somewhere in this file: gzip is not encryption";
    assert_eq!(found(&outcome, "plaintext-private-key"), [message; 2]);
    assert!(outcome.summary.complete);
    let files = [
        ("commerce-lint.toml", b"limits.file-bytes = '1 MiB'".to_vec()),
        ("far.gz", packed(&far)),
        ("near.gz", packed(&[dump.as_bytes(), &far].concat())),
    ];
    let outcome = run(&Request { path: tree(&files).path().into(), ..Request::default() }).unwrap();
    assert_eq!(
        found(&outcome, "unreadable-config"),
        ["1:1 not read whole: unpacks to more than 1 MiB (limits.file-bytes)"]
    );
}

#[test]
fn settings_of_a_compressed_dump_count_within_bounds() {
    let id = "0f4c1c61-ba29-4891-bdd1-b0ceb7c87afb";
    let row = format!(
        "INSERT INTO core_config_data VALUES (1,'default',0,'services_connector/services_id/environment_id','{id}');\n"
    );
    let long = format!("INSERT INTO cms_block VALUES ('{}');\n", "x ".repeat(1 << 20)).repeat(3);
    let noise: Vec<u8> =
        (0..4096_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let noise = noise.iter().fold(String::new(), |text, byte| text + &format!("{byte:x}"));
    let cut = packed(format!("{row}INSERT INTO a VALUES ('{noise}');").as_bytes());
    let mut padded = packed(row.as_bytes());
    padded.extend([0; 512]);
    let listed = |name: &str, bytes: Vec<u8>| {
        let limits = ("commerce-lint.toml", b"limits.file-bytes = '1 MiB'".to_vec());
        let tree = tree(&[limits, (name, bytes)]);
        let outcome = run(&Request { path: tree.path().into(), ..Request::default() }).unwrap();
        let spaces: Vec<_> = outcome
            .inventory
            .instances
            .iter()
            .filter_map(|of| outcome.inventory.data_space(of))
            .collect();
        (spaces.len(), found(&outcome, "unreadable-config").join("; "))
    };
    let whole = (1, String::new());
    assert_eq!(listed("prod.sql.gz", packed(row.as_bytes())), whole);
    assert_eq!(listed("prod.SQL.GZ", padded), whole);
    assert_eq!(listed("prod.sql.gz", packed((long.clone() + &row).as_bytes())), whole);
    assert_eq!(listed("prod.txt.gz", packed(row.as_bytes())), (0, String::new()));
    let broken = "1:1 not read whole: the compression breaks off or is not sound".to_owned();
    assert_eq!(listed("prod.sql.gz", cut[..cut.len() - 40].to_vec()), (1, broken));
    let bomb = packed((row + &long.repeat(12)).as_bytes());
    let beyond = "1:1 not read whole: unpacks to more than 64 MiB (limits.file-bytes)".to_owned();
    assert_eq!(listed("prod.sql.gz", bomb), (0, beyond));
}

#[test]
fn what_only_looks_like_a_key_is_silent() {
    let body = body();
    let public = |name: &str| {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name)).unwrap()
    };
    let bare: String = String::from_utf8(public("certificate.pem")).unwrap();
    let bare: String = bare.lines().filter(|line| !line.starts_with('-')).collect();
    for (path, bytes) in [
        ("a.pem", public("certificate.pem")),
        ("a.pem", public("public.pem")),
        ("a.pem", public("csr.pem")),
        ("a.yaml", format!("{PATH}: {bare}\n").into()),
        ("a.yaml", format!("comment: {}\n", &body[..200]).into()),
        ("a.md", b"-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n".to_vec()),
        ("a.php", b"<?php if (str_contains($k, '-----BEGIN PRIVATE KEY-----')) { }".to_vec()),
    ] {
        for bytes in [wide(&String::from_utf8_lossy(&bytes)), packed(&bytes), bytes] {
            let path = if bytes.starts_with(&[0x1F]) { "a.gz" } else { path };
            let found = found(&outcome(&[(path, bytes)]), "plaintext-private-key");
            assert_eq!(found, [""; 0], "{path}");
        }
    }
}

/// What Magento writes: the nonce is the additional data, too.
fn sealed(version: u32, crypt_key: &str, text: &str) -> String {
    let nonce = [3; 12];
    let cipher = ChaCha20Poly1305::new_from_slice(crypt_key.as_bytes()).unwrap();
    let payload = Payload { msg: text.as_bytes(), aad: &nonce };
    let sealed = cipher.encrypt(&Nonce::from(nonce), payload).unwrap();
    format!("{version}:3:{}", BASE64_STANDARD.encode([nonce.to_vec(), sealed].concat()))
}

fn env_php(crypt_key: &str, private_key: &str) -> Vec<u8> {
    let crypt = format!("'crypt' => ['key' => {crypt_key}],\n");
    let key = format!("'production_private_key' => '{private_key}'");
    format!("<?php\nreturn [\n{crypt}'system' => ['default' => ['services_connector' => ['services_connector_integration' => [\n{key}\n]]]]];\n").into()
}

#[test]
fn ciphertext_is_tried_with_the_keys_of_the_tree() {
    let ciphertext = sealed(0, CRYPT_KEY, &key());
    let quoted = format!("'{CRYPT_KEY}'");
    let only_key = format!("<?php return ['crypt' => ['key' => {quoted}]];\n").into_bytes();
    let config_php = format!(
        "<?php return ['system' => ['default' => ['services_connector' => ['services_connector_integration' => ['production_private_key' => '{ciphertext}']]]]];\n"
    );
    let other = "'8e6d05c4a1b8f27e935c1de0a4f7b392'";
    let legacy = format!("0:2:{}:{}", "v".repeat(32), BASE64_STANDARD.encode([1; 64]));
    let yaml = |name: &str| {
        format!("services:\n  php:\n    environment:\n      {name}: {CRYPT_KEY}\n").into_bytes()
    };
    let rule = "decryptable-private-key";
    for (what, files, count) in [
        ("in one file", vec![("app/etc/env.php", env_php(&quoted, &ciphertext))], 1),
        (
            "in a list",
            vec![("app/etc/env.php", env_php(&format!("\"{CRYPT_KEY}\\nother\""), &ciphertext))],
            1,
        ),
        (
            "beside it",
            vec![
                ("app/etc/config.php", config_php.clone().into()),
                ("app/etc/env.php", only_key.clone()),
            ],
            1,
        ),
        (
            "elsewhere in the tree",
            vec![
                ("app/etc/config.php", config_php.clone().into()),
                ("ops/env.prod.php", only_key.clone()),
            ],
            1,
        ),
        (
            "in a copy that deploys nothing",
            vec![
                ("app/etc/config.php", config_php.clone().into()),
                ("app/etc/env.php.bak", only_key.clone()),
            ],
            1,
        ),
        (
            "in a variable",
            vec![
                ("app/etc/config.php", config_php.clone().into()),
                ("docker-compose.yml", yaml("MAGENTO_DC_CRYPT__KEY")),
            ],
            1,
        ),
        ("of an old cipher", vec![("app/etc/env.php", env_php(&quoted, &legacy))], 1),
        ("another key", vec![("app/etc/env.php", env_php(other, &ciphertext))], 0),
        ("a reference", vec![("app/etc/env.php", env_php("getenv('CRYPT_KEY')", &ciphertext))], 0),
        ("no key", vec![("app/etc/config.php", config_php.clone().into())], 0),
        (
            "another name",
            vec![
                ("app/etc/config.php", config_php.into()),
                ("docker-compose.yml", yaml("ENCRYPT_KEYS")),
            ],
            0,
        ),
    ] {
        let outcome = outcome(&files);
        assert_eq!(found(&outcome, rule).len(), count, "{what}: {:?}", outcome.diagnostics);
        assert_eq!(found(&outcome, "unknown-key-version"), [""; 0], "{what}");
    }
}

#[test]
fn an_encryption_key_opens_ciphertext_from_every_carrier() {
    let ciphertext = sealed(0, CRYPT_KEY, &key());
    let config_php = format!(
        "<?php return ['system' => ['default' => ['services_connector' => ['services_connector_integration' => ['production_private_key' => '{ciphertext}']]]]];\n"
    );
    for (path, text) in [
        (
            "docker-compose.yml",
            format!("services:\n  php:\n    environment:\n      CRYPT_KEY: {CRYPT_KEY}\n"),
        ),
        (".magento.env.yaml", format!("stage:\n  deploy:\n    CRYPT_KEY: {CRYPT_KEY}\n")),
        (
            ".magento.app.yaml",
            format!("name: shop\nvariables:\n  env:\n    CRYPT_KEY: {CRYPT_KEY}\n"),
        ),
        (".env", format!("CRYPT_KEY={CRYPT_KEY}\n")),
        ("install.sh", format!("bin/magento setup:install --key={CRYPT_KEY} -n\n")),
        ("install.sh", format!("bin/magento setup:config:set --key \"{CRYPT_KEY}\" -n\n")),
        (
            "cloud.sh",
            format!(
                "magento-cloud variable:create --level environment --name env:CRYPT_KEY --value {CRYPT_KEY} --sensitive true\n"
            ),
        ),
        (
            "write.sh",
            format!(
                "echo \"<?php return ['crypt' => ['key' => '{CRYPT_KEY}']];\" > app/etc/env.php\n"
            ),
        ),
        (
            "write.sh",
            format!(
                "cat > app/etc/env.php <<'E'\n<?php\nreturn ['crypt' => ['key' => '{CRYPT_KEY}']];\nE\n"
            ),
        ),
        ("group_vars/all.yml", format!("env:\n  crypt:\n    key: {CRYPT_KEY}\n")),
    ] {
        let outcome = outcome(&[
            ("app/etc/config.php", config_php.clone().into()),
            (path, text.clone().into()),
        ]);
        let found = found(&outcome, "decryptable-private-key");
        assert_eq!(found.len(), 1, "{text}: {:?}", outcome.diagnostics);
    }
}

#[test]
fn a_key_that_is_named_and_not_there_is_reported() {
    let rule = "unknown-key-version";
    let of = |key: &str, version| {
        found(
            &outcome(&[("app/etc/env.prod.php", env_php(key, &sealed(version, CRYPT_KEY, "x")))]),
            rule,
        )
    };
    assert_eq!(of("'a'", 1).len(), 1);
    assert_eq!(of("\"a\\nb\"", 1), [""; 0]);
    assert_eq!(of("'a b'", 2).len(), 1);
    assert_eq!(of("'#env(KEY)'", 1), [""; 0]);
    assert_eq!(of("'CHANGEME'", 1), [""; 0]);
}

#[test]
fn an_encryption_key_makes_no_instance() {
    let env = b"<?php return ['db' => ['a' => 'b'], 'crypt' => ['key' => '5c1de0a4f7b3928e6d05c4a1b8f27e93']];";
    let broken =
        b"<?php return ['crypt' => ['key' => '5c1de0a4f7b3928e6d05c4a1b8f27e93'] 'db' => [[";
    let outcome = outcome(&[
        ("app/etc/env.prod.php", env.to_vec()),
        ("app/etc/env.stage.php", broken.to_vec()),
    ]);
    assert_eq!(outcome.inventory.instances.len(), 0);
    assert_eq!(outcome.diagnostics, []);
    assert!(outcome.summary.complete);
}

#[test]
fn encryption_keys_are_sifted_in_by_their_file_and_variable() {
    let php = b"<?php return ['crypt' => ['key' => 'x']];";
    let only = Sifted { perhaps: true, ..Sifted::default() };
    assert_eq!(sift("app/etc/env.php", php), only);
    assert_eq!(sift("app/code/Crypt.php", php), Sifted::default());
    assert_eq!(sift("compose.yaml", b"MAGENTO_DC_CRYPT__KEY: x"), only);
}

#[test]
fn no_output_shows_a_secret() {
    let ciphertext = sealed(0, CRYPT_KEY, &key());
    let quoted = format!("'{CRYPT_KEY}'");
    let secret = "services_connector/ims_technical_account_credentials/client_secret";
    let mut sample = env_php(&quoted, &key());
    sample.extend(b"\n");
    let dump = format!(
        "INSERT INTO core_config_data VALUES (1,'default',0,'{PATH}','{}'),(2,'default',0,'{secret}','{CLIENT_SECRET}');",
        key()
    );
    let files = [
        ("app/etc/env.prod.php", env_php(&quoted, &ciphertext)),
        ("app/etc/env.stage.php", env_php(&quoted, &sealed(3, CRYPT_KEY, "x"))),
        ("app/etc/env.php.dist", sample),
        (
            "config/store/prod/a.yaml",
            format!("{secret}: {CLIENT_SECRET}\n{PATH}: {}\n", body()).into(),
        ),
        ("wide.yaml", wide(&format!("{secret}: {CLIENT_SECRET}\n{PATH}: {}\n", body()))),
        ("dump.sql.gz", packed(key().as_bytes())),
        ("uat.sql.gz", packed(dump.as_bytes())),
    ];
    let tree = tree(&files);
    let key = key();
    let lines = key.lines().filter(|line| !line.starts_with('-'));
    let parts = lines.chain([CRYPT_KEY, CLIENT_SECRET]).flat_map(|text| text.as_bytes().windows(8));
    let parts: Vec<&[u8]> = parts.collect();
    for arguments in [
        ["check", "--output-format", "pretty"],
        ["check", "--output-format", "line"],
        ["check", "--output-format", "json"],
        ["instances", "--output-format", "json"],
        ["instances", "--explain", "--no-config"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
        let output = command.args(arguments).current_dir(tree.path()).output().unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {output:?}");
        for part in &parts {
            let leaks = |out: &[u8]| memchr::memmem::find(out, part).is_some();
            assert!(
                !leaks(&output.stdout) && !leaks(&output.stderr),
                "{arguments:?} shows {}",
                String::from_utf8_lossy(part)
            );
        }
    }
    let debug = format!(
        "{:?}",
        run(&Request {
            path: tree.path().into(),
            configured: Configured::Nowhere,
            ..Request::default()
        })
        .unwrap()
    );
    let shown = parts.iter().find(|part| memchr::memmem::find(debug.as_bytes(), part).is_some());
    assert_eq!(shown, None);
    assert!(rules::ids().contains(&"decryptable-private-key"));
}
