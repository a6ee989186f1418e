//! A rule's page as a terminal shows it: headings stand out, code is indented and coloured, text is wrapped.
//!
//! Reads as much of Markdown as the pages use: headings, paragraphs, lists, fenced code, code in a line, links.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::paint::Style;
use super::printable;

/// Longer lines are hard to read.
const WIDEST: usize = 100;

/// A run of letters without a blank, in its styles.
type Word = Vec<(Option<Style>, String)>;

/// Draws a page in so many columns. Its first line is its title.
#[must_use]
pub fn drawn(page: &str, width: usize) -> String {
    let mut out = String::new();
    let mut fence = None;
    let mut paragraph = String::new();
    let width = width.clamp(20, WIDEST);
    for (index, line) in page.lines().map(harmless).enumerate() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if let Some(opened) = fence {
            if ticks >= opened && line.len() == ticks {
                fence = None;
            } else {
                let line = Style::Cyan.paint(!line.is_empty(), &line);
                out += format!("    {line}").trim_end();
                out += "\n";
            }
            continue;
        }
        let heading = line.trim_start_matches('#');
        let is_heading = heading.len() < line.len() && heading.starts_with(' ');
        let is_item = line.starts_with("- ");
        if index == 0 || is_heading || is_item || line.is_empty() || ticks >= 3 {
            out += &wrapped(&std::mem::take(&mut paragraph), width);
        }
        if ticks >= 3 {
            fence = Some(ticks);
            let path = line.split_once(' ').map_or("", |(_, path)| path);
            if !path.is_empty() {
                let _ = writeln!(out, "  {}", Style::Dim.paint(true, path));
            }
        } else if index == 0 || is_heading {
            out += &Style::Bold.paint(true, if is_heading { heading.trim() } else { &line });
            out += "\n";
        } else if line.is_empty() {
            out += "\n";
        } else {
            let apart = if paragraph.is_empty() { "" } else { " " };
            paragraph += apart;
            paragraph += line.trim();
        }
    }
    out + &wrapped(&paragraph, width)
}

/// Pages may come from elsewhere: nothing in them commands a terminal.
fn harmless(line: &str) -> String {
    let shown = |letter| printable::stand_in(letter).map_or(String::from(letter), str::to_owned);
    line.chars().map(shown).collect()
}

/// A paragraph or an item of a list, in lines.
fn wrapped(text: &str, width: usize) -> String {
    let indent = if text.starts_with("- ") { "  " } else { "" };
    let mut out = String::new();
    let mut column = 0;
    for word in words(text) {
        let wide: usize = word.iter().map(|(_, text)| text.width()).sum();
        if column > indent.len() && column + 1 + wide > width {
            out += "\n";
            out += indent;
            column = indent.len();
        } else if column > 0 {
            out += " ";
            column += 1;
        }
        column += wide;
        for (style, text) in word {
            out += &style.map_or(text.clone(), |style| style.paint(true, &text));
        }
    }
    if out.is_empty() { out } else { out + "\n" }
}

/// The words of a text; code and links have styles in the place of their signs.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (style, taken, after) = piece(rest);
        for (at, part) in taken.split(' ').enumerate() {
            if at > 0 && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if !part.is_empty() {
                word.push((style, part.to_owned()));
            }
        }
        rest = after;
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The next piece of one style, and what comes after it.
fn piece(text: &str) -> (Option<Style>, String, &str) {
    if let Some((code, after)) = text.strip_prefix('`').and_then(|text| text.split_once('`')) {
        return (Some(Style::Cyan), code.to_owned(), after);
    }
    if let Some((name, link)) = text.strip_prefix('[').and_then(|text| text.split_once("]("))
        && let Some((address, after)) = link.split_once(')')
        && !name.contains([']', '`'])
    {
        return (None, format!("{name} ({address})"), after);
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    let (head, tail) = text.split_at(first);
    let end = tail.find(['`', '[']).unwrap_or(tail.len());
    let (more, after) = tail.split_at(end);
    (None, format!("{head}{more}"), after)
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
        let page = "some-rule (error)\nSummary `a b` of\nit.\n\n## Head\n\n- one [two](https://x.y)\n  three\n- four\n\n\
            ```sh a/b.env\nA=`1`\n\n# B\n```\nlone ` tick [x] \u{1b}[31m";
        let (bold, dim, code, end) = ("\u{1b}[1m", "\u{1b}[2m", "\u{1b}[36m", "\u{1b}[0m");
        let expected = format!(
            "{bold}some-rule (error){end}\nSummary {code}a{end} {code}b{end} of it.\n\n{bold}Head{end}\n\n\
             - one two (https://x.y)\n  three\n- four\n\n  {dim}a/b.env{end}\n    {code}A=`1`{end}\n\n    {code}# B{end}\n\
             lone ` tick [x] ?[31m\n"
        );
        assert_eq!(drawn(page, 24), expected);
    }

    #[test]
    fn text_keeps_to_the_width_on_every_page() {
        for id in rules::ids() {
            let page = rules::explain(id).unwrap();
            for width in [40, 80, 400] {
                for line in drawn(&page, width).lines() {
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
