//! The files of a run: those of the tree as it is, and of the states it is compared with.
//!
//! A file that two states have unchanged is one file with one address, so that nothing is read or shown twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::checkouts::Checkouts;
use crate::source::{Location, Position, Source, SourceId, Span};

/// Every file by name, of one state of the tree or of several, and the text of those that were kept.
///
/// A copy is a view of the same files and costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Arc<Files>,
    /// The state that [`Sources::paths`] lists; all of them where it is not said.
    state: Option<State>,
    /// Files of the tool's own, whose text is kept although no setting was found in them: the path where it is no file of the tree.
    own: BTreeMap<SourceId, (Option<Entry>, Arc<Source>)>,
    /// Which of them do not lie in the tree.
    outside: BTreeSet<SourceId>,
    /// The repositories within the tree.
    checkouts: Arc<Checkouts>,
    /// Texts in the place of those of some files.
    instead: BTreeMap<SourceId, Arc<Source>>,
    /// The folder of the checkout whose files [`Sources::paths`] lists; all of them where it is not said.
    within: Option<Arc<str>>,
}

#[derive(Debug, Default)]
struct Files {
    entries: Vec<Entry>,
    loaded: Arc<BTreeMap<SourceId, Arc<Source>>>,
}

/// A file of one or more states of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The path relative to the tree, with `/`, not escaped; empty for a file that turned out to be gone.
    pub path: String,
    /// The revision that it was read from, as `git show` takes it; none where it is part of the state that is checked.
    pub revision: Option<Arc<str>>,
    /// The states that have it.
    pub states: StateSet,
}

/// One state of the tree: what is checked, what it is compared with, the tip of a branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct State(pub u8);

impl State {
    /// How many states one run can have.
    pub const MOST: usize = 64;
}

/// A set of states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateSet(u64);

impl StateSet {
    /// The set with this state as well.
    #[must_use]
    pub fn with(self, state: State) -> Self {
        Self(self.0 | 1_u64.checked_shl(state.0.into()).unwrap_or_default())
    }

    /// The states of both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the state is in the set.
    #[must_use]
    pub fn has(self, state: State) -> bool {
        self.0 & Self::default().with(state).0 != 0
    }
}

impl Sources {
    /// Takes the sorted files of all states and the sources that were kept.
    #[must_use]
    pub fn new(entries: Vec<Entry>, loaded: BTreeMap<SourceId, Arc<Source>>) -> Self {
        let files = Files { entries, loaded: Arc::new(loaded) };
        Self { files: Arc::new(files), state: None, ..Self::default() }
    }

    /// Says that a file of the tool's own, such as a configuration from elsewhere, does not lie in the tree.
    pub fn leave_outside(&mut self, id: SourceId) {
        if self.entry(id).is_some_and(|entry| entry.states == StateSet::default()) {
            self.outside.insert(id);
        }
    }

    /// The same files under the names that they have where the tree is called `prefix`, and in revisions `kept`; both end with `/`. What
    /// lies outside of the tree keeps its name.
    #[must_use]
    pub fn under(&self, prefix: &str, kept: &str) -> Self {
        if prefix.is_empty() && kept.is_empty() {
            return self.clone();
        }
        let renamed = |id: SourceId, entry: &Entry| {
            let is_within = !entry.path.is_empty() && !self.outside.contains(&id);
            let prefix = if entry.revision.is_some() { kept } else { prefix };
            let prefix = if is_within { prefix } else { "" };
            Entry { path: format!("{prefix}{}", entry.path), ..entry.clone() }
        };
        let entries = (0..).map(SourceId).zip(&self.files.entries);
        let entries = entries.map(|(id, entry)| renamed(id, entry)).collect();
        let own = self.own.iter().map(|(&id, (entry, source))| {
            (id, (entry.as_ref().map(|entry| renamed(id, entry)), Arc::clone(source)))
        });
        Self {
            files: Arc::new(Files { entries, loaded: Arc::clone(&self.files.loaded) }),
            own: own.collect(),
            ..self.clone()
        }
    }

    /// The same files, of which [`Sources::paths`] lists those of one state.
    #[must_use]
    pub fn of(&self, state: State) -> Self {
        Self { state: Some(state), ..self.clone() }
    }

    /// The same files, some of them with other texts.
    #[must_use]
    pub fn with(&self, texts: BTreeMap<SourceId, String>) -> Self {
        let source = |(id, text): (SourceId, String)| {
            (id, Arc::new(Source::new(self.path(id).to_owned(), text.into_bytes())))
        };
        Self { instead: texts.into_iter().map(source).collect(), ..self.clone() }
    }

    /// Says which folders of the tree are checkouts of repositories of their own.
    pub fn split(&mut self, folders: BTreeSet<String>) {
        let entries = (0..).map(SourceId).zip(&self.files.entries);
        let paths = entries.map(|(id, entry)| (id, entry.path.as_str()));
        self.checkouts = Arc::new(Checkouts::of(folders, paths));
    }

    /// The repositories within the tree.
    #[must_use]
    pub fn checkouts(&self) -> &Checkouts {
        &self.checkouts
    }

    /// The same files, of which [`Sources::paths`] lists those of the checkout in this folder.
    #[must_use]
    pub fn within(&self, folder: &str) -> Self {
        Self { within: Some(folder.into()), ..self.clone() }
    }

    /// Keeps the text of a file of the tool's own and returns its address: that of the checked file with this path, or
    /// one behind all others, under which [`Sources::paths`] does not list it.
    pub fn keep(&mut self, path: &str, text: &str) -> SourceId {
        let is_it = |entry: &Entry| entry.path == path && entry.revision.is_none();
        let known = (0..).map(SourceId).zip(&self.files.entries).find(|(_, entry)| is_it(entry));
        let own = known.map(|(id, _)| id);
        let id = own.unwrap_or_else(|| {
            let appended = self.own.values().filter(|own| own.0.is_some()).count();
            let next = self.files.entries.len() + appended;
            SourceId(u32::try_from(next).unwrap_or(u32::MAX))
        });
        if self.get(id).is_none() {
            let entry = Entry { path: path.to_owned(), ..Entry::default() };
            let source = Source::new(path.to_owned(), text.as_bytes().to_vec());
            self.own.insert(id, (own.is_none().then_some(entry), Arc::new(source)));
        }
        id
    }

    /// Keeps the texts of more files of the tree. Nothing changes once there are views of these files.
    pub fn add(&mut self, more: BTreeMap<SourceId, Arc<Source>>) {
        let loaded =
            Arc::get_mut(&mut self.files).and_then(|files| Arc::get_mut(&mut files.loaded));
        if let Some(loaded) = loaded {
            loaded.extend(more);
        }
    }

    /// Gives a file another path and the revision it is shown with. Nothing changes once there are views of these files.
    pub fn rename(&mut self, id: SourceId, path: &str, revision: Arc<str>) {
        let entry =
            Arc::get_mut(&mut self.files).and_then(|files| files.entries.get_mut(id.0 as usize));
        if let Some(entry) = entry {
            path.clone_into(&mut entry.path);
            entry.revision = Some(revision);
        }
    }

    /// The path of a file, relative to the tree; empty for an id of another tree.
    #[must_use]
    pub fn path(&self, id: SourceId) -> &str {
        self.entry(id).map_or("", |entry| &entry.path)
    }

    /// The revision that a file was read from; none where it is part of the state that is checked.
    #[must_use]
    pub fn revision(&self, id: SourceId) -> Option<&str> {
        self.entry(id)?.revision.as_deref()
    }

    /// The path for people: `app/etc/env.php`, or `1f0c2ab:app/etc/env.php` as `git show` takes it; not escaped.
    #[must_use]
    pub fn shown(&self, id: SourceId) -> String {
        let path = self.path(id);
        match self.revision(id) {
            None => path.to_owned(),
            // A content that is tagged without a path.
            Some(revision) if path.is_empty() => revision.to_owned(),
            Some(revision) => format!("{revision}:{path}"),
        }
    }

    fn entry(&self, id: SourceId) -> Option<&Entry> {
        let own = || self.own.get(&id).and_then(|own| own.0.as_ref());
        self.files.entries.get(id.0 as usize).or_else(own)
    }

    /// All files of the state in order, read or not, but for those that are gone.
    pub fn paths(&self) -> impl Iterator<Item = (SourceId, &str)> {
        let of_state = |entry: &Entry| self.state.is_none_or(|state| entry.states.has(state));
        let files = self.within.as_ref().and_then(|folder| self.checkouts.files(folder));
        let count = files.map_or(self.files.entries.len(), <[SourceId]>::len);
        let ids = (0..count).filter_map(move |at| match files {
            Some(files) => files.get(at).copied(),
            None => u32::try_from(at).ok().map(SourceId),
        });
        let entries = ids.filter_map(|id| Some((id, self.files.entries.get(id.0 as usize)?)));
        entries
            .filter(move |(_, entry)| !entry.path.is_empty() && of_state(entry))
            .map(|(id, entry)| (id, entry.path.as_str()))
    }

    /// The files of all states, in order of their paths.
    pub fn entries(&self) -> impl Iterator<Item = (SourceId, &Entry)> {
        (0..).map(SourceId).zip(&self.files.entries)
    }

    /// The text of a file, if it was kept.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.shared(id).map(|source| &**source)
    }

    /// The file itself, to be kept.
    #[must_use]
    pub fn shared(&self, id: SourceId) -> Option<&Arc<Source>> {
        let loaded = || self.files.loaded.get(&id);
        self.instead.get(&id).or_else(loaded).or_else(|| self.own.get(&id).map(|own| &own.1))
    }

    /// The text of a file, if it was kept and is as it stands there.
    #[must_use]
    pub fn readable(&self, id: SourceId) -> Option<&Source> {
        self.get(id).filter(|source| !source.is_unpacked())
    }

    /// The line of a place in what a compressed file holds.
    #[must_use]
    pub fn unpacked_line(&self, at: Location) -> Option<usize> {
        let source = self.get(at.source).filter(|source| source.is_unpacked())?;
        (at.span != Span::default()).then(|| source.position(at.span.start).line)
    }

    /// Start and end of a place, counted from the text when it was kept; the start of the file if that is compressed.
    #[must_use]
    pub fn positions(&self, at: Location) -> (Position, Position) {
        let unknown = Position { line: 1, column: 1, byte: 0 };
        self.readable(at.source).map_or((unknown, unknown), |source| {
            (source.position(at.span.start), source.position(at.span.end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, revision: Option<&str>, states: &[u8]) -> Entry {
        let states = states.iter().fold(StateSet::default(), |all, &one| all.with(State(one)));
        Entry { path: path.into(), revision: revision.map(Arc::from), states }
    }

    #[test]
    fn a_state_lists_its_own_files_and_knows_all_of_them() {
        let entries = vec![
            entry("a", None, &[0, 1]),
            entry("b", None, &[0]),
            entry("b", Some("1f0c2ab"), &[1]),
            entry("", None, &[0]),
        ];
        let sources = Sources::new(entries, BTreeMap::new());
        let paths = |sources: &Sources| sources.paths().map(|(id, _)| id.0).collect::<Vec<_>>();
        assert_eq!(paths(&sources), [0, 1, 2]);
        assert_eq!(paths(&sources.of(State(0))), [0, 1]);
        assert_eq!(paths(&sources.of(State(1))), [0, 2]);
        assert_eq!(sources.of(State(0)).shown(SourceId(2)), "1f0c2ab:b");
        assert_eq!(sources.shown(SourceId(1)), "b");
    }

    #[test]
    fn the_tool_s_own_files_are_shown_and_not_listed() {
        let entries = vec![entry("a", Some("1f0c2ab"), &[1]), entry("a", None, &[0])];
        let mut sources = Sources::new(entries, BTreeMap::new());
        assert_eq!(sources.keep("a", "x"), SourceId(1));
        let outside = sources.keep("../ci.toml", "y");
        assert_eq!((outside, sources.keep("b", "z")), (SourceId(2), SourceId(3)));
        assert_eq!(
            (sources.path(outside), sources.shown(outside).as_str()),
            ("../ci.toml", "../ci.toml")
        );
        assert_eq!(sources.get(outside).map(Source::text), Some("y"));
        assert_eq!(sources.get(SourceId(1)).map(Source::text), Some("x"));
        assert_eq!(sources.of(State(0)).get(SourceId(3)).map(Source::text), Some("z"));
        assert_eq!(sources.paths().count(), 2);
    }

    #[test]
    fn files_of_the_tree_are_named_from_elsewhere_and_others_keep_their_names() {
        let entries = vec![
            entry("a", None, &[0]),
            entry("b", Some("1f0c2ab"), &[1]),
            entry("", None, &[0]),
            entry("a", Some("1f0c2ab"), &[]),
            entry("../ci.toml", None, &[]),
        ];
        let mut sources = Sources::new(entries, BTreeMap::new());
        let own = ["a", "c.toml", "../d.toml"].map(|path| sources.keep(path, "x"));
        for id in [SourceId(0), SourceId(4), own[2]] {
            sources.leave_outside(id);
        }
        let named = sources.under("deploy/", "shop/deploy/");
        let shown: Vec<String> = (0..5).map(|id| named.shown(SourceId(id))).collect();
        let expected =
            ["deploy/a", "1f0c2ab:shop/deploy/b", "", "1f0c2ab:shop/deploy/a", "../ci.toml"];
        assert_eq!(shown, expected);
        assert_eq!(own.map(|id| named.path(id)), ["deploy/a", "deploy/c.toml", "../d.toml"]);
        assert_eq!(own.map(|id| named.get(id).map(Source::text)), [Some("x"); 3]);
        assert_eq!(sources.under("", "").path(SourceId(0)), "a");
    }

    #[test]
    fn sets_of_states_hold_what_was_put_into_them() {
        let last = State(63);
        let set = StateSet::default().with(State(0)).and(StateSet::default().with(last));
        assert!(set.has(State(0)) && set.has(last) && !set.has(State(1)));
        assert!(!StateSet::default().with(State(64)).has(State(64)));
    }
}
