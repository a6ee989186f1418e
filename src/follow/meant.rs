//! What a document says it is for: the module it calls, the workflow, the action or the template it uses, the folder it applies.

use super::names::is_terraform;
use crate::recognise::compose::beside;
use crate::syntax::Node;

/// What a document says it is for, with the keys above what it gives: the module it calls, the workflow or action it uses, the folder it applies.
pub fn meant(path: &str, document: &Node) -> Vec<(String, Vec<String>)> {
    let way = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let source = |node: &Node| {
        let source = node.get("source")?.as_str()?.replacen("//", "/", 1);
        beside(path, &source)
    };
    let mut found = Vec::new();
    if is_terraform(path) {
        // A block stands once for each of its labels.
        for entry in document.entries().iter().filter(|entry| entry.key.as_str() == Some("module"))
        {
            for module in entry.value.entries() {
                let label = module.key.as_str().unwrap_or_default();
                found.extend(source(&module.value).map(|at| (at, way(&["module", label]))));
            }
        }
        let of_inputs = document.get("terraform").and_then(source);
        found.extend(of_inputs.map(|at| (at, way(&["inputs"]))));
    }
    for job in document.get("jobs").into_iter().flat_map(Node::entries) {
        let used = job.value.get("uses").and_then(Node::as_str);
        if let Some((used, key)) = used.zip(job.key.as_str()) {
            let used = used.strip_prefix("./").unwrap_or(used);
            found.push((used.to_owned(), way(&["jobs", key, "with"])));
        }
        for step in job.value.get("steps").map(Node::items).unwrap_or_default() {
            let action = step.get("uses").and_then(Node::as_str);
            let folder = action.and_then(|action| action.strip_prefix("./"));
            if let Some((folder, key)) = folder.zip(job.key.as_str()) {
                let files = ["action.yml", "action.yaml"]
                    .map(|name| format!("{}/{name}", folder.trim_end_matches('/')));
                found.extend(files.map(|file| (file, way(&["jobs", key, "steps", "with"]))));
            }
        }
    }
    templates(path, document, &mut Vec::new(), &mut found);
    let applied = document.get("spec").and_then(|spec| Some((spec.get("path")?.as_str()?, spec)));
    if let Some((applied, _)) = applied.filter(|(_, spec)| spec.get("postBuild").is_some()) {
        let folder = applied.trim_start_matches("./").trim_end_matches('/');
        found.push((folder.to_owned(), way(&["spec", "postBuild", "substitute"])));
    }
    found.sort();
    found.dedup();
    found
}

/// The key under which a template of Azure's pipelines is given its parameters.
pub const PARAMETERS: &str = "parameters";

/// The templates that a pipeline of Azure's takes in, with the keys above what each is given.
///
/// Source: the Azure Pipelines documentation, *Template types & usage*: relative to the file, or from the root behind a slash.
fn templates(
    path: &str,
    node: &Node,
    trail: &mut Vec<String>,
    found: &mut Vec<(String, Vec<String>)>,
) {
    let named = node.get("template").and_then(Node::as_str).filter(|name| !name.contains('@'));
    if let Some(name) = named.filter(|_| node.get(PARAMETERS).is_some()) {
        let file = match name.strip_prefix('/') {
            Some(rooted) => Some(rooted.to_owned()),
            None => beside(path, name),
        };
        let way = trail.iter().cloned().chain([PARAMETERS.to_owned()]).collect();
        found.extend(file.map(|file| (file, way)));
    }
    for item in node.items() {
        templates(path, item, trail, found);
    }
    for entry in node.entries() {
        let key = entry.key.as_str().unwrap_or_default();
        if matches!(key, "stages" | "jobs" | "steps" | "extends") {
            trail.push(key.to_owned());
            templates(path, &entry.value, trail, found);
            trail.pop();
        }
    }
}
