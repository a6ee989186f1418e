//! What a script does in more places than one, as it is kept until it is done: functions, loops, arrays.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::source::SourceId;
use crate::syntax::Node;
use crate::syntax::shell::variables::Known;

/// How many bytes, and copies of known variables, reading bodies again may take.
const BUDGET: usize = 1 << 20;

/// The functions of a script.
#[derive(Debug, Default)]
pub struct Functions {
    pub known: BTreeMap<String, Function>,
    pub spent: usize,
}

impl Functions {
    /// Forgets what was read behind a command.
    pub fn truncate(&mut self, nodes: usize) {
        self.known.retain(|_, function| function.nodes.end <= nodes);
    }

    /// Takes the bodies of functions out that were read where they are called.
    pub fn take_out_called(self, nodes: &mut Vec<Node>) {
        let called: Vec<Range<usize>> =
            self.known.into_values().filter(|one| one.is_called).map(|one| one.nodes).collect();
        let mut index = 0;
        nodes.retain(|_| {
            index += 1;
            !called.iter().any(|range| range.contains(&(index - 1)))
        });
    }

    pub fn spend(&mut self, cost: usize) -> bool {
        self.spent += cost;
        self.spent <= BUDGET
    }
}

/// A function of a script.
#[derive(Clone, Debug)]
pub struct Function {
    pub text: Arc<str>,
    /// Its file, and where its body starts in it.
    pub id: SourceId,
    pub base: usize,
    /// The commands of its body, as they were read where it is defined.
    pub nodes: Range<usize>,
    pub is_called: bool,
}

/// What a body that comes next belongs to.
#[derive(Debug, Default)]
pub struct Pending {
    /// A function, by name.
    pub function: Option<String>,
    /// A loop.
    pub rounds: Option<Loop>,
    /// An array, by name.
    pub array: Option<String>,
}

/// A loop over known words.
#[derive(Debug)]
pub struct Loop {
    pub variable: String,
    pub items: Vec<Known>,
    /// The command that names them.
    pub index: usize,
}

/// An open brace or loop.
#[derive(Debug)]
pub struct Block {
    pub start: usize,
    pub nodes: usize,
    pub function: Option<String>,
    pub rounds: Option<Loop>,
}
