//! git: an untrusted program that reads an untrusted file format.
//!
//! It is called by absolute path, never one of the checked tree, without shell, pager or prompt, for plumbing commands that only read, in an
//! environment of ours, and with everything switched off by which a repository's configuration makes git run a program or fetch. No argument
//! that a user gives can be an option. What it prints is checked like any input.

mod calls;
mod error;
mod filters;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
pub(crate) mod history;
pub(super) mod id;
pub(crate) mod objects;
mod patience;
pub(crate) mod push;
pub(super) mod repository;
mod revision;
mod staged;
pub(super) mod work_tree;

pub use error::GitError;
pub use id::ObjectId;
pub use repository::Repository;
pub(super) use revision::Listing;
pub use revision::{Commit, target_of_environment};
