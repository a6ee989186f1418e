//! Where reading a PHP file stands: the token in hand, what was found wrong, and the budgets.

use super::effects::Aliases;
use super::lexer::{Kind, Lexer, Token};
use super::scope::Scope;
use super::taking::Taking;
use crate::source::{Location, SourceId};
use crate::syntax::{MAX_DEPTH, MAX_NODES, Node, NodeKind, Problem};

/// How many problems of one file are listed.
const MAX_PROBLEMS: usize = 100;

/// How many nodes are copied from variables and where paths meet.
const MAX_COPIES: usize = MAX_NODES / 2;

/// How far a file is read; may be copied to come back.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    lexer: Lexer<'a>,
    token: Token,
    last_kind: Kind,
    last_end: usize,
    nodes: usize,
}

/// A bracket that is open.
pub(super) struct Frame {
    /// Where it stands.
    pub open: usize,
    /// What closes it.
    pub closer: u8,
    /// Where its line starts.
    pub line: usize,
    /// How far that line is indented.
    pub indent: usize,
    /// Whether it opens an array, rather than arguments or parentheses.
    pub array: bool,
}

/// Reads values from tokens.
pub(super) struct Parser<'a> {
    /// The file.
    pub id: SourceId,
    /// Its text.
    pub text: &'a str,
    /// Behind [`Self::token`].
    pub lexer: Lexer<'a>,
    /// The token that is read next.
    pub token: Token,
    /// What was read last.
    pub last_kind: Kind,
    /// Where it ended.
    pub last_end: usize,
    nodes: usize,
    /// What is not PHP so far.
    pub problems: Vec<Problem>,
    /// Arrays and brackets that are open.
    pub frames: Vec<Frame>,
    /// How deep the value will stand in its variable.
    pub base: usize,
    /// Whether indentation tells which bracket belongs to which.
    pub by_indent: bool,
    /// Whether a bracket was missing or one too many.
    pub unbalanced: bool,
    /// Whether that was so in anything the file returns.
    pub broken: bool,
    /// Where an array ended that was not closed; what was around it ends there as well.
    pub cut: Option<usize>,
    /// How often values may still be read again.
    pub retries: u8,
    /// Steps left for finding keys in variables.
    pub look_ups: usize,
    /// Nodes left that may be copied.
    pub copies: usize,
    /// Bytes left that may be read once more for what they write.
    pub scans: usize,
    /// Bytes left that may be read ahead for where a loop ends.
    pub ahead: usize,
    /// What may be written behind the back of those who read it.
    pub aliases: Aliases<'a>,
    /// What is known at this place.
    pub scope: Scope<'a>,
    /// What is known where each loop and `switch` around is left.
    pub breaks: Vec<Option<Scope<'a>>>,
    /// What is known where the file may have ended.
    pub ended: Option<Scope<'a>>,
    /// What has been returned.
    pub returned: Option<Node>,
    /// How many blocks are open.
    pub blocks: usize,
    /// How many of them only some runs enter.
    pub branches: usize,
    /// What `putenv` is given: lists of `NAME=value`, or a name with a value that is not known.
    pub put: Vec<Node>,
    /// The first of the braces where a value should start; what is wrong behind one follows from it.
    pub refused: Option<(usize, usize)>,
    /// The files that may be taken in; none where a file is read alone.
    pub taking: Option<Taking<'a>>,
}

impl<'a> Parser<'a> {
    /// Starts at the first token, inside or outside the tags.
    pub(super) fn new(id: SourceId, text: &'a str, outside: bool) -> Self {
        let nothing = Token {
            kind: Kind::Mark(b';'),
            start: 0,
            end: 0,
            first: true,
            indent: 0,
            closed: true,
        };
        let mut parser = Self {
            id,
            text,
            lexer: Lexer::new(text, outside),
            token: nothing,
            last_kind: nothing.kind,
            last_end: 0,
            nodes: 0,
            problems: Vec::new(),
            frames: Vec::new(),
            base: 0,
            by_indent: false,
            unbalanced: false,
            broken: false,
            cut: None,
            retries: 16,
            look_ups: 10 * MAX_NODES,
            copies: MAX_COPIES,
            scans: text.len().saturating_mul(8).saturating_add(1 << 16),
            ahead: text.len().saturating_mul(32).saturating_add(1 << 16),
            aliases: Aliases::of(text, outside),
            scope: Scope::default(),
            breaks: Vec::new(),
            ended: None,
            returned: None,
            blocks: 0,
            branches: 0,
            put: Vec::new(),
            refused: None,
            taking: None,
        };
        parser.bump();
        parser
    }

    /// The problems in the order of the text, each once.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.at);
        self.problems.dedup();
        if self.problems.len() > MAX_PROBLEMS {
            self.problems.truncate(MAX_PROBLEMS);
            let at = Location::new(self.id, self.text.len(), self.text.len());
            self.problems.push(Problem { at, message: "more problems than are listed".into() });
        }
        self.problems
    }

    /// Notes what is wrong.
    pub(super) fn problem(&mut self, start: usize, end: usize, message: &str) {
        // One more than is listed tells that there are more; copies left by a second reading may take the place of others.
        if self.problems.len() < 4 * MAX_PROBLEMS {
            let at = Location::new(self.id, start, end);
            self.problems.push(Problem { at, message: message.into() });
        }
    }

    /// Builds a node from `start` to the end of what was read last.
    pub(super) fn node(&mut self, start: usize, kind: NodeKind) -> Node {
        self.spend(1);
        Node::new(Location::new(self.id, start, self.last_end), kind)
    }

    /// Trades what is known and what is left of the budgets with the reader of a file that is taken in, or gets it back from there.
    pub(super) fn trade(&mut self, inner: &mut Self) {
        std::mem::swap(&mut self.scope, &mut inner.scope);
        std::mem::swap(&mut self.nodes, &mut inner.nodes);
        std::mem::swap(&mut self.look_ups, &mut inner.look_ups);
        std::mem::swap(&mut self.copies, &mut inner.copies);
        std::mem::swap(&mut self.aliases.all, &mut inner.aliases.all);
        inner.aliases.all |= self.aliases.all;
        inner.aliases.names.extend(self.aliases.names.iter().copied());
        inner.base = self.base + self.frames.len() + self.blocks;
        inner.branches = self.branches;
    }

    /// Counts values; the rest of the file is left when there are too many.
    pub(super) fn spend(&mut self, values: usize) {
        let before = self.nodes;
        self.nodes = before.saturating_add(values);
        if before <= MAX_NODES && self.is_exhausted() {
            self.problem(self.token.start, self.token.start, "too many values to read");
            self.lexer.stop();
            let end = self.last_end;
            self.bump();
            self.last_end = end;
            self.cut = Some(self.token.start);
        }
    }

    /// Whether the rest of the file was left because of its size.
    pub(super) fn is_exhausted(&self) -> bool {
        self.nodes > MAX_NODES
    }

    /// The text of a token.
    pub(super) fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// The text of the next token.
    pub(super) fn word(&self) -> &'a str {
        self.slice(self.token)
    }

    /// Steps to the next token.
    pub(super) fn bump(&mut self) {
        let Token { kind, start, end, closed, .. } = self.token;
        self.last_kind = kind;
        self.last_end = end;
        if !closed {
            let heredoc = self.text.get(start..).is_some_and(|text| text.starts_with('<'));
            let (length, message) = if heredoc {
                (3, "heredoc is never closed")
            } else {
                (1, "string is never closed")
            };
            self.problem(start, start + length, message);
        }
        self.token = self.lexer.next();
        while let Kind::Fault(message) = self.token.kind {
            self.problem(self.token.start, self.token.end, message);
            self.token = self.lexer.next();
        }
    }

    /// The token after the next one.
    pub(super) fn second(&self) -> Token {
        let mut ahead = self.lexer;
        loop {
            let token = ahead.next();
            if !matches!(token.kind, Kind::Fault(_)) {
                return token;
            }
        }
    }

    /// Where reading stands.
    pub(super) fn place(&self) -> Place<'a> {
        let Self { lexer, token, last_kind, last_end, nodes, .. } = *self;
        Place { lexer, token, last_kind, last_end, nodes }
    }

    /// Reads on from an earlier place.
    pub(super) fn go_back(&mut self, to: Place<'a>) {
        let Place { lexer, token, last_kind, last_end, nodes } = to;
        (self.lexer, self.token, self.nodes) = (lexer, token, nodes);
        (self.last_kind, self.last_end) = (last_kind, last_end);
    }

    /// Opens the bracket in hand, unless it is nested too deeply.
    pub(super) fn enter(&mut self, closer: u8, array: bool) -> bool {
        let Token { start, end, indent, .. } = self.token;
        if self.base + self.frames.len() + self.blocks >= MAX_DEPTH {
            self.problem(start, end, "nested too deeply to read");
            return false;
        }
        let line = self.lexer.line;
        self.frames.push(Frame { open: start, closer, line, indent, array });
        self.bump();
        true
    }
}
