//! See `rules/doubly-encrypted-key.md`.

use std::collections::BTreeSet;

use crate::model::ciphertext::Fit;
use crate::rule::{Check, Context, Finding};

/// Ciphertext of a ciphertext.
pub struct DoublyEncryptedKey;

impl Check for DoublyEncryptedKey {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for verdict in
            cx.now.verdicts.iter().filter(|verdict| verdict.fit == Fit::OpensToCiphertext)
        {
            let (setting, key) = (cx.now.setting(verdict.ciphertext), cx.now.setting(verdict.key));
            if !seen.insert(setting.at) {
                continue;
            }
            let name = setting.parameter.name();
            let finding = Finding::new(setting.at, format!("`{name}` is encrypted twice"))
                .label("ciphertext within")
                .see(key.at, "opens the outer one")
                .help("enter the value itself, as your Adobe account shows it: this one was copied from a database, where it was ciphertext already, and Magento opens one layer alone")
                .of(verdict.instances.iter().cloned());
            findings.push(finding);
        }
    }
}
