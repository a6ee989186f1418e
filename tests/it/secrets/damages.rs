//! Keys that were cut, pasted badly or put into other containers, outside a setting and at one; and what only looks like them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use commerce_lint::model::parameter::{Parameter, Slot};
use commerce_lint::model::setting::Value;
use commerce_lint::recognise::secret::{Damage, Form, find};
use commerce_lint::recognise::value::of_text;

use super::{fingerprint, fixture, only};

const AGE: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

/// Ways in which people lose a part of a key on its way into a file; all of them leave one that can be read.
pub fn damages() -> Vec<(&'static str, String)> {
    let pem = fixture("rsa-pkcs8.pem");
    let pem = pem.trim_end();
    let lines: Vec<&str> = pem.lines().collect();
    let joined = |separator: &str| format!("KEY=\"{}\"\n", lines.join(separator));
    let without = |skipped: usize| {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != skipped);
        kept.map(|(_, line)| *line).collect::<Vec<_>>().join("\n") + "\n"
    };
    let planted = |line: &str| {
        let (before, after) = lines.split_at(9);
        format!("{}\n{line}\n{}\n", before.join("\n"), after.join("\n"))
    };
    let half = lines.len() / 2;
    vec![
        ("no first line", without(0)),
        ("no last body line", without(lines.len() - 2)),
        ("no first body line", without(1)),
        ("half", format!("{}\n-----END PRIVATE KEY-----\n", lines[..half].join("\n"))),
        ("half and no end", lines[..half].join("\n")),
        ("a dash lost", pem.replacen("-----B", "----B", 1)),
        ("all dashes lost", pem.replace("-----", "")),
        ("em dashes", pem.replace("-----", "\u{2014}\u{2013}")),
        (
            "blanks in the markers",
            pem.replace("-----BEGIN", "----- BEGIN").replace("KEY-----", "KEY -----"),
        ),
        ("no-break spaces", pem.replace('\n', "\n\u{a0}\u{a0}")),
        ("zero-width spaces", pem.replace('\n', "\u{200b}\n")),
        ("a line separator of Unicode", joined("\u{2028}")),
        ("underscores", joined("_")),
        ("semicolons", joined(";")),
        ("ats", joined("@")),
        ("tildes", joined("~")),
        ("hashes", joined("#")),
        ("dots", joined(".")),
        ("stars", joined("*")),
        ("dollars", joined("$")),
        ("colons", joined(":")),
        ("carets", joined("^")),
        ("the letter n, twice", joined("nn")),
        ("slashes", joined("//")),
        ("a slash and an n", joined("/n")),
        ("%n", joined("%n")),
        ("{nl}", joined("{nl}")),
        ("[NL]", joined("[NL]")),
        ("<EOL>", joined("<EOL>")),
        ("a marker of a certificate within", planted("-----BEGIN CERTIFICATE-----")),
        ("an end within", planted("-----END PRIVATE KEY-----")),
        ("a cutting line within", planted("----- snip -----")),
        ("a character lost late", {
            let mut text = pem.to_owned();
            text.remove(1500);
            text
        }),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn der() -> Vec<u8> {
    let pem = fixture("rsa-pkcs8.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    BASE64_STANDARD.decode(body).expect("the body is base64")
}

fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content.as_ref()).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// Keys in other containers and dresses, outside any setting.
pub fn containers() -> Vec<(&'static str, Form, String)> {
    let pem = fixture("rsa-pkcs8.pem");
    let base64 = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let three = base64(base64(base64(pem.as_bytes()).as_bytes()).as_bytes());
    let putty = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: a\nPublic-Lines: 2\nAAAAC3NzaC1lZDI1NTE5AAAAIBnWQ5tpcMJ0sR0DkKnZ6gGq0sXoq0lS2l1C6bq7\nZk3v\nPrivate-Lines: 1\nAAAAIBnWQ5tpcMJ0sR0DkKnZ6gGq0sXoq0lS2l1C6bq7Zk3v\nPrivate-MAC: 00\n";
    let okp = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
    vec![
        ("DER in base64", Form::Pkcs8, format!("private.der: {}\n", base64(&der()))),
        (
            "DER in base64 of base64",
            Form::Pkcs8,
            format!("k: {}\n", base64(base64(&der()).as_bytes())),
        ),
        ("three layers", Form::Pkcs8, format!("k: {three}\n")),
        ("hexadecimal PEM", Form::Pkcs8, format!("k: {}\n", hex(pem.as_bytes()))),
        ("hexadecimal DER", Form::Pkcs8, format!("k: \"{}\"\n", hex(&der()))),
        ("capital digits", Form::Pkcs8, format!("k: {}\n", hex(&der()).to_uppercase())),
        ("gzip in base64", Form::Pkcs8, format!("user_data: {}\n", base64(&gzip(&pem)))),
        ("gzip of DER in base64", Form::Pkcs8, format!("key: {}\n", base64(&gzip(der())))),
        (
            "gzip of DER in base64 of base64",
            Form::Pkcs8,
            format!("key: {}\n", base64(base64(&gzip(der())).as_bytes())),
        ),
        (
            "no first line, and all in one",
            Form::Pkcs8,
            fixture("ec-pkcs8.pem").lines().skip(1).collect::<Vec<_>>().join(" "),
        ),
        (
            "a release of Helm",
            Form::Pkcs8,
            format!(
                "release: {}\n",
                base64(
                    base64(&gzip(serde_json::json!({"config": {"key": pem}}).to_string()))
                        .as_bytes()
                )
            ),
        ),
        ("a JSON Web Key", Form::WebKey, okp.into()),
        ("a set of them", Form::WebKey, format!("{{\"keys\": [{okp}]}}")),
        ("one in a string", Form::WebKey, serde_json::json!({ "jwk": okp }).to_string()),
        ("one in base64", Form::WebKey, format!("jwk: {}\n", base64(okp.as_bytes()))),
        ("PuTTY", Form::Putty, putty.into()),
        ("PuTTY in JSON", Form::Putty, serde_json::json!({ "ppk": putty }).to_string()),
        ("PuTTY in a block", Form::Putty, format!("key: |\n  {}", putty.replace('\n', "\n  "))),
        ("age", Form::Age, format!("# created\n{AGE}\n")),
        ("age in base64", Form::Age, format!("k: {}\n", base64(AGE.as_bytes()))),
        (
            "a client secret",
            Form::ClientSecret,
            "secret: p8e-Zk3vQ9xT7wLmN2rBfJ6hYcD4sAgU1oKi\n".into(),
        ),
    ]
}

/// What only looks like those.
pub fn decoys() -> Vec<String> {
    let certificate = fixture("certificate.pem");
    let body: String = certificate.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = BASE64_STANDARD.decode(&body).expect("the body is base64");
    let okp = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
    let mut decoys = vec![
        format!("cert: {body}\n"),
        format!("cert: {}\n", BASE64_STANDARD.encode(&body)),
        format!("cert: {}\n", hex(&bytes)),
        format!("cert: {}\n", BASE64_STANDARD.encode(gzip(&certificate))),
        format!("cert: {}\n", BASE64_STANDARD.encode(gzip(&bytes))),
        okp.into(),
        okp.replace("\"x\"", "\"d\": \"...\", \"x\""),
        "{\"protected\":\"eyJhbGciOiJFQ0RILUVTIn0\",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\",\"y\":\"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps\"}}".into(),
        AGE.replace("Q4EGAEX", "Q4EGAEY"),
        "AGE-SECRET-KEY-1XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX".into(),
        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj".into(),
        "p8e-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".into(),
        "p8e-made-up-for-this-page-of-the-manual".into(),
        "p8e-...".into(),
        "p8e-<YOUR_CLIENT_SECRET>".into(),
        "sp8e-Zk3vQ9xT7wLmN2rBfJ6hYcD4sAgU1oKi".into(),
        "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: documentation\n".into(),
        "Paste the `PuTTY-User-Key-File-3` here.".into(),
        "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAC3NzaC1lZDI1NTE5AAAAIBnWQ5tpcMJ0\n---- END SSH2 PUBLIC KEY ----\n".into(),
        "2d2d2d2d2d424547494e20434552544946494341544520".into(),
        "H4sIAAAAAAAAA8tIzcnJVyjPL8pJUQQAlRmFGwwAAAA=".into(),
    ];
    for name in [
        "public.pem",
        "csr.pem",
        "dh-parameters.pem",
        "ec-parameters.pem",
        "openssh-public.txt",
        "pgp-public.asc",
    ] {
        let text = fixture(name);
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        for dressed in [
            text.clone(),
            body.clone(),
            BASE64_STANDARD.encode(&text),
            hex(text.as_bytes()),
            BASE64_STANDARD.encode(gzip(&text)),
        ] {
            decoys.push(format!("key: {dressed}\n"));
        }
    }
    decoys
}

#[test]
fn what_is_left_of_a_key_is_found() {
    for (what, text) in damages() {
        let key = only(&text, what);
        assert!(
            !key.encrypted && key.damage.is_some() || what == "no first line",
            "{what}: {key:?}"
        );
        if key.damage != Some(Damage::Headless) && what != "no first body line" {
            assert_eq!(key.fingerprint, fingerprint("rsa-pkcs8.pem"), "{what}");
        }
    }
}

/// What is not read byte by byte is told by its headers and its packets, whatever became of the dashes.
#[test]
fn keys_of_other_kinds_are_found_behind_a_damaged_marker() {
    for (name, form, encrypted) in super::all() {
        // Before this key its parameters stand, with a marker of their own.
        let first = if name == "ec-with-parameters.pem" { 4 } else { 0 };
        for dashes in ["----", "- ", "\u{2014}", ""] {
            let mut text = fixture(name);
            let places: Vec<_> = text.match_indices("-----").skip(first).take(2).collect();
            let places: Vec<usize> = places.into_iter().map(|(at, _)| at).collect();
            for at in places.into_iter().rev() {
                text.replace_range(at..at + 5, dashes);
            }
            let key = only(&text, name);
            let damage = Some(Damage::Armour);
            assert_eq!((key.form, key.encrypted, key.damage), (form, encrypted, damage), "{text}");
        }
    }
    for name in super::PUBLIC {
        for dashes in ["----", "- ", "\u{2014}", ""] {
            assert_eq!(find(&fixture(name).replacen("-----", dashes, 2)), [], "{name}");
        }
    }
}

#[test]
fn every_damage_is_a_secret_at_a_setting() {
    let parameter = Parameter::PrivateKey(Slot::Production);
    for (what, text) in damages() {
        assert!(matches!(of_text(parameter, &text), Value::Secret(..)), "{what}");
    }
    for text in [
        "s3cr3t-Passw0rd-not-a-pem",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7abcdEF0123456789abcdefABCDEF",
    ] {
        assert!(matches!(of_text(parameter, text), Value::Secret(..)), "{text}");
    }
}

#[test]
fn keys_are_found_in_every_container() {
    for (what, form, text) in containers() {
        assert_eq!(only(&text, what).form, form, "{what}");
    }
}

#[test]
fn nothing_in_another_container_is_taken_for_a_key() {
    for text in decoys() {
        assert_eq!(find(&text), [], "{text}");
    }
}
