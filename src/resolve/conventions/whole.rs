//! Bases that are some by what else stands in the tree: an `env.php` in a repository of Adobe Commerce Cloud, a configuration of Terraform's with files
//! of variables.

use super::paths::{extension, is_assigned};
use super::{Base, Convention};
use crate::syntax::file_name;

impl<'a> Base<'a> {
    /// The `env.php` of a code base, if `path` is one: where that is an application of Adobe Commerce Cloud, all of its branches have it.
    #[must_use]
    pub fn of_cloud(path: &'a str) -> Option<Self> {
        let before = path.strip_suffix("app/etc/env.php")?;
        let is_whole = before.is_empty() || before.ends_with('/');
        let folder = before.trim_end_matches('/');
        is_whole.then_some(Base {
            convention: Convention::Repository,
            folder,
            charts: None,
            word: "env.php",
            path,
        })
    }

    /// Whether it is a configuration of Terraform's or Terragrunt's to which files of variables beneath it belong, if there are any.
    #[must_use]
    pub fn is_of_terraform(&self) -> bool {
        self.convention == Convention::Terraform
    }

    /// Whether the file at a path gives it variables, or takes it in from beneath, by what it is.
    #[must_use]
    pub fn is_given_by(&self, path: &str) -> bool {
        let is_of_terragrunt = file_name(path) == "terragrunt.hcl" && extension(self.word) == "hcl";
        path != self.path && (is_assigned(path) || is_of_terragrunt)
    }
}
