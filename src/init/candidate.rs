//! An instance as it would be declared: its own files by exact patterns, its kind and its account.

use std::collections::{BTreeMap, BTreeSet};

use crate::declared::Declared;
use crate::declared::globs::Globs;
use crate::mask;
use crate::model::instance::{Evidence, Instance, Kind};
use crate::model::inventory::Inventory;
use crate::report::{count, printable};
use crate::source::SourceId;
use crate::sources::Sources;

/// An instance with more files is declared by folders, where these hold nothing else.
const MOST_FILES: usize = 3;

/// The longest name that the configuration takes.
const MAX_NAME: usize = 40;

/// An instance that may be declared.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub instance: &'a Instance,
    /// How it would be declared.
    pub declared: Declared,
    /// Its patterns, each with why its files are the instance's.
    pub files: Vec<(String, String)>,
    /// The files that it inherits, and why.
    pub inherited: Vec<(String, String)>,
    /// Why it is not declared, if it is not: a clause.
    pub obstacle: Option<String>,
    /// Whether patterns that declare others, too, take all its files.
    pub is_by_pattern: bool,
}

/// The names of the instances that read each file, in order.
pub(super) type Readers<'a> = BTreeMap<SourceId, Vec<&'a str>>;

/// Who reads the files of an inventory.
pub(super) fn readers(inventory: &Inventory) -> Readers<'_> {
    let mut readers = Readers::new();
    for instance in &inventory.instances {
        for feed in &instance.feeds {
            readers.entry(feed.source).or_default().push(instance.name.as_str());
        }
    }
    readers
}

impl<'a> Candidate<'a> {
    pub(super) fn new(
        instance: &'a Instance,
        (inventory, readers): (&Inventory, &Readers<'_>),
        sources: &Sources,
    ) -> Self {
        let files = own_files(instance, &BTreeSet::new(), inventory, sources);
        let inherited = instance.feeds.iter().filter(|feed| feed.inherited);
        let inherited =
            inherited.map(|feed| (sources.path(feed.source).to_owned(), feed.why.clone()));
        let patterns: Vec<&str> = files.iter().map(|(pattern, _)| pattern.as_str()).collect();
        let globs = Globs::parse(&patterns);
        let obstacle = if globs.is_err() {
            Some("no pattern can name its files".to_owned())
        } else {
            obstacle(instance, readers, sources)
        };
        let declared = Declared {
            files: globs.unwrap_or_default(),
            kind: Some(instance.kind.value).filter(|kind| *kind != Kind::Unknown),
            account: account(instance),
            ..Declared::default()
        };
        let inherited = inherited.collect();
        Self { instance, declared, files, inherited, obstacle, is_by_pattern: false }
    }

    /// How it is declared where patterns take some of its files: by the others; not at all, where none is left.
    pub(super) fn beside(
        &self,
        taken: &BTreeSet<&str>,
        inventory: &Inventory,
        sources: &Sources,
    ) -> Option<(Declared, Vec<(String, String)>)> {
        let files = own_files(self.instance, taken, inventory, sources);
        let patterns: Vec<&str> = files.iter().map(|(pattern, _)| pattern.as_str()).collect();
        let globs = Globs::parse(&patterns).ok().filter(|globs| !globs.is_empty())?;
        Some((Declared { files: globs, ..self.declared.clone() }, files))
    }

    /// What was guessed, on one line.
    pub(super) fn told(&self) -> String {
        let name = printable::text(&self.instance.name);
        let kind = self.instance.kind.value.word();
        let files = count(self.instance.feeds.len(), "file");
        match &self.obstacle {
            None => format!("{name}: {kind}, {}; {files}", self.kind_from()),
            Some(why) => format!("{name}: {kind}, {}; not declared: {why}", self.kind_from()),
        }
    }

    /// Where the kind was read from.
    pub(super) fn kind_from(&self) -> String {
        let kind = &self.instance.kind;
        let from = match kind.evidence {
            Evidence::Nothing => return "nothing says which".to_owned(),
            evidence => evidence.word().replace('-', " "),
        };
        format!("from the {from}: {}", printable::text(&kind.said_by))
    }
}

/// The account, where the tree names one: not its folder, which is called otherwise elsewhere, and not a project, which can change.
fn account(instance: &Instance) -> Option<String> {
    let account = &instance.account;
    let is_said = matches!(account.evidence, Evidence::Path | Evidence::Document);
    (is_said && is_name(&account.value)).then(|| account.value.clone())
}

/// Whether a text can be a name of the configuration and holds nothing that must not be shown.
fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    !text.trim().is_empty() && length <= MAX_NAME && mask::text(text) == text
}

/// Why an instance cannot be declared, as far as its own files tell.
fn obstacle(instance: &Instance, readers: &Readers<'_>, sources: &Sources) -> Option<String> {
    if !is_name(&instance.name) {
        return Some("its name is too long for a configuration".to_owned());
    }
    let mut own = instance.feeds.iter().filter(|feed| !feed.inherited).peekable();
    if own.peek().is_none() {
        return Some("no file is its own".to_owned());
    }
    own.find_map(|feed| {
        let others = readers.get(&feed.source)?;
        let other = others.iter().find(|other| **other != instance.name)?;
        let path = printable::text(sources.path(feed.source));
        let other = printable::text(other);
        Some(format!("`{path}` is read by `{other}`, too, and a declaration takes whole files"))
    })
}

/// The patterns of an instance's own files but for those that are taken, each with why they are its own.
fn own_files(
    instance: &Instance,
    taken: &BTreeSet<&str>,
    inventory: &Inventory,
    sources: &Sources,
) -> Vec<(String, String)> {
    let own: Vec<(&str, &str)> = instance
        .feeds
        .iter()
        .filter(|feed| !feed.inherited)
        .map(|feed| (sources.path(feed.source), feed.why.as_str()))
        .filter(|(path, _)| !taken.contains(path))
        .collect();
    let exact = |(path, why): &(&str, &str)| (Globs::exact(path), (*why).to_owned());
    if own.len() <= MOST_FILES {
        return own.iter().map(exact).collect();
    }
    let mine: BTreeSet<&str> = own.iter().map(|(path, _)| *path).collect();
    let fed: BTreeSet<SourceId> = inventory
        .instances
        .iter()
        .flat_map(|instance| &instance.feeds)
        .map(|feed| feed.source)
        .collect();
    let others: Vec<&str> =
        fed.iter().map(|id| sources.path(*id)).filter(|path| !mine.contains(path)).collect();
    let mut patterns: Vec<(String, String)> = Vec::new();
    let mut last = None;
    for file in &own {
        let ends = file.0.match_indices('/').map(|(at, _)| at);
        let folder = ends
            .filter_map(|at| file.0.get(..=at))
            .find(|folder| !others.iter().any(|other| other.starts_with(folder)));
        match folder {
            Some(folder) if last == Some(folder) => {}
            Some(folder) => {
                patterns.push((Globs::exact(folder) + "**", file.1.to_owned()));
                last = Some(folder);
            }
            None => patterns.push(exact(file)),
        }
    }
    patterns
}
