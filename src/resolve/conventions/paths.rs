//! What the paths of files say of their formats and folders.

use crate::resolve::words::Words;
use crate::syntax::file_name;

/// The folder of a path; empty for the root.
#[must_use]
pub fn parent(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).and_then(|at| path.get(..at)).unwrap_or_default()
}

/// The rest of a path beneath a folder.
#[must_use]
pub fn beneath<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// What a file name ends with; `yaml` for `yml`, and for variables of Ansible's without an ending.
#[must_use]
pub fn extension(path: &str) -> &str {
    let name = file_name(path);
    let end = memchr::memrchr(b'.', name.as_bytes()).and_then(|at| name.get(at + 1..));
    let is_of_group =
        || path.split('/').rev().skip(1).any(|part| part == "group_vars" || part == "host_vars");
    match end.unwrap_or_else(|| if is_of_group() { "yaml" } else { name }) {
        "yml" | "eyaml" => "yaml",
        extension => extension,
    }
}

pub(super) fn is_yaml(name: &str) -> bool {
    extension(name) == "yaml"
}

pub(super) fn is_terraform(name: &str) -> bool {
    matches!(extension(name), "tf" | "tfvars" | "hcl")
}

/// The places of what stands beneath a folder, among what is sorted by paths.
#[must_use]
pub fn range<T>(sorted: &[T], path: impl Fn(&T) -> &str, folder: &str) -> (usize, usize) {
    if folder.is_empty() {
        return (0, sorted.len());
    }
    let rest = |one: &T| path(one).strip_prefix(folder).map(|rest| rest.bytes().next());
    let is_before = |one: &T| rest(one).map_or(path(one) < folder, |next| next < Some(b'/'));
    let is_there = |one: &T| is_before(one) || rest(one).is_some_and(|next| next == Some(b'/'));
    (sorted.partition_point(is_before), sorted.partition_point(is_there))
}

/// Whether a file gives variables of Terraform their values: `prod.tfvars`, `prod.tfvars.json`.
///
/// Source: the Terraform language, *Variable Definitions (.tfvars) Files*.
#[must_use]
pub fn is_assigned(path: &str) -> bool {
    extension(path) == "tfvars"
        || [".tfvars.json", ".pkrvars.hcl"].iter().any(|end| path.ends_with(end))
}

/// Whether Terraform loads a file of variables by itself, whatever it is run for.
///
/// Source: the Terraform language, *Variable Definitions (.tfvars) Files*.
pub(super) fn is_loaded(name: &str) -> bool {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
}

/// Whether a file gives the attributes of a cookbook of Chef's.
#[must_use]
pub fn is_of_attributes(path: &str) -> bool {
    let is_of_all =
        || extension(path) == "rb" && Words::of_path(file_name(path)).environment.is_none();
    file_name(parent(path)) == "attributes" && (path.contains("cookbooks/") || is_of_all())
}

/// Whether a file is an environment of Chef's, by its path: `environments/production.rb`.
///
/// Source: the Chef documentation, *About Environments*.
#[must_use]
pub fn is_of_chef(path: &str) -> bool {
    file_name(parent(path)) == "environments" && matches!(extension(path), "rb" | "json")
}

pub(super) fn is_php(name: &str) -> bool {
    name.contains(".php")
}

/// Whether a file's name is that of configuration, in any format.
#[must_use]
pub fn is_configuration(path: &str) -> bool {
    let name = file_name(path);
    matches!(extension(path), "yaml" | "json" | "toml" | "env" | "tf" | "tfvars" | "hcl")
        || name.contains(".env")
        || is_php(name) && (name.starts_with("env") || name.starts_with("config"))
        || name == "Kustomization"
        || extension(path) == "rb" && parent(path).ends_with("deploy")
        || is_of_chef(path)
}
