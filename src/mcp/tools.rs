//! The tools: what they are called, what they take, and what they answer.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::bounded;
use crate::clock::Clock;
use crate::discover::{folder_of, reaches_within};
use crate::facts::key::Key;
use crate::facts::{self, About, Kind, Lines};
use crate::report::instance_json::InstanceJson;
use crate::report::json::Json;
use crate::report::{Reporter, printable};
use crate::states::{Compare, Request, Terms};
use crate::{Outcome, mask, run, states};

/// How many findings an answer has unless more are wanted, and at most.
const FINDINGS: (usize, usize) = (50, 500);

/// How many facts and instances an answer has at most; their size cuts them sooner.
const ROWS: usize = 500;

/// Where the tools are called: for one folder and what lies in it.
#[derive(Debug)]
pub struct Desk {
    /// What is asked of each tree, the folder itself among it.
    pub request: Request,
    /// The time.
    pub clock: Clock,
    /// The key of facts.
    pub key: Key,
}

/// The tools with the schemas of what they take.
pub(super) fn list() -> Value {
    let path = json!({ "type": "string", "description": "A folder or file below the folder that is served; that folder itself without it." });
    let tool = |name: &str, says: &str, properties: Value, required: Value| {
        json!({
            "name": name,
            "description": says,
            "inputSchema": { "type": "object", "properties": properties, "required": required, "additionalProperties": false },
            "annotations": { "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false },
        })
    };
    json!([
        tool(
            "check",
            "Finds what is wrong with the deployment configuration: findings with file, line, message and what to do. `complete` is false where something could not be read: then it is not clean.",
            json!({
                "path": path,
                "base": { "type": "string", "description": "A git revision: only what is worse than there is told, `origin/main` for what a branch changes." },
                "rule": { "type": "string", "description": "The only rule, or the tag of rules, that is of interest." },
                "limit": { "type": "integer", "minimum": 1, "maximum": FINDINGS.1, "description": "How many findings are told at most; 50 without it." },
            }),
            json!([])
        ),
        tool(
            "instances",
            "Lists the installations that are deployed, and what each ends up with: kind, account, data space, project, keys; with `name`, why each file and value belongs to that one.",
            json!({ "path": path, "name": { "type": "string", "description": "One instance, by its name in full." } }),
            json!([])
        ),
        tool(
            "explain",
            "Gives the page of a rule: what it finds, why that matters, examples, and what to do instead.",
            json!({ "rule": { "type": "string", "description": "The id of the rule, as findings have it." } }),
            json!(["rule"])
        ),
        tool(
            "facts",
            "Gives every setting with file, line, layer, state, and whether it is in force or what overrides it; also runs, instances, secrets, findings and storefronts; a fact a line.",
            json!({
                "path": path,
                "kind": { "type": "string", "enum": Kind::ALL.map(Kind::word), "description": "The only kind of fact that is of interest." },
                "instance": { "type": "string", "description": "The only instance that is of interest." },
            }),
            json!([])
        ),
    ])
}

impl Desk {
    /// Calls a tool: its answer, or why there is none; nothing where there is no such tool.
    pub(super) fn call(&self, name: &str, arguments: &Value) -> Option<Result<String, String>> {
        let given = Given::of(arguments);
        let call = match name {
            "check" => Self::check,
            "instances" => Self::instances,
            "explain" => Self::explain,
            "facts" => Self::facts,
            _ => return None,
        };
        Some(given.and_then(|given| call(self, &given)).map_err(|why| mask::text(&why)))
    }

    fn check(&self, given: &Given<'_>) -> Result<String, String> {
        let mut request = self.request_of(given)?;
        if let Some(base) = given.text("base")? {
            request.compare = Compare::Base(base.to_owned());
        }
        request.chosen.select.extend(given.text("rule")?.map(str::to_owned));
        let limit = given.number("limit")?.unwrap_or(FINDINGS.0).clamp(1, FINDINGS.1);
        let outcome = outcome(&request)?;
        let mut report = document(&Json, &outcome)?;
        let mut found = report.get_mut("diagnostics").map(Value::take).unwrap_or_default();
        let summary = report.get_mut("summary").map(Value::take).unwrap_or_default();
        if let Some(found) = found.as_array_mut() {
            found.retain(|one| one.get("state").is_none_or(is_worse));
            found.iter_mut().for_each(shorten);
        }
        let mut answer = json!({
            "complete": summary.get("complete"),
            "errors": summary.get("errors"),
            "warnings": summary.get("warnings"),
            "accepted": summary.get("accepted"),
            "standing": summary.get("standing"),
            "findings": found,
            "notes": notes(&outcome),
        });
        let more = bounded::cut(&mut answer, "findings", limit);
        Ok(with(answer, "more_findings", more))
    }

    fn instances(&self, given: &Given<'_>) -> Result<String, String> {
        let outcome = outcome(&self.request_of(given)?)?;
        let name = given.text("name")?;
        let known = outcome.inventory.instances.iter().map(|instance| instance.name.as_str());
        let known: Vec<&str> = known.collect();
        if let Some(name) = name.filter(|name| !known.contains(name)) {
            let error = crate::error::Error::no_instance(name, &known, false);
            return Err(error.in_words());
        }
        let names: Vec<String> = name.into_iter().map(str::to_owned).collect();
        let reporter = InstanceJson { explain: !names.is_empty(), names };
        let report = document(&reporter, &outcome)?;
        let mut answer = json!({
            "complete": report.get("complete"),
            "instances": report.get("instances"),
            "notes": notes(&outcome),
        });
        let more = bounded::cut(&mut answer, "instances", ROWS);
        Ok(with(answer, "more_instances", more))
    }

    fn explain(&self, given: &Given<'_>) -> Result<String, String> {
        let rule = given.text("rule")?.ok_or("`rule` is missing")?;
        let page = states::page_of(&self.request, rule).map_err(|error| error.in_words())?;
        Ok(bounded::start(&page))
    }

    fn facts(&self, given: &Given<'_>) -> Result<String, String> {
        let request = self.request_of(given)?;
        let (kind, instance) = (given.text("kind")?, given.text("instance")?);
        if let Some(kind) = kind.filter(|kind| !Kind::ALL.iter().any(|one| one.word() == *kind)) {
            return Err(format!("there is no kind of facts `{kind}`"));
        }
        let outcome = outcome(&request)?;
        let (commit, branch) = states::head(&request.path);
        let folder = folder_of(&request.path).map_err(|why| why.to_string())?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let read_at = self.clock.moment().map_err(|error| error.in_words())?;
        let about = About {
            snapshot: read_at.replace(['-', ':'], ""),
            repo: name.unwrap_or_else(|| "root".into()),
            read_at,
            commit: commit.map(|commit| commit.id.as_str().to_owned()),
            branch,
            ..About::default()
        };
        let mut chosen = Chosen { kind, instance, text: String::new() };
        facts::write(&outcome, &about, &self.key, &mut chosen).map_err(|why| why.to_string())?;
        Ok(bounded::start(&chosen.text))
    }

    /// What is asked of the tree that is meant, which must lie in the folder that is served.
    fn request_of(&self, given: &Given<'_>) -> Result<Request, String> {
        let root = &self.request.path;
        let path = match given.text("path")? {
            None | Some("" | ".") => root.clone(),
            Some(path) => within(root, path)?,
        };
        let today = self.clock.today(None).map_err(|error| error.in_words())?;
        let terms = Some(Terms { today, baseline: true });
        Ok(Request { path, terms, ..self.request.clone() })
    }
}

fn within(root: &Path, path: &str) -> Result<PathBuf, String> {
    let whole = root.join(path);
    if reaches_within(root, &whole) {
        Ok(whole)
    } else {
        Err(format!("`{path}` is not in the folder that is served"))
    }
}

fn outcome(request: &Request) -> Result<Outcome, String> {
    run(request).map_err(|error| error.in_words())
}

fn document(reporter: &dyn Reporter, outcome: &Outcome) -> Result<Value, String> {
    let mut bytes = Vec::new();
    reporter.report(&outcome.report(), &mut bytes).map_err(|why| why.to_string())?;
    serde_json::from_slice(&bytes).map_err(|why| why.to_string())
}

/// What a person should know of the run; the first of it.
fn notes(outcome: &Outcome) -> Vec<String> {
    outcome.notes.iter().take(10).map(|note| mask::text(&printable::text(note))).collect()
}

fn is_worse(state: &Value) -> bool {
    matches!(state.as_str(), Some("new" | "grown"))
}

/// A finding without what only a program needs.
fn shorten(finding: &mut Value) {
    let place = |location: Option<&Value>| {
        let line = location.and_then(|of| of.pointer("/start/line")).cloned();
        let column = location.and_then(|of| of.pointer("/start/column")).cloned();
        let path = location.and_then(|of| of.get("path")).cloned();
        (path, line, column)
    };
    let (path, line, column) = place(finding.get("location"));
    let related = finding.get("related").and_then(Value::as_array).into_iter().flatten();
    let related: Vec<Value> = related
        .map(|one| {
            let (path, line, _) = place(one.get("location"));
            json!({ "path": path, "line": line, "message": one.get("message") })
        })
        .collect();
    if let Some(fields) = finding.as_object_mut() {
        fields.remove("location");
        let own = [("path", json!(path)), ("line", json!(line)), ("column", json!(column))];
        fields.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
        fields.insert("related".into(), json!(related));
    }
}

/// The text of an answer, with how much it leaves out, if anything.
fn with(mut answer: Value, name: &str, more: usize) -> String {
    if let Some(fields) = answer.as_object_mut().filter(|_| more > 0) {
        fields.insert(name.to_owned(), json!(more));
    }
    answer.to_string()
}

/// What a tool was given: fields of an object.
struct Given<'a>(Option<&'a Map<String, Value>>);

impl<'a> Given<'a> {
    fn of(arguments: &'a Value) -> Result<Self, String> {
        match arguments {
            Value::Object(fields) => Ok(Self(Some(fields))),
            Value::Null => Ok(Self(None)),
            _ => Err("the arguments are no object".into()),
        }
    }

    fn field(&self, name: &str) -> Option<&'a Value> {
        self.0.and_then(|fields| fields.get(name)).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, String> {
        let value = self.field(name);
        value.map(|value| value.as_str().ok_or_else(|| format!("`{name}` is no text"))).transpose()
    }

    fn number(&self, name: &str) -> Result<Option<usize>, String> {
        let whole = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        let value = self.field(name);
        value.map(|value| whole(value).ok_or_else(|| format!("`{name}` is no number"))).transpose()
    }
}

/// The facts that are of interest.
struct Chosen<'a> {
    kind: Option<&'a str>,
    instance: Option<&'a str>,
    text: String,
}

impl Lines for Chosen<'_> {
    fn take(&mut self, kind: Kind, line: &str) -> std::io::Result<()> {
        let is_of = |wanted: &str| {
            let fact: Option<Value> = serde_json::from_str(line).ok();
            fact.is_some_and(|fact| fact.get("instance").and_then(Value::as_str) == Some(wanted))
        };
        if self.kind.is_none_or(|wanted| wanted == kind.word()) && self.instance.is_none_or(is_of) {
            self.text.push_str(line);
        }
        Ok(())
    }
}
