//! A client that speaks what a test tells it to, a message a line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::scratch::{Scratch, code};

/// A server that is silent for longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
    next: u64,
    /// All that the server said.
    pub heard: String,
}

impl Client {
    pub fn of(scratch: &Scratch) -> Self {
        let mut command = scratch.command(&["mcp"]);
        command.env("COMMERCE_LINT_FLEET_KEY", "a key that is of no fleet");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the server starts");
        let from = BufReader::new(child.stdout.take().expect("the stream is a pipe"));
        let (sender, output) = channel();
        thread::spawn(move || {
            for line in from.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, output, next: 0, heard: String::new() }
    }

    pub fn send(&mut self, line: &str) {
        let input = self.input.as_mut().expect("the stream is open");
        // A server that has ended reads nothing.
        let _ = input.write_all(format!("{line}\n").as_bytes()).and_then(|()| input.flush());
    }

    /// The next message.
    pub fn hear(&mut self) -> Value {
        let line = self.output.recv_timeout(PATIENCE).expect("the server speaks");
        self.heard.push_str(&line);
        self.heard.push('\n');
        serde_json::from_str(&line).expect("a message is JSON")
    }

    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        let asked = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.send(&asked.to_string());
        let answer = self.hear();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    /// The text that a tool answers, and whether it is an error.
    pub fn call(&mut self, name: &str, arguments: &Value) -> (String, bool) {
        let answer = self.ask("tools/call", &json!({ "name": name, "arguments": arguments }));
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        (text.to_owned(), result["isError"] == true)
    }

    /// The document that a tool answers.
    pub fn document(&mut self, name: &str, arguments: &Value) -> Value {
        let (text, is_error) = self.call(name, arguments);
        assert!(!is_error, "{text}");
        serde_json::from_str(&text).expect("the answer is JSON")
    }

    /// Ends the input and tells the exit code.
    pub fn leave(&mut self) -> i32 {
        self.input = None;
        code(&mut self.child)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
