//! Private key material in any text, whatever the file's format: found by its markers, told from look-alikes by reading the key.
//!
//! Nothing here prints a byte of a key: what is found is a place, a form and a [`Fingerprint`].

use std::fmt;

use crate::model::fingerprint::Fingerprint;
use crate::source::Span;

mod armour;
mod asn1;
mod key;
mod masks;
mod needles;
mod openssh;
mod pgp;
pub mod places;
mod token;
mod wrapped;

use armour::Label;
use key::Key;
use token::{Chars, Lexeme, Token, lex};

/// Private key material found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMaterial {
    /// The whole armour with its markers, or the whole run of base64, in bytes of the text.
    pub span: Span,
    /// What kind of key it is.
    pub form: Form,
    /// How it is written down.
    pub encoding: Encoding,
    /// Whether it takes a passphrase to use it.
    pub encrypted: bool,
    /// The name of the key: the same in every form and encoding, where the public part can be known.
    pub fingerprint: Fingerprint,
}

/// The container of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `PrivateKeyInfo` or `EncryptedPrivateKeyInfo`, the only form that Magento signs with.
    Pkcs8,
    /// `RSAPrivateKey`.
    Pkcs1,
    /// SEC1's `ECPrivateKey`.
    Ec,
    /// `openssh-key-v1`.
    OpenSsh,
    /// A PGP secret key.
    Pgp,
    /// OpenSSL's `DSAPrivateKey`.
    Dsa,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS#8 private key",
            Self::Pkcs1 => "PKCS#1 private key",
            Self::Ec => "EC private key",
            Self::OpenSsh => "OpenSSH private key",
            Self::Pgp => "PGP private key",
            Self::Dsa => "DSA private key",
        })
    }
}

/// How a key is written down; of several ways at once, the last in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// PEM as it is, indented or commented out perhaps.
    Plain,
    /// PEM with line breaks written `\n`, `\r\n`, `\\n`.
    Escaped,
    /// PEM with line breaks written as references of XML or HTML.
    Entities,
    /// PEM as part of a URL or of a form's data.
    Percent,
    /// PEM in pieces that code or a continuation joins.
    Joined,
    /// The key's bytes in base64 without markers.
    Bare,
    /// Base64 of a text that holds the key.
    Base64,
    /// Base64 of base64.
    DoubleBase64,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain text",
            Self::Escaped => "escaped line breaks",
            Self::Entities => "character references",
            Self::Percent => "URL encoding",
            Self::Joined => "joined pieces",
            Self::Bare => "base64 without markers",
            Self::Base64 => "base64",
            Self::DoubleBase64 => "base64 within base64",
        })
    }
}

/// How many layers of base64 are taken off.
const DEEPEST: usize = 2;

/// Finds every private key in `text`, sorted by place, none overlapping another, in linear time.
#[must_use]
pub fn find(text: &str) -> Vec<KeyMaterial> {
    find_under(text, 0)
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

fn find_under(text: &str, layers: usize) -> Vec<KeyMaterial> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // Where the last key ends, and where the last run of base64 does.
    let (mut done, mut floor) = (0, 0);
    for hit in needles::hits(bytes) {
        if hit.is_plain {
            let Some(marker) = armour::marker(bytes, hit.start, hit.end) else { continue };
            if !marker.begins || marker.start < done {
                continue;
            }
            let Some(key) = armoured(bytes, &marker) else { continue };
            done = key.span.range().end;
            found.push(key);
        } else if layers < DEEPEST && hit.start >= done.max(floor) {
            let run = wrapped::widen(bytes, hit.start, hit.end, done.max(floor));
            floor = run.end;
            let before = found.len();
            unwrap_run(&run, layers, &mut found);
            if found.len() > before {
                done = run.end;
            }
        }
    }
    found
}

fn armoured(text: &[u8], marker: &armour::Marker) -> Option<KeyMaterial> {
    let body = armour::walk(text, marker);
    let data = armour::decode(&body.chars.bytes);
    let key = read(&data, marker.label, body.encrypted, body.closed)?;
    // Without an `END`, what follows the key's last byte need not belong to it.
    let end = if body.closed { None } else { end_of(&body.chars, key.len) };
    Some(KeyMaterial {
        span: Span::new(marker.start, end.unwrap_or(body.end)),
        form: key.form,
        encoding: body.encoding,
        encrypted: key.encrypted,
        fingerprint: key.fingerprint,
    })
}

/// Reads the key at the start of an armour's body: every length must agree with the data, so that a key cut short, a placeholder or another
/// kind of object is none.
fn read(data: &[u8], label: Label, encrypted: bool, closed: bool) -> Option<Key> {
    match label {
        Label::Pgp => pgp::read(data),
        _ if encrypted => asn1::legacy(data, label, closed),
        _ => openssh::read(data).or_else(|| asn1::read(data)),
    }
}

/// Where the characters end that hold the first `len` bytes.
fn end_of(chars: &Chars, len: usize) -> Option<usize> {
    let count = (len * 4).div_ceil(3);
    let padding = chars.bytes.iter().skip(count).take_while(|&&byte| byte == b'=').count();
    Some(chars.place((count + padding).checked_sub(1)?)? + 1)
}

/// Adds the keys of a run: a single one has the whole run as its place, several share it out.
fn unwrap_run(run: &wrapped::Run, layers: usize, found: &mut Vec<KeyMaterial>) {
    let mut keys: Vec<KeyMaterial> = Vec::new();
    for decoded in run.decoded() {
        keys.extend(find_under(&decoded.text, layers + 1).into_iter().map(|key| {
            let Span { start, end } = key.span;
            let place = |offset: u32| run.place(decoded.skipped, offset as usize);
            let twice = key.encoding >= Encoding::Base64;
            let encoding = if twice { Encoding::DoubleBase64 } else { Encoding::Base64 };
            KeyMaterial { span: Span::new(place(start), place(end)), encoding, ..key }
        }));
    }
    keys.sort_by_key(|key| key.span);
    let mut start = run.start;
    let count = keys.len();
    for (index, mut key) in keys.into_iter().enumerate() {
        let end = if index + 1 == count { run.end } else { key.span.range().end };
        if start < end {
            key.span = Span::new(start, end);
            start = end;
            found.push(key);
        }
    }
}

/// A value that is base64 of DER, or base64 of that, from its first character to its last.
fn bare(value: &str) -> Option<KeyMaterial> {
    let trimmed = value.trim();
    let start = value.len() - value.trim_start().len();
    let mut chars = chars_only(trimmed.as_bytes())?;
    for encoding in [Encoding::Bare, Encoding::DoubleBase64] {
        let data = armour::decode(&chars.bytes);
        if let Some(key) = asn1::read(&data).filter(|key| data.len() <= key.len + 2) {
            return Some(KeyMaterial {
                span: Span::new(start, start + trimmed.len()),
                form: key.form,
                encoding,
                encrypted: key.encrypted,
                fingerprint: key.fingerprint,
            });
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
