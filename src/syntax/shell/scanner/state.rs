//! What is known while a script is read.

use std::collections::{BTreeMap, BTreeSet};

use super::bodies::{Block, Functions, Pending};
use crate::source::SourceId;
use crate::syntax::shell::variables::Variables;
use crate::syntax::shell::word::{Word, Words};
use crate::syntax::{Node, Problem};

/// A script to read, and where it stands in its file.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// The file.
    pub id: SourceId,
    /// The script, every byte at its place: what is not part of it is masked.
    pub text: &'a str,
    /// Where it starts in the file.
    pub base: usize,
    /// How many scripts it stands in.
    pub depth: usize,
    /// Whether another shell fills its variables first, within single quotes as well.
    pub is_expanded: bool,
}

/// The commands of scripts, in order.
#[derive(Debug, Default)]
pub struct Commands {
    /// A sequence of words each.
    pub nodes: Vec<Node>,
    /// Where a setting may be lost.
    pub problems: Vec<Problem>,
    /// How many words there are.
    pub count: usize,
    /// The functions that can be called.
    pub functions: Functions,
}

pub struct Scanner<'a, 'c> {
    pub script: Script<'a>,
    pub words: Words<'a>,
    pub variables: &'c mut Variables,
    pub commands: &'c mut Commands,
    /// The command being read.
    pub command: Vec<Word>,
    /// The text that it is given: `<<< text`.
    pub given: Option<Word>,
    pub documents: Vec<Document>,
    /// The files that this line writes, each with the index of its command.
    pub targets: Vec<(usize, Word)>,
    /// Ends of here-documents that stand nowhere.
    pub missing: BTreeMap<String, usize>,
    /// Whether a test or a failure decides about this command.
    pub is_chained: bool,
    /// Whether the command before it must succeed.
    pub is_behind: bool,
    /// The open parentheses that are subshells.
    pub subshells: usize,
    /// The open `case`s.
    pub cases: Vec<Case>,
    /// The open braces and loops.
    pub blocks: Vec<Block>,
    /// The function, loop or array whose body comes next.
    pub pending: Pending,
}

impl<'a, 'c> Scanner<'a, 'c> {
    /// At the start of a script.
    pub fn new(
        script: Script<'a>,
        broken: &'a BTreeSet<usize>,
        variables: &'c mut Variables,
        commands: &'c mut Commands,
    ) -> Self {
        let mut words = Words::new(script.text, broken);
        words.is_expanded = script.is_expanded;
        words.folder = variables.files().map(|files| files.folder(script.id).to_owned());
        Self {
            words,
            script,
            variables,
            commands,
            command: Vec::new(),
            given: None,
            documents: Vec::new(),
            targets: Vec::new(),
            missing: BTreeMap::new(),
            is_chained: false,
            is_behind: false,
            subshells: 0,
            cases: Vec::new(),
            blocks: Vec::new(),
            pending: Pending::default(),
        }
    }
}

/// An open `case`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Case {
    /// Whether patterns come next.
    pub expects_patterns: bool,
}

/// A here-document whose text starts on the next line.
pub struct Document {
    pub end: String,
    pub is_literal: bool,
    /// The index of the command that reads it.
    pub reader: usize,
}
