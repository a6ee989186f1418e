//! Dockerfiles → the commands of their instructions.
//!
//! Source: the Dockerfile reference. `RUN`, `CMD` and `ENTRYPOINT` are commands without that word, in shell form or as a JSON list; every other
//! instruction is a command with its name in front. Each stage is a script of its own, because not all of them are in the image that runs;
//! where no stage has a name, the last one is.

use std::ops::Range;

use super::mask::Mask;
use super::pieces::{Piece, Pieces};
use super::variables::Variables;

/// Instructions whose rest is a command.
const RUNNING: [&str; 3] = ["RUN", "CMD", "ENTRYPOINT"];

/// A Dockerfile's instructions, the scripts of its stages.
pub fn pieces(text: &str) -> Pieces {
    let mut documents: Vec<Piece> = Vec::new();
    let mut mask = Mask::of(text);
    mask.show(0..text.len());
    let (mut start, mut is_open, mut is_list) = (0, false, false);
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let content = line.trim_start();
        if is_open && content.starts_with('#') {
            // A comment between the lines of an instruction does not end it.
            (start..end).for_each(|at| mask.put(at, b' '));
            start = end;
            continue;
        }
        let lead = start + line.len() - content.len();
        let word = content.split_ascii_whitespace().next().unwrap_or_default();
        // Python's `from x import y` in a here-document is no stage.
        if !is_open && word.eq_ignore_ascii_case("FROM") && !content.contains(" import ") {
            let name = stage(content).map(|at| lead + at.start..lead + at.end);
            if name.is_some() || documents.last().is_none_or(|last| !last.names.is_empty()) {
                documents.push(Piece::new(start..end, name.into_iter().collect()));
            }
        }
        if documents.is_empty() {
            documents.push(Piece::new(start..end, Vec::new()));
        }
        if let Some(last) = documents.last_mut() {
            last.range.end = end;
        }
        let is_running = RUNNING.iter().any(|name| name.eq_ignore_ascii_case(word));
        if !is_open && is_running {
            (lead..lead + word.len()).for_each(|at| mask.put(at, b' '));
            is_list = options(
                content.get(word.len()..).unwrap_or_default(),
                lead + word.len(),
                &mut mask,
            );
        } else if !is_open {
            is_list = false;
            let upper = word.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_lowercase());
            upper.for_each(|(at, byte)| mask.put(lead + at, byte.to_ascii_uppercase()));
        }
        if is_list {
            list(line, start, &mut mask);
        }
        is_open = line.trim_end().ends_with(['\\', '`']);
        start = end;
    }
    Pieces { text: mask.finish(), documents, variables: Variables::default() }
}

/// Where the name of a stage stands in the line that opens it: `FROM php:8.3-fpm AS production`.
fn stage(line: &str) -> Option<Range<usize>> {
    let line = line.split('#').next().unwrap_or(line).trim_end();
    let (before, name) = line.rsplit_once([' ', '\t'])?;
    let is_named = before.trim_end().to_ascii_lowercase().ends_with(" as");
    is_named.then(|| before.len() + 1..before.len() + 1 + name.len())
}

/// Blanks `--mount=…` and its like; says whether a JSON list follows.
fn options(rest: &str, base: usize, mask: &mut Mask<'_>) -> bool {
    let mut text = rest.trim_start();
    while text.starts_with("--") {
        let length = text.find(char::is_whitespace).unwrap_or(text.len());
        let from = base + rest.len() - text.len();
        (from..from + length).for_each(|at| mask.put(at, b' '));
        text = text.get(length..).unwrap_or_default().trim_start();
    }
    text.starts_with('[')
}

/// Blanks the brackets and commas of a JSON list of strings.
fn list(line: &str, start: usize, mask: &mut Mask<'_>) {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped => is_quoted = !is_quoted,
            b'[' | b']' | b',' if !is_quoted => mask.put(start + at, b' '),
            _ => {}
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
}
