//! `[rules]`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::written::{described, quoted};
use super::{Entry, Reader};
use crate::config::{Config, Level};
use crate::source::Span;
use crate::suggest::nearest;

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

impl Reader<'_> {
    pub(super) fn levels(&mut self, (key, value): Entry<'_, '_>) -> BTreeMap<String, Level> {
        let mut levels = BTreeMap::new();
        for (id, value) in self.table(key, value).into_iter().flatten() {
            let rule = id.get_ref().as_ref();
            if rule == "packs" {
                continue;
            }
            self.check_rule(rule, id.span());
            if let Some(level) = self.level(value) {
                self.places
                    .insert(Config::rule_key(rule), Span::new(id.span().start, value.span().end));
                levels.insert(rule.to_owned(), level);
            }
        }
        levels
    }

    /// `packs`: folders beside the configuration.
    pub(super) fn folders(&mut self, (key, value): Entry<'_, '_>) -> Vec<String> {
        let help = "write `packs = [\"policy/acme\"]`, folders beside the configuration";
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, "a list of folders", value, help);
            return Vec::new();
        };
        let mut folders = Vec::new();
        for item in items {
            let text = item.get_ref().as_str().map(|text| text.trim().trim_end_matches('/'));
            let is_below = |text: &&str| {
                !text.is_empty()
                    && !text.contains(['\\', ':'])
                    && text.split('/').all(|part| !matches!(part, "" | "." | ".."))
            };
            match text.filter(is_below) {
                Some(text) => folders.push(text.to_owned()),
                None => self.error(item.span(), "no folder beside the configuration", help),
            }
        }
        folders
    }

    /// Tells a rule that does not exist.
    pub(super) fn check_rule(&mut self, rule: &str, at: Range<usize>) {
        if !self.known_rules.contains(&rule) {
            let help = nearest(rule, self.known_rules.iter().copied()).map_or_else(
                || "`commerce-lint rules` lists the rules".into(),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(at, format!("unknown rule {}", quoted(rule)), help);
        }
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
}
