//! Api keys that lost some of their digits on the way.

use std::collections::BTreeSet;

/// How many digits an api key has, and how many are left at least of one that was cut.
const LENGTH: usize = 32;
const SHORTEST: usize = 16;

/// The api keys that are whole, and the same from behind.
struct Whole(BTreeSet<String>, BTreeSet<String>);

/// Leaves out what has an api key that another has whole: that it was cut is told elsewhere, and it is no other key.
pub fn leave_out_cut<T>(of: &mut Vec<T>, value: impl Fn(&T) -> &String) {
    let whole = Whole::of(of.iter().map(|one| value(one).as_str()));
    of.retain(|one| !whole.has_more_than(value(one)));
}

impl Whole {
    /// Keeps those of some values that have all their digits.
    fn of<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let whole: BTreeSet<String> =
            values.filter(|value| value.len() == LENGTH).map(str::to_owned).collect();
        let reversed = whole.iter().map(|value| reversed(value)).collect();
        Self(whole, reversed)
    }

    /// Whether a value is one of them that lost its first or last digits: that it was cut is told elsewhere, and it is no other key.
    fn has_more_than(&self, value: &str) -> bool {
        let begins = |keys: &BTreeSet<String>, part: &str| {
            keys.range(part.to_owned()..).next().is_some_and(|key| key.starts_with(part))
        };
        (SHORTEST..LENGTH).contains(&value.len())
            && (begins(&self.0, value) || begins(&self.1, &reversed(value)))
    }
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}
