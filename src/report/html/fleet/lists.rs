//! The lists of the page on a fleet, each cut where nobody reads on.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::connected::{Connected, Fleet, Repository, Tie, Use};
use crate::report::count;
use crate::report::html::escape::{self, html};

/// How many rows of a list are shown, and how many uses of one thing.
const MOST: usize = 500;
const MOST_USES: usize = 50;

/// What several repositories have, and who.
pub(super) fn ties(fleet: &Fleet, connected: &[Connected<'_>]) -> String {
    let mut out = "<section id=\"ties\"><h2>What connects them</h2>\n".to_owned();
    if connected.is_empty() {
        out.push_str(
            "<p class=\"empty\">No two repositories have one data space or one private key.</p>\n",
        );
    } else {
        out.push_str("<table><thead><tr><th>what</th><th>who has it</th></tr></thead><tbody>\n");
    }
    for (tie, users) in connected.iter().take(MOST) {
        let (what, id) = match tie {
            Tie::DataSpace(id) => ("data space", id),
            Tie::PrivateKey(name) => ("private key", name),
        };
        let row = |(at, uses): (&usize, &Vec<&Use>)| {
            let name = fleet.0.get(*at).map_or("", |of| &of.name);
            let uses: Vec<String> = uses.iter().take(MOST_USES).map(|of| used(of)).collect();
            format!("<li><b>{}</b>{}</li>", escape::name(name), uses.concat())
        };
        let rows: String = users.iter().take(MOST_USES).map(row).collect();
        let (id, number) = (escape::name(id), count_of(users.len()));
        let _ = writeln!(
            out,
            "<tr><td>{what}<br><span class=\"id\">{id}</span><br><span class=\"quiet\">{number}</span></td><td><ul>{rows}{}</ul></td></tr>",
            more(users.len(), MOST_USES)
        );
    }
    let end = if connected.is_empty() { "" } else { "</tbody></table>\n" };
    out + end + &left_out(connected.len()) + "</section>\n"
}

/// Every repository, with how much connects it.
pub(super) fn repositories(fleet: &Fleet, connected: &[Connected<'_>]) -> String {
    let mut links: BTreeMap<usize, usize> = BTreeMap::new();
    for at in connected.iter().flat_map(|(_, users)| users.keys()) {
        *links.entry(*at).or_default() += 1;
    }
    let mut rows: Vec<(usize, &Repository)> = fleet.0.iter().enumerate().collect();
    let tied = |at: &usize| links.get(at).copied().unwrap_or_default();
    rows.sort_by_key(|(at, of)| std::cmp::Reverse((tied(at), of.errors, of.warnings)));
    let row = |(at, of): &(usize, &Repository)| {
        let (name, read) = (escape::name(&of.name), if of.flaw.is_some() { "no" } else { "yes" });
        let (tied, errors, warnings) = (tied(at), of.errors, of.warnings);
        format!(
            "<tr><td>{name}</td><td>{tied}</td><td>{errors}</td><td>{warnings}</td><td>{read}</td></tr>\n"
        )
    };
    let all: String = rows.iter().take(MOST).map(row).collect();
    format!(
        "<section id=\"repositories\"><h2>Repositories</h2>\n<table><thead><tr><th>repository</th><th>connections</th><th>errors</th>\
         <th>warnings</th><th>read whole</th></tr></thead><tbody>\n{all}</tbody></table>\n{}</section>\n",
        left_out(rows.len())
    )
}

/// The repositories that were not read whole, and why.
pub(super) fn unread(fleet: &Fleet) -> String {
    let unread = || fleet.0.iter().filter_map(|of| Some((of, of.flaw.as_ref()?)));
    let row = |(of, why): (&Repository, &String)| {
        format!("<li><b>{}</b>: {}</li>\n", escape::name(&of.name), escape::remark(why))
    };
    let rows: String = unread().take(MOST).map(row).collect();
    let list = if rows.is_empty() {
        "<p class=\"empty\">Every repository was read whole.</p>\n".to_owned()
    } else {
        format!("<p>What connects them may be in what was not read.</p>\n<ul>{rows}</ul>\n")
    };
    let left = left_out(unread().count());
    format!("<section id=\"unread\"><h2>Not read whole</h2>\n{list}{left}</section>\n")
}

fn used(user: &Use) -> String {
    if user.instance.is_empty() {
        return " <span class=\"quiet\">in a file</span>".to_owned();
    }
    let (name, kind) = (escape::name(&user.instance), html(user.kind.word()));
    format!(" {name} <span class=\"quiet\">({kind})</span>")
}

fn count_of(repositories: usize) -> String {
    format!("{repositories} repositories")
}

fn more(all: usize, most: usize) -> String {
    let rest = all.saturating_sub(most);
    if rest == 0 { String::new() } else { format!("<li class=\"quiet\">and {rest} more</li>") }
}

fn left_out(rows: usize) -> String {
    let rest = rows.saturating_sub(MOST);
    let told = || {
        format!(
            "<p class=\"quiet\">{} left out: the tables have all.</p>\n",
            count(rest, "more row")
        )
    };
    if rest == 0 { String::new() } else { told() }
}
