//! What recipes of a justfile hand each other: `production: (set-space "production" "0f3c…")`, `just set-space staging 5a7e…`.
//!
//! Source: the *Just Programmer's Manual*, *Dependencies*, *Recipe Parameters*. A recipe that another one calls with arguments is that one's, once
//! for each call; what an argument is that is neither a text nor a variable with one, only running would tell.

use std::collections::BTreeMap;
use std::ops::Range;

use super::pieces::Piece;
use super::word::name_length;

/// How many calls of one justfile are read.
const MAX_CALLS: usize = 256;

/// The recipes of a justfile, and who calls them.
#[derive(Default)]
pub struct Dependencies<'t> {
    /// What each recipe is called with: its parameters, with the places of their defaults, by the place of its script.
    parameters: BTreeMap<usize, Vec<Parameter<'t>>>,
    /// The scripts of recipes by their names.
    scripts: BTreeMap<&'t str, usize>,
    calls: Vec<Call<'t>>,
}

/// A parameter of a recipe, with the place of its default.
type Parameter<'t> = (&'t str, Option<Range<usize>>);

/// A call with arguments.
struct Call<'t> {
    /// The name of the recipe that calls.
    caller: Range<usize>,
    callee: &'t str,
    arguments: Vec<Argument<'t>>,
}

/// What a recipe is handed.
enum Argument<'t> {
    /// A text, where it stands.
    Text(Range<usize>),
    /// What a variable of this name holds.
    Name(&'t str),
    /// What only running would tell.
    Open,
}

impl<'t> Dependencies<'t> {
    /// Notes the line that opens the recipe of a script; `name`: where its name stands.
    pub fn open(&mut self, text: &'t str, line: Range<usize>, name: &Range<usize>, script: usize) {
        let Some(header) = text.get(name.end..line.end) else { return };
        let Some(colon) = colon(header) else { return };
        let (given, behind) = header.split_at(colon);
        let words = words(given, name.end);
        let parameters = words.into_iter().filter_map(|word| {
            let written = text.get(word.clone())?;
            let bare = written.trim_start_matches(['+', '*', '$']);
            let length = name_length(bare);
            let start = word.start + written.len() - bare.len() + length + 1;
            let default =
                bare.get(length..)?.starts_with('=').then(|| literal(text, start..word.end));
            Some((bare.get(..length)?, default.flatten()))
        });
        self.parameters.insert(script, parameters.collect());
        self.scripts.insert(text.get(name.clone()).unwrap_or_default(), script);
        let start = name.end + colon;
        let mut at = 0;
        while let Some(open) = behind.get(at..).and_then(|rest| rest.find('(')) {
            at += open + 1;
            let end = at + close(behind.get(at..).unwrap_or_default());
            self.call(text, name, words_in(text, start + at..start + end));
            at = end;
        }
    }

    /// Notes what a line of a recipe calls: `just set-space staging …`.
    pub fn line(&mut self, text: &'t str, line: Range<usize>, caller: &Range<usize>) {
        let written = text.get(line.clone()).unwrap_or_default();
        let bare = written.trim_start_matches(['\t', ' ', '@', '-']);
        let rest = ["just ", "{{just_executable()}} ", "{{ just_executable() }} "]
            .iter()
            .find_map(|program| bare.strip_prefix(program));
        let Some(rest) = rest else { return };
        let words = words_in(text, line.end - rest.len()..line.end);
        let is_option =
            |word: &Range<usize>| text.get(word.clone()).is_some_and(|it| it.starts_with('-'));
        let words = words.into_iter().skip_while(is_option).collect();
        self.call(text, caller, words);
    }

    fn call(&mut self, text: &'t str, by: &Range<usize>, words: Vec<Range<usize>>) {
        let mut words = words.into_iter();
        let callee = words.next().and_then(|word| text.get(word));
        let arguments: Vec<Argument<'t>> = words
            .map(|word| {
                let written = text.get(word.clone()).unwrap_or_default();
                match literal(text, word) {
                    Some(at) => Argument::Text(at),
                    None if name_length(written) == written.len() => Argument::Name(written),
                    None => Argument::Open,
                }
            })
            .collect();
        let Some(callee) = callee.filter(|_| !arguments.is_empty()) else { return };
        if self.calls.len() < MAX_CALLS {
            self.calls.push(Call { caller: by.clone(), callee, arguments });
        }
    }

    /// The scripts, those that are called with arguments once for each call. `assigned`: where the texts of variables stand.
    pub fn spread(
        self,
        text: &str,
        documents: Vec<Piece>,
        assigned: &BTreeMap<String, Range<usize>>,
    ) -> Vec<Piece> {
        let mut called: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
        for call in &self.calls {
            let Some(&script) = self.scripts.get(call.callee) else { continue };
            let Some(document) = documents.get(script) else { continue };
            let parameters = self.parameters.get(&script).map_or(&[][..], Vec::as_slice);
            let mut own = Vec::new();
            for (at, (name, default)) in parameters.iter().enumerate() {
                let given = match call.arguments.get(at) {
                    Some(Argument::Text(at)) => Some(at.clone()),
                    Some(Argument::Name(name)) => assigned.get(*name).cloned(),
                    Some(Argument::Open) => None,
                    None => default.clone(),
                };
                own.extend(given.map(|at| ((*name).to_owned(), at)));
            }
            let is_same =
                |other: &&Call<'_>| other.caller == call.caller && other.callee == call.callee;
            let is_one = self.calls.iter().filter(is_same).count() == 1;
            let word = own.iter().map(|(_, at)| at.clone()).find(|at| {
                let written = text.get(at.clone()).unwrap_or_default();
                !written.is_empty() && name_length(written) == written.len()
            });
            let mut names = vec![call.caller.clone()];
            names.extend(word.filter(|_| !is_one));
            let piece = Piece {
                range: document.range.clone(),
                names,
                own,
                is_expanded: document.is_expanded,
            };
            called.entry(script).or_default().push(piece);
        }
        let mut spread = Vec::new();
        for (at, document) in documents.into_iter().enumerate() {
            match called.remove(&at) {
                Some(calls) => spread.extend(calls),
                None => spread.push(document),
            }
        }
        spread
    }
}

/// Where the colon stands that ends the parameters of a recipe.
fn colon(header: &str) -> Option<usize> {
    let mut quote = None;
    header.char_indices().find_map(|(at, letter)| {
        match quote {
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter == ':' => return Some(at),
            _ => {}
        }
        None
    })
}

/// Where a parenthesis is closed.
fn close(inner: &str) -> usize {
    let mut quote = None;
    let end = inner.char_indices().find_map(|(at, letter)| {
        match quote {
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter == ')' => return Some(at),
            _ => {}
        }
        None
    });
    end.unwrap_or(inner.len())
}

fn words_in(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    words(text.get(range.clone()).unwrap_or_default(), range.start)
}

/// The words of a line, with their quotes.
fn words(line: &str, start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut from, mut quote) = (None, None);
    for (at, letter) in line.char_indices().chain([(line.len(), ' ')]) {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter.is_ascii_whitespace() => {
                found.extend(from.take().map(|from| start + from..start + at));
            }
            None => {
                quote = Some(letter).filter(|letter| matches!(letter, '"' | '\''));
                from.get_or_insert(at);
            }
        }
    }
    found
}

/// Where the text of a word stands that is as it is written: in quotes, or one that is no name.
fn literal(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let written = text.get(word.clone())?;
    let quoted = ['"', '\''].iter().find_map(|&quote| {
        written.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote))
    });
    let is_plain = |text: &str| !text.contains(['$', '`', '\\', '{', '(', '"', '\'', '+', '/']);
    match quoted {
        Some(inner) => is_plain(inner).then(|| word.start + 1..word.end - 1),
        None => (is_plain(written) && name_length(written) < written.len()).then_some(word),
    }
}
