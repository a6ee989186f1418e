//! The table of instances: what each is, what it ends up with, and where that was read from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::{html, name, remark};
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::{Parameter, Slot};
use crate::report::prose::place;
use crate::report::{Report, count, facts, instances, map};

/// How many files of an instance are listed.
const MAX_FILES: usize = 200;

/// The instances of each data space.
type Spaces<'a> = BTreeMap<String, Vec<&'a Instance>>;

/// The section of the instances.
#[must_use]
pub(super) fn section(run: &Report<'_>) -> String {
    let mut out = "<section id=\"instances\"><h2>Instances</h2>\n".to_owned();
    if run.inventory.instances.is_empty() {
        out.push_str("<p class=\"empty\">No instances were found.</p>\n</section>\n");
        return out;
    }
    out.push_str(
        "<table class=\"cards\"><thead><tr><th scope=\"col\">Instance</th><th scope=\"col\">Belongs to</th>\
         <th scope=\"col\">Key pairs</th><th scope=\"col\">Sources</th></tr></thead>\n<tbody>\n",
    );
    let spaces = facts::by_data_space(run.inventory);
    for instance in &run.inventory.instances {
        out.push_str(&row(run, instance, &spaces));
    }
    out + "</tbody></table>\n</section>\n"
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
    let _ = write!(out, "<span class=\"from\">{}{by}</span>", instances::origin(kind.evidence));
    if !instance.account.value.is_empty() {
        let _ =
            write!(out, "<span class=\"from\">account {}</span>", name(&instance.account.value));
    }
    if instance.same_as != instance.name {
        let _ = write!(out, "<span class=\"from\">same as {}</span>", name(&instance.same_as));
    }
    let _ = write!(
        out,
        "</th>\n<td data-label=\"Belongs to\">{}{}{}<span class=\"part\">{}</span></td>",
        shared(run, instance, spaces),
        setting(run, instance, Parameter::DataSpace, "data space"),
        kind_of_space(run, instance),
        setting(run, instance, Parameter::Project, "project")
    );
    let pairs: String = Slot::ALL.iter().map(|slot| pair(run, instance, *slot)).collect();
    let _ = write!(out, "<td data-label=\"Key pairs\">{pairs}</td>");
    let _ = writeln!(out, "<td data-label=\"Sources\">{}</td></tr>", sources(run, instance));
    out
}

/// A word where the data space is not the instance's own.
fn shared(run: &Report<'_>, instance: &Instance, spaces: &Spaces<'_>) -> String {
    let users = run.inventory.data_space(instance).and_then(|space| spaces.get(&space));
    let users = users.map(Vec::as_slice).unwrap_or_default();
    if users.iter().all(|other| other.same_as == instance.same_as) {
        return String::new();
    }
    format!("<span class=\"badge error\">⚠ {}</span><br>", map::shared_by(users.len()))
}

/// What is in force, and where it was read.
fn setting(run: &Report<'_>, instance: &Instance, parameter: Parameter, what: &str) -> String {
    let text = html(&instances::setting(run, instance, parameter));
    match run.inventory.in_force(instance, parameter) {
        Some(found) => format!(
            "<span class=\"from\">{what}</span><code>{text}</code><span class=\"from\">{}</span>",
            html(&place(found.at, run.sources))
        ),
        None => format!("<span class=\"quiet\">no {what} in this tree</span>"),
    }
}

fn kind_of_space(run: &Report<'_>, instance: &Instance) -> String {
    let of_type = Parameter::DataSpaceType;
    if run.inventory.in_force(instance, of_type).is_none() {
        return String::new();
    }
    let word = html(&instances::setting(run, instance, of_type));
    format!("<span class=\"from\">type {word}</span>")
}

fn pair(run: &Report<'_>, instance: &Instance, slot: Slot) -> String {
    let keys = facts::keys(run.inventory, instance, slot);
    if keys == [None, None] {
        return String::new();
    }
    let [api_key, private_key] = keys.map(|held| html(&map::word(held)));
    format!(
        "<span class=\"pair\">{}<br>api key <code>{api_key}</code><br>private key <code>{private_key}</code></span>",
        slot.word()
    )
}

fn sources(run: &Report<'_>, instance: &Instance) -> String {
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
    out + "</ul></details>"
}
