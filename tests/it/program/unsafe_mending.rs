//! What `--fix=unsafe` puts in the place of a key is what its carrier has for values that are kept elsewhere; a shared data space is given up
//! for a placeholder that is told.

use std::fs;
use std::path::Path;

use super::scratch::{DATA_SPACE, Done, Scratch, data_space};

const PATH: &str = "services_connector/services_connector_integration/production_private_key";
const VARIABLE: &str =
    "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_PRIVATE_KEY";

fn key(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
    let text = fs::read_to_string(path).expect("the key is readable");
    text.replace("\r\n", "\n").trim_end().to_owned()
}

/// A key as the block of a YAML document.
fn block(indent: usize, key: &str) -> String {
    let line = |line: &str| format!("\n{}{line}", " ".repeat(indent));
    format!("|{}", key.lines().map(line).collect::<String>())
}

fn fix(scratch: &Scratch) -> Done {
    scratch.run(&["check", "--fix=unsafe", "--output-format", "line"])
}

fn text(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path().join(path)).expect("the file is readable")
}

/// What a file is around a key: its path, what stands before and after the key, the key as it is written there, the reference.
type Case<'a> = (&'a str, String, String, String, &'a str);

fn cases(key: &str) -> Vec<Case<'static>> {
    let escaped = key.replace('\n', "\\n");
    let workload = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: php}\nspec:\n  template:\n    spec:\n      containers:\n        - name: php\n          env:\n            - name: ";
    vec![
        (
            "app/etc/env.php",
            format!(
                "<?php // ours\nreturn ['system' => ['default' => ['{}' =>  ",
                PATH.replace('/', "' => ['")
            ),
            "]], 'x' => 1]]];\n".into(),
            format!("'{key}'"),
            "getenv('PRODUCTION_PRIVATE_KEY')",
        ),
        (
            ".env.production",
            format!("A=1\n{VARIABLE}="),
            "\n# B\nB=2\n".into(),
            format!("\"{key}\""),
            "${PRODUCTION_PRIVATE_KEY}",
        ),
        (
            "compose.prod.yaml",
            format!("services:\n  php:\n    image: x\n    environment:\n      {VARIABLE}: "),
            "\n      # more\n      B: 2\n".into(),
            block(8, key),
            "${PRODUCTION_PRIVATE_KEY}",
        ),
        (
            "compose.prod.yaml",
            format!("services:\n  php:\n    image: x\n    environment:\n      - \"{VARIABLE}="),
            "\"\n      - B=2\n".into(),
            escaped.clone(),
            "${PRODUCTION_PRIVATE_KEY}",
        ),
        (
            "k8s/prod/php.yaml",
            format!("{workload}{VARIABLE}\n              "),
            "\n            - name: B\n              value: x\n".into(),
            format!("value: {}", block(16, key)),
            "valueFrom: { secretKeyRef: { name: commerce-connector, key: production-private-key } }",
        ),
        (
            ".github/workflows/deploy.yml",
            format!(
                "on: push\njobs:\n  deploy:\n    environment: production\n    runs-on: x\n    env:\n      {VARIABLE}: "
            ),
            "\n    steps: []\n".into(),
            block(8, key),
            "${{ secrets.PRODUCTION_PRIVATE_KEY }}",
        ),
        (
            ".gitlab-ci.yml",
            format!("deploy:\n  environment: production\n  variables:\n    {VARIABLE}: "),
            "\n  script: [x]\n".into(),
            block(6, key),
            "$PRODUCTION_PRIVATE_KEY",
        ),
        (
            "deploy/production.sh",
            format!("#!/bin/sh\nexport {VARIABLE}="),
            "\nx\n".into(),
            format!("'{key}'"),
            "\"$PRODUCTION_PRIVATE_KEY\"",
        ),
        (
            "deploy/production.sh",
            format!("#!/bin/sh\nbin/magento config:set --lock-env {PATH} "),
            " # ours\n".into(),
            format!("\"{key}\""),
            "\"$PRODUCTION_PRIVATE_KEY\"",
        ),
        (
            "envs/prod/main.tf",
            format!("resource \"a\" \"b\" {{\n  environment = {{\n    {VARIABLE} = "),
            "\n    B = 2 # ours\n  }\n}\n".into(),
            format!("\"{escaped}\""),
            "var.production_private_key",
        ),
        (
            "group_vars/production/vars.yml",
            format!("a: 1\n{PATH}: "),
            "\nb: 2\n".into(),
            block(2, key),
            "\"{{ vault_production_private_key }}\"",
        ),
    ]
}

fn of_plays_pipelines_and_json(key: &str) -> Vec<Case<'static>> {
    let escaped = key.replace('\n', "\\n");
    vec![
        (
            "roles/shop/vars/production.yml",
            format!("a: 1\n{PATH}: "),
            "\nb: 2\n".into(),
            block(2, key),
            "\"{{ vault_production_private_key }}\"",
        ),
        (
            "production.yml",
            format!("- hosts: production\n  environment:\n    {VARIABLE}: "),
            "\n  tasks: []\n".into(),
            format!("\"{escaped}\""),
            "\"{{ vault_production_private_key }}\"",
        ),
        (
            "azure-pipelines.yml",
            format!("stages:\n- stage: production\n  variables:\n    {VARIABLE}: "),
            "\n  jobs: []\n".into(),
            format!("\"{escaped}\""),
            "$(PRODUCTION_PRIVATE_KEY)",
        ),
        (
            "k8s/prod/php.json",
            format!(
                "{{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{{\"name\":\"php\"}},\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"php\",\"env\":[{{\"name\":\"{VARIABLE}\","
            ),
            "}]}]}}}}\n".into(),
            format!("\"value\": \"{escaped}\""),
            "\"valueFrom\": {\"secretKeyRef\": {\"name\": \"commerce-connector\", \"key\": \"production-private-key\"}}",
        ),
    ]
}

fn of_scripts_of_pipelines(key: &str) -> Vec<Case<'static>> {
    let written = format!("'{}'", key.replace('\n', "\\n"));
    let command = format!("bin/magento config:set --lock-env {PATH} ");
    let case = |path, before: &str, reference| {
        (path, format!("{before}{command}"), "\n".to_owned(), written.clone(), reference)
    };
    vec![
        case(
            ".github/workflows/deploy.yml",
            "on: push\njobs:\n  deploy:\n    environment: production\n    runs-on: x\n    steps:\n      - run: ",
            "\"${{ secrets.PRODUCTION_PRIVATE_KEY }}\"",
        ),
        case(
            "bitbucket-pipelines.yml",
            "pipelines:\n  branches:\n    main:\n      - step:\n          deployment: production\n          script:\n            - ",
            "\"$PRODUCTION_PRIVATE_KEY\"",
        ),
        case(
            "azure-pipelines.yml",
            "stages:\n- stage: production\n  jobs:\n  - job: a\n    steps:\n    - script: ",
            "\"$(PRODUCTION_PRIVATE_KEY)\"",
        ),
        case("Makefile", "deploy-production:\n\t", "\"$$PRODUCTION_PRIVATE_KEY\""),
    ]
}

#[test]
fn a_key_becomes_its_carriers_own_reference_and_no_difference_shows_it() {
    let key = key("rsa-pkcs8.pem");
    let body: Vec<&str> = key.lines().filter(|line| !line.contains("-----")).collect();
    let all = cases(&key)
        .into_iter()
        .chain(of_plays_pipelines_and_json(&key))
        .chain(of_scripts_of_pipelines(&key));
    for (path, before, after, written, reference) in all {
        let scratch = Scratch::of(&[(path, &format!("{before}{written}{after}"))]);
        let shown = scratch.run(&["check", "--diff"]);
        assert!(shown.code == 1 && shown.out.contains(reference), "{path}: {shown:?}");
        assert!(
            !body.iter().any(|line| shown.all().contains(&line[..16])),
            "{path}: {}",
            shown.out
        );
        let only_safe = scratch.run(&["check", "--fix", "--output-format", "line"]);
        assert!(text(&scratch, path).contains(&written), "{path}: {only_safe:?}");
        let done = fix(&scratch);
        assert_eq!(text(&scratch, path), format!("{before}{reference}{after}"), "{done:?}");
        assert!(done.code == 0 && done.err.contains("made anew"), "{path}: {done:?}");
    }
}

#[test]
fn a_key_stays_where_its_carrier_has_no_reference_or_the_name_is_taken() {
    let key = key("rsa-pkcs8.pem");
    let here = format!(
        "#!/bin/sh\ncat > x <<'EOF'\n{VARIABLE}=\"{key}\"\nEOF\nexport {VARIABLE}=\"{key}\"\n"
    );
    for (path, text_of) in [
        (
            "k8s/prod/map.yaml",
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: php}}\ndata:\n  {VARIABLE}: {}\n",
                block(4, &key)
            ),
        ),
        ("k8s/prod/settings.yaml", format!("{PATH}: {}\n", block(2, &key))),
        ("envs/prod/prod.tfvars", format!("{VARIABLE} = \"{}\"\n", key.replace('\n', "\\n"))),
        ("keys/production.pem", format!("{key}\n")),
        ("deploy/production.sh", here),
        (
            ".env.production",
            format!(
                "PRODUCTION_PRODUCTION_PRIVATE_KEY=x\nPRODUCTION_PRIVATE_KEY=y\n{VARIABLE}=\"{key}\"\n"
            ),
        ),
    ] {
        let scratch = Scratch::of(&[(path, &text_of)]);
        let done = fix(&scratch);
        assert_eq!(text(&scratch, path), text_of, "{done:?}");
        assert_eq!(scratch.run(&["check", "--diff"]).out, "", "{path}");
    }
}

#[test]
fn two_keys_have_two_names_and_one_key_has_one() {
    let (one, other) = (key("rsa-pkcs8.pem"), key("ec-pkcs8.pem"));
    let job = |name: &str, key: &str| {
        format!(
            "  {name}:\n    environment: {name}\n    runs-on: x\n    env:\n      {VARIABLE}: {}\n    steps: []\n",
            block(8, key)
        )
    };
    for (staging, names) in [
        (
            &other,
            [
                "secrets.PRODUCTION_PRODUCTION_PRIVATE_KEY }",
                "secrets.STAGING_PRODUCTION_PRIVATE_KEY }",
            ],
        ),
        (&one, ["secrets.PRODUCTION_PRIVATE_KEY }", "secrets.PRODUCTION_PRIVATE_KEY }"]),
    ] {
        let path = ".github/workflows/deploy.yml";
        let text_of =
            format!("on: push\njobs:\n{}{}", job("production", &one), job("staging", staging));
        let scratch = Scratch::of(&[(path, &text_of)]);
        let done = fix(&scratch);
        let mended = text(&scratch, path);
        let at = names.map(|name| (mended.find(name), mended.rfind(name)));
        assert!(at[0].0.is_some() && at[0].0 < at[1].1, "{mended} {done:?}");
    }
}

#[test]
fn a_shared_data_space_is_given_up_for_a_placeholder_that_is_told() {
    let staging = "k8s/staging/settings.yaml";
    let scratch = Scratch::of(&[
        ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        (staging, &format!("# ours\n{}", data_space(&format!("'{DATA_SPACE}'  # kept")))),
    ]);
    let done = fix(&scratch);
    assert_eq!(
        text(&scratch, staging),
        format!("# ours\n{}", data_space("'CHANGEME'  # kept")),
        "{done:?}"
    );
    assert_eq!(text(&scratch, "k8s/prod/settings.yaml"), data_space(DATA_SPACE));
    assert!(done.out.contains("`environment_id` of `staging` is a placeholder"), "{done:?}");
    let silent = Scratch::of(&[
        ("commerce-lint.toml", "[rules]\nplaceholder-value = \"off\"\n"),
        ("k8s/prod/settings.yaml", &data_space(DATA_SPACE)),
        (staging, &data_space(DATA_SPACE)),
    ]);
    fix(&silent);
    assert_eq!(text(&silent, staging), data_space(DATA_SPACE), "nobody would be told");
}

#[test]
fn an_inherited_data_space_is_overridden_by_a_placeholder_beside_what_is_its_own() {
    let own = |project: &str, end: &str| {
        format!(
            "connector:{end}  services_connector/services_id/project_id: '{project}'{end}  # next{end}  x: y{end}"
        )
    };
    for end in ["\n", "\r\n"] {
        let scratch = Scratch::of(&[
            ("chart/values.yaml", &format!("connector:\n  {}", data_space(DATA_SPACE))),
            ("chart/values-prod.yaml", &own("one", "\n")),
            ("chart/values-staging.yaml", &own("one", end)),
        ]);
        let done = fix(&scratch);
        let line = format!("  services_connector/services_id/environment_id: 'CHANGEME'{end}");
        let expected = own("one", end).replace("  # next", &format!("{line}  # next"));
        assert_eq!(text(&scratch, "chart/values-staging.yaml"), expected, "{done:?}");
        assert_eq!(text(&scratch, "chart/values-prod.yaml"), own("one", "\n"));
    }
}
