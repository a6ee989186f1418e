//! The structure of a script: what is run, and on what it depends.

use std::ops::Range;

/// Statements in order.
pub type List = Vec<Statement>;

/// A statement and where it stands.
#[derive(Clone, Debug)]
pub struct Statement {
    pub at: Range<usize>,
    pub kind: Kind,
}

/// What a statement is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A command with its words; what it reads and writes is left out.
    Command(Vec<Range<usize>>),
    /// `[[ … ]]`, with its words.
    Test(Vec<Range<usize>>),
    /// `! …`.
    Not(Box<Statement>),
    /// `… | …`.
    Pipe(List),
    /// `… && … || …`: the first, and each further one with the sign before it.
    Chain(Box<Statement>, Vec<(Sign, Range<usize>, Statement)>),
    /// `if … then … else … fi`.
    If(Vec<Arm>, Range<usize>),
    /// `case … in … esac`.
    Case(Case),
    /// `for`, `while`, `until`, `select`: what is asked before each round, the variable, and what is done.
    Loop(List, Option<Range<usize>>, List),
    /// `{ … }`.
    Group(List),
    /// `( … )`.
    Subshell(List),
    /// `name() { … }`.
    Function(String, Box<Statement>),
    /// `(( … ))`.
    Arithmetic,
}

/// What joins two statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    And,
    Or,
}

/// An arm of an `if`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// `if`, `elif` or `else`.
    pub keyword: Range<usize>,
    /// What is asked; none behind `else`.
    pub asked: Option<List>,
    /// `then`.
    pub then: Range<usize>,
    pub body: List,
    /// Where the body ends.
    pub end: usize,
}

/// A `case`.
#[derive(Clone, Debug)]
pub struct Case {
    pub subject: Range<usize>,
    pub arms: Vec<CaseArm>,
    /// `esac`.
    pub end: Range<usize>,
}

/// An arm of a `case`.
#[derive(Clone, Debug)]
pub struct CaseArm {
    pub patterns: Vec<Range<usize>>,
    pub body: List,
    /// From its first pattern to behind its parenthesis.
    pub head: Range<usize>,
    /// `;;`, or nothing.
    pub end: Range<usize>,
}
