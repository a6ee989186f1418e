//! The scripts of a document → what their commands set: steps of pipelines, tasks, hooks, what machines start with.
//!
//! A script is known by the key it stands at, or by its first line. Its commands are those of a shell script, with places in the outer file.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::command::Reader;
use super::document::{condition, guard, label_of, labels, says_environment};
use super::handed::Handed;
use super::{Said, matrix, scalar, taskfile};
use crate::source::{Location, Source, SourceId};
use crate::syntax::hcl::Hcl;
use crate::syntax::shell::{self, Variables};
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, NodeKind, Problem};

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
    "runcmd",
    "bootcmd",
];

/// Keys whose texts are scripts and whose lists are the words of one command.
const COMMANDS: &[&str] = &["command", "ansible.builtin.command", "args", "argv", "entrypoint"];

/// Reads the scripts of a document; returns what their reader knows, and where they stand.
pub fn read<'a>(
    (source, handed): (&'a Source, &'a Handed),
    document: &Node,
    problems: &mut Vec<Problem>,
) -> (Reader<'a>, Vec<Location>) {
    let id = document.at.source;
    let mut scripts = Scripts {
        source,
        id,
        is_hcl: Hcl.claims(source.path()),
        reader: Reader::new(source, id, handed),
        above: Vec::new(),
        variables: Vec::new(),
        runs: Vec::new(),
        holes: Vec::new(),
        condition: None,
        places: Vec::new(),
        problems,
    };
    scripts.visit(document);
    (scripts.reader, scripts.places)
}

/// The keys of variables that scripts have.
const VARIABLES: [&str; 3] = ["env", "variables", "environment"];

struct Scripts<'a, 'p> {
    source: &'a Source,
    id: SourceId,
    /// Whether the holes of its templates are those of HCL.
    is_hcl: bool,
    reader: Reader<'a>,
    /// The keys above, with the names among them.
    above: Vec<String>,
    /// The variables of what stands around, outermost first.
    variables: Vec<(String, String, Location)>,
    /// The names of the runs of the jobs around.
    runs: Vec<String>,
    /// What stands in the place of holes of a template.
    holes: Vec<(String, String, Location)>,
    /// The condition of Azure's that stands in front.
    condition: Option<(&'static str, String)>,
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
            let is_taskfile = key == "tasks" && node.get("version").is_some();
            if is_taskfile && !entry.value.entries().is_empty() {
                self.tasks(&entry.value, taskfile::variables(node));
                continue;
            }
            if key == "scripts" && !entry.value.entries().is_empty() {
                self.named_scripts(&entry.value);
            } else if SCRIPTS.contains(&key) {
                // One shell runs both, one behind the other.
                let before = node.get("before_script").filter(|_| key == "script");
                self.scripts(&entry.value, before);
            } else if COMMANDS.contains(&key) {
                self.commands(&entry.value);
            } else if self.first_line(&entry.value).is_some_and(is_shell) {
                self.scripts(&entry.value, None);
            } else if self.first_line(&entry.value) == Some(CLOUD_CONFIG) {
                self.configuration(&entry.value);
            }
            let depth = self.above.len();
            match condition(key, self.condition.as_ref()) {
                Some((how, word)) => {
                    self.above.extend([how.to_owned(), word.clone()]);
                    // What stands behind several is for none of them.
                    self.condition = Some((how, word)).filter(|_| !key.contains("elseif"));
                }
                None => self.above.push(key.to_ascii_lowercase()),
            }
            self.visit(&entry.value);
            self.above.truncate(depth);
        }
        self.above.truncate(before);
        self.variables.truncate(known);
    }

    /// Reads the tasks of a Taskfile, one that others call with variables once for each call.
    fn tasks(&mut self, tasks: &Node, global: Vec<taskfile::Given>) {
        let calls = taskfile::calls(self.source, tasks);
        self.above.push("tasks".to_owned());
        let known = self.holes.len();
        self.holes.extend(global);
        for task in tasks.entries() {
            let name = task.key.as_str().unwrap_or_default();
            let called: Vec<_> = calls.iter().filter(|call| call.callee == name).collect();
            let own = || (name, &[][..]);
            let each = called.iter().map(|call| (call.caller.as_str(), call.given.as_slice()));
            let each: Vec<_> = if called.is_empty() { vec![own()] } else { each.collect() };
            for (name, given) in each {
                let known = self.holes.len();
                self.holes.extend(given.iter().cloned().chain(taskfile::variables(&task.value)));
                self.above.push(name.to_ascii_lowercase());
                if task.value.entries().is_empty() {
                    self.scripts(&task.value, None);
                }
                self.visit(&task.value);
                self.above.pop();
                self.holes.truncate(known);
            }
        }
        self.holes.truncate(known);
        self.above.pop();
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
        // A hole of a template is a word whose text nobody knows: `- "{{ data_space }}"`.
        let is_word = |item: &&Node| item.as_str().is_some() || item.kind == NodeKind::Expression;
        let words: Vec<Node> = value.items().iter().filter(is_word).cloned().collect();
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
        let is_filled = if self.is_hcl {
            written.contains("${")
                && !written.contains("%{")
                && (written.starts_with('"') || scalar::is_heredoc(written))
        } else {
            written.contains("{{") && !written.starts_with(['!', '{']) || is_filled(written)
        };
        let is_script = scalar.kind == NodeKind::Expression && is_filled;
        is_script.then(|| Node::new(scalar.at, NodeKind::Scalar(written.to_owned())))
    }

    /// The first line of a block of text.
    fn first_line(&self, value: &Node) -> Option<&str> {
        let written = self.source.slice(value.at.span);
        let is_block =
            scalar::is_heredoc(written) || written.starts_with('|') || is_filled(written);
        let line = written.lines().nth(1).filter(|_| is_block)?.trim();
        line.starts_with('#').then_some(line)
    }

    /// Reads what the configuration of a machine runs, in a text of another document.
    ///
    /// Source: the cloud-init documentation, *Module reference*, `runcmd`, `bootcmd`.
    fn configuration(&mut self, value: &Node) {
        let written = Node::new(value.at, NodeKind::Scalar(String::new()));
        let Some(text) = scalar::text(self.source, &written) else { return };
        for mut document in Yaml.parse(self.id, &text).documents {
            scalar::shift(&mut document, value.at.span.start);
            self.visit(&document);
        }
    }

    fn script(&mut self, scalar: &Node, variables: &mut Variables) -> Vec<Node> {
        let filled = self.filled(scalar);
        let scalar = filled.as_ref().unwrap_or(scalar);
        let Some(value) = scalar.as_str() else { return Vec::new() };
        self.places.push(scalar.at);
        let base = scalar.at.span.start as usize;
        let text = scalar::text(self.source, scalar);
        let named = |text: String| if self.is_hcl { scalar::with_names(&text) } else { text };
        let parsed = if let Some(text) = text.map(named) {
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

/// The first line of a configuration for cloud-init.
const CLOUD_CONFIG: &str = "#cloud-config";

/// Whether the first line of a text says that a shell runs it.
fn is_shell(line: &str) -> bool {
    let words = line.strip_prefix("#!").into_iter().flat_map(|rest| rest.split([' ', '/']));
    words.into_iter().any(|word| matches!(word, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh"))
}

/// Whether what is written is a block that AWS fills: `!Sub |`.
fn is_filled(written: &str) -> bool {
    written.strip_prefix("!Sub").is_some_and(|rest| rest.trim_start().starts_with('|'))
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
        // What an expression chooses between is one word, too: which, its reader sees in the file itself.
        let is_choice = inner.contains("&&") && inner.contains("||");
        let is_split = |letter: char| {
            letter.is_ascii_whitespace() || is_choice && "'\"&|()=!<>$`\\".contains(letter)
        };
        let inner = if is_choice || inner.chars().all(is_name) {
            inner.replace(is_split, "_")
        } else {
            inner.to_owned()
        };
        out.extend([before, "{{", &inner, "}}"]);
        rest = behind;
    }
    out + rest
}

/// A line of a list of scripts, or of a list in it, as anchors make them.
fn lines(item: &Node) -> impl Iterator<Item = &Node> {
    std::iter::once(item).chain(item.items())
}
