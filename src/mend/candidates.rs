//! What could mend a finding, read off what stands at its place.

use crate::Outcome;
use crate::model::command::{Command, Verb};
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::model::uuid::fold_uuid;
use crate::rule::{Diagnostic, EXPIRED_WAIVER, UNUSED_WAIVER};
use crate::source::{Location, Source, Span};

/// One change of one text that may mend a finding.
#[derive(Debug)]
pub struct Candidate {
    /// What the finding is known by, wherever it moves: rule, file, message.
    pub key: [String; 3],
    /// What is done, in words.
    pub title: String,
    /// The file.
    pub path: String,
    /// The place of what is mended.
    pub at: Location,
    /// The part of the text that is replaced.
    pub span: Span,
    /// What stands there then.
    pub new: String,
    /// The whole text, as it is and as it is then.
    pub before: String,
    /// The same.
    pub after: String,
}

/// What a finding is known by while texts around it change.
pub(super) fn key(outcome: &Outcome, found: &Diagnostic) -> [String; 3] {
    let path = outcome.sources.shown(found.finding.primary.at.source);
    [found.rule.clone(), path, found.finding.message.clone()]
}

/// Everything that may mend something, in the order of the findings.
pub(super) fn candidates(outcome: &Outcome) -> impl Iterator<Item = Candidate> {
    outcome.diagnostics.iter().filter_map(|found| candidate(outcome, found))
}

/// What may mend one finding.
#[must_use]
pub fn candidate(outcome: &Outcome, found: &Diagnostic) -> Option<Candidate> {
    let at = found.finding.primary.at;
    let source = outcome.sources.readable(at.source)?;
    if outcome.sources.revision(at.source).is_some() || !source.is_whole() {
        return None;
    }
    let (span, new, title) = waiver(found, source)
        .or_else(|| option(outcome, found, source))
        .or_else(|| bare(outcome, found, source))?;
    let before = source.text().to_owned();
    let mut after = before.clone();
    after.replace_range(span.range(), &new);
    let path = outcome.sources.path(at.source).to_owned();
    Some(Candidate { key: key(outcome, found), title, path, at, span, new, before, after })
}

type Change = (Span, String, String);

/// A value without blanks, quotes and invisible characters around it; a data space id without braces, in lower case.
fn bare(outcome: &Outcome, found: &Diagnostic, source: &Source) -> Option<Change> {
    let at = found.finding.primary.at;
    let settings = &outcome.inventory.settings;
    let first = settings.partition_point(|setting| setting.at < at);
    let setting = settings.get(first).filter(|setting| setting.at == at)?;
    let Value::Literal(text) = &setting.value else { return None };
    if setting.parameter.is_secret() {
        return None;
    }
    let new = meant(setting.parameter, text).filter(|new| new != text)?;
    // Where the text is written in another way than it reads, what stands there is not changed.
    let written = source.slice(at.span);
    let (start, _) = written.match_indices(text.as_str()).next()?;
    if written.matches(text.as_str()).count() != 1 {
        return None;
    }
    let start = at.span.range().start + start;
    let span = Span::new(start, start + text.len());
    let name = setting.parameter.name();
    Some((span, new, format!("Write `{name}` without what stands around it")))
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
fn option(outcome: &Outcome, found: &Diagnostic, source: &Source) -> Option<Change> {
    let at = found.finding.primary.at;
    let creates = |command: &&Command| command.verb == Verb::CreateVariable;
    let sets = |command: &Command| command.settings.iter().find(|of| of.key_at == at).cloned();
    let commands = outcome.inventory.commands.iter().filter(creates);
    let (command, setting): (&Command, Setting) =
        commands.into_iter().find_map(|command| Some((command, sets(command)?)))?;
    let option = match setting.parameter {
        parameter if parameter.is_secret() => "--sensitive true",
        Parameter::DataSpace => "--inheritable false",
        _ => return None,
    };
    let verb = command.at.span;
    if command.at.source != at.source || source.slice(verb) != command.name {
        return None;
    }
    let end = verb.range().end;
    Some((Span::new(end, end), format!(" {option}"), format!("Add `{option}`")))
}

/// Nothing in the place of a waiver that accepts nothing, and that nothing is like.
fn waiver(found: &Diagnostic, source: &Source) -> Option<Change> {
    let is_toml = source.path().rsplit_once('.').is_some_and(|(_, end)| end == "toml");
    let is_idle = [UNUSED_WAIVER, EXPIRED_WAIVER].contains(&found.rule.as_str());
    if !is_idle || !found.finding.related.is_empty() || !is_toml {
        return None;
    }
    let text = source.text();
    let at = found.finding.primary.at.span.range().start;
    let head = text.get(..text.get(at..)?.find('\n').map_or(text.len(), |end| at + end))?;
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let start = head.split_inclusive('\n').scan(0, |from, line| {
        let start = *from;
        *from += line.len();
        Some((start, line))
    });
    let (start, header) = start.filter(|(_, line)| is_header(line)).last()?;
    if header.trim() != "[[waivers]]" {
        return None;
    }
    let mut end = start;
    let mut last = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        if end > start && is_header(line) {
            break;
        }
        end += line.len();
        // What is said above the next table belongs to that.
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            last = end;
        }
    }
    let blank = text.get(last..)?.split_inclusive('\n').take_while(|line| line.trim().is_empty());
    let last = last + blank.map(str::len).sum::<usize>();
    Some((Span::new(start, last), String::new(), "Remove the waiver".to_owned()))
}
