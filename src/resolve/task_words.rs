//! What the names of jobs, targets and stages say: an environment, what is done, or a brand.

use super::conventions::extension;
use super::vocabulary::{CERTAIN, DEPLOYING, TASKS, TRIALS};
use super::words::{Environment, Words, bare_environment, tokens};
use crate::syntax::file_name;

/// Whether a target or a stage is a task of its own, whose settings no other shares: it runs tests, or may speak of an environment.
#[must_use]
pub fn is_trial(name: &str) -> bool {
    let mut words = Words::default();
    words.read(name);
    let is_word = |token: &str| TRIALS.iter().any(|trial| token.eq_ignore_ascii_case(trial));
    words.environment.is_some() || name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_word)
}

/// A path without the folder in which a checkout keeps its scripts and pipelines: `ci/deploy.sh` sets nothing for an environment called `ci`.
#[must_use]
pub fn behind_tools(path: &str) -> &str {
    let Some(behind) = path.strip_prefix("ci/").or_else(|| path.strip_prefix(".ci/")) else {
        return path;
    };
    let name = file_name(path).to_ascii_lowercase();
    let is_run = matches!(extension(&name), "sh" | "bash" | "zsh" | "ps1" | "groovy")
        || name.contains("jenkinsfile")
        || tokens(&name).any(is_doing);
    if is_run { behind } else { path }
}

/// Whether a word is of what a job or a target does.
#[must_use]
pub fn is_doing(word: &str) -> bool {
    is_trying(word)
        || matches!(word, "to" | "on" | "for" | "and")
        || DEPLOYING.iter().any(|(deploying, _)| *deploying == word)
}

/// Whether a word is of a job that tries a shop out.
#[must_use]
pub fn is_trying(word: &str) -> bool {
    TRIALS.contains(&word) || TASKS.contains(&word)
}

/// Whether a word means that something is deployed, whatever stands beside it.
#[must_use]
pub fn is_deploying(word: &str) -> bool {
    DEPLOYING.iter().any(|(deploying, is_whole)| *is_whole && *deploying == word)
}

/// The environment that the name of a job, a target or a stage says.
///
/// A whole name says it, and so does a word that means nothing else. Any other (`test`, `live`) does behind a word for deploying. Of one that
/// sets nothing itself (`is_idle`) no more is known than its name, so that it must speak of deploying, and of no part of the shop.
#[must_use]
pub fn task_environment(name: &str, is_idle: bool) -> Option<Environment> {
    let name = &name.replace(':', "-");
    if let Some(environment) = bare_environment(name) {
        // `Stage 1` is a step.
        let is_step = environment.written.starts_with("stage") && environment.name != "staging";
        return Some(environment).filter(|found| !is_step && !TASKS.contains(&found.name.as_str()));
    }
    let mut words = Words::default();
    words.read(name);
    let environment = words.environment?;
    let lower = name.to_ascii_lowercase();
    let tokens: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let deploying = |token: &str| DEPLOYING.iter().find(|(word, _)| *word == token);
    let deploys = tokens
        .iter()
        .position(|token| deploying(token).is_some_and(|(_, whole)| *whole || !is_idle));
    let first = environment.written.split('-').next().unwrap_or_default();
    let said = tokens.iter().rposition(|token| *token == first);
    let is_behind = deploys.zip(said).is_some_and(|(deploys, said)| deploys < said);
    let is_certain = CERTAIN.contains(&environment.written.as_str());
    let says = if is_idle {
        let names_part = |name: &String| name != "to" && deploying(name).is_none();
        deploys.is_some() && (is_certain || is_behind) && !words.names.iter().any(names_part)
    } else {
        is_certain || is_behind
    };
    says.then_some(environment)
}

/// The words of the name of a job, a target or a stage that say neither what it does nor where: those of a brand, perhaps.
#[must_use]
pub fn task_names(name: &str) -> Vec<String> {
    let mut words = Words::default();
    words.read(&name.replace([':', '/'], "-"));
    let is_task = |name: &String| {
        name == "to" || DEPLOYING.iter().any(|(word, _)| word == name) || is_trial(name)
    };
    words.names.retain(|name| !is_task(name));
    words.names
}
