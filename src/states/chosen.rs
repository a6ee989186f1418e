//! What whoever runs the tool says of the policy: one from elsewhere, a preset, the rules that are wanted.

use super::configuration::configuration;
use super::configured::{Configuration, Extended};
use super::opened::States;
use super::packs::{self, Packs};
use super::request::{Chosen, Compare, Request};
use super::snapshot::snapshots;
use crate::config::{Config, Level};
use crate::error::Error;
use crate::rule::Rule;
use crate::rules;

/// A policy, where it is written, and the rules that it is about.
pub struct InForce {
    /// What holds.
    pub config: Config,
    /// Our own rules and those of packs.
    pub rules: Vec<Rule>,
    /// The configuration, where there is one, by its path and text.
    pub own: Option<(String, String)>,
    /// The policies that it extends.
    pub extended: Vec<Extended>,
    /// What counts for nothing, since it is locked.
    pub breaches: usize,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// The policy that a run on a folder goes by.
///
/// # Errors
/// Where a configuration cannot be read or has mistakes.
pub fn in_force(request: &Request) -> Result<InForce, Error> {
    let mut states = States::default();
    let (now, _) = snapshots(&request.path, &request.texts, &Compare::Nothing, &mut states.notes)?;
    let Configuration { config, text, packs, extended, breaches } =
        configuration(&request.path, &now, &request.configured, &request.chosen)?;
    let mut pages = packs.pages;
    pages.append(&mut packs::in_folders(&request.packs)?);
    states.rules = rules::all();
    states.rules.extend(Packs::of(pages)?.rules);
    states.config = config;
    states.choose(&request.chosen)?;
    let States { config, rules, notes, .. } = states;
    Ok(InForce { config, rules, own: text, extended, breaches: breaches.len(), notes })
}

impl States {
    /// Turns off the rules that are not wanted, but for those that are locked, and on what is wanted by its name.
    pub(super) fn choose(&mut self, chosen: &Chosen) -> Result<(), Error> {
        let Chosen { select, ignore, .. } = chosen;
        for name in select.iter().chain(ignore) {
            let is_tag = self.rules.iter().any(|rule| rule.tags.contains(name));
            if !is_tag {
                // An unknown rule is told as `explain` tells it.
                rules::explain(&self.rules, name)?;
            }
        }
        if select.is_empty() && ignore.is_empty() {
            return Ok(());
        }
        let names = |list: &[String], rule: &Rule| {
            list.iter().any(|name| *name == rule.id || rule.tags.contains(name))
        };
        let mut locked = 0;
        for rule in &self.rules {
            let level = self.config.level(rule);
            let is_wanted = select.is_empty() || names(select, rule);
            if !is_wanted || names(ignore, rule) {
                let is_held = self.config.holds_level(&rule.id) && level != Level::Off;
                locked += usize::from(is_held);
                if !is_held {
                    self.config.levels.insert(rule.id.clone(), Level::Off);
                    self.config.chosen.insert(rule.id.clone());
                }
            } else if level == Level::Off && select.contains(&rule.id) {
                self.config.levels.insert(rule.id.clone(), Level::Warning);
                self.config.chosen.insert(rule.id.clone());
            }
        }
        if locked > 0 {
            let rules = if locked == 1 {
                "rule is locked by the policy and runs"
            } else {
                "rules are locked by the policy and run"
            };
            self.notes.push(format!("{locked} {rules} all the same"));
        }
        Ok(())
    }
}
