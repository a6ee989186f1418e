//! GitLab's pipelines as its runner reads them: `extends`, `!reference`, `parallel:matrix` and `rules:variables` put in, before anything is
//! recognised.
//!
//! Source: the GitLab documentation, *CI/CD YAML syntax reference*: mappings are merged key by key, the job's own last; lists are replaced. What
//! is put in keeps the place where it is written. A template that some job extends gives nothing by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::pipeline::is_above_jobs;
use crate::model::uuid::is_uuid;
use crate::source::Source;
use crate::syntax::{Entry, Node, NodeKind, Problem};

/// How many templates may stand behind each other. GitLab takes eleven.
const MAX_DEPTH: usize = 11;

/// How many values a pipeline may have once all is put in.
const MAX_VALUES: usize = 1_000_000;

/// How many runs of a job are told apart.
const MAX_RUNS: usize = 200;

/// The pipeline as it runs; none where nothing is put in.
///
/// # Errors
/// Where it would have more than [`MAX_VALUES`] values: a list of templates of templates can be as large as it likes.
pub fn merged(source: &Source, document: &Node) -> Result<Option<Node>, Problem> {
    let is_used = document.entries().iter().any(|job| {
        let has = |key: &str| job.value.get(key).is_some();
        let is_hidden = job.key.as_str().is_some_and(|name| name.starts_with('.'));
        is_hidden || has("extends") || has("parallel") || ruled(&job.value).next().is_some()
    });
    if !is_used && !source.text().contains("!reference") {
        return Ok(None);
    }
    let mut templates: BTreeMap<&str, &Node> = BTreeMap::new();
    for entry in document.entries() {
        templates.extend(entry.key.as_str().map(|key| (key, &entry.value)));
    }
    let mut merging = Merging { source, templates, extended: BTreeSet::new(), left: MAX_VALUES };
    let mut entries: Vec<Entry> = Vec::new();
    for entry in document.entries() {
        let name = entry.key.as_str().unwrap_or_default();
        let is_ruled = name == "workflow";
        let is_job = (is_ruled || !is_above_jobs(name)) && !entry.value.entries().is_empty();
        let value = if is_job { merging.job(&entry.value, 0) } else { entry.value.clone() };
        let runs = if is_job { merging.runs(&value) } else { Vec::new() };
        if runs.is_empty() {
            entries.push(Entry { key: entry.key.clone(), value });
        }
        entries.extend(runs.into_iter().map(|value| Entry { key: entry.key.clone(), value }));
    }
    if merging.left == 0 {
        let message = "its templates make too many values: its jobs are read without them";
        return Err(Problem { at: document.at, message: message.to_owned() });
    }
    let is_extended = |entry: &Entry| {
        entry.key.as_str().is_some_and(|key| key.starts_with('.') && merging.extended.contains(key))
    };
    // Where nothing else can extend it, a hidden job that nobody names is switched off.
    let is_root = source.path() == ".gitlab-ci.yml" && document.get("include").is_none();
    let is_off = |entry: &Entry| {
        let name = entry.key.as_str().filter(|name| name.starts_with('.') && is_root);
        name.is_some_and(|name| source.text().matches(name).count() == 1)
    };
    entries.retain(|entry| !is_extended(entry) && !is_off(entry));
    Ok(Some(Node::new(document.at, NodeKind::Mapping(entries))))
}

/// The pipeline of several documents: each mapping beneath those before it, key by key.
///
/// Source: the GitLab documentation, *Use CI/CD configuration from other files*: what is included is merged first, the file's own last.
#[must_use]
pub fn joined(documents: &[Node]) -> Option<Node> {
    let [own, included @ ..] = documents else { return None };
    let is_pipeline = |node: &&Node| matches!(node.kind, NodeKind::Mapping(_));
    let all = included.iter().chain([own]).filter(is_pipeline).cloned();
    let whole = all.reduce(over).filter(|_| !included.is_empty())?;
    Some(Node { at: own.at, ..whole })
}

struct Merging<'a> {
    source: &'a Source,
    templates: BTreeMap<&'a str, &'a Node>,
    /// The templates that jobs take in.
    extended: BTreeSet<String>,
    /// How many values may still be put in.
    left: usize,
}

impl Merging<'_> {
    /// A job with what it extends beneath its own.
    fn job(&mut self, job: &Node, depth: usize) -> Node {
        if self.left == 0 {
            return Node::new(job.at, NodeKind::Null);
        }
        let mut whole: Option<Node> = None;
        let named = job.get("extends").filter(|_| depth < MAX_DEPTH).into_iter();
        let named = named.flat_map(|names| std::iter::once(names).chain(names.items()));
        let extended: Vec<String> = named.filter_map(Node::as_str).map(str::to_owned).collect();
        for name in extended {
            let Some(&template) = self.templates.get(name.as_str()) else { continue };
            self.extended.insert(name);
            let template = self.job(template, depth + 1);
            whole = Some(match whole {
                Some(under) => over(under, template),
                None => template,
            });
        }
        let own = self.referred(job, depth);
        let own = match whole {
            Some(under) => over(under, own),
            None => own,
        };
        Node { at: job.at, ..own }
    }

    /// A node with what `!reference` names in its place; no deeper than documents nest.
    fn referred(&mut self, node: &Node, depth: usize) -> Node {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Node::new(node.at, NodeKind::Null);
        }
        if let Some(found) = self.reference(node).filter(|_| depth < MAX_DEPTH) {
            return self.referred(&found, depth + 1);
        }
        let kind = match &node.kind {
            NodeKind::Mapping(entries) => NodeKind::Mapping(
                entries
                    .iter()
                    .map(|entry| Entry {
                        key: entry.key.clone(),
                        value: self.referred(&entry.value, depth),
                    })
                    .collect(),
            ),
            NodeKind::Sequence(items) => {
                let mut all = Vec::new();
                for item in items {
                    let is_reference = self.reference(item).is_some();
                    match self.referred(item, depth) {
                        Node { kind: NodeKind::Sequence(more), .. } if is_reference => {
                            all.extend(more);
                        }
                        other => all.push(other),
                    }
                }
                NodeKind::Sequence(all)
            }
            other => other.clone(),
        };
        Node::new(node.at, kind)
    }

    /// What a `!reference [job, key, …]` names.
    fn reference(&mut self, node: &Node) -> Option<Node> {
        let [job, keys @ ..] = node.items() else { return None };
        let before = self.source.text().get(..node.at.span.start as usize)?;
        if !before.trim_end().ends_with("!reference") {
            return None;
        }
        let name = job.as_str()?;
        let mut found = *self.templates.get(name)?;
        for key in keys {
            found = found.get(key.as_str()?)?;
        }
        self.extended.insert(name.to_owned());
        Some(found.clone())
    }

    /// The runs of a job with a matrix of variables, each with its own; a list of values is as many runs.
    fn runs(&mut self, job: &Node) -> Vec<Node> {
        let matrix = job.get("parallel").and_then(|parallel| parallel.get("matrix"));
        let mut sets: Vec<Vec<Entry>> = Vec::new();
        for set in matrix.map(Node::items).unwrap_or_default() {
            let mut combined: Vec<Vec<Entry>> = vec![Vec::new()];
            for entry in set.entries() {
                let values = if entry.value.items().is_empty() {
                    std::slice::from_ref(&entry.value)
                } else {
                    entry.value.items()
                };
                if combined.len() * values.len() > MAX_RUNS {
                    return Vec::new();
                }
                combined = combined
                    .iter()
                    .flat_map(|before| {
                        values.iter().map(|value| {
                            let own = Entry { key: entry.key.clone(), value: value.clone() };
                            before.iter().cloned().chain([own]).collect()
                        })
                    })
                    .collect();
            }
            if sets.len() + combined.len() > MAX_RUNS {
                return Vec::new();
            }
            sets.extend(combined);
        }
        let naming = if job.get("environment").is_none() { naming(&sets) } else { None };
        let mut runs = Vec::new();
        for variables in sets {
            self.left = self.left.saturating_sub(size(job));
            if self.left == 0 {
                break;
            }
            let is_it = |entry: &&Entry| entry.key.as_str() == naming.as_deref();
            let name = variables.iter().find(is_it).filter(|_| naming.is_some()).cloned();
            let mut run = run(job, variables);
            if let (Some(name), NodeKind::Mapping(entries)) = (name, &mut run.kind) {
                let key = Node::new(name.key.at, NodeKind::Scalar("environment".to_owned()));
                entries.push(Entry { key, value: name.value });
            }
            runs.push(run);
        }
        if runs.is_empty() { self.runs_by_rules(job) } else { runs }
    }

    /// The runs of a job whose rules set variables, one for each: where its environment is none of these, that is what the rule compares with.
    fn runs_by_rules(&mut self, job: &Node) -> Vec<Node> {
        let mut runs = Vec::new();
        for (rule, variables) in ruled(job).take(MAX_RUNS) {
            self.left = self.left.saturating_sub(size(job));
            if self.left == 0 {
                break;
            }
            let mut of_rule = run(job, variables.to_vec());
            let condition = rule.get("if");
            let compared = condition.and_then(|node| Some((node.at, compared(node.as_str()?)?)));
            if let (NodeKind::Mapping(entries), Some((at, branch)), None) =
                (&mut of_rule.kind, compared, job.get("environment"))
            {
                entries.push(Entry {
                    key: Node::new(at, NodeKind::Scalar("environment".to_owned())),
                    value: Node::new(at, NodeKind::Scalar(branch.to_owned())),
                });
            }
            runs.push(of_rule);
        }
        runs
    }
}

/// The rules of a job that set variables, with these.
fn ruled(job: &Node) -> impl Iterator<Item = (&Node, &[Entry])> {
    let rules = job.get("rules").map(Node::items).unwrap_or_default().iter();
    let rules = rules.filter_map(|rule| Some((rule, rule.get("variables")?.entries())));
    rules.filter(|(_, variables)| !variables.is_empty())
}

/// What a condition compares a variable with: `$CI_COMMIT_BRANCH == "main"`.
fn compared(condition: &str) -> Option<&str> {
    let (left, right) = condition.split_once("==")?;
    // What starts a pipeline is no place that it deploys to.
    let is_of_run = left.contains("CI_PIPELINE_SOURCE") || left.contains("CI_MERGE_REQUEST");
    let right = right.trim_start();
    let quote = right.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    right.get(1..)?.split(quote).next().filter(|text| !text.is_empty() && !is_of_run)
}

/// One mapping over another, key by key.
fn over(under: Node, own: Node) -> Node {
    let at = own.at;
    let (NodeKind::Mapping(mut entries), NodeKind::Mapping(more)) = (under.kind, own.kind) else {
        return Node::new(at, NodeKind::Null);
    };
    let name = |entry: &Entry| entry.key.as_str().unwrap_or_default().to_owned();
    let mut places: BTreeMap<String, usize> =
        entries.iter().enumerate().map(|(at, entry)| (name(entry), at)).collect();
    for entry in more {
        let place = *places.entry(name(&entry)).or_insert(entries.len());
        let Some(known) = entries.get_mut(place) else {
            entries.push(entry);
            continue;
        };
        let is_merged = !known.value.entries().is_empty() && !entry.value.entries().is_empty();
        let under = std::mem::replace(&mut known.value, Node::new(at, NodeKind::Null));
        known.value = if is_merged { over(under, entry.value) } else { entry.value };
        known.key = entry.key;
    }
    Node::new(at, NodeKind::Mapping(entries))
}

/// How many values a node holds, itself among them.
fn size(node: &Node) -> usize {
    let entries = node.entries().iter().map(|entry| size(&entry.value)).sum::<usize>();
    1 + entries + node.items().iter().map(size).sum::<usize>()
}

/// The variable that names for what a run is, where each of the runs is given an id of its own: the first whose names differ.
fn naming(sets: &[Vec<Entry>]) -> Option<String> {
    let value = |set: &'_ [Entry], key: &str| {
        let entry = set.iter().find(|entry| entry.key.as_str() == Some(key));
        entry.and_then(|entry| entry.value.as_str()).map(str::to_owned)
    };
    let keys = |set: &[Entry]| {
        set.iter().filter_map(|entry| entry.key.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let all =
        |key: &String| -> Option<Vec<String>> { sets.iter().map(|set| value(set, key)).collect() };
    let keys = sets.first().map(|set| keys(set)).unwrap_or_default();
    let has_ids = keys.iter().filter_map(all).any(|all| all.iter().all(|text| is_uuid(text)));
    if sets.len() < 2 || !has_ids {
        return None;
    }
    let is_name = |text: &String| {
        !is_uuid(text) && text.starts_with(|first: char| first.is_ascii_alphabetic())
    };
    // Machines that differ by a number alone are of one installation.
    let stem = |text: &String| text.replace(|letter: char| letter.is_ascii_digit(), "");
    keys.into_iter().find(|key| {
        all(key).is_some_and(|all| {
            let stems: BTreeSet<String> = all.iter().map(stem).collect();
            all.iter().all(is_name) && stems.len() == all.len()
        })
    })
}

/// A job with the variables of one run; its environment by them.
fn run(job: &Node, variables: Vec<Entry>) -> Node {
    let fill = |node: &mut Node| {
        if let NodeKind::Scalar(text) = &mut node.kind {
            for entry in &variables {
                let Some((name, value)) = entry.key.as_str().zip(entry.value.as_str()) else {
                    continue;
                };
                *text = filled(text, name, value);
            }
        }
    };
    let mut entries: Vec<Entry> = job.entries().to_vec();
    entries.retain(|entry| !matches!(entry.key.as_str(), Some("parallel" | "rules")));
    for entry in &mut entries {
        if entry.key.as_str() != Some("environment") {
            continue;
        }
        fill(&mut entry.value);
        if let NodeKind::Mapping(within) = &mut entry.value.kind {
            let named = within.iter_mut().filter(|entry| entry.key.as_str() == Some("name"));
            named.for_each(|name| fill(&mut name.value));
        }
    }
    let own = entries.iter_mut().find(|entry| entry.key.as_str() == Some("variables"));
    match own.map(|entry| &mut entry.value.kind) {
        Some(NodeKind::Mapping(own)) => {
            let is_set = |key: &Node| variables.iter().any(|set| set.key.as_str() == key.as_str());
            own.retain(|entry| !is_set(&entry.key));
            own.extend(variables);
        }
        _ => {
            if let Some(key) = variables.first().map(|first| first.key.at) {
                entries.push(Entry {
                    key: Node::new(key, NodeKind::Scalar("variables".to_owned())),
                    value: Node::new(key, NodeKind::Mapping(variables)),
                });
            }
        }
    }
    Node::new(job.at, NodeKind::Mapping(entries))
}

/// A text with the value of a variable in its place: `production/$SHOP`, `${STAGE}-eu`.
fn filled(text: &str, name: &str, value: &str) -> String {
    let text = text.replace(&format!("${{{name}}}"), value);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        let end = behind.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let (own, after) = behind.split_at(end.unwrap_or(behind.len()));
        if own == name {
            out.push_str(value);
        } else {
            out.push('$');
            out.push_str(own);
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::syntax::Format as _;
    use crate::syntax::yaml::Yaml;

    fn read(text: &str) -> Result<Option<Node>, Problem> {
        let source = Source::new(".gitlab-ci.yml".to_owned(), text.as_bytes().to_vec());
        let parsed = Yaml.parse(SourceId(0), source.text());
        merged(&source, &parsed.documents[0])
    }

    #[test]
    fn a_variable_is_filled_in_by_its_whole_name() {
        for (text, expected) in [
            ("$SHOP", "de"),
            ("production/$SHOP", "production/de"),
            ("${SHOP}-$STAGE", "de-$STAGE"),
            ("$SHOPS/$SHOP", "$SHOPS/de"),
            ("a $ b", "a $ b"),
        ] {
            assert_eq!(filled(text, "SHOP", "de"), expected);
        }
    }

    #[test]
    fn templates_of_templates_end() {
        let mut text = ".t0:\n  variables: {A: b}\n".to_owned();
        for level in 1..11 {
            let above = vec![format!(".t{}", level - 1); 12].join(", ");
            text += format!(".t{level}:\n  extends: [{above}]\n").as_str();
        }
        assert!(read(&(text + "job:\n  extends: .t10\n")).is_err());
    }

    #[test]
    fn what_names_itself_ends() {
        let found = read(".a:\n  extends: .b\n.b:\n  extends: .a\njob:\n  extends: .a\n");
        assert_eq!(found.expect("few values").expect("it is put in").entries().len(), 1);
        let found = read("job:\n  script: [!reference [job, script]]\n");
        assert!(found.is_ok());
    }
}
