//! The keys of `fixtures/keys` in every dress, and everything that only looks like one.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use commerce_lint::recognise::secret::{
    Encoding, Fingerprint, Form, KeyMaterial, NEEDLES, find, key_of, masks,
};
use proptest::prelude::*;

const RSA: [(&str, Form, bool); 5] = [
    ("rsa-pkcs8.pem", Form::Pkcs8, false),
    ("rsa-pkcs1.pem", Form::Pkcs1, false),
    ("openssh-rsa.pem", Form::OpenSsh, false),
    ("rsa-encrypted-pkcs8.pem", Form::Pkcs8, true),
    ("rsa-encrypted-pkcs1.pem", Form::Pkcs1, true),
];
const OTHERS: [(&str, Form, bool); 12] = [
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

fn lines(pem: &str, join: impl Fn(&str) -> String) -> String {
    pem.lines().map(join).collect()
}

fn wrap(text: &str, width: usize, between: &str) -> String {
    let lines: Vec<&str> =
        text.as_bytes().chunks(width).map(|line| str::from_utf8(line).unwrap()).collect();
    lines.join(between)
}

/// A PEM text as a file of one format holds it.
type Dress = fn(&str) -> String;

const PLAIN: &[(&str, Dress)] = &[
    ("as it is", |pem| pem.into()),
    ("without a last line break", |pem| pem.trim_end().into()),
    ("windows line endings", |pem| pem.replace('\n', "\r\n")),
    ("a YAML block", |pem| {
        format!("data:\n  key: |-\n{}  next: value\n", lines(pem, |line| format!("    {line}\n")))
    }),
    ("tabs", |pem| lines(pem, |line| format!("\t\t{line}  \n"))),
    ("a multi-line PHP string", |pem| {
        format!("<?php return ['key' => '{pem}', 'next' => 'value'];\n")
    }),
    ("a PHP heredoc", |pem| format!("$key = <<<KEY\n{pem}KEY;\n$next = 'value';\n")),
    ("a multi-line dotenv value", |pem| format!("KEY=\"{pem}\"\nNEXT=\"value\"\n")),
    ("SQL", |pem| {
        format!("INSERT INTO core_config_data VALUES (1,'default',0,'a/b/c','{pem}'),(2);\n")
    }),
    ("an XML element", |pem| format!("<a><key>{pem}</key><next>value</next></a>\n")),
    ("CDATA", |pem| format!("<key><![CDATA[{pem}]]></key>")),
    ("%encrypt()%", |pem| format!("a/b/c:\n  default:\n    0: |\n      %encrypt({pem})%\n")),
    ("a shell comment", |pem| lines(pem, |line| format!("# {line}\n"))),
    ("a code comment", |pem| lines(pem, |line| format!("    // {line}\n"))),
    ("a documentation comment", |pem| {
        format!("/**\n{} */\n", lines(pem, |line| format!(" * {line}\n")))
    }),
    ("a quoted mail", |pem| lines(pem, |line| format!("> {line}\n"))),
    ("an added diff", |pem| {
        format!("@@ -0,0 +1,28 @@\n{}", lines(pem, |line| format!("+{line}\n")))
    }),
    ("a removed diff", |pem| lines(pem, |line| format!("-{line}\n"))),
    ("an added diff of a block", |pem| {
        format!("+key: |\n{}", lines(pem, |line| format!("+    {line}\n")))
    }),
    ("no end", |pem| {
        format!("{}\nnext: value\n", pem.split("-----END").next().unwrap_or_default())
    }),
    ("text around", |pem| format!("a key: {pem} and more")),
];

const ESCAPED: &[(&str, Dress)] = &[
    ("JSON", |pem| serde_json::json!({ "key": pem, "next": "value" }).to_string()),
    ("JSON in JSON", |pem| {
        serde_json::json!({ "key": serde_json::json!({ "key": pem }).to_string() }).to_string()
    }),
    ("JSON in JSON in JSON", |pem| {
        let inner = serde_json::json!({ "key": serde_json::json!({ "key": pem }).to_string() });
        serde_json::json!([inner.to_string()]).to_string()
    }),
    ("JSON with every escape", |pem| {
        format!(
            "{{\"key\":\"{}\"}}",
            pem.replace('\n', "\\n")
                .replace('/', "\\/")
                .replace('+', "\\u002B")
                .replace('=', "\\u003d")
        )
    }),
    ("CRLF escapes", |pem| format!("KEY=\"{}\"\n", pem.replace('\n', "\\r\\n"))),
    ("dotenv", |pem| format!("KEY=\"{}\"\nNEXT=value", pem.replace('\n', "\\n"))),
    ("unquoted dotenv", |pem| format!("KEY={}\nNEXT=value", pem.trim_end().replace('\n', "\\n"))),
    ("PHP double quotes", |pem| {
        format!("['key' => \"{}\", 'next' => 'value']", pem.replace('\n', "\\n"))
    }),
    ("argv", |pem| {
        format!("bin/magento config:set a/b/c '{}' --lock-env\n", pem.replace('\n', "\\n"))
    }),
    ("printf with octal", |pem| format!("printf '{}'", pem.replace('\n', "\\012"))),
    ("properties", |pem| {
        format!(
            "key={}\nnext=value\n",
            pem.trim_end().replace('\n', "\\n\\\n    ").replace('=', "\\=")
        )
    }),
    ("SQL", |pem| format!("(1,'default',0,'a/b/c','{}'),(2)", pem.replace('\n', "\\n"))),
    ("a long line of HCL", |pem| format!("key = \"{}\"\n", pem.replace('\n', "\\n"))),
    ("YAML double quotes", |pem| {
        format!("key: \"{}\"\n", pem.trim_end().replace('\n', "\\n\\\n  "))
    }),
];

const ENTITIES: &[(&str, Dress)] = &[
    ("decimal", |pem| format!("<a key=\"{}\"/>", pem.replace('\n', "&#10;"))),
    ("hexadecimal", |pem| format!("<a key=\"{}\"/>", pem.replace('\n', "&#xA;"))),
    ("carriage returns", |pem| format!("<key>{}</key>", pem.replace('\n', "&#13;\n"))),
    ("all", |pem| {
        let pem = pem.replace('+', "&#43;").replace('/', "&#x2F;").replace('=', "&#61;");
        format!("<key>{}</key>", pem.replace('\n', "&#13;&#10;"))
    }),
    ("twice", |pem| format!("<key>{}</key>", pem.replace('\n', "&amp;#10;"))),
    ("HTML", |pem| format!("<p>{}</p>", pem.replace('\n', "<br/>\n"))),
];

const PERCENT: &[(&str, Dress)] = &[
    ("a component", |pem| {
        let pem = pem.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        format!(
            "https://example.org/?key={}&next=value",
            pem.replace(' ', "%20").replace('\n', "%0A")
        )
    }),
    ("a form", |pem| {
        let pem = pem.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        format!("key={}&next=value", pem.replace(' ', "+").replace('\n', "%0D%0A"))
    }),
];

const JOINED: &[(&str, Dress)] = &[
    ("PHP", |pem| {
        format!("$key = {};\n", lines(pem, |line| format!("'{line}' . \"\\n\" .\n    ")) + "''")
    }),
    ("PHP with the break inside", |pem| lines(pem, |line| format!("\"{line}\\n\" . "))),
    ("PHP with a constant", |pem| lines(pem, |line| format!("    '{line}' . PHP_EOL .\n"))),
    ("PHP statements", |pem| lines(pem, |line| format!("$privateKey .= \"{line}\\n\";\n"))),
    ("JavaScript", |pem| lines(pem, |line| format!("  '{line}\\n' +\n"))),
    ("Java", |pem| lines(pem, |line| format!("        + \"{line}\\n\"\n"))),
    ("Python", |pem| lines(pem, |line| format!("    \"{line}\\n\"\n"))),
    ("C", |pem| lines(pem, |line| format!("\"{line}\\n\" \\\n"))),
    ("shell", |pem| lines(pem, |line| format!("'{line}'$'\\n'"))),
    ("a list", |pem| format!("[{}]", lines(pem, |line| format!("\"{line}\", ")))),
    ("a YAML list", |pem| lines(pem, |line| format!("  - \"{line}\"\n"))),
    ("SQL", |pem| lines(pem, |line| format!("'{line}' || CHR(10) ||\n"))),
    ("Visual Basic", |pem| lines(pem, |line| format!("\"{line}\" & vbCrLf & _\n"))),
    ("JSON of code", |pem| {
        serde_json::json!({ "code": lines(pem, |line| format!("'{line}\\n' .\n")) }).to_string()
    }),
    ("an added diff of code", |pem| lines(pem, |line| format!("+    '{line}' .\n"))),
    ("continued lines", |pem| lines(pem, |line| format!("{line} \\\n"))),
];

const BASE64: &[(&str, Dress)] = &[
    ("one line", |pem| format!("key: {}\nnext: value\n", BASE64_STANDARD.encode(pem))),
    ("alone", |pem| BASE64_STANDARD.encode(pem)),
    ("quoted", |pem| {
        format!("{{\"key\": \"{}\", \"next\": \"value\"}}", BASE64_STANDARD.encode(pem))
    }),
    ("dotenv", |pem| format!("KEY={}\nNEXT=value\n", BASE64_STANDARD.encode(pem))),
    ("for URLs", |pem| {
        format!("key: {}\n", BASE64_URL_SAFE.encode(format!("{{\"key\": {pem:?}}}")))
    }),
    ("without padding", |pem| format!("'{}'", BASE64_STANDARD.encode(pem).trim_end_matches('='))),
    ("wrapped at 64", |pem| {
        format!("key: |\n  {}\nnext: value\n", wrap(&BASE64_STANDARD.encode(pem), 64, "\n  "))
    }),
    ("wrapped at 76", |pem| format!("{}\n", wrap(&BASE64_STANDARD.encode(pem), 76, "\r\n"))),
    ("wrapped, a text before", |pem| {
        let text = format!(
            "<?php // {}\nreturn ['a' => '{pem}'];",
            "a long text before the key ".repeat(20)
        );
        format!("key: |\n    {}\n", wrap(&BASE64_STANDARD.encode(text), 64, "\n    "))
    }),
    ("escaped", |pem| format!("\"{}\\n\"", wrap(&BASE64_STANDARD.encode(pem), 64, "\\n"))),
    ("joined", |pem| format!("$key = '{}';", wrap(&BASE64_STANDARD.encode(pem), 64, "' .\n  '"))),
    ("a list", |pem| format!("[\"{}\"]", wrap(&BASE64_STANDARD.encode(pem), 76, "\", \""))),
    ("of JSON", |pem| BASE64_STANDARD.encode(serde_json::json!({ "key": pem }).to_string())),
    ("of a wide text", |pem| BASE64_STANDARD.encode(format!("# é \u{1F600}\n{pem}"))),
    ("a prefix glued to it", |pem| format!("key/{}", BASE64_STANDARD.encode(pem))),
    ("escaped slashes", |pem| {
        let text = BASE64_STANDARD.encode(format!("<?php return ['key' => '{pem}?>~~~???'];"));
        format!("\"{}\"", text.replace('/', "\\/"))
    }),
];

const DOUBLE_BASE64: &[(&str, Dress)] = &[
    ("one line", |pem| BASE64_STANDARD.encode(BASE64_STANDARD.encode(pem))),
    ("wrapped within", |pem| BASE64_STANDARD.encode(wrap(&BASE64_STANDARD.encode(pem), 76, "\n"))),
    ("wrapped twice", |pem| {
        wrap(&BASE64_STANDARD.encode(wrap(&BASE64_STANDARD.encode(pem), 76, "\n")), 76, "\n")
    }),
    ("a Secret in a Secret", |pem| {
        let inner = format!("data:\n  key: {}\n", BASE64_STANDARD.encode(pem));
        format!("data:\n  secret.yaml: {}\n", BASE64_STANDARD.encode(inner))
    }),
];

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
        let start = pem.find("-----BEGIN").expect("every fixture has a marker");
        let pem = if name == "ec-with-parameters.pem" { &pem[..] } else { &pem[start..] };
        let expected = (form, encrypted, fingerprint(name));
        for (encoding, dresses) in wardrobe {
            for (dress, wear) in dresses {
                // Without its end, nothing tells a legacy key from one cut short.
                if *dress == "no end" && name == "rsa-encrypted-pkcs1.pem" {
                    continue;
                }
                let text = wear(pem);
                let found = find(&text);
                let seen: Vec<_> =
                    found.iter().map(|key| (key.form, key.encrypted, key.fingerprint)).collect();
                let encodings: Vec<_> = found.iter().map(|key| key.encoding).collect();
                if seen != [expected] || encodings != [encoding] {
                    failures += &format!("{name} in {encoding:?} {dress}: {found:?}\n");
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
