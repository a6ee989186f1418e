//! Private key material in any text, whatever the file's format: found by its markers, told from look-alikes by reading the key.
//!
//! Nothing here prints a byte of a key: what is found is a place, a form and a [`Fingerprint`](crate::model::fingerprint::Fingerprint).

use crate::model::setting::Public;
use crate::model::uuid::fold_uuid;
use crate::source::Span;

mod age;
mod algorithm;
mod armour;
mod asn1;
mod client;
mod form;
mod key;
mod margin;
mod masks;
mod material;
mod needles;
mod openssh;
mod packed;
mod partial;
mod pgp;
pub mod places;
mod putty;
pub(crate) mod random;
mod salvage;
mod seal;
mod search;
mod store;
mod token;
mod web_key;
mod wrapped;

pub use form::{Encoding, Form};
pub use material::KeyMaterial;
pub use salvage::Damage;
use search::Search;
use token::{Chars, Lexeme, Token, lex};

/// Finds every private key in `text`, sorted by place, none overlapping another, in linear time.
#[must_use]
pub fn find(text: &str) -> Vec<KeyMaterial> {
    Search::of(text)
}

/// Reads a file that is nothing but a private key, or a store of some, in bytes.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> Option<KeyMaterial> {
    let key = store::read(bytes).or_else(|| asn1::read(bytes)).or_else(|| pgp::read(bytes));
    let key = key.filter(|key| bytes.len() <= key.len + 2 || key.form == Form::Pgp)?;
    Some(KeyMaterial::of(&key, Span::default(), Encoding::Binary))
}

/// What a value is that anybody may see: a public key, a certificate, an identifier.
#[must_use]
pub fn public(value: &str) -> Option<Public> {
    let value = value.trim();
    if value.starts_with("-----BEGIN") && !value.contains("PRIVATE") {
        let markers = [
            ("CERTIFICATE", Public::Certificate),
            ("PUBLIC KEY", Public::Key),
            ("PARAMETERS", Public::Parameters),
        ];
        return markers.into_iter().find(|(words, _)| value.contains(words)).map(|found| found.1);
    }
    if value.starts_with("ssh-") {
        return Some(Public::Key);
    }
    if value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Public::Digits);
    }
    if fold_uuid(value).is_some() {
        return Some(Public::Identifier);
    }
    let data = armour::decode(&chars_only(value.as_bytes())?.bytes);
    asn1::public(&data)
}

/// Whether bytes are DER of what anybody may see: a certificate, a public key.
#[must_use]
pub fn is_public_der(bytes: &[u8]) -> bool {
    asn1::is_public(bytes)
}

/// Whether a short text, such as a name, holds a key or a part of one, whole or cut.
#[must_use]
pub fn holds_key(text: &str) -> bool {
    text.contains("PRIVATE KEY") || !masks(text).is_empty()
}

/// Finds the first private key in a setting's value; a value that is nothing but base64 of a key without markers counts too.
#[must_use]
pub fn key_of(value: &str) -> Option<KeyMaterial> {
    find(value).into_iter().next().or_else(|| bare(value))
}

/// Every place that must not be printed, sorted, none touching another: the keys of [`find`], everything between the markers of a
/// private key or, without an `END`, as far as the body goes, and every run of forty base64 characters that mixes upper case, lower case and digits.
#[must_use]
pub fn masks(text: &str) -> Vec<Span> {
    masks::all(text)
}

/// A value that is base64 of DER, or base64 of that, from its first character to its last.
fn bare(value: &str) -> Option<KeyMaterial> {
    let trimmed = value.trim();
    let start = value.len() - value.trim_start().len();
    let mut chars = chars_only(trimmed.as_bytes())?;
    for encoding in [Encoding::Bare, Encoding::DoubleBase64] {
        let data = armour::decode(&chars.bytes);
        if let Some(key) = asn1::read(&data).filter(|key| data.len() <= key.len + 2) {
            let span = Span::new(start, start + trimmed.len());
            return Some(KeyMaterial::of(&key, span, encoding));
        }
        chars = chars_only(&data)?;
    }
    None
}

/// The characters of a text that is base64 and nothing else, however its lines are broken.
fn chars_only(text: &[u8]) -> Option<Chars> {
    let (mut chars, mut at) = (Chars::default(), 0);
    while let Some(Lexeme { token, end, .. }) = lex(text, at) {
        match token {
            Token::Char(byte) | Token::Other(byte @ (b'-' | b'_')) => chars.push(byte, at),
            Token::Blank | Token::Break => {}
            Token::Quote | Token::Dashes | Token::Other(_) => return None,
        }
        at = end;
    }
    Some(chars)
}
