//! The blocks of hosts and folders: what stands in one is that host's.

use std::ops::Range;

use super::text::{BLANKS, end_of, start_of};
use super::{Block, HOST, Reader};
use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// How many variables of one host are read.
const MAX_VARIABLES: usize = 1_000;

impl<'a> Reader<'a> {
    /// Apache's block of a folder outside of hosts, which holds an installation: `<Directory "/srv/shop/pub">`.
    ///
    /// Source: the Apache documentation, *Configuration Sections*.
    pub(super) fn folder(&mut self, start: usize, line: &'a str) {
        let lower = line.to_ascii_lowercase();
        match self.open {
            Block::Host if lower.starts_with("</virtualhost") => self.open = Block::None,
            Block::Folder if lower.starts_with("</directory") => self.open = Block::None,
            Block::None if lower.starts_with("<directory ") => {
                let rest = line.get("<directory ".len()..).unwrap_or_default();
                let path = rest.trim_start_matches([' ', '\t', '"', '\'']);
                let from = start + line.len() - path.len();
                let path = path.split(['"', '\'', '>']).next().filter(|path| path.starts_with('/'));
                if let Some(path) = path {
                    let key = self.scalar(from..from + path.len(), path.to_owned());
                    self.sections.push((key, Vec::new()));
                    self.note_root(path);
                    self.open = Block::Folder;
                }
            }
            _ => {}
        }
    }

    /// The name of the virtual host whose block is open: what stands in it is that host's.
    pub(super) fn name_host(&mut self, from: usize, end: usize) -> usize {
        let rest = self.slice(from..end);
        let name = rest.split([';', ' ', '\t', '\r']).next().unwrap_or_default();
        let key = self.scalar(from..from + name.len(), name.to_owned());
        let open = self.sections.last_mut().filter(|(key, _)| key.as_str() == Some(HOST));
        if let Some((host, _)) = open.filter(|_| !name.is_empty() && name != "_") {
            *host = key;
        }
        self.note_names(from, end);
        rest.find(';').map_or(end + 1, |at| from + at + 1)
    }

    /// Notes the folder that the open section serves, or that its pool works in.
    pub(super) fn note_root(&mut self, written: &'a str) {
        let root = written.trim_start_matches([' ', '\t', '"']).split([' ', '\t', '\r', ';', '"']);
        let root = root.into_iter().next().filter(|root| root.starts_with('/'));
        if let (Some(section), Some(root)) = (self.sections.len().checked_sub(1), root) {
            self.roots.entry(section).or_insert(root);
        }
    }

    /// `web1.example.com NAME=value NAME='a value'`: a host of an Ansible inventory. Says whether the line is one.
    pub(super) fn host(&mut self, name: Range<usize>, end: usize) -> bool {
        let mut entries = Vec::new();
        let mut at = name.end;
        while entries.len() < MAX_VARIABLES {
            let rest = self.slice(at..end);
            let text = rest.trim_start_matches(BLANKS);
            if text.is_empty() || text.starts_with('#') {
                break;
            }
            let start = end - text.len();
            let Some((variable, behind)) = text.split_once('=') else { return false };
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if variable.is_empty() || !variable.bytes().all(is_name) {
                return false;
            }
            let from = start + variable.len() + 1;
            let quote = behind.chars().next().filter(|letter| matches!(letter, '"' | '\''));
            let close = quote.and_then(|quote| behind.get(1..)?.find(quote));
            let length = match close {
                Some(close) => close + 2,
                None => behind.find(BLANKS).unwrap_or(behind.len()),
            };
            let written = self.slice(from..from + length);
            let value = if close.is_some() { written.get(1..length - 1) } else { Some(written) };
            let key = self.scalar(start..from - 1, variable.to_owned());
            let value = self.scalar(from..from + length, value.unwrap_or_default().to_owned());
            entries.push(Entry { key, value });
            at = from + length;
        }
        let Some((first, last)) = entries.first().zip(entries.last()) else { return false };
        let at = Location::new(self.id, start_of(first), end_of(last));
        self.add(name, Node::new(at, NodeKind::Mapping(entries)));
        true
    }
}
