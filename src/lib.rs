//! Configuration linter and policy checker for the deployment trees of Adobe Commerce (Magento 2) instances.
//!
//! # The way of the data
//!
//! ```text
//! discover   what to read: git index ∪ untracked-not-ignored, or a plain folder; sorted
//! read       bytes → Source                      the only module that opens files
//! sift       which Sources can matter at all     one pass over the bytes, no parse
//! parse      Source → Node, problems             per file, parallel, never fails
//! recognise  Node, text → settings, secrets      per file, parallel, never fails
//! resolve    settings → Inventory                which instance, which layer wins
//! check      Inventory × rules → diagnostics     pure, sorted by place and rule
//! report     diagnostics + sources → bytes       one file per output format
//! ```
//!
//! [`run`] is these lines in this order. From `parse` on everything is a pure function of its input.
//!
//! # Invariants
//!
//! 1. `source`, `syntax`, `recognise`, `model`, `resolve` know no rule, severity, output or command line.
//! 2. A check uses `rule` and `model` only: no format, no I/O, no configuration file, no other rule.
//! 3. Reporters see diagnostics, the inventory and sources; never a concrete rule.
//! 4. miette only in `report/pretty.rs`, `error.rs`; clap only in `cli.rs`; files and processes only in `discover` and `read`;
//!    printing and exiting only in `main`.
//! 5. No parser library's node or span type leaves its file in `syntax/`.
//! 6. No hash-map iteration; the same output on every run, on 1 or N threads.
//! 7. What a user wrote is never an `Err`: mistakes are findings. What could not be read whole makes the run incomplete.
//! 8. A secret's bytes exist in `Source` alone; everything else has its fingerprint, and every snippet is masked.
//! 9. Untrusted text is escaped on its way out.
//! 10. Nothing in the checked tree is executed or fetched. Limits are explicit; no recursion over untrusted depth.
//!
//! `tests/architecture.rs` holds 1–5.

pub mod check;
pub mod cli;
pub mod command;
pub mod config;
pub mod discover;
pub mod error;
pub mod examine;
pub mod model;
pub mod read;
pub mod recognise;
pub mod report;
pub mod resolve;
pub mod rule;
pub mod rules;
pub mod sift;
pub mod source;
pub mod sources;
pub mod suggest;
pub mod syntax;

use std::path::Path;

use config::Config;
use error::Error;
use model::inventory::Inventory;
use report::Summary;
use rule::{Accepted, Context, Diagnostic, Rule, Severity};
use sources::Sources;

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// What is wrong, sorted by place and rule.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong and accepted, in the same order.
    pub accepted: Vec<Accepted>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The instances and what they end up with.
    pub inventory: Inventory,
    /// The files.
    pub sources: Sources,
    /// The figures.
    pub summary: Summary,
    /// What a person should know about how the files were found; untrusted text.
    pub notes: Vec<String>,
}

/// Checks the tree at `path`.
///
/// # Errors
/// Where there is no such tree. What is wrong in the tree is a diagnostic.
pub fn run(path: &Path, config: &Config) -> Result<Outcome, Error> {
    let tree = discover::discover(path, &|name| config.exclude.matches(name))?;
    let examined = examine::examine(&tree, config.limits.file_bytes);
    let sources = examined.sources;
    let inventory = resolve::resolve(&sources, examined.recognised, &config.instances, &tree.name);
    let rules = rules::all();
    let context = Context { now: &inventory, before: None };
    let diagnostics = check::check(&context, &rules, &config.levels);
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let summary = Summary {
        files_read: examined.files_read,
        files_parsed: examined.files_parsed,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        complete: inventory.problems.is_empty(),
    };
    Ok(Outcome {
        diagnostics,
        accepted: Vec::new(),
        rules,
        inventory,
        sources,
        summary,
        notes: tree.notes,
    })
}
