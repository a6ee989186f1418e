//! See `rules/unknown-key-version.md`.

use std::collections::BTreeSet;

use super::wording::{list, quoted};
use crate::model::ciphertext::Fit;
use crate::rule::{Check, Context, Finding};

/// Ciphertext that takes a key which its instance does not have.
pub struct UnknownKeyVersion;

impl Check for UnknownKeyVersion {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for verdict in &cx.now.verdicts {
            let Fit::Lacks { version, keys } = verdict.fit else { continue };
            let (setting, key) = (cx.now.setting(verdict.ciphertext), cx.now.setting(verdict.key));
            if !seen.insert(setting.at) {
                continue;
            }
            let count = if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") };
            let message = format!(
                "`{}` takes key {version} of `crypt/key`, counted from 0, but {} has {count}",
                setting.parameter.name(),
                list(verdict.instances.iter().map(|name| quoted(name))),
            );
            let help = format!(
                "add the key that encrypted it back to the list, in its old place, or save `{}` again in the Admin, which takes the newest key: until then \
                 Magento uses the ciphertext as it stands, and Adobe's services refuse the instance",
                setting.parameter.path()
            );
            let finding = Finding::new(setting.at, message)
                .label("cannot be decrypted")
                .see(key.at, format!("{count} here"))
                .help(help)
                .of(verdict.instances.iter().cloned());
            findings.push(finding);
        }
    }
}
