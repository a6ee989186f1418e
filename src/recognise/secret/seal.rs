//! Whether a PKCS#12 store is sealed with no password: its seal is then one that anybody can make.
//!
//! Source: RFC 7292, section 4 (`MacData`) and appendix B.2, of which the first block is enough.

use der::Tag;
use der::asn1::{AnyRef, ObjectIdentifier};
use hmac::digest::block_api::EagerHash;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::Sha256;
use sha2::digest::Digest;

use super::asn1::{content, first_identifier, parts};

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// What the bytes are that a key for a seal is made of.
const FOR_A_SEAL: u8 = 3;

/// The block of both hashes, in bytes.
const BLOCK: usize = 64;

/// Far more rounds than tools make; whoever asks for more is not waited for.
const MOST_ROUNDS: u32 = 1 << 17;

/// Whether `seal` is that of `sealed` without a password: with an empty text, or with none.
pub(super) fn is_open(seal: AnyRef<'_>, sealed: &[u8]) -> bool {
    read(seal).is_some_and(|seal| {
        [&[0; BLOCK][..], &[]].iter().any(|password| match seal.hash {
            SHA1 => seal.fits::<Sha1>(password, sealed),
            SHA256 => seal.fits::<Sha256>(password, sealed),
            _ => false,
        })
    })
}

struct Seal<'a> {
    hash: ObjectIdentifier,
    digest: &'a [u8],
    salt: &'a [u8],
    rounds: u32,
}

fn read(seal: AnyRef<'_>) -> Option<Seal<'_>> {
    let seal = parts(seal, Tag::Sequence)?;
    let [mac, salt, rounds @ ..] = seal.as_slice() else { return None };
    let mac = parts(*mac, Tag::Sequence)?;
    let [algorithm, digest] = mac.as_slice() else { return None };
    let rounds = match rounds.first() {
        Some(rounds) => content(*rounds, Tag::Integer)?,
        None => &[1],
    };
    let is_short = rounds.len() <= 4;
    let rounds = rounds.iter().fold(0, |number, digit| number << 8 | u32::from(*digit));
    Some(Seal {
        hash: first_identifier(algorithm.value())?,
        digest: content(*digest, Tag::OctetString)?,
        salt: content(*salt, Tag::OctetString)?,
        rounds,
    })
    .filter(|seal| is_short && (1..=MOST_ROUNDS).contains(&seal.rounds) && !seal.salt.is_empty())
}

impl Seal<'_> {
    fn fits<H: Digest + EagerHash>(&self, password: &[u8], sealed: &[u8]) -> bool {
        let salt = self.salt.iter().cycle().take(self.salt.len().next_multiple_of(BLOCK));
        let salt: Vec<u8> = salt.copied().collect();
        let first = H::new().chain_update([FOR_A_SEAL; BLOCK]);
        let mut key = first.chain_update(salt).chain_update(password).finalize();
        for _ in 1..self.rounds {
            key = H::digest(&key);
        }
        let Ok(mac) = Hmac::<H>::new_from_slice(&key) else { return false };
        mac.chain_update(sealed).verify_slice(self.digest).is_ok()
    }
}
