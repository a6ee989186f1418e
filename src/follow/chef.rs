//! Attributes of Chef that others override wherever they stand: a cookbook's `override` wins over an environment's defaults.
//!
//! Source: the Chef documentation, *About Attributes*, *Attribute Precedence*: all defaults, then all that is normal, then all overrides; among each an
//! environment's win over a cookbook's.

use std::collections::BTreeSet;

use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting};
use crate::recognise::Recognised;
use crate::resolve::conventions::{is_of_attributes, is_of_chef};
use crate::source::Source;
use crate::sources::Sources;

/// How strong attributes are, whoever gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Default,
    Normal,
    Override,
}

/// The words before attributes, each with how strong these are.
const WORDS: [(&str, Strength); 3] = [
    ("default", Strength::Default),
    ("normal", Strength::Normal),
    ("override", Strength::Override),
];

/// Takes out what environments set that is weaker than what a cookbook or they themselves set.
pub fn settle(sources: &Sources, recognised: &mut [Recognised]) {
    let parts = recognised.iter().flat_map(|found| &found.contributions);
    let of_cookbooks = parts.filter(|part| is_of_attributes(sources.path(part.source)));
    let mut strong: BTreeSet<(Parameter, Scope, Strength)> = BTreeSet::new();
    for setting in of_cookbooks.flat_map(|part| &part.settings) {
        let source = sources.get(setting.key_at.source);
        if let Some(strength) = source.and_then(|source| of_cookbook(source, setting)) {
            strong.insert((setting.parameter, setting.scope.clone(), strength));
        }
    }
    for found in recognised {
        let of_file = found.contributions.iter().flat_map(|part| &part.settings);
        let own: Vec<(Parameter, Scope, Strength)> = of_file
            .filter(|setting| is_of_chef(sources.path(setting.key_at.source)))
            .filter_map(|setting| {
                let strength = of_environment(sources.get(setting.key_at.source)?, setting)?;
                Some((setting.parameter, setting.scope.clone(), strength))
            })
            .collect();
        if own.is_empty() {
            continue;
        }
        let is_weak = |setting: &mut Setting| {
            let source = sources.get(setting.key_at.source);
            let strength = source.and_then(|source| of_environment(source, setting));
            let stronger = strong.iter().chain(&own).filter(|(parameter, scope, _)| {
                *parameter == setting.parameter && *scope == setting.scope
            });
            strength.is_some_and(|own| stronger.map(|(.., other)| *other).any(|other| other > own))
        };
        for part in &mut found.contributions {
            part.settings.retain_mut(|setting| !is_weak(setting));
        }
    }
}

/// How strong an attribute of a cookbook is, by the word that its line begins with: `node.override['a']`, `force_default['a']`.
fn of_cookbook(source: &Source, setting: &Setting) -> Option<Strength> {
    let before = source.text().get(..setting.key_at.span.range().start)?;
    let line = before.rsplit('\n').next()?.trim_start();
    let word = line.split('[').next()?.trim_start_matches("node.").trim_start_matches("force_");
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, strength)| *strength)
}

/// How strong an attribute of an environment is, by what it stands in: `override_attributes(…)`.
fn of_environment(source: &Source, setting: &Setting) -> Option<Strength> {
    let before = source.text().get(..setting.key_at.span.range().start)?;
    let stands = |(name, strength): &(&str, Strength)| {
        Some((before.rfind(&format!("{name}_attributes"))?, *strength))
    };
    WORDS.iter().filter_map(stands).max().map(|(_, strength)| strength)
}
