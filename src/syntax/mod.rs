//! Text → [`Node`]: one file or folder per format.
//!
//! A parser never fails: it keeps what it understood, with exact byte spans, and says what it did not as a [`Problem`]. It knows nothing
//! of settings. No parser library's type leaves its file. Depth and size are bounded, so a [`Node`] may be walked recursively.

pub(crate) mod attributes;
pub(crate) mod comments;
pub(crate) mod directives;
pub(crate) mod dotenv;
#[cfg(test)]
pub(crate) mod effort;
mod format;
pub(crate) mod hcl;
pub(crate) mod json;
mod node;
mod path;
pub mod php;
pub(crate) mod program;
pub(crate) mod shell;
pub(crate) mod sql;
pub(crate) mod toml;
pub(crate) mod xml;
pub mod yaml;

pub use format::Format;
pub use node::{Entry, MAX_DATA, MAX_DEPTH, MAX_NODES, Node, NodeKind, Parsed, Problem};
pub use path::{beside, file_name, stem_of_sample};

/// Every format, in the order they are asked.
pub const FORMATS: &[&dyn Format] = &[
    &php::Php,
    &dotenv::Dotenv,
    &yaml::Yaml,
    &json::Json,
    &toml::Toml,
    &hcl::Hcl,
    &sql::Sql,
    &xml::Xml,
    &directives::Directives,
    &attributes::Attributes,
    &shell::Shell::Script,
    &shell::Shell::Make,
    &shell::Shell::Just,
    &shell::Shell::Docker,
    &shell::Shell::Jenkins,
    &program::Program::Python,
    &program::Program::PowerShell,
];

/// The format that claims a path.
#[must_use]
pub fn format_of(path: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.claims(path))
}
