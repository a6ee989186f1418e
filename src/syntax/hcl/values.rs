//! The values of an HCL file: literals as they are, whatever would have to be evaluated as an expression.

use std::ops::Range;

use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::template::{Element, HeredocTemplate};
use hcl_edit::{Decorated, Span as _};

use super::Tree;
use crate::syntax::{Entry, Node, NodeKind};

/// Functions whose one argument is the value, in the notation of another format at most.
///
/// Source: the Terraform language, *Functions*.
const TRANSPARENT: &[&str] = &[
    "chomp",
    "jsonencode",
    "nonsensitive",
    "sensitive",
    "tolist",
    "tomap",
    "toset",
    "tostring",
    "trimspace",
    "yamlencode",
];

impl Tree<'_> {
    /// Converts a value; `None` where the file has too many.
    pub(super) fn value(&mut self, value: &Expression, depth: usize) -> Option<Node> {
        let span = value.span()?;
        if !self.has_room(span.clone(), depth) {
            return None;
        }
        let kind = match value {
            Expression::Null(_) => NodeKind::Null,
            Expression::String(text) => NodeKind::Scalar(text.as_str().to_owned()),
            Expression::Bool(_) | Expression::Number(_) => {
                NodeKind::Scalar(self.text.get(span.clone())?.to_owned())
            }
            Expression::HeredocTemplate(heredoc) => {
                literal(heredoc).map_or(NodeKind::Expression, NodeKind::Scalar)
            }
            Expression::Array(items) => {
                let items = items.iter().filter_map(|item| self.value(item, depth + 1));
                NodeKind::Sequence(items.collect())
            }
            Expression::Object(object) => NodeKind::Mapping(self.object(object, depth + 1)),
            // Each item of the list is like the one that is written.
            Expression::ForExpr(each) if each.key_expr.is_none() && each.cond.is_none() => {
                let item = self.value(&each.value_expr, depth + 1)?;
                NodeKind::Sequence(vec![item])
            }
            Expression::Parenthesis(inner) => return self.value(inner.inner(), depth + 1),
            Expression::FuncCall(call) => return self.call(call, span, depth),
            Expression::Conditional(decided) => {
                let arms = [&decided.true_expr, &decided.false_expr];
                let arms: Option<Vec<Node>> =
                    arms.into_iter().map(|arm| self.value(arm, depth + 1)).collect();
                let is_text = |arm: &Node| arm.as_str().is_some_and(|text| !text.is_empty());
                match arms {
                    // What is computed on either side is computed.
                    Some(arms) if arms.iter().any(is_text) => NodeKind::OneOf(arms),
                    _ => NodeKind::Expression,
                }
            }
            Expression::Traversal(taken) => match &taken.expr {
                Expression::Object(object) => self.taken(object, taken, depth),
                _ => NodeKind::Expression,
            },
            _ => NodeKind::Expression,
        };
        Some(self.node(span, kind))
    }

    /// What is taken of an object that is written in place, `{ production = "a" }[terraform.workspace]`: by a key that only running would tell,
    /// whatever each key has.
    fn taken(&mut self, object: &Object, taken: &Traversal, depth: usize) -> NodeKind {
        let mut operators = taken.operators.iter().map(Decorated::value);
        let Some(TraversalOperator::Index(index)) = operators.next() else {
            return NodeKind::Expression;
        };
        let names: Option<Vec<&str>> = operators
            .map(|operator| match operator {
                TraversalOperator::GetAttr(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let Some(names) = names else { return NodeKind::Expression };
        let mut entries = self.object(object, depth + 1);
        for entry in &mut entries {
            let found = names.iter().try_fold(&entry.value, |node, name| node.get(name)).cloned();
            match found {
                Some(found) => entry.value = found,
                None => entry.value.kind = NodeKind::Expression,
            }
        }
        let Some(key) = index.as_str() else { return NodeKind::Mapping(entries) };
        let entry = entries.into_iter().rev().find(|entry| entry.key.as_str() == Some(key));
        entry.map_or(NodeKind::Expression, |entry| entry.value.kind)
    }

    fn object(&mut self, object: &Object, depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (key, value) in object {
            let key = match key {
                ObjectKey::Ident(name) => name
                    .span()
                    .map(|span| self.node(span, NodeKind::Scalar(name.as_str().to_owned()))),
                ObjectKey::Expression(key) => self.value(key, depth + 1),
            };
            if let (Some(key), Some(value)) = (key, self.value(value.expr(), depth + 1)) {
                entries.push(Entry { key, value });
            }
        }
        entries
    }

    fn call(&mut self, call: &FuncCall, span: Range<usize>, depth: usize) -> Option<Node> {
        let arguments: Vec<&Expression> = call.args.iter().collect();
        let name = call.name.name.as_str();
        match arguments.as_slice() {
            _ if call.name.is_namespaced() || call.args.expand_final() => {}
            [only] if TRANSPARENT.contains(&name) => return self.value(only, depth + 1),
            // What machines start with is packed on its way to them.
            [only @ (Expression::HeredocTemplate(_) | Expression::FuncCall(_))]
                if matches!(name, "base64encode" | "base64gzip") =>
            {
                return self.value(only, depth + 1);
            }
            // What a template is filled with.
            [_, Expression::Object(object)] if name == "templatefile" => {
                let entries = self.object(object, depth + 1);
                return Some(self.node(span, NodeKind::Mapping(entries)));
            }
            several if name == "merge" => {
                let entries = self.merged(several, depth + 1)?;
                return Some(self.node(span, NodeKind::Mapping(entries)));
            }
            several if name == "concat" => {
                let items = self.joined(several, depth + 1)?;
                return Some(self.node(span, NodeKind::Sequence(items)));
            }
            [Expression::Object(object), key, ..] if name == "lookup" && key.as_str().is_none() => {
                let entries = self.object(object, depth + 1);
                return Some(self.node(span, NodeKind::Mapping(entries)));
            }
            _ => {}
        }
        Some(self.node(span, NodeKind::Expression))
    }

    /// The items of lists that are joined. An unknown list behind them can name the same once more: what they set is unknown then.
    fn joined(&mut self, lists: &[&Expression], depth: usize) -> Option<Vec<Node>> {
        let mut items: Vec<Node> = Vec::new();
        for list in lists {
            let list = self.value(list, depth)?;
            if let NodeKind::Sequence(more) = list.kind {
                items.extend(more);
            } else {
                let entries = items.iter_mut().filter_map(|item| match &mut item.kind {
                    NodeKind::Mapping(entries) => Some(entries),
                    _ => None,
                });
                let values = entries.flatten().filter(|entry| entry.key.as_str() == Some("value"));
                values.for_each(|entry| entry.value.kind = NodeKind::Expression);
            }
        }
        Some(items)
    }

    /// The entries of objects that are merged. What an unknown object behind them can replace is unknown itself.
    fn merged(&mut self, objects: &[&Expression], depth: usize) -> Option<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        for object in objects {
            let object = self.value(object, depth)?;
            if let NodeKind::Mapping(more) = object.kind {
                entries.extend(more);
            } else {
                for entry in &mut entries {
                    entry.value.kind = NodeKind::Expression;
                }
            }
        }
        Some(entries)
    }
}

/// The text of a heredoc, where nothing is put into it.
fn literal(heredoc: &HeredocTemplate) -> Option<String> {
    let parts = heredoc.template.iter().map(|element| match element {
        Element::Literal(text) => Some(text.as_str()),
        Element::Interpolation(_) | Element::Directive(_) => None,
    });
    parts.collect()
}
