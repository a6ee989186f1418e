//! See `rules/unopenable-ciphertext.md`.

use std::collections::BTreeSet;

use crate::model::ciphertext::Fit;
use crate::rule::{Check, Context, Finding};

/// Ciphertext that the keys beside it do not open.
pub struct UnopenableCiphertext;

impl Check for UnopenableCiphertext {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for verdict in cx.now.verdicts.iter().filter(|verdict| verdict.fit == Fit::Fails) {
            let (setting, key) = (cx.now.setting(verdict.ciphertext), cx.now.setting(verdict.key));
            if !seen.insert(setting.at) {
                continue;
            }
            let name = setting.parameter.name();
            let message = format!(
                "`{name}` is ciphertext that the `crypt/key` of the same file does not open"
            );
            let help = format!(
                "save `{}` again in the Admin of this installation, or put its own `crypt/key` here: as it is, Magento takes the ciphertext for the value, and Adobe's services refuse the instance",
                setting.parameter.path()
            );
            let finding = Finding::new(setting.at, message)
                .label("of another installation")
                .see(key.at, "does not open it")
                .help(help)
                .of(verdict.instances.iter().cloned());
            findings.push(finding);
        }
    }
}
