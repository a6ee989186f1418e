//! What is inherited by the names of files alone.

use super::*;

fn heirs<'a>(base: &str, paths: &[&'a str]) -> Vec<&'a str> {
    let base = Base::of(base).expect("the path is a base");
    let is_heir = |path: &&str| {
        *path != base.path
            && is_configuration(path)
            && (base.is_heir_here(path) || base.is_heir_of_chart(path))
    };
    paths.iter().copied().filter(is_heir).collect()
}

#[test]
fn suffixed_siblings_inherit_the_unsuffixed_file() {
    let paths = [
        "helm/values-prod.yaml",
        "helm/values.stage.yml",
        "helm/values-ha.yaml",
        "helm/templates/values-prod.yaml",
        "other/values-prod.yaml",
    ];
    assert_eq!(
        heirs("helm/values.yaml", &paths),
        ["helm/values-prod.yaml", "helm/values.stage.yml"]
    );
    let paths =
        ["chart/values-prod.yaml", "environments/uat/values.yaml", "chart/templates/x.yaml"];
    assert_eq!(heirs("chart/templates/deployment.yaml", &paths), paths[..2]);
    assert_eq!(heirs("chart/values.yaml", &paths), paths[..2]);
    assert_eq!(
        heirs(".env", &[".env.prod", "staging.env", "src/.env.prod", ".env.backup"]),
        [".env.prod", "staging.env"]
    );
    assert_eq!(
        heirs("compose.yaml", &["compose.prod.yaml", "compose.override.yaml"]),
        ["compose.prod.yaml"]
    );
}

#[test]
fn environment_folders_beside_a_base_folder_inherit_it() {
    let paths = [
        "k8s/prod/deployment.yaml",
        "k8s/overlays/uat/kustomization.yaml",
        "k8s/tools/x.yaml",
        "docs/prod/x.yaml",
    ];
    assert_eq!(
        heirs("k8s/base/configmap.yaml", &paths),
        ["k8s/prod/deployment.yaml", "k8s/overlays/uat/kustomization.yaml"]
    );
    assert_eq!(
        heirs("config/store/base/saas.yaml", &["config/store/de/x.yaml", "config/x.yaml"]),
        ["config/store/de/x.yaml"]
    );
    assert_eq!(
        heirs(
            "group_vars/all.yml",
            &["group_vars/prod.yml", "group_vars/web.yml", "group_vars/prod/vars.yml"]
        ),
        ["group_vars/prod.yml", "group_vars/prod/vars.yml"]
    );
}

#[test]
fn variables_of_an_environment_inherit_what_they_fill() {
    let paths =
        ["infra/env/prod.tfvars", "infra/stage.tfvars", "infra/prod/main.tf", "prod.tfvars"];
    assert_eq!(heirs("infra/main.tf", &paths), ["infra/env/prod.tfvars", "infra/stage.tfvars"]);
    assert_eq!(
        heirs(
            "infra/modules/magento/main.tf",
            &["infra/envs/prod/main.tf", "infra/envs/prod/dns/main.tf", "infra/main.tf"]
        ),
        ["infra/envs/prod/main.tf"]
    );
}

#[test]
fn a_stray_file_with_an_environment_word_is_no_heir() {
    assert!(
        heirs(
            "app/etc/config.php",
            &["app/code/X/etc/di.prod.xml", "k8s/redis/values-prod.yaml", "README.prod.md"]
        )
        .is_empty()
    );
    assert_eq!(
        heirs("app/etc/config.php", &["app/etc/env.prod.php", "app/etc/env.php.stage"]),
        ["app/etc/env.prod.php", "app/etc/env.php.stage"]
    );
    assert_eq!(
        heirs(
            "shop/app/etc/config.php",
            &["shop/envs/prod/app/etc/env.php", "envs/prod/app/etc/env.php", "shop/pub/env.php"]
        ),
        ["shop/envs/prod/app/etc/env.php"]
    );
}
