//! What an expression of a program is, as far as that is written.

use std::rc::Rc;

use super::machine::Machine;
use super::tree::{At, Expression, Part, Test, What};
use super::value::{Bit, For, Held, Value, bits, item, unknown};

impl Machine {
    /// A value as it is put into a command.
    pub(super) fn put(&mut self, value: &Expression) -> (At, Vec<Bit>) {
        let held = self.value(value);
        (value.at.clone(), bits_of(&held, &value.at))
    }

    /// What an expression is.
    pub(super) fn value(&mut self, value: &Expression) -> Held {
        if !self.step() {
            return unknown();
        }
        let all = |value: Value| vec![(For::All, value)];
        match &value.what {
            What::Text(parts) => {
                let mut found: Vec<Bit> = Vec::new();
                for part in parts {
                    match part {
                        Part::Plain(text, at) => found.push(Bit::Plain(text.clone(), at.clone())),
                        Part::Hole(inner) => {
                            let held = self.value(inner);
                            found.extend(bits(&held, &inner.at));
                            self.steps += held.len();
                        }
                    }
                }
                all(Value::Text(Rc::new(found)))
            }
            What::Name(name) => self.named(name),
            What::Item(map, key) => {
                let map = self.value(map);
                let key = self.value(key);
                let length = |(_, value): &(For, Value)| {
                    if let Value::Map(entries) = value { entries.len() } else { 0 }
                };
                self.steps += map.iter().map(length).sum::<usize>() / 16;
                item(&map, &key)
            }
            What::Map(entries) => {
                let mut found = Vec::new();
                for (key, value) in entries {
                    let Some(name) = key.plain() else { return unknown() };
                    let held = self.value(value);
                    found.push((name, key.at.clone(), held));
                }
                all(Value::Map(Rc::new(found)))
            }
            What::List(items) => {
                let items: Vec<Held> = items.iter().map(|item| self.value(item)).collect();
                all(Value::List(Rc::new(items)))
            }
            What::Choice(test, first, second) => {
                let (first, second) = (self.value(first), self.value(second));
                let one = |held: &Held| match held.as_slice() {
                    [(For::All, value)] => value.clone(),
                    _ => Value::Unknown,
                };
                let Test::Words(words) = test else { return unknown() };
                let words = words.iter().map(|(word, at)| {
                    (For::Word(word.to_ascii_lowercase(), at.clone()), one(&first))
                });
                words.chain([(For::Otherwise, one(&second))]).collect()
            }
            What::Call(name, arguments) if name == "fetch" && arguments.len() == 2 => {
                let found = arguments.first().map_or_else(unknown, |one| self.value(one));
                let default = arguments.get(1).map_or_else(unknown, |one| self.value(one));
                let is_by_word = found.iter().all(|(of, _)| matches!(of, For::Word(..)));
                match default.as_slice() {
                    [(For::All, default)] if is_by_word => {
                        found.into_iter().chain([(For::Otherwise, default.clone())]).collect()
                    }
                    _ => found,
                }
            }
            What::Call(name, arguments) => {
                let last = name.rsplit('.').next().unwrap_or_default();
                if name == "dict"
                    && let [only] = arguments.as_slice()
                {
                    return self.value(only);
                }
                let Some(function) = self.functions.get(last).cloned() else { return unknown() };
                let was = std::mem::replace(&mut self.is_mute, true);
                let returned = self.call(&function, arguments);
                self.is_mute = was;
                returned
            }
            What::Test(_) | What::Block(_) | What::Unknown => unknown(),
        }
    }

    /// What a name holds: its own, or an attribute of what another name holds.
    fn named(&self, name: &str) -> Held {
        let root = name.split('.').next().unwrap_or(name);
        if self.writes.may_change(name) || self.writes.may_change(root) {
            return unknown();
        }
        if let Some(held) = self.names.get(name) {
            return held.clone();
        }
        let Some((outer, key)) = name.rsplit_once('.') else { return unknown() };
        let Some(held) = self.names.get(outer) else { return unknown() };
        let key = vec![(For::All, Value::Text(Rc::new(vec![Bit::Plain(key.to_owned(), 0..0)])))];
        item(held, &key)
    }
}

/// What something holds as the bits of a word at a place.
pub fn bits_of(held: &Held, place: &At) -> Vec<Bit> {
    match held.as_slice() {
        [(For::All, Value::Text(bits))] => bits.to_vec(),
        _ => bits(held, place),
    }
}
