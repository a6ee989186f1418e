//! The keys of `fixtures/keys` in every dress, and everything that only looks like one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use commerce_lint::model::fingerprint::Fingerprint;
use commerce_lint::recognise::secret::{Encoding, Form, KeyMaterial, find, key_of, masks};
use commerce_lint::sift::signs::SIGNS;
use commerce_lint::sift::vocabulary::PRIVATE_KEY;
use proptest::prelude::*;

use dresses::{
    BASE64, DOUBLE_BASE64, Dress, ENTITIES, ESCAPED, JOINED, PERCENT, PLAIN, logged, wrap,
};

mod damages;
mod dresses;
mod web_keys;

const RSA: [(&str, Form, bool); 5] = [
    ("rsa-pkcs8.pem", Form::Pkcs8, false),
    ("rsa-pkcs1.pem", Form::Pkcs1, false),
    ("openssh-rsa.pem", Form::OpenSsh, false),
    ("rsa-encrypted-pkcs8.pem", Form::Pkcs8, true),
    ("rsa-encrypted-pkcs1.pem", Form::Pkcs1, true),
];
const OTHERS: [(&str, Form, bool); 13] = [
    ("ec-pkcs8.pem", Form::Pkcs8, false),
    ("ec-sec1.pem", Form::Ec, false),
    ("ec-with-parameters.pem", Form::Ec, false),
    ("ed25519-pkcs8.pem", Form::Pkcs8, false),
    ("dsa-pkcs8.pem", Form::Pkcs8, false),
    ("dsa.pem", Form::Dsa, false),
    ("openssh-ecdsa.pem", Form::OpenSsh, false),
    ("openssh-ed25519.pem", Form::OpenSsh, false),
    ("openssh-encrypted.pem", Form::OpenSsh, true),
    ("pgp.asc", Form::Pgp, false),
    ("pgp-encrypted.asc", Form::Pgp, true),
    ("pgp-ecc.asc", Form::Pgp, false),
    ("pgp-subkey-only.asc", Form::Pgp, false),
];
const PUBLIC: [&str; 7] = [
    "public.pem",
    "certificate.pem",
    "csr.pem",
    "dh-parameters.pem",
    "ec-parameters.pem",
    "openssh-public.txt",
    "pgp-public.asc",
];

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
    fs::read_to_string(path).expect("the fixture is readable")
}

fn all() -> impl Iterator<Item = (&'static str, Form, bool)> {
    RSA.into_iter().chain(OTHERS)
}

fn only(text: &str, what: &str) -> KeyMaterial {
    let mut found = find(text);
    assert_eq!(found.len(), 1, "{what}: {found:?} in\n{text}");
    found.remove(0)
}

fn fingerprint(name: &str) -> Fingerprint {
    only(&fixture(name), name).fingerprint
}

#[test]
fn every_form_is_found_with_its_markers() {
    for (name, form, encrypted) in all() {
        let text = fixture(name);
        let key = only(&text, name);
        assert_eq!(
            (key.form, key.encrypted, key.encoding),
            (form, encrypted, Encoding::Plain),
            "{name}"
        );
        let armour = &text[key.span.range()];
        assert!(armour.starts_with("-----BEGIN ") && armour.ends_with("-----"), "{name}: {armour}");
    }
}

#[test]
fn one_key_has_one_fingerprint_in_every_form() {
    for name in ["rsa-pkcs1.pem", "openssh-rsa.pem"] {
        assert_eq!(fingerprint(name), fingerprint("rsa-pkcs8.pem"), "{name}");
    }
    for name in ["ec-sec1.pem", "ec-with-parameters.pem"] {
        assert_eq!(fingerprint(name), fingerprint("ec-pkcs8.pem"), "{name}");
    }
    assert_eq!(fingerprint("dsa.pem"), fingerprint("dsa-pkcs8.pem"));
    assert_ne!(fingerprint("ec-pkcs8.pem"), fingerprint("rsa-pkcs8.pem"));
}

#[test]
fn every_key_is_found_once_in_every_dress() {
    let wardrobe = [
        (Encoding::Plain, PLAIN),
        (Encoding::Escaped, ESCAPED),
        (Encoding::Entities, ENTITIES),
        (Encoding::Percent, PERCENT),
        (Encoding::Joined, JOINED),
        (Encoding::Base64, BASE64),
        (Encoding::DoubleBase64, DOUBLE_BASE64),
    ];
    let mut failures = String::new();
    for (name, form, encrypted) in all() {
        let pem = fixture(name);
        let expected = (form, encrypted, fingerprint(name));
        for (encoding, dresses) in wardrobe {
            for (dress, wear) in dresses {
                // Without its end, nothing tells a legacy key from one cut short.
                if *dress == "no end" && name == "rsa-encrypted-pkcs1.pem" {
                    continue;
                }
                let text = wear(&pem);
                let found = find(&text);
                let seen: Vec<_> =
                    found.iter().map(|key| (key.form, key.encrypted, key.fingerprint)).collect();
                let encodings: Vec<_> = found.iter().map(|key| key.encoding).collect();
                if seen != [expected] || encodings != [encoding] {
                    writeln!(failures, "{name} in {encoding:?} {dress}: {found:?}").unwrap();
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_occurrence_is_found_in_its_place() {
    let (rsa, ec) = (fixture("rsa-pkcs8.pem"), fixture("ec-sec1.pem"));
    let json = serde_json::json!({ "production": rsa, "sandbox": ec }).to_string();
    let text = format!("{rsa}{json}\nkey: {}\n{ec}", BASE64_STANDARD.encode(&json));
    let found = find(&text);
    let expected = ["rsa-pkcs8.pem", "ec-sec1.pem"].map(fingerprint);
    let fingerprints: Vec<Fingerprint> = found.iter().map(|key| key.fingerprint).collect();
    let [one, other] = expected;
    assert_eq!(fingerprints, [one, one, other, one, other, other]);
    assert!(found.is_sorted_by(|left, right| left.span.end <= right.span.start), "{found:?}");
}

#[test]
fn the_place_is_the_whole_armour_or_the_whole_run() {
    let pem = fixture("rsa-pkcs8.pem");
    let pem = pem.trim_end();
    let escaped = pem.replace('\n', "\\n");
    let run = BASE64_STANDARD.encode(pem);
    let wrapped = wrap(&run, 64, "\n    ");
    for written in [pem, &escaped, &run, &wrapped] {
        let text = format!("é: |\n    {written}\nnext: value\n");
        let span = only(&text, "a mapping").span;
        assert_eq!(&text[span.range()], written);
        let text = format!("['é' => \"{written}\", 'next' => 'value']");
        let span = only(&text, "PHP").span;
        assert_eq!(&text[span.range()], written);
    }
    let cut = pem.split("-----END").next().unwrap();
    let text = format!("{cut}next words: value\n");
    assert_eq!(text[only(&text, "no end").span.range()], *cut.trim_end());
}

fn decoys() -> Vec<(String, String)> {
    let pem = fixture("rsa-pkcs8.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let armour =
        |body: &str| format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    let garbage = BASE64_STANDARD.encode(BASE64_STANDARD.encode(&body));
    let sequence = BASE64_STANDARD
        .encode([0x30, 0x82, 0x04, 0xA0].into_iter().chain([7; 1184]).collect::<Vec<u8>>());
    let mut decoys: Vec<(String, String)> = PUBLIC.map(|name| (name.into(), fixture(name))).into();
    for (what, body) in [
        ("no body", String::new()),
        ("dots", "...".into()),
        ("an ellipsis", "MIIE…".into()),
        ("a cut body with dots", format!("{}...", &body[..128])),
        ("words", "your key here".into()),
        ("a placeholder", "<YOUR_PRIVATE_KEY>".into()),
        ("one letter", wrap(&"x".repeat(1600), 64, "\n")),
        ("garbage", wrap(&garbage[..1600], 64, "\n")),
        ("a sequence of garbage", sequence),
        ("the first line", body[..64].into()),
        ("what holds the public numbers alone", wrap(&body[..384], 64, "\n")),
        ("a template", "{{ .Values.key }}".into()),
        ("a variable", "${PRIVATE_KEY}".into()),
    ] {
        decoys.push((what.into(), armour(&body)));
    }
    for name in ["public.pem", "certificate.pem", "csr.pem"] {
        let text = fixture(name);
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        decoys.push((format!("the body of {name}"), armour(&body)));
    }
    for (name, form, _) in all() {
        let text = fixture(name);
        // What follows the secret key in a PGP block is public. The parameters before an EC key are none of it.
        // Of an RSA key much can be read: see `what_is_left_of_a_key_is_found`.
        let cut = if form == Form::Pgp { text.len() / 4 } else { text.len() * 3 / 4 };
        if !matches!(name, "rsa-pkcs8.pem" | "rsa-pkcs1.pem") {
            decoys.push((format!("{name}, cut"), text[..cut].into()));
        }
        let body = text.rfind("-----BEGIN").expect("it begins") + 40;
        decoys.push((format!("{name}, cut soon"), text[..body].into()));
    }
    for code in [
        "if (strpos($k, '-----BEGIN PRIVATE KEY-----') === 0) { return 'a private key'; }",
        "preg_match('/-----BEGIN (RSA )?PRIVATE KEY-----(.*)-----END (RSA )?PRIVATE KEY-----/s', $k);",
        "const PATTERN = /-----BEGIN PRIVATE KEY-----[A-Za-z0-9+\\/=\\s]+-----END PRIVATE KEY-----/;",
        "$pem = \"-----BEGIN PRIVATE KEY-----\\n\" . chunk_split($key, 64) . \"-----END PRIVATE KEY-----\";",
        "grep -r -- '-----BEGIN RSA PRIVATE KEY-----' . && echo found",
        "Paste everything from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`.",
        "-----BEGIN PRIVATE KEY-----",
        "PRIVATE KEY",
    ] {
        decoys.push((code.into(), code.into()));
    }
    decoys
}

#[test]
fn nothing_that_only_looks_like_a_key_is_found() {
    let mut failures = String::new();
    for (what, text) in decoys() {
        let dressed = [
            text.clone(),
            serde_json::json!({ "key": text }).to_string(),
            BASE64_STANDARD.encode(&text),
            wrap(&BASE64_STANDARD.encode(BASE64_STANDARD.encode(&text)), 76, "\n"),
            logged(&text, |at| format!("2026-08-01T10:00:{at:02}.123Z ")),
            logged(&text, |at| format!("etc/key.pem:{}:", at + 3)),
        ];
        for text in dressed {
            if !find(&text).is_empty() || key_of(&text).is_some() {
                writeln!(failures, "{what}: {text}").unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// The corpus as files of one tree: what the program says of each.
#[test]
fn every_dress_is_found_in_its_file_and_no_decoy_is() {
    let pem = fixture("rsa-pkcs8.pem");
    let dresses = [PLAIN, ESCAPED, ENTITIES, PERCENT, JOINED, BASE64, DOUBLE_BASE64];
    let all = dresses.into_iter().flatten();
    let mut keys: Vec<String> = all.map(|(_, dress)| dress(&pem)).collect();
    keys.extend(damages::damages().into_iter().map(|(_, text)| text));
    keys.extend(damages::containers().into_iter().map(|(_, _, text)| text));
    let others: Vec<String> =
        decoys().into_iter().map(|(_, text)| text).chain(damages::decoys()).collect();
    assert!(keys.len() >= 60 && others.len() >= 80, "{} and {}", keys.len(), others.len());
    let tree = tempfile::tempdir().expect("a folder for temporary files exists");
    for (name, texts) in [("key", &keys), ("other", &others)] {
        for (number, text) in texts.iter().enumerate() {
            let path = tree.path().join(format!("{name}-{number:03}.txt"));
            fs::write(path, text).expect("the file is writable");
        }
    }
    let request = commerce_lint::states::Request { path: tree.path().into(), ..Default::default() };
    let outcome = commerce_lint::run(&request).expect("it is a tree");
    let places = outcome.diagnostics.iter().map(|found| found.finding.primary.at.source);
    let found: BTreeSet<&str> = places.map(|file| outcome.sources.path(file)).collect();
    let expected: Vec<String> =
        (0..keys.len()).map(|number| format!("key-{number:03}.txt")).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
    assert!(outcome.summary.complete);
}

#[test]
fn a_value_can_be_a_key_without_markers() {
    for (name, form, encrypted) in
        all().filter(|(_, form, _)| !matches!(form, Form::OpenSsh | Form::Pgp))
    {
        let pem = fixture(name);
        if pem.contains("Proc-Type") || pem.contains("PARAMETERS") {
            continue;
        }
        let body: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let once = body.concat();
        for (value, encoding) in [
            (once.clone(), Encoding::Bare),
            (format!("  {}\n", body.join("\n")), Encoding::Bare),
            (once.replace('+', "-").replace('/', "_"), Encoding::Bare),
            (once.trim_end_matches('=').into(), Encoding::Bare),
            (BASE64_STANDARD.encode(&once), Encoding::DoubleBase64),
        ] {
            let key = key_of(&value).unwrap_or_else(|| panic!("{name}: {value}"));
            assert_eq!(
                (key.form, key.encrypted, key.encoding),
                (form, encrypted, encoding),
                "{name}"
            );
            assert_eq!(key.fingerprint, fingerprint(name), "{name}");
            assert_eq!(&value[key.span.range()], value.trim());
            let anywhere = find(&format!("name: {value}\n"));
            let names: Vec<_> = anywhere.iter().map(|key| key.fingerprint).collect();
            assert_eq!(
                names,
                [fingerprint(name)],
                "{name}, {encoding:?}: it reads as a key wherever it stands"
            );
        }
    }
    for name in PUBLIC {
        let body: String = fixture(name).lines().filter(|line| !line.starts_with('-')).collect();
        assert!(key_of(&body).is_none(), "{name}");
    }
}

/// Eight bytes of a key that `masks` leaves to be seen.
fn exposed<'a>(text: &str, pem: &'a str) -> Option<&'a str> {
    let mut masked = text.as_bytes().to_vec();
    for span in masks(text) {
        masked[span.range()].fill(b'*');
    }
    let masked = String::from_utf8(masked).expect("masks stand on characters");
    let body = pem.lines().filter(|line| !line.starts_with('-') && !line.contains(": "));
    let parts: BTreeSet<&[u8]> = body.flat_map(|line| line.as_bytes().windows(8)).collect();
    let seen = masked.as_bytes().windows(8).find_map(|part| parts.get(part))?;
    str::from_utf8(seen).ok()
}

#[test]
fn no_eight_bytes_of_a_key_can_be_seen() {
    let clear = [PLAIN, ESCAPED, ENTITIES, PERCENT, JOINED];
    let mut failures = String::new();
    for (name, ..) in all().filter(|(name, ..)| *name != "ec-with-parameters.pem") {
        let pem = fixture(name);
        let mut broken = vec![pem.clone()];
        if ["rsa-encrypted-pkcs1.pem", "ec-sec1.pem", "pgp-encrypted.asc"].contains(&name) {
            broken.push(pem.replacen("-----BEGIN", "---BEGIN", 1));
            broken.push(pem.replacen("-----END", "---", 1));
            broken.push(pem.replacen('M', "?", 1));
            broken.push(pem[..pem.len() / 2].into());
            broken.push(pem.replacen("\n\n", "\n", 1));
        }
        for (index, text) in broken.iter().enumerate() {
            for (dress, wear) in clear
                .iter()
                .copied()
                .flatten()
                .filter(|(dress, _)| *dress != "no end" || index == 0)
            {
                if let Some(part) = exposed(&wear(text), &pem) {
                    writeln!(failures, "{part} of {name}, {index}, in {dress}").unwrap();
                }
            }
        }
        for (dress, wear) in BASE64.iter().chain(DOUBLE_BASE64) {
            let text = wear(&pem);
            let longest = masks(&text).iter().map(|span| span.end - span.start).max().unwrap_or(0);
            if (longest as usize) < pem.len() {
                writeln!(failures, "{name} in {dress}: {longest}").unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn what_people_must_read_is_not_masked() {
    for text in [
        "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID=0f3c5b6e-1d2a-4c3b-9e8f-7a6b5c4d3e2f",
        "services_connector/services_connector_integration/production_api_key: 0123456789abcdef0123456789abcdef",
        "/usr/share/some/very/long/path/of/lower/case/only/without/end",
        "sha1: da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "-----BEGIN PUBLIC KEY-----",
        "the marker -----BEGIN PRIVATE KEY----- in a sentence",
        "0F3C5B6E-1D2A-4C3B-9E8F-7A6B5C4D3E2F",
    ] {
        assert_eq!(masks(text), [], "{text}");
    }
}

fn holds_its_laws(text: &str) -> Result<(), TestCaseError> {
    let found = find(text);
    prop_assert!(found.iter().all(|key| text.get(key.span.range()).is_some()));
    prop_assert!(found.is_sorted_by(|left, right| left.span.end <= right.span.start));
    let signs = PRIVATE_KEY.iter().chain(SIGNS.iter().map(|(sign, _)| sign));
    prop_assert!(found.is_empty() || signs.into_iter().any(|needle| text.contains(needle)));
    let masks = masks(text);
    prop_assert!(masks.iter().all(|span| text.get(span.range()).is_some()));
    prop_assert!(masks.is_sorted_by(|left, right| left.end < right.start));
    let masked = |key: &KeyMaterial| {
        masks.iter().any(|mask| mask.start <= key.span.start && key.span.end <= mask.end)
    };
    prop_assert!(found.iter().all(masked));
    let _ = key_of(text);
    Ok(())
}

proptest! {
    #![proptest_config(crate::tried(256))]

    #[test]
    fn any_text_is_searched(text in any::<String>()) {
        holds_its_laws(&text)?;
    }

    #[test]
    fn any_text_of_key_parts_is_searched(parts in prop::collection::vec(prop_oneof![
        Just("-----BEGIN PRIVATE KEY-----"),
        Just("BEGIN PRIVATE KEY"),
        Just("-----"), Just("-----END PRIVATE KEY-----"), Just("-----BEGIN RSA PRIVATE KEY-----"),
        Just("-----BEGIN+PRIVATE+KEY-----"), Just("-----BEGIN PGP PRIVATE KEY BLOCK-----"), Just("Proc-Type: 4,ENCRYPTED"),
        Just("DEK-Info:"), Just("UFJJVkFURSBLRVkt"), Just("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t"), Just("TUlJRXZR"), Just("VUZKSlZrRlVSUw"),
        Just("\\n"), Just("\\"), Just("\\u00"), Just("&#1"), Just("&amp;"), Just("%0"), Just("%25"), Just("'"), Just("\" . \""), Just("é"),
        Just("\n"), Just("\r\n+ "), Just("// "), Just("="), Just("-"), Just("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"),
    ], 0..40)) {
        holds_its_laws(&parts.concat())?;
    }

    #[test]
    fn a_damaged_key_is_searched(name in prop::sample::select(all().map(|(name, ..)| name).collect::<Vec<_>>()),
        dress in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), junk in any::<char>()) {
        let dresses: Vec<Dress> = [PLAIN, ESCAPED, ENTITIES, PERCENT, JOINED, BASE64, DOUBLE_BASE64].iter()
            .flat_map(|dresses| dresses.iter().map(|(_, wear)| *wear)).collect();
        let mut text = dress.get(&dresses)(&fixture(name));
        let at = at.index(text.len());
        if text.is_char_boundary(at) {
            text.insert(at, junk);
        }
        holds_its_laws(&text)?;
    }
}
