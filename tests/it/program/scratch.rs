//! A folder of files for one test, and the program run on it within a time that nothing sound can exceed.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A program that runs longer than this hangs, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// Variables of the caller that would change what the program prints.
const COLOUR: [&str; 6] =
    ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS", "SOURCE_DATE_EPOCH"];

/// The formats for pipelines and reviews.
pub const PIPELINES: [&str; 8] =
    ["sarif", "github", "gitlab", "gitlab-secrets", "junit", "rdjson", "markdown", "html"];

/// One id for all that share a data space.
pub const DATA_SPACE: &str = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11";

/// A folder that is gone after the test.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for temporary files exists"))
    }

    pub fn of(files: &[(&str, &str)]) -> Self {
        let scratch = Self::new();
        for (path, text) in files {
            scratch.write(path, text);
        }
        scratch
    }

    /// Production and staging with one data space: one error.
    pub fn shared() -> Self {
        Self::of(&[
            ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
            ("k8s/staging/settings.yaml", &data_space(DATA_SPACE)),
        ])
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a new folder");
        fs::write(&path, content).expect("the file is writable");
        path
    }

    /// Runs git in this folder as nobody's configuration wants it, and takes what it prints.
    pub fn git(&self, arguments: &str) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        let output = command.args(arguments.split(' ')).current_dir(self.path()).output();
        let output = output.expect("git is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs the program in this folder.
    pub fn run(&self, arguments: &[&str]) -> Done {
        run(self.command(arguments))
    }

    /// The reports for pipelines, all of one run, by format; none where there is no run.
    pub fn reports(&self) -> Vec<(&'static str, String)> {
        let folder = tempfile::tempdir().expect("a folder for temporary files exists");
        let mut arguments = vec!["check".to_owned()];
        for format in PIPELINES {
            let file = folder.path().join(format);
            let file = file.to_str().expect("the path is text");
            arguments.extend(["--output".to_owned(), format!("{format}={file}")]);
        }
        self.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let report = |format| fs::read_to_string(folder.path().join(format)).ok();
        PIPELINES.iter().filter_map(|format| Some((*format, report(format)?))).collect()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
        command.args(arguments).current_dir(self.path());
        for name in COLOUR {
            command.env_remove(name);
        }
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["COMMERCE_LINT_", "PRE_COMMIT_", "CI_", "GITHUB_"]
                .iter()
                .any(|start| text.starts_with(start))
            {
                command.env_remove(name);
            }
        }
        command
    }
}

/// A YAML document that sets a data space.
pub fn data_space(id: &str) -> String {
    format!("services_connector/services_id/environment_id: {id}\n")
}

/// What a run left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Done {
    /// Both streams.
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).expect("the output is JSON")
    }
}

/// Runs a command to its end. What it prints is text, free of control characters but the line feed (and, in colour, the escape).
pub fn run(command: Command) -> Done {
    fed(command, Stdio::null())
}

/// The same, with a standard input.
pub fn fed(mut command: Command, input: Stdio) -> Done {
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let out = drain(child.stdout.take());
    let err = drain(child.stderr.take());
    let streams = out.recv_timeout(PATIENCE).and_then(|out| Ok((out, err.recv_timeout(PATIENCE)?)));
    let Ok((out, err)) = streams else {
        let _ = child.kill();
        panic!("{command:?} still runs after {PATIENCE:?}");
    };
    Done { code: code(&mut child), out: text(out), err: text(err) }
}

/// The exit code; a signal is none.
pub fn code(child: &mut Child) -> i32 {
    let status = child.wait().expect("the program ends");
    status.code().unwrap_or_else(|| panic!("ended by a signal: {status}"))
}

fn drain(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let mut stream = stream.expect("the stream is a pipe");
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("a pipe is readable");
        // Where the test has given up, nobody listens.
        let _ = sender.send(bytes);
    });
    receiver
}

fn text(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).expect("the output is UTF-8");
    let is_raw = |c: char| c.is_control() && !matches!(c, '\n' | '\u{1b}');
    assert!(!text.contains(is_raw), "a control character in {text:?}");
    assert!(!text.contains("internal error"), "{text}");
    text
}
