//! Templates of jobs in files that GitLab's pipeline includes: what they set is set by the jobs that extend them.
//!
//! Source: the GitLab documentation, *CI/CD YAML syntax reference*, `include:local`. What a job sets itself stays its own.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::azure::{self, Job, Template};
use crate::model::setting::Setting;
use crate::recognise::{Contribution, Recognised, Said, pipeline};
use crate::source::SourceId;
use crate::sources::Sources;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, file_name};

/// The key of what all jobs have.
const VARIABLES: &str = "variables";

/// Gives what templates in included files set to the jobs that extend them.
pub fn spread(sources: &Sources, recognised: &mut [Recognised]) {
    let parts = || recognised.iter().flat_map(|found| &found.contributions);
    let with_jobs: BTreeSet<SourceId> =
        parts().filter(|part| is_of_job(part)).map(|part| part.source).collect();
    let template = |part: &Contribution| template(sources, part, &with_jobs);
    let templates: BTreeSet<Template> = parts().filter_map(template).collect();
    if templates.is_empty() {
        return;
    }
    let jobs = jobs(sources, &templates);
    let of_pipelines = parts().filter(|part| template(part).is_none());
    let own = own(of_pipelines.filter(|part| pipeline::has_jobs_at_top(sources.path(part.source))));
    for found in recognised {
        for part in std::mem::take(&mut found.contributions) {
            let extending = template(&part).and_then(|template| jobs.get(&template));
            match extending {
                Some(jobs) => {
                    found.contributions.extend(jobs.iter().map(|job| extended(&part, job, &own)));
                }
                None => found.contributions.push(part),
            }
        }
    }
}

/// Whether a part is what one job sets, or a job that sets nothing itself.
fn is_of_job(part: &Contribution) -> bool {
    let first = part.said.as_ref().and_then(|said| said.names.first());
    first.is_some_and(|name| !name.starts_with('.') && name != VARIABLES)
}

/// The template that a part is, of a file which is no pipeline with jobs itself.
fn template(
    sources: &Sources,
    part: &Contribution,
    with_jobs: &BTreeSet<SourceId>,
) -> Option<Template> {
    let path = sources.path(part.source);
    let is_pipeline = file_name(path) == ".gitlab-ci.yml"
        || pipeline::has_jobs_at_top(path) && with_jobs.contains(&part.source);
    let said = part.said.as_ref().filter(|said| said.how == Said::KEYS)?;
    let is_of_all = said.names.as_slice() == [VARIABLES] && !part.settings.is_empty();
    let name = said.names.first().filter(|name| name.starts_with('.') || is_of_all)?;
    (!is_pipeline).then(|| (path.to_owned(), name.clone()))
}

/// The jobs of the tree's pipelines that extend each of these templates.
fn jobs(sources: &Sources, templates: &BTreeSet<Template>) -> BTreeMap<Template, Vec<Job>> {
    let files: BTreeSet<&str> = templates.iter().map(|(file, _)| file.as_str()).collect();
    let mut jobs = azure::jobs(sources, templates);
    let pipelines = sources.paths().filter(|(_, path)| pipeline::has_jobs_at_top(path));
    let texts = pipelines.filter_map(|(id, _)| Some((id, sources.get(id)?)));
    for (id, source) in texts.filter(|(_, source)| source.text().contains("include")) {
        for document in &Yaml.parse(id, source.text()).documents {
            let taken = included(document, &files);
            for entry in document.entries().iter().filter(|_| !taken.is_empty()) {
                let name = entry.key.as_str().filter(|name| !name.starts_with('.'));
                let Some(name) = name else { continue };
                let job = (name.to_ascii_lowercase(), environment(&entry.value));
                let is_deployed = job.1.is_some().then(|| VARIABLES.to_owned());
                for name in behind(document, &entry.value).into_iter().chain(is_deployed) {
                    let of_files = taken.iter().map(|file| ((*file).to_owned(), name.clone()));
                    for template in of_files.filter(|template| templates.contains(template)) {
                        jobs.entry(template).or_default().push(job.clone());
                    }
                }
            }
        }
    }
    jobs
}

/// What a job has of a template: all that it does not set itself.
fn extended(
    part: &Contribution,
    (job, environment): &Job,
    own: &BTreeMap<String, BTreeSet<&'static str>>,
) -> Contribution {
    // What the pipeline sets for all jobs goes before what it includes for them.
    let names = part.said.as_ref().map_or(&[][..], |said| &said.names);
    let above = own.get(VARIABLES).filter(|_| names == [VARIABLES]);
    let is_set = |setting: &&Setting| {
        let mut set = own.get(job).into_iter().chain(above);
        set.any(|set| set.contains(&setting.parameter.path()))
    };
    let mut names = vec![Said::IDLE_JOB.to_owned(), job.clone()];
    if let Some(environment) = environment {
        names.extend([Said::ENVIRONMENT.to_owned(), environment.clone()]);
    }
    let settings = part.settings.iter().filter(|setting| !is_set(setting)).cloned().collect();
    let said = Some(Said { how: Said::KEYS, names });
    Contribution { said, settings, ..part.clone() }
}

/// What jobs set themselves, by their names, and what stands above all of them.
fn own<'p>(
    parts: impl Iterator<Item = &'p Contribution>,
) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut own: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for part in parts {
        let names = part.said.as_ref().map_or(&[][..], |said| &said.names);
        let set = part.settings.iter().map(|setting| setting.parameter.path());
        if let Some(first) = names.first().filter(|_| !part.settings.is_empty()) {
            own.entry(first.clone()).or_default().extend(set);
        }
    }
    own
}

/// The names of all templates that stand behind a job, those of the same file in between.
fn behind(document: &Node, job: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Node> = vec![job];
    while let Some(node) = open.pop() {
        for name in named(node.get("extends")) {
            if found.insert(name.to_ascii_lowercase()) {
                open.extend(document.get(name));
            }
        }
    }
    found
}

/// Which of these files a pipeline includes, by their paths from the root or by patterns of them.
fn included<'f>(document: &Node, files: &BTreeSet<&'f str>) -> Vec<&'f str> {
    let include = document.get("include").into_iter();
    let nodes = include.flat_map(|node| std::iter::once(node).chain(node.items()));
    let path = |node: &Node| {
        let path = node.as_str().or_else(|| node.get("local")?.as_str())?;
        (!path.contains("://"))
            .then(|| path.trim_start_matches("./").trim_start_matches('/').to_owned())
    };
    // `*` stands for what is no `/`, `**` for anything.
    let pattern = |path: String| GlobBuilder::new(&path).literal_separator(true).build().ok();
    let mut patterns = GlobSetBuilder::new();
    for pattern in nodes.filter_map(path).filter_map(pattern) {
        patterns.add(pattern);
    }
    let is_meant = patterns.build().unwrap_or_else(|_| GlobSet::empty());
    files.iter().copied().filter(|file| is_meant.is_match(file)).collect()
}

fn named(node: Option<&Node>) -> impl Iterator<Item = &str> {
    node.into_iter()
        .flat_map(|node| std::iter::once(node).chain(node.items()))
        .filter_map(Node::as_str)
}

fn environment(job: &Node) -> Option<String> {
    let environment = job.get("environment")?;
    let name = environment.as_str().or_else(|| environment.get("name")?.as_str())?;
    (!name.contains('$')).then(|| name.to_owned())
}
