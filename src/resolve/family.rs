//! Families: parts whose addresses are equal but for one segment, and what that segment tells.
//!
//! Families are found by the hash of what remains of an address without one segment; nothing is compared pairwise.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::address::{Level, Segment};
use super::deeds::{Deed, deed};
use super::given::{differ, is_written_once, overlap, standing_alone, values};
use super::identity::deploys_in_steps;
use super::piece::Piece;
use super::task_words::is_doing;
use super::vocabulary::{self, is_idle};
use super::words::{is_base, is_number};
use crate::model::fingerprint::Fingerprint;
use crate::recognise::Said;
use crate::sources::Sources;

/// Parts whose addresses are equal but for one segment.
pub struct Family {
    pub level: Level,
    /// Whether the segment stands in a collection.
    pub is_child: bool,
    pub tells: Tells,
    /// What tells each variant from the others, with its parts.
    pub variants: Vec<(Vec<String>, Vec<usize>)>,
}

/// What a segment that varies tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Names of instances.
    Names,
    /// Names where one setting has two values.
    Perhaps,
    /// Roles of one instance.
    Roles,
    /// Parts of one installation, as what belongs to it says: no values of theirs set them apart.
    One,
}

/// The families of a tree that tell something.
pub fn families(pieces: &[Piece], sources: &Sources) -> Vec<Family> {
    let mut members: BTreeMap<u64, Vec<(usize, usize)>> = BTreeMap::new();
    for (part, piece) in pieces.iter().enumerate() {
        if piece.contribution.settings.is_empty() {
            continue;
        }
        for at in 0..piece.address.len() {
            members.entry(skeleton(piece, at)).or_default().push((part, at));
        }
    }
    let declared = declared(pieces);
    let of_tree = OfTree { sources, declared: &declared };
    members.into_values().filter_map(|members| family(pieces, &members, of_tree)).collect()
}

/// What is known of the whole tree.
#[derive(Clone, Copy)]
struct OfTree<'p> {
    sources: &'p Sources,
    declared: &'p BTreeSet<String>,
}

/// The names that documents declare as environments, whatever words they are: Helmfile's `environments: {store: …}`.
fn declared(pieces: &[Piece]) -> BTreeSet<String> {
    let said = pieces.iter().filter_map(|piece| piece.contribution.said.as_ref());
    let said = said.filter(|said| said.how == Said::ENVIRONMENT);
    said.flat_map(|said| &said.names).map(|name| name.to_ascii_lowercase()).collect()
}

/// The hash of an address without one of its segments, and without the words of it elsewhere: a brand's name stands in folders and in files.
fn skeleton(piece: &Piece, at: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    let Some(own) = piece.address.get(at) else { return 0 };
    (own.level, piece.contribution.is_object, piece.contribution.is_database).hash(&mut hasher);
    for (index, other) in piece.address.iter().enumerate() {
        if index == at {
            "*".hash(&mut hasher);
            continue;
        }
        if own.level == Level::Label && other.level != Level::Folder && other.level != Level::Label
        {
            continue;
        }
        if other.level == Level::Task && own.level != Level::Task {
            "task".hash(&mut hasher);
            continue;
        }
        // `10-web.yaml` with the workload `web`.
        let is_file = |one: &Segment| matches!(one.level, Level::File | Level::Object);
        let is_called_after = |file: &Segment, workload: &Segment| {
            is_file(file) && workload.level == Level::Workload && file.text.contains(&workload.text)
        };
        if is_called_after(own, other) || is_called_after(other, own) {
            "*/".hash(&mut hasher);
            continue;
        }
        // `cache-flush.yml` with the job `cache-flush`, or the job `reindex` with the name `Reindex shop`.
        if own.is_named_as(other) || other.is_named_as(own) {
            "*/".hash(&mut hasher);
            continue;
        }
        // `main.nomad` with the job `main`.
        let is_named_after = own.level == Level::File && other.level == Level::Key;
        let is_whole = |word: &String| {
            is_named_after && matches!(other.rest.as_slice(), [only] if only == word)
        };
        let is_name =
            |word: &&String| own.is_space || other.is_space || !is_idle(word) || is_whole(word);
        let mut shape = other.shape.clone();
        for word in own.rest.iter().filter(is_name) {
            // `store-a` is one word.
            if word.contains('-') {
                shape = shape.replace(word.as_str(), "*");
            }
        }
        for word in shape.split('-') {
            let is_repeated = own.rest.iter().filter(is_name).any(|one| one == word);
            if is_repeated { "*" } else { word }.hash(&mut hasher);
        }
        "/".hash(&mut hasher);
    }
    hasher.finish()
}

fn family(pieces: &[Piece], members: &[(usize, usize)], of_tree: OfTree) -> Option<Family> {
    let kin = Kin::of(pieces, members, of_tree.sources)?;
    if kin.variants.len() < 2 || !overlap(pieces, kin.variants.values()) {
        return None;
    }
    if kin.repeats_operations() {
        return None;
    }
    if kin.are_of_cloud() || kin.are_declared(of_tree.declared) {
        let own = kin.variants.iter().map(|(words, parts)| (kin.own(words), parts.clone()));
        return Some(kin.telling(Tells::Names, own.collect()));
    }
    if let Some(owners) = kin.owners() {
        return Some(kin.owned(&owners));
    }
    if kin.first.level == Level::Workload {
        return kin.workloads();
    }
    if kin.are_in_one_namespace() {
        let own = kin.variants.iter().map(|(words, parts)| (kin.own(words), parts.clone()));
        return Some(kin.telling(Tells::One, own.collect()));
    }
    if kin.are_files_of_one(Segment::is_script) {
        return None;
    }
    if kin.are_files_of_one(Segment::is_task) && kin.variants.values().all(|parts| kin.does(parts))
    {
        let whole = kin.variants.iter().map(|(words, parts)| (words.to_vec(), parts.clone()));
        return Some(kin.telling(Tells::Roles, whole.collect()));
    }
    if kin.are_operations() {
        let own = kin.variants.iter().map(|(words, parts)| (kin.own(words), parts.clone()));
        return Some(kin.telling(Tells::Roles, own.collect()));
    }
    if kin.are_of_roles() {
        // Several others that differ among themselves are no roles beside one.
        let is_other = |words: &&[String]| kin.own(words).iter().any(|word| !is_idle(word));
        let others = kin.variants.iter().filter(|(words, _)| is_other(words));
        let others: Vec<&Vec<usize>> = others.map(|(_, parts)| parts).collect();
        if others.len() > 1 && others.windows(2).any(|two| differ(pieces, two)) {
            return None;
        }
        let own = kin.variants.iter().map(|(words, parts)| (kin.own(words), parts.clone()));
        return Some(kin.telling(Tells::Roles, own.collect()));
    }
    kin.named()
}

/// Parts whose addresses are equal but for one segment, by what stands there.
pub(super) struct Kin<'p> {
    pub(super) pieces: &'p [Piece],
    pub(super) sources: &'p Sources,
    /// Each part with the place of the segment in its address.
    pub(super) members: BTreeMap<usize, usize>,
    pub(super) first: &'p Segment,
    pub(super) variants: BTreeMap<&'p [String], Vec<usize>>,
    /// In how many variants a word is.
    pub(super) counts: BTreeMap<&'p str, usize>,
}

impl<'p> Kin<'p> {
    fn of(pieces: &'p [Piece], members: &[(usize, usize)], sources: &'p Sources) -> Option<Self> {
        let mut variants: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
        let mut first = None;
        for &(part, at) in members {
            let segment = pieces.get(part)?.address.get(at)?;
            first.get_or_insert(segment);
            variants.entry(&segment.rest).or_default().push(part);
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for words in variants.keys().filter(|_| variants.len() > 1) {
            let words: BTreeSet<&str> = words.iter().map(String::as_str).collect();
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
        }
        let members = members.iter().copied().filter(|_| variants.len() > 1).collect();
        Some(Self { pieces, sources, members, first: first?, variants, counts })
    }

    /// What it tells by these words.
    pub(super) fn telling(&self, tells: Tells, variants: Vec<(Vec<String>, Vec<usize>)>) -> Family {
        Family { level: self.first.level, is_child: self.first.is_child, tells, variants }
    }

    /// The words that not every variant has.
    pub(super) fn own(&self, words: &[String]) -> Vec<String> {
        let is_common =
            |word: &&String| self.counts.get(word.as_str()) == Some(&self.variants.len());
        words.iter().filter(|word| !is_common(word)).cloned().collect()
    }

    /// The segment of a part.
    pub(super) fn segment(&self, part: usize) -> Option<(&'p Piece, &'p Segment)> {
        let piece = self.pieces.get(part)?;
        Some((piece, piece.address.get(*self.members.get(&part)?)?))
    }

    /// Whether a variant does what it is called after.
    fn does(&self, parts: &[usize]) -> bool {
        let found = parts.first().and_then(|part| self.segment(*part));
        found.is_some_and(|(piece, segment)| {
            let own = Segment { rest: self.own(&segment.rest), ..segment.clone() };
            segment.is_workflow && self.is_doing(&segment.rest)
                || deed(piece, &own, self.sources) == Deed::Done
        })
    }

    /// Whether the words of a variant that not all have say what is done.
    pub(super) fn is_doing(&self, words: &[String]) -> bool {
        let own = self.own(words);
        !own.is_empty() && own.iter().all(|word| is_doing(word))
    }

    /// Whether a variant is a job, a step or a target.
    fn is_of_tasks(&self, parts: &[usize]) -> bool {
        let piece = parts.first().and_then(|part| self.pieces.get(*part));
        let path = piece.map_or("", |piece| self.sources.path(piece.contribution.source));
        self.first.level == Level::Task || deploys_in_steps(path)
    }

    /// Whether they are environments of Adobe Commerce Cloud that commands name: each is a branch with a database of its own, whatever word it
    /// is called by.
    fn are_of_cloud(&self) -> bool {
        let said = |part: &usize| self.pieces.get(*part)?.contribution.said.as_ref();
        let is_named = |part: &usize| {
            let said = said(part).filter(|said| said.how == Said::CLOUD);
            let first = said.and_then(|said| said.names.first());
            let at = self.segment(*part).map(|(_, segment)| segment.text.as_str());
            first.zip(at).is_some_and(|(first, at)| first.eq_ignore_ascii_case(at))
        };
        self.members.keys().all(is_named)
    }

    /// Whether each says an environment, or is called as one is that a document declares, whatever word it is.
    fn are_declared(&self, declared: &BTreeSet<String>) -> bool {
        let is_one = |part: &usize| {
            self.segment(*part).is_some_and(|(_, own)| {
                own.rest.is_empty() && !own.environments.is_empty()
                    || declared.contains(own.text.as_str())
            })
        };
        let is_role =
            |words: &&[String]| !words.is_empty() && words.iter().all(|word| is_idle(word));
        !declared.is_empty()
            && self.first.level != Level::Task
            && self.variants.keys().any(is_role)
            && self.members.keys().all(is_one)
    }

    /// Whether they are files that can be named after what they do, and set the same: `install.sh` beside `upgrade.sh`, workflows, units.
    pub(super) fn are_files_of_one(&self, is_kind: fn(&Segment) -> bool) -> bool {
        let is_of_kind = |part: &usize| self.segment(*part).is_some_and(|(_, own)| is_kind(own));
        let mut known: BTreeMap<_, Fingerprint> = BTreeMap::new();
        let mut given = self.variants.values().flat_map(|parts| values(self.pieces, parts));
        self.members.keys().all(is_of_kind)
            && given.all(|(key, value)| *known.entry(key).or_insert(value) == value)
    }

    fn are_of_roles(&self) -> bool {
        let Self { pieces, first, variants, .. } = self;
        let is_role = |words: &[String]| {
            let is_format =
                |word: &String| vocabulary::is_format(word) && first.level != Level::Task;
            !words.is_empty()
                && words.iter().all(|word| first.is_role(word))
                && !words.iter().all(is_format)
        };
        // `production-dr` beside `production`: where one has no name, the others need not have one.
        let has_nameless = variants.keys().any(|words| words.is_empty());
        let can_be_roles = !first.is_child || first.is_group || has_nameless;
        // What a task beside others is called after is a role only by a word for roles, where it gives another value. What tasks do is no name.
        let is_among_names =
            variants.keys().any(|words| !self.own(words).iter().all(|word| is_doing(word)));
        let is_told_apart = |words: &[String], parts: &Vec<usize>| {
            first.level == Level::Task
                && is_among_names
                && !self.own(words).iter().any(|word| vocabulary::is_role(word))
                && variants.values().any(|others| differ(pieces, &[parts, others]))
        };
        // A namespace or a folder is a role's only where all are: each could hold an installation. So is what stands before one role: `main-php`.
        let has_role = self
            .counts
            .iter()
            .any(|(word, count)| *count == variants.len() && vocabulary::is_role(word));
        let are_parts = |words: &&[String]| self.own(words).iter().all(|word| is_idle(word));
        let mut all = variants.iter();
        can_be_roles
            && (!first.is_space && !has_role || variants.keys().all(are_parts))
            && all.any(|(words, parts)| is_role(&self.own(words)) && !is_told_apart(words, parts))
    }

    /// The words of a variant that can be names, where it has some.
    pub(super) fn names(&self, words: &[String]) -> Vec<String> {
        let first = self.first;
        // `erp-sync` beside `pim-feed`: where all have the same, it tells no work from other work.
        let is_own_work = words.last().is_some_and(|last| {
            matches!(last.as_str(), "sync" | "feed" | "feeds" | "import" | "export")
                && self.own(std::slice::from_ref(last)).len() == 1
        });
        if !first.is_child && (is_own_work || is_work(words)) && !self.has_several_parts(words) {
            return Vec::new();
        }
        let mut words = self.own(words);
        words.retain(|word| first.is_space || !is_base(word));
        let is_name = |word: &String| {
            !vocabulary::is_format(word) && (first.is_child || !first.is_role(word))
        };
        if words.iter().any(is_name) { words.into_iter().filter(is_name).collect() } else { words }
    }

    /// Whether what these words say beside a role has several: `market-cron` beside `market-php`. What has parts is whole itself.
    pub(super) fn has_several_parts(&self, words: &[String]) -> bool {
        let whole = |words: &[String]| -> Vec<String> {
            let own = self.own(words).into_iter();
            own.filter(|word| !self.first.is_role(word)).collect()
        };
        let own = whole(words);
        let parts = self.variants.keys().filter(|other| whole(other) == own);
        !own.is_empty() && !is_work(&own) && parts.count() > 1
    }

    /// Whether a word alone is no name.
    pub(super) fn is_weak(word: &str) -> bool {
        is_idle(word)
            || word.split('-').all(is_number)
            || vocabulary::is_collection(word)
            || vocabulary::SUBSYSTEMS.contains(&word)
    }

    /// Whether a variant tells its name beside others. That of a job or a key can be a part's: each tells for itself. What is sold is a name
    /// beside names of services.
    fn tells_itself(&self, words: &[String]) -> bool {
        let level = self.first.level;
        let is_sold = |word: &String| vocabulary::is_product(word) && level != Level::Task;
        self.first.is_child
            || !matches!(level, Level::Task | Level::Key | Level::Service)
            || words.iter().any(|word| is_sold(word) || !Self::is_weak(word))
    }

    fn named(&self) -> Option<Family> {
        let Self { pieces, first, .. } = self;
        let deeds = self.variants.values().map(|parts| self.is_of_tasks(parts) && self.does(parts));
        let deeds: Vec<bool> = deeds.collect();
        let named = self.variants.iter().map(|(words, parts)| (self.names(words), parts.clone()));
        let variants: Vec<(Vec<String>, Vec<usize>)> = named.collect();
        if variants.iter().all(|(words, _)| words.is_empty()) {
            return None;
        }
        // One written value under several keys, by an anchor, is one value.
        let is_written_once = first.level == Level::Key
            && !first.is_child
            && is_written_once(pieces, self.members.keys().copied());
        let has_name =
            |(words, _): &(Vec<String>, Vec<usize>)| words.iter().any(|word| !Self::is_weak(word));
        let is_strong = first.level != Level::Object
            && !is_written_once
            && (first.is_child || first.level == Level::Label || variants.iter().any(has_name));
        let alone = if is_strong { standing_alone(pieces, &variants) } else { BTreeSet::new() };
        let kept = |(at, (words, parts)): (usize, (Vec<String>, Vec<usize>))| {
            let is_action = deeds.get(at) == Some(&true);
            let is_idle =
                is_strong && (is_action || !self.tells_itself(&words)) && !alone.contains(&at);
            (if is_idle { Vec::new() } else { words }, parts)
        };
        let mut variants: Vec<(Vec<String>, Vec<usize>)> =
            variants.into_iter().enumerate().map(kept).collect();
        if first.level == Level::Task {
            adopt(pieces, &mut variants);
        }
        let tells = if is_strong { Tells::Names } else { Tells::Perhaps };
        Some(self.telling(tells, variants))
    }

    /// Whether they are files that all say one namespace that is named after a shop: they are called after what runs there.
    fn are_in_one_namespace(&self) -> bool {
        let is_folder = self.first.level == Level::Folder && !self.first.is_child;
        if !is_folder && !matches!(self.first.level, Level::File | Level::Object) {
            return false;
        }
        let mut said = self.members.keys().map(|part| {
            let piece = self.pieces.get(*part)?;
            let labels = piece.address.iter().filter(|segment| segment.level == Level::Label);
            let labels: Vec<&String> = labels.flat_map(|segment| &segment.rest).collect();
            let said = piece.contribution.said.as_ref();
            let is_named = said.is_some_and(|said| said.how != Said::KEYS)
                && labels.iter().any(|word| !is_idle(word) && !vocabulary::is_collection(word));
            is_named.then_some(labels)
        });
        let first = said.next().flatten();
        first.is_some() && said.all(|other| other == first)
    }
}

impl Family {
    /// Its parts, each with what tells its variant from the others.
    pub fn parts(&self) -> impl Iterator<Item = (&Vec<String>, usize)> {
        self.variants.iter().flat_map(|(words, parts)| parts.iter().map(move |part| (words, *part)))
    }
}

/// Gives a task without a name of its own that of the only other whose values it gives: `deploy-themes-prod` beside `deploy-siskin-prod`.
fn adopt(pieces: &[Piece], variants: &mut [(Vec<String>, Vec<usize>)]) {
    let (named, unnamed): (Vec<_>, Vec<_>) = (0..variants.len())
        .partition(|&at| variants.get(at).is_some_and(|(words, _)| !words.is_empty()));
    if unnamed.is_empty() || named.is_empty() {
        return;
    }
    let mut givers: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for &at in &named {
        let Some((_, parts)) = variants.get(at) else { continue };
        for (key, value) in values(pieces, parts) {
            givers.entry((key, value)).or_default().insert(at);
        }
    }
    for at in unnamed {
        let Some((_, parts)) = variants.get(at) else { continue };
        let own = values(pieces, parts);
        let mut found: Option<usize> = None;
        let mut is_sure = !own.is_empty();
        for entry in own {
            match givers.get(&entry).map(|givers| givers.iter().collect::<Vec<_>>()).as_deref() {
                Some([only]) if found.is_none_or(|found| found == **only) => found = Some(**only),
                _ => is_sure = false,
            }
        }
        let said = |(_, parts): &(Vec<String>, Vec<usize>)| {
            let environment = |part: &usize| pieces.get(*part)?.claim.environment.as_ref();
            parts.iter().filter_map(environment).map(|said| said.name.clone()).next()
        };
        let own = variants.get(at).and_then(said);
        let words = found.filter(|_| is_sure).and_then(|found| variants.get(found));
        let words = words.filter(|found| said(found) == own).map(|(words, _)| words.clone());
        if let (Some(words), Some((own, _))) = (words, variants.get_mut(at)) {
            *own = words;
        }
    }
}

/// Whether words are what is done with something of a shop: `order-sync`, `stock-import`, `price-feed`.
fn is_work(words: &[String]) -> bool {
    let is_done = |word: &&String| vocabulary::WORKING.contains(&word.as_str());
    let done = words.iter().filter(is_done).count();
    let with = words.iter().filter(|word| vocabulary::is_product(word) && !is_done(word)).count();
    done > 0 && with > 0 && done + with == words.len()
}
