//! Why git gives no answer. Each says what to do.

use thiserror::Error;

/// Why git gives no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GitError {
    /// The folder is in no work tree.
    #[error("`{path}` is in no git repository")]
    NoRepository {
        /// The folder.
        path: String,
    },
    /// A folder was to be read, and the repository has none.
    #[error("`{path}` is a bare repository: it has no folder of files")]
    Bare {
        /// The folder.
        path: String,
    },
    /// There is a repository but no program.
    #[error("the folder is in a git repository but no `git` is installed")]
    NoProgram,
    /// git takes the repository for somebody else's.
    #[error(
        "git refuses the repository because it belongs to someone else (see `safe.directory` in git's documentation)"
    )]
    Ownership,
    /// A text that cannot name a revision.
    #[error("`{revision}` cannot name a revision")]
    NoRevision {
        /// As the user gave it.
        revision: String,
    },
    /// No commit has this name here.
    #[error("the repository has no revision `{revision}`")]
    UnknownRevision {
        /// As the user gave it.
        revision: String,
        /// Whether the clone is shallow.
        shallow: bool,
    },
    /// The histories do not meet in this clone.
    #[error("`{revision}` and the checked state have no common commit in this clone")]
    NoMergeBase {
        /// As the user gave it.
        revision: String,
        /// Whether the clone is shallow.
        shallow: bool,
    },
    /// A text that git does not hand to a hook.
    #[error("standard input holds no lines of git's `pre-push` hook")]
    NoPush,
    /// A repository without a commit.
    #[error("the repository has no commit yet, so there is nothing to compare")]
    NoCommit,
    /// None of the variables that name a base is set.
    #[error("`--base auto` found no base: none of {} is set", VARIABLES.join(", "))]
    NoBaseVariable,
    /// Objects that commits name and the clone does not have.
    #[error("{0}")]
    NotWhole(String),
    /// git ends as if all were well, in the middle of a listing.
    #[error("git's listing breaks off")]
    Cut,
    /// git says nothing for so many seconds.
    #[error("git said nothing for {0} seconds and was ended")]
    Silent(u64),
    /// Whatever git itself complains of.
    #[error("{0}")]
    Failed(String),
}

/// The variables that `--base auto` takes the base from, in this order: pre-commit, GitHub, GitLab, Bitbucket, Azure, Jenkins.
pub(super) const VARIABLES: [&str; 6] = [
    "PRE_COMMIT_FROM_REF",
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "CHANGE_TARGET",
];

/// Those of them that name a commit; the others name a branch of the remote.
pub(super) const COMMITS: [&str; 2] = ["PRE_COMMIT_FROM_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA"];

impl GitError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        const DEEPEN: &str = "the clone is shallow: fetch with depth 0 (`git fetch --unshallow`, `fetch-depth: 0` or `GIT_DEPTH: 0`)";
        match self {
            Self::NoRepository { .. } => {
                Some("revisions, the index and the history are read in a git work tree only")
            }
            Self::Bare { .. } => Some(
                "check two of its revisions, `--from main~1 --to main`, or what it receives, `--received`; a whole state is checked in a clone",
            ),
            Self::NoProgram => Some("install git, or check the folder without naming revisions"),
            Self::Ownership => Some(
                "if you trust it, name it with `git config --global --add safe.directory <folder>`",
            ),
            Self::NoRevision { .. } => Some("name a branch, a tag or a commit"),
            Self::UnknownRevision { shallow: true, .. }
            | Self::NoMergeBase { shallow: true, .. } => Some(DEEPEN),
            Self::UnknownRevision { .. } => Some(
                "name a branch, a tag or a commit that `git rev-parse` knows; a branch of a remote is `origin/<branch>`",
            ),
            Self::NoMergeBase { .. } => {
                Some("compare two states directly with `--from` and `--to`")
            }
            Self::NoCommit => {
                Some("check without `--base`; `--staged` checks the first commit, too")
            }
            Self::NoPush => Some(
                "run this in a `pre-push` hook, as in `commerce-lint check --pushed \"$1\"`, and let the hook's manager hand standard input on",
            ),
            Self::NoBaseVariable => Some(
                "name the base, such as `--base origin/main`, or leave `--base` out where nothing is to be compared",
            ),
            Self::NotWhole(_) => Some(
                "the clone lacks a part of the repository, and nothing is fetched here: clone without `--filter`, or fetch what is missing",
            ),
            Self::Silent(_) => Some(
                "see what holds it up (a network drive, a lock); `COMMERCE_LINT_GIT_SECONDS` says how long it is waited for",
            ),
            Self::Cut | Self::Failed(_) => None,
        }
    }
}
