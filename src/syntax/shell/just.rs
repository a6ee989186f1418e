//! Justfiles → the scripts of their recipes.
//!
//! Source: the *Just Programmer's Manual*, *Grammar*, *Recipe Parameters*, *Exported Variables*. `{{name}}` becomes `${name}` in its place; each
//! recipe is a document of its own, because not all of them are run. A parameter with a default is what the command line says.

use std::collections::BTreeMap;
use std::ops::Range;

use super::dependencies::Dependencies;
use super::mask::Mask;
use super::pieces::{Piece, Pieces};
use super::variables::Variables;
use super::word::name_length;

/// The scripts of a justfile, and the variables that it assigns a literal.
pub fn pieces(text: &str) -> Pieces {
    let mut mask = Mask::of(text);
    let mut variables = Variables::default();
    let mut documents: Vec<Piece> = Vec::new();
    let mut dependencies = Dependencies::default();
    let mut assigned: BTreeMap<String, Range<usize>> = BTreeMap::new();
    let (mut start, mut is_in_recipe) = (0, false);
    for line in text.split_inclusive('\n') {
        let at = start..start + line.len();
        start = at.end;
        if line.trim().is_empty() {
            if let Some(document) = documents.last_mut().filter(|_| is_in_recipe) {
                document.range.end = at.end;
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some(document) = documents.last_mut().filter(|_| is_in_recipe) {
                let lead = line.len() - line.trim_start_matches(PREFIXES).len();
                mask.show(at.start + lead..at.end);
                holes(line, at.start, &mut mask);
                document.range.end = at.end;
                if let Some(name) = document.names.first() {
                    dependencies.line(text, at, name);
                }
            }
        } else if let Some(recipe) = recipe(line, at.start) {
            dependencies.open(text, at.clone(), &recipe, documents.len());
            documents.push(Piece::new(at.clone(), vec![recipe]));
            is_in_recipe = true;
        } else {
            is_in_recipe = false;
            let given = assignment(line, &at, &mut mask, &mut variables, &mut documents);
            assigned.extend(given);
        }
    }
    let documents = dependencies.spread(text, documents, &assigned);
    Pieces { text: mask.finish(), documents, variables }
}

/// What may stand before a recipe's line and is not of its script.
const PREFIXES: [char; 4] = ['\t', ' ', '@', '-'];

/// The name of the recipe that a line opens: `@deploy env="uat": build`.
fn recipe(line: &str, start: usize) -> Option<Range<usize>> {
    let bare = line.trim_start_matches('@');
    let length = bare
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-'))
        .filter(|length| *length > 0)?;
    let behind = bare.get(length..)?;
    let colon = behind.find(':')?;
    let is_assignment = behind.get(colon..)?.starts_with(":=");
    let from = start + line.len() - bare.len();
    (!is_assignment).then_some(from..from + length)
}

/// Turns the holes of a line into the variables of a shell.
fn holes(line: &str, start: usize, mask: &mut Mask<'_>) {
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find("{{")).map(|at| from + at) {
        let rest = line.get(at..).unwrap_or_default();
        let Some(end) = rest.find("}}") else { return };
        mask.put(start + at, b'$');
        let inner = rest.get(2..end).unwrap_or_default();
        if name_length(inner.trim()) == inner.trim().len() && !inner.trim().is_empty() {
            let lead = inner.len() - inner.trim_start().len();
            let behind = inner.trim_end().len();
            mask.cut(start + at + 2..start + at + 2 + lead);
            mask.cut(start + at + 2 + behind..start + at + end);
            mask.cut(start + at + end..start + at + end + 1);
        } else {
            // An expression is known to no one before it runs: `$?`.
            mask.put(start + at + 1, b'?');
            mask.cut(start + at + 2..start + at + end + 2);
        }
        from = at + end + 2;
    }
}

/// Reads `NAME := "value"`; one that is exported is shown as a command. Returns the name, and where its text stands.
fn assignment(
    line: &str,
    at: &Range<usize>,
    mask: &mut Mask<'_>,
    variables: &mut Variables,
    documents: &mut Vec<Piece>,
) -> Option<(String, Range<usize>)> {
    let declared = line.strip_prefix("export ").map_or(line, str::trim_start);
    let lead = line.len() - declared.len();
    let length = name_length(declared);
    let (before, value) = declared.split_once(":=").filter(|_| length > 0)?;
    if before.trim_end().len() != length {
        return None;
    }
    let text = value.trim();
    let quoted = text.strip_prefix(['"', '\'']).and_then(|text| text.strip_suffix(['"', '\'']));
    let is_plain = |text: &&str| !text.contains(['"', '\'', '\\', '$', '`', '{']);
    let literal = quoted.filter(is_plain);
    variables.assign(declared.get(..length).unwrap_or_default(), literal);
    if lead > 0 && literal.is_some() {
        let equals = lead + before.len() + 1;
        let from = equals + 1 + value.len() - value.trim_start().len();
        mask.show(at.clone());
        mask.cut(at.start + lead + length..at.start + equals);
        mask.cut(at.start + equals + 1..at.start + from);
        documents.push(Piece::new(at.clone(), Vec::new()));
    }
    let text = literal?;
    let start = at.start + line.len() - value.trim_start().len() + 1;
    Some((declared.get(..length)?.to_owned(), start..start + text.len()))
}
