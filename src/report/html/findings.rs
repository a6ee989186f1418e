//! The findings, by severity, then by rule; the rule's page is folded under each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::{html, name, words};
use super::page::Pages;
use super::snippet;
use crate::mask::snippet::Masks;
use crate::report::excerpt::Excerpt;
use crate::report::prose::place;
use crate::report::{Report, count};
use crate::rule::{Diagnostic, Rule, Severity};

/// Bytes of a line that are shown.
const WIDTH: usize = 160;

/// How many findings are unfolded: the first.
const UNFOLDED: usize = 40;

/// How many of a finding's instances are named.
const MAX_NAMED: usize = 24;

/// How many bytes of findings are written with their lines and what to do. Of those beyond, what is wrong and where stands in the page: ten
/// thousand whole ones are twenty megabytes, and a browser takes ten seconds for them.
const WHOLE: usize = 768 << 10;

/// The section of the findings, with the bar that a script fills with life.
#[must_use]
pub(super) fn section(run: &Report<'_>) -> String {
    let mut out = "<section id=\"findings\"><h2>Findings</h2>\n".to_owned();
    if run.diagnostics.is_empty() {
        let clean = if run.inventory.instances.is_empty() {
            "Nothing was checked: no settings of Commerce Services were found."
        } else {
            "No findings."
        };
        let _ = write!(out, "<p class=\"empty\">{clean}</p>\n</section>\n");
        return out;
    }
    out.push_str(&bar(run));
    let mut cards = Cards::new(run);
    for severity in [Severity::Error, Severity::Warning] {
        let mut rules: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
        for found in run.diagnostics.iter().filter(|found| found.severity == severity) {
            rules.entry(&found.rule).or_default().push(found);
        }
        if rules.is_empty() {
            continue;
        }
        let all = rules.values().map(Vec::len).sum();
        let word = severity.word();
        let _ = writeln!(out, "<section class=\"group {word}\"><h3>{}</h3>", count(all, word));
        for (id, found) in rules {
            let rule = run.rules.iter().find(|rule| rule.id == id);
            let _ = writeln!(out, "<section class=\"rule\"><h4><code>{}</code>", name(id));
            let summary = rule.map_or("", |rule| rule.summary.as_str());
            let _ = writeln!(out, "<span class=\"summary\">{}</span></h4>", words(summary));
            let mut found = found.into_iter();
            while let Some(one) = if cards.written < WHOLE { found.next() } else { None } {
                let card = cards.draw(one, rule);
                cards.written += card.len();
                out.push_str(&card);
            }
            let rest = found.as_slice();
            if !rest.is_empty() {
                let _ = writeln!(
                    out,
                    "<p class=\"quiet\">Of {} there is no room here for more than what is wrong and where: \
                     <code>commerce-lint check</code> has the lines and what to do.</p>\n\
                     <ol class=\"bare\" data-severity=\"{word}\" data-rule=\"{}\">",
                    count(rest.len(), "finding"),
                    name(id)
                );
                out.extend(rest.iter().map(|one| cards.line(one)));
                out.push_str("</ol>\n");
            }
            out.push_str("</section>\n");
        }
        out.push_str("</section>\n");
    }
    out + "<p id=\"none\" class=\"empty\" hidden>No finding matches.</p>\n</section>\n"
}

/// The controls; without a script they stay hidden.
fn bar(run: &Report<'_>) -> String {
    let option = |value: &str, text: &str| format!("<option value=\"{value}\">{text}</option>");
    let ids: Vec<&str> = run.rules.iter().map(|rule: &Rule| rule.id.as_str()).collect();
    let ids = ids.iter().filter(|id| run.diagnostics.iter().any(|found| found.rule == **id));
    let rules: String = ids.map(|id| option(&html(id), &html(id))).collect();
    let instances: String = run
        .inventory
        .instances
        .iter()
        .zip(0..)
        .map(|(instance, index): (_, usize)| option(&index.to_string(), &name(&instance.name)))
        .collect();
    format!(
        "<div id=\"filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n\
         <label>Severity <select id=\"by-severity\"><option value=\"\">all</option>\
         <option value=\"error\">errors</option><option value=\"warning\">warnings</option></select></label>\n\
         <label>Instance <select id=\"by-instance\"><option value=\"\">all</option>{instances}</select></label>\n\
         <label>Rule <select id=\"by-rule\"><option value=\"\">all</option>{rules}</select></label>\n\
         <label class=\"wide\">Text <input id=\"by-text\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>\n\
         <button id=\"unfold\" type=\"button\">Unfold all</button> <button id=\"fold\" type=\"button\">Fold all</button>\n\
         <output id=\"shown\"></output>\n</div>\n"
    )
}

/// What the findings of one page have in common.
struct Cards<'a> {
    run: &'a Report<'a>,
    masks: Masks,
    /// The instances, by name, as the filter knows them.
    instances: BTreeMap<&'a str, usize>,
    pages: Pages,
    drawn: usize,
    /// How many bytes were written.
    written: usize,
}

impl<'a> Cards<'a> {
    fn new(run: &'a Report<'a>) -> Self {
        let names = run.inventory.instances.iter().map(|instance| instance.name.as_str());
        let instances = names.zip(0..).collect();
        let masks = run.masks();
        Self { run, masks, instances, pages: Pages::default(), drawn: 0, written: 0 }
    }

    /// What is wrong and where, and no more.
    fn line(&self, found: &Diagnostic) -> String {
        let finding = &found.finding;
        format!(
            "<li data-instances=\" {} \">{} <span>{}</span>\n",
            self.concerned(found),
            words(&finding.message),
            html(&place(finding.primary.at, self.run.sources))
        )
    }

    /// The instances of a finding, as the filter knows them.
    fn concerned(&self, found: &Diagnostic) -> String {
        let number = |name: &String| self.instances.get(name.as_str()).map(ToString::to_string);
        let numbers: Vec<String> = found.finding.instances.iter().filter_map(number).collect();
        numbers.join(" ")
    }

    /// A finding: what is wrong and where, the lines, what to do, whom it concerns, the rule's page.
    fn draw(&mut self, found: &Diagnostic, rule: Option<&Rule>) -> String {
        let run = self.run;
        let Diagnostic { rule: id, severity, finding, .. } = found;
        let excerpt = Excerpt::new(finding, run.sources, &mut self.masks, WIDTH);
        let open = if self.drawn < UNFOLDED { " open" } else { "" };
        self.drawn += 1;
        let mut out = format!(
            "<details class=\"finding\" data-severity=\"{severity}\" data-rule=\"{rule}\" data-instances=\" {instances} \"{open}>\n\
             <summary><span class=\"badge {severity}\">{severity}</span> <span class=\"message\">{message}</span> \
             <span class=\"at\">{at}</span></summary>\n",
            severity = severity.word(),
            rule = name(id),
            instances = self.concerned(found),
            message = words(&finding.message),
            at = html(&place(finding.primary.at, run.sources)),
        );
        out.push_str(&snippet::snippets(&excerpt));
        if !finding.help.is_empty() {
            let help = words(&finding.help);
            let _ = writeln!(out, "<p class=\"help\"><b>What to do</b> {help}</p>");
        }
        if !finding.instances.is_empty() {
            let chip =
                |instance: &String| format!(" <span class=\"chip\">{}</span>", name(instance));
            let chips: String = finding.instances.iter().take(MAX_NAMED).map(chip).collect();
            let more = finding.instances.len().saturating_sub(MAX_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(out, "<p class=\"concerned\">Concerns{chips}{more}</p>");
        }
        out.push_str(&rule.map_or_else(String::new, |rule| self.pages.fold(rule)));
        out + "</details>\n"
    }
}
