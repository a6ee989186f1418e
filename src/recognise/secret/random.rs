//! Words that no person would think of, and so may be a key, or a piece of one.

use std::sync::LazyLock;

use regex::Regex;

/// The shortest run that can be told from a word.
pub const SHORTEST: usize = 24;

/// The shortest piece of a key in hexadecimal, and in base64, of which it would tell something.
const PIECE: usize = 8;
const DENSE: usize = 12;

/// What could be a word within a name: small letters, the first of them a capital perhaps.
static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("[A-Z][a-z]{2,}|[a-z]{3,}").expect("it is an expression"));

/// What a name is put together of: a word, capitals, a number.
static STEPS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("[A-Z]?[a-z]+|[A-Z]+|[0-9]+").expect("it is an expression"));

/// How much of a word could be words of people.
#[must_use]
pub fn worded(word: &str) -> usize {
    WORDS.find_iter(word).map(|part| part.len()).sum()
}

/// Whether a word is made of letters and digits in no order that a person would give them: upper case, lower case and digits, and less than
/// half of it in what could be words.
#[must_use]
pub fn is_random(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
    word.len() >= SHORTEST
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
        && worded(word) * 2 < word.len()
}

/// Whether a name could hold a piece of a key: a number in hexadecimal, or what turns from small letters to capitals to digits more often than
/// every third letter. Many a name is taken for one: this is for what nobody misses.
#[must_use]
pub fn may_be_piece(name: &str) -> bool {
    let is_piece = |part: &str| {
        let has = |is: fn(&u8) -> bool| part.as_bytes().iter().any(is);
        let is_hex = part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_number = is_hex && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
        let is_dense = || STEPS.find_iter(part).count() * 3 > part.len();
        part.len() >= PIECE && is_number || part.len() >= DENSE && is_dense()
    };
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(is_piece)
}

/// A name in small letters, but for what may be a key: that is known by its capitals, and hidden where it is shown.
#[must_use]
pub fn lowered(name: &str) -> String {
    let is_end = |letter: char| !letter.is_ascii_alphanumeric();
    let lower = |run: &str| {
        let word = run.trim_end_matches(is_end);
        if is_random(word) { run.to_owned() } else { run.to_ascii_lowercase() }
    };
    name.split_inclusive(is_end).map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_small_letters_keeps_the_capitals_of_a_key() {
        let key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
        assert_eq!(lowered(&format!("EU-Prod.{key}.B")), format!("eu-prod.{key}.b"));
    }

    #[test]
    fn pieces_are_told_from_names() {
        for name in
            ["6b0201010420373f", "a-ec2c5da8b5-x", "bhitNZsHgoloKFP5jbaAaCtVmg", "0M4q8gK1wZx3"]
        {
            assert!(may_be_piece(name), "{name}");
        }
        for name in [
            "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID",
            "AdobeCommerceServicesConnectorV2Configuration",
            "ConfigMapForEuProd2AndUsProd",
            "services_connector/services_id/environment_id",
            "magento2-php83-fpm",
            "deploymentEnvironments[0]",
            "20261129",
        ] {
            assert!(!may_be_piece(name), "{name}");
        }
    }
}
