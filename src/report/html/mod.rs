//! One page for a security review: the map of instances, what each ends up with, the findings, what was not read, the policy.
//!
//! The page is whole in itself and without a script; it loads nothing, and its own policy lets a browser load or run nothing but the one
//! style and the one script it holds, by their hashes. The same run gives the same page.

mod acceptance;
mod badge;
mod escape;
mod findings;
pub(crate) mod fleet;
mod layout;
mod listing;
mod page;
mod parts;
mod picture;
mod policy;
mod reading;
mod snippet;
mod storefronts;
mod value;

use std::fmt::Write as _;
use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use self::escape::html;
use super::map::Map;
use super::{Report, Reporter, count};

/// The `html` format.
#[derive(Clone, Debug, Default)]
pub struct Html {
    /// The day of the run, where it is known.
    pub day: Option<String>,
    /// Where the tree comes from and how it was checked: what each is, and its name.
    pub origin: Vec<(&'static str, String)>,
}

/// Of a map of more instances than these only what is shared is unfolded.
const UNFOLDED: usize = 60;

/// How many bytes of drawings there are, or one drawing more: nobody looks at thousands.
const DRAWN: usize = 512 << 10;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

impl Reporter for Html {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let map = Map::new(run.inventory);
        let (style, script) = (embedded(STYLE), embedded(SCRIPT));
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
            hash(&style),
            hash(&script)
        );
        let version = env!("CARGO_PKG_VERSION");
        let origin = self.origin(run);
        let day = self.day.as_deref().map(|day| format!(" · {}", html(day))).unwrap_or_default();
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"robots\" content=\"noindex, nofollow\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>commerce-lint: security review</title>\n<style>{style}</style>\n</head>\n<body>\n\
             <header><p class=\"tool\">commerce-lint {version}{day}</p><h1>Security review</h1>\n{origin}\
             <p class=\"lead\">Instances of Adobe Commerce that this tree deploys, the data spaces and key pairs they end up with, and what \
             is wrong between them. Secrets are masked; a key is named by its fingerprint.</p></header>\n<main>\n"
        )?;
        out.write_all(policy::banner(run).as_bytes())?;
        out.write_all(reading::banner(run).as_bytes())?;
        out.write_all(strip(run, &map).as_bytes())?;
        out.write_all(findings::section(run).as_bytes())?;
        out.write_all(picture(run, map).as_bytes())?;
        for section in [listing::section, reading::section, policy::section] {
            out.write_all(section(run).as_bytes())?;
        }
        writeln!(out, "</main>\n<script>{script}</script>\n</body>\n</html>")
    }
}

impl Html {
    /// What was checked, as a reviewer repeats it.
    fn origin(&self, run: &Report<'_>) -> String {
        let history = match run.summary.searched {
            Some(searched) => format!("searched for private keys: {}", count(searched, "file")),
            None => "not searched: `--history` does that".to_owned(),
        };
        let all = self.origin.iter().cloned().chain([("history", history)]);
        let row = |(what, name): (&str, String)| {
            format!("<div><dt>{what}</dt><dd>{}</dd></div>", escape::remark(&name))
        };
        format!("<dl class=\"origin\">{}</dl>\n", all.map(row).collect::<String>())
    }
}

/// The figures on top.
fn strip(run: &Report<'_>, map: &Map<'_>) -> String {
    let summary = run.summary;
    let figure = |class: &str, anchor: &str, number: usize, word: &str| {
        let class = if number == 0 { "" } else { class };
        format!("<a class=\"figure {class}\" href=\"#{anchor}\"><b>{number}</b> {word}</a>\n")
    };
    let word = |number: usize, one: &'static str, many: &'static str| {
        if number == 1 { one } else { many }
    };
    let (instances, shared) = (map.instances.len(), map.shared());
    let (errors, warnings) = (summary.errors, summary.warnings);
    [
        "<nav class=\"strip\" aria-label=\"Summary\">\n".to_owned(),
        figure("calm", "instances", instances, word(instances, "instance", "instances")),
        figure("error", "map", shared, word(shared, "shared data space", "shared data spaces")),
        figure("error", "findings", errors, word(errors, "error", "errors")),
        figure("warning", "findings", warnings, word(warnings, "warning", "warnings")),
        figure("calm", "policy", run.accepted.len(), "accepted"),
        figure("warning", "unread", reading::unread(run), "not read"),
        "</nav>\n".to_owned(),
    ]
    .concat()
}

/// The section of the map: what is shared stands open, or all of it where it is not too much.
fn picture(run: &Report<'_>, map: Map<'_>) -> String {
    let mut out = "<section id=\"map\"><h2>Map</h2>\n".to_owned();
    if map.instances.is_empty() {
        let rest = if run.diagnostics.is_empty() && run.accepted.is_empty() {
            "so there is nothing to draw and nothing was checked"
        } else {
            "so there is nothing to draw: the findings are about keys and files alone"
        };
        let _ = writeln!(
            out,
            "<p class=\"empty\"><b>No settings found.</b> Nothing in this tree configures Commerce Services in a way that is known, \
             {rest}.</p>\n</section>"
        );
        return out;
    }
    out.push_str(
        "<p class=\"narrow\">The map is wider than this screen: move it sideways. The table below says the same.</p>\n",
    );
    let parts = parts::parts(map);
    let is_shared = |part: &Map<'_>| part.shared() > 0;
    let open = parts.iter().filter(|part| is_shared(part)).count().max(1);
    let whole: usize = parts.iter().map(|part| part.instances.len()).sum();
    let unfolded = if whole <= UNFOLDED { " open" } else { "" };
    let (mut drawn, mut left) = (0, 0);
    for (number, part) in (1..).zip(&parts) {
        if out.len() > DRAWN {
            left += part.instances.len();
            continue;
        }
        drawn = number;
        if number == open + 1 {
            let rest = parts.iter().skip(open).map(|part| part.instances.len()).sum();
            let _ = writeln!(
                out,
                "<details class=\"all\"{unfolded}><summary>{} more</summary>",
                count(rest, "instance")
            );
        }
        out.push_str(&picture::draw(part, number));
    }
    out.push_str(if drawn > open { "</details>\n" } else { "" });
    if left > 0 {
        let left = count(left, "more instance");
        let _ =
            writeln!(out, "<p class=\"quiet\">Not drawn: {left}, which the table below has.</p>");
    }
    out + "</section>\n"
}

/// A text as it stands in the page: a browser reads no carriage return there.
fn embedded(text: &str) -> String {
    text.replace('\r', "")
}

/// What a Content-Security-Policy calls a text.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_end_where_they_should() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
