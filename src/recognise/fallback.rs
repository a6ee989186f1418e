//! What stands in for a variable that nothing sets: `${X:-id}`.
//!
//! Sources: POSIX, *Parameter Expansion*; the Compose specification, *Interpolation*; the Flux documentation, *Post build variable substitution*.

use std::sync::LazyLock;

use regex::Regex;

use crate::source::{Location, Source};
use crate::syntax::{Node, NodeKind};

/// A variable with its default, and nothing beside it.
static DEFAULTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^"?\$\{[A-Za-z_][A-Za-z0-9_]*:?[-=](?<or>[^${}]+)\}"?$"#).ok());

/// The text that stands in for the variable that a scalar is, and where it stands; none where the scalar is anything else.
#[must_use]
pub fn of(node: &Node, source: &Source) -> Option<Node> {
    let written = source.slice(node.at.span);
    // Most values are no variables.
    let inner = written.trim_matches(['"', '\'']);
    let from = written.find("${").filter(|_| inner.starts_with("${"))?;
    let or = DEFAULTED.as_ref()?.captures(inner)?.name("or")?;
    let start = node.at.span.start as usize + from + or.start();
    let at = Location::new(node.at.source, start, start + or.len());
    let text = or.as_str().trim_matches(['"', '\'']);
    Some(Node::new(at, NodeKind::Scalar(text.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn what_stands_behind_the_name_of_a_variable_is_its_default() {
        for (written, expected) in [
            ("${X:-id}", Some("id")),
            ("\"${X-id}\"", Some("id")),
            ("'${X:=id}'", Some("id")),
            ("${X}", None),
            ("${X:-}", None),
            ("${X:-$Y}", None),
            ("${X:-${Y:-id}}", None),
            ("a-${X:-id}", None),
            ("${X:?say it}", None),
            ("${2:-id}", None),
        ] {
            let source = Source::new("x.yaml".to_owned(), written.as_bytes().to_vec());
            let node = Node::new(
                Location::new(SourceId(0), 0, written.len()),
                NodeKind::Scalar(written.trim_matches('\'').to_owned()),
            );
            let found = of(&node, &source);
            assert_eq!(found.as_ref().and_then(Node::as_str), expected, "{written}");
            let at = found.map(|found| source.slice(found.at.span).to_owned());
            assert_eq!(at.as_deref(), expected, "{written}");
        }
    }
}
