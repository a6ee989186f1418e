//! Files of variables that Azure's pipelines take in, `variables: - template: vars/saas.yml`: each is that of the jobs beneath. What a job
//! sets itself stays its own.
//!
//! Source: the Azure Pipelines documentation, *Template types & usage*, *Variable reuse*.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::globs::matcher;
use crate::recognise::{Contribution, Recognised, Said, pipeline};
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node};

/// The key of what all jobs have.
const VARIABLES: &str = "variables";

/// Environments to which jobs deploy that take in a file of variables.
type Environments = Vec<String>;

/// Gives what files of variables set to the jobs that take them in.
pub fn spread(sources: &Sources, recognised: &mut [Recognised]) {
    let parts = || recognised.iter().flat_map(|found| &found.contributions);
    let files: BTreeSet<&str> =
        parts().filter(|part| is_of_all(part)).map(|part| sources.path(part.source)).collect();
    let files: BTreeSet<String> = files.into_iter().map(str::to_owned).collect();
    let jobs = if files.is_empty() { BTreeMap::new() } else { jobs(sources, &files) };
    if jobs.is_empty() {
        return;
    }
    for found in recognised {
        for part in std::mem::take(&mut found.contributions) {
            match jobs.get(sources.path(part.source)).filter(|_| is_of_all(&part)) {
                Some(environments) => {
                    found.contributions.extend(environments.iter().map(|one| of_job(&part, one)));
                }
                None => found.contributions.push(part),
            }
        }
    }
}

/// Whether a part is what stands above all jobs of a file.
fn is_of_all(part: &Contribution) -> bool {
    let said = part.said.as_ref().filter(|said| said.how == Said::KEYS);
    said.is_some_and(|said| said.names.as_slice() == [VARIABLES]) && !part.settings.is_empty()
}

/// What a job has of a file of variables.
fn of_job(part: &Contribution, environment: &str) -> Contribution {
    let names = [Said::IDLE_JOB, &environment.to_ascii_lowercase(), Said::ENVIRONMENT, environment];
    let said = Some(Said { how: Said::KEYS, names: names.map(str::to_owned).to_vec() });
    Contribution { said, ..part.clone() }
}

/// The environments of the jobs that take in the variables of each of these files.
fn jobs(sources: &Sources, files: &BTreeSet<String>) -> BTreeMap<String, Environments> {
    let mut found = BTreeMap::new();
    let pipelines = sources.paths().filter_map(|(id, path)| Some((id, path, sources.get(id)?)));
    let pipelines = pipelines.filter(|(_, path, source)| {
        Yaml.claims(path)
            && source.text().contains("template:")
            && source.text().contains("variables:")
    });
    for (id, path, source) in pipelines {
        for document in &Yaml.parse(id, source.text()).documents {
            visit(path, document, files, &mut found);
        }
    }
    found
}

/// The files of variables that a pipeline takes in, with any text in the place of what only running it would tell:
/// `- template: vars/${{ parameters.environment }}.yml`.
#[must_use]
pub fn files(source: &Source) -> Vec<GlobMatcher> {
    let (path, text) = (source.path(), source.text());
    let takes = Yaml.claims(path) && text.contains("template:") && text.contains("variables:");
    let mut found = Vec::new();
    let documents = if takes { Yaml.parse(SourceId(0), text).documents } else { Vec::new() };
    let mut open: Vec<(&Node, bool)> = documents.iter().map(|node| (node, false)).collect();
    while let Some((node, is_of_variables)) = open.pop() {
        let written = node.get("template").filter(|_| is_of_variables);
        found.extend(written.and_then(|written| matching(path, source.slice(written.at.span))));
        open.extend(node.items().iter().map(|item| (item, is_of_variables)));
        open.extend(node.entries().iter().map(|entry| {
            let is_of_variables = is_of_variables || entry.key.as_str() == Some(VARIABLES);
            (&entry.value, is_of_variables)
        }));
    }
    found
}

/// The files that a name of a template means.
fn matching(path: &str, written: &str) -> Option<GlobMatcher> {
    let mut glob = String::new();
    let mut rest = written.trim_matches(['"', '\'']);
    while let Some((before, hole)) = rest.split_once("${{") {
        let (_, behind) = hole.split_once("}}")?;
        glob.extend([globset::escape(before).as_str(), "*"]);
        rest = behind;
    }
    glob += &globset::escape(rest);
    let file = match glob.strip_prefix('/') {
        Some(rooted) => Some(rooted.to_owned()),
        None => beside(path, &glob),
    };
    file.filter(|file| !file.contains('@') && *file != "*").and_then(|file| matcher(&file))
}

/// Visits a node; no deeper than documents nest.
fn visit(
    path: &str,
    node: &Node,
    files: &BTreeSet<String>,
    found: &mut BTreeMap<String, Environments>,
) {
    for item in node.get("variables").map(Node::items).unwrap_or_default() {
        let name = item.get("template").and_then(Node::as_str);
        let file = name.and_then(|name| match name.strip_prefix('/') {
            Some(rooted) => Some(rooted.to_owned()),
            None => beside(path, name),
        });
        if let Some(file) = file.filter(|file| files.contains(file)) {
            let environments = pipeline::environments_beneath(node);
            if !environments.is_empty() {
                found.entry(file).or_default().extend(environments);
            }
        }
    }
    for child in node.items() {
        visit(path, child, files, found);
    }
    for entry in node.entries() {
        visit(path, &entry.value, files, found);
    }
}
