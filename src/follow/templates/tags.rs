//! The tags of a template of Go's: `{{ with .Values.saas }}`, `{{- end }}`.

use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memmem;

/// How long a tag may be, so that two stray braces far apart are none.
const MAX_TAG: usize = 4096;

/// A tag and what it does.
pub struct Tag {
    /// Where it stands, with its braces.
    pub at: Range<usize>,
    pub action: Action,
}

/// What a tag does; pipelines as they are written.
pub enum Action {
    /// `if`, with the variable that it declares.
    If { variable: Option<String>, pipeline: String },
    /// `with`, in the same way.
    With { variable: Option<String>, pipeline: String },
    /// `range`, with the variables that it declares.
    Range { variables: Vec<String>, pipeline: String },
    /// `define "name"`.
    Define { name: String },
    /// `block "name" pipeline`.
    Block { pipeline: String },
    /// `else`, `else if …` with what is asked, or `else with …` with what `.` is then.
    Else { asked: Option<String>, with: Option<String> },
    /// `end`.
    End,
    /// `$name := pipeline`.
    Declare { variable: String, pipeline: String },
    /// `$name = pipeline`.
    Assign { variable: String, pipeline: String },
    /// A pipeline whose result is put out.
    Put(String),
}

impl Action {
    /// The pipeline that is written in it.
    fn pipeline(&self) -> &str {
        match self {
            Self::If { pipeline, .. }
            | Self::With { pipeline, .. }
            | Self::Block { pipeline }
            | Self::Range { pipeline, .. }
            | Self::Declare { pipeline, .. }
            | Self::Assign { pipeline, .. }
            | Self::Put(pipeline) => pipeline.as_str(),
            Self::Define { .. } | Self::Else { .. } | Self::End => "",
        }
    }

    /// The names of the named templates that it takes in, each once.
    pub fn names(&self) -> BTreeSet<&str> {
        let parts: Vec<&str> = self.pipeline().split('"').collect();
        let takes = |before: &str| {
            let before = before.trim_end();
            before.ends_with("include") || before.ends_with("template")
        };
        let pairs =
            parts.windows(2).step_by(2).filter(|two| two.first().is_some_and(|one| takes(one)));
        pairs.filter_map(|two| two.get(1).copied()).collect()
    }

    /// What it gives to a named template that it takes in, for each time.
    pub fn taken<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let text = self.pipeline();
        let places = text.match_indices(name);
        places.filter_map(move |(at, _)| {
            let before = text.get(..at)?.strip_suffix('"')?.trim_end();
            let is_taken = ["include", "template"].iter().any(|word| before.ends_with(word));
            let behind = text.get(at + name.len()..)?.strip_prefix('"').filter(|_| is_taken)?;
            Some(first_term(behind.trim_start()))
        })
    }
}

/// The first term of a text: a word, or what stands in parentheses.
fn first_term(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth <= 1 => {
                return text.get(..at + depth).unwrap_or(text);
            }
            ')' => depth -= 1,
            ' ' | '\t' | '\n' | '|' if depth == 0 => return text.get(..at).unwrap_or(text),
            _ => {}
        }
    }
    text
}

/// The tags of a text, comments left out.
pub fn of(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(start) = memmem::find(text.as_bytes().get(from..).unwrap_or_default(), b"{{") {
        let start = from + start;
        let behind = text.get(start + 2..).unwrap_or_default();
        let inner = behind.trim_start_matches('-').trim_start();
        let closing = if inner.starts_with("/*") { "*/" } else { "}}" };
        let skipped = behind.find(closing).filter(|length| closing == "*/" || *length < MAX_TAG);
        let length = skipped.and_then(|at| Some(at + behind.get(at..)?.find("}}")?));
        let Some(length) = length else {
            from = start + 2;
            continue;
        };
        let end = start + 2 + length + 2;
        from = end;
        let inner = behind.get(..length).unwrap_or_default();
        let inner = inner.strip_prefix('-').unwrap_or(inner);
        let inner = inner.strip_suffix('-').unwrap_or(inner).trim();
        if !inner.starts_with("/*") && !inner.is_empty() {
            tags.push(Tag { at: start..end, action: action(inner) });
        }
    }
    tags
}

fn action(inner: &str) -> Action {
    let (word, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let rest = rest.trim();
    match word {
        "if" => {
            let (variable, pipeline) = declared(rest);
            Action::If { variable, pipeline }
        }
        "with" => {
            let (variable, pipeline) = declared(rest);
            Action::With { variable, pipeline }
        }
        "range" => {
            let (names, pipeline) = rest.split_once(":=").unwrap_or(("", rest));
            let names = names.split(',').filter_map(|name| name.trim().strip_prefix('$'));
            let variables = names.map(str::to_owned).collect();
            Action::Range { variables, pipeline: pipeline.trim().to_owned() }
        }
        "define" => Action::Define { name: rest.trim_matches(['"', '`']).to_owned() },
        "block" => {
            let pipeline = rest.split_once(char::is_whitespace).map_or("", |(_, of)| of);
            Action::Block { pipeline: pipeline.trim().to_owned() }
        }
        "else" => {
            let behind = |word: &str| rest.strip_prefix(word).map(str::to_owned);
            Action::Else { asked: behind("if "), with: behind("with ") }
        }
        "end" => Action::End,
        _ => {
            let name = |text: &str| Some(text.trim().strip_prefix('$')?.to_owned());
            let declared = inner.split_once(":=").and_then(|(to, of)| Some((name(to)?, of)));
            if let Some((variable, of)) = declared {
                return Action::Declare { variable, pipeline: of.trim().to_owned() };
            }
            let assigned = inner.split_once(" = ").and_then(|(to, of)| Some((name(to)?, of)));
            match assigned {
                Some((variable, of)) => Action::Assign { variable, pipeline: of.trim().to_owned() },
                None => Action::Put(inner.to_owned()),
            }
        }
    }
}

/// `$name := pipeline`, or a pipeline alone.
fn declared(text: &str) -> (Option<String>, String) {
    let named = text.split_once(":=").and_then(|(to, of)| Some((to.trim().strip_prefix('$')?, of)));
    named.map_or_else(
        || (None, text.to_owned()),
        |(name, of)| (Some(name.to_owned()), of.trim().to_owned()),
    )
}
