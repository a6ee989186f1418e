//! Why each value belongs to its instance, and which belong to none: a line for each place, with the law that decides.

use std::io;

use super::columns::{pad, shown, widest};
use super::paint::Style;
use super::{Report, printable};
use crate::model::attribution::Law;
use crate::model::instance::Instance;
use crate::source::Location;

/// The page of the laws.
const LAWS: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "/docs/instances.html#the-laws");

/// Writes the reasons of these instances, and of what belongs to none where all are listed.
pub(super) fn reasons(
    run: &Report<'_>,
    instances: &[&Instance],
    is_all: bool,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let rows = instances.iter().flat_map(|instance| {
        instance.attributions.iter().map(|of| {
            (place(run, of.at), shown(&instance.name), of.law, printable::text(&of.because))
        })
    });
    let rows: Vec<(String, String, Law, String)> = rows.collect();
    if !rows.is_empty() {
        writeln!(out, "{}", Style::Bold.paint(color, "attributed"))?;
    }
    let places = widest(rows.iter().map(|row| &row.0));
    let names = widest(rows.iter().map(|row| &row.1));
    for (place, name, law, because) in &rows {
        let (place, name, clause) = (pad(place, places), pad(name, names), law.clause());
        writeln!(out, "  {place}  {name}  {clause}: {because}")?;
    }
    if !rows.is_empty() {
        writeln!(out, "  {}\n", Style::Dim.paint(color, &format!("how it is decided: {LAWS}")))?;
    }
    let left = &run.inventory.unattributed;
    if !is_all || left.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", Style::Bold.paint(color, "not attributed"))?;
    let rows: Vec<(String, String)> =
        left.iter().map(|of| (place(run, of.at), printable::text(&of.because))).collect();
    let places = widest(rows.iter().map(|row| &row.0));
    for (place, because) in &rows {
        writeln!(out, "  {}  because {because}", pad(place, places))?;
    }
    writeln!(out)
}

/// A path and a line.
fn place(run: &Report<'_>, at: Location) -> String {
    let line = run.sources.get(at.source).map(|source| source.position(at.span.start).line);
    let path = printable::path(run.sources.path(at.source));
    line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"))
}
