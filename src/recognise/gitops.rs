//! Objects that deploy what stands elsewhere in the tree: Argo CD's `Application` and `ApplicationSet`, Flux's `HelmRelease` and
//! `Kustomization`.
//!
//! Sources: the Argo CD documentation, *Application specification*, *Helm*, *List generator*; the Flux documentation, `HelmRelease` (`chart`,
//! `valuesFiles`, `targetNamespace`), *Kustomization* (`path`, `targetNamespace`). Later files of values override earlier ones.

use super::embedded;
use super::value::{Dress, classify};
use super::{Contribution, Deployment, Said};
use crate::model::setting::{Setting, Value};
use crate::source::Source;
use crate::syntax::beside;
use crate::syntax::{Entry, Node, NodeKind};

/// Whether an object is one of those, by its group and its kind.
#[must_use]
pub fn is_deployment(object: &Node) -> bool {
    kind(object).is_some()
}

#[derive(Clone, Copy)]
enum Kind {
    Application,
    ApplicationSet,
    HelmRelease,
    Kustomization,
}

fn kind(object: &Node) -> Option<Kind> {
    let text = |key| object.get(key).and_then(Node::as_str).unwrap_or_default();
    let (group, _) = text("apiVersion").split_once('/')?;
    match (group, text("kind")) {
        ("argoproj.io", "Application") => Some(Kind::Application),
        ("argoproj.io", "ApplicationSet") => Some(Kind::ApplicationSet),
        ("helm.toolkit.fluxcd.io", "HelmRelease") => Some(Kind::HelmRelease),
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => Some(Kind::Kustomization),
        _ => None,
    }
}

/// The objects that an object stands for: an `ApplicationSet` makes one for each element of its lists, any other is itself.
#[must_use]
pub fn made_by(source: &Source, object: &Node) -> Vec<Made> {
    let template = object.get("spec").and_then(|spec| spec.get("template"));
    let (Some(Kind::ApplicationSet), Some(template)) = (kind(object), template) else {
        return vec![Made { object: object.clone(), element: None }];
    };
    let generators = object.get("spec").and_then(|spec| spec.get("generators")).map(Node::items);
    let elements = generators.unwrap_or_default().iter().flat_map(|one| elements(one, 0));
    let of_element =
        |element: Node| Made { object: filled(source, template, &element), element: Some(element) };
    let made: Vec<Made> = elements.map(of_element).collect();
    if made.is_empty() { vec![Made { object: template.clone(), element: None }] } else { made }
}

/// How many objects a set makes at most, and how deep its generators stand in each other.
const MOST: usize = 1_000;
const MAX_DEPTH: usize = 4;

/// What the lists of a generator say, one mapping for each object: of a matrix, what each of its lists says with each of the other's. What
/// clusters and files of git say is not in it.
///
/// Source: the Argo CD documentation, *Matrix Generator*, *Merge Generator*.
fn elements(generator: &Node, depth: usize) -> Vec<Node> {
    if let Some(list) = generator.get("list") {
        return list.get("elements").map_or_else(Vec::new, |elements| elements.items().to_vec());
    }
    let inner = |key: &str| generator.get(key)?.get("generators").map(Node::items);
    let within = |one: &Node| if depth < MAX_DEPTH { elements(one, depth + 1) } else { Vec::new() };
    if let Some(generators) = inner("matrix") {
        let lists = generators.iter().map(within).filter(|list| !list.is_empty());
        return lists.reduce(|some, others| product(&some, &others)).unwrap_or_default();
    }
    // What the others say overrides the first, where their keys are the same: which these are, nobody computes here.
    let first = inner("merge").and_then(<[Node]>::first);
    let only = first.filter(|_| inner("merge").is_some_and(|all| all.len() == 1));
    only.map(within).unwrap_or_default()
}

/// Each of some mappings with each of others.
fn product(some: &[Node], others: &[Node]) -> Vec<Node> {
    let pairs = some.iter().flat_map(|one| others.iter().map(move |other| (one, other)));
    let both = |(one, other): (&Node, &Node)| {
        let entries = one.entries().iter().chain(other.entries()).cloned().collect();
        Node::new(one.at, NodeKind::Mapping(entries))
    };
    pairs.take(MOST).map(both).collect()
}

/// An object, with the element of a list that it is made for.
pub struct Made {
    /// The object.
    pub object: Node,
    element: Option<Node>,
}

impl Made {
    /// Gives settings that are holes for what the element says its values.
    pub fn fill(&self, source: &Source, settings: &mut [Setting]) {
        let Some(element) = &self.element else { return };
        for setting in settings.iter_mut().filter(|setting| setting.value == Value::Reference) {
            let written = source.slice(setting.at.span).trim_matches(['"', '\'', ' ']);
            let name = written.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
            let name = name.map(|name| name.trim().trim_start_matches('.'));
            if let Some(value) = name.and_then(|name| element.get(name)) {
                setting.value = classify(setting.parameter, value, source, Dress::Plain);
                setting.at = value.at;
            }
        }
    }
}

/// A template with what an element says in the place of its holes: `{{env}}`, `{{ .env }}`.
fn filled(source: &Source, template: &Node, element: &Node) -> Node {
    let written = source.slice(template.at.span);
    let kind = match &template.kind {
        NodeKind::Scalar(_) | NodeKind::Expression if written.contains("{{") => {
            let fill = |text: String, entry: &Entry| {
                let (Some(key), Some(value)) = (entry.key.as_str(), entry.value.as_str()) else {
                    return text;
                };
                let holes = ["{{K}}", "{{ K }}", "{{.K}}", "{{ .K }}"];
                holes.iter().fold(text, |text, hole| text.replace(&hole.replace('K', key), value))
            };
            let text = written.trim_matches(['"', '\'']).to_owned();
            NodeKind::Scalar(element.entries().iter().fold(text, fill))
        }
        NodeKind::Sequence(items) => {
            NodeKind::Sequence(items.iter().map(|item| filled(source, item, element)).collect())
        }
        NodeKind::Mapping(entries) => {
            let entry = |entry: &Entry| Entry {
                key: entry.key.clone(),
                value: filled(source, &entry.value, element),
            };
            NodeKind::Mapping(entries.iter().map(entry).collect())
        }
        other => other.clone(),
    };
    Node::new(template.at, kind)
}

/// Says whose the settings of an object are, and what else it deploys.
pub fn describe(set: &Node, object: &Node, contribution: &mut Contribution) {
    let Some(kind) = kind(set) else { return };
    let text = |path: &[&str]| -> Option<String> {
        let node = path.iter().try_fold(object, |node, key| node.get(key))?;
        node.as_str().map(str::to_owned)
    };
    let name = text(&["metadata", "name"]).unwrap_or_default();
    let namespace = match kind {
        Kind::Application | Kind::ApplicationSet => text(&["spec", "destination", "namespace"]),
        Kind::HelmRelease => {
            text(&["spec", "targetNamespace"]).or_else(|| text(&["metadata", "namespace"]))
        }
        Kind::Kustomization => text(&["spec", "targetNamespace"]),
    };
    let names: Vec<String> = namespace.into_iter().filter(|name| !name.contains("{{")).collect();
    contribution.said = Some(match names.as_slice() {
        [] => Said { how: "object", names: vec![name.clone()] },
        _ => Said { how: Said::DESTINATION, names },
    });
    let mut deployment = Deployment { name, ..Deployment::default() };
    let spec = object.get("spec");
    match kind {
        Kind::Application | Kind::ApplicationSet => {
            let single = spec.and_then(|spec| spec.get("source")).into_iter();
            let several = spec.and_then(|spec| spec.get("sources")).map(Node::items);
            single.chain(several.unwrap_or_default()).for_each(|from| deployment.add_source(from));
        }
        Kind::HelmRelease => {
            let chart = spec.and_then(|spec| spec.get("chart")?.get("spec"));
            let chart_name = chart.and_then(|chart| chart.get("chart")?.as_str());
            // The chart of a repository of charts is a name, that of a git repository a path.
            let folder = chart_name.filter(|name| name.contains('/')).and_then(from_root);
            let listed = chart.and_then(|chart| chart.get("valuesFiles")).map(Node::items);
            let listed = listed.unwrap_or_default().iter().filter_map(Node::as_str);
            deployment.values.extend(listed.filter_map(from_root));
            if let Some(folder) = folder {
                if deployment.values.is_empty() {
                    deployment.values.push(format!("{folder}/values.yaml"));
                }
                deployment.folder = Some(folder);
            }
        }
        Kind::Kustomization => {
            deployment.folder = text(&["spec", "path"]).and_then(|path| from_root(&path));
            let from = spec.and_then(|spec| spec.get("postBuild")?.get("substituteFrom"));
            let objects = from.map(Node::items).unwrap_or_default();
            let objects = objects.iter().filter_map(|from| from.get("name")?.as_str());
            deployment.variables = objects.map(str::to_owned).collect();
        }
    }
    if matches!(kind, Kind::ApplicationSet) {
        deployment.files = generating(set);
    }
    contribution.deployment = Some(deployment);
}

/// The keys above the values that an `Application` gives its chart: as a mapping, and as a text.
const OF_CHART: [&str; 2] = ["valuesObject", "values"];

/// The folders of the charts that an object deploys, each with the keys above what it gives that chart.
#[must_use]
pub fn values_of(object: &Node) -> Vec<(String, Vec<String>)> {
    let Some(kind) = kind(object) else { return Vec::new() };
    let way = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let at = |path: &[&str]| path.iter().try_fold(object, |node, key| node.get(key));
    let mut found = Vec::new();
    match kind {
        Kind::Application | Kind::ApplicationSet => {
            for above in [&["spec"][..], &["spec", "template", "spec"]] {
                for key in ["source", "sources"] {
                    let sources = at(&[above, &[key]].concat());
                    let each = |node| std::iter::once(node).chain(Node::items(node));
                    for source in sources.into_iter().flat_map(each) {
                        let folder = source.get("path").and_then(Node::as_str).and_then(from_root);
                        let ways =
                            OF_CHART.map(|last| way(&[above, &[key, "helm", last]].concat()));
                        found.extend(
                            folder
                                .into_iter()
                                .flat_map(|folder| ways.clone().map(|way| (folder.clone(), way))),
                        );
                    }
                }
            }
        }
        Kind::HelmRelease => {
            let chart = at(&["spec", "chart", "spec", "chart"]).and_then(Node::as_str);
            let folder = chart.filter(|chart| chart.contains('/')).and_then(from_root);
            found.extend(folder.map(|folder| (folder, way(&["spec", "values"]))));
        }
        Kind::Kustomization => {}
    }
    found
}

/// Puts a mapping in the place of each text in which an `Application` gives its chart values.
pub fn unfold(source: &Source, object: &mut Node) {
    if !matches!(kind(object), Some(Kind::Application | Kind::ApplicationSet)) {
        return;
    }
    let mut open: Vec<(&mut Node, bool)> = vec![(object, false)];
    while let Some((node, is_of_helm)) = open.pop() {
        match &mut node.kind {
            NodeKind::Sequence(items) => open.extend(items.iter_mut().map(|item| (item, false))),
            NodeKind::Mapping(entries) => {
                for Entry { key, value } in entries {
                    let key = key.as_str().unwrap_or_default();
                    if is_of_helm && key == "values" && value.entries().is_empty() {
                        let written = source.slice(value.at.span);
                        if value.kind == NodeKind::Expression && written.starts_with('|') {
                            // A block with holes for what makes the object is the same text.
                            value.kind = NodeKind::Scalar(written.to_owned());
                        }
                        embedded::unfold(source, value, "values.yaml");
                    } else {
                        open.push((value, key == "helm"));
                    }
                }
            }
            _ => {}
        }
    }
}

/// The globs of the files from which an `ApplicationSet` makes its objects.
///
/// Source: the Argo CD documentation, *Git Generator*, files.
#[must_use]
pub fn generating(set: &Node) -> Vec<String> {
    let mut open: Vec<&Node> =
        set.get("spec").and_then(|spec| spec.get("generators")).into_iter().collect();
    let mut files = Vec::new();
    while let Some(generators) = open.pop() {
        for one in generators.items() {
            let nested = ["matrix", "merge"].iter().filter_map(|key| one.get(key));
            open.extend(nested.filter_map(|nested| nested.get("generators")));
            files.extend(one.get("git").and_then(|git| git.get("files")));
        }
    }
    let paths = files.into_iter().flat_map(Node::items).filter_map(|file| file.get("path"));
    paths.filter_map(|path| path.as_str().map(str::to_owned)).collect()
}

/// A path that is told from the repository's root.
fn from_root(path: &str) -> Option<String> {
    beside("", path.trim_start_matches('/')).filter(|path| !path.is_empty() && !path.contains("{{"))
}

impl Deployment {
    /// Adds a source of an `Application`: a chart or manifests in a folder, with files of values.
    fn add_source(&mut self, source: &Node) {
        let folder = source.get("path").and_then(Node::as_str).and_then(from_root);
        let chart = folder.clone().unwrap_or_default();
        if let Some(folder) = folder {
            self.values.push(format!("{folder}/values.yaml"));
            self.folder.get_or_insert(folder);
        }
        let listed = source.get("helm").and_then(|helm| helm.get("valueFiles")).map(Node::items);
        for file in listed.unwrap_or_default().iter().filter_map(Node::as_str) {
            // `$values/prod.yaml` stands in another source; a leading slash means the repository's root.
            let path = match file.strip_prefix('$').and_then(|file| file.split_once('/')) {
                Some((_, path)) => from_root(path),
                None if file.starts_with('/') => from_root(file),
                None => beside(&format!("{chart}/x"), file),
            };
            let path = path.filter(|path| !path.contains("{{"));
            self.values.retain(|known| Some(known) != path.as_ref());
            self.values.extend(path);
        }
    }
}
