//! JSON Web Keys: RFC 7517, with the numbers of RFC 7518, section 6, and RFC 8037.

use super::armour::decode;
use super::form::Form;
use super::key::{Key, rsa_fingerprint};
use crate::model::fingerprint::Fingerprint;
use crate::source::Span;

/// How far the braces of a key may stand from its `kty`.
const LONGEST: usize = 1 << 14;

/// Reads the private key around the member `kty` at `at`: the place of its braces, and what it is. Nothing of it stands before `floor`.
pub(super) fn read(text: &[u8], at: usize, floor: usize) -> Option<(Span, Key)> {
    let start = opening(text, at, floor.max(at.saturating_sub(LONGEST)))?;
    let end = closing(text, at)?;
    let members = members(text.get(start..end)?);
    let member = |name: &str| {
        let found = members.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        found.map(|value| number(value)).filter(|number| !number.is_empty())
    };
    let private = member("d")?;
    let kind = members.iter().find(|(name, _)| name == "kty").map(|(_, kind)| kind.as_str());
    let fingerprint = match kind? {
        "RSA" => {
            let (modulus, exponent) = (member("n")?, member("e")?);
            let is_whole = modulus.len() >= 48 && private.len() >= 32;
            is_whole.then(|| rsa_fingerprint(&modulus, &exponent))?
        }
        "EC" => {
            let (x, y) = (member("x")?, member("y")?);
            let is_whole = x.len() >= 14 && private.len() >= 14;
            is_whole.then(|| Fingerprint::of("ec", &[&[4], x.as_slice(), &y].concat()))?
        }
        "OKP" => (private.len() >= 32).then(|| Fingerprint::of("edwards", &private))?,
        _ => return None,
    };
    let key = Key { form: Form::WebKey, encrypted: false, fingerprint, len: end - start };
    Some((Span::new(start, end), key))
}

fn opening(text: &[u8], at: usize, floor: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let before = text.get(floor..at)?;
    let found = before.iter().rposition(|byte| match byte {
        b'{' if depth == 0 => true,
        b'{' => {
            depth -= 1;
            false
        }
        b'}' => {
            depth += 1;
            false
        }
        _ => false,
    })?;
    Some(floor + found)
}

/// Behind the brace that closes the object around `at`, and before another key.
fn closing(text: &[u8], at: usize) -> Option<usize> {
    let after = text.get(at + 3..text.len().min(at + LONGEST))?;
    let next = memchr::memmem::find(after, b"kty").unwrap_or(after.len());
    let mut depth = 0_usize;
    let found = after.get(..next)?.iter().position(|byte| match byte {
        b'}' if depth == 0 => true,
        b'}' => {
            depth -= 1;
            false
        }
        b'{' => {
            depth += 1;
            false
        }
        _ => false,
    })?;
    Some(at + 3 + found + 1)
}

/// The members whose values are strings, however often their quotes are escaped.
fn members(object: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(object);
    let pieces: Vec<&str> = text.split('"').map(|piece| piece.trim_end_matches('\\')).collect();
    let strings = pieces.windows(3).enumerate().filter(|(index, _)| index % 2 == 1);
    let members = strings.filter_map(|(_, window)| match window {
        [name, colon, value] if colon.trim() == ":" => {
            Some(((*name).to_owned(), (*value).to_owned()))
        }
        _ => None,
    });
    members.collect()
}

/// Base64 for URLs; nothing where it is none.
fn number(text: &str) -> Vec<u8> {
    let chars = text.bytes().map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte,
    });
    decode(&chars.collect::<Vec<u8>>())
}
