//! A value without what stands around it, and the option that a command lacks.

use super::change::{Effect, Fault, Proposal};
use super::words;
use crate::model::command::{Command, Verb};
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::model::uuid::{fold_uuid, is_uuid};
use crate::source::{Location, Span};

/// A value without blanks, quotes and invisible characters around it; a data space id without braces, in lower case.
pub fn bare(fault: Fault<'_>) -> Option<Proposal> {
    let setting = setting(fault, fault.at)?;
    let Value::Literal(text) = &setting.value else { return None };
    if setting.parameter.is_secret() {
        return None;
    }
    let new = meant(setting.parameter, text).filter(|new| new != text)?;
    let place = written(fault, text)?;
    // Of a text that nobody knows to be public, only what is too much of it is told.
    let edits = match text.find(&new) {
        _ if is_uuid(&new) => vec![(place, new.clone())],
        Some(lead) => {
            let (start, end) = (place.range().start + lead, place.range().start + lead + new.len());
            let around = [Span::new(place.range().start, start), Span::new(end, place.range().end)];
            around.into_iter().filter(|span| span.start < span.end).map(nothing).collect()
        }
        None => return None,
    };
    let name = setting.parameter.name();
    let title = format!("Write `{name}` without what stands around it");
    Some(Proposal { title, edits, effect: Effect::Value(fault.at, Value::Literal(new)) })
}

fn nothing(span: Span) -> (Span, String) {
    (span, String::new())
}

/// The setting at a place.
pub(super) fn setting(fault: Fault<'_>, at: Location) -> Option<&Setting> {
    let settings = &fault.outcome.inventory.settings;
    let first = settings.partition_point(|setting| setting.at < at);
    settings.get(first).filter(|setting| setting.at == at)
}

/// Where a text stands within what a finding points at; where it is written in another way than it reads, nowhere.
pub(super) fn written(fault: Fault<'_>, text: &str) -> Option<Span> {
    let written = fault.source.slice(fault.at.span);
    let (start, _) = written.match_indices(text).next()?;
    let start = fault.at.span.range().start + start;
    (written.matches(text).count() == 1).then(|| Span::new(start, start + text.len()))
}

/// What somebody meant with a text.
fn meant(parameter: Parameter, text: &str) -> Option<String> {
    let is_around = |letter: char| {
        let is_invisible = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        letter.is_whitespace() || letter.is_control() || is_invisible || "\"'`“”‘’".contains(letter)
    };
    let bare = text.trim_matches(is_around);
    let is_space = matches!(parameter, Parameter::DataSpace | Parameter::AlternateDataSpace);
    let folded = fold_uuid(bare).filter(|_| is_space);
    folded.or_else(|| Some(bare.to_owned())).filter(|text| !text.is_empty())
}

/// The option that keeps a Cloud variable from being shown, or inherited.
pub fn option(fault: Fault<'_>) -> Option<Proposal> {
    let at = fault.at;
    let creates = |command: &&Command| command.verb == Verb::CreateVariable;
    let sets = |command: &Command| command.settings.iter().find(|of| of.key_at == at).cloned();
    let commands = fault.outcome.inventory.commands.iter().filter(creates);
    let (command, setting): (&Command, Setting) =
        commands.into_iter().find_map(|command| Some((command, sets(command)?)))?;
    let (option, value) = match setting.parameter {
        parameter if parameter.is_secret() => ("sensitive", "true"),
        Parameter::DataSpace => ("inheritable", "false"),
        _ => return None,
    };
    let verb = command.at.span;
    let written = fault.source.slice(verb).trim_matches(['"', '\'']);
    if command.at.source != at.source || written != command.name {
        return None;
    }
    let edits = vec![words::behind(fault.source, verb, option, value)];
    let title = format!("Add `--{option} {value}`");
    Some(Proposal { title, edits, effect: Effect::Nothing })
}
