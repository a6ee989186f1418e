//! One line per finding, for editors, `grep` and problem matchers: `path:line:col: severity: message [rule]`.

use std::io;

use super::{Report, Reporter, printable};

/// The `line` format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line;

impl Reporter for Line {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for diagnostic in run.diagnostics {
            let at = diagnostic.finding.primary.at;
            let (start, _) = run.sources.positions(at);
            writeln!(
                out,
                "{}:{}:{}: {}: {}{}{} [{}]",
                printable::path(&run.sources.shown(at.source)),
                start.line,
                start.column,
                diagnostic.severity.word(),
                printable::text(&diagnostic.finding.message),
                super::unpacked_line(run.sources, at),
                diagnostic.remark(),
                printable::text(&diagnostic.rule)
            )?;
        }
        for intended in run.intended() {
            let at = intended.diagnostic.finding.primary.at;
            let (start, _) = run.sources.positions(at);
            let path = printable::path(&run.sources.shown(at.source));
            let place = format!("{path}:{}:{}", start.line, start.column);
            writeln!(out, "{place}: note: {}", super::announced(intended))?;
        }
        writeln!(out, "{}", run.closing())
    }
}
