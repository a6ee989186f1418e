//! Two commands, one below the other, in the order that keeps the data space.

use super::change::{Effect, Fault, Proposal};
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::model::uuid::is_uuid;
use crate::source::{Location, Source, Span};

/// The rule that tells of the order.
const ORDER: &str = "project-set-after-data-space";

/// The longest name of a project that is taken for one.
const LONGEST: usize = 40;

/// The project first. The two say the same but for what they set, and to what: so the words change places, and nothing else moves.
pub fn turned(fault: Fault<'_>) -> Option<Proposal> {
    let Fault { outcome, found, source, at } = fault;
    let [before] = found.finding.related.as_slice() else { return None };
    if found.rule != ORDER || before.at.source != at.source {
        return None;
    }
    let given = outcome.inventory.commands.iter().flat_map(|command| &command.settings);
    let given: Vec<&Setting> = given.collect();
    let at_key = |key: Location| given.iter().copied().find(|setting| setting.key_at == key);
    let (project, space) = (at_key(at)?, at_key(before.at)?);
    let line = |of: &Setting| source.line_of(of.key_at.span.start);
    let (first, second) = (line(space), line(project));
    if first + 1 != second || rest(source, space)? != rest(source, project)? {
        return None;
    }
    // What is said above them may be about one of the two.
    let above = first.checked_sub(1).map(|line| source.slice(source.line_span(line)));
    if above.is_some_and(|line| is_remark(line.trim_start())) {
        return None;
    }
    let key = |of: &Setting, parameter: Parameter| {
        let written = source.slice(of.key_at.span);
        (written.trim_matches(['"', '\'']) == parameter.path()).then(|| written.to_owned())
    };
    let value = |of: &Setting| {
        let written = source.slice(of.at.span);
        is_public(written.trim_matches(['"', '\''])).then(|| written.to_owned())
    };
    let edits = vec![
        (space.key_at.span, key(project, Parameter::Project)?),
        (space.at.span, value(project)?),
        (project.key_at.span, key(space, Parameter::DataSpace)?),
        (project.at.span, value(space)?),
    ];
    let title = "Save the project before the data space".to_owned();
    Some(Proposal { title, edits, effect: Effect::Nothing })
}

/// The line of a setting without what it sets, and to what.
fn rest<'s>(source: &'s Source, setting: &Setting) -> Option<[&'s str; 3]> {
    let Setting { key_at, at, .. } = setting;
    let line = source.line_span(source.line_of(key_at.span.start));
    let is_within = |span: Span| line.start <= span.start && span.end <= line.end;
    if !is_within(key_at.span) || !is_within(at.span) || key_at.span.end > at.span.start {
        return None;
    }
    let part = |from: u32, to: u32| source.slice(Span { start: from, end: to }).trim_end();
    Some([
        part(line.start, key_at.span.start),
        part(key_at.span.end, at.span.start),
        part(at.span.end, line.end),
    ])
}

/// Whether a line is a remark, and not the first line of a script.
fn is_remark(line: &str) -> bool {
    line.starts_with(['#', '/', '*']) && !line.starts_with("#!")
}

/// Whether a value is what everybody may see: an id, a name in small letters, or the name of a variable.
fn is_public(text: &str) -> bool {
    let name = text.strip_prefix('$').map(|name| name.trim_matches(['{', '}']));
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let is_word =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    let is_short = (1..=LONGEST).contains(&text.len());
    is_uuid(text) || name.is_some_and(is_name) || is_short && text.bytes().all(is_word)
}
