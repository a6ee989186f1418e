//! TOML → [`Node`], on the recovering parser of the toml crate.
//!
//! The library gives up at some faults, or takes the rest of the file for one string. Such a line is blanked at the same length and the
//! text parsed again, a few times at most: the settings around it stay.

mod depth;
mod repair;

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, MAX_DEPTH, MAX_NODES, Node, NodeKind, Parsed, Problem, stem_of_sample};
use crate::source::{Location, SourceId};
use depth::too_deep;
use repair::{Faults, MAX_PROBLEMS, TOO_DEEP};

/// TOML 1.1.
pub struct Toml;

impl Format for Toml {
    fn name(&self) -> &'static str {
        "TOML"
    }

    fn claims(&self, path: &str) -> bool {
        stem_of_sample(&path.to_ascii_lowercase()).strip_suffix(".toml").is_some()
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::TOML, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let mut faults = Faults::new(text);
        let mut masked = Cow::Borrowed(text);
        for at in too_deep(text) {
            faults.add(at..at + 1, TOO_DEEP, false);
            faults.blank(&mut masked, at);
        }
        for round in 1..=MAX_ROUNDS {
            let repaired = {
                let (table, errors) = DeTable::parse_recoverable(&masked);
                let repaired = faults.repair(&masked, table.get_ref(), &errors, round);
                let is_hopeless = round == MAX_ROUNDS || (round > 1 && errors.len() > MAX_ERRORS);
                if repaired.is_none() || is_hopeless {
                    let mut tree = Tree { id, text, nodes: 0, problems: faults.problems(id) };
                    let entries = tree.entries(table.into_inner(), 1);
                    let documents = tree.document(entries).into_iter().collect();
                    return Parsed { documents, problems: tree.problems };
                }
                repaired
            };
            masked = repaired.map_or(masked, Cow::Owned);
        }
        Parsed::default()
    }
}

/// How often a text is parsed.
const MAX_ROUNDS: usize = 8;

/// How many errors tell a text that is no TOML from one that has a fault, once what took the rest of the file is mended.
const MAX_ERRORS: usize = 1_000;

const TOO_MANY: &str = "the file has too many values to be read whole";

struct Tree<'a> {
    id: SourceId,
    text: &'a str,
    nodes: usize,
    problems: Vec<Problem>,
}

impl Tree<'_> {
    fn document(&self, entries: Vec<Entry>) -> Option<Node> {
        let at = hull(entries.iter().flat_map(|entry| [entry.key.at, entry.value.at]))?;
        Some(Node::new(Location::new(self.id, at.start, at.end), NodeKind::Mapping(entries)))
    }

    fn entries(&mut self, table: DeTable<'_>, depth: usize) -> Vec<Entry> {
        let mut pairs: Vec<_> = table.into_iter().collect();
        pairs.sort_by_key(|(key, _)| key.span().start);
        let entries = pairs.into_iter().map_while(|(key, value)| {
            let at = key.span();
            self.nodes += 1;
            let value = self.node(value, &at, depth + 1)?;
            Some(Entry { key: self.at(at, NodeKind::Scalar(key.into_inner().into_owned())), value })
        });
        entries.collect()
    }

    /// Converts a value; `None` where the file has too many.
    fn node(
        &mut self,
        value: Spanned<DeValue<'_>>,
        key: &Range<usize>,
        depth: usize,
    ) -> Option<Node> {
        let span = value.span();
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.problem(span, TOO_MANY);
            return None;
        }
        let is_written = span.start >= key.end;
        Some(match value.into_inner() {
            DeValue::Table(_) | DeValue::Array(_) if depth > MAX_DEPTH => {
                self.problem(span.clone(), TOO_DEEP);
                self.at(span, NodeKind::Expression)
            }
            DeValue::Table(table) => {
                let entries = self.entries(table, depth);
                let inner = hull(entries.iter().flat_map(|entry| [entry.key.at, entry.value.at]));
                let is_header =
                    self.text.get(span.clone()).is_some_and(|text| text.starts_with('['));
                let at = match inner {
                    _ if is_written && !is_header => span,
                    Some(inner) if is_header => {
                        inner.start.min(span.start)..inner.end.max(span.end)
                    }
                    Some(inner) => inner,
                    None => span,
                };
                self.at(at, NodeKind::Mapping(entries))
            }
            DeValue::Array(array) => {
                let is_of_tables = span.start < key.start;
                let items = array.into_iter().map_while(|item| {
                    let own = item.span().start..item.span().start;
                    self.node(item, &own, depth + 1)
                });
                let items: Vec<Node> = items.collect();
                let at = hull(items.iter().map(|item| item.at)).filter(|_| is_of_tables);
                self.at(at.unwrap_or(span), NodeKind::Sequence(items))
            }
            DeValue::String(string) => self.at(span, NodeKind::Scalar(string.into_owned())),
            // The library's stand-in for a value that is missing.
            _ if !is_written || span.is_empty() => self.at(key.end..key.end, NodeKind::Null),
            _ => {
                let written = self.text.get(span.clone()).unwrap_or_default().to_owned();
                self.at(span, NodeKind::Scalar(written))
            }
        })
    }

    fn at(&self, span: Range<usize>, kind: NodeKind) -> Node {
        Node::new(Location::new(self.id, span.start, span.end), kind)
    }

    fn problem(&mut self, span: Range<usize>, message: &str) {
        let is_told = self.problems.iter().any(|problem| problem.message == message);
        if !is_told {
            self.problems.truncate(MAX_PROBLEMS - 1);
            let at = Location::new(self.id, span.start, span.end);
            self.problems.push(Problem { at, message: message.to_owned() });
        }
    }
}

/// The shortest range that holds all places.
fn hull(places: impl Iterator<Item = Location>) -> Option<Range<usize>> {
    places
        .map(|place| place.span.range())
        .reduce(|hull, next| hull.start.min(next.start)..hull.end.max(next.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: SourceId = SourceId(0);

    fn value(text: &str, path: &[&str]) -> Option<String> {
        Toml.parse(ID, text).text_at(path)
    }

    #[test]
    fn only_toml_is_claimed() {
        assert!(Toml.claims("a/x.TOML") && Toml.claims("x.toml.dist"));
        assert!(!Toml.claims("toml") && !Toml.claims("x.toml/y") && !Toml.claims("Cargo.lock"));
    }

    #[test]
    fn an_open_string_is_one_problem_and_the_settings_below_are_read() {
        let text = "a = \"\"\"-----BEGIN X-----\nbm90\nYSBr\nZXk=\n[t]\nb = 1\n";
        let problems = Toml.parse(ID, text).problems;
        assert_eq!((problems.len(), value(text, &["t", "b"])), (1, Some("1".to_owned())));
    }

    #[test]
    fn messages_hold_no_word_of_the_file() {
        let text = "hunter2\n[hunter2\nhunter2 = hunter2\nhunter2 = \"\\hunter2\"\nx = 2024-99-99hunter2\n";
        let problems = Toml.parse(ID, text).problems;
        assert!(problems.len() > 1, "{problems:?}");
        for problem in problems {
            assert!(!problem.message.contains("hunter2"), "{}", problem.message);
        }
    }

    #[test]
    fn dots_in_braces_do_not_overflow_the_stack() {
        let dots = "a.".repeat(78);
        let nested = format!("{{{dots}a = ").repeat(79);
        let long_key = format!("{}a = 1", "a.".repeat(100_000));
        let texts = [
            format!("[{dots}a]\nx = {nested}1{}\ny = 2\n", "}".repeat(79)),
            format!("{long_key}\nb = 1\n"),
            format!("[{}a]\nb = 1\n", "a.".repeat(100_000)),
            format!("x = {{{}", "a.a.a = {".repeat(100_000)),
        ];
        for text in texts {
            assert!(!Toml.parse(ID, &text).problems.is_empty());
        }
        assert_eq!(value(&format!("{long_key}\nb = 1\n"), &["b"]).as_deref(), Some("1"));
    }

    #[test]
    fn nodes_and_problems_are_bounded() {
        let parsed = Toml.parse(ID, &format!("a = [{}]\nb = 1\n", "1,".repeat(MAX_NODES + 10)));
        assert_eq!(parsed.problems.len(), 1);
        assert_eq!(
            Toml.parse(ID, &"no statement\na=1\n".repeat(1_000)).problems.len(),
            MAX_PROBLEMS
        );
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let started = crate::syntax::effort::Effort::begin();
        let units = "junk here\n|[a\n|a = [\n|a = {\n|a = \"\"\"\n|a = '''\n|a.a.a = 1\n|[[a]]\n|=|,|\"|'|\\|\"\\|{|[|a=1 |\r|#";
        for unit in units.split('|') {
            for head in ["", "a = ", "a = [", "a = \"\"\""] {
                Toml.parse(ID, &format!("{head}{}", unit.repeat(3_000)));
            }
        }
        assert!(started.spent().as_secs() < 60, "reading took {:?}", started.spent());
    }
}
