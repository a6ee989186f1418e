//! See `rules/ciphertext-in-variable.md`.

use std::collections::BTreeSet;

use crate::model::parameter::Parameter;
use crate::model::setting::{Layer, Setting, Value};
use crate::rule::{Check, Context, Finding};

/// Ciphertext where Magento takes every text as it is.
pub struct CiphertextInVariable;

impl Check for CiphertextInVariable {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        for setting in cx.now.settings.iter().filter(|setting| is_faulty(setting)) {
            if !seen.insert(setting.at) {
                continue;
            }
            let name = setting.parameter.name();
            let message =
                format!("`{name}` is ciphertext in a variable: Magento never decrypts it");
            let help = format!(
                "give the variable the plain value from a secret store, or move the ciphertext to `{}` in app/etc/env.php: as it is, \
                 Adobe's services refuse the instance",
                setting.parameter.path()
            );
            let finding = Finding::new(setting.at, message)
                .label("used as it stands")
                .help(help)
                .of(cx.now.readers(setting.at));
            findings.push(finding);
        }
    }
}

/// A data space that is ciphertext is no UUID in any layer: another rule's matter.
fn is_faulty(setting: &Setting) -> bool {
    matches!(setting.value, Value::Ciphertext { .. })
        && setting.carrier.layer() == Layer::Variable
        && !matches!(setting.parameter, Parameter::DataSpace | Parameter::AlternateDataSpace)
}
