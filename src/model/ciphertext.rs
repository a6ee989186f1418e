//! What the encryption keys of a tree say of its ciphertext: facts, without a byte of either.

use super::setting::SettingId;

/// What a `crypt/key` says of a ciphertext.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The setting whose value is ciphertext.
    pub ciphertext: SettingId,
    /// The `crypt/key`.
    pub key: SettingId,
    /// What it says.
    pub fit: Fit,
    /// The instances in which the ciphertext is in force, by name.
    pub instances: Vec<String>,
}

/// How a `crypt/key` and a ciphertext fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It decrypts the ciphertext: tried.
    Opens,
    /// It decrypts the ciphertext, and what comes out is ciphertext again: tried.
    OpensToCiphertext,
    /// It stands in the same file and does not decrypt the ciphertext: tried.
    Fails,
    /// It has the key that the ciphertext names, of a cipher that is not tried, and both are of one instance.
    Names,
    /// It does not have the key that the ciphertext names.
    Lacks {
        /// Which key the ciphertext names, from 0.
        version: u32,
        /// How many keys there are.
        keys: usize,
    },
}
