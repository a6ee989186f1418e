//! What configurations of Terraform put into files of the tree: `templatefile("env.tftpl", { space = … })`, the `vars` of a `template_file`, and
//! the values of a `helm_release`.
//!
//! Sources: the Terraform language, `templatefile`; the documentation of the Template provider, `template_file` (`template`, `vars`), and of the
//! Helm provider, `helm_release` (`chart`, `values`, `set`).

use super::decoded;
use super::names::{Space, is_terraform};
use crate::source::Source;
use crate::syntax::{Node, beside};

/// The function that fills a template.
const FUNCTION: &str = "templatefile(";

/// What is put into a file or a chart.
pub struct Provided<'n> {
    /// The file, or the folder of the chart.
    pub place: String,
    /// In what its names are looked up.
    pub space: Space,
    /// The mapping that gives them.
    pub variables: &'n Node,
    /// The only name that is given, by this key of the mapping; none where each key is a name.
    pub only: Option<(&'n str, &'static str)>,
}

/// What a document of a file puts into others.
#[must_use]
pub fn of<'n>(source: &Source, document: &'n Node) -> Vec<Provided<'n>> {
    let mut found = Vec::new();
    if is_terraform(source.path()) {
        if source.text().contains(FUNCTION) {
            templates(source, document, &mut found);
        }
        let data = document.entries().iter().filter(|entry| entry.key.as_str() == Some("data"));
        let files = data.filter_map(|entry| entry.value.get("template_file"));
        found.extend(files.flat_map(Node::entries).filter_map(|file| filled(source, &file.value)));
        let resources = document.entries().iter();
        let resources = resources.filter(|entry| entry.key.as_str() == Some("resource"));
        let releases = resources.filter_map(|entry| entry.value.get("helm_release"));
        for release in releases.flat_map(Node::entries) {
            release_of(source, &release.value, &mut found);
        }
    }
    found
}

/// Finds the templates that are filled; no deeper than documents nest.
fn templates<'n>(source: &Source, node: &'n Node, found: &mut Vec<Provided<'n>>) {
    for entry in node.entries() {
        templates(source, &entry.value, found);
    }
    for item in node.items() {
        templates(source, item, found);
    }
    let is_filled = !node.entries().is_empty();
    let call = source.slice(node.at.span).strip_prefix(FUNCTION).filter(|_| is_filled);
    let place = call.and_then(|inner| decoded::file_of(source.path(), inner.trim_start()));
    found.extend(place.map(|place| Provided {
        place,
        space: Space::Environment,
        variables: node,
        only: None,
    }));
}

/// What a `template_file` puts into the file that it reads.
fn filled<'n>(source: &Source, data: &'n Node) -> Option<Provided<'n>> {
    let written = source.slice(data.get("template")?.at.span);
    let place = decoded::file_of(source.path(), written.strip_prefix("file(")?.trim_start())?;
    let variables = data.get("vars")?;
    Some(Provided { place, space: Space::Environment, variables, only: None })
}

/// What a release gives its chart.
fn release_of<'n>(source: &Source, release: &'n Node, found: &mut Vec<Provided<'n>>) {
    let chart = release.get("chart").map(|chart| (chart.as_str(), source.slice(chart.at.span)));
    let folder = chart.and_then(|(text, written)| match text {
        Some(text) => beside(source.path(), text).filter(|_| text.contains('/')),
        None => decoded::path_of(source.path(), written),
    });
    let Some(place) = folder else { return };
    let mut add = |variables, only| {
        let (place, space) = (place.clone(), Space::Values);
        found.push(Provided { place, space, variables, only });
    };
    let listed = release.get("values").map(Node::items).unwrap_or_default();
    listed.iter().filter(|values| !values.entries().is_empty()).for_each(|one| add(one, None));
    let each = |node: &'n Node| match node.items() {
        [] => std::slice::from_ref(node),
        items => items,
    };
    let set = release
        .entries()
        .iter()
        .filter(|entry| matches!(entry.key.as_str(), Some("set" | "set_sensitive")));
    for pair in set.flat_map(|entry| each(&entry.value)) {
        let name = pair.get("name").and_then(Node::as_str);
        if let Some(name) = name {
            add(pair, Some((name, "value")));
        }
    }
}
