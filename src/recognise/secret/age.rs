//! Identities of age: Bech32 of 32 bytes, whose checksum no placeholder has.
//!
//! Sources: the specification of age, *The X25519 recipient type*; BIP 173.

use super::form::Form;
use super::key::Key;
use crate::model::fingerprint::Fingerprint;

const PREFIX: &[u8] = b"age-secret-key-";
const ALPHABET: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// The characters behind the `1`: 52 of the key and six of the checksum.
const CHARACTERS: usize = 58;
/// Those behind the first sixteen of an identity.
pub(super) const REST: usize = CHARACTERS;

/// Reads the identity that begins at `start`.
pub(super) fn read(text: &[u8], start: usize) -> Option<Key> {
    let len = PREFIX.len() + 1 + CHARACTERS;
    let identity = text.get(start..start + len)?.to_ascii_lowercase();
    let data: Option<Vec<u32>> = identity
        .get(PREFIX.len() + 1..)?
        .iter()
        .map(|letter| {
            let value = ALPHABET.iter().position(|known| known == letter)?;
            u32::try_from(value).ok()
        })
        .collect();
    let ends = text.get(start + len).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let fingerprint = Fingerprint::of("age", &identity);
    let is_whole = ends && checksum(&data?) == 1;
    is_whole.then_some(Key { form: Form::Age, encrypted: false, fingerprint, len })
}

fn checksum(data: &[u32]) -> u32 {
    let high = PREFIX.iter().map(|&byte| u32::from(byte >> 5));
    let low = PREFIX.iter().map(|&byte| u32::from(byte & 31));
    let generator: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    high.chain([0]).chain(low).chain(data.iter().copied()).fold(1, |sum, value| {
        let top = sum >> 25;
        let next = (sum & 0x1ff_ffff) << 5 ^ value;
        let parts = generator.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1);
        parts.fold(next, |sum, (_, part)| sum ^ part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_tells_an_identity_from_what_looks_like_one() {
        // From the documentation of age; it belongs to nobody.
        let identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
        assert!(read(identity.as_bytes(), 0).is_some());
        assert!(read(identity.replace("Q4E", "Q4F").as_bytes(), 0).is_none());
        assert!(read(&identity.as_bytes()[..60], 0).is_none());
    }
}
