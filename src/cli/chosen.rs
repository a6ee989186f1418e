//! What is said of the policy beside the configuration.

use clap::Args;

use super::tree::{POLICY, Tree};

/// Options of the policy.
#[derive(Clone, Debug, Args)]
pub struct Chosen {
    /// The levels that the configuration begins with, whatever preset it names.
    #[arg(long, value_name = "PRESET", help_heading = POLICY)]
    #[arg(env = "COMMERCE_LINT_PRESET", hide_env_values = true)]
    #[arg(value_parser = ["default", "strict", "security"])]
    pub preset: Option<String>,
    /// Run this rule, or the rules of this tag, and no others; may be given several times.
    ///
    /// A rule that is off runs where it is selected by its name. What a policy locks runs all the same.
    #[arg(long, value_name = "RULE|TAG", value_delimiter = ',', help_heading = POLICY)]
    pub select: Vec<String>,
    /// Do not run this rule, or the rules of this tag; may be given several times.
    #[arg(long, value_name = "RULE|TAG", value_delimiter = ',', help_heading = POLICY)]
    pub ignore: Vec<String>,
}

/// Options of `config`.
#[derive(Debug, Args)]
pub struct PolicyInForce {
    /// The tree.
    #[command(flatten)]
    pub tree: Tree,
    /// What is said beside the configuration.
    #[command(flatten)]
    pub chosen: Chosen,
}
