//! Times the language server from a keystroke to its diagnostics, and its memory after many.
//!
//! `cargo bench --bench keystroke` writes trees of 1,000 and 20,000 files, types in one of them, so that a fault across files comes and goes, and prints
//! the median from what is sent to what is told, the pause that the server waits for included, what of that cores worked, and the resident memory
//! before and after.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod tree;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How many files a tree has, and how often somebody types in it.
const TREES: [(usize, usize); 2] = [(1_000, 1_000), (tree::FILES, 50)];

/// The file that somebody types in, and the one whose data space it then has.
const TYPED: &str = "shops/shop0/chart/values-staging.yaml";
const OTHER: &str = "shops/shop0/production/app/etc/env.php";

fn main() {
    for (files, strokes) in TREES {
        let scratch = tempfile::Builder::new()
            .prefix("commerce-lint-bench")
            .tempdir()
            .expect("a scratch folder can be made");
        plant(scratch.path(), files);
        let mut editor = Editor::start(scratch.path());
        let (memory, spent) = (editor.memory(), editor.spent());
        let mut times: Vec<Duration> = (0..strokes).map(|at| editor.types(at % 2 == 0)).collect();
        let (after, spent) = (editor.memory(), editor.spent() - spent);
        let each = spent * 1e3 / f64::from(u32::try_from(strokes).unwrap_or(1));
        times.sort_unstable();
        let at = |part: usize| {
            times.get(times.len() * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        println!(
            "{files:6} files: {:6.1} ms (median), {:6.1} (95 of 100), {each:.1} ms of a core; {memory} MB at first, {after} MB after {strokes} edits",
            at(50),
            at(95),
        );
    }
}

fn plant(root: &Path, files: usize) {
    let mut count = 0;
    let written = tree::each(tree::FEW, &mut |path, content| {
        count += 1;
        if count > files {
            return Ok(());
        }
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, content)
    });
    written.expect("the tree can be written");
}

/// Somebody who types.
struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    uri: String,
    /// The text as it is, and with the data space of the other file.
    texts: [String; 2],
    version: usize,
}

impl Editor {
    fn start(root: &Path) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_commerce-lint"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = server.stdin.take().expect("it is a pipe");
        let output = BufReader::new(server.stdout.take().expect("it is a pipe"));
        let own = fs::read_to_string(root.join(TYPED)).expect("the file is there");
        let other = fs::read_to_string(root.join(OTHER)).expect("the file is there");
        let space = between(&other, "'environment_id' => '", "'");
        let shared = own.replace(between(&own, "value: ", "\n"), space);
        let uri = format!("file://{}/{TYPED}", root.display());
        let mut editor = Self { server, input, output, uri, texts: [own, shared], version: 1 };
        let root = format!("file://{}", root.display());
        editor.say(&json!({ "id": 1, "method": "initialize", "params": { "rootUri": root, "capabilities": {} } }));
        editor.hear();
        editor.say(&json!({ "method": "initialized", "params": {} }));
        let document = json!({ "uri": editor.uri, "languageId": "yaml", "version": 1, "text": editor.texts[0] });
        editor.say(
            &json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        );
        // The first run reads every file for the first time.
        editor.types(true);
        editor.types(false);
        editor
    }

    fn say(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        let body = message.to_string();
        let said = write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len());
        said.and_then(|()| self.input.flush()).expect("the server listens");
    }

    fn hear(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("the server speaks");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(bytes) => length = bytes.parse().expect("it is a number"),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("the message is whole");
        serde_json::from_slice(&body).expect("it is JSON")
    }

    /// Types, and tells how long it takes until the fault is there, or gone.
    fn types(&mut self, is_shared: bool) -> Duration {
        self.version += 1;
        let document = json!({ "uri": self.uri, "version": self.version });
        let changes = json!([{ "text": self.texts[usize::from(is_shared)] }]);
        let start = Instant::now();
        self.say(&json!({ "method": "textDocument/didChange", "params": { "textDocument": document, "contentChanges": changes } }));
        loop {
            let message = self.hear();
            let told = &message["params"];
            let marks = told["diagnostics"].as_array().map_or(0, Vec::len);
            if told["uri"] == self.uri.as_str() && (marks > 0) == is_shared {
                return start.elapsed();
            }
        }
    }

    /// The time that the server has had of cores, in seconds, as Linux counts it; 0 elsewhere.
    fn spent(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/stat", self.server.id()));
        let status = status.unwrap_or_default();
        let fields = status.rsplit(')').next().unwrap_or_default().split_whitespace();
        // In hundredths of a second: `utime` and `stime`.
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
    }

    /// The resident memory of the server in MB, as Linux counts it; 0 elsewhere.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id()));
        let status = status.unwrap_or_default();
        let kilobytes = between(&status, "VmRSS:", "kB").trim().parse().unwrap_or(0_u64);
        kilobytes / 1024
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What stands behind a text, up to another.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split_once(start).map_or("", |(_, rest)| rest);
    rest.split(end).next().unwrap_or_default()
}
