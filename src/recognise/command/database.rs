//! What scripts do to a database: the dump that they bring in, the statements in their arguments, the rows that they write behind it.
//!
//! Rows that are written before a dump is brought in are gone with it, and those of a database that is no copy are nobody else's.

use super::programs::{SAYING, program};
use super::reader::Reader;
use crate::model::command::Verb;
use crate::model::edit::{BASE_URLS, Edit, RowChange, Rows};
use crate::model::instance::Kind;
use crate::recognise::{Said, sql};
use crate::source::{Location, Span};
use crate::syntax::{Entry, Node, NodeKind};

/// Words that bring a dump into a database, wherever in a command they stand.
const IMPORTING: [&str; 6] = [
    "db:import",
    "import-db",
    "db-import",
    "myloader",
    "environment:synchronize",
    "environment:sync",
];

/// Clients of Cloud projects: their `sql` reads statements.
const CLOUD: [&str; 3] = ["magento-cloud", "platform", "upsun"];

/// Local environments: their `pull` and `db import` fetch another installation's database.
const LOCAL: [&str; 4] = ["ddev", "lando", "warden", "reward"];

/// Hooks of local environments that run behind an import.
const HOOKS: [&str; 2] = ["post-import-db", "post-db-import"];

/// Clients that read statements from their input.
const CLIENTS: [&str; 4] = ["mysql", "mariadb", "db:sql", "db:query"];

/// Words of files that hold no copy of another's database.
const NO_DUMPS: [&str; 6] = ["schema", "seed", "fixture", "sample", "grant", "init"];

/// The table that settings stand in.
const TABLE: &str = "core_config_data";

/// Options with which a dump leaves tables out.
const LEAVING_OUT: [&str; 3] = ["--strip", "--exclude", "--ignore"];

impl Reader<'_> {
    /// Notes what a command does to a database.
    pub(super) fn database(&mut self, command: &Node, before: Option<&Node>) {
        let words = command.items();
        let has = |names: &[&str]| words.iter().any(|word| names.contains(&program(word)));
        let is_client = has(&CLIENTS)
            || has(&CLOUD) && has(&["sql"])
            || has(&LOCAL) && has(&["db"]) && has(&["connect"]);
        self.is_copied |= imports(words) || is_client && self.reads_a_dump(command, before);
        let source = self.source;
        let written = |word: &Node| source.slice(word.at.span);
        let leaves_out = |word: &Node| {
            let is_option = LEAVING_OUT.iter().any(|option| written(word).starts_with(option));
            is_option && written(word).contains("core_config_data")
        };
        let is_address = |word: &&Node| written(word).starts_with("--base-url");
        let is_setup = words.iter().any(|word| program(word) == "setup:store-config:set");
        let address = words.iter().find(is_address).filter(|_| is_setup);
        if words.iter().any(leaves_out) {
            self.edit(RowChange::Delete, Rows::Any, None, command.at);
        }
        if let Some(word) = address {
            let host = self.host(word);
            self.edit(RowChange::Set, Rows::Path(BASE_URLS[0].to_owned()), host, word.at);
        }
        // `sed s/…/…/g` of a dump can put another data space in.
        let names_space = |word: &&Node| written(word).split(['/', '|', '#', ',']).any(is_uuid);
        if has(&["sed"])
            && let Some(word) = words.iter().find(names_space)
        {
            self.edit(RowChange::Set, Rows::Any, None, word.at);
        }
        if self.runs_statements(command) {
            self.named = named(words).or(self.reading.take());
            for word in words {
                self.statements(word);
            }
            self.named = None;
        }
    }

    /// Whether a command does what the statements in its words say: any that is no search and no assignment, and none that only prints them.
    fn runs_statements(&self, command: &Node) -> bool {
        let words = command.items();
        let is_assigned = |word: &Node| {
            let written = self.written(word.at);
            let name = written.split('=').next().unwrap_or_default();
            name.len() < written.len()
                && !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let first = words.iter().find(|word| !is_assigned(word)).map(program);
        match first {
            None | Some("for" | "export" | "local" | "readonly" | "declare") => false,
            Some("echo" | "printf") => self.is_piped(command),
            Some(program) => !SAYING.contains(&program),
        }
    }

    /// Whether the next command reads what a command says.
    pub(super) fn is_piped(&self, command: &Node) -> bool {
        let behind = self
            .source_of(command.at)
            .text()
            .get(command.at.span.end as usize..)
            .unwrap_or_default();
        behind.trim_start_matches([' ', '\t']).starts_with('|')
    }

    /// Where a copy's data space is named and no edit of it is known, it is taken for reset: how, only running the script would tell.
    pub(super) fn settle_copy(&mut self) {
        let text = self.source.text();
        let of_space = |rows: &Rows| match rows {
            Rows::Any => true,
            Rows::Path(path) | Rows::Like(path) => path.starts_with("services_connector"),
        };
        let named = ["services_connector/services_id", "services_connector%"];
        let named = named.iter().find_map(|name| Some((text.find(name)?, name.len())));
        if let Some((at, length)) = named.filter(|_| self.is_copied)
            && !self.edits.iter().any(|edit| of_space(&edit.rows))
        {
            let at = Location::new(self.id, at, at + length);
            self.edit(RowChange::Set, Rows::Any, None, at);
        }
    }

    /// Notes the row that `config:set` and its like write.
    pub(super) fn row(&mut self, verb: Verb, positional: &[&Node]) {
        let path_of = |word: &Node| {
            let path = word.as_str()?.to_ascii_lowercase();
            let is_ours =
                BASE_URLS.contains(&path.as_str()) || path.starts_with("services_connector/");
            is_ours.then_some(path)
        };
        let mut words = positional.iter();
        let Some((at, path)) = words.find_map(|word| Some((word.at, path_of(word)?))) else {
            return;
        };
        let value = words.next_back();
        let is_blank = value.and_then(|value| value.as_str()).is_some_and(str::is_empty);
        let change = match verb {
            Verb::Delete => RowChange::Delete,
            _ if is_blank => RowChange::Blank,
            _ => RowChange::Set,
        };
        let is_pattern = path.contains('*');
        let rows = if is_pattern { Rows::Like(path.replace('*', "%")) } else { Rows::Path(path) };
        let host = value.and_then(|value| self.host(value));
        self.edit(change, rows, host, at);
    }

    /// Notes the row that a loop gives a value which is not known here.
    pub(super) fn listed_row(&mut self, word: &Node, host: Option<String>) {
        let path = word.as_str().unwrap_or_default().to_ascii_lowercase();
        if BASE_URLS.contains(&path.as_str()) {
            self.edit(RowChange::Set, Rows::Path(path), host, word.at);
        }
    }

    /// Notes a change of rows, where a dump was brought in before.
    pub(super) fn edit(
        &mut self,
        change: RowChange,
        rows: Rows,
        host: Option<String>,
        at: Location,
    ) {
        if self.is_copied || rows == Rows::Any {
            self.edits.push(Edit { change, rows, host, kind: Kind::Unknown, at });
        }
    }

    /// Whether a client of a database is given a dump: `< dump.sql`, `zcat dump.sql.gz | mysql`, `-e 'source dump.sql'`.
    fn reads_a_dump(&self, command: &Node, before: Option<&Node>) -> bool {
        let text = self.source.text();
        let (start, end) = (command.at.span.start as usize, command.at.span.end as usize);
        let behind = text.get(end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let redirected = behind.split([';', '&', '|']).next().unwrap_or_default().trim_start();
        let is_file = redirected.starts_with('<') && !redirected.starts_with("<<");
        let front = text.get(..start).unwrap_or_default().trim_end();
        let is_said = before.is_some_and(|before| {
            matches!(before.items().first().map(program), Some("echo" | "printf"))
        });
        let is_piped = front.ends_with('|') && !front.ends_with("||") && !is_said;
        let sources = |word: &Node| {
            let text = word.as_str().unwrap_or_default().trim_start();
            text.starts_with("source ") || text.starts_with("\\. ")
        };
        let is_dump = |text: &str| !NO_DUMPS.iter().any(|word| text.contains(word));
        is_file && is_dump(redirected)
            || is_piped && before.is_none_or(|before| is_dump(self.written(before.at)))
            || command.items().iter().any(sources)
    }

    /// Reads the statements in an argument: `mysql -e "UPDATE core_config_data …"`, `--execute="…"`, `"$QUERY"`.
    fn statements(&mut self, word: &Node) {
        let written = self.written(word.at);
        if !written.contains(TABLE) && !word.as_str().is_some_and(|text| text.contains(TABLE)) {
            return;
        }
        let start = word.at.span.start as usize;
        let open = written.find(['"', '\'']).filter(|_| written.contains(TABLE));
        let quote = open.and_then(|at| written.get(at..)?.chars().next());
        let inner = open
            .zip(quote)
            .and_then(|(at, quote)| Some((at + 1, written.get(at + 1..)?.strip_suffix(quote)?)));
        // Of a variable within, only the place is written here.
        let is_whole =
            |inner: &str| word.as_str().is_none_or(|text| !inner.contains('$') || text == inner);
        let (text, at) = match (inner.filter(|(_, inner)| is_whole(inner)), word.as_str()) {
            // What is escaped keeps its place.
            (Some((at, inner)), _) => {
                let text = inner.replace("\\\"", " \"").replace("\\`", " `");
                let span = Span::new(start + at, start + at + text.len());
                (text, Location { span, ..word.at })
            }
            (None, Some(text)) => {
                // What a variable holds stands where it was assigned.
                let before = self.source.text().get(..start).unwrap_or_default();
                let at = before.rfind(text).map(|at| Span::new(at, at + text.len()));
                let at = at.map_or(word.at, |span| Location { span, ..word.at });
                (text.to_owned(), at)
            }
            (None, None) => return,
        };
        let key = Node::new(word.at, NodeKind::Scalar("statements.sql".to_owned()));
        let value = Node::new(at, NodeKind::Scalar(text));
        self.file(&Node::new(at, NodeKind::Mapping(vec![Entry { key, value }])));
    }

    /// The host of an address, as far as it is written here.
    pub(super) fn host(&self, word: &Node) -> Option<String> {
        let text = word.as_str().unwrap_or_else(|| self.written(word.at));
        sql::host(text.trim_matches(['"', '\''])).map(str::to_owned)
    }
}

/// The database that a client is to use: `mysql -u root shop -e …`, `mysql --database=shop`.
///
/// Source: the reference manual of `mysql`, *Client Options*.
pub fn named(words: &[Node]) -> Option<String> {
    const TAKING: [&str; 8] =
        ["-u", "-h", "-P", "-S", "--defaults-file", "--host", "-e", "--execute"];
    let client = words.iter().position(|word| matches!(program(word), "mysql" | "mariadb"))?;
    let mut before = "";
    for word in words.get(client + 1..)? {
        let text = word.as_str()?;
        let is_named = before == "-D" || before == "--database";
        let is_free = !text.starts_with('-') && !TAKING.contains(&before);
        before = text;
        let given = text.strip_prefix("--database=");
        if let Some(name) = given.or((is_named || is_free).then_some(text)) {
            let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            return name.chars().all(is_of_name).then(|| name.to_owned());
        }
    }
    None
}

/// The environment of Cloud whose database a client is to use, and its project: `magento-cloud sql -e staging`.
///
/// Source: the help text of `magento-cloud sql`.
pub fn cloud(words: &[Node]) -> Option<Said> {
    let client = words.iter().position(|word| CLOUD.contains(&program(word)))?;
    let words = words.get(client..)?;
    let option = |names: [&str; 2]| {
        words.iter().enumerate().find_map(|(at, word)| {
            let text = word.as_str()?;
            let long = names.last()?;
            let joined = text.strip_prefix(long).and_then(|rest| rest.strip_prefix('='));
            let next = || words.get(at + 1)?.as_str();
            joined.or_else(|| names.contains(&text).then(next).flatten())
        })
    };
    let names = [option(["-e", "--environment"])?].into_iter().chain(option(["-p", "--project"]));
    Some(Said { how: Said::CLOUD, names: names.map(str::to_owned).collect() })
}

/// Whether what stands under these keys runs behind an import.
pub fn is_behind_import(above: &[String]) -> bool {
    above.iter().any(|name| HOOKS.contains(&name.as_str()))
}

/// Whether a text is the id of a data space.
fn is_uuid(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.len() == 36
        && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.split('-').all(is_hex)
}

/// Whether a command of a tool brings in a dump.
fn imports(words: &[Node]) -> bool {
    let has = |name: &str| words.iter().any(|word| program(word) == name);
    let is_local = words.first().is_some_and(|word| LOCAL.contains(&program(word)));
    words
        .iter()
        .any(|word| IMPORTING.contains(&program(word)) || program(word).starts_with("restore-db-"))
        || is_local && (has("pull") || has("db") && has("import"))
}
