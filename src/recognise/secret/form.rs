//! In what container a key stands, and how it is written down.

use std::fmt;

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
    /// The same, sealed with no password: whoever has it opens it.
    OpenPkcs12,
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
            Self::OpenPkcs12 => "private key in a PKCS#12 store without a password",
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
