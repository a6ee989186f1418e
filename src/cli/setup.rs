//! The commands for the first minutes, and the examples in their help.

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

pub(super) const RULES_EXAMPLES: &str = "\
Examples:
  commerce-lint rules
  commerce-lint rules | grep key

Exit codes:
  0  listed
  2  usage error";

pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  commerce-lint explain plaintext-private-key
  commerce-lint explain shared-data-space > page.md   as Markdown

Exit codes:
  0  printed
  2  usage error, or no such rule";

pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  commerce-lint init                   write commerce-lint.toml into this folder
  commerce-lint init deploy/ --print   show what it would write for another one

What it declares leaves the findings as they are; what it cannot declare stands
there as a comment. A configuration that is there is never overwritten.

Exit codes:
  0  written
  2  usage error, or a configuration is there
  3  written, but a file that carries settings could not be read whole";

pub(super) const SCHEMA_EXAMPLES: &str = "\
Example:
  commerce-lint schema > commerce-lint.schema.json

An editor that knows TOML schemas (taplo, Even Better TOML) takes it by the
first line of the configuration: `#:schema ./commerce-lint.schema.json`.

Exit codes:
  0  printed
  2  usage error";

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples, each for the file that its shell reads when it starts:
  source <(commerce-lint completions bash)          ~/.bashrc
  source <(commerce-lint completions zsh)           ~/.zshrc, after `compinit`
  commerce-lint completions fish | source           ~/.config/fish/config.fish
  eval (commerce-lint completions elvish | slurp)   ~/.config/elvish/rc.elv
  commerce-lint completions powershell | Out-String | Invoke-Expression

The last is for the file that `$PROFILE` names in PowerShell.

Exit codes:
  0  printed
  2  usage error";

pub(super) const MAN_EXAMPLES: &str = "\
Examples:
  commerce-lint man | man -l -
  commerce-lint man > ~/.local/share/man/man1/commerce-lint.1

Exit codes:
  0  printed
  2  usage error";
