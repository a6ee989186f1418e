//! [`Node`]s and text → settings and secrets: one file per carrier family.
//!
//! A recogniser looks for a vocabulary (known config paths, `CONFIG__…` names, Kubernetes kinds), wherever in a document it stands. It
//! knows no file format and no rule, and it never decides which instance it reads for: it repeats what the document says.

pub mod ciphertext;
pub mod command;
pub mod compose;
pub mod conditions;
pub mod dialects;
pub mod document;
pub mod embedded;
mod gitlab;
pub mod gitops;
pub mod helmfile;
pub mod kubernetes;
pub mod kustomize;
mod matrix;
pub mod pipeline;
mod scalar;
pub mod secret;
pub mod sql;
pub mod storefront;
pub mod value;
pub mod written;
pub mod xml;

use crate::model::command::Command;
use crate::model::edit::Edit;
use crate::model::fingerprint::Fingerprint;
use crate::model::setting::{Carrier, Secret, Setting};
use crate::model::storefront::PublicCopy;
use crate::sift::sift;
use crate::source::{Location, Source, SourceId};
use crate::syntax::shell::Shell;
use crate::syntax::xml::Xml;
use crate::syntax::{Format, Node, Parsed, Problem, file_name};
use document::Reader;
use gitops::Deployment;

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

    /// What stands among the keys before the word for which a script does something: an arm of a `case`, what a test compares.
    pub const CASE: &'static str = "the case";
    /// Stands before a word of where a command runs, which tells it from others like it in the same script: a host, a namespace, a folder.
    pub const PLACE: &'static str = "the place";

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
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// What one part of a file (an object, a service, or all of it) gives one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The file.
    pub source: SourceId,
    /// What the document says about its instance.
    pub said: Option<Said>,
    /// Whether the file's name is the name of an object rather than of an installation.
    pub is_object: bool,
    /// Whether it is what a database holds: which one, only the file's path can say.
    pub is_database: bool,
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

impl Contribution {
    /// An empty contribution of a file.
    #[must_use]
    pub fn of(source: SourceId) -> Self {
        Self {
            source,
            said: None,
            is_object: false,
            is_database: false,
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

/// Recognises the settings of a parsed file; in one that spells no name of a setting there are none (see [`sift`](crate::sift)).
#[must_use]
pub fn settings(source: &Source, id: SourceId, parsed: &Parsed) -> Recognised {
    let sifted = sift(source.path(), source.text().as_bytes());
    if !sifted.settings && !sifted.perhaps {
        return Recognised::default();
    }
    read(source, id, parsed)
}

/// Recognises the settings of a parsed file, whatever its text spells.
#[must_use]
pub fn read(source: &Source, id: SourceId, parsed: &Parsed) -> Recognised {
    let mut recognised = Recognised::default();
    recognised.storefronts.extend(parsed.documents.iter().flat_map(storefront::copies));
    for mut found in found(source, id, parsed, &mut recognised) {
        conditions::forget(source, &mut found);
        for contribution in &mut found {
            recognised.problems.append(&mut contribution.problems);
        }
        let (idle, found): (Vec<_>, Vec<_>) = found.into_iter().partition(Contribution::is_empty);
        let is_whole = parsed.problems.is_empty() && !is_template(source);
        let is_object = |part: &Contribution| is_whole && !part.objects.is_empty();
        recognised.idle.extend(idle.into_iter().filter(is_object));
        recognised.contributions.extend(found.into_iter().map(|mut contribution| {
            // A key in the place of a name goes by its fingerprint.
            let names = contribution.said.iter_mut().flat_map(|said| &mut said.names);
            for name in names.filter(|name| secret::holds_key(name)) {
                *name = Fingerprint::of("text", name.as_bytes()).to_string();
            }
            contribution
        }));
    }
    // A template is no YAML until it is rendered: what could be read counts, what could not is expected.
    if !is_template(source) {
        recognised.problems.extend(parsed.problems.iter().cloned());
    }
    recognised.problems.extend(invalid_bytes(source, &recognised.contributions));
    recognised
}

/// What each document gives; all scripts of one file give together.
fn found(
    source: &Source,
    id: SourceId,
    parsed: &Parsed,
    recognised: &mut Recognised,
) -> Vec<Vec<Contribution>> {
    let format = dialects::format(source.path(), source.text()).map_or("", Format::name);
    if Shell::holds_scripts(format) {
        let how =
            if matches!(format, "Makefile" | "justfile") { Said::TARGET } else { Said::STAGE };
        let mut reader = command::Reader::new(source, id);
        for document in &parsed.documents {
            let (script, above) = command::named(document, how);
            reader.read(script, &above);
        }
        recognised.edits.append(&mut reader.edits);
        let mut found = reader.finish();
        let idle = command::idle::idle_targets(id, parsed, how, &found);
        found.extend(idle);
        return vec![found];
    }
    let documents = parsed.documents.iter().map(|document| {
        let merged = if pipeline::has_jobs_at_top(source.path()) {
            gitlab::merged(source, document).unwrap_or_else(|problem| {
                recognised.problems.push(problem);
                None
            })
        } else {
            None
        };
        let document = merged.as_ref().unwrap_or(document);
        if format == "SQL" {
            let found = sql::recognise(source, id, document);
            recognised.edits.extend(found.edits);
            return found.contributions;
        }
        let found = contributions(source, id, document);
        if matches!(format, "YAML" | "JSON") {
            let found = pipeline::with_scripts(source, document, found, recognised);
            let mut found = matrix::spread(source, document, found);
            found.extend(helmfile::contributions(source, id, document));
            found.extend(pipeline::idle_jobs(source, document, &found));
            found.extend(pipeline::idle_environments(document, &found));
            found
        } else {
            found
        }
    });
    documents.collect()
}

fn contributions(source: &Source, id: SourceId, document: &Node) -> Vec<Contribution> {
    if kustomize::claims(source.path()) && !gitops::is_deployment(document) {
        return vec![kustomize::contribution(source, id, document)];
    }
    if Xml.claims(source.path()) {
        return vec![xml::contribution(source, id, document)];
    }
    if kubernetes::is_object(document) {
        return kubernetes::contributions(source, id, document);
    }
    if compose::claims(source.path(), document) {
        return compose::contributions(source, id, document);
    }
    let mut reader =
        Reader::new(source, carrier_of(source.path()), variable_carrier_of(source.path()));
    reader.read(document);
    if file_name(source.path()) == ".magento.app.yaml" {
        // Cloud keeps secrets in variables of the console.
        reader.opaque.push(Opaque { at: document.at, holder: Holder::Outside });
    }
    if file_name(source.path()) == ".magento.env.yaml" {
        // Its `stage` is a step of the build, and no environment.
        reader.contexts.iter_mut().for_each(Vec::clear);
    }
    by_keys(id, reader)
}

/// A contribution for each run of settings with the same keys above: `production:` and `staging:` in one file are two instances.
fn by_keys(id: SourceId, reader: Reader<'_>) -> Vec<Contribution> {
    let mut parts: Vec<Contribution> = Vec::new();
    let part = |names: Vec<String>, settings| Contribution {
        said: (!names.is_empty()).then_some(Said { how: Said::KEYS, names }),
        settings,
        opaque: reader.opaque.clone(),
        ..Contribution::of(id)
    };
    for (setting, names) in reader.settings.into_iter().zip(reader.contexts) {
        let said =
            |part: &Contribution| part.said.as_ref().map_or(&[][..], |said| &said.names) == names;
        match parts.last_mut().filter(|last| said(last)) {
            Some(last) => last.settings.push(setting),
            None => parts.push(part(names, vec![setting])),
        }
    }
    if parts.is_empty() {
        parts.push(part(Vec::new(), Vec::new()));
    }
    if let Some(first) = parts.first_mut() {
        first.problems = reader.problems;
    }
    parts
}

/// How config paths in a file are delivered, by the file's name.
pub(crate) fn carrier_of(path: &str) -> Carrier {
    let name = file_name(path).to_ascii_lowercase();
    let is_php = format!("{name}.").contains(".php.");
    if is_php && name.starts_with("config.") {
        Carrier::ConfigPhp
    } else if is_php {
        Carrier::EnvPhp
    } else if path.contains("config/store/") {
        Carrier::ConfigImportExport
    } else {
        Carrier::Document
    }
}

/// How `CONFIG__…` names in a file are delivered, by the file's name.
pub(crate) fn variable_carrier_of(path: &str) -> Carrier {
    let name = file_name(path);
    if name == ".magento.app.yaml" {
        Carrier::CloudApplication
    } else if name.starts_with(".env") || name.contains(".env") {
        Carrier::Dotenv
    } else {
        Carrier::Environment
    }
}

/// Whether a file is a Helm template: YAML only after rendering.
pub(crate) fn is_template(source: &Source) -> bool {
    let is_filled = file_name(source.path())
        .rsplit_once('.')
        .is_some_and(|(_, end)| matches!(end, "j2" | "jinja2" | "erb" | "tmpl" | "gotmpl"));
    let is_of_chart = format!("/{}", source.path()).contains("/templates/");
    let holes = ["{{", "{%", "<%"];
    let has_holes =
        |count: usize| holes.iter().take(count).any(|hole| source.text().contains(hole));
    is_filled && has_holes(holes.len()) || is_of_chart && has_holes(1)
}

fn invalid_bytes(source: &Source, contributions: &[Contribution]) -> Vec<Problem> {
    let settings = contributions.iter().flat_map(|contribution| &contribution.settings);
    settings
        .filter(|setting| {
            source.has_invalid_bytes(setting.at.span)
                || source.has_invalid_bytes(setting.key_at.span)
        })
        .map(|setting| Problem {
            at: setting.at,
            message: "a setting holds bytes that are not UTF-8".into(),
        })
        .collect()
}
