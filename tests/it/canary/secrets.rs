//! Forty kinds of secrets that stand beside settings. All are made up as the test runs: no scanner can find one in this file.

use std::cell::Cell;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A secret, what it is, and the statement that gives it away: `NAME` and `VALUE`.
#[derive(Clone)]
pub struct Secret {
    pub kind: &'static str,
    pub name: &'static str,
    /// What stands in the file.
    pub written: String,
    /// What must be nowhere.
    pub bytes: String,
}

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0x9E37_79B9_7F4A_7C15) };
}

/// Letters of an alphabet, other ones each time and the same ones in each run.
fn letters(alphabet: &str, count: usize) -> String {
    let alphabet = alphabet.as_bytes();
    let next = || {
        let mut x = STATE.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        STATE.set(x);
        let at = usize::try_from(x >> 33).expect("it is short") % alphabet.len();
        char::from(alphabet[at])
    };
    (0..count).map(|_| next()).collect()
}

const HEX: &str = "0123456789abcdef";
const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// All kinds.
pub fn all() -> Vec<Secret> {
    STATE.set(0x9E37_79B9_7F4A_7C15);
    let mut all = Vec::new();
    let mut add = |kind, name, frame: &str, bytes: String| {
        let written = frame.replace("{}", &bytes);
        all.push(Secret { kind, name, written, bytes });
    };
    add("a password", "DB_PASSWORD", "{}", letters(ALL, 12));
    add("a password of signs", "DB_PASSWORD", "{}", letters("!$%&*+-.:;=?@^_~aB3", 20));
    add("a password of capitals", "ADMIN_PASSWORD", "{}", letters(UPPER, 14));
    add("a password of small letters", "ADMIN_PASSWORD", "{}", letters(LOWER, 16));
    add("a number", "CARD_PIN", "{}", letters(DIGITS, 16));
    let words = || letters(LOWER, 5);
    add("a passphrase", "PASSPHRASE", "{}", [words(), words(), words(), words()].join(" "));
    add("words with dashes", "REDIS_PASSWORD", "{}", [words(), words(), words()].join("-"));
    add("words with dots", "LICENCE", "{}", [words(), words(), words()].join("."));
    add("words with bars", "SMTP_PASSWORD", "{}", [words(), words(), words()].join("_"));
    add(
        "an equals sign within",
        "QUEUE_PASSWORD",
        "{}",
        format!("{}={}", words(), letters(ALL, 9)),
    );
    add("a colon within", "QUEUE_PASSWORD", "{}", format!("{}: {}", words(), letters(ALL, 9)));
    add("an encryption key", "CRYPT_KEY", "{}", letters(HEX, 32));
    add("a client secret", "IMS_CLIENT_SECRET", "p8e-{}", letters(ALL, 32));
    let composer = r#"{"http-basic":{"repo.magento.com":{"username":"shop","password":"{}"}}}"#;
    add("Composer's passwords", "COMPOSER_AUTH", composer, letters(HEX, 32));
    let escaped = r#"{\"http-basic\":{\"repo.magento.com\":{\"password\":\"{}\"}}}"#;
    add("Composer's passwords in a string", "COMPOSER_AUTH", escaped, letters(HEX, 32));
    add("an npm token", "NPM_TOKEN", "npm_{}", letters(ALL, 36));
    add("a GitHub token", "GITHUB_TOKEN", "ghp_{}", letters(ALL, 36));
    add("a GitLab token", "CI_TOKEN", "glpat-{}", letters(ALL, 20));
    add("an AWS key id", "AWS_ACCESS_KEY_ID", "AKIA{}", letters(UPPER, 16));
    add("an AWS key", "AWS_SECRET_ACCESS_KEY", "{}", letters(BASE64, 40));
    add("a payment key", "STRIPE_KEY", "sk_live_{}", letters(ALL, 24));
    add("a webhook", "SLACK_URL", "https://hooks.slack.com/services/T0/B0/{}", letters(ALL, 24));
    add("a Google key", "MAPS_KEY", "AIza{}", letters(ALL, 35));
    add("a JWT", "JWT", "eyJhbGciOiJIUzI1NiJ9.{}.x", letters(ALL, 40));
    add(
        "an age identity",
        "SOPS_AGE_KEY",
        "AGE-SECRET-KEY-1{}",
        letters("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
    );
    add("a vault token", "VAULT_TOKEN", "hvs.{}", letters(ALL, 24));
    add(
        "a database's address",
        "DATABASE_URL",
        "mysql://shop:{}@db.internal:3306/shop",
        letters(ALL, 14),
    );
    add("a queue's address", "AMQP_URL", "amqp://:{}@mq:5672/%2f", letters(LOWER, 12));
    add(
        "a password in an address",
        "REPO",
        "https://deploy:{}@git.example.com/shop.git",
        letters(ALL, 16),
    );
    add("a token in an address", "HOOK", "https://example.com/hook?token={}&x=1", letters(ALL, 20));
    add(
        "an error tracker's address",
        "SENTRY_DSN",
        "https://{}@o1.ingest.example.io/2",
        letters(HEX, 32),
    );
    add("a header", "HEADER", "Authorization: Bearer {}", letters(ALL, 30));
    add("an argument", "COMMAND", "mysql -u shop -p{} shop", letters(ALL, 11));
    add("a long argument", "COMMAND", "mysqldump --password={} shop", letters(ALL, 11));
    add("a login", "COMMAND", "curl -u admin:{} https://example.com", letters(LOWER, 11));
    add("a hash", "HTPASSWD", "admin:$2y$10${}", letters(ALL, 53));
    add("DER in hexadecimal", "KEY_HEX", "302e0201003005{}", letters(HEX, 82));
    add("DER wrapped at 32", "KEY", "{}", letters(BASE64, 32));
    add("a line of a key", "KEY", "{}", letters(BASE64, 64));
    add("the last line of a key", "KEY", "{}=", letters(BASE64, 19));
    add("a number of a JWK", "JWK", r#"{"kty":"OKP","d":"{}"}"#, letters(ALL, 43));
    add("a short password", "PIN", "{}", letters(ALL, 8));
    let plain = letters(ALL, 15);
    let written = BASE64_STANDARD.encode(&plain);
    all.push(Secret { kind: "a password in base64", name: "password", written, bytes: plain });
    let plain = letters(ALL, 15);
    let written = BASE64_STANDARD.encode(format!("shop:{plain}"));
    all.push(Secret { kind: "a login in base64", name: "auth", written, bytes: plain });
    let plain = letters(ALL, 5) + " &/" + &letters(ALL, 9);
    let written = plain.replace(' ', "%20").replace('&', "%26").replace('/', "%2F");
    all.push(Secret { kind: "a password for an address", name: "PW", written, bytes: plain });
    all
}
