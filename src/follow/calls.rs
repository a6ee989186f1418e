//! Code of pipelines that other jobs call: workflows, actions, templates and jobs with parameters. What it sets is set for whoever calls it,
//! and a parameter that a call does not give has its default.
//!
//! Sources: the GitHub documentation, *Reuse workflows* and *Metadata syntax*; the Azure Pipelines documentation, *Template types & usage*; the
//! `CircleCI` documentation, *Reusable configuration reference*.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Space, name};
use crate::model::setting::Setting;
use crate::recognise::document::{given_names, labels};
use crate::recognise::matrix;
use crate::recognise::value::{Dress, classify};
use crate::recognise::{Contribution, Recognised, Said};
use crate::resolve::words::{Words, says_certainly};
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::beside;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Entry, Format as _, Node, file_name};

/// What is called: a file, and the job in it where jobs are called one by one.
type Called = (String, Option<String>);

/// What the calls for one environment give: the parameters that each of them names.
type Given = BTreeSet<String>;

/// Gives what called code sets to the environments that it is called for.
pub fn spread(sources: &Sources, recognised: &mut [Recognised]) {
    let files = recognised.iter().filter_map(|found| {
        let source = sources.get(found.contributions.first()?.source)?;
        may_be_called(source).then_some((source.path(), found))
    });
    let of_file = |(path, found)| {
        let found: &Recognised = found;
        found.contributions.iter().filter_map(move |part| called_of(path, part))
    };
    let called: BTreeSet<Called> = files.flat_map(of_file).collect();
    if called.is_empty() {
        return;
    }
    let calls = calls(sources, &called);
    let mut defaults: BTreeMap<SourceId, Vec<Node>> = BTreeMap::new();
    for found in recognised {
        for part in std::mem::take(&mut found.contributions) {
            let source = sources.get(part.source);
            let of = source.and_then(|source| called_of(source.path(), &part));
            let environments =
                of.as_ref().and_then(|of| calls.get(of)).filter(|all| !all.is_empty());
            let Some((source, environments)) = source.zip(environments) else {
                found.contributions.push(part);
                continue;
            };
            let documents = defaults
                .entry(part.source)
                .or_insert_with(|| Yaml.parse(part.source, source.text()).documents);
            let is_given = |setting: &Setting| {
                let input = input(source, setting);
                input.is_some_and(|name| environments.values().all(|given| given.contains(&name)))
            };
            // A stage's template that is called `deploy-stage` is no staging's.
            let says_other = Words::of_path(source.path()).environment.is_some();
            if part.settings.iter().all(is_given) && !says_other {
                found.contributions.push(part);
                continue;
            }
            for (environment, given) in environments {
                let names = vec![Said::ENVIRONMENT.to_owned(), environment.clone()];
                let said = Some(Said { how: Said::KEYS, names });
                let mut one = Contribution { said, ..part.clone() };
                for setting in &mut one.settings {
                    fill(source, documents, given, setting);
                }
                found.contributions.push(one);
            }
        }
    }
}

/// Whether other files may call what a file holds: most are of no pipeline.
fn may_be_called(source: &Source) -> bool {
    let path = source.path();
    let is_of_host = [".github/", ".circleci/"].iter().any(|folder| path.contains(folder));
    is_of_host
        || file_name(path).starts_with("action.")
        || Yaml.claims(path) && source.text().contains("parameters")
}

/// What a part is called as, if it sets anything and says no environment itself.
fn called_of(path: &str, part: &Contribution) -> Option<Called> {
    let names = part.said.as_ref().map_or(&[][..], |said| &said.names);
    let is_keys = part.said.as_ref().is_none_or(|said| said.how == Said::KEYS);
    let says = |name: &String| says_certainly(name);
    if !is_keys || part.settings.is_empty() || names.iter().any(says) || says_certainly(path) {
        return None;
    }
    if path.contains(".circleci/") {
        let mut pairs = names.windows(2);
        let job = pairs.find_map(|pair| match pair {
            [jobs, job] if jobs == "jobs" => Some(job.clone()),
            _ => None,
        })?;
        return Some((path.to_owned(), Some(job)));
    }
    Yaml.claims(path).then(|| (path.to_owned(), None))
}

/// A place where a job calls code that stands elsewhere.
pub struct Call<'n> {
    /// The file that is called.
    pub file: String,
    /// The keys on the way to its parameters.
    pub way: Vec<String>,
    /// What it is given.
    pub parameters: Option<&'n Node>,
    /// The jobs and stages above it, with their keys, the outermost first.
    above: Vec<(&'n str, &'n Node)>,
}

/// The key under which a template of Azure's pipelines is given its parameters.
pub const PARAMETERS: &str = "parameters";

/// The calls of workflows, actions and templates in a document of the file at `path`.
#[must_use]
pub fn of<'n>(path: &str, document: &'n Node) -> Vec<Call<'n>> {
    let mut found = Vec::new();
    for entry in document.get("jobs").into_iter().flat_map(Node::entries) {
        let (Some(key), job) = (entry.key.as_str(), &entry.value) else { continue };
        let call = |file: &str, keys: &[&str], parameters| Call {
            file: file.to_owned(),
            way: keys.iter().map(|key| (*key).to_owned()).collect(),
            parameters,
            above: vec![(key, job)],
        };
        if let Some(used) = job.get("uses").and_then(Node::as_str) {
            let file = used.strip_prefix("./").unwrap_or(used);
            found.push(call(file, &["jobs", key, "with"], job.get("with")));
        }
        for step in job.get("steps").map(Node::items).unwrap_or_default() {
            let action = step.get("uses").and_then(Node::as_str);
            let Some(folder) = action.and_then(|action| action.strip_prefix("./")) else {
                continue;
            };
            for name in ["action.yml", "action.yaml"] {
                let file = format!("{}/{name}", folder.trim_end_matches('/'));
                found.push(call(&file, &["jobs", key, "steps", "with"], step.get("with")));
            }
        }
    }
    templates(path, document, &mut (Vec::new(), Vec::new()), &mut found);
    found
}

/// What stands between a deployment job and the steps of it that deploy.
///
/// Source: the Azure Pipelines documentation, *Deployment jobs*, *Deployment strategies*.
const STRATEGY: [&str; 8] = [
    "strategy",
    "runOnce",
    "rolling",
    "canary",
    "preDeploy",
    "deploy",
    "routeTraffic",
    "postRouteTraffic",
];

/// The templates that a pipeline of Azure's takes in: relative to the file, or from the root behind a slash.
fn templates<'n>(
    path: &str,
    node: &'n Node,
    trail: &mut (Vec<String>, Vec<(&'n str, &'n Node)>),
    found: &mut Vec<Call<'n>>,
) {
    let named = node.get("template").and_then(Node::as_str).filter(|name| !name.contains('@'));
    if let Some(name) = named {
        let file = match name.strip_prefix('/') {
            Some(rooted) => Some(rooted.to_owned()),
            None => beside(path, name),
        };
        found.extend(file.map(|file| Call {
            file,
            way: trail.0.iter().cloned().chain([PARAMETERS.to_owned()]).collect(),
            parameters: node.get(PARAMETERS),
            above: trail.1.clone(),
        }));
    }
    let key = ["stage", "job", "deployment"].iter().find_map(|key| node.get(key)?.as_str());
    trail.1.push((key.unwrap_or_default(), node));
    for item in node.items() {
        templates(path, item, trail, found);
    }
    for entry in node.entries() {
        let key = entry.key.as_str().unwrap_or_default();
        if matches!(key, "stages" | "jobs" | "steps" | "extends") || STRATEGY.contains(&key) {
            trail.0.push(key.to_owned());
            templates(path, &entry.value, trail, found);
            trail.0.pop();
        }
    }
    trail.1.pop();
}

/// The calls of jobs in the workflows of a pipeline of `CircleCI`'s: the job, and what it is given.
fn of_workflows<'n>(path: &str, document: &'n Node) -> Vec<(String, Call<'n>)> {
    let workflows = document.get("workflows").map(Node::entries).unwrap_or_default();
    let jobs = workflows.iter().filter_map(|workflow| workflow.value.get("jobs"));
    let calls = jobs.flat_map(Node::items).flat_map(Node::entries);
    let call = |entry: &'n Entry| {
        let job = entry.key.as_str()?;
        let named = entry.value.get("name").and_then(Node::as_str);
        let call = Call {
            file: path.to_owned(),
            way: Vec::new(),
            parameters: Some(&entry.value),
            above: vec![(named.unwrap_or_default(), &entry.value)],
        };
        Some((job.to_ascii_lowercase(), call))
    };
    calls.filter_map(call).collect()
}

/// The environments for which each of these is called.
fn calls(
    sources: &Sources,
    called: &BTreeSet<Called>,
) -> BTreeMap<Called, BTreeMap<String, Given>> {
    let mut found: BTreeMap<Called, BTreeMap<String, Given>> = BTreeMap::new();
    let naming: BTreeMap<&str, &str> = sources
        .paths()
        .filter(|(_, path)| called.contains(&((*path).to_owned(), None)))
        .filter_map(|(id, path)| Some((path, naming(sources.get(id)?.text())?)))
        .collect();
    let mut add = |of: Called, call: &Call<'_>, path: &str| {
        if !called.contains(&of) || path == call.file && of.1.is_none() {
            return;
        }
        let known = found.entry(of).or_default();
        let given = call.given();
        let by = naming.get(call.file.as_str()).copied();
        for environment in call.environments(path, by) {
            let all = known.entry(environment).or_insert_with(|| given.clone());
            all.retain(|name| given.contains(name));
        }
    };
    let texts = sources.paths().filter(|(_, path)| Yaml.claims(path));
    for (id, path, source) in texts.filter_map(|(id, path)| Some((id, path, sources.get(id)?))) {
        let text = source.text();
        if !["uses:", "template: ", "workflows:"].iter().any(|word| text.contains(word)) {
            continue;
        }
        for document in &Yaml.parse(id, text).documents {
            for call in of(path, document) {
                add((call.file.clone(), None), &call, path);
            }
            for (job, call) in of_workflows(path, document) {
                add((path.to_owned(), Some(job)), &call, path);
            }
        }
    }
    found
}

/// The parameter by which called code names the environment that it deploys to: `environment: shop-${{ parameters.name }}`.
fn naming(text: &str) -> Option<&str> {
    let lines = text.lines().filter(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        line.starts_with("environment:") || line.contains(" environment:")
    });
    let mut named = lines.filter_map(|line| {
        let behind = line.split_once("environment:")?.1;
        let behind = behind.split([',', '}']).next()?;
        let at = ["parameters.", "inputs."]
            .iter()
            .find_map(|word| Some(behind.find(word)? + word.len()))?;
        let name = behind.get(at..)?;
        let end =
            name.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_".contains(letter));
        name.get(..end.unwrap_or(name.len())).filter(|name| !name.is_empty())
    });
    named.next()
}

impl Call<'_> {
    /// The parameters that it names.
    fn given(&self) -> Given {
        let entries = self.parameters.map(Node::entries).unwrap_or_default().iter();
        let named = entries.chain(self.matrix()).filter_map(|entry| entry.key.as_str());
        named.map(str::to_owned).collect()
    }

    /// What `CircleCI` gives a job for each of its runs.
    fn matrix(&self) -> impl Iterator<Item = &Entry> {
        let matrix = self.parameters.and_then(|given| given.get("matrix")?.get(PARAMETERS));
        matrix.map(Node::entries).unwrap_or_default().iter()
    }

    /// The environments that it is for: what the called code takes for one, the job's, else the one that a parameter says, a key above, the
    /// file; none where nothing says one.
    fn environments(&self, path: &str, naming: Option<&str>) -> Vec<String> {
        let keys = naming.into_iter().chain(["environment"]);
        let mut own = keys.filter_map(|key| text_of(self.parameters?.get(key)?));
        let own = own.next();
        let labelled = self.above.iter().rev().find_map(|(_, node)| labelled(node));
        if let Some(name) = own.or(labelled) {
            return self.expanded(name);
        }
        let given = self.parameters.into_iter().flat_map(|one| given_names(one).chain(labels(one)));
        if let Some(name) = given.into_iter().find(|name| says_certainly(name)) {
            return vec![name.to_owned()];
        }
        let runs = self.matrix().map(|entry| entry.value.items().iter().filter_map(Node::as_str));
        let runs = runs.map(|names| names.map(str::to_owned).collect::<Vec<String>>());
        let says = |names: &Vec<String>| names.iter().any(|name| says_certainly(name));
        if let Some(runs) = runs.into_iter().find(says) {
            return runs;
        }
        let values = self.parameters.map(Node::entries).unwrap_or_default();
        let runs =
            values.iter().filter_map(|entry| entry.value.as_str()).map(|name| self.runs(name));
        if let Some(runs) =
            runs.into_iter().find(|runs| runs.iter().any(|name| says_certainly(name)))
        {
            return runs;
        }
        let keys = self.above.iter().rev().map(|(key, _)| *key).chain([file_name(path)]);
        let certain = keys.filter(|key| says_certainly(key));
        let mut words = certain.filter_map(|key| Words::of_path(key).environment);
        words.next().map(|said| said.written).into_iter().collect()
    }

    /// The name of an environment, or those of the matrix that it stands for; none where it stands for anything else.
    fn expanded(&self, name: &str) -> Vec<String> {
        if name.contains(['$', '<']) { self.runs(name) } else { vec![name.to_owned()] }
    }

    /// What the matrix of the job above gives for `${{ matrix.environment }}`.
    fn runs(&self, written: &str) -> Vec<String> {
        let values = self.above.iter().rev().map(|(_, job)| matrix::values(job, written));
        values.into_iter().find(|values| !values.is_empty()).unwrap_or_default()
    }
}

/// The environment that a job says that it deploys to.
fn labelled(node: &Node) -> Option<&str> {
    let labels: Vec<&str> = labels(node).collect();
    let named = labels.windows(2).rev().find(|pair| pair.first() == Some(&Said::ENVIRONMENT));
    named.and_then(|pair| pair.last().copied())
}

fn text_of(node: &Node) -> Option<&str> {
    node.as_str().or_else(|| node.get("name")?.as_str())
}

/// The parameter that stands in the place of a setting's value.
fn input(source: &Source, setting: &Setting) -> Option<String> {
    let written = Some(source.slice(setting.at.span)).filter(|_| setting.has_reference())?;
    let name = name(source.path(), written).filter(|name| name.space == Space::Input)?;
    Some(name.key().to_owned())
}

/// Puts a parameter's default in its place, where a call does not give it.
fn fill(source: &Source, documents: &[Node], given: &Given, setting: &mut Setting) {
    let Some(key) = input(source, setting).filter(|key| !given.contains(key)) else { return };
    if let Some(default) = documents.iter().find_map(|document| default(document, &key)) {
        setting.value = classify(setting.parameter, default, source, Dress::Plain);
        setting.at = default.at;
    }
}

/// The default of a parameter, where called code declares it.
fn default<'n>(document: &'n Node, key: &str) -> Option<&'n Node> {
    let of_inputs = |node: &'n Node| node.get("inputs")?.get(key)?.get("default");
    let of_workflow = || of_inputs(document.get("on")?.get("workflow_call")?);
    let of_template = || {
        let parameters = document.get(PARAMETERS)?;
        let is_it = |item: &&Node| item.get("name").and_then(Node::as_str) == Some(key);
        let listed = parameters.items().iter().find(is_it);
        listed.and_then(|item| item.get("default")).or_else(|| parameters.get(key))
    };
    let of_job = || {
        let jobs = document.get("jobs").map(Node::entries).unwrap_or_default();
        jobs.iter().find_map(|job| job.value.get(PARAMETERS)?.get(key)?.get("default"))
    };
    of_workflow().or_else(|| of_inputs(document)).or_else(of_template).or_else(of_job)
}
