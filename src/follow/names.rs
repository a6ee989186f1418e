//! What stands in the place of a value, as a name that another place of the tree may give: `.Values.a.b`, `var.x`, `${X}`, `{{ x }}`, `%env(X)%`.
//!
//! Only a value that is one name and nothing else, or a name with what keeps its value (`| quote`, `:-default`). Whatever would have to be run
//! is no name.

use crate::resolve::conventions::extension;
use crate::source::{Source, Span};

/// Where a name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// The values of a chart.
    Values,
    /// The variables of a Terraform module.
    Variable,
    /// The locals of a Terraform module.
    Local,
    /// The locals of a file that Terragrunt reads for the folder it runs in.
    Read,
    /// What a file holds that an expression decodes.
    Decoded,
    /// The variables of a process, a job, a compose project.
    Environment,
    /// The variables of a play.
    Play,
    /// The inputs of a workflow or an action, the parameters of a job.
    Input,
    /// What steps and jobs of a workflow hand on.
    Output,
    /// The data of a Kubernetes object.
    Object,
    /// The parameters and mappings of a template of AWS.
    Template,
    /// The variables of a stage of Capistrano's.
    Stage,
}

/// A name and where it is looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Where.
    pub space: Space,
    /// Its parts: the keys on the way to the value.
    pub path: Vec<String>,
}

impl Name {
    fn new(space: Space, path: &str) -> Option<Self> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let is_part = |part: &String| !part.is_empty() && part.chars().all(is_of_name);
        path.iter().all(is_part).then_some(Self { space, path })
    }

    /// The key at which the value stands.
    #[must_use]
    pub fn key(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The name as people know it.
    #[must_use]
    pub fn shown(&self) -> String {
        let path = self.path.join(".");
        match self.space {
            Space::Values => format!(".Values.{path}"),
            Space::Variable => format!("var.{path}"),
            Space::Local => format!("local.{path}"),
            Space::Read => format!("locals.{path}"),
            Space::Input => format!("inputs.{path}"),
            Space::Output => format!("outputs.{}", self.key()),
            Space::Stage => format!("fetch(:{path})"),
            Space::Environment | Space::Play | Space::Object | Space::Template | Space::Decoded => {
                path
            }
        }
    }
}

/// The functions of templates that keep the value they are given.
const KEEPING: [&str; 17] = [
    "quote",
    "squote",
    "required",
    "default",
    "coalesce",
    "b64enc",
    "toString",
    "trim",
    "tpl",
    "indent",
    "nindent",
    "string",
    "mandatory",
    "safe",
    "b64encode",
    "toJson",
    "to_json",
];

/// What is written at a place, with the whole of a template's hole: its own quotes end no text, `'{{ x | default('') }}'`.
#[must_use]
pub fn written(source: &Source, span: Span) -> &str {
    let text = source.slice(span);
    let behind = source.text().get(span.range().end..).unwrap_or_default();
    let line = behind.lines().next().unwrap_or_default();
    let is_open = text.matches("{{").count() > text.matches("}}").count();
    let Some(end) = line.find("}}").filter(|_| is_open).map(|end| end + 2) else { return text };
    let closing = line.get(end..).unwrap_or_default();
    let end = end + usize::from(closing.starts_with(['"', '\'']));
    source.text().get(span.range().start..span.range().end + end).unwrap_or(text)
}

/// The name that is written in the file at `path` in the place of a value; none where there is none.
#[must_use]
pub fn name(path: &str, written: &str) -> Option<Name> {
    let text = bare(written);
    if text.len() > 512 {
        return None;
    }
    if let Some(name) = of_object(text).or_else(|| of_template(text)) {
        return Some(name);
    }
    if let Some(inner) = within(text, "${{", "}}") {
        let (space, name) = inner.split_once('.')?;
        return match space {
            "env" => Name::new(Space::Environment, plain(name)?),
            "inputs" | "parameters" => Name::new(Space::Input, name),
            "steps" | "needs" => of_output(space, name),
            _ => None,
        };
    }
    if let Some(inner) = within(text, "<<", ">>").filter(|_| path.contains(".circleci/")) {
        return Name::new(Space::Input, inner.strip_prefix("parameters.")?);
    }
    if let Some(inner) = within(text, "{{", "}}") {
        return template(inner.trim_matches('-').trim());
    }
    if is_ruby(path) {
        return of_stage(text);
    }
    // What a script in it takes of its own.
    let is_of_script = text.starts_with('$') && !text.starts_with("${");
    if is_terraform(path) && !is_of_script {
        let text = within(text, "${", "}").unwrap_or(text);
        let (space, name) = text.split_once('.')?;
        return match space {
            "var" => Name::new(Space::Variable, name),
            // What Terragrunt's `include` with `expose` takes in.
            "include" => Name::new(Space::Read, name.split_once(".locals.")?.1),
            "local" => match name.split_once(".locals.") {
                Some((_, read)) => Name::new(Space::Read, read),
                None => Name::new(Space::Local, name),
            },
            _ => None,
        };
    }
    if let Some(inner) = within(text, "%env(", ")%").or_else(|| within(text, "#env(", ")")) {
        return Name::new(Space::Environment, plain(unquoted(inner.split(',').next()?.trim()))?);
    }
    if text.contains("getenv(") || text.contains("$_ENV[") || text.contains("$_SERVER[") {
        return of_php(text);
    }
    let text = text.strip_suffix(|letter| letter == '"' || letter == '\'').unwrap_or(text);
    // A macro of Azure's pipelines.
    if let Some(inner) = within(text, "$(", ")").filter(|_| is_azure(path)) {
        return Name::new(Space::Environment, plain(inner)?);
    }
    let variable = if let Some(inner) = within(text, "${", "}") {
        inner.split_once([':', '-', '?']).map_or(inner, |(name, _)| name)
    } else {
        text.strip_prefix('$')?
    };
    Name::new(Space::Environment, plain(variable)?)
}

/// `steps.ids.outputs.space`: the name alone; `needs.ids.outputs.space`: with the job above it.
///
/// Source: the GitHub documentation, *Contexts reference*.
fn of_output(space: &str, name: &str) -> Option<Name> {
    let parts: Vec<&str> = name.split('.').collect();
    let [of, "outputs", name] = parts.as_slice() else { return None };
    let path =
        if space == "needs" { format!("jobs.{of}.outputs.{name}") } else { (*name).to_owned() };
    Name::new(Space::Output, &path)
}

/// `#{fetch(:name)}`, `fetch(:name)`.
///
/// Source: the Capistrano documentation, *Configuration*, *Access*.
fn of_stage(text: &str) -> Option<Name> {
    let call = within(text, "#{", "}").unwrap_or(text);
    let name = within(call, "fetch(", ")")?;
    Name::new(Space::Stage, plain(name.strip_prefix(':')?)?)
}

/// Whether a file is written in Ruby.
#[must_use]
pub fn is_ruby(path: &str) -> bool {
    matches!(extension(path), "rb" | "rake")
}

/// `name: x` and `key: y` of a `configMapKeyRef`.
fn of_object(text: &str) -> Option<Name> {
    let lines = || text.trim_matches(['{', '}']).split(['\n', ',']).map(str::trim);
    let value = |key: &str| {
        let value = lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
        Some(unquoted(value.trim()).to_owned())
    };
    let is_of_it =
        |line: &str| ["name:", "key:", "optional:"].iter().any(|key| line.starts_with(key));
    let path = lines().all(is_of_it).then(|| Some(vec![value("name")?, value("key")?]))??;
    let is_plain = path.iter().all(|part| !part.is_empty() && !part.contains(['{', '$', '}']));
    is_plain.then_some(Name { space: Space::Object, path })
}

/// `!Ref Name`, `Ref: Name`, `{"Ref": "Name"}`.
///
/// Source: the AWS documentation, *Intrinsic function reference*.
fn of_template(text: &str) -> Option<Name> {
    let name = text.strip_prefix("!Ref ").or_else(|| intrinsic(text, "Ref"))?;
    Name::new(Space::Template, unquoted(name.trim()))
}

/// What a function of a template of AWS is given, in its long form: `Ref: Name`, `{"Fn::FindInMap": […]}`.
#[must_use]
pub fn intrinsic<'t>(text: &'t str, function: &str) -> Option<&'t str> {
    let inner = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(text);
    let inner = inner.trim();
    let quote = inner.chars().next().filter(|first| matches!(first, '"' | '\''));
    let rest = inner.trim_start_matches(['"', '\'']).strip_prefix(function)?;
    let rest = quote.map_or(Some(rest), |quote| rest.strip_prefix(quote))?;
    rest.trim_start().strip_prefix(':').map(str::trim)
}

/// The name in a hole of a template.
fn template(inner: &str) -> Option<Name> {
    let mut found = None;
    let mut is_filter = false;
    for word in words(inner)? {
        let values = word.strip_prefix("$.").map_or(word, |rest| rest).trim_start_matches('.');
        let values = values.strip_prefix("Environment.").unwrap_or(values);
        let is_text = word.starts_with(['"', '\'']) || word.parse::<u64>().is_ok();
        let is_given = is_text || word == "." || word == "$";
        let is_call = found.as_ref().is_some_and(|name: &Name| name.space == Space::Play);
        if is_given && is_call && !is_filter {
            return None;
        }
        if word == "|" {
            is_filter = true;
        } else if let Some(name) = values.strip_prefix("Values.").filter(|_| word.contains('.')) {
            let name = Name::new(Space::Values, name)?;
            if found.replace(name).is_some() {
                return None;
            }
        } else if is_given || KEEPING.contains(&word) {
        } else if found.is_none() && !is_filter {
            found = Some(Name::new(Space::Play, word)?);
        } else {
            return None;
        }
    }
    let is_of_loop = |name: &Name| {
        let first = name.path.first().map_or("", String::as_str);
        name.space == Space::Play && matches!(first, "item" | "hostvars" | "vars")
    };
    found.filter(|name| !is_of_loop(name))
}

/// The words of a hole, quoted ones whole; none where it holds more than words.
fn words(inner: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = inner.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' | '\'' => rest.get(1..)?.find(first)? + 2,
            '|' | '(' | ')' | ',' => 1,
            _ => rest.find([' ', '\t', '\n', '|', '(', ')', ',']).unwrap_or(rest.len()),
        };
        let (word, behind) = rest.split_at_checked(end)?;
        let is_called = end > 1 && behind.starts_with('(');
        if is_called && !KEEPING.contains(&word) {
            return None;
        }
        if !matches!(word, "(" | ")" | ",") {
            found.push(word);
        }
        rest = behind.trim_start();
    }
    Some(found)
}

/// `getenv('X')`, `$_ENV['X'] ?? ''`, `getenv('X') ?: ''`.
fn of_php(text: &str) -> Option<Name> {
    let text = text.strip_prefix("(string)").map_or(text, str::trim_start);
    let read = text.split_once("??").or(text.split_once("?:"));
    let (read, or) = read.map_or((text, ""), |(read, or)| (read.trim_end(), or.trim()));
    let inner = within(read, "getenv(", ")")
        .or_else(|| within(read, "\\getenv(", ")"))
        .or_else(|| within(read, "$_ENV[", "]"))
        .or_else(|| within(read, "$_SERVER[", "]"))?;
    let is_literal = or.is_empty() || or == "null" || or.starts_with(['"', '\'']);
    let name = inner.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
    Name::new(Space::Environment, plain(name).filter(|_| is_literal)?)
}

/// Whether a file is a pipeline of Azure's, by its path.
fn is_azure(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    matches!(extension(name), "yaml" | "yml")
        && (name.contains("pipeline") || lower.contains("azure") || lower.contains("pipelines/"))
}

fn within<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    (!inner.contains(open) && !inner.contains(close)).then(|| inner.trim())
}

/// A text without its quotes, those that stand behind backslashes in another text, and one that ends a word which begins before it.
fn bare(written: &str) -> &str {
    let text = written.trim();
    let escaped = text.strip_prefix("\\\"").and_then(|text| text.strip_suffix("\\\""));
    let text = unquoted(escaped.unwrap_or(text));
    if text.starts_with("{{") { text.trim_end_matches(['"', '\'', '\\']) } else { text }
}

fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

/// A name of one part; a number is an argument of a function.
fn plain(name: &str) -> Option<&str> {
    let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (is_name && name.starts_with(|first: char| !first.is_ascii_digit())).then_some(name)
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'
}

/// Whether a file is Terraform's or Terragrunt's.
#[must_use]
pub fn is_terraform(path: &str) -> bool {
    matches!(extension(path), "tf" | "tfvars" | "hcl" | "tofu") || path.ends_with(".tf.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_an_object_is_a_name() {
        let of = |text| name("x.yaml", text).map(|name| (name.space, name.path.join(" ")));
        let expected = Some((Space::Object, "saas data-space".to_owned()));
        assert_eq!(of("name: saas\n    key: data-space"), expected);
        assert_eq!(of("{name: saas, key: \"data-space\", optional: true}"), expected);
        assert_eq!(of("name: {{ x }}\nkey: y"), None);
        assert_eq!(of("name: x"), None);
    }

    #[test]
    fn a_value_that_is_a_name_is_one() {
        let shown = |path: &str, text: &str| {
            name(path, text).map(|name| format!("{:?} {}", name.space, name.path.join(".")))
        };
        for (text, expected) in [
            ("{{ .Values.a.b }}", "Values a.b"),
            ("{{- $.Values.a.b | default \"x y\" | quote -}}", "Values a.b"),
            ("'{{ required \"say it\" .Values.a }}'", "Values a"),
            ("{{ .Environment.Values.a }}", "Values a"),
            ("\"{{ saas_id }}\"", "Play saas_id"),
            ("{{ saas.id | default('') }}", "Play saas.id"),
            ("${X}", "Environment X"),
            ("\"$X\"", "Environment X"),
            ("${X:-}", "Environment X"),
            ("${X:?say it}", "Environment X"),
            ("${{ env.X }}", "Environment X"),
            ("${{ inputs.data-space }}", "Input data-space"),
            ("${{ steps.ids.outputs.space }}", "Output space"),
            ("${{ needs.ids.outputs.space }}", "Output jobs.ids.outputs.space"),
            ("%env(X)%", "Environment X"),
            ("#env(X, \"y\")", "Environment X"),
            ("getenv('X')", "Environment X"),
            ("$_ENV['X'] ?? ''", "Environment X"),
        ] {
            assert_eq!(shown("x.yaml", text).as_deref(), Some(expected), "{text}");
        }
        let circle = shown(".circleci/config.yml", "<< parameters.space >>");
        assert_eq!(circle.as_deref(), Some("Input space"));
        assert_eq!(shown("x.tf", "var.a").as_deref(), Some("Variable a"));
        assert_eq!(shown("x.tf", "\"${local.a}\"").as_deref(), Some("Local a"));
        assert_eq!(shown("x.hcl", "include.env.locals.a").as_deref(), Some("Read a"));
        assert_eq!(shown("x.hcl", "local.env.locals.a").as_deref(), Some("Read a"));
    }

    #[test]
    fn what_would_have_to_be_run_is_none() {
        for text in [
            "{{ printf \"%s-x\" .Values.a }}",
            "{{ .Values.a }}-{{ .Values.b }}",
            "{{ lookup('env', 'X') }}",
            "{{ item }}",
            "{{ item.value }}",
            "{{ include \"x\" . }}",
            "x-$X",
            "$1",
            "$(X)",
            "${{ secrets.X }}",
            "getenv('X') . 'y'",
            "",
        ] {
            assert_eq!(name("x.yaml", text), None, "{text}");
        }
        assert_eq!(name("x.tf", "data.x.y"), None);
        assert_eq!(name("x.tf", "\"a-${var.b}\""), None);
    }
}
