//! What keys say on the way to a value: which setting it is, and whose.

use super::slip;
use crate::model::parameter::Parameter;
use crate::model::setting::Scope;
use crate::model::uuid::fold_uuid;
use crate::model::variable::named;
use crate::recognise::Said;
use crate::syntax::Node;

/// The parameter and scope of a variable's name, `CONFIG__DEFAULT__A__B__C`.
///
/// Source: the deployment guide, *Override configuration settings*: the prefix goes, `__` becomes `/`, all is lower-cased.
#[must_use]
pub fn variable(name: &str) -> Option<(Parameter, Scope)> {
    let name = name.strip_prefix("env:").unwrap_or(name);
    if let Some(parameter) = named(name) {
        return Some((parameter, Scope::Default));
    }
    let read = || {
        let rest = name.strip_prefix("CONFIG__")?;
        let parts: Vec<String> = rest.split("__").map(str::to_ascii_lowercase).collect();
        let named = place(&parts)?;
        let is_scoped = match parts.get(..named.above)? {
            [scope] => scope == "default" && named.scope == Scope::Default,
            [] => named.scope != Scope::Default,
            _ => false,
        };
        Some((named, is_scoped))
    };
    let found = read();
    match &found {
        Some((named, true)) => Some((named.parameter, named.scope.clone())),
        // A name with holes, or of a path that no table has.
        _ => slip::meant(name)
            .map(|parameter| (parameter, Scope::Default))
            .or_else(|| found.map(|(named, _)| (named.parameter, named.scope))),
    }
}

/// A key in small letters, with the words of `KiwiProdTaskDefinition` apart.
pub fn words_of(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 4);
    let mut is_small = false;
    for letter in key.chars() {
        if letter.is_ascii_uppercase() && is_small {
            words.push('-');
        }
        is_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// What a key of Azure's that inserts under a condition is for, and how it is: `${{ if eq(variables['Build.SourceBranchName'], 'staging') }}`.
/// `before`: the condition in front of it. A condition of another kind is for itself.
///
/// Source: the Azure Pipelines documentation, *Template expressions*, *Conditional insertion*.
pub fn condition(
    key: &str,
    before: Option<&(&'static str, String)>,
) -> Option<(&'static str, String)> {
    let inner = key.strip_prefix("${{")?.strip_suffix("}}")?.trim();
    if inner == "else" {
        return Some(match before {
            Some((Said::OTHERWISE, word)) => (Said::CASE, word.clone()),
            Some((Said::CASE, word)) => (Said::OTHERWISE, word.clone()),
            _ => (Said::CASE, inner.to_owned()),
        });
    }
    let (is_first, test) = match inner.strip_prefix("elseif") {
        Some(test) => (false, test),
        None => (true, inner.strip_prefix("if")?),
    };
    let test = test.trim();
    let (how, compared) = match test.strip_prefix("ne(") {
        Some(compared) => (Said::OTHERWISE, compared),
        None => (Said::CASE, test.strip_prefix("eq(").unwrap_or_default()),
    };
    let compared = compared.strip_suffix(')').unwrap_or_default();
    let mut texts = compared
        .split(',')
        .filter_map(|operand| operand.trim().strip_prefix('\'')?.strip_suffix('\''));
    match texts.next() {
        Some(word) if is_first || how == Said::CASE => {
            Some((how, word.strip_prefix("refs/heads/").unwrap_or(word).to_owned()))
        }
        // Another text for each, so that none is taken for another.
        _ => Some((Said::CASE, test.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))),
    }
}

/// A label with the words of `DeployProduction` apart, as the names of Azure's stages have to be written, and without the pictures of
/// Buildkite's: `:rocket: live`.
///
/// Source: the Buildkite documentation, *Emoji in pipelines*.
pub fn label_of(label: &str) -> String {
    let is_picture = |word: &&str| word.len() > 2 && word.starts_with(':') && word.ends_with(':');
    if label.split_whitespace().any(|word| is_picture(&word)) {
        let rest: Vec<&str> = label.split_whitespace().filter(|word| !is_picture(word)).collect();
        return label_of(&rest.join(" "));
    }
    let is_one_word = label.chars().all(|letter| letter.is_ascii_alphanumeric());
    let is_joined = is_one_word && label.chars().skip(1).any(|letter| letter.is_ascii_uppercase());
    if is_joined { words_of(label) } else { label.to_owned() }
}

/// Whether labels say to which environment something is deployed, and not by a variable.
pub fn says_environment<'l>(mut labels: impl Iterator<Item = &'l String>) -> bool {
    while labels.any(|label| label == Said::ENVIRONMENT) {
        if labels.next().is_some_and(|name| !name.contains(['$', '{'])) {
            return true;
        }
    }
    false
}

/// What a mapping says that it is for, the surest last: the branch and the `label` of a step, the `namespace` of a release behind [`Said::SPACE`], the `environment` of a job behind [`Said::ENVIRONMENT`], the `hosts` of a play, the
/// `name` of an item of a list, a `stage` over jobs.
pub fn labels(node: &Node) -> impl Iterator<Item = &str> {
    // In the connector's own settings `environment` is the type of the data space.
    let is_setting = node.get("environment_id").is_some() || node.get("project_id").is_some();
    // GitLab's jobs stand in a stage instead.
    let is_stage = node.get("jobs").is_some();
    // A play of Ansible's runs on hosts; a rule of routing has some, too.
    let is_play = ["tasks", "roles", "vars", "pre_tasks"].iter().any(|key| node.get(key).is_some());
    let keys =
        ["stage", "group", "name", "label", "Family", "hosts", "namespace", "job", "deployment"];
    let labels = keys.into_iter().chain(["environment"]);
    let labels = labels.filter_map(move |key| {
        let is_label = (key != "stage" || is_stage)
            && (key != "hosts" || is_play)
            && (key != "label" || is_step(node))
            && (key != "group" || node.get("steps").is_some())
            && (key != "job" || node.get("steps").is_some());
        // The object of a cluster that another tool makes.
        let within = node.get("metadata").filter(|_| key == "namespace");
        let value = node.get(key).filter(|_| is_label);
        let value = value.or_else(|| within?.get("namespace"))?;
        let value = match value.items() {
            [one] if key == "hosts" => one,
            _ => value,
        };
        let name = value.as_str().or_else(|| value.get("name")?.as_str())?;
        // Supervisor's `environment` is a list of variables.
        if name.contains('=') {
            return None;
        }
        let how = match key {
            // Azure: a job's name beside its environment; Bitbucket: the environment.
            "deployment" if node.get("environment").is_some() => None,
            "deployment" | "environment" => Some(Said::ENVIRONMENT),
            "namespace" => Some(Said::SPACE),
            _ => None,
        };
        let names = if key == "hosts" { groups(name) } else { vec![name] };
        Some(how.into_iter().chain(names))
    });
    let deployed = deployed(node).into_iter().flat_map(|name| [Said::ENVIRONMENT, name]);
    let branch = branch(node).into_iter().flat_map(|branch| [Said::CASE, branch]);
    let runner = runners(node).into_iter().flat_map(|runner| [Said::RUNNER, runner]);
    runner.chain(branch).chain(labels.flatten()).chain(deployed).filter(move |_| !is_setting)
}

/// Where a job runs that names no environment: the stage and the tags of GitLab's, the runner of GitHub's, the key and the queue of Buildkite's.
fn runners(node: &Node) -> Vec<&str> {
    let keys: &[&str] = match node {
        _ if node.get("environment").is_some() => &[],
        _ if node.get("script").is_some() => &["stage", "tags"],
        _ if node.get("steps").is_some() => &["runs-on"],
        _ if is_step(node) => &["key"],
        _ => &[],
    };
    let values = keys.iter().filter_map(|key| node.get(key));
    let queue = node.get("agents").filter(|_| is_step(node)).and_then(|agents| agents.get("queue"));
    let words = values.chain(queue).flat_map(|value| std::iter::once(value).chain(value.items()));
    let words = words.filter_map(Node::as_str).filter(|word| !word.contains(['$', ' ']));
    words.filter(|word| !STAGES.contains(word)).collect()
}

/// The stages that every pipeline of GitLab's has: they say when a job runs, not for what.
///
/// Source: the GitLab documentation, *CI/CD YAML syntax reference*, `stages`.
const STAGES: [&str; 5] = [".pre", "build", "test", "deploy", ".post"];

/// Whether a mapping is a step of Buildkite's that runs commands.
fn is_step(node: &Node) -> bool {
    ["command", "commands"].iter().any(|key| node.get(key).is_some())
        && ["label", "branches", "if", "agents", "plugins", "env"]
            .iter()
            .any(|key| node.get(key).is_some())
}

/// The one branch for which a step of Buildkite's runs: `branches: staging`, `if: build.branch == 'staging'`.
///
/// Source: the Buildkite documentation, *Branch configuration*, *Using conditionals*.
fn branch(node: &Node) -> Option<&str> {
    if !is_step(node) {
        return None;
    }
    let is_branch = |branch: &&str| {
        let is_of_branch = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
        !branch.is_empty() && branch.chars().all(is_of_branch)
    };
    if let Some(branches) = node.get("branches") {
        let branches = match branches.items() {
            [one] => one,
            _ => branches,
        };
        return branches.as_str().map(str::trim).filter(is_branch);
    }
    let (asked, given) = node.get("if")?.as_str()?.split_once("==")?;
    let is_asked = asked.trim().starts_with("build.") && !asked.contains(['!', '&', '|']);
    let given = given.trim();
    let text = ['\'', '"'].iter().find_map(|&quote| given.strip_prefix(quote)?.strip_suffix(quote));
    text.filter(|_| is_asked).filter(is_branch)
}

/// The one environment that all jobs of a stage of Azure's deploy to.
fn deployed(stage: &Node) -> Option<&str> {
    stage.get("stage")?;
    let jobs = stage.get("jobs").map(Node::items).unwrap_or_default();
    let mut named = jobs.iter().filter_map(|job| {
        let environment = job.get("environment").filter(|_| job.get("deployment").is_some())?;
        environment.as_str().or_else(|| environment.get("name")?.as_str())
    });
    let first = named.next().filter(|name| !name.contains('$'))?;
    named.all(|other| other == first).then_some(first)
}

/// The names that a template is given as parameters: what stands beside a setting in one call tells it from other calls.
pub fn given_names(parameters: &Node) -> impl Iterator<Item = &str> {
    let is_name = |text: &&str| {
        let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        let has_letters = text.chars().any(|letter| letter.is_ascii_alphabetic());
        has_letters && text.chars().all(is_of_name) && !matches!(*text, "true" | "false")
    };
    let entries = parameters.entries().iter().filter(|entry| entry.key.as_str() != Some("name"));
    let texts = entries.filter_map(|entry| entry.value.as_str()).filter(is_name);
    texts.filter(|text| fold_uuid(text).is_none())
}

/// The groups that a pattern of hosts takes: `production:&web:!web9` is production and web.
///
/// Source: the Ansible documentation, *Patterns: targeting hosts and groups*.
fn groups(pattern: &str) -> Vec<&str> {
    let parts = pattern.split([':', ',']).map(str::trim);
    let kept = parts.filter(|part| !part.is_empty() && !part.starts_with('!'));
    kept.map(|part| part.trim_start_matches('&')).collect()
}

/// What a trail of keys names.
pub struct Named {
    pub parameter: Parameter,
    pub scope: Scope,
    /// How many keys stand above.
    pub above: usize,
}

/// The parameter and scope of a trail of keys: `[…, scope, ] a, b, c [, scope]`.
#[must_use]
pub fn place(trail: &[String]) -> Option<Named> {
    let (path, behind) = match trail {
        [path @ .., scope, code] if scope == "websites" => {
            (path, Some(Scope::Website(code.clone())))
        }
        [path @ .., scope, code] if scope == "stores" => (path, Some(Scope::Store(code.clone()))),
        [path @ .., scope, code] if scope == "default" && code == "0" => {
            (path, Some(Scope::Default))
        }
        [path @ .., scope] if scope == "default" => (path, Some(Scope::Default)),
        path => (path, None),
    };
    let ending = |length: usize| {
        let (before, path) = path.split_at_checked(path.len().checked_sub(length)?)?;
        Some((path.join("/"), before))
    };
    let known = |length: usize| {
        let (path, before) = ending(length)?;
        Some((Parameter::from_path(&path)?, before))
    };
    // A single underscore joins two parts, one too many makes two of one.
    let nearly = |length: usize| {
        let (path, before) = ending(length)?;
        Some((Parameter::from_written(&path)?, before))
    };
    let (parameter, before) =
        (2..=3).rev().find_map(known).or_else(|| (2..=4).rev().find_map(nearly))?;
    let (scope, above) = match before {
        [above @ .., scope, code] if scope == "websites" => (Scope::Website(code.clone()), above),
        [above @ .., scope, code] if scope == "stores" => (Scope::Store(code.clone()), above),
        above => (Scope::Default, above),
    };
    Some(Named { parameter, scope: behind.unwrap_or(scope), above: above.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameter::Slot;
    use crate::model::variable::CRYPT_KEY;

    fn trail(path: &str) -> Vec<String> {
        path.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_condition_of_azure_is_for_what_it_compares_with() {
        let mut before = None;
        for (key, expected) in [
            (
                "${{ if eq(variables['Build.SourceBranchName'], 'staging') }}",
                (Said::CASE, "staging"),
            ),
            ("${{ else }}", (Said::OTHERWISE, "staging")),
            ("${{ if ne(parameters.env, 'production') }}", (Said::OTHERWISE, "production")),
            ("${{ else }}", (Said::CASE, "production")),
            (
                "${{ if eq('refs/heads/uat', variables['Build.SourceBranch']) }}",
                (Said::CASE, "uat"),
            ),
            ("${{ if parameters.a }}", (Said::CASE, "parameters-a")),
        ] {
            let found = condition(key, before.as_ref());
            let seen = found.as_ref().map(|(how, word)| (*how, word.as_str()));
            assert_eq!(seen, Some(expected), "{key}");
            before = found;
        }
        for key in ["${{ each one in parameters.all }}", "env", "${{ parameters.a }}"] {
            assert_eq!(condition(key, None), None, "{key}");
        }
    }

    #[test]
    fn scopes_stand_before_or_behind_a_path() {
        let place = |trail: &[String]| place(trail).map(|named| (named.parameter, named.scope));
        let project = |scope| Some((Parameter::Project, scope));
        assert_eq!(
            place(&trail("system default services_connector services_id project_id")),
            project(Scope::Default)
        );
        assert_eq!(
            place(&trail("services_connector services_id project_id default 0")),
            project(Scope::Default)
        );
        let website = Scope::Website("base".into());
        assert_eq!(
            place(&trail("system websites base services_connector services_id project_id")),
            project(website.clone())
        );
        assert_eq!(
            place(&trail("services_connector services_id project_id websites base")),
            project(website)
        );
        assert_eq!(place(&trail("services_id project_id")), None);
    }

    #[test]
    fn an_encryption_key_is_read_by_its_variable_and_nowhere_else() {
        assert_eq!(variable(CRYPT_KEY), Some((Parameter::CryptKey, Scope::Default)));
        assert_eq!(variable("CONFIG__DEFAULT__CRYPT__KEY"), None);
        assert!(place(&trail("crypt key")).is_none());
        assert!(
            crate::recognise::document::is_env_php("app/etc/env.php")
                && crate::recognise::document::is_env_php("env.prod.php.dist")
        );
        assert!(
            !crate::recognise::document::is_env_php("config/app.php")
                && !crate::recognise::document::is_env_php("app/etc/environment")
        );
    }

    #[test]
    fn variables_are_folded_as_magento_folds_them() {
        assert_eq!(
            variable(
                "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__SANDBOX_API_KEY"
            ),
            Some((Parameter::ApiKey(Slot::Sandbox), Scope::Default))
        );
        assert_eq!(
            variable("CONFIG__STORES__de__MAGENTO_SAAS__ENVIRONMENT"),
            Some((Parameter::ActiveSlot, Scope::Store("de".into())))
        );
        let slip = variable("CONFIG__DEFAULT__SERVICES_CONNECTOR_SERVICES_ID__PROJECT_ID");
        assert!(matches!(slip, Some((Parameter::Misspelt(_), Scope::Default))), "{slip:?}");
    }

    #[test]
    fn a_stage_of_a_pipeline_is_no_environment() {
        use crate::syntax::{Format as _, yaml::Yaml};
        let job = |text: &str| Yaml.parse(crate::source::SourceId(0), text).documents.remove(0);
        assert_eq!(labels(&job("stage: test\nvariables: {}\n")).count(), 0);
        let both = job("stage: test\nenvironment: {name: uat}\n");
        assert_eq!(labels(&both).collect::<Vec<_>>(), [Said::ENVIRONMENT, "uat"]);
    }
}
