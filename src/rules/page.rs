//! A rule's page: YAML front matter, then Markdown.
//!
//! Pages are compiled in; what is wrong with one is for its author and is found by `tests/it/rules.rs`.

use serde::Deserialize;
use thiserror::Error;

use crate::rule::Severity;

/// The parser of the front matter is quadratic on hostile nesting.
const MAX_FRONT_MATTER: usize = 16 << 10;

/// A page, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<'a> {
    /// The severity without configuration; none for `off`.
    pub severity: Option<Severity>,
    /// One sentence on what the rule finds.
    pub summary: String,
    /// The version that brought the rule.
    pub since: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Addresses of what it rests on.
    pub references: Vec<String>,
    /// The Markdown, from the title on.
    pub body: &'a str,
}

/// Why a text is no page.
#[derive(Debug, Error)]
pub enum PageError {
    /// The text does not start with a `---` line, or the second one is missing.
    #[error("the front matter is missing: a page starts with `---` and ends it with `---`")]
    NoFrontMatter,
    /// More than 16 KiB.
    #[error("the front matter is larger than 16 KiB")]
    TooLarge,
    /// Not YAML, or a key that is unknown or missing.
    #[error("the front matter is wrong: {0}")]
    FrontMatter(#[from] serde_yaml::Error),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    severity: Level,
    summary: String,
    since: String,
    tags: Vec<String>,
    #[serde(default)]
    references: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Off,
    Warning,
    Error,
}

/// Takes a page apart.
///
/// # Errors
/// Where the front matter is missing, too large, or wrong.
pub fn parse(text: &str) -> Result<Page<'_>, PageError> {
    let after = strip_fence(text).ok_or(PageError::NoFrontMatter)?;
    let (end, body) = line_starts(after)
        .find_map(|start| {
            let (before, rest) = after.split_at_checked(start)?;
            Some((before.len(), strip_fence(rest)?))
        })
        .ok_or(PageError::NoFrontMatter)?;
    if end > MAX_FRONT_MATTER {
        return Err(PageError::TooLarge);
    }
    let front: FrontMatter = serde_yaml::from_str(after.get(..end).unwrap_or_default())?;
    let severity = match front.severity {
        Level::Off => None,
        Level::Warning => Some(Severity::Warning),
        Level::Error => Some(Severity::Error),
    };
    let FrontMatter { summary, since, tags, references, .. } = front;
    Ok(Page { severity, summary, since, tags, references, body: body.trim_start() })
}

/// What follows a `---` line at the start of the text, with either line ending.
fn strip_fence(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("---")?;
    rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\r\n"))
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1))
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
    fn what_is_wrong_with_a_page_is_told() {
        for (text, expected) in [
            ("# Title".to_owned(), "missing"),
            ("---\nseverity: off\n".to_owned(), "missing"),
            (PAGE.replace("tags: [a]\n", ""), "tags"),
            (PAGE.replace("tags:", "tag: x\ntags:"), "tag"),
            (PAGE.replace("off", "deny"), "deny"),
            (PAGE.replace("Two", &"x".repeat(20_000)), "larger"),
        ] {
            let error = parse(&text).expect_err("the page is wrong").to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
