//! Commands → [`Node`]s: their words, their scripts as a shell reads them, and the arms that they are run in.
//!
//! A word that is given elsewhere stands where it is given; one of several parts where it is put together.

use std::collections::BTreeSet;

use super::tree::At;
use super::value::{Bit, For, chosen, given, words};
use crate::source::{Location, SourceId};
use crate::syntax::shell::{self, ARM, Variables};
use crate::syntax::{Node, NodeKind, Problem};

/// How many bytes of commands are made out of one file.
const BUDGET: usize = 4 << 20;

/// What only running a program would tell, as a shell knows it.
const UNTOLD: &str = "${?}";

/// The commands of a program, as they are found.
pub struct Commands {
    pub id: SourceId,
    pub nodes: Vec<Node>,
    pub problems: Vec<Problem>,
    /// What stands in commands.
    pub covered: Vec<At>,
    /// Where the names of variables stand that are given a value.
    pub set: BTreeSet<usize>,
    spent: usize,
    pub is_cut: bool,
}

/// A part of a script, with where it stands, and where it was given if it was.
struct Piece {
    start: usize,
    end: usize,
    place: At,
    origin: Option<At>,
}

impl Commands {
    pub fn of(id: SourceId) -> Self {
        let (nodes, problems, covered) = (Vec::new(), Vec::new(), Vec::new());
        Self { id, nodes, problems, covered, set: BTreeSet::new(), spent: 0, is_cut: false }
    }

    pub fn node(&self, at: &At, kind: NodeKind) -> Node {
        Node::new(Location::new(self.id, at.start, at.end.max(at.start)), kind)
    }

    fn scalar(&self, at: &At, text: &str) -> Node {
        self.node(at, NodeKind::Scalar(text.to_owned()))
    }

    /// Adds a command of words.
    pub fn push(&mut self, at: &At, words: Vec<Node>) {
        self.spent += 16 + words.len();
        let node = self.node(at, NodeKind::Sequence(words));
        self.nodes.push(node);
    }

    /// Adds a word that opens, parts or ends a branch.
    pub fn mark(&mut self, at: &At, word: &str) {
        let at = at.start..at.start;
        let node = self.scalar(&at, word);
        self.push(&at, vec![node]);
    }

    /// Opens an arm for some words.
    pub fn arm(&mut self, at: &At, patterns: &[(String, At)]) {
        let mut nodes = vec![self.scalar(&(at.start..at.start), ARM)];
        nodes.extend(patterns.iter().map(|(word, at)| self.scalar(at, word)));
        self.push(&(at.start..at.start), nodes);
    }

    /// Opens the choice between arms.
    pub fn case(&mut self, at: &At) {
        let nodes =
            vec![self.scalar(&(at.start..at.start), "case"), self.node(at, NodeKind::Expression)];
        self.push(&(at.start..at.start), nodes);
    }

    /// A test whether something is a word.
    pub fn test(&mut self, at: &At, (word, place): &(String, At)) {
        self.mark(at, "if");
        let here = at.start..at.start;
        let nodes = vec![
            self.scalar(&here, "["),
            self.node(&here, NodeKind::Expression),
            self.scalar(&here, "="),
            self.scalar(place, word),
            self.scalar(&here, "]"),
        ];
        self.push(&here, nodes);
        self.mark(at, "then");
    }

    /// Runs something once, or in an arm for each word for which it differs.
    fn told_apart(&mut self, at: &At, bits: &[&[Bit]], run: &mut dyn FnMut(&mut Self, &For)) {
        let mut several = Vec::new();
        for bits in bits {
            words(bits, &mut several);
        }
        let length = bits.iter().map(|bits| bits.len() * 16).sum::<usize>();
        self.spent += length * (several.len() + 1);
        if self.spent > BUDGET {
            self.is_cut = true;
            return;
        }
        match several.as_slice() {
            [] => run(self, &For::All),
            [For::Word(word, place), For::Otherwise] => {
                self.test(at, &(word.clone(), place.clone()));
                run(self, &For::Word(word.clone(), place.clone()));
                self.mark(at, "else");
                run(self, &For::Otherwise);
                self.mark(at, "fi");
            }
            several => {
                self.case(at);
                for of in several {
                    let patterns = match of {
                        For::Word(word, place) => vec![(word.clone(), place.clone())],
                        _ => Vec::new(),
                    };
                    self.arm(at, &patterns);
                    run(self, of);
                    self.mark(at, ";;");
                }
                self.mark(at, "esac");
            }
        }
    }

    /// Runs a command of known words; one that holds a script runs that, too.
    pub fn words(&mut self, at: &At, command: &[(At, Vec<Bit>)]) {
        let bits: Vec<&[Bit]> = command.iter().map(|(_, bits)| bits.as_slice()).collect();
        self.told_apart(at, &bits, &mut |commands, of| {
            let nodes: Vec<Node> =
                command.iter().map(|(at, bits)| commands.word(at, bits, of)).collect();
            // A word with blanks may be a command itself, and be run or not; what is unknown may be anything.
            let is_word =
                |node: &&Node| node.as_str().is_some_and(|text| !text.contains([' ', '\n']));
            commands.covered.extend(nodes.iter().filter(is_word).map(|node| node.at.span.range()));
            let written = command.iter().zip(&nodes).filter(|(_, node)| is_word(node));
            commands.covered.extend(written.map(|((at, _), _)| at.clone()));
            commands.push(at, nodes);
            let scripts = commands.nodes.last().map(shell::scripts).unwrap_or_default();
            for index in scripts {
                if let Some((_, bits)) = command.get(index) {
                    commands.run(bits, of);
                }
            }
        });
    }

    fn word(&self, at: &At, bits: &[Bit], of: &For) -> Node {
        let Some(text) = given(bits, of) else { return self.node(at, NodeKind::Expression) };
        match bits {
            [_] => self.scalar(&text.at, &text.text),
            _ => self.scalar(at, &text.text),
        }
    }

    /// Gives a variable of the environment a value.
    pub fn export(&mut self, (name, name_at): (&str, &At), value: &(At, Vec<Bit>)) {
        self.told_apart(name_at, &[value.1.as_slice()], &mut |commands, of| {
            commands.covered.push(name_at.clone());
            commands.set.insert(name_at.start);
            let here = name_at.start..name_at.start;
            let export = commands.scalar(&here, "export");
            let word = match given(&value.1, of) {
                Some(given) => {
                    // Where the name does not stand before the value, the value alone has a place.
                    commands.covered.push(given.at.clone());
                    commands.scalar(&given.at, &format!("{name}={}", given.text))
                }
                None => commands.scalar(name_at, name),
            };
            commands.push(name_at, vec![export, word]);
        });
    }

    /// Runs a script.
    pub fn script(&mut self, at: &At, bits: &[Bit]) {
        self.told_apart(at, &[bits], &mut |commands, of| commands.run(bits, of));
    }

    fn run(&mut self, bits: &[Bit], of: &For) {
        let mut text = String::new();
        let mut pieces: Vec<Piece> = Vec::new();
        for bit in bits {
            let start = text.len();
            let (place, origin) = match bit {
                Bit::Plain(written, at) => {
                    text.push_str(written);
                    (at.clone(), None)
                }
                Bit::Given(at, choices) => {
                    if let Some(given) = chosen(choices, of) {
                        text.push_str(&given.text);
                        (at.clone(), Some(given.at.clone()))
                    } else {
                        text.push_str(UNTOLD);
                        (at.clone(), None)
                    }
                }
            };
            if text.get(start..) != Some(UNTOLD) {
                self.covered.push(place.clone());
            }
            pieces.push(Piece { start, end: text.len(), place, origin });
        }
        self.spent += text.len();
        if self.spent > BUDGET {
            self.is_cut = true;
            return;
        }
        for piece in &pieces {
            self.covered.extend(piece.origin.clone());
        }
        let parsed = shell::script(self.id, &text, 0, &mut Variables::default());
        for mut document in parsed.documents {
            let NodeKind::Sequence(commands) = &mut document.kind else { continue };
            for mut command in std::mem::take(commands) {
                let is_file = !command.entries().is_empty();
                if relocate(&mut command, &pieces, is_file) {
                    self.nodes.push(command);
                }
            }
        }
        for problem in parsed.problems {
            let at = placed(&pieces, problem.at.span.range());
            let at = Location::new(self.id, at.start, at.end);
            self.problems.push(Problem { at, ..problem });
        }
    }
}

/// Moves a command to where it stands in its file; says whether all of it has a place there.
fn relocate(node: &mut Node, pieces: &[Piece], is_exact: bool) -> bool {
    let before = node.at.span.range();
    let length = before.len();
    let at = placed(pieces, before);
    node.at = Location::new(node.at.source, at.start, at.end.max(at.start));
    match &mut node.kind {
        NodeKind::Sequence(items) | NodeKind::OneOf(items) => {
            items.iter_mut().all(|item| relocate(item, pieces, is_exact))
        }
        NodeKind::Mapping(entries) => entries.iter_mut().all(|entry| {
            relocate(&mut entry.key, pieces, false) && relocate(&mut entry.value, pieces, is_exact)
        }),
        _ => !is_exact || at.len() == length,
    }
}

/// Where a part of a script stands.
fn placed(pieces: &[Piece], at: At) -> At {
    let piece_of = |byte: usize| {
        let index = pieces.partition_point(|piece| piece.end <= byte);
        pieces.get(index.min(pieces.len().saturating_sub(1)))
    };
    let last = at.end.saturating_sub(1).max(at.start);
    let (Some(first), Some(second)) = (piece_of(at.start), piece_of(last)) else { return 0..0 };
    let within = |piece: &Piece, place: &At| {
        if piece.end - piece.start == place.len() {
            let from = place.start + at.start.saturating_sub(piece.start);
            from..from + at.len()
        } else {
            place.clone()
        }
    };
    if first.start == second.start && first.end == second.end {
        return within(first, first.origin.as_ref().unwrap_or(&first.place));
    }
    let is_exact =
        |piece: &Piece| piece.end - piece.start == piece.place.len() && piece.origin.is_none();
    let start = if is_exact(first) {
        first.place.start + (at.start - first.start)
    } else {
        first.place.start
    };
    let end = if is_exact(second) {
        second.place.start + (at.end - second.start)
    } else {
        second.place.end
    };
    if end < start { first.place.clone() } else { start..end }
}
