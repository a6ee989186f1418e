//! See `rules/misspelt-setting.md`.

use std::collections::BTreeSet;

use super::wording::quoted;
use crate::model::parameter::Parameter;
use crate::rule::{Check, Context, Finding};

/// A path that Magento does not know, and that is nearly one of a setting.
pub struct MisspeltSetting;

impl Check for MisspeltSetting {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        let given = cx.now.commands.iter().flat_map(|command| &command.settings);
        for setting in cx.now.settings.iter().chain(given) {
            let Parameter::Misspelt(miss) = setting.parameter else { continue };
            if !seen.insert(setting.key_at) {
                continue;
            }
            let is_variable = miss.written.text().starts_with("CONFIG_");
            let (what, how) = if is_variable {
                (
                    "reads no variable",
                    "begin the name with `CONFIG__DEFAULT__`, `CONFIG__WEBSITES__CODE__` or `CONFIG__STORES__CODE__` and write",
                )
            } else {
                ("knows no setting", "correct the name, in a variable with")
            };
            let message = format!(
                "Magento {what} {}, but {}",
                quoted(miss.written.text()),
                quoted(miss.meant)
            );
            let help = format!(
                "{how} two underscores between the parts of `{}`: Magento ignores what it does not know, without a word",
                miss.meant
            );
            findings.push(
                Finding::new(setting.key_at, message)
                    .label("never read")
                    .help(help)
                    .of(cx.now.readers(setting.at)),
            );
        }
    }
}
