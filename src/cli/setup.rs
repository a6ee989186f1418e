//! What `init` can be told.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// Options of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The root of the tree.
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// Print the configuration instead of writing it.
    #[arg(long)]
    pub print: bool,
    /// How many threads read the files; 0 is one per core.
    #[arg(help_heading = "General options", hide_short_help = true)]
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    #[arg(env = "COMMERCE_LINT_THREADS", hide_env_values = true)]
    pub threads: u16,
}
