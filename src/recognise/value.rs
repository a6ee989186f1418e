//! What stands at a setting: a literal, or one of the many things that are not one.
//!
//! Sources: Magento's `Magento\Framework\Encryption\Encryptor` (ciphertext), and the reference notations of the tools that deliver values.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use regex::bytes::{Regex, RegexBuilder};

use super::secret::{self, Encoding, Form, KeyMaterial};
use super::{choice, fallback};
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Flaw, Possible, Public, Value};
use crate::source::Source;
use crate::syntax::{Node, NodeKind};

/// How a document dresses its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dress {
    /// As they are.
    Plain,
    /// In base64, as the `data` of a Kubernetes Secret.
    Base64,
    /// Encrypted or fetched, as in a `SealedSecret` or an `ExternalSecret`.
    Elsewhere,
}

/// A value that is kept elsewhere and put in later. Anchored to whole values where a secret could hold the same characters.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"\$\{|\$\(|\$\[|\{\{|\[\[|%\{|%env\(|%[\w.:-]+%|<%|<< *[a-z_]+\.|#\{|\{resolve:",
        r"|^\$\$?[A-Za-z_]\w*$|^__[A-Za-z]\w*__$|^@@?\w+@@?$|^(var|local|data|module|each|self|secrets|dependency|include)\.[a-z_]",
        r"|^ENC[\[(]|^EJ\[1:|^\{cipher\}|^AQICA|^\$ANSIBLE_VAULT;|^-----BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE)-----",
        r"|^eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$|^[a-z_]+\([^()\n]*\)$|^@/",
        r"|^\(\([\w./-]+\)\)$|^EV\[1:|^\[(?:concat|parameters|variables|reference|format|if|string)\(.*\)\]$|^secretref:[a-z0-9][a-z0-9.-]*$",
        r"|^vault:|^arn:aws[\w-]*:|^projects/[^/]+/secrets/|^@Microsoft\.KeyVault\(|^#env\(|^!\w+ |^<path:|^<\+[a-z].*>$|^\{[A-Z_][A-Z0-9_]*\}$",
        r"|^[a-z][a-z0-9-]{1,20}:/?[a-zA-Z_][\w.-]*[/#:][\w./#:-]*$|^ssm:/[\w./-]+$",
    ))
});

/// What semaio's `ConfigImportExport` takes for a command, as a tag or as a text: the row is deleted, or left as it is.
///
/// Source: its documentation, *Delete config*, *Keep config*.
const DELETE: &str = "!!DELETE";
const KEEP: &str = "!!KEEP";

/// A file that holds a value, by its path from the root; a secret by its name in a store, `shop/production/private-key`.
static PATH: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"^/([\w.-]{1,40}/)+[\w.-]{1,60}$|^[a-z][a-z0-9_.-]{0,39}(/[a-z][a-z0-9_.-]{0,39}){1,6}$",
    )
});

/// Magento ciphertext: `version:cipher:base64`, `version:2:iv:base64`, `cipher:base64`.
static CIPHERTEXT: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"^\d{1,3}:(\d{1,2}:([^:\s]{16,64}:)?)?[A-Za-z0-9+/]{16,}={0,2}$"));

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)^(<.*>|\[.*\]|change[ _.-]?(me|it|this)\b.*|(please[ _-])?(replace|insert|enter|fill|put|add|set)[ _-](me|this|with|in|your|the|here|it|by)\b.*",
        r"|replace_?me|your[ _-].*|(my|some|the)[ _-].*[ _-]here|.*[ _-](goes|key|id|value)[ _-]here|to[ _-]?do\b.*|tbd|fixme|dummy|placeholder.*|.*[ _-]placeholder",
        r"|redacted|undefined|x{3,}([ _-]?x+)*|\.{3,}|…|example|not[ _-]set|fake[ _-].*)$",
    ))
});

fn compiled(pattern: &str) -> Regex {
    RegexBuilder::new(pattern).unicode(false).build().expect("the tests compile every pattern")
}

/// Says what stands at a setting.
#[must_use]
pub fn classify(parameter: Parameter, node: &Node, source: &Source, dress: Dress) -> Value {
    // One of several can be one of several itself.
    let each = |node: &Node| match classify(parameter, node, source, dress) {
        Value::OneOf(possible) => possible,
        value => vec![Possible { value, at: node.at }],
    };
    if dress == Dress::Plain
        && let Some(chosen) = choice::of(node, source)
    {
        let rest = Possible { value: Value::Reference, at: node.at };
        let rest = (!chosen.is_whole).then_some(rest);
        return one_of(chosen.written.iter().flat_map(each).chain(rest).collect());
    }
    match &node.kind {
        NodeKind::Null => Value::Blank,
        NodeKind::Mapping(_) => Value::Reference,
        NodeKind::Sequence(_) => Value::Unknown,
        NodeKind::Expression if source.slice(node.at.span).trim() == DELETE => Value::Blank,
        NodeKind::Expression => expression(source.slice(node.at.span)),
        NodeKind::OneOf(nodes) => one_of(nodes.iter().flat_map(each).collect()),
        NodeKind::Scalar(text) => match dress {
            Dress::Plain if text == DELETE => Value::Blank,
            Dress::Plain if text == KEEP => Value::Unknown,
            Dress::Plain => match of_text(parameter, text) {
                // Argo CD's vault plugin: the path stands in an annotation, the key in the value.
                Value::Placeholder if is_of_vault(text, source) => Value::Reference,
                Value::Reference if !parameter.is_secret() => defaulted(parameter, node, source),
                value => value,
            },
            Dress::Elsewhere => Value::Reference,
            Dress::Base64 => of_base64(parameter, text),
        },
    }
}

/// Whether a text in angle brackets is a key in a vault that an annotation of its document names.
///
/// Source: the documentation of the Argo CD Vault Plugin, *How it works*, *Generic and inline-path placeholders*.
fn is_of_vault(text: &str, source: &Source) -> bool {
    let inner = text.trim().strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    let is_key = |inner: &str| {
        let name = inner.split('|').next().unwrap_or_default().trim();
        !name.is_empty() && !name.contains([' ', '<', '>'])
    };
    inner.is_some_and(is_key) && source.text().contains("avp.kubernetes.io/path")
}

/// What a name in the place of a value may be: what is set where the tree does not show it, or its default.
fn defaulted(parameter: Parameter, node: &Node, source: &Source) -> Value {
    let or =
        fallback::of(node, source).map(|or| (or.at, of_text(parameter, or.as_str().unwrap_or(""))));
    match or {
        Some((at, value @ Value::Literal(_))) => Value::OneOf(vec![
            Possible { value: Value::Reference, at: node.at },
            Possible { value, at },
        ]),
        _ => Value::Reference,
    }
}

/// What code that decides leaves: where none of it says anything, that is no choice.
fn one_of(possible: Vec<Possible>) -> Value {
    let is_silent =
        |one: &Possible| matches!(one.value, Value::Blank | Value::Reference | Value::Unknown);
    let is_one_place =
        possible.iter().all(|one| possible.first().is_some_and(|first| first.at == one.at));
    // One text at two places is two values: an arm can be for an environment of its own.
    let all = |value: &Value| {
        (value.literal().is_none() || is_one_place)
            && possible.iter().all(|one| one.value == *value)
    };
    if let Some(first) = possible.first().map(|one| &one.value).filter(|value| all(value)) {
        return first.clone();
    }
    if !possible.iter().all(is_silent) {
        return Value::OneOf(possible);
    }
    let is_kept = possible.iter().any(|one| one.value == Value::Reference);
    if is_kept { Value::Reference } else { Value::Unknown }
}

fn expression(code: &str) -> Value {
    let is_reference =
        ["getenv", "$_ENV", "$_SERVER", "env(", "{{", "!vault", "!reference", "!secret"];
    // Terraform: `var.data_space`, `"${local.prefix}-x"`.
    let names = ["var.", "local.", "data.", "module.", "each.", "dependency."];
    let is_named = names.iter().any(|name| code.starts_with(name)) || code.starts_with("\"${");
    if is_named || is_reference.iter().any(|word| code.contains(word)) {
        Value::Reference
    } else {
        Value::Unknown
    }
}

fn of_base64(parameter: Parameter, text: &str) -> Value {
    let packed: String = text.split_ascii_whitespace().collect();
    if packed.is_empty() || is_reference(text) {
        return of_text(parameter, text);
    }
    match decoded(&packed) {
        // A Secret made by `echo value | base64` ends with a line break that nobody meant: no key minds, and any other value is another
        // one with it.
        Some(decoded) if parameter.is_secret() => {
            of_text(parameter, decoded.strip_suffix('\n').unwrap_or(&decoded))
        }
        Some(decoded) => of_text(parameter, &decoded),
        // DER is no text.
        None => match secret::key_of(&packed) {
            Some(key) => Value::Secret(key.fingerprint, flaw(parameter, &packed, Some(&key))),
            None => public(parameter, &packed).map_or(Value::Unknown, Value::Public),
        },
    }
}

/// What stands behind base64, where it is text.
#[must_use]
pub fn decoded(text: &str) -> Option<String> {
    let packed: String = text.split_ascii_whitespace().collect();
    let decoded = STANDARD.decode(&packed).or_else(|_| STANDARD_NO_PAD.decode(&packed));
    String::from_utf8(decoded.ok()?).ok()
}

/// Says what a text is, at this parameter.
#[must_use]
pub fn of_text(parameter: Parameter, text: &str) -> Value {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed == "\"\"" || trimmed == "''" {
        return Value::Blank;
    }
    // ConfigImportExport encrypts on import: what stands in the file is plaintext.
    if let Some(inner) = trimmed.strip_prefix("%encrypt(").and_then(|rest| rest.strip_suffix(")%"))
    {
        return of_text(parameter, inner);
    }
    if let Some(key) = secret::key_of(trimmed) {
        return Value::Secret(key.fingerprint, flaw(parameter, trimmed, Some(&key)));
    }
    if is_reference(trimmed) || parameter.is_secret() && PATH.is_match(trimmed.as_bytes()) {
        return Value::Reference;
    }
    if parameter == Parameter::CryptKey {
        return crypt_key(trimmed);
    }
    if is_ciphertext(trimmed) {
        return Value::Ciphertext { key_version: key_version(trimmed) };
    }
    if is_masked(trimmed) {
        return Value::Masked;
    }
    if is_placeholder(trimmed) || is_hollow_key(trimmed) {
        return Value::Placeholder;
    }
    if let Some(public) = public(parameter, trimmed) {
        return Value::Public(public);
    }
    if parameter.is_secret() || secret::holds_key(trimmed) {
        return Value::Secret(Fingerprint::of_password(trimmed), flaw(parameter, trimmed, None));
    }
    Value::Literal(text.to_owned())
}

/// Whether a text says where its value is kept: by a notation of its own, or by a scheme that is not the web's.
fn is_reference(text: &str) -> bool {
    let is_kept = |scheme: &str| {
        let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte);
        !scheme.is_empty()
            && scheme.bytes().all(is_scheme)
            && !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
    };
    text.split_once("://").is_some_and(|(scheme, _)| is_kept(scheme))
        || REFERENCE.is_match(text.as_bytes())
}

/// Whether a text has the shape of Magento ciphertext.
pub(super) fn is_ciphertext(text: &str) -> bool {
    CIPHERTEXT.is_match(text.as_bytes())
}

/// Any text is a key to Magento; what waits to be replaced is none that we know.
fn crypt_key(text: &str) -> Value {
    if is_placeholder(text) {
        Value::Unknown
    } else {
        Value::Secret(Fingerprint::of_password(text), None)
    }
}

/// What anybody may see, in the place of a private key.
fn public(parameter: Parameter, text: &str) -> Option<Public> {
    let behind = || secret::public(decoded(text)?.trim());
    secret::public(text).or_else(behind).filter(|_| parameter.is_private_key())
}

/// Why Magento cannot sign with a text at the private key of a pair; `key` is what it holds.
fn flaw(parameter: Parameter, text: &str, key: Option<&KeyMaterial>) -> Option<Flaw> {
    if !matches!(parameter, Parameter::PrivateKey(_) | Parameter::ReadOnlyPrivateKey) {
        return None;
    }
    match key {
        None if text.contains("PRIVATE KEY") => Some(Flaw::Damaged),
        None => Some(Flaw::NoKey),
        Some(key) if key.encrypted => Some(Flaw::Encrypted),
        Some(_) if text.starts_with("-----BEGIN ") && !text.contains('\n') => {
            Some(if text.contains("\\n") { Flaw::Escaped } else { Flaw::OneLine })
        }
        Some(key) if key.damage.is_some() => Some(Flaw::Damaged),
        Some(key) => match key.encoding {
            Encoding::Plain => (key.form != Form::Pkcs8).then_some(Flaw::Form),
            Encoding::Escaped => Some(Flaw::Escaped),
            Encoding::Bare | Encoding::Binary => Some(Flaw::Markers),
            _ => Some(Flaw::Packed),
        },
    }
}

/// Which key of `crypt/key` a ciphertext takes: the first where it names none.
fn key_version(ciphertext: &str) -> Option<u32> {
    match ciphertext.split(':').collect::<Vec<_>>().as_slice() {
        [_, _] => Some(0),
        [version, ..] => version.parse().ok(),
        [] => None,
    }
}

/// Whether a text is stars or dots in the place of another, or has a run of them in it: what Magento's Admin and many logs show for a secret.
fn is_masked(text: &str) -> bool {
    let is_mask = |letter: char| matches!(letter, '*' | '•' | '●' | '∙' | '＊');
    let mut run = 0;
    let longest = text.chars().map(|letter| {
        run = if is_mask(letter) { run + 1 } else { 0 };
        run
    });
    longest.max().unwrap_or_default() >= 4
}

fn is_placeholder(text: &str) -> bool {
    let mut letters = text.chars().filter(|letter| !matches!(letter, '-' | '{' | '}' | ' '));
    let first = letters.next();
    let is_repeated = text.len() >= 4 && letters.all(|letter| Some(letter) == first);
    is_repeated || PLACEHOLDER.is_match(text.as_bytes())
}

/// Whether a text is a key's armour around nothing that could be one: `…`, `your key here`, the first line and dots.
fn is_hollow_key(text: &str) -> bool {
    let Some((before, rest)) = text.split_once("PRIVATE KEY") else { return false };
    let is_end = before.rfind("END") > before.rfind("BEGIN");
    let is_closed = rest.contains("PRIVATE KEY");
    let body = rest.split("PRIVATE KEY").next().unwrap_or_default();
    // Before a last line whose first is lost stands what is left of the key.
    let body = if is_end { before } else { body };
    let body = body.replace("\\r", "").replace("\\n", "\n");
    let words = body.split(|letter: char| {
        !letter.is_ascii_alphanumeric() && letter != '+' && letter != '/' && letter != '='
    });
    let has = |word: &str, test: fn(&u8) -> bool| word.as_bytes().iter().any(test);
    let is_drawn = |word: &&str| {
        word.len() >= 12
            && has(word, u8::is_ascii_uppercase)
            && has(word, u8::is_ascii_lowercase)
            && has(word, u8::is_ascii_digit)
    };
    let drawn: Vec<&str> = words.filter(is_drawn).collect();
    let len: usize = drawn.iter().map(|word| word.len()).sum();
    // The first line of an RSA key holds nothing that its public half does not.
    let is_header = drawn.first().is_some_and(|first| first.starts_with("MII"));
    let is_cut = body.contains("...") || body.contains('…');
    len < 40 || is_header && len <= 76 && (is_closed || is_cut) || is_cut && len < 256
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameter::Slot;

    #[test]
    fn references_are_neither_placeholders_nor_plaintext() {
        for text in [
            "${DATA_SPACE}",
            "$DATA_SPACE",
            "{{ .Values.x }}",
            "<< parameters.data_space >>",
            "<<pipeline.parameters.x>>",
            "${{ secrets.X }}",
            "%env(X)%",
            "ENC[AES256_GCM,data:x]",
            "var.data_space",
            "op://vault/item",
            "secretref:saas-key",
            "((saas.private_key))",
            "EV[1:a2b7kk8Xc1:Vj0aT7b3m2Q9l8k7j6h5g4f3d2s1a0]",
            "[concat('@Microsoft.KeyVault(SecretUri=', parameters('uri'), ')')]",
            "vault:secret/data/x#y",
            "arn:aws:secretsmanager:eu-west-1:1:secret:x",
            "__DATA_SPACE__",
            "#{DataSpace}#",
            "$(DATA_SPACE)",
            "${X:-0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11}",
            "<path:secret/data/x#y>",
            "%{lookup('ds')}",
            "%{facts.ds}",
            "%{::ds}",
            "[[ .ds ]]",
            "%env.DS%",
            "@/run/secrets/ds",
            "env(DS)",
            "{cipher}AQB1234abcd",
            "AQICAHh6yN0kmS5X0mE0u0W8Yx8K1d3v2pT9bQ==",
            "ENC(x9fK)",
            "gcpsm://project/secret",
            "gcp:secretmanager:projects/p/secrets/x#latest",
            "ssm:/shop/prod/x",
            "k8s:ns/secret#key",
            "{PRIVATE_KEY}",
            "eyJhbGciOiJSU0EifQ.a-b.c_d.e.f",
        ] {
            assert_eq!(of_text(Parameter::DataSpace, text), Value::Reference, "{text}");
            assert_eq!(
                of_text(Parameter::PrivateKey(Slot::Production), text),
                Value::Reference,
                "{text}"
            );
        }
    }

    #[test]
    fn placeholders_wait_to_be_replaced() {
        for text in [
            "CHANGEME",
            "change-me",
            "replace with your id",
            "YOUR_API_KEY",
            "<data space id>",
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "00000000-0000-0000-0000-000000000000",
            "XXXX",
            "REPLACE_ME",
            "TODO: ask Adobe",
            "put-your-key-here",
            "api_key_here",
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        ] {
            assert_eq!(of_text(Parameter::DataSpace, text), Value::Placeholder, "{text}");
        }
    }

    #[test]
    fn stars_are_no_value() {
        for text in ["******", "••••••••", "7d9f****************************", "'*****'"]
        {
            assert_eq!(of_text(Parameter::DataSpace, text), Value::Masked, "{text}");
            assert_eq!(of_text(Parameter::ImsClientSecret, text), Value::Masked, "{text}");
        }
        assert_eq!(of_text(Parameter::ProjectName, "a * b"), Value::Literal("a * b".into()));
    }

    #[test]
    fn ordinary_values_are_literals() {
        for text in [
            "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11",
            "My project",
            "Testing",
            "setpoint",
            "todos-shop",
            "example.com",
            "exchange media",
        ] {
            assert_eq!(
                of_text(Parameter::ProjectName, text),
                Value::Literal(text.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn magento_ciphertext_is_recognised_in_its_three_shapes() {
        for (text, version) in [
            ("0:3:c29tZSBjaXBoZXJ0ZXh0IGhlcmU=", 0),
            ("12:3:c29tZSBjaXBoZXJ0ZXh0IGhlcmU=", 12),
            ("1:2:0123456789abcdef0123456789abcdef:c29tZSBjaXBoZXJ0ZXh0", 1),
            ("3:c29tZSBjaXBoZXJ0ZXh0IGhlcmU=", 0),
        ] {
            assert_eq!(
                of_text(Parameter::PrivateKey(Slot::Sandbox), text),
                Value::Ciphertext { key_version: Some(version) },
                "{text}"
            );
        }
    }

    #[test]
    fn an_encryption_key_is_a_secret_a_reference_or_not_known() {
        let of = |text| of_text(Parameter::CryptKey, text);
        for text in [
            "8f0e1d2c3b4a59687786958493a2b1c0",
            "base64AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ] {
            assert!(matches!(of(text), Value::Secret(..)), "{text}");
        }
        assert_eq!(of("#env(CRYPT_KEY)"), Value::Reference);
        assert_eq!(of("CHANGEME"), Value::Unknown);
        assert_eq!(of(" "), Value::Blank);
    }

    #[test]
    fn an_import_that_encrypts_is_plaintext_in_the_file() {
        assert!(matches!(
            of_text(Parameter::PrivateKey(Slot::Sandbox), "%encrypt(s3cr3t-text)%"),
            Value::Secret(..)
        ));
        assert_eq!(
            of_text(Parameter::PrivateKey(Slot::Sandbox), "%encrypt(%env(KEY)%)%"),
            Value::Reference
        );
    }
}
