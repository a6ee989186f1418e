//! Which reporter writes which format, and the reports that go to files.

use std::io;
use std::path::Path;

use crate::cli::format::{CheckFormat, Output};
use crate::error::Error;
use crate::report::json::Json;
use crate::report::line::Line;
use crate::report::pretty::Pretty;
use crate::report::{Report, Reporter};
use crate::{read, write};

/// How the output looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether to use colour.
    pub color: bool,
    /// How many columns there are.
    pub width: usize,
}

/// The reporter of a format.
#[must_use]
pub fn reporter(format: CheckFormat, look: Look) -> Box<dyn Reporter> {
    match format {
        CheckFormat::Pretty => Box::new(Pretty { color: look.color, width: look.width }),
        CheckFormat::Line => Box::new(Line),
        CheckFormat::Json => Box::new(Json),
    }
}

/// Writes the reports that go to files, without colour. All that can be written are.
///
/// # Errors
/// The first file that cannot be written.
pub fn to_files(run: &Report<'_>, outputs: &[Output], look: Look) -> Result<(), Error> {
    let mut done = Ok(());
    for Output { format, file } in outputs {
        let look = Look { color: false, ..look };
        let written = bytes(run, &*reporter(*format, look))
            .and_then(|report| write::replace(file, &report))
            .map_err(|why| unwritable(file, &why));
        done = done.and(written);
    }
    done
}

fn bytes(run: &Report<'_>, reporter: &dyn Reporter) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reporter.report(run, &mut bytes)?;
    Ok(bytes)
}

fn unwritable(path: &Path, why: &io::Error) -> Error {
    Error::Unwritable { path: path.display().to_string(), why: read::reason(why) }
}
