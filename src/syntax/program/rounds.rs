//! Loops over what is written: for the words of a map each round is an arm, all others are rounds one after the other.

use std::rc::Rc;

use super::machine::Machine;
use super::tree::{At, Expression, Part, Statement, What};
use super::value::{Bit, For, Held, MAX_VALUES, Value, alone, given, unknown};

/// What one round gives the names of a loop, and the word that it is for.
struct Round {
    word: Option<(String, At)>,
    values: Vec<Value>,
}

impl Machine {
    pub(super) fn each(&mut self, names: &[String], of: &Expression, body: &[Statement]) {
        self.visit(of);
        let (walk, inner) = match &of.what {
            What::Call(name, arguments) => {
                (name.to_ascii_lowercase(), arguments.first().unwrap_or(of))
            }
            _ => (String::new(), of),
        };
        let held = self.value(inner);
        let (rounds, is_by_key) = match held.as_slice() {
            [(For::All, Value::Map(entries))] if entries.len() <= MAX_VALUES => {
                let rounds = entries.iter().map(|entry| Some(of_entry(entry, &walk)));
                (rounds.collect::<Option<Vec<Round>>>(), true)
            }
            [(For::All, Value::List(items))] if items.len() <= MAX_VALUES => {
                let is_by_key = names.len() > 1 || names.iter().any(|name| takes(body, name));
                (items.iter().map(|item| of_item(item, names.len())).collect(), is_by_key)
            }
            _ => (None, false),
        };
        let from = self.journal.len();
        let Some(rounds) = rounds.filter(|rounds| !rounds.is_empty() && !names.is_empty()) else {
            for name in names {
                self.assign(name, unknown());
            }
            self.perhaps(body);
            self.leave(from);
            return;
        };
        let is_word = |round: &Round| round.word.as_ref().is_some_and(|(word, _)| is_plain(word));
        if is_by_key && rounds.iter().all(is_word) {
            for (number, name) in names.iter().enumerate() {
                let held: Held = rounds
                    .iter()
                    .filter_map(|round| {
                        let (word, at) = round.word.clone()?;
                        let value = round.values.get(number).cloned().unwrap_or(Value::Unknown);
                        Some((For::Word(word.to_ascii_lowercase(), at), value))
                    })
                    .collect();
                self.assign(name, held);
            }
            self.statements(body);
        } else {
            for round in rounds {
                for (number, name) in names.iter().enumerate() {
                    let value = round.values.get(number).cloned().unwrap_or(Value::Unknown);
                    self.assign(name, vec![(For::All, value)]);
                }
                self.statements(body);
            }
        }
        self.leave(from);
    }
}

fn text(text: &str, at: &At) -> Value {
    Value::Text(Rc::new(vec![Bit::Plain(text.to_owned(), at.clone())]))
}

fn of_entry((key, at, held): &(String, At, Held), walk: &str) -> Round {
    let name = text(key, at);
    let values = match walk {
        "getenumerator" => {
            let pair = [("Key", name.clone()), ("Name", name), ("Value", alone(held))];
            let pair = pair.into_iter();
            let pair =
                pair.map(|(name, value)| (name.to_owned(), at.clone(), vec![(For::All, value)]));
            vec![Value::Map(Rc::new(pair.collect()))]
        }
        "values" => vec![alone(held)],
        _ => vec![name, alone(held)],
    };
    Round { word: Some((key.clone(), at.clone())), values }
}

fn of_item(item: &Held, names: usize) -> Option<Round> {
    let values = match item.as_slice() {
        [(For::All, Value::List(parts))] if names > 1 => parts.iter().map(alone).collect(),
        item => vec![alone(&item.to_vec())],
    };
    let word = match values.first()? {
        Value::Text(bits) => given(bits, &For::All).map(|given| (given.text.to_string(), given.at)),
        _ => None,
    };
    Some(Round { word, values })
}

/// Whether a text can be the word of an arm: the name of a path or a variable is none.
pub fn is_plain(word: &str) -> bool {
    let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let begins = word.starts_with(|first: char| first.is_ascii_alphanumeric());
    begins && word.chars().all(is_of_word) && !word.contains("__")
}

/// Whether statements take an item by what a name holds.
fn takes(statements: &[Statement], name: &str) -> bool {
    statements.iter().any(|statement| match statement {
        Statement::Assign(_, value)
        | Statement::Export(_, _, value)
        | Statement::Value(value)
        | Statement::Return(value) => takes_in(value, name),
        Statement::Words(words) => words.iter().any(|word| takes_in(word, name)),
        Statement::Branch(arms) => arms.iter().any(|arm| takes(&arm.body, name)),
        Statement::Function(function) => takes(&function.body, name),
        Statement::Task(task) => takes(&task.body, name),
        Statement::Each(_, of, body) => takes_in(of, name) || takes(body, name),
        Statement::Perhaps(body) | Statement::Block(body) => takes(body, name),
    })
}

fn takes_in(value: &Expression, name: &str) -> bool {
    match &value.what {
        What::Item(map, key) => {
            matches!(&key.what, What::Name(own) if own == name)
                || takes_in(map, name)
                || takes_in(key, name)
        }
        What::Text(parts) => {
            parts.iter().any(|part| matches!(part, Part::Hole(inner) if takes_in(inner, name)))
        }
        What::List(items) | What::Call(_, items) => items.iter().any(|item| takes_in(item, name)),
        What::Map(entries) => {
            entries.iter().any(|(key, value)| takes_in(key, name) || takes_in(value, name))
        }
        What::Choice(_, first, second) => takes_in(first, name) || takes_in(second, name),
        What::Block(body) => takes(body, name),
        What::Name(_) | What::Test(_) | What::Unknown => false,
    }
}
