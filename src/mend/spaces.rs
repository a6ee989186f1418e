//! A data space that several instances share, given up by one of them: a placeholder keeps its place until it has its own.

use super::change::{Effect, Fault, Proposal, takers, whole};
use super::values::{setting, written};
use crate::Outcome;
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting, Value};
use crate::rule::Diagnostic;
use crate::source::{Location, Span};

/// The rule that tells of them.
const SHARED: &str = "shared-data-space";

/// What Adobe's services refuse and `placeholder-value` tells: it holds a place and passes for nothing else.
const PLACEHOLDER: &str = "CHANGEME";

/// The placeholder in the place of an instance's own value, where that is the one to change and no other instance reads it.
pub fn given_up(fault: Fault<'_>) -> Option<Proposal> {
    let Fault { outcome, found, at, .. } = fault;
    let setting = setting(fault, at).filter(|_| found.rule == SHARED)?;
    let Value::Literal(text) = &setting.value else { return None };
    let takers = takers(outcome, at);
    let [taker] = takers.as_slice() else { return None };
    if taker.kind.value == Kind::Production || setting.parameter != Parameter::DataSpace {
        return None;
    }
    let place = written(fault, text)?;
    Some(Proposal {
        title: title(taker),
        edits: vec![(place, PLACEHOLDER.to_owned())],
        effect: Effect::Value(at, Value::Placeholder),
    })
}

/// The placeholder in a file of an instance that inherits what it shares: below a setting of the same group, and written like that.
pub fn of_its_own(outcome: &Outcome, found: &Diagnostic) -> Option<(Location, Proposal)> {
    if found.rule != SHARED {
        return None;
    }
    let inventory = &outcome.inventory;
    let named = found.finding.instances.iter().filter_map(|name| inventory.named(name));
    let leaves = |instance: &&Instance| instance.kind.value != Kind::Production;
    named.filter(leaves).find_map(|instance| own(outcome, instance))
}

fn own(outcome: &Outcome, instance: &Instance) -> Option<(Location, Proposal)> {
    let inventory = &outcome.inventory;
    let inherited = inventory.in_force(instance, Parameter::DataSpace)?;
    let is_alone = |at: Location| matches!(takers(outcome, at).as_slice(), [taker] if taker.name == instance.name);
    if is_alone(inherited.at) {
        return None;
    }
    let is_sibling = |setting: &&Setting| {
        matches!(setting.parameter, Parameter::Project | Parameter::ProjectName)
            && setting.scope == Scope::Default
            && setting.carrier >= inherited.carrier
            && is_alone(setting.at)
    };
    let settings = inventory.settings.iter().filter(is_sibling);
    settings.into_iter().find_map(|sibling| {
        let (span, line) = below(outcome, sibling)?;
        let effect = Effect::Placeholder(Parameter::DataSpace, sibling.carrier);
        let change = Proposal { title: title(instance), edits: vec![(span, line)], effect };
        Some((sibling.at, change))
    })
}

fn title(instance: &Instance) -> String {
    format!("Hold the place of a data space of its own for `{}`", instance.name)
}

/// A line like that of a setting, which says nothing but its name and its value, with a placeholder for a data space; and where it comes.
fn below(outcome: &Outcome, sibling: &Setting) -> Option<(Span, String)> {
    let source = whole(outcome, sibling.at)?;
    let line = source.line_span(source.line_of(sibling.at.span.start));
    let (key, value) = (sibling.key_at.span, sibling.at.span);
    let is_within = |span: Span| line.start <= span.start && span.end <= line.end;
    if !is_within(key) || !is_within(value) || key.end > value.start {
        return None;
    }
    let part = |start: u32, end: u32| source.slice(Span { start, end });
    let (lead, between) = (part(line.start, key.start), part(key.end, value.start));
    let tail = part(value.end, line.end);
    let is_plain = |text: &str| {
        let rest = text.trim().strip_prefix("export").unwrap_or_else(|| text.trim());
        rest.chars().all(|letter| {
            letter.is_ascii_punctuation() && !"#".contains(letter) || letter.is_whitespace()
        })
    };
    if ![lead, between, tail].into_iter().all(is_plain) || lead.trim_start().starts_with('-') {
        return None;
    }
    let (own, wanted) = (sibling.parameter.name(), Parameter::DataSpace.name());
    let name = source.slice(key);
    let renamed =
        [(own.to_owned(), wanted.to_owned()), (own.to_uppercase(), wanted.to_uppercase())]
            .into_iter()
            .find(|(own, _)| name.matches(own.as_str()).count() == 1)
            .map(|(own, wanted)| name.replace(&own, &wanted))?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_/'\"".contains(letter);
    if !renamed.chars().all(is_name) {
        return None;
    }
    let quote = source.slice(value).chars().next().filter(|first| "\"'".contains(*first));
    let quote = quote.map(String::from).unwrap_or_default();
    let end = line.range().end;
    let is_of_windows = source.text().get(end..).is_some_and(|rest| rest.starts_with('\r'));
    let next = if is_of_windows { "\r\n" } else { "\n" };
    let new = format!("{next}{lead}{renamed}{between}{quote}{PLACEHOLDER}{quote}{tail}");
    Some((Span::new(end, end), new))
}
