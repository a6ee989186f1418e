//! A configuration on top of those that it extends: what is below says more, and what is locked above is never made weaker.

use super::weakening::{Entry, Loosened, Place};
use super::{Config, Level};
use crate::declared::globs::Globs;
use crate::rule::Rule;

/// Puts configurations on top of each other, those that are extended first; the last is a tree's own. Each comes with the number of its file,
/// 0 for the tree's own. What makes something weaker that a file above has locked counts for nothing, and is told.
#[must_use]
pub fn layered(layers: Vec<(usize, Config)>, rules: &[Rule]) -> (Config, Vec<Loosened>) {
    let mut stack = Stack { held: Config::default(), breaches: Vec::new(), rules };
    for (file, config) in layers {
        stack.put(file, config);
    }
    (stack.held, stack.breaches)
}

struct Stack<'a> {
    held: Config,
    breaches: Vec<Loosened>,
    rules: &'a [Rule],
}

impl Stack<'_> {
    fn put(&mut self, file: usize, mut next: Config) {
        self.preset(file, &next);
        self.levels(file, &mut next);
        self.exclude(file, &next);
        self.limits(file, &next);
        self.tree_s_own(file, &mut next);
        for key in std::mem::take(&mut next.policy.locked) {
            self.take_place(file, &next, &Config::lock_key(&key));
            if !self.held.policy.locked.contains(&key) {
                self.held.policy.locked.push(key);
            }
        }
        self.held.policy.extends.append(&mut next.policy.extends);
        self.held.policy.baseline = next.policy.baseline.take();
        self.held.waivers = next.waivers;
        self.held.declared = next.declared;
        self.held.patterns = next.patterns;
        self.held.packs.append(&mut next.packs);
        for (key, span) in next.places {
            if key.starts_with("same-as.") || key.starts_with("not-instances.") {
                self.held.files.insert(key.clone(), file);
                self.held.places.insert(key, span);
            }
        }
    }

    /// Lets a place of the next layer stand for what is held.
    fn take_place(&mut self, file: usize, next: &Config, key: &str) {
        match next.places.get(key) {
            Some(span) => {
                self.held.places.insert(key.to_owned(), *span);
                self.held.files.insert(key.to_owned(), file);
            }
            None => {
                self.held.places.remove(key);
            }
        }
    }

    /// Tells what counts for nothing, at its word, and where it is locked.
    fn breach(&mut self, at: Option<Place>, what: String, locks: &[&str]) {
        let mut locks = locks.iter().map(|key| self.held.place(&Config::lock_key(key)));
        let before = locks.find_map(|place| place);
        self.breaches.push(Loosened { entry: Entry::Locked { what }, now: at, before });
    }

    fn preset(&mut self, file: usize, next: &Config) {
        let Some(preset) = next.policy.preset else { return };
        let mut lowered = Vec::new();
        for rule in self.rules {
            let (key, level) = (Config::rule_key(&rule.id), preset.level(rule));
            let held = self.held.level(rule);
            if level < held && self.held.is_locked(&["rules", "policy.preset", &key]) {
                lowered.push(format!("`{}`", rule.id));
                continue;
            }
            self.held.levels.insert(rule.id.clone(), level);
            self.held.by_preset.insert(key.clone(), preset);
            self.held.files.remove(&key);
            self.held.places.remove(&key);
        }
        let is_lax = self.held.fails_on_warnings && !preset.fails_on_warnings();
        let at = next.place_in(file, Config::PRESET_KEY);
        if let [first, rest @ ..] = lowered.as_slice() {
            let more =
                if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            let what = format!("the preset `{}` lowers {first}{more}", preset.word());
            self.breach(at, what, &["rules", "policy.preset"]);
        } else if is_lax && self.held.is_locked(&["policy.preset"]) {
            let what = format!("the preset `{}` lets warnings pass", preset.word());
            self.breach(at, what, &["policy.preset"]);
            return;
        }
        if !(is_lax && self.held.is_locked(&["policy.preset"])) {
            self.held.fails_on_warnings = preset.fails_on_warnings();
            self.held.policy.preset = Some(preset);
            self.take_place(file, next, Config::PRESET_KEY);
        }
    }

    fn levels(&mut self, file: usize, next: &mut Config) {
        for (id, level) in std::mem::take(&mut next.levels) {
            let key = Config::rule_key(&id);
            let own = self.rules.iter().find(|rule| rule.id == id);
            let held = own.map_or(Level::Off, |rule| self.held.level(rule));
            if level < held && self.held.is_locked(&["rules", "policy.preset", &key]) {
                let what = match level {
                    Level::Off => format!("`{id}` is turned off"),
                    _ => format!("`{id}` is lowered to `{}`", level.word()),
                };
                self.breach(next.place_in(file, &key), what, &["rules", "policy.preset", &key]);
                continue;
            }
            self.held.levels.insert(id, level);
            self.held.by_preset.remove(&key);
            self.take_place(file, next, &key);
        }
    }

    fn exclude(&mut self, file: usize, next: &Config) {
        let mut all = self.held.exclude.patterns().to_vec();
        for pattern in next.exclude.patterns() {
            let key = Config::exclude_key(pattern);
            if all.contains(pattern) {
                continue;
            }
            if self.held.is_locked(&["exclude"]) {
                let what = format!("the files of `{pattern}` are taken out of the check");
                self.breach(next.place_in(file, &key), what, &["exclude"]);
            } else {
                all.push(pattern.clone());
                self.take_place(file, next, &key);
            }
        }
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        // Each layer's patterns are sound; only together they can be too large.
        if let Ok(all) = Globs::parse(&all) {
            self.held.exclude = all;
        }
    }

    fn limits(&mut self, file: usize, next: &Config) {
        if next.places.contains_key(Config::LIMIT_KEY) {
            let is_less = next.limits.file_bytes < self.held.limits.file_bytes;
            if is_less && self.held.is_locked(&[Config::LIMIT_KEY]) {
                let at = next.place_in(file, Config::LIMIT_KEY);
                let what = "the largest file that is read is made smaller".to_owned();
                self.breach(at, what, &[Config::LIMIT_KEY]);
            } else {
                self.held.limits = next.limits;
                self.take_place(file, next, Config::LIMIT_KEY);
            }
        }
        let Some(days) = next.policy.max_waiver_days else { return };
        let is_more = self.held.policy.max_waiver_days.is_some_and(|most| days > most);
        if is_more && self.held.is_locked(&[Config::WAIVER_DAYS_KEY]) {
            let at = next.place_in(file, Config::WAIVER_DAYS_KEY);
            let what = format!("waivers may last {days} days");
            self.breach(at, what, &[Config::WAIVER_DAYS_KEY]);
        } else {
            self.held.policy.max_waiver_days = Some(days);
            self.take_place(file, next, Config::WAIVER_DAYS_KEY);
        }
    }

    /// What only a tree's own configuration says, as far as it may.
    fn tree_s_own(&mut self, file: usize, next: &mut Config) {
        for waiver in std::mem::take(&mut next.waivers) {
            let key = format!("waivers.{}", waiver.rule);
            if self.held.is_locked(&["waivers", &key]) {
                let what = format!("`{}` is waived", waiver.rule);
                let at = Place { is_before: false, file, span: waiver.at };
                self.breach(Some(at), what, &["waivers", &key]);
            } else {
                next.waivers.push(waiver);
            }
        }
        if self.held.is_locked(&["not-instances"]) && !next.declared.denied.is_empty() {
            for pattern in next.declared.denied.patterns().to_vec() {
                let what = format!("the files of `{pattern}` are said to make no instance");
                let at = next.place_in(file, &Config::denied_key(&pattern));
                self.breach(at, what, &["not-instances"]);
            }
            next.declared.denied = Globs::default();
        }
    }
}

impl Config {
    /// Whether one of these keys is locked by what is extended.
    #[must_use]
    pub fn is_locked(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.policy.locked.iter().any(|locked| locked == key))
    }

    /// Whether nobody below may accept findings of a rule: neither with a waiver nor with a comment or a baseline.
    #[must_use]
    pub fn bars_waivers(&self, rule: &str) -> bool {
        self.is_locked(&["waivers", &format!("waivers.{rule}")])
    }

    /// Whether a rule's level may not be made lower.
    #[must_use]
    pub fn holds_level(&self, rule: &str) -> bool {
        self.is_locked(&["rules", "policy.preset", &Self::rule_key(rule)])
    }

    /// The level in force for a rule.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Level {
        self.levels.get(&rule.id).copied().unwrap_or(Level::of(rule.severity))
    }

    /// Where a key of [`Config::places`] is set, in whichever file.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        self.place_in(self.files.get(key).copied().unwrap_or_default(), key)
    }

    fn place_in(&self, file: usize, key: &str) -> Option<Place> {
        self.places.get(key).map(|span| Place { is_before: false, file, span: *span })
    }
}
