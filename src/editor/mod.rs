//! `lsp`: what is wrong, while it is typed. A language server on standard input and output, for one tree and one editor.
//!
//! Each check is a whole run over the tree with the texts that are open in the place of their files. Messages are read by field, so that
//! one that is broken costs its own answer alone; all leave by the same [`Outlet`] as any other output, so no secret is in any.

mod actions;
mod answers;
mod completion;
mod cursor;
mod findings;
mod front;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod pace;
mod page;
mod places;
mod words;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Instant;

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::config::{Config, FILE_NAMES, schema};
use crate::date::Date;
use crate::discover::folder_of;
use crate::discover::given::Texts;
use crate::error::Error;
use crate::mask::outlet::Outlet;
use crate::read::{self, LARGEST_CONFIGURATION};
use crate::rpc::{self, Failure, Message, notification};
use crate::source::Source;
use crate::states::{self, Configured, Recall, Request, Terms};
use crate::{Outcome, mend, run};
use completion::Document;
use pace::{Look, Pace};
use places::Root;
use words::Known;

/// The letters behind which an editor asks what can be typed.
const TRIGGERS: [&str; 9] = ["[", "{", ".", "/", "=", "\"", "'", ",", " "];

/// Serves one editor until it says that it goes, or is gone. Returns whether it said so.
///
/// # Errors
/// Where the editor cannot be written to.
pub fn serve(clock: &Clock, out: &mut Outlet<'_>) -> Result<bool, Error> {
    let messages = read::input::messages();
    let mut server = Server::new(clock);
    loop {
        let message = match server.pace.next() {
            Some(due) => messages.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match message {
            Ok(message) => {
                if let Some(is_orderly) = server.take(&message, out)? {
                    return Ok(is_orderly);
                }
            }
            Err(RecvTimeoutError::Timeout) => server.check(out)?,
            // Where nobody came, nobody is gone.
            Err(RecvTimeoutError::Disconnected) => {
                return Ok(server.is_down || server.root.is_none());
            }
        }
    }
}

/// What is known of the editor and of the tree that it has open.
struct Server<'a> {
    clock: &'a Clock,
    started: Instant,
    root: Option<Root>,
    is_down: bool,
    texts: Texts,
    /// The versions of the documents that are open, by address.
    versions: BTreeMap<String, Value>,
    pace: Pace,
    outcome: Option<Outcome>,
    /// What was found in files, which are read again where they have changed alone.
    recall: Recall,
    /// The diagnostics that the editor has, by the addresses of their files.
    marked: BTreeMap<String, Vec<Value>>,
    /// Why there was no answer the last time.
    told: String,
    can_watch: bool,
}

impl<'a> Server<'a> {
    fn new(clock: &'a Clock) -> Self {
        Self {
            clock,
            started: Instant::now(),
            root: None,
            is_down: false,
            texts: Texts::default(),
            versions: BTreeMap::new(),
            pace: Pace::new(),
            outcome: None,
            recall: Recall::new(),
            marked: BTreeMap::new(),
            told: String::new(),
            can_watch: false,
        }
    }

    /// Does what a message asks for; where it ends the server, whether in order.
    fn take(&mut self, message: &[u8], out: &mut Outlet<'_>) -> Result<Option<bool>, Error> {
        match rpc::read(message) {
            Message::Notification { method, .. } if method == "exit" => {
                return Ok(Some(self.is_down));
            }
            Message::Notification { method, params } => self.hear(&method, &params, out)?,
            Message::Request { id, method, params } => {
                let answer = self.answer(&method, &params, out)?;
                let answer = answer.map_err(|(code, why)| Failure::new(code, why));
                send(out, &rpc::answer(&id, answer))?;
            }
            Message::Answer => {}
            Message::Broken(said) => send(out, &said)?,
        }
        Ok(None)
    }

    /// Takes note of what needs no answer.
    fn hear(&mut self, method: &str, params: &Value, out: &mut Outlet<'_>) -> Result<(), Error> {
        if self.root.is_none() || self.is_down {
            return Ok(());
        }
        let address = places::address(params);
        let name = address.and_then(|address| self.root.as_ref()?.name(address));
        match (method, name, address) {
            ("initialized", ..) => {
                if self.can_watch {
                    send(out, &watch())?;
                }
                self.pace.doubt();
            }
            ("textDocument/didOpen", Some(name), Some(address)) => {
                let text = params.pointer("/textDocument/text").and_then(Value::as_str);
                self.put(&name, address, text, params);
                // It may be no file yet.
                self.pace.doubt();
            }
            ("textDocument/didChange", Some(name), Some(address)) => {
                let changes = params.get("contentChanges").and_then(Value::as_array);
                let whole = changes.into_iter().flatten().rfind(|of| of.get("range").is_none());
                let text = whole.and_then(|of| of.get("text")).and_then(Value::as_str);
                self.put(&name, address, text, params);
            }
            ("textDocument/didClose", Some(name), Some(address)) => {
                self.texts.drop(&name);
                self.versions.remove(address);
                self.pace.doubt();
            }
            ("textDocument/didSave" | "workspace/didChangeWatchedFiles", ..) => {
                self.pace.doubt();
            }
            _ => {}
        }
        Ok(())
    }

    fn put(&mut self, name: &str, address: &str, text: Option<&str>, params: &Value) {
        if text.is_some_and(|text| self.texts.put(name, text.as_bytes())) {
            let version = params.pointer("/textDocument/version").cloned();
            self.versions.insert(address.to_owned(), version.unwrap_or_default());
            self.pace.hear();
        }
    }

    fn answer(
        &mut self,
        method: &str,
        params: &Value,
        out: &mut Outlet<'_>,
    ) -> Result<Result<Value, (i32, String)>, Error> {
        if method == "initialize" && self.root.is_none() {
            return Ok(self.initialize(params));
        }
        if self.root.is_none() {
            return Ok(Err((-32002, "nothing is asked before `initialize`".into())));
        }
        if self.is_down || method == "initialize" {
            return Ok(Err((-32600, "it is not the time for this".into())));
        }
        if method == "shutdown" {
            self.is_down = true;
            return Ok(Ok(Value::Null));
        }
        if method == "workspace/executeCommand" {
            return self.explain(params, out);
        }
        if !answers::KNOWN.contains(&method) {
            return Ok(Err((-32601, "there is no such method".into())));
        }
        if self.pace.is_behind() {
            self.check(out)?;
        }
        let answered = catch_unwind(AssertUnwindSafe(|| {
            if let Some(told) = self.of_text(method, params) {
                return Some(told);
            }
            let (root, outcome) = (self.root.as_ref()?, self.outcome.as_ref()?);
            let name = root.name(places::address(params)?)?;
            if method == "textDocument/codeAction" {
                let (config, text) = self.configuration();
                let target = actions::Target { name: &config, text: text.as_deref() };
                let until = Date::of_seconds(self.seconds() + 30 * 24 * 60 * 60);
                let request = self.request(root).ok()?;
                let can_be = |candidate: &_| mend::can_be(&request, outcome, candidate);
                Some(actions::offered(outcome, root, &name, params, &target, until, &can_be))
            } else {
                answers::answer(method, outcome, root, &name, params)
            }
        }));
        Ok(match answered {
            Ok(answer) => Ok(answer.unwrap_or_default()),
            Err(_) => Err((-32603, "an internal error: please report it".into())),
        })
    }

    fn initialize(&mut self, params: &Value) -> Result<Value, (i32, String)> {
        let folder = params.pointer("/workspaceFolders/0/uri").or_else(|| params.get("rootUri"));
        let given = folder.and_then(Value::as_str).and_then(places::path);
        let given = given.unwrap_or_else(|| PathBuf::from("."));
        let found = folder_of(&given).map_err(|why| (-32602, why.to_string()))?;
        self.root = Some(Root::new(&given, found));
        let can = "/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration";
        self.can_watch = params.pointer(can).and_then(Value::as_bool).unwrap_or_default();
        Ok(json!({
            "capabilities": {
                "positionEncoding": "utf-16",
                "textDocumentSync": { "openClose": true, "change": 1, "save": true },
                "hoverProvider": true,
                "definitionProvider": true,
                "referencesProvider": true,
                "documentSymbolProvider": true,
                "completionProvider": { "triggerCharacters": TRIGGERS },
                "codeActionProvider": { "codeActionKinds": ["quickfix"] },
                "executeCommandProvider": { "commands": [actions::EXPLAIN] },
            },
            "serverInfo": { "name": "commerce-lint", "version": env!("CARGO_PKG_VERSION") },
        }))
    }

    /// The answer that a text gives as it is now, read or not: what can be typed in it, and what the words of a configuration mean.
    fn of_text(&self, method: &str, params: &Value) -> Option<Value> {
        let is_asked = ["textDocument/completion", "textDocument/hover"].contains(&method);
        let name = self.root.as_ref()?.name(places::address(params)?).filter(|_| is_asked)?;
        let is_config = FILE_NAMES.contains(&name.as_str());
        let text = if is_config { self.text(&name)? } else { self.given(&name)? };
        let document = match is_config {
            true => Document::Configuration,
            false if self.is_page(&name, &text) => Document::Page,
            false => Document::Other,
        };
        let source = Source::new(name, text.into_bytes());
        let ours = Request { configured: Configured::Nowhere, ..Request::default() };
        let own = if self.outcome.is_none() { states::all_rules(&ours).ok()? } else { Vec::new() };
        let rules = self.outcome.as_ref().map_or(&own, |outcome| &outcome.rules);
        let schema = serde_json::from_str(&schema::schema(rules)).ok()?;
        let until = Date::of_seconds(self.seconds() + 30 * 24 * 60 * 60);
        let (folder, outcome) = (self.root.as_ref()?.folder(), self.outcome.as_ref());
        let known = Known { schema: &schema, rules, folder, outcome, until };
        let point = params.get("position")?;
        if method == "textDocument/completion" {
            return completion::offered(&known, &source, point, document);
        }
        let offset = places::offset(&source, point).filter(|_| document != Document::Other)?;
        completion::told(&known, &source, offset, document).map(|text| answers::told(&text))
    }

    /// Whether a file is the page of a rule.
    fn is_page(&self, name: &str, text: &str) -> bool {
        let packs = self.configuration().1.map(|text| Config::packs(&text)).unwrap_or_default();
        page::is_page(name, text, &packs)
    }

    /// The text that the editor has of a file.
    fn given(&self, name: &str) -> Option<String> {
        let text = self.texts.get(name)?;
        Some(String::from_utf8_lossy(text.bytes()).into_owned())
    }

    /// The text of a configuration, as the editor has it or as it is on disk.
    fn text(&self, name: &str) -> Option<String> {
        let folder = self.root.as_ref()?.folder();
        let on_disk =
            || read::configuration_of_tree(folder, Path::new(name), LARGEST_CONFIGURATION).ok();
        self.given(name).or_else(on_disk)
    }

    /// The name of the tree's configuration and its text, if there is one.
    fn configuration(&self) -> (String, Option<String>) {
        let found = FILE_NAMES.iter().find_map(|name| Some((*name, self.text(name)?)));
        found.map_or((FILE_NAMES[0].to_owned(), None), |(name, text)| (name.to_owned(), Some(text)))
    }

    /// Shows what a rule is about.
    fn explain(
        &mut self,
        params: &Value,
        out: &mut Outlet<'_>,
    ) -> Result<Result<Value, (i32, String)>, Error> {
        let is_it = params.get("command").and_then(Value::as_str) == Some(actions::EXPLAIN);
        let id = params.pointer("/arguments/0").and_then(Value::as_str).filter(|_| is_it);
        let rules = self.outcome.iter().flat_map(|outcome| &outcome.rules);
        let Some(rule) = rules.into_iter().find(|rule| Some(rule.id.as_str()) == id) else {
            return Ok(Err((-32602, "there is no such rule".into())));
        };
        let message = format!("{}: {}\n\n{}", rule.id, rule.summary, rule.page);
        let told = json!({ "type": 3, "message": message });
        send(out, &notification("window/showMessage", &told))?;
        Ok(Ok(json!(message)))
    }

    /// What a check of the tree is asked for.
    fn request(&self, root: &Root) -> Result<Request, Error> {
        let source_date_epoch = self.clock.source_date_epoch.clone();
        let today = Clock { seconds: self.seconds(), source_date_epoch }.today(None)?;
        Ok(Request {
            path: root.folder().to_owned(),
            texts: self.texts.clone(),
            terms: Some(Terms { today, baseline: true }),
            recall: self.recall.clone(),
            ..Request::default()
        })
    }

    fn seconds(&self) -> u64 {
        self.clock.seconds + self.started.elapsed().as_secs()
    }

    /// Checks the tree and tells the editor what is wrong, in every file.
    fn check(&mut self, out: &mut Outlet<'_>) -> Result<(), Error> {
        let look = self.pace.take(self.outcome.is_some());
        let Some(root) = &self.root else { return Ok(()) };
        let mut request = self.request(root)?;
        if look == Look::Texts {
            request.recall = request.recall.still();
        }
        let found = catch_unwind(AssertUnwindSafe(|| {
            let outcome = run(&request)?;
            let found = findings::by_file(&outcome, root);
            Ok::<_, Error>((outcome, found))
        }));
        let mut why = String::new();
        let marks = match found {
            Ok(Ok((outcome, found))) => {
                self.outcome = Some(outcome);
                found
            }
            Ok(Err(error)) => {
                why = error.render(false);
                if self.outcome.is_none() {
                    // What the tree has, it has without its configuration, too.
                    let configured = Configured::Nowhere;
                    let bare = || run(&Request { configured, ..request.clone() }).ok();
                    self.outcome = catch_unwind(AssertUnwindSafe(bare)).unwrap_or_default();
                }
                findings::of_error(&error, root)
            }
            Err(_) => {
                why = "an internal error: please report it".into();
                BTreeMap::new()
            }
        };
        self.publish(marks, look, why.is_empty(), out)?;
        if !why.is_empty() && why != self.told {
            let told = json!({ "type": 1, "message": why });
            send(out, &notification("window/showMessage", &told))?;
        }
        self.told = why;
        Ok(())
    }

    /// Tells what is wrong in each file; of what is found at rest, what the editor has not. What was found before still stands where there is no
    /// answer.
    fn publish(
        &mut self,
        marks: BTreeMap<String, Vec<Value>>,
        look: Look,
        is_answered: bool,
        out: &mut Outlet<'_>,
    ) -> Result<(), Error> {
        let is_gone = |address: &String| is_answered && !marks.contains_key(address);
        let gone: Vec<String> =
            self.marked.keys().filter(|address| is_gone(address)).cloned().collect();
        let cleared = gone.into_iter().map(|address| (address, Vec::new()));
        for (address, diagnostics) in cleared.chain(marks) {
            let is_told = self.marked.get(&address).map_or(&[][..], Vec::as_slice) == diagnostics;
            if look == Look::AtRest && is_told {
                continue;
            }
            let mut told = json!({ "uri": address, "diagnostics": diagnostics });
            if let (Some(version), Some(told)) = (self.versions.get(&address), told.as_object_mut())
                && version.is_number()
            {
                told.insert("version".into(), version.clone());
            }
            send(out, &notification("textDocument/publishDiagnostics", &told))?;
            if diagnostics.is_empty() {
                self.marked.remove(&address);
            } else {
                self.marked.insert(address, diagnostics);
            }
        }
        Ok(())
    }
}

/// Asks to be told of files that change on disk.
fn watch() -> Value {
    let options = json!({ "watchers": [{ "globPattern": "**/*" }] });
    let method = "workspace/didChangeWatchedFiles";
    let asked = json!({ "id": "files", "method": method, "registerOptions": options });
    let params = json!({ "registrations": [asked] });
    json!({ "jsonrpc": "2.0", "id": "files", "method": "client/registerCapability", "params": params })
}

/// Sends one message. What an outlet hides is hidden at the same length, so that its length stays what is said before it.
fn send(out: &mut Outlet<'_>, message: &Value) -> Result<(), Error> {
    let body = message.to_string();
    let sent =
        write!(out, "Content-Length: {}\r\n\r\n{body}", body.len()).and_then(|()| out.flush());
    sent.or_else(|why| match why.kind() {
        // An editor that is gone reads nothing; its end of the input ends the server.
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(why.into()),
    })
}
