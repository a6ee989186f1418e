//! The listing of instances at a glance: a line for each, in columns.

use std::collections::BTreeMap;
use std::io;

use super::columns::{origin, pad, setting, shown, widest};
use super::paint::Style;
use super::{Report, facts, printable};
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::{Parameter, Slot};

/// Writes name, kind, data space, keys and files of each instance.
pub(super) fn lines(
    run: &Report<'_>,
    spaces: &BTreeMap<String, Vec<&Instance>>,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let rows: Vec<[String; 5]> =
        run.inventory.instances.iter().map(|instance| row(run, instance, spaces)).collect();
    let width = |column: usize| widest(rows.iter().filter_map(|row| row.get(column)));
    let widths = [width(0), "non-production".len(), width(2), width(3)];
    for (row, instance) in rows.iter().zip(&run.inventory.instances) {
        let [name, kind, space, keys, from] = row;
        let is_production = instance.kind.value == Kind::Production;
        let style = if is_production { Style::Yellow } else { Style::Cyan };
        let name = Style::Bold.paint(color, &pad(name, widths[0]));
        let kind = style.paint(color, &pad(kind, widths[1]));
        let (space, keys) = (pad(space, widths[2]), pad(keys, widths[3]));
        writeln!(out, "{name}  {kind}  {space}  {keys}  {}", Style::Dim.paint(color, from))?;
    }
    if !rows.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn row(
    run: &Report<'_>,
    instance: &Instance,
    spaces: &BTreeMap<String, Vec<&Instance>>,
) -> [String; 5] {
    let kind = instance.kind.value.word().to_owned();
    [
        shown(&instance.name),
        kind,
        data_space(run, instance, spaces),
        keys(run, instance),
        from(run, instance),
    ]
}

fn data_space(
    run: &Report<'_>,
    instance: &Instance,
    spaces: &BTreeMap<String, Vec<&Instance>>,
) -> String {
    if run.inventory.in_force(instance, Parameter::DataSpace).is_none() {
        return "no data space".to_owned();
    }
    let space = run.inventory.data_space(instance).and_then(|space| spaces.get(&space));
    let is_shared = space.into_iter().flatten().any(|other| other.same_as != instance.same_as);
    let text = setting(run, instance, Parameter::DataSpace);
    if is_shared { format!("{text}, shared") } else { text }
}

fn keys(run: &Report<'_>, instance: &Instance) -> String {
    let has = |slot: &Slot| facts::keys(run.inventory, instance, *slot).iter().any(Option::is_some);
    let slots: Vec<&str> = Slot::ALL.into_iter().filter(has).map(Slot::word).collect();
    if slots.is_empty() { "no keys".to_owned() } else { format!("keys {}", slots.join("+")) }
}

/// The file that it is read from, or the first of them: its own before those that it inherits.
fn from(run: &Report<'_>, instance: &Instance) -> String {
    let own = instance.feeds.iter().find(|feed| !feed.inherited);
    let Some(first) = own.or(instance.feeds.first()) else {
        return origin(instance.kind.evidence);
    };
    let path = printable::text(run.sources.path(first.source));
    match instance.feeds.len() {
        1 => path,
        all => format!("{path} and {} more", all - 1),
    }
}
