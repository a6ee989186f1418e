//! Loops whose rounds can be told: over known words, over the lines of a text, over what a script is given.
//!
//! The body is read once for each round, with what the rounds before it have assigned, as it is run. Sources: POSIX, *Shell Command Language*,
//! *The for Loop*, *The while Loop*, *getopts*, *read*; the Bash manual, *Word Splitting*.

use std::ops::Range;

use super::bodies::{Block, Loop, Rounds};
use super::expansions::known;
use super::read;
use super::state::{Scanner, Script};
use crate::source::Location;
use crate::syntax::shell::runs;
use crate::syntax::shell::variables::{Known, Variables};
use crate::syntax::shell::word::{Word, name_length};

/// How many rounds a loop is read for.
pub const MAX_ROUNDS: usize = 64;

/// Words that leave a loop.
const LEAVING: [&str; 3] = ["break", "return", "exit"];

impl Scanner<'_, '_> {
    /// Notes the words of a loop that has just been read: `for name in a b`.
    pub(super) fn loops(&mut self, words: &[Word]) {
        let [first, variable, of, ..] = words else { return };
        if first.text != "for" || of.text != "in" {
            return;
        }
        let name = variable.text.clone();
        let last = self.commands.nodes.len().checked_sub(1);
        let Some((index, command)) = last.zip(self.commands.nodes.last()) else { return };
        let items = command.items().get(3..).unwrap_or_default();
        let is_known = !items.is_empty() && items.len() <= MAX_ROUNDS;
        if is_known
            && name.len() == name_length(&name)
            && items.iter().all(|item| item.as_str().is_some())
        {
            let rounds = Rounds::Words(name, items.iter().map(known).collect());
            self.pending.rounds = Some(Loop { rounds, index, before: None });
        }
    }

    /// Notes what a loop asks before each round: where it opens, all of it is known.
    pub(super) fn asks(&mut self, start: usize) {
        let index = self.commands.nodes.len();
        self.pending.asked = Some((start, index));
    }

    /// The loop whose body opens at a place.
    pub(super) fn opened_loop(&mut self, at: usize) -> Option<Loop> {
        let mut rounds = match (self.pending.rounds.take(), self.pending.asked.take()) {
            (Some(rounds), _) => rounds,
            (None, Some((start, index))) => {
                let asked = self.words.slice(start..at);
                let asked = asked.strip_suffix("do").unwrap_or(asked).trim();
                let rounds = self.asked(asked.trim_end_matches(';').trim())?;
                Loop { rounds, index, before: None }
            }
            (None, None) => return None,
        };
        if self.commands.functions.spend(32 * self.variables.size()) {
            rounds.before = Some(self.variables.clone());
        }
        Some(rounds)
    }

    /// What the rounds of a loop are that asks this.
    fn asked(&self, asked: &str) -> Option<Rounds> {
        let is_given = self.variables.list("$@").is_some();
        if let Some(options) = asked.strip_prefix("getopts ") {
            let (options, name) = options.trim().rsplit_once(char::is_whitespace)?;
            let options = options.trim().trim_matches(['"', '\'']).to_owned();
            let is_name = name_length(name) == name.len() && !options.contains('$');
            return (is_given && is_name).then(|| Rounds::Options(options, name.to_owned()));
        }
        let asks = ["$#", "${#}", "-n \"$1\"", "-n \"${1:-}\"", "-n $1"];
        if asks.iter().any(|sign| asked.contains(sign)) {
            return is_given.then_some(Rounds::Arguments);
        }
        let (separators, names) = line_reader(asked)?;
        Some(Rounds::Lines(separators, names))
    }

    /// Reads a loop that has just ended, once for each of its rounds.
    pub(super) fn rounds(&mut self, block: &mut Block, body: Range<usize>, end: usize) {
        let Some(Loop { rounds, index, before }) = block.rounds.take() else { return };
        let Some(mut variables) = before else { return };
        let Some(rounds) = self.each(rounds, &variables, end) else { return };
        if let Each::Given(given) = &rounds
            && let Some((name, _)) = given.iter().flatten().next()
            && given.iter().all(|round| round.len() == 1)
            && !uses_plainly(self.words.slice(body.clone()), name)
        {
            return;
        }
        let count = match &rounds {
            Each::Given(given) => given.len(),
            Each::Arguments => variables.list("$@").map_or(0, <[Known]>::len),
        };
        let cost = (body.len() + 32 * variables.size()) * count;
        if !self.commands.functions.spend(cost) {
            return;
        }
        self.commands.nodes.truncate(index);
        self.commands.functions.truncate(index);
        // Whether it may have been left before its last round.
        let mut is_open = false;
        match rounds {
            Each::Given(given) => {
                for round in given {
                    for (name, item) in round {
                        variables.assign_from(&name, item.text.as_deref(), item.origin);
                    }
                    match self.round(body.clone(), &mut variables) {
                        Leaving::Never => {}
                        Leaving::Now => break,
                        Leaving::Perhaps => is_open = true,
                    }
                }
            }
            Each::Arguments => {
                for _ in 0..MAX_ROUNDS {
                    let left = variables.list("$@").map(<[Known]>::len);
                    let Some(left) = left.filter(|left| *left > 0) else { break };
                    match self.round(body.clone(), &mut variables) {
                        Leaving::Never => {}
                        Leaving::Now => break,
                        Leaving::Perhaps => is_open = true,
                    }
                    // What is never shifted never ends.
                    if variables.list("$@").is_none_or(|list| list.len() >= left) {
                        return;
                    }
                }
            }
        }
        if !is_open {
            self.keep(&variables);
        }
    }

    /// Reads one round; says whether the loop is left in it.
    fn round(&mut self, body: Range<usize>, variables: &mut Variables) -> Leaving {
        let functions = self.commands.functions.texts(self.words.slice(body.clone()));
        let decided = runs::decided(self.words.slice(body.clone()), variables, &functions);
        let text = decided.as_ref().map_or(self.words.slice(body.clone()), |one| &one.text);
        let leaving = match LEAVING.iter().map(|word| text.matches(word).count()).sum() {
            0 => Leaving::Never,
            1_usize if decided.as_ref().is_some_and(|one| one.is_left) => Leaving::Now,
            _ => Leaving::Perhaps,
        };
        match decided {
            Some(decided) if self.script.depth < super::MAX_NESTING => {
                let Script { id, base, depth, is_expanded, .. } = self.script;
                let (base, depth) = (base + body.start, depth + 1);
                let script = Script { id, text: &decided.text, base, depth, is_expanded };
                read(script, variables, self.commands);
            }
            _ => self.nested(body, variables, None),
        }
        leaving
    }

    /// Takes over what is known behind a loop.
    fn keep(&mut self, behind: &Variables) {
        let changed: Vec<String> = behind
            .names()
            .filter(|name| self.variables.get(name) != behind.get(name))
            .map(str::to_owned)
            .collect();
        for name in changed {
            let origin = behind.origin(&name);
            self.variables.assign_from(&name, behind.get(&name), origin);
        }
        if let Some(list) = behind.list("$@").map(<[Known]>::to_vec) {
            self.variables.assign_list("@", list);
        }
    }

    /// What a loop's rounds are given.
    fn each(&self, rounds: Rounds, before: &Variables, end: usize) -> Option<Each> {
        match rounds {
            Rounds::Words(name, items) => {
                let round = |item| vec![(name.clone(), item)];
                Some(Each::Given(items.into_iter().map(round).collect()))
            }
            Rounds::Arguments => Some(Each::Arguments),
            Rounds::Options(options, name) => {
                options_of(&options, before.list("$@")?).map(|found| {
                    let round = |(letter, value): (Known, Known)| {
                        vec![(name.clone(), letter), ("OPTARG".to_owned(), value)]
                    };
                    Each::Given(found.into_iter().map(round).collect())
                })
            }
            Rounds::Lines(separators, names) => {
                let text = self.lines_behind(end)?;
                let base = self.script.base;
                let mut at = text.start;
                let mut given = Vec::new();
                for line in self.words.slice(text).split_inclusive('\n') {
                    let place = |range: &Range<usize>| {
                        let (start, end) = (base + at + range.start, base + at + range.end);
                        Location::new(self.script.id, start, end)
                    };
                    let fields = fields(line, &separators, names.len());
                    if !fields.is_empty() {
                        let known = |range: &Range<usize>| Known {
                            text: line.get(range.clone()).map(str::to_owned),
                            origin: Some(place(range)),
                        };
                        let empty = || Known { text: Some(String::new()), origin: None };
                        let value = |index: usize| fields.get(index).map_or_else(empty, known);
                        let round = names.iter().enumerate();
                        let round = round.map(|(index, name)| (name.clone(), value(index)));
                        given.push(round.collect());
                    }
                    at += line.len();
                    if given.len() > MAX_ROUNDS {
                        return None;
                    }
                }
                (!given.is_empty()).then_some(Each::Given(given))
            }
        }
    }

    /// The lines of the here-document that a loop reads which ends at a place, where nothing in it is computed.
    fn lines_behind(&self, end: usize) -> Option<Range<usize>> {
        let line_end = self.words.line_end(end);
        let line = self.words.slice(end..line_end).trim();
        let word = line.strip_prefix("done").unwrap_or(line).trim().strip_prefix("<<")?;
        let word = word.strip_prefix('-').unwrap_or(word).trim();
        let last = word.trim_matches(['"', '\'', '\\']);
        if last.is_empty() || last.contains(|letter: char| !letter.is_alphanumeric() && letter != '_')
        {
            return None;
        }
        let start = line_end + 1;
        let text = self.words.slice(start..self.words.text.len());
        let mut at = start;
        for line in text.split_inclusive('\n') {
            if line.trim() == last {
                let is_plain = !self.words.slice(start..at).contains(['$', '`', '\\']);
                return is_plain.then_some(start..at);
            }
            at += line.len();
        }
        None
    }
}

/// Whether a loop is left in a round.
enum Leaving {
    Never,
    Now,
    Perhaps,
}

/// What the rounds of a loop are given.
enum Each {
    /// Variables, each round.
    Given(Vec<Vec<(String, Known)>>),
    /// What is left of the arguments.
    Arguments,
}

/// The separators and the variables of `IFS=: read -r a b`.
fn line_reader(asked: &str) -> Option<(String, Vec<String>)> {
    let (separators, rest) = match asked.strip_prefix("IFS=") {
        Some(behind) => {
            let (written, rest) = behind.split_once(" read")?;
            let bare = written.trim_matches(['"', '\'']);
            let bare = if written == "$'\\t'" { "\t" } else { bare };
            (bare.to_owned(), rest)
        }
        None => (" \t".to_owned(), asked.strip_prefix("read")?),
    };
    let mut words = rest.split_whitespace().peekable();
    words.next_if_eq(&"-r");
    let names: Vec<String> = words.map(str::to_owned).collect();
    let is_name = |name: &String| name_length(name) == name.len() && !name.is_empty();
    let is_known = separators.len() < 2 || separators == " \t";
    (!names.is_empty() && is_known && names.iter().all(is_name)).then_some((separators, names))
}

/// Where the fields of a line stand; the last one has what is left.
pub fn fields(line: &str, separators: &str, most: usize) -> Vec<Range<usize>> {
    let bare = line.trim_end_matches(['\n', '\r']);
    let is_blank = separators.trim().is_empty() && !separators.is_empty();
    let is_separator = |letter: char| separators.contains(letter);
    let trimmed = |range: Range<usize>| {
        let text = bare.get(range.clone()).unwrap_or_default();
        let start = range.start + text.len() - text.trim_start_matches([' ', '\t']).len();
        start..start + text.trim_matches([' ', '\t']).len()
    };
    if separators.is_empty() || most < 2 {
        let range = if is_blank { trimmed(0..bare.len()) } else { 0..bare.len() };
        return if range.is_empty() { Vec::new() } else { vec![range] };
    }
    let mut fields = Vec::new();
    let mut at = if is_blank { trimmed(0..bare.len()).start } else { 0 };
    while at < bare.len() {
        let rest = bare.get(at..).unwrap_or_default();
        let is_last = fields.len() + 1 == most;
        let length = rest.find(is_separator).filter(|_| !is_last).unwrap_or(rest.len());
        let range = at..at + length;
        fields.push(if is_blank { trimmed(range) } else { range });
        at += length + 1;
        if is_blank {
            let rest = bare.get(at..).unwrap_or_default();
            at += rest.len() - rest.trim_start_matches(is_separator).len();
        }
    }
    fields
}

/// The options among arguments, each with its letter and its value; none where only running the script would tell.
fn options_of(options: &str, arguments: &[Known]) -> Option<Vec<(Known, Known)>> {
    let mut found = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.text.as_deref()?;
        let Some(letters) = text.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            break;
        };
        if letters == "-" {
            break;
        }
        for (at, letter) in letters.char_indices() {
            let behind = options.find(letter).filter(|_| letter != ':')? + letter.len_utf8();
            let name = Known { text: Some(letter.to_string()), origin: None };
            let has_value = options.get(behind..).is_some_and(|rest| rest.starts_with(':'));
            if !has_value {
                found.push((name, Known::default()));
                continue;
            }
            let own = letters.get(at + letter.len_utf8()..).filter(|own| !own.is_empty());
            let value = match own {
                Some(own) => Known { text: Some(own.to_owned()), origin: argument.origin },
                None => rest.next()?.clone(),
            };
            found.push((name, value));
            break;
        }
    }
    (found.len() <= MAX_ROUNDS).then_some(found)
}

/// Whether a body uses a variable, and everywhere as it is: what it cuts off is known only when it runs.
fn uses_plainly(body: &str, name: &str) -> bool {
    let braced = format!("${{{name}");
    let is_used = body.contains(&format!("${name}")) || body.contains(&braced);
    let mut rest = body.split(braced.as_str()).skip(1);
    is_used && rest.all(|behind| behind.starts_with(['}', '#', '%', '^', ',', '/', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_fields_that_read_gives() {
        let shown = |line: &str, separators: &str, most: usize| {
            let fields = fields(line, separators, most).into_iter();
            fields.map(|range| line[range].to_owned()).collect::<Vec<_>>().join("|")
        };
        for (line, separators, most, expected) in [
            ("a  b c\n", " \t", 2, "a|b c"),
            (" a b\n", " \t", 3, "a|b"),
            ("a:b:c\n", ":", 3, "a|b|c"),
            ("a::c\n", ":", 3, "a||c"),
            ("a=b=c\n", "=", 2, "a|b=c"),
            ("a b\n", "", 1, "a b"),
            ("\n", " \t", 2, ""),
        ] {
            assert_eq!(shown(line, separators, most), expected, "{line:?}");
        }
    }

    #[test]
    fn options_are_those_of_getopts() {
        let word = |text: &&str| Known { text: Some((*text).to_owned()), origin: None };
        let shown = |arguments: &[&str]| {
            let arguments: Vec<Known> = arguments.iter().map(word).collect();
            let found = options_of("s:v", &arguments)?;
            let one = |(name, value): (Known, Known)| {
                format!("{}={}", name.text.unwrap_or_default(), value.text.unwrap_or_default())
            };
            Some(found.into_iter().map(one).collect::<Vec<_>>().join(" "))
        };
        for (arguments, expected) in [
            (&["-s", "a", "-v", "rest", "-s"][..], Some("s=a v=")),
            (&["-vsa"], Some("v= s=a")),
            (&["-x"], None),
            (&["-s"], None),
            (&["--", "-s"], Some("")),
        ] {
            assert_eq!(shown(arguments).as_deref(), expected, "{arguments:?}");
        }
    }
}
