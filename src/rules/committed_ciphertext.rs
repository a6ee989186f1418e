//! See `rules/committed-ciphertext.md`.

use std::collections::BTreeSet;

use crate::model::setting::Value;
use crate::rule::{Check, Context, Finding};

/// An encrypted secret in the tree, whose key is not there.
pub struct CommittedCiphertext;

impl Check for CommittedCiphertext {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for setting in &cx.now.settings {
            let is_sealed = matches!(setting.value, Value::Ciphertext { .. });
            if !is_sealed || !setting.parameter.is_secret() || !seen.insert(setting.at) {
                continue;
            }
            let message = format!("`{}` is in this tree as ciphertext", setting.parameter.name());
            let finding = Finding::new(setting.at, message)
                .label("as safe as `crypt/key`")
                .help(
                    "keep it in a secret store, or in the database alone: whoever gets hold of `crypt/key`, from a backup or a server, opens every copy of this repository",
                )
                .of(cx.now.readers(setting.at));
            findings.push(finding);
        }
    }
}
