//! What `facts` and `fleet` can be told.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::tree::{POLICY, Tree};
use super::values::date;
use crate::date::Date;

/// The most characters of a snapshot's name.
const LONGEST: usize = 64;

/// Options of `facts`.
#[derive(Debug, Args)]
pub struct Facts {
    /// What the repository is called among all others: `payments/eu-shop`.
    #[arg(long, value_name = "NAME", value_parser = repo)]
    pub repo: String,
    /// Whose it is; without it, what stands before the last `/` of its name.
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    /// What is said of all facts that are written together.
    #[command(flatten)]
    pub told: Told,
    /// The tree.
    #[command(flatten)]
    pub tree: Tree,
}

/// Options of `fleet`.
#[derive(Debug, Args)]
pub struct Fleet {
    /// The folder that the facts go to; it is made, and what earlier runs wrote into it stays.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
    /// What is said of all facts that are written together.
    #[command(flatten)]
    pub told: Told,
    /// The folder with the checkouts, however deep they lie in it; the rest holds for each of them.
    #[command(flatten)]
    pub tree: Tree,
}

/// What is said of all facts that are written together.
#[derive(Debug, Args)]
pub struct Told {
    /// What the moment is called; without it, the time in UTC: `20270630T120000Z`.
    ///
    /// Later ones sort behind earlier ones.
    #[arg(long, value_name = "NAME", value_parser = snapshot)]
    pub snapshot: Option<String>,
    /// The day to check on instead of today: waivers end.
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = POLICY)]
    pub now: Option<Date>,
}

fn repo(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("a repository has a name"),
        name => Ok(name.to_owned()),
    }
}

/// A name that can name a file.
fn snapshot(text: &str) -> Result<String, &'static str> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let is_one = (1..=LONGEST).contains(&text.len())
        && text.chars().all(fits)
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    if is_one {
        Ok(text.to_owned())
    } else {
        Err("expected a name such as 2027-06-30: 64 letters, digits, `.`, `_` and `-` at most")
    }
}
