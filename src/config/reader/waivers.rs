//! `[[waivers]]`, and what `[policy]` says of them.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::written::{escaped, quoted};
use super::{Entry, Reader};
use crate::config::waiver::Waiver;
use crate::date::Date;
use crate::declared::globs::Globs;
use crate::model::fingerprint::Fingerprint;
use crate::rule::NEVER_WAIVED;
use crate::source::Span;

const KEYS: &[&str] = &["expires", "instances", "path", "reason", "rule", "value"];

/// The most that `max-waiver-days` can be: ten years.
pub(in crate::config) const MOST_DAYS: u32 = 3660;

fn of(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

impl Reader<'_> {
    pub(super) fn waivers(&mut self, (key, value): Entry<'_, '_>) -> Vec<Waiver> {
        let Some(tables) = self.tables(key, value, "write `[[waivers]]` for each of them") else {
            return Vec::new();
        };
        tables.into_iter().filter_map(|(at, table)| self.waiver(at, table)).collect()
    }

    /// The items of `[[key]]`, each with its place.
    pub(super) fn tables<'a, 'i>(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &'a Spanned<DeValue<'i>>,
        help: &str,
    ) -> Option<Vec<(Range<usize>, &'a DeTable<'i>)>> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, "a list of tables", value, help);
            return None;
        };
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref().as_table() {
                Some(table) => tables.push((item.span(), table)),
                None => self.wrong_type(key, "a list of tables", item, help),
            }
        }
        Some(tables)
    }

    fn waiver(&mut self, at: Range<usize>, table: &DeTable<'_>) -> Option<Waiver> {
        let mistakes = self.errors.len();
        let mut rule = None;
        let mut path: Option<Globs> = None;
        let (mut instances, mut instances_at) = (Vec::new(), Vec::new());
        let (mut reason, mut expires, mut pinned) = (None, None, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rule" => rule = self.waived_rule(key, value).map(|id| (id, value.span())),
                "path" => path = self.glob(key, value),
                "instances" => {
                    instances = self.texts(key, value).unwrap_or_default();
                    let items = value.get_ref().as_array().into_iter().flatten();
                    instances_at = items.map(|item| of(item.span())).collect();
                }
                "reason" => reason = self.text(key, value),
                "expires" => expires = self.day(key, value).map(|day| (day, value.span())),
                "value" => pinned = self.fingerprint(key, value),
                _ => self.unknown_key(key, KEYS),
            }
        }
        let id = table.get("rule").and_then(|rule| rule.get_ref().as_str());
        let what =
            id.map_or_else(|| "a waiver".into(), |id| format!("the waiver of {}", quoted(id)));
        // The place of a mistake by omission: where the rule is named, else the whole table.
        let place = table.get("rule").map_or(at, Spanned::span);
        let missing = |key: &str| !table.contains_key(key);
        if missing("rule") {
            let help = "name one rule: `rule = \"shared-data-space\"`";
            self.error(place.clone(), "a waiver names no rule", help);
        }
        if missing("path") && missing("instances") {
            let help = "add `path`, a pattern for the files, or `instances`, a list of their names; a path of `**` is every file";
            self.error(place.clone(), format!("{what} does not say what it is about"), help);
        }
        if missing("reason") {
            let help = "say in `reason` why this is acceptable, for whoever reads it later";
            self.error(place.clone(), format!("{what} gives no reason"), help);
        }
        if missing("expires") {
            let help = "name its last day: `expires = 2027-06-30`";
            self.error(place, format!("{what} never ends"), help);
        }
        let ((rule, rule_at), (expires, expires_at)) = rule.zip(expires)?;
        let place_of = |key: &str| table.get(key).map(|value| of(value.span()));
        let waiver = Waiver {
            rule,
            path,
            instances,
            value: pinned,
            is_intended: false,
            reason: reason?,
            expires,
            at: of(rule_at),
            expires_at: of(expires_at),
            path_at: place_of("path"),
            instances_at,
            value_at: place_of("value"),
        };
        (self.errors.len() == mistakes).then_some(waiver)
    }

    pub(super) fn waived_rule(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<String> {
        let id = self.text(key, value)?;
        if NEVER_WAIVED.contains(&id.as_str()) {
            let help = "mend what it points at";
            self.error(value.span(), format!("{} cannot be waived", quoted(&id)), help);
            return None;
        }
        self.check_rule(&id, value.span());
        Some(id)
    }

    /// One pattern.
    fn glob(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Option<Globs> {
        if value.get_ref().as_array().is_some() {
            self.wrong_type(key, "one pattern", value, "write one waiver for each path");
            return None;
        }
        let pattern = self.text(key, value)?;
        let bad = match Globs::parse(&[&pattern]) {
            Ok(globs) => return Some(globs),
            Err(bad) => bad,
        };
        for bad in bad {
            self.error(value.span(), bad.message, bad.help);
        }
        None
    }

    /// A list of names; never empty.
    pub(super) fn texts(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Vec<String>> {
        let expected = "a list of names";
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, expected, value, "put it in brackets: `[\"eu-staging\"]`");
            return None;
        };
        if items.is_empty() {
            let help = "name the instances, or drop the line";
            self.error(value.span(), format!("`{}` is empty", key.get_ref()), help);
        }
        items.iter().map(|item| self.text(key, item)).collect()
    }

    pub(super) fn day(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Date> {
        let written = match value.get_ref() {
            DeValue::Datetime(moment) => match (moment.date, moment.time) {
                (Some(date), None) => {
                    return self.calendar_day(value, date.year, date.month, date.day);
                }
                (Some(date), Some(_)) => {
                    let help = format!("write the last day alone: `{} = {date}`", key.get_ref());
                    let message = format!("`{}` is a day, found a time of day", key.get_ref());
                    self.error(value.span(), message, help);
                    return None;
                }
                _ => None,
            },
            DeValue::String(text) => Date::parse(text),
            _ => None,
        };
        let help = written.map_or_else(
            || format!("write `{} = 2027-06-30`", key.get_ref()),
            |day| format!("write it without quotes: `{} = {day}`", key.get_ref()),
        );
        self.wrong_type(key, "a day", value, &help);
        None
    }

    fn calendar_day(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        year: u16,
        month: u8,
        day: u8,
    ) -> Option<Date> {
        let date = Date::new(year, month, day);
        if date.is_none() {
            self.error(value.span(), "there is no such day", "write a day of the calendar");
        }
        date
    }

    fn fingerprint(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Fingerprint> {
        let text = self.text(key, value)?;
        let fingerprint = Fingerprint::parse(&text);
        if fingerprint.is_none() {
            let help = "write the 12 hexadecimal digits that `commerce-lint check --output-format json` lists as `value`, never the value itself";
            self.error(value.span(), "this is no fingerprint", help);
        }
        fingerprint
    }

    pub(super) fn days(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<u32> {
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(key, "a number of days", value, "write `max-waiver-days = 90`");
            return None;
        };
        let days =
            u32::from_str_radix(number.as_str().trim_start_matches('+'), number.radix()).ok();
        let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
        if days.is_none() {
            let message = format!("`{}` is between 1 and {MOST_DAYS}", key.get_ref());
            self.error(value.span(), message, "write `max-waiver-days = 90`");
        }
        days
    }

    /// A path that leads nowhere but into the folder of the configuration.
    pub(super) fn path_within(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<String> {
        let path = self.text(key, value)?;
        let is_step =
            |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
        if !path.split('/').all(is_step) {
            let message =
                format!("{} does not lie in the folder of the configuration", quoted(&path));
            let help =
                format!("write a path such as `{}`", escaped(crate::config::baseline::FILE_NAME));
            self.error(value.span(), message, help);
            return None;
        }
        Some(path)
    }
}
