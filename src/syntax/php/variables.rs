//! What is done with variables and constants while a file is read.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::effects;
use super::entries::is_array;
use super::parser::Parser;
use super::possible::{is_absent, is_more, join, maybe, more, weaken};
use super::scope::{ENVIRONMENT, Scope, Variable};
use super::tables::{self, Step, size};
use crate::source::Location;
use crate::syntax::{MAX_DEPTH, Node, NodeKind, Problem};

/// How many values of an array are taken for one of several.
const MOST_JOINED: usize = 64;

impl<'a> Parser<'a> {
    /// What stands in a variable under a path of steps; `None` where it is not known.
    pub(super) fn read_variable(&mut self, name: &str, path: &[Step]) -> Option<Node> {
        let variable = Rc::clone(self.scope.variables.get(name)?);
        let mut node = self.read_in(&variable.node, path)?;
        if self.aliases.all || self.aliases.names.contains(name) {
            weaken(&mut node);
        }
        if path.is_empty() || is_array(&node) {
            let own = variable.problems.iter().filter(|problem| problem.at.source == self.id);
            let own: Vec<Problem> = own.cloned().collect();
            for problem in own {
                let span = problem.at.span.range();
                self.problem(span.start, span.end, &problem.message);
            }
        }
        Some(node)
    }

    /// What stands in a value under a path of steps; `None` where it is not known.
    pub(super) fn read_in(&mut self, node: &Node, path: &[Step]) -> Option<Node> {
        let mut node = node;
        let nothing = Node::new(node.at, NodeKind::Null);
        let mut joined;
        for step in path {
            let Step::Key(key) = step else {
                joined = self.any_of(node)?;
                node = &joined;
                continue;
            };
            node = tables::read(node, key.as_str()?, &mut self.look_ups).ok()?.unwrap_or(&nothing);
        }
        self.copy(if is_absent(node) { &nothing } else { node })
    }

    /// Any of the values of an array, of which only running the code would tell the key: `$spaces[getenv('STAGE')]`.
    fn any_of(&mut self, array: &Node) -> Option<Node> {
        let entries = array.entries();
        if !(1..=MOST_JOINED).contains(&entries.len()) || entries.iter().any(is_more) {
            return None;
        }
        let values: Option<Vec<Node>> =
            entries.iter().map(|entry| self.copy(&entry.value)).collect();
        values?.into_iter().reduce(join)
    }

    /// What a constant is; `None` where it is not known.
    pub(super) fn constant(&mut self, name: &str) -> Option<Node> {
        let constant = Rc::clone(self.scope.constants.get(name)?);
        self.copy(&constant.node)
    }

    /// Defines a constant; the first definition counts.
    pub(super) fn define(&mut self, name: &str, value: Node) {
        if self.scope.dead {
            return;
        }
        let known = self.scope.constants.get(name).map(|constant| constant.node.clone());
        let node = known.map_or(value.clone(), |known| join(known, value));
        Rc::make_mut(&mut self.scope.constants)
            .insert(name.into(), Rc::new(Variable { node, problems: Vec::new() }));
    }

    /// Writes a variable, or what stands in it under a path of steps; without a value, takes it away.
    pub(super) fn write_variable(
        &mut self,
        name: &'a str,
        path: Vec<Step>,
        value: Option<Node>,
        (start, problems): (usize, Vec<Problem>),
    ) {
        if self.scope.dead {
            return;
        }
        let place = Location::new(self.id, start, self.last_end.max(start));
        if path.is_empty() {
            let node = value.unwrap_or_else(|| Node::new(place, NodeKind::Null));
            Rc::make_mut(&mut self.scope.variables)
                .insert(name, Rc::new(Variable { node, problems }));
            return;
        }
        let is_environment = ENVIRONMENT.contains(&name);
        let shared = self.scope.variables.get(name).filter(|known| Rc::strong_count(known) > 1);
        let fits = shared.cloned().is_none_or(|known| self.pay(&known.node));
        let variable = Rc::make_mut(&mut self.scope.variables).entry(name).or_insert_with(|| {
            let kind =
                if is_environment { NodeKind::Mapping(vec![more(place)]) } else { NodeKind::Null };
            Rc::new(Variable { node: Node::new(place, kind), problems: Vec::new() })
        });
        if !fits {
            let node = Node::new(variable.node.at, NodeKind::Expression);
            *variable = Rc::new(Variable { node, problems });
            return;
        }
        let variable = Rc::make_mut(variable);
        variable.problems.extend(problems);
        if is_environment {
            let start = variable.node.at.span.range().start;
            variable.node.at = Location::new(self.id, start, place.span.range().end);
        }
        if !tables::write(&mut variable.node, path, value, &mut self.look_ups) {
            variable.node.kind = NodeKind::Expression;
        }
    }

    /// Something may have written a variable.
    pub(super) fn forget(&mut self, name: &str) {
        if self.scope.dead {
            return;
        }
        let Some(known) = self.scope.variables.get(name).cloned() else { return };
        let mut node = known.node.clone();
        if self.pay(&node) {
            weaken(&mut node);
        } else {
            node.kind = NodeKind::Expression;
        }
        let variable = Variable { node, problems: known.problems.clone() };
        if let Some(slot) = Rc::make_mut(&mut self.scope.variables).get_mut(name) {
            *slot = Rc::new(variable);
        }
    }

    /// The code between two places, which nobody runs here, may have written what it names.
    pub(super) fn forget_between(&mut self, start: usize, end: usize) {
        for name in self.written(start, end) {
            self.forget(name);
        }
    }

    /// The known variables that the code between two places may write.
    pub(super) fn written(&mut self, start: usize, end: usize) -> Vec<&'a str> {
        if self.scope.variables.is_empty() && end.saturating_sub(start) > 4096 {
            return Vec::new();
        }
        let Some(left) = self.scans.checked_sub(end.saturating_sub(start)) else {
            self.aliases.all = true;
            return Vec::new();
        };
        self.scans = left;
        let mut names = effects::written(self.text, start, end);
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Something may have written any variable.
    pub(super) fn forget_all(&mut self) {
        let names: Vec<&str> = self.scope.variables.keys().copied().collect();
        for name in names {
            self.forget(name);
        }
    }

    /// What is known where two paths meet.
    pub(super) fn meet(&mut self, one: Scope<'a>, other: Scope<'a>) -> Scope<'a> {
        match (one.dead, other.dead) {
            (true, _) => return other,
            (_, true) => return one,
            _ => {}
        }
        let variables = self.meet_names(one.variables, other.variables);
        let constants = self.meet_names(one.constants, other.constants);
        Scope { variables, constants, dead: false }
    }

    /// Another path comes to this place as well.
    pub(super) fn meet_here(&mut self, other: Scope<'a>) {
        let here = std::mem::take(&mut self.scope);
        self.scope = self.meet(other, here);
    }

    fn meet_names<K: Ord + Clone>(
        &mut self,
        one: Rc<BTreeMap<K, Rc<Variable>>>,
        others: Rc<BTreeMap<K, Rc<Variable>>>,
    ) -> Rc<BTreeMap<K, Rc<Variable>>> {
        if Rc::ptr_eq(&one, &others) {
            return one;
        }
        let (one, mut others) = (Rc::unwrap_or_clone(one), Rc::unwrap_or_clone(others));
        let mut met = BTreeMap::new();
        for (name, variable) in one {
            let both = match others.remove(&name) {
                Some(other) if Rc::ptr_eq(&variable, &other) => variable,
                other => self.joined(&variable, other.as_deref()),
            };
            met.insert(name, both);
        }
        for (name, variable) in others {
            met.insert(name, self.joined(&variable, None));
        }
        Rc::new(met)
    }

    fn joined(&mut self, one: &Variable, other: Option<&Variable>) -> Rc<Variable> {
        let mut problems = one.problems.clone();
        problems.extend(other.iter().flat_map(|other| &other.problems).cloned());
        let fits = self.pay(&one.node) && other.is_none_or(|other| self.pay(&other.node));
        let node = match other {
            _ if !fits => Node::new(one.node.at, NodeKind::Expression),
            Some(other) => join(one.node.clone(), other.node.clone()),
            None => maybe(one.node.clone()),
        };
        problems.dedup();
        Rc::new(Variable { node, problems })
    }

    /// A copy of a value, unless copies have become too many or it would stand too deep.
    fn copy(&mut self, node: &Node) -> Option<Node> {
        let (_, depth) = if is_array(node) { size(node) } else { (1, 0) };
        let fits = self.base + self.frames.len() + self.blocks + depth <= MAX_DEPTH;
        (fits && self.pay(node)).then(|| node.clone())
    }

    /// Counts the nodes that are copied.
    fn pay(&mut self, node: &Node) -> bool {
        if self.copies == 0 {
            return !is_array(node);
        }
        self.copies = self.copies.saturating_sub(size(node).0);
        self.copies > 0
    }
}
