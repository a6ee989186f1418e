//! What a format is.

use super::comments::Comment;
use super::node::Parsed;
use crate::source::SourceId;

/// A file format.
pub trait Format: Sync {
    /// The name of the format as users know it.
    fn name(&self) -> &'static str;
    /// Whether it is this one.
    fn is(&self, other: &dyn Format) -> bool {
        self.name() == other.name()
    }
    /// Whether this file is written in this format, by its path alone.
    fn claims(&self, path: &str) -> bool;
    /// Parses as much as it can.
    fn parse(&self, id: SourceId, text: &str) -> Parsed;
    /// The comments that begin with a word.
    fn comments(&self, text: &str, word: &str) -> Vec<Comment>;
}
