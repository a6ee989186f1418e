//! Which tree, and which policy for it.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::values::switch;

pub(super) const POLICY: &str = "Configuration";

/// Which tree is read, and how.
#[derive(Debug, Args)]
pub struct Tree {
    /// The root of the tree.
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// The configuration file, instead of `commerce-lint.toml` at the root of the tree.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = POLICY)]
    #[arg(env = "COMMERCE_LINT_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Read no configuration file.
    #[arg(long, value_parser = switch, help_heading = POLICY)]
    #[arg(env = "COMMERCE_LINT_NO_CONFIG", hide_env_values = true)]
    pub no_config: bool,
    /// A policy that the configuration stands on, from anywhere: what it locks is never made weaker.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = POLICY)]
    #[arg(env = "COMMERCE_LINT_POLICY", hide_env_values = true)]
    pub policy: Option<PathBuf>,
    /// A folder of rules of your own, beside those that the configuration names; may be given several times.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = POLICY)]
    pub rules: Vec<PathBuf>,
    /// How many threads read the files; 0 is one per core.
    #[arg(help_heading = "General options", hide_short_help = true)]
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    #[arg(env = "COMMERCE_LINT_THREADS", hide_env_values = true)]
    pub threads: u16,
}

/// Which rules there are, beside ours: those of the configuration in this folder, and of folders that a user names.
#[derive(Debug, Args)]
pub struct Packs {
    /// The configuration file, instead of `commerce-lint.toml` in this folder.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(env = "COMMERCE_LINT_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Read no configuration file.
    #[arg(long, value_parser = switch)]
    #[arg(env = "COMMERCE_LINT_NO_CONFIG", hide_env_values = true)]
    pub no_config: bool,
    /// A policy that the configuration stands on.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(env = "COMMERCE_LINT_POLICY", hide_env_values = true)]
    pub policy: Option<PathBuf>,
    /// A folder of rules of your own, beside those that the configuration names; may be given several times.
    #[arg(long = "rules", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folders: Vec<PathBuf>,
}

impl Packs {
    /// The tree that this folder is, with what counts there.
    #[must_use]
    pub fn tree(&self) -> Tree {
        let Self { config, no_config, policy, folders } = self;
        let (config, policy, rules) = (config.clone(), policy.clone(), folders.clone());
        Tree { path: ".".into(), config, no_config: *no_config, policy, rules, threads: 0 }
    }
}
