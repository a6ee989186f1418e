//! What a template says only under a condition that compares: one of its branches is rendered, and no file says which.
//!
//! `{{ if eq .Values.environment "prod" }} … {{ else }} … {{ end }}`, `{% if env == 'prod' %}`, `<% if … %>`. A block that is merely switched on
//! (`{{ if .Values.saas.enabled }}`) without an `else` is taken for rendered: whole charts stand in such blocks.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Contribution;
use crate::model::setting::Value;
use crate::source::Source;

/// A tag of a template that opens, parts or closes a block.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    let tag = r"\{\{-?\s*(?P<go>if|else|end|range|with|define|block)\b(?P<of_go>[^}]*)\}\}";
    let jinja = r"\{%-?\s*(?P<ji>if|elif|else|endif)\b(?P<of_ji>[^%]*)%\}";
    let erb = r"<%-?\s*(?P<ru>if|unless|elsif|else|end|case|when)\b(?P<of_ru>[^%]*)%>";
    let ruby = r"<%-?[^%]*\b(?P<op>do)\b[^%]*%>";
    Regex::new(&format!("{tag}|{jinja}|{erb}|{ruby}")).expect("the tests compile it")
});

/// The words with which a condition compares.
const COMPARING: [&str; 14] = [
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
    "has",
    "contains",
    "hasPrefix",
    "hasSuffix",
    "==",
    "!=",
    "in",
    "case",
];

struct Block {
    start: usize,
    is_conditional: bool,
    is_told: bool,
}

/// Makes the values unknown that a template gives in one branch of several. A secret is readable in each.
pub fn forget(source: &Source, contributions: &mut [Contribution]) {
    let text = source.text();
    if !["{{", "{%", "<%"].iter().any(|hole| text.contains(hole)) {
        return;
    }
    let regions = regions(text);
    if regions.is_empty() {
        return;
    }
    let settings = contributions.iter_mut().flat_map(|found| &mut found.settings);
    for setting in settings.filter(|setting| !setting.value.is_hidden()) {
        let at = setting.at.span.start as usize;
        if regions.iter().any(|region| region.contains(&at)) {
            setting.value = Value::Unknown;
        }
    }
}

fn regions(text: &str) -> Vec<Range<usize>> {
    let mut open: Vec<Block> = Vec::new();
    let mut regions = Vec::new();
    for tag in TAG.captures_iter(text) {
        let part = |names: &[&str]| names.iter().find_map(|name| tag.name(name));
        let word = part(&["go", "ji", "ru", "op"]).map_or("", |word| word.as_str());
        let condition = part(&["of_go", "of_ji", "of_ru"]).map_or("", |rest| rest.as_str());
        let compares = word == "case"
            || condition.split([' ', '(', ')']).any(|word| COMPARING.contains(&word));
        let start = tag.get(0).map_or(0, |whole| whole.start());
        match word {
            "if" | "unless" | "case" | "with" => {
                open.push(Block { start, is_conditional: true, is_told: compares });
            }
            "else" | "elif" | "elsif" | "when" => {
                if let Some(block) = open.last_mut() {
                    block.is_told = true;
                }
            }
            "end" | "endif" => {
                let block = open.pop();
                regions.extend(
                    block
                        .filter(|one| one.is_conditional && one.is_told)
                        .map(|one| one.start..start),
                );
            }
            _ => open.push(Block { start, is_conditional: false, is_told: false }),
        }
    }
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_one_branch_of_several_is_conditional() {
        let within = |text: &str| {
            regions(text).iter().any(|region| region.contains(&text.find('X').unwrap_or(0)))
        };
        for text in [
            "{{- if eq .Values.env \"prod\" }}\na: X\n{{- else }}\na: Y\n{{- end }}",
            "{{ if .Values.a }}a: Y{{ else }}a: X{{ end }}",
            "{{ if eq .a .b }}{{ range .c }}a: X{{ end }}{{ end }}",
            "{% if env == 'prod' %}a: X{% endif %}",
            "{%- if a %}a: X{% else %}a: Y{% endif %}",
            "<% if a == b %>a: X<% end %>",
            "<% if a == b %><% all.each do |x| %>y<% end %>a: X<% else %>a: Y<% end %>",
            "{{ with .Values.a }}a: Y{{ else }}a: X{{ end }}",
        ] {
            assert!(within(text), "{text}");
        }
        for text in [
            "{{ if .Values.enabled }}a: X{{ end }}",
            "{{ range .Values.shops }}a: X{{ end }}",
            "{{ with .Values.saas }}a: X{{ end }}",
            "<% all.each do |x| %>a: X<% end %>",
            "{{ if eq .a .b }}a: Y{{ end }}\nb: X",
            "a: X",
        ] {
            assert!(!within(text), "{text}");
        }
    }
}
