//! The folders that a project of Ansible's or Capistrano's stands in.

use crate::resolve::conventions::parent;
use crate::syntax::file_name;

/// The folder that holds roles.
pub const ROLES: &str = "roles";

/// The folders in which Ansible looks for variables.
const OF_PLAYS: [&str; 8] = [
    "group_vars",
    "host_vars",
    ROLES,
    "inventories",
    "inventory",
    "vars",
    "playbooks",
    "environments",
];

/// The folder of a project whose stages stand in its `config/deploy/`.
///
/// Source: the Capistrano documentation, *Structure*.
#[must_use]
pub fn root_of_stages(path: &str) -> &str {
    let roots = ["config/", "lib/"].into_iter().filter_map(|folder| {
        let at = if path.starts_with(folder) { Some(0) } else { path.find(&format!("/{folder}")) };
        path.get(..at?)
    });
    roots.min_by_key(|root| root.len()).unwrap_or_else(|| parent(path))
}

/// The folders beside a playbook in which its tasks look for what they name.
///
/// Source: the Ansible documentation, *Search paths in Ansible*.
const BESIDE_PLAYS: [&str; 4] = ["templates", "files", "tasks", "handlers"];

/// The folder that holds the plays and the variables of the file at `path`.
#[must_use]
pub fn root_of_plays(path: &str) -> &str {
    let mut at = 0;
    for part in parent(path).split('/') {
        if OF_PLAYS.contains(&part) {
            return path.get(..at).unwrap_or_default().trim_end_matches('/');
        }
        at += part.len() + 1;
    }
    let own = parent(path);
    let mut beside = around(own)
        .take_while(|folder| !folder.is_empty())
        .filter(|folder| BESIDE_PLAYS.contains(&file_name(folder)));
    beside.next().map_or(own, parent)
}

/// A folder and those around it, the root last.
pub fn around(folder: &str) -> impl Iterator<Item = &str> + Clone {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| parent(folder)))
}

/// The folders of roles that a file stands in.
pub fn roles_around(path: &str) -> impl Iterator<Item = &str> {
    around(parent(path)).filter(|folder| file_name(parent(folder)) == ROLES)
}

/// Whether a file gives plays their variables.
#[must_use]
pub fn is_of_plays(path: &str) -> bool {
    let parts: Vec<&str> = parent(path).split('/').collect();
    let is_code =
        parts.iter().any(|part| matches!(*part, "tasks" | "templates" | "handlers" | "files"));
    !is_code && parts.iter().any(|part| OF_PLAYS.contains(part) || *part == "defaults")
}
