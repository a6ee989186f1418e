//! Kubernetes objects by name and kind: which one a workload takes its variables from, and how the values in one are dressed.

use super::contribution::{Holder, Object};
use super::dialects::is_template;
use super::value::Dress;
use crate::source::Source;
use crate::syntax::Node;

/// Kinds whose values are encrypted or fetched from a vault.
pub const KEPT_ELSEWHERE: &[&str] = &[
    "SealedSecret",
    "ExternalSecret",
    "ClusterExternalSecret",
    "SecretProviderClass",
    "VaultStaticSecret",
];

/// The object that a workload's `envFrom` names; none where a template will say.
#[must_use]
pub fn named(source: &Source, kind: &'static str, reference: &Node) -> Option<Holder> {
    let name = reference.get("name").and_then(Node::as_str);
    // What a chart says in its values is read there.
    if kind == "ConfigMap" && is_template(source) && name.is_none_or(|name| name.contains("{{")) {
        return None;
    }
    Some(name.map_or(Holder::Outside, |name| {
        Holder::Object(Object { kind, name: name.to_owned(), namespace: None })
    }))
}

/// How the values under a key of an object of this kind are dressed.
#[must_use]
pub fn dress(kind: &str, key: Option<&str>) -> Dress {
    match (kind, key) {
        _ if KEPT_ELSEWHERE.contains(&kind) => Dress::Elsewhere,
        ("Secret", Some("data")) => Dress::Base64,
        _ => Dress::Plain,
    }
}

/// Whether a document is a Kubernetes object.
#[must_use]
pub fn is_object(document: &Node) -> bool {
    let has = |key| document.get(key).and_then(Node::as_str).is_some();
    // Skaffold's configuration has both, too, and is no object of a cluster.
    let version = document.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    has("apiVersion") && has("kind") && !version.starts_with("skaffold/")
}
