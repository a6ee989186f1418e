//! Which schema `schema` prints: that of the configuration, unless another is asked for.

use clap::Args;

/// The schemas that can be asked for instead.
#[derive(Args, Debug)]
pub struct Schema {
    /// The schema of what a rule's page says at its top, instead.
    #[arg(long)]
    pub rules: bool,
    /// The schema of a line of `facts`, instead.
    #[arg(long, conflicts_with = "rules")]
    pub facts: bool,
    /// The schema of what `--output-format json` writes, instead.
    #[arg(long, conflicts_with_all = ["rules", "facts"])]
    pub report: bool,
}
