//! See `rules/ineffective-scope.md`.

use std::collections::BTreeSet;

use super::wording::quoted;
use crate::model::setting::{Carrier, Scope};
use crate::rule::{Check, Context, Finding};

/// A setting of the connector for one website or store.
pub struct IneffectiveScope;

impl Check for IneffectiveScope {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for setting in &cx.now.settings {
            let (what, code) = match &setting.scope {
                Scope::Default => continue,
                Scope::Website(code) => ("website", code),
                Scope::Store(code) => ("store", code),
            };
            if !setting.parameter.is_of_default_scope()
                || setting.carrier == Carrier::ModuleDefault
                || !seen.insert(setting.key_at)
            {
                continue;
            }
            let message = format!(
                "`{}` is set for {what} {} alone: Magento does not read it there",
                setting.parameter.name(),
                quoted(code)
            );
            let help = format!(
                "set `{}` for the default scope, or take it out: an installation has one data space and one pair of keys for all its websites, and a shop that needs another is another installation",
                setting.parameter.path()
            );
            findings.push(
                Finding::new(setting.at, message)
                    .label("never read")
                    .help(help)
                    .of(cx.now.readers(setting.at)),
            );
        }
    }
}
