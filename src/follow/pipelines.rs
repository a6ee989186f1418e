//! GitLab's pipelines with the files that they include: read as one, as GitLab reads them.
//!
//! The texts are put behind each other, so that every place of one is a place of the whole; at the end each goes back to its file.
//!
//! Source: the GitLab documentation, *CI/CD YAML syntax reference*, `include:local`: paths are told from the root, `*` and `**` match.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobBuilder;

use crate::model::way::{Way, Ways};
use crate::recognise::pipeline::{has_jobs_at_top, is_above_jobs};
use crate::recognise::{self, Recognised};
use crate::resolve::conventions::parent;
use crate::source::{Location, Source, SourceId, Span};
use crate::sources::Sources;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node, file_name};

/// How large a pipeline is with all that it includes, in bytes.
const MOST: usize = 1 << 20;

/// How many files include each other in a row.
const MAX_WITHIN: usize = 8;

/// What stands between two files.
const BETWEEN: &str = "\n---\n";

/// A file in the text of a pipeline.
struct Part {
    start: usize,
    end: usize,
    file: SourceId,
}

/// The pipelines of a tree with what they include.
pub struct Joined {
    /// The files of the tree, the pipelines with the texts of what they include.
    pub sources: Sources,
    parts: BTreeMap<SourceId, Vec<Part>>,
    /// The files in which jobs of each pipeline are written, by the names of these.
    homes: BTreeMap<SourceId, BTreeMap<String, SourceId>>,
}

/// Joins the pipelines of a tree with what they include, and recognises them so; none where none includes anything.
#[must_use]
pub fn join(sources: &Sources, recognised: &mut Vec<Recognised>) -> Option<Joined> {
    let mut roots: Vec<(SourceId, &Source)> = sources
        .paths()
        .filter(|(_, path)| has_jobs_at_top(path))
        .filter_map(|(id, _)| Some((id, sources.get(id)?)))
        .filter(|(_, source)| source.text().contains("include"))
        .collect();
    roots.sort_by_key(|(_, source)| file_name(source.path()) != ".gitlab-ci.yml");
    if roots.is_empty() {
        return None;
    }
    let yaml = sources.paths().filter(|(_, path)| Yaml.claims(path));
    let files: BTreeMap<&str, SourceId> = yaml.map(|(id, path)| (path, id)).collect();
    let mut texts: BTreeMap<SourceId, String> = BTreeMap::new();
    let mut parts: BTreeMap<SourceId, Vec<Part>> = BTreeMap::new();
    let mut homes = BTreeMap::new();
    let mut taken: BTreeSet<SourceId> = BTreeSet::new();
    for (id, source) in roots {
        let whole = Yaml.parse(id, source.text());
        if taken.contains(&id) || !whole.problems.is_empty() {
            continue;
        }
        let within = included(sources, &files, (id, source));
        let mut text = source.text().to_owned();
        let mut own = vec![Part { start: 0, end: text.len(), file: id }];
        let mut jobs: BTreeMap<String, SourceId> = BTreeMap::new();
        for (file, source) in within {
            let parsed = Yaml.parse(file, source.text());
            if text.len() + source.text().len() > MOST || !parsed.problems.is_empty() {
                // It stands alone, and what is wrong with it hides nothing of the others.
                continue;
            }
            text += BETWEEN;
            let start = text.len();
            text += source.text();
            own.push(Part { start, end: text.len(), file });
            for document in &parsed.documents {
                let keys = document.entries().iter().filter_map(|entry| entry.key.as_str());
                let names = keys.filter(|key| !is_above_jobs(key));
                jobs.extend(names.map(|name| (name.to_ascii_lowercase(), file)));
            }
        }
        if own.len() < 2 {
            continue;
        }
        for document in &whole.documents {
            let keys = document.entries().iter().filter_map(|entry| entry.key.as_str());
            for key in keys {
                jobs.remove(&key.to_ascii_lowercase());
            }
        }
        taken.extend(own.iter().skip(1).map(|part| part.file));
        texts.insert(id, text);
        parts.insert(id, own);
        homes.insert(id, jobs);
    }
    let ids: Vec<SourceId> = texts.keys().copied().collect();
    let joined = Joined { sources: sources.with(texts), parts, homes };
    for found in recognised.iter_mut() {
        // What a file gives that is included, the pipeline gives.
        found.contributions.retain(|part| !taken.contains(&part.source));
    }
    for id in ids {
        let Some(source) = joined.sources.get(id) else { continue };
        let parsed = Yaml.parse(id, source.text());
        let contributions = recognise::read(source, id, &parsed).contributions;
        match recognised.iter_mut().find(|found| found.source() == Some(id)) {
            Some(known) => known.contributions = contributions,
            None => recognised.push(Recognised { contributions, ..Recognised::default() }),
        }
    }
    (!joined.parts.is_empty()).then_some(joined)
}

impl Joined {
    /// Gives every file its own places back, and the jobs that are written in it.
    pub fn part(&self, recognised: &mut [Recognised], ways: &mut Ways) {
        let outer = |at: Location| self.outer(at);
        for contribution in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
            contribution.move_to(&outer);
            let said = contribution.said.as_ref().map_or(&[][..], |said| &said.names);
            let jobs = self.homes.get(&contribution.source);
            let home = jobs.and_then(|jobs| said.iter().take(2).find_map(|name| jobs.get(name)));
            contribution.source = home.copied().unwrap_or(contribution.source);
        }
        for secret in recognised.iter_mut().flat_map(|found| &mut found.secrets) {
            secret.at = outer(secret.at);
        }
        for (at, led) in std::mem::take(ways) {
            let known = ways.entry(outer(at)).or_default();
            let moved = led.into_iter().map(|way| Way { at: outer(way.at), ..way });
            known.extend(moved);
        }
    }

    fn outer(&self, at: Location) -> Location {
        let (start, end) = (at.span.start as usize, at.span.end as usize);
        let parts = self.parts.get(&at.source).into_iter().flatten();
        let mut around = parts.filter(|part| part.start <= start && end <= part.end);
        around.next().map_or(at, |part| Location {
            source: part.file,
            span: Span::new(start - part.start, end - part.start),
        })
    }
}

/// The files that a pipeline includes, each behind those that it includes itself: what comes later is merged over what came before.
fn included<'s>(
    sources: &'s Sources,
    files: &BTreeMap<&str, SourceId>,
    (root, source): (SourceId, &'s Source),
) -> Vec<(SourceId, &'s Source)> {
    let mut found = Vec::new();
    let mut known: BTreeSet<SourceId> = BTreeSet::from([root]);
    let folder = parent(source.path());
    // A file stands twice: before what it includes is known, and behind it.
    let mut open: Vec<(SourceId, &Source, Option<usize>)> = vec![(root, source, Some(0))];
    while let Some((id, source, depth)) = open.pop() {
        let Some(depth) = depth else {
            found.push((id, source));
            continue;
        };
        if id != root {
            open.push((id, source, None));
        }
        let documents = Yaml.parse(id, source.text()).documents;
        let paths: Vec<&str> =
            documents.iter().flat_map(|document| named(document, folder, files)).collect();
        for path in paths.into_iter().rev().filter(|_| depth < MAX_WITHIN) {
            let id = files.get(path).copied().filter(|id| known.insert(*id));
            open.extend(id.and_then(|id| Some((id, sources.get(id)?, Some(depth + 1)))));
        }
    }
    found
}

/// The files that a document includes, by their paths from the root of its repository or by patterns of them.
fn named<'f>(document: &Node, folder: &str, files: &BTreeMap<&'f str, SourceId>) -> Vec<&'f str> {
    let include = document.get("include").into_iter();
    let nodes = include.flat_map(|node| std::iter::once(node).chain(node.items()));
    // What is included under a condition is no part of every pipeline: its file stands alone.
    let nodes = nodes.filter(|node| node.get("rules").is_none());
    let path = |node: &Node| {
        let path = node.as_str().or_else(|| node.get("local")?.as_str())?;
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let slash = if folder.is_empty() { "" } else { "/" };
        (!path.contains("://")).then(|| format!("{folder}{slash}{path}"))
    };
    // `*` stands for what is no `/`, `**` for anything.
    let matching = |path: String| {
        let glob = GlobBuilder::new(&path).literal_separator(true).build().ok();
        let matcher = glob.map(|glob| glob.compile_matcher());
        let is_whole = !path.contains(['*', '?', '[', '{']);
        let whole = files.get_key_value(path.as_str()).map(|(file, _)| *file).filter(|_| is_whole);
        let meant = matcher.filter(|_| !is_whole).into_iter().flat_map(|matcher| {
            files.keys().copied().filter(move |file| matcher.is_match(file)).collect::<Vec<_>>()
        });
        whole.into_iter().chain(meant).collect::<Vec<&str>>()
    };
    nodes.filter_map(path).flat_map(matching).collect()
}
