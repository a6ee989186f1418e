//! A name for a secret that tells nothing about it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Domain separation, not secrecy: what is fingerprinted has the entropy of a key.
const DOMAIN_KEY: &[u8] = b"commerce-lint fingerprint v1";

/// Six bytes of a keyed hash: equal for equal secrets, and all of a secret that is ever printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 6]);

impl Fingerprint {
    /// Fingerprints bytes; the same bytes in another `domain` (key, api key, text …) have another fingerprint.
    #[must_use]
    pub fn of(domain: &str, bytes: &[u8]) -> Self {
        let mut mac = keyed(DOMAIN_KEY);
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        let mut short = [0; 6];
        short.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(to, from)| *to = from);
        Self(short)
    }

    /// Reads a fingerprint as it is printed: 12 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| is_one)?;
        let [_, _, bytes @ ..] = number.to_be_bytes();
        Some(Self(bytes))
    }
}

/// A name for something that is said, keyed with a salt of its own: 32 hexadecimal digits. No two lists of parts are one text.
#[must_use]
pub fn salted(salt: &str, parts: &[&str]) -> String {
    let mut mac = keyed(salt.as_bytes());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(to, from)| *to = from);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&[0; 64].into()))
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_secrets_have_equal_fingerprints_within_a_domain() {
        assert_eq!(Fingerprint::of("key", b"abc"), Fingerprint::of("key", b"abc"));
        assert_ne!(Fingerprint::of("key", b"abc"), Fingerprint::of("text", b"abc"));
        assert_eq!(Fingerprint::of("key", b"abc").to_string().len(), 12);
    }

    #[test]
    fn a_printed_fingerprint_is_read_again() {
        let fingerprint = Fingerprint::of("key", b"abc");
        assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        for text in ["", "abc", "+12345678901", "0123456789abc", "0123456789ag"] {
            assert_eq!(Fingerprint::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_salted_name_depends_on_the_salt_and_on_every_part() {
        assert_eq!(salted("s", &["a", "bc"]), salted("s", &["a", "bc"]));
        assert_eq!(salted("s", &["a", "bc"]).len(), 32);
        for (salt, parts) in [("t", ["a", "bc"]), ("s", ["ab", "c"]), ("s", ["a", "bd"])] {
            assert_ne!(salted("s", &["a", "bc"]), salted(salt, &parts));
        }
    }
}
