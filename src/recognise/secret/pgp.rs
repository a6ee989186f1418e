//! PGP's secret key packets, RFC 9580, sections 4.2 and 5.5.3.

use super::form::Form;
use super::key::{Key, rsa_fingerprint};
use crate::model::fingerprint::Fingerprint;

const SECRET_KEY: u8 = 5;
const SECRET_SUBKEY: u8 = 7;

/// Reads the transferable secret key at the start of `data`.
///
/// A primary key that lives elsewhere (a stub for cards and offline keys) is a secret only if one of its subkeys is.
pub(super) fn read(data: &[u8]) -> Option<Key> {
    let mut rest = data;
    let (tag, primary) = packet(&mut rest)?;
    if tag != SECRET_KEY {
        return None;
    }
    let (fingerprint, mut protection) = secret_key(primary)?;
    while protection == Protection::Elsewhere {
        let (tag, body) = packet(&mut rest)?;
        if tag == SECRET_SUBKEY {
            protection = secret_key(body)?.1;
        }
    }
    let encrypted = protection == Protection::Passphrase;
    Some(Key { form: Form::Pgp, encrypted, fingerprint, len: data.len() - rest.len() })
}

#[derive(PartialEq, Eq)]
enum Protection {
    None,
    Passphrase,
    Elsewhere,
}

fn secret_key(body: &[u8]) -> Option<(Fingerprint, Protection)> {
    let mut rest = body;
    let version = byte(&mut rest)?;
    take(&mut rest, 4)?;
    if version == 3 {
        take(&mut rest, 2)?;
    }
    let algorithm = byte(&mut rest)?;
    if version >= 5 {
        take(&mut rest, 4)?;
    }
    if !(3..=6).contains(&version) {
        return None;
    }
    let public = rest;
    let mut rsa = None;
    match algorithm {
        1..=3 => {
            let modulus = integer(&mut rest)?;
            rsa = Some(rsa_fingerprint(modulus, integer(&mut rest)?));
        }
        16 => {
            let _ = (integer(&mut rest)?, integer(&mut rest)?, integer(&mut rest)?);
        }
        17 => {
            let _ = (integer(&mut rest)?, integer(&mut rest)?);
            let _ = (integer(&mut rest)?, integer(&mut rest)?);
        }
        18 => {
            let _ = (short(&mut rest)?, integer(&mut rest)?, short(&mut rest)?);
        }
        19 | 22 => {
            let _ = (short(&mut rest)?, integer(&mut rest)?);
        }
        25 | 27 => drop(take(&mut rest, 32)?),
        26 => drop(take(&mut rest, 56)?),
        28 => drop(take(&mut rest, 57)?),
        _ => return None,
    }
    let public = public.get(..public.len() - rest.len())?;
    let fingerprint = rsa.unwrap_or_else(|| Fingerprint::of("pgp", public));
    let protection = match (byte(&mut rest)?, rest) {
        (0, _) => Protection::None,
        (253..=255, [_, 101, _, b'G', b'N', b'U', ..]) => Protection::Elsewhere,
        _ => Protection::Passphrase,
    };
    // The shortest secrets are the 32 bytes of an Edwards key.
    (protection == Protection::Elsewhere || rest.len() >= 20).then_some((fingerprint, protection))
}

/// The next packet's tag and body; a body of partial lengths, which no key has, is refused.
fn packet<'a>(rest: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let head = byte(rest)?;
    if head & 0xC0 == 0xC0 {
        let len = match byte(rest)? {
            first @ 0..=191 => usize::from(first),
            first @ 192..=223 => (usize::from(first) - 192) * 256 + usize::from(byte(rest)?) + 192,
            255 => big_endian(take(rest, 4)?),
            224..=254 => return None,
        };
        return Some((head & 0x3F, take(rest, len)?));
    }
    if head & 0x80 == 0 {
        return None;
    }
    let len = match head & 3 {
        0 => big_endian(take(rest, 1)?),
        1 => big_endian(take(rest, 2)?),
        2 => big_endian(take(rest, 4)?),
        _ => rest.len(),
    };
    Some((head >> 2 & 0x0F, take(rest, len)?))
}

/// A multiprecision integer, section 3.2: its length in bits, then its bytes.
fn integer<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let bits = big_endian(take(rest, 2)?);
    take(rest, bits.div_ceil(8))
}

/// A curve's identifier or a derivation's parameters: one byte of length, then the bytes.
fn short<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = byte(rest)?;
    take(rest, len.into())
}

fn big_endian(digits: &[u8]) -> usize {
    digits.iter().fold(0, |number, &digit| number << 8 | usize::from(digit))
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (&first, after) = rest.split_first()?;
    *rest = after;
    Some(first)
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(taken)
}
