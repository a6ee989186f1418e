//! A change is tried before it counts: the tree is read once more with the new texts in the place of the files.
//!
//! The finding must be gone, none may be new, and every setting but the one that is mended must be what it was. Changes are tried together,
//! and by halves where that is not sound.

use std::collections::BTreeMap;

use super::candidates::{Candidate, Key, key};
use super::change::Effect;
use crate::discover::given::Texts;
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting, Value};
use crate::rule::Diagnostic;
use crate::source::{Location, Span};
use crate::states::Request;
use crate::{Outcome, run};

/// The rule that tells of placeholders.
const PLACEHOLDER: &str = "placeholder-value";

/// Tries what could mend one state of a tree.
pub struct Trial<'a> {
    request: &'a Request,
    now: &'a Outcome,
    /// How often the tree may still be read.
    left: usize,
    /// What is sound, all of it together.
    pub sound: Vec<Candidate>,
    /// The tree with that.
    pub outcome: Option<Outcome>,
}

impl<'a> Trial<'a> {
    pub fn new(request: &'a Request, now: &'a Outcome, left: usize) -> Self {
        Self { request, now, left, sound: Vec::new(), outcome: None }
    }

    /// Tries changes that lie apart from each other and from what was tried before; tells how often the tree may be read after that.
    pub fn settle(&mut self, group: Vec<Candidate>) -> usize {
        let mut waiting = vec![group];
        while let Some(mut group) = waiting.pop().filter(|_| self.left > 0) {
            if group.is_empty() {
                continue;
            }
            self.left -= 1;
            let with: Vec<Candidate> = self.sound.iter().chain(&group).cloned().collect();
            if let Some(outcome) = tried(self.request, self.now, &with) {
                (self.sound, self.outcome) = (with, Some(outcome));
            } else if group.len() > 1 {
                let second = group.split_off(group.len() / 2);
                waiting.extend([second, group]);
            }
        }
        self.left
    }
}

/// Takes out of changes those that lie apart from each other, the first of two that do not.
pub fn apart(changes: &mut Vec<Candidate>) -> Vec<Candidate> {
    let mut taken: Vec<Location> = Vec::new();
    let (apart, left) = std::mem::take(changes).into_iter().partition(|change| {
        let places = change.fix.edits.iter().map(|edit| edit.at);
        let meets = |at: Location| {
            let is_met = |other: &Location| {
                let (one, other_span) = (at.span, other.span);
                at.source == other.source
                    && one.start <= other_span.end
                    && other_span.start <= one.end
            };
            taken.iter().any(is_met)
        };
        let is_free = !places.clone().any(meets);
        if is_free {
            taken.extend(places);
        }
        is_free
    });
    *changes = left;
    apart
}

/// A text with changes made, and where what is new stands in it.
pub fn changed(text: &str, mut edits: Vec<(Span, &str)>) -> (String, Vec<Span>) {
    edits.sort_by_key(|(span, _)| *span);
    let mut after = String::with_capacity(text.len());
    let (mut from, mut places) = (0, Vec::new());
    for (span, new) in edits {
        after.push_str(text.get(from..span.range().start).unwrap_or_default());
        places.push(Span::new(after.len(), after.len() + new.len()));
        after.push_str(new);
        from = span.range().end;
    }
    after.push_str(text.get(from..).unwrap_or_default());
    (after, places)
}

/// The files that changes are about, with what changes there.
pub fn by_file(changes: &[Candidate]) -> BTreeMap<&str, Vec<(Location, &str)>> {
    let mut files: BTreeMap<&str, Vec<(Location, &str)>> = BTreeMap::new();
    for change in changes {
        let edits = change.fix.edits.iter().map(|edit| (edit.at, edit.new.as_str()));
        files.entry(&change.path).or_default().extend(edits);
    }
    files
}

/// The texts of a tree with changes made.
pub fn texts(request: &Request, now: &Outcome, changes: &[Candidate]) -> Option<Texts> {
    let mut texts = request.texts.clone();
    for (path, edits) in by_file(changes) {
        let source = now.sources.readable(edits.first()?.0.source)?;
        let edits = edits.into_iter().map(|(at, new)| (at.span, new)).collect();
        texts.put(path, changed(source.text(), edits).0.as_bytes());
    }
    Some(texts)
}

/// The tree with changes made, where they are sound.
pub fn tried(request: &Request, now: &Outcome, changes: &[Candidate]) -> Option<Outcome> {
    let texts = texts(request, now, changes)?;
    // A text of ours that makes the tree unreadable is no mistake of the tree's.
    let recall = request.recall.still();
    let outcome = run(&Request { texts, recall, ..request.clone() }).ok()?;
    is_sound(now, &outcome, changes).then_some(outcome)
}

/// Whether changes take their findings away and do nothing else.
fn is_sound(before: &Outcome, after: &Outcome, changes: &[Candidate]) -> bool {
    let (was, is) = (told(before), told(after));
    let named = renamed(before, changes);
    let count = |of: &BTreeMap<Key, Vec<&Diagnostic>>, key: &Key| of.get(key).map_or(0, Vec::len);
    let mended = |key: &Key| changes.iter().filter(|change| change.key == *key).count();
    let is_gone = |change: &Candidate| {
        count(&is, &change.key) + mended(&change.key) <= count(&was, &change.key)
    };
    let is_meant = |key: &Key, found: &[&Diagnostic]| {
        count(&was, key) >= found.len()
            || named.get(key).is_some_and(|of| *of + count(&was, key) >= found.len())
            || key[0] == PLACEHOLDER && changes.iter().any(|change| is_held(change, key))
            || found.iter().all(|found| is_left(found, &was, changes))
    };
    changes.iter().all(is_gone)
        && changes
            .iter()
            .all(|change| !holds(change) || is.keys().any(|key| is_placed(change, key)))
        && is.iter().all(|(key, found)| is_meant(key, found))
        && after.summary.complete >= before.summary.complete
        && before.inventory.problems.len() >= after.inventory.problems.len()
        && before.inventory.instances.iter().map(|of| &of.name).eq(after
            .inventory
            .instances
            .iter()
            .map(|of| &of.name))
        && secrets(before, changes) == secrets(after, &[])
        && settings(before, changes) == settings(after, &[])
}

/// The findings of a tree, by what they are known by.
fn told(outcome: &Outcome) -> BTreeMap<Key, Vec<&Diagnostic>> {
    let mut told: BTreeMap<Key, Vec<&Diagnostic>> = BTreeMap::new();
    for found in &outcome.diagnostics {
        told.entry(key(outcome, found)).or_default().push(found);
    }
    told
}

/// The findings that name a value which is mended, as they name it then: how many of each.
fn renamed(before: &Outcome, changes: &[Candidate]) -> BTreeMap<Key, usize> {
    let settings = &before.inventory.settings;
    let values = changes.iter().filter_map(|change| match &change.effect {
        Effect::Value(at, Value::Literal(new)) => {
            let old = settings.iter().find(|setting| setting.at == *at)?.value.literal()?;
            Some((quoted(old.trim()), quoted(new.trim())))
        }
        _ => None,
    });
    let values: Vec<(String, String)> = values.collect();
    let mut named: BTreeMap<Key, usize> = BTreeMap::new();
    for found in &before.diagnostics {
        let [rule, path, message] = key(before, found);
        let is = |text: String, (old, new): &(String, String)| text.replace(old, new);
        let then = values.iter().fold(message.clone(), is);
        if then != message {
            *named.entry([rule, path, then]).or_default() += 1;
        }
    }
    named
}

/// A text as findings quote it.
fn quoted(text: &str) -> String {
    format!("`{text}`")
}

/// Whether a change leaves a placeholder, which must be told.
fn holds(change: &Candidate) -> bool {
    matches!(change.effect, Effect::Placeholder(..) | Effect::Value(_, Value::Placeholder))
}

/// Whether a finding tells the placeholder of a change.
fn is_held(change: &Candidate, key: &Key) -> bool {
    holds(change) && is_placed(change, key)
}

fn is_placed(change: &Candidate, [rule, path, _]: &Key) -> bool {
    rule == PLACEHOLDER && *path == change.path
}

/// Whether a finding is what is left of one that is mended: of the same rule and with fewer instances, or less bad at the same place.
fn is_left(
    found: &Diagnostic,
    was: &BTreeMap<Key, Vec<&Diagnostic>>,
    changes: &[Candidate],
) -> bool {
    let mended = changes.iter().filter_map(|change| was.get(&change.key)).flatten();
    mended.into_iter().any(|before| {
        let (is, was) = (&found.finding.instances, &before.finding.instances);
        let is_fewer = is.len() < was.len() && is.iter().all(|name| was.contains(name));
        let is_there = before.finding.primary.at == found.finding.primary.at;
        before.rule == found.rule && is_fewer || is_there && found.severity < before.severity
    })
}

/// The private keys of a tree, but for those in whose place something else stands then.
fn secrets(outcome: &Outcome, changes: &[Candidate]) -> Vec<(String, String)> {
    let edits = || changes.iter().flat_map(|change| &change.fix.edits);
    let is_left = |at: Location| !edits().any(|edit| edit.at.overlaps(at));
    let secrets = outcome.inventory.secrets.iter().filter(|secret| is_left(secret.at));
    let mut all: Vec<(String, String)> = secrets
        .map(|secret| (outcome.sources.shown(secret.at.source), secret.fingerprint.to_string()))
        .collect();
    all.sort();
    all
}

/// The settings of a tree as changes make them, without their places.
fn settings(outcome: &Outcome, changes: &[Candidate]) -> Vec<String> {
    let inventory = &outcome.inventory;
    let given = inventory.commands.iter().flat_map(|command| &command.settings);
    let mut all: Vec<String> = inventory
        .settings
        .iter()
        .map(|setting| ("set", setting))
        .chain(given.map(|setting| ("said", setting)))
        .map(|(how, setting)| {
            let path = outcome.sources.shown(setting.at.source);
            let Setting { parameter, carrier, .. } = *setting;
            let (scope, value) = as_changed(setting, changes);
            line(how, &path, parameter, carrier, scope, &value)
        })
        .collect();
    for change in changes {
        if let Effect::Placeholder(parameter, carrier) = change.effect {
            let value = shape(&Value::Placeholder);
            all.push(line("set", &change.path, parameter, carrier, &Scope::Default, &value));
        }
    }
    all.sort();
    all
}

fn line(
    how: &str,
    path: &str,
    parameter: Parameter,
    carrier: Carrier,
    scope: &Scope,
    value: &str,
) -> String {
    format!("{how} {path} {parameter:?} {carrier:?} {scope:?} {value}")
}

/// For what a setting is then, and what its value is.
fn as_changed<'s>(setting: &'s Setting, changes: &[Candidate]) -> (&'s Scope, String) {
    let (mut scope, mut value) = (&setting.scope, None);
    for change in changes {
        match &change.effect {
            Effect::Scope(at) if *at == setting.at => scope = &Scope::Default,
            Effect::Value(at, new) if *at == setting.at => value = Some(new),
            _ => {}
        }
    }
    (scope, shape(value.unwrap_or(&setting.value)))
}

/// A value without the places of what it may be: they move with the text around them.
fn shape(value: &Value) -> String {
    match value {
        Value::OneOf(several) => {
            let shapes: Vec<String> = several.iter().map(|one| shape(&one.value)).collect();
            format!("{shapes:?}")
        }
        value => format!("{value:?}"),
    }
}
