//! Recipes of Deployer's: the hosts that they name, and the scripts that their tasks run.
//!
//! Source: the Deployer documentation, *Hosts*. What stands above the hosts is set for all of them.

use super::document::{label_of, labels};
use super::{Contribution, Said};
use crate::source::Source;
use crate::syntax::php::is_recipe;
use crate::syntax::{Node, file_name};

/// Whether a file is a recipe in PHP.
#[must_use]
pub fn claims(source: &Source) -> bool {
    let is_php = std::path::Path::new(source.path()).extension().is_some_and(|end| end == "php");
    is_php && is_recipe(source.text())
}

/// Whether a file is a recipe in YAML, by its name.
#[must_use]
pub fn claims_yaml(path: &str) -> bool {
    matches!(file_name(path), "deploy.yaml" | "deploy.yml")
}

/// An empty contribution for each host: it has what is set for all.
#[must_use]
pub fn idle_hosts(document: &Node) -> Vec<Contribution> {
    let hosts = document.get("hosts").map(Node::entries).unwrap_or_default();
    let pairs = hosts.iter().filter_map(|host| Some((host.key.as_str()?, &host.value)));
    let pairs = pairs.filter(|(name, _)| !name.starts_with('.'));
    pairs
        .map(|(name, host)| {
            let mut names = vec!["hosts".to_owned(), name.to_ascii_lowercase()];
            names.extend(labels(host).map(label_of));
            Contribution {
                said: Some(Said { how: Said::KEYS, names }),
                ..Contribution::of(document.at.source)
            }
        })
        .collect()
}
