//! No circle of files: what two of them share stands below both.
//!
//! A file uses another where it names something that stands there, by whatever path: `use`, a path in the code, or a name that a module hands on
//! from where it stands (`pub use`), which is no use of its own. Methods need no path and are not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use super::scanner::{code_of, words};

/// The names that each takes from each other one.
type Arrows<T> = BTreeMap<T, BTreeMap<T, BTreeSet<String>>>;

#[test]
fn no_files_use_each_other_in_a_circle() {
    let sources = super::sources();
    let circles = circles(&sources);
    assert!(circles.is_empty(), "give what they share a file below them:\n{}", circles.join("\n"));
}

#[test]
fn no_rooms_use_each_other_in_a_circle() {
    let circles = circles_of_rooms(&super::sources());
    assert!(circles.is_empty(), "one of them stands below the other:\n{}", circles.join("\n"));
}

#[test]
fn a_planted_circle_is_found() {
    let owned = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
    let count = |files: &[(&str, &str)]| {
        circles(&files.iter().copied().map(owned).collect::<Vec<_>>()).len()
    };
    let by_super = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod one;\nmod two;"),
        ("a/one.rs", "use super::two::Two;"),
        ("a/two.rs", "fn f() { super::one::g() }"),
    ];
    assert_eq!(count(&by_super), 2);
    let by_face = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod one;\nmod two;\npub use two::{Other, Two};"),
        ("a/one.rs", "use crate::a::Two;"),
        ("a/two.rs", "pub(in crate::a) fn f() {}\nuse super::{one::{self, One}};"),
    ];
    assert_eq!(count(&by_face), 2, "what is handed on stands where it stands");
    let by_child = [
        ("a/mod.rs", "mod one;\nuse one::One;\npub struct Two;"),
        ("a/one.rs", "use super::Two as Second;"),
    ];
    assert_eq!(count(&by_child), 2);
    let by_three = [
        ("a.rs", "use crate::b::B;\nuse crate::d::D;"),
        ("b.rs", "fn f() -> crate::c::C {}"),
        ("c.rs", "use crate::a;\nfn f() -> a::A {}"),
        ("d.rs", ""),
    ];
    assert_eq!(count(&by_three), 3, "what hangs on a circle is not told");
    let by_none = [
        ("a/mod.rs", "mod one;\nmod two;\npub use one::One;\npub use two::Two;"),
        (
            "a/one.rs",
            "// use super::two;\nconst A: &str = \"crate::a::two\";\nfn f() { super::f() }",
        ),
        ("a/two.rs", "use super::One;\n#[cfg(test)]\nmod tests { use super::super::one; }"),
        ("a/tests.rs", "use super::*;"),
    ];
    assert_eq!(count(&by_none), 0);
    let by_rooms =
        [("a/one.rs", "use crate::b::B;"), ("a/two.rs", ""), ("b.rs", "use crate::a::two::Two;")];
    assert_eq!(count(&by_rooms), 0);
    assert_eq!(circles_of_rooms(&by_rooms.map(owned)).len(), 2);
}

/// The arrows of all circles, each with the names that make it.
fn circles(sources: &[(String, String)]) -> Vec<String> {
    let is_test = |path: &str| path.ends_with("tests.rs") || path.contains("/tests/");
    let house = House::of(sources.iter().filter(|(path, _)| !is_test(path)));
    told(circles_among(house.arrows()))
}

/// The arrows of all circles of rooms, which are the folders and files at the root of the crate.
fn circles_of_rooms(sources: &[(String, String)]) -> Vec<String> {
    let house = House::of(sources.iter());
    let room = |file: &str| file.split('/').next().unwrap_or_default().to_owned();
    let mut rooms: Arrows<String> = BTreeMap::new();
    for (file, others) in house.arrows() {
        for (other, names) in others.into_iter().filter(|(other, _)| room(other) != room(file)) {
            rooms.entry(room(file)).or_default().entry(room(other)).or_default().extend(names);
        }
    }
    told(circles_among(rooms))
}

/// The arrows that are left where everything is taken out that uses none of the others, or is used by none.
fn circles_among<T: Clone + Ord>(mut arrows: Arrows<T>) -> Arrows<T> {
    loop {
        let used: BTreeSet<T> = arrows.values().flat_map(BTreeMap::keys).cloned().collect();
        let users: BTreeSet<T> = arrows.keys().cloned().collect();
        let before = arrows.values().map(BTreeMap::len).sum::<usize>();
        arrows.retain(|user, _| used.contains(user));
        for others in arrows.values_mut() {
            others.retain(|other, _| users.contains(other));
        }
        arrows.retain(|_, others| !others.is_empty());
        if arrows.values().map(BTreeMap::len).sum::<usize>() == before {
            return arrows;
        }
    }
}

fn told<T: Display>(arrows: Arrows<T>) -> Vec<String> {
    let told = arrows.into_iter().flat_map(|(user, others)| {
        let line = move |(other, names): (T, BTreeSet<String>)| {
            let names: Vec<String> = names.into_iter().collect();
            format!("src/{user} uses `{}` of src/{other}", names.join("`, `"))
        };
        others.into_iter().map(line).collect::<Vec<_>>()
    });
    told.collect()
}

/// Something that a file names: the path, the name that it has there, and whether others have it from there.
struct Import {
    path: Vec<String>,
    name: Option<String>,
    is_handed_on: bool,
}

/// The modules of a crate by their paths, each with its file and what it names.
struct House<'a> {
    modules: BTreeMap<Vec<String>, (&'a str, Vec<Import>)>,
}

impl<'a> House<'a> {
    fn of(sources: impl Iterator<Item = &'a (String, String)>) -> Self {
        let module = |(path, text): &'a (String, String)| {
            (module_of(path), (path.as_str(), imports(&code_of(text))))
        };
        Self { modules: sources.map(module).collect() }
    }

    fn arrows(&self) -> Arrows<&'a str> {
        let mut arrows: Arrows<&'a str> = BTreeMap::new();
        for (module, (file, imports)) in &self.modules {
            for import in imports.iter().filter(|import| !import.is_handed_on) {
                let path = self.within_crate(module, &Self::spelt_out(imports, import));
                let other = path.and_then(|path| self.file_of(&path, 0));
                if let Some(other) = other.filter(|other| other != file) {
                    let names = arrows.entry(file).or_default().entry(other).or_default();
                    names.insert(import.path.last().cloned().unwrap_or_default());
                }
            }
        }
        arrows
    }

    /// The path of a name in the code that begins with what a `use` brought: `a::A` behind `use crate::a`.
    fn spelt_out(imports: &[Import], import: &Import) -> Vec<String> {
        let first = import.path.first().filter(|_| import.name.is_none());
        let brought =
            imports.iter().find(|other| other.name.is_some() && other.name.as_ref() == first);
        let rest = import.path.get(1..).unwrap_or_default();
        brought.map_or_else(|| import.path.clone(), |other| [&other.path, rest].concat())
    }

    /// A path from the root of the crate; none where it leads out of the crate.
    fn within_crate(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let ups = path.iter().take_while(|part| *part == "super").count();
        let rest = path.get(ups..)?;
        match path.first()?.as_str() {
            "crate" => Some(path.get(1..)?.to_vec()),
            "self" => Some([module, path.get(1..)?].concat()),
            "super" => Some([module.get(..module.len().checked_sub(ups)?)?, rest].concat()),
            first => {
                let child = [module, &[first.to_owned()]].concat();
                self.modules.contains_key(&child).then(|| [module, path].concat())
            }
        }
    }

    /// The file in which stands what a path names.
    fn file_of(&self, path: &[String], handed: usize) -> Option<&'a str> {
        let depth = (0..=path.len())
            .rev()
            .find(|&end| path.get(..end).is_some_and(|module| self.modules.contains_key(module)))?;
        let (module, rest) = path.split_at(depth);
        let (file, imports) = self.modules.get(module)?;
        let is_it = |import: &&Import| import.is_handed_on && import.name.as_ref() == rest.first();
        let on = imports.iter().find(is_it).filter(|_| !rest.is_empty() && handed < 9);
        let on = on.and_then(|on| self.within_crate(module, &on.path));
        let on = on.and_then(|on| self.file_of(&[&on, rest.get(1..)?].concat(), handed + 1));
        Some(on.unwrap_or(file))
    }
}

fn module_of(path: &str) -> Vec<String> {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    let is_root = matches!(stem, "lib" | "main");
    stem.split('/').filter(|_| !is_root).map(str::to_owned).collect()
}

/// What code names: by `use`, and by paths in it.
fn imports(code: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    let code = without_reach(code);
    let mut rest = code.clone();
    for (at, _) in code.rmatch_indices("use ") {
        let before = rest.get(..at).unwrap_or_default();
        let Some(end) = rest.get(at..).and_then(|text| text.find(';')) else { continue };
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let is_handed_on = before.trim_end().ends_with("pub");
        let tree = rest.get(at + "use ".len()..at + end).unwrap_or_default().to_owned();
        imports.extend(leaves(&tree, &[]).into_iter().map(|(path, name)| Import {
            path,
            name: Some(name),
            is_handed_on,
        }));
        rest.replace_range(at..at + end, "");
    }
    let mut start = 0;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    while let Some(found) = rest.get(start..).and_then(|text| text.find(is_part)) {
        let text = rest.get(start + found..).unwrap_or_default();
        let length = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
        let path: Vec<String> = parts(text.get(..length).unwrap_or_default());
        if path.len() > 1 {
            imports.push(Import { path, name: None, is_handed_on: false });
        }
        start += found + length;
    }
    imports
}

/// Code without how far a name reaches: `pub(in crate::rules)`.
fn without_reach(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(after) = words(rest, "pub(").next() {
        let end = after.find(')').map_or(after.len(), |end| end + 1);
        let before = rest.len() - after.len() - 1;
        kept.push_str(rest.get(..before).unwrap_or_default());
        rest = after.get(end..).unwrap_or_default();
    }
    kept + rest
}

/// The paths of a tree of names, each with the name that it is given.
fn leaves(tree: &str, above: &[String]) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let (path, given) = tree.split_once(" as ").unwrap_or((tree, ""));
        let mut path = [above, &parts(path)].concat();
        if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path.pop();
        }
        let name = if given.is_empty() { path.last().cloned() } else { Some(given.to_owned()) };
        return vec![(path, name.unwrap_or_default())];
    };
    let above = [above, &parts(head)].concat();
    let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = group.get(start..at).unwrap_or_default();
                start = at + 1;
                if !part.trim().is_empty() {
                    found.extend(leaves(part, &above));
                }
            }
            _ => {}
        }
    }
    found
}

fn parts(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
