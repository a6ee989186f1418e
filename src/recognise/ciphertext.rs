//! Magento's ciphertext and the keys that open it, read again from their places and forgotten at once.
//!
//! Sources: `Magento\Framework\Encryption\Encryptor` (the parts, the list of keys, the prefix `base64`) and
//! `Magento\Framework\Encryption\Adapter\SodiumChachaIetf` (the nonce comes first and is the additional data, too).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};

use super::value::is_ciphertext;
use super::written::readings;
use crate::model::fingerprint::Fingerprint;

/// The only cipher that is tried, the one that Magento writes since 2.3: ChaCha20-Poly1305 of RFC 8439.
const CHACHA: u32 = 3;
/// The bytes of its nonce.
const NONCE: usize = 12;

/// A ciphertext's parts.
pub struct Ciphertext {
    cipher: u32,
    payload: Vec<u8>,
}

/// What an opened ciphertext holds, as far as anybody is told.
pub enum Within {
    /// A text.
    Text,
    /// Another ciphertext.
    Ciphertext(Ciphertext),
}

/// The keys of one `crypt/key`, oldest first.
pub struct Keys(Vec<Vec<u8>>);

impl Ciphertext {
    /// Reads the ciphertext written at a place.
    #[must_use]
    pub fn read(written: &str) -> Option<Self> {
        let text = readings(written).into_iter().find(|text| is_ciphertext(text.trim()))?;
        let parts: Vec<&str> = text.trim().split(':').collect();
        let (cipher, payload) = match parts.as_slice() {
            [cipher, payload] | [_, cipher, payload] => (cipher.parse().ok()?, payload),
            // With an initial vector, the cipher is Rijndael whatever it says.
            [_, _, _, payload] => (2, payload),
            _ => return None,
        };
        Some(Self { cipher, payload: STANDARD.decode(payload).ok()? })
    }

    /// Whether [`Keys::open`] can tell.
    #[must_use]
    pub fn can_be_tried(&self) -> bool {
        self.cipher == CHACHA
    }
}

impl Keys {
    /// Reads the keys written at a place, which together have this fingerprint.
    #[must_use]
    pub fn read(written: &str, fingerprint: Fingerprint) -> Option<Self> {
        let is_it = |text: &String| Fingerprint::of_password(text.trim()) == fingerprint;
        let text = readings(written).into_iter().find(is_it)?;
        let key = |key: &str| match key.strip_prefix("base64").map(|rest| STANDARD.decode(rest)) {
            Some(Ok(bytes)) => bytes,
            _ => key.as_bytes().to_vec(),
        };
        Some(Self(text.split_whitespace().map(key).collect()))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What the ciphertext holds, where one of them decrypts it.
    #[must_use]
    pub fn open(&self, ciphertext: &Ciphertext) -> Option<Within> {
        let (nonce, sealed) = ciphertext.payload.split_at_checked(NONCE)?;
        let nonce_array = <&Nonce>::try_from(nonce).ok().filter(|_| ciphertext.can_be_tried())?;
        self.0.iter().find_map(|key| {
            let cipher = ChaCha20Poly1305::new_from_slice(key).ok()?;
            let opened = cipher.decrypt(nonce_array, Payload { msg: sealed, aad: nonce });
            let mut text = opened.ok()?;
            let inner = std::str::from_utf8(&text).ok().and_then(Ciphertext::read);
            text.fill(0);
            Some(inner.map_or(Within::Text, Within::Ciphertext))
        })
    }
}

impl fmt::Debug for Keys {
    /// Never prints a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "8f0e1d2c3b4a59687786958493a2b1c0";

    fn sealed(key: &[u8]) -> String {
        sealed_text(key, b"a private key")
    }

    fn sealed_text(key: &[u8], text: &[u8]) -> String {
        let cipher = ChaCha20Poly1305::new_from_slice(key).expect("the key has 32 bytes");
        let nonce = [7; NONCE];
        let payload = Payload { msg: text, aad: &nonce };
        let text = cipher.encrypt(&Nonce::from(nonce), payload).expect("it can be encrypted");
        format!("0:3:{}", STANDARD.encode([nonce.to_vec(), text].concat()))
    }

    fn keys(text: &str) -> Keys {
        Keys::read(&format!("'{text}'"), Fingerprint::of_password(text)).expect("it is read")
    }

    #[test]
    fn a_ciphertext_opens_with_its_key_and_no_other() {
        let ciphertext = Ciphertext::read(&sealed(KEY.as_bytes())).expect("it is one");
        let opens = |keys: &Keys| matches!(keys.open(&ciphertext), Some(Within::Text));
        assert!(opens(&keys(KEY)));
        assert!(opens(&keys(&format!("{}\n{KEY}", "a".repeat(32)))));
        assert!(!opens(&keys(&KEY.replace('8', "9"))));
        assert!(!opens(&keys("short")));
    }

    #[test]
    fn a_key_in_base64_is_its_bytes() {
        let bytes: Vec<u8> = (0..32).collect();
        let ciphertext = Ciphertext::read(&sealed(&bytes)).expect("it is one");
        assert!(keys(&format!("base64{}", STANDARD.encode(&bytes))).open(&ciphertext).is_some());
    }

    #[test]
    fn a_ciphertext_of_a_ciphertext_is_told() {
        let inner = sealed("x".repeat(32).as_bytes());
        let outer = Ciphertext::read(&sealed_text(KEY.as_bytes(), inner.as_bytes()));
        let within = keys(KEY).open(&outer.expect("it is one"));
        assert!(matches!(within, Some(Within::Ciphertext(_))));
    }

    #[test]
    fn other_ciphers_are_not_tried() {
        let old = format!("0:2:{}:{}", "v".repeat(32), STANDARD.encode([1; 32]));
        let ciphertext = Ciphertext::read(&old).expect("it is one");
        assert!(!ciphertext.can_be_tried() && keys(KEY).open(&ciphertext).is_none());
        assert!(Ciphertext::read("not a ciphertext").is_none());
        assert_eq!(format!("{:?}", keys(KEY)), "Keys(1)");
    }
}
