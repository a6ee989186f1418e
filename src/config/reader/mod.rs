//! From the text of a configuration file to [`Config`], collecting every mistake.

mod baseline;
mod instances;
mod intended;
mod levels;
mod patterns;
pub(super) mod policy;
pub(super) mod values;
pub(super) mod waivers;
pub(super) mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use memchr::memmem;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use self::written::{described, quoted};
use super::baseline::Baseline;
use super::{Config, ConfigError, Limits, Placed};
use crate::date::Date;
use crate::source::Span;

const KEYS: &[&str] = &[
    "exclude",
    "instances",
    "instances-from",
    "intended",
    "limits",
    "not-instances",
    "policy",
    "rules",
    "waivers",
];

/// What a policy says that many trees extend.
const POLICY_KEYS: &[&str] = &["exclude", "limits", "policy", "rules"];

type Entry<'a, 'i> = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>);

/// Far beyond any configuration that a person writes.
const MAX_BYTES: usize = 1 << 20;

impl Config {
    /// Reads a configuration file's text. `known_rules` are the ids that `[rules]` may name.
    ///
    /// # Errors
    /// Every mistake, in order of places.
    pub fn parse(text: &str, known_rules: &[&str]) -> Result<Self, Vec<ConfigError>> {
        read(text, known_rules)
    }

    /// Reads a policy that configurations extend: it says nothing of one tree.
    ///
    /// # Errors
    /// Every mistake, in order of places.
    pub fn parse_policy(text: &str, known_rules: &[&str]) -> Result<Self, Vec<ConfigError>> {
        read_policy(text, known_rules)
    }

    /// The files that a configuration extends, whatever else stands in it, each with its place.
    #[must_use]
    pub fn extends(text: &str) -> Vec<(String, Span)> {
        extends(text)
    }

    /// The folders of packs that a configuration names, whatever else stands in it: which rules there are depends on them.
    #[must_use]
    pub fn packs(text: &str) -> Vec<String> {
        packs(text)
    }
}

fn read(text: &str, known_rules: &[&str]) -> Result<Config, Vec<ConfigError>> {
    if text.len() > MAX_BYTES {
        return Err(vec![ConfigError {
            span: Span::default(),
            message: "the file is larger than 1 MiB".into(),
            help: "name folders and patterns instead of single files".into(),
        }]);
    }
    read_as(text, known_rules, Reader::config)
}

fn packs(text: &str) -> Vec<String> {
    let packs = read_as(text, &[], |reader, document| {
        let rules = document.iter().find(|(key, _)| key.get_ref() == "rules");
        let rules = rules.and_then(|(_, rules)| rules.get_ref().as_table());
        let packs = rules.and_then(|rules| rules.iter().find(|(key, _)| key.get_ref() == "packs"));
        packs.map(|packs| reader.folders(packs)).unwrap_or_default()
    });
    packs.unwrap_or_default()
}

fn read_policy(text: &str, known_rules: &[&str]) -> Result<Config, Vec<ConfigError>> {
    if text.len() > MAX_BYTES {
        return read(text, known_rules);
    }
    read_as(text, known_rules, |reader, document| {
        for (key, _) in document {
            let name = key.get_ref().as_ref();
            if KEYS.contains(&name) && !POLICY_KEYS.contains(&name) {
                let message =
                    format!("{} is of one tree, and this is a policy of many", quoted(name));
                let help = "a policy says `exclude`, `[limits]`, `[policy]` and `[rules]`; the rest stands in the configuration that extends it";
                reader.error(key.span(), message, help);
            }
        }
        reader.config(document)
    })
}

fn extends(text: &str) -> Vec<(String, Span)> {
    let found = read_as(text, &[], |reader, document| {
        let policy = document.iter().find(|(key, _)| key.get_ref() == "policy");
        let policy = policy.and_then(|(_, policy)| policy.get_ref().as_table());
        let found =
            policy.and_then(|policy| policy.iter().find(|(key, _)| key.get_ref() == "extends"));
        found.map(|entry| reader.extended(entry)).unwrap_or_default()
    });
    found.unwrap_or_default()
}

impl Baseline {
    /// Reads a baseline's text.
    ///
    /// # Errors
    /// Every mistake, in order of places.
    pub fn parse(text: &str) -> Result<Self, Vec<ConfigError>> {
        read_baseline(text)
    }
}

fn read_baseline(text: &str) -> Result<Baseline, Vec<ConfigError>> {
    read_as(text, &[], Reader::baseline)
}

fn read_as<'a, T: Default>(
    text: &str,
    known_rules: &'a [&'a str],
    read: impl FnOnce(&mut Reader<'a>, &DeTable<'_>) -> T,
) -> Result<T, Vec<ConfigError>> {
    let mut reader =
        Reader { known_rules, places: BTreeMap::new(), patterns: Vec::new(), errors: Vec::new() };
    if let Some(at) = conflict(text) {
        let help =
            "settle the merge; of a baseline, `commerce-lint baseline --force` makes a new one";
        reader.error(at, "a merge left its marks here", help);
        return Err(reader.errors);
    }
    let (document, mistakes) = DeTable::parse_recoverable(text);
    let mut days = BTreeSet::new();
    for mistake in &mistakes {
        let at = mistake.span().unwrap_or_default();
        match written_day(text, at.start) {
            Some((at, help)) => {
                if days.insert(at.start) {
                    reader.error(at, "`expires` is a day, and this is none", help);
                }
            }
            None => reader.error(at, mistake.message(), ""),
        }
    }
    let read =
        if mistakes.is_empty() { read(&mut reader, document.get_ref()) } else { T::default() };
    let mut errors = reader.errors;
    errors.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

/// The value of `expires` in the line of a place, and how it is written.
fn written_day(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?;
    let (key, value) = line.split_once('=').filter(|(key, _)| key.trim() == "expires")?;
    let value = value.split('#').next()?.trim();
    let from = start + key.len() + line.get(key.len()..)?.find(value)?;
    let parts: Vec<&str> = value.split(['.', '/', '-']).collect();
    let day = match parts.as_slice() {
        [day, month, year] if year.len() == 4 => {
            Date::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
        }
        [year, month, day] => Date::parse(&format!("{year}-{month:0>2}-{day:0>2}")),
        _ => None,
    };
    let day = day.map_or_else(|| "2027-06-30".to_owned(), |day| day.to_string());
    (!value.is_empty()).then(|| (from..from + value.len(), format!("write `expires = {day}`")))
}

/// The first mark that git leaves in a file which two sides changed.
fn conflict(text: &str) -> Option<Range<usize>> {
    const MARK: &str = "<<<<<<< ";
    let starts =
        std::iter::once(0).chain(memmem::find_iter(text.as_bytes(), "\n").map(|at| at + 1));
    let mut starts = starts.filter(|&at| text.get(at..).is_some_and(|rest| rest.starts_with(MARK)));
    let at = starts.next()?;
    Some(at..at + MARK.len() - 1)
}

struct Reader<'a> {
    known_rules: &'a [&'a str],
    places: BTreeMap<String, Span>,
    patterns: Vec<Placed>,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn config(&mut self, document: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for entry @ (key, value) in document {
            match key.get_ref().as_ref() {
                "instances" => config.declared.instances = self.instances(entry),
                "instances-from" => config.declared.patterns = self.instances_from(entry),
                "not-instances" => config.declared.denied = self.not_instances(entry),
                "rules" => {
                    let packs = value
                        .get_ref()
                        .as_table()
                        .and_then(|rules| rules.iter().find(|(key, _)| key.get_ref() == "packs"));
                    config.packs = packs.map(|packs| self.folders(packs)).unwrap_or_default();
                    config.levels = self.levels(entry);
                }
                "exclude" => {
                    config.exclude = self.globs(key, value).unwrap_or_default();
                    self.keep_places(value);
                }
                "limits" => config.limits = self.limits(entry),
                "policy" => config.policy = self.policy(entry),
                "waivers" => config.waivers.extend(self.waivers(entry)),
                "intended" => config.waivers.extend(self.intended(entry)),
                _ => self.unknown_key(key, KEYS),
            }
        }
        config.places = std::mem::take(&mut self.places);
        config.patterns = std::mem::take(&mut self.patterns);
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
