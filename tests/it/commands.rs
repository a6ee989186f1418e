//! Commands and the settings that they give: one line of a script each, with its layer and value.

use commerce_lint::model::setting::{Carrier, Scope, Setting, Value};
use commerce_lint::recognise;
use commerce_lint::source::{Source, SourceId};
use commerce_lint::syntax::format_of;

const ID: &str = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11";
const PATH: &str = "services_connector/services_id/environment_id";
const NAME: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";

/// The settings of a file; `PATH`, `NAME` and `ID` in it stand for the data space's.
fn settings(file: &str, text: &str) -> (Source, Vec<Setting>) {
    let text = text.replace("PATH", PATH).replace("NAME", NAME).replace("ID", ID);
    let text = text.replace("ENVIRONMENT_0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11", "ENVIRONMENT_ID");
    let text = text.replace("SERVICES_0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11", "SERVICES_ID");
    let source = Source::new(file.to_owned(), text.into_bytes());
    let format = format_of(file).expect("a format claims the file");
    let parsed = format.parse(SourceId(0), source.text());
    let recognised = recognise::read(&source, SourceId(0), &parsed);
    assert_eq!(recognised.problems, [], "{}", source.text());
    let found = recognised.contributions.into_iter().flat_map(|part| part.settings).collect();
    (source, found)
}

fn carriers(file: &str, text: &str) -> Vec<Carrier> {
    let (source, found) = settings(file, text);
    for setting in &found {
        assert_eq!(setting.value, Value::Literal(ID.to_owned()), "{}", source.text());
        let written = source.slice(setting.at.span);
        assert!(written.contains(ID) || written.contains('$'), "{written:?} in {}", source.text());
        let key = source.slice(setting.key_at.span);
        assert!(
            key.contains('$') || key.contains("nvironment_id") || key.contains("ENVIRONMENT_ID"),
            "{key:?}"
        );
    }
    found.into_iter().map(|setting| setting.carrier).collect()
}

#[test]
fn a_command_writes_to_the_layer_of_its_lock() {
    for (line, carrier) in [
        ("bin/magento config:set PATH ID", Carrier::ConfigSet),
        ("bin/magento config:set --lock-env PATH ID", Carrier::LockEnv),
        ("bin/magento config:set PATH ID -e", Carrier::LockEnv),
        ("bin/magento config:set -l PATH ID", Carrier::LockEnv),
        ("bin/magento config:set -c PATH 'ID'", Carrier::LockConfig),
        (
            "bin/magento config:set --lock-config --scope=default -- PATH \"ID\"",
            Carrier::LockConfig,
        ),
        ("bin/magento config:sensitive:set PATH ID", Carrier::LockEnv),
        ("n98-magerun2 config:store:set --encrypt --scope-id 0 PATH ID", Carrier::ConfigSet),
        ("n98-magerun2.phar config:env:set system.default.PATH ID", Carrier::LockEnv),
        ("magento-cloud vset env:NAME ID", Carrier::CloudVariable),
        (
            "magento-cloud variable:create -l project --prefix env: --name NAME --value ID",
            Carrier::CloudVariable,
        ),
        (
            "magento-cloud variable:update --name=env:NAME --value=ID --sensitive true",
            Carrier::CloudVariable,
        ),
        ("export NAME=ID", Carrier::Environment),
        ("NAME=ID bin/magento cache:flush", Carrier::Environment),
        ("docker run --rm -e NAME=ID shop", Carrier::Environment),
        ("echo \"NAME=ID\" >> .env", Carrier::Environment),
    ] {
        assert_eq!(carriers("deploy.sh", line), [carrier], "{line}");
    }
}

#[test]
fn programs_that_start_programs_hide_no_command() {
    for line in [
        "php -d memory_limit=2G bin/magento config:set -e PATH ID",
        "docker exec -it -u www-data -e A=b shop bin/magento config:set -e PATH ID",
        "docker compose exec -T php bin/magento config:set -e PATH ID",
        "docker-compose run --rm cli magento config:set -e PATH ID",
        "warden env exec -T php-fpm bin/magento config:set -e PATH ID",
        "warden shell -c \"bin/magento config:set -e PATH ID\"",
        "ddev magento config:set -e PATH ID",
        "lando magento config:set -e PATH ID",
        "kubectl exec -n shop deploy/php -c php -- bin/magento config:set -e PATH ID",
        "kubectl exec deploy/php -- bash -lc 'bin/magento config:set -e PATH \"ID\"'",
        "su www-data -s /bin/bash -c \"cd /srv && bin/magento config:set -e PATH ID\"",
        "ssh -p 22 deploy@host \"cd /srv; bin/magento config:set -e PATH 'ID'\"",
        "ssh deploy@host bin/magento config:set -e PATH ID",
        "sudo -u www-data time env A=b m2 config:set -e PATH ID",
        "$MAGENTO config:set -e PATH ID",
        "if ! bin/magento config:set -e PATH ID; then exit 1; fi",
        "test -f x && (cd src && bin/magento config:set -e PATH ID) || true",
        "out=$(bin/magento config:set -e PATH ID 2>&1)",
        "X=ID\nbin/magento config:set -e PATH \"${X}\"",
        "P=PATH\nF='-e --no-interaction'\nbin/magento config:set $F \"$P\" ID",
        "set_it() {\n  bin/magento config:set -e \"$1\" \"$2\"\n}\nset_it PATH ID",
        "ssh host <<'END'\n  bin/magento config:set -e PATH ID\nEND\n",
    ] {
        assert_eq!(carriers("deploy.sh", line), [Carrier::LockEnv], "{line}");
    }
}

#[test]
fn what_is_not_run_sets_nothing() {
    for line in [
        "# bin/magento config:set PATH ID",
        "echo bin/magento config:set PATH ID",
        "grep -r 'NAME=ID' .",
        "bin/magento config:show PATH",
        "cat > notes.txt <<END\nbin/magento config:set PATH ID\nEND\n",
        "bin/magento config:set web/secure/base_url https://shop.example/",
        "unset NAME",
    ] {
        assert_eq!(carriers("deploy.sh", line), [], "{line}");
    }
}

#[test]
fn values_that_only_running_would_tell_are_present_and_not_known() {
    for (text, value) in [
        ("config:set PATH \"$ELSEWHERE\"", Value::Reference),
        ("config:set PATH \"${X:-ID}\"", Value::Reference),
        ("config:set PATH $(vault read x)", Value::Reference),
        ("export NAME=\"$X\"", Value::Reference),
        ("docker run -e NAME shop", Value::Reference),
        ("config:set PATH ''", Value::Blank),
        ("config:sensitive:set PATH", Value::Unknown),
        ("config:set --scope \"$SCOPE\" PATH ID", Value::Unknown),
        ("n98 config:store:delete PATH", Value::Blank),
        ("variable:create --name env:NAME --value \"$X\"", Value::Reference),
    ] {
        let (_, found) = settings("deploy.sh", text);
        let values: Vec<&Value> = found.iter().map(|setting| &setting.value).collect();
        assert_eq!(values, [&value], "{text}");
    }
}

#[test]
fn what_is_locked_without_a_value_is_not_set() {
    for text in ["config:set PATH", "config:set --lock-env PATH", "config:set -e PATH"] {
        assert!(settings("deploy.sh", text).1.is_empty(), "{text}");
    }
}

#[test]
fn values_of_branches_that_exclude_each_other_are_not_known() {
    let other = ID.replace('0', "1");
    for text in [
        format!("if x; then config:set PATH ID; else config:set PATH {other}; fi"),
        format!("config:set PATH ID\nif x; then config:set PATH {other}; fi"),
        format!("[ -f prod ] && X=ID || X={other}\nconfig:set PATH $X"),
        format!("X={other}\nis_prod && X=ID\nconfig:set PATH $X"),
        format!("is_prod && config:set PATH ID || config:set PATH {other}"),
        "X=ID\n. ./conf.sh\nconfig:set PATH $X".to_owned(),
        "for X in ID; do :; done; config:set PATH $X".to_owned(),
    ] {
        let (_, found) = settings("deploy.sh", &text);
        assert!(!found.is_empty(), "{text}");
        assert!(found.iter().all(|setting| setting.value.literal().is_none()), "{text}");
    }
}

#[test]
fn a_variable_that_arms_of_a_case_assign_has_the_value_of_each() {
    let other = ID.replace('0', "1");
    let text = format!("case $1 in\nprod) X=ID;;\nuat) X={other};;\nesac\nconfig:set PATH $X");
    let (_, found) = settings("deploy.sh", &text);
    let values: Vec<&str> = found.iter().filter_map(|setting| setting.value.literal()).collect();
    assert_eq!(values, [ID, &other]);
}

#[test]
fn scopes_are_those_of_the_options() {
    for (line, scope) in [
        ("config:set --scope=website --scope-code base PATH ID", Scope::Website("base".into())),
        ("config:set --scope stores --scope-code=de PATH ID", Scope::Store("de".into())),
        ("config:store:set --scope=default --scope-id=0 PATH ID", Scope::Default),
    ] {
        let (_, found) = settings("deploy.sh", line);
        assert_eq!(found.first().map(|setting| setting.scope.clone()), Some(scope), "{line}");
    }
}

#[test]
fn scripts_stand_in_many_files() {
    for (file, text) in [
        ("Makefile", "X := ID\ndeploy:\n\t@bin/magento config:set -e PATH \"$(X)\"\n"),
        ("Dockerfile", "FROM php\nRUN bin/magento config:set -e \\\n  PATH ID\n"),
        ("Dockerfile.prod", "RUN [\"bin/magento\", \"config:set\", \"-e\", \"PATH\", \"ID\"]\n"),
        ("Jenkinsfile", "steps { sh 'bin/magento config:set -e PATH ID' }"),
        ("Jenkinsfile", "sh \"\"\"\n  bin/magento config:set \\\\\n    -e PATH \\\"ID\\\"\n\"\"\""),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - run: bin/magento config:set -e PATH ID\n",
        ),
        (
            ".gitlab-ci.yml",
            "a:\n  script:\n    - X=ID\n    - 'bin/magento config:set -e PATH \"$X\"'\n",
        ),
        (
            "azure.yml",
            "steps:\n  - bash: |\n      # it's a comment\n      bin/magento config:set \\\n        -e PATH ID\n",
        ),
        (
            "bitbucket-pipelines.yml",
            "a:\n  - step:\n      script:\n        - >-\n          bin/magento config:set\n          -e PATH ID\n",
        ),
        (
            "play.yml",
            "- hosts: all\n  tasks:\n    - name: set\n      ansible.builtin.shell: \"bin/magento config:set -e PATH \\\"ID\\\"\"\n",
        ),
        ("job.yaml", "spec:\n  command: [bin/magento, config:set, -e, PATH, ID]\n"),
        (
            "job.yaml",
            "spec:\n  command: [sh, -c]\n  args:\n    - |\n      bin/magento config:set -e PATH ID\n",
        ),
        (".magento.app.yaml", "hooks:\n  deploy: |\n    php ./bin/magento config:set -e PATH ID\n"),
        ("task.json", "{\"command\": [\"sh\", \"-c\", \"bin/magento config:set -e PATH ID\"]}"),
    ] {
        assert_eq!(carriers(file, text), [Carrier::LockEnv], "{file}: {text}");
    }
    for text in ["ENV NAME=ID", "ENV NAME ID", "ARG A=b\nENV A=\"b c\" NAME=\"ID\"", "ARG NAME=ID"]
    {
        assert_eq!(carriers("Dockerfile", text), [Carrier::Environment], "{text}");
    }
    let text = "environment {\n  NAME = 'ID'\n}\n";
    assert_eq!(carriers("Jenkinsfile", text), [Carrier::Environment]);
}

#[test]
fn a_credential_of_a_pipeline_is_a_reference() {
    let (_, found) = settings("Jenkinsfile", "environment {\n  NAME = credentials('id')\n}\n");
    assert_eq!(found.first().map(|setting| &setting.value), Some(&Value::Reference));
}
