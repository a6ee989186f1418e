//! Places as editors count them: addresses of files, lines from 0, columns in units of UTF-16.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::source::{Location, Source, SourceId, Span};
use crate::sources::Sources;

/// The folder that the editor has open.
pub struct Root {
    /// As the editor calls it, absolute.
    given: PathBuf,
    /// Free of links.
    found: PathBuf,
}

impl Root {
    pub fn new(given: &Path, found: PathBuf) -> Self {
        let given = std::path::absolute(given).unwrap_or_else(|_| found.clone());
        // A file in the place of the folder stands for its folder.
        let given = if given.is_dir() { given } else { found.clone() };
        Self { given, found }
    }

    pub fn folder(&self) -> &Path {
        &self.found
    }

    /// The path within the tree of an address; none where it lies elsewhere.
    pub fn name(&self, address: &str) -> Option<String> {
        let path = path(address)?;
        let name = path.strip_prefix(&self.given).or_else(|_| path.strip_prefix(&self.found));
        let name = name.ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
        Some(name).filter(|name| !name.is_empty())
    }

    /// The address of a file of the tree, spelt as the editor spells its folder.
    pub fn address(&self, name: &str) -> String {
        let folder = self.given.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let path = format!("/{}/{name}", folder.trim_matches('/'));
        let mut address = String::from("file://");
        for byte in path.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                address.push(byte.into());
            } else {
                // To write to a text does not fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
        address
    }
}

/// The address of the document that a message is about.
pub fn address(params: &Value) -> Option<&str> {
    params.pointer("/textDocument/uri")?.as_str()
}

/// The path of an address; none where it is no file's.
pub fn path(address: &str) -> Option<PathBuf> {
    let rest = address.strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let mut bytes = Vec::with_capacity(rest.len());
    let mut letters = rest.bytes();
    while let Some(byte) = letters.next() {
        if byte == b'%' {
            let digits = [letters.next()?, letters.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    // `/c:/shop`: the drive of a path of Windows.
    let is_drive = path.get(2..3) == Some(":");
    let path = if is_drive { path.trim_start_matches('/') } else { &path };
    Some(path.into()).filter(|path: &PathBuf| path.is_absolute())
}

/// The range of a place; the start of the file where its text is not there.
pub fn range(sources: &Sources, at: Location) -> Value {
    let point = |offset| match sources.readable(at.source) {
        Some(source) => position(source, offset),
        None => json!({ "line": 0, "character": 0 }),
    };
    json!({ "start": point(at.span.start), "end": point(at.span.end) })
}

pub fn position(source: &Source, offset: u32) -> Value {
    let start = source.line_span(source.line_of(offset)).range().start;
    let before =
        source.slice(Span::new(start, (offset as usize).clamp(start, source.text().len())));
    let line = source.position(offset).line.saturating_sub(1);
    json!({ "line": line, "character": before.encode_utf16().count() })
}

/// The place and range of something in a file of the tree, for a list of places.
pub fn place(sources: &Sources, root: &Root, at: Location) -> Option<Value> {
    let path = sources.path(at.source);
    let is_there = !path.is_empty() && sources.revision(at.source).is_none();
    is_there.then(|| json!({ "uri": root.address(path), "range": range(sources, at) }))
}

/// The file of a name, and its text.
pub fn source<'s>(sources: &'s Sources, name: &str) -> Option<(SourceId, &'s Source)> {
    // A configuration is there twice: as a file of the tree, and as the text that was read of it.
    let of_name = |(id, path): &(SourceId, &str)| *path == name && sources.revision(*id).is_none();
    let mut files = sources.paths().filter(of_name);
    files.find_map(|(id, _)| Some((id, sources.readable(id)?)))
}

/// The offset of a line and a column; behind the end of a line is its end.
pub fn offset(source: &Source, point: &Value) -> Option<u32> {
    let line = usize::try_from(point.get("line")?.as_u64()?).ok()?;
    let column = usize::try_from(point.get("character")?.as_u64()?).ok()?;
    let span = source.line_span(line);
    let mut units = 0;
    let letters = source.slice(span).char_indices().take_while(|(_, letter)| {
        units += letter.len_utf16();
        units <= column
    });
    let width = letters.last().map_or(0, |(at, letter)| at + letter.len_utf8());
    Some(Span::new(span.range().start + width, span.range().end).start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_paths_and_back() {
        let root = Root { given: "/srv/Läden, alle".into(), found: "/data/shops".into() };
        let address = root.address("k8s/a b.yaml");
        assert_eq!(address, "file:///srv/L%C3%A4den%2C%20alle/k8s/a%20b.yaml");
        assert_eq!(root.name(&address).as_deref(), Some("k8s/a b.yaml"));
        assert_eq!(root.name("file:///data/shops/x").as_deref(), Some("x"));
        for other in
            ["file:///data/shops", "file:///etc/x", "untitled:x", "file:///%zz", "file://%"]
        {
            assert_eq!(root.name(other), None, "{other}");
        }
    }

    #[test]
    fn columns_are_units_of_utf_16() {
        let source = Source::new("a".into(), "é: 😀x\r\nb".into());
        for (offset_of, line, character) in [(0, 0, 0), (2, 0, 1), (8, 0, 5), (11, 1, 0)] {
            let point = position(&source, offset_of);
            assert_eq!(point, json!({ "line": line, "character": character }));
            assert_eq!(offset(&source, &point), Some(offset_of));
        }
        let behind = json!({ "line": 0, "character": 99 });
        assert_eq!(offset(&source, &behind), Some(9));
        assert_eq!(offset(&source, &json!({ "line": -1, "character": 0 })), None);
    }
}
