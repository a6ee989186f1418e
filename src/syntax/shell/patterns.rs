//! Patterns of the shell, as regular expressions: `prod*`, `[a-z]?`, `@(live|production)`; and the expressions of `grep`.
//!
//! Sources: POSIX, *Shell Command Language*, 2.14, *Pattern Matching Notation*; the Bash manual, *Pattern Matching*; POSIX, *Regular Expressions*.

use regex::{Regex, RegexBuilder};

/// How big the program of an expression may be.
const MAX_EXPRESSION: usize = 16 << 10;

/// How long a pattern may be, and what it is matched with.
const MAX_BYTES: usize = 512;

/// Signs that start a group of alternatives.
const GROUPS: [&str; 5] = ["@(", "+(", "*(", "?(", "!("];

/// Whether a text holds what a pattern is made of.
#[must_use]
pub fn has_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[']) || GROUPS.iter().any(|sign| text.contains(sign))
}

/// A regular expression of bounded size; none where it is none, or has too many states.
#[must_use]
pub fn expression(pattern: &str) -> Option<Regex> {
    let is_short = pattern.len() <= MAX_BYTES;
    let built = is_short.then(|| RegexBuilder::new(pattern).size_limit(MAX_EXPRESSION).build());
    built?.ok()
}

/// A basic regular expression as an extended one: what has a backslash there has none here.
#[must_use]
pub fn extended(basic: &str) -> String {
    let mut whole = String::new();
    let mut letters = basic.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(sign) if "+?|(){}".contains(sign) => whole.push(sign),
                Some(sign) => whole.extend(['\\', sign]),
                None => whole.push_str("\\\\"),
            },
            sign if "+?|(){}".contains(sign) => whole.extend(['\\', sign]),
            sign => whole.push(sign),
        }
    }
    whole
}

/// A pattern without quotes and expansions as an expression, unanchored; none where no expression says the same (`!(…)`).
#[must_use]
pub fn glob(pattern: &str) -> Option<String> {
    let mut whole = String::from("(?s:");
    let mut rest = pattern;
    // The signs behind the groups that are open.
    let mut open: Vec<char> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = behind;
        match first {
            '!' if behind.starts_with('(') => return None,
            '@' | '+' | '*' | '?' if behind.starts_with('(') => {
                open.push(first);
                whole.push_str("(?:");
                rest = behind.get(1..)?;
            }
            ')' if !open.is_empty() => {
                whole.push(')');
                whole.extend(open.pop().filter(|sign| *sign != '@'));
            }
            '|' if !open.is_empty() => whole.push('|'),
            '*' => whole.push_str(".*"),
            '?' => whole.push('.'),
            '[' => match class(behind) {
                Some((inner, after)) => {
                    whole.push_str(&inner);
                    rest = after;
                }
                None => whole.push_str("\\["),
            },
            '\\' => {
                let next = behind.chars().next()?;
                whole.push_str(&regex::escape(next.encode_utf8(&mut [0; 4])));
                rest = behind.get(next.len_utf8()..)?;
            }
            letter => whole.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4]))),
        }
    }
    whole.push(')');
    open.is_empty().then_some(whole)
}

/// A bracket expression behind its bracket, and what stands behind it.
fn class(behind: &str) -> Option<(String, &str)> {
    let (is_other, inner) = match behind.strip_prefix(['!', '^']) {
        Some(inner) => (true, inner),
        None => (false, behind),
    };
    // `]` at its start is a letter of it; `[:alpha:]` has a bracket of its own.
    let mut end = usize::from(inner.starts_with(']'));
    loop {
        let rest = inner.get(end..)?;
        match rest.strip_prefix("[:") {
            Some(named) => end += 2 + named.find(":]")? + 2,
            None if rest.starts_with(']') => break,
            None => end += rest.chars().next()?.len_utf8(),
        }
    }
    let written = inner.get(..end)?;
    let kept: String = written
        .replace("[:", "\u{0}")
        .chars()
        .flat_map(|letter| match letter {
            '\\' | '[' | '&' | '~' | '^' => vec!['\\', letter],
            '\u{0}' => vec!['[', ':'],
            letter => vec![letter],
        })
        .collect();
    let sign = if is_other { "^" } else { "" };
    Some((format!("[{sign}{kept}]"), inner.get(end + 1..)?))
}

/// Which end of a text is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Start,
    End,
}

/// A text without what a pattern matches at an end of it: the longest such part, or the shortest. None where the pattern has no expression.
#[must_use]
pub fn cut(text: &str, pattern: &str, side: Side, is_longest: bool) -> Option<String> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let whole = expression(&format!("^{}$", glob(pattern)?))?;
    let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    // From the shortest part to the longest one.
    if side == Side::End {
        ends.reverse();
    }
    if is_longest {
        ends.reverse();
    }
    let left = ends.into_iter().find_map(|at| {
        let (before, behind) = text.split_at_checked(at)?;
        let (part, left) = match side {
            Side::Start => (before, behind),
            Side::End => (behind, before),
        };
        whole.is_match(part).then(|| left.to_owned())
    });
    Some(left.unwrap_or_else(|| text.to_owned()))
}

/// A text with another one for what a pattern matches: `${NAME/a*/b}`.
#[must_use]
pub fn replaced(text: &str, pattern: &str, with: &str, is_all: bool) -> Option<String> {
    // Of several alternatives the shell takes the longest, an expression the first.
    if text.len() > MAX_BYTES || pattern.contains('|') {
        return None;
    }
    let (pattern, start, end) = match (pattern.strip_prefix('#'), pattern.strip_prefix('%')) {
        (Some(rest), _) => (rest, "^", ""),
        (_, Some(rest)) => (rest, "", "$"),
        _ => (pattern, "", ""),
    };
    let found = expression(&format!("{start}{}{end}", glob(pattern)?))?;
    let with = regex::NoExpand(with);
    let is_all = is_all && start.is_empty() && end.is_empty();
    Some(
        if is_all { found.replace_all(text, with) } else { found.replace(text, with) }.into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_what_the_shell_says() {
        let is = |pattern: &str, text: &str| {
            let whole = expression(&format!("^{}$", glob(pattern)?))?;
            Some(whole.is_match(text))
        };
        for (pattern, text, expected) in [
            ("prod*", "production", Some(true)),
            ("*duct*", "production", Some(true)),
            ("?rod", "prod", Some(true)),
            ("?rod", "rod", Some(false)),
            ("[a-p]*", "prod", Some(true)),
            ("[!a-p]*", "prod", Some(false)),
            ("[^a-p]*", "staging", Some(true)),
            ("[[:lower:]]*", "prod", Some(true)),
            ("[]x]", "]", Some(true)),
            ("a.b", "axb", Some(false)),
            ("a\\*b", "a*b", Some(true)),
            ("@(live|prod*)", "production", Some(true)),
            ("+(a|b)c", "abac", Some(true)),
            ("?(pre)prod", "prod", Some(true)),
            ("!(prod)", "prod", None),
            ("[a", "[a", Some(true)),
            ("@(a", "a", None),
        ] {
            assert_eq!(is(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_basic_expression_is_written_as_an_extended_one() {
        for (basic, expected) in
            [("^prod.*", "^prod.*"), ("a\\|b", "a|b"), ("a+", "a\\+"), ("\\(a\\)\\.", "(a)\\.")]
        {
            assert_eq!(extended(basic), expected);
        }
    }
}
