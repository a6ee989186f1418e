//! HCL → [`Node`], on the hcl-edit crate: Terraform, its variables, Terragrunt, Packer, Nomad.
//!
//! A block is an entry under its type and its labels. The library gives up at the first fault, so the broken line is blanked at the same
//! length and the text parsed again, a few times at most: the settings around it stay. Nothing is evaluated.

mod limits;
mod repair;
mod scan;
mod values;

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body, Structure};
use memchr::memchr2_iter;

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, MAX_DEPTH, MAX_NODES, Node, NodeKind, Parsed, Problem, stem_of_sample};
use crate::source::{Location, SourceId};
use limits::{MAX_KEYS, MAX_PROBLEMS, TOO_DEEP, TOO_MANY};

/// HCL 2, as Terraform writes it.
pub struct Hcl;

impl Format for Hcl {
    fn name(&self) -> &'static str {
        "HCL"
    }

    fn claims(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let stem = stem_of_sample(&path);
        [".tf", ".tfvars", ".hcl", ".tofu"].iter().any(|ending| stem.ends_with(ending))
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::HCL, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let mut tree = Tree { id, text: "", base: 0, nodes: 0, problems: Vec::new() };
        let mut entries = Vec::new();
        for piece in pieces(text) {
            tree.base = piece.start;
            tree.text = text.get(piece).unwrap_or_default();
            let (body, problems) = repair::parse(id, tree.text);
            let problems: Vec<Problem> =
                problems.into_iter().map(|problem| tree.moved(problem)).collect();
            tree.problems.extend(problems);
            entries.extend(body.into_iter().flat_map(|body| tree.entries(&body, 1)));
        }
        tree.problems.truncate(MAX_PROBLEMS);
        let ends = entries.first().zip(entries.last());
        let at = ends.map(|(first, last)| first.key.at.span.start..last.value.at.span.end);
        let document = at.map(|at| {
            let at = Location::new(id, at.start as usize, at.end as usize);
            Node::new(at, NodeKind::Mapping(entries))
        });
        Parsed { documents: document.into_iter().collect(), problems: tree.problems }
    }
}

/// The pieces that a text is read in: whole blocks and attributes.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let keys = |range: Range<usize>| {
        let part = text.as_bytes().get(range).unwrap_or_default();
        memchr2_iter(b'=', b':', part).count()
    };
    if keys(0..text.len()) <= MAX_KEYS {
        return std::iter::once(0..text.len()).collect();
    }
    let mut pieces = Vec::new();
    let (mut start, mut end, mut known) = (0, 0, 0);
    for next in scan::Scan::of(text, text.len()).statements.into_iter().chain([text.len()]) {
        let more = keys(end..next);
        if known + more > MAX_KEYS && end > start {
            pieces.push(start..end);
            (start, known) = (end, 0);
        }
        (end, known) = (next, known + more);
    }
    pieces.push(start..text.len());
    pieces
}

/// Reads a piece of a text.
struct Tree<'a> {
    id: SourceId,
    /// The piece.
    text: &'a str,
    /// Where it starts.
    base: usize,
    nodes: usize,
    problems: Vec<Problem>,
}

impl Tree<'_> {
    /// A fault of the piece, as one of the text.
    fn moved(&self, problem: Problem) -> Problem {
        let at = problem.at.span.range();
        let at = Location::new(self.id, self.base + at.start, self.base + at.end);
        Problem { at, ..problem }
    }

    fn entries(&mut self, body: &Body, depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        for structure in body {
            let entry = match structure {
                Structure::Attribute(attribute) => self.attribute(attribute, depth),
                Structure::Block(block) => self.block(block, depth),
            };
            entries.extend(entry);
        }
        entries
    }

    fn attribute(&mut self, attribute: &Attribute, depth: usize) -> Option<Entry> {
        let key = attribute.key.span()?;
        let value = self.value(&attribute.value, depth + 1)?;
        let key = self.node(key, NodeKind::Scalar(attribute.key.as_str().to_owned()));
        Some(Entry { key, value })
    }

    /// A block is nested under its type and each of its labels: `resource` → `aws_ssm_parameter` → `x`.
    fn block(&mut self, block: &Block, depth: usize) -> Option<Entry> {
        let whole = block.span()?;
        let kind = block.ident.span()?;
        let mut names = vec![(kind.clone(), block.ident.as_str().to_owned())];
        for label in &block.labels {
            let span = match label {
                BlockLabel::Ident(name) => name.span(),
                BlockLabel::String(name) => name.span(),
            };
            names.push((span?, label.as_str().to_owned()));
        }
        if !self.has_room(kind, depth + names.len()) {
            return None;
        }
        let last = names.last().map_or(whole.start, |(span, _)| span.end);
        let header = self.text.get(last..whole.end).unwrap_or_default();
        let open = last + header.find('{').unwrap_or_default();
        let entries = self.entries(&block.body, depth + names.len());
        let mut value = self.node(open..whole.end, NodeKind::Mapping(entries));
        let mut names = names.into_iter().rev().peekable();
        while let Some((span, name)) = names.next() {
            let start = span.start;
            let entry = Entry { key: self.node(span, NodeKind::Scalar(name)), value };
            if names.peek().is_none() {
                return Some(entry);
            }
            value = self.node(start..whole.end, NodeKind::Mapping(vec![entry]));
        }
        None
    }

    /// Builds a node, its span cut to the text and to whole characters.
    fn node(&mut self, span: Range<usize>, kind: NodeKind) -> Node {
        self.nodes += 1;
        let end = scan::boundary(self.text, span.end);
        let start = scan::boundary(self.text, span.start).min(end);
        Node::new(Location::new(self.id, self.base + start, self.base + end), kind)
    }

    /// Whether one more value fits, at this depth; says so once where none does.
    fn has_room(&mut self, span: Range<usize>, depth: usize) -> bool {
        let fault = if depth > MAX_DEPTH {
            TOO_DEEP
        } else if self.nodes >= MAX_NODES {
            TOO_MANY
        } else {
            return true;
        };
        if !self.problems.iter().any(|problem| problem.message == fault) {
            let at = self.node(span, NodeKind::Null).at;
            self.problems.push(Problem { at, message: fault.to_owned() });
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: SourceId = SourceId(0);

    fn value(text: &str, path: &[&str]) -> Option<String> {
        Hcl.parse(ID, text).text_at(path)
    }

    #[test]
    fn terraform_is_claimed_and_its_json_is_not() {
        for path in ["a/main.tf", "prod.auto.tfvars", "terragrunt.hcl", "x.tfvars.example"] {
            assert!(Hcl.claims(path), "{path}");
        }
        for path in ["main.tf.json", "prod.tfvars.json", "tf", "terraform.tfstate"] {
            assert!(!Hcl.claims(path), "{path}");
        }
    }

    #[test]
    fn blocks_nest_under_their_labels() {
        let text = "resource \"aws_ssm_parameter\" \"x\" {\n  value = \"a\"\n}\n";
        let path = ["resource", "aws_ssm_parameter", "x", "value"];
        assert_eq!(value(text, &path).as_deref(), Some("a"));
    }

    #[test]
    fn a_heredoc_without_lines_is_blank() {
        let text = "a = <<E\nE\nb = <<-E\n  1\n  E\n";
        assert_eq!(value(text, &["a"]).as_deref(), Some(""));
        assert_eq!(value(text, &["b"]).as_deref(), Some("1\n"));
    }

    #[test]
    fn a_file_with_many_blocks_is_read_in_pieces_and_keeps_its_places() {
        let block = |name: usize| {
            format!("# = {{\nresource \"aws\" \"x{name}\" {{\n  value = \"é{name}\"\n}}\n")
        };
        let many = MAX_KEYS;
        let text: String = (0..many).map(block).collect();
        let parsed = Hcl.parse(ID, &format!("{text}broken {{\n"));
        assert_eq!(parsed.problems.len(), 1);
        let root = parsed.documents.first().expect("there is a document");
        // The block that is never closed is told, and is one more.
        let is_resource = |entry: &&crate::syntax::Entry| entry.key.as_str() == Some("resource");
        assert_eq!(root.entries().iter().filter(is_resource).count(), many);
        let last = root.entries().iter().rfind(is_resource).expect("there are blocks");
        let value = last.value.get("aws").and_then(|of| of.get(&format!("x{}", many - 1)));
        let value = value.and_then(|of| of.get("value")).expect("the last block is read");
        assert_eq!(value.as_str(), Some(format!("é{}", many - 1).as_str()));
        assert_eq!(text.get(value.at.span.range()), Some(format!("\"é{}\"", many - 1).as_str()));
    }

    #[test]
    fn messages_hold_no_word_of_the_file() {
        let text =
            "hunter2\nhunter2 = \"hunter2\nhunter2 {\nhunter2 = <<HUNTER2\nhunter2 hunter2\n";
        let problems = Hcl.parse(ID, text).problems;
        assert!(!problems.is_empty());
        for problem in problems {
            assert!(!problem.message.to_lowercase().contains("hunter2"), "{}", problem.message);
        }
    }

    #[test]
    fn hostile_text_is_read_in_bounded_time() {
        let started = crate::syntax::effort::Effort::begin();
        let units = "a = [|a = {|a {\n|a b c \"d\" |\"${|%{if a}|a = <<X\n|(|-|a.|a[|a?b:|{a=|\"|/*|junk\n|a = 1\n|}\n|f(|a = !|+1|for a in b : |\\";
        for unit in units.split('|') {
            for head in ["", "a = ", "a = \"", "a = {\n", "a {\n", "a = <<X\n"] {
                Hcl.parse(ID, &format!("{head}{}", unit.repeat(1_500)));
            }
        }
        let keys = (0..19_000).fold(String::new(), |keys, key| keys + &format!("k{key} = 1\n"));
        Hcl.parse(ID, &format!("a = {{\n{keys}}}\n"));
        Hcl.parse(ID, &keys);
        assert!(started.spent().as_secs() < 60, "reading took {:?}", started.spent());
    }
}
