//! Files of variables that Azure's pipelines take in, `variables: - template: vars/saas.yml`: each is that of the jobs beneath.
//!
//! Source: the Azure Pipelines documentation, *Template types & usage*, *Variable reuse*.

use std::collections::{BTreeMap, BTreeSet};

use crate::recognise::compose::beside;
use crate::recognise::pipeline;
use crate::sources::Sources;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node};

/// A template, by its file and its name.
pub type Template = (String, String);

/// A job that extends a template: its name, and the environment that it deploys to.
pub type Job = (String, Option<String>);

/// The jobs that take in the variables of each of these files.
pub fn jobs(sources: &Sources, templates: &BTreeSet<Template>) -> BTreeMap<Template, Vec<Job>> {
    let mut found = BTreeMap::new();
    let pipelines = sources.paths().filter_map(|(id, path)| Some((id, path, sources.get(id)?)));
    let pipelines = pipelines.filter(|(_, path, source)| {
        Yaml.claims(path)
            && source.text().contains("template:")
            && source.text().contains("variables:")
    });
    for (id, path, source) in pipelines {
        for document in &Yaml.parse(id, source.text()).documents {
            visit(path, document, templates, &mut found);
        }
    }
    found
}

/// Visits a node; no deeper than documents nest.
fn visit(
    path: &str,
    node: &Node,
    templates: &BTreeSet<Template>,
    found: &mut BTreeMap<Template, Vec<Job>>,
) {
    for item in node.get("variables").map(Node::items).unwrap_or_default() {
        let name = item.get("template").and_then(Node::as_str);
        let file = name.and_then(|name| match name.strip_prefix('/') {
            Some(rooted) => Some(rooted.to_owned()),
            None => beside(path, name),
        });
        let template = file.map(|file| (file, "variables".to_owned()));
        if let Some(template) = template.filter(|template| templates.contains(template)) {
            let jobs = pipeline::environments_beneath(node).into_iter();
            let jobs =
                jobs.map(|environment| (environment.to_ascii_lowercase(), Some(environment)));
            let jobs: Vec<Job> = jobs.collect();
            if !jobs.is_empty() {
                found.entry(template).or_default().extend(jobs);
            }
        }
    }
    for child in node.items() {
        visit(path, child, templates, found);
    }
    for entry in node.entries() {
        visit(path, &entry.value, templates, found);
    }
}
