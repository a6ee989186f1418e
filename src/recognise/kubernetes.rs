//! Kubernetes objects: `ConfigMap`, `Secret`, and the variables of any workload.
//!
//! Source: the Kubernetes API reference, v1 `ConfigMap`, `Secret`, `EnvVar`, `EnvFromSource`.

use super::document::Reader;
use super::objects::{KEPT_ELSEWHERE, dress, is_object};
use super::value::Dress;
use super::{Contribution, Holder, Object, Opaque, Said, embedded, gitops};
use crate::model::setting::{Carrier, Setting};
use crate::source::{Source, SourceId};
use crate::syntax::Node;

/// One contribution per object; a `List` has many.
#[must_use]
pub fn contributions(source: &Source, id: SourceId, document: &Node) -> Vec<Contribution> {
    let kind = document.get("kind").and_then(Node::as_str).unwrap_or_default();
    match document.get("items") {
        Some(items) if kind.ends_with("List") => items
            .items()
            .iter()
            .filter(|item| is_object(item))
            .flat_map(|item| of_object(source, id, item))
            .collect(),
        _ if gitops::is_deployment(document) => gitops::made_by(source, document)
            .iter()
            .map(|made| {
                let (mut found, _) = contribution(source, id, &made.object);
                made.fill(source, &mut found.settings);
                found.settings.extend(patched(source, &made.object));
                gitops::describe(document, &made.object, &mut found);
                found
            })
            .collect(),
        _ => of_object(source, id, document),
    }
}

/// What the patches of a `Kustomization` of Flux' set: they win over what stands in the folder that it deploys.
fn patched(source: &Source, object: &Node) -> Vec<Setting> {
    let patches = object.get("spec").and_then(|spec| spec.get("patches")).map(Node::items);
    let patches = patches.unwrap_or_default().iter().filter_map(|patch| patch.get("patch"));
    let dress_of = |(patch, key): (&Node, Option<&str>)| {
        dress(patch.get("kind").and_then(Node::as_str).unwrap_or_default(), key)
    };
    let carriers = (Carrier::Document, Carrier::Environment);
    patches.flat_map(|patch| embedded::patch(source, patch, carriers, dress_of)).collect()
}

/// What an object gives. Its containers are parts of one installation: of two values of a setting that two of them have, neither overrides the other.
fn of_object(source: &Source, id: SourceId, object: &Node) -> Vec<Contribution> {
    let (mut found, contexts) = contribution(source, id, object);
    if !found.objects.is_empty() {
        return vec![found];
    }
    let mut others: Vec<Contribution> = Vec::new();
    let mut last: Vec<String> = Vec::new();
    for (setting, context) in std::mem::take(&mut found.settings).into_iter().zip(contexts) {
        if context != last && found.gives_another(&setting) {
            let said = found.said.clone();
            let settings = vec![setting];
            let workload = found.workload.clone();
            let is_object = true;
            others.push(Contribution {
                said,
                is_object,
                workload,
                settings,
                ..Contribution::of(id)
            });
        } else {
            found.settings.push(setting);
        }
        last = context;
    }
    std::iter::once(found).chain(others).collect()
}

/// What an object gives, with the keys above each setting.
fn contribution(source: &Source, id: SourceId, object: &Node) -> (Contribution, Vec<Vec<String>>) {
    let kind = object.get("kind").and_then(Node::as_str).unwrap_or_default();
    let is_map = matches!(kind, "ConfigMap" | "Secret");
    let variables = if is_map { Carrier::ConfigMap } else { Carrier::Environment };
    let mut reader = Reader::new(source, Carrier::Document, variables);
    let is_elsewhere = KEPT_ELSEWHERE.contains(&kind);
    for entry in object.entries() {
        reader.dress = dress(kind, entry.key.as_str());
        reader.read(&entry.value);
    }
    if is_elsewhere {
        // What stands in the template of the object that is made stands there for everybody.
        let spec = object.get("spec");
        let template = spec.and_then(|spec| spec.get("target").unwrap_or(spec).get("template"));
        if let Some(data) = template.and_then(|template| template.get("data")) {
            reader.settings.retain(|setting| !data.at.span.overlaps(setting.at.span));
            reader.dress = Dress::Plain;
            reader.read(data);
        }
        reader.opaque.push(Opaque { at: object.at, holder: Holder::Outside });
    }
    let namespace = metadata(object, "namespace");
    for opaque in &mut reader.opaque {
        if let Holder::Object(named) = &mut opaque.holder {
            named.namespace.clone_from(&namespace);
        }
    }
    let found = Contribution {
        said: said(object),
        is_object: true,
        workload: metadata(object, "name").filter(|_| is_workload(object)),
        objects: this(object, kind).into_iter().collect(),
        settings: reader.settings,
        problems: reader.problems,
        opaque: reader.opaque,
        ..Contribution::of(id)
    };
    (found, reader.contexts)
}

/// Whether an object runs containers.
fn is_workload(object: &Node) -> bool {
    let spec = object.get("spec");
    let made = spec.and_then(|spec| spec.get("jobTemplate")?.get("spec")).or(spec);
    let pod = made.and_then(|spec| spec.get("template")?.get("spec")).or(spec);
    pod.is_some_and(|pod| pod.get("containers").is_some())
}

/// An object that workloads can take variables from.
fn this(object: &Node, kind: &str) -> Option<Object> {
    let kind = Object::KINDS.into_iter().find(|known| *known == kind)?;
    // What is empty here is filled by something that no tree shows.
    let data = ["data", "stringData", "binaryData"].iter().filter_map(|key| object.get(key));
    data.flat_map(Node::entries).next()?;
    let name = metadata(object, "name").unwrap_or_default();
    Some(Object { kind, name, namespace: metadata(object, "namespace") })
}

/// What an object says about its instance: its namespace and its `app.kubernetes.io/instance` label.
fn said(object: &Node) -> Option<Said> {
    let label = object
        .get("metadata")
        .and_then(|metadata| metadata.get("labels")?.get("app.kubernetes.io/instance")?.as_str());
    let namespace = metadata(object, "namespace");
    let how = match (&namespace, label) {
        (Some(_), Some(_)) => Said::NAMESPACE_AND_LABEL,
        (Some(_), None) => Said::NAMESPACE,
        (None, _) => "label",
    };
    let names: Vec<String> = namespace.into_iter().chain(label.map(str::to_owned)).collect();
    (!names.is_empty()).then_some(Said { how, names })
}

fn metadata(object: &Node, key: &str) -> Option<String> {
    object.get("metadata")?.get(key)?.as_str().map(str::to_owned)
}
