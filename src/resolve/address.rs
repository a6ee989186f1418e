//! The address of a contribution: folders, the file, then what the document says on the way down.
//!
//! A segment has words; those of an environment are left out of its *rest*, so that one shop's files of all environments are alike.

use super::conventions::extension;
use super::identity::{before_code, is_host_name, is_main};
use super::task_words::{behind_tools, is_doing};
use super::topics::folder_of_topics;
use super::vocabulary::{self, CERTAIN, NUMBERED, PAIRS, is_idle, is_structural};
use super::words::{
    Elsewhere, MODULE, Saying, bare_environment, is_collection, is_number, is_start_of_name, tokens,
};
use crate::recognise::secret::random::lowered;
use crate::recognise::{Contribution, Said, deployer, pipeline};
use crate::syntax::file_name;

/// What a segment is, weakest first: where several tell parts apart, the strongest is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The name of a job, a stage, a target, a step.
    Task,
    /// The name of a file that is called after the object in it.
    Object,
    /// A workload of Kubernetes'.
    Workload,
    /// The name of a file.
    File,
    /// A folder.
    Folder,
    /// A service of a compose file.
    Service,
    /// A key above a setting.
    Key,
    /// A namespace, a label, an environment that a job or a command names.
    Label,
}

/// One step of an address.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says another thing of the step")]
pub struct Segment {
    /// What it is.
    pub level: Level,
    /// Whether it stands in a collection: what follows `brands/` is a name, whatever word it is.
    pub is_child: bool,
    /// Its text without environments, each of which is one mark.
    pub shape: String,
    /// Its words without those of environments.
    pub rest: Vec<String>,
    /// The environments that it says, as words of the output.
    pub environments: Vec<&'static str>,
    /// What stands there.
    pub text: String,
    /// Whether it stands in a folder of workflows.
    pub is_workflow: bool,
    /// Whether it is of what holds a whole installation, whatever it is called: a namespace, a folder that is served, a domain.
    pub is_space: bool,
    /// Whether it is a group of Ansible's or a call of a module, which can be for one role.
    pub is_group: bool,
    /// Whether it is the word that an arm of a script or a program is for.
    pub is_arm: bool,
}

/// Stands for an environment in the shape of a segment.
const ENVIRONMENT: &str = "\u{1}";

impl Segment {
    /// `saying`: how many steps of the address say an environment. Where another does, a word that may be one is part of a name.
    fn new(level: Level, is_child: bool, text: &str, saying: Saying) -> Self {
        let said = Elsewhere::beside(text, saying);
        let text = lowered(text);
        let words: Vec<&str> = tokens(&text).collect();
        let is_host = level == Level::Key
            && is_host_name(&text)
            && text.split('.').next() == words.first().copied();
        let (mut shape, mut rest, mut environments) = (String::new(), Vec::new(), Vec::new());
        let mut open = words.as_slice();
        while let [word, behind @ ..] = open {
            open = behind;
            let pair = behind
                .first()
                .and_then(|next| PAIRS.iter().find(|(one, two, _)| one == word && two == next));
            let said = match pair {
                Some((_, _, environment)) if !environment.is_empty() => {
                    open = behind.get(1..).unwrap_or_default();
                    Some(*environment)
                }
                Some(_) => None,
                // `integration.kiwi.internal` is a host of an environment.
                None if !(is_host && shape.is_empty()) && is_start_of_name(word, behind, said) => {
                    None
                }
                None => vocabulary::environment(word).or_else(|| {
                    let stem = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
                    vocabulary::environment(stem)
                }),
            };
            shape.push('-');
            if let Some(environment) = said {
                shape.push_str(ENVIRONMENT);
                environments.push(environment);
            } else {
                shape.push_str(word);
                // `shop-a` is one word, as `site2` is; in `env.php.42` the number is no part of the format.
                let takes_number = |before: &String| {
                    is_number(word)
                        && (NUMBERED.contains(&before.as_str())
                            || vocabulary::is_product(before)
                            || !is_structural(before))
                };
                match rest.last_mut().filter(|before| takes_number(before)) {
                    Some(before) => *before = format!("{before}-{word}"),
                    None => rest.push((*word).to_owned()),
                }
            }
        }
        Self {
            level,
            is_child,
            shape,
            rest,
            environments,
            text,
            is_space: false,
            is_group: false,
            is_arm: false,
            is_workflow: false,
        }
    }

    /// The segments of a folder that is served or worked in.
    pub fn of_root(root: &str) -> Vec<Self> {
        let parts = root.split('/').filter(|part| !part.is_empty() && !tokens(part).all(is_number));
        parts.map(|part| Self::space(part, Saying::default())).collect()
    }

    fn space(text: &str, saying: Saying) -> Self {
        Self { is_space: true, ..Self::new(Level::Label, false, text, saying) }
    }

    /// Whether it is a folder's or a file's, with a word that is no tool's and no role's, or a folder that is a number.
    #[must_use]
    pub fn is_named(&self) -> bool {
        let is_numbered = self.level == Level::Folder && self.rest.len() == 1;
        let is_name = |word: &String| !is_structural(word) && (is_numbered || !is_number(word));
        matches!(self.level, Level::Folder | Level::File | Level::Object)
            && self.rest.iter().any(is_name)
    }

    /// Whether it is the name of a script that says no environment.
    #[must_use]
    pub fn is_script(&self) -> bool {
        matches!(self.extension(), "sh" | "bash" | "zsh" | "ps1") && self.is_file_of_any()
    }

    /// Whether it is the name of a workflow, a unit or a part of a makefile that says no environment.
    #[must_use]
    pub fn is_task(&self) -> bool {
        let is_unit = matches!(self.extension(), "mk" | "service" | "timer");
        (self.is_workflow || is_unit) && self.is_file_of_any()
    }

    /// Whether it is the name of a script or a pipeline.
    #[must_use]
    pub fn is_of_operations(&self) -> bool {
        let is_script = matches!(self.extension(), "sh" | "bash" | "zsh" | "ps1");
        (self.is_workflow || is_script && self.level == Level::File) && !self.is_child
    }

    /// The words that stand beside an environment: `market` in `market-qa-after-restore`.
    pub fn beside_environment(&self) -> impl Iterator<Item = &str> {
        let words: Vec<&str> = self.shape.split('-').filter(|word| !word.is_empty()).collect();
        let beside: Vec<&str> = words
            .windows(2)
            .filter_map(|two| match two {
                [word, ENVIRONMENT] | [ENVIRONMENT, word] if *word != ENVIRONMENT => Some(*word),
                _ => None,
            })
            .collect();
        beside.into_iter()
    }

    /// Whether another name in its pipeline says the same: all of its words, and no other but a part of a shop.
    #[must_use]
    pub fn is_named_as(&self, other: &Self) -> bool {
        let is_known = |word: &String| self.rest.contains(word) || is_idle(word);
        let is_of_pipeline = |one: &Self| one.is_workflow || one.level == Level::Task;
        let can_be =
            |one: &Self| is_of_pipeline(one) || matches!(one.level, Level::Label | Level::Key);
        (is_of_pipeline(self) && can_be(other) || is_of_pipeline(other) && can_be(self))
            && !self.is_space
            && !other.is_space
            && !self.rest.is_empty()
            && self.rest.iter().all(|word| other.rest.contains(word))
            && other.rest.iter().all(is_known)
    }

    fn extension(&self) -> &str {
        self.text.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    fn is_file_of_any(&self) -> bool {
        self.level == Level::File && !self.is_child && self.environments.is_empty()
    }

    /// Whether a word of it tells nothing of whose it is at this level: a role of one installation, or what a task does.
    #[must_use]
    pub fn is_role(&self, word: &str) -> bool {
        let is_in_document = self.is_group
            || !matches!(self.level, Level::Folder | Level::File | Level::Task)
                && !self.is_child
                && !self.is_space;
        is_role_or_node(word)
            || is_in_document && vocabulary::is_workload(word)
            || self.level == Level::Task && is_task_word(word)
    }
}

/// Whether a word is a role of one installation, or one of several machines in it: `web`, `web1`, `web-2`.
fn is_role_or_node(word: &str) -> bool {
    let stem = word.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
    vocabulary::is_role(stem) || stem.len() < word.len() && vocabulary::MACHINES.contains(&stem)
}

/// The folders in which files are pipelines.
const OF_PIPELINES: [&str; 19] = [
    "workflows",
    "pipelines",
    ".pipelines",
    "azure-pipelines",
    ".azure-pipelines",
    ".azure",
    "azure",
    ".buildkite",
    ".woodpecker",
    ".drone",
    "codebuild",
    "cloudbuild",
    "cron.d",
    "playbooks",
    "jenkins",
    "ci",
    ".ci",
    ".gitlab",
    "gitlab",
];

/// Keys of pipelines of GitHub, GitLab, `CircleCI`, Azure and Woodpecker that are no names.
const OF_JOBS: [&str; 10] = [
    "steps",
    "env",
    "environment",
    "variables",
    "run",
    "with",
    "script",
    "before_script",
    "after_script",
    "commands",
];

/// Whether a file is a pipeline, by its name: `Jenkinsfile.rollback`, `azure-pipelines-rollback.yml`.
fn is_pipeline(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["jenkinsfile", "azure-pipelines", "buildspec", "cloudbuild"]
        .iter()
        .any(|word| lower.starts_with(word))
        || lower.ends_with(".jenkinsfile")
}

/// Whether a word is of what a job or a target does, or does it with.
fn is_task_word(word: &str) -> bool {
    vocabulary::is_format(word) || vocabulary::is_workload(word) || is_doing(word)
}

/// The segment of what is done for one word: a script is run for one or for another, and each can be an installation.
fn segment_of_case(word: &str, saying: Saying) -> Segment {
    Segment { is_space: !is_main(word), is_arm: true, ..Segment::space(word, saying) }
}

/// The address of what a part of the file at `path` gives.
#[must_use]
pub fn address(path: &str, contribution: &Contribution) -> Vec<Segment> {
    let is_of_tools = behind_tools(path).len() < path.len();
    let mut segments = Vec::new();
    let statements = contribution.said.as_ref().map_or(&[][..], |said| &said.names);
    let steps = path.split('/').chain(statements.iter().map(String::as_str));
    let saying = Saying::of(steps);
    let named = folder_of_topics(path).unwrap_or_else(|| before_code(path));
    let is_whole = named.len() == path.len();
    let mut above = "";
    let mut parts = named.split('/').filter(|part| !part.is_empty()).peekable();
    let is_of_pipeline = is_pipeline(file_name(path));
    while let Some(part) = parts.next() {
        let level = match parts.peek() {
            None if is_whole && contribution.has_idle_name() => Level::Object,
            None if is_whole => Level::File,
            _ => Level::Folder,
        };
        let mut segment = Segment::new(level, is_collection(above), part, saying);
        segment.is_group = matches!(above, "group_vars" | "host_vars");
        // `jenkins/nightly/Jenkinsfile`
        segment.is_workflow = is_pipeline(part)
            || OF_PIPELINES.contains(&above) && (level == Level::File || is_of_pipeline);
        if is_of_tools && segments.is_empty() {
            segment.environments.clear();
        }
        // An instance of a template unit of systemd's: `magento@kiwi.service.d/`.
        segment.is_space = part.contains('@') && part.contains(".service");
        segments.push(segment);
        above = part;
    }
    let workload = contribution.workload.as_deref().filter(|name| !name.contains(['{', '$']));
    let workload = workload.map(|name| Segment::new(Level::Workload, false, name, saying));
    let Some(said) = &contribution.said else {
        segments.extend(workload);
        return segments;
    };
    if said.how != Said::KEYS {
        let level = if said.how == Said::SERVICE { Level::Service } else { Level::Label };
        for (at, name) in said.names.iter().enumerate() {
            let is_space = match said.how {
                Said::NAMESPACE | Said::DESTINATION => true,
                Said::NAMESPACE_AND_LABEL => at == 0,
                _ => false,
            };
            let named = segments_of(level, false, name, saying);
            segments.extend(named.map(|segment| Segment { is_space, ..segment }));
        }
        segments.extend(workload);
        return segments;
    }
    segments.extend(segments_of_keys(path, &said.names, saying));
    segments
}

/// The segments of the keys above what a part gives, with the words among them.
fn segments_of_keys(path: &str, keys: &[String], saying: Saying) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut before = if pipeline::has_jobs_at_top(path) { "jobs" } else { file_stem(path) };
    let mut is_of_steps = false;
    // The environment that a runner is for: it counts where nothing else says one.
    let mut runner = None;
    let says = |text: &str| tokens(text).any(|word| vocabulary::environment(word).is_some());
    let mut is_said = says(path);
    let is_of_jobs = pipeline::has_jobs_at_top(path)
        || keys.first().is_some_and(|name| matches!(name.as_str(), "jobs" | "stages" | "steps"));
    let is_deployer = deployer::claims_yaml(path) || extension(path) == "php";
    for key in keys {
        is_said |= before != Said::RUNNER && says(key);
        is_of_steps |= key == "steps" && keys.iter().any(|name| name == Said::ENVIRONMENT);
        match before {
            // The steps of a job that deploys to one environment.
            _ if is_of_steps && !is_marker(before) => {}
            Said::FILE => segments.extend(segments_of(Level::Key, false, key, saying)),
            Said::ENVIRONMENT => {
                let named = segments_of(Level::Label, true, key, saying);
                segments.extend(named.map(|segment| Segment { is_space: true, ..segment }));
            }
            // A host, a folder, a container, or the word of a branch: the script is run once for each.
            Said::PLACE | Said::SPACE if tokens(key).all(is_number) => {}
            // Its words that differ stand behind their own names.
            Said::HOST => {}
            Said::SPACE if key.contains(['$', '{']) => {}
            Said::SPACE => segments.push(Segment::space(key, saying)),
            Said::PLACE => segments.push(Segment::new(Level::Label, false, key, saying)),
            Said::CASE => segments.push(segment_of_case(key, saying)),
            Said::OTHERWISE => {
                let is_all = bare_environment(key).is_some_and(|one| one.is_production());
                let name = if is_all { "non-production" } else { "else" };
                let segment = Segment::new(Level::Label, false, name, saying);
                segments.push(Segment { is_arm: true, ..segment });
            }
            Said::FUNCTION => segments.extend(segment_of_function(key, saying)),
            Said::RUNNER => runner = runner.or_else(|| bare_environment(key).map(|_| key)),
            "jobs" | "stages" | Said::IDLE_JOB | Said::TARGET | Said::STAGE
                if !pipeline::is_above_jobs(key) =>
            {
                segments.push(Segment::new(Level::Task, false, key, saying));
            }
            // A host of Deployer's holds an installation, or is a machine of one.
            "hosts" if is_deployer && key.contains('.') => {
                segments.push(Segment::new(Level::Label, false, key, saying));
            }
            // Nomad: the groups and tasks of one job are its parts.
            "group" | "task" if keys.first().is_some_and(|name| name == "job") => {}
            _ if is_marker(key) || key == MODULE || key.contains("__") => {}
            // What the schema of a pipeline has between a job and what this sets.
            _ if is_of_jobs && OF_JOBS.contains(&key.as_str()) => {}
            // A sentence tells what a step does.
            _ if key.contains(' ') => segments.push(Segment::new(Level::Task, false, key, saying)),
            // A module is called once for each shop, or for each part of one.
            MODULE => {
                let mut segment = Segment::new(Level::Key, true, key, saying);
                segment.is_group = true;
                segments.push(segment);
            }
            _ => segments.extend(segments_of(Level::Key, is_collection(before), key, saying)),
        }
        before = key;
    }
    if let Some(word) = runner.filter(|_| !is_said) {
        segments.push(Segment::new(Level::Label, false, word, saying));
    }
    segments
}

/// The segments of a name that can be a path; what a variable will say is none.
fn segments_of(
    level: Level,
    is_child: bool,
    name: &str,
    saying: Saying,
) -> impl Iterator<Item = Segment> {
    let known = |part: &&str| !part.is_empty() && !part.contains('$') && !part.contains("{{");
    let name = if name.contains("${{") || name.contains("{{") { "" } else { name };
    name.split('/').filter(known).map(move |part| Segment::new(level, is_child, part, saying))
}

/// What the name of a function says: an environment, or for whom it does something: `deploy_garden`. What it does alone says nothing, and
/// neither does a part of Magento: `configure_live_search`.
fn segment_of_function(name: &str, saying: Saying) -> Option<Segment> {
    let words: Vec<&str> = tokens(name).collect();
    let is_last = |at: usize| at + 1 == words.len();
    let says = words.iter().enumerate().any(|(at, word)| {
        vocabulary::environment(word).is_some() && (CERTAIN.contains(word) || is_last(at))
    });
    let is_part = |word: &&str| {
        is_idle(word)
            || is_doing(word)
            || vocabulary::SUBSYSTEMS.contains(word)
            || vocabulary::environment(word).is_some()
            || matches!(*word, "before" | "after")
    };
    let does = words.len() > 1 && words.iter().any(|word| is_doing(word));
    let is_for_one = does && !words.iter().all(is_part);
    (says || is_for_one).then(|| Segment::new(Level::Label, false, name, saying))
}

fn file_stem(path: &str) -> &str {
    file_name(path).split('.').next().unwrap_or_default()
}

fn is_marker(key: &str) -> bool {
    matches!(
        key,
        Said::CASE
            | Said::OTHERWISE
            | Said::FUNCTION
            | Said::PLACE
            | Said::SPACE
            | Said::HOST
            | Said::RUNNER
            | Said::FILE
            | Said::ENVIRONMENT
            | Said::IDLE_JOB
            | Said::TARGET
            | Said::STAGE
    )
}
