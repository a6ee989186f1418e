//! The variables and constants of a file, at the place that is read.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::syntax::{Node, Problem};

/// What a file sets in these goes to the process that reads it.
pub(super) const ENVIRONMENT: [&str; 2] = ["$_ENV", "$_SERVER"];

/// A value in a variable, and what is wrong with it.
#[derive(Clone)]
pub(super) struct Variable {
    pub node: Node,
    pub problems: Vec<Problem>,
}

/// What is known at a place of a file.
#[derive(Clone, Default)]
pub(super) struct Scope<'a> {
    pub(super) variables: Rc<BTreeMap<&'a str, Rc<Variable>>>,
    pub(super) constants: Rc<BTreeMap<String, Rc<Variable>>>,
    /// Whether this place is never reached.
    pub dead: bool,
}

impl Scope<'_> {
    /// Takes a variable out.
    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        Rc::make_mut(&mut self.variables).remove(name).map(|variable| variable.node.clone())
    }
}
