//! JSON-RPC 2.0: messages read by field, so that one that is broken costs its own answer alone, and what is said back.

use serde_json::{Value, json};

/// A message of the other side.
#[derive(Debug)]
pub enum Message {
    /// It wants an answer under its id.
    Request {
        /// Its id: a text or a number.
        id: Value,
        /// What it asks for.
        method: String,
        /// With what.
        params: Value,
    },
    /// It tells something, and wants none.
    Notification {
        /// What it tells.
        method: String,
        /// With what.
        params: Value,
    },
    /// An answer to one of our own requests, which ask for nothing.
    Answer,
    /// No message: what is said of it.
    Broken(Value),
}

/// Reads a message.
#[must_use]
pub fn read(bytes: &[u8]) -> Message {
    let Ok(mut message) = serde_json::from_slice::<Value>(bytes) else {
        return Message::Broken(failure(&Value::Null, -32700, "this is no JSON"));
    };
    let params = message.get_mut("params").map(Value::take).unwrap_or_default();
    let id = message.get("id").filter(|id| id.is_string() || id.is_number()).cloned();
    match (message.get("method").and_then(Value::as_str), id) {
        (Some(method), None) => Message::Notification { method: method.to_owned(), params },
        (Some(method), Some(id)) => Message::Request { id, method: method.to_owned(), params },
        (None, _) if message.get("result").is_some() || message.get("error").is_some() => {
            Message::Answer
        }
        (None, id) => {
            Message::Broken(failure(&id.unwrap_or_default(), -32600, "this is no request"))
        }
    }
}

/// Why a request has no answer.
#[derive(Debug)]
pub struct Failure {
    code: i32,
    why: String,
    data: Option<Value>,
}

impl Failure {
    /// A code of the protocol, and why in words.
    pub fn new(code: i32, why: impl Into<String>) -> Self {
        Self { code, why: why.into(), data: None }
    }

    /// The same, with what helps a program.
    #[must_use]
    pub fn with(self, data: Value) -> Self {
        Self { data: Some(data), ..self }
    }
}

/// The answer to a request: what it asked for, or why not.
#[must_use]
pub fn answer(id: &Value, answer: Result<Value, Failure>) -> Value {
    match answer {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(Failure { code, why, data: None }) => failure(id, code, &why),
        Err(Failure { code, why, data }) => {
            let error = json!({ "code": code, "message": why, "data": data });
            json!({ "jsonrpc": "2.0", "id": id, "error": error })
        }
    }
}

/// That a request has no answer, and why.
#[must_use]
pub fn failure(id: &Value, code: i32, why: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": why } })
}

/// What is told unasked.
#[must_use]
pub fn notification(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}
