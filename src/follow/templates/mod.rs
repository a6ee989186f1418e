//! What a hole of a chart's template stands for: `{{ .dataSpace }}` within `{{ with .Values.saas }}` is `.Values.saas.dataSpace`.
//!
//! Blocks change what `.` is, variables keep what they were given, named templates (`include`) are given what stands for `.` in them. What
//! more than one value could stand for stays unknown.
//!
//! Sources: Go's `text/template`, *Actions*, *Variables*, *Nested template definitions*; the Helm documentation, *Named Templates*, *Template
//! Function List*.

mod tags;
mod terms;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::names::{Name, Space};
use crate::resolve::conventions::chart_of_template;
use crate::source::{Source, SourceId, Span};
use crate::sources::Sources;
use tags::{Action, Tag};
use terms::{Scope, Term};

/// How many named templates take each other in in a row.
const MOST_IN_A_ROW: usize = 6;

/// How many tags of a file are gone through for each hole of it.
const MOST_TAGS: usize = 4_096;

/// The templates of the charts of a tree.
#[derive(Default)]
pub struct Templates {
    /// By the charts.
    charts: BTreeMap<String, Vec<Template>>,
    /// Where named templates are taken in: by chart and name, the templates and their tags.
    taken: BTreeMap<(String, String), Vec<(usize, usize)>>,
    /// None of one while it is worked out, and where nothing tells.
    given: Mutex<Given>,
}

/// What `.` is in named templates, by chart and name.
type Given = BTreeMap<(String, String), Option<Term>>;

struct Template {
    id: SourceId,
    tags: Vec<Tag>,
}

impl Templates {
    /// Finds the templates of a tree.
    pub fn of(sources: &Sources) -> Self {
        let mut charts: BTreeMap<String, Vec<Template>> = BTreeMap::new();
        for (id, path) in sources.paths() {
            let Some((chart, _)) = chart_of_template(path) else { continue };
            let text = sources.get(id).map_or("", Source::text);
            let tags = tags::of(text);
            if !tags.is_empty() {
                charts.entry(chart.to_owned()).or_default().push(Template { id, tags });
            }
        }
        let mut taken: BTreeMap<(String, String), Vec<(usize, usize)>> = BTreeMap::new();
        for (chart, templates) in &charts {
            for (at, template) in templates.iter().enumerate() {
                for (index, tag) in template.tags.iter().enumerate() {
                    for name in tag.action.names() {
                        let key = (chart.clone(), name.to_owned());
                        taken.entry(key).or_default().push((at, index));
                    }
                }
            }
        }
        Self { charts, taken, ..Self::default() }
    }

    /// The values of its chart of which the first that is given is what a hole at a place stands for; none where that is not known, or where the
    /// place holds more than a hole.
    pub fn names(&self, sources: &Sources, source: &Source, span: Span) -> Option<Vec<Name>> {
        let (chart, _) = chart_of_template(source.path())?;
        let template = self
            .charts
            .get(chart)?
            .iter()
            .find(|one| sources.get(one.id).is_some_and(|known| std::ptr::eq(known, source)))?;
        let range = span.range();
        let is_within = |tag: &Tag| tag.at.start < range.end && tag.at.end > range.start;
        let index = template.tags.iter().position(is_within)?;
        let tags = template.tags.get(index..)?;
        let count = tags.iter().position(|tag| !is_within(tag)).unwrap_or(tags.len());
        let tags = tags.get(..count)?;
        let rest = [(range.start, tags.first()?.at.start), (tags.last()?.at.end, range.end)];
        let is_quote = |letter: char| matches!(letter, '"' | '\'') || letter.is_whitespace();
        let is_alone = |(from, to): (usize, usize)| {
            source.text().get(from..to).is_none_or(|rest| rest.chars().all(is_quote))
        };
        let view = View { all: self, sources, chart };
        let scope = view.scope(template, index, 0)?;
        let term = rest
            .into_iter()
            .all(is_alone)
            .then(|| view.put_out(source.text(), tags, scope, 0))??;
        let name = |path: &[String]| {
            let (first, path) = path.split_first()?;
            (first == "Values" && !path.is_empty())
                .then(|| Name { space: Space::Values, path: path.to_vec() })
        };
        term.places()?.into_iter().map(name).collect()
    }
}

/// The templates of one chart.
#[derive(Clone, Copy)]
struct View<'t> {
    all: &'t Templates,
    sources: &'t Sources,
    chart: &'t str,
}

impl View<'_> {
    fn templates(&self) -> &[Template] {
        self.all.charts.get(self.chart).map_or(&[][..], Vec::as_slice)
    }

    /// What is known at a tag: what `.` and the variables are.
    fn scope(&self, template: &Template, index: usize, depth: usize) -> Option<Scope> {
        if index > MOST_TAGS || depth > MOST_IN_A_ROW {
            return None;
        }
        let mut scope = Scope::at_root();
        let mut open: Vec<Scope> = Vec::new();
        for tag in template.tags.get(..index)? {
            self.step(&tag.action, &mut scope, &mut open, depth);
        }
        Some(scope)
    }

    fn step(&self, action: &Action, scope: &mut Scope, open: &mut Vec<Scope>, depth: usize) {
        match action {
            Action::If { variable, pipeline } => {
                open.push(scope.clone());
                let value = variable.as_ref().and_then(|_| self.value(pipeline, scope, depth));
                scope.declare(variable.as_deref(), value);
            }
            Action::With { variable, pipeline } => {
                open.push(scope.clone());
                let value = self.value(pipeline, scope, depth);
                scope.declare(variable.as_deref(), value.clone());
                scope.dot = value;
            }
            Action::Range { variables, pipeline } => {
                open.push(scope.clone());
                let each = self.value(pipeline, scope, depth).and_then(|term| term.each());
                scope.dot.clone_from(&each);
                if let Some((each_of, keys)) = variables.split_last() {
                    for name in keys {
                        scope.declare(Some(name), None);
                    }
                    scope.declare(Some(each_of), each);
                }
            }
            Action::Define { name } => {
                open.push(scope.clone());
                *scope = Scope::given(self.given(name, depth));
            }
            Action::Block { pipeline } => {
                open.push(scope.clone());
                *scope = Scope::given(self.value(pipeline, scope, depth));
            }
            Action::Else { with, .. } => {
                let Some(before) = open.last() else { return };
                scope.dot.clone_from(&before.dot);
                if let Some(pipeline) = with {
                    scope.dot = self.value(pipeline, scope, depth);
                }
            }
            Action::End => {
                if let Some(before) = open.pop() {
                    scope.leave(before);
                }
            }
            Action::Declare { variable, pipeline } => {
                let value = self.value(pipeline, scope, depth);
                scope.declare(Some(variable), value);
            }
            Action::Assign { variable, pipeline } => {
                // What is assigned in a block may be, or not.
                let value = if open.is_empty() { self.value(pipeline, scope, depth) } else { None };
                scope.assign(variable, value);
            }
            Action::Put(_) => {}
        }
    }

    /// What `.` is in a named template: what all that take it in give.
    fn given(&self, name: &str, depth: usize) -> Option<Term> {
        let key = (self.chart.to_owned(), name.to_owned());
        if let Some(known) = self.known().get(&key) {
            return known.clone();
        }
        self.known().insert(key.clone(), None);
        let mut given: Vec<Option<Term>> = Vec::new();
        for &(at, index) in self.all.taken.get(&key).into_iter().flatten() {
            let Some(template) = self.templates().get(at) else { continue };
            let contexts = template.tags.get(index).map(|tag| tag.action.taken(name));
            for context in contexts.into_iter().flatten() {
                let scope = self.scope(template, index, depth + 1);
                given.push(scope.and_then(|scope| self.value(context, &scope, depth + 1)));
            }
        }
        let first = given.first().cloned().flatten();
        let given = first.filter(|first| given.iter().all(|one| one.as_ref() == Some(first)));
        self.known().insert(key, given.clone());
        given
    }

    fn known(&self) -> MutexGuard<'_, Given> {
        self.all.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a pipeline gives.
    fn value(&self, pipeline: &str, scope: &Scope, depth: usize) -> Option<Term> {
        let include = |name: &str, context: Option<Term>| self.put(name, context, depth + 1);
        terms::value(pipeline, scope, &include)
    }

    /// What a named template puts out, where that is one hole.
    fn put(&self, name: &str, context: Option<Term>, depth: usize) -> Option<Term> {
        if depth > MOST_IN_A_ROW {
            return None;
        }
        let defines =
            |tag: &Tag| matches!(&tag.action, Action::Define { name: own } if own == name);
        let mut found = self
            .templates()
            .iter()
            .filter_map(|template| Some((template, template.tags.iter().position(defines)?)));
        let (template, at) = found.next().filter(|_| found.next().is_none())?;
        let text = self.sources.get(template.id)?.text();
        let tags = template.tags.get(at..)?;
        let between = text.get(tags.first()?.at.end..tags.get(1)?.at.start)?;
        let is_blank = between.trim().is_empty();
        is_blank.then(|| self.put_out(text, tags.get(1..)?, Scope::given(context), depth))?
    }

    /// What tags put out up to the end of the block around them, where that is one value, or the first of several: `if a`, `a`, `else`, `b`.
    fn put_out(&self, text: &str, tags: &[Tag], mut scope: Scope, depth: usize) -> Option<Term> {
        let mut open: Vec<Scope> = Vec::new();
        let mut put: Vec<Option<Term>> = Vec::new();
        // What is asked for before something is put out, and whether there is more for what is blank.
        let mut asked: Option<Term> = None;
        let mut goes_on = true;
        let mut end = tags.first()?.at.start;
        for tag in tags.iter().take(MOST_TAGS) {
            if !text.get(end..tag.at.start)?.trim().is_empty() {
                return None;
            }
            end = tag.at.end;
            match &tag.action {
                Action::End if open.is_empty() => break,
                Action::Put(pipeline) => {
                    put.push(Some(self.value(pipeline, &scope, depth)?));
                    if !std::mem::take(&mut goes_on) {
                        return None;
                    }
                }
                Action::Else { asked: next, with: None } if open.len() == 1 => {
                    goes_on = asked.is_some() && put.last() == Some(&asked);
                    self.step(&tag.action, &mut scope, &mut open, depth);
                    asked = next.as_ref().and_then(|next| self.value(next, &scope, depth));
                    if !goes_on {
                        return None;
                    }
                }
                // One of several.
                Action::Range { .. } | Action::Else { .. } | Action::Define { .. } => return None,
                action => {
                    if let Action::If { pipeline, .. } = action
                        && open.is_empty()
                    {
                        asked = self.value(pipeline, &scope, depth);
                    }
                    self.step(action, &mut scope, &mut open, depth);
                }
            }
        }
        Term::first(put)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::sources::{Entry, State, StateSet};

    /// What the hole behind `X: ` stands for in a chart with these templates.
    fn found(templates: &[(&str, &str)]) -> Option<String> {
        let path = |name: &str| format!("charts/shop/templates/{name}");
        let entries = templates.iter().map(|(name, _)| Entry {
            path: path(name),
            states: StateSet::default().with(State(0)),
            ..Entry::default()
        });
        let loaded = (0..).zip(templates).map(|(id, (name, text))| {
            (SourceId(id), Source::new(path(name), text.as_bytes().to_vec()).into())
        });
        let sources = Sources::new(entries.collect(), loaded.collect());
        let (source, start) = sources.paths().find_map(|(id, _)| {
            let source = sources.get(id)?;
            Some((source, source.text().find("X: ")? + 3))
        })?;
        let end = start + source.text().get(start..)?.find('\n')?;
        let span = Span { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? };
        let names = Templates::of(&sources).names(&sources, source, span)?;
        let names: Vec<String> = names.iter().map(|name| name.path.join(".")).collect();
        Some(names.join(", "))
    }

    #[test]
    fn blocks_and_variables_say_what_a_hole_is() {
        let cases = [
            ("X: {{ .Values.a.b | quote }}\n", Some("a.b")),
            ("{{ with .Values.a }}\nX: {{ .b }}\n{{ end }}", Some("a.b")),
            ("{{- with .Values.a -}}\nX: \"{{- .b -}}\"\n{{ end }}", Some("a.b")),
            ("{{ with .Values.a }}{{ with .b }}\nX: {{ .c }}\n{{ end }}{{ end }}", Some("a.b.c")),
            ("{{ with .Values.a }}{{ with .b }}{{ end }}\nX: {{ .c }}\n{{ end }}", Some("a.c")),
            ("{{ with .Values.a.b }}\nX: {{ . | quote }}\n{{ end }}", Some("a.b")),
            ("{{ with .Values }}\nX: {{ .a.b }}\n{{ end }}", Some("a.b")),
            ("{{ with .Values.a }}\nX: {{ $.Values.c.b }}\n{{ end }}", Some("c.b")),
            ("{{ with $s := .Values.a }}\nX: {{ $s.b }}\n{{ end }}", Some("a.b")),
            ("{{ $s := .Values.a }}\nX: {{ $s.b }}\n", Some("a.b")),
            ("{{ $s := .Values.a.b | default \"\" }}\nX: {{ $s }}\n", Some("a.b")),
            ("{{ if .Values.on }}{{ $s := .Values.a }}\nX: {{ $s.b }}\n{{ end }}", Some("a.b")),
            ("{{ with .Values.c }}{{ else }}\nX: {{ .Values.a.b }}\n{{ end }}", Some("a.b")),
            ("{{/* {{ with .Values.c }} */}}\nX: {{ .Values.a.b }}\n", Some("a.b")),
            ("X: {{ index .Values \"a\" \"b\" }}\n", Some("a.b")),
            ("X: {{ (index .Values.a \"b\").c }}\n", Some("a.b.c")),
            ("X: {{ get .Values.a \"b\" | quote }}\n", Some("a.b")),
            ("X: {{ dig \"a\" \"b\" \"\" .Values.AsMap }}\n", Some("a.b")),
            ("X: {{ printf \"%s\" .Values.a.b | quote }}\n", Some("a.b")),
            ("X: {{ required \"say it\" .Values.a.b }}\n", Some("a.b")),
            ("X: {{ tpl .Values.a.b . }}\n", Some("a.b")),
            ("X: {{ default .Values.c .Values.a.b }}\n", Some("a.b, c")),
            ("X: {{ .Values.a.b | default .Values.c | quote }}\n", Some("a.b, c")),
            ("X: {{ coalesce .Values.a.b .Values.c .Values.d }}\n", Some("a.b, c, d")),
            ("X: {{ .Values.a.b | default (default .Values.d .Values.c) }}\n", Some("a.b, c, d")),
            (
                "X: {{ if .Values.c }}{{ .Values.c }}{{ else }}{{ .Values.a.b }}{{ end }}\n",
                Some("c, a.b"),
            ),
            ("{{ range .Values.a }}\nX: {{ .b }}\n{{ end }}", Some("a.*.b")),
            ("{{ range .Values.ids }}\nX: {{ . }}\n{{ end }}", Some("ids.*")),
            ("{{ range $k, $v := .Values.a }}\nX: {{ $v.b }}\n{{ end }}", Some("a.*.b")),
        ];
        for (text, expected) in cases {
            assert_eq!(found(&[("a.yaml", text)]).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_may_be_something_else_is_unknown() {
        let cases = [
            "X: {{ .b }}\n",
            "{{ range list 1 2 }}\nX: {{ .b }}\n{{ end }}",
            "{{ range $k, $v := .Values.a }}\nX: {{ $k }}\n{{ end }}",
            "{{ range . }}\nX: {{ .b }}\n{{ end }}",
            "X: {{ printf \"%s-x\" .Values.a.b }}\n",
            "X: {{ .Values.a.b | upper }}\n",
            "X: {{ .Values.a.b }}-{{ .Values.c }}\n",
            "X: pre-{{ .Values.a.b }}\n",
            "X: {{ if .Values.on }}{{ .Values.c }}{{ else }}{{ .Values.a.b }}{{ end }}\n",
            "X: {{ ternary .Values.c .Values.a.b true }}\n",
            "{{ $s := .Values.a }}{{ if .Values.on }}{{ $s = .Values.c }}{{ end }}\nX: {{ $s.b }}\n",
            "X: {{ index .Values .Release.Name }}\n",
            "X: {{ .Release.Name }}\n",
            &format!("X: {{{{ {}.Values.a{} }}}}\n", "(".repeat(2_000), ")".repeat(2_000)),
            &format!("{}X: {{{{ .a }}}}\n", "{{ with .Values.a }}\n".repeat(2_000)),
        ];
        for text in cases {
            assert_eq!(found(&[("a.yaml", text)]), None, "{text}");
        }
    }

    #[test]
    fn named_templates_are_given_what_takes_them_in() {
        let helper = "{{- define \"shop.env\" -}}\nX: {{ .b | quote }}\n{{- end }}";
        let cases = [
            (helper, "{{ include \"shop.env\" .Values.a | nindent 2 }}", Some("a.b")),
            (helper, "{{ template \"shop.env\" .Values.a }}", Some("a.b")),
            (helper, "{{ with .Values.a }}{{ include \"shop.env\" . }}{{ end }}", Some("a.b")),
            (
                helper,
                "{{ include \"shop.env\" .Values.a }}{{ include \"shop.env\" .Values.c }}",
                None,
            ),
            (helper, "", None),
            (
                "{{ define \"shop.env\" }}\nX: {{ .space }}\n{{ end }}",
                "{{ include \"shop.env\" (dict \"root\" . \"space\" .Values.a.b) }}",
                Some("a.b"),
            ),
            (
                "{{ define \"shop.env\" }}\nX: {{ .root.Values.a.b }}\n{{ end }}",
                "{{ include \"shop.env\" (dict \"root\" $ \"kind\" \"web\") }}",
                Some("a.b"),
            ),
        ];
        for (helper, taking, expected) in cases {
            let found = found(&[("_helpers.tpl", helper), ("a.yaml", taking)]);
            assert_eq!(found.as_deref(), expected, "{taking}");
        }
    }

    #[test]
    fn a_named_template_of_one_hole_is_that_hole() {
        let taking = "X: {{ include \"shop.space\" . | quote }}\n";
        let cases = [
            ("{{- define \"shop.space\" -}}{{- .Values.a.b -}}{{- end -}}", Some("a.b")),
            (
                "{{ define \"shop.space\" }}{{ with .Values.a }}{{ .b }}{{ end }}{{ end }}",
                Some("a.b"),
            ),
            (
                "{{ define \"shop.other\" }}{{ .Values.a.b }}{{ end }}{{ define \"shop.space\" }}{{ include \"shop.other\" . }}{{ end }}",
                Some("a.b"),
            ),
            ("{{ define \"shop.space\" }}x-{{ .Values.a.b }}{{ end }}", None),
            (
                "{{ define \"shop.space\" }}{{ if .Values.c }}{{ .Values.c }}{{ else }}{{ .Values.a.b }}{{ end }}{{ end }}",
                Some("c, a.b"),
            ),
            (
                "{{ define \"shop.space\" }}{{ if .Values.on }}{{ .Values.c }}{{ else }}{{ .Values.a.b }}{{ end }}{{ end }}",
                None,
            ),
            ("{{ define \"shop.space\" }}{{ include \"shop.space\" . }}{{ end }}", None),
        ];
        for (helper, expected) in cases {
            let found = found(&[("_helpers.tpl", helper), ("a.yaml", taking)]);
            assert_eq!(found.as_deref(), expected, "{helper}");
        }
    }
}
