//! Files that others take in: `require __DIR__ . '/ids.php'`.
//!
//! Source: the PHP manual, *include*: the code of the file runs where it is taken in, with the variables that are known there, and what it
//! returns is the value of the expression; once is once in a run.

use super::lexer::{Kind, Lexer};
use super::parser::Parser;
use super::possible::join;
use super::taking::{MAX_FILES, MAX_WITHIN, READING, WORDS, files, path_of};
use crate::source::{Location, SourceId};
use crate::syntax::json::Json;
use crate::syntax::{Format as _, Node, NodeKind};

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

    /// Reads `json_decode(file_get_contents(__DIR__ . '/ids.json'), true)`, and that file with it; none where it gives objects, or is no file
    /// of the tree that is named whole.
    ///
    /// Source: the PHP manual, `json_decode`.
    pub(super) fn decode(&mut self) -> Option<Node> {
        let start = self.token.start;
        let inner = self.text.get(self.token.end..)?.trim_start().strip_prefix('(')?.trim_start();
        let inner = inner.strip_prefix('\\').unwrap_or(inner).strip_prefix(READING)?;
        let taking = self.taking.as_mut()?;
        let (written, length) = path_of(inner).filter(|_| inner.trim_start().starts_with('('))?;
        let behind = inner.get(length..)?.trim_start().strip_prefix(',')?.trim_start();
        let behind = behind.strip_prefix("associative:").map_or(behind, str::trim_start);
        let closing = behind.find([')', ';'])?;
        let is_array = behind.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("true"));
        let is_whole = is_array && behind.get(closing..)?.starts_with(')');
        let named = files(&taking.path, &written);
        let found = named.iter().find_map(|path| (taking.find)(path)).filter(|_| is_whole);
        let (id, text) = found.filter(|_| taking.taken.len() < MAX_FILES)?;
        let document = Json.parse(id, text).documents.into_iter().next()?;
        let end = self.text.len() - behind.len() + closing + 1;
        taking.taken.push(id);
        taking.at = taking.at.or(Some(Location::new(self.id, start, end)));
        while self.token.start < end && self.token.kind != Kind::Eof {
            self.bump();
        }
        Some(document)
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
