//! Files within a document, and files within those: `env.php` in a `ConfigMap` in a heredoc, what cloud-init writes.
//!
//! Files are read to [`MAX_WITHIN`] levels; what stands deeper is told.

use super::{Reader, variable};
use crate::model::setting::{Carrier, Setting};
use crate::recognise::Opaque;
use crate::recognise::dialects::{carrier_of, variable_carrier_of};
use crate::recognise::embedded::{Inner, format_within, holds_names, is_manifest};
use crate::recognise::objects;
use crate::recognise::value::{Dress, decoded};
use crate::source::Location;
use crate::syntax::{Format, Node, NodeKind, Problem, file_name, format_of};

/// How many files may stand within each other.
const MAX_WITHIN: usize = 6;

/// The keys that say where a file goes whose content stands beside: cloud-init, Ansible, Terraform.
const PLACES: [&str; 5] = ["path", "dest", "filename", "destination", "destfile"];

/// The keys of what is written into a file: all of it, or what a module of Ansible's puts among what stands there.
///
/// Source: the Ansible documentation, `copy` (`content`), `blockinfile` (`block`), `lineinfile` (`line`), `replace` (`replace`).
const CONTENTS: [&str; 4] = ["content", "block", "line", "replace"];

/// No shorter text in base64 is looked into.
const SHORTEST_PACKED: usize = 64;

impl Reader<'_> {
    /// Reads a file whose name and content stand beside each other; says whether there is one.
    pub(super) fn read_file(&mut self, node: &Node) -> bool {
        let text = |key| node.get(key).and_then(Node::as_str);
        let is_text =
            |content: &&Node| content.as_str().is_some() || content.kind == NodeKind::Expression;
        // `ini_file` writes `option = value`; where that names no setting, its value may: `Environment="A=1"`.
        let value = || node.get("option").and_then(|_| node.get("value"));
        let content = CONTENTS.iter().find_map(|key| node.get(key)).or_else(value).filter(is_text);
        // A place in a file has a path and a line as well.
        let is_whole = node.get("content").is_some();
        let names = |content: &&Node| {
            let written = self.source.slice(content.at.span);
            is_whole || holds_names(written) || node.get("regexp").is_some()
        };
        let Some(content) = content.filter(names) else { return false };
        let place = PLACES.iter().find_map(|key| node.get(key).filter(is_text));
        // Its folder may be one of a template's: `{{ root }}/.env`.
        let written = |place: &Node| self.source.slice(place.at.span).trim_matches(['"', '\'']);
        let Some(name) = place.map(|place| file_name(place.as_str().unwrap_or(written(place))))
        else {
            return false;
        };
        if text("state") == Some("absent") {
            // What a module takes out of a file is set no more.
            return true;
        }
        let is_packed =
            text("encoding").is_some_and(|encoding| ["b64", "base64"].contains(&encoding));
        // What a module is called says nothing of whom it writes for.
        let is_module = !is_whole || node.get("dest").is_some();
        let module = if is_module { self.trail.pop() } else { None };
        if self.read_replaced(node, content) {
            self.trail.extend(module);
            return true;
        }
        let around = std::mem::replace(&mut self.key, name.to_owned());
        let dress = self.dress;
        self.dress = if is_packed { Dress::Base64 } else { dress };
        match content.as_str() {
            Some(text) => self.read_text(content, text),
            None => self.read_part(content),
        }
        (self.key, self.dress) = (around, dress);
        self.trail.extend(module);
        true
    }

    /// Reads what is put behind a name that a pattern keeps: `regexp: '^(CONFIG__…=).*'`, `replace: '\1{{ space }}'`; says whether there is one.
    fn read_replaced(&mut self, node: &Node, content: &Node) -> bool {
        let written = self.source.slice(content.at.span);
        let given = [r"\\1", r"\1", r"\g<1>"].iter().find_map(|kept| {
            Some(
                written.trim_start_matches(['"', '\'']).strip_prefix(kept)?.trim_start_matches('='),
            )
        });
        let pattern = node.get("regexp").filter(|pattern| pattern.as_str().is_some());
        let Some((given, pattern)) = given.zip(pattern) else { return false };
        let kept = pattern.as_str().and_then(|text| text.split_once('(')?.1.split(')').next());
        let name = kept.map(|kept| kept.trim_start_matches('^').trim_end_matches('='));
        let Some((parameter, scope)) = name.and_then(variable) else { return false };
        let start = content.at.span.end as usize - given.len();
        let given = given.trim_end_matches(['"', '\'']);
        let at = Location::new(content.at.source, start, start + given.len());
        let is_filled = content.kind == NodeKind::Expression;
        let kind =
            if is_filled { NodeKind::Expression } else { NodeKind::Scalar(given.to_owned()) };
        let above = self.context(self.trail.len());
        self.add(parameter, scope, above, self.variables, &Node::new(at, kind), pattern.at);
        true
    }

    /// Reads a text that is a file, or looks like one.
    pub(super) fn read_text(&mut self, node: &Node, text: &str) {
        let dress =
            if self.dress == Dress::Plain && is_packed(text) { Dress::Base64 } else { self.dress };
        let shown = if dress == Dress::Base64 { decoded(text) } else { None };
        let shown = shown.as_deref().unwrap_or(text);
        let Some((format, is_named)) = format_within(&self.key, shown) else { return };
        if self.depth >= MAX_WITHIN {
            if holds_names(shown) || is_manifest(shown.trim_start()) {
                let message = format!("a file within {MAX_WITHIN} others is not read");
                self.problems.push(Problem { at: node.at, message });
            }
            return;
        }
        if let Some(inner) = Inner::of(self.source, node, &self.key, dress) {
            self.read_inner(node, &inner, (format, is_named));
        }
    }

    /// Reads a file with holes of a template in it, which stand for what they put there: `env.php: |` of a chart, a heredoc of Terraform's with
    /// `${var.image}`.
    pub(super) fn read_filled(&mut self, node: &Node) {
        let Some(inner) = Inner::filled(self.source, node, &self.key) else { return };
        let named = Some(self.key.as_str()).filter(|name| name.contains('.')).and_then(format_of);
        let format = named.map(|format| (format, true)).or_else(|| {
            let is_heredoc = self.source.slice(node.at.span).starts_with("<<");
            format_within(&self.key, inner.source.text()).filter(|_| is_heredoc)
        });
        if let Some(format) = format.filter(|_| self.depth < MAX_WITHIN) {
            self.read_inner(node, &inner, format);
        }
    }

    /// Reads a file, or a part of one, with holes in it, as what it is called or looks like.
    fn read_part(&mut self, node: &Node) {
        let Some(inner) = Inner::filled(self.source, node, &self.key) else { return };
        let format = format_within(&self.key, inner.source.text());
        if let Some(format) = format.filter(|_| self.depth < MAX_WITHIN) {
            self.read_inner(node, &inner, format);
        }
    }

    fn read_inner(&mut self, node: &Node, inner: &Inner, (format, is_named): (&dyn Format, bool)) {
        let parsed = format.parse(node.at.source, inner.source.text());
        let mut reader = Reader::new(&inner.source, self.carrier, self.variables);
        if is_named {
            reader.carrier = carrier_of(&self.key);
            reader.variables = variable_carrier_of(&self.key);
        }
        let outer = |problem: Problem| Problem { at: inner.outer(problem.at), ..problem };
        if is_named && holds_names(inner.source.text()) {
            self.problems.extend(parsed.problems.into_iter().map(outer));
        }
        reader.depth = self.depth + 1;
        reader.trail.clone_from(&self.trail);
        reader.labels.clone_from(&self.labels);
        parsed.documents.iter().for_each(|document| reader.read_document(document));
        let Reader { settings, contexts, opaque, problems, .. } = reader;
        self.problems.extend(problems.into_iter().map(outer));
        self.contexts.extend(contexts);
        self.settings.extend(settings.into_iter().map(|setting| Setting {
            at: inner.outer(setting.at),
            key_at: inner.outer(setting.key_at),
            ..setting
        }));
        let moved = |opaque: Opaque| Opaque { at: inner.outer(opaque.at), ..opaque };
        self.opaque.extend(opaque.into_iter().map(moved));
    }

    /// Reads a document within a text: the values of an object of Kubernetes are dressed as its kind says.
    fn read_document(&mut self, document: &Node) {
        if !objects::is_object(document) {
            return self.read(document);
        }
        let kind = document.get("kind").and_then(Node::as_str).unwrap_or_default();
        if let Some(items) = document.get("items").filter(|_| kind.ends_with("List")) {
            return items.items().iter().for_each(|item| self.read_document(item));
        }
        let (dress, carriers) = (self.dress, (self.carrier, self.variables));
        let is_map = matches!(kind, "ConfigMap" | "Secret");
        self.carrier = Carrier::Document;
        self.variables = if is_map { Carrier::ConfigMap } else { Carrier::Environment };
        for entry in document.entries() {
            self.dress = objects::dress(kind, entry.key.as_str());
            self.read(&entry.value);
        }
        (self.dress, (self.carrier, self.variables)) = (dress, carriers);
    }
}

/// Whether a text is base64 of one that can hold settings.
fn is_packed(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n \t".contains(&byte);
    text.len() >= SHORTEST_PACKED
        && text.bytes().all(is_digit)
        && decoded(text).is_some_and(|text| holds_names(&text) || is_manifest(text.trim_start()))
}
