//! What a document says it is for: the module it calls, the workflow, the action or the template it uses, the folder it applies.

use super::calls;
use super::names::is_terraform;
use crate::recognise::gitops;
use crate::source::Source;
use crate::syntax::Node;
use crate::syntax::beside;

/// What stands before a path from the root of the repository.
///
/// Source: the Terragrunt documentation, `get_repo_root`.
const ROOT: &str = "\"${get_repo_root()}/";

/// What a document says it is for, with the keys above what it gives: the module it calls, the workflow or action it uses, the folder it applies.
pub fn meant(file: &Source, document: &Node) -> Vec<(String, Vec<String>)> {
    let path = file.path();
    let way = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let source = |node: &Node| {
        let source = node.get("source")?;
        let Some(text) = source.as_str() else {
            // Terragrunt knows the root of the repository.
            let written = file.slice(source.at.span).strip_prefix(ROOT)?.strip_suffix('"')?;
            return beside("", written.trim_start_matches('/').replacen("//", "/", 1).as_str());
        };
        beside(path, &text.replacen("//", "/", 1))
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
    let calls = calls::of(path, document).into_iter();
    found.extend(calls.filter(|call| call.parameters.is_some()).map(|call| (call.file, call.way)));
    let applied = document.get("spec").and_then(|spec| Some((spec.get("path")?.as_str()?, spec)));
    if let Some((applied, _)) = applied.filter(|(_, spec)| spec.get("postBuild").is_some()) {
        let folder = applied.trim_start_matches("./").trim_end_matches('/');
        found.push((folder.to_owned(), way(&["spec", "postBuild", "substitute"])));
    }
    found.extend(gitops::values_of(document));
    found.sort();
    found.dedup();
    found
}
