//! XML: the defaults of Magento modules, and variables anywhere else.
//!
//! Modules name config paths in many files (`di.xml`, `system.xml` …) without setting them: only `etc/config.xml` does.

use super::Contribution;
use super::document::Reader;
use crate::model::setting::Carrier;
use crate::source::{Source, SourceId};
use crate::syntax::Node;

/// Reads a document of a file in XML.
#[must_use]
pub fn contribution(source: &Source, id: SourceId, document: &Node) -> Contribution {
    let is_module = is_module_default(source.path());
    let carrier = if is_module { Carrier::ModuleDefault } else { Carrier::Document };
    let mut reader = Reader::new(source, carrier, Carrier::Environment);
    reader.read(document);
    reader.settings.retain(|setting| is_module || setting.carrier == Carrier::Environment);
    Contribution { settings: reader.settings, ..Contribution::of(id) }
}

/// Whether a file holds the defaults of a module.
#[must_use]
pub fn is_module_default(path: &str) -> bool {
    path.ends_with("/etc/config.xml") || path == "etc/config.xml"
}
