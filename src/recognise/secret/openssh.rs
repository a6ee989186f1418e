//! OpenSSH's own container, `PROTOCOL.key` in its sources.

use super::form::Form;
use super::key::{Key, rsa_fingerprint};
use crate::model::fingerprint::Fingerprint;

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Reads the key at the start of `data`.
pub(super) fn read(data: &[u8]) -> Option<Key> {
    let mut rest = data.strip_prefix(MAGIC)?;
    let cipher = string(&mut rest)?;
    let _key_derivation = (string(&mut rest)?, string(&mut rest)?);
    let keys = number(&mut rest)?;
    let public = string(&mut rest)?;
    for _ in 1..keys {
        string(&mut rest)?;
    }
    let private = string(&mut rest)?;
    let encrypted = cipher != b"none";
    // What was decrypted rightly begins with the same number twice.
    if private.len() < 16 || !encrypted && private.get(..4) != private.get(4..8) {
        return None;
    }
    let fingerprint = fingerprint(public, (!encrypted).then_some(private))?;
    Some(Key { form: Form::OpenSsh, encrypted, fingerprint, len: data.len() - rest.len() })
}

/// The same fingerprint as the key has in PKCS#8, where that can be known.
fn fingerprint(public: &[u8], private: Option<&[u8]>) -> Option<Fingerprint> {
    let mut rest = public;
    let algorithm = string(&mut rest)?;
    match algorithm {
        b"ssh-rsa" => {
            let exponent = string(&mut rest)?;
            Some(rsa_fingerprint(string(&mut rest)?, exponent))
        }
        b"ssh-ed25519" => {
            let Some(mut private) = private.and_then(|private| private.get(8..)) else {
                return Some(Fingerprint::of("key", public));
            };
            let _names = (string(&mut private)?, string(&mut private)?);
            // The seed, then the public point again.
            string(&mut private)?.get(..32).map(|seed| Fingerprint::of("edwards", seed))
        }
        _ if algorithm.starts_with(b"ecdsa-") => {
            let _curve = string(&mut rest)?;
            Some(Fingerprint::of("ec", string(&mut rest)?))
        }
        _ => Some(Fingerprint::of("key", public)),
    }
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (digits, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_be_bytes(*digits))
}

fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(number(rest)?).ok()?;
    let (string, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(string)
}
