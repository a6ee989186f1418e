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
        let mut mac = Hmac::<Sha256>::new_from_slice(DOMAIN_KEY)
            .unwrap_or_else(|_| Hmac::new(&[0; 64].into()));
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        let mut short = [0; 6];
        short.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(to, from)| *to = from);
        Self(short)
    }
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
}
