//! The shapes that trees have: which part of an address says whose a value is.

use super::carriers::{CARRIERS, Carrier};
use super::spec::Fault;
use super::tree::Tree;
use super::words::synonym;
use super::{maps, objects, pipelines};

/// Which names can stand where a shape puts them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Names {
    Any,
    NoDots,
    /// Letters, digits and hyphens, a letter first.
    Identifier,
}

impl Names {
    pub fn fits(self, word: &str) -> bool {
        let is_dotted = word.contains('.');
        match self {
            Self::Any => true,
            Self::NoDots => !is_dotted,
            Self::Identifier => {
                !is_dotted && word.starts_with(|first: char| first.is_ascii_alphabetic())
            }
        }
    }
}

/// Whether a shape says environments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Environments {
    Never,
    Perhaps,
    Always,
}

/// One shape of a tree.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Shape {
    pub name: &'static str,
    /// Writes the tree.
    pub build: fn(&mut Tree<'_>),
    pub names: Names,
    pub environments: Environments,
    /// Whether folders and the names of files say whose a value is; these stand first.
    pub is_path: bool,
    /// Whether two brands with one data space are beyond doubt two installations.
    pub shares_brands: bool,
    /// Whether there can be a base that installations inherit.
    pub has_base: bool,
    /// Whether an installation can have folders for its roles.
    pub has_roles: bool,
}

const PATHS: Shape = Shape {
    name: "",
    build: brand_then_environment,
    names: Names::Any,
    environments: Environments::Perhaps,
    is_path: true,
    shares_brands: true,
    has_base: false,
    has_roles: true,
};

const DOCUMENT: Shape = Shape { names: Names::NoDots, is_path: false, has_roles: false, ..PATHS };

const CODE: Shape = Shape { names: Names::Identifier, ..DOCUMENT };

pub const SHAPES: &[Shape] = &[
    Shape { name: "brand/environment/", ..PATHS },
    Shape { name: "environment/brand/", build: environment_then_brand, ..PATHS },
    Shape { name: "brand-environment/", build: both_in_a_folder, ..PATHS },
    Shape {
        name: "brand/ and the environment in the file's name",
        build: environment_in_the_name,
        environments: Environments::Always,
        has_roles: false,
        ..PATHS
    },
    Shape {
        name: "environment/ and the brand in the file's name",
        build: brand_in_the_name,
        names: Names::NoDots,
        shares_brands: false,
        has_roles: false,
        ..PATHS
    },
    Shape {
        name: "both in the file's name",
        build: both_in_the_name,
        names: Names::NoDots,
        environments: Environments::Always,
        has_roles: false,
        ..PATHS
    },
    Shape { name: "Kubernetes objects in one file", build: objects::one_file, ..CODE },
    Shape {
        name: "Kubernetes objects in files without words",
        build: objects::neutral_files,
        ..CODE
    },
    Shape { name: "Argo CD applications", build: objects::argo, ..CODE },
    Shape { name: "Flux releases", build: objects::flux, ..CODE },
    Shape { name: "Kustomize overlays", build: objects::overlays, has_base: true, ..CODE },
    Shape {
        name: "Kustomize overlays of each brand",
        build: objects::overlays_of_brands,
        has_base: true,
        environments: Environments::Always,
        ..CODE
    },
    Shape {
        name: "charts of brands",
        build: objects::charts,
        has_base: true,
        environments: Environments::Always,
        ..CODE
    },
    Shape {
        name: "aliases of an umbrella chart",
        build: objects::umbrella,
        environments: Environments::Perhaps,
        ..CODE
    },
    Shape { name: "Compose services", build: objects::services, shares_brands: false, ..CODE },
    Shape {
        name: "Compose files over a base",
        build: objects::compose_over_base,
        has_base: true,
        environments: Environments::Always,
        ..CODE
    },
    Shape { name: "GitHub jobs", build: pipelines::github, ..CODE },
    Shape { name: "GitLab jobs", build: pipelines::gitlab, ..CODE },
    Shape { name: "Jenkins stages", build: pipelines::jenkins, ..CODE },
    Shape { name: "Bitbucket steps", build: pipelines::bitbucket, ..CODE },
    Shape { name: "Azure stages", build: pipelines::azure, ..CODE },
    Shape { name: "CircleCI jobs", build: pipelines::circle, ..CODE },
    Shape { name: "make targets", build: pipelines::make, ..CODE },
    Shape { name: "Task targets", build: pipelines::task, ..CODE },
    Shape { name: "just recipes", build: pipelines::just, ..CODE },
    Shape { name: "bake targets", build: pipelines::bake, ..CODE },
    Shape { name: "arms of a case", build: pipelines::case, ..CODE },
    Shape { name: "Cloud environments of one script", build: pipelines::cloud, ..CODE },
    Shape { name: "YAML map", build: maps::yaml, ..DOCUMENT },
    Shape {
        name: "YAML map of brands of environments",
        build: maps::nested,
        environments: Environments::Always,
        ..DOCUMENT
    },
    Shape { name: "JSON map", build: maps::json, ..DOCUMENT },
    Shape { name: "TOML tables", build: maps::toml, ..DOCUMENT },
    Shape { name: "Terraform modules of one file", build: maps::terraform, ..CODE },
    Shape { name: "CloudFormation task definitions", build: maps::cloud_formation, ..CODE },
    Shape { name: "Ansible groups", build: maps::groups, ..CODE },
    Shape { name: "Ansible inventory variables", build: maps::inventory, ..CODE },
    Shape { name: "Deployer hosts in PHP", build: maps::deployer_php, ..CODE },
    Shape { name: "Deployer hosts in YAML", build: maps::deployer_yaml, ..CODE },
    Shape {
        name: "Upsun applications",
        build: maps::upsun,
        environments: Environments::Never,
        ..CODE
    },
    Shape {
        name: "Platform.sh applications",
        build: maps::platform,
        environments: Environments::Never,
        ..CODE
    },
    Shape {
        name: "ConfigImportExport",
        build: maps::config_import_export,
        environments: Environments::Always,
        ..CODE
    },
];

/// What the folders of an installation are made of.
struct Address {
    root: String,
    brand: String,
    environment: String,
    between: String,
    below: String,
}

impl Address {
    fn both(&self, environment_first: bool) -> String {
        joined(&self.brand, &self.environment, environment_first)
    }
}

fn joined(brand: &str, environment: &str, environment_first: bool) -> String {
    match (brand, environment) {
        (one, "") | ("", one) => one.to_owned(),
        _ if environment_first => format!("{environment}-{brand}"),
        _ => format!("{brand}-{environment}"),
    }
}

impl Tree<'_> {
    /// The name of an installation in a document.
    pub fn name(&self, installation: usize) -> String {
        let (brand, environment) = self.words(installation);
        let is_bare = self.spec.brands.len() == 1
            && !environment.is_empty()
            && self.spec.salt.is_multiple_of(2);
        joined(if is_bare { "" } else { &brand }, &environment, self.spec.environment_first)
    }

    /// The brand, and the environment or nothing.
    pub fn words(&self, installation: usize) -> (String, String) {
        let one = &self.installations[installation];
        let environment = one.environment.map(|one| self.spec.environments[one].clone());
        (self.spec.brands[one.brand].clone(), environment.unwrap_or_default())
    }

    /// A text for each installation, one after the other.
    pub fn each(&mut self, text: impl Fn(&str, &str) -> String) -> String {
        let all = self.all();
        all.map(|one| {
            let name = self.name(one);
            let value = self.own(one);
            text(&name, &value)
        })
        .collect()
    }

    fn spread(&mut self, place: fn(&Address, &Carrier, bool) -> String) {
        let spec = self.spec;
        let root = spec.root_in(self.revision).to_owned();
        for one in self.all() {
            let (brand, environment) = self.words(one);
            let address = Address {
                root: root.clone(),
                brand,
                environment,
                between: spec.between.clone(),
                below: spec.below.clone(),
            };
            let carrier = &CARRIERS[spec.carrier];
            if spec.roles.is_empty() {
                let body = (carrier.body)(&self.own(one));
                self.file(place(&address, carrier, spec.environment_first), body);
            }
            for (at, role) in spec.roles.iter().enumerate() {
                let is_wrong = spec.fault == Fault::Contradict && one == 0 && at == 1;
                let value = if is_wrong { self.other(one) } else { self.own(one) };
                let below = format!("{}/{role}", address.below);
                let path =
                    place(&Address { below, ..address.clone() }, carrier, spec.environment_first);
                self.file(path, (carrier.body)(&value));
            }
            if let Some(second) = spec.second {
                let carrier = &CARRIERS[second];
                let environment = &address.environment;
                let environment = if spec.synonyms { synonym(environment) } else { environment };
                let address = Address {
                    root: "gitops".into(),
                    environment: environment.into(),
                    between: String::new(),
                    below: String::new(),
                    ..address
                };
                let body = (carrier.body)(&self.own(one));
                self.file(place(&address, carrier, spec.environment_first), body);
            }
        }
    }
}

impl Clone for Address {
    fn clone(&self) -> Self {
        let Self { root, brand, environment, between, below } = self;
        Self {
            root: root.clone(),
            brand: brand.clone(),
            environment: environment.clone(),
            between: between.clone(),
            below: below.clone(),
        }
    }
}

fn brand_then_environment(tree: &mut Tree<'_>) {
    tree.spread(|at, carrier, _| {
        let Address { root, brand, environment, between, below } = at;
        format!("{root}/{brand}/{between}/{environment}/{below}/{}", carrier.file)
    });
}

fn environment_then_brand(tree: &mut Tree<'_>) {
    tree.spread(|at, carrier, _| {
        let Address { root, brand, environment, between, below } = at;
        format!("{root}/{environment}/{between}/{brand}/{below}/{}", carrier.file)
    });
}

fn both_in_a_folder(tree: &mut Tree<'_>) {
    tree.spread(|at, carrier, first| {
        let Address { root, between, below, .. } = at;
        format!("{root}/{between}/{}/{below}/{}", at.both(first), carrier.file)
    });
}

fn environment_in_the_name(tree: &mut Tree<'_>) {
    tree.spread(|at, carrier, _| {
        let Address { root, brand, environment, between, .. } = at;
        format!("{root}/{brand}/{between}/{}", carrier.named.replace('*', environment))
    });
}

fn brand_in_the_name(tree: &mut Tree<'_>) {
    tree.spread(|at, carrier, _| {
        let Address { root, brand, environment, between, .. } = at;
        format!("{root}/{environment}/{between}/{}", carrier.named.replace('*', brand))
    });
}

fn both_in_the_name(tree: &mut Tree<'_>) {
    tree.spread(|at, carrier, first| {
        let Address { root, between, .. } = at;
        format!("{root}/{between}/{}", carrier.named.replace('*', &at.both(first)))
    });
}
