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
    // For each open brace what it opened.
    let mut open: Vec<Open> = Vec::new();
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
                    let is_label =
                        || text.get(end..).is_some_and(|rest| rest.trim_start().starts_with(':'));
                    if before.trim_end().ends_with("case") && is_label() {
                        found.part(open.last_mut(), at..text.len(), Some(inner));
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
            b'c' | b'd' if is_label_of_switch(text, at) => {
                found.part(open.last_mut(), at..text.len(), None);
            }
            b'{' => {
                let block = at..text.len();
                let stage = name.take().filter(|_| found.stages.len() < MAX_STAGES);
                let stage = stage.map(|name| {
                    found.stages.push(Stage { name, block: block.clone() });
                    found.stages.len() - 1
                });
                let (branch, is_switch) = match head(text.get(..at).unwrap_or_default()) {
                    Head::If(word) => (found.branch(block, word), false),
                    Head::Switch => (found.branch(block, None), true),
                    Head::Other => (None, false),
                };
                open.push(Open { stage, branch, is_switch });
            }
            b'}' => {
                let Open { stage, branch, .. } = open.pop().unwrap_or_default();
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

/// What a brace opened: a stage, a branch, or the cases of a `switch`, of which the branch is the last.
#[derive(Default)]
struct Open {
    stage: Option<usize>,
    branch: Option<usize>,
    is_switch: bool,
}

impl Blocks {
    /// Adds a branch.
    fn branch(&mut self, block: Range<usize>, word: Option<Range<usize>>) -> Option<usize> {
        if self.branches.len() >= MAX_STAGES {
            return None;
        }
        self.branches.push(Branch { word, block });
        Some(self.branches.len() - 1)
    }

    /// Ends a case of a `switch` and begins another.
    fn part(&mut self, open: Option<&mut Open>, block: Range<usize>, word: Option<Range<usize>>) {
        let Some(open) = open.filter(|open| open.is_switch) else { return };
        if let Some(before) = open.branch.and_then(|index| self.branches.get_mut(index)) {
            before.block.end = block.start;
        }
        open.branch = self.branch(block, word);
    }
}

/// Whether a `case` or a `default` stands at a place.
fn is_label_of_switch(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let is_label =
        ["case ", "case(", "default:", "default "].iter().any(|word| rest.starts_with(word));
    let before = text.get(..at).unwrap_or_default().chars().next_back();
    is_label && before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_')
}

/// How far a condition can stand before its block.
const REACH: usize = 600;

/// What a block is run for.
enum Head {
    /// A condition, with the text that something is compared with; none for any other, and for `else`.
    If(Option<Range<usize>>),
    Switch,
    Other,
}

/// What stands before a block.
fn head(before: &str) -> Head {
    let mut start = before.len().saturating_sub(REACH);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    let near = before.get(start..).unwrap_or_default().trim_end();
    let ends_with = |text: &str, word: &str| {
        let rest = text.trim_end().strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    if ends_with(near, "else") {
        return Head::If(None);
    }
    let Some(open) = near.strip_suffix(')').and_then(opening) else { return Head::Other };
    let test = near.get(..open).unwrap_or_default();
    if ends_with(test, "switch") {
        Head::Switch
    } else if ends_with(test, "if") {
        Head::If(compared(before, start + open))
    } else {
        Head::Other
    }
}

/// The bracket that is open at the end of a text.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices().rev() {
        match letter {
            ')' => depth += 1,
            '(' if depth == 0 => return Some(at),
            '(' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The only text that the condition in a bracket compares something with.
fn compared(before: &str, open: usize) -> Option<Range<usize>> {
    let condition = before.get(open..)?;
    let sign = condition.find("==")?;
    let behind = condition.get(sign + 2..)?;
    let quote = open + sign + 2 + (behind.len() - behind.trim_start().len());
    let (inner, end) = string(before, quote)?;
    let is_all = before.get(end..)?.trim() == ")";
    (is_all && !condition.get(..sign)?.contains(['!', '&', '|'])).then_some(inner)
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
        let text = "if (env.BRANCH_NAME == 'staging') { a } else if (x != 'no') { b } else { c }\nif (a == 'b' || d) { e } switch (f) { case 'g': h; break; case ~/x/: j; default: i }\nif (\n  k == 'uat'\n) { l } x([default: 1]) { m }\nnode('i') { }";
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
                (none, "{ "),
                (none, "case "),
                (Some("g"), "'g': h; break; "),
                (none, "case ~/x/: j; "),
                (none, "default: i "),
                (Some("uat"), "{ l "),
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
