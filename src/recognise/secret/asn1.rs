//! Private keys in DER: PKCS#8, PKCS#1, SEC1 and DSA, read to their ends.

use std::collections::BTreeSet;

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Reader, SliceReader, Tag, Tagged};

use super::algorithm;
use super::armour::Label;
use super::form::Form;
use super::key::{Key, rsa_fingerprint, without_zeros};
use crate::model::fingerprint::Fingerprint;
use crate::model::setting::Public;

/// Reads a PKCS#8, PKCS#1, SEC1 or DSA key at the start of `data`.
pub(super) fn read(data: &[u8]) -> Option<Key> {
    let (outer, len) = element(data)?;
    let parts = parts(outer, Tag::Sequence)?;
    let whole = data.get(..len)?;
    let (form, encrypted, fingerprint) = match parts.as_slice() {
        [version, algorithm, key, ..]
            if is_version(*version, 1) && is(*algorithm, Tag::Sequence) =>
        {
            (Form::Pkcs8, false, pkcs8(*algorithm, *key, whole)?)
        }
        [algorithm, sealed] if is(*algorithm, Tag::Sequence) => {
            sealed_with_password(*algorithm, *sealed)?;
            (Form::Pkcs8, true, Fingerprint::of("key", whole))
        }
        [version, key, rest @ ..] if is_version(*version, 1) && is(*key, Tag::OctetString) => {
            (Form::Ec, false, elliptic(*key, rest)?)
        }
        [version, numbers @ .., secret] if is_version(*version, 0) && numbers.len() == 4 => {
            let whole = numbers.iter().all(|part| number(*part).is_some());
            (Form::Dsa, false, Fingerprint::of("dsa", number(*secret).filter(|_| whole)?))
        }
        [version, ..] if is_version(*version, 1) => (Form::Pkcs1, false, rsa(&parts)?),
        _ => return None,
    };
    Some(Key { form, encrypted, fingerprint, len })
}

/// `PrivateKeyInfo` of RFC 5208 and `OneAsymmetricKey` of RFC 5958.
fn pkcs8(algorithm: AnyRef<'_>, key: AnyRef<'_>, whole: &[u8]) -> Option<Fingerprint> {
    let oid = identifier(algorithm)?;
    let key = content(key, Tag::OctetString)?;
    if algorithm::RSA.contains(&oid) {
        return rsa(&parts(element(key)?.0, Tag::Sequence)?);
    }
    if oid == algorithm::ELLIPTIC {
        let parts = parts(element(key)?.0, Tag::Sequence)?;
        let [version, key, rest @ ..] = parts.as_slice() else { return None };
        return is_version(*version, 1).then(|| elliptic(*key, rest))?;
    }
    if oid.parent() == Some(algorithm::EDWARDS) {
        let seed = content(element(key)?.0, Tag::OctetString)?;
        return (seed.len() >= 32).then(|| Fingerprint::of("edwards", seed));
    }
    if oid == algorithm::DSA {
        // PKCS#8 keeps the public part to itself.
        return Some(Fingerprint::of("dsa", number(element(key)?.0)?));
    }
    // Other algorithms: the frame is whole and holds at least a key's worth of bytes.
    (key.len() >= 16).then(|| Fingerprint::of("key", whole))
}

/// `RSAPrivateKey` of RFC 8017, appendix A.1.2.
fn rsa(parts: &[AnyRef<'_>]) -> Option<Fingerprint> {
    let [version, modulus, exponent, secrets @ ..] = parts else { return None };
    let (primes, more) = secrets.split_at_checked(6)?;
    let plain = is_version(*version, 1) && primes.iter().all(|prime| number(*prime).is_some());
    let (modulus, exponent) = (number(*modulus)?, number(*exponent)?);
    let known = plain && modulus.len() >= 48 && more.len() <= 1;
    known.then(|| rsa_fingerprint(modulus, exponent))
}

/// Whether all of `data` is what anybody may see.
pub(super) fn is_public(data: &[u8]) -> bool {
    public(data).is_some()
}

/// What all of `data` is that anybody may see: a certificate, a request for one, a revocation list, a public key.
pub(super) fn public(data: &[u8]) -> Option<Public> {
    let (outer, len) = element(data)?;
    let parts = parts(outer, Tag::Sequence).filter(|_| data.len() <= len + 2)?;
    let (what, is_one) = match parts.as_slice() {
        [body, algorithm, seal] => {
            let is_sequence = is(*body, Tag::Sequence) && is(*algorithm, Tag::Sequence);
            (Public::Certificate, is_sequence && is(*seal, Tag::BitString))
        }
        [algorithm, key] if is(*key, Tag::BitString) => {
            (Public::Key, is(*algorithm, Tag::Sequence))
        }
        [modulus, exponent] => {
            (Public::Parameters, number(*modulus).and(number(*exponent)).is_some())
        }
        _ => return None,
    };
    is_one.then_some(what)
}

/// `ECPrivateKey` of RFC 5915, from its second element on.
fn elliptic(key: AnyRef<'_>, rest: &[AnyRef<'_>]) -> Option<Fingerprint> {
    let secret = content(key, Tag::OctetString)?;
    // The public point is `[1] BIT STRING`; the first byte of a bit string counts its unused bits.
    let point = rest.iter().rfind(|part| part.tag().is_context_specific()).and_then(|part| {
        let (bits, _) = element(part.value())?;
        content(bits, Tag::BitString)?.get(1..)
    });
    (secret.len() >= 14).then(|| Fingerprint::of("ec", point.unwrap_or(secret)))
}

/// `EncryptedPrivateKeyInfo` of RFC 5208.
fn sealed_with_password(algorithm: AnyRef<'_>, sealed: AnyRef<'_>) -> Option<()> {
    let scheme = identifier(algorithm)?.parent()?;
    let sealed = content(sealed, Tag::OctetString)?;
    (algorithm::PASSWORD.contains(&scheme) && sealed.len() >= 16).then_some(())
}

/// Reads `EncryptedPrivateKeyInfo` whatever the algorithm is: its marker says that it is one.
pub(super) fn sealed(data: &[u8]) -> Option<Key> {
    let (outer, len) = element(data)?;
    let parts = parts(outer, Tag::Sequence)?;
    let [algorithm, sealed] = parts.as_slice() else { return None };
    identifier(*algorithm)?;
    content(*sealed, Tag::OctetString).filter(|sealed| sealed.len() >= 16)?;
    let fingerprint = Fingerprint::of("key", data.get(..len)?);
    Some(Key { form: Form::Pkcs8, encrypted: true, fingerprint, len })
}

/// The traditional encryption of RFC 1421's headers: nothing but a whole number of cipher blocks can be known of the body.
pub(super) fn legacy(data: &[u8], label: Label, closed: bool) -> Option<Key> {
    let form = match label {
        Label::Rsa => Form::Pkcs1,
        Label::Ec => Form::Ec,
        Label::Dsa => Form::Dsa,
        Label::Pgp | Label::Sealed | Label::Other => return None,
    };
    let varied = data.iter().collect::<BTreeSet<_>>().len() >= 24;
    let whole = closed && varied && data.len() >= 48 && data.len().is_multiple_of(8);
    let fingerprint = Fingerprint::of("key", data);
    whole.then_some(Key { form, encrypted: true, fingerprint, len: data.len() })
}

/// The element at the start of `data`, and how long it is.
pub(super) fn element(data: &[u8]) -> Option<(AnyRef<'_>, usize)> {
    let mut reader = SliceReader::new(data).ok()?;
    let element = AnyRef::decode(&mut reader).ok()?;
    Some((element, usize::try_from(reader.position()).ok()?))
}

/// The elements of a constructed value; none of those looked for here has more than ten.
pub(super) fn parts(outer: AnyRef<'_>, tag: Tag) -> Option<Vec<AnyRef<'_>>> {
    let mut rest = content(outer, tag)?;
    let mut parts = Vec::new();
    while !rest.is_empty() && parts.len() < 16 {
        let (part, len) = element(rest)?;
        parts.push(part);
        rest = rest.get(len..)?;
    }
    rest.is_empty().then_some(parts)
}

/// The content of an element with this tag.
pub(super) fn content(element: AnyRef<'_>, tag: Tag) -> Option<&[u8]> {
    is(element, tag).then(|| element.value())
}

fn is(element: AnyRef<'_>, tag: Tag) -> bool {
    element.tag() == tag
}

fn is_version(element: AnyRef<'_>, highest: u8) -> bool {
    is(element, Tag::Integer) && matches!(element.value(), [version] if *version <= highest)
}

fn number(element: AnyRef<'_>) -> Option<&[u8]> {
    Some(without_zeros(content(element, Tag::Integer)?)).filter(|digits| !digits.is_empty())
}

fn identifier(algorithm: AnyRef<'_>) -> Option<ObjectIdentifier> {
    first_identifier(algorithm.value())
}

/// The object identifier at the start of `data`.
pub(super) fn first_identifier(data: &[u8]) -> Option<ObjectIdentifier> {
    let (oid, _) = element(data)?;
    is(oid, Tag::ObjectIdentifier).then(|| ObjectIdentifier::from_bytes(oid.value()).ok())?
}
