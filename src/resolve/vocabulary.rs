//! The vocabulary of paths and names. To teach the tool a word, add it here; how words are read stays as it is.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Environments: the word of the output, and what people write for it.
pub const ENVIRONMENTS: &[(&str, &[&str])] = &[
    (
        "production",
        &[
            "production",
            "prod",
            "prd",
            "live",
            "prodn",
            "produktion",
            "produktiv",
            "productie",
            "produccion",
        ],
    ),
    ("staging", &["staging", "stage", "stg", "stag"]),
    ("preproduction", &["preproduction", "preprod", "preprd", "ppd", "prelive"]),
    ("uat", &["uat"]),
    ("acceptance", &["acceptance", "acc", "accept", "abnahme", "recette", "acceptatie"]),
    ("qa", &["qa", "qas", "quality"]),
    ("integration", &["integration", "int", "integ"]),
    ("test", &["test", "testing", "tst", "testumgebung", "testsystem"]),
    (
        "development",
        &[
            "development",
            "dev",
            "devel",
            "develop",
            "devbox",
            "entwicklung",
            "developpement",
            "ontwikkeling",
        ],
    ),
    ("local", &["local", "localhost", "localdev"]),
    ("sandbox", &["sandbox", "sbx", "sandpit"]),
    ("demo", &["demo"]),
    ("preview", &["preview", "review"]),
    ("training", &["training"]),
    ("performance", &["performance", "perf", "loadtest"]),
    ("ci", &["ci"]),
    ("nonproduction", &["nonproduction", "nonprod", "nonprd", "lower"]),
];

/// Words that are environments even in the name of a job: it can hardly be about anything else.
pub const CERTAIN: &[&str] = &[
    "production",
    "prod",
    "prd",
    "prodn",
    "staging",
    "stg",
    "preproduction",
    "preprod",
    "preprd",
    "ppd",
    "prelive",
    "pre-prod",
    "pre-production",
    "pre-live",
    "uat",
    "user-acceptance",
    "dev",
    "development",
    "devel",
    "demo",
    "training",
    "nonproduction",
    "nonprod",
];

/// Environments whose name as a job's whole name is a task: what runs the tests, and which key pair is used.
pub const TASKS: &[&str] =
    &["test", "ci", "qa", "integration", "acceptance", "performance", "preview", "sandbox"];

/// Words of tasks that try a shop out without being one.
pub const TRIALS: &[&str] = &[
    "tests",
    "phpunit",
    "unit",
    "e2e",
    "behat",
    "cypress",
    "playwright",
    "lint",
    "check",
    "checks",
];

/// Words for bringing something to an environment, and whether they mean the whole installation.
pub const DEPLOYING: &[(&str, bool)] = &[
    ("deploy", true),
    ("deploys", true),
    ("deployment", true),
    ("rollout", true),
    ("promote", true),
    ("provision", true),
    ("release", false),
    ("publish", false),
    ("ship", false),
    ("configure", false),
    ("config", false),
    ("setup", false),
    ("install", false),
    ("apply", false),
    ("set", false),
];

/// Pairs of words that mean one thing together: the environment they say, or nothing.
pub const PAIRS: &[(&str, &str, &str)] = &[
    ("pre", "prod", "preproduction"),
    ("pre", "production", "preproduction"),
    ("pre", "live", "preproduction"),
    ("pre", "produktion", "preproduction"),
    ("non", "prod", "nonproduction"),
    ("non", "production", "nonproduction"),
    ("not", "production", "nonproduction"),
    ("user", "acceptance", "uat"),
    ("load", "test", "performance"),
    ("live", "search", ""),
    ("live", "reload", ""),
    ("infrastructure", "live", ""),
    ("infra", "live", ""),
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
pub const BASES: &[(&str, bool)] = &[
    ("base", true),
    ("common", true),
    ("shared", true),
    ("all", true),
    ("default", false),
    ("defaults", false),
    ("global", false),
];

/// Words before a number or a letter that make a name together: `shop-a`, `site2`.
pub const NUMBERED: &[&str] = &[
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

/// Words of structure, products and components: they tell no two instances apart.
const STRUCTURAL: &str = "
    account accounts acm actions active additional addons admin adminer adminpanel adobe adobecommerce aem after
    aks alb amqp analytics anonymise anonymize ansible apache apache2 api app application applications
    applicationset applicationsets apps appset argo argocd argoproj assets async attributes auto aws azure
    backend backoffice bags bases bash batch bereitstellung berksfile bin bitbucket blackfire blue bootstrap box
    brand brands build buildkite buildspec cache caddy canary captcha catalog categories category cdk cdn
    certbot cfg cfn chart charts checkout chef circleci cli client clients cloud cloudformation cloudfront
    cloudwatch cluster clusters cm cms code codebuild command commands commerce commerceservices component
    components compose composer conf config configmap configmapgenerator configmaps configs configuration
    configurations configure connect connector consul consumer consumers contact container containerfile
    containers content cookbook cookbooks cookie cookies copilot copy credentials cron cronjob cronjobs crons
    crontab cronworker currencies currency current customer customers d data database dataspace dataspaces db
    ddev debug debugger dec decrypted definition definitions deploiement deploy deployer deployment deployments
    deploys design devcontainer devops disaster dist dns docker dockerfile dotenv dr dump dumps ec2 ece ecs edge
    eds eks elastic elasticsearch elb entorno entornos entrypoint env envfile environ environment
    environmentfile environments environmentvariables environnement environnements envoy envs envvars etc
    example export exporter exports external externalsecret externalsecrets extra extras failover fargate
    fastcgi fastly fcgi features feed files flux fluxcd fpm franklin frontend gateway gcp general generated
    generator generators git github gitlab gitops gke google grafana graphql green group groups gz ha handlers
    haproxy hashicorp hcl helix helm helmchart helmcharts helmfile helmfiles helmrelease helmreleases helper
    hiera hieradata home hook hooks host hosts hpa htaccess html htpasswd http httpd iac iam image images import
    importer imports indexer indexers infra infrastructure ingress ini init install installer instance instances
    inventories inventory j2 jaeger jenkins jenkinsfile job jobs json json5 json6902 jsonc k3s k8 k8s k8sconfig
    key keydb keys kibana konfiguration ksh kube kubernetes kubeseal kustomization kustomize lando ldap
    letsencrypt listener livesearch locale locales locals log logging logs loki m2 mage magento magento1
    magento2 magerun mail mailcatcher mailhog mailpit main maintenance makefile manifest manifests mariadb
    market marketing markets master media memcached merchant merchants merge merged metrics migrate migration
    migrations minio mk modules mongo mongodb monitoring mq mutagen mysql n98 namespace namespaces network
    networking newrelic newsletter nginx node nodejs nodes nomad npm ns nvm oauth observability omgeving
    omgevingen opensearch opentofu operator ops opt order orders otel outputs overlay overlays override
    overrides package packages packer parameters parameterstore params passive patch patches payment payments
    paypal percona persistent php phpcli phpfpm phpmyadmin phppool phpunit pipeline pipelines platform platforms
    playbook playbooks pod pods policyfile pool pools portainer post postdeploy postgres postgresql pp pre
    predeploy prepend price prices pricing primary private product products project projects prometheus
    properties provider providers provision provisioning proxy pub public puppet pvc pwa queue queues
    queueworker rabbit rabbitmq rb rds recaptcha recommendations recovery redis region regions release releases
    rendered replica repo repository reset resource resources rest role roles root route53 router rsync run
    runner runners runtime s3 saas saasservices sales sanitise sanitised sanitize sanitized sanitizer scheduler
    schedulers script scripts scrub sealed sealedsecret sealedsecrets search secondary secret secretgenerator
    secretproviderclass secrets secretsmanager selenium seo server servers service services servicesconnector
    servicesid session sessions set setting settings setup sh shipping shop shops sidecar site sites skaffold
    skripte snippet snippets solr sops sources space spaces sphinx sql src srv ssm sso stack stacks stacksets
    standby start stateful statefulset statefulsets static stock storage store storefront storefronts stores
    strategic supervisor supervisord svc system task taskdef taskdefinition tasks tax template templates tenant
    tenants terraform terraformrc terragrunt tf tfstate tfvars the theme themes tofu toml tools tpl tracking
    traefik transformers umbrella umgebung umgebungen update upgrade upstream upstreams url urls usr valkey
    values var variables varnish vars varsfile vault vaultfile versions vhost vhosts virtualhost virtualhosts
    vpc warden web webapp webapps webnode webserver website websites werte worker workers workflow workflows
    workload workloads workspace workspaces www xdebug xml yaml yml zsh
";

/// Folders and name parts of samples, tests, copies and other people's code: no instance is deployed from them.
pub const SAMPLE_FOLDERS: &[&str] = &[
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

pub const SAMPLE_WORDS: &[&str] = &[
    "dist", "sample", "example", "template", "skel", "bak", "backup", "copy", "old", "orig",
    "save", "disabled",
];

/// Folders that collect one thing per instance.
pub const COLLECTIONS: &[&str] = &[
    "environments",
    "environnements",
    "umgebungen",
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

/// Whether a word says nothing of an instance.
#[must_use]
pub fn is_structural(word: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| STRUCTURAL.split_ascii_whitespace().collect());
    WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structural_words_are_sorted_and_without_doubles() {
        let words: Vec<&str> = STRUCTURAL.split_ascii_whitespace().collect();
        assert!(
            words.is_sorted_by(|a, b| a < b),
            "{:?}",
            words.windows(2).find(|pair| pair[0] >= pair[1])
        );
    }
}
