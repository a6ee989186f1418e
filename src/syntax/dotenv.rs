//! Dotenv files → [`Node`]: `KEY=value` lines as Docker Compose and the dotenv libraries of PHP, Node and Ruby read them. Where those of Python and
//! Node agree on a value it is that one, where they differ one of theirs, or it is told: `.ci/readers` holds it.
//!
//! One pass over the lines. A line that is no assignment is a [`Problem`] and reading goes on behind it; a quote that is never closed ends
//! with its line, so that it cannot swallow the settings below.

use std::ops::Range;

use memchr::{memchr, memchr2, memrchr};

use super::comments::{self, Comment, Lexis};
use super::{Entry, Format, MAX_NODES, Node, NodeKind, Parsed, Problem, file_name, stem_of_sample};
use crate::source::{Location, SourceId};

/// Files of `KEY=value` lines.
pub struct Dotenv;

impl Format for Dotenv {
    fn name(&self) -> &'static str {
        "dotenv"
    }

    fn claims(&self, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let name = file_name(stem_of_sample(&path));
        let suffix = match name.strip_prefix(".env") {
            Some(suffix) if suffix.starts_with(['.', '-', '_']) => suffix,
            _ if name.strip_suffix(".env").is_some() => return true,
            _ => name.split_once(".env.").map_or("", |(_, suffix)| suffix),
        };
        let is_other = |part| OTHER_FORMATS.split_whitespace().any(|other| other == part);
        !suffix.is_empty() && !suffix.split(['.', '-', '_']).any(is_other)
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::DOTENV, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        let mut reader =
            Reader { id, text, entries: Vec::new(), problems: Vec::new(), in_unquoted_pem: false };
        let mut next = 0;
        while next < text.len() {
            next = if reader.entries.len() * 2 + 3 > MAX_NODES {
                reader.stop(next)
            } else {
                reader.line(next)
            };
        }
        let at = match (reader.entries.first(), reader.entries.last()) {
            (Some(first), Some(last)) => Location::new(
                id,
                first.key.at.span.range().start,
                last.key.at.span.range().end.max(last.value.at.span.range().end),
            ),
            _ => return Parsed { documents: Vec::new(), problems: reader.problems },
        };
        let document = Node::new(at, NodeKind::Mapping(reader.entries));
        Parsed { documents: vec![document], problems: reader.problems }
    }
}

/// What stands behind `.env` in the names of code, of other formats, and of encrypted or packed files.
const OTHER_FORMATS: &str = "age asc cjs cs css enc go gpg gz html ini java js json json5 jsonc jsx \
    kt md mjs php phtml properties ps1 py rb rs rst scss sh sql tf tfvars toml ts tsx vue xml yaml yml zip";

/// How many problems of one file are told.
const MAX_PROBLEMS: usize = 32;

const BLANKS: &[char] = &[' ', '\t', '\r', '\x0b', '\x0c'];

struct Reader<'a> {
    id: SourceId,
    text: &'a str,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    /// Behind an unquoted `-----BEGIN …-----`: its lines are one problem, and none of them is a name.
    in_unquoted_pem: bool,
}

impl<'a> Reader<'a> {
    /// Reads what starts on the line at `start` and returns where the next line starts.
    fn line(&mut self, start: usize) -> usize {
        let end = self.line_end(start);
        let next = end + 1;
        let content = self.trimmed(start..end);
        let body = self.slice(content.clone());
        if self.in_unquoted_pem {
            let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/".contains(&byte);
            let inside = !body.is_empty() && body.trim_end_matches('=').bytes().all(is_base64);
            self.in_unquoted_pem = inside;
            if inside || body.starts_with("-----END ") {
                return next;
            }
        }
        // Lines of a template engine hold no setting of their own.
        if body.is_empty() || ["#", ";", "{{", "{%", "{#"].iter().any(|mark| body.starts_with(mark))
        {
            return next;
        }
        let exported = body.strip_prefix("export").filter(|rest| rest.starts_with(BLANKS));
        let name_start = exported
            .map_or(content.start, |rest| content.end - rest.trim_start_matches(BLANKS).len());
        let name = name_start..name_start + name_length(self.slice(name_start..content.end));
        let name_text = self.slice(name.clone());
        let rest = self.slice(name.end..content.end).trim_start_matches(BLANKS);
        let sign = content.end - rest.len();
        // `KEY: value` is read by the libraries of Go, Node and Ruby, hence by Docker Compose.
        let assigned = rest.starts_with('=')
            || rest
                .strip_prefix(':')
                .is_some_and(|value| value.is_empty() || value.starts_with(BLANKS));
        if !name.is_empty() && assigned {
            let (value, next) = self.value(sign + 1, content.end, next);
            self.add(name, value);
            return next;
        }
        if !name.is_empty() && rest.is_empty() && is_of_one_case(name_text) {
            let value = self.node(name.clone(), NodeKind::Expression);
            self.add(name, value);
            return next;
        }
        self.problem(content, "this line is neither `KEY=value` nor a comment");
        next
    }

    /// Reads the value between `from` and the line's `end`, or beyond in quotes; returns it and where the next line starts.
    fn value(&mut self, from: usize, end: usize, next: usize) -> (Node, usize) {
        let written = self.slice(from..end).trim_start_matches(BLANKS);
        let start = end - written.len();
        if written.is_empty() || (start > from && written.starts_with('#')) {
            return (self.node(from..from, NodeKind::Scalar(String::new())), next);
        }
        if let Some(quote) = written.bytes().next().filter(|byte| b"'\"`".contains(byte)) {
            return self.quoted(quote, start, end, next);
        }
        let comment = written
            .match_indices('#')
            .find(|(at, _)| written.get(..*at).is_some_and(|before| before.ends_with(BLANKS)));
        let value = written.get(..comment.map_or(written.len(), |(at, _)| at)).unwrap_or(written);
        let value = value.trim_end_matches(BLANKS);
        if value.starts_with("-----BEGIN ") && value.ends_with("-----") {
            self.in_unquoted_pem = true;
            self.problem(start..start + value.len(), "a value of several lines needs quotes");
        }
        let kind = if runs_a_command(value) {
            NodeKind::Expression
        } else {
            NodeKind::Scalar(value.to_owned())
        };
        (self.node(start..start + value.len(), kind), next)
    }

    fn quoted(&mut self, quote: u8, start: usize, end: usize, next: usize) -> (Node, usize) {
        let Some(close) =
            self.closing_quote(quote, start + 1).filter(|&close| self.closes(start, close))
        else {
            self.problem(start..end, "a quote is opened and never closed");
            return (self.node(start..end, literal(quote, self.slice(start + 1..end))), next);
        };
        let end = self.line_end(close);
        let behind = self.trimmed(close + 1..end);
        if !ends_a_value(self.slice(behind.clone())) {
            self.problem(behind, "text behind the closing quote belongs to no value");
        }
        (self.node(start..close + 1, literal(quote, self.slice(start + 1..close))), end + 1)
    }

    /// The quote that ends a value: the next one, but in double quotes not an escaped one.
    fn closing_quote(&self, quote: u8, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if quote != b'"' {
            return memchr(quote, bytes.get(from..)?).map(|at| from + at);
        }
        let mut at = from;
        loop {
            at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
            if bytes.get(at) == Some(&b'"') {
                return Some(at);
            }
            at += 2;
        }
    }

    /// Whether the quote at `close` was meant to close the one at `open`: on the same line always; further down not when it is part of
    /// another assignment or of a comment.
    fn closes(&self, open: usize, close: usize) -> bool {
        let between = self.text.as_bytes().get(open..close).unwrap_or_default();
        let Some(line) = memrchr(b'\n', between).map(|at| open + at + 1) else { return true };
        let before = self.slice(line..close).trim_start_matches(BLANKS);
        let behind = self.trimmed(close + 1..self.line_end(close));
        ends_a_value(self.slice(behind))
            && !before.starts_with('#')
            && !starts_an_assignment(before)
    }

    fn stop(&mut self, at: usize) -> usize {
        self.problems.truncate(MAX_PROBLEMS - 1);
        self.problem(at..at, "the file has too many values to be read whole");
        self.text.len()
    }

    fn add(&mut self, name: Range<usize>, value: Node) {
        let text = self.slice(name.clone()).to_owned();
        let key = self.node(name, NodeKind::Scalar(text));
        self.entries.push(Entry { key, value });
    }

    fn problem(&mut self, at: Range<usize>, message: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let at = Location::new(self.id, at.start, at.end);
            self.problems.push(Problem { at, message: message.to_owned() });
        }
    }

    fn node(&self, at: Range<usize>, kind: NodeKind) -> Node {
        Node::new(Location::new(self.id, at.start, at.end), kind)
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        memchr(b'\n', rest).map_or(self.text.len(), |at| from + at)
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = self.slice(range.clone()).trim_end_matches(BLANKS);
        let end = range.start + text.len();
        end - text.trim_start_matches(BLANKS).len()..end
    }
}

fn name_length(text: &str) -> usize {
    let mut bytes = text.bytes();
    if !bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_') {
        return 0;
    }
    1 + bytes.take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte)).count()
}

/// Whether a lone word can be a variable passed through; a line of base64 mixes its cases.
fn is_of_one_case(name: &str) -> bool {
    !(name.bytes().any(|byte| byte.is_ascii_lowercase())
        && name.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// Whether a line inside quotes is an assignment of its own; the padding of base64 (`wA==`) is none.
fn starts_an_assignment(line: &str) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let name = line.get(..name_length(line)).unwrap_or_default();
    let value =
        line.get(name.len()..).and_then(|rest| rest.trim_start_matches(BLANKS).strip_prefix('='));
    !name.is_empty()
        && !name.bytes().any(|byte| byte.is_ascii_lowercase())
        && value.is_some_and(|value| {
            !value.starts_with('=') && (!value.is_empty() || name.contains('_'))
        })
}

fn ends_a_value(behind: &str) -> bool {
    behind.is_empty() || behind.starts_with(['#', ';'])
}

/// Whether `$(…)` stands in the text, not escaped.
fn runs_a_command(text: &str) -> bool {
    let Some(close) = text.rfind(')') else { return false };
    text.match_indices("$(")
        .any(|(at, _)| at < close && !text.get(..at).is_some_and(|before| before.ends_with('\\')))
}

fn literal(quote: u8, inner: &str) -> NodeKind {
    if quote != b'"' {
        return NodeKind::Scalar(inner.to_owned());
    }
    if runs_a_command(inner) {
        return NodeKind::Expression;
    }
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, escaped)) = rest.split_once('\\') {
        value.push_str(before);
        let mut characters = escaped.chars();
        match characters.next() {
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some('t') => value.push('\t'),
            Some(plain @ ('"' | '\\' | '$')) => value.push(plain),
            Some(other) => value.extend(['\\', other]),
            None => value.push('\\'),
        }
        rest = characters.as_str();
    }
    value.push_str(rest);
    NodeKind::Scalar(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, Option<String>)> {
        let parsed = Dotenv.parse(SourceId(0), text);
        let entries = parsed.documents.first().map(Node::entries).unwrap_or_default();
        let text_of = |node: &Node| node.as_str().map(str::to_owned);
        entries
            .iter()
            .map(|entry| (text_of(&entry.key).unwrap_or_default(), text_of(&entry.value)))
            .collect()
    }

    fn problems(text: &str) -> usize {
        Dotenv.parse(SourceId(0), text).problems.len()
    }

    #[test]
    fn names_of_env_files_are_claimed_and_those_of_code_are_not() {
        let claimed =
            "a/.env .env.staging prod.env magento.env.dist x/.ENV.Prod .env-uat db.env.eu";
        for path in claimed.split(' ') {
            assert!(Dotenv.claims(path), "{path}");
        }
        let others = ".env.php env.prod.php .magento.env.yaml .env.php.dist env .envrc .env/x .env/ \
                      a.env.d.ts environment next.env.js README.env.md .env.gpg";
        for path in others.split_whitespace() {
            assert!(!Dotenv.claims(path), "{path}");
        }
    }

    #[test]
    fn a_forgotten_quote_does_not_swallow_the_settings_below() {
        for text in
            ["A=\"x\nB=\"2\"\n", "A='x\nB='2'\n", "A=\"x\n# it is \"so\"\nB=2\n", "A=\"x\nB=2\"\n"]
        {
            let read = values(text);
            assert_eq!(read.first().map(|(_, value)| value.as_deref()), Some(Some("x")), "{text}");
            assert!(read.iter().any(|(key, _)| key == "B"), "{text}");
            assert_eq!(problems(text), 1, "{text}");
        }
    }

    #[test]
    fn base64_padding_inside_quotes_is_no_assignment() {
        let text = "A=\"-----BEGIN X-----\nAAAA\nWA==\n-----END X-----\"\nB=1\n";
        assert_eq!((values(text).len(), problems(text)), (2, 0));
    }

    #[test]
    fn an_unquoted_block_is_one_problem_and_names_nothing() {
        let text = "A=-----BEGIN X-----\nAAAA\nAbCd=\n-----END X-----\nB=1\n";
        let names: Vec<String> = values(text).into_iter().map(|(key, _)| key).collect();
        assert_eq!((names, problems(text)), (vec!["A".to_owned(), "B".to_owned()], 1));
    }

    #[test]
    fn problems_and_values_are_bounded() {
        assert_eq!(problems(&"no assignment\n".repeat(1_000)), MAX_PROBLEMS);
        let parsed = Dotenv.parse(SourceId(0), &"A=\n".repeat(MAX_NODES / 2 + 10));
        assert_eq!(parsed.problems.len(), 1);
        assert!(parsed.documents.iter().all(|document| document.entries().len() * 2 < MAX_NODES));
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let started = crate::syntax::effort::Effort::begin();
        for unit in
            "A=\"x\n,A='\n,A=\"\\\"\n,A=\"\\\n,\\,\",A=`\n,A=$(,#, #,A= ,A=-----BEGIN X-----\n"
                .split(',')
        {
            let text = unit.repeat(50_000);
            for head in ["", "A=", "A=\""] {
                Dotenv.parse(SourceId(0), &format!("{head}{text}"));
            }
        }
        assert!(started.spent().as_secs() < 30, "reading took {:?}", started.spent());
    }
}
