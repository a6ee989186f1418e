//! Files that deploy nothing: samples, tests, copies, documentation, and the code of others.

use super::vocabulary::{
    COPY_FOLDERS, KEPT, SAMPLE_FOLDERS, SAMPLE_WORDS, environment, is_format, is_role, is_workload,
};
use super::words::{is_base, is_collection, is_number, tokens};
use crate::syntax::yaml::is_named_template;

/// The files that programs of tests read.
///
/// Sources: the documentation of Cypress, *Environment Variables*; of Behat, *Configuration*; of Codeception, *Configuration*.
const OF_TESTS: [&str; 6] = [
    "cypress.env.json",
    "cypress.json",
    "behat.yml",
    "behat.yml.dist",
    "codeception.yml",
    "codeception.dist.yml",
];

/// Whether a file is a sample, a test, documentation or somebody else's code.
///
/// `Test` is a Magento module's folder of tests; `test` can be an environment.
#[must_use]
pub fn is_sample(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = if is_named_template(path) { name.trim_end_matches(".tpl") } else { name };
    let lower = name.to_ascii_lowercase();
    let mut above = "";
    folders.split('/').any(|folder| {
        let around = std::mem::replace(&mut above, folder);
        folder == "Test"
            || SAMPLE_FOLDERS.contains(&folder.to_ascii_lowercase().as_str())
                && !is_child(around, folder)
            || is_kept_copy(&folder.to_ascii_lowercase())
    }) || format!("/{folders}/").contains("/dev/tests/")
        || is_of_chart_tests(folders) && lower.ends_with("values.yaml")
        || lower.ends_with('~')
        || lower.starts_with("phpunit.")
        || OF_TESTS.contains(&lower.as_str())
        || says_sample(&lower)
}

/// Whether a name is that of an instance, for standing where names of instances do: the brand of `brands/sample/`.
fn is_child(folder: &str, name: &str) -> bool {
    is_collection(folder) && name.eq_ignore_ascii_case("sample")
}

/// Whether a file is called a template and is one that is deployed, as those of AWS are.
///
/// Source: the AWS documentation, *Template anatomy*.
#[must_use]
pub fn is_deployed_template(path: &str, text: &str) -> bool {
    const MARKS: [&str; 3] = ["AWSTemplateFormatVersion", "AWS::Serverless", "Type: AWS::"];
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let renamed = format!("{folder}/{}", name.to_ascii_lowercase().replace("template", "stack"));
    let is_marked = MARKS.iter().any(|mark| text.contains(mark))
        || text.contains("\"AWS::") && text.contains("\"Resources\"");
    is_marked && !is_sample(renamed.trim_start_matches('/'))
}

/// Whether a folder holds the values with which a chart is tested: `charts/shop/ci`. A pipeline's `deploy/ci` is none.
///
/// Source: the documentation of chart-testing, `ci/*-values.yaml`.
fn is_of_chart_tests(folders: &str) -> bool {
    let parts: Vec<&str> = folders.split('/').collect();
    matches!(parts.as_slice(), [.., "chart" | "helm", "ci"] | [.., "charts", _, "ci"])
}

/// Whether a file is a sample for standing in a folder of copies alone, which can hold what is deployed.
#[must_use]
pub fn is_copy(path: &str) -> bool {
    let is_kept = |folder: &&str| !COPY_FOLDERS.contains(&folder.to_ascii_lowercase().as_str());
    let rest: Vec<&str> = path.split('/').filter(is_kept).collect();
    rest.len() < path.split('/').count() && !is_sample(&rest.join("/"))
}

/// Whether a folder is a copy of an environment's that somebody kept: `production.bak`, `production-2025-01-31`. `old-kiwi` is a shop.
fn is_kept_copy(folder: &str) -> bool {
    let is_kept = |word: &str| KEPT.contains(&word);
    let is_named = |word: &str| environment(word).is_some();
    let all: Vec<&str> = tokens(folder).collect();
    let rest: Vec<&&str> = all.iter().filter(|word| !is_named(word)).collect();
    let is_dated = rest.len() == 3
        && rest.first().is_some_and(|year| is_year(year))
        && rest.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let is_of_words = rest.iter().any(|word| is_kept(word))
        && rest.iter().all(|word| is_kept(word) || is_number(word) || **word == "of");
    rest.len() < all.len()
        && (is_dated
            || is_of_words
            || rest.first().is_some_and(|word| rest.len() == 1 && is_date(word)))
}

/// Whether a file's name has a word of samples, or of copies of a day. `example.com` is a host.
fn says_sample(name: &str) -> bool {
    let words: Vec<&str> = name.split(['.', '-', '_']).collect();
    let is_host = |at: usize| matches!(words.get(at + 1), Some(&("com" | "org" | "net" | "test")));
    let is_month = |at: usize| {
        let month = words.get(at + 1).filter(|month| month.len() == 2);
        month.and_then(|month| month.parse().ok()).is_some_and(|month| (1..=12).contains(&month))
    };
    let is_dated = |at: usize, word: &str| is_date(word) || is_year(word) && is_month(at);
    let mut all = words.iter().enumerate();
    // `backup-bags.yaml` is a shop's: a word for copies in front of a name is a part of it.
    let is_of_name = |at: usize, word: &str| {
        KEPT.contains(&word) && at == 0 && words.get(1).is_some_and(|next| is_name(next))
    };
    all.any(|(at, word)| {
        is_dated(at, word) || SAMPLE_WORDS.contains(word) && !is_host(at) && !is_of_name(at, word)
    })
}

/// Whether a word is neither structure nor an environment, and more than a number.
fn is_name(word: &str) -> bool {
    !is_format(word)
        && !is_role(word)
        && !is_workload(word)
        && environment(word).is_none()
        && !is_number(word)
        && !KEPT.contains(&word)
        && !SAMPLE_WORDS.contains(&word)
        && !is_base(word)
}

/// Whether a word is the start of a copy's day: `2024-01-31`.
fn is_year(word: &str) -> bool {
    word.len() == 4 && is_date(&format!("{word}0101"))
}

/// Whether a word is the day of a copy: `20240131`.
fn is_date(word: &str) -> bool {
    word.len() == 8
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && (word.starts_with("20") || word.starts_with("19"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deployed_can_be_called_a_template() {
        let text = "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n";
        for path in ["template.yaml", "cfn/template-prod.yaml", "cdk.out/Shop.template.json"] {
            assert!(is_deployed_template(path, text), "{path}");
            assert!(!is_deployed_template(path, "a: b"), "{path}");
        }
        assert!(!is_deployed_template("docs/template.yaml", text));
        let json = "{\"Resources\": {\"Web\": {\"Type\": \"AWS::ECS::TaskDefinition\"}}}";
        assert!(is_deployed_template("cdk.out/Shop.template.json", json));
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
            "db/staging-2026-04.sql.gz",
            "db/2026-04-11_prod.sql",
            "app/etc/env.php~",
            "backup-env.php",
            "charts/shop/ci/smoke-values.yaml",
            "roles/shop/molecule/default/converge.yml",
            "backup_prod.sql",
            "old.env.php",
        ] {
            assert!(is_sample(path), "{path}");
        }
        for path in [
            "test/env.php",
            "app/etc/env.php",
            "k8s/prod/configmap.yaml",
            "host_vars/web1.prod.example.com.yml",
            "deploy/ci/values.yaml",
            "deploy/staging-2026.sh",
            "deploy/2026-prod-13.sh",
            "values/prod/backup-bags.yaml",
            "brands/old-spice.env",
            "brands/sample/prod/.env",
        ] {
            assert!(!is_sample(path), "{path}");
        }
    }
}
