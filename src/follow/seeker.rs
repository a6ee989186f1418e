//! What looks for a name, and of which kind a file is that may give it.

use globset::GlobMatcher;

use super::names::{Name, Space};
use super::roots::is_of_plays;
use super::running::runs_commands;
use crate::recognise::compose;
use crate::recognise::handed::Tool;
use crate::resolve::conventions::{extension, parent};
use crate::source::Location;
use crate::syntax::{Node, file_name, stem_of_sample};

/// What looks for a name.
#[derive(Clone, Debug)]
pub struct Seeker {
    /// The name.
    pub name: Name,
    /// The file in which it stands.
    pub path: String,
    /// Where it stands there.
    pub at: Location,
    /// The files that give it, where its document says which: an `ApplicationSet`'s generator.
    pub files: Vec<GlobMatcher>,
}

/// The tool that is handed values of names of a space.
pub fn tool_of(seeker: &Seeker) -> Option<Tool> {
    match seeker.name.space {
        Space::Values => Some(Tool::Helm),
        Space::Variable => Some(Tool::Terraform),
        Space::Play => Some(Tool::Ansible),
        Space::Template => Some(Tool::Aws),
        Space::Environment if is_image(&seeker.path) => Some(Tool::Docker),
        Space::Environment if extension(&seeker.path) == "yaml" && runs_commands(&seeker.path) => {
            Some(Tool::Job)
        }
        Space::Output => Some(Tool::Job),
        Space::Environment if is_rendered(&seeker.path) => Some(Tool::Envsubst),
        _ => None,
    }
}

/// Whether a file may be one that `envsubst` fills: a document that no tool fills itself.
///
/// Source: the GNU gettext manual, `envsubst`.
pub fn is_rendered(path: &str) -> bool {
    let stem = stem_of_sample(path);
    matches!(extension(stem), "yaml" | "yml" | "json")
        && !runs_commands(path)
        && !is_compose(path)
        && !is_of_plays(path)
}

/// Whether a file is written in PHP, whatever environment its name says behind that: `env.php.prod`.
pub fn is_php(path: &str) -> bool {
    file_name(path).split('.').any(|part| part == "php")
}

/// Whether a file may say what the processes that run PHP find in their environment, by its path: those that run containers, machines and servers.
pub fn may_run_php(path: &str) -> bool {
    let of_server = ["conf", "htaccess", "service", "container", "tf", "tofu", "ini"];
    extension(path) == "yaml" && !runs_commands(path)
        || is_image(path)
        || is_compose(path)
        || of_server.contains(&extension(path))
}

/// Whether a document says what processes find in their environment: one of Compose's, an object of Kubernetes', a chart's values, by their name,
/// and whatever is none of YAML's.
pub fn runs_php(path: &str, document: &Node) -> bool {
    let is_object = document.get("kind").is_some() && document.get("apiVersion").is_some();
    let is_of_values = file_name(path).starts_with("values");
    extension(path) != "yaml" || is_object || is_of_values || compose::claims(path, document)
}

/// Whether a file describes an image, by its name.
pub fn is_image(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    ["dockerfile", "containerfile"]
        .iter()
        .any(|word| name.starts_with(word) || name.ends_with(word))
}

/// Whether a file is one of Compose's, whose services give images the arguments that they are built with.
pub fn is_compose(path: &str) -> bool {
    extension(path) == "yaml" && file_name(path).contains("compose")
}

/// Whether a file is a job of Nomad's.
pub fn is_nomad(path: &str) -> bool {
    file_name(path).split('.').skip(1).any(|part| part == "nomad")
}

/// The folder of the chart that a template is part of; its own folder, where it is no chart's.
pub fn chart_of(path: &str) -> &str {
    if path.starts_with("templates/") {
        return "";
    }
    path.split_once("/templates/").map_or_else(|| parent(path), |(chart, _)| chart)
}

/// Files with nothing but `NAME=value`.
pub fn is_assignments(name: &str) -> bool {
    name.starts_with(".env")
        || extension(name) == "env"
        || name.contains(".env.")
        || name.starts_with("env.")
}
