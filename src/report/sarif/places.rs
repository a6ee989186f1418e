//! Places as SARIF names them.
//!
//! A place in another revision is no region of the checkout. A related one has a logical location only; the primary one has the start of
//! the file, too, without a base, because GitHub takes no results without a file and a line.

use std::fmt::Write as _;

use serde::Serialize;

use super::message::Message;
use crate::report::{printable, prose};
use crate::rule::Label;
use crate::source::{Location, SourceId};
use crate::sources::Sources;

/// A location.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

impl Artifact {
    /// A file of the tree.
    pub(super) fn of(id: SourceId, sources: &Sources) -> Self {
        let is_here = sources.revision(id).is_none();
        Self { uri: encode(sources.path(id)), uri_base_id: is_here.then_some("%SRCROOT%") }
    }
}

impl Region {
    /// A place in its file.
    pub(super) fn of(at: Location, sources: &Sources) -> Self {
        let (start, end) = sources.positions(at);
        Self {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl Place {
    /// The primary place of something.
    pub(super) fn new(at: Location, sources: &Sources) -> Self {
        let region = if sources.revision(at.source).is_none() {
            Region::of(at, sources)
        } else {
            Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 }
        };
        let physical = Physical { artifact_location: Artifact::of(at.source, sources), region };
        Self {
            id: None,
            physical_location: Some(physical),
            logical_locations: logical(at, sources),
            message: None,
        }
    }

    /// Another place of a finding, numbered so that the message can link to it.
    pub(super) fn related(id: usize, label: &Label, sources: &Sources) -> Self {
        let place = Self::new(label.at, sources);
        let is_here = sources.revision(label.at.source).is_none();
        Self {
            id: Some(id),
            physical_location: place.physical_location.filter(|_| is_here),
            message: Some(Message { text: printable::text(&label.text) }),
            ..place
        }
    }
}

/// A place in another revision by the name that people read.
fn logical(at: Location, sources: &Sources) -> Vec<Logical> {
    let name = sources.revision(at.source).map(|_| prose::place(at, sources));
    name.map(|name| Logical { fully_qualified_name: name, kind: "resource" }).into_iter().collect()
}

/// A path as a relative URI reference.
fn encode(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_reference_of_plain_letters() {
        assert_eq!(encode("a b/é#?%:\n\"<.yaml"), "a%20b/%C3%A9%23%3F%25%3A%0A%22%3C.yaml");
    }
}
