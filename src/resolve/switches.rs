//! Which branches of a chart's templates an instance renders, by the values in force for it.
//!
//! Source: the Helm documentation, *Values Files*, *Flow control*: an instance's own file of values overrides what it inherits.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::conventions::{chart_of_template, extension};
use super::group::Group;
use crate::model::setting::{Setting, SettingId};
use crate::recognise::conditions::{Branch, Test, branches};
use crate::recognise::dialects;
use crate::source::{Source, SourceId};
use crate::sources::Sources;
use crate::syntax::{Node, NodeKind, file_name};

/// Reads templates and values once for all instances that have them.
pub struct Switches<'s> {
    sources: &'s Sources,
    branches: BTreeMap<SourceId, Rc<Vec<Branch>>>,
    values: BTreeMap<SourceId, Rc<Vec<Node>>>,
    /// The settings that some instance does not have though it inherits their file.
    pub switched: BTreeSet<SettingId>,
    /// The values of charts, by the charts' folders.
    of_chart: Option<BTreeMap<&'s str, SourceId>>,
}

impl<'s> Switches<'s> {
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            branches: BTreeMap::new(),
            values: BTreeMap::new(),
            switched: BTreeSet::new(),
            of_chart: None,
        }
    }

    /// Takes out of what reaches an instance what its values switch off; what nobody can know is opaque.
    pub fn settle(&mut self, group: &mut Group, settings: &[Setting]) {
        let of = |id: SettingId| settings.get(id.0 as usize);
        let mut kept = Vec::with_capacity(group.reaching.len());
        let mut reaching = std::mem::take(&mut group.reaching);
        for (id, closeness) in reaching.drain(..) {
            let Some(setting) = of(id) else { continue };
            let source = setting.at.source;
            let branches = self.branches(source);
            let at = setting.at.span.start as usize;
            let around = branches.iter().filter(|branch| branch.region.contains(&at));
            let answers: Vec<Option<bool>> =
                around.map(|branch| self.is_rendered(branch, source, group)).collect();
            if answers.contains(&Some(false)) {
                self.switched.insert(id);
                continue;
            }
            if answers.contains(&None) && !setting.value.is_hidden() {
                self.switched.insert(id);
                group.opaque.push(setting.at);
                continue;
            }
            kept.push((id, closeness));
        }
        group.reaching = kept;
    }

    fn branches(&mut self, source: SourceId) -> Rc<Vec<Branch>> {
        let sources = self.sources;
        let read = || {
            let text =
                sources.get(source).filter(|_| chart_of_template(sources.path(source)).is_some());
            Rc::new(text.map_or_else(Vec::new, |text| branches(text.text())))
        };
        Rc::clone(self.branches.entry(source).or_insert_with(read))
    }

    /// Whether a branch is rendered for an instance; none where its values do not say.
    fn is_rendered(&mut self, branch: &Branch, template: SourceId, group: &Group) -> Option<bool> {
        let answers: Vec<Option<bool>> =
            branch.tests.iter().map(|test| self.answer(test, template, group)).collect();
        if answers.contains(&Some(false)) {
            return Some(false);
        }
        let is_known = !answers.contains(&None) || branch.is_presumed;
        is_known.then_some(true)
    }

    fn answer(&mut self, test: &Test, template: SourceId, group: &Group) -> Option<bool> {
        let (chart, _) = chart_of_template(self.sources.path(template))?;
        let feeds = group.feeds.values();
        let (inherited, own): (Vec<_>, Vec<_>) = feeds.partition(|feed| feed.inherited);
        let files = |feeds: Vec<&crate::model::instance::Feed>| -> Vec<SourceId> {
            feeds.into_iter().map(|feed| feed.source).collect()
        };
        let defaults = self.of_chart(chart).into_iter().collect();
        for files in [files(own), files(inherited), defaults] {
            let mut said: Vec<Option<bool>> = Vec::new();
            for file in files {
                let documents = self.values(file);
                let found =
                    documents.iter().filter_map(|document| value(document, chart, &test.path));
                let Some(source) = self.sources.get(file) else { continue };
                said.extend(found.map(|node| holds(test, node, source)));
            }
            if let Some(&first) = said.first() {
                let is_one = said.iter().all(|answer| *answer == first);
                return first.filter(|_| is_one);
            }
        }
        let otherwise = test.otherwise.as_deref()?;
        Some(test.is_met(otherwise, is_there(otherwise)))
    }

    /// The documents of a file that can hold values.
    fn values(&mut self, id: SourceId) -> Rc<Vec<Node>> {
        let sources = self.sources;
        let read = || {
            let path = sources.path(id);
            let is_values = extension(path) == "yaml" && chart_of_template(path).is_none();
            let source = sources.get(id).filter(|_| is_values);
            let documents = source.and_then(|source| {
                Some(dialects::format(path, source.text())?.parse(id, source.text()).documents)
            });
            Rc::new(documents.unwrap_or_default())
        };
        Rc::clone(self.values.entry(id).or_insert_with(read))
    }

    /// The chart's own values, which those of the instances override.
    fn of_chart(&mut self, chart: &str) -> Option<SourceId> {
        let sources = self.sources;
        let known = self.of_chart.get_or_insert_with(|| {
            let values = sources.paths().filter_map(|(id, path)| {
                let folder = path.strip_suffix(file_name(path))?.trim_end_matches('/');
                matches!(file_name(path), "values.yaml" | "values.yml").then_some((folder, id))
            });
            values.collect()
        });
        known.get(chart).copied()
    }
}

/// What a document of values gives under a way of keys: at its root, under the chart's name, or in a release.
fn value<'n>(document: &'n Node, chart: &str, path: &[String]) -> Option<&'n Node> {
    let along =
        |node: &'n Node, keys: &[&str]| keys.iter().try_fold(node, |node, key| node.get(key));
    let roots = [
        Some(document),
        along(document, &[file_name(chart)]),
        along(document, &["spec", "values"]),
        along(document, &["spec", "source", "helm", "valuesObject"]),
    ];
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    roots.into_iter().flatten().find_map(|root| along(root, &path))
}

/// Whether a value is what a test asks for; none where it is a name for another.
fn holds(test: &Test, node: &Node, source: &Source) -> Option<bool> {
    let (given, is_there) = match &node.kind {
        NodeKind::Scalar(value) => {
            // A text in quotes is there, whatever it says.
            let is_quoted = source.slice(node.at.span).starts_with(['"', '\'']);
            (value.as_str(), if is_quoted { !value.is_empty() } else { is_there(value) })
        }
        NodeKind::Null => ("", false),
        NodeKind::Mapping(entries) => ("", !entries.is_empty()),
        NodeKind::Sequence(items) => ("", !items.is_empty()),
        NodeKind::Expression | NodeKind::OneOf(_) => return None,
    };
    Some(match &test.otherwise {
        Some(otherwise) if !is_there => test.is_met(otherwise, self::is_there(otherwise)),
        _ => test.is_met(given, is_there),
    })
}

/// Whether a value without quotes counts as yes.
///
/// Sources: Go's `text/template`, *Actions*; YAML 1.1, *bool*, as Helm reads it.
fn is_there(text: &str) -> bool {
    !matches!(text, "" | "0")
        && !["false", "no", "off"].iter().any(|no| text.eq_ignore_ascii_case(no))
}
