//! Patterns for paths, relative to the root of the tree.
//!
//! `*` and `?` stay within one folder, `**` crosses folders, and a pattern that names a folder takes everything beneath it. There is no
//! search at other depths: `env.php` is the file at the root, `**/env.php` is that name anywhere.

use std::fmt;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns, any of which may match. Two are equal when they were written alike.
#[derive(Clone, Default)]
pub struct Globs {
    patterns: Vec<String>,
    set: GlobSet,
}

/// A pattern that is none: what is wrong with it, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadGlob {
    /// Which of the patterns, from 0; none where it is all of them together.
    pub index: Option<usize>,
    /// A lower-case clause.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Globs {
    /// Compiles patterns, or says what is wrong with each that is none.
    pub fn parse(patterns: &[&str]) -> Result<Self, Vec<BadGlob>> {
        let mut set = GlobSetBuilder::new();
        let mut bad = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            if let Err((message, help)) = add(pattern, &mut set) {
                bad.push(BadGlob { index: Some(index), message, help });
            }
        }
        if !bad.is_empty() {
            return Err(bad);
        }
        let patterns = patterns.iter().map(ToString::to_string).collect();
        set.build().map(|set| Self { patterns, set }).map_err(|_| {
            let message = "these patterns are too large together".into();
            vec![BadGlob { index: None, message, help: "write fewer, wider patterns".into() }]
        })
    }

    /// The pattern of one path: nothing in its name is a sign.
    #[must_use]
    pub fn exact(path: &str) -> String {
        let escaped = path.chars().map(|letter| match letter {
            '?' | '*' | '[' | ']' | '{' | '}' => format!("[{letter}]"),
            '\\' => "\\\\".to_owned(),
            letter => letter.to_string(),
        });
        escaped.collect()
    }

    /// Whether a path, relative to the tree and written with `/`, matches any of the patterns.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        !self.is_empty() && self.set.is_match(path)
    }

    /// Whether there is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The patterns as they were written.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

impl fmt::Debug for Globs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.patterns.fmt(f)
    }
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

/// The patterns of several owners, matched at once.
#[derive(Clone, Debug, Default)]
pub struct Owned<T = String> {
    set: GlobSet,
    /// The owner of each pattern of the set.
    owners: Vec<T>,
}

impl<T: Clone + PartialEq> Owned<T> {
    /// Takes the patterns of each owner.
    pub fn of<'a>(all: impl Iterator<Item = (T, &'a Globs)>) -> Self {
        let mut set = GlobSetBuilder::new();
        let mut owners = Vec::new();
        for (owner, globs) in all {
            for pattern in &globs.patterns {
                // Each was compiled before.
                let count = add(pattern, &mut set).unwrap_or_default();
                owners.extend(std::iter::repeat_n(owner.clone(), count));
            }
        }
        Self { set: set.build().unwrap_or_default(), owners }
    }

    /// The owners of the patterns that match a path, in order, each once.
    #[must_use]
    pub fn of_path(&self, path: &str) -> Vec<T> {
        let found = self.set.matches(path).into_iter();
        let mut found: Vec<T> = found.filter_map(|at| self.owners.get(at).cloned()).collect();
        found.dedup();
        found
    }
}

/// Adds a pattern, and says as how many it counts.
fn add(pattern: &str, set: &mut GlobSetBuilder) -> Result<usize, (String, String)> {
    if pattern.trim().is_empty() {
        let help = "write a path or a pattern relative to the root of the tree, such as `app/etc/env.prod.php`";
        return Err(("an empty pattern matches nothing".into(), help.into()));
    }
    if pattern.starts_with('/') {
        let help = "drop the leading `/`: patterns are relative to the root of the tree";
        return Err(("an absolute pattern matches nothing".into(), help.into()));
    }
    if pattern.split('/').any(|part| part == "..") {
        let help = "patterns are relative to the root of the tree: write the path from there";
        return Err(("a pattern cannot leave the tree".into(), help.into()));
    }
    if names_folders_by_backslash(pattern) {
        let help = "write `/` between folders, on Windows, too: a `\\` only takes the meaning from the sign behind it";
        return Err(("a path has no `\\` between its folders".into(), help.into()));
    }
    let parts: Vec<&str> =
        pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let plain = parts.join("/");
    let beneath = if plain.is_empty() { "**".into() } else { format!("{plain}/**") };
    let folder_only = plain.is_empty() || pattern.ends_with('/');
    let texts: Vec<String> =
        [Some(beneath), (!folder_only).then_some(plain)].into_iter().flatten().collect();
    for text in &texts {
        let glob = GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build();
        set.add(glob.map_err(|error| {
            let help = "put `[ ]` round a bracket or brace that is part of a name: `[{]`";
            (format!("this is no pattern: {}", error.kind()), help.to_owned())
        })?);
    }
    Ok(texts.len())
}

/// Whether a backslash stands before what is no sign of a pattern, or before all of a folder.
fn names_folders_by_backslash(pattern: &str) -> bool {
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            let escaped = letters.next();
            if escaped.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_'))
                || escaped == Some('*') && letters.peek() == Some(&'*')
            {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_start_at_the_root_and_folders_take_what_is_beneath_them() {
        let cases: &[(&str, &str, bool)] = &[
            ("env.php", "env.php", true),
            ("env.php", "app/etc/env.php", false),
            ("**/env.php", "app/etc/env.php", true),
            ("**/env.php", "env.php", true),
            ("app/etc/*.php", "app/etc/env.php", true),
            ("app/*.php", "app/etc/env.php", false),
            ("app/*/env.php", "app/a/b/env.php", false),
            ("sites/eu", "sites/eu/prod/env.php", true),
            ("sites/eu/", "sites/eu/prod/env.php", true),
            ("sites/eu", "sites/eu-2/env.php", false),
            ("./sites//eu/**", "sites/eu/a", true),
            ("sites/*/prod", "sites/eu/prod/k8s/configmap.yaml", true),
            ("{a,b}.env", "b.env", true),
            (".", "any/thing", true),
            ("Sites", "sites/a", false),
        ];
        for &(pattern, path, expected) in cases {
            let globs = Globs::parse(&[pattern]).expect("the pattern is one");
            assert_eq!(globs.matches(path), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn an_exact_pattern_takes_its_path_alone() {
        for path in
            ["a.b", "a*b", "a[b]c", "{a,b}", "a\\*b", "!a", "[!a]", "a?", "-", "#a", "\\", "a b/~"]
        {
            let exact = Globs::parse(&[&Globs::exact(path)]).expect("the pattern is one");
            for other in ["a.b", "a*b", "axb", "a[b]c", "abc", "a", "a\\*b", "ab", path] {
                assert_eq!(exact.matches(other), path == other, "{path} on {other}");
            }
        }
    }

    #[test]
    fn what_can_never_match_is_refused() {
        for pattern in ["", " ", "/etc", "../other", "a/../b", "a[", "{a"] {
            assert!(Globs::parse(&[pattern]).is_err(), "{pattern}");
        }
        let bad = Globs::parse(&["ok", "a["]).expect_err("the second pattern is none");
        assert_eq!(bad.iter().map(|bad| bad.index).collect::<Vec<_>>(), [Some(1)]);
    }
}
