//! Helmfile's environments and releases: the files of values that each of them takes in.
//!
//! Source: the Helmfile documentation, *Environment Values*, *Configuration* (`releases`): later files of values override earlier ones.

use super::{Contribution, Include, Said};
use crate::source::{Source, SourceId};
use crate::syntax::beside;
use crate::syntax::{Node, file_name};

/// Whether a file is Helmfile's, by its name.
#[must_use]
pub fn claims(path: &str) -> bool {
    let name = file_name(path);
    name.starts_with("helmfile") && (name.contains(".yaml") || name.contains(".yml"))
}

/// The releases of a document with the folders of their charts, where these stand in the tree.
fn releases<'n>(path: &str, document: &'n Node) -> Vec<(&'n Node, String)> {
    let releases = document.get("releases").map(Node::items).unwrap_or_default();
    let local = releases.iter().filter_map(|release| {
        let chart = release.get("chart")?.as_str().filter(|chart| chart.starts_with('.'))?;
        Some((release, beside(path, chart)?))
    });
    local.collect()
}

/// How many releases of a document install the chart in a folder.
#[must_use]
pub fn installs(path: &str, document: &Node, folder: &str) -> usize {
    releases(path, document).iter().filter(|(_, chart)| chart == folder).count()
}

/// What each of several releases of one chart takes in: the chart's values, then its own.
fn of_releases(source: &Source, id: SourceId, document: &Node) -> Vec<Contribution> {
    let path = source.path();
    let releases = releases(path, document);
    let charts: Vec<&String> = releases.iter().map(|(_, chart)| chart).collect();
    let is_of_several = |chart: &String| charts.iter().filter(|one| **one == chart).count() > 1;
    let several = releases.iter().filter(|(_, chart)| is_of_several(chart));
    let taken = several.filter_map(|(release, chart)| {
        let text = |key: &str| release.get(key).and_then(Node::as_str);
        let name = text("namespace").or_else(|| text("name"))?;
        let base = (format!("{chart}/values.yaml"), release.at);
        let files = release.get("values").map(Node::items).unwrap_or_default().iter();
        let files = files.filter_map(|file| Some((beside(path, file.as_str()?)?, file.at)));
        let include = |(path, at)| Include { path, at, is_firm: true };
        let is_named = |name: &&str| !name.contains("{{");
        Some(name).filter(is_named).map(|name| Contribution {
            said: Some(Said { how: Said::NAMESPACE, names: vec![name.to_owned()] }),
            includes: std::iter::once(base).chain(files).map(include).collect(),
            ..Contribution::of(id)
        })
    });
    taken.collect()
}

/// The files of values of the releases that are one of their chart each, for an environment.
fn of_environment(path: &str, documents: &[Node], environment: &str) -> Vec<Include> {
    let releases = documents.iter().filter_map(|document| document.get("releases"));
    let releases: Vec<&Node> = releases.flat_map(Node::items).collect();
    let chart = |release: &Node| release.get("chart").and_then(Node::as_str).map(str::to_owned);
    let is_one =
        |release: &&&Node| releases.iter().filter(|one| chart(one) == chart(release)).count() == 1;
    let files = releases.iter().filter(is_one).filter_map(|release| release.get("values"));
    let files = files.flat_map(Node::items).filter_map(|file| {
        let written = named(file.as_str()?, environment)?;
        Some(Include { path: beside(path, &written)?, at: file.at, is_firm: true })
    });
    files.collect()
}

/// A path with the name of an environment in it; none where more than that is filled in.
fn named(path: &str, environment: &str) -> Option<String> {
    let mut parts = path.split("{{");
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (filled, behind) = part.split_once("}}")?;
        let filled = filled.trim_matches(['-', ' ']);
        if !matches!(filled, ".Environment.Name" | "$.Environment.Name") {
            return None;
        }
        named.push_str(environment);
        named.push_str(behind);
    }
    Some(named)
}

/// What each environment and each release of a document takes in, which is one of these.
#[must_use]
pub fn contributions(
    (source, id): (&Source, SourceId),
    document: &Node,
    documents: &[Node],
) -> Vec<Contribution> {
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
        let own: Vec<Include> = files.iter().filter_map(include).collect();
        let of_releases = of_environment(source.path(), documents, name);
        let includes: Vec<Include> = own.into_iter().chain(of_releases).collect();
        (!includes.is_empty()).then(|| Contribution {
            said: Some(Said { how: Said::ENVIRONMENT, names: vec![name.to_owned()] }),
            includes,
            ..Contribution::of(id)
        })
    });
    taken.chain(of_releases(source, id, document)).collect()
}
