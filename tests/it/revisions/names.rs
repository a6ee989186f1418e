//! Values that stand behind names and in templates: what changes where they stand changes production.

use super::scratch::*;

const VARIABLE: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";

/// What a change of one file shows, beside files that stay.
fn shows(name: &str, stay: &[(&str, &str)], path: &str, text: impl Fn(&str) -> String) {
    let repository = Repository::new();
    for (path, text) in stay {
        repository.write(path, *text);
    }
    repository.commit_file(path, text(SPACE));
    repository.commit_file(path, text(OTHER));
    repository.shows(name, &[run("--base HEAD~1"), run("--from HEAD --to HEAD~1")]);
}

#[test]
fn a_value_of_a_chart_that_changes() {
    let template = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  {VARIABLE}: {{{{ .Values.saas.space }}}}\n"
    );
    let stay = [("shop/Chart.yaml", "name: shop\n"), ("shop/templates/map.yaml", &template)];
    shows("name-of-a-chart", &stay, "shop/values-production.yaml", |id| {
        format!("saas:\n  space: {id}\n")
    });
}

#[test]
fn an_argument_of_a_module_that_changes() {
    let module = format!(
        "variable \"space\" {{}}\nresource \"x\" \"y\" {{\n  environment = {{ {VARIABLE} = var.space }}\n}}\n"
    );
    let stay = [("modules/shop/main.tf", module.as_str())];
    shows("name-of-a-module", &stay, "envs/production/main.tf", |id| {
        format!("module \"shop\" {{\n  source = \"../../modules/shop\"\n  space  = \"{id}\"\n}}\n")
    });
}

#[test]
fn a_template_of_jobs_that_changes() {
    shows("template-of-jobs", &[], ".gitlab-ci.yml", |id| {
        format!(
            ".ship:\n  variables:\n    {VARIABLE}: {id}\n  script: [./ship]\nproduction:\n  extends: .ship\n  environment: production\n"
        )
    });
}

#[test]
fn a_value_that_moves_behind_a_name_is_no_change() {
    let repository = Repository::new();
    let map = |value: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  {VARIABLE}: {value}\n"
        )
    };
    repository.write("shop/Chart.yaml", "name: shop\n");
    repository.write("shop/values.yaml", "replicas: 1\n");
    repository.write("shop/values-production.yaml", "replicas: 4\n");
    repository.commit_file("shop/templates/map.yaml", map(SPACE));
    repository.write("shop/values-production.yaml", format!("saas:\n  space: {SPACE}\n"));
    repository.write("shop/templates/map.yaml", map("{{ .Values.saas.space }}"));
    repository.commit("Name the data space");
    repository.shows("value-moves-behind-a-name", &[run("--base HEAD~1")]);
}

#[test]
fn production_in_a_renamed_folder_stays_production_beside_one_that_shares_its_data_space() {
    let repository = Repository::new();
    let file = || format!("[env]\n{VARIABLE} = \"{SPACE}\"\n");
    repository.write("siskin/siskin-preprod.toml", file());
    repository.commit_file("siskin/siskin-prod.toml", file());
    repository.write("infra/siskin-preprod.toml", file());
    repository.write("infra/siskin-prod.toml", file());
    repository.remove("siskin/siskin-preprod.toml");
    repository.remove("siskin/siskin-prod.toml");
    repository.commit("Rename the folder");
    repository.shows("renamed-folder-of-a-pair", &[run("--base HEAD~1")]);
}
