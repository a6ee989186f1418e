//! What operators make of what they stand between: texts that are joined or filled, comparisons, choices.

use super::tree::{At, Expression, Part, Test, What};

fn parts_of(value: Expression) -> Vec<Part> {
    match value.what {
        What::Text(parts) => parts,
        _ => vec![Part::Hole(value)],
    }
}

pub fn joined(left: Expression, right: Expression) -> Expression {
    let at = left.at.start..right.at.end.max(left.at.start);
    if !matches!(left.what, What::Text(_)) && !matches!(right.what, What::Text(_)) {
        return match (left.what, right.what) {
            (What::List(mut items), What::List(more)) => {
                items.extend(more);
                Expression { at, what: What::List(items) }
            }
            _ => Expression::unknown(at),
        };
    }
    let mut parts = parts_of(left);
    parts.extend(parts_of(right));
    Expression { at, what: What::Text(parts) }
}

pub fn compared(left: &Expression, right: &Expression, start: usize) -> Expression {
    let at = start..right.at.end.max(start);
    let word = match (left.plain(), right.plain()) {
        (None, Some(word)) => Some((word, right.at.clone())),
        (Some(word), None) => Some((word, left.at.clone())),
        _ => None,
    };
    let test = word.map_or(Test::Unknown, |word| Test::Words(vec![word]));
    Expression { at, what: What::Test(test) }
}

/// `env in ('production', 'live')`.
pub fn among(list: &Expression, start: usize) -> Expression {
    let at = start..list.at.end.max(start);
    let words = match &list.what {
        What::List(items) => items
            .iter()
            .map(|item| Some((item.plain()?, item.at.clone())))
            .collect::<Option<Vec<_>>>(),
        _ => None,
    };
    Expression { at, what: What::Test(words.map_or(Test::Unknown, Test::Words)) }
}

pub fn choice(test: Expression, first: Expression, second: Expression, at: At) -> Expression {
    let test = if let What::Test(test) = test.what { test } else { Test::Unknown };
    Expression { at, what: What::Choice(test, Box::new(first), Box::new(second)) }
}

/// A text with its marks filled: `'… %s' % x`, `'… {}'.format(x)`, `'… {0}' -f $x`.
pub fn filled(text: Expression, given: Expression) -> Expression {
    let at = text.at.start..given.at.end.max(text.at.start);
    let given = match given.what {
        What::List(items) => items,
        _ => vec![given],
    };
    let What::Text(parts) = text.what else {
        return Expression { at, what: What::Call(String::new(), given) };
    };
    let mut filled = Vec::new();
    let mut next = 0;
    for part in parts {
        let Part::Plain(text, place) = part else {
            filled.push(part);
            continue;
        };
        let mut done = 0;
        while let Some((from, to, key)) = mark(&text, done) {
            let exact = |from: usize, to: usize| {
                if text.len() == place.len() {
                    place.start + from..place.start + to
                } else {
                    place.clone()
                }
            };
            let before = text.get(done..from).unwrap_or_default();
            filled.push(Part::Plain(before.to_owned(), exact(done, from)));
            let value = match key {
                "" => {
                    next += 1;
                    given.get(next - 1)
                }
                key => match key.parse::<usize>() {
                    Ok(number) => given.get(number),
                    Err(_) => given.iter().find_map(|one| match &one.what {
                        What::Map(entries) => entries
                            .iter()
                            .find(|(name, _)| name.plain().as_deref() == Some(key))
                            .map(|(_, value)| value),
                        _ => None,
                    }),
                },
            };
            let hole = exact(from, to);
            let value = value.cloned().unwrap_or_else(|| Expression::unknown(hole.clone()));
            filled.push(Part::Hole(Expression { at: hole, ..value }));
            done = to;
        }
        let rest = text.get(done..).unwrap_or_default().to_owned();
        let place = if text.len() == place.len() { place.start + done..place.end } else { place };
        filled.push(Part::Plain(rest, place));
    }
    Expression { at, what: What::Text(filled) }
}

/// The next mark that a value is put in for, and its name.
fn mark(text: &str, from: usize) -> Option<(usize, usize, &str)> {
    let rest = text.get(from..)?;
    let percent = rest.match_indices('%').find_map(|(at, _)| {
        let behind = rest.get(at + 1..)?;
        let name = behind.strip_prefix('(').and_then(|name| name.split_once(")s"));
        match name {
            Some((name, _)) => Some((from + at, from + at + name.len() + 4, name)),
            None => behind.starts_with('s').then_some((from + at, from + at + 2, "")),
        }
    });
    let brace = rest.match_indices('{').find_map(|(at, _)| {
        let inner = rest.get(at + 1..)?;
        let end = inner.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
        let is_closed = inner.get(end..)?.starts_with('}');
        is_closed.then(|| (from + at, from + at + end + 2, inner.get(..end).unwrap_or_default()))
    });
    match (percent, brace) {
        (Some(one), Some(other)) => Some(if one.0 < other.0 { one } else { other }),
        (one, other) => one.or(other),
    }
}
