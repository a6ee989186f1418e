//! The table of instances: what each is, what it ends up with, and where all of that was read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::{html, name, remark};
use super::storefronts;
use super::value::setting;
use crate::mask;
use crate::model::instance::{Evidence, Instance, Kind};
use crate::model::parameter::{Parameter, Slot};
use crate::report::prose::place;
use crate::report::{Report, columns, count, facts, map};

/// How many files of an instance are listed.
const MAX_FILES: usize = 200;

/// A table of more instances than these is folded.
const UNFOLDED: usize = 60;

/// How many bytes the table takes. Of the instances beyond it, the name, what they are and their data space are listed.
const WHOLE: usize = 1 << 20;

/// What has a column of its own.
const BELONGS: [(Parameter, &str); 5] = [
    (Parameter::DataSpace, "data space"),
    (Parameter::DataSpaceType, "type"),
    (Parameter::Project, "project"),
    (Parameter::AlternateDataSpace, "also reads, for recommendations,"),
    (Parameter::ReadOnlyDataSpace, "also reads, for search,"),
];

/// The instances of each data space.
type Spaces<'a> = BTreeMap<String, Vec<&'a Instance>>;

/// The section of the instances.
#[must_use]
pub(super) fn section(run: &Report<'_>) -> String {
    let mut out = "<section id=\"instances\"><h2>Instances</h2>\n".to_owned();
    let known = run.inventory.instances.len();
    if known == 0 {
        out.push_str("<p class=\"empty\">No instances were found.</p>\n</section>\n");
        return out;
    }
    if known > UNFOLDED {
        let known = count(known, "instance");
        let _ = writeln!(out, "<details class=\"all\"><summary>All {known}</summary>");
    }
    out.push_str(
        "<table class=\"cards\"><thead><tr><th scope=\"col\">Instance</th><th scope=\"col\">Belongs to</th>\
         <th scope=\"col\">Key pairs</th><th scope=\"col\">Sources</th></tr></thead>\n<tbody>\n",
    );
    let spaces = facts::by_data_space(run.inventory);
    let mut instances = run.inventory.instances.iter();
    while let Some(instance) = if out.len() < WHOLE { instances.next() } else { None } {
        out.push_str(&row(run, instance, &spaces));
    }
    out.push_str("</tbody></table>\n");
    let rest = instances.as_slice();
    if !rest.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"quiet\">Of {} more there is no room here for more than this: \
             <code>commerce-lint instances --explain</code> says what each ends up with.</p>\n<ul>",
            count(rest.len(), "instance")
        );
        out.extend(rest.iter().map(|instance| line(run, instance)));
        out.push_str("</ul>\n");
    }
    out.push_str(if known > UNFOLDED { "</details>\n" } else { "" });
    out + &storefronts::list(run) + "</section>\n"
}

/// What an instance is, and its data space.
fn line(run: &Report<'_>, instance: &Instance) -> String {
    let space = run.inventory.data_space(instance);
    let space = space.map(|space| format!(" <code>{}</code>", name(&mask::text(&space))));
    format!(
        "<li>{} ({}){}\n",
        name(&instance.name),
        instance.kind.value.word(),
        space.unwrap_or_default()
    )
}

fn row(run: &Report<'_>, instance: &Instance, spaces: &Spaces<'_>) -> String {
    let kind = &instance.kind;
    let class = match kind.value {
        Kind::Production => "production",
        Kind::NonProduction => "other",
        Kind::Unknown => "unknown",
    };
    let mut out = format!(
        "<tr><th scope=\"row\"><span class=\"name\">{}</span> <span class=\"kind {class}\">{}</span>",
        name(&instance.name),
        kind.value.word()
    );
    let by = if kind.said_by.is_empty() {
        String::new()
    } else {
        format!(": {}", remark(&kind.said_by))
    };
    let _ = write!(out, "<span class=\"from\">{}{by}</span>", origin(kind.evidence));
    if !instance.account.value.is_empty() {
        let from = origin(instance.account.evidence);
        let account = name(&instance.account.value);
        let _ = write!(out, "<span class=\"from\">account {account}, {from}</span>");
    }
    if instance.same_as != instance.name {
        let _ = write!(out, "<span class=\"from\">same as {}</span>", name(&instance.same_as));
    }
    let belongs = BELONGS.map(|(parameter, what)| setting(run, instance, parameter, what));
    let belongs: String = belongs.into_iter().flatten().collect();
    let none = "<span class=\"quiet\">nothing in this tree</span>";
    let _ = write!(
        out,
        "</th>\n<td data-label=\"Belongs to\">{}{}</td>",
        shared(run, instance, spaces),
        if belongs.is_empty() { none } else { &belongs }
    );
    let pairs: String = Slot::ALL.iter().map(|slot| pair(run, instance, *slot)).collect();
    let _ = write!(out, "<td data-label=\"Key pairs\">{pairs}</td>");
    let more = more(run, instance);
    let files = files(run, instance);
    let _ = writeln!(out, "<td data-label=\"Sources\">{files}{more}</td></tr>");
    out
}

fn origin(evidence: Evidence) -> String {
    if evidence == Evidence::Declared { "declared".to_owned() } else { columns::origin(evidence) }
}

/// A word where the data space is not the instance's own.
fn shared(run: &Report<'_>, instance: &Instance, spaces: &Spaces<'_>) -> String {
    let users = run.inventory.data_space(instance).and_then(|space| spaces.get(&space));
    let users = users.map(Vec::as_slice).unwrap_or_default();
    if users.iter().all(|other| other.same_as == instance.same_as) {
        return String::new();
    }
    format!("<span class=\"badge error\">⚠ {}</span>", map::shared_by(users.len()))
}

fn pair(run: &Report<'_>, instance: &Instance, slot: Slot) -> String {
    let halves =
        [(Parameter::ApiKey(slot), "api key"), (Parameter::PrivateKey(slot), "private key")];
    let found = halves.map(|(parameter, what)| {
        let missing = || format!("<span class=\"part what\">{what} not set</span>");
        (setting(run, instance, parameter, what), missing())
    });
    if found.iter().all(|(setting, _)| setting.is_none()) {
        return String::new();
    }
    let halves: String = found.into_iter().map(|(setting, not)| setting.unwrap_or(not)).collect();
    format!("<div class=\"pair\"><b>{}</b>{halves}</div>", slot.word())
}

/// Whatever else is set, folded.
fn more(run: &Report<'_>, instance: &Instance) -> String {
    let is_shown = |parameter: &Parameter| {
        let is_pair = matches!(parameter, Parameter::ApiKey(_) | Parameter::PrivateKey(_));
        is_pair || BELONGS.iter().any(|(shown, _)| shown == parameter)
    };
    let rest = instance.settings.keys().filter(|parameter| !is_shown(parameter));
    let rest: Vec<String> =
        rest.filter_map(|parameter| setting(run, instance, *parameter, parameter.name())).collect();
    if rest.is_empty() {
        return String::new();
    }
    let more = count(rest.len(), "more setting");
    format!("<details><summary>{more}</summary>{}</details>", rest.concat())
}

fn files(run: &Report<'_>, instance: &Instance) -> String {
    let mut out = format!(
        "<details><summary>{}</summary><ul class=\"files\">",
        count(instance.feeds.len(), "file")
    );
    for feed in instance.feeds.iter().take(MAX_FILES) {
        let inherited = if feed.inherited { " <span class=\"chip\">inherited</span>" } else { "" };
        let _ = write!(
            out,
            "<li><code>{}</code>{inherited}<span class=\"from\">{}</span></li>",
            name(&run.sources.shown(feed.source)),
            remark(&feed.why)
        );
    }
    let more = instance.feeds.len().saturating_sub(MAX_FILES);
    if more > 0 {
        let _ = write!(out, "<li>… and {more} more</li>");
    }
    for at in &instance.opaque {
        let at = html(&place(*at, run.sources));
        let _ = write!(
            out,
            "<li>more comes from outside this tree<span class=\"from\">{at}</span></li>"
        );
    }
    out + "</ul></details>"
}
