//! Patterns with names in them: `brands/{brand}/{env}/**`.
//!
//! They match as other patterns do; `{name}` is one part of a path, or of a folder's or file's name. Of two names in one folder's name the
//! first takes as much as it can: `{brand}-{env}` finds `local-hero` and `prod`.

use regex::{Captures, Regex};

/// The longest regular expression that a pattern becomes, in bytes of what it takes up.
const MOST_BYTES: usize = 1 << 20;

/// A pattern that gives names.
#[derive(Clone, Debug)]
pub struct Captured {
    pattern: String,
    name: String,
    account: Option<String>,
    paths: Regex,
}

impl PartialEq for Captured {
    fn eq(&self, other: &Self) -> bool {
        let all = |of: &Self| (of.pattern.clone(), of.name.clone(), of.account.clone());
        all(self) == all(other)
    }
}

/// What is wrong with a pattern that gives names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadCapture {
    /// The pattern is none: a clause, and what to write.
    Pattern(String, String),
    /// The name is none.
    Name(String, String),
    /// The account is none.
    Account(String, String),
}

impl Captured {
    /// Compiles a pattern with what it names.
    ///
    /// # Errors
    /// Where it is no pattern, or where a name is asked for that it does not give.
    pub fn parse(pattern: &str, name: &str, account: Option<&str>) -> Result<Self, BadCapture> {
        let bad = |message: &str, help: &str| BadCapture::Pattern(message.into(), help.into());
        let from_root = "patterns are relative to the root of the tree";
        if pattern.starts_with('/') || pattern.split('/').any(|part| part == "..") {
            return Err(bad("a pattern cannot leave the tree", from_root));
        }
        let expression = expression(pattern);
        let paths = regex::RegexBuilder::new(&expression).size_limit(MOST_BYTES).build();
        let paths = paths.map_err(|_| {
            bad("this is no pattern", "write folders and names such as `brands/{brand}/{env}/**`")
        })?;
        let known: Vec<&str> = paths.capture_names().flatten().collect();
        if known.is_empty() {
            let help = "write `{brand}` or the like where the name stands, or declare one instance with `[instances.…]`";
            return Err(bad("this pattern names nothing", help));
        }
        let unknown = |text: &str| {
            names_in(text).into_iter().find(|one| !known.contains(one)).map(str::to_owned)
        };
        let say = |name: &str| {
            let known: Vec<String> = known.iter().map(|one| format!("`{{{one}}}`")).collect();
            (format!("the pattern has no `{{{name}}}`"), format!("it has {}", known.join(", ")))
        };
        if let Some((message, help)) = unknown(name).map(|name| say(&name)) {
            return Err(BadCapture::Name(message, help));
        }
        if names_in(name).is_empty() {
            let help = "take a part of the pattern into it: `name = \"{brand}-{env}\"`";
            return Err(BadCapture::Name("all of them would have one name".into(), help.into()));
        }
        if let Some((message, help)) = account.and_then(unknown).map(|name| say(&name)) {
            return Err(BadCapture::Account(message, help));
        }
        let owned = |text: &str| text.to_owned();
        Ok(Self { pattern: owned(pattern), name: owned(name), account: account.map(owned), paths })
    }

    /// The name and the account that a path gives.
    #[must_use]
    pub fn names(&self, path: &str) -> Option<(String, Option<String>)> {
        let found = self.paths.captures(path)?;
        Some((filled(&self.name, &found), self.account.as_deref().map(|of| filled(of, &found))))
    }

    /// Whether a path has the names.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.paths.is_match(path)
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The name as it was written.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account as it was written.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

/// The names in braces.
fn names_in(text: &str) -> Vec<&str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

fn filled(text: &str, found: &Captures<'_>) -> String {
    let mut out = String::new();
    for (index, part) in text.split('{').enumerate() {
        match part.split_once('}').filter(|_| index > 0) {
            Some((name, rest)) => {
                out += found.name(name).map_or("", |found| found.as_str());
                out += rest;
            }
            None => out += part,
        }
    }
    out
}

/// The regular expression of a pattern.
fn expression(pattern: &str) -> String {
    let parts: Vec<&str> =
        pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let mut out = String::from("^");
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.iter().enumerate() {
        match *part {
            "**" if index == last => out += ".+",
            "**" => out += "(?:[^/]+/)*",
            part => {
                out += &of_part(part);
                out += if index == last { "(?:/.+)?" } else { "/" };
            }
        }
    }
    out + "$"
}

fn of_part(part: &str) -> String {
    let mut out = String::new();
    let mut rest = part;
    while let Some(sign) = rest.chars().next() {
        let (taken, text) = match sign {
            '*' => (1, "[^/]*".to_owned()),
            '?' => (1, "[^/]".to_owned()),
            '{' => {
                let within = rest.split_once('}').map_or("", |(within, _)| within);
                let within = within.get(1..).unwrap_or_default();
                let alternatives: Vec<String> = within.split(',').map(regex::escape).collect();
                let text = match alternatives.as_slice() {
                    [_] => format!("(?P<{within}>[^/]+)"),
                    all => format!("(?:{})", all.join("|")),
                };
                (within.len() + 2, text)
            }
            letter => (letter.len_utf8(), regex::escape(&letter.to_string())),
        };
        out += &text;
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gives_the_names_of_its_parts() {
        let cases = [
            ("brands/{brand}/{env}/**", "{brand}-{env}", "brands/kiwi/prod/a/.env", "kiwi-prod"),
            (
                "envs/{brand}-{env}/**",
                "{env} of {brand}",
                "envs/local-hero-prod/.env",
                "prod of local-hero",
            ),
            ("app/etc/env.{env}.php", "{env}", "app/etc/env.pre-prod.php", "pre-prod"),
            ("**/{env}/values.yaml", "{env}", "charts/a/uat/values.yaml", "uat"),
            ("{env}", "{env}", "uat/.env", "uat"),
            ("{eu,us}/{env}/*.env", "{env}", "us/uat/a.env", "uat"),
        ];
        for (pattern, name, path, expected) in cases {
            let captured = Captured::parse(pattern, name, None).expect("it is one");
            assert_eq!(
                captured.names(path).map(|names| names.0).as_deref(),
                Some(expected),
                "{pattern}"
            );
        }
        let captured = Captured::parse("{eu,us}/{env}/*.env", "{env}", None).expect("it is one");
        for path in ["asia/uat/a.env", "us/uat/b/a.env", "us/a.env", "us/uat/a.yaml"] {
            assert!(!captured.matches(path), "{path}");
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for (pattern, name) in [
            ("brands/**", "{brand}"),
            ("brands/{brand}/**", "brand"),
            ("brands/{brand}/**", "{brand}-{env}"),
            ("brands/{}/**", "{}"),
            ("brands/{a b}/**", "{a b}"),
            ("/brands/{brand}", "{brand}"),
            ("../{brand}", "{brand}"),
            ("{a}/{a}", "{a}"),
            ("brands/{brand", "{brand}"),
        ] {
            assert!(Captured::parse(pattern, name, None).is_err(), "{pattern} as {name}");
        }
        assert!(Captured::parse("{a}/**", "{a}", Some("{b}")).is_err());
    }
}
