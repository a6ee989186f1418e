//! Kustomize's patches that name a value by its place: `/spec/template/spec/containers/0/env/0/value`.
//!
//! Source: RFC 6901 and the Kustomize reference, *patches*: such a patch sets, in the overlay, what stands at its place in the object that
//! it is for. The object is looked up among the files that the overlay builds on; where two would do, nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::setting::Setting;
use crate::recognise::embedded::Inner;
use crate::recognise::value::{Dress, classify};
use crate::recognise::{Recognised, kustomize};
use crate::resolve::conventions::parent;
use crate::source::{Location, Source, SourceId};
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, Parsed};

/// The keys of a kustomization under which such patches stand.
const PATCHES: [&str; 2] = ["patches", "patchesJson6902"];

/// Gives overlays what their patches set by place.
pub fn apply(sources: &Sources, recognised: &mut [Recognised]) {
    let overlays: Vec<(SourceId, &Source)> = sources
        .paths()
        .filter(|(_, path)| kustomize::claims(path))
        .filter_map(|(id, _)| Some((id, sources.get(id)?)))
        .filter(|(_, source)| PATCHES.iter().any(|key| source.text().contains(key)))
        .collect();
    if overlays.is_empty() {
        return;
    }
    let tree = Tree::of(sources, recognised);
    let mut found: BTreeMap<SourceId, Vec<Setting>> = BTreeMap::new();
    for (id, source) in overlays {
        let documents = Yaml.parse(id, source.text()).documents;
        let patches = documents.iter().flat_map(|document| {
            PATCHES.iter().filter_map(|key| document.get(key)).flat_map(Node::items)
        });
        let patches: Vec<&Node> = patches.filter(|patch| patch.get("target").is_some()).collect();
        if !patches.is_empty() {
            let objects = tree.objects(&tree.reached(parent(source.path())));
            let set = patches.into_iter().filter_map(|patch| tree.set(source, patch, &objects));
            found.entry(id).or_default().extend(set.flatten());
        }
    }
    give(recognised, found);
}

/// Gives kustomizations what they set by place, but for what is known.
pub(super) fn give(recognised: &mut [Recognised], mut found: BTreeMap<SourceId, Vec<Setting>>) {
    for part in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        let Some(settings) = found.get_mut(&part.source).map(std::mem::take) else { continue };
        let known: BTreeSet<Location> = part.settings.iter().map(|setting| setting.at).collect();
        part.settings.extend(settings.into_iter().filter(|setting| !known.contains(&setting.at)));
    }
}

/// What a tree's kustomizations build on, and what is set where.
pub(super) struct Tree<'s> {
    pub(super) sources: &'s Sources,
    builds_on: BTreeMap<&'s str, Vec<String>>,
    pub(super) by_path: BTreeMap<&'s str, SourceId>,
    settings: BTreeMap<Location, Setting>,
    /// The files in which they stand.
    givers: BTreeSet<SourceId>,
}

impl<'s> Tree<'s> {
    pub(super) fn of(sources: &'s Sources, recognised: &[Recognised]) -> Self {
        let mut builds_on: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut settings: BTreeMap<Location, Setting> = BTreeMap::new();
        for part in recognised.iter().flat_map(|found| &found.contributions) {
            let path = sources.path(part.source);
            if kustomize::claims(path) {
                let paths = part.includes.iter().map(|include| include.path.clone());
                builds_on.entry(parent(path)).or_default().extend(paths);
            }
            settings.extend(part.settings.iter().map(|setting| (setting.at, setting.clone())));
        }
        let by_path = sources.paths().map(|(id, path)| (path, id)).collect();
        let givers = settings.keys().map(|at| at.source).collect();
        Self { sources, builds_on, by_path, settings, givers }
    }

    /// The files that a kustomization builds on, those of the kustomizations that it names among them.
    pub(super) fn reached(&self, folder: &str) -> Vec<SourceId> {
        let mut reached = BTreeSet::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            for path in self.builds_on.get(folder.as_str()).into_iter().flatten() {
                if reached.insert(path.clone()) {
                    open.push(path.clone());
                }
            }
        }
        reached.iter().filter_map(|path| self.by_path.get(path.as_str()).copied()).collect()
    }

    /// The objects in files, in which settings stand.
    fn objects(&self, files: &[SourceId]) -> Vec<Node> {
        let files = files.iter().filter(|id| self.givers.contains(id));
        let texts = files.filter_map(|id| Some((*id, self.sources.get(*id)?)));
        texts.flat_map(|(id, source)| Yaml.parse(id, source.text()).documents).collect()
    }

    /// What one patch sets by place in one of these objects: a list of operations, in a text or a file of its own.
    fn set(&self, overlay: &Source, patch: &Node, objects: &[Node]) -> Option<Vec<Setting>> {
        let target = patch.get("target")?;
        if let Some(text) = patch.get("patch") {
            let inner = Inner::of(overlay, text, "patch.yaml", Dress::Plain)?;
            let parsed = Yaml.parse(text.at.source, inner.source.text());
            let mut set = self.operations(target, &inner.source, &parsed, objects);
            for setting in &mut set {
                (setting.at, setting.key_at) =
                    (inner.outer(setting.at), inner.outer(setting.key_at));
            }
            return Some(set);
        }
        let file = beside(overlay.path(), patch.get("path")?.as_str()?)?;
        let id = *self.by_path.get(file.as_str())?;
        let source = self.sources.get(id)?;
        Some(self.operations(target, source, &Yaml.parse(id, source.text()), objects))
    }

    fn operations(
        &self,
        target: &Node,
        source: &Source,
        parsed: &Parsed,
        objects: &[Node],
    ) -> Vec<Setting> {
        let operations = parsed.documents.iter().flat_map(Node::items);
        let set = operations.filter_map(|operation| {
            let text = |key: &str| operation.get(key).and_then(Node::as_str);
            let is_setting = matches!(text("op"), Some("replace" | "add"));
            let value = operation.get("value").filter(|_| is_setting)?;
            let was = self.at(target, text("path")?, objects)?;
            let read = classify(was.parameter, value, source, Dress::Plain);
            let key_at = operation.get("path").map_or(value.at, |path| path.at);
            Some(Setting { value: read, at: value.at, key_at, ..was })
        });
        set.collect()
    }

    /// What the only object that a patch is for sets at a place.
    fn at(&self, target: &Node, path: &str, objects: &[Node]) -> Option<Setting> {
        let meant = objects.iter().filter(|object| is_target(target, object));
        let mut set = meant.filter_map(|object| self.settings.get(&pointed(object, path)?.at));
        set.next().filter(|_| set.next().is_none()).cloned()
    }
}

/// Whether a patch is for an object: what it says of kind and name is the object's.
fn is_target(target: &Node, object: &Node) -> bool {
    let says = |key: &str, found: Option<&Node>| {
        target.get(key).is_none_or(|said| said.as_str() == found.and_then(Node::as_str))
    };
    let metadata = object.get("metadata");
    says("kind", object.get("kind"))
        && says("name", metadata.and_then(|metadata| metadata.get("name")))
}

/// The value at the place of a pointer.
fn pointed<'n>(object: &'n Node, pointer: &str) -> Option<&'n Node> {
    pointer.strip_prefix('/')?.split('/').try_fold(object, |node, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        node.get(&step).or_else(|| node.items().get(step.parse::<usize>().ok()?))
    })
}
