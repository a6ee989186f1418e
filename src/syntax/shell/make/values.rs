//! What the variables of a makefile hold, and what an expansion comes to.
//!
//! What is not known before make runs is an input: a variable that nothing assigns, or that the environment may. Source: the GNU Make manual,
//! *How to Use Variables*, *Functions for Transforming Text*.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use crate::source::{Location, SourceId};
use crate::syntax::shell::runs::conditions::{Binding, Compared};
use crate::syntax::shell::runs::symbol::Piece;

/// How long one value may be.
const MAX_BYTES: usize = 16 << 10;

/// A text as it is written.
#[derive(Clone, Debug)]
pub struct Raw<'a> {
    pub id: SourceId,
    pub start: usize,
    pub text: &'a str,
    /// What the definition that it stands in was called with.
    pub arguments: Option<Rc<Vec<Value>>>,
    /// Whether it was expanded once: `$$(NAME)` is an expansion, too.
    pub is_doubled: bool,
}

impl<'a> Raw<'a> {
    /// A part of it.
    pub fn part(&self, range: Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or_default();
        Self { start: self.start + range.start, text, ..self.clone() }
    }

    /// A part that was cut out of its text.
    pub fn within(&self, part: &'a str) -> Self {
        let at = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.part(at..at + part.len())
    }

    /// Where it stands.
    pub fn at(&self) -> Location {
        Location::new(self.id, self.start, self.start + self.text.len())
    }
}

/// What an expansion comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub pieces: Vec<Piece>,
    /// Where it is written as it is.
    pub at: Option<Location>,
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Text(text.into())], at: None }
    }

    pub fn input(name: &str) -> Self {
        Self { pieces: vec![Piece::Input(name.to_owned())], at: None }
    }

    /// Its text, where all of it is known.
    pub fn known(&self) -> Option<String> {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.clone()),
            Piece::Input(_) => None,
        };
        self.pieces.iter().map(text).collect()
    }
}

/// What a variable holds.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    pub held: Held<'a>,
    /// Whether what make is given does not replace it.
    pub is_firm: bool,
}

#[derive(Clone, Debug)]
pub enum Held<'a> {
    /// Texts that are expanded where it is used, with blanks between them.
    Recursive(Vec<Raw<'a>>),
    Simple(Value),
    /// What the environment may replace.
    Default,
    Unknown,
}

/// What is known where a text is expanded.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// The variables of a target, and those it has from what depends on it.
    pub own: BTreeMap<String, Variable<'a>>,
    /// `$@`, `$*`, the variable of a `foreach`.
    pub locals: BTreeMap<String, Value>,
    /// Whether what is expanded is compared: what a makefile merely begins with counts as given.
    pub is_asked: bool,
    /// Whether the words of this run are left out.
    pub is_alone: bool,
    /// How deep the expansion stands in others.
    pub depth: usize,
}

/// The variables of a makefile.
#[derive(Debug, Default)]
pub struct Scope<'a> {
    pub variables: BTreeMap<String, Variable<'a>>,
    /// What make is given on its command line.
    pub given: BTreeMap<String, Value>,
    /// What whoever runs make exports.
    pub environment: BTreeMap<String, Value>,
    /// The words of this run.
    pub words: Binding,
    pub compared: RefCell<Compared>,
    pub spent: Cell<usize>,
}

/// Values one after the other; none where they are too long.
pub fn joined(parts: Vec<Value>) -> Option<Value> {
    if let [one] = parts.as_slice() {
        return Some(one.clone());
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut length = 0;
    for piece in parts.into_iter().flat_map(|part| part.pieces) {
        match (piece, pieces.last_mut()) {
            (Piece::Text(text), Some(Piece::Text(before))) => {
                length += text.len();
                before.push_str(&text);
            }
            (piece, _) => pieces.push(piece),
        }
        if length > MAX_BYTES || pieces.len() > 64 {
            return None;
        }
    }
    if pieces.is_empty() {
        pieces.push(Piece::Text(String::new()));
    }
    Some(Value { pieces, at: None })
}

/// Where the inside of an expansion stands in what follows its dollar.
pub fn inner(rest: &str) -> Option<Range<usize>> {
    let close = match rest.chars().next()? {
        '(' => ')',
        '{' => '}',
        letter => return Some(0..letter.len_utf8()),
    };
    let open = rest.chars().next()?;
    let mut depth = 0_usize;
    for (at, letter) in rest.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
            if depth == 0 {
                return Some(1..at);
            }
        }
    }
    None
}
