//! The baseline's file.

use toml::de::{DeInteger, DeTable};

use super::Reader;
use crate::config::baseline::{Baseline, Known, VERSION};
use crate::source::Span;

const RENEW: &str = "`commerce-lint baseline --force` writes the file anew";

const KEYS: &[&str] = &["fingerprint", "instances", "path", "rule", "values"];

/// The fewest digits of a salt.
const SALT_DIGITS: usize = 32;

impl Reader<'_> {
    pub(super) fn baseline(&mut self, document: &DeTable<'_>) -> Baseline {
        let mut baseline = Baseline::default();
        for (key, value) in document {
            match key.get_ref().as_ref() {
                "version" => {
                    let version = value.get_ref().as_integer().map(DeInteger::as_str);
                    if version != Some(VERSION.to_string().as_str()) {
                        self.error(
                            value.span(),
                            "another version of this tool wrote this baseline",
                            RENEW,
                        );
                    }
                }
                "salt" => {
                    baseline.salt = self.text(key, value).unwrap_or_default();
                    if baseline.salt.len() < SALT_DIGITS || !is_hexadecimal(&baseline.salt) {
                        self.error(
                            value.span(),
                            "the salt is too short or no hexadecimal number",
                            RENEW,
                        );
                    }
                }
                "accepted" => {
                    let tables = self.tables(key, value, RENEW).unwrap_or_default();
                    baseline.accepted = tables
                        .into_iter()
                        .filter_map(|(at, table)| self.known(at, table))
                        .collect();
                }
                _ => self.unknown_key(key, &["accepted", "salt", "version"]),
            }
        }
        for key in ["version", "salt"] {
            if !document.contains_key(key) {
                self.error(0..0, format!("the baseline has no `{key}`"), RENEW);
            }
        }
        baseline
    }

    fn known(&mut self, at: std::ops::Range<usize>, table: &DeTable<'_>) -> Option<Known> {
        for (key, _) in table {
            if !KEYS.contains(&key.get_ref().as_ref()) {
                self.unknown_key(key, KEYS);
            }
        }
        let mut names = |key: &str, is_name: fn(&str) -> bool| {
            let Some((key, value)) = table.get_key_value(key) else { return Some(Vec::new()) };
            let names = self.texts(key, value)?;
            if names.iter().all(|name| is_name(name)) {
                return Some(names);
            }
            self.error(value.span(), "these are no names of a baseline", RENEW);
            None
        };
        let values = names("values", is_short);
        let is_instance = |name: &str| {
            name.split_once(':').is_some_and(|(name, data)| is_short(name) && is_short(data))
        };
        let instances = names("instances", is_instance);
        let mut text = |name: &str| {
            let Some((key, value)) = table.get_key_value(name) else {
                self.error(at.clone(), format!("an entry has no `{name}`"), RENEW);
                return None;
            };
            Some((self.text(key, value)?, value.span()))
        };
        let (rule, path, fingerprint) = (text("rule"), text("path"), text("fingerprint"));
        let (fingerprint, at) = fingerprint?;
        if fingerprint.len() != SALT_DIGITS || !is_hexadecimal(&fingerprint) {
            self.error(at, "this is no fingerprint of a finding", RENEW);
            return None;
        }
        let at = Span::new(at.start, at.end);
        let (values, instances) = (values?, instances?);
        Some(Known { rule: rule?.0, path: path?.0, fingerprint, values, instances, at })
    }
}

fn is_short(text: &str) -> bool {
    text.len() == SALT_DIGITS / 2 && is_hexadecimal(text)
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
