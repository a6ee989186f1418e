//! What a word of a script stands for: text, and what the script is given when it is run.

use std::collections::BTreeMap;

use crate::syntax::shell::files::own_folder;
use crate::syntax::shell::operations::operated;
use crate::syntax::shell::word::name_length;

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// What the script is given: an argument by its number, a variable that it never assigns, what a program says.
    Input(String),
}

/// The parts of a word; none where only running the script would tell them.
pub type Symbol = Option<Vec<Piece>>;

/// What is known of a script's variables at a place of it.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub variables: BTreeMap<String, Symbol>,
    /// Whether a program may have assigned any of them.
    pub is_lost: bool,
    pub flow: Flow,
    /// What the function that is left comes to.
    pub returned: Option<bool>,
    /// Whether the function may have been left before.
    pub is_left: bool,
    /// The script's own folder, where files of the tree can be told by it.
    pub folder: Option<String>,
}

/// Whether what stands behind is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    #[default]
    Next,
    /// A round of a loop ends.
    Continue,
    /// A loop ends.
    Break,
    /// A function is left.
    Return,
    /// The script ends.
    Exit,
}

impl State {
    /// What a variable holds.
    pub fn get(&self, name: &str) -> Symbol {
        match self.variables.get(name) {
            Some(symbol) => symbol.clone(),
            None if self.is_lost => None,
            None => Some(vec![Piece::Input(name.to_owned())]),
        }
    }

    /// Takes all of them for unknown.
    pub fn lose(&mut self) {
        self.variables.clear();
        self.is_lost = true;
    }

    /// What is known behind several ways, of which one is taken.
    pub fn merged(ways: Vec<Self>) -> Self {
        let flow = ways.iter().map(|way| way.flow).min().unwrap_or_default();
        let is_left = ways.iter().any(|way| way.flow == Flow::Return && way.flow != flow);
        let mut going = ways.into_iter().filter(|way| way.flow == flow);
        let Some(mut first) = going.next() else { return Self::default() };
        first.is_left |= is_left;
        for other in going {
            first.is_left |= other.is_left;
            first.returned = first.returned.filter(|_| first.returned == other.returned);
            let names: Vec<String> =
                first.variables.keys().chain(other.variables.keys()).cloned().collect();
            first.is_lost |= other.is_lost;
            for name in names {
                if first.get(&name) != other.get(&name) {
                    first.variables.insert(name, None);
                }
            }
        }
        first
    }
}

/// The text of a symbol that is no more than that.
pub fn text(symbol: &Symbol) -> Option<String> {
    let mut whole = String::new();
    for piece in symbol.as_ref()? {
        match piece {
            Piece::Text(text) => whole.push_str(text),
            Piece::Input(_) => return None,
        }
    }
    Some(whole)
}

/// What a word stands for.
pub fn symbol(word: &str, state: &State) -> Symbol {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = word;
    let mut is_quoted = false;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        match first {
            '\'' if !is_quoted => {
                let (inner, after) = behind.split_once('\'')?;
                push(&mut pieces, inner);
                rest = after;
            }
            '"' => {
                is_quoted = !is_quoted;
                rest = behind;
            }
            '\\' => {
                let next = behind.chars().next()?;
                let is_kept = is_quoted && !matches!(next, '"' | '\\' | '$' | '`');
                push(&mut pieces, if is_kept { "\\" } else { "" });
                push(&mut pieces, next.encode_utf8(&mut [0; 4]));
                rest = behind.get(next.len_utf8()..).unwrap_or_default();
            }
            '$' | '`' => {
                let (found, after) = expansion(rest, state)?;
                for piece in found {
                    match piece {
                        Piece::Text(text) => push(&mut pieces, &text),
                        input @ Piece::Input(_) => pieces.push(input),
                    }
                }
                rest = after;
            }
            _ => {
                push(&mut pieces, first.encode_utf8(&mut [0; 4]));
                rest = behind;
            }
        }
    }
    Some(pieces)
}

fn push(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// What a `$` or a backtick starts, and what stands behind it.
fn expansion<'w>(rest: &'w str, state: &State) -> Option<(Vec<Piece>, &'w str)> {
    let behind = rest.get(1..)?;
    let said = |whole: &str| {
        // What a program says is one thing, as long as nothing in it changes.
        let is_fixed =
            !whole.get(1..).unwrap_or_default().contains(['$', '`']) || whole.starts_with('`');
        state.get(whole).filter(|_| is_fixed)
    };
    if rest.starts_with('`') {
        let end = behind.find('`')? + 2;
        return Some((said(rest.get(..end)?)?, rest.get(end..)?));
    }
    if behind.starts_with('(') {
        let end = closing(rest, 1)?;
        let asked = rest.get(2..end - 1).unwrap_or_default();
        if let Some(folder) = state.folder.as_deref().and_then(|own| own_folder(asked, own)) {
            return Some((vec![Piece::Text(folder)], rest.get(end..)?));
        }
        if let Some(said) = spoken(asked, state) {
            return Some((said, rest.get(end..)?));
        }
        return Some((said(rest.get(..end)?)?, rest.get(end..)?));
    }
    if behind.starts_with('{') {
        let end = behind.find('}')?;
        return Some((braces(behind.get(1..end)?, state)?, behind.get(end + 1..)?));
    }
    let length = name_length(behind);
    if length > 0 {
        return Some((state.get(behind.get(..length)?)?, behind.get(length..)?));
    }
    if behind.starts_with('#') {
        return Some((state.variables.get("#")?.clone()?, behind.get(1..)?));
    }
    let is_argument = behind.starts_with(|c: char| ('1'..='9').contains(&c));
    if is_argument {
        return Some((state.get(behind.get(..1)?)?, behind.get(1..)?));
    }
    None
}

/// What stands in the place of the inner of braces.
fn braces(inner: &str, state: &State) -> Symbol {
    if inner == "#" {
        return state.variables.get(inner)?.clone();
    }
    if let Some(name) = inner.strip_prefix('#').filter(|name| !name.is_empty()) {
        let held = text(&state.get(name)).filter(|_| name_length(name) == name.len())?;
        return Some(vec![Piece::Text(held.chars().count().to_string())]);
    }
    let length =
        name_length(inner).max(usize::from(inner.starts_with(|c: char| c.is_ascii_digit())));
    let (name, operation) = inner.split_at_checked(length)?;
    let held = state.get(name).filter(|_| !name.is_empty());
    if let Some(text) = text(&held) {
        return operated(&text, operation).map(|text| vec![Piece::Text(text)]);
    }
    // What words are compared with it is asked in small letters.
    let is_kept = operation.is_empty()
        || matches!(operation, ",," | ",")
        || operation.starts_with([':', '-', '?']) && !operation.starts_with(":+");
    let is_number = operation
        .strip_prefix(':')
        .is_some_and(|from| from.starts_with(|c: char| c.is_ascii_digit() || " (".contains(c)));
    held.filter(|_| is_kept && !is_number)
}

/// What a program says that only hands on what it is given: `echo "$1" | tr '[:upper:]' '[:lower:]'`.
fn spoken(asked: &str, state: &State) -> Symbol {
    let (said, program) = if let Some((program, said)) = asked.split_once("<<<") {
        (said.trim(), Some(program.trim()))
    } else {
        let parts = asked.split_once('|');
        let (said, program) =
            parts.map_or((asked, None), |(said, program)| (said, Some(program.trim())));
        let heads = ["echo ", "printf %s ", "printf '%s' ", "printf '%s\\n' ", "printf \"%s\" "];
        let said = said.trim();
        (heads.iter().find_map(|head| said.strip_prefix(head))?.trim(), program)
    };
    let is_word = !said.starts_with('-') && !said.contains(char::is_whitespace);
    let held = symbol(said, state).filter(|_| is_word)?;
    let Some(program) = program else { return Some(held) };
    let is_small = ["tr '[:upper:]' '[:lower:]'", "tr [:upper:] [:lower:]", "tr A-Z a-z"]
        .contains(&program.replace("'A-Z' 'a-z'", "A-Z a-z").replace('"', "'").as_str());
    let small = |piece: Piece| match piece {
        Piece::Text(text) => Piece::Text(text.to_lowercase()),
        input @ Piece::Input(_) => input,
    };
    is_small.then(|| held.into_iter().map(small).collect())
}

/// How long an expansion is that a text starts with; none where it starts with none.
pub fn expansion_length(rest: &str) -> Option<usize> {
    let behind = rest.get(1..)?;
    match behind.chars().next()? {
        _ if rest.starts_with('`') => Some(behind.find('`')? + 2),
        '(' => closing(rest, 1),
        '{' => Some(behind.find('}')? + 2),
        '1'..='9' | '#' => Some(2),
        _ => Some(name_length(behind) + 1).filter(|length| *length > 1),
    }
}

/// Where the parenthesis at a place closes.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}
