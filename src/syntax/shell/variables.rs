//! What a script's variables are known to hold.
//!
//! A variable is known while every way to the line that uses it gives it the same literal: what a branch, a loop, a function or a subshell
//! assigns is unknown behind it.

use std::collections::BTreeMap;

/// The variables of a script; those that it never assigns are unknown.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    known: BTreeMap<String, Option<String>>,
    /// What each open branch has assigned.
    branches: Vec<Vec<String>>,
}

/// Longer texts are not kept: they are no value of a setting, and copies of them would multiply.
const MAX_BYTES: usize = 16 << 10;

impl Variables {
    /// What a variable holds, where that is known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.known.get(name)?.as_deref()
    }

    /// Gives a variable a value; `None` for one that only running the script would tell.
    pub fn assign(&mut self, name: &str, value: Option<&str>) {
        if let Some(branch) = self.branches.last_mut() {
            branch.push(name.to_owned());
        }
        let value = value.filter(|value| value.len() <= MAX_BYTES).map(str::to_owned);
        self.known.insert(name.to_owned(), value);
    }

    /// Enters something that may not be run, or not in this shell.
    pub fn open(&mut self) {
        self.branches.push(Vec::new());
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
        if let Some(branch) = self.branches.pop() {
            self.forget(branch);
        }
    }

    /// A branch inside a branch is forgotten by the outer one, too: a variable it had known before it entered is not known behind it.
    fn forget(&mut self, names: Vec<String>) {
        for name in &names {
            self.known.insert(name.clone(), None);
        }
        if let Some(outer) = self.branches.last_mut() {
            outer.extend(names);
        }
    }
}
