//! What was not read: a page that does not say so would look clean.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::escape::{html, name, words};
use crate::mask;
use crate::report::prose::place;
use crate::report::{Report, count};
use crate::source::{Location, SourceId};

/// How many places of one kind are listed.
const MOST: usize = 500;

/// How many files were not read whole.
#[must_use]
pub(super) fn unread(run: &Report<'_>) -> usize {
    let broken: BTreeSet<SourceId> =
        run.inventory.problems.iter().map(|problem| problem.at.source).collect();
    broken.len().max(usize::from(!run.summary.complete))
}

/// The banner over a page that does not show everything.
#[must_use]
pub(super) fn banner(run: &Report<'_>) -> &'static str {
    if run.summary.complete {
        return "";
    }
    "<p class=\"banner\" role=\"note\"><b>Incomplete.</b> Not everything that carries settings could be read: \
     what is missing here is not known to be sound. <a href=\"#unread\">What was not read</a></p>\n"
}

/// The section of what was not read.
#[must_use]
pub(super) fn section(run: &Report<'_>) -> String {
    let summary = run.summary;
    let unsearched = || {
        " The history was not searched for private keys: <code>--history</code> does.".to_owned()
    };
    let history = summary.searched.map_or_else(unsearched, |searched| {
        format!(" Of the history, {} searched for private keys.", were(searched))
    });
    let mut out = format!(
        "<section id=\"unread\"><h2>What was not read</h2>\n<p>{} read; {} could hold settings and went through a parser.{history}</p>\n",
        count(summary.files_read, "file"),
        summary.files_parsed
    );
    let problems = run.inventory.problems.iter();
    let problems = problems.map(|problem| at(run, problem.at) + " " + &words(&problem.message));
    list(&mut out, "Not read whole", problems);
    list(&mut out, "Notes on the run", run.notes.iter().map(|note| words(note)));
    let excluded = run.policy.excluded.iter();
    let excluded = excluded.map(|pattern| format!("<code>{}</code>", name(&mask::text(pattern))));
    list(&mut out, "Excluded by the configuration", excluded);
    let instances = run.inventory.instances.iter();
    let mut elsewhere: Vec<Location> = instances
        .flat_map(|instance| &instance.opaque)
        .chain(&run.inventory.opaque)
        .copied()
        .collect();
    elsewhere.sort_unstable();
    elsewhere.dedup();
    let elsewhere = elsewhere.into_iter().map(|place| at(run, place));
    list(&mut out, "Settings that come from outside this tree", elsewhere);
    if out.contains("<h3>") {
        out + "</section>\n"
    } else {
        out + "<p class=\"empty\">Everything was read.</p>\n</section>\n"
    }
}

fn were(files: usize) -> String {
    format!("{} {}", count(files, "file"), if files == 1 { "was" } else { "were" })
}

fn at(run: &Report<'_>, at: Location) -> String {
    format!("<code>{}</code>", html(&place(at, run.sources)))
}

fn list(out: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return;
    }
    let _ = writeln!(out, "<h3>{title}</h3>\n<ul class=\"plain\">");
    for item in items.iter().take(MOST) {
        let _ = writeln!(out, "<li>{item}</li>");
    }
    let more = items.len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(out, "<li>… and {more} more</li>");
    }
    out.push_str("</ul>\n");
}
