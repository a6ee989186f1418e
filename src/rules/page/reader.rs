//! Reads what a page says of itself, value by value, and keeps every mistake.

use crate::source::{Location, Span};
use crate::suggest::nearest;
use crate::syntax::{Node, NodeKind};

/// One mistake in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageError {
    /// Where it stands in the text.
    pub span: Span,
    /// What is wrong: a lower-case clause.
    pub message: String,
    /// What to write instead; may be empty.
    pub help: String,
}

/// Reads front matter and keeps every mistake.
#[derive(Default)]
pub struct Reader {
    pub(super) errors: Vec<PageError>,
}

impl Reader {
    /// A text that is not blank.
    pub(in crate::rules) fn text(&mut self, key: &str, node: &Node) -> Option<String> {
        let text = node.as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.error_at(node.at, format!("`{key}` is a text"), "write it in quotes");
        }
        text.map(str::to_owned)
    }

    /// Texts that are not blank: one, or a list of them.
    pub(in crate::rules) fn texts(&mut self, key: &str, node: &Node) -> Vec<String> {
        match &node.kind {
            NodeKind::Sequence(items) => {
                items.iter().filter_map(|item| self.text(key, item)).collect()
            }
            _ => self.text(key, node).into_iter().collect(),
        }
    }

    pub(in crate::rules) fn unknown_key(&mut self, key: &Node, known: &[&str]) {
        let written = key.as_str().unwrap_or_default();
        let help = nearest(written, known.iter().copied()).map_or_else(
            || format!("known here: `{}`", known.join("`, `")),
            |near| format!("did you mean `{near}`?"),
        );
        self.error_at(key.at, "unknown key", help);
    }

    pub(in crate::rules) fn error_at(
        &mut self,
        at: Location,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.error(at.span, message, help);
    }

    pub(super) fn error(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.errors.push(PageError { span, message: message.into(), help: help.into() });
    }
}
