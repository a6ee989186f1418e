//! The scripts of a file that holds some.

use std::ops::Range;

use super::variables::Variables;

/// The scripts of a file.
pub struct Pieces {
    /// The file with everything else masked.
    pub text: String,
    /// The scripts, in order.
    pub documents: Vec<Piece>,
    /// What is known in all of them.
    pub variables: Variables,
}

/// A script of a file.
pub struct Piece {
    /// Where it stands.
    pub range: Range<usize>,
    /// Where the names of what it stands in stand, outermost first.
    pub names: Vec<Range<usize>>,
    /// The variables that hold in it alone, each with where its value stands.
    pub own: Vec<(String, Range<usize>)>,
    /// Whether variables within its single quotes are filled before a shell sees it.
    pub is_expanded: bool,
}

impl Piece {
    /// A script without variables of its own.
    pub fn new(range: Range<usize>, names: Vec<Range<usize>>) -> Self {
        Self { range, names, own: Vec::new(), is_expanded: false }
    }
}
