//! The text around a setting that a segment of its address stands over: a job, a section, an object, a file.

use super::address::{Level, Segment};
use super::conventions::extension;
use super::piece::Piece;
use crate::sources::Sources;

/// How many lines above a setting the beginning of its block is looked for, and how many lines a block has at most.
const MOST_ABOVE: usize = 200;
const MOST_LINES: usize = 400;

/// The text that belongs to a segment of a piece's address; none where its lines do not show it.
#[must_use]
pub fn surroundings<'s>(piece: &Piece, segment: &Segment, sources: &'s Sources) -> Option<&'s str> {
    let text = sources.get(piece.contribution.source)?.text();
    let first = || Some(piece.contribution.settings.first()?.key_at.span.start as usize);
    match segment.level {
        Level::Label | Level::Workload if is_yaml(sources.path(piece.contribution.source)) => {
            Some(document(text, first()?))
        }
        Level::Task | Level::Key | Level::Label | Level::Service | Level::Workload => {
            block(text, first()?, &segment.text)
        }
        Level::Folder | Level::File | Level::Object => Some(text),
    }
}

/// The document of a file of YAML in which a piece stands.
#[must_use]
pub fn document_of<'s>(piece: &Piece, sources: &'s Sources) -> Option<&'s str> {
    let source = sources.get(piece.contribution.source).filter(|one| is_yaml(one.path()))?;
    let first = piece.contribution.settings.first()?;
    Some(document(source.text(), first.key_at.span.start as usize))
}

fn is_yaml(path: &str) -> bool {
    matches!(extension(path), "yaml" | "yml")
}

/// The document of a file of several in which a place is.
fn document(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|before| before.rfind("\n---")).unwrap_or(0);
    let end = text.get(at..).and_then(|behind| behind.find("\n---"));
    text.get(start..end.map_or(text.len(), |end| at + end)).unwrap_or(text)
}

/// The block around a place that begins with a name, else the innermost one that says it: by indentation, or by a line in brackets above.
fn block<'t>(text: &'t str, at: usize, name: &str) -> Option<&'t str> {
    let mut start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let own = text.get(start..)?.split_inclusive('\n').next()?;
    let mut within = indentation(own);
    // `"deploy:kiwi": "ssh …"`
    if own.get(..at - start).is_some_and(|before| says(before, name)) {
        return Some(own);
    }
    let mut saying = None;
    for _ in 0..MOST_ABOVE {
        let Some(before) = start.checked_sub(1).and_then(|end| text.get(..end)) else { break };
        start = before.rfind('\n').map_or(0, |end| end + 1);
        let Some(line) = before.get(start..) else { break };
        let indented = indentation(line);
        let is_header = line.starts_with('[');
        if line.trim().is_empty() || indented >= within && !is_header {
            continue;
        }
        within = indented;
        let behind = text.get(start..)?;
        let block = if is_header { section(behind) } else { lines_of(behind, indented) };
        if says(line, name) {
            return Some(block);
        }
        if saying.is_none() && block.to_ascii_lowercase().contains(name) {
            saying = Some(block);
        }
        if is_header {
            break;
        }
    }
    saying
}

/// Whether a line has a name, however its words are joined.
fn says(line: &str, name: &str) -> bool {
    let bare = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    bare(line).contains(&bare(name))
}

/// The lines up to the next one in brackets.
fn section(text: &str) -> &str {
    text.find("\n[").map_or(text, |end| text.get(..end).unwrap_or(text))
}

/// The first line of a text with those behind it that are indented further.
fn lines_of(text: &str, indented: usize) -> &str {
    let mut end = 0;
    for (index, line) in text.split_inclusive('\n').take(MOST_LINES).enumerate() {
        if index > 0 && !line.trim().is_empty() && indentation(line) <= indented {
            break;
        }
        end += line.len();
    }
    text.get(..end).unwrap_or(text)
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}
