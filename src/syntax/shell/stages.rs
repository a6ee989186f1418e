//! The stages of a Jenkinsfile, and the branches of its conditions: which name stands over which block.
//!
//! Source: the Jenkins handbook, *Pipeline syntax*, `stage`; the Groovy documentation, *Conditional structures*. Blocks are told by their braces,
//! outside of strings and comments.

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

/// What is run under a condition.
#[derive(Debug, PartialEq, Eq)]
pub struct Branch {
    /// Where the text stands that something is compared with: `if (params.TARGET == 'staging')`. None for any other condition, and for `else`.
    pub word: Option<Range<usize>>,
    /// What it holds.
    pub block: Range<usize>,
}

/// The blocks of a file, an outer one before those in it.
#[derive(Debug, Default)]
pub struct Blocks {
    pub stages: Vec<Stage>,
    pub branches: Vec<Branch>,
}

/// The stages and branches of a file.
pub fn blocks(text: &str) -> Blocks {
    let mut found = Blocks::default();
    // For each open brace, the stage and the branch that it opened; of `switch`, the case that is open.
    let mut open: Vec<(Option<usize>, Option<usize>)> = Vec::new();
    let case = |found: &mut Blocks, open: &mut [(Option<usize>, Option<usize>)], at, word| {
        let Some((_, branch)) = open.last_mut() else { return };
        if let Some(before) = branch.and_then(|index| found.branches.get_mut(index)) {
            before.block.end = at;
        }
        if found.branches.len() < MAX_STAGES {
            found.branches.push(Branch { word, block: at..text.len() });
            *branch = Some(found.branches.len() - 1);
        }
    };
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
                    let before = text.get(..at).unwrap_or_default();
                    let is_label = || text.get(end..).is_some_and(|rest| rest.starts_with(':'));
                    if before.ends_with("case ") && is_label() {
                        case(&mut found, &mut open, at, Some(inner));
                    } else if is_stage(before) {
                        name = Some(inner);
                    }
                    next = end;
                } else if is_open && let Some(place) = unclosed.get_mut(kind) {
                    let is_long = ["'''", "\"\"\""].iter().any(|quote| rest().starts_with(quote));
                    let line_end = rest().find('\n').map_or(text.len(), |end| at + end);
                    *place = if is_long { text.len() } else { line_end };
                }
            }
            b'd' if rest().starts_with("default:") => case(&mut found, &mut open, at, None),
            b'{' => {
                let block = at..text.len();
                let stage = name.take().filter(|_| found.stages.len() < MAX_STAGES);
                let stage = stage.map(|name| {
                    found.stages.push(Stage { name, block: block.clone() });
                    found.stages.len() - 1
                });
                let branch = branch(text.get(..at).unwrap_or_default(), block);
                let branch = branch.filter(|_| found.branches.len() < MAX_STAGES).map(|branch| {
                    found.branches.push(branch);
                    found.branches.len() - 1
                });
                open.push((stage, branch));
            }
            b'}' => {
                let (stage, branch) = open.pop().unwrap_or_default();
                if let Some(stage) = stage.and_then(|index| found.stages.get_mut(index)) {
                    stage.block.end = at;
                }
                if let Some(branch) = branch.and_then(|index| found.branches.get_mut(index)) {
                    branch.block.end = at;
                }
            }
            _ => {}
        }
        at = next;
    }
    found
}

/// How far a condition can stand before its block.
const REACH: usize = 300;

/// What a block is run for, by what stands before it; none where that is no condition.
fn branch(before: &str, block: Range<usize>) -> Option<Branch> {
    let mut start = before.len().saturating_sub(REACH);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    let line = before.get(start..)?.trim_end();
    let line = line.get(line.rfind(['\n', ';', '{', '}']).map_or(0, |end| end + 1)..)?;
    let word = line.trim_start().split(|c: char| !c.is_alphanumeric()).next()?;
    let word = match word {
        "else" if !line.contains("if") => None,
        "if" | "else" | "" if line.contains("if") => compared(before, line),
        _ => return None,
    };
    Some(Branch { word, block })
}

/// The only text that a condition compares something with.
fn compared(before: &str, line: &str) -> Option<Range<usize>> {
    let offset = (line.as_ptr() as usize).saturating_sub(before.as_ptr() as usize);
    let at = line.find("==")?;
    let behind = line.get(at + 2..)?;
    let quote = at + 2 + (behind.len() - behind.trim_start().len());
    let (inner, end) = string(line, quote)?;
    let is_all = line.get(end..)?.trim() == ")" && !line.get(..at)?.contains(['!', '&', '|']);
    is_all.then(|| offset + inner.start..offset + inner.end)
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
        let found: Vec<(&str, &str)> = blocks(text)
            .stages
            .iter()
            .map(|stage| (&text[stage.name.clone()], &text[stage.block.clone()]))
            .collect();
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["One", "Two", "In"]);
        assert_eq!(found[0].1, "{ sh 'a } b' // }\n ");
        assert_eq!(found[2].1, "{ ");
    }

    #[test]
    fn a_branch_is_for_the_text_that_something_is_compared_with() {
        let text = "if (env.BRANCH_NAME == 'staging') { a } else if (x != 'no') { b } else { c }\nif (a == 'b' || d) { e } switch (f) { case 'g': h; break; default: i }\nnode('i') { }";
        let found: Vec<(Option<&str>, &str)> = blocks(text)
            .branches
            .iter()
            .map(|one| (one.word.clone().map(|word| &text[word]), &text[one.block.clone()]))
            .collect();
        let none = None;
        assert_eq!(
            found,
            [
                (Some("staging"), "{ a "),
                (none, "{ b "),
                (none, "{ c "),
                (none, "{ e "),
                (Some("g"), "'g': h; break; "),
                (none, "default: i ")
            ]
        );
    }

    #[test]
    fn an_open_string_or_brace_ends_with_the_file() {
        for text in ["stage('a') {", "stage('a') { '", "}}} stage('a') { \\"] {
            assert_eq!(blocks(text).stages.len(), 1, "{text}");
            assert_eq!(blocks(text).stages[0].block.end, text.len(), "{text}");
        }
    }
}
