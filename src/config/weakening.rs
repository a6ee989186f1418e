//! What a change of the configuration switches off, and the policy that holds all the same.
//!
//! A change cannot silence the check of itself: of two configurations the stricter one counts, entry by entry.

use std::collections::BTreeMap;

use super::{Config, Level};
use crate::rule::Severity;
use crate::source::Span;

/// One entry that lets more pass than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosened {
    /// What it is about.
    pub entry: Entry,
    /// Where the changed configuration says so; none where it is silent now.
    pub now: Option<Place>,
    /// Where the configuration before said otherwise, or where it is locked; none where it was silent.
    pub before: Option<Place>,
}

/// Where a configuration says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether that is the configuration before the change.
    pub is_before: bool,
    /// The file: 0 for the tree's own, then those that it extends.
    pub file: usize,
    /// The bytes.
    pub span: Span,
}

impl Loosened {
    /// What it lets pass: a lower-case clause.
    #[must_use]
    pub fn clause(&self) -> String {
        let word = |severity: Option<Severity>| severity.map_or("off", Severity::word);
        match &self.entry {
            Entry::Rule { id, before, now: None } => {
                format!("this change turns `{id}` off, which was `{}`", word(*before))
            }
            Entry::Rule { id, before, now } => {
                format!("this change lowers `{id}` from `{}` to `{}`", word(*before), word(*now))
            }
            Entry::Page { id, is_gone: true } => {
                format!("this change takes away the rule `{id}` of a pack")
            }
            Entry::Page { id, is_gone: false } => {
                format!("this change rewrites the rule `{id}` of a pack")
            }
            Entry::Excluded { pattern } => {
                format!("this change takes the files of `{pattern}` out of the check")
            }
            Entry::Denied { pattern } => {
                format!("this change says that the files of `{pattern}` make no instance")
            }
            Entry::SameAs { name, other } => {
                format!("this change takes `{name}` for another name of `{other}`")
            }
            Entry::Locked { what } => format!("{what}, which is locked"),
            Entry::Unlocked { key } => format!("this change takes the lock off `{key}`"),
            Entry::Warnings => "this change lets warnings pass".to_owned(),
            Entry::Waiver { rule } => format!("this change adds a waiver of `{rule}`"),
            Entry::WaiverDays { most } => {
                format!("this change lets waivers last longer than {most} days")
            }
            Entry::Limit { before, now } => {
                format!(
                    "this change lowers the largest file that is read from {} to {}",
                    size(*before),
                    size(*now)
                )
            }
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    }
}

/// What an entry of a configuration is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A rule at a lower level.
    Rule {
        /// Its id.
        id: String,
        /// The severity before; none for off.
        before: Option<Severity>,
        /// The severity now.
        now: Option<Severity>,
    },
    /// What would make something weaker that is locked, and does not.
    Locked {
        /// What it would do: a lower-case clause.
        what: String,
    },
    /// What configurations below could not make weaker before.
    Unlocked {
        /// What was locked.
        key: String,
    },
    /// Warnings that failed a run before.
    Warnings,
    /// A rule of a pack whose page is another, or gone.
    Page {
        /// Its id.
        id: String,
        /// Whether it is gone.
        is_gone: bool,
    },
    /// Files that are no longer read.
    Excluded {
        /// The pattern.
        pattern: String,
    },
    /// Files that make no instance any more.
    Denied {
        /// The pattern.
        pattern: String,
    },
    /// An instance that may share everything with another.
    SameAs {
        /// Its name.
        name: String,
        /// The instance that it is another name of.
        other: String,
    },
    /// A waiver that was not there, or not so.
    Waiver {
        /// The rule that it accepts findings of.
        rule: String,
    },
    /// A later end of waivers, or none.
    WaiverDays {
        /// The days before.
        most: u32,
    },
    /// A smaller limit on what is read.
    Limit {
        /// The bytes of the largest file before.
        before: u64,
        /// The bytes now.
        now: u64,
    },
}

impl Config {
    /// What this configuration lets pass and `before` did not. `own` are the rules' own severities, by id.
    #[must_use]
    pub fn loosened(&self, before: &Self, own: &BTreeMap<&str, Option<Severity>>) -> Vec<Loosened> {
        let mut loosened = Vec::new();
        for (&id, &severity) in own {
            let (was, is) = (before.severity(id, severity), self.severity(id, severity));
            if is < was {
                let entry = Entry::Rule { id: id.into(), before: was, now: is };
                loosened.push(self.entry(before, entry, &Self::rule_key(id)));
            }
        }
        for pattern in self.exclude.patterns() {
            if !before.exclude.patterns().contains(pattern) {
                let entry = Entry::Excluded { pattern: pattern.clone() };
                loosened.push(self.entry(before, entry, &Self::exclude_key(pattern)));
            }
        }
        let denied = |config: &Self| config.declared.denied.patterns().to_vec();
        for pattern in denied(self) {
            if !denied(before).contains(&pattern) {
                let key = Self::denied_key(&pattern);
                loosened.push(self.entry(before, Entry::Denied { pattern }, &key));
            }
        }
        for (name, declared) in &self.declared.instances {
            let same_as = |config: &Self| config.declared.instances.get(name)?.same_as.clone();
            if let Some(other) = &declared.same_as
                && same_as(before).as_ref() != Some(other)
            {
                let entry = Entry::SameAs { name: name.clone(), other: other.clone() };
                loosened.push(self.entry(before, entry, &Self::same_as_key(name)));
            }
        }
        // What is announced accepts that one change, and is told by itself.
        for waiver in self.waivers.iter().filter(|waiver| !waiver.is_intended) {
            if !before.waivers.iter().any(|other| other.is_as_wide(waiver)) {
                let entry = Entry::Waiver { rule: waiver.rule.clone() };
                let at = Place { is_before: false, file: 0, span: waiver.at };
                loosened.push(Loosened { entry, now: Some(at), before: None });
            }
        }
        if let Some(most) = before.policy.max_waiver_days
            && self.policy.max_waiver_days.is_none_or(|days| days > most)
        {
            loosened.push(self.entry(before, Entry::WaiverDays { most }, Self::WAIVER_DAYS_KEY));
        }
        for key in before.policy.locked.iter().filter(|key| !self.policy.locked.contains(key)) {
            let entry = Entry::Unlocked { key: key.clone() };
            loosened.push(self.entry(before, entry, &Self::lock_key(key)));
        }
        if before.fails_on_warnings && !self.fails_on_warnings {
            loosened.push(self.entry(before, Entry::Warnings, Self::PRESET_KEY));
        }
        let (was, is) = (before.limits.file_bytes, self.limits.file_bytes);
        if is < was {
            loosened.push(self.entry(
                before,
                Entry::Limit { before: was, now: is },
                Self::LIMIT_KEY,
            ));
        }
        loosened
    }

    /// The levels that hold for a change from `before`: none is lower than it was.
    #[must_use]
    pub fn strictest_levels(
        &self,
        before: &Self,
        own: &BTreeMap<&str, Option<Severity>>,
    ) -> BTreeMap<String, Level> {
        let strictest = own.iter().map(|(&id, &severity)| {
            let strictest = before.severity(id, severity).max(self.severity(id, severity));
            (id.to_owned(), Level::of(strictest))
        });
        strictest.collect()
    }

    /// The severity in force for a rule whose own is `own`.
    fn severity(&self, id: &str, own: Option<Severity>) -> Option<Severity> {
        self.levels.get(id).map_or(own, |level| level.severity())
    }

    fn entry(&self, before: &Self, entry: Entry, key: &str) -> Loosened {
        let before = before.place(key).map(|place| Place { is_before: true, ..place });
        Loosened { entry, now: self.place(key), before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [&str; 3] = ["a", "b", "c"];

    fn own() -> BTreeMap<&'static str, Option<Severity>> {
        BTreeMap::from([("a", Some(Severity::Error)), ("b", Some(Severity::Warning)), ("c", None)])
    }

    fn config(text: &str) -> Config {
        Config::parse(text, &RULES).expect("the configuration is sound")
    }

    #[test]
    fn what_lets_more_pass_is_found_with_both_places() {
        let before = config("[rules]\nb = \"error\"\nc = \"warning\"\n");
        let now = config("exclude = [\"old\"]\n[rules]\na = \"off\"\nb = \"error\"\n");
        let found = now.loosened(&before, &own());
        let entries: Vec<&Entry> = found.iter().map(|one| &one.entry).collect();
        let rule = |id: &str, before, now| Entry::Rule { id: id.into(), before, now };
        let (error, warning) = (Some(Severity::Error), Some(Severity::Warning));
        let excluded = Entry::Excluded { pattern: "old".into() };
        assert_eq!(entries, [&rule("a", error, None), &rule("c", warning, None), &excluded]);
        let places: Vec<_> =
            found.iter().map(|one| (one.now.is_some(), one.before.is_some())).collect();
        assert_eq!(places, [(true, false), (false, true), (true, false)]);
    }

    #[test]
    fn stricter_is_not_looser_and_the_strictest_holds() {
        let before = config("exclude = [\"old\"]\n[rules]\na = \"warning\"\n");
        let now = config("[rules]\na = \"error\"\nb = \"off\"\nc = \"error\"\n");
        assert_eq!(now.loosened(&before, &own()).len(), 1, "only `b` is looser");
        let levels = now.strictest_levels(&before, &own());
        let levels: Vec<_> = levels.iter().map(|(id, level)| (id.as_str(), *level)).collect();
        assert_eq!(levels, [("a", Level::Error), ("b", Level::Warning), ("c", Level::Error)]);
    }

    #[test]
    fn another_name_is_looser_only_where_it_is_new() {
        let two = |same_as: &str| {
            config(&format!(
                "[instances.a]\nfiles = [\"a\"]\n[instances.b]\nfiles = [\"b\"]\n{same_as}"
            ))
        };
        let (before, now) = (two(""), two("same-as = \"a\"\n"));
        let [Loosened { entry, now: Some(_), before: None }] = &*now.loosened(&before, &own())
        else {
            panic!("another name lets them share")
        };
        assert_eq!(*entry, Entry::SameAs { name: "b".into(), other: "a".into() });
        assert_eq!(now.loosened(&now, &own()), []);
        assert_eq!(before.loosened(&now, &own()), []);
    }

    #[test]
    fn a_smaller_limit_is_looser() {
        let now = config("[limits]\nfile-bytes = \"1 MiB\"\n");
        let found = now.loosened(&Config::default(), &own());
        assert!(matches!(
            found.as_slice(),
            [Loosened { entry: Entry::Limit { .. }, now: Some(_), .. }]
        ));
        assert_eq!(Config::default().loosened(&now, &own()), []);
    }
}
