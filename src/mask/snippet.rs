//! What a snippet shows of a file: the places that the run speaks of, what it knows to be public, keys, and between them the punctuation.
//! Everything else is hidden, whatever it is: nobody can list what people keep beside their settings.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{hidden, markers, suspects};
use crate::model::inventory::Inventory;
use crate::model::parameter::Parameter;
use crate::model::public;
use crate::model::setting::{Setting, Value};
use crate::model::storefront::Shown;
use crate::recognise::secret::random;
use crate::recognise::value::{self, decoded};
use crate::source::{Location, Source, SourceId, Span};
use crate::syntax::shell::Shell;
use crate::syntax::{Node, NodeKind, format_of};

/// A part of a text that is not shown, within one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cover {
    /// The bytes.
    pub span: Span,
    /// Whether it is a secret that the run knows: it becomes as many stars. All else becomes an ellipsis.
    pub is_secret: bool,
}

/// Why a place may be shown.
#[derive(Clone, Debug)]
enum Claim {
    /// It names a parameter.
    Name(Parameter),
    /// It holds a value of a parameter that is public.
    Public(Parameter, String),
    /// It holds what only holds the place of a value that would be public.
    Placeholder(Parameter),
    /// It names where the value of a setting is kept.
    Reference,
    /// It is the verb of a command.
    Verb,
    /// A finding points at it.
    Pointed,
}

/// The hidden parts of every source that is shown, found when it is shown first.
#[derive(Debug)]
pub struct Masks {
    secrets: BTreeMap<SourceId, Vec<Span>>,
    claims: BTreeMap<SourceId, Vec<(Span, Claim)>>,
    found: BTreeMap<SourceId, Vec<Cover>>,
}

/// The last words of keys at which one word of a few stands.
const CHOOSING: [&str; 7] = ["env", "environment", "method", "mode", "slot", "stage", "type"];

/// What stands around the name of where a value is kept.
const MARKS: [(&str, &str); 8] = [
    ("%env(", ")%"),
    ("#env(", ")"),
    ("getenv('", "')"),
    ("${{", "}}"),
    ("{{", "}}"),
    ("${", "}"),
    ("$(", ")"),
    ("$", ""),
];

/// The longest place that is shown for what it is.
const LONGEST: usize = 200;

/// The largest text in which keys are looked for.
const MOST_PARSED: usize = 4 << 20;

/// The most punctuation that is shown at either end of what is hidden, and alone.
const EDGE: usize = 4;
const ALONE: usize = 6;

impl Masks {
    /// Takes the places that the inventory knows to be secret or public, and those that findings point at.
    #[must_use]
    pub fn new(inventory: &Inventory, pointed: impl IntoIterator<Item = Location>) -> Self {
        let mut secrets: BTreeMap<_, Vec<Span>> = BTreeMap::new();
        for place in inventory.secret_places() {
            secrets.entry(place.source).or_default().push(place.span);
        }
        for setting in inventory.settings.iter().chain(given(inventory)).filter(|of| is_closed(of))
        {
            secrets.entry(setting.at.source).or_default().push(setting.at.span);
        }
        let mut claims: BTreeMap<_, Vec<(Span, Claim)>> = BTreeMap::new();
        let mut known: BTreeSet<Location> =
            inventory.problems.iter().map(|problem| problem.at).collect();
        let mut claim = |at: Location, claim: Claim| {
            claims.entry(at.source).or_default().push((at.span, claim));
        };
        let settings = inventory.settings.iter().chain(given(inventory));
        for Setting { parameter, value, at, key_at, .. } in settings {
            claim(*key_at, Claim::Name(*parameter));
            known.extend([*at, *key_at]);
            match value {
                Value::Literal(text) if !parameter.is_secret() => {
                    claim(*at, Claim::Public(*parameter, text.clone()));
                }
                // What only holds the place of a value is nobody's secret.
                Value::Placeholder if public::is_ours(*parameter) => {
                    claim(*at, Claim::Placeholder(*parameter));
                }
                Value::Reference => claim(*at, Claim::Reference),
                _ => {}
            }
        }
        for copy in &inventory.storefronts {
            let (parameter, text) = match &copy.shown {
                Shown::DataSpace(text) => (Parameter::DataSpace, text),
                Shown::ApiKey(text) => (Parameter::ReadOnlyApiKey, text),
                Shown::Tenant(_) => (Parameter::ExporterUrl, &copy.text),
            };
            claim(copy.at, Claim::Public(parameter, text.clone()));
        }
        inventory.commands.iter().for_each(|command| claim(command.at, Claim::Verb));
        let pointed = pointed.into_iter().filter(|at| !known.contains(at));
        pointed.for_each(|at| claim(at, Claim::Pointed));
        Self { secrets, claims, found: BTreeMap::new() }
    }

    /// The hidden parts of a source: sorted, apart from each other.
    pub fn of(&mut self, id: SourceId, source: &Source) -> &[Cover] {
        self.found.entry(id).or_insert_with(|| {
            let secrets = self.secrets.get(&id).into_iter().flatten().copied();
            let claims = self.claims.get(&id).map_or(&[][..], Vec::as_slice);
            let shown = claims.iter().flat_map(|(span, claim)| shown(source, *span, claim));
            let shown = shown.chain(keys(source, id)).collect();
            covers(
                source.text(),
                hidden(source.text(), secrets.chain(suspects(source.text()))),
                shown,
            )
        })
    }
}

fn given(inventory: &Inventory) -> impl Iterator<Item = &Setting> {
    inventory.commands.iter().flat_map(|command| &command.settings)
}

/// Whether a setting is not ours, so that nobody knows whether its value is public.
fn is_closed(setting: &Setting) -> bool {
    let is_hidden = |text: &str| public::parts(setting.parameter, text.trim()).is_empty();
    let is_known = setting.parameter.is_secret() || public::is_ours(setting.parameter);
    match &setting.value {
        Value::Literal(text) => !is_known && is_hidden(text),
        Value::Placeholder => !is_known,
        _ => false,
    }
}

/// The parts to be hidden of a text of which some places may be shown.
#[must_use]
pub fn of_text(path: &str, text: &str, shown: Vec<Span>) -> Vec<Cover> {
    let source = Source::new(path.to_owned(), text.as_bytes().to_vec());
    let shown = shown.into_iter().chain(keys(&source, SourceId(0))).collect();
    covers(text, hidden(text, suspects(text)), shown)
}

/// What of a place may be shown for a reason: a place that holds more than what it is shown for is hidden.
fn shown(source: &Source, span: Span, claim: &Claim) -> Vec<Span> {
    let written = source.slice(span);
    if written.len() > LONGEST || written.contains('\n') {
        return Vec::new();
    }
    let inner = written.trim_matches(['"', '\'', '\\']);
    let is_escaped = inner.len() < written.len() && inner.contains('\\');
    if let Claim::Pointed = claim {
        // A text behind escapes can be a file of its own.
        if is_escaped {
            return Vec::new();
        }
        // What a remark goes on to say, and remarks behind it, are not what is pointed at.
        let ends = [" -- ", " # ", " // "].iter().filter_map(|end| written.find(end));
        let end = ends.min().unwrap_or(written.len());
        return vec![Span::new(span.range().start, span.range().start + end)];
    }
    let is_it = match claim {
        Claim::Name(parameter) => {
            let name = parameter.name().rsplit('/').next().unwrap_or_default();
            is_name(inner) && inner.to_ascii_lowercase().contains(name)
        }
        Claim::Public(parameter, text) => {
            let text = text.trim();
            let is_text = |other: &str| other.trim().eq_ignore_ascii_case(text);
            let parts = public::parts(*parameter, text);
            if is_text(inner) {
                let lead = written.find(inner.trim()).unwrap_or_default() + span.range().start;
                let part = |of: Range<usize>| Span::new(lead + of.start, lead + of.end);
                return parts.into_iter().map(part).collect();
            }
            parts.first() == Some(&(0..text.len()))
                && decoded(inner).is_some_and(|text| is_text(&text))
        }
        Claim::Placeholder(parameter) => {
            let holds = |text: &str| value::of_text(*parameter, text) == Value::Placeholder;
            !is_escaped && (holds(inner) || decoded(inner).is_some_and(|text| holds(&text)))
        }
        Claim::Reference => names_place(inner),
        Claim::Verb | Claim::Pointed => is_name(inner),
    };
    is_it.then_some(span).into_iter().collect()
}

/// Whether a text is a name of where a value is kept and nothing else: no text that stands for it where it is not there.
fn names_place(text: &str) -> bool {
    let found = MARKS
        .iter()
        .find_map(|(open, close)| Some((*open, text.strip_prefix(open)?.strip_suffix(close)?)));
    let Some((open, inner)) = found else { return false };
    // A password can begin with a dollar.
    if open == "$" && inner.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return false;
    }
    let mut parts = inner.trim_matches('-').split('|').map(str::trim);
    parts.next().is_some_and(is_name)
        && parts.all(|filter| filter.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
}

/// Whether a text is like what people name things by.
fn is_name(text: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || "_-./:@*[]".contains(letter);
    !text.is_empty()
        && text.len() <= LONGEST
        && text.chars().all(fits)
        && !random::is_random(text)
        && !random::may_be_piece(text)
}

/// The keys of a text, as its format has them; of a script, its programs, options and variables.
fn keys(source: &Source, id: SourceId) -> Vec<Span> {
    let mut spans = Vec::new();
    let format = format_of(source.path()).filter(|_| source.text().len() <= MOST_PARSED);
    if let Some(format) = format {
        let is_script = Shell::holds_scripts(format.name());
        for document in &format.parse(id, source.text()).documents {
            collect(document, source, is_script, &mut spans);
        }
    }
    spans
}

fn collect(node: &Node, source: &Source, is_script: bool, spans: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                let written = source.slice(entry.key.at.span);
                let key = written.trim_matches(['"', '\'']);
                if is_name(key) {
                    spans.push(entry.key.at.span);
                }
                if is_choice(key, entry.value.as_str()) {
                    spans.push(entry.value.at.span);
                }
                collect(&entry.value, source, is_script, spans);
            }
        }
        NodeKind::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                spans.extend(word(item, source, at == 0).filter(|_| is_script));
                collect(item, source, is_script, spans);
            }
        }
        NodeKind::Null | NodeKind::Scalar(_) | NodeKind::Expression | NodeKind::OneOf(_) => {}
    }
}

/// Whether a value is a word of Adobe's own lists, at a key that says that such a word stands there: `environment: production`.
fn is_choice(key: &str, value: Option<&str>) -> bool {
    let last = key.rsplit(|letter: char| !letter.is_ascii_alphanumeric()).next();
    let chooses = |word: &str| CHOOSING.iter().any(|choosing| word.eq_ignore_ascii_case(choosing));
    let is_word = |text: &str| public::SLOTS.contains(&text.trim().to_ascii_lowercase().as_str());
    last.is_some_and(chooses) && value.is_some_and(is_word)
}

/// What of a script's word is no value: a program, the name of an option, the name of a variable.
fn word(item: &Node, source: &Source, is_first: bool) -> Option<Span> {
    let written = item.as_str().map(|_| source.slice(item.at.span))?;
    let name = written.split('=').next().unwrap_or_default();
    let is_variable = name.len() < written.len()
        && name.chars().all(|letter| matches!(letter, 'A'..='Z' | '0'..='9' | '_'));
    let is_option = name
        .strip_prefix("--")
        .is_some_and(|name| name.chars().all(|letter| matches!(letter, 'a'..='z' | '-')));
    let is_program = is_first && name.len() == written.len();
    let start = item.at.span.range().start;
    let is_whole = written
        .get(name.len()..)
        .and_then(|rest| rest.strip_prefix('='))
        .is_some_and(|value| is_choice(name, Some(value)));
    let length = if is_whole { written.len() } else { name.len() };
    (is_name(name) && (is_variable || is_option || is_program))
        .then(|| Span::new(start, start + length))
}

/// Everything that is not shown, and of what is shown the secrets.
fn covers(text: &str, secrets: Vec<Span>, mut shown: Vec<Span>) -> Vec<Cover> {
    let mut covers: Vec<Cover> =
        secrets.iter().map(|&span| Cover { span, is_secret: true }).collect();
    shown.extend(secrets);
    shown.extend(markers(text));
    shown.sort_unstable();
    let mut from = 0;
    for span in shown.iter().copied().chain([Span::new(text.len(), text.len())]) {
        if span.range().start > from {
            gap(text, from, span.range().start, &mut covers);
        }
        from = from.max(span.range().end);
    }
    covers.sort_unstable();
    covers
}

/// Hides what stands between two shown places, line by line, but for some punctuation at its ends.
fn gap(text: &str, from: usize, to: usize, covers: &mut Vec<Cover>) {
    let mut start = from;
    for line in text.get(from..to).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim_end();
        let is_value = |letter: char| !letter.is_ascii_punctuation() && !letter.is_whitespace();
        let count = content.chars().filter(|letter| !letter.is_whitespace()).count();
        let lead = edge(content.chars());
        let tail = edge(content.get(lead..).unwrap_or_default().chars().rev());
        let inner = if content.contains(is_value) {
            lead..content.len() - tail
        } else if count > ALONE {
            content.len() - content.trim_start().len()..content.len()
        } else {
            0..0
        };
        if !inner.is_empty() {
            let span = Span::new(start + inner.start, start + inner.end);
            covers.push(Cover { span, is_secret: false });
        }
        start += line.len();
    }
}

/// How many bytes of punctuation and blanks a text begins with.
fn edge(letters: impl Iterator<Item = char>) -> usize {
    let mut left = EDGE + 1;
    let belongs = |letter: &char| {
        left -= usize::from(letter.is_ascii_punctuation());
        letter.is_whitespace() || (letter.is_ascii_punctuation() && left > 0)
    };
    letters.take_while(belongs).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(path: &str, text: &str, shown: &[&str]) -> String {
        let place = |part: &&str| {
            let at = text.find(part).unwrap();
            Span::new(at, at + part.len())
        };
        let mut out = String::new();
        let mut from = 0;
        for cover in of_text(path, text, shown.iter().map(place).collect()) {
            out.push_str(&text[from..cover.span.range().start]);
            out.push_str(if cover.is_secret { "***" } else { "…" });
            from = cover.span.range().end;
        }
        out + &text[from..]
    }

    #[test]
    fn keys_and_punctuation_stay_and_values_go() {
        for (path, text, shown, expected) in [
            (
                "a.yaml",
                "a: {b: hunter2, c: \"x y\"} # z\nd:\n  - e\n",
                &["hunter2"][..],
                "a: {b: hunter2, c: \"…\nd:\n  - …\n",
            ),
            (".env", "DB_PASSWORD=\"hunter2\"\nPORT=1\n", &["1"], "DB_PASSWORD=\"…\"\nPORT=1\n"),
            (
                "a.php",
                "<?php return ['a' => 'b', 'c' => getenv('D')];",
                &["'b'"],
                "<?… ['a' => 'b', 'c' => …')];",
            ),
            (
                "a.sh",
                "mysql -u root -phunter2 --host=db shop && A=b c d\n",
                &[],
                "mysql -… --host=… && A=…\n",
            ),
            (
                "justfile",
                "deploy:\n    mysql -u root -phunter2 --host=db shop\n",
                &[],
                "deploy:\n    mysql -… --host=…\n",
            ),
            (
                "a.yaml",
                "environment: production\npassword: production\nslot: 'sandbox' # z\nmode: hunter2\n",
                &[],
                "environment: production\npassword: …\nslot: 'sandbox' # …\nmode: …\n",
            ),
            (
                "a.sh",
                "SLOT=sandbox DB_PASS=sandbox deploy --environment=production --pass=testing\n",
                &[],
                "SLOT=sandbox DB_PASS=… --environment=production --pass=…\n",
            ),
            ("a.txt", "!$%&*+-.\n", &[], "…\n"),
            (
                "a.yaml",
                "k: |\n  -----BEGIN PRIVATE KEY-----\n  aGVsbG8=\n",
                &[],
                "k: |\n  -----BEGIN PRIVATE KEY-----\n  …=\n",
            ),
        ] {
            assert_eq!(drawn(path, text, shown), expected, "{path}");
        }
    }
}
