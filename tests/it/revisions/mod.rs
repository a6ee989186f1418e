//! What changes between states that git keeps, shown by repositories that are built commit by commit.
//!
//! Each scenario compares all that the program prints with `fixtures/revisions/<name>.out`; `BLESS=1 cargo test --test it revisions::` rewrites
//! them: review them like code.

mod branches;
mod changes;
mod history;
#[cfg(unix)]
mod hostile;
mod large;
mod names;
mod policy;
mod refusals;
mod scratch;
mod states;
