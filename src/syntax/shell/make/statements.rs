//! A makefile → its statements: assignments, rules and recipes, conditions, what it takes in and defines.
//!
//! Source: the GNU Make manual, *Writing Makefiles*, *Conditional Syntax*, *Defining Multi-Line Variables*.

use std::ops::Range;

/// A statement, by where its parts stand.
#[derive(Debug)]
pub enum Statement {
    /// `NAME = value`, for all or for some targets.
    Assign(Assign),
    /// `export`, with the names behind it; all variables where there are none.
    Export(Range<usize>),
    /// `targets: prerequisites`, or `targets: pattern: prerequisites`.
    Rule { targets: Range<usize>, pattern: Option<Range<usize>>, before: Range<usize> },
    /// A line of the recipe of the rule before it, without what make takes off.
    Recipe(Range<usize>),
    /// `ifeq … else ifeq … else … endif`.
    If(Vec<Arm>),
    /// `include files`.
    Include(Range<usize>),
    /// A line that is nothing but an expansion: `$(eval …)`.
    Expand(Range<usize>),
}

/// An assignment.
#[derive(Clone, Debug)]
pub struct Assign {
    pub targets: Option<Range<usize>>,
    pub name: Range<usize>,
    pub how: How,
    pub value: Range<usize>,
    pub is_exported: bool,
    pub is_override: bool,
}

/// What an assignment does with what the variable had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Recursive,
    Simple,
    Default,
    Append,
    Shell,
}

/// One arm of a condition.
#[derive(Debug)]
pub struct Arm {
    /// What is asked; nothing for `else`.
    pub test: Option<Test>,
    pub body: Vec<Statement>,
}

/// What a condition asks.
#[derive(Debug)]
pub enum Test {
    Equal { is_negated: bool, sides: [Range<usize>; 2] },
    Defined { is_negated: bool, name: Range<usize> },
}

/// How deep conditions stand in each other.
const MAX_DEPTH: usize = 16;

/// The statements in a part of a text; none where its conditions do not pair.
pub fn statements(text: &str, part: Range<usize>) -> Option<Vec<Statement>> {
    let mut lines = Lines { text, at: part.start, end: part.end };
    let mut open: Vec<(Vec<Arm>, Vec<Statement>)> = Vec::new();
    let mut body: Vec<Statement> = Vec::new();
    while let Some(line) = lines.next() {
        let written = text.get(line.clone())?;
        if written.starts_with('\t') {
            let lead = written.len() - written.trim_start_matches(PREFIXES).len();
            body.push(Statement::Recipe(line.start + lead..line.end));
            continue;
        }
        let at = trimmed(text, line);
        let rest = text.get(at.clone())?;
        let (word, behind) = rest.split_once([' ', '\t', '(']).unwrap_or((rest, ""));
        match word {
            "" => {}
            _ if rest.starts_with('#') => {}
            "ifeq" | "ifneq" | "ifdef" | "ifndef" if open.len() < MAX_DEPTH => {
                let arm = Arm { test: Some(test(text, at)?), body: Vec::new() };
                open.push((vec![arm], std::mem::take(&mut body)));
            }
            "else" => {
                let (arms, _) = open.last_mut()?;
                arms.last_mut()?.body = std::mem::take(&mut body);
                let next = behind.trim();
                let start = at.end - next.len();
                let is_more = next.starts_with("if");
                let asked = if is_more { Some(test(text, start..at.end)?) } else { None };
                arms.push(Arm { test: asked, body: Vec::new() });
            }
            "endif" => {
                let (mut arms, before) = open.pop()?;
                arms.last_mut()?.body = std::mem::replace(&mut body, before);
                body.push(Statement::If(arms));
            }
            "define" | "override" if has_define(rest) => {
                let name = rest.trim_start_matches("override").trim_start();
                let name = name.strip_prefix("define")?.trim();
                let start = at.end - name.len();
                let name = name.trim_end_matches(['=', ':', '?', '+', ' ']);
                let name = start..start + name.len();
                let value = lines.define()?;
                let (targets, how) = (None, How::Recursive);
                let (is_exported, is_override) = (false, false);
                let define = Assign { targets, name, how, value, is_exported, is_override };
                body.push(Statement::Assign(define));
            }
            "include" | "-include" | "sinclude" => {
                let files = behind.trim();
                body.push(Statement::Include(at.end - files.len()..at.end));
            }
            "unexport" | "undefine" | "vpath" | "load" => return None,
            _ => body.push(other(text, at)),
        }
    }
    open.is_empty().then_some(body)
}

fn has_define(line: &str) -> bool {
    line.trim_start_matches("override").trim_start().starts_with("define ")
}

/// What may stand before a recipe's line and is not of its script.
pub const PREFIXES: [char; 5] = ['\t', ' ', '@', '-', '+'];

/// The lines of a text, those that a backslash joins as one.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl Lines<'_> {
    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        while self.at < self.end {
            let rest = self.text.get(self.at..self.end)?;
            let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            self.at += length;
            let line = rest.get(..length)?.trim_end_matches(['\n', '\r']);
            if !line.ends_with('\\') {
                break;
            }
        }
        (self.at > start).then_some(start..self.at)
    }

    /// The body of a definition, up to its `endef`.
    fn define(&mut self) -> Option<Range<usize>> {
        let (start, mut depth) = (self.at, 0);
        while let Some(line) = self.next() {
            let written = self.text.get(line.clone())?.trim_start();
            if written.starts_with("define ") {
                depth += 1;
            } else if written.starts_with("endef") {
                if depth == 0 {
                    return Some(start..line.start);
                }
                depth -= 1;
            }
        }
        None
    }
}

/// A line without the blanks around it and the comment behind it.
fn trimmed(text: &str, line: Range<usize>) -> Range<usize> {
    let written = text.get(line.clone()).unwrap_or_default();
    let mut from = 0;
    let comment = loop {
        let Some(at) = written.get(from..).and_then(|rest| rest.find('#')).map(|at| from + at)
        else {
            break written.len();
        };
        if at == 0 || !written.get(..at).is_some_and(|before| before.ends_with('\\')) {
            break at;
        }
        from = at + 1;
    };
    let written = written.get(..comment).unwrap_or_default();
    let lead = written.len() - written.trim_start().len();
    let written = written.trim();
    line.start + lead..line.start + lead + written.len()
}

/// What a condition asks.
fn test(text: &str, at: Range<usize>) -> Option<Test> {
    let written = text.get(at.clone())?;
    let length = written.find([' ', '\t', '(', '"', '\'']).unwrap_or(written.len());
    let (word, behind) = written.split_at(length);
    let is_negated = matches!(word, "ifneq" | "ifndef");
    let start = at.end - behind.trim_start().len();
    let rest = behind.trim();
    if matches!(word, "ifdef" | "ifndef") {
        return Some(Test::Defined { is_negated, name: start..start + rest.len() });
    }
    let side = |range: Range<usize>| trimmed_blanks(text, range);
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let inside = start + 1..start + 1 + inner.len();
        let comma = split(inner, ',').first()?.len();
        let sides = [inside.start..inside.start + comma, inside.start + comma + 1..inside.end];
        return Some(Test::Equal { is_negated, sides: sides.map(side) });
    }
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let end = rest.get(1..)?.find(quote)? + 1;
    let first = start + 1..start + end;
    let behind = rest.get(end + 1..)?;
    let second = behind.trim_start();
    let quote = second.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let from = start + end + 1 + behind.len() - second.len() + 1;
    let length = second.get(1..)?.find(quote)?;
    Some(Test::Equal { is_negated, sides: [first, from..from + length] })
}

fn trimmed_blanks(text: &str, range: Range<usize>) -> Range<usize> {
    let written = text.get(range.clone()).unwrap_or_default();
    let start = range.start + written.len() - written.trim_start().len();
    start..start + written.trim().len()
}

/// An assignment, a rule, or an expansion.
fn other(text: &str, at: Range<usize>) -> Statement {
    let written = text.get(at.clone()).unwrap_or_default();
    if let Some(assign) = assignment(text, at.clone(), None) {
        return Statement::Assign(assign);
    }
    let names = written.strip_prefix("export").filter(|rest| rest.is_empty() || blank(rest));
    if let Some(names) = names {
        return Statement::Export(at.end - names.len()..at.end);
    }
    let Some(colon) = outside(written, &[':']) else { return Statement::Expand(at) };
    let targets = trimmed_blanks(text, at.start..at.start + colon);
    let double = usize::from(written.get(colon + 1..).is_some_and(|rest| rest.starts_with(':')));
    let behind = trimmed_blanks(text, at.start + colon + 1 + double..at.end);
    if let Some(assign) = assignment(text, behind.clone(), Some(targets.clone())) {
        return Statement::Assign(assign);
    }
    let rest = text.get(behind.clone()).unwrap_or_default();
    // A recipe behind a semicolon begins on the rule's own line.
    let (pattern, before) = match outside(rest, &[':']) {
        Some(colon) => {
            let pattern = trimmed_blanks(text, behind.start..behind.start + colon);
            (Some(pattern), behind.start + colon + 1..behind.end)
        }
        None => (None, behind),
    };
    Statement::Rule { targets, pattern, before }
}

fn blank(rest: &str) -> bool {
    rest.starts_with([' ', '\t'])
}

/// Reads `export NAME := value`.
fn assignment(text: &str, at: Range<usize>, targets: Option<Range<usize>>) -> Option<Assign> {
    let mut from = at.start;
    let (mut is_exported, mut is_override) = (false, false);
    loop {
        let rest = text.get(from..at.end)?;
        let word = ["export", "override", "private"].into_iter().find(|word| {
            rest.strip_prefix(word).is_some_and(|rest| blank(rest) && !is_sign(rest.trim_start()))
        });
        let Some(word) = word else { break };
        is_exported |= word == "export";
        is_override |= word == "override";
        from += word.len();
        from += text.get(from..at.end)?.len() - text.get(from..at.end)?.trim_start().len();
    }
    let rest = text.get(from..at.end)?;
    let equals = outside(rest, &['='])?;
    let head = rest.get(..equals)?;
    let name = head.trim_end_matches([':', '?', '+', '!']);
    let how = match head.get(name.len()..)? {
        "" => How::Recursive,
        ":" | "::" | ":::" => How::Simple,
        "?" => How::Default,
        "+" => How::Append,
        "!" => How::Shell,
        _ => return None,
    };
    let name = name.trim_end();
    if name.is_empty() || outside(name, &[' ', '\t', ':', '#']).is_some() {
        return None;
    }
    let value = trimmed_blanks(text, from + equals + 1..at.end);
    let name = from..from + name.len();
    Some(Assign { targets, name, how, value, is_exported, is_override })
}

fn is_sign(rest: &str) -> bool {
    ["=", ":=", "::=", "?=", "+=", "!="].iter().any(|sign| rest.starts_with(sign))
}

/// Where the first of some letters stands that is in no expansion.
fn outside(text: &str, letters: &[char]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '{' if depth > 0 || text.get(..at).is_some_and(|text| text.ends_with('$')) => {
                depth += 1;
            }
            ')' | '}' if depth > 0 => depth -= 1,
            _ if depth == 0 && letters.contains(&letter) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The parts of what stands between parentheses, at a letter that is in none of its own.
pub fn split(text: &str, by: char) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ if letter == by && depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}
