//! Helmfile's environments: the files of values that each of them takes in.
//!
//! Source: the Helmfile documentation, *Environment Values*.

use super::compose::beside;
use super::{Contribution, Include, Said};
use crate::source::{Source, SourceId};
use crate::syntax::{Node, file_name};

/// Whether a file is Helmfile's, by its name.
#[must_use]
pub fn claims(path: &str) -> bool {
    let name = file_name(path);
    name.starts_with("helmfile") && (name.contains(".yaml") || name.contains(".yml"))
}

/// What each environment of a document takes in.
#[must_use]
pub fn contributions(source: &Source, id: SourceId, document: &Node) -> Vec<Contribution> {
    if !claims(source.path()) {
        return Vec::new();
    }
    let environments = document.get("environments").map(Node::entries).unwrap_or_default();
    let taken = environments.iter().filter_map(|environment| {
        let name = environment.key.as_str()?;
        let files = environment.value.get("values").map(Node::items).unwrap_or_default();
        let include = |file: &Node| {
            let path = beside(source.path(), file.as_str().filter(|path| !path.contains("{{"))?)?;
            Some(Include { path, at: file.at, is_firm: true })
        };
        let includes: Vec<Include> = files.iter().filter_map(include).collect();
        (!includes.is_empty()).then(|| Contribution {
            said: Some(Said { how: Said::ENVIRONMENT, names: vec![name.to_owned()] }),
            includes,
            ..Contribution::of(id)
        })
    });
    taken.collect()
}
