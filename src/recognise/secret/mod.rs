//! Private key material in any text, whatever the file's format: found by its markers, told from look-alikes by reading the key.
//!
//! Nothing here prints a byte of a key: what is found is a place, a form and a [`Fingerprint`].

use std::fmt;

use crate::model::fingerprint::Fingerprint;
use crate::model::setting::Public;
use crate::model::uuid::fold_uuid;
use crate::source::Span;

mod age;
mod armour;
mod asn1;
mod client;
mod key;
mod masks;
mod needles;
mod openssh;
mod partial;
mod pgp;
pub mod places;
mod putty;
pub mod random;
mod salvage;
mod search;
mod store;
mod token;
mod web_key;
mod wrapped;

use key::Key;
pub use salvage::Damage;
use search::Search;
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
    /// What is wrong with it, where it cannot be used as it stands.
    pub damage: Option<Damage>,
    /// The name of the key: the same in every form and encoding, where the public part can be known.
    pub fingerprint: Fingerprint,
}

impl KeyMaterial {
    fn of(key: &Key, span: Span, encoding: Encoding) -> Self {
        let &Key { form, encrypted, fingerprint, .. } = key;
        Self { span, form, encoding, encrypted, damage: None, fingerprint }
    }

    /// Whether it is a private key, and no other secret.
    #[must_use]
    pub fn is_key(&self) -> bool {
        self.form != Form::ClientSecret
    }
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
    /// A JSON Web Key.
    WebKey,
    /// PuTTY's own format.
    Putty,
    /// That of ssh.com.
    SshCom,
    /// An identity of age.
    Age,
    /// A PKCS#12 store that holds a key.
    Pkcs12,
    /// A store of Java that holds a key.
    Java,
    /// No key: a password of one program for another, as Adobe's Developer Console makes them.
    ClientSecret,
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
            Self::WebKey => "private JSON Web Key",
            Self::Putty => "PuTTY private key",
            Self::SshCom => "ssh.com private key",
            Self::Age => "age identity, a private key",
            Self::Pkcs12 => "private key in a PKCS#12 store",
            Self::Java => "private key in a Java key store",
            Self::ClientSecret => "client secret of Adobe's Developer Console",
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
    /// More layers of base64.
    ManyBase64,
    /// Base64 of what gzip made, in whatever more.
    Gzip,
    /// Hexadecimal digits of a text or of the key's bytes.
    Hex,
    /// The key's bytes.
    Binary,
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
            Self::ManyBase64 => "several layers of base64",
            Self::Gzip => "gzip within base64",
            Self::Hex => "hexadecimal digits",
            Self::Binary => "DER",
        })
    }
}

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
