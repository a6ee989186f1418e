//! Private key material as it is found in a text.

use super::form::{Encoding, Form};
use super::key::Key;
use super::salvage::Damage;
use crate::model::fingerprint::Fingerprint;
use crate::source::Span;

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
    pub(super) fn of(key: &Key, span: Span, encoding: Encoding) -> Self {
        let &Key { form, encrypted, fingerprint, .. } = key;
        Self { span, form, encoding, encrypted, damage: None, fingerprint }
    }

    /// Whether it is a private key, and no other secret.
    #[must_use]
    pub fn is_key(&self) -> bool {
        self.form != Form::ClientSecret
    }
}
