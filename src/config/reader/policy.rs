//! `[policy]`: what it stands on, what it locks, and what waivers may do.

use toml::Spanned;
use toml::de::DeValue;

use super::written::quoted;
use super::{Entry, Reader};
use crate::config::Config;
use crate::config::preset::Preset;
use crate::config::waiver::PolicyTable;
use crate::source::Span;
use crate::suggest::nearest;

/// What can be locked; besides these, `rules.<rule>` and `waivers.<rule>`.
pub(in crate::config) const LOCKS: [&str; 7] = [
    "exclude",
    "limits.file-bytes",
    "not-instances",
    "policy.max-waiver-days",
    "policy.preset",
    "rules",
    "waivers",
];

const KEYS: &[&str] = &["baseline", "extends", "locked", "max-waiver-days", "preset"];

impl Reader<'_> {
    pub(super) fn policy(&mut self, (key, value): Entry<'_, '_>) -> PolicyTable {
        let mut policy = PolicyTable::default();
        for entry @ (key, value) in self.table(key, value).into_iter().flatten() {
            let at = Span::new(key.span().start, value.span().end);
            match key.get_ref().as_ref() {
                "max-waiver-days" => {
                    policy.max_waiver_days = self.days(key, value);
                    self.places.insert(Config::WAIVER_DAYS_KEY.into(), at);
                }
                "baseline" => {
                    policy.baseline = self.path_within(key, value);
                    self.places.insert(Config::BASELINE_KEY.into(), at);
                }
                "extends" => {
                    policy.extends =
                        self.extended(entry).into_iter().map(|(path, _)| path).collect();
                }
                "locked" => policy.locked = self.locked(entry),
                "preset" => {
                    policy.preset = self.preset(value);
                    self.places.insert(Config::PRESET_KEY.into(), at);
                }
                _ => self.unknown_key(key, KEYS),
            }
        }
        policy
    }

    /// `extends`: files beside the configuration.
    pub(super) fn extended(&mut self, (key, value): Entry<'_, '_>) -> Vec<(String, Span)> {
        let help = "write `extends = [\"org/commerce-policy.toml\"]`, files of the tree; `--policy` takes one from elsewhere";
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, "a list of files", value, help);
            return Vec::new();
        };
        let is_step =
            |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
        let mut files = Vec::new();
        for item in items {
            let text = item.get_ref().as_str().unwrap_or_default();
            if text.split('/').all(is_step) {
                files.push((text.to_owned(), Span::new(item.span().start, item.span().end)));
            } else {
                self.error(item.span(), "no file beside the configuration", help);
            }
        }
        files
    }

    fn locked(&mut self, (key, value): Entry<'_, '_>) -> Vec<String> {
        let help = "write `locked = [\"rules.plaintext-private-key\"]`";
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, "a list of keys", value, help);
            return Vec::new();
        };
        let mut locked = Vec::new();
        for item in items {
            let Some(text) = item.get_ref().as_str() else {
                self.error(item.span(), "no key that can be locked", help);
                continue;
            };
            let rule = ["rules.", "waivers."].iter().find_map(|part| text.strip_prefix(part));
            match rule {
                Some(rule) => self.check_rule(rule, item.span()),
                None if LOCKS.contains(&text) => {}
                None => {
                    let near = nearest(text, LOCKS).map_or_else(
                        || {
                            format!(
                                "known here: `{}`, `rules.<rule>`, `waivers.<rule>`",
                                LOCKS.join("`, `")
                            )
                        },
                        |near| format!("did you mean `{near}`?"),
                    );
                    let message = format!("{} cannot be locked", quoted(text));
                    self.error(item.span(), message, near);
                    continue;
                }
            }
            let at = Span::new(item.span().start, item.span().end);
            self.places.insert(Config::lock_key(text), at);
            locked.push(text.to_owned());
        }
        locked
    }

    fn preset(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Preset> {
        let text = value.get_ref().as_str().unwrap_or_default();
        let preset = Preset::named(text);
        if preset.is_none() {
            let words = Preset::ALL.map(Preset::word);
            let help = nearest(text, words).map_or_else(
                || format!("write one of `\"{}\"`", words.join("\"`, `\"")),
                |near| format!("did you mean `\"{near}\"`?"),
            );
            self.error(value.span(), format!("unknown preset {}", quoted(text)), help);
        }
        preset
    }
}
