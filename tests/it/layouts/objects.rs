//! Objects of clusters, charts and services that say whose they are, and the bases below them.

use super::carriers::values;
use super::tree::{Tree, VARIABLE};

fn config_map(namespace: &str, value: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: magento\n  namespace: {namespace}\ndata:\n  {VARIABLE}: {value}\n"
    )
}

pub fn one_file(tree: &mut Tree<'_>) {
    let objects = tree.each(|name, value| format!("---\n{}", config_map(name, value)));
    tree.file("k8s/all.yaml", objects);
}

pub fn neutral_files(tree: &mut Tree<'_>) {
    for one in tree.all() {
        let name = tree.name(one);
        let text = config_map(&name, &tree.own(one));
        tree.file(format!("k8s/{:02}.yaml", one + 1), text);
    }
}

pub fn argo(tree: &mut Tree<'_>) {
    for one in tree.all() {
        let name = tree.name(one);
        let value = tree.own(one);
        let text = format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\n  namespace: argocd\nspec:\n  source:\n    \
             repoURL: https://charts.example/\n    chart: magento\n    helm:\n      valuesObject:\n        env:\n          \
             {VARIABLE}: {value}\n  destination:\n    server: https://kubernetes.default.svc\n    namespace: {name}\n"
        );
        tree.file(format!("argocd/{:02}.yaml", one + 1), text);
    }
}

pub fn flux(tree: &mut Tree<'_>) {
    let releases = tree.each(|name, value| {
        format!(
            "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: magento\n  namespace: flux-system\nspec:\n  \
             targetNamespace: {name}\n  chart:\n    spec:\n      chart: magento\n  values:\n    env:\n      {VARIABLE}: {value}\n"
        )
    });
    tree.file("flux/releases.yaml", releases);
}

/// The folder of a kustomization that inherits from a base, and what it overrides.
fn overlay(tree: &mut Tree<'_>, one: usize, folder: &str, base: &str) {
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    if tree.is_bare_heir(one) {
        tree.file(
            format!("{folder}/kustomization.yaml"),
            format!("{kustomization}resources:\n  - {base}\n"),
        );
        return;
    }
    let text =
        format!("{kustomization}resources:\n  - {base}\npatches:\n  - path: settings.yaml\n");
    tree.file(format!("{folder}/kustomization.yaml"), text);
    let value = tree.own(one);
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: magento\ndata:\n  {VARIABLE}: {value}\n"
    );
    tree.file(format!("{folder}/settings.yaml"), text);
}

fn kustomize_base(tree: &mut Tree<'_>, folder: &str, heirs: Vec<usize>) {
    let text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - configmap.yaml\n";
    tree.file(format!("{folder}/kustomization.yaml"), text);
    let data = if tree.spec.base {
        format!("{VARIABLE}: {}", tree.base(heirs))
    } else {
        "MAGE_MODE: production".into()
    };
    let text =
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: magento\ndata:\n  {data}\n");
    tree.file(format!("{folder}/configmap.yaml"), text);
}

pub fn overlays(tree: &mut Tree<'_>) {
    kustomize_base(tree, "k8s/base", tree.all().collect());
    for one in tree.all() {
        let name = tree.name(one);
        overlay(tree, one, &format!("k8s/overlays/{name}"), "../../base");
    }
}

pub fn overlays_of_brands(tree: &mut Tree<'_>) {
    for (heirs, brand) in brands(tree) {
        kustomize_base(tree, &format!("apps/{brand}/base"), heirs.clone());
        for one in heirs {
            let (_, environment) = tree.words(one);
            overlay(tree, one, &format!("apps/{brand}/overlays/{environment}"), "../../base");
        }
    }
}

pub fn charts(tree: &mut Tree<'_>) {
    for (heirs, brand) in brands(tree) {
        let folder = format!("charts/{brand}");
        tree.file(
            format!("{folder}/Chart.yaml"),
            format!("apiVersion: v2\nname: {brand}\nversion: 1.0.0\n"),
        );
        let text =
            if tree.spec.base { values(&tree.base(heirs.clone())) } else { "replicas: 1\n".into() };
        tree.file(format!("{folder}/values.yaml"), text);
        for one in heirs {
            let (_, environment) = tree.words(one);
            let text = if tree.is_bare_heir(one) {
                "replicas: 2\n".into()
            } else {
                values(&tree.own(one))
            };
            tree.file(format!("{folder}/values-{environment}.yaml"), text);
        }
    }
}

/// The installations of each brand that has any.
fn brands(tree: &Tree<'_>) -> Vec<(Vec<usize>, String)> {
    let of = |brand: usize| {
        tree.all().filter(|&one| tree.installations[one].brand == brand).collect::<Vec<_>>()
    };
    let all = tree.spec.brands.iter().enumerate().map(|(brand, name)| (of(brand), name.clone()));
    all.filter(|(heirs, _)| !heirs.is_empty()).collect()
}

/// The installations of each environment that has any; all, where there are no environments.
fn environments(tree: &Tree<'_>) -> Vec<(Vec<usize>, String)> {
    if tree.spec.environments.is_empty() {
        return vec![(tree.all().collect(), String::new())];
    }
    let of = |word: usize| {
        tree.all()
            .filter(|&one| tree.installations[one].environment == Some(word))
            .collect::<Vec<_>>()
    };
    let all =
        tree.spec.environments.iter().enumerate().map(|(word, name)| (of(word), name.clone()));
    all.filter(|(all, _)| !all.is_empty()).collect()
}

pub fn umbrella(tree: &mut Tree<'_>) {
    let aliases: Vec<String> = tree
        .spec
        .brands
        .iter()
        .map(|brand| format!("  - name: magento\n    alias: {brand}\n    version: 1.0.0\n    repository: https://charts.example/\n"))
        .collect();
    tree.file(
        "charts/all/Chart.yaml",
        format!("apiVersion: v2\nname: all\nversion: 1.0.0\ndependencies:\n{}", aliases.concat()),
    );
    for (all, environment) in environments(tree) {
        let text: Vec<String> = all
            .into_iter()
            .map(|one| {
                let (brand, _) = tree.words(one);
                format!("{brand}:\n  env:\n    {VARIABLE}: {}\n", tree.own(one))
            })
            .collect();
        let name = if environment.is_empty() {
            "values.yaml".into()
        } else {
            format!("values-{environment}.yaml")
        };
        tree.file(format!("charts/all/{name}"), text.concat());
    }
}

pub fn services(tree: &mut Tree<'_>) {
    for (all, environment) in environments(tree) {
        let services: Vec<String> = all
            .into_iter()
            .map(|one| {
                let (brand, _) = tree.words(one);
                format!(
                    "  {brand}:\n    image: magento\n    environment:\n      {VARIABLE}: {}\n",
                    tree.own(one)
                )
            })
            .collect();
        let name = if environment.is_empty() {
            "compose.yaml".into()
        } else {
            format!("docker-compose.{environment}.yml")
        };
        tree.file(name, format!("services:\n{}", services.concat()));
    }
}

pub fn compose_over_base(tree: &mut Tree<'_>) {
    for (heirs, brand) in brands(tree) {
        let service = |line: &str| {
            format!("services:\n  php:\n    image: magento\n    environment:\n      {line}\n")
        };
        let line = if tree.spec.base {
            format!("{VARIABLE}: {}", tree.base(heirs.clone()))
        } else {
            "MAGE_MODE: default".into()
        };
        tree.file(format!("{brand}/docker-compose.yml"), service(&line));
        for one in heirs {
            let (_, environment) = tree.words(one);
            let is_bare = tree.is_bare_heir(one);
            let line = if is_bare {
                "MAGE_MODE: production".into()
            } else {
                format!("{VARIABLE}: {}", tree.own(one))
            };
            tree.file(format!("{brand}/docker-compose.{environment}.yml"), service(&line));
        }
    }
}
