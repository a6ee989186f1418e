//! The reader of a file's scripts: what it knows while it reads. What it does with each command stands beside it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::branches::Branches;
use super::chosen::Chosen;
use super::settle::Found;
use super::targets::Target;
use std::sync::Arc;

use crate::model::command::{Command, Verb};
use crate::model::edit::Edit;
use crate::model::fingerprint::Fingerprint;
use crate::model::setting::Carrier;
use crate::recognise::handed::Handed;
use crate::recognise::{Contribution, Include, Opaque, Said};
use crate::source::{Location, Source, SourceId};
use crate::syntax::Problem;

/// Reads the commands of a file's scripts.
pub struct Reader<'a> {
    /// The file of the command being read: the file itself, or one that a script in it runs or takes in.
    pub(super) source: &'a Source,
    home: &'a Source,
    pub(super) id: SourceId,
    /// The names of other tools that stand for settings.
    pub(in crate::recognise) handed: &'a Handed,
    /// What was found, in order: the settings with what is said of their instance.
    pub(super) found: Vec<Found>,
    pub(super) commands: Vec<Command>,
    /// What the files give that scripts write, where they say for which instance.
    pub(super) written: Vec<Contribution>,
    /// What statements set in a database, with where the client runs that reads them.
    pub(super) stated: Vec<(Found, Contribution)>,
    /// The environment of Cloud that the command being read names.
    pub(super) cloud: Option<Said>,
    /// The files that commands take in, with what is said of the instance.
    pub(super) taken: Vec<(Option<Said>, Vec<Include>)>,
    /// What they do to the rows of a database.
    pub edits: Vec<Edit>,
    /// What could not be read in these files.
    pub(super) problems: Vec<Problem>,
    /// How many scripts were read, and how many files that they write.
    pub(super) scripts: usize,
    pub(super) files: usize,
    pub(super) depth: usize,
    /// What is open around the command being read.
    pub(super) branches: Branches,
    /// What the branches before gave variables.
    pub(super) chosen: Chosen,
    /// The words that the script is run for, where it is read for these alone.
    pub(super) words: Option<Vec<String>>,
    /// The script without what is not run for them.
    pub(super) run: Option<Arc<str>>,
    /// Where it runs.
    pub(super) target: Target,
    /// The commands of the script that set a path which they are given.
    pub(super) computed: Vec<Computed>,
    /// Commands whose settings are not known.
    pub(super) opaque: Vec<Opaque>,
    /// What stands above the script.
    pub(super) said: Option<Said>,
    /// The database that the client being read is to use.
    pub(super) named: Option<String>,
    /// The one of the client that reads what the command being read says.
    pub(super) reading: Option<String>,
    /// Whether a dump was brought into the database.
    pub(super) is_copied: bool,
    /// The function whose body is being read.
    pub(super) function: Option<String>,
    /// Where secrets stand that are used by the name of a variable.
    pub(super) assigned: RefCell<BTreeMap<(Fingerprint, usize), Option<usize>>>,
    /// Functions that set what they are given, with the verb in them.
    pub(super) wrappers: BTreeMap<String, (&'static str, Verb, Carrier)>,
}

impl<'a> Reader<'a> {
    /// A reader of a file's scripts.
    #[must_use]
    pub fn new(source: &'a Source, id: SourceId, handed: &'a Handed) -> Self {
        Self {
            source,
            home: source,
            id,
            handed,
            found: Vec::new(),
            commands: Vec::new(),
            written: Vec::new(),
            stated: Vec::new(),
            cloud: None,
            taken: Vec::new(),
            edits: Vec::new(),
            problems: Vec::new(),
            scripts: 0,
            files: 0,
            depth: 0,
            branches: Branches::default(),
            chosen: Chosen::default(),
            words: None,
            run: None,
            target: Target::default(),
            computed: Vec::new(),
            opaque: Vec::new(),
            said: None,
            named: None,
            reading: None,
            is_copied: false,
            function: None,
            assigned: RefCell::default(),
            wrappers: BTreeMap::new(),
        }
    }
}

impl<'a> Reader<'a> {
    /// The file of a place.
    pub(super) fn source_of(&self, at: Location) -> &'a Source {
        let other = || self.handed.files.as_ref()?.get(at.source);
        if at.source == self.id { self.home } else { other().unwrap_or(self.home) }
    }

    /// What is written at a place.
    pub(super) fn written(&self, at: Location) -> &'a str {
        self.source_of(at).slice(at.span)
    }
}

/// A command that sets a path that it is given.
#[derive(Clone)]
pub struct Computed {
    /// What it does.
    pub verb: Verb,
    /// The layer that it writes to.
    pub carrier: Carrier,
    /// Where the command stands.
    pub at: Location,
    /// The host of the address that it sets, if that is what it sets.
    pub host: Option<String>,
}
