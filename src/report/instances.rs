//! The listing of instances as a person reads it: a line for each; a block for each whose details are asked for, with the reasons.

use std::collections::BTreeMap;
use std::io;

use unicode_width::UnicodeWidthStr;

use super::columns::{NONE, WIDEST, origin, pad, setting, shown, widest};
use super::facts::{self, Held};
use super::instance_lines::lines;
use super::instance_reasons::reasons;
use super::paint::Style;
use super::{Report, Reporter, count, printable};
use crate::model::instance::{Feed, Instance, Kind, Read, UNNAMED};
use crate::model::parameter::{Parameter, Slot};

/// How many files or instances are listed in a row of values.
const MAX_LISTED: usize = 6;

/// `instances`, for people.
#[derive(Clone, Debug, Default)]
pub struct InstanceTable {
    /// Whether to use ANSI colours.
    pub color: bool,
    /// Whether to say what each ends up with, and why.
    pub explain: bool,
    /// The instances that are meant, in full; all where none is named.
    pub names: Vec<String>,
}

impl Reporter for InstanceTable {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let is_meant =
            |instance: &&Instance| self.names.is_empty() || self.names.contains(&instance.name);
        let instances: Vec<&Instance> = run.inventory.instances.iter().filter(is_meant).collect();
        let spaces = facts::by_data_space(run.inventory);
        if !self.explain && self.names.is_empty() {
            lines(run, &spaces, self.color, out)?;
            return self.close(run, instances.len(), out);
        }
        let names: Vec<String> = instances.iter().map(|instance| shown(&instance.name)).collect();
        let width = widest(names.iter());
        for (instance, name) in instances.iter().zip(&names) {
            let kind = instance.kind.value;
            let style = if kind == Kind::Production { Style::Yellow } else { Style::Cyan };
            let kind = style.paint(self.color, &pad(kind.word(), "non-production".len()));
            let name = Style::Bold.paint(self.color, &pad(name, width));
            let from = Style::Dim.paint(self.color, &origin(instance.kind.evidence));
            writeln!(out, "{name}  {kind}  {from}")?;
            for (label, value) in Self::rows(run, instance, &spaces) {
                writeln!(
                    out,
                    "  {}  {value}",
                    Style::Dim.paint(self.color, &pad(label, "data space".len()))
                )?;
            }
            writeln!(out)?;
        }
        reasons(run, &instances, self.names.is_empty(), self.color, out)?;
        self.close(run, instances.len(), out)
    }
}

type Row = (&'static str, String);

impl InstanceTable {
    fn close(&self, run: &Report<'_>, listed: usize, out: &mut dyn io::Write) -> io::Result<()> {
        let found = match (listed, self.names.is_empty()) {
            (0, true) => "no instances found".to_owned(),
            (some, true) => count(some, "instance"),
            (some, false) => {
                format!("{some} of {}", count(run.inventory.instances.len(), "instance"))
            }
        };
        let files = count(run.summary.files_read, "file");
        writeln!(out, "{found} ({files} read){}", run.incompleteness())
    }

    fn rows(
        run: &Report<'_>,
        instance: &Instance,
        spaces: &BTreeMap<String, Vec<&Instance>>,
    ) -> Vec<Row> {
        let mut rows = Vec::new();
        if instance.name == UNNAMED && !instance.is_declared() {
            let help = "nothing here names it; `[instances.NAME]` in commerce-lint.toml does";
            rows.push(("name", format!("{NONE}: {help}")));
        }
        rows.push(("kind", said(&instance.kind, instance.kind.value.word())));
        rows.push(("account", said(&instance.account, &instance.account.value)));
        if instance.same_as != instance.name {
            rows.push(("same as", shown(&instance.same_as)));
        }
        rows.push(("data space", data_space(run, instance, spaces)));
        rows.push(("project", setting(run, instance, Parameter::Project)));
        for (label, slot) in ["keys", ""].into_iter().zip(Slot::ALL) {
            let [api_key, private_key] = facts::keys(run.inventory, instance, slot);
            let pair = match (api_key, private_key) {
                (None, None) => NONE.to_owned(),
                _ => {
                    format!("api key {}  private key {}", pad(&key(api_key), 12), key(private_key))
                }
            };
            rows.push((label, format!("{}  {pair}", pad(slot.word(), "production".len()))));
        }
        rows.extend(feeds(run, instance));
        rows
    }
}

fn data_space(
    run: &Report<'_>,
    instance: &Instance,
    spaces: &BTreeMap<String, Vec<&Instance>>,
) -> String {
    let mut text = setting(run, instance, Parameter::DataSpace);
    if run.inventory.in_force(instance, Parameter::DataSpaceType).is_some() {
        text = format!("{text} ({})", setting(run, instance, Parameter::DataSpaceType));
    }
    let space = run.inventory.data_space(instance).and_then(|space| spaces.get(&space));
    let others = space.into_iter().flatten().filter(|other| other.same_as != instance.same_as);
    let mut names: Vec<String> = others.map(|other| format!("`{}`", shown(&other.name))).collect();
    if let Some(more @ 1..) = names.len().checked_sub(MAX_LISTED) {
        names.truncate(MAX_LISTED);
        names.push(format!("{more} more"));
    }
    if names.is_empty() { text } else { format!("{text}, shared with {}", names.join(", ")) }
}

fn key(held: Option<Held>) -> String {
    match held {
        Some(Held { fingerprint: Some(name), .. }) => name.to_string(),
        Some(Held { state, .. }) => state.to_owned(),
        None => NONE.to_owned(),
    }
}

fn said<T>(read: &Read<T>, value: &str) -> String {
    let from = match value {
        "" => NONE.to_owned(),
        value => format!("{}, {}", shown(value), origin(read.evidence)),
    };
    let by = if read.said_by.is_empty() { "" } else { ": " };
    format!("{from}{by}{}", printable::text(&read.said_by))
}

fn feeds(run: &Report<'_>, instance: &Instance) -> Vec<Row> {
    let path = |feed: &Feed| printable::text(run.sources.path(feed.source));
    let widest = instance.feeds.iter().map(|feed| path(feed).width()).max().unwrap_or_default();
    let rows = instance.feeds.iter().map(|feed| {
        format!("{}  {}", pad(&path(feed), widest.min(WIDEST)), printable::text(&feed.why))
    });
    labels("sources").zip(rows).collect()
}

fn labels(first: &'static str) -> impl Iterator<Item = &'static str> {
    std::iter::once(first).chain(std::iter::repeat(""))
}
