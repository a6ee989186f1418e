//! Which instance a part of a file is for: what the document says, and what the path says.

use super::names::Names;
use super::task_words::{behind_tools, is_deploying, is_trial, task_environment, task_names};
use super::topics::folder_of_topics;
use super::vocabulary;
use super::words::{
    Elsewhere, Environment, MODULE, Words, bare_environment, is_collection, says_certainly, tokens,
};
use crate::model::instance::{Evidence, UNNAMED};
use crate::recognise::{Said, pipeline, xml};
use crate::syntax::file_name;

/// What tells instances apart: equal identities feed one instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The words that are neither structure nor an environment.
    pub names: Names,
    /// The environment, by the word of the output.
    pub environment: Option<String>,
}

/// The environment on a developer's own machine.
const LOCAL: &str = "local";

/// The files and folders of tools that run a shop on a developer's own machine and nowhere else.
///
/// Sources: the documentation of DDEV, Warden, Lando, Docksal and of development containers, *Configuration*.
const LOCAL_TOOLS: [&str; 7] = [
    ".ddev",
    ".devcontainer",
    ".devcontainer.json",
    ".docksal",
    ".lando.local.yml",
    ".lando.yml",
    ".warden",
];

/// The key over the jobs of a pipeline.
const JOBS: &str = "jobs";

/// The key over the stages of Azure Pipelines.
const STAGES: &str = "stages";

/// What a part of a file says of its instance, and how it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The words of the identity in the order they were read.
    pub names: Vec<String>,
    /// The environment.
    pub environment: Option<Environment>,
    /// How the environment was said.
    pub evidence: Option<Evidence>,
    /// Where the environment was said, in words.
    pub said_by: String,
    /// Whether a word of the path says that several instances inherit this, and whether firmly.
    pub base: Option<bool>,
    /// Whether the keys above the settings told them from others in the same file.
    pub is_part: bool,
    /// Whether the settings are those of one job, or of one task: others do not inherit them.
    pub is_of_job: bool,
    /// The names that the document said, where it said any.
    pub said: Option<Vec<String>>,
    /// The words of a task's name that can be those of a brand.
    pub of_task: Vec<String>,
}

impl Claim {
    /// Reads what a part of the file at `path` says.
    #[must_use]
    pub fn read(path: &str, said: Option<&Said>, is_object: bool) -> Self {
        let words = Words::of_path(naming_part(behind_tools(path), is_object));
        let mut claim = Self { names: words.names, base: words.base, ..Self::default() };
        if let Some(environment) = words.environment {
            claim.evidence = Some(Evidence::Path);
            claim.said_by = format!("`{}` in `{path}`", environment.written);
            claim.environment = Some(environment);
        }
        if let Some(said) = said.filter(|said| said.how == Said::KEYS) {
            claim.read_keys(path, &said.names);
            // `ci.yml` is the pipeline: its job `deploy` sets nothing for what tests.
            let deploys = said.names.iter().any(|name| is_deploying(name));
            if claim.environment.take_if(|found| deploys && found.name == "ci").is_some() {
                claim.evidence = None;
            }
        } else if let Some(said) = said {
            let of_path = Words::of_path(behind_tools(path));
            let firmly = of_path.environment.is_some();
            let elsewhere = Elsewhere { firmly, ..of_path.elsewhere };
            let mut words = Words { elsewhere, ..Words::default() };
            for name in &said.names {
                // What a document declares as an environment is one, whatever word it is.
                match said.how {
                    Said::ENVIRONMENT => words.read_child(name),
                    _ => words.read(name),
                }
            }
            if let Some(environment) = words.environment {
                claim.evidence = Some(Evidence::Document);
                claim.said_by = format!("{} `{}` in `{path}`", said.how, said.names.join("`, `"));
                claim.environment = Some(environment);
            } else if said.how == Said::ENVIRONMENT {
                let lower = said.names.join("-").to_ascii_lowercase();
                words.names = tokens(&lower).map(str::to_owned).collect();
                claim.names.clone_from(&words.names);
            }
            claim.said = Some(words.names);
        }
        if let Some(tool) = local_tool(path).filter(|_| claim.environment.is_none()) {
            claim.evidence = Some(Evidence::Path);
            claim.said_by = format!("`{tool}` in `{path}`");
            claim.environment = bare_environment(LOCAL);
        }
        claim
    }

    /// Reads the keys above a setting: an environment where a whole key says one, or the name of a job, a target, a stage, a file; and the
    /// names in a collection (`shops: acme:`).
    fn read_keys(&mut self, path: &str, keys: &[String]) {
        let mut names = Words::default();
        let mut before = if pipeline::has_jobs_at_top(path) { JOBS } else { collecting_stem(path) };
        for key in keys {
            if key == MODULE {
                before = key;
                continue;
            }
            let how = match before {
                JOBS | Said::IDLE_JOB => "the job",
                STAGES => Said::STAGE,
                Said::TARGET | Said::STAGE | Said::FILE | Said::ENVIRONMENT | Said::OTHERWISE => {
                    before
                }
                _ => Said::KEYS,
            };
            let is_collected = is_collection(before) || before == MODULE;
            let environment = match before {
                JOBS | STAGES | Said::TARGET | Said::STAGE => task_environment(key, false),
                Said::IDLE_JOB => task_environment(key, true),
                Said::FILE => self.environment_of_file(key),
                Said::OTHERWISE => bare_environment(key).and_then(|other| other.otherwise()),
                Said::ENVIRONMENT if self.is_of_job || deploys_in_steps(path) => {
                    named_environment(key, &mut names)
                }
                // What stands in a collection is the name of an instance: `environments: {kiwi-prod: …}`.
                _ if is_collected => named_environment(key, &mut names),
                _ => bare_environment(key)
                    .or_else(|| environment_of_host(key))
                    .or_else(|| self.environment_of_compound(key)),
            };
            if matches!(before, JOBS | STAGES | Said::IDLE_JOB | Said::TARGET | Said::STAGE) {
                self.of_task = task_names(key);
            }
            self.is_of_job |= match before {
                JOBS => !pipeline::is_above_jobs(key),
                Said::TARGET | Said::STAGE => environment.is_none() && is_trial(key),
                _ => false,
            };
            if let Some(environment) = environment {
                self.evidence = Some(Evidence::Document);
                self.said_by = format!("{how} `{key}` in `{path}`");
                self.environment = Some(environment);
                self.is_part = true;
            } else if is_collected {
                names.read_child(key);
            }
            // The branch that everything ends up in is one of the branches.
            self.is_part |= before == "branches" && is_main(key);
            // What is done in one arm is done in no other.
            self.is_part |= is_host_name(key) || matches!(before, Said::CASE | Said::OTHERWISE);
            before = key;
        }
        if !names.names.is_empty() {
            self.is_part = true;
            self.said = Some(names.names);
        }
    }

    /// The environment of a compound key by a word that means nothing else, where nothing before it says one: `plinth_prod`. A sentence tells
    /// what a step does, and a variable has a name of its own.
    fn environment_of_compound(&self, key: &str) -> Option<Environment> {
        let is_name = !key.contains(' ') && !key.contains("__");
        let is_open = self.environment.is_none() && is_name && says_certainly(key);
        Words::of_path(key).environment.filter(|_| is_open)
    }

    /// Takes the environment of a compound key, which its siblings show to be one.
    pub fn say_environment(&mut self, text: &str, said: Option<&Said>) {
        let mut words = Words::default();
        words.read(text);
        if let Some(environment) = words.environment {
            self.evidence = Some(Evidence::Document);
            let how = said.map_or(Said::KEYS, |said| said.how);
            self.said_by = format!("{how} `{text}`");
            self.environment = Some(environment);
            self.is_part |= how == Said::KEYS;
        }
    }

    /// Takes one of its names for an environment, as others with the rest of them show it to be.
    pub fn mean_environment(&mut self, name: &str) {
        let mut words = Words::default();
        words.read(name);
        self.names.retain(|known| known != name);
        self.evidence = Some(Evidence::Path);
        self.said_by = format!("`{name}` in its name, beside others that say another environment");
        self.environment = words.environment;
    }

    /// Forgets what the keys above a setting said: they tell no instances apart.
    pub fn forget_keys(&mut self) {
        (self.is_part, self.is_of_job, self.said) = (false, false, None);
        self.of_task.clear();
    }

    /// The environment of a file that a script writes: by its name; by its folders where the script has none, since it can stand anywhere.
    fn environment_of_file(&self, file: &str) -> Option<Environment> {
        let by_name = Words::of_path(file_name(file)).environment;
        let by_path = || Words::of_path(file).environment.filter(|_| self.environment.is_none());
        by_name.or_else(by_path)
    }

    /// How much it says: what is said of fewer instances is closer to them.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.names.len() + usize::from(self.environment.is_some())
    }

    /// The identity that follows.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            names: self.names.iter().cloned().collect(),
            environment: self.environment.as_ref().map(|environment| environment.name.clone()),
        }
    }
}

/// The part of a path that a tool for developers' machines reads.
fn local_tool(path: &str) -> Option<&str> {
    path.split('/').find(|part| LOCAL_TOOLS.contains(part))
}

/// Whether a word is what the branch is called that everything ends up in.
#[must_use]
pub fn is_main(word: &str) -> bool {
    matches!(word, "main" | "master" | "trunk")
}

/// Whether a key is the name of a virtual host: it stands beside others, and above none.
#[must_use]
pub fn is_host_name(key: &str) -> bool {
    let labels: Vec<&str> = key.split('.').collect();
    let is_label = |label: &&str| {
        let is_of_label = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        !label.is_empty() && label.chars().all(is_of_label)
    };
    labels.len() > 2 && labels.iter().all(is_label)
}

/// The environment that the first label of a host's name says whole: `stage.acme.com`.
fn environment_of_host(key: &str) -> Option<Environment> {
    bare_environment(key.split('.').next()?).filter(|_| is_host_name(key))
}

/// The environment that a job names, and the other words of its name: `acme-production`.
fn named_environment(name: &str, names: &mut Words) -> Option<Environment> {
    let name = name.split_once("/$").map_or(name, |(name, _)| name);
    let words = Words::of_path(name);
    if words.environment.is_some() {
        words.names.iter().for_each(|word| names.read(word));
    }
    words.environment
}

/// Whether a file's steps name environments without standing in jobs: Bitbucket's.
#[must_use]
pub fn deploys_in_steps(path: &str) -> bool {
    file_name(path).starts_with("bitbucket-pipelines")
}

/// The name of a file that collects instances itself: `shops.toml` with `[acme]`. A module of Magento calls scopes `stores`.
fn collecting_stem(path: &str) -> &str {
    let stem = file_name(path).split('.').next().unwrap_or_default();
    if is_collection(stem) && stem != "stores" { stem } else { "" }
}

/// The part of a path whose words count. The file of a Kubernetes object is named after the object, unless it names an environment.
///
/// A module's defaults are named after the module, which is code: only what stands before `app/code` counts.
fn naming_part(path: &str, is_object: bool) -> &str {
    let path = before_code(path);
    if let Some(folder) = folder_of_topics(path) {
        return folder;
    }
    let Some((folder, name)) = path.rsplit_once('/') else {
        return if is_object && Words::of_path(path).environment.is_none() { "" } else { path };
    };
    let says_none = || Words::of_path(name).environment.is_none() || does_there(folder, name);
    let names_object = is_object && !is_collection(file_name(folder)) && says_none();
    if names_object { folder } else { path }
}

/// Whether an object in an environment's folder is called after what it does there: `prod/preview-job.yaml`.
fn does_there(folder: &str, name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let mut words = tokens(&stem);
    words.next().is_some_and(|first| vocabulary::PERHAPS.contains(&first))
        && words.next().is_some()
        && bare_environment(file_name(folder)).is_some()
}

/// The part of a path that is no code: what stands before a module.
#[must_use]
pub fn before_code(path: &str) -> &str {
    if xml::is_module_default(path) {
        return path.split_once("app/code/").map_or("", |(before, _)| before);
    }
    path
}

/// The name of an instance with these words: the environment is its last, but for one that `begins` one of the others as people write it.
#[must_use]
pub fn display_name(names: &[String], environment: Option<&str>, begins: Option<&str>) -> String {
    let mut words: Vec<&str> = names.iter().map(String::as_str).collect();
    let place = begins.and_then(|name| words.iter().position(|word| word.starts_with(name)));
    if let Some(environment) = environment {
        words.insert(place.unwrap_or(words.len()), environment);
    }
    if words.is_empty() { UNNAMED.to_owned() } else { words.join("-") }
}

/// The identity that gives an instance this very name; none where the name has other words than paths are read for.
#[must_use]
pub fn named(name: &str) -> Option<Identity> {
    if name == UNNAMED {
        return Some(Identity::default());
    }
    let mut words = Words::default();
    words.read(name);
    let begins = words.environment.as_ref().and_then(|environment| environment.begins.clone());
    let environment = words.environment.map(|environment| environment.name);
    let display = display_name(&words.names, environment.as_deref(), begins.as_deref());
    (!name.is_empty() && display == name)
        .then(|| Identity { names: words.names.into_iter().collect(), environment })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_made_of_words_has_their_identity() {
        let words = |name: &str| {
            named(name).map(|it| {
                it.names.into_iter().chain(it.environment).collect::<Vec<String>>().join(" ")
            })
        };
        assert_eq!(words("eu-production").as_deref(), Some("eu production"));
        assert_eq!(words("local-hero").as_deref(), Some("hero local"));
        assert_eq!(words("unnamed").as_deref(), Some(""));
        for other in ["prod", "production-eu", "k8s-production", "Production", ""] {
            assert_eq!(words(other), None, "{other}");
        }
    }

    #[test]
    fn an_objects_file_name_is_not_an_instance() {
        let name = |path, is_object| Claim::read(path, None, is_object).names.join(" ");
        assert_eq!(name("k8s/prod/loyalty.yaml", true), "");
        assert_eq!(name("k8s/prod/loyalty.yaml", false), "loyalty");
        assert_eq!(name("k8s/overlays/acme.yaml", true), "acme");
        assert_eq!(name("k8s/acme-prod.yaml", true), "acme");
    }

    #[test]
    fn a_file_named_after_its_topic_is_not_an_instance() {
        let identity = |path: &str| Claim::read(path, None, false).identity();
        for (path, folder) in [
            ("config/store/production/loyalty.yaml", "production"),
            ("shop/config/store/dev/acme/loyalty/rules.yaml", "shop/acme/loyalty/dev"),
            ("inventories/uat/group_vars/all/loyalty.yml", "uat"),
            ("group_vars/acme_prod/loyalty.yml", "acme/prod"),
            ("host_vars/web1.prod/loyalty.yml", "prod"),
        ] {
            assert_eq!(identity(path), identity(&format!("{folder}/env.php")), "{path}");
        }
        assert_ne!(identity("group_vars/acme.yml"), identity("group_vars/globex.yml"));
    }

    #[test]
    fn files_of_one_environment_are_one_instance_whatever_their_carrier() {
        let identity = |path: &str| Claim::read(path, None, false).identity();
        let production = identity(".env.prod");
        for path in [
            "deploy/prod.sh",
            "terraform/env/prod.tfvars",
            "terraform/environments/production/terraform.tfvars",
            "infrastructure/live/prod/terragrunt.hcl",
            "k8s/overlays/production/configmap.yaml",
            "inventory/prod/hosts.yml",
            "inventories/production/group_vars/all.yml",
            "group_vars/prod/vault.yml",
            "hiera/data/environments/production.yaml",
            "environments/prod.json",
            "sql/prod.sql",
            "db/dumps/prod.sql.gz",
            "docker/prod/Dockerfile",
            "nginx/prod.conf",
            "nginx/production/fastcgi.conf",
            "apache2/prod/vhost.conf",
            "storefront/prod/config.json",
            "deploy/prod/secrets.sops.yaml",
            "prod.auto.tfvars",
            "umgebungen/produktion/env.php",
            "environnements/production/.env",
        ] {
            assert_eq!(identity(path), production, "{path}");
        }
        let uat = identity("deploy/uat.sh");
        assert_ne!(uat, production);
        assert_eq!(uat, identity("terraform/env/uat.tfvars"));
        assert_ne!(identity("sites/acme/prod.tfvars"), production);
    }

    #[test]
    fn a_key_that_is_an_environment_says_it() {
        let claim = |keys: &[&str]| {
            let names = keys.iter().map(|&key| key.to_owned()).collect();
            Claim::read("deploy/all.yaml", Some(&Said { how: Said::KEYS, names }), false)
        };
        let environment = |keys| claim(keys).identity().environment;
        assert_eq!(environment(&["environments", "prod", "env"]).as_deref(), Some("production"));
        assert_eq!(environment(&["jobs", "deploy", "uat2"]).as_deref(), Some("uat-2"));
        assert_eq!(environment(&["php", "integration_env", "commerce-live"]), None);
        assert!(!claim(&["env", "php"]).is_part);
    }

    #[test]
    fn a_job_a_target_or_a_file_says_an_environment_by_a_word_of_its_name() {
        let environment = |path: &str, keys: &[&str]| {
            let names = keys.iter().map(|&key| key.to_owned()).collect();
            let said = Said { how: Said::KEYS, names };
            Claim::read(path, Some(&said), false).identity().environment.unwrap_or_default()
        };
        for (how, name, expected) in [
            ("jobs", "deploy-prod", "production"),
            ("jobs", "configure_uat", "uat"),
            ("jobs", "deploy-test", "test"),
            ("jobs", "test", ""),
            (Said::TARGET, "test", ""),
            ("jobs", "integration-tests", ""),
            ("jobs", "test-deploy", ""),
            ("jobs", "staging", "staging"),
            (Said::IDLE_JOB, "deploy-staging", "staging"),
            (Said::IDLE_JOB, "deploy-to-live", "production"),
            (Said::IDLE_JOB, "smoke-test-staging", ""),
            (Said::IDLE_JOB, "install-dev-dependencies", ""),
            (Said::IDLE_JOB, "deploy-storybook-staging", ""),
            (Said::STAGE, "QA gate", ""),
            (Said::TARGET, "prod", "production"),
            (Said::TARGET, "live-search", ""),
            (Said::TARGET, "stage-assets", ""),
            (Said::STAGE, "Deploy to production", "production"),
            (Said::STAGE, "Stage 1", ""),
            (Said::FILE, "app/etc/env.uat.php", "uat"),
            (Said::FILE, "/var/www/staging/.env", "staging"),
        ] {
            assert_eq!(environment("deploy.x", &[how, name]), expected, "{how} {name}");
        }
        assert_eq!(environment(".gitlab-ci.yml", &["deploy-prod", "variables"]), "production");
        assert_eq!(environment(".gitlab-ci.yml", &["review", "review/$ci_branch"]), "preview");
        assert_eq!(environment("azure-pipelines.yml", &["stages", "Deploy_UAT"]), "uat");
        assert_eq!(environment("prod/x.sh", &[Said::FILE, "/opt/staging/.env"]), "production");
    }

    #[test]
    fn what_a_document_says_beats_its_path() {
        let said = Said { how: "namespace", names: vec!["magento-staging".into()] };
        let claim = Claim::read("k8s/prod/a.yaml", Some(&said), true);
        assert_eq!(claim.identity().environment.as_deref(), Some("staging"));
        assert_eq!(claim.evidence, Some(Evidence::Document));
    }
}
