//! A client that speaks what a test tells it to, a message a line.

use std::io::BufRead as _;

use serde_json::{Value, json};

use crate::program::scratch::Scratch;
use crate::served::Server;

pub struct Client {
    server: Server<String>,
    next: u64,
    /// All that the server said.
    pub heard: String,
}

impl Client {
    pub fn of(scratch: &Scratch) -> Self {
        let mut command = scratch.command(&["mcp"]);
        command.env("COMMERCE_LINT_FLEET_KEY", "a key that is of no fleet");
        let server = Server::start(&mut command, |from| from.lines().next()?.ok());
        Self { server, next: 0, heard: String::new() }
    }

    pub fn send(&mut self, line: &str) {
        self.server.write(format!("{line}\n").as_bytes());
    }

    /// The next message.
    pub fn hear(&mut self) -> Value {
        let line = self.server.hear();
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
        self.server.leave()
    }
}
