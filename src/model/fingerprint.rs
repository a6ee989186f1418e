//! A name for a secret that tells nothing about it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Domain separation, not secrecy: what is shown of it has the entropy of a key, or is public.
const DOMAIN_KEY: &[u8] = b"commerce-lint fingerprint v1";

/// Six bytes of a keyed hash: equal for equal secrets, and all of a secret that is ever printed.
///
/// The hash of what a person may have thought of is never printed: whoever reads it could try passwords until one has that hash.
#[derive(Clone, Copy)]
pub struct Fingerprint {
    bytes: [u8; 6],
    is_guessable: bool,
    /// Ten more bytes of the hash, for names among millions; none of one that was read. They tell no two apart here.
    rest: Option<[u8; 10]>,
}

impl Fingerprint {
    /// Fingerprints bytes; the same bytes in another `domain` (key, api key, text …) have another fingerprint.
    #[must_use]
    pub fn of(domain: &str, bytes: &[u8]) -> Self {
        // The key's own blocks are hashed once: every value has a fingerprint.
        static KEYED: LazyLock<Hmac<Sha256>> = LazyLock::new(|| keyed(DOMAIN_KEY));
        let mut mac = KEYED.clone();
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        let mut hash = mac.finalize().into_bytes().into_iter();
        let (mut bytes, mut rest) = ([0; 6], [0; 10]);
        bytes.iter_mut().chain(&mut rest).zip(&mut hash).for_each(|(to, from)| *to = from);
        Self { bytes, is_guessable: false, rest: Some(rest) }
    }

    /// Fingerprints a secret that can have little entropy: a password, a client secret.
    #[must_use]
    pub fn of_password(text: &str) -> Self {
        Self { is_guessable: true, ..Self::of("text", text.as_bytes()) }
    }

    /// The same for every equal secret: to be compared with others, never to be shown.
    #[must_use]
    pub fn compared(&self) -> String {
        Self { is_guessable: false, ..*self }.to_string()
    }

    /// Whether it is kept to compare values, and never shown.
    #[must_use]
    pub fn is_guessable(&self) -> bool {
        self.is_guessable
    }

    /// Reads a fingerprint as it is printed: 12 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| is_one)?;
        let [_, _, bytes @ ..] = number.to_be_bytes();
        Some(Self { bytes, is_guessable: false, rest: None })
    }

    /// All sixteen bytes, to be keyed before they are shown; none for what can be guessed.
    #[must_use]
    pub fn wide(&self) -> Option<[u8; 16]> {
        let mut wide = [0; 16];
        let all = self.bytes.into_iter().chain(self.rest.filter(|_| !self.is_guessable)?);
        wide.iter_mut().zip(all).for_each(|(to, from)| *to = from);
        Some(wide)
    }

    /// What tells two apart.
    fn own(&self) -> (&[u8; 6], bool) {
        (&self.bytes, self.is_guessable)
    }
}

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Self) -> bool {
        self.own() == other.own()
    }
}

impl Eq for Fingerprint {}

impl PartialOrd for Fingerprint {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fingerprint {
    fn cmp(&self, other: &Self) -> Ordering {
        self.own().cmp(&other.own())
    }
}

impl Hash for Fingerprint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.own().hash(state);
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
        if self.is_guessable {
            return f.write_str("not shown");
        }
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
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
    fn what_can_be_guessed_is_compared_and_not_shown() {
        let password = Fingerprint::of_password("summer");
        assert_eq!(password, Fingerprint::of_password("summer"));
        assert_ne!(password, Fingerprint::of_password("winter"));
        assert_eq!(format!("{password} {password:?}"), "not shown Fingerprint(not shown)");
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
    fn a_wide_name_is_of_what_nobody_can_guess() {
        let wide = |bytes| Fingerprint::of("key", bytes).wide();
        assert!(wide(b"abc").is_some() && wide(b"abc") != wide(b"abd"));
        assert_eq!(Fingerprint::of_password("summer").wide(), None);
        let read = Fingerprint::parse(&Fingerprint::of("key", b"abc").to_string());
        assert_eq!(read.and_then(|read| read.wide()), None);
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
