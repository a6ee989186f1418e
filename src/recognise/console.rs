//! Workspaces of Adobe's Developer Console, as it downloads them: the client secrets of their credentials, and the keys of their runtime.
//!
//! Source: Adobe's pages *Configure Adobe I/O Events*, *App Builder configuration files*.

use super::value::{decoded, of_text};
use crate::model::credential::Credential;
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::model::setting::{Secret, SecretKind, Value};
use crate::source::{Location, SourceId};
use crate::syntax::json::Json;
use crate::syntax::{Format as _, Node, NodeKind};

const CLIENT: &str = "client secret of Adobe's Developer Console";
const RUNTIME: &str = "key of an App Builder runtime namespace";

/// The secrets of all workspaces in a document, and in the texts within it.
#[must_use]
pub fn secrets(document: &Node) -> Vec<Secret> {
    let mut found = Vec::new();
    read(document, None, &mut found);
    found
}

/// Reads a node of the file, or of a text that stands at `whole` of it: a workspace within a text is read, and none within that.
fn read(node: &Node, whole: Option<Location>, found: &mut Vec<Secret>) {
    if let Some(details) = node.get("workspace").and_then(|workspace| workspace.get("details")) {
        workspace(details, whole, found);
    }
    for entry in node.entries() {
        read(&entry.value, whole, found);
    }
    node.items().iter().for_each(|item| read(item, whole, found));
    if let (NodeKind::Scalar(text), None) = (&node.kind, whole) {
        let holds =
            |text: &str| text.trim_start().starts_with('{') && text.contains("\"workspace\"");
        let is_long = text.len() > 64;
        let inner = if is_long && !holds(text) { decoded(text) } else { None };
        let text = inner.as_deref().unwrap_or(text);
        if is_long && holds(text) {
            let parsed = Json.parse(SourceId(0), text);
            parsed.documents.iter().for_each(|document| read(document, Some(node.at), found));
        }
    }
}

fn workspace(details: &Node, whole: Option<Location>, found: &mut Vec<Secret>) {
    let mut add = |form: &str, credential: Credential, node: &Node| {
        let Some(text) = node.as_str() else { return };
        if matches!(of_text(Parameter::Credential(credential), text), Value::Secret(..)) {
            found.push(Secret {
                at: whole.unwrap_or(node.at),
                kind: SecretKind::ClientSecret,
                form: form.to_owned(),
                damage: None,
                encoding: None,
                encrypted: false,
                fingerprint: Fingerprint::of("text", text.trim().as_bytes()),
            });
        }
    };
    for credential in details.get("credentials").map(Node::items).unwrap_or_default() {
        for entry in credential.entries() {
            let secret = entry.value.get("client_secret").into_iter();
            let secrets = entry.value.get("client_secrets").map(Node::items).unwrap_or_default();
            secret.chain(secrets).for_each(|node| add(CLIENT, Credential::OAuth, node));
        }
    }
    let namespaces = details.get("runtime").and_then(|runtime| runtime.get("namespaces"));
    for namespace in namespaces.map(Node::items).unwrap_or_default() {
        if let Some(node) = namespace.get("auth") {
            add(RUNTIME, Credential::Runtime, node);
        }
    }
}
