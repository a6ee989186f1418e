//! Kustomize's replacements: a value of one object is put in the place of another's.
//!
//! Source: the Kustomize reference, *replacements*: `source` names an object and a field, `targets` the fields that take its value. What is
//! replaced is in force no more, whether the tree shows by what or not.

use std::collections::BTreeMap;

use super::patches::{Tree, give};
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting, Value};
use crate::recognise::document::variable;
use crate::recognise::value::of_text;
use crate::recognise::{Recognised, kustomize};
use crate::resolve::conventions::parent;
use crate::source::{Location, Source, SourceId};
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::dotenv::Dotenv;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node};

/// The key of a kustomization under which they stand.
const REPLACEMENTS: &str = "replacements";

/// Gives kustomizations what their replacements set.
pub fn apply(sources: &Sources, recognised: &mut [Recognised]) {
    let replacing: Vec<(SourceId, &Source)> = sources
        .paths()
        .filter(|(_, path)| kustomize::claims(path))
        .filter_map(|(id, _)| Some((id, sources.get(id)?)))
        .filter(|(_, source)| source.text().contains(REPLACEMENTS))
        .collect();
    if replacing.is_empty() {
        return;
    }
    let tree = Tree::of(sources, recognised);
    let mut found: BTreeMap<SourceId, Vec<Setting>> = BTreeMap::new();
    for (id, source) in replacing {
        let own = Yaml.parse(id, source.text()).documents;
        let listed = own.iter().filter_map(|document| document.get(REPLACEMENTS));
        let listed: Vec<&Node> = listed.flat_map(Node::items).collect();
        let named =
            listed.iter().filter_map(|one| beside(source.path(), one.get("path")?.as_str()?));
        let files: Vec<Node> = named.flat_map(|path| documents(&tree, &path)).collect();
        let in_files = files.iter().flat_map(|file| match file.items() {
            [] => std::slice::from_ref(file),
            items => items,
        });
        let reached = tree.reached(parent(source.path()));
        let texts = reached.iter().filter_map(|id| Some((*id, sources.get(*id)?)));
        let objects = texts.flat_map(|(id, source)| Yaml.parse(id, source.text()).documents);
        let objects: Vec<Node> = own.iter().cloned().chain(objects).collect();
        let set = listed.iter().copied().chain(in_files);
        let set = set.flat_map(|one| settings(&tree, one, &objects));
        found.entry(id).or_default().extend(set);
    }
    give(recognised, found);
}

/// The documents of a file of the tree.
fn documents(tree: &Tree<'_>, path: &str) -> Vec<Node> {
    let read = || {
        let id = *tree.by_path.get(path)?;
        Some(Yaml.parse(id, tree.sources.get(id)?.text()).documents)
    };
    read().unwrap_or_default()
}

/// What one replacement sets: the value of its source, unknown where no object of the tree gives it.
fn settings(tree: &Tree<'_>, replacement: &Node, objects: &[Node]) -> Vec<Setting> {
    let targets = replacement.get("targets").map(Node::items).unwrap_or_default();
    let mut set = Vec::new();
    for target in targets {
        let fields = target.get("fieldPaths").map(Node::items).unwrap_or_default();
        // A part of a value is put in the place of a part.
        let is_whole = |side: Option<&Node>| {
            side.and_then(|side| side.get("options"))
                .is_none_or(|options| options.get("delimiter").is_none())
        };
        let whole = is_whole(replacement.get("source")) && is_whole(Some(target));
        for field in fields {
            let Some((parameter, scope, carrier)) = field.as_str().and_then(named) else {
                continue;
            };
            let given = replacement.get("source").filter(|_| whole);
            let given =
                given.and_then(|from| objects.iter().rev().find_map(|one| value(tree, from, one)));
            let (value, at) = match given {
                Some((text, at)) => (of_text(parameter, &text), at),
                None => (Value::Unknown, field.at),
            };
            set.push(Setting { parameter, scope, carrier, value, at, key_at: field.at });
        }
    }
    set
}

/// The setting that a field is: `data.CONFIG__…`, `….env.[name=CONFIG__…].value`.
fn named(field: &str) -> Option<(Parameter, Scope, Carrier)> {
    let (parameter, scope) = field.split(['.', '[', ']', '=']).find_map(variable)?;
    let carrier =
        if field.starts_with("data.") { Carrier::ConfigMap } else { Carrier::Environment };
    Some((parameter, scope, carrier))
}

/// What a document gives for the field of a source, and where: an object with data, or a generator's literal.
fn value(tree: &Tree<'_>, from: &Node, document: &Node) -> Option<(String, Location)> {
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let key = text(from, "fieldPath")?.strip_prefix("data.")?.to_owned();
    let (kind, name) = (text(from, "kind"), text(from, "name")?);
    let is_kind = |one: &str| kind.as_deref().is_none_or(|kind| kind == one);
    let made = document.get("metadata").and_then(|about| text(about, "name"));
    if made.as_ref() == Some(&name) && is_kind(&text(document, "kind").unwrap_or_default()) {
        let node = document.get("data").and_then(|data| data.get(&key))?;
        return Some((node.as_str()?.to_owned(), node.at));
    }
    let generators = document.get("configMapGenerator").filter(|_| is_kind("ConfigMap"));
    let generator =
        generators?.items().iter().find(|one| text(one, "name").as_ref() == Some(&name))?;
    let literals = generator.get("literals").map(Node::items).unwrap_or_default();
    let literal = literals.iter().find_map(|literal| {
        let value = literal.as_str()?.strip_prefix(&key)?.strip_prefix('=')?;
        let written = tree.sources.get(literal.at.source)?.slice(literal.at.span);
        let at = written.find(value).filter(|_| !value.is_empty());
        let start = literal.at.span.start as usize;
        let at =
            at.map(|at| Location::new(literal.at.source, start + at, start + at + value.len()));
        Some((value.to_owned(), at.unwrap_or(literal.at)))
    });
    // What a file of variables says stands below the literals.
    literal.or_else(|| {
        let source = tree.sources.get(document.at.source)?;
        let files = kustomize::files_of_variables(source, document).into_iter();
        files.rev().filter(|(made, _)| *made == name).find_map(|(_, file)| {
            let id = *tree.by_path.get(file.as_str())?;
            let read = Dotenv.parse(id, tree.sources.get(id)?.text());
            let node = read.documents.iter().rev().find_map(|document| document.get(&key))?;
            Some((node.as_str()?.to_owned(), node.at))
        })
    })
}
