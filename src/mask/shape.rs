//! Secrets known by their looks alone, in texts of which nothing else is known: names, arguments, lines that leave the program.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::recognise::secret::random::{SHORTEST, is_random, worded};
use crate::source::Span;

/// The shortest private key in hexadecimal.
const SHORTEST_HEX: usize = 64;

/// The login within an address: what stands between `://` and `@`.
static LOGIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[a-zA-Z][a-zA-Z0-9+.-]*://(?P<login>[^/?#@\s'\x22`]*:[^/?#\s'\x22`]*)@")
        .expect("it is an expression")
});

/// What an address asks for, and who asks without a password: `?token=…`, `#…`, `token@`.
static ASKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"[a-zA-Z][a-zA-Z0-9+.-]*://(?:(?P<login>[^/?#@:\s'\x22`…]+)@)?[^?#@\s'\x22`]*(?:[?#](?P<asked>[^\s'\x22`…]+))?",
    )
    .expect("it is an expression")
});

/// How DER of a private key begins in hexadecimal: a sequence, its length, a version.
static DER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?i)^30(82[0-9a-f]{4}|81[0-9a-f]{2}|[0-7][0-9a-f])0201(00|01|03)")
        .expect("it is an expression")
});

/// What looks like a secret, in order of places.
#[must_use]
pub fn suspects(text: &str) -> Vec<Span> {
    let runs = runs(text).filter(|run| {
        let word = text.get(run.clone()).unwrap_or_default();
        (is_random(word) && !is_digest(text, run)) || is_der(word)
    });
    let runs = runs.map(|run| Span::new(run.start, run.end));
    let logins = LOGIN.captures_iter(text).filter_map(|found| found.name("login"));
    let logins = logins.map(|login| Span::new(login.start(), login.end()));
    let mut spans: Vec<Span> = runs.chain(logins).collect();
    spans.sort_unstable();
    spans
}

/// What of addresses is neither scheme, host, port nor path.
#[must_use]
pub fn asked(text: &str) -> Vec<Span> {
    let found = ASKED.captures_iter(text).flat_map(|found| {
        let parts = [found.name("login"), found.name("asked")].into_iter().flatten();
        parts.map(|part| Span::new(part.start(), part.end())).collect::<Vec<_>>()
    });
    found.collect()
}

/// Whether a run of base64's characters is a path: parts between slashes, none as long as a key's, most of their letters in what could be words.
#[must_use]
pub fn is_path(run: &str) -> bool {
    let is_short = |part: &str| part.len() < SHORTEST;
    let of_words = || run.split('/').all(is_short) && worded(run) * 2 >= run.len();
    let of_parts = || run.split(['/', '-', '_', '.']).all(|part| is_short(part) && is_plain(part));
    run.contains('/') && !run.contains(char::is_whitespace) && (of_words() || of_parts())
}

/// Whether letters and digits do not mix as in what is random: `connector`, `PROD`, `Acme`, `v2`, `2026`, `k8s`.
fn is_plain(part: &str) -> bool {
    if part.len() < 4 {
        return true;
    }
    let rest = part.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let small = rest.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let is_one_case = small.is_empty() || small.len() + 1 >= rest.len();
    is_one_case && small.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether a word is a private key in hexadecimal, or its beginning.
fn is_der(word: &str) -> bool {
    let is_hex = word.len() >= SHORTEST_HEX && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex && DER.is_match(word)
}

/// A digest that says so, as a page's Content-Security-Policy has them.
fn is_digest(text: &str, run: &Range<usize>) -> bool {
    let before = text.get(..run.start).unwrap_or_default();
    let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || "+/".contains(letter);
    let head = before.trim_end_matches(is_base64);
    head.ends_with("sha256-") && run.end - head.len() <= 44
}

/// The longest runs of letters, digits and `+`.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'+';
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(belongs)?;
        let rest = bytes.get(start..)?;
        at = start + rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        Some(start..at)
    })
    .filter(|run| run.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        suspects(text).iter().filter_map(|span| text.get(span.range())).collect()
    }

    #[test]
    fn keys_are_random_and_names_are_not() {
        let key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
        assert_eq!(found(&format!("deploy/{key}.pem")), [key]);
        for name in [
            "services_connector/services_connector_integration/production_api_key",
            "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11",
            "638768f67d24a925a2e19cb4ae2e6f9e",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "Magento2ProductionEnvironmentSettings",
            "ConfigMapForEuProd2AndUsProd",
            "AdobeCommerceServicesConnectorV2Configuration",
            "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID",
            "'sha256-iTbz6oUS7qbGhXUUOxPJGIdD1MhKT0sEaZVFW1mrSnM='",
            "'sha256-/Tbz6oUS7/bGhXUUOxPJGIdD1MhKT0sEaZVFW1mrSnM='",
        ] {
            assert!(found(name).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_path_is_no_key() {
        assert!(is_path("/srv/builds/commerce-lint/vendor/shop"));
        assert!(is_path("k8s/Acme-UK/aws-eu-west-1/PROD/connector_v2"));
        assert!(is_path("src/2026-Q3/aws-eu-west-1/Shop_EU/PROD/services"));
        assert!(!is_path("MIIEvQIBADANBgkqhkiG9w0BAQEF/ASCBKcwggSjAgEAA"));
        assert!(!is_path("vQIBADANBgkqhkiG9w0B/ASCBKcwggSjAgEAAoIBAQC7/s1y"));
        assert!(!is_path("servicesconnectorproductionprivatekey"));
    }

    #[test]
    fn hexadecimal_is_a_key_where_it_begins_like_one() {
        let key = format!("302e020100{}", "3005".repeat(20));
        assert_eq!(found(&format!("key={key}")), [key.as_str()]);
        assert!(found(&"da39a3ee".repeat(8)).is_empty());
    }

    #[test]
    fn an_address_has_no_login() {
        assert_eq!(found("mysql://shop:p@ss@db/x https://a.example/"), ["shop:p@ss"]);
        assert!(found("https://a.example:8443/x@y git@example.com:a/b").is_empty());
    }
}
