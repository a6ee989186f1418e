//! Scripts in documents: the steps of CI pipelines, playbooks, jobs and hooks; and the jobs that set nothing themselves.
//!
//! A script is known by the key it stands at. Its commands are those of a shell script, with places in the outer file.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::command::Reader;
use super::document::{guard, label_of, labels, says_environment};
use super::handed::Handed;
use super::{Contribution, Recognised, Said, matrix, scalar};
use crate::source::{Location, Source, SourceId};
use crate::syntax::shell::{self, Variables};
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, NodeKind, Problem, file_name};

/// Keys whose texts, or whose lists of texts, are scripts: GitHub, GitLab, Bitbucket, Circle, Azure, Ansible, Commerce Cloud, DDEV, Lando.
const SCRIPTS: &[&str] = &[
    "run",
    "script",
    "scripts",
    "before_script",
    "after_script",
    "after-script",
    "inline",
    "bash",
    "shell",
    "ansible.builtin.shell",
    "cmd",
    "cmds",
    "commands",
    "build",
    "deploy",
    "post_deploy",
    "pre_start",
    "exec",
    "exec-host",
    "appserver",
];

/// Keys whose texts are scripts and whose lists are the words of one command.
const COMMANDS: &[&str] = &["command", "ansible.builtin.command", "args", "argv", "entrypoint"];

/// What a document gives, with what its scripts give: one object has both, many have them beside.
#[must_use]
pub fn with_scripts(
    (source, handed): (&Source, &Handed),
    document: &Node,
    mut found: Vec<Contribution>,
    recognised: &mut Recognised,
) -> Vec<Contribution> {
    let id = document.at.source;
    let reader = Reader::new(source, id, handed);
    let problems = &mut recognised.problems;
    let mut scripts = Scripts {
        source,
        id,
        reader,
        above: Vec::new(),
        variables: Vec::new(),
        runs: Vec::new(),
        holes: Vec::new(),
        places: Vec::new(),
        problems,
    };
    scripts.visit(document);
    let Scripts { mut reader, mut places, .. } = scripts;
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

/// The keys of variables that scripts have.
const VARIABLES: [&str; 3] = ["env", "variables", "environment"];

struct Scripts<'a, 'p> {
    source: &'a Source,
    id: SourceId,
    reader: Reader<'a>,
    /// The keys above, with the names among them.
    above: Vec<String>,
    /// The variables of what stands around, outermost first.
    variables: Vec<(String, String, Location)>,
    /// The names of the runs of the jobs around.
    runs: Vec<String>,
    /// What stands in the place of holes of a template.
    holes: Vec<(String, String, Location)>,
    places: Vec<Location>,
    problems: &'p mut Vec<Problem>,
}

impl Scripts<'_, '_> {
    /// Visits a node, once for each run of a job's matrix that its scripts name.
    fn visit(&mut self, node: &Node) {
        let runs = matrix::runs_of_scripts(node, self.source);
        self.runs.extend(runs.iter().map(|run| run.environment.to_string()));
        for run in &runs {
            let (before, known) = (self.above.len(), self.holes.len());
            self.above.extend([Said::ENVIRONMENT.to_owned(), run.environment.to_string()]);
            self.holes.extend(run.values());
            self.visit_run(node);
            self.above.truncate(before);
            self.holes.truncate(known);
        }
        if runs.is_empty() {
            self.visit_run(node);
        }
        self.runs.truncate(self.runs.len() - runs.len());
    }

    /// Whether a word is the name of a run of the job around.
    fn is_run(&self, word: &str) -> bool {
        self.runs.iter().any(|run| run.eq_ignore_ascii_case(word))
    }

    /// Visits a node; no deeper than documents nest.
    fn visit_run(&mut self, node: &Node) {
        node.items().iter().for_each(|item| self.visit(item));
        let before = self.above.len();
        let known = self.variables.len();
        self.variables.extend(VARIABLES.iter().filter_map(|key| node.get(key)).flat_map(given));
        self.above.extend(labels(node).map(label_of));
        if !self.runs.is_empty() {
            matrix::without_templates(&mut self.above);
        }
        if let Some((how, word)) = guard(node)
            && (!says_environment(self.above.iter()) || self.is_run(word))
        {
            self.above.extend([how, word].map(str::to_owned));
        }
        for entry in node.entries() {
            let key = entry.key.as_str().unwrap_or_default();
            if key == "scripts" && !entry.value.entries().is_empty() {
                self.named_scripts(&entry.value);
            } else if SCRIPTS.contains(&key) {
                // One shell runs both, one behind the other.
                let before = node.get("before_script").filter(|_| key == "script");
                self.scripts(&entry.value, before);
            } else if COMMANDS.contains(&key) {
                self.commands(&entry.value);
            }
            self.above.push(key.to_ascii_lowercase());
            self.visit(&entry.value);
            self.above.pop();
        }
        self.above.truncate(before);
        self.variables.truncate(known);
    }

    /// Reads scripts that each have a name, as npm and Composer know them.
    fn named_scripts(&mut self, scripts: &Node) {
        for entry in scripts.entries() {
            let name = entry.key.as_str().unwrap_or_default().to_ascii_lowercase();
            self.above.extend([Said::TARGET.to_owned(), name]);
            self.scripts(&entry.value, None);
            self.above.truncate(self.above.len() - 2);
        }
    }

    /// Reads a script, or a list of lines that one shell runs, `before` ahead of them.
    fn scripts(&mut self, value: &Node, before: Option<&Node>) {
        let mut variables = self.given();
        let known = (self.places.len(), self.problems.len());
        for line in before.into_iter().flat_map(|node| std::iter::once(node).chain(node.items())) {
            self.script(line, &mut variables);
        }
        self.places.truncate(known.0);
        self.problems.truncate(known.1);
        let mut commands = Vec::new();
        for line in std::iter::once(value).chain(value.items().iter().flat_map(lines)) {
            commands.extend(self.script(line, &mut variables));
        }
        self.reader.read(&Node::new(value.at, NodeKind::Sequence(commands)), &self.above);
    }

    /// Reads a command in one text, or in one word after the other.
    fn commands(&mut self, value: &Node) {
        let mut commands = self.script(value, &mut self.given());
        let words: Vec<Node> =
            value.items().iter().filter(|item| item.as_str().is_some()).cloned().collect();
        let is_script = |word: &Node| word.as_str().is_some_and(|text| text.contains([' ', '\n']));
        for script in words.iter().filter(|word| is_script(word)) {
            commands.extend(self.script(script, &mut self.given()));
        }
        if !words.is_empty() {
            self.places.push(value.at);
            commands.push(Node::new(value.at, NodeKind::Sequence(words)));
        }
        self.reader.read(&Node::new(value.at, NodeKind::Sequence(commands)), &self.above);
    }

    /// What scripts have from the start.
    fn given(&self) -> Variables {
        let files = self.reader.handed.files.as_ref();
        let mut given = Variables::default().with_files(files);
        for (name, text, at) in &self.holes {
            given.assign_from(name, Some(text), Some(*at));
        }
        for (name, text, at) in self.variables.iter().filter(|_| files.is_some()) {
            given.assign_from(name, Some(text), Some(*at));
            given.export(Some(name));
        }
        given
    }

    /// A script with holes of a template in it as what is written: what fills them is a value, not the script.
    fn filled(&self, scalar: &Node) -> Option<Node> {
        let written = self.source.slice(scalar.at.span);
        let is_script = matches!(scalar.kind, NodeKind::Expression)
            && written.contains("{{")
            && !written.starts_with(['!', '{']);
        is_script.then(|| Node::new(scalar.at, NodeKind::Scalar(written.to_owned())))
    }

    fn script(&mut self, scalar: &Node, variables: &mut Variables) -> Vec<Node> {
        let filled = self.filled(scalar);
        let scalar = filled.as_ref().unwrap_or(scalar);
        let Some(value) = scalar.as_str() else { return Vec::new() };
        self.places.push(scalar.at);
        let base = scalar.at.span.start as usize;
        let parsed = if let Some(text) = scalar::text(self.source, scalar) {
            shell::script(self.id, &joined(text), base, variables)
        } else {
            let mut parsed = shell::script(self.id, value, 0, variables);
            parsed.documents.iter_mut().for_each(|node| scalar::relocate(node, scalar.at));
            parsed.problems.iter_mut().for_each(|problem| problem.at = scalar.at);
            parsed
        };
        self.problems.extend(parsed.problems);
        let unwrap = |document: Node| match document.kind {
            NodeKind::Sequence(commands) => commands,
            _ => Vec::new(),
        };
        parsed.documents.into_iter().flat_map(unwrap).collect()
    }
}

/// The variables that a mapping gives, as far as they are texts: `SPACE: …`, `SPACE: {value: …}`.
fn given(variables: &Node) -> Vec<(String, String, Location)> {
    let text = |value: &Node| Some((value.as_str()?.to_owned(), value.at));
    let entries = variables.entries().iter().filter_map(|entry| {
        let value = entry.value.get("value").unwrap_or(&entry.value);
        let (text, at) = text(value).filter(|(text, _)| !text.contains(['$', '{']))?;
        Some((entry.key.as_str()?.to_owned(), text, at))
    });
    entries.collect()
}

/// `<< parameters.space >>`.
///
/// Source: the `CircleCI` documentation, *Reusable configuration reference*.
static PARAMETER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"<<( *parameters\.[A-Za-z0-9_-]+ *)>>").ok());

/// A script whose templates' holes are words of their own, at the same length: `{{ x }}` has blanks and is one word when it is run.
fn joined(text: String) -> String {
    // CircleCI's are no here-documents.
    let text = match PARAMETER.as_ref() {
        Some(hole) if text.contains("parameters.") => {
            let put = |hole: &Captures<'_>| {
                format!("{{{{{}}}}}", hole.get(1).map_or("", |name| name.as_str()))
            };
            hole.replace_all(&text, put).into_owned()
        }
        _ => text,
    };
    if !text.contains("{{ ") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, hole)) = rest.split_once("{{").filter(|(_, hole)| hole.contains("}}")) {
        let (inner, behind) = hole.split_once("}}").unwrap_or_default();
        let is_name =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ' ');
        let inner =
            if inner.chars().all(is_name) { inner.replace(' ', "_") } else { inner.to_owned() };
        out.extend([before, "{{", &inner, "}}"]);
        rest = behind;
    }
    out + rest
}

/// A line of a list of scripts, or of a list in it, as anchors make them.
fn lines(item: &Node) -> impl Iterator<Item = &Node> {
    std::iter::once(item).chain(item.items())
}
