//! Programs that run commands, in Python, Ruby and PowerShell → [`Node`]: a sequence of commands, as of a shell script.
//!
//! A task is a [`Node`] under its names. A word is a scalar where the program gives it whatever it is run for; where a map or a branch gives it for a
//! word, the command stands in an arm for that word. Nothing is run. Texts that no command has are an expression each at the end: whoever
//! knows what they name can tell that they are not read.

mod brackets;
mod calls;
mod emit;
mod expression;
mod language;
mod lexer;
mod machine;
mod operators;
mod parser;
mod powershell;
mod python;
mod rounds;
mod ruby;
mod runners;
mod statements;
mod texts;
mod token;
mod tree;
mod value;
mod values;
mod words;
mod writes;

use std::collections::BTreeSet;

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, Node, NodeKind, Parsed, Problem, file_name, stem_of_sample};
use crate::source::{Location, SourceId};
pub use language::Program;
use machine::{Document, Machine};
use parser::Parser;
use tree::At;
use writes::Writes;

impl Program {
    /// All that claim files themselves.
    pub const ALL: [Self; 2] = [Self::Python, Self::PowerShell];

    /// Whether a format of this name holds programs.
    #[must_use]
    pub fn holds_programs(name: &str) -> bool {
        Self::ALL.iter().any(|program| program.name() == name)
    }
}

impl Format for Program {
    fn name(&self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Ruby => "Ruby",
            Self::PowerShell => "PowerShell",
        }
    }

    fn claims(&self, path: &str) -> bool {
        let name = file_name(stem_of_sample(path)).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match self {
            Self::Python => matches!(extension, "py" | "pyw"),
            Self::Ruby => false,
            Self::PowerShell => matches!(extension, "ps1" | "psm1"),
        }
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        let lexis = match self {
            Self::Python => Lexis::PYTHON,
            Self::Ruby => Lexis::ATTRIBUTES,
            Self::PowerShell => Lexis::POWERSHELL,
        };
        comments::scan(lexis, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let Ran { documents, problems, .. } = parse(*self, (id, text), true);
        Parsed { documents, problems }
    }
}

/// Reads a program; `gives_maps`: whether what is set outside of tasks is read as well.
#[must_use]
pub fn parse(language: Program, (id, text): (SourceId, &str), gives_maps: bool) -> Ran {
    let mut parser = Parser::new(language, text);
    let mut statements = Vec::new();
    while !parser.is_end() {
        statements.extend(match language {
            Program::Python => parser.python(0),
            Program::Ruby => parser.ruby(&[]),
            Program::PowerShell => parser.powershell(),
        });
        // A bracket that closes nothing.
        parser.bump();
    }
    let mut machine = Machine::new(id);
    machine.writes = Writes::of(language, text);
    machine.gives_maps = gives_maps;
    machine.program(&statements);
    let Machine { commands, documents, said, .. } = machine;
    let mut found: Vec<Node> =
        documents.into_iter().filter_map(|document| node(id, document)).collect();
    let mut known: Vec<At> = commands.covered;
    known.extend(said);
    known.extend(parser.said);
    found.extend(left(id, parser.texts, known));
    let mut problems = commands.problems;
    if parser.is_cut || commands.is_cut {
        let message = "the program is too long or too deep to be read whole".to_owned();
        problems.push(Problem { at: Location::new(id, 0, 0), message });
    }
    Ran { documents: found, problems, set: commands.set }
}

/// What a program runs.
pub struct Ran {
    pub documents: Vec<Node>,
    pub problems: Vec<Problem>,
    /// Where the names of the variables stand that it gives to what it runs.
    set: BTreeSet<usize>,
}

impl Ran {
    /// Whether it gives what it runs a variable whose name stands there.
    #[must_use]
    pub fn sets(&self, key: Location) -> bool {
        self.set.range(key.span.range()).next().is_some()
    }
}

/// The commands of a document under its names.
fn node(id: SourceId, Document { names, nodes }: Document) -> Option<Node> {
    let ends = nodes.iter().map(|node| node.at.span.range());
    let start = ends.clone().map(|at| at.start).min()?;
    let end = ends.map(|at| at.end).max()?.max(start);
    let script = Node::new(Location::new(id, start, end), NodeKind::Sequence(nodes));
    Some(names.into_iter().rev().fold(script, |value, (name, at)| {
        let key = Node::new(Location::new(id, at.start, at.end), NodeKind::Scalar(name));
        Node::new(value.at, NodeKind::Mapping(vec![Entry { key, value }]))
    }))
}

/// The texts that stand in no known place, in order.
fn left(id: SourceId, mut texts: Vec<At>, mut known: Vec<At>) -> Vec<Node> {
    texts.sort_by_key(|at| (at.start, at.end));
    texts.dedup();
    known.sort_by_key(|at| at.start);
    // How far those reach that begin up to each.
    let mut reach = 0;
    let reaches: Vec<(usize, usize)> = known
        .into_iter()
        .map(|at| {
            reach = reach.max(at.end);
            (at.start, reach)
        })
        .collect();
    let is_known = |at: &At| {
        let before = reaches.partition_point(|(start, _)| *start < at.end);
        before
            .checked_sub(1)
            .and_then(|last| reaches.get(last))
            .is_some_and(|(_, end)| *end > at.start)
    };
    let expression = |at: At| Node::new(Location::new(id, at.start, at.end), NodeKind::Expression);
    texts.into_iter().filter(|at| !at.is_empty() && !is_known(at)).map(expression).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Constructs of each language, in which `OLD` is never what `shop` is run with, and `NEW` always is; behind `[known]` that must be known.
    /// `.ci/readers` runs those of Python.
    const CONSTRUCTS: [(Program, &str); 3] =
        [(Program::Python, "python"), (Program::Ruby, "ruby"), (Program::PowerShell, "powershell")];

    /// The words of the commands of a document that run `shop`, without what they are in arms.
    fn words(node: &Node, found: &mut Vec<String>) {
        let items = node.items();
        if items.first().and_then(Node::as_str) == Some("shop") {
            let texts = items.iter().skip(1).map(|item| item.as_str().unwrap_or("?").to_owned());
            found.extend(texts);
        }
        for item in items {
            words(item, found);
        }
        for entry in node.entries() {
            words(&entry.value, found);
        }
    }

    #[test]
    fn no_construct_gives_a_command_a_wrong_literal() {
        for (language, name) in CONSTRUCTS {
            let path = format!("{}/fixtures/programs/{name}.txt", env!("CARGO_MANIFEST_DIR"));
            let table = std::fs::read_to_string(path).expect("its constructs are written down");
            let table = format!("\n{table}");
            for case in table.split("\n## ").filter(|case| !case.is_empty()) {
                let (name, code) = case.split_once('\n').expect("code stands below its name");
                let ran = parse(language, (SourceId(0), code), true);
                let mut found = Vec::new();
                ran.documents.iter().for_each(|document| words(document, &mut found));
                let place = format!("{}, {name}: {found:?}", language.name());
                assert!(!found.is_empty(), "{place}");
                assert!(!found.iter().any(|word| word.contains("OLD")), "{place}");
                assert!(found == ["NEW"] || !name.ends_with("[known]"), "{place}");
            }
        }
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let started = crate::syntax::effort::Effort::begin();
        let units = [
            "a \"x\n",
            "'",
            "\"#{",
            "\"$(",
            "<<~E ",
            "<<E\n",
            "{",
            "(",
            "[",
            "@{",
            "$(",
            "[a]",
            "a.b",
            ".b",
            "[0]",
            "- ",
            "not ",
            "f'{",
            "f\"{a}{a}\"",
            "a = a + \"x\"\n",
            "if x:\n",
            "if x:\n  ",
            "if a == 'b'\n",
            "case a\nwhen 'b'\n",
            "switch ($a) { 'b' { ",
            "def a(b): b(a)\n",
            "def a; a; end\n",
            "function a { a }\n",
            "x, ",
            "'a' 'b' ",
            "@'\n",
            "<#",
            "=begin\n",
            "a do |x|",
            "%(",
            "a ? b : ",
            "a if b else ",
            "task :a do\n",
            "sh 'a'\n",
            "for a in [1]: ",
            "{'a': {'b': ",
            "a(b(",
            "run('x' % ",
            "$a.b ",
            "&a",
            "**a, ",
            "-f ",
            "\\",
            "a|",
            "x[y] ",
            "a = x[y]\nrun(a)\n",
            "}",
            ")",
            "end\n",
            "else\n",
            "elif a:\n",
        ];
        for unit in units {
            // A chain that nests without brackets has to be longer to reach the end of a stack.
            let rounds =
                if unit.ends_with("else ") || unit.ends_with(": ") { 50_000 } else { 10_000 };
            let text = unit.repeat(rounds);
            for language in [Program::Python, Program::Ruby, Program::PowerShell] {
                for head in ["", "run('''", "x = {'a': 'b', 'c': 'd'}\n", "sh \""] {
                    let from = crate::syntax::effort::Effort::begin();
                    let read = parse(language, (SourceId(0), &format!("{head}{text}")), true);
                    assert!(read.problems.len() < 100);
                    assert!(from.spent().as_secs() < 3, "{language:?} {head:?} {unit:?}");
                }
            }
        }
        assert!(started.spent().as_secs() < 120, "reading took {:?}", started.spent());
    }
}
