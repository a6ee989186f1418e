//! Makefiles → the scripts of their recipes.
//!
//! Source: the GNU Make manual, *Writing Recipes*. `$(NAME)` becomes `${NAME}` and `$$` a `$` in its place; each target is a document of its
//! own, because not all of them are made. `NAME ?= value` gives a value that the environment and the command line replace
//! (`make deploy NAME=…`), as `${NAME:-value}` does in a shell: what a deployment ends up with is not known from it.

mod evaluate;
mod expansion;
mod functions;
pub mod goals;
mod recipes;
mod statements;
mod taken;
mod targets;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;

pub use evaluate::File;
use statements::PREFIXES;
pub use values::Value;

use super::mask::Mask;
use super::pieces::{Piece, Pieces};
use super::variables::Variables;
use super::word::name_length;

/// The scripts of a makefile, and the variables that it assigns once, by a literal.
pub fn pieces(text: &str) -> Pieces {
    let mut mask = Mask::of(text);
    let mut variables = Variables::default();
    let mut documents: Vec<Piece> = Vec::new();
    let mut shared = Shared::default();
    let (mut start, mut is_open) = (0, false);
    // What each open condition compares with.
    let mut conditions: Vec<Option<Range<usize>>> = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if is_open || line.starts_with('\t') {
            let lead =
                if is_open { 0 } else { line.len() - line.trim_start_matches(PREFIXES).len() };
            let mut count = 0;
            let shown = line.get(lead..).unwrap_or_default();
            recipes::show(shown, (start + lead, false), &mut count, &mut mask);
            is_open = line.trim_end_matches(['\r', '\n']).ends_with('\\');
            match documents.last_mut() {
                Some(document) if document.range.end == start => document.range.end = end,
                _ => documents.push(Piece::new(start..end, Vec::new())),
            }
        } else if line.starts_with("if") {
            conditions.push(compared(line, start));
        } else if line.starts_with("else") {
            if let Some(last) = conditions.last_mut() {
                *last = compared(line, start);
            }
        } else if line.starts_with("endif") {
            conditions.pop();
        } else if let Some(name) = line.trim_start_matches("override ").strip_prefix("undefine ") {
            variables.assign(name.trim(), None);
        } else if let Some((name, value)) = assignment(line, start, false, &mut mask) {
            if line.starts_with("export ") {
                let arms = conditions.iter().flatten().cloned().collect();
                documents.push(Piece::new(start..end, arms));
            }
            let known = variables.get(name);
            let is_default =
                line.get(name.len()..).is_some_and(|rest| rest.trim_start().starts_with("?="));
            if is_default && known.is_some() {
                start = end;
                continue;
            }
            let of_command = line.split_once('=').and_then(|(_, value)| command(value.trim()));
            let value = value.or(of_command.as_deref());
            let is_known = conditions.is_empty() && known.is_none_or(|known| Some(known) == value);
            variables.assign(name, value.filter(|_| is_known));
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            rule(text, start..end, &mut mask, &mut documents);
            shared.note(line, start, documents.len() - 1);
        }
        start = end;
    }
    Pieces { text: mask.finish(), documents: shared.spread(text, documents), variables }
}

/// Where the word stands that a condition compares with: `ifeq ($(ENV),prod)`, `else ifeq "$(ENV)" "prod"`.
///
/// Source: the GNU Make manual, *Conditional Syntax*.
fn compared(line: &str, start: usize) -> Option<Range<usize>> {
    let rest = line.split_once("ifeq")?.1.trim().trim_matches(['(', ')']);
    let mut sides = rest.split([',', ' ']).map(|side| side.trim().trim_matches(['"', '\'']));
    let is_word = |side: &&str| {
        let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
        !side.is_empty() && side.chars().all(is_of_word)
    };
    let word = sides.find(is_word)?;
    let at = (word.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    Some(start + at..start + at + word.len())
}

/// What several targets have in one rule, and what they have alone: `prod stage: …`, `prod: NAME = value`.
#[derive(Default)]
struct Shared {
    /// The targets of rules with several, by the places of the rules' scripts.
    rules: BTreeMap<usize, Vec<Range<usize>>>,
    /// The variables of each target, with where their values stand.
    variables: BTreeMap<String, Vec<(String, Range<usize>)>>,
}

impl Shared {
    /// Notes a rule whose script is the one at a place.
    fn note(&mut self, line: &str, start: usize, script: usize) {
        let Some((targets, behind)) = line.split_once(':') else { return };
        let mut names: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        for target in targets.split_inclusive([' ', '\t']) {
            let name = target.trim_end();
            let is_plain = !name.is_empty() && !name.contains(['$', '%']);
            names.extend(is_plain.then(|| start + at..start + at + name.len()));
            at += target.len();
        }
        let set = behind.trim_start_matches(':').trim_start();
        let name = set.get(..name_length(set)).unwrap_or_default();
        let rest = set.get(name.len()..).unwrap_or_default().trim_start();
        let value = [":=", "="].iter().find_map(|sign| rest.strip_prefix(sign)).map(str::trim);
        match value.filter(|value| !name.is_empty() && is_literal(value)) {
            Some(value) => {
                let end = start + line.trim_end().len();
                let value = (name.to_owned(), end - value.len()..end);
                for target in names {
                    let target = line.get(target.start - start..target.end - start);
                    let known = self.variables.entry(target.unwrap_or_default().to_owned());
                    known.or_default().push(value.clone());
                }
            }
            None if names.len() > 1 && !targets.starts_with('.') => {
                self.rules.insert(script, names);
            }
            None => {}
        }
    }

    /// Gives each target of a rule the rule's script, with its own variables.
    fn spread(mut self, text: &str, documents: Vec<Piece>) -> Vec<Piece> {
        let mut spread = Vec::with_capacity(documents.len());
        for (script, piece) in documents.into_iter().enumerate() {
            let targets = self.rules.remove(&script).unwrap_or_default();
            let targets = targets.into_iter().take(MOST_TARGETS).map(|target| vec![target]);
            let mut names: Vec<Vec<Range<usize>>> = targets.collect();
            if names.is_empty() {
                names.push(piece.names);
            }
            for names in names {
                let target = names.first().and_then(|name| text.get(name.clone()));
                let own = target.and_then(|target| self.variables.get(target));
                let own = own.cloned().unwrap_or_default();
                spread.push(Piece { range: piece.range.clone(), names, own, is_expanded: false });
            }
        }
        spread
    }
}

/// How many targets of one rule are told apart.
const MOST_TARGETS: usize = 16;

fn is_literal(value: &str) -> bool {
    !value.is_empty()
        && !value.contains(|c: char| c.is_whitespace() || "$'\"\\;&|()<>#`".contains(c))
}

/// Opens the script of a target. What a line assigns for one target alone is a part of it: `prod: NAME = value`.
fn rule(text: &str, at: Range<usize>, mask: &mut Mask<'_>, documents: &mut Vec<Piece>) {
    let line = text.get(at.clone()).unwrap_or_default();
    let (targets, behind) = line.split_once(':').unwrap_or((line, ""));
    let target = targets.trim();
    let is_one = !target.starts_with('.')
        && !target.contains(|c: char| c.is_whitespace() || "$%".contains(c));
    let names: Vec<Range<usize>> =
        std::iter::once(at.start..at.start + target.len()).filter(|_| is_one).collect();
    let behind = behind.trim_start_matches(':').trim_start();
    assignment(behind, at.end - behind.len(), true, mask);
    let is_same = |piece: &&mut Piece| {
        let name = |names: &[Range<usize>]| Some(text.get(names.first()?.clone())?.to_owned());
        piece.range.end == at.start && is_one && name(&piece.names) == name(&names)
    };
    match documents.last_mut().filter(is_same) {
        Some(piece) => piece.range.end = at.end,
        None => documents.push(Piece::new(at, names)),
    }
}

/// A command with variables of make's in it, as the variables of a shell: `ssh deploy@$(HOST)`.
fn command(value: &str) -> Option<String> {
    let is_command = value.contains(' ') && value.contains("$(") && !value.contains("$$");
    let mut holes = value.split("$(").skip(1).map(|rest| rest.split(')').next().unwrap_or(rest));
    let is_plain = |name: &str| !name.is_empty() && name_length(name) == name.len();
    let is_filled = is_command && holes.all(is_plain);
    is_filled.then(|| value.replace("$(", "${").replace(')', "}"))
}

/// Reads `NAME = value`; one that is exported, or of one target alone, is shown as a command.
fn assignment<'a>(
    line: &'a str,
    start: usize,
    is_of_target: bool,
    mask: &mut Mask<'_>,
) -> Option<(&'a str, Option<&'a str>)> {
    let exported = line.strip_prefix("export ").map(str::trim_start);
    let declared = exported.unwrap_or(line);
    let lead = line.len() - declared.len();
    let name = declared.get(..name_length(declared)).filter(|name| !name.is_empty())?;
    let behind = declared.get(name.len()..)?;
    let sign = behind.trim_start_matches([' ', '\t']);
    let operator =
        ["=", ":=", "::=", "?=", "+=", "!="].into_iter().find(|sign_| sign.starts_with(sign_))?;
    let value = sign.get(operator.len()..)?.trim();
    let value = value.split_once(" #").map_or(value, |(value, _)| value.trim_end());
    let is_certain = matches!(operator, "=" | ":=" | "::=");
    let is_plain =
        is_certain && !value.contains(|c: char| c.is_whitespace() || "$'\"\\;&|()<>#`".contains(c));
    if is_of_target || exported.is_some() && (is_plain || !is_certain) {
        let equals = lead + name.len() + (behind.len() - sign.len()) + operator.len() - 1;
        let from = line.len() - line.get(equals + 1..)?.trim_start().len();
        mask.show(start..start + line.len());
        mask.cut(start + lead + name.len()..start + equals);
        mask.cut(start + equals + 1..start + from);
        if !is_plain {
            // `$?` is known to no one before the script runs.
            mask.cut(start + from..start + from + value.len());
            mask.put(start + from, b'$');
            mask.put(start + from + 1, b'?');
        }
    }
    Some((name, Some(value).filter(|value| is_certain && !value.contains('$'))))
}
