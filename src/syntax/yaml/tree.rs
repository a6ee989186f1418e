//! Builds a [`Node`] from the events of a parser, without recursion and within limits, and expands anchors and merge keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Location, SourceId};
use crate::syntax::{Entry, MAX_DATA, MAX_DEPTH, Node, NodeKind, Parsed, Problem};

/// What all aliases of a file may expand to: one per node and one more per 256 bytes of text.
const MAX_ALIASED: usize = 100_000;

/// How many problems of one reading are told.
const MAX_PROBLEMS: usize = 100;

/// A finished node with what it costs to repeat it.
#[derive(Clone)]
struct Branch {
    node: Node,
    weight: usize,
    height: usize,
}

/// A collection that is still open.
struct Frame {
    is_flow: bool,
    anchor: usize,
    start: usize,
    end: usize,
    weight: usize,
    height: usize,
    content: Content,
}

enum Content {
    Items(Vec<Node>),
    Entries { entries: Vec<Entry>, key: Option<Node>, merges: BTreeSet<usize> },
}

/// What the next node will be to the innermost open collection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A document or an item.
    Item,
    /// A mapping's key.
    Key,
    /// The value of the key before.
    Value,
}

/// A tree in the making.
pub struct Tree {
    id: SourceId,
    length: usize,
    frames: Vec<Frame>,
    /// How many collections below the depth limit are open, and where the first began.
    too_deep: (usize, usize),
    anchors: BTreeMap<usize, Branch>,
    anchored: usize,
    aliased: usize,
    nodes: usize,
    parsed: Parsed,
}

impl Tree {
    /// Starts the tree of a text of `length` bytes; no place will lie beyond it.
    pub fn new(id: SourceId, length: usize) -> Self {
        Self {
            id,
            length,
            frames: Vec::new(),
            too_deep: (0, 0),
            anchors: BTreeMap::new(),
            anchored: 0,
            aliased: 0,
            nodes: 0,
            parsed: Parsed::default(),
        }
    }

    /// The role of the next node.
    pub fn role(&self) -> Role {
        match self.frames.last().map(|frame| &frame.content) {
            Some(Content::Entries { key: None, .. }) => Role::Key,
            Some(Content::Entries { .. }) => Role::Value,
            _ => Role::Item,
        }
    }

    /// Whether nodes are dropped now because they lie below the depth limit.
    pub fn is_too_deep(&self) -> bool {
        self.too_deep.0 > 0
    }

    /// Whether the file has more nodes than are kept.
    pub fn is_full(&self) -> bool {
        self.nodes > MAX_DATA
    }

    /// Where the outermost open flow collection begins, and whether it is the whole document.
    pub fn open_flow(&self) -> Option<(usize, bool)> {
        let index = self.frames.iter().position(|frame| frame.is_flow)?;
        Some((self.frames.get(index)?.start, index == 0))
    }

    /// Whether a collection is open.
    pub fn has_open(&self) -> bool {
        !self.frames.is_empty()
    }

    /// The place of a span.
    pub fn at(&self, start: usize, end: usize) -> Location {
        Location::new(self.id, start.min(self.length), end.min(self.length))
    }

    /// Tells a problem.
    pub fn problem(&mut self, start: usize, end: usize, message: &str) {
        if self.parsed.problems.len() < MAX_PROBLEMS {
            let at = self.at(start, end);
            self.parsed.problems.push(Problem { at, message: message.into() });
        }
    }

    /// Opens a sequence, or a mapping. Anchor 0 is none.
    pub fn open(
        &mut self,
        is_mapping: bool,
        is_flow: bool,
        anchor: usize,
        start: usize,
        end: usize,
    ) {
        if self.is_too_deep() || self.frames.len() >= MAX_DEPTH {
            if !self.is_too_deep() {
                self.too_deep.1 = start;
            }
            self.too_deep.0 += 1;
            return;
        }
        let content = if is_mapping {
            Content::Entries { entries: Vec::new(), key: None, merges: BTreeSet::new() }
        } else {
            Content::Items(Vec::new())
        };
        self.frames.push(Frame { is_flow, anchor, start, end, weight: 1, height: 1, content });
    }

    /// Closes the innermost collection; a block ends with its last child, a flow collection at `end`.
    pub fn close(&mut self, end: usize) {
        if self.is_too_deep() {
            self.too_deep.0 -= 1;
            if !self.is_too_deep() {
                let start = self.too_deep.1;
                self.problem(start, end, "nested too deeply: what is below is not read");
                self.expression(start, end);
            }
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        let end = if frame.is_flow { end } else { frame.end };
        let kind = match frame.content {
            Content::Items(items) => NodeKind::Sequence(items),
            Content::Entries { entries, merges, .. } => NodeKind::Mapping(merge(entries, merges)),
        };
        let node = Node::new(self.at(frame.start, end), kind);
        let branch = Branch { node, weight: frame.weight, height: frame.height };
        self.place(branch, frame.anchor, end, false);
    }

    /// Adds a node without children that ends at `end`.
    pub fn leaf(&mut self, node: Node, anchor: usize, end: usize, is_merge: bool) {
        let weight = 1 + node.as_str().map_or(0, str::len) / 256;
        self.place(Branch { node, weight, height: 0 }, anchor, end, is_merge);
    }

    /// Adds a value nobody can know.
    pub fn expression(&mut self, start: usize, end: usize) {
        let node = Node::new(self.at(start, end), NodeKind::Expression);
        self.leaf(node, 0, end, false);
    }

    /// Adds the node of an anchor once more.
    pub fn alias(&mut self, anchor: usize, start: usize, end: usize) {
        let message = match self.anchors.get(&anchor) {
            None => "this alias stands inside its own anchor, or its anchor is too large to repeat",
            Some(branch) if self.aliased + branch.weight > MAX_ALIASED => {
                "aliases repeat too many values"
            }
            Some(branch) if self.frames.len() + branch.height > MAX_DEPTH => {
                "aliases nest too deeply"
            }
            Some(branch) => {
                let branch = branch.clone();
                self.aliased += branch.weight;
                self.nodes += branch.weight;
                return self.place(branch, 0, end, false);
            }
        };
        // The first alias of a bomb says all that is to be said.
        if !self.parsed.problems.iter().any(|known| known.message == message) {
            self.problem(start, end, message);
        }
        self.expression(start, end);
    }

    /// Closes what is still open at `end`: what was read before a mistake counts.
    pub fn finish(mut self, end: usize) -> Parsed {
        self.too_deep.0 = self.too_deep.0.min(1);
        while self.is_too_deep() || !self.frames.is_empty() {
            self.close(end);
        }
        self.parsed
    }

    /// Puts a finished node where it belongs; `end` is where it ends in the text, which for an alias is not where its node stands.
    fn place(&mut self, branch: Branch, anchor: usize, end: usize, is_merge: bool) {
        self.nodes += 1;
        if anchor > 0 && self.anchored + branch.weight <= MAX_ALIASED {
            self.anchored += branch.weight;
            self.anchors.insert(anchor, branch.clone());
        }
        let Branch { node, weight, height } = branch;
        let Some(frame) = self.frames.last_mut() else {
            if node.kind != NodeKind::Null || !node.at.span.range().is_empty() {
                self.parsed.documents.push(node);
            }
            return;
        };
        frame.end = frame.end.max(end);
        frame.weight += weight;
        frame.height = frame.height.max(height + 1);
        match &mut frame.content {
            Content::Items(items) => items.push(node),
            Content::Entries { entries, key, merges } => {
                if let Some(key) = key.take() {
                    entries.push(Entry { key, value: node });
                    return;
                }
                if is_merge {
                    merges.insert(entries.len());
                }
                let is_text = matches!(node.kind, NodeKind::Scalar(_));
                let kind = if is_text { node.kind } else { NodeKind::Expression };
                *key = Some(Node { at: node.at, kind });
            }
        }
    }
}

/// Puts what merge keys bring before a mapping's own entries, where the last entry of a key wins.
fn merge(entries: Vec<Entry>, mut merges: BTreeSet<usize>) -> Vec<Entry> {
    let is_mapping = |node: &Node| matches!(node.kind, NodeKind::Mapping(_));
    merges.retain(|&index| {
        let value = entries.get(index).map(|entry| &entry.value);
        value.is_some_and(|value| is_mapping(value) || value.items().iter().any(is_mapping))
    });
    if merges.is_empty() {
        return entries;
    }
    let (mut own, mut sources) = (Vec::new(), Vec::new());
    for (index, entry) in entries.into_iter().enumerate() {
        match entry.value.kind {
            _ if !merges.contains(&index) => own.push(entry),
            NodeKind::Sequence(items) => sources.push(items),
            _ => sources.push(vec![entry.value]),
        }
    }
    let text = |entry: &Entry| entry.key.as_str().map(str::to_owned);
    let mut seen: BTreeSet<String> = own.iter().filter_map(text).collect();
    let mut all = Vec::new();
    // Within one merge key the first mapping wins, of two merge keys the last one, as PyYAML reads them.
    for source in sources.into_iter().rev().flatten() {
        let NodeKind::Mapping(mut brought) = source.kind else { continue };
        brought.retain(|entry| entry.key.as_str().is_none_or(|key| !seen.contains(key)));
        seen.extend(brought.iter().filter_map(text));
        all.append(&mut brought);
    }
    all.append(&mut own);
    all
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::syntax::{Format as _, yaml::Yaml};

    fn parse(text: &str) -> Parsed {
        Yaml.parse(SourceId(0), text)
    }

    fn count(node: &Node) -> usize {
        let values = node.entries().iter().flat_map(|entry| [&entry.key, &entry.value]);
        1 + node.items().iter().chain(values).map(count).sum::<usize>()
    }

    fn height(node: &Node) -> usize {
        let values = node.entries().iter().map(|entry| &entry.value);
        1 + node.items().iter().chain(values).map(height).max().unwrap_or(0)
    }

    #[test]
    fn an_alias_bomb_is_a_problem_and_stays_small() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_string();
        for level in 1..20 {
            let aliases = format!("*a{}, ", level - 1).repeat(9);
            writeln!(text, "a{level}: &a{level} [{aliases}]").expect("a string takes all");
        }
        let parsed = parse(&text);
        assert!(count(&parsed.documents[0]) <= 2 * MAX_ALIASED);
        assert!(parsed.problems.iter().any(|problem| problem.message.contains("repeat")));
    }

    #[test]
    fn a_long_text_is_not_repeated_without_end() {
        let text = format!("a: &a {}\n{}", "x".repeat(1 << 20), "b: *a\n".repeat(1000));
        let parsed = parse(&text);
        let copies =
            parsed.documents[0].entries().iter().filter(|entry| entry.value.as_str().is_some());
        assert!(copies.count() <= 32);
        assert!(!parsed.problems.is_empty());
    }

    #[test]
    fn aliases_and_merges_never_exceed_the_depth_limit() {
        let mut text = "a0: &a0 {k: [x]}\n".to_string();
        for level in 1..400 {
            let below = level - 1;
            writeln!(text, "a{level}: &a{level}\n  <<: *a{below}\n  b: [*a{below}]")
                .expect("a string takes all");
        }
        let parsed = parse(&text);
        assert!(parsed.documents.iter().map(height).max() <= Some(MAX_DEPTH + 1));
        assert!(!parsed.problems.is_empty());
    }

    #[test]
    fn below_the_depth_limit_content_is_dropped_and_the_rest_read() {
        for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
            let (open, close) = (open.repeat(100_000), close.repeat(100_000));
            let parsed = parse(&format!("before: 1\n---\n{open}{close}\n---\nafter: 2\n"));
            assert_eq!(parsed.problems.len(), 1);
            assert!(parsed.documents.iter().map(height).max() <= Some(MAX_DEPTH + 1));
            let after = parsed.documents.last().and_then(|document| document.get("after"));
            assert_eq!(after.and_then(Node::as_str), Some("2"));
        }
    }

    #[test]
    fn a_key_that_looks_like_null_is_text() {
        let parsed = parse("null: 1\n~: 2\n3: 4\n");
        let keys: Vec<_> =
            parsed.documents[0].entries().iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, [Some("null"), Some("~"), Some("3")]);
    }
}
