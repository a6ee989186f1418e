//! The branches of a repository that are environments, as on Adobe Commerce Cloud.

use crate::model::instance::Kind;
use crate::report::printable;
use crate::resolve::words::Words;

/// Files that a project of Adobe Commerce Cloud has at the root of each branch.
const OF_CLOUD: [&str; 3] = [".magento.app.yaml", ".magento/routes.yaml", ".magento/services.yaml"];

/// A branch that is an environment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Branch {
    pub name: String,
    /// What it is for, where its name says so.
    pub kind: Option<Kind>,
}

impl Branch {
    /// What was guessed, on one line.
    pub(super) fn told(&self) -> String {
        let name = printable::text(&self.name);
        let kind = self.kind.unwrap_or(Kind::Production).word();
        format!("{name}: {kind}, a branch that is an environment of Adobe Commerce Cloud")
    }
}

/// Whether the branches of a tree with these files are environments.
pub(super) fn is_of_cloud<'a>(mut paths: impl Iterator<Item = &'a str>) -> bool {
    paths.any(|path| OF_CLOUD.contains(&path))
}

/// The branches whose names say an environment; the main one where none of them is production's, since on Cloud it is production then.
pub(super) fn environments(names: &[String]) -> Vec<Branch> {
    let of = |name: &String| {
        let is_production = Words::of_path(name).environment?.is_production();
        let kind = if is_production { Kind::Production } else { Kind::NonProduction };
        Some(Branch { name: name.clone(), kind: Some(kind) })
    };
    let mut found: Vec<Branch> = names.iter().filter_map(of).collect();
    if !found.iter().any(|branch| branch.kind == Some(Kind::Production)) {
        let main = names.iter().find(|name| matches!(name.as_str(), "master" | "main"));
        found.extend(main.map(|name| Branch { name: name.clone(), kind: None }));
    }
    // One alone is compared with nothing.
    if found.len() > 1 { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_that_say_an_environment_are_proposed() {
        let found = |names: &[&str]| -> Vec<String> {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            environments(&names).into_iter().map(|branch| branch.name).collect()
        };
        let all = ["feature-x", "integration", "master", "production", "staging"];
        assert_eq!(found(&all), ["integration", "production", "staging"]);
        assert_eq!(
            found(&["integration", "main", "pr-12-fix"]).last().map(String::as_str),
            Some("main")
        );
        assert_eq!(found(&["main", "feature-x"]), [""; 0]);
    }
}
