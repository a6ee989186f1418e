//! What plays of Ansible's hand the roles, tasks and templates that they use: the variables of a play, a block or a task, the parameters of a
//! role, and what a playbook gives another that it imports.
//!
//! Sources: the Ansible documentation, *Using variables*, *Roles*, *Re-using Ansible artifacts*.

use std::collections::{BTreeMap, BTreeSet};

use super::roots::{ROLES, around, roles_around};
use crate::resolve::conventions::{extension, parent};
use crate::source::Source;
use crate::sources::Sources;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, beside, file_name};

/// What stands in a mapping for the variables of what stands there.
const VARIABLES: &str = "vars";

/// What takes a playbook in.
const PLAYBOOK: &str = "import_playbook";

/// What takes a role in, as a task.
const OF_ROLE: [&str; 2] = ["include_role", "import_role"];

/// What takes tasks in.
const OF_TASKS: [&str; 2] = ["include_tasks", "import_tasks"];

/// What writes a file from a template.
const OF_TEMPLATE: &str = "template";

/// How deep a playbook's blocks may stand in each other.
const MAX_DEPTH: usize = 16;

/// Which files of Ansible's use which, and which roles: each by the path of the file or the folder of the role.
#[derive(Debug, Default)]
pub struct Plays {
    uses: BTreeMap<String, BTreeSet<String>>,
    paths: BTreeSet<String>,
    roles: BTreeSet<String>,
}

/// A mapping that gives variables, and what it gives them to.
pub struct Giving<'n> {
    /// The mapping.
    pub variables: &'n Node,
    /// Around what it stands.
    pub within: &'n Node,
    /// The files and the folders of roles that have them.
    pub places: BTreeSet<String>,
}

impl Plays {
    /// Knows the playbooks and the tasks of a tree.
    #[must_use]
    pub fn of(sources: &Sources) -> Self {
        let mut plays = Self::default();
        let roles = sources.paths().flat_map(|(_, path)| roles_around(path));
        plays.roles = roles.map(str::to_owned).collect();
        plays.paths = sources.paths().map(|(_, path)| path.to_owned()).collect();
        for (id, path) in sources.paths().filter(|(_, path)| extension(path) == "yaml") {
            let Some(source) = sources.get(id).filter(|source| may_use(source)) else { continue };
            let mut used = BTreeSet::new();
            for item in Yaml.parse(id, source.text()).documents.iter().flat_map(Node::items) {
                plays.visit(path, item, 0, &mut used, &mut Vec::new());
            }
            plays.uses.entry(owner(path.to_owned())).or_default().extend(used);
        }
        plays
    }

    /// Whether a file may give what it uses variables.
    #[must_use]
    pub fn may_give(&self, path: &str) -> bool {
        let of_role = || roles_around(path).any(|role| self.uses.contains_key(role));
        self.uses.contains_key(path) || extension(path) == "yaml" && of_role()
    }

    /// What a document of a file gives to what it uses.
    #[must_use]
    pub fn given<'n>(&self, path: &str, document: &'n Node) -> Vec<Giving<'n>> {
        let mut given = Vec::new();
        let imported = |item: &Node| item.get(PLAYBOOK).and_then(Node::as_str).map(str::to_owned);
        let items = document.items();
        // Imported twice, a playbook is another's each time: whose, its hosts say alone.
        let is_once = |item: &&Node| {
            let file = imported(item);
            file.is_none() || items.iter().filter(|other| imported(other) == file).count() == 1
        };
        for item in items.iter().filter(|_| self.may_give(path)).filter(is_once) {
            self.visit(path, item, 0, &mut BTreeSet::new(), &mut given);
        }
        for giving in &mut given {
            giving.places = self.reached(std::mem::take(&mut giving.places));
        }
        given
    }

    /// The files that use the file at `path`, or a role that it is part of.
    pub fn users<'p>(&'p self, path: &'p str) -> impl Iterator<Item = &'p str> {
        let is_its = move |place: &String| {
            place == path || roles_around(path).any(|role| role == place.as_str())
        };
        let users = self.uses.iter();
        let users = users.filter(move |(_, used)| self.reached((*used).clone()).iter().any(is_its));
        users.map(|(user, _)| user.as_str())
    }

    /// Whatever is used by what is used.
    fn reached(&self, mut open: BTreeSet<String>) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        while let Some(place) = open.pop_first() {
            let used = self.uses.get(&place).into_iter().flatten();
            if reached.insert(place.clone()) {
                open.extend(used.filter(|used| !reached.contains(*used)).cloned());
            }
        }
        reached
    }

    /// Finds what a play, a block or a task uses, and what each mapping in it gives to that.
    fn visit<'n>(
        &self,
        path: &str,
        node: &'n Node,
        depth: usize,
        used: &mut BTreeSet<String>,
        given: &mut Vec<Giving<'n>>,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        let mut own = BTreeSet::new();
        for entry in node.entries() {
            let key = entry.key.as_str().unwrap_or_default();
            let value = &entry.value;
            let module = key.strip_prefix("ansible.builtin.").unwrap_or(key);
            match module {
                ROLES => {
                    for role in value.items() {
                        self.role(path, role, &mut own, given);
                    }
                }
                PLAYBOOK => own.extend(argument(value, &[]).and_then(|file| beside(path, file))),
                _ if OF_ROLE.contains(&module) => {
                    own.extend(argument(value, &["name"]).and_then(|name| self.folder(path, name)));
                }
                _ if OF_TASKS.contains(&module) => {
                    let file = argument(value, &["file"]).and_then(|file| beside(path, file));
                    own.extend(file.map(owner));
                }
                OF_TEMPLATE => own.extend(self.template(path, value)),
                "tasks" | "pre_tasks" | "post_tasks" | "handlers" | "block" | "rescue"
                | "always" => {
                    for task in value.items() {
                        self.visit(path, task, depth + 1, &mut own, given);
                    }
                }
                _ => {}
            }
        }
        if let Some(variables) = node.get(VARIABLES).filter(|given| !given.entries().is_empty()) {
            given.push(Giving { variables, within: node, places: own.clone() });
        }
        used.append(&mut own);
    }

    /// A role of a play, with its parameters: beside its name, or under `vars`.
    fn role<'n>(
        &self,
        path: &str,
        role: &'n Node,
        used: &mut BTreeSet<String>,
        given: &mut Vec<Giving<'n>>,
    ) {
        let name = argument(role, &["role", "name"]);
        let Some(folder) = name.and_then(|name| self.folder(path, name)) else { return };
        let places = BTreeSet::from([folder.clone()]);
        for variables in role.get(VARIABLES).into_iter().chain([role]) {
            given.push(Giving { variables, within: variables, places: places.clone() });
        }
        used.insert(folder);
    }

    /// The folder of a role: in the nearest `roles` around.
    fn folder(&self, path: &str, name: &str) -> Option<String> {
        let folders = around(parent(path)).map(|outer| join(outer, &format!("{ROLES}/{name}")));
        folders.into_iter().find(|folder| self.roles.contains(folder))
    }

    /// The template that a task of a playbook names; a role's are part of it.
    fn template(&self, path: &str, value: &Node) -> Option<String> {
        let written = match value.as_str() {
            Some(line) => line.split_whitespace().find_map(|word| word.strip_prefix("src="))?,
            None => value.get("src")?.as_str()?,
        };
        let beside_it = [format!("templates/{written}"), written.to_owned()];
        let named = beside_it.iter().filter_map(|file| beside(path, file));
        named.into_iter().find(|file| self.paths.contains(file))
    }
}

/// Whether the text of a file may use others, by the words that it spells.
fn may_use(source: &Source) -> bool {
    let text = source.text();
    let mut lines = text.lines().map(str::trim_end);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    if !first.is_some_and(|line| line.trim_start().starts_with('-')) {
        return false;
    }
    let mut words = ["hosts:", PLAYBOOK, "_role", "_tasks"].iter();
    let is_of_tasks = file_name(parent(source.path())) == "tasks";
    words.any(|word| text.contains(word)) || is_of_tasks && text.contains("template:")
}

/// What a file of tasks is part of: its role, if there is one.
fn owner(file: String) -> String {
    let role = roles_around(&file).next().map(str::to_owned);
    role.unwrap_or(file)
}

/// What a module is given: as its text, or by one of these keys.
fn argument<'n>(value: &'n Node, keys: &[&str]) -> Option<&'n str> {
    let named = || keys.iter().find_map(|key| value.get(key)?.as_str());
    value.as_str().or_else(named).filter(|text| !text.contains("{{"))
}

fn join(folder: &str, rest: &str) -> String {
    if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") }
}
