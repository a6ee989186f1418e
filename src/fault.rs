//! What the system says of a file or a process, in our words.

use std::io;

/// What went wrong, as a clause without the number that the system gives it.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let clause = text.split(" (os error").next().unwrap_or_default();
    let mut letters = clause.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Whether there is nothing at the path.
#[must_use]
pub fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
