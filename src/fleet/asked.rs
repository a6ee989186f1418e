//! What the commands `facts` and `fleet` do, from arguments to facts and an exit code.

use std::io::{self, Write as _};

use super::{Survey, survey};
use crate::cli::fleet::{Facts, Fleet, Told};
use crate::cli::variables;
use crate::clock::Clock;
use crate::error::Error;
use crate::facts::key::{Key, VARIABLE};
use crate::facts::{self, About, Kind, Lines};
use crate::mask::outlet::Outlet;
use crate::states::{self, Request};
use crate::{Outcome, exit};

/// Prints the facts of a run.
///
/// # Errors
/// Where they cannot be printed, or the key could be guessed.
pub fn facts(
    options: &Facts,
    outcome: &Outcome,
    clock: &Clock,
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    let key = key()?;
    if !key.is_there() {
        let _ = writeln!(
            remarks,
            "note: `{VARIABLE}` is not set, so no value has a name to be compared by"
        );
    }
    let (commit, branch) = states::head(&options.tree.path);
    let team = options.team.clone().unwrap_or_else(|| About::team_of(&options.repo));
    let about = About {
        repo: options.repo.clone(),
        team,
        commit: commit.map(|commit| commit.id.as_str().to_owned()),
        branch,
        ..about(&options.told, clock)?
    };
    let written = facts::write(outcome, &about, &key, &mut Printed(out));
    written.or_else(|why| match why.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(why),
    })?;
    Ok(if outcome.summary.complete { exit::CLEAN } else { exit::INCOMPLETE })
}

/// All kinds of facts on one stream.
struct Printed<'o, 't>(&'o mut Outlet<'t>);

impl Lines for Printed<'_, '_> {
    fn take(&mut self, _: Kind, line: &str) -> io::Result<()> {
        self.0.write_all(line.as_bytes())
    }
}

/// Writes the facts of a folder of checkouts.
///
/// # Errors
/// Where the folder cannot be listed, the facts cannot be written, or the key could be guessed.
pub fn fleet(
    options: &Fleet,
    request: Request,
    clock: &Clock,
    out: &mut Outlet<'_>,
) -> Result<u8, Error> {
    let surveyed = survey(&Survey {
        folder: options.tree.path.clone(),
        output: options.output.clone(),
        about: about(&options.told, clock)?,
        key: key()?.or_of_run(),
        request,
        threads: options.tree.threads.into(),
    })?;
    out.write_all(surveyed.told(&options.output.display().to_string()).as_bytes())?;
    Ok(if surveyed.unread.is_empty() { exit::CLEAN } else { exit::INCOMPLETE })
}

/// The key that somebody gave.
///
/// # Errors
/// Where it could be guessed.
pub fn key() -> Result<Key, Error> {
    Key::of(variables::secret(VARIABLE))
        .map_err(|shortest| Error::WeakKey { variable: VARIABLE, shortest })
}

/// What is said of every repository.
fn about(told: &Told, clock: &Clock) -> Result<About, Error> {
    let read_at = clock.moment()?;
    let compact = || read_at.replace(['-', ':'], "");
    let snapshot = told.snapshot.clone().unwrap_or_else(compact);
    Ok(About { snapshot, read_at, ..About::default() })
}
