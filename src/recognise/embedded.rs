//! Text inside text: a file in a `ConfigMap`, a patch in a kustomization, JSON in a heredoc.
//!
//! A text is read where it stands: what is around it in its own lines is masked at the same length, and its places are moved by where it
//! starts. Behind escapes and folded lines each letter has a place of its own; in base64 all have that of the whole value.

use super::Object;
use super::document::Reader;
use super::letters::Letters;
use super::scalar;
use super::value::{Dress, decoded};
use crate::model::setting::{Carrier, Setting};
use crate::source::{Location, Source, Span};
use crate::syntax::shell::FILLER;
use crate::syntax::{Format, Node, NodeKind, format_of};

/// Keys whose texts are commands, or are read with what stands around them.
const NOT_READ_HERE: &[&str] = &[
    "after_script",
    "args",
    "before_script",
    "cmd",
    "command",
    "commands",
    "entrypoint",
    "patch",
    "patchesstrategicmerge",
    "run",
    "script",
    "shell",
];

/// A text within another.
pub struct Inner {
    /// What is read.
    pub source: Source,
    places: Places,
    whole: Location,
}

/// Where the letters of a text stand in the outer file.
enum Places {
    /// As far from each other as in the text, from here on.
    From(u32),
    /// Each at its own, from here on.
    Each(u32, Letters),
    /// Nobody knows.
    Nowhere,
}

impl Places {
    /// Where a text stands that is not written as it reads.
    fn of(written: &str, text: &str, at: Location) -> Self {
        let letters = Letters::of(written, text);
        letters.map_or(Self::Nowhere, |letters| Self::Each(at.span.start, letters))
    }
}

impl Inner {
    /// The text of a value.
    #[must_use]
    pub fn of(source: &Source, node: &Node, name: &str, dress: Dress) -> Option<Self> {
        let text = node.as_str()?;
        let written = source.slice(node.at.span);
        let in_place = if dress == Dress::Plain { in_place(written, text) } else { None };
        let (text, places) = match (in_place, dress) {
            (Some(text), _) => (text, Places::From(node.at.span.start)),
            (None, Dress::Plain) => (text.to_owned(), Places::of(written, text, node.at)),
            (None, Dress::Base64) => (decoded(text)?, Places::Nowhere),
            (None, Dress::Elsewhere) => return None,
        };
        Some(Self::new(name, text, places, node.at))
    }

    /// A text whose places are those of the file where it is as long as its node.
    #[must_use]
    pub fn of_length(source: &Source, node: &Node, name: &str) -> Option<Self> {
        let text = node.as_str()?;
        let is_in_place = text.len() == node.at.span.range().len();
        let places = if is_in_place {
            Places::From(node.at.span.start)
        } else {
            Places::of(source.slice(node.at.span), text, node.at)
        };
        Some(Self::new(name, text.to_owned(), places, node.at))
    }

    /// The text of a block with holes of a template in it, those alone on a line left blank: they decide what is put out, and put nothing out
    /// themselves. None where it holds no setting's name.
    #[must_use]
    pub fn filled(source: &Source, node: &Node, name: &str) -> Option<Self> {
        let written = source.slice(node.at.span);
        if !holds_names(written) {
            return None;
        }
        if written.starts_with("<<") {
            let text = in_place(written, "").filter(|text| !text.contains("%{"))?;
            let text = without_bare_holes(&text)?;
            return Some(Self::new(name, text, Places::From(node.at.span.start), node.at));
        }
        let is_filled = written.contains("{{") || written.contains("{%");
        if is_filled && !written.starts_with(['|', '>', '!', '{', '[']) {
            let text = line(source, node)?;
            let places = Places::of(written, &text, node.at);
            return Some(Self::new(name, text, places, node.at));
        }
        let is_filled = is_filled && written.starts_with('|');
        let text = in_place(written, "").filter(|_| is_filled)?;
        let mut shown = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let rest = line.trim();
            let is_hole = |open: &str, close: &str| {
                rest.starts_with(open) && rest.ends_with(close) && rest.matches(open).count() == 1
            };
            let is_alone = is_hole("{{", "}}") || is_hole("{%", "%}");
            if is_alone {
                shown.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            } else {
                shown.push_str(line);
            }
        }
        Some(Self::new(name, shown, Places::From(node.at.span.start), node.at))
    }

    fn new(name: &str, text: String, places: Places, whole: Location) -> Self {
        let source = Source::new(name.to_owned(), text.into_bytes());
        let is_as_read = source.is_whole();
        Self { source, places: if is_as_read { places } else { Places::Nowhere }, whole }
    }

    /// A place of the text as one of the outer file.
    #[must_use]
    pub fn outer(&self, at: Location) -> Location {
        let range = at.span.range();
        let place = match &self.places {
            Places::From(start) => Some((*start, (range.start, range.end))),
            Places::Each(start, letters) => {
                letters.place(range.start, range.end).map(|place| (*start, place))
            }
            Places::Nowhere => None,
        };
        let Some((start, (from, to))) = place else { return self.whole };
        let start = start as usize;
        Location { source: at.source, span: Span::new(start + from, start + to) }
    }
}

/// The format of a text, by the name of the file that it is, else by what it looks like; none where it is no text to be read here.
#[must_use]
pub fn format_within(key: &str, text: &str) -> Option<(&'static dyn Format, bool)> {
    if NOT_READ_HERE.iter().any(|word| key.eq_ignore_ascii_case(word)) {
        return None;
    }
    // A page of documentation in a report: what its examples set is set nowhere.
    if ["text", "markdown"].contains(&key) && text.contains("\n```") {
        return None;
    }
    if let Some(format) = Some(key).filter(|name| name.contains('.')).and_then(format_of) {
        return Some((format, true));
    }
    let start = text.trim_start();
    let name = if is_manifest(start) {
        "x.yaml"
    } else if start.starts_with("#!") || !holds_names(text) {
        return None;
    } else if start.starts_with(['{', '[']) {
        "x.json"
    } else if start.starts_with("<?php") {
        "x.php"
    } else if start.lines().any(|line| assigns(line.trim_start())) {
        ".env"
    } else if start.contains(": ") || start.contains(":\n") {
        "x.yaml"
    } else {
        return None;
    };
    Some((format_of(name)?, false))
}

/// Whether a text can hold settings of its own.
#[must_use]
pub fn holds_names(text: &str) -> bool {
    // The variables of Magento, and those that are nearly some.
    let variables = ["CONFIG__", "CONFIG_DEFAULT__", "CONFIG_WEBSITE", "CONFIG_STORE"];
    let paths = ["services_connector", "magento_saas", "payment_"];
    variables.iter().chain(&paths).any(|name| text.contains(name))
}

/// Whether a text is an object of Kubernetes or a configuration of cloud-init: what they hold may be in base64.
#[must_use]
pub fn is_manifest(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.trim_start().starts_with(key));
    text.starts_with("#cloud-config") || has("apiVersion:") && has("kind:")
}

fn assigns(line: &str) -> bool {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let name = line.split('=').next().unwrap_or_default();
    name.len() < line.len() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The settings of a patch; `dress_of` says how the values under a key of a document are dressed.
pub fn patch(
    source: &Source,
    node: &Node,
    (carrier, variables): (Carrier, Carrier),
    dress_of: impl Fn((&Node, Option<&str>)) -> Dress,
) -> Vec<Setting> {
    let name = "patch.yaml";
    let Some((format, inner)) = format_of(name).zip(Inner::of(source, node, name, Dress::Plain))
    else {
        return Vec::new();
    };
    let parsed = format.parse(node.at.source, inner.source.text());
    let mut reader = Reader::new(&inner.source, carrier, variables);
    for document in &parsed.documents {
        // The variables of a workload are above those that it takes in.
        let kind = document.get("kind").and_then(Node::as_str);
        let is_workload = kind.is_some_and(|kind| !Object::KINDS.contains(&kind));
        reader.variables = if is_workload { Carrier::Environment } else { variables };
        // What an operation sets in a specification is a workload's.
        for operation in document.items() {
            let path = operation.get("path").and_then(Node::as_str).unwrap_or_default();
            let is_of_workload = path.starts_with("/spec");
            reader.variables = if is_of_workload { Carrier::Environment } else { variables };
            reader.read(operation);
        }
        for entry in document.entries() {
            reader.dress = dress_of((document, entry.key.as_str()));
            reader.read_entry(entry);
        }
    }
    let mut settings = reader.settings;
    for setting in &mut settings {
        (setting.at, setting.key_at) = (inner.outer(setting.at), inner.outer(setting.key_at));
    }
    settings
}

/// Puts what a text holds, as a file of some name, in the place of the text; every part keeps its place.
pub fn unfold(source: &Source, node: &mut Node, name: &str) {
    let Some((format, inner)) = format_of(name).zip(Inner::of(source, node, name, Dress::Plain))
    else {
        return;
    };
    let parsed = format.parse(node.at.source, inner.source.text());
    let Some(mut document) = parsed.documents.into_iter().next() else { return };
    let mut open = vec![&mut document];
    while let Some(node) = open.pop() {
        node.at = inner.outer(node.at);
        match &mut node.kind {
            NodeKind::Sequence(nodes) | NodeKind::OneOf(nodes) => open.extend(nodes),
            NodeKind::Mapping(entries) => {
                open.extend(
                    entries.iter_mut().flat_map(|entry| [&mut entry.key, &mut entry.value]),
                );
            }
            NodeKind::Scalar(_) | NodeKind::Null | NodeKind::Expression => {}
        }
    }
    *node = document;
}

/// The text of a scalar in quotes, or of a plain one, with holes of a template in it.
fn line(source: &Source, node: &Node) -> Option<String> {
    let written = source.slice(node.at.span);
    if !written.starts_with(['"', '\'']) {
        return Some(written.to_owned());
    }
    let text = scalar::text(source, &Node::new(node.at, NodeKind::Scalar(String::new())))?;
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    Some(inner.replace(FILLER, ""))
}

/// What is written, with blanks for what is not the text: a block's header, a heredoc's fences, quotes. None where escapes hide the text.
fn in_place(written: &str, text: &str) -> Option<String> {
    let blanks = |part: &str| " ".repeat(part.len());
    let (header, body) = written.split_once('\n').unwrap_or_default();
    if written.starts_with('|') {
        return Some(format!("{}\n{body}", blanks(header)));
    }
    if written.starts_with("<<") {
        // An escaped interpolation is shorter in the text than where it stands.
        let (lines, fence) = body.rsplit_once('\n').unwrap_or(("", body));
        let is_plain = !lines.contains("$${") && !lines.contains("%%{");
        return is_plain.then(|| format!("{}\n{lines}\n{}", blanks(header), blanks(fence)));
    }
    if written == text {
        return Some(written.to_owned());
    }
    let quoted = written.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
    (quoted == text).then(|| format!(" {text} "))
}

/// A text with a number of the same length in the place of each hole `${…}` outside of quotes, where it is JSON: `"cpu": ${var.cpu}`. None
/// where a hole does not end on its line.
fn without_bare_holes(text: &str) -> Option<String> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let mut shown = String::with_capacity(text.len());
    let (mut rest, mut is_quoted) = (text, false);
    while let Some(at) = rest.find(['"', '$', '\\']) {
        let (before, behind) = rest.split_at_checked(at)?;
        shown.push_str(before);
        let length = if behind.starts_with("${") {
            let line = behind.lines().next().unwrap_or_default();
            line.find('}')? + 1
        } else if behind.starts_with('\\') {
            behind.chars().take(2).map(char::len_utf8).sum()
        } else {
            is_quoted ^= behind.starts_with('"');
            1
        };
        let (part, next) = behind.split_at_checked(length)?;
        if part.len() > 1 && part.starts_with('$') && is_json && !is_quoted {
            shown.extend(std::iter::repeat_n('1', part.len()));
        } else {
            shown.push_str(part);
        }
        rest = next;
    }
    shown.push_str(rest);
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_keeps_its_length() {
        for (written, text, expected) in [
            ("|-\n  a: 1\n", "a: 1", "  \n  a: 1\n"),
            ("<<-E\n  a=1\n  E", "a=1\n", "    \n  a=1\n   "),
            ("\"{}\"", "{}", " {} "),
            ("a", "a", "a"),
        ] {
            assert_eq!(in_place(written, text).as_deref(), Some(expected), "{written}");
        }
        assert_eq!(in_place("\"a\\nb\"", "a\nb"), None);
        assert_eq!(in_place(">-\n  a\n  b\n", "a b"), None);
    }

    #[test]
    fn a_text_is_read_by_its_name_or_by_its_looks() {
        let name = |key, text| format_within(key, text).map(|(format, _)| format.name());
        assert_eq!(name("env.php", ""), Some("PHP"));
        assert_eq!(name("environment", "{\"CONFIG__A\": 1}"), Some("JSON"));
        assert_eq!(name("user_data", "A=1\nCONFIG__B=2\n"), Some("dotenv"));
        assert_eq!(name("values", "env:\n  CONFIG__A: 1\n"), Some("YAML"));
        let manifest = "apiVersion: v1\nkind: ConfigMap\ndata:\n  .env: |\n    CONFIG__A=1\n";
        assert_eq!(name("manifest", manifest), Some("YAML"));
        assert_eq!(name("user_data", "#cloud-config\nx: |\n  CONFIG__A=1\n"), Some("YAML"));
        assert_eq!(name("run", "CONFIG__A=1"), None);
        assert_eq!(name("user_data", "#!/bin/sh\nCONFIG__A=1"), None);
        assert_eq!(name("note", "services_connector is set elsewhere"), None);
        let page = "For example:\n\n```yaml\nservices_connector/a/b: c\n```\n";
        assert_eq!((name("text", page), name("markdown", page)), (None, None));
        assert_eq!(
            (name("text", "CONFIG__A=1"), name("values", page)),
            (Some("dotenv"), Some("YAML"))
        );
    }
}
