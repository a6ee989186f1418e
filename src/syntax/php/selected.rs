//! The hosts that a selector of Deployer's means: `select('stage=production & role=web, spare')`.
//!
//! Source: the Deployer documentation, *Selector*: a comma between alternatives, `&` between what must all hold, `=` and `!=` for a label,
//! `|` between values, a word alone for a host's name, `all` for every host.

use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// The labels that say which environment a host is of.
pub(super) const STAGES: [&str; 3] = ["stage", "environment", "env"];

/// A document for each host that a selector means, with what is run there. Where the recipe shows no such host, for whatever the selector
/// itself says: an environment or a name.
pub(super) fn documents(selector: &Node, hosts: &[Entry], run: &Node) -> Vec<Node> {
    let Some(text) = selector.as_str() else { return vec![run.clone()] };
    let under = |name: Node, label: Option<Entry>| {
        let entries = label.into_iter().chain(run.entries().iter().cloned()).collect();
        let host = Node::new(run.at, NodeKind::Mapping(entries));
        let hosts = Node::new(run.at, NodeKind::Mapping(vec![Entry { key: name, value: host }]));
        Node::new(
            run.at,
            NodeKind::Mapping(vec![Entry { key: key(run.at, "hosts"), value: hosts }]),
        )
    };
    let alternatives: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_meant =
        |host: &&Entry| alternatives.iter().any(|all| all.split('&').all(|one| holds(one, host)));
    let meant: Vec<Node> = hosts
        .iter()
        .filter(is_meant)
        .map(|host| {
            let label = |entry: &&Entry| entry.key.as_str() == Some("environment");
            under(host.key.clone(), host.value.entries().iter().find(label).cloned())
        })
        .collect();
    if !meant.is_empty() {
        return meant;
    }
    let said = alternatives.iter().map(|all| {
        let mut conditions = all.split('&').map(str::trim);
        let environment = conditions.clone().find_map(|one| {
            let (label, value) = one.split_once('=')?;
            STAGES.contains(&label.trim()).then(|| value.trim())
        });
        let name = conditions.find(|one| !one.contains('=') && *one != "all");
        let entry =
            |name, value: &str| Entry { key: key(run.at, name), value: key(selector.at, value) };
        match (environment, name) {
            (Some(environment), _) => {
                let label = entry("environment", environment);
                let entries = std::iter::once(label).chain(run.entries().iter().cloned()).collect();
                Node::new(run.at, NodeKind::Mapping(entries))
            }
            (None, Some(name)) => under(key(selector.at, name), None),
            (None, None) => run.clone(),
        }
    });
    said.collect()
}

fn key(at: Location, text: &str) -> Node {
    Node::new(at, NodeKind::Scalar(text.to_owned()))
}

/// Whether one condition holds for a host.
fn holds(condition: &str, host: &Entry) -> bool {
    let condition = condition.trim();
    let Some((label, value)) = condition.split_once('=') else {
        return condition == "all" || host.key.as_str() == Some(condition);
    };
    let (label, is_negated) = match label.strip_suffix('!') {
        Some(label) => (label.trim(), true),
        None => (label.trim(), false),
    };
    let own = host.value.get("labels").and_then(|labels| labels.get(label));
    let own = own.or_else(|| host.value.get("environment").filter(|_| STAGES.contains(&label)));
    let is = |node: &Node| {
        node.as_str().is_some_and(|own| value.split('|').any(|value| value.trim() == own))
    };
    let has = own.is_some_and(|own| is(own) || own.items().iter().any(is));
    has != is_negated
}
