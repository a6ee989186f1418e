//! Docker Compose: the environment of each service.
//!
//! Source: the Compose specification, *services*, `environment` and `env_file`.

use super::document::Reader;
use super::{Contribution, Holder, Include, Opaque, Said};
use crate::model::setting::Carrier;
use crate::source::{Source, SourceId};
use crate::syntax::beside;
use crate::syntax::{Node, file_name};

/// Whether a document is a compose file, by its name or by what its services look like.
#[must_use]
pub fn claims(path: &str, document: &Node) -> bool {
    let name = file_name(path);
    let Some(services) = document.get("services") else { return false };
    let is_service = |node: &Node| {
        ["image", "build", "environment", "env_file"].iter().any(|key| node.get(key).is_some())
    };
    name.contains("compose") || services.entries().iter().any(|service| is_service(&service.value))
}

/// One contribution per service that has settings, and one for the files that all of it takes in. Extension fields (`x-…`) count where a service
/// merges them in.
#[must_use]
pub fn contributions(source: &Source, id: SourceId, document: &Node) -> Vec<Contribution> {
    let include = |node: &Node, is_firm: bool| {
        let path = beside(source.path(), node.as_str()?)?;
        Some(Include { path, at: node.at, is_firm })
    };
    let services = document.get("services").map(Node::entries).unwrap_or_default();
    let of_service = services.iter().map(|service| {
        let mut reader = Reader::new(source, Carrier::Document, Carrier::Environment);
        reader.read(&service.value);
        configs(document, &service.value).for_each(|config| reader.read(config));
        let extended = service.value.get("extends").and_then(|extends| extends.get("file"));
        let includes = extended.into_iter().filter_map(|file| include(file, false));
        let includes =
            includes.chain(env_files(&service.value).filter_map(|file| include(file, true)));
        let name = service.key.as_str();
        Contribution {
            said: name.map(|name| Said { how: Said::SERVICE, names: vec![name.to_owned()] }),
            settings: reader.settings,
            problems: reader.problems,
            opaque: env_file_holders(source.path(), &service.value),
            includes: includes.collect(),
            ..Contribution::of(id)
        }
    });
    let included: Vec<Include> =
        included(document).filter_map(|file| include(file, false)).collect();
    let whole = Contribution { includes: included, ..Contribution::of(id) };
    of_service.chain((!whole.includes.is_empty()).then_some(whole)).collect()
}

/// The configs of a document that a service takes, whose content can stand in the document itself.
///
/// Source: the Compose specification, *configs*, `content`.
fn configs<'n>(document: &'n Node, service: &'n Node) -> impl Iterator<Item = &'n Node> {
    let taken = service.get("configs").map(Node::items).unwrap_or_default();
    let names = taken.iter().filter_map(|one| one.as_str().or_else(|| one.get("source")?.as_str()));
    names.filter_map(|name| document.get("configs")?.get(name))
}

/// The nodes that name files under `include`: texts, or what stands under `path`.
fn included(document: &Node) -> impl Iterator<Item = &Node> {
    let named = document.get("include").into_iter().flat_map(Node::items);
    let paths = named.map(|node| node.get("path").unwrap_or(node));
    paths.flat_map(|node| std::iter::once(node).chain(node.items()))
}

/// The nodes that name a service's `env_file`s: a text, a list of texts, a list of `{path, required}`.
fn env_files(service: &Node) -> impl Iterator<Item = &Node> {
    let named = service
        .get("env_file")
        .into_iter()
        .flat_map(|files| std::iter::once(files).chain(files.items()));
    named.filter_map(|file| if file.as_str().is_some() { Some(file) } else { file.get("path") })
}

fn env_file_holders(path: &str, service: &Node) -> Vec<Opaque> {
    let file = |node: &Node| {
        node.as_str().and_then(|named| beside(path, named)).map_or(Holder::Outside, Holder::File)
    };
    env_files(service).map(|node| Opaque { at: node.at, holder: file(node) }).collect()
}

#[cfg(test)]
mod tests {
    use crate::syntax::beside;

    #[test]
    fn named_paths_stay_in_the_tree() {
        assert_eq!(
            beside("k8s/overlays/prod/kustomization.yaml", "../../base").as_deref(),
            Some("k8s/base")
        );
        assert_eq!(beside("compose.yaml", "./env/shop.env").as_deref(), Some("env/shop.env"));
        assert_eq!(beside("compose.yaml", "../elsewhere.env"), None);
        assert_eq!(beside("compose.yaml", ".env.${STAGE}"), None);
    }
}
