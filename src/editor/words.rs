//! Words that can be typed, and those of them that the tree knows: its instances, files and folders.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::config::FILE_NAMES;
use crate::date::Date;
use crate::discover::discover;
use crate::rule::Rule;
use crate::rules::packs;

/// The kinds of the protocol.
pub const PROPERTY: u8 = 10;
pub const VALUE: u8 = 12;
pub const FILE: u8 = 17;
pub const FOLDER: u8 = 19;
pub const TABLE: u8 = 22;

/// What is known where words are offered.
pub struct Known<'a> {
    /// The schema of the configuration.
    pub schema: &'a Value,
    /// The rules.
    pub rules: &'a [Rule],
    /// The folder of the tree.
    pub folder: &'a Path,
    /// The tree as it was read last.
    pub outcome: Option<&'a Outcome>,
    /// A last day that is far enough.
    pub until: Date,
}

/// A word that can be typed.
pub struct Word {
    pub text: String,
    pub kind: u8,
    pub says: String,
    /// Whether it is a text, which has quotes in the configuration.
    pub is_text: bool,
    /// What comes behind it.
    pub tail: &'static str,
}

impl Word {
    /// A text that is a value.
    pub fn of_text(text: &str, says: &str) -> Self {
        Self { text: text.to_owned(), kind: VALUE, says: says.to_owned(), is_text: true, tail: "" }
    }
}

/// The instances of the tree, each with what it is.
pub fn instances<'k>(known: &Known<'k>) -> impl Iterator<Item = (String, String)> + use<'k> {
    let all = known.outcome.into_iter().flat_map(|outcome| &outcome.inventory.instances);
    all.map(|of| {
        let kind = format!("{}, {}", of.kind.value.word(), of.kind.evidence.word());
        (of.name.clone(), kind)
    })
}

/// Which files of the tree a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any file, and any folder.
    Anything,
    /// Folders that have pages beneath them.
    PackFolders,
    /// Configurations other than the tree's own.
    Policies,
}

/// What the folder has that the begun path leads to: its folders and its files that are wanted, each by its path from the root of the tree.
pub fn paths(known: &Known<'_>, begun: &str, wanted: Wanted) -> Vec<Word> {
    let folder = begun.rfind('/').map_or("", |end| begun.get(..=end).unwrap_or_default());
    // What is typed may exclude files at once, so the tree as it was read has not all of them.
    let files = discover(known.folder, &|_| false).map(|found| found.files).unwrap_or_default();
    let mut found: BTreeMap<String, u8> = BTreeMap::new();
    for path in files.iter().map(|file| file.name.as_str()) {
        let Some(rest) = path.strip_prefix(folder).filter(|_| is_it(path, wanted)) else {
            continue;
        };
        match rest.split_once('/') {
            Some((next, _)) => found.insert(format!("{folder}{next}"), FOLDER),
            None if wanted == Wanted::PackFolders => None,
            None => found.insert(path.to_owned(), FILE),
        };
    }
    let word = |(text, kind): (String, u8)| {
        let says = if kind == FOLDER { "a folder of the tree" } else { "a file of the tree" };
        Word { kind, ..Word::of_text(&text, says) }
    };
    found.into_iter().map(word).collect()
}

/// Whether a file is wanted.
fn is_it(path: &str, wanted: Wanted) -> bool {
    // A quote or a backslash would need an escape.
    let is_plain = !path.contains(['"', '\'', '\\']) && !path.contains(char::is_control);
    let is_toml =
        || Path::new(path).extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"));
    is_plain
        && match wanted {
            Wanted::Anything => true,
            Wanted::PackFolders => packs::id(path).is_some(),
            Wanted::Policies => is_toml() && !FILE_NAMES.contains(&path),
        }
}
