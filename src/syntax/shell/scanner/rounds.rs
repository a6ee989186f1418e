//! Loops whose rounds can be told: over known words, over the lines of a text, over what a script is given.
//!
//! The body is read once for each round, with what the rounds before it have assigned, as it is run. Sources: POSIX, *Shell Command Language*,
//! *The for Loop*, *The while Loop*, *getopts*, *read*; the Bash manual, *Word Splitting*.

use std::ops::Range;

use super::bodies::{Block, Loop, Rounds};
use super::expansions::known;
use super::fields::{fields, line_reader, options_of};
use super::read;
use super::state::{Scanner, Script};
use crate::source::Location;
use crate::syntax::shell::runs;
use crate::syntax::shell::variables::{Known, Variables};
use crate::syntax::shell::word::{Word, name_length};

/// How many rounds a loop is read for.
const MAX_ROUNDS: usize = 256;

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
        self.take_over(behind, |_| true);
        if let Some(list) = behind.list("$@").map(<[Known]>::to_vec) {
            self.variables.assign_list("@", list);
        }
    }

    /// What a loop's rounds are given.
    fn each(&mut self, rounds: Rounds, before: &Variables, end: usize) -> Option<Each> {
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
    fn lines_behind(&mut self, end: usize) -> Option<Range<usize>> {
        let line_end = self.words.line_end(end);
        let line = self.words.slice(end..line_end).trim();
        let word = line.strip_prefix("done").unwrap_or(line).trim().strip_prefix("<<")?;
        let word = word.strip_prefix('-').unwrap_or(word).trim();
        let last = word.trim_matches(['"', '\'', '\\']);
        if last.is_empty()
            || last.contains(|letter: char| !letter.is_alphanumeric() && letter != '_')
        {
            return None;
        }
        let body = self.body(line_end + 1, last)?;
        let is_plain = !self.words.slice(body.clone()).contains(['$', '`', '\\']);
        is_plain.then_some(body)
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

/// Whether a body uses a variable, and everywhere as it is: what it cuts off is known only when it runs.
fn uses_plainly(body: &str, name: &str) -> bool {
    let braced = format!("${{{name}");
    let is_used = body.contains(&format!("${name}")) || body.contains(&braced);
    let mut rest = body.split(braced.as_str()).skip(1);
    is_used && rest.all(|behind| behind.starts_with(['}', '#', '%', '^', ',', '/', ':']))
}
