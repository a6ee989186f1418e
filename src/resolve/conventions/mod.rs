//! Base files: which files several instances inherit, and which files make an instance their heir, by the conventions of each tool.
//!
//! Heirs are known by their names alone: `values-prod.yaml` inherits `values.yaml` even when it overrides nothing.

mod paths;
#[cfg(test)]
mod tests;
mod whole;

pub use paths::{
    beneath, extension, is_assigned, is_configuration, is_of_attributes, is_of_chef, parent, range,
};
use paths::{is_loaded, is_php, is_terraform, is_yaml};

use super::words::{Words, is_base, is_collection};
use crate::recognise::xml;
use crate::syntax::file_name;

/// A convention by which a file is inherited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Convention {
    /// `app/etc/config.php`, `.magento.app.yaml`, `.environment`, a `Dockerfile`, a cookbook's `attributes/`: part of the code that every instance runs.
    Repository,
    /// `values.yaml` beside `values-prod.yaml`.
    HelmValues,
    /// A chart's `templates/`, rendered once for each of its files of values.
    HelmTemplates,
    /// `.env` beside `.env.prod`.
    Dotenv,
    /// `docker-compose.yml` beside `docker-compose.prod.yml`.
    Compose,
    /// Files in `base/`, `common/`, `all/`.
    Folder,
    /// `common.yaml`, `group_vars/all.yml`.
    Name,
    /// `main.tf` with its `prod.tfvars`.
    Terraform,
    /// The `defaults/` and `vars/` of a role, with the inventories that its plays run for.
    Role,
    /// `deploy.rb` with its `deploy/production.rb`.
    Stages,
    /// `modules/` beside Terraform's folders of environments.
    TerraformModule,
}

/// A file that several instances may inherit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base<'a> {
    /// By which convention.
    pub convention: Convention,
    /// The folder in which its heirs stand; empty for the root.
    folder: &'a str,
    /// For a part of a chart, the folder of all charts, beside which values can stand too.
    charts: Option<&'a str>,
    /// The folder's or file's name that says so.
    word: &'a str,
    path: &'a str,
}

/// Where a base looks for heirs, and for which: bases of one reach have the same ones, each but for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach<'a> {
    /// The folder beneath which they are.
    pub folder: &'a str,
    /// The convention; none for the values of charts outside of these.
    convention: Option<Convention>,
    /// The base's folder, its word and its extension, where they decide.
    details: (&'a str, &'a str, &'a str),
}

impl Reach<'_> {
    /// Whether other files stand in the same base as a base of this reach.
    #[must_use]
    pub fn has_siblings(&self) -> bool {
        !matches!(self.convention, None | Some(Convention::Name | Convention::Terraform))
    }
}

impl<'a> Base<'a> {
    /// Whether it is inherited by every instance, be one known or not: an image is what those run that use it.
    #[must_use]
    pub fn is_always(&self) -> bool {
        let is_image = matches!(self.word, "Dockerfile" | "Containerfile");
        self.convention == Convention::Repository && !is_image
    }

    /// Whether and how the file at `path` is inherited.
    #[must_use]
    pub fn of(path: &'a str) -> Option<Self> {
        let name = file_name(path);
        let folder = parent(path);
        let base = |convention, folder, word| {
            Some(Base { convention, folder, charts: charts_around(folder), word, path })
        };
        if let Some((chart, rest)) = chart_of_template(path) {
            let is_shared = Words::of_path(rest).environment.is_none();
            return if is_shared {
                base(Convention::HelmTemplates, chart, "templates")
            } else {
                None
            };
        }
        match name {
            // A copy in an environment's folder is that environment's.
            ".magento.app.yaml" | ".magento.env.yaml" | ".environment" | "Dockerfile"
            | "Containerfile"
                if Words::of_path(folder).environment.is_some() =>
            {
                return None;
            }
            "config.php" | ".magento.app.yaml" | ".magento.env.yaml" | ".environment" => {
                return base(Convention::Repository, folder, name);
            }
            ".platform.app.yaml" => return base(Convention::Repository, folder, name),
            // The files of Platform.sh and Upsun for all applications and branches of a project.
            "config.yaml" | "applications.yaml"
                if matches!(file_name(folder), ".upsun" | ".platform") =>
            {
                return base(Convention::Repository, parent(folder), name);
            }
            // An image, wherever it is described, is built of the whole repository.
            "Dockerfile" | "Containerfile" => return base(Convention::Repository, "", name),
            // What `helm secrets` decrypts is one more file of values.
            "values.yaml" | "values.yml" | "secrets.enc.yaml" | "secrets.encrypted.yaml" => {
                return base(Convention::HelmValues, folder, name);
            }
            ".env" => return base(Convention::Dotenv, folder, name),
            "docker-compose.yml" | "docker-compose.yaml" | "compose.yml" | "compose.yaml" => {
                return base(Convention::Compose, folder, name);
            }
            "deploy.rb" | "deploy.php" => return base(Convention::Stages, folder, name),
            "config.xml" if xml::is_module_default(path) => {
                return base(Convention::Repository, "", name);
            }
            _ => {}
        }
        if is_of_attributes(path) {
            let cookbooks = path.find("cookbooks/").and_then(|at| path.get(..at));
            // `site-cookbooks/` stands where `cookbooks/` does.
            let before = cookbooks.map_or_else(|| parent(folder), parent);
            return base(Convention::Repository, before, name);
        }
        if let Some((before, role)) = path.split_once("roles/")
            && (before.is_empty() || before.ends_with('/'))
            && matches!(role.split('/').nth(1), Some("defaults" | "vars"))
        {
            return base(Convention::Role, before.trim_end_matches('/'), "roles");
        }
        let is_of_all = !is_assigned(name) || is_loaded(name);
        if is_terraform(name) && is_of_all && Words::of_path(path).environment.is_none() {
            return match path.split_once("modules/") {
                Some((before, _)) if before.is_empty() || before.ends_with('/') => {
                    base(Convention::TerraformModule, before.trim_end_matches('/'), "modules")
                }
                _ => base(Convention::Terraform, folder, name),
            };
        }
        if Words::of_path(name).base.is_some() {
            return base(Convention::Name, folder, name);
        }
        let word = folder.rsplit('/').find(|part| is_base(&part.to_ascii_lowercase()))?;
        let offset = (word.as_ptr() as usize).saturating_sub(path.as_ptr() as usize);
        base(Convention::Folder, path.get(..offset)?.trim_end_matches('/'), word)
    }

    /// Where its heirs can stand.
    pub fn reaches(&self) -> impl Iterator<Item = Reach<'a>> + use<'a> {
        let is_code = self.word == "config.php";
        let word = match self.convention {
            Convention::Repository if !is_code => "",
            Convention::Name => "",
            Convention::Terraform if extension(self.word) != "hcl" => "",
            _ => self.word,
        };
        let is_alike = matches!(self.convention, Convention::Folder | Convention::Name);
        let extension = if is_alike { extension(self.path) } else { "" };
        let here = Reach {
            folder: if is_code { self.repository() } else { self.folder },
            convention: Some(self.convention),
            details: (self.folder, word, extension),
        };
        let is_of_chart =
            matches!(self.convention, Convention::HelmValues | Convention::HelmTemplates);
        let charts = self.charts.filter(|_| is_of_chart).map(|charts| Reach {
            folder: parent(charts),
            convention: None,
            details: ("", "", ""),
        });
        std::iter::once(here).chain(charts)
    }

    /// Whether a file other than the base is an heir of it, and is found in one of its reaches.
    #[must_use]
    pub fn is_heir_within(&self, reach: Reach<'_>, path: &str) -> bool {
        is_configuration(path)
            && if reach.convention.is_some() {
                self.is_heir_here(path)
            } else {
                self.is_heir_of_chart(path)
            }
    }

    /// Whether nothing but a word of its name says that others inherit it.
    #[must_use]
    pub fn is_by_name(&self) -> bool {
        self.convention == Convention::Name
    }

    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Whether a file is an heir, the charts' values outside of these aside.
    fn is_heir_here(&self, path: &str) -> bool {
        if self.is_heir_of_code(path) {
            return true;
        }
        let Some(rest) = beneath(self.folder, path) else { return false };
        let name = file_name(path);
        let says_environment = |part: &str| Words::of_path(part).environment.is_some();
        let (first, below) =
            rest.split_once('/').map_or((rest, None), |(first, below)| (first, Some(below)));
        match self.convention {
            Convention::Repository => {
                is_of_attributes(self.path) && is_of_chef(rest) && says_environment(name)
                    || below.is_none()
                        && is_php(name)
                        && name.starts_with("env")
                        && says_environment(name)
                    || rest.starts_with("config/store/")
                        && self.folder.is_empty()
                        && is_store_environment(rest)
            }
            Convention::HelmValues | Convention::HelmTemplates => is_values(rest, path),
            Convention::Dotenv => {
                below.is_none() && name.contains(".env") && says_environment(name)
            }
            Convention::Compose => {
                below.is_none()
                    && is_yaml(name)
                    && name.contains("compose")
                    && says_environment(name)
            }
            Convention::Folder if self.is_config_import_export() => {
                first != self.word && is_yaml(name) && below.is_some()
            }
            Convention::Folder => {
                let second = below.and_then(|below| below.split('/').next()).unwrap_or_default();
                let named =
                    says_environment(first) && (below.is_some() || self.has_same_format(path));
                first != self.word && (named || is_collection(first) && says_environment(second))
            }
            Convention::Terraform => {
                let is_read =
                    is_assigned(path) || extension(self.word) == "hcl" && name == "terragrunt.hcl";
                is_read && says_environment(rest)
            }
            Convention::Role => {
                let is_variables = rest.split('/').any(|part| {
                    matches!(part, "group_vars" | "host_vars" | "inventories" | "inventory")
                });
                is_variables && says_environment(rest)
            }
            Convention::Stages => first == "deploy" && below.is_some() && says_environment(name),
            Convention::TerraformModule => {
                let is_root =
                    || says_environment(file_name(parent(path))) || says_environment(name);
                is_terraform(name) && is_root() && says_environment(rest)
            }
            Convention::Name => {
                let second = below.and_then(|below| below.split('/').next()).unwrap_or_default();
                let is_said = || match below {
                    None => says_environment(name),
                    Some(_) => {
                        says_environment(first) || is_collection(first) && says_environment(second)
                    }
                };
                self.has_same_format(path) && is_said()
            }
        }
    }

    /// Whether an `env.php` of an environment is deployed with this `config.php`, wherever in the repository it waits for that.
    fn is_heir_of_code(&self, path: &str) -> bool {
        let name = file_name(path);
        self.word == "config.php"
            && name.starts_with("env.")
            && is_php(name)
            && beneath(self.repository(), path)
                .is_some_and(|rest| Words::of_path(rest).environment.is_some())
    }

    /// The folder of the code that a `config.php` belongs to.
    fn repository(&self) -> &'a str {
        self.folder.strip_suffix("app/etc").unwrap_or(self.folder).trim_end_matches('/')
    }

    /// Whether a file outside of a chart holds its values for an environment.
    fn is_heir_of_chart(&self, path: &str) -> bool {
        let rest = self.charts.and_then(|charts| beneath(parent(charts), path));
        matches!(self.convention, Convention::HelmValues | Convention::HelmTemplates)
            && rest.is_some_and(|rest| is_values(rest, path))
    }

    /// Whether a file that holds settings is one of those that inherit this base.
    #[must_use]
    pub fn feeds(&self, path: &str) -> bool {
        path != self.path && self.reaches().any(|reach| self.feeds_within(reach, path))
    }

    /// The file of values that every release of a chart takes in, of what the chart renders.
    #[must_use]
    pub fn values_of_chart(&self) -> Option<String> {
        let is_rendered = self.convention == Convention::HelmTemplates;
        is_rendered.then(|| format!("{}/values.yaml", self.folder))
    }

    /// Whether a file other than the base inherits it if it holds settings, and is found in one of its reaches.
    #[must_use]
    pub fn feeds_within(&self, reach: Reach<'_>, path: &str) -> bool {
        let is_heir = || self.is_heir_within(reach, path);
        let rest = beneath(self.folder, path).filter(|_| reach.convention.is_some());
        let Some(rest) = rest else { return is_heir() };
        let is_beside = !rest.contains('/');
        let name = file_name(path);
        match self.convention {
            Convention::Repository => true,
            Convention::HelmValues | Convention::HelmTemplates => {
                is_beside && name.contains("values") || is_heir()
            }
            Convention::Dotenv => is_beside && name.contains(".env"),
            Convention::Compose => is_beside && name.contains("compose"),
            Convention::Folder => {
                let is_in_it =
                    rest.strip_prefix(self.word).is_some_and(|rest| rest.starts_with('/'));
                !is_in_it && self.has_same_format(path)
            }
            Convention::Name => self.has_same_format(path),
            Convention::Terraform
            | Convention::TerraformModule
            | Convention::Stages
            | Convention::Role => is_heir(),
        }
    }

    /// Whether a file stands and is called as the files do that override this base, whatever its name says.
    #[must_use]
    pub fn may_feed(&self, path: &str) -> bool {
        let name = file_name(path);
        let Some(rest) = beneath(self.folder, path).filter(|_| path != self.path) else {
            return false;
        };
        let is_beside = !rest.contains('/');
        match self.convention {
            Convention::HelmValues | Convention::HelmTemplates => {
                let is_collected =
                    rest.strip_prefix("values/").is_some_and(|rest| !rest.contains('/'));
                is_yaml(name) && (is_beside && name.contains("values") || is_collected)
            }
            Convention::Dotenv => is_beside && name.contains(".env"),
            Convention::Terraform => is_beside && is_assigned(name),
            // Beside `group_vars/all.yml` stand the machines of each role, beside a compose file more services.
            Convention::Name
            | Convention::Compose
            | Convention::Repository
            | Convention::Folder
            | Convention::Role
            | Convention::Stages
            | Convention::TerraformModule => false,
        }
    }

    /// The folder in which its heirs stand; empty for the root.
    #[must_use]
    pub fn folder(&self) -> &'a str {
        self.folder
    }

    /// Where files override it, and as what: bases of one place have the same ones.
    #[must_use]
    pub fn place(&self) -> (Convention, &'a str, &'a str) {
        (self.convention, self.folder, extension(self.path))
    }

    /// Whether a file stands in the same base, so that both are inherited together.
    #[must_use]
    pub fn is_sibling(&self, other: &Base<'_>) -> bool {
        self.convention == other.convention
            && self.folder == other.folder
            && self.word == other.word
    }

    /// Why the file is inherited: a clause.
    #[must_use]
    pub fn why(&self) -> String {
        match self.convention {
            Convention::Repository => {
                format!("`{}` is part of the code that every instance runs", self.word)
            }
            Convention::Terraform => {
                format!("`{}` is applied with the variables of each environment", self.word)
            }
            Convention::TerraformModule => {
                format!("the folder `{}` is used by every environment", self.word)
            }
            Convention::HelmValues | Convention::Dotenv | Convention::Compose => {
                format!("`{}` is the base of the files beside it", self.word)
            }
            Convention::Role => {
                "the plays of every inventory run the role with its defaults".to_owned()
            }
            Convention::Stages => format!("`{}` is read before the file of each stage", self.word),
            Convention::HelmTemplates => {
                "the chart renders it with the values of each environment".to_owned()
            }
            Convention::Folder => {
                format!("the folder `{}` says that instances inherit it", self.word)
            }
            Convention::Name => format!("the name `{}` says that instances inherit it", self.word),
        }
    }

    fn is_config_import_export(&self) -> bool {
        self.folder == "config/store" || self.folder.ends_with("/config/store")
    }

    fn has_same_format(&self, path: &str) -> bool {
        extension(self.path) == extension(path)
    }
}

/// The chart of a Helm template, and the template's path in it.
#[must_use]
pub fn chart_of_template(path: &str) -> Option<(&str, &str)> {
    let (chart, rest) = match path.strip_prefix("templates/") {
        Some(rest) => ("", rest),
        None => path.split_once("/templates/")?,
    };
    matches!(extension(path), "yaml" | "tpl").then_some((chart, rest))
}

/// The folder of all charts that a chart stands in.
fn charts_around(chart: &str) -> Option<&str> {
    let charts = chart.split('/').find(|part| matches!(*part, "charts" | "chart"))?;
    let end = (charts.as_ptr() as usize).saturating_sub(chart.as_ptr() as usize) + charts.len();
    chart.get(..end)
}

/// Whether a file holds the values of an environment: by its name, or in a folder that collects them.
fn is_values(rest: &str, path: &str) -> bool {
    let name = file_name(path);
    let says_environment = |part: &str| Words::of_path(part).environment.is_some();
    let is_beside = !rest.contains('/');
    is_yaml(name)
        && !rest.contains("templates/")
        && if is_beside {
            name.contains("values") && says_environment(name)
        } else {
            // Kustomize's overlays are no values.
            let collects =
                |folder: &str| folder == "values" || is_collection(folder) && folder != "overlays";
            says_environment(rest)
                && !rest.contains("charts/")
                && (name.contains("values") || parent(rest).split('/').any(collects))
        }
}

fn is_store_environment(rest: &str) -> bool {
    rest.strip_prefix("config/store/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(first, _)| !is_base(first))
}
