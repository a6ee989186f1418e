//! The scope of a setting that stands in a pair of a path and a value.

use crate::model::setting::Scope;
use crate::syntax::Node;

/// The scope that a `{path, value, scope, scope_id}` mapping gives.
pub fn pair_scope(node: &Node) -> Option<Scope> {
    let code = ["scope_code", "scope_id", "scopeId"]
        .iter()
        .find_map(|key| node.get(key)?.as_str())
        .unwrap_or_default()
        .to_owned();
    match node.get("scope")?.as_str()? {
        "website" | "websites" => Some(Scope::Website(code)),
        "store" | "stores" => Some(Scope::Store(code)),
        _ => Some(Scope::Default),
    }
}
