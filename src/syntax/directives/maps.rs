//! What servers give by the host that is asked for: nginx's `map $host $space { shop.example.com …; }`, Apache's `SetEnvIf Host`.
//!
//! Sources: the nginx documentation, `ngx_http_map_module`; the Apache documentation, `mod_setenvif`. A variable of a map is one for each host:
//! what stands for none of them is that of the server's other names. A pattern that is more than a name is no host.

use std::ops::Range;

use super::text::{BLANKS, closing_quote, unescaped};
use super::{Map, Maps, Reader};
use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

/// The variables of nginx's that hold the host that is asked for.
const HOSTS: [&str; 4] = ["$host", "$http_host", "$server_name", "$ssl_server_name"];

/// What Apache calls it.
const ATTRIBUTES: [&str; 3] = ["host", "http_host", "server_name"];

/// How many hosts of one file are told apart.
const MAX_HOSTS: usize = 1_000;

/// How long a map may be.
const MAX_BYTES: usize = 64 << 10;

impl Reader<'_> {
    /// Reads a map by the host whose block begins at a place; says where it ends.
    pub(super) fn map(&mut self, start: usize, end: usize) -> Option<usize> {
        let rest = self.slice(start..end).strip_prefix("map ")?;
        let (head, _) = rest.split_once('{')?;
        let [asked, variable] = head.split_whitespace().collect::<Vec<_>>()[..] else {
            return None;
        };
        if !HOSTS.contains(&asked) {
            return None;
        }
        let open = end - rest.len() + head.len() + 1;
        let behind = self.text.as_bytes().get(open..)?;
        let length = behind.iter().take(MAX_BYTES).position(|byte| *byte == b'}')?;
        let map = self.entries(open..open + length);
        let is_known = self.maps.known.contains_key(variable);
        self.maps.known.insert(variable.to_owned(), map.filter(|_| !is_known));
        Some(open + length + 1)
    }

    /// The entries of a map; none where one of them is for more than a host.
    fn entries(&self, block: Range<usize>) -> Option<Map> {
        let mut found = Map::new();
        let mut from = block.start;
        for part in self.slice(block).split_inclusive([';', '\n']) {
            let at = from;
            from += part.len();
            let line = part.trim_end_matches([';', '\n', '\r', ' ', '\t']);
            let words = words(line, at);
            let text = |at: &Range<usize>| self.slice(at.clone());
            match words.as_slice() {
                [] => {}
                [first, ..] if text(first).starts_with('#') => {}
                [only] if matches!(text(only), "hostnames" | "volatile") => {}
                [key, value] if text(key) == "default" => found.push((None, value.clone())),
                [key, value] => {
                    let host = host_of(text(key), key.start);
                    // Where a pattern gives nothing, it is for no installation.
                    if host.is_some() || !text(value).is_empty() {
                        found.push((Some(host?), value.clone()));
                    }
                }
                _ => return None,
            }
            if found.len() > MAX_HOSTS {
                return None;
            }
        }
        Some(found)
    }

    /// Reads `SetEnvIf Host ^shop\.example\.com$ NAME=value`; says where the next directive starts.
    pub(super) fn by_host(&mut self, start: usize, end: usize) -> Option<usize> {
        let line = self.slice(start..end);
        let name = line.get(.."setenvif".len())?;
        if !name.eq_ignore_ascii_case("setenvif") {
            return None;
        }
        let words = words(line, start);
        let [directive, asked, rest @ ..] = words.as_slice() else { return None };
        let is = |at: &Range<usize>, names: &[&str]| {
            names.iter().any(|name| self.slice(at.clone()).eq_ignore_ascii_case(name))
        };
        let (host, given) = if is(directive, &["setenvifexpr"]) {
            (compared(self.slice(asked.clone()), asked.start)?, rest)
        } else {
            let (pattern, given) = rest.split_first()?;
            if !is(directive, &["setenvif", "setenvifnocase"]) || !is(asked, &ATTRIBUTES) {
                return None;
            }
            (host_of(self.slice(pattern.clone()), pattern.start)?, given)
        };
        for word in given {
            let Some((name, value)) = self.slice(word.clone()).split_once('=') else { continue };
            let key = self.scalar(word.start..word.start + name.len(), name.to_owned());
            let lead = value.len() - value.trim_start_matches(['"', '\'']).len();
            let from = word.start + name.len() + 1 + lead;
            let value = value.trim_matches(['"', '\'']);
            let value = self.scalar(from..from + value.len(), value.to_owned());
            self.maps.given.push((host.clone(), Entry { key, value }));
        }
        Some(end + 1)
    }

    /// Notes all names of the host whose block is open.
    pub(super) fn note_names(&mut self, from: usize, end: usize) {
        let Some(section) = self.sections.len().checked_sub(1) else { return };
        let line = self.slice(from..end).split(';').next().unwrap_or_default();
        let names = words(line, from);
        self.maps.names.entry(section).or_default().extend(names);
    }

    /// Gives each host what the maps of the file give it.
    pub(super) fn spread(&mut self) {
        let Maps { known, names, mut given } = std::mem::take(&mut self.maps);
        let value = |text: &str, entry: &Entry| -> Option<Map> {
            let written = text.get(entry.value.at.span.range())?.trim_matches(['"', '\'']);
            let inner = written.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
            let name = inner.map_or_else(|| written.to_owned(), |inner| format!("${inner}"));
            known.get(&name)?.clone()
        };
        let text = self.text;
        let own = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default();
        let mut others: Vec<(Option<Range<usize>>, Entry)> = Vec::new();
        let mut parts: Vec<(Option<usize>, &mut Vec<Entry>)> = vec![(None, &mut self.top)];
        let sections = self.sections.iter_mut().enumerate();
        parts.extend(sections.map(|(at, (_, entries))| (Some(at), entries)));
        for (section, entries) in parts {
            let names =
                section.and_then(|section| names.get(&section)).map_or(&[][..], Vec::as_slice);
            let names = || names.iter().filter(|name| own(name) != "_");
            entries.retain(|entry| {
                let Some(map) = value(text, entry) else { return true };
                let one = |at: &Range<usize>| {
                    let place = Location::new(self.id, at.start, at.end);
                    let value = Node::new(place, NodeKind::Scalar(own(at).to_owned()));
                    Entry { key: entry.key.clone(), value }
                };
                for (host, at) in &map {
                    let Some(host) = host else { continue };
                    others.push((Some(host.clone()), one(at)));
                }
                let is_asked = |name: &&Range<usize>| {
                    !map.iter().any(|(host, _)| {
                        host.as_ref().is_some_and(|host| is_of(own(name), own(host)))
                    })
                };
                let default = map.iter().find(|(host, _)| host.is_none()).map(|(_, at)| at);
                let default = default.filter(|at| !at.is_empty());
                if names().next().is_none() {
                    others.extend(default.map(|at| (None, one(at))));
                }
                let left = names().filter(is_asked);
                others.extend(
                    left.zip(default.into_iter().cycle())
                        .map(|(name, at)| (Some(name.clone()), one(at))),
                );
                false
            });
        }
        for (host, entry) in others {
            match host {
                Some(host) if !entry.value.at.span.range().is_empty() => given.push((host, entry)),
                Some(_) => {}
                None => self.top.push(entry),
            }
        }
        for (host, entry) in given {
            let name = own(&host).replace('\\', "");
            let same = |(key, _): &&mut (Node, Vec<Entry>)| key.as_str() == Some(name.as_str());
            if let Some((_, entries)) = self.sections.iter_mut().rev().find(same) {
                entries.push(entry);
            } else {
                let key = self.scalar(host, name);
                self.sections.push((key, vec![entry]));
            }
        }
    }
}

/// Whether a name is of a host, or of a domain beneath it.
fn is_of(name: &str, host: &str) -> bool {
    let name = name.trim_start_matches("*.").trim_start_matches('.');
    name == host || name.strip_suffix(host).is_some_and(|rest| rest.ends_with('.'))
}

/// The words of a line without their quotes.
fn words(line: &str, start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = line.get(at..).unwrap_or_default();
        let word = rest.trim_start_matches(BLANKS);
        let Some(first) = word.chars().next() else { return found };
        at += rest.len() - word.len();
        let quoted = matches!(first, '"' | '\'');
        let close = if quoted { closing_quote(word, first, word.len()) } else { None };
        let end = close.map_or_else(|| word.find(BLANKS).unwrap_or(word.len()), |close| close + 1);
        let inner = if close.is_some() { at + 1..at + end - 1 } else { at..at + end };
        found.push(start + inner.start..start + inner.end);
        at += end;
    }
}

/// Where the host stands with which an expression compares the one that is asked for: `%{HTTP_HOST} == 'shop.example.com'`.
fn compared(expression: &str, start: usize) -> Option<Range<usize>> {
    let (asked, text) = expression.split_once("==")?;
    let asked = asked.trim().strip_prefix("%{")?.strip_suffix('}')?;
    let is_host = ATTRIBUTES.iter().any(|name| asked.eq_ignore_ascii_case(name));
    let host = text.trim().strip_prefix('\'')?.strip_suffix('\'').filter(|_| is_host)?;
    let at = start + expression.len() - text.trim_start().len() + 1;
    host_of(host, at)
}

/// Where the host stands in a pattern that is one: `^shop\.example\.com$`, `*.example.com`, `~^shop.example.com$`.
fn host_of(pattern: &str, start: usize) -> Option<Range<usize>> {
    let host = pattern.trim_start_matches(['~', '*', '^', '.']);
    let from = start + pattern.len() - host.len();
    let host = host.trim_end_matches(['$', '*']);
    let plain = unescaped(&host.replace("\\.", "."));
    let is_of_host = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    let is_host = !plain.is_empty()
        && plain.chars().all(is_of_host)
        && plain.contains(|letter: char| letter.is_ascii_alphabetic());
    is_host.then(|| from..from + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_is_a_name_is_a_host() {
        let of = |pattern: &'static str| host_of(pattern, 0).and_then(|at| pattern.get(at));
        for (pattern, expected) in [
            ("shop.example.com", Some("shop.example.com")),
            (".example.com", Some("example.com")),
            ("*.example.com", Some("example.com")),
            (r"~^shop\.example\.com$", Some(r"shop\.example\.com")),
            ("~^(www|shop)", None),
            ("10.0.0.1", None),
            ("", None),
        ] {
            assert_eq!(of(pattern), expected, "{pattern}");
        }
        let expression = "%{HTTP_HOST} == 'shop.example.com'";
        assert_eq!(
            compared(expression, 0).and_then(|at| expression.get(at)),
            Some("shop.example.com")
        );
        assert_eq!(compared("%{REMOTE_ADDR} == 'a.b'", 0), None);
    }
}
