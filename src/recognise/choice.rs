//! Values that an expression in a document chooses between: `${{ github.ref == 'refs/heads/main' && 'a' || 'b' }}`.
//!
//! Sources: the GitHub documentation, *Evaluate expressions in workflows and actions*, *Operators*; the Jinja documentation, *If Expression*; the AWS
//! documentation, *Condition functions*, `Fn::If`.

use std::ops::Range;

use crate::source::{Location, Source};
use crate::syntax::{Node, NodeKind};

/// How long an expression may be.
const MOST: usize = 4_000;

/// What an expression leaves.
pub struct Choice {
    /// What is written, each at its place.
    pub written: Vec<Node>,
    /// Whether it can be nothing else.
    pub is_whole: bool,
}

/// What an expression leaves; none where it chooses nothing.
#[must_use]
pub fn of(node: &Node, source: &Source) -> Option<Choice> {
    match &node.kind {
        NodeKind::Sequence(items) => {
            let before = source.text().get(..node.at.span.start as usize)?;
            arms(items).filter(|_| before.trim_end().ends_with("!If"))
        }
        NodeKind::Mapping(entries) => match entries.as_slice() {
            [only] if only.key.as_str() == Some("Fn::If") => arms(only.value.items()),
            _ => None,
        },
        NodeKind::Scalar(_) | NodeKind::Expression => of_hole(node, source),
        NodeKind::Null | NodeKind::OneOf(_) => None,
    }
}

/// `!If [IsProduction, a, b]`.
fn arms(items: &[Node]) -> Option<Choice> {
    match items {
        [_, first, second] => {
            Some(Choice { written: vec![first.clone(), second.clone()], is_whole: true })
        }
        _ => None,
    }
}

/// The texts that the only hole of a value chooses between.
fn of_hole(node: &Node, source: &Source) -> Option<Choice> {
    let written = source.slice(node.at.span);
    if written.len() > MOST || !written.contains("{{") {
        return None;
    }
    let bare = written.trim_matches(['"', '\'', ' ', '\n']);
    let inner = bare.trim_start_matches('$').strip_prefix("{{")?.strip_suffix("}}")?;
    if inner.contains("{{") {
        return None;
    }
    let from = (inner.as_ptr() as usize).saturating_sub(written.as_ptr() as usize);
    let (results, is_whole) = of_json(inner).map(|all| (all, true)).or_else(|| results(inner))?;
    let start = node.at.span.start as usize + from;
    let written = results
        .into_iter()
        .filter_map(|at| {
            let text = inner.get(at.clone())?.to_owned();
            let at = Location::new(node.at.source, start + at.start, start + at.end);
            Some(Node::new(at, NodeKind::Scalar(text)))
        })
        .collect();
    Some(Choice { written, is_whole })
}

/// The values of a map that a key of another kind chooses from: `fromJSON('{"production": "a", "staging": "b"}')[inputs.environment]`.
///
/// Source: the GitHub documentation, *Evaluate expressions in workflows and actions*, `fromJSON`.
fn of_json(inner: &str) -> Option<Vec<Range<usize>>> {
    let (map, index) = inner.trim().split_once("}')[").filter(|(map, _)| is_json(map))?;
    index.strip_suffix(']').filter(|index| index.contains('.') && !index.contains(['[', '\'']))?;
    let (_, map) = map.split_once("'{")?;
    let mut found = Vec::new();
    for pair in map.split(',') {
        let (key, value) = pair.split_once(':')?;
        let quoted = |part: &'_ str| Some(part.trim().strip_prefix('"')?.strip_suffix('"')?.len());
        quoted(key)?;
        let length = quoted(value)?;
        let start = value.find('"')? + 1;
        let at = (value.as_ptr() as usize).saturating_sub(inner.as_ptr() as usize) + start;
        found.push(at..at + length);
    }
    (found.len() > 1).then_some(found)
}

/// Whether a text begins with the function that reads JSON: names of functions have no case.
fn is_json(text: &str) -> bool {
    text.get(..9).is_some_and(|name| name.eq_ignore_ascii_case("fromjson("))
}

/// The key beneath which a value stands in such a map.
#[must_use]
pub fn key_of(source: &Source, at: Location) -> Option<&str> {
    let before = source.text().get(..at.span.start as usize)?;
    let hole = before.rsplit("${{").next().filter(|hole| hole.len() < MOST)?;
    let map = Some(hole.trim_start()).filter(|hole| is_json(hole) && !hole.contains("}}"))?;
    let (key, _) = map.rsplit([',', '{']).next()?.split_once(':')?;
    key.trim().strip_prefix('"')?.strip_suffix('"')
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'t> {
    Text(Range<usize>),
    Word(&'t str),
}

/// The texts among what an expression leaves, and whether these are all; none where there is nothing to choose.
fn results(inner: &str) -> Option<(Vec<Range<usize>>, bool)> {
    let tokens = tokens(inner)?;
    let has = |word: &str| tokens.contains(&Token::Word(word));
    let is_of_operators = has("&&") && has("||");
    let is_of_words = has("if") && has("else");
    if !is_of_operators && !is_of_words {
        return None;
    }
    let word = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(Token::Word(word)) => *word,
        Some(Token::Text(_)) => "'",
        None => "",
    };
    let is_left = |at: usize| {
        let (before, behind) = (word(at.checked_sub(1)), word(Some(at + 1)));
        if is_of_operators {
            matches!(before, "&&" | "||") && matches!(behind, "||" | ")" | "")
        } else {
            matches!(before, "" | "else" | "(") && matches!(behind, "" | "if" | ")" | "|")
        }
    };
    let texts = tokens.iter().enumerate().filter_map(|(at, token)| match token {
        Token::Text(place) if is_left(at) => Some(place.clone()),
        _ => None,
    });
    let found: Vec<Range<usize>> = texts.collect();
    let between = if is_of_operators { "||" } else { "else" };
    let ways = 1 + tokens.iter().filter(|token| **token == Token::Word(between)).count();
    (!found.is_empty()).then_some((found.clone(), found.len() >= ways))
}

/// The quoted texts, names and operators of an expression; none where a quote stays open.
fn tokens(inner: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut rest = inner;
    let place = |part: &str| (part.as_ptr() as usize).saturating_sub(inner.as_ptr() as usize);
    while let Some(first) = rest.trim_start().chars().next() {
        rest = rest.trim_start();
        let length = match first {
            '\'' | '"' => {
                let end = rest.get(1..)?.find(first)?;
                let start = place(rest) + 1;
                found.push(Token::Text(start..start + end));
                rest = rest.get(end + 2..)?;
                continue;
            }
            _ if is_of_name(first) => rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()),
            '&' | '|' | '=' | '!' if rest.get(1..2).is_some_and(|next| "&|=".contains(next)) => 2,
            _ => first.len_utf8(),
        };
        found.push(Token::Word(rest.get(..length)?));
        rest = rest.get(length..)?;
    }
    Some(found)
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_.-".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_leaves_what_it_does_not_compare() {
        for (inner, expected, is_whole) in [
            (" github.ref == 'refs/heads/main' && 'a' || 'b' ", vec!["a", "b"], true),
            ("x == 'y' && 'a' || x == 'z' && 'b' || 'c'", vec!["a", "b", "c"], true),
            ("(x == 'y' && 'a') || (x == 'z' && 'b') || vars.C", vec!["a", "b"], false),
            ("'y' == x && 'a' || 'b'", vec!["a", "b"], true),
            (" 'a' if env == 'prod' else 'b' ", vec!["a", "b"], true),
            ("('a' if env == 'prod' else other) | quote", vec!["a"], false),
        ] {
            let (found, whole) = results(inner).unwrap_or_default();
            let texts: Vec<&str> = found.into_iter().map(|at| &inner[at]).collect();
            assert_eq!((texts, whole), (expected, is_whole), "{inner}");
        }
        let json = "fromJSON('{\"uat\": \"a\",\"prod\":\"b\"}')[inputs.env]";
        let found: Vec<&str> =
            of_json(json).unwrap_or_default().into_iter().map(|at| &json[at]).collect();
        assert_eq!(found, ["a", "b"]);
        for inner in ["fromJSON('{\"a\":\"b\"}').a", "fromJSON(x)[y.z]", "toJSON('{}')[y.z]"] {
            assert_eq!(of_json(inner), None, "{inner}");
        }
        for inner in ["secrets.A", "a || 'b'", "lookup('a', 'b')", "x && 'a", "default('a')", ""] {
            assert_eq!(results(inner), None, "{inner}");
        }
    }
}
