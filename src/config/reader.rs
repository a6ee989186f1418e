//! From the text of a configuration file to [`Config`], collecting every mistake.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::globs::Globs;
use super::{Config, ConfigError, Declared, Level, Limits};
use crate::model::instance::Kind;
use crate::source::Span;
use crate::suggest::nearest;

type Entry<'a, 'i> = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>);

/// The longest name, in characters; a longer text is not printed.
const MAX_NAME: usize = 40;

/// Far beyond any configuration that a person writes.
const MAX_BYTES: usize = 1 << 20;

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

/// Other usual words for the three levels.
const LEVEL_WORDS: &[(&str, &str)] = &[
    ("allow", "off"),
    ("disabled", "off"),
    ("false", "off"),
    ("ignore", "off"),
    ("none", "off"),
    ("info", "warning"),
    ("note", "warning"),
    ("warn", "warning"),
    ("critical", "error"),
    ("deny", "error"),
    ("err", "error"),
    ("fatal", "error"),
    ("forbid", "error"),
];

pub(super) fn read(text: &str, known_rules: &[&str]) -> Result<Config, Vec<ConfigError>> {
    let mut reader = Reader { known_rules, places: BTreeMap::new(), errors: Vec::new() };
    if text.len() > MAX_BYTES {
        reader.error(
            0..0,
            "the file is larger than 1 MiB",
            "name folders and patterns instead of single files",
        );
        return Err(reader.errors);
    }
    let (document, mistakes) = DeTable::parse_recoverable(text);
    for mistake in &mistakes {
        reader.error(mistake.span().unwrap_or_default(), mistake.message(), "");
    }
    let config =
        if mistakes.is_empty() { reader.config(document.get_ref()) } else { Config::default() };
    let mut errors = reader.errors;
    errors.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

struct Reader<'a> {
    known_rules: &'a [&'a str],
    places: BTreeMap<String, Span>,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn config(&mut self, document: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for entry @ (key, value) in document {
            match key.get_ref().as_ref() {
                "instances" => config.instances = self.instances(entry),
                "rules" => config.levels = self.levels(entry),
                "exclude" => {
                    config.exclude = self.globs(key, value).unwrap_or_default();
                    self.keep_places(value);
                }
                "limits" => config.limits = self.limits(entry),
                _ => self.unknown_key(key, &["exclude", "instances", "limits", "rules"]),
            }
        }
        config.places = std::mem::take(&mut self.places);
        config
    }

    fn keep_places(&mut self, patterns: &Spanned<DeValue<'_>>) {
        for item in patterns.get_ref().as_array().into_iter().flatten() {
            if let DeValue::String(text) = item.get_ref() {
                let at = item.span();
                self.places.insert(Config::exclude_key(text), Span::new(at.start, at.end));
            }
        }
    }

    fn instances(&mut self, (key, value): Entry<'_, '_>) -> BTreeMap<String, Declared> {
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
        let mut no_files_at = Some(name.span());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "files" => {
                    let globs = self.globs(key, value);
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
                    declared.branch = self.text(key, value);
                    let name = declared.branch.as_deref().unwrap_or_default();
                    self.check_length(name, value.span());
                    no_files_at = None;
                }
                "same-as" => {
                    same_as_at = Some(value.span());
                    declared.same_as = self.text(key, value);
                }
                _ => self.unknown_key(key, &["account", "branch", "files", "kind", "same-as"]),
            }
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

    fn levels(&mut self, (key, value): Entry<'_, '_>) -> BTreeMap<String, Level> {
        let mut levels = BTreeMap::new();
        for (id, value) in self.table(key, value).into_iter().flatten() {
            let rule = id.get_ref().as_ref();
            if !self.known_rules.contains(&rule) {
                let help = nearest(rule, self.known_rules.iter().copied()).map_or_else(
                    || "`commerce-lint rules` lists the rules".into(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.error(id.span(), format!("unknown rule {}", quoted(rule)), help);
            }
            if let Some(level) = self.level(value) {
                self.places
                    .insert(Config::rule_key(rule), Span::new(id.span().start, value.span().end));
                levels.insert(rule.to_owned(), level);
            }
        }
        levels
    }

    fn level(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Level> {
        let written = match value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            DeValue::Boolean(false) => "false",
            _ => "",
        };
        let message = match (written, value.get_ref()) {
            ("off", _) => return Some(Level::Off),
            ("warning", _) => return Some(Level::Warning),
            ("error", _) => return Some(Level::Error),
            (_, DeValue::String(_)) => format!("unknown level {}", quoted(written)),
            (_, other) => format!("expected a level, found {}", described(other)),
        };
        let folded = written.trim().to_lowercase();
        let usual = LEVEL_WORDS.iter().find(|(word, _)| *word == folded).map(|&(_, level)| level);
        let help = usual.or_else(|| nearest(written, ["off", "warning", "error"])).map_or_else(
            || "write `\"off\"`, `\"warning\"` or `\"error\"`".into(),
            |near| format!("did you mean `\"{near}\"`?"),
        );
        self.error(value.span(), message, help);
        None
    }

    fn kind(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Option<Kind> {
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

    fn limits(&mut self, (key, value): Entry<'_, '_>) -> Limits {
        let mut limits = Limits::default();
        for (key, value) in self.table(key, value).into_iter().flatten() {
            if key.get_ref() != "file-bytes" {
                self.unknown_key(key, &["file-bytes"]);
                continue;
            }
            let size = match value.get_ref() {
                DeValue::Integer(number) => {
                    u64::from_str_radix(number.as_str().trim_start_matches('+'), number.radix())
                        .ok()
                }
                DeValue::String(text) => parse_size(text),
                _ => None,
            };
            match size {
                Some(bytes) if (1..u64::from(u32::MAX)).contains(&bytes) => {
                    limits.file_bytes = bytes;
                    let at = Span::new(key.span().start, value.span().end);
                    self.places.insert(Config::LIMIT_KEY.into(), at);
                }
                Some(_) => self.error(
                    value.span(),
                    "a file's limit is between 1 byte and 4 GiB",
                    "write a size such as `\"64 MiB\"`",
                ),
                None => {
                    let found = match value.get_ref() {
                        DeValue::String(text) => quoted(text),
                        other => described(other).to_owned(),
                    };
                    let help = "write a number of bytes, or a size such as `\"64 MiB\"`";
                    self.error(value.span(), format!("{found} is no size"), help);
                }
            }
        }
        limits
    }

    fn globs(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Globs> {
        let DeValue::Array(items) = value.get_ref() else {
            let help = match value.get_ref() {
                DeValue::String(_) => "put it in brackets: `[\"…\"]`",
                _ => "write `[\"app/etc/env.prod.php\", \"k8s/prod\"]`",
            };
            self.wrong_type(key, "a list of patterns", value, help);
            return None;
        };
        let mut patterns = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => patterns.push((text.as_ref(), item.span())),
                _ => self.wrong_type(key, "a list of patterns", item, "put the pattern in quotes"),
            }
        }
        if patterns.len() < items.len() {
            return None;
        }
        let texts: Vec<&str> = patterns.iter().map(|(text, _)| *text).collect();
        match Globs::parse(&texts) {
            Ok(globs) => return Some(globs),
            Err(bad) => {
                for bad in bad {
                    let at = bad
                        .index
                        .and_then(|index| patterns.get(index))
                        .map_or(value.span(), |(_, at)| at.clone());
                    self.error(at, bad.message, bad.help);
                }
            }
        }
        None
    }

    fn table<'a, 'i>(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &'a Spanned<DeValue<'i>>,
    ) -> Option<&'a DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, "a table", value, "");
        }
        table
    }

    /// A text that is not blank.
    fn text(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.error(
                    value.span(),
                    format!("`{}` is empty", key.get_ref()),
                    "give it a value, or drop the line",
                );
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong_type(key, "a text", value, "put the value in quotes");
                None
            }
        }
    }

    fn wrong_type(
        &mut self,
        key: &Spanned<DeString<'_>>,
        expected: &str,
        value: &Spanned<DeValue<'_>>,
        help: &str,
    ) {
        let message = format!(
            "{} is {expected}, found {}",
            quoted(key.get_ref()),
            described(value.get_ref())
        );
        self.error(value.span(), message, help);
    }

    fn unknown_key(&mut self, key: &Spanned<DeString<'_>>, known: &[&str]) {
        let help = nearest(key.get_ref(), known.iter().copied()).map_or_else(
            || format!("known here: `{}`", known.join("`, `")),
            |near| format!("did you mean `{near}`?"),
        );
        self.error(key.span(), format!("unknown key {}", quoted(key.get_ref())), help);
    }

    fn error(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let span = Span::new(at.start, at.end);
        self.errors.push(ConfigError { span, message: message.into(), help: help.into() });
    }
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What somebody wrote, in backticks. A long text is cut to six characters: it may be a key, put in the wrong place.
fn quoted(text: &str) -> String {
    format!("`{}`", escaped(text))
}

fn escaped(text: &str) -> String {
    let shown = if text.chars().count() > MAX_NAME {
        text.chars().take(6).chain(['…']).collect()
    } else {
        text.to_owned()
    };
    let visible = |c: char| c.is_alphanumeric() || c.is_ascii_graphic() || matches!(c, ' ' | '…');
    shown
        .chars()
        .map(|c| if visible(c) { c.to_string() } else { c.escape_unicode().to_string() })
        .collect()
}

/// Bytes of `64 MiB`, `500kB`, `1_000`.
fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_lowercase().as_str() {
        "" | "b" | "bytes" => 1,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return None,
    };
    number.replace('_', "").parse::<u64>().ok()?.checked_mul(factor)
}
