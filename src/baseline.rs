//! The command `baseline`: what stands today, written down as known.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli;
use crate::config::baseline::Baseline;
use crate::error::Error;
use crate::mask::outlet::Page;
use crate::report::printable;
use crate::states::{self, Configured};
use crate::waivers::{BaselineDraft, LeftOut, Wanted, draft};
use crate::{Outcome, fault, read, write};

/// The baseline to be written.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    /// Whether something stands there already.
    exists: bool,
    /// What stands there, if it is renewed.
    before: Option<Baseline>,
}

/// Finds out where the baseline goes and whether it may be written.
///
/// # Errors
/// Where there is one and nobody said what is to become of it, where it cannot be read and is to be renewed, and where it is none.
pub fn target(options: &cli::baseline::Baseline, configured: &Configured) -> Result<Target, Error> {
    let path = states::baseline_path(&options.path, configured)?;
    let shown = shown(&path);
    let exists = read::exists(&path);
    if exists && !options.update && !options.force {
        return Err(Error::BaselineExists { path: shown });
    }
    let text = states::baseline_text(&options.path, &path);
    if exists && options.force {
        // A link is replaced, and what it leads to stays; of a baseline that somebody broke its form is left.
        let is_one = text.ok().flatten().is_some_and(|text| Baseline::is_meant_by(&text));
        return if is_one || read::is_link(&path) {
            Ok(Target { path, exists, before: None })
        } else {
            Err(Error::NoBaseline { path: shown })
        };
    }
    let Some(text) = text? else { return Ok(Target { path, exists, before: None }) };
    let before =
        Baseline::parse(&text).map_err(|mistakes| Error::configuration(&shown, &text, mistakes))?;
    Ok(Target { path, exists, before: Some(before) })
}

/// A path without the `./` that nobody wrote.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// Writes what was found into the baseline, and says so.
///
/// # Errors
/// Where the file or the remarks cannot be written.
pub fn record(
    options: &cli::baseline::Baseline,
    target: &Target,
    outcome: &Outcome,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let Target { path, exists, before } = target;
    let salt = before.as_ref().map_or_else(new_salt, |before| before.salt.clone());
    let found = (&outcome.inventory, &outcome.sources);
    let wanted = Wanted { keys: &options.include_key, findings: &options.include };
    let draft =
        draft((&outcome.diagnostics, &outcome.rules), &salt, wanted, before.as_ref(), found);
    let shown = shown(path);
    if draft.count == 0 && !exists {
        writeln!(out, "nothing to accept: no baseline is written")?;
    } else {
        let page = Page::of(draft.text.as_bytes());
        let written =
            if *exists { write::supersede(path, &page) } else { write::create(path, &page) };
        written.map_err(|why| match why.kind() {
            io::ErrorKind::AlreadyExists => Error::BaselineExists { path: shown.clone() },
            _ => Error::Unwritable { path: shown.clone(), why: fault::reason(&why) },
        })?;
        let findings = if draft.count == 1 { "finding" } else { "findings" };
        let changes = match before {
            Some(_) => format!(" ({} new, {} no more)", draft.new, draft.gone),
            None => String::new(),
        };
        writeln!(out, "wrote `{}`: {} {findings}{changes}", printable::path(&shown), draft.count)?;
    }
    for name in &draft.unknown {
        let is_key = options.include_key.iter().any(|key| key.to_string() == *name);
        let what = if is_key { "has the key" } else { "is called" };
        let option = if is_key { "--include-key" } else { "--include" };
        writeln!(out, "no finding {what} `{}` of `{option}`", printable::text(name))?;
    }
    left_out(&draft, outcome, out)?;
    Ok(())
}

/// Names what was left out, each with what takes it in.
fn left_out(draft: &BaselineDraft, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let (keys, errors): (Vec<&LeftOut>, Vec<&LeftOut>) =
        draft.left_out.iter().partition(|left_out| left_out.is_key);
    let sources = outcome.sources.under(&outcome.as_given, &outcome.from_root);
    for (what, all) in [
        (
            "private keys that whoever reads the tree can use. Regenerate them; to accept one all the same, name it:",
            keys,
        ),
        (
            "errors that are new, or grew, since the baseline was written. Mend them; to accept one all the same, name it:",
            errors,
        ),
    ] {
        if !all.is_empty() {
            writeln!(out, "\nleft out: {what}")?;
        }
        for LeftOut { diagnostic, option, .. } in all {
            let at = diagnostic.finding.primary.at;
            let path = printable::path(&sources.shown(at.source));
            let line = outcome.sources.positions(at).0.line;
            let message = printable::text(&diagnostic.finding.message);
            let how = option.as_deref().unwrap_or("a waiver in commerce-lint.toml");
            writeln!(out, "  {path}:{line}: {message} [{}]\n    {how}", diagnostic.rule)?;
        }
    }
    Ok(())
}

/// A new salt: 32 hexadecimal digits that nobody can guess, from what the standard library seeds its tables with.
fn new_salt() -> String {
    let number = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", number(), number())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_salts_are_equal() {
        assert_eq!(new_salt().len(), 32);
        assert_ne!(new_salt(), new_salt());
    }
}
