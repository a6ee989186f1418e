//! What `check` mends, or shows that it would.

use clap::{Args, ValueEnum};

use crate::fix::Safety;

/// Options of `check` that change files, or show what would change.
#[derive(Debug, Args)]
pub struct Mending {
    /// Mend what can be mended without a doubt, then tell what is left; `--fix=unsafe` also what somebody has to look at.
    ///
    /// Unsafe is what leaves something to do: a key in plaintext becomes a reference to where it is to be kept, a shared data space a
    /// placeholder.
    #[arg(long, value_name = "SAFETY", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "safe")]
    #[arg(conflicts_with_all = ["from", "to", "staged", "pushed", "received", "stdin_path"])]
    pub fix: Option<Fix>,
    /// Show what `--fix` would change, then what `--fix=unsafe` would, and change nothing.
    ///
    /// No line shows a secret: it is for people, and no patch.
    #[arg(long, conflicts_with_all = ["from", "to", "staged", "pushed", "received", "stdin_path"])]
    #[arg(conflicts_with = "fix")]
    pub diff: bool,
}

/// What `--fix` mends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fix {
    /// What can be mended without a doubt.
    Safe,
    /// That, and what somebody has to look at.
    Unsafe,
}

impl Fix {
    /// What may be changed.
    #[must_use]
    pub fn safety(self) -> Safety {
        match self {
            Self::Safe => Safety::Safe,
            Self::Unsafe => Safety::Unsafe,
        }
    }
}
