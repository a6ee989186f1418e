//! The policy in force as a configuration that would say the same, each line with where it comes from.

use std::fmt::Write as _;

use crate::config::Config;
use crate::rule::Rule;

/// What is printed.
#[derive(Clone, Copy, Debug)]
pub struct Printed<'a> {
    /// The policy.
    pub config: &'a Config,
    /// The rules that it is about.
    pub rules: &'a [Rule],
    /// The paths and texts of the files that it is written in: the tree's own, then those that this one extends.
    pub files: &'a [(String, String)],
    /// Whether whoever runs the tool chose the preset.
    pub is_preset_chosen: bool,
}

impl Printed<'_> {
    /// The text: TOML that says the same.
    #[must_use]
    pub fn text(&self) -> String {
        let config = self.config;
        let mut out =
            String::from("# The policy in force. Behind each line stands where it comes from.\n");
        if !config.exclude.is_empty() {
            out.push_str("exclude = [\n");
            for pattern in config.exclude.patterns() {
                let from = self.place(&Config::exclude_key(pattern), &["exclude"]);
                let _ = writeln!(out, "  {}, # {from}", quoted(pattern));
            }
            out.push_str("]\n");
        }
        let from = self.place(Config::LIMIT_KEY, &[Config::LIMIT_KEY]);
        let _ = writeln!(out, "\n[limits]\nfile-bytes = {} # {from}", config.limits.file_bytes);
        out.push_str("\n[policy]\n");
        let word = config.policy.preset.map_or("default", |preset| preset.word());
        let from = match config.policy.preset {
            Some(_) if self.is_preset_chosen => "`--preset`".to_owned(),
            _ => self.place(Config::PRESET_KEY, &["policy.preset"]),
        };
        let _ = writeln!(out, "preset = \"{word}\" # {from}");
        if let Some(days) = config.policy.max_waiver_days {
            let from = self.place(Config::WAIVER_DAYS_KEY, &[Config::WAIVER_DAYS_KEY]);
            let _ = writeln!(out, "max-waiver-days = {days} # {from}");
        }
        if !config.policy.locked.is_empty() {
            out.push_str("locked = [\n");
            for key in &config.policy.locked {
                let from = self.place(&Config::lock_key(key), &[]);
                let _ = writeln!(out, "  {}, # {from}", quoted(key));
            }
            out.push_str("]\n");
        }
        out.push_str("\n[rules]\n");
        for rule in self.rules {
            let name = if rule.id.contains('/') { quoted(&rule.id) } else { rule.id.clone() };
            let _ =
                writeln!(out, "{name} = \"{}\" # {}", config.level(rule).word(), self.level(rule));
        }
        out
    }

    /// Where a rule's level comes from.
    fn level(&self, rule: &Rule) -> String {
        let key = Config::rule_key(&rule.id);
        let locks = ["rules", "policy.preset", &key];
        if self.config.chosen.contains(&rule.id) {
            return "`--select` or `--ignore`".to_owned();
        }
        match self.config.by_preset.get(&key) {
            Some(preset) if self.is_preset_chosen => format!("`--preset {}`", preset.word()),
            Some(preset) => {
                format!("preset `{}`, {}", preset.word(), self.place(Config::PRESET_KEY, &locks))
            }
            None => self.place(&key, &locks),
        }
    }

    /// The file and line of a key, and where it is locked.
    fn place(&self, key: &str, locks: &[&str]) -> String {
        let mut from = self.line(key).unwrap_or_else(|| "default".to_owned());
        let lock = locks.iter().find_map(|lock| self.line(&Config::lock_key(lock)));
        if let Some(lock) = lock {
            let _ = write!(from, ", locked at {lock}");
        }
        from
    }

    fn line(&self, key: &str) -> Option<String> {
        let place = self.config.place(key)?;
        let (path, text) = self.files.get(place.file)?;
        let before = text.get(..place.span.start as usize).unwrap_or_default();
        Some(format!("{path}:{}", before.matches('\n').count() + 1))
    }
}

/// A text of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
