//! How git is called.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use super::error::GitError;
use super::patience;
use super::repository::{Repository, root_of};
use crate::fault::reason;

/// What git may know of our environment: where the user's configuration is, for `safe.directory`, and what Windows programs need.
const ENVIRONMENT: [&str; 6] =
    ["HOME", "XDG_CONFIG_HOME", "SUDO_UID", "USERPROFILE", "SYSTEMROOT", "TEMP"];

/// Where the objects are that a `pre-receive` hook is asked about.
const QUARANTINE: [&str; 3] =
    ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"];

/// What a repository's configuration cannot say for itself.
const CONFIGURATION: [&str; 11] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    // Its cached list of untracked files is part of the repository and could hide some.
    "core.untrackedCache=false",
    "core.sshCommand=false",
    "core.alternateRefsCommand=false",
    "core.pager=cat",
    "diff.external=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
    "log.showSignature=false",
];

impl Repository {
    /// Starts a plumbing command that reads nothing from us.
    pub(super) fn start(&self, arguments: &[&str]) -> std::io::Result<Child> {
        patience::refuse()?;
        self.command(arguments).stdin(Stdio::null()).spawn()
    }

    /// Starts a plumbing command that reads what we write.
    pub(super) fn converse(&self, arguments: &[&str]) -> std::io::Result<Child> {
        patience::refuse()?;
        // Nobody reads what it complains of while we talk to it.
        self.command(arguments).stdin(Stdio::piped()).stderr(Stdio::null()).spawn()
    }

    /// Runs a plumbing command to its end. `what` says what it is for: "list the repository's files".
    pub(super) fn run(&self, arguments: &[&str], what: &str) -> Result<Vec<u8>, GitError> {
        Ok(finish(self.start(arguments), what)?.stdout)
    }

    /// The answer of a plumbing command that says no by its exit code.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<Option<String>, GitError> {
        let output = waited(self.start(arguments))?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match output.status.code() {
            Some(0) if !said.is_empty() => Ok(Some(said)),
            // It was stopped, or its answer went nowhere, which git does not mind of a pipe.
            None | Some(0 | 141) => {
                Err(GitError::Failed("git was stopped before it answered".into()))
            }
            _ if is_ownership(&output) => Err(GitError::Ownership),
            _ => Ok(None),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args([
            "--no-pager",
            "--no-optional-locks",
            "--literal-pathspecs",
            "--no-replace-objects",
        ]);
        command.args(CONFIGURATION.iter().flat_map(|setting| ["-c", setting]));
        command.args(arguments);
        command.env_clear();
        command.envs(ENVIRONMENT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command.envs([
            ("LC_ALL", "C"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_ALLOW_PROTOCOL", "none"),
            // Other parents than the commits name; of an empty file git would say that it is deprecated.
            ("GIT_GRAFT_FILE", "/dev/null/none"),
        ]);
        if self.is_bare {
            command.env("GIT_DIR", &self.top);
            if self.is_around_us() {
                // What is received lies apart until the hook has let it in.
                command.envs(QUARANTINE.iter().filter_map(|name| Some((name, env::var_os(name)?))));
            }
        } else {
            // Whatever `core.worktree` says.
            command.env("GIT_WORK_TREE", &self.top);
        }
        command.current_dir(&self.folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts a command on the index that the caller's git works on: a hook of `git commit --only` has one of its own.
    pub(super) fn start_on_index(&self, arguments: &[&str]) -> std::io::Result<Child> {
        patience::refuse()?;
        let mut command = self.command(arguments);
        let index = env::var_os("GIT_INDEX_FILE").filter(|index| !index.is_empty());
        let index = index.filter(|_| self.is_around_us());
        if let Some(index) = index.map(PathBuf::from) {
            // git takes a relative one from the root of the work tree.
            command.env("GIT_INDEX_FILE", self.top.join(index));
        }
        command.stdin(Stdio::null()).spawn()
    }

    /// Whether we run in this work tree: what a hook's environment says is about the repository that the hook runs in, and no other.
    fn is_around_us(&self) -> bool {
        let here = env::current_dir().and_then(fs::canonicalize);
        here.is_ok_and(|here| here == self.top || root_of(&here) == Some(self.top.as_path()))
    }
}

/// What git says of objects that are not there.
const LACKS: [&str; 4] =
    ["missing blob object", "bad tree object", "Could not read", "unable to read tree"];

/// Waits for a command and takes what it printed, or the first line of why it did not.
pub(super) fn finish(child: std::io::Result<Child>, what: &str) -> Result<Output, GitError> {
    let output = waited(child)?;
    if output.status.success() {
        return Ok(output);
    }
    if is_ownership(&output) {
        return Err(GitError::Ownership);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or("no reason given");
    let message = format!("git cannot {what} ({first})");
    let lacks = |said: &str| LACKS.iter().any(|words| said.contains(words));
    Err(if lacks(&said) { GitError::NotWhole(message) } else { GitError::Failed(message) })
}

pub(super) fn waited(child: std::io::Result<Child>) -> Result<Output, GitError> {
    child.and_then(patience::output).map_err(|error| not_run(&error))
}

/// The error of a program that does not run.
pub(super) fn not_run(error: &std::io::Error) -> GitError {
    if error.kind() == std::io::ErrorKind::TimedOut {
        return GitError::Silent(patience::patience().as_secs());
    }
    GitError::Failed(format!("git cannot be run ({})", reason(error)))
}

pub(super) fn is_ownership(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stderr).contains("dubious ownership")
}

/// The records of a listing with `-z`, each of which ends with a NUL: one that does not was cut, and others may be missing.
pub(super) fn records(output: &[u8]) -> Result<impl Iterator<Item = &[u8]>, GitError> {
    if output.last().is_some_and(|byte| *byte != 0) {
        return Err(GitError::Cut);
    }
    Ok(output.split(|&byte| byte == 0).filter(|record| !record.is_empty()))
}
