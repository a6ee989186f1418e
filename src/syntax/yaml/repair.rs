//! Blanks what broke a line-oriented parser, at the same byte length, so that the lines round it can be read.
//!
//! Nothing is made up: what was blanked is added to the holes, so a value that lost bytes is an expression, not a shorter value.

use std::ops::Range;

use super::holes::{Holes, line_start};

/// What kind of mistake stopped the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A quote or bracket that is never closed: the more indented lines below it belong to it.
    Unclosed,
    /// The line stands at the wrong column.
    Indentation,
    /// The line is indented by tabs.
    Tab,
    /// Anything else on the line.
    Value,
    /// This bracket is missing at the end of the text.
    Ends(char),
    /// The document is one line of brackets: what stands before the mistake is kept.
    Alone,
}

/// Blanks the line of `at`, or only its value where `key: value` can be told apart and `whole` is not asked for.
///
/// Returns whether anything was left to blank.
pub fn blank(text: &mut String, holes: &mut Holes, at: usize, cause: Cause, whole: bool) -> bool {
    let Some(line) = broken_line(text, at) else { return false };
    if cause == Cause::Alone {
        fill(text, at..line.end);
        holes.add(at..line.end);
        return !whole;
    }
    let content = text.get(line.clone()).unwrap_or_default();
    let indent = content.len() - content.trim_start().len();
    let dashes = indent + dash_prefix(content.trim_start());
    let key = content.get(dashes..).and_then(key_length).map(|key| dashes + key);
    let whole = whole || matches!(cause, Cause::Indentation | Cause::Tab);
    let has_more = |from: usize| content.get(from..).is_some_and(|rest| !rest.trim().is_empty());
    let key = key.filter(|&key| !whole && line.start + key <= at && has_more(key));
    let keep = key.unwrap_or(if whole || !has_more(dashes) { 0 } else { dashes });
    // A line of JSON keeps its comma, or the next line would break too.
    let comma =
        key.is_some() && content.trim_end().ends_with(',') && content.trim_start().starts_with('"');
    let end = line.start + content.trim_end().len() - usize::from(comma);
    let column = if key.is_some() { dashes } else { indent };
    let start = line.start + keep;
    fill(text, start..end);
    let mut next = line.end;
    while let Some(below) = next_line(text, next) {
        let content = text.get(below.clone()).unwrap_or_default();
        let indent = content.len() - content.trim_start().len();
        let belongs = match cause {
            Cause::Unclosed => content.trim().is_empty() || indent > column,
            Cause::Tab => {
                let blank = content.get(..indent).unwrap_or_default();
                blank.contains('\t') && indent < content.len()
            }
            _ => false,
        };
        if !belongs {
            break;
        }
        next = below.end;
        fill(text, below);
    }
    // One hole for all: a region can have very many lines.
    holes.add(start..if next > line.end { next } else { end });
    true
}

/// Whether a line goes on with the value of the broken one above it: nothing else stands between, and it has no key of its own. Lines of
/// one value that break one after the other are one mistake.
pub fn is_rest(text: &str, above: usize, line: usize) -> bool {
    let between = text.get(line_at(text, above).end..line);
    let content = text.get(line_at(text, line)).unwrap_or_default().trim_start();
    let is_item = dash_prefix(content) > 0 || content == "-";
    above < line
        && between.is_some_and(|between| between.trim().is_empty())
        && !is_item
        && key_length(content).is_none()
        && !content.ends_with(':')
        && !content.starts_with(['#', '%', '[', '{', '<', '&', '*', '!'])
}

/// The line at `at`, or else the nearest one with something on it: below first, then above.
fn broken_line(text: &str, at: usize) -> Option<Range<usize>> {
    let has_text =
        |line: &Range<usize>| text.get(line.clone()).is_some_and(|line| !line.trim().is_empty());
    let start = line_start(text, at.min(text.len()));
    let mut below = line_at(text, start);
    while !has_text(&below) {
        let Some(next) = next_line(text, below.end) else {
            let above = text.get(..start).unwrap_or_default().trim_end();
            return (!above.is_empty()).then(|| line_at(text, line_start(text, above.len())));
        };
        below = next;
    }
    Some(below)
}

/// The line that starts at `start`, without its line ending.
fn line_at(text: &str, start: usize) -> Range<usize> {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    start..start + end - usize::from(end > 0 && rest.get(end - 1) == Some(&b'\r'))
}

/// The line below the one that ends at `end`.
fn next_line(text: &str, end: usize) -> Option<Range<usize>> {
    let found = memchr::memchr(b'\n', text.as_bytes().get(end..)?)?;
    let start = end + found + 1;
    (start < text.len()).then(|| line_at(text, start))
}

fn fill(text: &mut String, range: Range<usize>) {
    if text.get(range.clone()).is_some() {
        let blanks = " ".repeat(range.len());
        text.replace_range(range, &blanks);
    }
}

/// How long the `- - ` at the start of a line is.
fn dash_prefix(content: &str) -> usize {
    let rest = content.trim_start_matches("- ").trim_start();
    if content.starts_with("- ") { content.len() - rest.len() } else { 0 }
}

/// How long the `key:` at the start of a line is, the colon included.
fn key_length(content: &str) -> Option<usize> {
    let first = content.chars().next()?;
    let from = match first {
        '"' | '\'' => content.get(1..)?.find(first)? + 2,
        _ if first.is_alphanumeric() || "_./$<~".contains(first) => 0,
        _ => return None,
    };
    let colon = from + content.get(from..)?.find(':')?;
    let is_quoted = from > 0;
    let ends_key =
        content.get(colon + 1..)?.starts_with([' ', '\t']) && (!is_quoted || colon == from);
    ends_key.then_some(colon + 1)
}

#[cfg(test)]
mod tests {
    use crate::source::SourceId;
    use crate::syntax::{Format as _, Node, yaml::Yaml};

    /// Every kind of break, to stand between whole lines.
    const BROKEN: &[&str] = &[
        "b: two: three",
        "b: @two",
        "b: `two`",
        "b: \"two",
        "b: 'two",
        "b: 'it's two'",
        "b: \"two\" three",
        "b: \"\\q\"",
        "b: [two, three",
        "b: {two: three",
        "b: [two}",
        "b: ]",
        "b: [\n  two,\n  three",
        "b: {\n  two: 2,\n  three: 3",
        "b:\n  - [two\n  - three",
        "b:\n\ttwo: 2\n\tthree: 3",
        "b:\n    two: 2\n  three: 3",
        "   b: 2",
        "b",
        "b two",
        "- b",
        "b: *",
        "b: &",
        "b: !x!y two",
        "b: |two\n  three",
        "%",
        "b: \u{1}",
        "b: two\n  three: four",
        "b: @two\n  three: 3",
        "\"b: 2",
        "b: - two",
        "<<<<<<< HEAD",
    ];

    fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
        node.get(key).and_then(Node::as_str)
    }

    #[test]
    fn settings_before_and_after_the_broken_line_survive() {
        for broken in BROKEN {
            for ending in ["\n", "\r\n"] {
                let file = format!("a: 1\n{broken}\nc: \"3\"\nd:\n  e: 5\n").replace('\n', ending);
                let parsed = Yaml.parse(SourceId(0), &file);
                assert!(!parsed.problems.is_empty(), "{file}");
                let [document] = parsed.documents.as_slice() else { panic!("{file}") };
                assert_eq!(text(document, "a"), Some("1"), "{file}");
                assert_eq!(text(document, "c"), Some("3"), "{file}");
                assert_eq!(document.get("d").and_then(|d| text(d, "e")), Some("5"), "{file}");
            }
        }
    }

    #[test]
    fn nested_settings_round_the_broken_line_survive() {
        for broken in BROKEN {
            let broken = broken.replace('\n', "\n    ");
            let file =
                format!("x:\n  - n: 0\n    a: 1\n    {broken}\n    c: \"3\"\n  - f: 6\ny: 7\n");
            let parsed = Yaml.parse(SourceId(0), &file);
            assert!(!parsed.problems.is_empty(), "{file}");
            let [document] = parsed.documents.as_slice() else { panic!("{file}") };
            let items = document.get("x").map(Node::items).unwrap_or_default();
            assert_eq!(items.first().and_then(|item| text(item, "a")), Some("1"), "{file}");
            assert_eq!(items.first().and_then(|item| text(item, "c")), Some("3"), "{file}");
            assert_eq!(items.last().and_then(|item| text(item, "f")), Some("6"), "{file}");
            assert_eq!(text(document, "y"), Some("7"), "{file}");
        }
    }

    #[test]
    fn a_problem_never_holds_text_of_the_file() {
        for broken in BROKEN {
            let text = broken.replace("two", "zqzq").replace("three", "zqzq");
            let problems = Yaml.parse(SourceId(0), &format!("zqzq: 1\n{text}\nx: zqzq\n")).problems;
            assert!(!problems.is_empty(), "{text}");
            for problem in problems {
                assert!(!problem.message.contains("zqzq"), "{}", problem.message);
            }
        }
    }

    #[test]
    fn lines_of_one_value_are_one_mistake() {
        for text in [
            "a: 1\nb: \"x\"\n  y\n  z\nc: 3\n",
            "b: @x\nAAAA\nBBBB\nCCCC\nc: 3\n",
            "b: -----BEGIN X-----\nAAAA\nBBBB=\n-----END X-----\nc: 3\n",
        ] {
            let parsed = Yaml.parse(SourceId(0), text);
            assert_eq!(parsed.problems.len(), 1, "{text}: {:?}", parsed.problems);
            assert_eq!(parsed.documents[0].get("c").and_then(Node::as_str), Some("3"), "{text}");
        }
        let two = Yaml.parse(SourceId(0), "a: @x\nb: @y\n");
        assert_eq!(two.problems.len(), 2);
        for text in
            ["a: \"-----BEGIN X-----\nAAAA\n-----END X-----\"\nc: 3\n", "a: \"x\n\ty\"\nc: 3\n"]
        {
            let parsed = Yaml.parse(SourceId(0), text);
            assert_eq!(
                (parsed.problems.len(), parsed.documents[0].get("c").and_then(Node::as_str)),
                (0, Some("3")),
                "{text}"
            );
        }
    }

    #[test]
    fn a_value_that_lost_a_line_is_an_expression() {
        let parsed = Yaml.parse(SourceId(0), "a: |\n  one\n  t\u{1}wo\n  three\nb: 1\n");
        assert_eq!(text(&parsed.documents[0], "a"), None);
        assert_eq!(text(&parsed.documents[0], "b"), Some("1"));
    }

    #[test]
    fn json_on_one_line_is_read_up_to_its_mistake() {
        let parsed =
            Yaml.parse(SourceId(0), "{\"a\": 1, \"b\": {\"c\": 2}, \"d\" \"e\", \"f\": 3}\n");
        assert_eq!(parsed.problems.len(), 1);
        assert_eq!(text(&parsed.documents[0], "a"), Some("1"));
        assert_eq!(parsed.documents[0].get("b").and_then(|b| text(b, "c")), Some("2"));
    }

    #[test]
    fn huge_broken_files_are_read_a_bounded_number_of_times() {
        for line in ["a: b: c\n", "a: 'b\n", "a: [b\n", "[\n", "a:\n\tb: 1\n", "%\n", "- '\n"] {
            let text = format!("{}{}", "ok: 1\n".repeat(1000), line.repeat(20_000));
            let parsed = Yaml.parse(SourceId(0), &text);
            assert!(parsed.problems.len() <= 40);
        }
    }
}
