//! The kinds of facts and their columns: what the schema and the tables of every engine are made of.
//!
//! A column keeps its name and type for as long as the version stays; columns may come.

/// The version of all kinds together; it grows when a reader could break.
pub const VERSION: u64 = 1;

/// A kind of fact: a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One for each repository, read or not.
    Run,
    /// An installation, and what it ends up with.
    Instance,
    /// A setting at its place.
    Setting,
    /// Private key material, or another secret known by its looks.
    Secret,
    /// What a rule found.
    Finding,
    /// An identifier that a storefront shows.
    Storefront,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// True or false.
    Flag,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name: no word that an engine of SQL keeps for itself.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
    /// Whether it can be null.
    pub may_lack: bool,
    /// What it says.
    pub says: &'static str,
}

const fn text(name: &'static str, says: &'static str) -> Column {
    Column { name, holds: Type::Text, may_lack: false, says }
}

const fn some(name: &'static str, says: &'static str) -> Column {
    Column { name, holds: Type::Text, may_lack: true, says }
}

const fn whole(name: &'static str, says: &'static str) -> Column {
    Column { name, holds: Type::Whole, may_lack: false, says }
}

const fn flag(name: &'static str, says: &'static str) -> Column {
    Column { name, holds: Type::Flag, may_lack: false, says }
}

const LINE: Column = whole("line", "The line there, from 1.");
const PATH: Column =
    text("path", "The file, from the root of the repository; a revision may stand before it.");

/// What every kind begins with.
pub const HEAD: [Column; 3] = [
    text("fact", "The kind of fact."),
    text(
        "snapshot",
        "The moment that facts are of which were written together; later ones sort behind earlier ones.",
    ),
    text("repo", "The repository."),
];

const RUN: &[Column] = &[
    text(
        "team",
        "Whose the repository is: what was said, else what stands before the last `/` of its name; may be empty.",
    ),
    text("read_at", "When it was read, in UTC, as RFC 3339 has it."),
    some(
        "commit_id",
        "The commit that is checked out; what is changed in the folder counts all the same.",
    ),
    some("ref_name", "The branch that is checked out."),
    text("tool_version", "The version of the program."),
    whole("schema_version", "The version of these columns."),
    some(
        "key_name",
        "A name of the key under which values are named: names compare where it is equal, and nowhere else; it begins with `run-` where the key is forgotten with the run.",
    ),
    some(
        "policy",
        "A digest of what the policy demands of rules and files; equal for repositories that are held to the same.",
    ),
    text("state", "`whole`, `partial` or `failed`."),
    flag(
        "complete",
        "Whether all that carries settings was read whole; where it is not, what is missing below says nothing.",
    ),
    some("why", "Why it is not complete."),
    whole("files_read", "How many files were read."),
    whole("files_parsed", "How many of them could matter."),
    whole("instances", "How many instances it has."),
    whole("settings", "How many settings it has."),
    whole("secrets", "How many secrets it has."),
    whole("errors", "How many open findings are errors."),
    whole("warnings", "How many open findings are warnings."),
    whole("accepted", "How many findings somebody accepted."),
    whole("unread", "How many places could not be read."),
];

const INSTANCE: &[Column] = &[
    text("instance", "Its name in the repository."),
    text("kind", "`production`, `non-production` or `unknown`."),
    text("kind_from", "What says so."),
    text("account", "Who owns its key pairs; empty where nothing says it."),
    text(
        "account_from",
        "What says so: `declared`, `project` …; any other compares within the repository alone.",
    ),
    text("same_as", "The instance that it is another name of, or its own name."),
    some("project", "The SaaS project, where it is a UUID."),
    some("data_space", "The data space, in one spelling."),
    text("data_space_state", "What stands there: `plaintext`, `reference` …, or `not-set`."),
    some("data_space_type", "`production` or `testing`."),
    some("active_slot", "`production` or `sandbox`."),
    some("production_api_key", "The name of the public half of the pair in the slot `production`."),
    some("production_private_key", "The name of its private key, where that is in plaintext."),
    text("production_private_key_state", "What stands there."),
    some("sandbox_api_key", "The same of the slot `sandbox`."),
    some("sandbox_private_key", "The same of the slot `sandbox`."),
    text("sandbox_private_key_state", "What stands there."),
    whole("files", "How many files feed it."),
    some("fingerprint", "A digest of all that it ends up with, but for what could be guessed."),
];

const SETTING: &[Column] = &[
    some(
        "instance",
        "The instance; the same place has a fact for each that reads it, and one without where none does.",
    ),
    text("config_path", "The config path, or the variable where it has none."),
    text("scope", "`default`, `website:CODE` or `store:CODE`."),
    PATH,
    LINE,
    text(
        "layer",
        "The layer of Magento's precedence: `module`, `database`, `config.php`, `env.php`, `variable`.",
    ),
    text("carrier", "How it is delivered: `env.php`, `config-map`, `cloud-variable` …"),
    text(
        "state",
        "What stands there: `plaintext`, `reference`, `blank`, `encrypted`, `placeholder`, `masked`, `unknown`.",
    ),
    text(
        "standing",
        "`in-force`, `overridden`, `rival` (as good as the one in force, and different) or `unattributed`.",
    ),
    flag("in_force", "Whether the instance ends up with it."),
    some("winner_layer", "What overrides it: the layer."),
    some("winner_path", "What overrides it: the file."),
    Column {
        name: "winner_line",
        holds: Type::Whole,
        may_lack: true,
        says: "What overrides it: the line.",
    },
    some(
        "value",
        "The value, where it is the id of a data space or a project, or a word of Adobe's own lists.",
    ),
    some(
        "fingerprint",
        "The name of the value under the key; none of passwords and of what could be one.",
    ),
];

const SECRET: &[Column] = &[
    PATH,
    LINE,
    text("kind", "`private-key`, `client-secret` or `text` (what stands for a key and is none)."),
    text("form", "What kind of key it is, in words."),
    some("damage", "What is wrong with it, in words."),
    some("encoding", "What is around it, in words."),
    flag("encrypted", "Whether a passphrase protects it."),
    flag("buried", "Whether only earlier commits have it."),
    whole("instances", "How many instances read its file."),
    some(
        "fingerprint",
        "The name of the key under the organisation's key; private keys alone have one.",
    ),
];

const FINDING: &[Column] = &[
    text("rule", "The rule."),
    text("severity", "`error` or `warning`."),
    PATH,
    LINE,
    text("message", "What is wrong."),
    some("instance", "The first instance concerned."),
    whole("instances", "How many are."),
    flag("accepted", "Whether somebody accepted it."),
    some("reason", "Why."),
    text(
        "fingerprint",
        "A name that stays while lines move; that of SARIF, GitLab and `check --output-format json`.",
    ),
];

const STOREFRONT: &[Column] = &[
    PATH,
    LINE,
    text("kind", "`data-space`, `api-key`, or `tenant` of Commerce Optimizer."),
    some("data_space", "The data space."),
    some("fingerprint", "The name of the api key or tenant under the organisation's key."),
    some("instance", "The instance that the path names."),
];

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Run, Self::Instance, Self::Setting, Self::Secret, Self::Finding, Self::Storefront];

    /// The word for it, which names its table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Instance => "instance",
            Self::Setting => "setting",
            Self::Secret => "secret",
            Self::Finding => "finding",
            Self::Storefront => "storefront",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Run => "A repository, read or not.",
            Self::Instance => "An installation, and what it ends up with.",
            Self::Setting => "A setting at its place, for an instance that reads it.",
            Self::Secret => "Private key material, or another secret that is known by its looks.",
            Self::Finding => "What a rule found.",
            Self::Storefront => "An identifier that a storefront shows.",
        }
    }

    /// The columns of its own, behind those of every kind.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Run => RUN,
            Self::Instance => INSTANCE,
            Self::Setting => SETTING,
            Self::Secret => SECRET,
            Self::Finding => FINDING,
            Self::Storefront => STOREFRONT,
        }
    }

    /// Its place among all kinds.
    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().take_while(|kind| **kind != self).count()
    }
}
