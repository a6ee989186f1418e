//! `[[intended]]`: changes that are announced, each with the value that they lead to.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::written::quoted;
use super::{Entry, Reader};
use crate::config::waiver::Waiver;
use crate::model::fingerprint::Fingerprint;
use crate::model::uuid::fold_uuid;
use crate::source::Span;

const KEYS: &[&str] = &["expires", "instance", "reason", "rule", "value"];

impl Reader<'_> {
    pub(super) fn intended(&mut self, (key, value): Entry<'_, '_>) -> Vec<Waiver> {
        let Some(tables) = self.tables(key, value, "write `[[intended]]` for each of them") else {
            return Vec::new();
        };
        tables.into_iter().filter_map(|(at, table)| self.one_intended(at, table)).collect()
    }

    fn one_intended(&mut self, at: Range<usize>, table: &DeTable<'_>) -> Option<Waiver> {
        let mistakes = self.errors.len();
        let (mut rule, mut instance, mut to) = (None, None, None);
        let (mut reason, mut expires) = (None, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rule" => rule = self.waived_rule(key, value).map(|id| (id, value.span())),
                "instance" => instance = self.text(key, value).map(|name| (name, value.span())),
                "value" => to = self.named_value(key, value).map(|value| (value, key.span())),
                "reason" => reason = self.text(key, value),
                "expires" => expires = self.day(key, value).map(|day| (day, value.span())),
                _ => self.unknown_key(key, KEYS),
            }
        }
        let id = table.get("rule").and_then(|rule| rule.get_ref().as_str());
        let what = id.map_or_else(|| "an intended change".into(), quoted);
        let place = table.get("rule").map_or(at, Spanned::span);
        for (key, help) in [
            (
                "rule",
                "name the rule that tells the change: `rule = \"production-data-space-change\"`",
            ),
            ("instance", "name the installation that changes: `instance = \"eu-production\"`"),
            (
                "value",
                "name what it changes to: a public id as it is, or the 12 digits of a fingerprint",
            ),
            ("reason", "say in `reason` why it changes, for whoever reads it later"),
            ("expires", "name the last day of the change: `expires = 2027-06-30`"),
        ] {
            if !table.contains_key(key) {
                let message = format!("{what} is announced without `{key}`");
                self.error(place.clone(), message, help);
            }
        }
        let span = |at: Range<usize>| Span::new(at.start, at.end);
        let ((rule, rule_at), (instance, instance_at)) = rule.zip(instance)?;
        let ((expires, expires_at), (value, value_at)) = expires.zip(to)?;
        let waiver = Waiver {
            rule,
            path: None,
            instances: vec![instance],
            value: Some(value),
            is_intended: true,
            reason: reason?,
            expires,
            at: span(rule_at),
            expires_at: span(expires_at),
            path_at: None,
            instances_at: vec![span(instance_at)],
            value_at: Some(span(value_at)),
        };
        (self.errors.len() == mistakes).then_some(waiver)
    }

    /// A value by its fingerprint, or a public one as it is.
    fn named_value(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Fingerprint> {
        let text = self.text(key, value)?;
        Some(Fingerprint::parse(&text).unwrap_or_else(|| {
            let is_api_key = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            let domain = if is_api_key { "api key" } else { "value" };
            let folded = fold_uuid(&text).unwrap_or_else(|| text.trim().to_owned());
            Fingerprint::of(domain, folded.as_bytes())
        }))
    }
}
