//! Programs that run commands, as [`Program`](crate::syntax::program::Program) reads them; and texts of theirs that name a setting and are not read.

use super::command::{self, Reader};
use super::handed::Handed;
use super::{Contribution, Recognised, Said, dialects};
use crate::source::{Location, Source, Span};
use crate::syntax::{Node, NodeKind, Problem};

/// What the scripts among the documents of a file give. The texts that no command has are problems where they name a setting that `known` does not
/// hold.
#[must_use]
pub fn contributions(
    (source, handed): (&Source, &Handed),
    documents: &[Node],
    known: &[Contribution],
    recognised: &mut Recognised,
) -> Vec<Contribution> {
    let Some(first) = documents.first() else { return Vec::new() };
    let mut reader = Reader::new(source, first.at.source, handed);
    for document in documents.iter().filter(|document| is_script(document)) {
        let (script, above) = command::named(document, Said::TARGET);
        reader.read(script, &above);
    }
    let settings = known.iter().flat_map(|part| &part.settings);
    let places: Vec<Span> =
        settings.flat_map(|setting| [setting.at.span, setting.key_at.span]).collect();
    recognised.edits.append(&mut reader.edits);
    let found = reader.finish();
    // Of a file of which nothing is read, that is told.
    let is_read = known.iter().chain(&found).any(|part| !part.is_empty());
    for at in unread(source, documents).filter(|_| is_read) {
        if !places.iter().any(|place| place.overlaps(at.span)) {
            let message = "a setting is named where the program is not followed".to_owned();
            recognised.problems.push(Problem { at, message });
        }
    }
    found
}

/// The texts that name a setting and that no command has.
pub fn unread(source: &Source, documents: &[Node]) -> impl Iterator<Item = Location> {
    let left = documents.iter().filter(|document| document.kind == NodeKind::Expression);
    left.map(|text| text.at).filter(|at| dialects::names_unread(source, at.span))
}

/// Whether a document is a script, under names or not.
#[must_use]
pub fn is_script(document: &Node) -> bool {
    let mut inner = document;
    while let [entry] = inner.entries() {
        inner = &entry.value;
    }
    matches!(inner.kind, NodeKind::Sequence(_))
}
