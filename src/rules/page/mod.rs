//! A rule's page: YAML front matter, then Markdown.
//!
//! Every mistake is told with its place, not just the first one. Our own pages are compiled in: what is wrong with one is found by
//! `tests/it/rules.rs`.

pub(super) mod reader;

use super::assertion::Assertion;
use super::assertion::reader::assertions;
use crate::rule::Severity;
use crate::source::{SourceId, Span};
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, Problem};
pub use reader::PageError;
use reader::Reader;

/// Far beyond any front matter that a person writes.
const MAX_FRONT_MATTER: usize = 16 << 10;

/// The JSON Schema of a page's front matter, for editors.
pub const SCHEMA: &str = include_str!("schema.json");

/// What the front matter can say.
pub const KEYS: [&str; 8] =
    ["assert", "finds", "references", "severity", "since", "summary", "tags", "yields-to"];

/// What `finds` says of a rule whose findings are keys.
const PRIVATE_KEY: &str = "private-key";

/// A page, taken apart.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The severity without configuration; none for `off`.
    pub severity: Option<Severity>,
    /// One sentence on what the rule finds.
    pub summary: String,
    /// The version that brought the rule; may be empty.
    pub since: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Addresses of what it rests on.
    pub references: Vec<String>,
    /// The rules that tell more of the same fault: where one of them speaks of a place, this one is silent.
    pub yields_to: Vec<String>,
    /// Whether what it finds is a private key itself.
    pub finds_keys: bool,
    /// What has to hold, where the rule needs no code.
    pub assertions: Vec<Assertion>,
    /// The Markdown, from the title on.
    pub body: &'a str,
}

/// Takes a page apart.
///
/// # Errors
/// Every mistake of the front matter, in order of places.
pub fn parse(text: &str) -> Result<Page<'_>, Vec<PageError>> {
    let mut reader = Reader::default();
    let Some((end, body)) = halves(text) else {
        let help = "a page starts with a line `---` and ends what it says of itself with another";
        reader.error(Span::default(), "the front matter is missing", help);
        return Err(reader.errors);
    };
    if end > MAX_FRONT_MATTER {
        reader.error(Span::default(), "the front matter is larger than 16 KiB", "");
        return Err(reader.errors);
    }
    let parsed = Yaml.parse(SourceId(0), text.get(..end).unwrap_or_default());
    for Problem { at, message } in &parsed.problems {
        reader.error(at.span, message.clone(), "");
    }
    let page = match parsed.documents.first() {
        Some(front) if reader.errors.is_empty() => reader.page(front, body),
        _ => None,
    };
    let Reader { mut errors } = reader;
    errors.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
    page.filter(|_| errors.is_empty()).ok_or(errors)
}

/// Where the front matter ends, and what follows it.
fn halves(text: &str) -> Option<(usize, &str)> {
    let after = strip_fence(text)?;
    let start = text.len() - after.len();
    line_starts(after).find_map(|line| {
        let rest = after.get(line..)?;
        Some((start + line, strip_fence(rest)?))
    })
}

/// What follows a `---` line at the start of the text, with either line ending.
fn strip_fence(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("---")?;
    rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\r\n"))
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1))
}

impl Reader {
    fn page<'a>(&mut self, front: &Node, body: &'a str) -> Option<Page<'a>> {
        let mut summary = None;
        let mut page = Page {
            severity: None,
            summary: String::new(),
            since: String::new(),
            tags: Vec::new(),
            references: Vec::new(),
            yields_to: Vec::new(),
            finds_keys: false,
            assertions: Vec::new(),
            body: body.trim_start(),
        };
        for entry in front.entries() {
            let value = &entry.value;
            match entry.key.as_str().unwrap_or_default() {
                "severity" => page.severity = self.severity(value),
                "summary" => summary = self.text("summary", value),
                "since" => page.since = self.text("since", value).unwrap_or_default(),
                "tags" => page.tags = self.texts("tags", value),
                "references" => page.references = self.texts("references", value),
                "yields-to" => page.yields_to = self.texts("yields-to", value),
                "finds" => page.finds_keys = self.finds_keys(value),
                "assert" => page.assertions = assertions(self, value),
                _ => self.unknown_key(&entry.key, &KEYS),
            }
        }
        for (key, help) in [
            ("severity", "write `severity: error`, `severity: warning` or `severity: off`"),
            ("summary", "say in one sentence what the rule finds"),
        ] {
            if front.get(key).is_none() {
                self.error(front.at.span, format!("`{key}` is missing"), help);
            }
        }
        Some(Page { summary: summary?, ..page })
    }

    /// Whether it finds what one word says.
    fn finds_keys(&mut self, node: &Node) -> bool {
        let is_it = node.as_str() == Some(PRIVATE_KEY);
        if !is_it {
            self.error_at(node.at, "no such thing is found", format!("write `{PRIVATE_KEY}`"));
        }
        is_it
    }

    /// The severity that a word says; none for `off`.
    fn severity(&mut self, node: &Node) -> Option<Severity> {
        match node.as_str() {
            Some("off") => None,
            Some("warning") => Some(Severity::Warning),
            Some("error") => Some(Severity::Error),
            _ => {
                self.error_at(node.at, "no such severity", "write `off`, `warning` or `error`");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "---\nseverity: off\nsummary: Two doors.\nsince: 0.1.0\ntags: [a]\n---\n\n# Title\n\n---\n";

    #[test]
    fn a_page_is_taken_apart() {
        let page = parse(PAGE).expect("the page is sound");
        assert_eq!(page.severity, None);
        assert_eq!((page.summary.as_str(), page.since.as_str()), ("Two doors.", "0.1.0"));
        assert_eq!(page.body, "# Title\n\n---\n");
        let windows = PAGE.replace('\n', "\r\n");
        assert_eq!(parse(&windows).expect("line endings do not matter").summary, "Two doors.");
    }

    #[test]
    fn what_is_wrong_with_a_page_is_told_with_its_place() {
        for (text, place, expected) in [
            ("# Title".to_owned(), "", "missing"),
            ("---\nseverity: off\n".to_owned(), "", "missing"),
            (PAGE.replace("summary: Two doors.\n", ""), "", "`summary` is missing"),
            (PAGE.replace("tags:", "tag: x\ntags:"), "tag", "unknown key"),
            (PAGE.replace("off", "deny"), "deny", "no such severity"),
            (PAGE.replace("[a]", "[[a]]"), "[a]", "`tags` is a text"),
            (PAGE.replace("Two", &"x".repeat(20_000)), "", "larger"),
        ] {
            let errors = parse(&text).expect_err("the page is wrong");
            let error = errors.first().expect("there is one");
            assert!(error.message.contains(expected), "{error:?}");
            if !place.is_empty() {
                assert_eq!(text.get(error.span.range()), Some(place), "{error:?}");
            }
        }
    }
}
