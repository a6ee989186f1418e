//! Which files of a tree are found, and what reading them gives.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod listing;
mod scratch;
#[cfg(unix)]
mod unix;
