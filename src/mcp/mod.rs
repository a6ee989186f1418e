//! `mcp`: the tools `check`, `instances`, `explain` and `facts` on standard input and output, by the Model Context Protocol.
//!
//! They read one folder and what lies in it, change nothing, start no program but git and fetch nothing. An answer is of bounded size and says what it
//! leaves out; it leaves by the same [`Outlet`] as any other output, so no secret is in any. No state is kept between messages: sessions of the
//! revisions that begin by a handshake and requests of those that have none are served alike.

mod bounded;
mod tools;

use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use crate::error::Error;
use crate::mask::outlet::Outlet;
use crate::read::input;
use crate::report::printable;
use crate::rpc::{self, Message};
pub use tools::Desk;

/// The revisions of the protocol that begin by a handshake, oldest first.
const HANDSHAKES: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// The revision without one, of which each request says that it is of it.
const STATELESS: &str = "2026-07-28";

/// Where a request says its revision.
const REVISION: &str = "/_meta/io.modelcontextprotocol~1protocolVersion";

/// What a client is told of all tools.
const INSTRUCTIONS: &str = "Checks the deployment configuration of Adobe Commerce (Magento 2) in this folder. Begin with `instances`, which says what is deployed; \
`check` says what is wrong, and with `base` only what a change makes worse; `explain` says why a rule matters and how to mend what it finds. \
Values shown as stars are secrets and are never given.";

/// Serves one client until it is gone.
///
/// # Errors
/// Where the client cannot be written to, or its messages cannot be read.
pub fn serve(desk: &Desk, out: &mut Outlet<'_>) -> Result<(), Error> {
    let mut input = io::BufReader::new(io::stdin());
    while let Some(line) = input::line(&mut input)? {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let said = match rpc::read(&line) {
            Message::Request { id, method, params } => {
                rpc::answer(&id, answer(desk, &method, &params))
            }
            Message::Notification { .. } | Message::Answer => continue,
            Message::Broken(said) => said,
        };
        let said = said.to_string();
        let sent = writeln!(out, "{}", printable::json(&said)).and_then(|()| out.flush());
        match sent {
            Err(why) if why.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            sent => sent?,
        }
    }
    Ok(())
}

fn answer(desk: &Desk, method: &str, params: &Value) -> Result<Value, rpc::Failure> {
    let revision = params.pointer(REVISION).and_then(Value::as_str);
    if let Some(asked) = revision.filter(|asked| *asked != STATELESS) {
        let data = json!({ "supported": [STATELESS], "requested": asked });
        let failure = rpc::Failure::new(-32022, "this revision of the protocol is not served");
        return Err(failure.with(data));
    }
    match method {
        "initialize" => Ok(initialized(params)),
        "server/discover" => Ok(discovered()),
        "ping" => {
            Ok(if revision.is_some() { json!({ "resultType": "complete" }) } else { json!({}) })
        }
        "tools/list" => Ok(json!({
            "tools": tools::list(),
            "resultType": "complete",
            "ttlMs": 0,
            "cacheScope": "private",
        })),
        "tools/call" => called(desk, params),
        _ => Err(rpc::Failure::new(-32601, "there is no such method")),
    }
}

fn server() -> Value {
    json!({ "name": "commerce-lint", "version": env!("CARGO_PKG_VERSION") })
}

/// What begins a session: the client's revision where it is one of these, else the newest of them.
fn initialized(params: &Value) -> Value {
    let asked = params.get("protocolVersion").and_then(Value::as_str);
    let known = asked.filter(|asked| HANDSHAKES.contains(asked));
    json!({
        "protocolVersion": known.or(HANDSHAKES.last().copied()),
        "capabilities": { "tools": {} },
        "serverInfo": server(),
        "instructions": INSTRUCTIONS,
    })
}

fn discovered() -> Value {
    json!({
        "supportedVersions": [STATELESS],
        "capabilities": { "tools": {} },
        "instructions": INSTRUCTIONS,
        "resultType": "complete",
        "ttlMs": 0,
        "cacheScope": "private",
        "_meta": { "io.modelcontextprotocol/serverInfo": server() },
    })
}

/// Calls a tool. What goes wrong in it is told as its answer, from which a client can learn.
fn called(desk: &Desk, params: &Value) -> Result<Value, rpc::Failure> {
    let name = params.get("name").and_then(Value::as_str).unwrap_or_default();
    let none = json!({});
    let arguments = params.get("arguments").unwrap_or(&none);
    let done = catch_unwind(AssertUnwindSafe(|| desk.call(name, arguments)));
    let done = done.unwrap_or_else(|_| Some(Err("an internal error: please report it".into())));
    let Some(done) = done else {
        return Err(rpc::Failure::new(-32602, "there is no such tool"));
    };
    let is_error = done.is_err();
    let text = done.unwrap_or_else(|why| why);
    Ok(json!({
        "content": [{ "type": "text", "text": text }],
        "isError": is_error,
        "resultType": "complete",
    }))
}
