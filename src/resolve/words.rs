//! The words of paths and names: which say an environment, which say that a file is shared, which say nothing.
//!
//! One vocabulary in one place. To teach the tool a word, add it here; the algorithm in `identity.rs` stays as it is.

/// Environments: the word of the output, and what people write for it.
const ENVIRONMENTS: &[(&str, &[&str])] = &[
    ("production", &["production", "prod", "prd", "live", "prodn"]),
    ("staging", &["staging", "stage", "stg", "stag"]),
    ("preproduction", &["preproduction", "preprod", "preprd", "ppd", "prelive"]),
    ("uat", &["uat"]),
    ("acceptance", &["acceptance", "acc", "accept"]),
    ("qa", &["qa", "qas", "quality"]),
    ("integration", &["integration", "int", "integ"]),
    ("test", &["test", "testing", "tst"]),
    ("development", &["development", "dev", "devel", "develop", "devbox"]),
    ("local", &["local", "localhost", "localdev"]),
    ("sandbox", &["sandbox", "sbx", "sandpit"]),
    ("demo", &["demo"]),
    ("preview", &["preview", "review"]),
    ("training", &["training"]),
    ("performance", &["performance", "perf", "loadtest"]),
    ("ci", &["ci"]),
    ("nonproduction", &["nonproduction", "nonprod", "nonprd", "lower"]),
];

/// Pairs of words that mean one thing together: the environment they say, or nothing.
const PAIRS: &[(&str, &str, &str)] = &[
    ("pre", "prod", "preproduction"),
    ("pre", "production", "preproduction"),
    ("pre", "live", "preproduction"),
    ("non", "prod", "nonproduction"),
    ("non", "production", "nonproduction"),
    ("not", "production", "nonproduction"),
    ("user", "acceptance", "uat"),
    ("load", "test", "performance"),
    ("live", "search", ""),
    ("live", "reload", ""),
    ("usr", "local", ""),
    ("gitlab", "ci", ""),
    ("circle", "ci", ""),
    ("test", "connection", ""),
    ("production", "key", ""),
    ("production", "keys", ""),
    ("production", "api", ""),
    ("production", "private", ""),
    ("production", "credentials", ""),
    ("sandbox", "key", ""),
    ("sandbox", "keys", ""),
    ("sandbox", "api", ""),
    ("sandbox", "private", ""),
    ("sandbox", "credentials", ""),
];

/// Words of files that several instances inherit. The second half alone is too weak a word to say so without heirs.
const BASES: &[(&str, bool)] = &[
    ("base", true),
    ("common", true),
    ("shared", true),
    ("all", true),
    ("default", false),
    ("defaults", false),
    ("global", false),
];

/// Words before a number or a letter that make a name together: `shop-a`, `site2`.
const NUMBERED: &[&str] = &[
    "account",
    "brand",
    "brands",
    "client",
    "cluster",
    "customer",
    "instance",
    "market",
    "merchant",
    "region",
    "shop",
    "site",
    "store",
    "storefront",
    "tenant",
];

/// Words of structure, products and components: they tell no two instances apart. Sorted.
const STRUCTURAL: &[&str] = &[
    "account",
    "accounts",
    "active",
    "addons",
    "admin",
    "adobe",
    "adobecommerce",
    "aks",
    "ansible",
    "apache",
    "api",
    "app",
    "application",
    "applications",
    "apps",
    "argo",
    "argocd",
    "attributes",
    "aws",
    "azure",
    "backend",
    "bases",
    "bin",
    "bitbucket",
    "blue",
    "box",
    "brand",
    "brands",
    "build",
    "canary",
    "catalog",
    "cfg",
    "chart",
    "charts",
    "chef",
    "cli",
    "client",
    "clients",
    "cloud",
    "cluster",
    "clusters",
    "cm",
    "code",
    "commerce",
    "component",
    "components",
    "compose",
    "conf",
    "config",
    "configmap",
    "configmaps",
    "configs",
    "configuration",
    "configurations",
    "connector",
    "consumer",
    "consumers",
    "container",
    "containers",
    "cookbooks",
    "credentials",
    "cron",
    "cronjob",
    "cronjobs",
    "crontab",
    "current",
    "customer",
    "customers",
    "d",
    "data",
    "database",
    "dataspace",
    "db",
    "definition",
    "definitions",
    "deploy",
    "deployer",
    "deployment",
    "deployments",
    "devops",
    "dist",
    "docker",
    "dockerfile",
    "dotenv",
    "ece",
    "ecs",
    "eks",
    "elasticsearch",
    "env",
    "environ",
    "environment",
    "environments",
    "envs",
    "envvars",
    "etc",
    "example",
    "extra",
    "extras",
    "fargate",
    "files",
    "flux",
    "fluxcd",
    "fpm",
    "frontend",
    "gcp",
    "generated",
    "generator",
    "git",
    "github",
    "gitlab",
    "gitops",
    "gke",
    "green",
    "group",
    "groups",
    "ha",
    "hcl",
    "helm",
    "helmfile",
    "helmfiles",
    "helmrelease",
    "helmreleases",
    "hiera",
    "hieradata",
    "home",
    "host",
    "hosts",
    "hpa",
    "html",
    "http",
    "httpd",
    "iac",
    "image",
    "images",
    "infra",
    "infrastructure",
    "ingress",
    "ini",
    "instance",
    "instances",
    "inventories",
    "inventory",
    "j2",
    "job",
    "jobs",
    "json",
    "json5",
    "jsonc",
    "k3s",
    "k8",
    "k8s",
    "key",
    "keys",
    "kube",
    "kubernetes",
    "kustomization",
    "kustomize",
    "livesearch",
    "m2",
    "mage",
    "magento",
    "magento2",
    "main",
    "manifest",
    "manifests",
    "mariadb",
    "market",
    "markets",
    "master",
    "merchant",
    "merchants",
    "merged",
    "modules",
    "mysql",
    "namespace",
    "namespaces",
    "nginx",
    "node",
    "nodes",
    "ns",
    "opensearch",
    "ops",
    "opt",
    "overlay",
    "overlays",
    "override",
    "overrides",
    "package",
    "packages",
    "parameters",
    "params",
    "passive",
    "patch",
    "patches",
    "payment",
    "payments",
    "php",
    "phpfpm",
    "pipeline",
    "pipelines",
    "platform",
    "platforms",
    "playbook",
    "playbooks",
    "pod",
    "pods",
    "primary",
    "private",
    "product",
    "products",
    "project",
    "projects",
    "properties",
    "provision",
    "provisioning",
    "pub",
    "public",
    "puppet",
    "pvc",
    "rabbitmq",
    "recommendations",
    "redis",
    "region",
    "regions",
    "release",
    "releases",
    "rendered",
    "replica",
    "repo",
    "repository",
    "resource",
    "resources",
    "role",
    "roles",
    "root",
    "runtime",
    "saas",
    "script",
    "scripts",
    "search",
    "secret",
    "secretgenerator",
    "secrets",
    "server",
    "servers",
    "service",
    "services",
    "servicesconnector",
    "servicesid",
    "setting",
    "settings",
    "setup",
    "sh",
    "shop",
    "shops",
    "site",
    "sites",
    "skaffold",
    "sources",
    "sql",
    "src",
    "srv",
    "standby",
    "statefulset",
    "statefulsets",
    "store",
    "storefront",
    "storefronts",
    "stores",
    "svc",
    "system",
    "task",
    "taskdef",
    "taskdefinition",
    "tasks",
    "template",
    "templates",
    "tenant",
    "tenants",
    "terraform",
    "tf",
    "tfvars",
    "the",
    "toml",
    "tpl",
    "usr",
    "values",
    "var",
    "variables",
    "varnish",
    "vars",
    "web",
    "webserver",
    "website",
    "websites",
    "worker",
    "workers",
    "workflow",
    "workflows",
    "workload",
    "workloads",
    "www",
    "xml",
    "yaml",
    "yml",
];

/// Folders and name parts of samples, tests and other people's code: no instance is deployed from them.
const SAMPLE_FOLDERS: &[&str] = &[
    "examples",
    "example",
    "docs",
    "doc",
    "tests",
    "fixtures",
    "testdata",
    "samples",
    "sample",
    "vendor",
    "node_modules",
    "__tests__",
];

const SAMPLE_WORDS: &[&str] =
    &["dist", "sample", "example", "template", "tpl", "tmpl", "j2", "erb", "skel"];

/// An environment as a path or a name says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Environment {
    /// The word of the output, a number kept: `staging`, `uat-2`.
    pub name: String,
    /// What stands there.
    pub written: String,
}

impl Environment {
    /// Whether this is the real shop.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.name.split('-').next() == Some("production")
    }
}

/// What the words of a path or name say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The environment, the last one said.
    pub environment: Option<Environment>,
    /// The words that tell instances apart, in order.
    pub names: Vec<String>,
    /// Whether a word says that several instances inherit this, and whether it says so firmly.
    pub base: Option<bool>,
}

impl Words {
    /// Reads the words of a path: each part between slashes on its own.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let mut words = Self::default();
        path.split('/').for_each(|part| words.read(part));
        words
    }

    /// Adds the words of one name.
    pub fn read(&mut self, name: &str) {
        let lower = name.to_ascii_lowercase();
        let tokens: Vec<&str> = lower
            .split(['.', '_', '-', ' ', '+', '@', '~', '(', ')', ',', '='])
            .filter(|token| !token.is_empty())
            .collect();
        let mut rest = tokens.as_slice();
        let mut before = Meaning::Nothing;
        while let [token, behind @ ..] = rest {
            rest = behind;
            let pair = behind
                .first()
                .and_then(|next| PAIRS.iter().find(|(one, two, _)| one == token && two == next));
            let meaning = if let Some((one, two, environment)) = pair {
                rest = behind.get(1..).unwrap_or_default();
                if environment.is_empty() {
                    Meaning::Nothing
                } else {
                    Meaning::environment(environment, &format!("{one}-{two}"))
                }
            } else if is_number(token) {
                before.numbered(token)
            } else {
                meaning(token)
            };
            self.add(&mut before, meaning);
        }
    }

    fn add(&mut self, before: &mut Meaning, meaning: Meaning) {
        match &meaning {
            // A group of environments says less than one of them.
            Meaning::Environment(environment)
                if environment.name == "nonproduction" && self.environment.is_some() => {}
            Meaning::Environment(environment) => self.environment = Some(environment.clone()),
            Meaning::Renamed(name) => {
                self.names.pop();
                self.push(name);
            }
            Meaning::Name(name) => self.push(name),
            Meaning::Base(firm) => self.base = Some(*firm || self.base == Some(true)),
            Meaning::Nothing | Meaning::Structural(_) => {}
        }
        *before = meaning;
    }

    fn push(&mut self, name: &str) {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }
}

/// What one word says.
#[derive(Clone, Debug)]
enum Meaning {
    Nothing,
    Structural(String),
    Environment(Environment),
    Name(String),
    /// A name that takes the place of the last one.
    Renamed(String),
    Base(bool),
}

impl Meaning {
    fn environment(name: &str, written: &str) -> Self {
        Self::Environment(Environment { name: name.to_owned(), written: written.to_owned() })
    }

    /// What a number or a single letter behind this word says.
    fn numbered(&self, number: &str) -> Self {
        match self {
            Self::Environment(Environment { name, written })
                if number.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Self::environment(
                    &format!("{name}-{}", number.trim_start_matches('0')),
                    &format!("{written}-{number}"),
                )
            }
            Self::Structural(word) if NUMBERED.contains(&word.as_str()) => {
                Self::Name(format!("{word}-{number}"))
            }
            Self::Name(name) => Self::Renamed(format!("{name}-{number}")),
            _ => Self::Nothing,
        }
    }
}

fn is_number(token: &str) -> bool {
    token.len() == 1 || token.bytes().all(|byte| byte.is_ascii_digit())
}

fn meaning(token: &str) -> Meaning {
    if let Some(name) = environment_name(token) {
        return Meaning::environment(name, token);
    }
    if let Some(&(_, firm)) = BASES.iter().find(|(word, _)| *word == token) {
        return Meaning::Base(firm);
    }
    if STRUCTURAL.binary_search(&token).is_ok() {
        return Meaning::Structural(token.to_owned());
    }
    let stem = token.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = token.get(stem.len()..).unwrap_or_default();
    if !number.is_empty() {
        if let Some(name) = environment_name(stem) {
            return Meaning::environment(&format!("{name}-{number}"), token);
        }
        if NUMBERED.contains(&stem) {
            return Meaning::Name(format!("{stem}-{number}"));
        }
        if STRUCTURAL.binary_search(&stem).is_ok() {
            return Meaning::Nothing;
        }
    }
    Meaning::Name(token.to_owned())
}

fn environment_name(token: &str) -> Option<&'static str> {
    ENVIRONMENTS.iter().find(|(_, written)| written.contains(&token)).map(|&(name, _)| name)
}

/// Whether a folder's or file's bare name says that several instances inherit it.
#[must_use]
pub fn is_base(name: &str) -> bool {
    BASES.iter().any(|(word, _)| *word == name)
}

/// Whether a folder collects one thing per instance, so that the names in it are names of instances.
#[must_use]
pub fn is_collection(folder: &str) -> bool {
    const COLLECTIONS: &[&str] = &[
        "environments",
        "envs",
        "overlays",
        "instances",
        "sites",
        "shops",
        "stores",
        "tenants",
        "merchants",
        "clients",
        "customers",
        "brands",
        "regions",
        "clusters",
        "markets",
        "group_vars",
        "host_vars",
    ];
    COLLECTIONS.contains(&folder)
}

/// Whether a file is a sample, a test, documentation or somebody else's code.
///
/// `Test` is a Magento module's folder of tests; `test` can be an environment.
#[must_use]
pub fn is_sample(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    folders.split('/').any(|folder| {
        folder == "Test" || SAMPLE_FOLDERS.contains(&folder.to_ascii_lowercase().as_str())
    }) || format!("/{folders}/").contains("/dev/tests/")
        || lower.split(['.', '-', '_']).any(|word| SAMPLE_WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str) -> String {
        let words = Words::of_path(path);
        let environment = words.environment.map(|environment| environment.name).unwrap_or_default();
        format!(
            "{}|{environment}{}",
            words.names.join(" "),
            if words.base.is_some() { "|base" } else { "" }
        )
    }

    #[test]
    fn the_vocabulary_is_sorted_and_without_doubles() {
        assert!(
            STRUCTURAL.is_sorted_by(|a, b| a < b),
            "{:?}",
            STRUCTURAL.windows(2).find(|pair| pair[0] >= pair[1])
        );
    }

    #[test]
    fn paths_of_one_instance_say_the_same() {
        for path in [
            "k8s/prod/configmap.yaml",
            "app/etc/env.prod.php",
            "values-production.yaml",
            ".env.live",
            "env.php.prod",
            "deploy/PROD/secrets.json",
        ] {
            assert_eq!(said(path), "|production", "{path}");
        }
    }

    #[test]
    fn names_and_numbers_tell_instances_apart() {
        for (path, expected) in [
            ("sites/eu/prod/env.php", "eu|production"),
            ("shops/acme/app/etc/env.staging.php", "acme|staging"),
            ("values-acme-uat2.yaml", "acme|uat-2"),
            ("envs/uat-03/.env", "|uat-3"),
            ("shop-a.env", "shop-a|"),
            ("site2/env.php", "site-2|"),
            ("web1/env.php", "|"),
            ("01-configmap.yaml", "|"),
            ("k8s/pre-prod/configmap.yaml", "|preproduction"),
            ("k8s/non-prod/staging/configmap.yaml", "|staging"),
            ("k8s/prod/live-search.yaml", "|production"),
            ("k8s/staging/production-keys.yaml", "|staging"),
            ("k8s/base/configmap.yaml", "||base"),
            ("acme/group_vars/all.yml", "acme||base"),
        ] {
            assert_eq!(said(path), expected, "{path}");
        }
    }

    #[test]
    fn samples_are_no_instances() {
        for path in [
            "env.php.dist",
            ".env.example",
            "docs/prod/env.php",
            "dev/tests/env.php",
            "app/code/X/Y/Test/Unit/config.php",
            "values.sample.yaml",
        ] {
            assert!(is_sample(path), "{path}");
        }
        for path in ["test/env.php", "app/etc/env.php", "k8s/prod/configmap.yaml"] {
            assert!(!is_sample(path), "{path}");
        }
    }
}
