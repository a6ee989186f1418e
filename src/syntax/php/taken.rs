//! Files that others take in: `require __DIR__ . '/ids.php'`.
//!
//! Source: the PHP manual, *include*: the code of the file runs where it is taken in, with the variables that are known there, and what it
//! returns is the value of the expression; once is once in a run. Only a path that is written whole names a file.

use std::collections::BTreeSet;

use super::lexer::{Kind, Lexer};
use super::parser::Parser;
use super::possible::join;
use crate::source::{Location, SourceId};
use crate::syntax::{Node, NodeKind};

/// The words that take a file in.
const WORDS: [&str; 4] = ["include", "include_once", "require", "require_once"];

/// How many files stand within each other.
const MAX_WITHIN: usize = 6;

/// How many files one takes in, those within them counted.
const MAX_FILES: usize = 64;

/// Gives a file of the tree by its path.
pub type Find<'a> = dyn Fn(&str) -> Option<(SourceId, &'a str)> + 'a;

/// What may be taken in, and what has been.
#[derive(Clone)]
pub(super) struct Taking<'a> {
    find: &'a Find<'a>,
    /// The file that is read.
    path: String,
    /// How many files stand around it.
    within: usize,
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

impl Parser<'_> {
    /// Whether a word that takes a file in is in hand.
    pub(super) fn takes_in(&self) -> bool {
        self.taking.is_some() && self.is_word(&WORDS)
    }

    /// Reads what takes a file in, and that file with it: what it returns. Nothing is read where no file of the tree is named whole.
    pub(super) fn take_in(&mut self) -> Option<Node> {
        let (start, behind) = (self.token.start, self.token.end);
        let is_once = self.word().to_ascii_lowercase().ends_with("_once");
        let taking = self.taking.as_ref()?;
        let (written, length) = path_of(self.text.get(behind..)?)?;
        let end = behind + length;
        let rest = self.text.get(end..)?.trim_start();
        let is_whole = rest.is_empty() || rest.starts_with([';', ')', ',', ']']);
        if !(is_whole || rest.starts_with("?>")) {
            return None;
        }
        let found = files(&taking.path, &written)
            .into_iter()
            .find_map(|path| (taking.find)(&path).map(|(id, text)| (path, id, text)));
        let (path, id, text) = found?;
        let fits = taking.within < MAX_WITHIN && taking.taken.len() < MAX_FILES;
        if !fits || !Lexer::has_tag(text) {
            return None;
        }
        while self.token.start < end && self.token.kind != Kind::Eof {
            self.bump();
        }
        let at = Location::new(self.id, start, end);
        let mut taking = self.taking.take()?;
        if is_once && taking.taken.contains(&id) {
            self.taking = Some(taking);
            return Some(Node::new(at, NodeKind::Scalar("1".into())));
        }
        taking.taken.push(id);
        taking.at = taking.at.or(Some(at));
        let around = (std::mem::replace(&mut taking.path, path), taking.within);
        taking.within += 1;
        let mut inner = Parser::new(id, text, true);
        inner.taking = Some(taking);
        self.trade(&mut inner);
        inner.statements(false, &[]);
        if !inner.scope.dead {
            let one = Node::new(at, NodeKind::Scalar("1".into()));
            let returned = inner.returned.take();
            inner.returned = Some(returned.map_or(one.clone(), |node| join(node, one)));
            inner.end();
        }
        let returned = inner.returned.take();
        if let Some(ended) = inner.ended.take() {
            inner.scope = ended;
        }
        self.trade(&mut inner);
        self.put.append(&mut inner.put);
        if let Some(mut taking) = inner.taking.take() {
            (taking.path, taking.within) = around;
            self.taking = Some(taking);
        }
        Some(returned.unwrap_or_else(|| Node::new(at, NodeKind::Expression)))
    }

    /// Keeps that a name of this file stands for a value of another.
    pub(super) fn keep_name(&mut self, start: usize, value: &Node) {
        let at = Location::new(self.id, start, self.last_end);
        let is_kept = value.at.source != self.id && value.as_str().is_some();
        if let Some(taking) = self.taking.as_mut().filter(|taking| is_kept && taking.within == 0) {
            taking.names.push((value.at, at));
        }
    }
}

/// Puts what is no text of this file, and no text at all, where the first file was taken in: only what can be shown has a place elsewhere.
pub(super) fn settle(node: &mut Node, id: SourceId, at: Location) {
    if node.at.source != id && !matches!(node.kind, NodeKind::Scalar(_)) {
        node.at = at;
    }
    match &mut node.kind {
        NodeKind::Mapping(entries) => entries.iter_mut().for_each(|entry| {
            settle(&mut entry.key, id, at);
            settle(&mut entry.value, id, at);
        }),
        NodeKind::Sequence(nodes) | NodeKind::OneOf(nodes) => {
            for node in nodes {
                settle(node, id, at);
            }
        }
        NodeKind::Scalar(_) | NodeKind::Null | NodeKind::Expression => {}
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
            Kind::Word if WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)) => {
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
struct Written {
    from: From,
    rest: String,
}

/// The paths in the tree that may be meant, by the path of the file that names one.
fn files(path: &str, Written { from, rest }: &Written) -> Vec<String> {
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
fn path_of(text: &str) -> Option<(Written, usize)> {
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
