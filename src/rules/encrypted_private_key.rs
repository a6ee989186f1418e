//! See `rules/encrypted-private-key.md`.

use crate::rule::{Check, Context, Finding};

/// A private key that only a passphrase protects.
pub struct EncryptedPrivateKey;

impl Check for EncryptedPrivateKey {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for secret in cx.now.secrets.iter().filter(|secret| secret.encrypted) {
            let message = match &secret.encoding {
                None => format!("{} behind a passphrase", secret.form),
                Some(encoding) => {
                    format!("{} behind a passphrase, written as {encoding}", secret.form)
                }
            };
            let finding = Finding::new(secret.at, message)
                .label("as safe as its passphrase")
                .help(
                    "move the key to a secret store, and replace the key pair if the passphrase is short, shared or committed; \
                     Magento cannot sign with an encrypted key",
                )
                .of(cx.now.readers(secret.at));
            findings.push(finding);
        }
    }
}
