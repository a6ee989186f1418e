//! What names hold: one value, or one for each word of an arm or a map.

use std::rc::Rc;

use super::tree::At;

/// For which word something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    /// For all.
    All,
    /// For one word, which stands at a place.
    Word(String, At),
    /// For all other words.
    Otherwise,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    Text(Rc<Vec<Bit>>),
    Map(Rc<Vec<(String, At, Held)>>),
    List(Rc<Vec<Held>>),
    Unknown,
}

/// The values that something may have, each with for what.
pub type Held = Vec<(For, Value)>;

/// A part of a text.
#[derive(Clone, Debug)]
pub enum Bit {
    /// What is written, with the place where it stands or where it was given.
    Plain(String, At),
    /// What is put in at a place; nothing known where only running the program would tell.
    Given(At, Vec<(For, Option<Given>)>),
}

/// A text that was given elsewhere.
#[derive(Clone, Debug)]
pub struct Given {
    pub text: Rc<str>,
    pub at: At,
}

/// How long a text may be that is put into others.
const MAX_TEXT: usize = 16 << 10;

/// How many values of one name are told apart.
pub const MAX_VALUES: usize = 64;

/// Something of which nothing is known.
pub fn unknown() -> Held {
    vec![(For::All, Value::Unknown)]
}

/// The text that bits are for one word; none where a part of it is not known.
pub fn given(bits: &[Bit], of: &For) -> Option<Given> {
    let mut text = String::new();
    let mut at: Option<At> = None;
    for bit in bits {
        let (more, place) = match bit {
            Bit::Plain(text, at) => (text.as_str(), at),
            Bit::Given(_, choices) => {
                let given = chosen(choices, of)?;
                (&*given.text, &given.at)
            }
        };
        if text.len() + more.len() > MAX_TEXT {
            return None;
        }
        text.push_str(more);
        // A text of several places has that of the first.
        at = match at {
            Some(known) if known.end <= place.start && matches!(bit, Bit::Plain(..)) => {
                Some(known.start..place.end)
            }
            Some(known) => Some(known),
            None => Some(place.clone()),
        };
    }
    Some(Given { text: text.into(), at: at? })
}

/// What holds for a word.
pub fn chosen<'c>(choices: &'c [(For, Option<Given>)], of: &For) -> Option<&'c Given> {
    let is_it = |one: &For| match (one, of) {
        (For::All, _) | (For::Otherwise, For::Otherwise) => true,
        (For::Word(one, _), For::Word(other, _)) => one == other,
        _ => false,
    };
    let own = choices.iter().find(|(one, _)| is_it(one));
    let rest = || choices.iter().find(|(one, _)| *one == For::Otherwise);
    own.or_else(rest)?.1.as_ref()
}

/// Whether what is chosen between are names of settings: which one a command sets is not told by a word.
fn is_of_paths(choices: &[(For, Option<Given>)]) -> bool {
    let is_path = |text: &str| {
        let parts = text.split('/').filter(|part| !part.is_empty()).count();
        parts == 3 && text.matches('/').count() == 2 || text.starts_with("CONFIG__")
    };
    choices.iter().filter_map(|(_, given)| given.as_ref()).any(|given| is_path(&given.text))
}

/// The words for which a text differs, each once.
pub fn words(bits: &[Bit], found: &mut Vec<For>) {
    for bit in bits {
        let Bit::Given(_, choices) = bit else { continue };
        if is_of_paths(choices) {
            continue;
        }
        for (of, _) in choices {
            let is_known = found.iter().any(|known| match (known, of) {
                (For::Word(known, _), For::Word(word, _)) => known == word,
                (known, of) => known == of,
            });
            if *of != For::All && !is_known && found.len() < MAX_VALUES {
                found.push(of.clone());
            }
        }
    }
}

/// A value as what is put into a text at a place.
pub fn bits(held: &Held, place: &At) -> Vec<Bit> {
    if let [(For::All, Value::Text(bits))] = held.as_slice() {
        let mut several = Vec::new();
        words(bits, &mut several);
        if several.is_empty() {
            return vec![Bit::Given(place.clone(), vec![(For::All, given(bits, &For::All))])];
        }
        let choices = several.into_iter().map(|of| {
            let text = given(bits, &of);
            (of, text)
        });
        return vec![Bit::Given(place.clone(), choices.collect())];
    }
    let choices = held.iter().map(|(of, value)| {
        let text = if let Value::Text(bits) = value { given(bits, of) } else { None };
        (of.clone(), text)
    });
    vec![Bit::Given(place.clone(), choices.collect())]
}

/// What holds for both: of two that say a word, for the same one.
pub fn both(outer: &For, inner: &For) -> Option<For> {
    match (outer, inner) {
        (For::All, _) => Some(inner.clone()),
        (_, For::All) => Some(outer.clone()),
        (For::Word(one, _), For::Word(other, _)) => (one == other).then(|| outer.clone()),
        (For::Otherwise, For::Otherwise) => Some(For::Otherwise),
        _ => None,
    }
}

/// An item of what something holds, by a key.
pub fn item(map: &Held, key: &Held) -> Held {
    let plain = |held: &Held| -> Vec<(For, Option<Rc<str>>)> {
        let text = |(of, value): &(For, Value)| {
            let text = if let Value::Text(bits) = value { given(bits, of) } else { None };
            (of.clone(), text.map(|text| text.text))
        };
        held.iter().map(text).collect()
    };
    let mut found = Held::new();
    for (of, value) in map {
        match value {
            Value::Map(entries) => {
                let is_small = entries.len() <= MAX_VALUES;
                for (asked, key) in plain(key) {
                    let Some(of) = both(of, &asked) else { continue };
                    match key {
                        Some(key) => {
                            let entry =
                                entries.iter().rfind(|(name, ..)| name.eq_ignore_ascii_case(&key));
                            let inner = entry.map_or_else(unknown, |(.., held)| held.clone());
                            add(&mut found, &of, inner);
                        }
                        None if !is_small => found.push((of, Value::Unknown)),
                        None => {
                            for (number, (name, at, held)) in entries.iter().enumerate() {
                                // Of a key that stands twice, the last counts.
                                let mut behind = entries.iter().skip(number + 1);
                                if behind.any(|(other, ..)| other.eq_ignore_ascii_case(name)) {
                                    continue;
                                }
                                let word = For::Word(name.to_ascii_lowercase(), at.clone());
                                if let Some(of) = both(&of, &word) {
                                    add(&mut found, &of, held.clone());
                                }
                            }
                        }
                    }
                }
            }
            Value::List(items) => {
                let number = |key: Option<Rc<str>>| key.and_then(|key| key.parse::<usize>().ok());
                let number = plain(key).into_iter().next().and_then(|(_, key)| number(key));
                let inner = number.and_then(|number| items.get(number)).cloned();
                add(&mut found, of, inner.unwrap_or_else(unknown));
            }
            Value::Text(_) | Value::Unknown => found.push((of.clone(), Value::Unknown)),
        }
        found.truncate(MAX_VALUES);
    }
    if found.is_empty() { unknown() } else { found }
}

fn add(found: &mut Held, of: &For, inner: Held) {
    for (more, value) in inner {
        if let Some(of) = both(of, &more) {
            found.push((of, value));
        }
    }
}

/// What is held whatever it is for.
pub fn alone(held: &Held) -> Value {
    match held.as_slice() {
        [(For::All, value)] => value.clone(),
        _ => Value::Unknown,
    }
}
