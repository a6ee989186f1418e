//! What is known of a private key that was read to its end, whatever container it came in.

use super::form::Form;
use crate::model::fingerprint::Fingerprint;

/// A private key that was read to its end.
pub(super) struct Key {
    pub form: Form,
    pub encrypted: bool,
    pub fingerprint: Fingerprint,
    /// How many of the bytes it takes.
    pub len: usize,
}

/// The fingerprint of an RSA key by its public part, whatever it is wrapped in.
pub(super) fn rsa_fingerprint(modulus: &[u8], exponent: &[u8]) -> Fingerprint {
    let modulus = without_zeros(modulus);
    Fingerprint::of("rsa", &[modulus, without_zeros(exponent)].concat())
}

/// A big-endian number without leading zeros.
pub(super) fn without_zeros(mut digits: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = digits {
        digits = rest;
    }
    digits
}
