//! One command that concerns settings, as it stands in a script or a pipeline.

use super::setting::Setting;
use crate::source::{Location, SourceId};

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Magento's `config:set` and `config:sensitive:set`.
    Set,
    /// n98-magerun2's `config:store:set` and `config:env:set`: they write without Magento's own checks.
    Store,
    /// `config:store:delete`, `config:env:delete`.
    Delete,
    /// `magento-cloud variable:create`.
    CreateVariable,
    /// `magento-cloud variable:update`, `vset`: what it does not name stays as it is.
    UpdateVariable,
    /// `-e NAME=value` of a program that starts another.
    Pass,
    /// `saas:resync`.
    Resync,
}

/// An option of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandOption {
    /// Its long name, without dashes.
    pub name: String,
    /// Its value, where it has one that is certain.
    pub value: Option<String>,
    /// Where it stands.
    pub at: Location,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Where its verb stands.
    pub at: Location,
    /// The verb as it is written: `config:set`.
    pub name: String,
    /// What it does.
    pub verb: Verb,
    /// The script that it stands in: the file, and which of the scripts in it. Commands of one script stand in the order in which they are run.
    pub script: (SourceId, usize),
    /// The branches that it stands in, outermost first: which one, and which of its arms.
    pub arms: Vec<(usize, usize)>,
    /// What it sets; values stand here as they are written, whether or not the command is always run.
    pub settings: Vec<Setting>,
    /// Its options, in order.
    pub options: Vec<CommandOption>,
    /// Whether it has words that only running the script would tell: they may be options, too.
    pub is_computed: bool,
}

impl Command {
    /// Whether no run has both commands: they stand in two arms of one branch.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        let mut arms = self.arms.iter();
        self.script == other.script
            && arms.any(|(branch, arm)| {
                other.arms.iter().any(|(theirs, its)| theirs == branch && its != arm)
            })
    }

    /// An option by its long name, the last one where it stands twice.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&CommandOption> {
        self.options.iter().rev().find(|option| option.name == name)
    }
}
