//! The program as people run it: arguments and files in; two streams of text and an exit code out.

mod baseline;
mod baseline_file;
mod checkouts;
mod colour;
mod comments;
mod configuration;
mod declared_anew;
mod echoes;
mod entries;
mod exits;
mod hostile;
mod input;
mod intended;
mod leaks;
mod mended_trees;
mod mending;
mod misfits;
mod output;
mod outputs;
mod policy;
mod public;
mod pushed;
mod ranges;
mod received;
mod review;
pub mod scratch;
mod setup;
mod silence;
mod staged;
mod standing;
mod survival;
#[cfg(unix)]
mod undone;
mod unheard;
mod unread;
mod unsafe_mending;
mod waivers;
