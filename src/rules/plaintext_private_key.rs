//! See `rules/plaintext-private-key.md`.

use crate::rule::{Check, Context, Finding};

/// A private key that anybody who can read the file can use.
pub struct PlaintextPrivateKey;

impl Check for PlaintextPrivateKey {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for secret in cx.now.secrets.iter().filter(|secret| !secret.encrypted) {
            let message = match &secret.encoding {
                None => format!("{} in plaintext", secret.form),
                Some(encoding) if encoding.contains("gzip") => {
                    let form = &secret.form;
                    format!(
                        "{form} in plaintext somewhere in this file: {encoding} is not encryption"
                    )
                }
                Some(encoding) if encoding.contains("base64") => {
                    format!("{} in plaintext: {encoding} is not encryption", secret.form)
                }
                Some(encoding) => format!("{} in plaintext, written as {encoding}", secret.form),
            };
            let finding = Finding::new(secret.at, message)
                .label("readable by all who see this file")
                .help(
                    "regenerate the key pair in your Adobe account, since whoever has this one can act as your shop, then pass the new key through a secret store or an environment variable; \
                     deleting it here is not enough once it was committed",
                )
                .of(cx.now.readers(secret.at));
            findings.push(finding);
        }
    }
}
