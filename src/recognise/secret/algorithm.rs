//! The algorithms whose `PrivateKeyInfo` is looked into; what they stand for is in RFC 8017, 5480, 8410 and 3279.

use der::asn1::ObjectIdentifier;

pub const RSA: &[ObjectIdentifier] = &[
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.7"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"),
];
pub const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
/// X25519, X448, Ed25519, Ed448.
pub const EDWARDS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101");
/// Password-based encryption: PKCS#5 and PKCS#12.
pub const PASSWORD: &[ObjectIdentifier] = &[
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.5"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1"),
];
