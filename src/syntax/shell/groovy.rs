//! Jenkinsfiles → the scripts of their `sh` steps.
//!
//! Source: the Jenkins handbook, *Pipeline syntax*, and the Groovy documentation, *Strings*. Each step is a document of its own: it has a
//! shell of its own, under the names of its stages, and not all of them are run. The assignments of `environment` reach all of them, those of `withEnv` the
//! steps of their stage. One that takes a value of a map is one for each of its keys.

use std::collections::BTreeMap;
use std::ops::Range;

use super::maps::Maps;
use super::mask::Mask;
use super::pieces::{Piece, Pieces};
use super::stages::{Blocks, blocks, string};
use super::variables::Variables;
use super::word::name_length;

/// How far a string can stand behind its `sh`.
const REACH: usize = 200;

/// How many stages around a script are told.
const MAX_NAMES: usize = 8;

/// The scripts of a Jenkinsfile, and what it assigns to all of them.
pub fn pieces(text: &str) -> Pieces {
    let mut mask = Mask::of(text);
    let mut variables = Variables::default();
    let blocks = blocks(text);
    let maps = Maps::of(text);
    let mut set: Vec<Set> = Vec::new();
    let known = (&mut variables, &mut set);
    let mut documents = environment((text, &blocks, &maps), &mut mask, known);
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("sh")).map(|at| from + at) {
        from = at + 2;
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let is_word = before.is_none_or(|c| !c.is_alphanumeric() && !"_-./'\"".contains(c));
        let Some(open) = is_word.then(|| opening(text, at + 2)).flatten() else { continue };
        let Some((inner, end)) = string(text, open) else { continue };
        mask.show(inner.clone());
        escapes(text, &inner, &mut mask);
        documents.push(inner);
        from = end;
    }
    for inner in with_environment(text) {
        let assigned = text.get(inner.clone()).and_then(|assigned| assigned.split_once('='));
        if let Some((name, value)) = assigned.filter(|(_, value)| !value.contains(['$', '\\'])) {
            let value = inner.start + name.len() + 1..inner.start + name.len() + 1 + value.len();
            set.push(Set { name: name.to_owned(), at: inner.start, value });
        }
        mask.show(inner.clone());
        escapes(text, &inner, &mut mask);
        documents.push(inner);
    }
    let names = |at: usize| -> Vec<Range<usize>> {
        let around = blocks.stages.iter().filter(|stage| stage.block.contains(&at));
        let mut names: Vec<_> = around.map(|stage| stage.name.clone()).collect();
        let around = blocks.branches.iter().filter(|branch| branch.block.contains(&at));
        names.extend(around.filter_map(|branch| branch.word.clone()));
        names.split_off(names.len().saturating_sub(MAX_NAMES))
    };
    let set = by_stage(&blocks, set);
    let documents = documents.into_iter().flat_map(|range| {
        let own = own(&blocks, &set, range.start);
        let is_expanded = is_filled(text, &range);
        let piece = Piece { own, is_expanded, ..Piece::new(range.clone(), names(range.start)) };
        maps.spread(text, piece, &mut mask)
    });
    let documents = documents.collect();
    Pieces { text: mask.finish(), documents, variables }
}

/// Whether Groovy fills in all variables of a string, those within single quotes as well: between double quotes, where none is the shell's.
fn is_filled(text: &str, inner: &Range<usize>) -> bool {
    let quote = inner.start.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    let written = text.get(inner.clone()).unwrap_or_default();
    quote == Some(&b'"') && !written.contains("\\$")
}

/// What a variable is set to, in the stage in which that stands.
struct Set {
    name: String,
    at: usize,
    value: Range<usize>,
}

/// The variables that a stage sets, each with where its value stands.
type Own = Vec<(String, Range<usize>)>;

/// How many variables are told apart by their stages.
const MAX_SET: usize = 1_000;

/// What each stage sets itself, and what stands above all of them. What one of them sets twice is not known.
fn by_stage(blocks: &Blocks, set: Vec<Set>) -> BTreeMap<Option<usize>, Own> {
    let mut all: BTreeMap<Option<usize>, BTreeMap<String, Vec<Range<usize>>>> = BTreeMap::new();
    for Set { name, at, value } in set.into_iter().take(MAX_SET) {
        let stage = blocks.stages.iter().rposition(|stage| stage.block.contains(&at));
        all.entry(stage).or_default().entry(name).or_default().push(value);
    }
    let once = |(name, mut values): (String, Vec<Range<usize>>)| {
        let value = values.pop()?;
        values.is_empty().then_some((name, value))
    };
    all.into_iter()
        .map(|(stage, own)| (stage, own.into_iter().filter_map(once).collect()))
        .collect()
}

/// What is known at a place: what is set above all stages and in those around it, the innermost last.
fn own(blocks: &Blocks, set: &BTreeMap<Option<usize>, Own>, at: usize) -> Own {
    if set.is_empty() {
        return Vec::new();
    }
    let around = blocks.stages.iter().enumerate().filter(|(_, stage)| stage.block.contains(&at));
    let scopes = std::iter::once(None).chain(around.map(|(index, _)| Some(index)));
    scopes.filter_map(|scope| set.get(&scope)).flatten().cloned().collect()
}

/// The assignments that `withEnv(['NAME=value', …])` makes for the steps in its block.
fn with_environment(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, word) in text.match_indices("withEnv") {
        let mut at = at + word.len();
        let open = text.get(at..).unwrap_or_default().trim_start_matches(['(', ' ']);
        if !open.starts_with('[') {
            continue;
        }
        while let Some(next) = text.get(at..).and_then(|rest| rest.find(['\'', '"', ']'])) {
            if text.get(at + next..).is_some_and(|rest| rest.starts_with(']')) {
                break;
            }
            let Some((inner, end)) = string(text, at + next) else { break };
            found.push(inner);
            at = end;
        }
    }
    found
}

/// Where the string of a step opens: `sh '…'`, `sh(script: '…')`.
fn opening(text: &str, at: usize) -> Option<usize> {
    let reach: String = text.get(at..)?.chars().take(REACH).collect();
    let quote = reach.find(['\'', '"'])?;
    let before = reach.get(..quote)?.trim();
    let named = before.trim_start_matches(['(', ' ']);
    let is_named = named.rsplit(',').next().is_some_and(|last| last.trim() == "script:")
        && named.len() < REACH;
    (before.is_empty() || before == "(" || is_named).then_some(at + quote)
}

/// What Groovy takes away before the shell sees the text, and `${env.NAME}` as the variable that it is.
fn escapes(text: &str, inner: &Range<usize>, mask: &mut Mask<'_>) {
    const ENVIRONMENT: &str = "${env.";
    for (at, _) in text.get(inner.clone()).unwrap_or_default().match_indices(ENVIRONMENT) {
        let start = inner.start + at;
        mask.cut(start..start + 4);
        mask.put(start + 4, b'$');
        mask.put(start + 5, b'{');
    }
    let mut at = inner.start;
    while let Some(found) = text.get(at..inner.end).and_then(|rest| rest.find('\\')) {
        let escape = at + found;
        let next = text.as_bytes().get(escape + 1);
        if next != Some(&b'\n') {
            mask.cut(escape..escape + 1);
        }
        match next {
            Some(b'n') => mask.put(escape + 1, b'\n'),
            Some(b't' | b'r') => mask.put(escape + 1, b' '),
            _ => {}
        }
        at = escape + 2;
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
}

/// Reads the lines `NAME = 'value'`, `env.NAME = 'value'` and `environment { NAME = 'value' }` among them, and `NAME = credentials('id')` as a value kept elsewhere.
///
/// What is assigned under a condition that does not say for what is unknown.
fn environment(
    (text, blocks, maps): (&str, &Blocks, &Maps),
    mask: &mut Mask<'_>,
    (variables, set): (&mut Variables, &mut Vec<Set>),
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = inner(line);
        let lead = start + (content.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
        start += line.len();
        // `if (…) env.NAME = 'value'` without a block: nothing says for what.
        let statement = ["if", "else"].iter().any(|word| content.starts_with(word));
        let start_of = content.find("env.").filter(|at| *at == 0 || statement);
        let (content, lead) = match start_of.and_then(|at| Some((content.get(at + 4..)?, at + 4))) {
            Some((behind, before)) => (behind, lead + before),
            None => (content, lead),
        };
        let around = || blocks.branches.iter().filter(|branch| branch.block.contains(&lead));
        let is_bare = statement && start_of.is_some();
        let is_conditional = is_bare || around().next().is_some();
        let is_open = is_bare || around().any(|branch| branch.word.is_none());
        let name = content.get(..name_length(content)).unwrap_or_default();
        let behind = content.get(name.len()..).unwrap_or_default().trim_start();
        let is_name = !name.is_empty() && !name.contains(|c: char| c.is_ascii_lowercase());
        let Some(value) = behind.strip_prefix('=').map(str::trim_start).filter(|_| is_name) else {
            continue;
        };
        let content = content.get(..content.len() - value.len() + length(value)).unwrap_or(content);
        let value = value.get(..length(value)).unwrap_or(value);
        let behind = content.get(name.len()..).unwrap_or_default().trim_start();
        let from = lead + content.len() - value.len();
        mask.show(lead..lead + content.len());
        let equals = lead + content.len() - behind.len();
        mask.cut(lead + name.len()..equals);
        mask.cut(equals + 1..from);
        let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let inner = value.trim_matches(['\'', '"']);
        let is_literal = quote.is_some() && !inner.contains(['$', '\'', '"', '\\']) && !is_open;
        let is_filled = |name| variables.get(name).is_some();
        let is_known = quote == Some('"')
            && (only_name(inner).is_some_and(is_filled) || maps.holds(inner) && !is_open);
        if !is_literal && !is_known && value.len() >= 3 {
            mask.cut(from..lead + content.len());
            mask.put(from, b'$');
            mask.put(from + 1, b'{');
            mask.put(lead + content.len() - 1, b'}');
        }
        if is_literal && !is_conditional {
            let value = from + 1..from + 1 + inner.len();
            set.push(Set { name: name.to_owned(), at: lead, value });
        }
        let is_known = is_literal && !is_conditional && variables.get(name).is_none();
        variables.assign(name, Some(inner).filter(|_| is_known));
        found.push(lead..lead + content.len());
    }
    found
}

/// How long a quoted text is where only a comment or another statement stands behind it; else all of it.
fn length(value: &str) -> usize {
    let quoted = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let end = quoted.and_then(|quote| Some(value.get(1..)?.find(quote)? + 2));
    let behind = end.and_then(|end| value.get(end..)).map(str::trim_start);
    let is_over = behind.is_some_and(|behind| behind.starts_with(';') || behind.starts_with("//"));
    end.filter(|_| is_over).unwrap_or(value.len())
}

/// The name that a text is and nothing else: `${NAME}`, `$NAME`.
fn only_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    (!name.is_empty() && name_length(name) == name.len()).then_some(name)
}

/// What a line assigns: all of it, or what stands in a block of its own.
fn inner(line: &str) -> &str {
    let words = |(before, _): &(&str, &str)| {
        before.trim_end().rsplit([' ', '\t', '{']).next() == Some("environment")
    };
    let mut opened = line;
    while let Some((before, behind)) = opened.split_once('{') {
        if words(&(before, behind)) {
            return behind.split_once('}').map_or(behind, |(inside, _)| inside).trim();
        }
        opened = behind;
    }
    line.trim()
}
