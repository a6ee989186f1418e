//! The blocks of hosts and folders: what stands in one is that host's.

use super::{Block, HOST, Reader};

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
}
