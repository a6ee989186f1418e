//! How to go on behind the findings: the pages of their rules, and of one of them the lines of TOML that accept it for a time, or that put
//! right what was guessed of its instances.

use std::collections::{BTreeMap, BTreeSet};

use super::{Report, disclosure, printable};
use crate::declared::globs::Globs;
use crate::model::instance::{Evidence, Feed, Instance, Kind, UNNAMED};
use crate::rule::{self, Diagnostic, NEVER_WAIVED, Rule};
use crate::source::SourceId;

/// How many files of an instance are listed; of one with more, no lines are given.
const MAX_FILES: usize = 8;

/// The lines; none where nothing is found.
#[must_use]
pub fn lines(run: &Report<'_>) -> Vec<String> {
    if run.diagnostics.is_empty() {
        return Vec::new();
    }
    let rules: BTreeSet<&str> = run.diagnostics.iter().map(|found| found.rule.as_str()).collect();
    let mut lines = vec!["why, and what else helps:".to_owned()];
    lines.extend(rules.iter().map(|rule| format!("  commerce-lint explain {rule}")));
    let Some(first) = run.diagnostics.iter().find(|found| can_wait(run, &found.rule)) else {
        return lines;
    };
    let rule = &first.rule;
    if is(run, rule, Rule::tells_change) {
        if let Some(entry) = intended(run, first) {
            lines.push(format!("if `{rule}` tells what is meant, in commerce-lint.toml:"));
            lines.extend(entry);
        }
    } else {
        // What comes with a change is not accepted by it.
        let by = first.trend.map_or("", |_| ", in a change that is pushed or merged before");
        lines.push(format!("to accept `{rule}` here for a time, in commerce-lint.toml{by}:"));
        lines.extend(waiver(run, first));
    }
    let guessed: Vec<&Instance> = concerned(run, first);
    if let Some(instance) = guessed.first() {
        let name = printable::text(&instance.name);
        lines.push(format!("if `{name}` was guessed wrong:"));
        lines.extend(declaration(run, instance, other_kind(instance)));
        if let Some(other) = guessed.get(1) {
            let other_name = printable::text(&other.name);
            lines.push(format!("or if `{other_name}` is the same installation:"));
            // What it is another name of has to be declared, too.
            lines.extend(declaration(run, instance, String::new()).into_iter().take(2));
            lines.push(format!("  [instances.{}]{}", key(&other.name), any_name(other)));
            lines.push(format!("  same-as = {}", printable::toml(&instance.name)));
        }
    }
    lines
}

/// The lines that accept a finding for a time; none where that should not wait, or comes with a change.
pub(crate) fn accepting(run: &Report<'_>, found: &Diagnostic) -> Option<Vec<String>> {
    let can = can_wait(run, &found.rule) && !is(run, &found.rule, Rule::tells_change);
    can.then(|| waiver(run, found))
}

/// The instances of a finding that were guessed, each with the lines that declare it as it was found.
pub(crate) fn declaring(run: &Report<'_>, found: &Diagnostic) -> Vec<(String, Vec<String>)> {
    let lines = |of: &Instance| (printable::text(&of.name), declaration(run, of, same_kind(of)));
    concerned(run, found).into_iter().map(lines).collect()
}

/// Whether anybody should be shown how to accept what a rule finds: a secret that others can read does not wait.
fn can_wait(run: &Report<'_>, id: &str) -> bool {
    !NEVER_WAIVED.contains(&id) && !is(run, id, Rule::is_on_secrets)
}

fn is(run: &Report<'_>, id: &str, what: fn(&Rule) -> bool) -> bool {
    rule::of_id(run.rules, id).is_some_and(what)
}

/// What announces a change, where it leads to a value that has a name.
fn intended(run: &Report<'_>, found: &Diagnostic) -> Option<Vec<String>> {
    let finding = &found.finding;
    let value = disclosure::names(run.inventory).get(&finding.primary.at).copied()?;
    let [name] = finding.instances.as_slice() else { return None };
    Some(vec![
        "  [[intended]]".to_owned(),
        format!("  rule = \"{}\"", found.rule),
        format!("  instance = {}", printable::toml(name)),
        format!("  value = \"{value}\"   # what it changes to"),
        "  reason = \"…\"".to_owned(),
        "  expires = YYYY-MM-DD   # its last day".to_owned(),
    ])
}

/// A waiver for a finding and nothing else.
fn waiver(run: &Report<'_>, found: &Diagnostic) -> Vec<String> {
    let finding = &found.finding;
    let mut lines = vec!["  [[waivers]]".to_owned(), format!("  rule = \"{}\"", found.rule)];
    if finding.instances.len() < 2
        && let Some(path) = path(run, found)
    {
        lines.push(format!("  path = {}", printable::toml(&path)));
    }
    if !finding.instances.is_empty() {
        let names: Vec<String> =
            finding.instances.iter().map(|name| printable::toml(name)).collect();
        lines.push(format!("  instances = [{}]", names.join(", ")));
    }
    lines.push("  reason = \"…\"".to_owned());
    lines.push("  expires = YYYY-MM-DD   # its last day".to_owned());
    lines
}

/// The path of a finding's file as configurations have it, whatever the tree is called here.
fn path(run: &Report<'_>, found: &Diagnostic) -> Option<String> {
    let source = run.sources.get(found.finding.primary.at.source)?;
    let special = |letter: char| "*?[]{}!\\".contains(letter);
    (!source.path().contains(special)).then(|| source.path().to_owned())
}

/// The instances of a finding that nobody declared, production first.
fn concerned<'a>(run: &Report<'a>, found: &Diagnostic) -> Vec<&'a Instance> {
    let names: BTreeSet<&str> = found.finding.instances.iter().map(String::as_str).collect();
    // What is declared of a file that two instances have as theirs would take the other's away.
    let mut holders: BTreeMap<SourceId, usize> = BTreeMap::new();
    for feed in run.inventory.instances.iter().flat_map(own_feeds) {
        *holders.entry(feed.source).or_default() += 1;
    }
    let is_guessed = |instance: &&Instance| {
        names.contains(instance.name.as_str())
            && instance.kind.evidence != Evidence::Declared
            && (1..=MAX_FILES).contains(&own_feeds(instance).count())
            && own_feeds(instance).all(|feed| holders.get(&feed.source) == Some(&1))
    };
    let mut guessed: Vec<&Instance> = run.inventory.instances.iter().filter(is_guessed).collect();
    guessed.sort_by_key(|instance| instance.kind.value);
    guessed
}

fn own_feeds(instance: &Instance) -> impl Iterator<Item = &Feed> {
    instance.feeds.iter().filter(|feed| !feed.inherited)
}

/// The line for the kind that an instance was not taken for.
fn other_kind(instance: &Instance) -> String {
    let (kind, other) = match instance.kind.value {
        Kind::Production => ("non-production", "production"),
        Kind::NonProduction | Kind::Unknown => ("production", "non-production"),
    };
    format!("  kind = \"{kind}\"   # or \"{other}\"")
}

/// The line for the kind that an instance was taken for; of one that nobody knows the kind of, somebody has to say it.
fn same_kind(instance: &Instance) -> String {
    let line = match instance.kind.value {
        Kind::Production => "  kind = \"production\"",
        Kind::NonProduction => "  kind = \"non-production\"",
        Kind::Unknown => "  # kind = \"production\"   # or \"non-production\": nothing says which",
    };
    line.to_owned()
}

fn declaration(run: &Report<'_>, instance: &Instance, kind: String) -> Vec<String> {
    let files: BTreeSet<String> =
        own_feeds(instance).map(|feed| pattern(&path_in_tree(run, feed.source))).collect();
    let files: Vec<String> = files.into_iter().collect();
    vec![
        format!("  [instances.{}]{}", key(&instance.name), any_name(instance)),
        format!("  files = [{}]", files.join(", ")),
        kind,
    ]
}

/// What stands behind the name of an instance that nothing names.
fn any_name(instance: &Instance) -> &'static str {
    if instance.name == UNNAMED { "   # or a name of its own" } else { "" }
}

/// The pattern of a path, as TOML has it.
fn pattern(path: &str) -> String {
    printable::toml(&Globs::exact(path))
}

/// The path of a file from the root of the tree. Of one whose text nobody needed, only the whole name is known: what the tree is called by is
/// what another file has before its path.
fn path_in_tree(run: &Report<'_>, file: SourceId) -> String {
    if let Some(source) = run.sources.get(file) {
        return source.path().to_owned();
    }
    let called = run.diagnostics.iter().find_map(|found| {
        let id = found.finding.primary.at.source;
        run.sources.path(id).strip_suffix(run.sources.get(id)?.path())
    });
    let path = run.sources.path(file);
    path.strip_prefix(called.unwrap_or_default()).unwrap_or(path).to_owned()
}

/// A name as a key of TOML: bare where it can be.
pub(crate) fn key(name: &str) -> String {
    let is_bare = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_bare { name.to_owned() } else { printable::toml(name) }
}
