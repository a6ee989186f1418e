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
    "adminer",
    "adminpanel",
    "adobe",
    "adobecommerce",
    "aks",
    "amqp",
    "ansible",
    "apache",
    "api",
    "app",
    "application",
    "applications",
    "applicationset",
    "applicationsets",
    "apps",
    "appset",
    "argo",
    "argocd",
    "argoproj",
    "assets",
    "async",
    "attributes",
    "aws",
    "azure",
    "backend",
    "backoffice",
    "bases",
    "batch",
    "bin",
    "bitbucket",
    "blackfire",
    "blue",
    "bootstrap",
    "box",
    "brand",
    "brands",
    "build",
    "cache",
    "caddy",
    "canary",
    "catalog",
    "cdk",
    "cdn",
    "certbot",
    "cfg",
    "cfn",
    "chart",
    "charts",
    "chef",
    "cli",
    "client",
    "clients",
    "cloud",
    "cloudformation",
    "cloudfront",
    "cluster",
    "clusters",
    "cm",
    "code",
    "commerce",
    "commerceservices",
    "component",
    "components",
    "compose",
    "composer",
    "conf",
    "config",
    "configmap",
    "configmapgenerator",
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
    "crons",
    "crontab",
    "cronworker",
    "current",
    "customer",
    "customers",
    "d",
    "data",
    "database",
    "dataspace",
    "dataspaces",
    "db",
    "ddev",
    "debug",
    "debugger",
    "definition",
    "definitions",
    "deploy",
    "deployer",
    "deployment",
    "deployments",
    "deploys",
    "devcontainer",
    "devops",
    "dist",
    "docker",
    "dockerfile",
    "dotenv",
    "ece",
    "ecs",
    "edge",
    "eks",
    "elastic",
    "elasticsearch",
    "env",
    "envfile",
    "environ",
    "environment",
    "environments",
    "environmentvariables",
    "envoy",
    "envs",
    "envvars",
    "etc",
    "example",
    "export",
    "exporter",
    "exports",
    "external",
    "externalsecret",
    "externalsecrets",
    "extra",
    "extras",
    "fargate",
    "fastly",
    "feed",
    "files",
    "flux",
    "fluxcd",
    "fpm",
    "frontend",
    "gateway",
    "gcp",
    "generated",
    "generator",
    "generators",
    "git",
    "github",
    "gitlab",
    "gitops",
    "gke",
    "grafana",
    "graphql",
    "green",
    "group",
    "groups",
    "ha",
    "haproxy",
    "hcl",
    "helm",
    "helmchart",
    "helmcharts",
    "helmfile",
    "helmfiles",
    "helmrelease",
    "helmreleases",
    "helper",
    "hiera",
    "hieradata",
    "home",
    "hook",
    "hooks",
    "host",
    "hosts",
    "hpa",
    "html",
    "http",
    "httpd",
    "iac",
    "image",
    "images",
    "import",
    "importer",
    "imports",
    "indexer",
    "indexers",
    "infra",
    "infrastructure",
    "ingress",
    "ini",
    "init",
    "installer",
    "instance",
    "instances",
    "inventories",
    "inventory",
    "j2",
    "jaeger",
    "job",
    "jobs",
    "json",
    "json5",
    "json6902",
    "jsonc",
    "k3s",
    "k8",
    "k8s",
    "k8sconfig",
    "key",
    "keydb",
    "keys",
    "kibana",
    "kube",
    "kubernetes",
    "kustomization",
    "kustomize",
    "lando",
    "ldap",
    "letsencrypt",
    "listener",
    "livesearch",
    "log",
    "logging",
    "logs",
    "loki",
    "m2",
    "mage",
    "magento",
    "magento1",
    "magento2",
    "mail",
    "mailcatcher",
    "mailhog",
    "mailpit",
    "main",
    "maintenance",
    "manifest",
    "manifests",
    "mariadb",
    "market",
    "markets",
    "master",
    "media",
    "memcached",
    "merchant",
    "merchants",
    "merge",
    "merged",
    "metrics",
    "migrate",
    "migration",
    "migrations",
    "minio",
    "modules",
    "mongo",
    "mongodb",
    "mq",
    "mutagen",
    "mysql",
    "namespace",
    "namespaces",
    "newrelic",
    "nginx",
    "node",
    "nodejs",
    "nodes",
    "npm",
    "ns",
    "nvm",
    "oauth",
    "observability",
    "opensearch",
    "operator",
    "ops",
    "opt",
    "otel",
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
    "percona",
    "persistent",
    "php",
    "phpcli",
    "phpfpm",
    "phpmyadmin",
    "phpunit",
    "pipeline",
    "pipelines",
    "platform",
    "platforms",
    "playbook",
    "playbooks",
    "pod",
    "pods",
    "portainer",
    "postgres",
    "postgresql",
    "primary",
    "private",
    "product",
    "products",
    "project",
    "projects",
    "prometheus",
    "properties",
    "provision",
    "provisioning",
    "proxy",
    "pub",
    "public",
    "puppet",
    "pvc",
    "pwa",
    "queue",
    "queues",
    "queueworker",
    "rabbit",
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
    "rest",
    "role",
    "roles",
    "root",
    "router",
    "rsync",
    "runner",
    "runners",
    "runtime",
    "saas",
    "saasservices",
    "scheduler",
    "schedulers",
    "script",
    "scripts",
    "sealed",
    "sealedsecret",
    "sealedsecrets",
    "search",
    "secret",
    "secretgenerator",
    "secrets",
    "secretsmanager",
    "selenium",
    "server",
    "servers",
    "service",
    "services",
    "servicesconnector",
    "servicesid",
    "session",
    "sessions",
    "setting",
    "settings",
    "setup",
    "sh",
    "shop",
    "shops",
    "sidecar",
    "site",
    "sites",
    "skaffold",
    "solr",
    "sources",
    "space",
    "spaces",
    "sphinx",
    "sql",
    "src",
    "srv",
    "sso",
    "stack",
    "stacks",
    "standby",
    "stateful",
    "statefulset",
    "statefulsets",
    "static",
    "storage",
    "store",
    "storefront",
    "storefronts",
    "stores",
    "strategic",
    "supervisor",
    "supervisord",
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
    "tools",
    "tpl",
    "traefik",
    "transformers",
    "upgrade",
    "usr",
    "valkey",
    "values",
    "var",
    "variables",
    "varnish",
    "vars",
    "varsfile",
    "vault",
    "vaultfile",
    "warden",
    "web",
    "webapp",
    "webapps",
    "webnode",
    "webserver",
    "website",
    "websites",
    "worker",
    "workers",
    "workflow",
    "workflows",
    "workload",
    "workloads",
    "workspace",
    "workspaces",
    "www",
    "xdebug",
    "xml",
    "yaml",
    "yml",
];

/// Folders and name parts of samples, tests, copies and other people's code: no instance is deployed from them.
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
    "archive",
    "archived",
    "backup",
    "backups",
];

const SAMPLE_WORDS: &[&str] = &[
    "dist", "sample", "example", "template", "tpl", "tmpl", "j2", "erb", "skel", "bak", "backup",
    "copy", "old", "orig", "save", "disabled",
];

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
        || lower.ends_with('~')
        || lower.split(['.', '-', '_']).any(|word| SAMPLE_WORDS.contains(&word) || is_date(word))
}

/// Whether a word is the day of a copy: `20240131`.
fn is_date(word: &str) -> bool {
    word.len() == 8
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && (word.starts_with("20") || word.starts_with("19"))
}

/// The environment that a whole name says, and nothing else: `staging`, `uat2`.
#[must_use]
pub fn bare_environment(name: &str) -> Option<Environment> {
    let mut words = Words::default();
    words.read(name);
    let whole = name.to_ascii_lowercase().replace(['_', ' ', '.'], "-");
    words.environment.filter(|environment| environment.written == whole)
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
            "app/etc/env.php.bak",
            "app/etc/env.php.20240131",
            "app/etc/env.php~",
        ] {
            assert!(is_sample(path), "{path}");
        }
        for path in ["test/env.php", "app/etc/env.php", "k8s/prod/configmap.yaml"] {
            assert!(!is_sample(path), "{path}");
        }
    }
}
