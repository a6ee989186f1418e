//! What the branches of a script say: the arms of a `case`, what a test compares a variable with.
//!
//! `case "$1" in production)` and `if [ "$ENV" = production ]` say whose the values in them are; what any other branch sets is not known to be
//! set at all.

use crate::recognise::Said;
use crate::source::Source;
use crate::syntax::Node;
use crate::syntax::shell::ARM;

/// How many words of one arm are told apart.
const MAX_WORDS: usize = 8;

/// Tests that compare.
const TESTS: [&str; 3] = ["[", "[[", "test"];

/// What the words of a `case` are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Words {
    /// Environments, names: whatever they say.
    #[default]
    Any,
    /// Parts of one installation: `case "$CONTAINER_ROLE" in`.
    Roles,
    /// Names of shops, whatever words they are: `case "$SHOP" in`.
    Shops,
}

/// A branch, and the words that it is for.
#[derive(Default)]
struct Branch {
    words: Vec<String>,
    /// Whether it is for everything but them: the `else` of one test.
    is_otherwise: bool,
    /// Whether it follows several tests.
    is_late: bool,
    of: Words,
    /// Which branch of the script it is, and which of its arms is open.
    place: (usize, usize),
    /// The first word that an arm of its `case` was for.
    first: Option<String>,
}

/// What variables that hold the name of a shop are called, and the collection of what they hold.
const SHOPS: [&str; 4] = ["SHOP", "BRAND", "TENANT", "STOREFRONT"];
pub const COLLECTION: &str = "shops";

/// Whether the variables in a text hold the name of a shop.
pub fn is_of_shop(asked: &str) -> bool {
    SHOPS.iter().any(|shop| asked.contains(shop))
}

/// The open branches of a script.
#[derive(Default)]
pub struct Branches {
    /// For each, the words that it is for: none for a function, a `*`.
    open: Vec<Branch>,
    /// What the tests since the last keyword compare with.
    tests: Vec<Option<String>>,
    /// Whether the next `then` goes on with the same `if`.
    goes_on: bool,
    /// How many branches were opened.
    count: usize,
}

impl Branches {
    /// The arms of the open branches.
    pub fn arms(&self) -> Vec<(usize, usize)> {
        self.open.iter().map(|branch| branch.place).collect()
    }

    fn push(&mut self, branch: Branch) {
        self.count += 1;
        self.open.push(Branch { place: (self.count, 0), ..branch });
    }

    /// How deep the commands stand.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Takes a command that opens, parts or ends a branch; says whether it is one. A test is none. What stands before an `if` is no test of it.
    pub fn take(&mut self, words: &[Node], source: &Source) -> bool {
        if words.first().is_some_and(|word| is_first_test(source, word)) {
            self.tests.clear();
        }
        let first = words.first().and_then(Node::as_str).unwrap_or_default();
        let is_alone = words.len() == 1;
        match first {
            // What a program compares: another reader than a shell's says where its tests begin.
            "if" if is_alone => {}
            "then" if is_alone => {
                let words = match std::mem::take(&mut self.tests).as_slice() {
                    [Some(word)] => vec![word.clone()],
                    _ => Vec::new(),
                };
                let is_late = self.goes_on;
                let branch = Branch { words, is_late, ..Branch::default() };
                match self.open.last_mut().filter(|_| self.goes_on) {
                    Some(last) => *last = Branch { place: last.place, ..branch },
                    None => self.push(branch),
                }
                self.goes_on = false;
            }
            "elif" if is_alone => {
                self.tests.clear();
                self.goes_on = true;
                self.set(Vec::new());
            }
            "else" if is_alone => {
                self.tests.clear();
                self.goes_on = false;
                if let Some(last) = self.open.last_mut() {
                    last.is_otherwise = !last.is_late && last.words.len() == 1;
                    last.words.truncate(usize::from(last.is_otherwise));
                    last.place.1 += 1;
                }
            }
            "{" if is_alone => self.push(Branch::default()),
            "fi" | "esac" | "}" if is_alone => {
                self.open.pop();
            }
            ";;" if is_alone => self.set(Vec::new()),
            "case" => {
                let asked = words.get(1).map_or("", |word| source.slice(word.at.span));
                let asked = asked.to_ascii_uppercase();
                let of = match asked.as_str() {
                    asked if asked.contains("ROLE") => Words::Roles,
                    asked if is_of_shop(asked) => Words::Shops,
                    _ => Words::Any,
                };
                self.push(Branch { of, ..Branch::default() });
            }
            ARM => {
                let patterns = words.get(1..).unwrap_or_default();
                self.set(patterns.iter().take(MAX_WORDS).filter_map(word).collect());
                self.be_the_rest(patterns);
            }
            _ => {
                if TESTS.contains(&first) {
                    self.tests.push(compared(words));
                } else {
                    self.tests.push(None);
                }
                return false;
            }
        }
        if !matches!(first, "then" | "elif") {
            self.tests.clear();
        }
        true
    }

    /// Forgets most of the commands before an `if`.
    pub fn separate(&mut self) {
        if self.tests.len() > MAX_WORDS {
            self.tests.drain(..MAX_WORDS / 2);
        }
    }

    /// What the branches around say, one statement for each word of an arm; none where they say nothing.
    pub fn said(&self, outer: Option<&Said>) -> Vec<Option<Said>> {
        let outer_names = match outer {
            Some(said) if said.how != Said::KEYS => return vec![outer.cloned()],
            Some(said) => said.names.clone(),
            None => Vec::new(),
        };
        let mut all = vec![outer_names];
        for branch in self.open.iter().filter(|branch| !branch.words.is_empty()) {
            let how = match branch {
                Branch { is_otherwise: true, .. } => Said::OTHERWISE,
                Branch { of: Words::Shops, .. } => COLLECTION,
                _ => Said::CASE,
            };
            let with = |names: &Vec<String>, word: &String| {
                let mut names = names.clone();
                names.extend([how.to_owned(), word.clone()]);
                names
            };
            all = all
                .iter()
                .flat_map(|names| branch.words.iter().map(move |word| with(names, word)))
                .take(MAX_WORDS)
                .collect();
        }
        let said =
            |names: Vec<String>| (!names.is_empty()).then_some(Said { how: Said::KEYS, names });
        all.into_iter().map(said).collect()
    }

    fn set(&mut self, words: Vec<String>) {
        if let Some(last) = self.open.last_mut() {
            let of = last.of;
            let words = if of == Words::Roles { Vec::new() } else { words };
            let place = (last.place.0, last.place.1 + 1);
            let first = last.first.take().or_else(|| words.first().cloned());
            *last = Branch { words, of, place, first, ..Branch::default() };
        }
    }

    /// Takes the arm `*` for everything but what an arm before it is for.
    fn be_the_rest(&mut self, patterns: &[Node]) {
        let is_rest = matches!(patterns, [one] if one.as_str() == Some("*"));
        if let Some(last) = self.open.last_mut().filter(|last| is_rest && last.of == Words::Any) {
            last.words.extend(last.first.clone());
            last.is_otherwise = !last.words.is_empty();
        }
    }
}

/// Whether a word is the first behind an `if`.
fn is_first_test(source: &Source, word: &Node) -> bool {
    let before = source.text().as_bytes().get(..word.at.span.start as usize).unwrap_or_default();
    before.trim_ascii_end().ends_with(b"if") && before.last().is_some_and(u8::is_ascii_whitespace)
}

/// The word of a pattern, without what matches any end.
fn word(pattern: &Node) -> Option<String> {
    let text = pattern.as_str()?.trim_end_matches('*');
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    (!text.is_empty() && text.chars().all(is_word)).then(|| text.to_ascii_lowercase())
}

/// What `[ "$ENV" = production ]` compares a variable with.
fn compared(words: &[Node]) -> Option<String> {
    let end = words.len().checked_sub(1)?;
    let last = words.get(end).and_then(Node::as_str);
    let words = words.get(1..if matches!(last, Some("]" | "]]")) { end } else { end + 1 })?;
    let [left, sign, right] = words else { return None };
    if !matches!(sign.as_str(), Some("=" | "==")) {
        return None;
    }
    match (left.as_str(), right.as_str()) {
        (None, Some(_)) => word(right),
        (Some(_), None) => word(left),
        // `"x$1" = xproduction`, or a variable that is known here.
        _ => None,
    }
}
