//! What one part of a file gives one instance, and what was recognised in a file altogether.

use crate::model::command::Command;
use crate::model::edit::Edit;
use crate::model::setting::{Secret, Setting};
use crate::model::storefront::PublicCopy;
use crate::source::{Location, SourceId};
use crate::syntax::Problem;

/// What one part of a file (an object, a service, or all of it) gives one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says another thing of the part")]
pub struct Contribution {
    /// The file.
    pub source: SourceId,
    /// What the document says about its instance.
    pub said: Option<Said>,
    /// Whether the file's name is the name of an object rather than of an installation.
    pub is_object: bool,
    /// Whether the file's name tells nothing: it is the only inventory where it stands.
    pub is_unnamed: bool,
    /// The name of the workload of Kubernetes' that it is, if it is one.
    pub workload: Option<String>,
    /// Whether it is what a database holds: which one, only the file's path can say.
    pub is_database: bool,
    /// Whether commands gave it on one host of several: no other has it.
    pub is_on_host: bool,
    /// The Kubernetes objects that this is or that it generates.
    pub objects: Vec<Object>,
    /// The settings, in order.
    pub settings: Vec<Setting>,
    /// The commands, in order.
    pub commands: Vec<Command>,
    /// Where more settings come from.
    pub opaque: Vec<Opaque>,
    /// Files and folders taken in, relative to the tree.
    pub includes: Vec<Include>,
    /// What it deploys that stands elsewhere in the tree.
    pub deployment: Option<Deployment>,
    /// What could not be read in the files within it.
    pub problems: Vec<Problem>,
}

impl Contribution {
    /// An empty contribution of a file.
    #[must_use]
    pub fn of(source: SourceId) -> Self {
        Self {
            source,
            said: None,
            is_object: false,
            is_unnamed: false,
            workload: None,
            is_database: false,
            is_on_host: false,
            objects: Vec::new(),
            settings: Vec::new(),
            commands: Vec::new(),
            opaque: Vec::new(),
            includes: Vec::new(),
            deployment: None,
            problems: Vec::new(),
        }
    }

    /// Whether all it gives is what every installation has: an encryption key, a list of modules.
    #[must_use]
    pub fn is_keyring(&self) -> bool {
        let keys = self.settings.iter().filter(|found| found.parameter.is_of_every_installation());
        !self.settings.is_empty()
            && keys.count() == self.settings.len()
            && self.opaque.is_empty()
            && self.includes.is_empty()
            && self.deployment.is_none()
    }

    /// Whether it holds commands and nothing else.
    #[must_use]
    pub fn has_commands_alone(&self) -> bool {
        !self.commands.is_empty()
            && self.settings.is_empty()
            && self.opaque.is_empty()
            && self.includes.is_empty()
            && self.deployment.is_none()
    }

    /// Whether its file is called after what it is, and not after an installation.
    #[must_use]
    pub fn has_idle_name(&self) -> bool {
        self.is_object || self.is_unnamed || self.is_of_checkout()
    }

    /// Whether it gives a setting another value.
    pub(crate) fn gives_another(&self, setting: &Setting) -> bool {
        let is_same = |own: &&Setting| {
            own.parameter == setting.parameter
                && own.scope == setting.scope
                && own.carrier == setting.carrier
        };
        let own = self.settings.iter().rfind(is_same).and_then(Setting::fingerprint);
        own.zip(setting.fingerprint()).is_some_and(|(own, other)| own != other)
    }

    /// Whether it is what commands do to an environment of the Cloud project whose checkout the tree is: one checkout has one project, so a
    /// command that names none means its environment, whatever the script is called.
    #[must_use]
    pub fn is_of_checkout(&self) -> bool {
        let said = self.said.as_ref().filter(|said| said.how == Said::CLOUD);
        said.is_some_and(|said| said.names.len() == 1)
    }

    /// Moves all that it holds from a text to where that text stands.
    pub(crate) fn move_to(&mut self, outer: &dyn Fn(Location) -> Location) {
        let given = self.commands.iter_mut().flat_map(|command| &mut command.settings);
        for setting in self.settings.iter_mut().chain(given) {
            setting.move_to(outer);
        }
        for command in &mut self.commands {
            command.at = outer(command.at);
            command.options.iter_mut().for_each(|option| option.at = outer(option.at));
        }
        self.opaque.iter_mut().for_each(|opaque| opaque.at = outer(opaque.at));
        self.includes.iter_mut().for_each(|include| include.at = outer(include.at));
        self.problems.iter_mut().for_each(|problem| problem.at = outer(problem.at));
    }

    /// Whether it gives nothing. What keys set apart can still inherit: a job without variables of its own.
    pub(crate) fn is_empty(&self) -> bool {
        self.said.as_ref().is_none_or(|said| said.how != Said::KEYS)
            && self.settings.is_empty()
            && self.commands.is_empty()
            && self.opaque.is_empty()
            && self.includes.is_empty()
            && self.deployment.is_none()
    }
}

/// What a document says about the instance it is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// The kind of statement, in words: "namespace", "service".
    pub how: &'static str,
    /// The names given.
    pub names: Vec<String>,
}

impl Said {
    /// The kind of statement of the keys above a setting: most of them say nothing of an instance.
    pub const KEYS: &'static str = "the key";

    /// The kind of statement of the services of a compose file.
    pub const SERVICE: &'static str = "service";

    /// The name of what only running a script would tell.
    pub const COMPUTED: &'static str = "$";

    /// What stands among the keys before the name of a makefile's target.
    pub const TARGET: &'static str = "the target";

    /// What stands among the keys before the name of a Jenkinsfile's stage.
    pub const STAGE: &'static str = "the stage";

    /// What stands among the keys before the name of a job that sets nothing itself.
    pub const IDLE_JOB: &'static str = "the idle job";

    /// What stands among the keys before the name of the environment that a job deploys to.
    pub const ENVIRONMENT: &'static str = "the environment";

    /// The kind of statement of commands that name the environment of Adobe Commerce Cloud they are for.
    pub const CLOUD: &'static str = "Cloud environment";

    /// The kind of statement of commands that set something for all environments of a project of Adobe Commerce Cloud.
    pub const PROJECT: &'static str = "Cloud project";

    /// What stands among the keys before the word for which a script does something: an arm of a `case`, what a test compares.
    pub const CASE: &'static str = "the case";

    /// What stands among the keys before the word but for which a script does something: the `else` of a test.
    pub const OTHERWISE: &'static str = "otherwise than";

    /// What stands among the keys before the name of the function in which a script does something.
    pub const FUNCTION: &'static str = "the function";

    /// Stands before a word of where a command runs, which tells it from others like it in the same script: a host, a namespace, a folder.
    pub const PLACE: &'static str = "the place";

    /// Stands before a word of what holds a whole installation, whatever it is called: a folder, a namespace, a domain.
    pub const SPACE: &'static str = "the folder, namespace or domain";

    /// Stands before the words of the host on which a command of a script runs, where others run elsewhere.
    pub const HOST: &'static str = "the host";

    /// Stands before a word of where a job runs, which says for what it runs where nothing else does: its stage, its runner.
    pub const RUNNER: &'static str = "the runner";

    /// The kind of statement of an object's namespace.
    pub const NAMESPACE: &'static str = "namespace";

    /// The kind of statement of an object's namespace with its label, in this order.
    pub const NAMESPACE_AND_LABEL: &'static str = "namespace or label";

    /// The kind of statement of where an object of `GitOps` deploys to.
    pub const DESTINATION: &'static str = "destination";

    /// The kind of statement of an inventory's groups.
    pub const GROUP: &'static str = "the group";

    /// What stands among the keys before the path of a file that a script writes.
    pub const FILE: &'static str = "the file";
}

/// More settings that come from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// Where it says so.
    pub at: Location,
    /// What holds them, if it is named.
    pub holder: Holder,
}

/// What holds settings that a document only points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A Kubernetes object, by name.
    Object(Object),
    /// A file, relative to the tree.
    File(String),
    /// Something that no tree shows.
    Outside,
}

/// A Kubernetes object that gives workloads their variables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// Its name, before a kustomization adds to it.
    pub name: String,
    /// Its namespace, if it is said.
    pub namespace: Option<String>,
}

impl Object {
    /// The kinds of objects that a workload takes variables from.
    pub const KINDS: [&'static str; 2] = ["ConfigMap", "Secret"];
}

/// A file or folder that a document takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The path relative to the tree, without `.` and `..`.
    pub path: String,
    /// Where it is named.
    pub at: Location,
    /// Whether it is taken in whatever its own path says: a file of values that a command names.
    pub is_firm: bool,
}

/// What an object deploys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The object's own name.
    pub name: String,
    /// The folder of the chart or the manifests, relative to the tree; none where they come from elsewhere.
    pub folder: Option<String>,
    /// The files of values, relative to the tree: later ones override earlier ones.
    pub values: Vec<String>,
    /// The objects that give the variables of what is deployed.
    pub variables: Vec<String>,
    /// The files that a generator makes objects from, as globs from the root of the tree.
    pub files: Vec<String>,
}

/// What was recognised in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// What it gives to instances.
    pub contributions: Vec<Contribution>,
    /// What it does to the rows of a database.
    pub edits: Vec<Edit>,
    /// Private key material in its text.
    pub secrets: Vec<Secret>,
    /// Kubernetes objects that hold no setting: a workload that takes one in is given none by it.
    pub idle: Vec<Contribution>,
    /// Identifiers that a storefront shows.
    pub storefronts: Vec<PublicCopy>,
    /// What hides settings.
    pub problems: Vec<Problem>,
}

impl Recognised {
    /// The file in which something was recognised; none where there is nothing.
    #[must_use]
    pub fn source(&self) -> Option<SourceId> {
        let parts = self.contributions.iter().chain(&self.idle).map(|found| found.source);
        let places = self.secrets.iter().map(|secret| secret.at.source);
        let edits = self.edits.iter().map(|edit| edit.at.source);
        let copies = self.storefronts.iter().map(|copy| copy.at.source);
        let problems = self.problems.iter().map(|problem| problem.at.source);
        parts.chain(places).chain(edits).chain(copies).chain(problems).next()
    }
}
