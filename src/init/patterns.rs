//! Patterns that declare many instances at once, read off how the paths of their files vary.
//!
//! A part of an instance's name that stands in the paths of its files may vary. A pattern is taken where it gives each file that it matches
//! to the instance that has it anyway; those few that it would give to another are declared by themselves, since that wins.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::candidate::Candidate;
use crate::declared::Pattern;
use crate::declared::captures::Captured;
use crate::model::instance::Kind;
use crate::resolve::words::Words;

/// The most parts of a name that are looked at.
const MOST_PARTS: usize = 6;

/// How many patterns are tried at most.
const MOST_TRIED: usize = 400;

/// A file that feeds instances.
pub(super) struct Fed<'a> {
    pub path: &'a str,
    /// The candidate that alone has it, where that can be declared.
    pub owner: Option<usize>,
}

/// A pattern, and the files that it gives to their instances: those of earlier patterns left out.
pub(super) struct Found {
    pub pattern: Pattern,
    pub files: BTreeSet<usize>,
}

/// How a file of an instance could be declared together with others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    files: String,
    name: String,
    kind: Option<Kind>,
}

/// The patterns that declare these candidates, as they follow one another.
pub(super) fn found(candidates: &[Candidate<'_>], fed: &[Fed<'_>]) -> Vec<Found> {
    let owner = |file: &usize| fed.get(*file).and_then(|fed| fed.owner);
    let mut shapes: BTreeMap<Shape, BTreeSet<usize>> = BTreeMap::new();
    for (index, file) in fed.iter().enumerate() {
        let Some(candidate) = file.owner.and_then(|at| candidates.get(at)) else { continue };
        for shape in shapes_of(file.path, candidate) {
            shapes.entry(shape).or_default().insert(index);
        }
    }
    let owners = |files: &BTreeSet<usize>| files.iter().filter_map(owner).collect::<BTreeSet<_>>();
    let mut shapes: Vec<(Shape, BTreeSet<usize>)> =
        shapes.into_iter().filter(|(_, files)| owners(files).len() > 1).collect();
    shapes.sort_by_key(|(shape, files)| {
        (std::cmp::Reverse(files.len()), shape.files.matches('{').count())
    });
    let mut search = Search { candidates, fed, settled: BTreeSet::new(), found: Vec::new() };
    for is_strict in [true, false] {
        for (shape, files) in shapes.iter().take(MOST_TRIED) {
            let left: BTreeSet<usize> = files.difference(&search.settled).copied().collect();
            if owners(&left).len() > 1 {
                search.take(shape, is_strict);
            }
        }
    }
    search.found
}

struct Search<'a> {
    candidates: &'a [Candidate<'a>],
    fed: &'a [Fed<'a>],
    /// The files that a pattern has, or that are declared by themselves.
    settled: BTreeSet<usize>,
    found: Vec<Found>,
}

impl Search<'_> {
    /// Takes the widest pattern of a shape that may stand behind those found.
    fn take(&mut self, shape: &Shape, is_strict: bool) {
        for files in widened(&shape.files) {
            let captured = Captured::parse(&files, &shape.name, None);
            let Ok(captured) = captured else { continue };
            if let Some((right, wrong)) = self.tried(shape, &captured, is_strict) {
                self.settled.extend(right.iter().chain(&wrong));
                let pattern = Pattern { files: captured, kind: shape.kind };
                self.found.push(Found { pattern, files: right });
                return;
            }
        }
    }

    /// The files that a pattern gives to their instances, and those that it gives to another; none where that is worth nothing.
    fn tried(
        &self,
        shape: &Shape,
        captured: &Captured,
        is_strict: bool,
    ) -> Option<(BTreeSet<usize>, BTreeSet<usize>)> {
        let (mut right, mut wrong) = (BTreeSet::new(), BTreeSet::new());
        let (mut owners, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (index, file) in self.fed.iter().enumerate() {
            let Some((name, _)) = captured.names(file.path) else { continue };
            if self.settled.contains(&index) {
                continue;
            }
            let own = file.owner?;
            let candidate = self.candidates.get(own)?;
            let is_its = candidate.instance.name == name;
            if is_its && shape.kind.is_none_or(|kind| candidate.declared.kind == Some(kind)) {
                right.insert(index);
                owners.insert(own);
            } else {
                wrong.insert(index);
                others.insert(own);
            }
        }
        let most_wrong = if is_strict { 0 } else { owners.len().saturating_sub(1) };
        (owners.len() > 1 && others.len() <= most_wrong).then_some((right, wrong))
    }
}

/// The patterns that a shape's can be: of whole folders below what tells its instances apart, the widest first, then its own.
fn widened(files: &str) -> Vec<String> {
    let parts: Vec<&str> = files.split('/').collect();
    let last = parts.iter().rposition(|part| part.contains('{')).unwrap_or_default();
    // `{name}/**` would take every folder of the tree.
    let first = last.max(1);
    let folders = (first..parts.len().saturating_sub(1)).map(|end| {
        let folder = parts.get(..=end).unwrap_or_default();
        format!("{}/**", folder.join("/"))
    });
    folders.chain([files.to_owned()]).collect()
}

/// How one file of a candidate could be declared together with others: with one part of its name that varies, or with two.
fn shapes_of(path: &str, candidate: &Candidate<'_>) -> Vec<Shape> {
    let name = candidate.instance.name.as_str();
    if path.contains(['*', '?', '{', '}', '[', ']', '\\']) || name.contains(['{', '}']) {
        return Vec::new();
    }
    let runs = runs(name);
    let pairs = runs.iter().enumerate().flat_map(|(at, one)| {
        let later = runs.iter().skip(at + 1).filter(|two| one.end < two.start);
        later.map(|two| vec![one.clone(), two.clone()])
    });
    let all = runs.iter().map(|run| vec![run.clone()]).chain(pairs);
    all.filter_map(|runs| shape(path, candidate, &runs)).collect()
}

/// The runs of parts that a name has between its hyphens.
fn runs(name: &str) -> Vec<Range<usize>> {
    let cuts: Vec<usize> = name.match_indices('-').map(|(at, _)| at).collect();
    let whole = || std::iter::once(0..name.len()).collect();
    if cuts.len() >= MOST_PARTS {
        return whole();
    }
    let starts: Vec<usize> = std::iter::once(0).chain(cuts.iter().map(|at| at + 1)).collect();
    let ends: Vec<usize> = cuts.iter().copied().chain([name.len()]).collect();
    let runs = starts.iter().enumerate().flat_map(|(first, start)| {
        ends.iter().skip(first).filter(move |end| *end > start).map(move |end| *start..*end)
    });
    runs.collect()
}

fn shape(path: &str, candidate: &Candidate<'_>, runs: &[Range<usize>]) -> Option<Shape> {
    let name = candidate.instance.name.as_str();
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    let (mut taken, mut says_environment) = (Vec::new(), false);
    for run in runs {
        let text = name.get(run.clone())?;
        let mut words = Words::default();
        words.read(text);
        says_environment |= words.environment.is_some();
        let (at, place) =
            parts.iter().enumerate().find_map(|(at, part)| Some((at, place_of(part, text)?)))?;
        let folder = at.checked_sub(1).and_then(|above| parts.get(above));
        let is_whole = parts.get(at).is_some_and(|part| part == text);
        let mut label = match folder.filter(|_| is_whole).and_then(|folder| singular(folder)) {
            Some(one) if !says_environment => one.to_owned(),
            _ if words.environment.is_some() => "env".to_owned(),
            _ => "name".to_owned(),
        };
        while taken.iter().any(|(_, known)| *known == label) {
            label.push('2');
        }
        for (index, part) in parts.iter_mut().enumerate() {
            let mut from = 0;
            while let Some(found) = part.get(from..).and_then(|rest| place_of(rest, text)) {
                let range = from + found.start..from + found.end;
                let is_first = index == at && range == place;
                let filling = if is_first { format!("{{{label}}}") } else { "*".to_owned() };
                from = range.start + filling.len();
                part.replace_range(range, &filling);
            }
        }
        taken.push((run.clone(), label));
    }
    let mut filled = String::new();
    let mut from = 0;
    for (run, label) in &taken {
        filled += name.get(from..run.start)?;
        filled.extend(["{", label, "}"]);
        from = run.end;
    }
    filled += name.get(from..)?;
    // What a word of the path says goes on being said by it: `{env}` may come to be `prod`.
    let kind = candidate.declared.kind.filter(|_| !says_environment);
    Some(Shape { files: parts.join("/"), name: filled, kind })
}

/// Where a text stands in a part of a path, between its ends and what is no letter or digit; not in a name that varies.
fn place_of(part: &str, text: &str) -> Option<Range<usize>> {
    let is_inner = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '{' | '}'))
    };
    part.match_indices(text).map(|(at, found)| at..at + found.len()).find(|place| {
        let before = part.get(..place.start).and_then(|text| text.chars().next_back());
        let after = part.get(place.end..).and_then(|text| text.chars().next());
        !text.is_empty() && !is_inner(before) && !is_inner(after)
    })
}

/// What one of the things is called that a folder is named after: `brand` of `brands`.
fn singular(folder: &str) -> Option<&str> {
    let one = folder.strip_suffix('s')?;
    let is_name = one.len() > 2 && one.bytes().all(|byte| byte.is_ascii_lowercase());
    is_name.then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_looked_for_between_what_is_no_letter() {
        for (part, text, expected) in [
            ("kiwi", "kiwi", Some(0..4)),
            ("values-kiwi.yaml", "kiwi", Some(7..11)),
            ("kiwis", "kiwi", None),
            ("kiwis-kiwi", "kiwi", Some(6..10)),
            ("{kiwi}", "kiwi", None),
        ] {
            assert_eq!(place_of(part, text), expected, "{part}");
        }
    }

    #[test]
    fn folders_below_what_varies_are_taken_whole() {
        assert_eq!(
            widened("brands/{brand}/prod/app/.env"),
            ["brands/{brand}/**", "brands/{brand}/prod/**", "brands/{brand}/prod/app/**"]
                .map(str::to_owned)
                .into_iter()
                .chain(["brands/{brand}/prod/app/.env".to_owned()])
                .collect::<Vec<_>>()
        );
        assert_eq!(widened("{name}/.env"), ["{name}/.env"]);
        assert_eq!(widened("env.{env}.php"), ["env.{env}.php"]);
    }

    #[test]
    fn the_parts_of_a_name_are_taken_alone_and_together() {
        let name = "a-b-c";
        let texts: Vec<&str> = runs(name).into_iter().filter_map(|run| name.get(run)).collect();
        assert_eq!(texts, ["a", "a-b", "a-b-c", "b", "b-c", "c"]);
    }
}
