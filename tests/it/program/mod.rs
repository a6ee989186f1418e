//! The program as people run it: arguments and files in; two streams of text and an exit code out.

mod baseline;
mod baseline_file;
mod colour;
mod comments;
mod configuration;
mod entries;
mod exits;
mod hostile;
mod leaks;
mod misfits;
mod output;
mod outputs;
mod pushed;
mod review;
mod scratch;
mod setup;
mod silence;
mod staged;
mod waivers;
