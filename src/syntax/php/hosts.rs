//! A recipe of Deployer's: its hosts, `host('shop-prod')->set('env', […])`, what it sets for all of them, `set('space', '…')`, and the scripts
//! that its tasks run, `run('bin/magento …')`.
//!
//! Source: the Deployer documentation, *Hosts*, *Tasks*, *API Reference*. Each call gives every host that it names what it sets, under `hosts`
//! as in Deployer's own YAML; a script stands under `run`, and under its host where it is run `on(host('…'), …)`.

use super::lexer::{Kind, Lexer};
use super::parser::Parser;
use super::selected::{self, STAGES};
use super::strings;
use crate::source::{Location, SourceId};
use crate::syntax::{Entry, Node, NodeKind};

impl Parser<'_> {
    /// Reads what stands behind `host`: names in parentheses, then the calls on them.
    pub(super) fn host(&mut self) {
        if self.token.kind != Kind::Mark(b'(') {
            return;
        }
        let mark = self.problems.len();
        let names = self.arguments();
        let mut entries: Vec<Entry> = Vec::new();
        while self.token.kind == Kind::Member {
            self.bump();
            let method = self.word();
            self.bump();
            if self.token.kind != Kind::Mark(b'(') {
                break;
            }
            let mut given = self.arguments().into_iter();
            let pair = (given.next(), given.next());
            // `setLabels(['stage' => 'production'])`, `set('labels', […])`, and `stage('production')` before version 7.
            let labels = match (method.to_ascii_lowercase().as_str(), &pair) {
                ("setlabels", (Some(labels), _)) => Some(labels),
                ("set", (Some(key), Some(labels))) if key.as_str() == Some("labels") => {
                    Some(labels)
                }
                _ => None,
            };
            let stage = STAGES.iter().find_map(|key| labels?.get(key));
            let stage = match &pair {
                (Some(stage), None) if method.eq_ignore_ascii_case("stage") => Some(stage),
                _ => stage,
            };
            if let Some(stage) = stage.filter(|stage| stage.as_str().is_some()) {
                let key = Node::new(stage.at, NodeKind::Scalar("environment".to_owned()));
                entries.push(Entry { key, value: stage.clone() });
            }
            if let Some(labels) = labels.filter(|_| method.eq_ignore_ascii_case("setlabels")) {
                let key = Node::new(labels.at, NodeKind::Scalar("labels".to_owned()));
                entries.push(Entry { key, value: labels.clone() });
            }
            if let (Some(key), Some(value)) = pair
                && method.eq_ignore_ascii_case("set")
                && key.as_str().is_some()
            {
                entries.push(Entry { key, value });
            }
        }
        self.problems.truncate(mark);
        let is_idle = entries.is_empty() && !is_recipe(self.text);
        let (Some(first), false) = (names.first(), is_idle) else { return };
        let start = first.at.span.range().start;
        let at = Location::new(first.at.source, start, self.last_end);
        let values = Node::new(at, NodeKind::Mapping(entries));
        let hosts = names.into_iter().filter(|name| name.as_str().is_some());
        let hosts = hosts.map(|key| Entry { key, value: values.clone() }).collect();
        let key =
            Node::new(Location::new(at.source, start, start), NodeKind::Scalar("hosts".into()));
        let value = Node::new(at, NodeKind::Mapping(hosts));
        self.put.push(Node::new(at, NodeKind::Mapping(vec![Entry { key, value }])));
    }

    /// Reads what stands behind `set`: what all hosts have.
    pub(super) fn set_for_all(&mut self) {
        let mark = self.problems.len();
        let mut given = self.arguments().into_iter();
        self.problems.truncate(mark);
        if let (Some(key), Some(value)) = (given.next(), given.next())
            && key.as_str().is_some()
        {
            let at = Location::new(key.at.source, key.at.span.range().start, self.last_end);
            self.put.push(Node::new(at, NodeKind::Mapping(vec![Entry { key, value }])));
        }
    }

    /// The arguments of a call, from its opening parenthesis to behind the closing one.
    fn arguments(&mut self) -> Vec<Node> {
        let mut given = Vec::new();
        self.bump();
        loop {
            match self.token.kind {
                Kind::Mark(b')') => {
                    self.bump();
                    return given;
                }
                Kind::Mark(b',') => self.bump(),
                Kind::Eof | Kind::Mark(b';' | b'{' | b'}') => return given,
                _ => {
                    let before = self.token.start;
                    given.push(self.value());
                    if self.token.start == before {
                        self.bump();
                    }
                }
            }
        }
    }
}

/// Whether a text is a recipe of Deployer's.
#[must_use]
pub fn is_recipe(text: &str) -> bool {
    text.contains("namespace Deployer;") || text.contains("use function Deployer\\")
}

/// The functions whose first argument a shell runs.
const RUNNING: [&str; 3] = ["run", "runLocally", "invokeScript"];

/// The functions and methods that say on which hosts code runs, by a selector: one at the front of `on`, one behind a task, and what the methods
/// were called before version 7.
const SELECTING: [&str; 3] = ["select", "onHosts", "onStage"];

/// The scripts that a recipe runs, each with the hosts that it runs on, as the recipe's documents describe them.
pub fn scripts(id: SourceId, text: &str, documents: &[Node]) -> Vec<Node> {
    let hosts = documents.iter().filter_map(|document| document.get("hosts"));
    let hosts: Vec<Entry> = hosts.flat_map(Node::entries).cloned().collect();
    let mut found: Vec<Node> = Vec::new();
    // The calls of `task` that are open: how deep each stands, and which scripts stand before it; and the task behind which the text is.
    let mut tasks: Vec<(usize, usize)> = Vec::new();
    let mut behind: Option<usize> = None;
    // The selector of the `on(…)` that is open, how deep that stands, and which scripts stand before it.
    let mut selected: Option<(Node, usize, usize)> = None;
    let mut lexer = Lexer::new(text, true);
    let mut depth = 0_usize;
    // The host of the `on(…)` that is open, and how deep that stands.
    let mut host: Option<(Node, usize)> = None;
    let mut last: [&str; 4] = [""; 4];
    loop {
        let token = lexer.next();
        let written = text.get(token.start..token.end).unwrap_or_default();
        match token.kind {
            Kind::Eof => break,
            Kind::Mark(b'(' | b'[' | b'{') => {
                if written == "(" && last[3] == "task" {
                    tasks.push((depth, found.len()));
                }
                depth += 1;
            }
            Kind::Mark(b')' | b']' | b'}') => {
                depth = depth.saturating_sub(1);
                host = host.filter(|(_, open)| depth >= *open);
                if let Some((selector, _, first)) = selected.take_if(|(_, open, _)| depth < *open) {
                    select(&mut found, first, &selector, &hosts);
                }
                if let Some((_, first)) = tasks.pop_if(|(open, _)| depth <= *open) {
                    behind = Some(first);
                }
            }
            Kind::Mark(b';') if tasks.is_empty() => behind = None,
            Kind::Text => {
                let value = strings::value(written, token.closed);
                let at = Location::new(id, token.start, token.end);
                let node = value.map(|value| Node::new(at, NodeKind::Scalar(value)));
                match (last, node) {
                    ([.., call, "("], Some(script)) if RUNNING.contains(&call) => {
                        found.push(script_of(script, host.as_ref().map(|(host, _)| host)));
                    }
                    (["on", "(", "host", "("], Some(name)) => {
                        host = Some((name, depth.saturating_sub(1)));
                    }
                    (["on", "(", "select", "("], Some(selector)) => {
                        selected = Some((selector, depth.saturating_sub(1), found.len()));
                    }
                    ([_, "->", method, "("], Some(selector)) if SELECTING.contains(&method) => {
                        if let Some(first) = behind {
                            let written = if method == "onStage" { "stage=" } else { "" };
                            select(&mut found, first, &prefixed(selector, written), &hosts);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        last = [last[1], last[2], last[3], written];
    }
    found
}

/// Puts scripts, from one on, under the hosts that a selector means.
fn select(found: &mut Vec<Node>, first: usize, selector: &Node, hosts: &[Entry]) {
    for run in found.split_off(first) {
        // What runs on a host of its own stays there.
        if run.get("run").is_some() {
            found.extend(selected::documents(selector, hosts, &run));
        } else {
            found.push(run);
        }
    }
}

fn prefixed(node: Node, with: &str) -> Node {
    match &node.kind {
        NodeKind::Scalar(text) => Node::new(node.at, NodeKind::Scalar(format!("{with}{text}"))),
        _ => node,
    }
}

/// What `Hypernode\DeployConfiguration` sets: `setVariable('CONFIG__…', '…', 'production')`, for one stage or for all.
///
/// Source: the Hypernode documentation, *Hypernode Deploy*, *Configuration*.
pub fn variables(id: SourceId, text: &str) -> Vec<Node> {
    let mut found = Vec::new();
    if !text.contains("setVariable") {
        return found;
    }
    let mut lexer = Lexer::new(text, true);
    let mut last: [&str; 2] = [""; 2];
    let mut given: Option<Vec<Node>> = None;
    loop {
        let token = lexer.next();
        let written = text.get(token.start..token.end).unwrap_or_default();
        match (token.kind, &mut given) {
            (Kind::Eof, _) => break,
            (Kind::Mark(b')' | b';'), Some(_)) => {
                found.extend(given.take().and_then(variable_of));
            }
            (Kind::Mark(b','), Some(_)) => {}
            (kind, Some(given)) => {
                let at = Location::new(id, token.start, token.end);
                let is_text = kind == Kind::Text;
                let text = is_text.then(|| strings::value(written, token.closed)).flatten();
                given.push(Node::new(at, text.map_or(NodeKind::Expression, NodeKind::Scalar)));
            }
            (Kind::Mark(b'('), None) if last[1] == "setVariable" => given = Some(Vec::new()),
            _ => {}
        }
        last = [last[1], written];
    }
    found
}

/// A document with a variable, and with the stage that it is for.
fn variable_of(given: Vec<Node>) -> Option<Node> {
    let mut given = given.into_iter();
    let (key, value, stage) = (given.next()?, given.next()?, given.next());
    let at = Location::new(key.at.source, key.at.span.range().start, value.at.span.range().end);
    let environment = Node::new(key.at, NodeKind::Scalar("environment".to_owned()));
    let stage = stage.map(|value| Entry { key: environment, value });
    let entries = stage.into_iter().chain([Entry { key, value }]).collect();
    Some(Node::new(at, NodeKind::Mapping(entries)))
}

/// A document with a script.
fn script_of(script: Node, host: Option<&Node>) -> Node {
    let at = script.at;
    let start = Location::new(at.source, at.span.range().start, at.span.range().start);
    let under =
        |key: Node, value: Node| Node::new(at, NodeKind::Mapping(vec![Entry { key, value }]));
    let named = |name: &str| Node::new(start, NodeKind::Scalar(name.to_owned()));
    let run = under(named("run"), script);
    match host {
        Some(host) => under(named("hosts"), under(host.clone(), run)),
        None => run,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_no_text_whatever_its_letters() {
        for name in ["b", "B", "Bar", "b_", "\\b"] {
            let text = format!(
                "<?php\n$all->setVariable('A', {name}, 'live');\n$all->setVariable({name}, b'x', {name});"
            );
            let found = variables(SourceId(0), &text);
            let values: Vec<Option<&str>> = found
                .iter()
                .map(|node| node.entries().last().and_then(|entry| entry.value.as_str()))
                .collect();
            assert_eq!(values, [None, Some("x")], "{name}");
        }
    }
}
