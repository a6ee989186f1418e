//! The ways in which files write a PEM text down.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};

/// A PEM text as a file of one format holds it.
pub type Dress = fn(&str) -> String;

/// PEM as it is.
pub const PLAIN: &[(&str, Dress)] = &[
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
    ("a Rust module's documentation", |pem| lines(pem, |line| format!("//! {line}\n"))),
    ("a Rust item's documentation", |pem| lines(pem, |line| format!("    /// {line}\n"))),
    ("a header of its own", |pem| {
        pem.replacen("KEY-----\n", "KEY-----\nA-Header-That-Happens-To-Be-Long: some words\n", 1)
            .replacen("BLOCK-----\n", "BLOCK-----\nA-Header-That-Happens-To-Be-Long: words\n", 1)
    }),
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
    ("a log with times", |pem| {
        logged(pem, |at| format!("2026-08-01T10:00:{at:02}.123Z stdout F "))
    }),
    ("a log with names and numbers", |pem| {
        logged(pem, |at| format!("Aug  1 10:00:{at:02} web-1 shop[{}]: ", 4711 + at * 97))
    }),
    ("a log of several containers", |pem| logged(pem, |_| "php-fpm-1  | ".into())),
    ("a log of a pod", |pem| logged(pem, |_| "[pod/shop-7d9f8c6b5-x2x4k/php] ".into())),
    ("a log of a job", |pem| logged(pem, |at| format!("deploy\tRun\t2026-08-01T10:00:{at:02}Z "))),
    ("a log in JSON", |pem| {
        lines(pem, |line| {
            let name = "{\"time\":\"2026-08-01T10:00:00Z\",\"log\":\"";
            format!("{name}{line}\\n\",\"stream\":\"stdout\"}}\n")
        })
    }),
    ("what grep prints", |pem| logged(pem, |at| format!("etc/key.pem:{}:", at + 3))),
    ("numbered lines", |pem| logged(pem, |at| format!("{:>6}\t", at + 1))),
    ("mail quoted twice", |pem| logged(pem, |_| ">> > ".into())),
    ("no end", |pem| format!("{}\nnext: value\n", pem.rsplit_once("-----END").expect("it ends").0)),
    ("text around", |pem| format!("a key: {pem} and more")),
];

/// PEM with escaped line breaks.
pub const ESCAPED: &[(&str, Dress)] = &[
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
    ("SQL", |pem| format!("(1,'default',0,'a/b/c','{}'),(2)", pem.replace('\n', "\\n"))),
    ("a long line of HCL", |pem| format!("key = \"{}\"\n", pem.replace('\n', "\\n"))),
];

/// PEM in XML and HTML.
pub const ENTITIES: &[(&str, Dress)] = &[
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

/// PEM in URLs and forms.
pub const PERCENT: &[(&str, Dress)] = &[
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

/// PEM in pieces.
pub const JOINED: &[(&str, Dress)] = &[
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
    ("properties with continued lines", |pem| {
        format!(
            "key={}\nnext=value\n",
            pem.trim_end().replace('\n', "\\n\\\n    ").replace('=', "\\=")
        )
    }),
    ("YAML double quotes with continued lines", |pem| {
        format!("key: \"{}\"\n", pem.trim_end().replace('\n', "\\n\\\n  "))
    }),
    ("continued lines", |pem| lines(pem, |line| format!("{line} \\\n"))),
];

/// Base64 of PEM, or of a text that holds it.
pub const BASE64: &[(&str, Dress)] = &[
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

/// Base64 of base64.
pub const DOUBLE_BASE64: &[(&str, Dress)] = &[
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

/// Behind what a log or a listing writes before line `at`.
pub fn logged(pem: &str, margin: impl Fn(usize) -> String) -> String {
    let lines = pem.lines().enumerate().map(|(at, line)| margin(at) + line + "\n");
    lines.collect()
}

fn lines(pem: &str, join: impl Fn(&str) -> String) -> String {
    pem.lines().map(join).collect()
}

/// Breaks `text` into lines of `width` bytes.
pub fn wrap(text: &str, width: usize, between: &str) -> String {
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(width)
        .map(|line| str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    lines.join(between)
}
