//! What a script's variables are known to hold.
//!
//! A variable is known while every way to the line that uses it gives it the same literal: what a branch, a loop, a function or a subshell
//! assigns is unknown behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::files::Files;
use crate::source::Location;

/// How many branches within each other are told apart; what is assigned in deeper ones is unknown.
const MAX_BRANCHES: usize = 256;

/// The variables of a script; those that it never assigns are unknown.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    known: BTreeMap<String, Known>,
    /// What arrays hold, and the arguments of a function under `@`.
    lists: BTreeMap<String, Vec<Known>>,
    /// What maps hold by their keys.
    maps: BTreeMap<String, BTreeMap<String, Known>>,
    /// What each open branch has assigned.
    branches: Vec<Vec<String>>,
    /// How many more are open than are told apart.
    deeper: usize,
    /// Whether a text that is assigned stands where it is written, not where its variable is used.
    keeps_places: bool,
    /// The files of the tree that the script can run and take in.
    files: Option<Arc<Files>>,
    /// The variables that programs are given which it runs; none where they are given all.
    exported: Option<BTreeSet<String>>,
}

/// What a variable holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its text; none where only running the script would tell.
    pub text: Option<String>,
    /// Where it was given to a function or a loop, whose lines only repeat its name.
    pub origin: Option<Location>,
}

/// Two are the same that hold the same, whatever files there are.
impl PartialEq for Variables {
    fn eq(&self, other: &Self) -> bool {
        (&self.known, &self.lists, &self.maps) == (&other.known, &other.lists, &other.maps)
    }
}

impl Eq for Variables {}

/// Longer texts are not kept: they are no value of a setting, and copies of them would multiply.
const MAX_BYTES: usize = 16 << 10;

impl Variables {
    /// Variables whose texts stand where they are written, not where they are used.
    #[must_use]
    pub fn with_places() -> Self {
        Self { keeps_places: true, ..Self::default() }
    }

    /// The same, with the files of the tree that scripts run and take in; texts stand where they are written.
    #[must_use]
    pub fn with_files(mut self, files: Option<&Arc<Files>>) -> Self {
        self.keeps_places |= files.is_some();
        self.files = files.cloned();
        self.exported = Some(BTreeSet::new());
        self
    }

    /// The files of the tree that the script can run and take in.
    #[must_use]
    pub fn files(&self) -> Option<&Arc<Files>> {
        self.files.as_ref()
    }

    /// Lets programs have a variable that the script runs; all of them where none is named.
    pub fn export(&mut self, name: Option<&str>) {
        match name {
            Some(name) => {
                if let Some(exported) = &mut self.exported {
                    exported.insert(name.to_owned());
                }
            }
            None => self.exported = None,
        }
    }

    /// What a script has from the start that this one runs.
    #[must_use]
    pub fn handed_on(&self) -> Self {
        let is_exported =
            |name: &String| self.exported.as_ref().is_none_or(|exported| exported.contains(name));
        let known = self.known.iter().filter(|(name, _)| is_exported(name));
        Self {
            known: known.map(|(name, known)| (name.clone(), known.clone())).collect(),
            keeps_places: self.keeps_places,
            files: self.files.clone(),
            exported: self.exported.as_ref().map(|_| self.known.keys().cloned().collect()),
            ..Self::default()
        }
    }

    /// Whether a text that is assigned stands where it is written.
    #[must_use]
    pub fn keeps_places(&self) -> bool {
        self.keeps_places
    }

    /// What a variable holds, where that is known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.known.get(name)?.text.as_deref()
    }

    /// The variables of which something is known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// Where a variable's text was given, where its lines only repeat its name.
    #[must_use]
    pub fn origin(&self, name: &str) -> Option<Location> {
        self.known.get(name)?.origin
    }

    /// What is known of a variable, and where it was given.
    #[must_use]
    pub fn known(&self, name: &str) -> Known {
        self.known.get(name).cloned().unwrap_or_default()
    }

    /// The items that a word stands for: `"$@"`, `"${LIST[@]}"`.
    #[must_use]
    pub fn list(&self, written: &str) -> Option<&[Known]> {
        let name = written.strip_prefix('$')?;
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        let name = match name {
            "@" | "*" => "@",
            name => name.strip_suffix("[@]").or_else(|| name.strip_suffix("[*]"))?,
        };
        self.lists.get(name).map(Vec::as_slice)
    }

    /// What a map holds for a key, or an array at a place.
    #[must_use]
    pub fn item(&self, name: &str, key: &str) -> Option<&Known> {
        let of_list = || self.lists.get(name)?.get(key.parse::<usize>().ok()?);
        self.maps.get(name).and_then(|map| map.get(key)).or_else(of_list)
    }

    /// How many items the array has whose places a word stands for: `"${!LIST[@]}"`.
    #[must_use]
    pub fn places(&self, written: &str) -> Option<usize> {
        let name = written.strip_prefix("${!")?.strip_suffix("[@]}")?;
        self.lists.get(name).map(Vec::len)
    }

    /// Gives a map an item; none that is not known.
    pub fn assign_item(&mut self, name: &str, key: &str, item: Known) {
        self.maps.entry(name.to_owned()).or_default().insert(key.to_owned(), item);
    }

    /// Gives an array its items.
    pub fn assign_list(&mut self, name: &str, items: Vec<Known>) {
        self.lists.insert(name.to_owned(), items);
    }

    /// How much is known, as a measure of what a copy costs.
    #[must_use]
    pub fn size(&self) -> usize {
        self.known.len()
            + self.maps.values().map(BTreeMap::len).sum::<usize>()
            + self.lists.values().map(Vec::len).sum::<usize>()
            + self.branches.iter().map(|names| names.len() + 1).sum::<usize>()
    }

    /// Gives a variable a value; `None` for one that only running the script would tell.
    pub fn assign(&mut self, name: &str, value: Option<&str>) {
        self.assign_from(name, value, None);
    }

    /// Gives a variable a value that stands elsewhere.
    pub fn assign_from(&mut self, name: &str, value: Option<&str>, origin: Option<Location>) {
        if let Some(branch) = self.branches.last_mut() {
            branch.push(name.to_owned());
        }
        let is_kept = |value: &&str| value.len() <= MAX_BYTES && self.deeper == 0;
        let text = value.filter(is_kept).map(str::to_owned);
        self.lists.remove(name);
        self.maps.remove(name);
        self.known.insert(name.to_owned(), Known { text, origin });
    }

    /// Takes all that is known for unknown.
    pub fn forget_all(&mut self) {
        let names = self.known.keys().chain(self.lists.keys()).cloned().collect();
        self.forget(names);
    }

    /// Enters something that may not be run, or not in this shell.
    pub fn open(&mut self) {
        if self.branches.len() < MAX_BRANCHES {
            self.branches.push(Vec::new());
        } else {
            self.deeper += 1;
        }
    }

    /// Ends one of several branches: what it assigned does not hold in the next.
    pub fn next(&mut self) {
        if let Some(branch) = self.branches.pop() {
            self.forget(branch);
            self.branches.push(Vec::new());
        }
    }

    /// Leaves what was entered last.
    pub fn close(&mut self) {
        if let Some(fewer) = self.deeper.checked_sub(1) {
            self.deeper = fewer;
            return;
        }
        if let Some(branch) = self.branches.pop() {
            self.forget(branch);
        }
    }

    /// A branch inside a branch is forgotten by the outer one, too: a variable it had known before it entered is not known behind it.
    fn forget(&mut self, names: Vec<String>) {
        for name in &names {
            self.known.insert(name.clone(), Known::default());
            self.lists.remove(name);
            self.maps.remove(name);
        }
        if let Some(outer) = self.branches.last_mut() {
            outer.extend(names);
        }
    }
}
