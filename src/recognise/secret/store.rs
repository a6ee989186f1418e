//! Stores of keys: PKCS#12 and Java's own formats.
//!
//! Sources: RFC 7292, sections 4 and 4.2; the comments of the JDK's `sun.security.provider.JavaKeyStore`.

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::asn1::{content, element, first_identifier, parts};
use super::form::Form;
use super::key::Key;
use super::seal;
use crate::model::fingerprint::Fingerprint;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");

/// How Java's stores begin: JKS, JCEKS.
const JAVA: [&[u8]; 2] = [b"\xFE\xED\xFE\xED\0\0\0", b"\xCE\xCE\xCE\xCE\0\0\0"];

/// Reads the store at the start of `data`, where a private key is in it that can be told from a certificate.
pub(super) fn read(data: &[u8]) -> Option<Key> {
    java(data).or_else(|| pkcs12(data))
}

fn pkcs12(data: &[u8]) -> Option<Key> {
    let (outer, len) = element(data)?;
    let outer = parts(outer, Tag::Sequence)?;
    let [version, safe, seal @ ..] = outer.as_slice() else { return None };
    if content(*version, Tag::Integer) != Some(&[3]) {
        return None;
    }
    let sealed = octets(safe.value())?;
    let safes = element(sealed)?.0;
    let key = |encrypted, form| Key {
        form,
        encrypted,
        fingerprint: Fingerprint::of("key", data.get(..len).unwrap_or_default()),
        len,
    };
    let mut found = None;
    for safe in parts(safes, Tag::Sequence)? {
        let Some(contents) = octets(safe.value()) else { continue };
        let Some(bags) = element(contents).and_then(|(bags, _)| parts(bags, Tag::Sequence)) else {
            continue;
        };
        for bag in bags {
            match first_identifier(bag.value()) {
                Some(KEY_BAG) => return Some(key(false, Form::Pkcs12)),
                Some(SHROUDED_BAG) => found = Some(key(true, Form::Pkcs12)),
                _ => {}
            }
        }
    }
    let is_open = found.is_some() && seal.first().is_some_and(|it| seal::is_open(*it, sealed));
    found.map(|found| if is_open { key(false, Form::OpenPkcs12) } else { found })
}

/// The octets of a `ContentInfo` that is `data`, from its parts.
fn octets(info: &[u8]) -> Option<&[u8]> {
    let (_, len) = element(info)?;
    let is_data = first_identifier(info)? == DATA;
    let (explicit, _) = element(info.get(len..)?)?;
    let (octets, _) = element(explicit.value())?;
    content(octets, Tag::OctetString).filter(|_| is_data)
}

/// Java's stores keep the private keys encrypted and the certificates not.
fn java(data: &[u8]) -> Option<Key> {
    let mut rest = JAVA.iter().find_map(|start| data.strip_prefix(*start))?;
    let version = *take(&mut rest, 1)?.first()?;
    let count = number(&mut rest)?;
    for _ in 0..count.min(1024) {
        let kind = number(&mut rest)?;
        short(&mut rest)?;
        take(&mut rest, 8)?;
        if kind != 2 {
            let fingerprint = Fingerprint::of("key", data);
            let key = Key { form: Form::Java, encrypted: true, fingerprint, len: data.len() };
            return (kind == 1 || kind == 3).then_some(key);
        }
        if version == 2 {
            short(&mut rest)?;
        }
        let len = number(&mut rest)?;
        take(&mut rest, len)?;
    }
    None
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let digits = take(rest, 4)?;
    Some(digits.iter().fold(0, |number, &digit| number << 8 | usize::from(digit)))
}

fn short(rest: &mut &[u8]) -> Option<()> {
    let len = take(rest, 2)?.iter().fold(0, |number, &digit| number << 8 | usize::from(digit));
    take(rest, len).map(|_| ())
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(taken)
}
