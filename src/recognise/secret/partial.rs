//! What is left of an RSA key that was cut or damaged: its public numbers and a part of its private exponent, or the exponent and a prime.
//!
//! Source: RFC 8017, appendix A.1.2, the order of the numbers.

use super::form::Form;
use super::key::{Key, rsa_fingerprint, without_zeros};
use crate::model::fingerprint::Fingerprint;

/// The shortest modulus, in bytes.
const SHORTEST: usize = 48;
/// How much of a private exponent has to be there.
const BEGUN: usize = 16;
/// The public exponent of nearly every key, 65537, and the tag of the number behind it.
const EXPONENT: &[u8] = &[0x02, 0x03, 0x01, 0x00, 0x01, 0x02];

/// Reads a key from its first byte on, as far as it goes.
pub(super) fn from_start(data: &[u8]) -> Option<Key> {
    let mut rest = within(data, 0x30)?;
    let mut form = Form::Pkcs1;
    let (version, after) = number(rest)?;
    rest = after;
    if rest.first() == Some(&0x30) {
        form = Form::Pkcs8;
        let Element { len, rest: body, .. } = header(rest)?;
        let (algorithm, key) = body.split_at_checked(len)?;
        let is_rsa = algorithm.starts_with(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01");
        rest = within(key, 0x04).filter(|_| is_rsa)?;
        rest = within(rest, 0x30)?;
        rest = number(rest)?.1;
    }
    let (modulus, rest) = number(rest)?;
    let (exponent, rest) = number(rest)?;
    let Element { tag, rest: private, .. } = header(rest)?;
    let is_rsa = version.len() <= 1
        && tag == 0x02
        && modulus.len() >= SHORTEST
        && exponent.len() <= 8
        && private.len() >= BEGUN;
    let fingerprint = rsa_fingerprint(modulus, exponent);
    is_rsa.then_some(Key { form, encrypted: false, fingerprint, len: data.len() })
}

/// Reads a key without its first bytes: the private exponent stands behind the public one, a prime behind it.
pub(super) fn from_exponent(data: &[u8]) -> Option<Key> {
    let at = memchr::memmem::find(data, EXPONENT)?;
    let rest = data.get(at + EXPONENT.len() - 1..)?;
    let (private, rest) = number(rest)?;
    let Element { tag, len, .. } = header(rest)?;
    // A prime has half as many digits.
    let is_prime = tag == 0x02 && len.abs_diff(private.len() / 2) <= 8;
    let fingerprint = Fingerprint::of("rsa exponent", private);
    (private.len() >= SHORTEST && is_prime).then_some(Key {
        form: Form::Pkcs1,
        encrypted: false,
        fingerprint,
        len: data.len(),
    })
}

/// An element of DER as it begins.
struct Element<'a> {
    tag: u8,
    len: usize,
    /// What follows, of which there can be less.
    rest: &'a [u8],
}

fn header(data: &[u8]) -> Option<Element<'_>> {
    let (&tag, rest) = data.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if first < 0x80 {
        return Some(Element { tag, len: first.into(), rest });
    }
    let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F).min(8))?;
    let len = digits
        .iter()
        .try_fold(0_usize, |len, &digit| Some(len.checked_mul(256)? | usize::from(digit)))?;
    Some(Element { tag, len, rest })
}

/// What is there of an element's content.
fn within(data: &[u8], tag: u8) -> Option<&[u8]> {
    header(data).filter(|found| found.tag == tag).map(|found| found.rest)
}

/// A whole number and what follows it.
fn number(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let Element { tag, len, rest } = header(data)?;
    let (digits, rest) = rest.split_at_checked(len).filter(|_| tag == 0x02)?;
    Some((without_zeros(digits), rest))
}
