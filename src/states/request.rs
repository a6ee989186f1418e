//! What a run is asked for.

use std::path::PathBuf;

use crate::config::preset::Preset;
use crate::date::Date;
use crate::discover::git::Commit;
use crate::discover::git::push::Push;
use crate::discover::given::Texts;
use crate::examine::recall::Recall;
use crate::progress::Progress;

/// What a run is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The root of the tree.
    pub path: PathBuf,
    /// The texts that count in the place of the folder's files.
    pub texts: Texts,
    /// What is checked, and what it is compared with.
    pub compare: Compare,
    /// Where the configuration comes from.
    pub configured: Configured,
    /// Whether earlier commits are searched for keys.
    pub history: History,
    /// Folders of rules that count beside those of the configuration.
    pub packs: Vec<PathBuf>,
    /// What else whoever runs the tool says of the policy.
    pub chosen: Chosen,
    /// Where the run tells how far it is.
    pub progress: Progress,
    /// On what terms findings are accepted; none where none is.
    pub terms: Option<Terms>,
    /// Whether whoever reads the result trusts nothing of the tree: then what is not read is named, too.
    pub is_review: bool,
    /// Whether what earlier runs know of contents counts, and what this one finds out is kept.
    pub is_cached: bool,
    /// What the runs before this one, of this process and over this tree, found in its files.
    pub recall: Recall,
}

/// What may accept findings besides the configuration and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The day of the run: waivers end.
    pub today: Date,
    /// Whether the baseline is read.
    pub baseline: bool,
}

/// Which earlier commits are searched for keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// None.
    #[default]
    Nothing,
    /// All that any branch or tag leads to.
    All,
    /// Those of a range, as `git rev-list` takes it.
    Range(String),
}

impl History {
    pub(super) fn range(&self) -> Option<&str> {
        if let Self::Range(range) = self { Some(range) } else { None }
    }
}

/// What is checked, and what it is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// The folder, with nothing.
    #[default]
    Nothing,
    /// The folder, with the merge base of a revision and HEAD; `auto` takes the revision from the environment.
    Base(String),
    /// One revision with another, the folder unread.
    Between {
        /// The revision before.
        from: String,
        /// The revision that is checked.
        to: String,
    },
    /// The index with HEAD; the commits that pre-commit names, where it runs for those.
    Staged,
    /// The index with another commit.
    StagedOver(Commit),
    /// What is pushed, with a commit that the remote has.
    Pushed(Box<Push>),
}

/// Where the configuration comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Configured {
    /// The root of the tree.
    #[default]
    Tree,
    /// Nowhere: the defaults hold.
    Nowhere,
    /// This file, which may be one of the tree.
    File(PathBuf),
    /// A revision, or a file, that the change has no part in.
    Trusted(String),
    /// This text, which would stand at the root of the tree.
    Proposed(String),
}

/// What is said beside the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// A policy that the configuration stands on, from anywhere.
    pub policy: Option<PathBuf>,
    /// The levels that the configuration begins with, whatever it says.
    pub preset: Option<Preset>,
    /// Folders that are repositories of their own, and looked at apart from this tree.
    pub apart: Vec<String>,
    /// The only rules that run, by id or tag; empty for all.
    pub select: Vec<String>,
    /// The rules that do not, in the same way.
    pub ignore: Vec<String>,
}
