//! Rules, their findings, and the diagnostics that reporters get.
//!
//! A check never learns its own name or severity: the engine adds both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::fingerprint::Fingerprint;
use crate::model::inventory::Inventory;
use crate::source::Location;

/// The rule that tells a waiver which accepts nothing.
pub const UNUSED_WAIVER: &str = "unused-waiver";

/// The rule that tells a waiver past its last day.
pub const EXPIRED_WAIVER: &str = "expired-waiver";

/// The rule that tells what would make a policy weaker.
pub const WEAKENED_POLICY: &str = "weakened-policy";

/// What to do where a policy locks what somebody would make weaker.
pub const UNLOCK: &str = "take this out, or ask whoever answers for the policy to unlock it there; until then the check runs as the policy says";

/// The rules whose findings nobody can accept: they watch over what is accepted.
pub const NEVER_WAIVED: [&str; 3] = [EXPIRED_WAIVER, UNUSED_WAIVER, WEAKENED_POLICY];

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Probably wrong, or dangerous later.
    Warning,
    /// Wrong: data is mixed, lost or open to theft.
    Error,
}

impl Severity {
    /// The word of configuration and output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a check sees.
#[derive(Debug)]
pub struct Context<'a> {
    /// The tree as it is.
    pub now: &'a Inventory,
    /// The tree that it is compared with; none where nothing is compared.
    pub before: Option<&'a Inventory>,
    /// What the change between the two lets pass.
    pub weakened: &'a [Weakening],
    /// The patterns of declared files that match nothing, and where they stand.
    pub unmatched: &'a [(String, Location)],
}

/// An entry of the configuration that lets more pass than before the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakening {
    /// What it lets pass: a lower-case clause.
    pub what: String,
    /// Where it stands; where it stood, if it is gone.
    pub at: Location,
    /// Where the configuration said otherwise before, or where it is locked.
    pub before: Option<Location>,
    /// Whether it is locked by what the configuration extends, and so lets nothing pass.
    pub is_locked: bool,
    /// Whether it says of instances what was not said before, and holds at once.
    pub is_declared: bool,
}

/// The code of a rule.
pub trait Check: Send + Sync {
    /// Adds what is wrong to `findings`.
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>);
}

/// A place that belongs to a finding, with two to four words on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub at: Location,
    /// The words.
    pub text: String,
}

/// What a check says: a primary place, and the other places that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The primary place; its words may be empty.
    pub primary: Label,
    /// A lower-case clause without a full stop.
    pub message: String,
    /// The other places, in the order to be read.
    pub related: Vec<Label>,
    /// What to do, for this very place.
    pub help: String,
    /// The instances concerned, by name.
    pub instances: Vec<String>,
}

impl Finding {
    /// Whether it shows this place.
    #[must_use]
    pub fn shows(&self, at: Location) -> bool {
        self.primary.at == at || self.related.iter().any(|related| related.at == at)
    }

    /// Starts a finding at its primary place.
    #[must_use]
    pub fn new(at: Location, message: impl Into<String>) -> Self {
        Self {
            primary: Label { at, text: String::new() },
            message: message.into(),
            related: Vec::new(),
            help: String::new(),
            instances: Vec::new(),
        }
    }

    /// Puts words on the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place, with words on it.
    #[must_use]
    pub fn see(mut self, at: Location, text: impl Into<String>) -> Self {
        self.related.push(Label { at, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    /// Names the instances concerned.
    #[must_use]
    pub fn of(mut self, instances: impl IntoIterator<Item = String>) -> Self {
        self.instances.extend(instances);
        self
    }

    /// What it says without what stands in backticks: names of instances and files, and values.
    #[must_use]
    pub fn said(&self) -> String {
        self.message.split('`').step_by(2).collect::<Vec<_>>().join("`")
    }

    /// The names of all values that stand at the places; `values` are those of the inventory.
    #[must_use]
    pub fn values(&self, values: &BTreeMap<Location, Fingerprint>) -> BTreeSet<Fingerprint> {
        let places = std::iter::once(&self.primary).chain(&self.related);
        places.filter_map(|place| values.get(&place.at).copied()).collect()
    }

    /// The name of what stands at the places: of the one value, or of all of them together; `values` are those of the inventory.
    #[must_use]
    pub fn value(&self, values: &BTreeMap<Location, Fingerprint>) -> Option<Fingerprint> {
        let found = self.values(values);
        match found.len() {
            0 | 1 => found.first().copied(),
            _ => {
                let all: String = found.iter().map(ToString::to_string).collect();
                Some(Fingerprint::of("values", all.as_bytes()))
            }
        }
    }
}

/// How a finding stands to what was found before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    /// It was not found before.
    New,
    /// It was, with fewer instances or at fewer places.
    Grown,
    /// It was.
    Standing,
    /// It was, with more instances or at more places.
    Shrunk,
    /// It was, and is found no more.
    Gone,
}

impl Trend {
    /// The word of the output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Grown => "grown",
            Self::Standing => "standing",
            Self::Shrunk => "shrunk",
            Self::Gone => "gone",
        }
    }

    /// What is added for people where the finding is not simply new.
    #[must_use]
    pub fn remark(self) -> &'static str {
        match self {
            Self::New => "",
            Self::Grown => " (grown)",
            Self::Standing => " (stood before)",
            Self::Shrunk => " (shrunk)",
            Self::Gone => " (gone)",
        }
    }

    /// Whether the change makes something worse.
    #[must_use]
    pub fn is_worse(self) -> bool {
        matches!(self, Self::New | Self::Grown)
    }
}

/// A finding with its rule and the severity in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's id.
    pub rule: String,
    /// The severity in force.
    pub severity: Severity,
    /// What was found.
    pub finding: Finding,
    /// How it stands to what was found before the change; none where nothing is compared.
    pub trend: Option<Trend>,
}

impl Diagnostic {
    /// Whether it is not known to have stood before the change.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.trend.is_none_or(Trend::is_worse)
    }

    /// What is added for people where it is not simply new.
    #[must_use]
    pub fn remark(&self) -> &'static str {
        self.trend.map_or("", Trend::remark)
    }
}

/// A diagnostic that somebody accepted: it is told, but fails nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What was found.
    pub diagnostic: Diagnostic,
    /// Why it is accepted, as somebody wrote it, keys hidden; empty for what a baseline knows.
    pub reason: String,
    /// Where that is written.
    pub at: Option<Location>,
    /// Whether it is a change that somebody announced with `[[intended]]`.
    pub is_intended: bool,
}

/// What users see of a rule, and its code.
pub struct Rule {
    /// The stem of its page; behind the name of its pack, where it is of one.
    pub id: String,
    /// The severity without configuration; none where the rule is off unless asked for.
    pub severity: Option<Severity>,
    /// One sentence on what it finds.
    pub summary: String,
    /// The version that brought it; may be empty.
    pub since: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Addresses of what it rests on.
    pub references: Vec<String>,
    /// The rules that tell more of the same fault.
    pub yields_to: Vec<String>,
    /// Whether what it finds is a private key itself, which nobody accepts unawares.
    pub finds_keys: bool,
    /// The whole page, Markdown without front matter.
    pub page: String,
    /// The code.
    pub check: Box<dyn Check>,
}

/// The rule of an id.
#[must_use]
pub fn of_id<'r>(rules: &'r [Rule], id: &str) -> Option<&'r Rule> {
    rules.iter().find(|rule| rule.id == id)
}

impl Rule {
    /// Whether it tells of a change, which is found where states are compared and can be announced.
    #[must_use]
    pub fn tells_change(&self) -> bool {
        self.has_tag("change")
    }

    /// Whether it tells of earlier commits, which are not always searched.
    #[must_use]
    pub fn reads_history(&self) -> bool {
        self.has_tag("history")
    }

    /// Whether it tells of secrets that others can read.
    #[must_use]
    pub fn is_on_secrets(&self) -> bool {
        self.has_tag("secret")
    }

    /// Whether one of its tags is this.
    #[must_use]
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|other| other == tag)
    }

    /// The address that leads to what it means: of its page in the book or, where it is of a pack, of the first thing it rests on.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let is_of_pack = self.id.contains('/');
        if is_of_pack {
            return self.references.first().cloned();
        }
        Some([env!("CARGO_PKG_HOMEPAGE"), "/rules/", &self.id, ".html"].concat())
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}
