//! Kustomizations: what they take in, and the literals of their generators.
//!
//! Source: the Kustomize reference, `resources`, `components`, `configMapGenerator`, `secretGenerator`.

use super::compose::beside;
use super::document::Reader;
use super::{Contribution, Holder, Include, Opaque, Said};
use crate::model::setting::Carrier;
use crate::source::{Source, SourceId};
use crate::syntax::{Node, file_name};

/// The keys under which a kustomization names what it builds on.
const TAKEN_IN: &[&str] = &["resources", "bases", "components"];

/// The keys under which a generator names files.
const GENERATED_FROM: &[&str] = &["envs", "env", "files"];

/// Whether a file is a kustomization, by its name.
#[must_use]
pub fn claims(path: &str) -> bool {
    matches!(file_name(path), "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

/// What a kustomization gives its instance, and what it builds on.
#[must_use]
pub fn contribution(source: &Source, id: SourceId, document: &Node) -> Contribution {
    let mut reader = Reader::new(source, Carrier::Document, Carrier::ConfigMap);
    reader.read(document);
    let named = |node: &Node| -> Option<Include> {
        Some(Include { path: beside(source.path(), node.as_str()?)?, at: node.at })
    };
    let taken = TAKEN_IN.iter().filter_map(|key| document.get(key));
    let includes: Vec<Include> = taken.flat_map(Node::items).filter_map(named).collect();
    let namespace = document.get("namespace").and_then(Node::as_str);
    Contribution {
        said: namespace.map(|name| Said { how: "namespace", names: vec![name.to_owned()] }),
        is_object: true,
        settings: reader.settings,
        opaque: generated(document).map(|at| Opaque { at, holder: Holder::Outside }).collect(),
        includes,
        ..Contribution::of(id)
    }
}

/// The places of the files that `secretGenerator` reads: often not in the tree.
fn generated(document: &Node) -> impl Iterator<Item = crate::source::Location> {
    let generators = document.get("secretGenerator").map(Node::items).unwrap_or_default();
    generators
        .iter()
        .flat_map(|generator| GENERATED_FROM.iter().filter_map(|key| generator.get(key)))
        .map(|files| files.at)
}
