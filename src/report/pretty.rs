//! Findings as a person reads them: every place in its lines, drawn by miette.
//!
//! miette gets short texts of ours only, see `excerpt`. It panics beyond column 65,535 and prints whatever stands in a
//! line. All files of a finding are one source to it, whose blocks have their own names and line numbers.

use std::fmt;
use std::io;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use unicode_width::UnicodeWidthStr;

use super::excerpt::Excerpt;
use super::paint::Style;
use super::{Report, Reporter, onward, printable};
use crate::rule::{Diagnostic, Severity};

/// The narrowest and the widest excerpt: less is unreadable, more is searched for the place.
const WIDTHS: (usize, usize) = (60, 400);

/// The narrowest and the widest text; nobody likes to read longer lines.
const TEXT: (usize, usize) = (40, 120);

/// The `pretty` format.
#[derive(Clone, Copy, Debug)]
pub struct Pretty {
    /// Whether to use ANSI colours.
    pub color: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Reporter for Pretty {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut masks = run.masks();
        let width = self.width.clamp(WIDTHS.0, WIDTHS.1);
        for diagnostic in run.diagnostics {
            // The gutter takes up to ten columns, the ellipses two.
            let excerpt = Excerpt::new(&diagnostic.finding, run.sources, &mut masks, width - 12);
            out.write_all(self.draw(diagnostic, excerpt).as_bytes())?;
            writeln!(out)?;
        }
        for intended in run.intended() {
            writeln!(out, "note: {}", super::announced(intended))?;
        }
        writeln!(out, "{}", run.closing())?;
        let lines = onward::lines(run);
        lines.first().map_or(Ok(()), |_| writeln!(out))?;
        lines.iter().try_for_each(|line| writeln!(out, "{}", Style::Dim.paint(self.color, line)))
    }
}

impl Pretty {
    fn draw(self, diagnostic: &Diagnostic, excerpt: Excerpt) -> String {
        let width = self.width.clamp(TEXT.0, TEXT.1);
        let severity = diagnostic.severity;
        let rule = printable::text(&diagnostic.rule);
        let head = format!("{}[{rule}]{}", severity.word(), diagnostic.remark());
        let message = printable::text(&diagnostic.finding.message);
        let message = wrap(&message, width, head.width() + 2, "  ");
        let help = wrap(&printable::text(&diagnostic.finding.help), width - 8, 0, "");
        let mut handler = GraphicalReportHandler::new_themed(self.theme(severity, &excerpt))
            .with_links(false)
            .without_syntax_highlighting()
            .with_wrap_lines(false);
        if excerpt.left_out > 0 {
            handler = handler.with_footer(format!("… and {} more places", excerpt.left_out));
        }
        let mut drawn = Style::of(severity).paint(self.color, &head) + ": ";
        drawn.push_str(&Style::Bold.paint(self.color, &message));
        let view = View { severity, help, excerpt };
        handler.render_report(&mut drawn, &view).expect("writing to a string does not fail");
        drawn
    }

    /// The primary place has the severity's colour, the others one of their own.
    fn theme(self, severity: Severity, excerpt: &Excerpt) -> GraphicalTheme {
        let mut theme =
            if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let styles = &mut theme.styles;
        let primary = match severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
        };
        let style = |is_primary| if is_primary { primary } else { styles.help };
        styles.highlights = excerpt.marks.iter().map(|mark| style(mark.primary)).collect();
        theme
    }
}

/// Breaks a text between words, after `width` columns, the first of which are `taken`; other lines start with `indent`.
fn wrap(text: &str, width: usize, taken: usize, indent: &str) -> String {
    let mut wrapped = String::new();
    let mut column = taken;
    for word in text.split(' ') {
        if !wrapped.is_empty() && column + 1 + word.width() > width {
            wrapped.push('\n');
            wrapped.push_str(indent);
            column = indent.width();
        } else if !wrapped.is_empty() {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += word.width();
    }
    wrapped
}

/// A diagnostic in miette's eyes: it draws the excerpt and the help below a headline of ours, so there is no message.
#[derive(Debug)]
struct View {
    severity: Severity,
    help: String,
    excerpt: Excerpt,
}

impl fmt::Display for View {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for View {}

impl miette::Diagnostic for View {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.marks.iter().map(|mark| {
            let span = SourceSpan::new(mark.range.start.into(), mark.range.len());
            let words = (!mark.words.is_empty()).then(|| mark.words.clone());
            if mark.primary {
                LabeledSpan::new_primary_with_span(words, span)
            } else {
                LabeledSpan::new_with_span(words, span)
            }
        })))
    }
}

impl SourceCode for Excerpt {
    /// Reads the block of a span, all of it, or the place alone where no context is asked for; no span of two blocks, so that miette
    /// never draws two of them as one.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let block =
            self.blocks.iter().find(|block| block.range.contains(&start) && end <= block.range.end);
        let block = block.ok_or(MietteError::OutOfBounds)?;
        let mark = self.marks.iter().find(|mark| before == 0 && mark.range.start == start);
        let (range, line, column) = match mark {
            Some(mark) => (start..end, mark.line, mark.column),
            None => (block.range.clone(), block.first_line, 1),
        };
        let data = self.text.get(range.clone()).ok_or(MietteError::OutOfBounds)?.as_bytes();
        let place = SourceSpan::new(range.start.into(), range.len());
        let (line, column) = (line - 1, column - 1);
        Ok(Box::new(MietteSpanContents::new_named(
            block.path.clone(),
            data,
            place,
            line,
            column,
            block.lines,
        )))
    }
}
