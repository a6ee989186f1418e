//! Repositories made by the tests: the same commits, with the same ids, on every machine.

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Production's file, and staging's.
pub const PROD: &str = "deploy/.env.prod";
pub const STAGING: &str = "deploy/.env.staging";

pub const SPACE: &str = "5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11";
pub const OTHER: &str = "c7e2b0d4-3f18-4b6a-8e59-71d0a6b3f422";
pub const THIRD: &str = "0b9e7a12-58c4-4d3f-a6b1-94e2d7c35f80";

pub const DATA_SPACE: &str = "services_connector/services_id/environment_id";
pub const API_KEY: &str = "services_connector/services_connector_integration/production_api_key";
pub const PRIVATE_KEY: &str =
    "services_connector/services_connector_integration/production_private_key";

/// Variables of the caller that would change what the program or git does.
const FOREIGN: [&str; 22] = [
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "TERM",
    "COLUMNS",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_EXEC_PATH",
    "XDG_CONFIG_HOME",
    "SUDO_UID",
    "PRE_COMMIT_FROM_REF",
    "PRE_COMMIT_LOCAL_BRANCH",
    "PRE_COMMIT_REMOTE_BRANCH",
    "PRE_COMMIT_TO_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "CHANGE_TARGET",
];

/// A dotenv file of settings, config paths and values.
pub fn dotenv(settings: &[(&str, &str)]) -> String {
    let line = |(path, value): &(&str, &str)| {
        format!("CONFIG__DEFAULT__{}=\"{value}\"\n", path.to_uppercase().replace('/', "__"))
    };
    settings.iter().map(line).collect()
}

/// A dotenv file that sets a data space.
pub fn space(id: &str) -> String {
    dotenv(&[(DATA_SPACE, id)])
}

/// An `env.php` that sets a data space.
pub fn env_php(id: &str) -> String {
    format!(
        "<?php\nreturn ['system' => ['default' => ['services_connector' => ['services_id' => [\n    'environment_id' => '{id}',\n]]]]];\n"
    )
}

/// A private key that is made for the tests, by the name of its file.
pub fn key(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
    fs::read_to_string(path).expect("the key is there")
}

/// A repository in a folder that is gone after the test.
pub struct Repository {
    scratch: tempfile::TempDir,
    seconds: Cell<u32>,
}

/// A run of the program: its options, where and with which variables.
pub struct Run {
    line: String,
    folder: String,
    variables: Vec<(String, String)>,
}

/// `check` with these options at the root of the repository.
pub fn run(line: &str) -> Run {
    Run { line: line.into(), folder: "repo".into(), variables: Vec::new() }
}

impl Run {
    /// Runs it in another folder of the scratch folder.
    pub fn within(mut self, folder: &str) -> Self {
        self.folder = folder.into();
        self
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }
}

/// What a run left behind.
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Repository {
    /// An empty one, on the branch `main`.
    pub fn new() -> Self {
        Self::with_format("sha1")
    }

    /// An empty one with this hash.
    pub fn with_format(hash: &str) -> Self {
        let repository = Self::none();
        repository.git(&format!("init -q -b main --object-format={hash}"));
        repository
    }

    /// A folder without a repository.
    pub fn none() -> Self {
        let scratch = tempfile::Builder::new().prefix("commerce-lint").tempdir();
        let scratch = scratch.expect("a scratch folder can be made");
        for folder in ["repo", "home"] {
            fs::create_dir(scratch.path().join(folder)).expect("it is new");
        }
        Self { scratch, seconds: Cell::new(0) }
    }

    /// The folder that the repository lies in.
    pub fn scratch(&self) -> PathBuf {
        fs::canonicalize(self.scratch.path()).expect("it is there")
    }

    pub fn path(&self) -> PathBuf {
        self.scratch().join("repo")
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a new folder");
        fs::write(path, text).expect("the file is writable");
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).expect("the file is there");
    }

    /// Runs git as nobody's configuration wants it; the arguments stand between spaces.
    pub fn git(&self, arguments: &str) -> String {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        self.git_in("repo", &arguments)
    }

    /// The same in a folder of the scratch folder, with arguments that may hold spaces.
    pub fn git_in(&self, folder: &str, arguments: &[&str]) -> String {
        let output = self.try_git(folder, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub fn try_git(&self, folder: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
        command.args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0"]).args(arguments);
        self.isolate(&mut command, folder);
        self.seconds.set(self.seconds.get() + 1);
        let date = format!("{} +0000", 1_767_225_600 + self.seconds.get());
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        command.output().expect("git is installed")
    }

    fn isolate(&self, command: &mut Command, folder: &str) {
        let own = std::env::vars().map(|(name, _)| name);
        let own = own.filter(|name| name.starts_with("COMMERCE_LINT_"));
        for name in own.chain(FOREIGN.map(str::to_owned)) {
            command.env_remove(name);
        }
        let scratch = self.scratch();
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", scratch.join("home"));
        command.stdin(Stdio::null()).current_dir(scratch.join(folder));
    }

    /// Commits all that is in the work tree.
    pub fn commit(&self, message: &str) {
        self.git("add -A");
        self.git_in("repo", &["commit", "-qm", message]);
    }

    /// Writes one file and commits it.
    pub fn commit_file(&self, path: &str, text: impl AsRef<[u8]>) {
        self.write(path, text);
        self.commit(path);
    }

    /// Two commits of production's file; the second one is checked out.
    pub fn of_two(before: &str, now: &str) -> Self {
        let repository = Self::new();
        repository.commit_file(PROD, before);
        repository.commit_file(PROD, now);
        repository
    }

    pub fn command(&self, run: &Run) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
        command.arg("check").args(run.line.split(' ').filter(|word| !word.is_empty()));
        if !run.line.contains("--output-format") {
            command.args(["--output-format", "line"]);
        }
        self.isolate(&mut command, &run.folder);
        command.envs(run.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program; the scratch folder's own name does not show.
    pub fn done(&self, run: &Run) -> Done {
        let output = self.command(run).output().expect("the program starts");
        let scratch = self.scratch().display().to_string();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).expect("the output is UTF-8").replace(&scratch, "<scratch>")
        };
        let code = output.status.code().expect("it ends by itself");
        Done { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Compares all that runs print with the golden file of the scenario.
    pub fn shows(&self, name: &str, runs: &[Run]) {
        let mut text = String::new();
        for run in runs {
            for (name, value) in &run.variables {
                let value = value.replace(&self.scratch().display().to_string(), "<scratch>");
                let _ = write!(text, "{name}={value} ");
            }
            let line = format!("commerce-lint check {}", run.line);
            let within = if run.folder == "repo" { "" } else { &run.folder };
            let done = self.done(run);
            let parts = [within, "$ ", line.trim(), "\n", &done.err, &done.out];
            text.extend(parts);
            let _ = write!(text, "exit {}\n\n", done.code);
        }
        let text = text.trim_end().to_owned() + "\n";
        let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/revisions")
            .join(name)
            .with_extension("out");
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(golden.parent().expect("it has one")).expect("a new folder");
            fs::write(&golden, &text).expect("the golden file is writable");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(text, expected, "{name}: `BLESS=1 cargo test` accepts what is printed now");
    }
}
