//! The files that code names to take in: `require __DIR__ . '/ids.php'`. Only a path that is written whole names one.
//!
//! Source: the PHP manual, *include*, *Magic constants*.

use std::collections::BTreeSet;

use super::lexer::{Kind, Lexer};
use crate::source::{Location, SourceId};

/// The words that take a file in.
pub(super) const WORDS: [&str; 4] = ["include", "include_once", "require", "require_once"];

/// The function that gives the text of a file.
pub(super) const READING: &str = "file_get_contents";

/// How many files stand within each other.
pub(super) const MAX_WITHIN: usize = 6;

/// How many files one takes in, those within them counted.
pub(super) const MAX_FILES: usize = 64;

/// Gives a file of the tree by its path.
pub type Find<'a> = dyn Fn(&str) -> Option<(SourceId, &'a str)> + 'a;

/// What may be taken in, and what has been.
#[derive(Clone)]
pub(super) struct Taking<'a> {
    pub find: &'a Find<'a>,
    /// The file that is read.
    pub path: String,
    /// How many files stand around it.
    pub within: usize,
    /// Those that were taken in.
    pub taken: Vec<SourceId>,
    /// Where the first was.
    pub at: Option<Location>,
    /// The names that stand for values of other files, by the places of these.
    pub names: Vec<(Location, Location)>,
}

impl<'a> Taking<'a> {
    pub(super) fn new(path: &str, find: &'a Find<'a>) -> Self {
        let (taken, names) = (Vec::new(), Vec::new());
        Self { find, path: path.to_owned(), within: 0, taken, at: None, names }
    }
}

/// The files that a text may take in, by their paths in the tree: those that are named whole.
#[must_use]
pub fn named(path: &str, text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut lexer = Lexer::new(text, Lexer::has_tag(text));
    loop {
        let token = lexer.next();
        let word = text.get(token.start..token.end).unwrap_or_default();
        match token.kind {
            Kind::Eof => return found,
            Kind::Word
                if WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
                    || word.trim_start_matches('\\') == READING =>
            {
                let written = text.get(token.end..).and_then(path_of);
                found.extend(written.into_iter().flat_map(|(written, _)| files(path, &written)));
            }
            _ => {}
        }
    }
}

/// Where a path that is written in code starts.
#[derive(Debug, PartialEq, Eq)]
enum From {
    /// So many folders above that of the file.
    Folder(usize),
    /// Where the program runs, or the file stands.
    Anywhere,
    /// The root of Magento.
    Root,
}

/// A path as code names it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    from: From,
    rest: String,
}

/// The paths in the tree that may be meant, by the path of the file that names one.
pub(super) fn files(path: &str, Written { from, rest }: &Written) -> Vec<String> {
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    let here = || joined(folders.clone(), rest);
    let found = match from {
        From::Folder(above) => {
            let left = folders.len().checked_sub(*above);
            vec![left.and_then(|left| joined(folders.get(..left)?.to_vec(), rest))]
        }
        From::Anywhere => vec![here(), joined(Vec::new(), rest)],
        From::Root => {
            let root = path.find("app/etc/").map(|at| path.get(..at).unwrap_or_default());
            let folders = root.unwrap_or_default().split('/').collect();
            vec![joined(folders, rest)]
        }
    };
    found.into_iter().flatten().collect()
}

fn joined<'p>(mut parts: Vec<&'p str>, rest: &'p str) -> Option<String> {
    parts.retain(|part| !part.is_empty());
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The path that is written behind a word that takes a file in, and how long it is written; none where it is not written whole.
pub(super) fn path_of(text: &str) -> Option<(Written, usize)> {
    let mut rest = text.trim_start();
    let is_open = rest.starts_with('(');
    rest = rest.strip_prefix('(').map_or(rest, str::trim_start);
    let (from, behind) = folder_of(rest)?;
    let behind = match from {
        From::Anywhere => behind,
        _ => behind.trim_start().strip_prefix('.')?.trim_start(),
    };
    let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (inner, behind) = behind.get(1..)?.split_once(quote)?;
    if inner.contains(['$', '\\', '{', '\n']) || inner.contains("://") {
        return None;
    }
    // From nowhere in the machine that the tree could know.
    let is_outside = from == From::Anywhere && inner.starts_with('/');
    let behind = if is_open { behind.trim_start().strip_prefix(')')? } else { behind };
    let written = Written { from, rest: inner.to_owned() };
    (!is_outside && !inner.is_empty()).then_some((written, text.len() - behind.len()))
}

/// The folder that a path starts in, and what stands behind it.
fn folder_of(text: &str) -> Option<(From, &str)> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    if text.starts_with(['"', '\'']) {
        return Some((From::Anywhere, text));
    }
    if let Some(rest) = text.strip_prefix("__DIR__") {
        return Some((From::Folder(0), rest));
    }
    if let Some(rest) = text.strip_prefix("BP").filter(|rest| rest.trim_start().starts_with('.')) {
        return Some((From::Root, rest));
    }
    // One `dirname` of the file is its folder.
    let mut rest = text;
    let mut levels = 0_usize;
    while let Some(inner) = rest.strip_prefix("dirname") {
        levels += 1;
        rest = inner.trim_start().strip_prefix('(')?.trim_start();
        if levels > 8 {
            return None;
        }
    }
    let above = match (rest.strip_prefix("__FILE__"), rest.strip_prefix("__DIR__")) {
        (Some(behind), _) => {
            rest = behind;
            levels.checked_sub(1)?
        }
        (_, Some(behind)) => {
            rest = behind;
            levels
        }
        _ => return None,
    };
    let mut more = 0;
    for _ in 0..levels {
        rest = rest.trim_start();
        if let Some(counted) = rest.strip_prefix(',') {
            let counted = counted.trim_start();
            let digits = counted.find(|letter: char| !letter.is_ascii_digit())?;
            more += counted.get(..digits)?.parse::<usize>().ok()?.checked_sub(1)?;
            rest = counted.get(digits..)?.trim_start();
        }
        rest = rest.strip_prefix(')')?;
    }
    Some((From::Folder(above + more), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_written_whole_names_a_file() {
        let of = |text: &str| {
            let found = path_of(text).map(|(written, length)| {
                (files("env/prod/app/etc/env.php", &written), text.get(length..).unwrap_or("?"))
            });
            found.map(|(files, rest)| format!("{} {rest}", files.join(" ")))
        };
        for (text, expected) in [
            (" __DIR__ . '/ids.php';", "env/prod/app/etc/ids.php ;"),
            (" (__DIR__ . '/ids.php'))", "env/prod/app/etc/ids.php )"),
            ("(__DIR__.\"/../ids.php\");", "env/prod/app/ids.php ;"),
            (" dirname(__FILE__) . '/ids.php';", "env/prod/app/etc/ids.php ;"),
            (" \\dirname(__DIR__).'/ids.php';", "env/prod/app/ids.php ;"),
            (" dirname(__DIR__, 2) . '/ids.php',", "env/prod/ids.php ,"),
            (" dirname(dirname(__FILE__)) . '/ids.php';", "env/prod/app/ids.php ;"),
            (" BP . '/app/etc/ids.php';", "env/prod/app/etc/ids.php ;"),
            (" 'ids.php';", "env/prod/app/etc/ids.php ids.php ;"),
            (" './x/ids.php' ?>", "env/prod/app/etc/x/ids.php x/ids.php  ?>"),
        ] {
            assert_eq!(of(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            " $file;",
            " \"$dir/ids.php\";",
            " __DIR__ . '/' . $name;",
            " '/etc/shop/ids.php';",
            " 'http://x.test/ids.php';",
            " path('ids.php');",
            " (__DIR__ . '/ids.php';",
        ] {
            assert!(of(text).is_none_or(|found| found.starts_with("env/prod/app/etc ")), "{text}");
        }
    }

    #[test]
    fn the_files_that_a_text_names_are_found() {
        let text = "<?php\n// require 'no.php';\nrequire_once 'a.php';\n$x = include(__DIR__ . '/b.php');\n";
        let found: Vec<String> = named("x.php", text).into_iter().collect();
        assert_eq!(found, ["a.php", "b.php"]);
    }
}
