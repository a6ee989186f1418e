//! Text inside text: a file in a `ConfigMap`, a patch in a kustomization.
//!
//! A literal block is read where it stands: everything around it is masked at the same length, so that places stay true. In any other
//! dress (quotes, base64) the places are those of the whole value.

use super::document::Reader;
use super::value::{Dress, decoded};
use super::{carrier_of, variable_carrier_of};
use crate::model::setting::{Carrier, Setting};
use crate::source::{Location, Source};
use crate::syntax::{Node, format_of};

/// The settings of the files that the entries of a mapping hold, by the names of the keys.
pub fn files(source: &Source, node: &Node, dress: Dress) -> Vec<Setting> {
    let files = node.entries().iter().filter_map(|entry| {
        let name = entry.key.as_str().filter(|name| name.contains('.'))?;
        let carriers = (carrier_of(name), variable_carrier_of(name));
        Some(text(source, &entry.value, (name, dress), carriers, |_| Dress::Plain))
    });
    files.flatten().collect()
}

/// The settings of a text in the format of a file of that name; `dress_of` says how the values under a key of a document are dressed.
pub fn text(
    source: &Source,
    node: &Node,
    (name, dress): (&str, Dress),
    (carrier, variables): (Carrier, Carrier),
    dress_of: impl Fn((&Node, Option<&str>)) -> Dress,
) -> Vec<Setting> {
    let Some((format, text)) = format_of(name).zip(node.as_str()) else { return Vec::new() };
    let is_block = dress == Dress::Plain && source.slice(node.at.span).starts_with('|');
    let inner = if is_block {
        masked(source, node.at)
    } else if dress == Dress::Base64 {
        let Some(text) = decoded(text) else { return Vec::new() };
        text
    } else {
        text.to_owned()
    };
    let inner = Source::new(name.to_owned(), inner.into_bytes());
    let parsed = format.parse(node.at.source, inner.text());
    let mut reader = Reader::new(&inner, carrier, variables);
    for document in &parsed.documents {
        if document.entries().is_empty() {
            reader.read(document);
        }
        for entry in document.entries() {
            reader.dress = dress_of((document, entry.key.as_str()));
            reader.read_entry(entry);
        }
    }
    let mut settings = reader.settings;
    if !is_block {
        for setting in &mut settings {
            (setting.at, setting.key_at) = (node.at, node.at);
        }
    }
    settings
}

/// A source's text with blanks for everything but the lines of a literal block.
fn masked(source: &Source, block: Location) -> String {
    let text = source.text();
    let span = block.span.start as usize..block.span.end as usize;
    let header = text.get(span.clone()).and_then(|block| block.find('\n')).unwrap_or_default();
    let body = span.start + header..span.end;
    let blank = |part: &str| -> String {
        part.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
    };
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
    blank(part(0..body.start)) + part(body.clone())
}
