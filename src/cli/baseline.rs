//! Options of `baseline`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};

use super::values::{date, fingerprint};
use crate::date::Date;
use crate::model::fingerprint::Fingerprint;

/// Options of `baseline`.
#[derive(Debug, Args)]
pub struct Baseline {
    /// The root of the tree.
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub path: PathBuf,
    /// The configuration file, instead of `commerce-lint.toml` at the root of the tree; the baseline stands beside it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Renew the baseline that is there, under the same salt.
    #[arg(long, conflicts_with = "force")]
    pub update: bool,
    /// Write a new baseline in the place of the one that is there.
    #[arg(long)]
    pub force: bool,
    /// A private key to accept, by its fingerprint; without this, none is.
    #[arg(long, value_name = "FINGERPRINT", value_parser = fingerprint)]
    pub include_key: Vec<Fingerprint>,
    /// An error to take in with `--update` although it is new or has grown: a rule, or the name of a finding.
    #[arg(long, value_name = "RULE|NAME", value_parser = NonEmptyStringValueParser::new())]
    pub include: Vec<String>,
    /// The day to check on instead of today: waivers end.
    ///
    /// Without it, `SOURCE_DATE_EPOCH` says the day where it is set.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub now: Option<Date>,
    /// How many threads read the files; 0 is one per core.
    #[arg(help_heading = "General options", hide_short_help = true)]
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub threads: u16,
}
