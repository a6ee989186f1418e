//! Rows of `core_config_data` and what scripts do to them.
//!
//! The last statement wins: a deleted row is no setting. What only a server can work out is unknown. A file that brings rows with their ids is a
//! dump: it says what is in a database, and edits none.

use super::session;
use super::value::{Dress, classify};
use super::{Contribution, Recognised, Said};
use crate::model::edit::{BASE_URLS, Edit, RowChange, Rows};
use crate::model::instance::Kind;
use crate::model::parameter::Parameter;
use crate::model::setting::{Carrier, Scope, Setting};
use crate::source::{Source, SourceId};
use crate::syntax::{Node, NodeKind};
use std::collections::BTreeMap;

/// Recognises what the statements of a file leave behind: in each database, where the file has several.
#[must_use]
pub fn recognise(source: &Source, id: SourceId, document: &Node) -> Recognised {
    let schema = |statement: &Node| {
        let said = statement.entries().iter().find(|entry| entry.key.as_str().is_none())?;
        Some(source.slice(said.value.at.span).trim_matches(['`', '"']).to_owned())
    };
    let mut databases: BTreeMap<Option<String>, Vec<&Node>> = BTreeMap::new();
    for statement in document.items() {
        databases.entry(schema(statement)).or_default().push(statement);
    }
    // What names no database is for the one that others name.
    if databases.len() < 3 && databases.contains_key(&None) {
        databases = BTreeMap::from([(None, document.items().iter().collect())]);
    }
    let is_one = databases.len() < 2;
    let mut recognised = Recognised::default();
    for (said, statements) in databases {
        let mut reader = Reader {
            source,
            settings: Vec::new(),
            rows: BTreeMap::new(),
            edits: Vec::new(),
            is_dump: false,
            given: session::Given::default(),
        };
        for statement in statements {
            reader.read(statement);
        }
        if !reader.is_dump {
            recognised.edits.append(&mut reader.edits);
        }
        let said = said.filter(|_| !is_one);
        recognised.contributions.push(Contribution {
            said: said.map(|name| Said { how: "database", names: vec![name] }),
            settings: reader.settings.into_iter().flatten().collect(),
            is_database: true,
            ..Contribution::of(id)
        });
    }
    recognised
}

struct Reader<'a> {
    source: &'a Source,
    /// In order; none where a later statement changed the row.
    settings: Vec<Option<Setting>>,
    /// Where the row of a scope and a parameter is among them.
    rows: BTreeMap<(Scope, Parameter), usize>,
    edits: Vec<Edit>,
    is_dump: bool,
    /// What the variables of the session are given.
    given: session::Given,
}

impl Reader<'_> {
    fn read(&mut self, statement: &Node) {
        let [entry, rest @ ..] = statement.entries() else { return };
        let verb = entry.key.as_str().unwrap_or_default();
        let is_updated = rest.iter().any(|entry| entry.key.as_str() == Some("update"));
        for row in entry.value.items() {
            match verb {
                "insert" | "replace" => {
                    let has_id = row.get("config_id").is_some_and(|id| {
                        id.as_str().is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
                    });
                    self.is_dump |= has_id;
                    self.set(row);
                    if !has_id && (verb == "replace" || is_updated) {
                        self.edit(row, RowChange::Set);
                    }
                }
                "update" => {
                    if row.get("value").is_some() {
                        self.set(row);
                        self.edit(row, RowChange::Set);
                    }
                }
                _ => self.edit(row, RowChange::Delete),
            }
        }
    }

    /// A row that gets a value, where it is one of ours.
    fn set(&mut self, row: &Node) {
        let Some(path) = row.get("path") else { return };
        let known = path.as_str().map(|path| path.trim().to_ascii_lowercase());
        let Some(parameter) = known.and_then(|path| Parameter::from_written(&path)) else { return };
        let (Some(scope), Some(value)) = (scope(row), row.get("value")) else { return };
        let given = self.given.text(self.source, value);
        let value = given.as_ref().unwrap_or(value);
        let row = (scope.clone(), parameter);
        self.forget(&row);
        self.rows.insert(row, self.settings.len());
        self.settings.push(Some(Setting {
            parameter,
            scope,
            carrier: Carrier::Sql,
            value: classify(parameter, value, self.source, Dress::Plain),
            at: value.at,
            key_at: path.at,
        }));
    }

    /// Takes the setting of a row away.
    fn forget(&mut self, row: &(Scope, Parameter)) {
        let at = self.rows.remove(row);
        if let Some(setting) = at.and_then(|at| self.settings.get_mut(at)) {
            *setting = None;
        }
    }

    fn edit(&mut self, row: &Node, change: RowChange) {
        let text = |key: &str| row.get(key).and_then(Node::as_str);
        let value = row.get("value");
        let rows = match (text("path"), text("like")) {
            (Some(path), _) => Rows::Path(path.to_owned()),
            (None, Some(pattern)) => Rows::Like(pattern.to_owned()),
            // What replaces a text in every value is meant for the shop's address, unless it names a data space.
            (None, None) if row.get("path").is_none() && self.replaces_no_id(value) => {
                Rows::Like("web/%base_url".to_owned())
            }
            (None, None) => Rows::Any,
        };
        let is_blank = |value: &Node| match &value.kind {
            NodeKind::Null => true,
            NodeKind::Scalar(text) => text.trim().is_empty(),
            _ => false,
        };
        let change = match change {
            RowChange::Set if value.is_some_and(is_blank) => RowChange::Blank,
            other => other,
        };
        let is_one_set = change != RowChange::Delete && matches!(rows, Rows::Path(_));
        if let Some(scope) = scope(row).filter(|_| !is_one_set) {
            // What a pattern's rows hold afterwards is not told row by row, but the values before are gone.
            for (_, parameter) in Parameter::all().filter(|(path, _)| rows.touch(path)) {
                self.forget(&(scope.clone(), parameter));
            }
        }
        let is_address = BASE_URLS.iter().any(|path| rows.touch(path));
        let host = text("value").filter(|_| is_address).and_then(host).map(str::to_owned);
        let key_at = ["path", "like"].iter().find_map(|key| row.get(key));
        let at = key_at.or(value).unwrap_or(row).at;
        self.edits.push(Edit { change, rows, host, kind: Kind::Unknown, at });
    }

    fn replaces_no_id(&self, value: Option<&Node>) -> bool {
        let Some(value) = value else { return false };
        let code = self.source.slice(value.at.span).to_ascii_lowercase();
        let mut words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        code.starts_with("replace") && !words.any(|word| word.len() == 36)
    }
}

/// The scope of a row; none where nothing certain says.
fn scope(row: &Node) -> Option<Scope> {
    let id = row.get("scope_id").map(Node::as_str);
    let Some(scope) = row.get("scope") else {
        return matches!(id, None | Some(Some("0"))).then_some(Scope::Default);
    };
    let id = id.flatten().unwrap_or_default().to_owned();
    match scope.as_str()? {
        "default" => Some(Scope::Default),
        "websites" | "website" => Some(Scope::Website(id)),
        "stores" | "store" => Some(Scope::Store(id)),
        _ => None,
    }
}

/// The host of an address.
#[must_use]
pub fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', ':']).next().filter(|host| !host.is_empty() && !host.contains('@'))
}
