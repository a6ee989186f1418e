//! `[instances.<name>]`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::written::{MAX_NAME, escaped, quoted};
use super::{Entry, Reader};
use crate::config::Config;
use crate::declared::Declared;
use crate::declared::globs::Globs;
use crate::model::instance::Kind;
use crate::source::Span;
use crate::suggest::nearest;

/// Other usual words for the two kinds.
const PRODUCTION_WORDS: &[&str] = &["prod", "prd", "live"];
const NON_PRODUCTION_WORDS: &[&str] = &[
    "demo",
    "dev",
    "development",
    "integration",
    "local",
    "nonprod",
    "nonproduction",
    "preprod",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "stg",
    "test",
    "testing",
    "uat",
];

impl Reader<'_> {
    pub(super) fn instances(&mut self, (key, value): Entry<'_, '_>) -> BTreeMap<String, Declared> {
        let mut instances = BTreeMap::new();
        let mut references = Vec::new();
        for entry @ (name, _) in self.table(key, value).into_iter().flatten() {
            if name.get_ref().trim().is_empty() {
                self.error(name.span(), "an instance needs a name", "write `[instances.eu-prod]`");
            }
            self.check_length(name.get_ref(), name.span());
            let (declared, same_as_at) = self.instance(entry);
            references.extend(same_as_at.map(|at| (name.get_ref().to_string(), at)));
            instances.insert(name.get_ref().to_string(), declared);
        }
        for (name, at) in references {
            self.check_same_as(&instances, &name, at);
        }
        instances
    }

    /// The instance, and the place of its `same-as`.
    fn instance(&mut self, (name, value): Entry<'_, '_>) -> (Declared, Option<Range<usize>>) {
        let mut declared = Declared::default();
        let Some(table) = self.table(name, value) else { return (declared, None) };
        let mut same_as_at = None;
        let known = self.patterns.len();
        let mut no_files_at = Some(name.span());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "files" => {
                    let globs = self.declared_globs(key, value);
                    let is_empty = globs.as_ref().is_some_and(Globs::is_empty);
                    no_files_at = is_empty.then(|| value.span());
                    declared.files = globs.unwrap_or_default();
                }
                "kind" => declared.kind = self.kind(key, value),
                "account" => {
                    declared.account = self.text(key, value);
                    self.check_length(
                        declared.account.as_deref().unwrap_or_default(),
                        value.span(),
                    );
                }
                "branch" => {
                    let at = Span::new(key.span().start, value.span().end);
                    self.places.insert(Config::branch_key(name.get_ref()), at);
                    declared.branch = self.text(key, value);
                    let name = declared.branch.as_deref().unwrap_or_default();
                    self.check_length(name, value.span());
                    no_files_at = None;
                }
                "inherits" => {
                    declared.inherits = self.declared_globs(key, value).unwrap_or_default();
                }
                "same-as" => {
                    same_as_at = Some(value.span());
                    let at = Span::new(key.span().start, value.span().end);
                    self.places.insert(Config::same_as_key(name.get_ref()), at);
                    declared.same_as = self.text(key, value);
                }
                _ => self.unknown_key(
                    key,
                    &["account", "branch", "files", "inherits", "kind", "same-as"],
                ),
            }
        }
        if declared.branch.is_some() {
            // Its files are those of the branch.
            self.patterns.truncate(known);
        }
        if let Some(at) = no_files_at.filter(|_| same_as_at.is_none()) {
            let message = format!("instance {} has no files", quoted(name.get_ref()));
            let help = "list the patterns of its files, name its `branch`, or say with `same-as` which instance it is another name of";
            self.error(at, message, help);
        }
        (declared, same_as_at)
    }

    /// Names are printed; a long one may be a key, put in the wrong place.
    fn check_length(&mut self, name: &str, at: Range<usize>) {
        if name.chars().count() > MAX_NAME {
            let help = format!("take a name of at most {MAX_NAME} characters");
            self.error(at, format!("the name {} is too long", quoted(name)), help);
        }
    }

    fn check_same_as(
        &mut self,
        instances: &BTreeMap<String, Declared>,
        name: &str,
        at: Range<usize>,
    ) {
        let target =
            |name: &str| instances.get(name).and_then(|declared| declared.same_as.as_deref());
        let Some(first) = target(name) else { return };
        if first == name {
            self.error(
                at,
                format!("instance {} is another name of itself", quoted(name)),
                "name another instance, or drop `same-as`",
            );
            return;
        }
        if !instances.contains_key(first) {
            let others = instances.keys().map(String::as_str).filter(|other| *other != name);
            let help = nearest(first, others).map_or_else(
                || format!("declare it with `[instances.{}]`, or drop `same-as`", escaped(first)),
                |near| format!("did you mean {}?", quoted(near)),
            );
            self.error(at, format!("instance {} is not declared", quoted(first)), help);
            return;
        }
        let mut now = first;
        for _ in 0..instances.len() {
            let Some(next) = target(now) else { return };
            if next == name {
                let message = format!(
                    "instances {} and {} are other names of each other",
                    quoted(name),
                    quoted(first)
                );
                self.error(at, message, "let one of them have its own `files` and no `same-as`");
                return;
            }
            now = next;
        }
    }

    pub(super) fn kind(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Kind> {
        let text = self.text(key, value)?;
        let word = text.trim().to_lowercase();
        let near = match text.as_str() {
            "production" => return Some(Kind::Production),
            "non-production" => return Some(Kind::NonProduction),
            _ if PRODUCTION_WORDS.contains(&word.as_str()) => Some("production"),
            _ if NON_PRODUCTION_WORDS.contains(&word.as_str()) => Some("non-production"),
            _ => nearest(&word, ["production", "non-production"]),
        };
        let help = near.map_or_else(
            || "write `\"production\"` or `\"non-production\"`".into(),
            |near| format!("did you mean `\"{near}\"`?"),
        );
        self.error(value.span(), format!("unknown kind {}", quoted(&text)), help);
        None
    }
}
