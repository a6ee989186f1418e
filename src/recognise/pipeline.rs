//! Pipelines, playbooks, jobs and hooks: what their scripts give beside what they set themselves, and the jobs that set nothing.

use std::collections::BTreeSet;

use super::handed::Handed;
use super::{Contribution, Recognised, Said, matrix, scripts};
use crate::source::{Location, Source};
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, file_name};

/// What a document gives, with what its scripts give: one object has both, many have them beside.
#[must_use]
pub fn with_scripts(
    (source, handed): (&Source, &Handed),
    document: &Node,
    mut found: Vec<Contribution>,
    recognised: &mut Recognised,
) -> Vec<Contribution> {
    let (mut reader, mut places) =
        scripts::read((source, handed), document, &mut recognised.problems);
    recognised.edits.append(&mut reader.edits);
    // Each place with how far those up to it reach.
    let mut reach = 0;
    let mut covered: Vec<(u32, u32)> = Vec::new();
    places.sort_by_key(|place| place.span.start);
    for place in &places {
        reach = place.span.end.max(reach);
        covered.push((place.span.start, reach));
    }
    let is_read = |at: Location| {
        let before =
            covered.partition_point(|&(start, _)| start < at.span.end.max(at.span.start + 1));
        before
            .checked_sub(1)
            .and_then(|last| covered.get(last))
            .is_some_and(|&(_, end)| end > at.span.start)
    };
    for contribution in &mut found {
        contribution.settings.retain(|setting| !is_read(setting.at));
    }
    for scripts in reader.finish() {
        if let Some(service) = service_of(&scripts, &mut found) {
            service.settings.extend(scripts.settings);
            service.opaque.extend(scripts.opaque);
            continue;
        }
        match found.as_mut_slice() {
            [only] if only.is_object || only.said == scripts.said => {
                only.settings.extend(scripts.settings);
                only.commands.extend(scripts.commands);
                only.opaque.extend(scripts.opaque);
            }
            _ => found.push(scripts),
        }
    }
    found
}

/// The part of the service that a script of a compose file stands in.
fn service_of<'f>(
    scripts: &Contribution,
    found: &'f mut [Contribution],
) -> Option<&'f mut Contribution> {
    let [services, name, ..] = scripts.said.as_ref()?.names.as_slice() else { return None };
    if services != "services" {
        return None;
    }
    let is_it = |said: &Said| matches!(said.names.as_slice(), [service] if service.eq_ignore_ascii_case(name));
    found.iter_mut().find(|part| {
        let said = part.said.as_ref().filter(|said| said.how == Said::SERVICE);
        said.is_some_and(is_it)
    })
}

/// An empty contribution for each job that deploys to an environment and sets nothing itself, where variables stand above all jobs: it
/// inherits them.
#[must_use]
pub fn idle_jobs(source: &Source, document: &Node, found: &[Contribution]) -> Vec<Contribution> {
    let is_azure = is_azure(document);
    let is_pipeline =
        source.path().contains(".github/workflows/") || has_jobs_at_top(source.path()) || is_azure;
    let jobs = document.get("jobs").filter(|_| !is_azure);
    let names = |part: &Contribution| part.said.clone().map_or_else(Vec::new, |said| said.names);
    let is_above = |part: &Contribution| match jobs {
        Some(_) => !names(part).iter().any(|name| name == "jobs"),
        None => names(part) == ["variables"],
    };
    if !is_pipeline || !found.iter().any(|part| !part.settings.is_empty() && is_above(part)) {
        return Vec::new();
    }
    let deploys_to = |name: &str| vec![Said::ENVIRONMENT.to_owned(), name.to_owned()];
    let environment = |job: &Node| {
        let environment = job.get("environment")?;
        let name = environment.as_str().or_else(|| environment.get("name")?.as_str())?;
        // `review/$BRANCH` is many.
        (!name.contains('$')).then(|| deploys_to(name))
    };
    let known: BTreeSet<String> = found.iter().flat_map(names).collect();
    let is_known = |name: &String| known.contains(name);
    if is_azure {
        let idle = environments_beneath(document).into_iter().filter(|name| !is_known(name));
        return idle
            .map(|name| Contribution {
                said: Some(Said { how: Said::KEYS, names: deploys_to(&name) }),
                ..Contribution::of(document.at.source)
            })
            .collect();
    }
    let entries = jobs.unwrap_or(document).entries().iter();
    entries
        .filter_map(|job| Some((job.key.as_str()?, &job.value)))
        .filter(|(key, job)| !key.starts_with('.') && !job.entries().is_empty())
        .flat_map(|(key, job)| {
            let runs = matrix::runs(job);
            if !runs.is_empty() {
                return runs.iter().map(|run| deploys_to(&run.environment)).collect();
            }
            if job.get("environment").is_some() {
                return environment(job).into_iter().collect();
            }
            vec![vec![Said::IDLE_JOB.to_owned(), key.to_ascii_lowercase()]]
        })
        .filter(|said| !said.last().is_some_and(is_known))
        .map(|names| Contribution {
            said: Some(Said { how: Said::KEYS, names }),
            ..Contribution::of(document.at.source)
        })
        .collect()
}

/// Whether a document is a pipeline of Azure's with jobs that deploy.
fn is_azure(document: &Node) -> bool {
    let jobs = ["stages", "jobs"].map(|key| document.get(key)).into_iter().flatten();
    jobs.flat_map(Node::items).next().is_some() && !environments_beneath(document).is_empty()
}

/// The environments to which jobs of a pipeline of Azure's deploy, beneath a node.
///
/// Source: the Azure Pipelines documentation, *Deployment jobs*.
#[must_use]
pub fn environments_beneath(node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Node> = vec![node];
    while let Some(node) = open.pop() {
        if node.get("deployment").is_some()
            && let Some(environment) = node.get("environment")
        {
            let name = environment.as_str().or_else(|| environment.get("name")?.as_str());
            let name = name.map(|name| name.split('.').next().unwrap_or_default());
            found.extend(name.filter(|name| !name.contains('$')).map(str::to_owned));
        }
        for key in ["stages", "jobs"] {
            open.extend(node.get(key).into_iter().flat_map(Node::items));
        }
    }
    found
}

/// An empty contribution for each environment of a document that sets nothing itself, where settings stand above all of them.
#[must_use]
pub fn idle_environments(document: &Node, found: &[Contribution]) -> Vec<Contribution> {
    const ENVIRONMENTS: &str = "environments";
    let names = |part: &Contribution| part.said.clone().map_or_else(Vec::new, |said| said.names);
    let is_above = |part: &Contribution| {
        !part.is_object && !names(part).iter().any(|name| name == ENVIRONMENTS)
    };
    if !found.iter().any(|part| !part.settings.is_empty() && is_above(part)) {
        return Vec::new();
    }
    let known: BTreeSet<String> = found.iter().flat_map(names).collect();
    let entries = document.get(ENVIRONMENTS).map(Node::entries).unwrap_or_default();
    let keys = entries.iter().filter_map(|entry| Some(entry.key.as_str()?.to_ascii_lowercase()));
    keys.filter(|key| !known.contains(key))
        .map(|key| Contribution {
            said: Some(Said { how: Said::KEYS, names: vec![ENVIRONMENTS.to_owned(), key] }),
            ..Contribution::of(document.at.source)
        })
        .collect()
}

/// Whether the keys at the top of a file are the names of jobs: GitLab's.
#[must_use]
pub fn has_jobs_at_top(path: &str) -> bool {
    let is_gitlab =
        file_name(path).contains("gitlab-ci") || format!("/{path}").contains("/.gitlab/");
    is_gitlab && Yaml.claims(path)
}

/// Whether a key where jobs stand holds what several of them inherit: GitLab's `variables` and templates.
#[must_use]
pub fn is_above_jobs(key: &str) -> bool {
    key.starts_with('.')
        || matches!(key, "variables" | "default" | "include" | "workflow" | "spec" | "services")
        || matches!(key, "before_script" | "after_script" | "image" | "cache")
}
