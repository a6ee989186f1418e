//! The stages of a Jenkinsfile: which name stands over which block.
//!
//! Source: the Jenkins handbook, *Pipeline syntax*, `stage`. Blocks are told by their braces, outside of strings and comments.

use std::ops::Range;

/// How many stages are told apart, and how deep they may nest.
const MAX_STAGES: usize = 1_000;

/// A stage.
#[derive(Debug, PartialEq, Eq)]
pub struct Stage {
    /// Where its name stands, without quotes.
    pub name: Range<usize>,
    /// What it holds.
    pub block: Range<usize>,
}

/// The stages of a file, an outer one before those in it.
pub fn stages(text: &str) -> Vec<Stage> {
    let mut found: Vec<Stage> = Vec::new();
    // For each open brace, the stage that it opened.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut name: Option<Range<usize>> = None;
    // Before these places no single or double quote closes.
    let mut unclosed = [0, 0];
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        let rest = || text.get(at..).unwrap_or_default();
        let mut next = at + 1;
        match byte {
            b'/' if rest().starts_with("//") => {
                next = rest().find('\n').map_or(text.len(), |end| at + end);
            }
            b'/' if rest().starts_with("/*") => {
                next = rest().find("*/").map_or(text.len(), |end| at + end + 2);
            }
            b'\'' | b'"' => {
                let kind = usize::from(byte == b'"');
                let is_open = unclosed.get(kind).is_some_and(|&end| at >= end);
                let string = if is_open { string(text, at) } else { None };
                if let Some((inner, end)) = string {
                    if is_stage(text.get(..at).unwrap_or_default()) {
                        name = Some(inner);
                    }
                    next = end;
                } else if is_open && let Some(place) = unclosed.get_mut(kind) {
                    let is_long = ["'''", "\"\"\""].iter().any(|quote| rest().starts_with(quote));
                    let line_end = rest().find('\n').map_or(text.len(), |end| at + end);
                    *place = if is_long { text.len() } else { line_end };
                }
            }
            b'{' => {
                let stage = name.take().filter(|_| found.len() < MAX_STAGES);
                open.push(stage.map(|name| {
                    found.push(Stage { name, block: at..text.len() });
                    found.len() - 1
                }));
            }
            b'}' => {
                let stage = open.pop().flatten().and_then(|index| found.get_mut(index));
                if let Some(stage) = stage {
                    stage.block.end = at;
                }
            }
            _ => {}
        }
        at = next;
    }
    found
}

/// Whether the string behind this text is the name of a stage: `stage('…')`, `stage(name: '…')`, `stage '…'`.
fn is_stage(before: &str) -> bool {
    let before = before.trim_end();
    let before = before.strip_suffix("name:").unwrap_or(before).trim_end();
    let before = before.strip_suffix('(').unwrap_or(before).trim_end();
    let rest = before.strip_suffix("stage");
    rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// The inside of the string that opens at a place, and where it ends.
pub(super) fn string(text: &str, open: usize) -> Option<(Range<usize>, usize)> {
    let rest = text.get(open..)?;
    let is_long = rest.starts_with("'''") || rest.starts_with("\"\"\"");
    let width = if is_long { 3 } else { 1 };
    let quote = rest.get(..width)?;
    let mut at = width;
    loop {
        let ahead = rest.get(at..)?;
        let next = ahead.find(['\\', '\n', '\'', '"'])?;
        let found = ahead.get(next..)?;
        at += next;
        if found.starts_with('\\') {
            at += 1 + found.chars().nth(1)?.len_utf8();
        } else if found.starts_with(quote) {
            return Some((open + width..open + at, open + at + width));
        } else if found.starts_with('\n') && !is_long {
            return None;
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_ends_with_its_brace_and_braces_in_strings_are_none() {
        let text = "stage('One') { sh 'a } b' // }\n } x { stage(name: \"Two\") { stage('In') { } } } mystage('No') { }";
        let found: Vec<(&str, &str)> = stages(text)
            .iter()
            .map(|stage| (&text[stage.name.clone()], &text[stage.block.clone()]))
            .collect();
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["One", "Two", "In"]);
        assert_eq!(found[0].1, "{ sh 'a } b' // }\n ");
        assert_eq!(found[2].1, "{ ");
    }

    #[test]
    fn an_open_string_or_brace_ends_with_the_file() {
        for text in ["stage('a') {", "stage('a') { '", "}}} stage('a') { \\"] {
            assert_eq!(stages(text).len(), 1, "{text}");
            assert_eq!(stages(text)[0].block.end, text.len(), "{text}");
        }
    }
}
