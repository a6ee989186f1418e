//! A setting of the connector for one website or store alone, which Magento never reads, for the default scope.

use super::change::{Effect, Fault, Proposal, takers};
use super::values::setting;
use super::words;
use crate::model::command::{Command, CommandOption};
use crate::model::parameter::Parameter;
use crate::model::setting::{Scope, Setting};
use crate::source::{Source, Span};

/// The rule that tells of them.
const DEAD_SCOPE: &str = "ineffective-scope";

/// What a command says a scope by.
const OPTIONS: [&str; 3] = ["scope", "scope-code", "scope-id"];

/// The setting for the default scope, where none of its instance is for that, and no other for another one: then there is no doubt what is meant.
pub fn dead(fault: Fault<'_>) -> Option<Proposal> {
    if fault.found.rule != DEAD_SCOPE {
        return None;
    }
    let inventory = &fault.outcome.inventory;
    let dead = setting(fault, fault.at)?;
    let own = takers(fault.outcome, dead.at);
    let is_other = |other: &&Setting| other.parameter == dead.parameter && other.at != dead.at;
    let meets = |other: &Setting| takers(fault.outcome, other.at).iter().any(|of| own.contains(of));
    if own.is_empty()
        || dead.scope == Scope::Default
        || inventory.settings.iter().filter(is_other).any(meets)
    {
        return None;
    }
    let sets = |command: &&Command| command.settings.iter().any(|of| of.at == dead.at);
    let edits = match inventory.commands.iter().find(sets) {
        Some(command) => options(fault.source, command),
        None => variable(fault.source, dead),
    }?;
    let title = format!("Set `{}` for the default scope", dead.parameter.name());
    Some(Proposal { title, edits, effect: Effect::Scope(dead.at) })
}

/// A command without the options that name a scope.
fn options(source: &Source, command: &Command) -> Option<Vec<(Span, String)>> {
    let named = command.options.iter().filter(|option| OPTIONS.contains(&option.name.as_str()));
    let places: Option<Vec<Span>> = named.map(|option| place(source, option)).collect();
    let places = places.filter(|places| !places.is_empty())?;
    Some(places.into_iter().map(|span| (span, String::new())).collect())
}

/// An option with its value and what parts it from the word before it.
fn place(source: &Source, option: &CommandOption) -> Option<Span> {
    // Without a sign of equality, the value is the next word.
    let is_next = !source.slice(option.at.span).contains('=');
    let value = if is_next { Some(option.value.as_deref()?) } else { None };
    words::with_value(source, option.at.span, value)
}

/// `CONFIG__WEBSITES__BASE__…` as `CONFIG__DEFAULT__…`.
fn variable(source: &Source, dead: &Setting) -> Option<Vec<(Span, String)>> {
    let span = dead.key_at.span;
    let written = source.slice(span);
    let start = written.find("CONFIG__")?;
    let name = written.get(start..)?;
    let ending = variable_of(dead.parameter);
    let length = name.to_ascii_uppercase().find(&ending)?;
    let is_scoped = ["CONFIG__WEBSITES__", "CONFIG__STORES__"]
        .iter()
        .any(|scope| name.get(..length).is_some_and(|head| head.starts_with(scope)));
    let start = span.range().start + start;
    is_scoped.then(|| vec![(Span::new(start, start + length), "CONFIG__DEFAULT__".to_owned())])
}

/// How the name of a variable ends that sets a parameter.
fn variable_of(parameter: Parameter) -> String {
    parameter.path().replace('/', "__").to_ascii_uppercase()
}
