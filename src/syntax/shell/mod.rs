//! Shell scripts and what holds them → [`Node`]: a sequence of commands, each a sequence of words.
//!
//! Makefiles, justfiles, Dockerfiles and Jenkinsfiles are masked until only their scripts are left; a script of a target or a stage is a [`Node`] under its
//! name. A word is a scalar where its text is certain, quotes
//! and known variables included, and an expression where only running the script would tell. A script is code: what is broken in it is a
//! [`Problem`](super::Problem) only where it can hide a setting.

mod cron;
mod dependencies;
mod docker;
pub mod files;
mod groovy;
mod holds;
mod just;
pub mod make;
mod maps;
mod mask;
mod nested;
mod operations;
mod patterns;
mod pieces;
pub mod runs;
mod scanner;
mod stages;
mod variables;
mod word;

use std::ops::Range;

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, Node, NodeKind, Parsed, file_name, stem_of_sample};
use crate::source::{Location, SourceId};
pub use nested::scripts;
use pieces::Piece;
pub use scanner::{ARM, SURE};
use scanner::{Commands, Script};
pub use variables::Variables;
pub use word::{FILLER, MATRIX};

/// A script, or what holds scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// A shell script.
    Script,
    /// A makefile, with recipes.
    Make,
    /// A Dockerfile, with instructions.
    Docker,
    /// A Jenkinsfile, with `sh` steps.
    Jenkins,
    /// A justfile, with recipes.
    Just,
}

impl Shell {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Script, Self::Make, Self::Docker, Self::Jenkins, Self::Just];

    /// Whether a format of this name holds scripts.
    #[must_use]
    pub fn holds_scripts(name: &str) -> bool {
        Self::ALL.iter().any(|shell| shell.name() == name)
    }
}

impl Format for Shell {
    fn name(&self) -> &'static str {
        match self {
            Self::Script => "shell",
            Self::Make => "Makefile",
            Self::Docker => "Dockerfile",
            Self::Jenkins => "Jenkinsfile",
            Self::Just => "justfile",
        }
    }

    fn claims(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let name = file_name(stem_of_sample(&path));
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let starts = |words: &[&str]| {
            words.iter().any(|word| {
                name.strip_prefix(word).is_some_and(|rest| {
                    rest.is_empty() || (rest.starts_with(['.', '-', '_']) && !is_other(extension))
                })
            })
        };
        match self {
            Self::Script => {
                matches!(extension, "sh" | "bash" | "zsh" | "ksh" | "command")
            }
            Self::Make => extension == "mk" || starts(&["makefile", "gnumakefile"]),
            Self::Docker => {
                matches!(extension, "dockerfile" | "containerfile")
                    || starts(&["dockerfile", "containerfile"])
            }
            Self::Jenkins => extension == "jenkinsfile" || starts(&["jenkinsfile"]),
            Self::Just => extension == "just" || starts(&["justfile", ".justfile"]),
        }
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        let lexis = match self {
            Self::Script => Lexis::SHELL,
            Self::Make | Self::Just => Lexis::MAKE,
            Self::Docker => Lexis::DOCKER,
            Self::Jenkins => Lexis::GROOVY,
        };
        comments::scan(lexis, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        self.parse_with(id, text, &Variables::default())
    }
}

impl Shell {
    /// Reads a text with what its scripts have from the start.
    #[must_use]
    pub fn parse_with(self, id: SourceId, text: &str, given: &Variables) -> Parsed {
        let pieces = match self {
            Self::Script => {
                let text = cron::masked(text);
                let living = runs::without_dead(&text);
                return script(id, living.as_deref().unwrap_or(&text), 0, &mut given.clone());
            }
            Self::Make => make::pieces(text),
            Self::Docker => docker::pieces(text),
            Self::Jenkins => groovy::pieces(text),
            Self::Just => just::pieces(text),
        };
        let mut parsed = Parsed::default();
        for Piece { range, names, own, is_expanded } in pieces.documents {
            let Some(part) = pieces.text.get(range.clone()) else { continue };
            let mut variables = pieces.variables.clone().with_files(given.files());
            for (name, at) in own {
                let place = Location::new(id, at.start, at.end);
                variables.assign_from(&name, text.get(at), Some(place));
            }
            let part = Script { id, text: part, base: range.start, depth: 0, is_expanded };
            let Parsed { documents, problems } = read(part, &mut variables);
            let named = documents.into_iter().map(|document| within(id, text, document, &names));
            parsed.documents.extend(named);
            parsed.problems.extend(problems);
        }
        parsed
    }
}

/// A script under the names of what it stands in, outermost first.
fn within(id: SourceId, text: &str, script: Node, names: &[Range<usize>]) -> Node {
    names.iter().rev().fold(script, |value, name| {
        let written = text.get(name.clone()).unwrap_or_default().to_owned();
        let key = Location::new(id, name.start, name.end);
        let key = Node::new(key, NodeKind::Scalar(written));
        Node::new(value.at, NodeKind::Mapping(vec![Entry { key, value }]))
    })
}

/// Reads a script that stands somewhere in a file, with what is known of its variables; learns what it assigns.
#[must_use]
pub fn script(id: SourceId, text: &str, base: usize, variables: &mut Variables) -> Parsed {
    read(Script { id, text, base, depth: 0, is_expanded: false }, variables)
}

fn read(script: Script<'_>, variables: &mut Variables) -> Parsed {
    let (mut commands, id) = (Commands::default(), script.id);
    scanner::read(script, variables, &mut commands);
    let Commands { nodes, problems, .. } = commands;
    let (start, end) = nodes.iter().fold((usize::MAX, 0), |(start, end), node| {
        let range = node.at.span.range();
        (start.min(range.start), end.max(range.end))
    });
    let at = Location::new(id, start.min(end), end);
    let document = Node::new(at, NodeKind::Sequence(nodes));
    let documents = if document.items().is_empty() { Vec::new() } else { vec![document] };
    Parsed { documents, problems }
}

/// Whether a file with this extension is of another format: `Dockerfile.md`.
fn is_other(extension: &str) -> bool {
    matches!(extension, "md" | "yaml" | "yml" | "json" | "toml" | "php" | "env" | "txt" | "lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_scripts_are_claimed_and_those_of_other_files_are_not() {
        let claimed = [
            (Shell::Script, "deploy/prod.sh a.bash x/.zsh.sh set.sh.dist"),
            (Shell::Make, "Makefile build/rules.mk Makefile.prod GNUmakefile"),
            (Shell::Docker, "Dockerfile docker/Dockerfile.prod php.dockerfile Containerfile"),
            (Shell::Jenkins, "Jenkinsfile ci/Jenkinsfile.deploy prod.jenkinsfile"),
        ];
        for (format, paths) in claimed {
            for path in paths.split(' ') {
                assert!(format.claims(path), "{path}");
            }
        }
        for path in ["sh", "a.sh/b", "Makefile.md", "Dockerfile.yaml", "dockerfiles", "push.php"] {
            assert!(!Shell::ALL.iter().any(|format| format.claims(path)), "{path}");
        }
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let started = crate::syntax::effort::Effort::begin();
        let units = "a \"x\n%'%\"$(%$(%`%${%{{%${{%<<E %<<E\n%(%bash -c \"%\\%A=$A$A;%sh '%\"\"\"%RUN [\"%\t$(%$((%x=(%if {%for a in b; do ";
        for unit in units.split('%') {
            let text = unit.repeat(20_000);
            for format in Shell::ALL {
                for head in ["", "config:set \"", "sh '''", "a:\n\t"] {
                    let from = crate::syntax::effort::Effort::begin();
                    let parsed = format.parse(SourceId(0), &format!("{head}{text}"));
                    assert!(parsed.problems.len() < 100);
                    assert!(from.spent().as_secs() < 3, "{format:?} {head:?} {unit:?}");
                }
            }
        }
        assert!(started.spent().as_secs() < 60, "reading took {:?}", started.spent());
    }
}
