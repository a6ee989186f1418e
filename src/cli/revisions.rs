//! Which state of the tree is checked, and what it is compared with.

use clap::Args;

/// The heading of these options in the help.
pub const STATES: &str = "Other states of the tree, by git";

/// Which states of the tree are read.
#[derive(Debug, Default, Args)]
pub struct Revisions {
    /// Compare the folder with the merge base of REV and HEAD.
    ///
    /// `auto` takes REV from the variables of pre-commit, GitHub, GitLab, Bitbucket, Azure or Jenkins.
    #[arg(long, value_name = "REV", help_heading = STATES, conflicts_with_all = ["from", "to", "staged"])]
    pub base: Option<String>,
    /// Compare the revision of `--to` with this one.
    #[arg(long, value_name = "REV", help_heading = STATES, requires = "to", conflicts_with = "staged")]
    pub from: Option<String>,
    /// Check this revision; the folder is not read.
    #[arg(long, value_name = "REV", help_heading = STATES, requires = "from", conflicts_with = "staged")]
    pub to: Option<String>,
    /// Check the index, which is what the next commit takes, and compare it with HEAD.
    ///
    /// Where pre-commit runs for a push, what is pushed is checked.
    #[arg(long, help_heading = STATES)]
    pub staged: bool,
    /// Also search earlier commits for private keys.
    ///
    /// Those of a range, joined with `=` as in `--history=origin/main..HEAD`, or all that a branch, a tag or a stash leads to.
    #[arg(long, value_name = "REV-RANGE", help_heading = STATES, num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "the option may be left out, and so may its value")]
    pub history: Option<Option<String>>,
}
