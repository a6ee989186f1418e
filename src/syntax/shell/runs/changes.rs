//! What statements change of what is known.

use super::symbol::{State, symbol};
use super::tree::{Kind, Statement};
use crate::syntax::shell::scanner::assignment;
use crate::syntax::shell::word::name_length;

/// Commands that write to variables that they name.
pub const WRITING: [&str; 8] =
    ["read", "mapfile", "readarray", "getopts", "unset", "let", "printf", "select"];

/// The variables that statements assign.
pub fn assigned<'t>(
    text: &str,
    list: impl IntoIterator<Item = &'t Statement>,
    names: &mut Vec<String>,
) {
    let mut open: Vec<&Statement> = list.into_iter().collect();
    while let Some(statement) = open.pop() {
        match &statement.kind {
            Kind::Command(words) => {
                let words = words.iter().filter_map(|word| text.get(word.clone()));
                let words: Vec<&str> = words.collect();
                let own = words.iter().filter_map(|word| assignment(word));
                names.extend(own.map(|(name, _)| name.to_owned()));
                let first = words.first().copied().unwrap_or_default();
                if WRITING.contains(&first) {
                    names.extend(written(words.get(1..).unwrap_or_default()));
                }
                if matches!(first, "shift" | "set") {
                    names.extend((1..=9).map(|number: u8| number.to_string()));
                }
            }
            Kind::Not(inner) | Kind::Function(_, inner) => open.push(inner),
            Kind::Chain(first, more) => {
                open.push(first);
                open.extend(more.iter().map(|(_, _, statement)| statement));
            }
            Kind::If(arms, _) => {
                let lists = arms.iter().flat_map(|arm| arm.asked.iter().chain([&arm.body]));
                open.extend(lists.flatten());
            }
            Kind::Case(case) => open.extend(case.arms.iter().flat_map(|arm| &arm.body)),
            Kind::Loop(asked, variable, body) => {
                let name = variable.clone().and_then(|name| text.get(name));
                names.extend(name.map(str::to_owned));
                open.extend(asked.iter().chain(body));
            }
            Kind::Group(list) | Kind::Subshell(list) | Kind::Pipe(list) => open.extend(list),
            Kind::Test(_) | Kind::Arithmetic => {}
        }
    }
}

/// The variables that words of a command name which writes to them: `NAME`, `"NAME"`, `NAME+=1`.
pub fn written(words: &[&str]) -> Vec<String> {
    let name = |word: &&str| {
        let word = word.trim_start_matches(['"', '\'']);
        word.get(..name_length(word)).filter(|name| !name.is_empty()).map(str::to_owned)
    };
    words.iter().filter_map(name).collect()
}

pub fn forget(names: &[String], state: &mut State) {
    state.variables.extend(names.iter().map(|name| (name.clone(), None)));
}

pub fn forget_arguments(state: &mut State) {
    state.variables.extend((1..=9).map(|number| (number.to_string(), None)));
    state.variables.remove("#");
}

/// Learns what a word assigns.
pub fn assign(word: &str, state: &mut State) {
    // `export "NAME=value"`
    let word = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word);
    let Some((name, is_added)) = assignment(word) else { return };
    let value = word.split_once('=').map_or("", |(_, value)| value);
    let is_list = value.starts_with('(');
    let held = symbol(value, state).filter(|_| !is_added && !is_list);
    state.variables.insert(name.to_owned(), held);
}
