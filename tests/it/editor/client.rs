//! An editor that speaks what a test tells it to.

use std::io::BufRead;

use serde_json::{Value, json};

use crate::program::scratch::Scratch;
use crate::served::Server;

pub struct Client {
    server: Server<Value>,
    root: String,
    next: u64,
    /// All that the server said.
    pub heard: String,
}

impl Client {
    /// Starts the server in a folder, and says nothing yet.
    pub fn silent(scratch: &Scratch) -> Self {
        let server = Server::start(&mut scratch.command(&["lsp"]), next);
        let root = format!("file://{}", scratch.path().display());
        Self { server, root, next: 0, heard: String::new() }
    }

    /// Starts the server and opens the folder.
    pub fn of(scratch: &Scratch) -> Self {
        let mut client = Self::silent(scratch);
        let params = json!({ "rootUri": client.root, "capabilities": {} });
        let answer = client.ask("initialize", &params);
        assert_eq!(answer["result"]["capabilities"]["hoverProvider"], true, "{answer}");
        client.tell("initialized", &json!({}));
        client
    }

    pub fn uri(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.server.write(bytes);
    }

    pub fn send(&mut self, body: &str) {
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    /// The answer to a request, whatever the server says before it.
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        let asked = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.send(&asked.to_string());
        self.until(|message| message["id"] == id && message.get("method").is_none())
    }

    pub fn ask_at(&mut self, method: &str, path: &str, line: usize, character: usize) -> Value {
        let document = json!({ "uri": self.uri(path) });
        let position = json!({ "line": line, "character": character });
        self.ask(
            method,
            &json!({ "textDocument": document, "position": position, "range": { "start": position, "end": position }, "context": { "diagnostics": [] } }),
        )
    }

    pub fn open(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        let document = json!({ "uri": uri, "languageId": "x", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    pub fn change(&mut self, path: &str, version: u32, text: &str) {
        let document = json!({ "uri": self.uri(path), "version": version });
        let changes = json!([{ "text": text }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.tell("textDocument/didChange", &params);
    }

    /// The next message that is what is waited for.
    pub fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.server.hear();
            self.heard.push_str(&message.to_string());
            if is_it(&message) {
                return message;
            }
        }
    }

    /// The next diagnostics of a file.
    pub fn marks(&mut self, path: &str) -> Vec<Value> {
        let uri = self.uri(path);
        let told = self.until(|message| message["params"]["uri"] == uri);
        told["params"]["diagnostics"].as_array().cloned().expect("diagnostics are a list")
    }

    /// Ends the input and tells the exit code.
    pub fn leave(&mut self) -> i32 {
        self.server.leave()
    }
}

fn next(from: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    from.read_line(&mut header).ok()?;
    let length = header.strip_prefix("Content-Length: ")?.trim().parse().ok()?;
    from.read_line(&mut header).ok()?;
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("a message is JSON"))
}
