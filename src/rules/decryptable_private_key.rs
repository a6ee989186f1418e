//! See `rules/decryptable-private-key.md`.

use std::collections::BTreeSet;

use crate::model::ciphertext::Fit;
use crate::rule::{Check, Context, Finding};

/// Ciphertext beside the key that opens it.
pub struct DecryptablePrivateKey;

impl Check for DecryptablePrivateKey {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for verdict in &cx.now.verdicts {
            let why = match verdict.fit {
                Fit::Opens => "that opens it",
                Fit::Names => "that it names",
                Fit::Lacks { .. } | Fit::Fails | Fit::OpensToCiphertext => continue,
            };
            let (setting, key) = (cx.now.setting(verdict.ciphertext), cx.now.setting(verdict.key));
            if !seen.insert(setting.at) {
                continue;
            }
            let name = setting.parameter.name();
            let message =
                format!("`{name}` is encrypted, but the `crypt/key` {why} is in this tree");
            let finding = Finding::new(setting.at, message)
                .label("as good as plaintext")
                .see(key.at, "the key to it")
                .help(
                    "replace the secret, which whoever has both can read, and rotate `crypt/key`, then hand the new `crypt/key` over as MAGENTO_DC_CRYPT__KEY from a secret store; \
                     deleting one of the two here is not enough once both were committed",
                )
                .of(verdict.instances.iter().cloned());
            findings.push(finding);
        }
    }
}
