//! What an editor asks of a place: what it means, what decides it, where else it stands.

use serde_json::{Value, json};

use super::places::{self, Root};
use crate::Outcome;
use crate::config::FILE_NAMES;
use crate::model::instance::{Instance, Resolved};
use crate::model::setting::{Setting, SettingId};
use crate::report::{columns, facts, printable, prose};
use crate::source::{Location, Source, SourceId, Span};

/// The questions that are answered.
pub const KNOWN: [&str; 6] = [
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentSymbol",
    "textDocument/codeAction",
    "textDocument/completion",
];

/// What is said of values between which there is no order.
const NO_ORDER: &str = ", and nothing says which of the two wins";

/// The answer to a question about a file; none where there is nothing to say.
pub fn answer(
    method: &str,
    outcome: &Outcome,
    root: &Root,
    name: &str,
    params: &Value,
) -> Option<Value> {
    let (id, source) = places::source(&outcome.sources, name)?;
    if method == "textDocument/documentSymbol" {
        return Some(symbols(outcome, id));
    }
    let offset = places::offset(source, params.get("position")?)?;
    let here = Place { id, offset };
    let links = |places: Vec<Location>| {
        let mut places = places;
        places.sort_unstable();
        places.dedup();
        let links = places.into_iter();
        json!(links.filter_map(|at| places::place(&outcome.sources, root, at)).collect::<Vec<_>>())
    };
    match method {
        "textDocument/hover" => {
            Some(told(&of_setting(outcome, settings(outcome, here).first()?.0)))
        }
        "textDocument/definition" if FILE_NAMES.contains(&name) => {
            let line = source.slice(source.line_span(source.line_of(offset)));
            let instance = named_instance(outcome, line)?;
            let start = |file: SourceId| Location::new(file, 0, 0);
            Some(links(instance.feeds.iter().map(|feed| start(feed.source)).collect()))
        }
        "textDocument/definition" => Some(links(deciding(outcome, here))),
        "textDocument/references" => {
            let names = outcome.inventory.fingerprints();
            let here = settings(outcome, here);
            let wanted = here.iter().find_map(|(_, setting)| names.get(&setting.at))?;
            let same = names.iter().filter(|(_, name)| *name == wanted);
            Some(links(same.map(|(at, _)| *at).collect()))
        }
        _ => None,
    }
}

/// A place in a file.
#[derive(Clone, Copy)]
struct Place {
    id: SourceId,
    offset: u32,
}

impl Place {
    fn is_in(self, at: Location) -> bool {
        at.source == self.id && at.span.start <= self.offset && self.offset <= at.span.end
    }
}

/// A text that is shown at a place.
pub fn told(text: &str) -> Value {
    json!({ "contents": { "kind": "markdown", "value": text } })
}

/// The settings at a place; those whose value stands there first.
fn settings(outcome: &Outcome, here: Place) -> Vec<(SettingId, &Setting)> {
    let all = || (0..).map(SettingId).zip(&outcome.inventory.settings);
    let of_value = all().filter(|(_, setting)| here.is_in(setting.at));
    let of_key = all().filter(|(_, setting)| !here.is_in(setting.at) && here.is_in(setting.key_at));
    of_value.chain(of_key).collect()
}

/// What every instance has at its parameters.
fn resolved(instance: &Instance) -> impl Iterator<Item = &Resolved> {
    instance.settings.values().chain(instance.scoped.values())
}

/// The places that decide what an instance has where this place says something: what a name stands for, what wins over it.
fn deciding(outcome: &Outcome, here: Place) -> Vec<Location> {
    let inventory = &outcome.inventory;
    let ways = inventory.ways.iter().filter(|(_, ways)| ways.iter().any(|way| here.is_in(way.at)));
    let mut places: Vec<Location> = ways.map(|(at, _)| *at).collect();
    for (id, setting) in settings(outcome, here) {
        let over = inventory.instances.iter().flat_map(resolved);
        let over = over.filter(|found| found.overridden.contains(&id));
        places.extend(over.map(|found| inventory.setting(found.winner).at));
        if places.is_empty() {
            places.push(setting.at);
        }
    }
    places
}

/// Which instances take a setting, and what it does in each.
fn of_setting(outcome: &Outcome, id: SettingId) -> String {
    let inventory = &outcome.inventory;
    let setting = inventory.setting(id);
    let place =
        |id: SettingId| format!("`{}`", prose::place(inventory.setting(id).at, &outcome.sources));
    let name = setting.parameter.name();
    // What is no secret is meant to stand there.
    let is_plain = setting.value.literal().is_some() && !setting.parameter.is_secret();
    let head = if is_plain {
        format!("`{name}`")
    } else {
        format!("`{name}`: {}", facts::state(&setting.value))
    };
    let mut lines = vec![head, String::new()];
    for instance in &inventory.instances {
        for found in resolved(instance) {
            let listed = |word: &str, ids: Vec<SettingId>| {
                let places: Vec<String> = ids.into_iter().map(place).collect();
                if places.is_empty() {
                    String::new()
                } else {
                    format!("{word}{}", places.join(", "))
                }
            };
            let is_rival = |id: &SettingId| found.rivals.contains(id);
            let (beside, over): (Vec<SettingId>, Vec<SettingId>) =
                found.overridden.iter().copied().partition(is_rival);
            let says = if found.winner == id && !beside.is_empty() {
                format!("{}{NO_ORDER}", listed("beside ", beside)) + &listed(", overrides ", over)
            } else if found.winner == id {
                format!("in force{}", listed(", overrides ", over))
            } else if is_rival(&id) {
                format!("beside {}{NO_ORDER}", place(found.winner))
            } else if found.overridden.contains(&id) {
                format!("overridden by {}", place(found.winner))
            } else {
                continue;
            };
            let (name, kind) = (printable::text(&instance.name), instance.kind.value.word());
            let why = columns::origin(instance.kind.evidence);
            lines.push(format!("- `{name}` ({kind}, {why}): {says}"));
        }
    }
    if lines.len() == 2 {
        lines.push("no instance takes it".to_owned());
    }
    let names = inventory.fingerprints();
    let same = names.get(&setting.at).into_iter().flat_map(|name| {
        names.iter().filter(move |(at, other)| *other == name && **at != setting.at)
    });
    let same: Vec<String> = same
        .map(|(at, _)| format!("`{}`{}", prose::place(*at, &outcome.sources), users(outcome, *at)))
        .collect();
    if !same.is_empty() {
        let more = same.len().saturating_sub(8);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(String::new());
        lines.push(format!("the same value: {}{more}", same.get(..8).unwrap_or(&same).join(", ")));
    }
    lines.join("\n")
}

/// The instances that a value is in force in, behind its place.
fn users(outcome: &Outcome, at: Location) -> String {
    let inventory = &outcome.inventory;
    let is_it = |found: &Resolved| inventory.setting(found.winner).at == at;
    let users = inventory.instances.iter().filter(|instance| resolved(instance).any(is_it));
    let names: Vec<String> =
        users.take(8).map(|user| format!("`{}`", printable::text(&user.name))).collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

/// The instance whose table a line of the configuration opens.
fn named_instance<'o>(outcome: &'o Outcome, line: &str) -> Option<&'o Instance> {
    let name = line.trim().strip_prefix("[instances.")?.split(']').next()?;
    outcome.inventory.named(name.trim_matches(['"', '\'']))
}

/// What the instance is whose table the line at an offset opens.
pub fn of_named(outcome: &Outcome, source: &Source, offset: u32) -> Option<String> {
    let line = source.slice(source.line_span(source.line_of(offset)));
    Some(of_instance(outcome, named_instance(outcome, line)?))
}

/// What an instance is, and which files it is read from.
fn of_instance(outcome: &Outcome, instance: &Instance) -> String {
    let kind = format!("{}, {}", instance.kind.value.word(), instance.kind.evidence.word());
    let mut lines = vec![format!("`{}`: {kind}", printable::text(&instance.name)), String::new()];
    for feed in instance.feeds.iter().take(16) {
        let path = printable::text(outcome.sources.path(feed.source));
        lines.push(format!("- `{path}`: {}", printable::text(&feed.why)));
    }
    lines.join("\n")
}

/// The settings of a file.
fn symbols(outcome: &Outcome, id: SourceId) -> Value {
    let here = outcome.inventory.settings.iter();
    let here = here.filter(|setting| setting.at.source == id && setting.key_at.source == id);
    let symbol = |setting: &Setting| {
        let (key, value) = (setting.key_at.span, setting.at.span);
        let whole = Location {
            source: id,
            span: Span { start: key.start.min(value.start), end: key.end.max(value.end) },
        };
        let names = outcome.inventory.readers(setting.at).join(", ");
        json!({
            "name": setting.parameter.name(),
            "detail": printable::text(&names),
            "kind": 7,
            "range": places::range(&outcome.sources, whole),
            "selectionRange": places::range(&outcome.sources, setting.key_at),
        })
    };
    json!(here.map(symbol).collect::<Vec<_>>())
}
