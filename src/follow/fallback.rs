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
use crate::recognise::value::{Dress, classify};
use crate::recognise::{Contribution, Recognised};
use crate::source::{Location, Source};
use crate::sources::Sources;
use crate::syntax::{Node, NodeKind, file_name};

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

/// Leaves of several names at one place the first that gives something: `{{ .Values.a | default .Values.b }}`. What the chart's own values
/// give, every release has.
pub fn put_in_order(sources: &Sources, recognised: &mut [Recognised], ways: &Ways) {
    let behind = ways.values().flatten().filter(|way| way.behind > 0);
    let places: BTreeSet<Location> = behind.map(|way| way.at).collect();
    if places.is_empty() {
        return;
    }
    let order = |setting: &Setting| {
        let mut ways = ways.get(&setting.at)?.iter().filter(|way| places.contains(&way.at));
        ways.next().map(|way| (way.at, way.behind)).filter(|_| ways.next().is_none())
    };
    let given = |part: &Contribution| -> Vec<(Location, u8)> {
        let given = part.settings.iter().filter(|setting| setting.value != Value::Blank);
        given.filter_map(order).collect()
    };
    let mut everywhere: BTreeSet<(Location, u8)> = BTreeSet::new();
    let mut filled: BTreeSet<Location> = BTreeSet::new();
    for part in recognised.iter().flat_map(|found| &found.contributions) {
        let given = given(part);
        filled.extend(given.iter().map(|(at, _)| *at));
        if part.said.is_none() && file_name(sources.path(part.source)) == "values.yaml" {
            everywhere.extend(given);
        }
    }
    for part in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        let own = given(part);
        part.settings.retain(|setting| {
            let Some((at, behind)) = order(setting) else { return true };
            if setting.value == Value::Blank {
                return !filled.contains(&at);
            }
            let counts_before = |(place, other): &(Location, u8)| *place == at && *other < behind;
            !own.iter().any(counts_before) && !everywhere.iter().any(counts_before)
        });
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
