//! What any part of a configuration is made of: tables, texts, patterns, and how a mistake in one is told.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Reader;
use super::written::{described, quoted};
use crate::config::ConfigError;
use crate::declared::globs::Globs;
use crate::source::Span;
use crate::suggest::nearest;

impl Reader<'_> {
    pub(super) fn globs(
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

    pub(super) fn table<'a, 'i>(
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
    pub(super) fn text(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                let help = match key.get_ref().as_ref() {
                    "reason" => "say why this is acceptable, for whoever reads it later",
                    "rule" => "name a rule: `commerce-lint rules` lists them",
                    _ => "give it a value, or drop the line",
                };
                self.error(value.span(), format!("`{}` is empty", key.get_ref()), help);
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong_type(key, "a text", value, "put the value in quotes");
                None
            }
        }
    }

    pub(super) fn wrong_type(
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

    pub(super) fn unknown_key(&mut self, key: &Spanned<DeString<'_>>, known: &[&str]) {
        let help = nearest(key.get_ref(), known.iter().copied()).map_or_else(
            || format!("known here: `{}`", known.join("`, `")),
            |near| format!("did you mean `{near}`?"),
        );
        self.error(key.span(), format!("unknown key {}", quoted(key.get_ref())), help);
    }

    pub(super) fn error(
        &mut self,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let span = Span::new(at.start, at.end);
        self.errors.push(ConfigError { span, message: message.into(), help: help.into() });
    }
}
