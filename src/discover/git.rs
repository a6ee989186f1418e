//! The files of a git work tree, as `git ls-files` lists them.
//!
//! A repository is an untrusted file format and git an untrusted program: it is called by absolute path, never one of the checked tree, without
//! shell, pager or prompt, for one plumbing command that only reads, in an environment of ours, and with everything switched off by which a
//! repository's configuration makes git run a program or fetch. What it prints is checked like any input.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::{File, Folders, folder, name_of};

/// Why git did not list the files.
pub(super) enum Declined {
    /// The folder is in no work tree.
    NoRepository,
    /// It is in one, but git is missing, refuses or has nothing to say.
    Failed(String),
}

impl Declined {
    /// What the reader of the results should know.
    pub(super) fn note(self) -> Option<String> {
        match self {
            Self::NoRepository => None,
            Self::Failed(why) => {
                Some(format!("{why}, so every file of the folder is read, ignored ones too"))
            }
        }
    }
}

/// Lists the files below `root` that are in the index or untracked and not ignored.
pub(super) fn files(
    root: &Path,
    excluded: &(dyn Fn(&str) -> bool + Sync),
    notes: &mut Vec<String>,
) -> Result<Vec<File>, Declined> {
    let mut seen = Vec::new();
    let Some(top) =
        root.ancestors().find(|folder| fs::symlink_metadata(folder.join(".git")).is_ok())
    else {
        return Err(Declined::NoRepository);
    };
    let Some(program) = program(top) else {
        return Err(Declined::Failed(
            "the folder is in a git repository but no `git` is installed".into(),
        ));
    };
    // Both run at the same time: the second one takes a while to walk the work tree.
    let index = start(&program, root, &["-s"]);
    let untracked = start(&program, root, &["--others", "--exclude-standard"]);
    let index = finish(index)?;

    let mut folders = Folders::new(root, excluded);
    let mut files = Vec::new();
    for record in records(&index.stdout) {
        let Some((mode, path)) = parse_entry(record) else {
            return Err(Declined::Failed("git listed its index in an unknown format".into()));
        };
        let file = File::new(path);
        if !folders.hold(&file.path) || excluded(&file.name) {
            continue;
        }
        // The index says link or submodule, but what is read is what is there.
        let found = if mode.starts_with(b"100") {
            None
        } else {
            fs::symlink_metadata(root.join(&file.path)).ok()
        };
        if mode == b"160000" && found.as_ref().is_some_and(fs::Metadata::is_dir) {
            seen.push(format!("the submodule `{}` is not read", file.name));
        }
        if mode.starts_with(b"100") || found.is_some_and(|found| found.is_file()) {
            files.push(file);
        }
    }
    let untracked = finish(untracked)?;
    for record in records(&untracked.stdout) {
        let nested = record.strip_suffix(b"/");
        let file = File::new(path_of(nested.unwrap_or(record)));
        if !folders.hold(&file.path) || excluded(&file.name) {
            continue;
        }
        let is_link_or_device = |found: fs::Metadata| !found.is_file();
        if nested.is_some() {
            files.extend(folder::files(root, &file.path, excluded));
        } else if !fs::symlink_metadata(root.join(&file.path)).is_ok_and(is_link_or_device) {
            files.push(file);
        }
    }
    let prefix = root.strip_prefix(top).unwrap_or(Path::new(""));
    for line in String::from_utf8_lossy(&untracked.stderr).lines() {
        match parse_warning(line, prefix) {
            Some(closed) if excluded(&closed.name) || !folders.hold(&closed.path) => {}
            Some(closed) => files.push(closed),
            None => seen.push(format!("git says: {line}")),
        }
    }
    if files.is_empty() && top != root {
        return Err(Declined::Failed(
            "git lists no file below the folder, which may be ignored as a whole".into(),
        ));
    }
    if files.is_empty() {
        seen.push(
            "git lists no file in the folder: it is empty, or every file in it is ignored".into(),
        );
    }
    notes.append(&mut seen);
    Ok(files)
}

/// The first `git` in the folders of `PATH` that is not part of the repository; relative folders do not count.
fn program(top: &Path) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let candidates = env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(PROGRAM));
    candidates.filter(|candidate| is_program(candidate)).find(|candidate| {
        !candidate.starts_with(top)
            && fs::canonicalize(candidate).is_ok_and(|real| !real.starts_with(top))
    })
}

const PROGRAM: &str = if cfg!(windows) { "git.exe" } else { "git" };

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file())
}

/// What git may know of our environment: where the user's configuration is, for `safe.directory`, and what Windows programs need.
const ENVIRONMENT: [&str; 6] =
    ["HOME", "XDG_CONFIG_HOME", "SUDO_UID", "USERPROFILE", "SYSTEMROOT", "TEMP"];

/// What a repository's configuration cannot say for itself.
const CONFIGURATION: [&str; 9] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    // Its cached list of untracked files is part of the repository and could hide some.
    "core.untrackedCache=false",
    "core.sshCommand=false",
    "core.pager=cat",
    "diff.external=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
];

fn start(program: &Path, root: &Path, options: &[&str]) -> std::io::Result<Child> {
    let mut command = Command::new(program);
    command.args([
        "--no-pager",
        "--no-optional-locks",
        "--literal-pathspecs",
        "--no-replace-objects",
    ]);
    command.args(CONFIGURATION.iter().flat_map(|setting| ["-c", setting]));
    command.args(["ls-files", "-z"]).args(options);
    command.env_clear();
    command.envs(ENVIRONMENT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
    command.envs([
        ("LC_ALL", "C"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_ALLOW_PROTOCOL", "none"),
    ]);
    command.current_dir(root).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn()
}

fn finish(child: std::io::Result<Child>) -> Result<Output, Declined> {
    let failed = |error: std::io::Error| {
        Declined::Failed(format!("git cannot be run ({})", crate::read::reason(&error)))
    };
    let output = child.map_err(failed)?.wait_with_output().map_err(failed)?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or("no reason given");
    Err(Declined::Failed(if said.contains("dubious ownership") {
        "git refuses the repository because it belongs to someone else (see `safe.directory` in git's documentation)".into()
    } else {
        format!("git cannot list the repository's files ({first})")
    }))
}

fn records(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output.split(|&byte| byte == 0).filter(|record| !record.is_empty())
}

/// Takes `100644 <object id> <stage>\t<path>` apart.
fn parse_entry(record: &[u8]) -> Option<(&[u8], PathBuf)> {
    let tab = memchr::memchr(b'\t', record)?;
    let (entry, path) = record.split_at_checked(tab)?;
    let mode = entry.split(|&byte| byte == b' ').next()?;
    Some((mode, path_of(path.get(1..)?)))
}

/// Takes the folder out of ``warning: could not open directory 'a/b/': Permission denied``, which git names from the top of its work tree.
fn parse_warning(line: &str, prefix: &Path) -> Option<File> {
    let (path, reason) =
        line.strip_prefix("warning: could not open directory '")?.rsplit_once("': ")?;
    let path = Path::new(path).strip_prefix(prefix).ok()?;
    let name = name_of(path);
    let path = PathBuf::from(name.trim_end_matches('/'));
    Some(File::unreadable(path, format!("cannot be entered: {}", reason.to_lowercase())))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}
