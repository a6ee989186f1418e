//! How secrets show without the words of a PEM marker: the first bytes of containers, in base64 and in hexadecimal digits, and prefixes that
//! nothing else has.

/// What follows a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Base64 of a container, whose first character stands so many before the sign.
    Container(usize),
    /// Base64 of a text that holds a sign, by the index in its group of four of the first character.
    Base64(usize),
    /// Base64 of what gzip made.
    Gzip,
    /// Hexadecimal digits of a text or of a container, which begin so many before the sign at most.
    Hex(usize),
    /// A member of a JSON Web Key.
    WebKey,
    /// The first words of a key of PuTTY.
    Putty,
    /// An identity of age.
    Age,
    /// A client secret of Adobe's Developer Console.
    ClientSecret,
}

/// One of these, or of [`PRIVATE_KEY`](super::vocabulary::PRIVATE_KEY), stands in every text in which a secret is found.
///
/// Of base64 the characters count that are the same in every key of a kind: the version and the algorithm behind the lengths.
pub const SIGNS: &[(&str, Sign)] = &[
    // PKCS#8: RSA, RSA-PSS, elliptic curves with and without the public point, DSA, Edwards curves.
    ("IBADANBgkqhkiG9w0BAQEFAASC", Sign::Container(6)),
    ("IBADALBgkqhkiG9w0BAQoEgg", Sign::Container(6)),
    ("AgEAMBMGByqGSM49AgEG", Sign::Container(4)),
    ("AgEAMBAGByqGSM49AgEG", Sign::Container(4)),
    ("AgEAMBQGByqGSM49AgEG", Sign::Container(4)),
    ("ByqGSM44BAE", Sign::Container(16)),
    ("CAQAwEwYHKoZIzj0C", Sign::Container(3)),
    ("CAQAwBQYDK2V", Sign::Container(3)),
    ("CAQEwBQYDK2V", Sign::Container(3)),
    // The same behind a passphrase.
    ("BgkqhkiG9w0BBQ0w", Sign::Container(8)),
    ("GCSqGSIb3DQEFDT", Sign::Container(7)),
    // PKCS#1 and DSA, SEC1.
    ("IBAAKC", Sign::Container(6)),
    ("IBAAKB", Sign::Container(6)),
    ("IBAAJB", Sign::Container(6)),
    ("CAQEEI", Sign::Container(3)),
    ("AgEBBDA", Sign::Container(4)),
    ("AgEBBEI", Sign::Container(4)),
    ("IBAQQg", Sign::Container(6)),
    // PKCS#12, Java's key stores, OpenSSH.
    ("IBAzCC", Sign::Container(6)),
    ("/u3+7QAAAA", Sign::Container(0)),
    ("zs7OzgAAAA", Sign::Container(0)),
    ("b3BlbnNzaC1rZXktdjEA", Sign::Container(0)),
    // Base64 of base64 of DER, of gzip; the third layer around a marker.
    ("TUlJ", Sign::Base64(0)),
    ("TUlH", Sign::Base64(0)),
    ("TUlI", Sign::Base64(0)),
    ("TUhj", Sign::Base64(0)),
    ("TUhR", Sign::Base64(0)),
    ("TUM0", Sign::Base64(0)),
    ("SDRzS", Sign::Base64(0)),
    ("VEZNd2RFeFRNVU", Sign::Base64(0)),
    ("H4sI", Sign::Gzip),
    // `-----BEGIN`, PKCS#8, PKCS#1.
    ("2d2d2d2d2d424547494e", Sign::Hex(0)),
    ("2D2D2D2D2D424547494E", Sign::Hex(0)),
    ("300d06092a864886f70d01010105000482", Sign::Hex(14)),
    ("300D06092A864886F70D01010105000482", Sign::Hex(14)),
    ("0201000282", Sign::Hex(8)),
    ("2a:86:48:86:f7:0d:01:01:01:05:00:04:82", Sign::Hex(33)),
    ("kty\"", Sign::WebKey),
    ("kty\\", Sign::WebKey),
    ("kty'", Sign::WebKey),
    ("kty&", Sign::WebKey),
    ("kty%22", Sign::WebKey),
    ("kty:", Sign::WebKey),
    ("kty =", Sign::WebKey),
    ("kty=", Sign::WebKey),
    ("Imt0eS", Sign::Base64(0)),
    ("JrdHki", Sign::Base64(2)),
    ("ia3R5I", Sign::Base64(3)),
    ("PuTTY-User-Key-File-", Sign::Putty),
    ("UHVUVFktVXNlci1LZX", Sign::Base64(0)),
    ("B1VFRZLVVzZXItS2V5", Sign::Base64(2)),
    ("QdVRUWS1Vc2VyLUtle", Sign::Base64(3)),
    ("AGE-SECRET-KEY-1", Sign::Age),
    ("QUdFLVNFQ1JFVC1LRVktM", Sign::Base64(0)),
    ("FHRS1TRUNSRVQtS0VZLT", Sign::Base64(2)),
    ("BR0UtU0VDUkVULUtFWS0x", Sign::Base64(3)),
    ("p8e-", Sign::ClientSecret),
];
