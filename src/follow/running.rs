//! Which files run commands, by their names.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::resolve::conventions::extension;
use crate::syntax::file_name;

/// What the names of files of other pipelines have.
static NAMED: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("pipelines"));

/// What stands in the paths of pipelines.
const PIPELINES: [&str; 6] =
    [".github/workflows/", ".gitlab", ".circleci/", ".buildkite/", ".woodpecker", ".drone."];

/// Whether a file runs commands, by its name.
pub fn runs_commands(path: &str) -> bool {
    let name = file_name(path);
    // A tree has as many paths as files, and a path hardly more than one dot.
    let is_pipeline = memchr::memchr_iter(b'.', path.as_bytes()).any(|dot| {
        let rest = path.get(dot..).unwrap_or_default();
        PIPELINES.iter().any(|folder| rest.starts_with(folder))
    });
    is_pipeline
        || NAMED.find(name.as_bytes()).is_some()
        || matches!(extension(name), "sh" | "mk")
        || matches!(
            name,
            "Makefile" | "makefile" | "GNUmakefile" | "Jenkinsfile" | "Taskfile.yml" | "justfile"
        )
}
