//! Kustomizations: what they take in, and the literals of their generators.
//!
//! Source: the Kustomize reference, `resources`, `components`, `configMapGenerator`, `secretGenerator`.

use super::document::{Reader, variable};
use super::{Contribution, Holder, Include, Object, Opaque, Said, embedded, objects};
use crate::model::setting::{Carrier, Setting, Value};
use crate::source::{Source, SourceId};
use crate::syntax::beside;
use crate::syntax::{Entry, Node, NodeKind, file_name};

/// The keys under which a kustomization names what it builds on.
const TAKEN_IN: &[&str] = &["resources", "bases", "components"];

/// The keys under which a kustomization has patches, each a text or a file.
const PATCHES: &[&str] = &["patches", "patchesStrategicMerge", "patchesJson6902"];

/// The generators, in the order of what they make in [`Object::KINDS`].
const GENERATORS: [&str; 2] = ["configMapGenerator", "secretGenerator"];

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
    reader.read(&without_files(document));
    reader.settings.extend(of_files(document));
    let named = |node: &Node| -> Option<Include> {
        Some(Include { path: beside(source.path(), node.as_str()?)?, at: node.at, is_firm: false })
    };
    let taken = TAKEN_IN.iter().filter_map(|key| document.get(key));
    let patches: Vec<&Node> = patches(document).collect();
    for patch in &patches {
        let dress_of = |(object, key): (&Node, Option<&str>)| {
            objects::dress(object.get("kind").and_then(Node::as_str).unwrap_or_default(), key)
        };
        let carriers = (Carrier::Document, Carrier::ConfigMap);
        reader.settings.extend(embedded::patch(source, patch, carriers, dress_of));
    }
    let replacements = document.get("replacements").map(Node::items).unwrap_or_default();
    let named_by_replacements = replacements.iter().filter_map(|one| one.get("path"));
    let named_by_patches =
        patches.into_iter().filter(|patch| patch.as_str().is_some_and(|text| !text.contains('\n')));
    let includes: Vec<Include> = taken
        .flat_map(Node::items)
        .chain(named_by_patches)
        .chain(named_by_replacements)
        .filter_map(named)
        .chain(generated(source, document))
        .collect();
    let namespace = document.get("namespace").and_then(Node::as_str);
    Contribution {
        said: namespace.map(|name| Said { how: Said::NAMESPACE, names: vec![name.to_owned()] }),
        is_object: true,
        objects: objects(document),
        settings: reader.settings,
        problems: reader.problems,
        opaque: hidden(source, document),
        includes,
        ..Contribution::of(id)
    }
}

/// The settings whose values are files: `KEY=path`. What the file holds is read where the tree has it.
fn of_files(document: &Node) -> impl Iterator<Item = Setting> {
    let listed = |generator| Node::get(generator, "files").map(Node::items).unwrap_or_default();
    let files = generators(document).flat_map(listed);
    files.filter_map(|file| {
        let (key, _) = file.as_str()?.split_once('=')?;
        let (parameter, scope) = variable(key)?;
        let (value, carrier) = (Value::Reference, Carrier::ConfigMap);
        Some(Setting { parameter, scope, carrier, value, at: file.at, key_at: file.at })
    })
}

/// The file whose content is the value of a setting, by its path from the root of the tree.
#[must_use]
pub fn file_of(source: &Source, setting: &Setting) -> Option<String> {
    let written = source.slice(setting.at.span).trim_matches(['"', '\'']);
    let (key, path) = written.split_once('=')?;
    variable(key).is_some_and(|(parameter, _)| parameter == setting.parameter).then_some(())?;
    beside(source.path(), path)
}

/// The files of variables that a kustomization's generators read, each with the name of the object that is made of it.
#[must_use]
pub fn files_of_variables(source: &Source, document: &Node) -> Vec<(String, String)> {
    let of_generator = |generator| {
        let name = Node::get(generator, "name").and_then(Node::as_str)?;
        let listed = Node::get(generator, "envs").map(Node::items).unwrap_or_default();
        let files = listed.iter().chain(generator.get("env")).filter_map(Node::as_str);
        Some(files.filter_map(move |file| Some((name.to_owned(), beside(source.path(), file)?))))
    };
    generators(document).filter_map(of_generator).flatten().collect()
}

fn generators(document: &Node) -> impl Iterator<Item = &Node> {
    GENERATORS.iter().flat_map(|key| document.get(key).map(Node::items).unwrap_or_default())
}

/// A kustomization without the files that its generators read, as `KEY=path` gives no value here, and without the quotes around its literals.
///
/// Source: the Kustomize reference, *literals*: quotes around a value are left out.
fn without_files(document: &Node) -> Node {
    let is_generator = |key: &str| GENERATORS.contains(&key);
    let is_file = |key: &str| GENERATED_FROM.contains(&key);
    let of_generator = |node: &Node| {
        let mut made = without(node, is_file);
        if let NodeKind::Mapping(entries) = &mut made.kind {
            let literals =
                entries.iter_mut().filter(|entry| entry.key.as_str() == Some("literals"));
            for entry in literals {
                if let NodeKind::Sequence(items) = &mut entry.value.kind {
                    items.iter_mut().for_each(unquote);
                }
            }
        }
        made
    };
    let entries = document.entries().iter().map(|entry| {
        let mut entry = entry.clone();
        if entry.key.as_str().is_some_and(is_generator) {
            let made = entry.value.items().iter().map(of_generator).collect();
            entry.value = Node::new(entry.value.at, NodeKind::Sequence(made));
        }
        entry
    });
    Node::new(document.at, NodeKind::Mapping(entries.collect()))
}

/// Takes the quotes around the value of a literal.
fn unquote(literal: &mut Node) {
    let inner = |text: &str| -> Option<String> {
        let (key, value) = text.split_once('=')?;
        let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
        Some(format!("{key}={}", quoted('"').or_else(|| quoted('\''))?))
    };
    if let Some(text) = literal.as_str().and_then(inner) {
        literal.kind = NodeKind::Scalar(text);
    }
}

fn without(node: &Node, is_out: impl Fn(&str) -> bool) -> Node {
    let is_in = |entry: &&Entry| !entry.key.as_str().is_some_and(&is_out);
    let kept = node.entries().iter().filter(is_in).cloned().collect();
    Node::new(node.at, NodeKind::Mapping(kept))
}

/// The patches of a kustomization: texts, and names of files.
fn patches(document: &Node) -> impl Iterator<Item = &Node> {
    let patches = PATCHES.iter().filter_map(|key| document.get(key)).flat_map(Node::items);
    patches.filter_map(|patch| {
        if patch.as_str().is_some() {
            Some(patch)
        } else {
            patch.get("patch").or(patch.get("path"))
        }
    })
}

/// The files that generators read: `settings.env`, `env.php=production.php`.
fn generated(source: &Source, document: &Node) -> impl Iterator<Item = Include> {
    let files = generators(document)
        .flat_map(|generator| GENERATED_FROM.iter().filter_map(|key| generator.get(key)))
        .flat_map(|files| std::iter::once(files).chain(files.items()));
    files.filter_map(|file| {
        let named = file.as_str()?;
        let path = named.split_once('=').map_or(named, |(_, path)| path);
        Some(Include { path: beside(source.path(), path)?, at: file.at, is_firm: false })
    })
}

/// What the generators make; the namespace is that of the whole kustomization.
fn objects(document: &Node) -> Vec<Object> {
    let namespace = document.get("namespace").and_then(Node::as_str);
    let made = GENERATORS.into_iter().zip(Object::KINDS).flat_map(|(key, kind)| {
        let generators = document.get(key).map(Node::items).unwrap_or_default();
        let names = generators.iter().filter_map(|generator| generator.get("name")?.as_str());
        names.map(move |name| (kind, name.to_owned()))
    });
    let namespace = || namespace.map(str::to_owned);
    made.map(|(kind, name)| Object { kind, name, namespace: namespace() }).collect()
}

/// What `secretGenerator` reads and the tree may not hold.
fn hidden(source: &Source, document: &Node) -> Vec<Opaque> {
    let secrets = document.get("secretGenerator").map(|node| node.at.span);
    let of_secrets = |include: &Include| secrets.is_some_and(|span| span.overlaps(include.at.span));
    let opaque = |include: Include| Opaque { at: include.at, holder: Holder::File(include.path) };
    generated(source, document).filter(of_secrets).map(opaque).collect()
}
