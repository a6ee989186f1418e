//! The hosts of a Deployer recipe: `host('shop-prod')->set('env', […])`.
//!
//! Source: the Deployer documentation, *Hosts*. Each call gives every host that it names what it sets, under `hosts` as in Deployer's own YAML.

use super::lexer::Kind;
use super::parser::Parser;
use crate::source::Location;
use crate::syntax::{Entry, Node, NodeKind};

impl Parser<'_> {
    /// Reads what stands behind `host`: names in parentheses, then the calls on them.
    pub(super) fn host(&mut self) {
        if self.token.kind != Kind::Mark(b'(') {
            return;
        }
        let mark = self.problems.len();
        let names = self.arguments();
        let mut entries: Vec<Entry> = Vec::new();
        while self.token.kind == Kind::Member {
            self.bump();
            let method = self.word();
            self.bump();
            if self.token.kind != Kind::Mark(b'(') {
                break;
            }
            let mut given = self.arguments().into_iter();
            let pair = (given.next(), given.next());
            if let (Some(key), Some(value)) = pair
                && method.eq_ignore_ascii_case("set")
                && key.as_str().is_some()
            {
                entries.push(Entry { key, value });
            }
        }
        self.problems.truncate(mark);
        let (Some(first), false) = (names.first(), entries.is_empty()) else { return };
        let start = first.at.span.range().start;
        let at = Location::new(first.at.source, start, self.last_end);
        let values = Node::new(at, NodeKind::Mapping(entries));
        let hosts = names.into_iter().filter(|name| name.as_str().is_some());
        let hosts = hosts.map(|key| Entry { key, value: values.clone() }).collect();
        let key =
            Node::new(Location::new(at.source, start, start), NodeKind::Scalar("hosts".into()));
        let value = Node::new(at, NodeKind::Mapping(hosts));
        self.put.push(Node::new(at, NodeKind::Mapping(vec![Entry { key, value }])));
    }

    /// The arguments of a call, from its opening parenthesis to behind the closing one.
    fn arguments(&mut self) -> Vec<Node> {
        let mut given = Vec::new();
        self.bump();
        loop {
            match self.token.kind {
                Kind::Mark(b')') => {
                    self.bump();
                    return given;
                }
                Kind::Mark(b',') => self.bump(),
                Kind::Eof | Kind::Mark(b';' | b'{' | b'}') => return given,
                _ => {
                    let before = self.token.start;
                    given.push(self.value());
                    if self.token.start == before {
                        self.bump();
                    }
                }
            }
        }
    }
}
