//! A private key in plaintext, replaced by what its carrier has for values that are kept elsewhere.

use super::change::{Effect, Fault, Proposal};
use super::names::Names;
use crate::model::setting::{Setting, Value};
use crate::source::{Source, Span};
use crate::syntax::{Node, NodeKind, file_name, format_of};

/// The rule that tells of them.
const PLAINTEXT: &str = "plaintext-private-key";

/// The object of Kubernetes that the keys are expected in.
const OBJECT: &str = "commerce-connector";

/// The carrier's own reference in the place of the whole value. A carrier that has none keeps the key: there it must be taken out by hand.
pub fn elsewhere(fault: Fault<'_>, names: &Names) -> Option<Proposal> {
    let Fault { outcome, found, source, at } = fault;
    if found.rule != PLAINTEXT {
        return None;
    }
    let holds =
        |setting: &&Setting| matches!(setting.value, Value::Secret(..)) && setting.at.overlaps(at);
    let setting = outcome.inventory.settings.iter().find(holds)?;
    let name = names.name(setting)?;
    let written = source.slice(setting.at.span);
    let span = Span::new(
        setting.at.span.range().start,
        setting.at.span.range().start + written.trim_end().len(),
    );
    // What stands beside the key in one value is not ours to drop.
    let is_whole = span.start <= at.span.start && at.span.end <= setting.at.span.end;
    let (span, new) = Place::of(source, setting, span).reference(name).filter(|_| is_whole)?;
    let title = format!("Keep the private key elsewhere, as `{name}`, and refer to it");
    let effect = Effect::Value(setting.at, Value::Reference);
    Some(Proposal { title, edits: vec![(span, new)], effect })
}

/// Where a value stands.
struct Place<'a> {
    source: &'a Source,
    span: Span,
    /// Whether it is a value of its file's own format, and no part of a text within it.
    is_own: bool,
    /// The documents of the file, where it has some.
    document: Option<Node>,
}

impl<'a> Place<'a> {
    fn of(source: &'a Source, setting: &Setting, span: Span) -> Self {
        let parsed = format_of(source.path()).map(|of| of.parse(setting.at.source, source.text()));
        let documents = parsed.map(|parsed| parsed.documents).unwrap_or_default();
        let is_in = |node: &Node| node.at.span.start <= span.start && span.end <= node.at.span.end;
        let document = documents.into_iter().find(is_in);
        let is_own = document.as_ref().is_some_and(|root| is_node(root, setting.at.span));
        Self { source, span, is_own, document }
    }

    fn written(&self) -> &'a str {
        self.source.slice(self.span)
    }

    fn before(&self) -> &'a str {
        self.source.text().get(..self.span.range().start).unwrap_or_default()
    }

    fn has(&self, key: &str) -> bool {
        self.document.as_ref().is_some_and(|root| root.get(key).is_some())
    }

    /// What is written there then, and over what.
    fn reference(&self, name: &str) -> Option<(Span, String)> {
        let path = self.source.path();
        let here = |new: String| Some((self.span, new));
        match format_of(path)?.name() {
            "PHP" if self.is_own => here(format!("getenv('{name}')")),
            "dotenv" => here(format!("${{{name}}}")),
            "PowerShell" => Some((self.quoted()?, format!("$env:{name}"))),
            "shell" if self.is_word() => here(format!("\"${name}\"")),
            "Makefile" if self.is_word() => here(format!("\"$${name}\"")),
            "HCL" if file_name(path).rsplit('.').next() == Some("tf") => {
                here(format!("var.{}", name.to_ascii_lowercase()))
            }
            "HCL" if file_name(path).starts_with("terragrunt") => {
                here(format!("get_env(\"{name}\")"))
            }
            "JSON" if self.is_object() => self.of_workload(name),
            "YAML" => self.of_yaml(name),
            _ => None,
        }
    }

    fn of_yaml(&self, name: &str) -> Option<(Span, String)> {
        let path = self.source.path();
        let is_github = path.contains(".github/workflows/");
        let is_gitlab = file_name(path).contains("gitlab-ci");
        let is_azure = file_name(path).contains("azure-pipelines");
        let is_bitbucket = file_name(path).contains("bitbucket-pipelines");
        let is_circle = path.contains(".circleci/");
        if is_github && self.is_own {
            Some((self.span, format!("${{{{ secrets.{name} }}}}")))
        } else if is_github && self.is_word() {
            Some((self.span, format!("\"${{{{ secrets.{name} }}}}\"")))
        } else if (is_gitlab || is_bitbucket) && self.is_own {
            Some((self.span, format!("${name}")))
        } else if (is_gitlab || is_bitbucket || is_circle && !self.is_own) && self.is_word() {
            Some((self.span, format!("\"${name}\"")))
        } else if is_azure && self.is_own {
            Some((self.span, format!("$({name})")))
        } else if is_azure && self.is_word() {
            Some((self.span, format!("\"$({name})\"")))
        } else if self.is_own && self.is_of_ansible() {
            let name = name.to_ascii_lowercase();
            Some((self.span, format!("\"{{{{ vault_{name} }}}}\"")))
        } else if self.is_object() {
            self.of_workload(name)
        } else if self.has("services") {
            self.of_service(name)
        } else {
            None
        }
    }

    /// Whether it is an object of Kubernetes.
    fn is_object(&self) -> bool {
        self.has("apiVersion") && self.has("kind")
    }

    /// Whether Ansible reads it as a template: a file of variables, or a list of plays.
    fn is_of_ansible(&self) -> bool {
        let path = self.source.path();
        let of_role = ["/defaults/", "/vars/"].iter().any(|part| path.contains(part));
        let is_in = |folder: &str| path.split('/').any(|part| part == folder);
        let is_play = |root: &Node| match &root.kind {
            NodeKind::Sequence(items) => items.iter().any(|item| item.get("hosts").is_some()),
            _ => false,
        };
        is_in("group_vars")
            || is_in("host_vars")
            || is_in("roles") && of_role
            || self.document.as_ref().is_some_and(is_play)
    }

    /// `value: …` of a variable as `valueFrom`.
    fn of_workload(&self, name: &str) -> Option<(Span, String)> {
        let kind = self.document.as_ref()?.get("kind")?.as_str()?;
        let is_map = ["ConfigMap", "Secret"].contains(&kind);
        let before =
            self.before().trim_end().strip_suffix(':').filter(|_| self.is_own && !is_map)?;
        let name = in_small_letters(name);
        let (key, new) = match before.trim_end().strip_suffix("\"value\"") {
            Some(key) => (
                key,
                format!(
                    "\"valueFrom\": {{\"secretKeyRef\": {{\"name\": \"{OBJECT}\", \"key\": \"{name}\"}}}}"
                ),
            ),
            None => (
                before.strip_suffix("value")?,
                format!("valueFrom: {{ secretKeyRef: {{ name: {OBJECT}, key: {name} }} }}"),
            ),
        };
        Some((Span::new(key.len(), self.span.range().end), new))
    }

    /// `NAME: …` and `- NAME=…` of a service.
    fn of_service(&self, name: &str) -> Option<(Span, String)> {
        let reference = format!("${{{name}}}");
        if self.is_own && self.before().trim_end().ends_with(':') {
            return Some((self.span, reference));
        }
        let (key, value) = self.written().split_once('=')?;
        let is_item = self.before().trim_end().ends_with('-') && self.is_own;
        let quote = key.chars().next().filter(|quote| "\"'".contains(*quote));
        let end = self.span.range().end - quote.map_or(0, char::len_utf8);
        let start = self.span.range().end - value.len();
        is_item.then(|| (Span::new(start, end), reference))
    }

    /// Whether it is a whole word of a script, or what a word assigns; within a here-document nothing is, for all that is known here.
    fn is_word(&self) -> bool {
        self.before().ends_with([' ', '\t', '='])
            && self.is_quoted()
            && !self.source.text().contains("<<")
    }

    fn is_quoted(&self) -> bool {
        self.written().starts_with(['"', '\'']) && self.written().len() > 1
    }

    /// The value with the quotes around it; none where there are more of them than one, or none.
    fn quoted(&self) -> Option<Span> {
        if self.is_quoted() {
            return Some(self.span);
        }
        let quote = self.before().chars().next_back().filter(|quote| "\"'".contains(*quote))?;
        let range = self.span.range();
        let is_closed = self.source.text().get(range.end..)?.starts_with(quote);
        let is_once = !self.before().ends_with("\"\"") && !self.before().ends_with("''");
        (is_closed && is_once).then(|| Span::new(range.start - 1, range.end + 1))
    }
}

/// A name as vaults and objects have it.
fn in_small_letters(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Whether a node stands at this place exactly.
fn is_node(root: &Node, span: Span) -> bool {
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        if node.at.span == span {
            return true;
        }
        match &node.kind {
            NodeKind::Mapping(entries) => nodes.extend(entries.iter().map(|entry| &entry.value)),
            NodeKind::Sequence(items) | NodeKind::OneOf(items) => nodes.extend(items),
            NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Expression => {}
        }
    }
    false
}
