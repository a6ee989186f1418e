//! What a template says only under a condition: which of its branches is rendered, the values of an instance say, or no file does.
//!
//! `{{ if eq .Values.environment "prod" }} … {{ else }} … {{ end }}`, `{% if env == 'prod' %}`, `<% if … %>`. A block that is merely switched on
//! (`{{ if .Values.saas.enabled }}`) without an `else` is taken for rendered where no file of values says: whole charts stand in such blocks.
//!
//! Source: the Helm documentation, *Flow control*; Go's `text/template` (`if`, `else if`, `and`, `not`, `eq`, `ne`).

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

/// What a condition asks of the values of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The keys on the way to the value.
    pub path: Vec<String>,
    /// The text that it is compared with; none where it must merely be there and not be false.
    pub equals: Option<String>,
    /// Whether the answer must be yes.
    pub holds: bool,
    /// What `default` puts in the place of a value that is not there, or empty.
    pub otherwise: Option<String>,
}

impl Test {
    /// Whether a value, which counts as there or not, is what is asked for.
    #[must_use]
    pub fn is_met(&self, text: &str, is_there: bool) -> bool {
        let is_so = self.equals.as_ref().map_or(is_there, |expected| text == expected);
        is_so == self.holds
    }
}

/// A part of a template that is rendered only where all of its tests hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Where it stands, in bytes.
    pub region: Range<usize>,
    /// The tests.
    pub tests: Vec<Test>,
    /// Whether it is taken for rendered where no file answers.
    pub is_presumed: bool,
}

struct Block {
    start: usize,
    is_conditional: bool,
    is_told: bool,
    /// The branches that are closed, and the tests of the open one with its start; none where a condition is not understood.
    branches: Option<(Vec<Branch>, usize, Vec<Test>)>,
}

/// What the conditions of a template hold.
#[derive(Default)]
struct Regions {
    /// What is rendered where tests hold that files of values can answer.
    branches: Vec<Branch>,
    /// What is rendered where nobody knows.
    open: Vec<Range<usize>>,
}

/// The parts of a template whose conditions the values of a chart answer.
#[must_use]
pub fn branches(text: &str) -> Vec<Branch> {
    if text.contains("{{") { regions(text).branches } else { Vec::new() }
}

/// The parts of a template that are rendered only in one branch of several, and no file tells which.
#[must_use]
pub fn open(source: &Source) -> Vec<Range<usize>> {
    let text = source.text();
    let is_template = ["{{", "{%", "<%"].iter().any(|hole| text.contains(hole));
    if is_template { regions(text).open } else { Vec::new() }
}

/// Makes the values unknown that a template gives in one branch of several. A secret is readable in each.
pub fn forget(open: &[Range<usize>], contributions: &mut [Contribution]) {
    if open.is_empty() {
        return;
    }
    let settings = contributions.iter_mut().flat_map(|found| &mut found.settings);
    for setting in settings.filter(|setting| !setting.value.is_hidden()) {
        let at = setting.at.span.start as usize;
        if open.iter().any(|region| region.contains(&at)) {
            setting.value = Value::Unknown;
        }
    }
}

fn regions(text: &str) -> Regions {
    let mut open: Vec<Block> = Vec::new();
    let mut regions = Regions::default();
    for tag in TAG.captures_iter(text) {
        let part = |names: &[&str]| names.iter().find_map(|name| tag.name(name));
        let word = part(&["go", "ji", "ru", "op"]).map_or("", |word| word.as_str());
        let condition = part(&["of_go", "of_ji", "of_ru"]).map_or("", |rest| rest.as_str());
        let compares = word == "case"
            || condition.split([' ', '(', ')']).any(|word| COMPARING.contains(&word));
        let (start, end) = tag.get(0).map_or((0, 0), |whole| (whole.start(), whole.end()));
        match word {
            "if" | "unless" | "case" | "with" => {
                let is_asked = matches!(word, "if" | "with") && tag.name("go").is_some();
                let asks = if is_asked { tests(condition) } else { None };
                let branches = asks.map(|tests| (Vec::new(), end, tests));
                open.push(Block { start, is_conditional: true, is_told: compares, branches });
            }
            "else" | "elif" | "elsif" | "when" => {
                if let Some(block) = open.last_mut() {
                    block.is_told = true;
                    block.turn(condition, start, end);
                }
            }
            "end" | "endif" => regions.close(open.pop(), start),
            _ => open.push(Block { start, is_conditional: false, is_told: false, branches: None }),
        }
    }
    regions
}

impl Block {
    /// Ends the open branch at an `else` and begins the next one, which is rendered where the one before is not.
    fn turn(&mut self, condition: &str, start: usize, end: usize) {
        let Some((mut closed, from, own)) = self.branches.take() else { return };
        let condition = condition.trim().trim_end_matches('-').trim();
        let more = match condition.strip_prefix("if ") {
            Some(more) => tests(more),
            None => condition.is_empty().then(Vec::new),
        };
        // Of several tests nobody knows which one failed; the last of them is the branch's own.
        let before = closed.len();
        let inherited = own.len().saturating_sub(1);
        let negated = own.last().filter(|_| inherited == before).map(|test| {
            let mut test = test.clone();
            test.holds = !test.holds;
            test
        });
        closed.push(Branch { region: from..start, tests: own.clone(), is_presumed: false });
        if let Some((negated, more)) = negated.zip(more) {
            let kept = own.into_iter().take(inherited);
            let tests: Vec<Test> = kept.chain([negated]).chain(more).collect();
            self.branches = Some((closed, end, tests));
        }
    }
}

impl Regions {
    fn close(&mut self, block: Option<Block>, end: usize) {
        let Some(block) = block.filter(|one| one.is_conditional) else { return };
        match block.branches {
            Some((closed, from, tests)) => {
                let is_presumed = !block.is_told;
                self.branches.extend(closed);
                self.branches.push(Branch { region: from..end, tests, is_presumed });
            }
            None if block.is_told => self.open.push(block.start..end),
            None => {}
        }
    }
}

/// The tests of a condition: a value of the chart, with a `default` or not, `not`, `and`, `eq` and `ne` with a text; none for any other.
fn tests(condition: &str) -> Option<Vec<Test>> {
    let condition = condition.trim().trim_end_matches('-').trim();
    let words = words(condition)?;
    let given = |words: &[&str], holds| Some(Test { holds, ..value(words)? });
    match words.as_slice() {
        ["not", word] => Some(vec![given(&[word], false)?]),
        ["and", words @ ..] => words.iter().map(|word| given(&[word], true)).collect(),
        [how @ ("eq" | "ne"), one, other] => {
            let (value, text) = match (text(one), text(other)) {
                (None, Some(text)) => (one, text),
                (Some(text), None) => (other, text),
                _ => return None,
            };
            Some(vec![Test { equals: Some(text.to_owned()), ..given(&[value], *how == "eq")? }])
        }
        words => Some(vec![given(words, true)?]),
    }
}

/// The words of a condition: quoted ones and what stands in parentheses whole.
fn words(condition: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut is_text) = (None, 0_usize, false);
    for (at, letter) in condition.char_indices() {
        match letter {
            '"' => is_text = !is_text,
            '(' if !is_text => depth += 1,
            ')' if !is_text => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if letter.is_whitespace() && depth == 0 && !is_text {
            found.extend(start.take().and_then(|start| condition.get(start..at)));
        } else {
            start.get_or_insert(at);
        }
    }
    found.extend(start.and_then(|start| condition.get(start..)));
    (depth == 0 && !is_text).then_some(found)
}

/// The value that words ask for: `.Values.a`, `.Values.a | default true`, `default true .Values.a`, in parentheses or not.
fn value(words: &[&str]) -> Option<Test> {
    match words {
        [one] if one.starts_with('(') => {
            value(&self::words(one.strip_prefix('(')?.strip_suffix(')')?)?)
        }
        [one] => {
            let path = one.trim_start_matches('$').strip_prefix(".Values.")?;
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            let is_of_key = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            let is_key = |key: &String| !key.is_empty() && key.chars().all(is_of_key);
            let is_path = path.iter().all(is_key);
            is_path.then_some(Test { path, equals: None, holds: true, otherwise: None })
        }
        [one, "|", "default", other] | ["default", other, one] => {
            let other = text(other).or_else(|| is_plain(other).then_some(other))?;
            let test = value(&[one]).filter(|test| test.otherwise.is_none())?;
            Some(Test { otherwise: Some(other.to_owned()), ..test })
        }
        _ => None,
    }
}

/// What stands in quotes.
fn text(word: &str) -> Option<&str> {
    let text = word.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('"')).then_some(text)
}

/// Whether a word is `true`, `false` or a number.
fn is_plain(word: &str) -> bool {
    matches!(word, "true" | "false") || word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_one_branch_of_several_is_conditional() {
        let within = |text: &str| {
            let at = text.find('X').unwrap_or(0);
            regions(text).open.iter().any(|region| region.contains(&at))
        };
        for text in [
            "{{- if eq .Values.env .Values.b }}\na: X\n{{- else }}\na: Y\n{{- end }}",
            "{{ if or .Values.a .Values.b }}a: Y{{ else }}a: X{{ end }}",
            "{{ if eq .a .b }}{{ range .c }}a: X{{ end }}{{ end }}",
            "{% if env == 'prod' %}a: X{% endif %}",
            "{%- if a %}a: X{% else %}a: Y{% endif %}",
            "<% if a == b %>a: X<% end %>",
            "<% if a == b %><% all.each do |x| %>y<% end %>a: X<% else %>a: Y<% end %>",
            "{{ with .Files.a }}a: Y{{ else }}a: X{{ end }}",
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

    #[test]
    fn what_the_values_of_a_chart_answer_is_asked_of_them() {
        let asked = |text: &str| {
            let at = text.find('X').unwrap_or(0);
            let shown = |test: &Test| {
                let not = if test.holds { "" } else { "!" };
                let equals =
                    test.equals.as_ref().map_or_else(String::new, |text| format!("={text}"));
                let otherwise =
                    test.otherwise.as_ref().map_or_else(String::new, |text| format!("|{text}"));
                format!("{not}{}{otherwise}{equals}", test.path.join("."))
            };
            let own = |branch: &Branch| branch.region.contains(&at);
            let found: Vec<String> = branches(text)
                .iter()
                .filter(|branch| own(branch))
                .map(|branch| {
                    let tests: Vec<String> = branch.tests.iter().map(shown).collect();
                    format!("{}{}", tests.join(" "), if branch.is_presumed { "?" } else { "" })
                })
                .collect();
            found.join("; ")
        };
        for (text, expected) in [
            ("{{ if .Values.a.b }}a: X{{ end }}", "a.b?"),
            ("{{- if not $.Values.a -}}a: X{{ end }}", "!a?"),
            ("{{ if and .Values.a .Values.b }}a: X{{ end }}", "a b?"),
            ("{{ if .Values.a }}a: Y{{ else }}a: X{{ end }}", "!a"),
            ("{{ if eq .Values.e \"p\" }}a: X{{ end }}", "e=p"),
            ("{{ if eq .Values.e \"p\" }}Y{{ else if eq .Values.e \"q\" }}X{{ end }}", "!e=p e=q"),
            ("{{ if .Values.a }}Y{{ else if .Values.b }}Z{{ else }}X{{ end }}", "!a !b"),
            ("{{ if .Values.a }}{{ if .Values.b }}X{{ end }}{{ end }}", "b?; a?"),
            ("{{ if and .Values.a .Values.b }}Y{{ else }}X{{ end }}", ""),
            ("{{ if .Values.a }}Y{{ end }}X", ""),
            ("{{ if .Values.a | default true }}X{{ end }}", "a|true?"),
            ("{{ if default true .Values.a }}X{{ end }}", "a|true?"),
            ("{{ if not (.Values.a | default false) }}X{{ end }}", "!a|false?"),
            ("{{ if eq (default \"a b\" .Values.a) \"p\" }}X{{ end }}", "a|a b=p"),
            ("{{ with .Values.a }}X{{ end }}", "a?"),
            ("{{ with .Values.a }}Y{{ else }}X{{ end }}", "!a"),
            ("{{ if .Values.a | default .Values.b }}X{{ end }}", ""),
            ("{{ if .Values.a | lower }}X{{ end }}", ""),
        ] {
            assert_eq!(asked(text), expected, "{text}");
        }
    }
}
