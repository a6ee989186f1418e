//! A rule's page as a terminal shows it: headings stand out, code is indented and coloured, text is wrapped.
//!
//! Reads as much of Markdown as the pages use: headings, paragraphs, lists, fenced code, code and stress in a line, links. Without
//! colour, headings are in capitals, and code and stress keep their signs.

use std::fmt::Write as _;

use super::paint::Style;
use super::printable;
use super::wrapping::wrapped;

/// Longer lines are hard to read.
const WIDEST: usize = 100;

/// Draws a page in so many columns. Its first line is its title.
#[must_use]
pub fn drawn(page: &str, width: usize, color: bool) -> String {
    let mut out = String::new();
    let (mut fence, mut is_output) = (None, false);
    let mut paragraph = String::new();
    let width = width.clamp(20, WIDEST);
    for (index, line) in page.lines().map(harmless).enumerate() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if let Some(opened) = fence {
            if ticks >= opened && line.len() == ticks {
                fence = None;
            } else {
                let line = if is_output && !line.is_empty() {
                    wrapped(&line, width - 4, color).trim_end().replace('\n', "\n    ")
                } else {
                    Style::Cyan.paint(color && !line.is_empty(), &line)
                };
                out += format!("    {line}").trim_end();
                out += "\n";
            }
            continue;
        }
        let heading = line.trim_start_matches('#');
        let is_heading = heading.len() < line.len() && heading.starts_with(' ');
        let is_item = line.starts_with("- ");
        if index == 0 || is_heading || is_item || line.is_empty() || ticks >= 3 {
            out += &wrapped(&std::mem::take(&mut paragraph), width, color);
        }
        if ticks >= 3 {
            fence = Some(ticks);
            is_output = line.get(ticks..) == Some("console");
            let path = line.split_once(' ').map_or("", |(_, path)| path);
            if !path.is_empty() {
                let _ = writeln!(out, "  {}", Style::Dim.paint(color, path));
            }
        } else if index == 0 || is_heading {
            let plain = if is_heading { heading.trim() } else { &line };
            out += &match color {
                true => Style::Bold.paint(true, plain),
                false if is_heading => plain.to_uppercase(),
                false => plain.to_owned(),
            };
            out += "\n";
        } else if line.is_empty() {
            out += "\n";
        } else {
            let apart = if paragraph.is_empty() { "" } else { " " };
            paragraph += apart;
            paragraph += line.trim();
        }
    }
    out + &wrapped(&paragraph, width, color)
}

/// Pages may come from elsewhere: nothing in them commands a terminal.
fn harmless(line: &str) -> String {
    let shown = |letter| printable::stand_in(letter).map_or(String::from(letter), str::to_owned);
    line.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use unicode_width::UnicodeWidthChar as _;

    fn columns(line: &str) -> usize {
        let mut is_sequence = false;
        let mut columns = 0;
        for letter in line.chars() {
            match letter {
                '\u{1b}' => is_sequence = true,
                'm' if is_sequence => is_sequence = false,
                _ if is_sequence => {}
                _ => columns += letter.width().unwrap_or_default(),
            }
        }
        columns
    }

    #[test]
    fn a_page_is_drawn_without_the_signs_of_markdown() {
        let page = "some-rule (error)\nSummary `a b` of\nit.\n\n## Head\n\n- one [two](https://x.y)\n  *three* *.d *\n- four\n\n\
            ```sh a/b.env\nA=`1`\n\n# B\n```\nlone ` tick [x] \u{1b}[31m";
        let (bold, dim, code, end) = ("\u{1b}[1m", "\u{1b}[2m", "\u{1b}[36m", "\u{1b}[0m");
        let expected = format!(
            "{bold}some-rule (error){end}\nSummary {code}a{end} {code}b{end} of it.\n\n{bold}Head{end}\n\n\
             - one two (https://x.y)\n  {bold}three{end} *.d *\n- four\n\n  {dim}a/b.env{end}\n    {code}A=`1`{end}\n\n    {code}# B{end}\n\
             lone ` tick [x] ?[31m\n"
        );
        assert_eq!(drawn(page, 24, true), expected);
    }

    #[test]
    fn a_page_without_colour_has_capitals_and_keeps_the_signs_of_code() {
        let page = "some-rule (error)\nSummary `a b`.\n\n## Use *it*\n\n```sh x\nA=1\n```\n";
        let expected = "some-rule (error)\nSummary `a b`.\n\nUSE *IT*\n\n  x\n    A=1\n";
        assert_eq!(drawn(page, 80, false), expected);
    }

    #[test]
    fn text_keeps_to_the_width_on_every_page() {
        for id in rules::ids() {
            let page = rules::explain(&rules::all(), id).unwrap();
            for width in [40, 80, 400] {
                for line in drawn(&page, width, true).lines() {
                    let is_code =
                        line.starts_with("    ") || !line.contains(' ') || line.contains("://");
                    let is_title = line.starts_with("\u{1b}[1m") || line.starts_with("  \u{1b}[2m");
                    let fits = columns(line) <= width.min(WIDEST);
                    assert!(fits || is_code || is_title, "{id} at {width}: {line}");
                }
            }
        }
    }
}
