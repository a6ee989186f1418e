//! What a template puts in the place of a value that nothing gives: `{{ .Values.saas.space | default "…" }}`, `{{ space | default('…') }}`,
//! `{{ coalesce .Values.saas.space "…" }}`.
//!
//! Where some file gives the value, what the others end up with is not told apart here: the name stays a reference. A blank value counts as
//! none, as the functions have it.
//!
//! Sources: the Helm documentation, *Template Function List*, `default`; the Jinja documentation, `default(value, default_value, boolean)`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::names::{Space, name, written};
use crate::model::setting::{Setting, Value};
use crate::model::way::Ways;
use crate::recognise::Recognised;
use crate::recognise::value::{Dress, classify};
use crate::source::{Location, Source};
use crate::sources::Sources;
use crate::syntax::{Node, NodeKind};

/// What is put in the place of a value, in the quotes of a hole's own language.
static FALLBACK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        \| \s* default \s* (?: \( \s* )? (?: "(?<a>[^"{}]+)" | '(?<b>[^'{}]+)' )
      | \{\{-? \s* default \s+ (?: "(?<c>[^"{}]+)" ) \s+ \$? \.
      | \{\{-? \s* coalesce \s+ \$? \. [\w.-]+ \s+ "(?<d>[^"{}]+)" "#,
    )
    .ok()
});

/// Puts fallbacks in the place of names that nothing gives.
pub fn apply(sources: &Sources, recognised: &mut [Recognised], ways: &Ways) {
    let settings = recognised.iter().flat_map(|found| &found.contributions);
    let settings = settings.flat_map(|found| &found.settings);
    let is_given = |setting: &&Setting| setting.value != Value::Blank;
    let given = settings.filter(is_given).filter_map(|setting| ways.get(&setting.at)).flatten();
    let given: BTreeSet<Location> = given.map(|way| way.at).collect();
    let mut filled: BTreeSet<Location> = BTreeSet::new();
    for found in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        let Some(source) = sources.get(found.source) else { continue };
        for setting in &mut found.settings {
            if setting.value != Value::Reference || given.contains(&setting.at) {
                continue;
            }
            let Some((at, text)) = fallback(source, setting) else { continue };
            filled.insert(setting.at);
            let value = Node::new(at, NodeKind::Scalar(text));
            (setting.value, setting.at) =
                (classify(setting.parameter, &value, source, Dress::Plain), at);
        }
    }
    if filled.is_empty() {
        return;
    }
    // What is blank gives way to the fallback.
    let gives_way = |setting: &Setting| {
        let mut to = ways.get(&setting.at).into_iter().flatten();
        setting.value == Value::Blank && to.any(|way| filled.contains(&way.at))
    };
    for found in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        found.settings.retain(|setting| !gives_way(setting));
    }
}

/// The text that a template puts in the place of a setting's value, and where it stands.
fn fallback(source: &Source, setting: &Setting) -> Option<(Location, String)> {
    let written = written(source, setting.at.span);
    let space = name(source.path(), written)?.space;
    if !matches!(space, Space::Values | Space::Play) {
        return None;
    }
    let found = FALLBACK.as_ref()?.captures(written)?;
    let text = ["a", "b", "c", "d"].iter().find_map(|group| found.name(group))?;
    let start = setting.at.span.start as usize;
    let at = Location::new(setting.at.source, start + text.start(), start + text.end());
    Some((at, text.as_str().to_owned()))
}
