//! What somebody declares of the instances of a tree: it overrules whatever the tree says.
//!
//! Pure: the declarations come from a configuration, the paths from the tree.

pub(crate) mod captures;
pub(crate) mod globs;

use std::collections::BTreeMap;

use crate::model::instance::Kind;
use crate::source::SourceId;
use captures::Captured;
use globs::{Globs, Owned};

/// A declared instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// Its files; empty only where it is another name of an instance, or has all files of a branch.
    pub files: Globs,
    /// What lies below its own files: where both set something, its own win.
    pub inherits: Globs,
    /// What it is for, if that is said.
    pub kind: Option<Kind>,
    /// Who owns its key pairs, if that is said.
    pub account: Option<String>,
    /// The branch whose files it has, where the branches of the repository are the environments.
    pub branch: Option<String>,
    /// The declared instance that this one is another name of.
    pub same_as: Option<String>,
}

/// Instances that one pattern declares, as many as there are names in the paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The files, and the names that their paths give.
    pub files: Captured,
    /// What all of them are for, if that is said.
    pub kind: Option<Kind>,
}

/// All that is declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations {
    /// Single instances, by name.
    pub instances: BTreeMap<String, Declared>,
    /// Patterns, of which the first that takes a path counts, where no single instance takes it.
    pub patterns: Vec<Pattern>,
    /// Files that make no instance.
    pub denied: Globs,
    /// What made none before the change that is checked: what only the change denies still makes instances.
    pub denied_before: Option<Globs>,
}

impl Declarations {
    /// Whether a change left them as they were before it.
    #[must_use]
    pub fn are_as(&self, before: &Self) -> bool {
        let denied_before = before.denied_before.clone();
        Self { denied_before, ..self.clone() } == *before
    }

    /// Single instances and nothing else.
    #[must_use]
    pub fn of(instances: BTreeMap<String, Declared>) -> Self {
        Self { instances, ..Self::default() }
    }

    /// What is declared in a tree of these files.
    #[must_use]
    pub fn over<'p>(&self, files: impl Iterator<Item = (SourceId, &'p str)>) -> Known<'_> {
        let globs = |of: fn(&Declared) -> &Globs| {
            Owned::of(self.instances.iter().map(|(name, declared)| (name.clone(), of(declared))))
        };
        let mut known = Known {
            declarations: self,
            instances: self.instances.clone(),
            files: globs(|declared| &declared.files),
            inherits: globs(|declared| &declared.inherits),
            first_files: BTreeMap::new(),
        };
        let has_heirs = self.instances.values().any(|declared| !declared.inherits.is_empty());
        if self.patterns.is_empty() && !has_heirs {
            return known;
        }
        for (source, path) in files {
            let single = known.files.of_path(path);
            let is_single = !single.is_empty();
            for name in single.into_iter().filter(|_| has_heirs) {
                known.first_files.entry(name).or_insert_with(|| (source, path.to_owned()));
            }
            if let Some(taken) = self.taken(path).filter(|_| !is_single) {
                let Taken { pattern, name, account } = taken;
                let declared = known.instances.entry(name).or_default();
                declared.kind = declared.kind.or(pattern.kind);
                if declared.account.is_none() {
                    declared.account = account;
                }
            }
        }
        known
    }

    /// What the first pattern that takes a path gives.
    fn taken(&self, path: &str) -> Option<Taken<'_>> {
        self.patterns.iter().find_map(|pattern| {
            let (name, account) = pattern.files.names(path)?;
            Some(Taken { pattern, name, account })
        })
    }
}

/// A path that a pattern takes, with the name and the account that it gives.
struct Taken<'a> {
    pattern: &'a Pattern,
    name: String,
    account: Option<String>,
}

/// What is declared in one tree.
#[derive(Debug)]
pub struct Known<'a> {
    declarations: &'a Declarations,
    instances: BTreeMap<String, Declared>,
    files: Owned,
    inherits: Owned,
    /// A file of each single instance that has any, where some of them inherit.
    first_files: BTreeMap<String, (SourceId, String)>,
}

impl Known<'_> {
    /// The instances whose own file this is, by name.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<String> {
        let single = self.files.of_path(path);
        if single.is_empty() {
            return self.declarations.taken(path).into_iter().map(|taken| taken.name).collect();
        }
        single
    }

    /// The patterns that make a file an instance's own.
    #[must_use]
    pub fn patterns(&self, path: &str) -> Vec<&str> {
        let single = self.files.of_path(path);
        if single.is_empty() {
            let taken = self.declarations.taken(path);
            return taken.into_iter().map(|taken| taken.pattern.files.pattern()).collect();
        }
        let declared = single.iter().filter_map(|name| self.instances.get(name));
        let patterns = declared.flat_map(|declared| declared.files.patterns());
        let matches = |pattern: &&String| {
            Globs::parse(&[pattern.as_str()]).is_ok_and(|globs| globs.matches(path))
        };
        patterns.filter(matches).map(String::as_str).collect()
    }

    /// The instances that inherit this file, by name, each with a file of its own: who has none is no heir.
    pub fn heirs(&self, path: &str) -> impl Iterator<Item = (&String, &(SourceId, String))> {
        let names = self.inherits.of_path(path).into_iter();
        names.filter_map(|name| self.first_files.get_key_value(&name))
    }

    /// Why a file is an instance's: a clause; none where no pattern says so.
    #[must_use]
    pub fn reason(&self, path: &str, name: &str) -> Option<String> {
        let single = self.files.of_path(path);
        if single.iter().any(|one| one == name) {
            return Some(format!("`files` of `[instances.{name}]`"));
        }
        if self.inherits.of_path(path).iter().any(|one| one == name) {
            return Some(format!("`inherits` of `[instances.{name}]`"));
        }
        let taken = self.declarations.taken(path).filter(|_| single.is_empty())?;
        let pattern = taken.pattern;
        (taken.name == name)
            .then(|| format!("`{}` of `[[instances-from]]`", pattern.files.pattern()))
    }

    /// Whether a file makes no instance.
    #[must_use]
    pub fn denies(&self, path: &str) -> bool {
        let Declarations { denied, denied_before, .. } = self.declarations;
        denied.matches(path) && denied_before.as_ref().is_none_or(|before| before.matches(path))
    }

    /// A declared instance.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Declared> {
        self.instances.get(name)
    }

    /// The names of all of them, in order.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.instances.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(pattern: &str) -> Globs {
        Globs::parse(&[pattern]).expect("the pattern is one")
    }

    #[test]
    fn a_pattern_declares_as_many_instances_as_its_paths_name() {
        let files = Captured::parse("brands/{brand}/{env}/**", "{brand}-{env}", Some("{brand}"));
        let pattern = Pattern { files: files.expect("it is one"), kind: None };
        let own = Declared { files: globs("brands/kiwi/prod"), ..Declared::default() };
        let declarations = Declarations {
            instances: BTreeMap::from([("kiwi".to_owned(), own)]),
            patterns: vec![pattern],
            ..Declarations::default()
        };
        let paths = ["brands/kiwi/prod/.env", "brands/kiwi/uat/.env", "brands/price/prod/a/b.yaml"];
        let known = declarations.over((0..).map(SourceId).zip(paths));
        assert_eq!(known.names().collect::<Vec<_>>(), ["kiwi", "kiwi-uat", "price-prod"]);
        assert_eq!(paths.map(|path| known.of(path)), [["kiwi"], ["kiwi-uat"], ["price-prod"]]);
        let account = known.get("price-prod").and_then(|of| of.account.as_deref());
        assert_eq!(account, Some("price"));
        assert_eq!(known.of("brands/README.md"), [""; 0]);
    }

    #[test]
    fn what_only_the_change_denies_still_counts() {
        let mut declarations = Declarations { denied: globs("old"), ..Declarations::default() };
        assert!(declarations.over([].into_iter()).denies("old/.env"));
        declarations.denied_before = Some(Globs::default());
        assert!(!declarations.over([].into_iter()).denies("old/.env"));
    }
}
