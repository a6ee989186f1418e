//! Text of a page, wrapped to lines of so many columns: code, stress and links have styles in the place of their signs.

use unicode_width::UnicodeWidthStr as _;

use super::paint::Style;

/// A run of letters without a blank, in its styles.
type Word = Vec<(Option<Style>, String)>;

/// A paragraph or an item of a list, in lines.
#[must_use]
pub fn wrapped(text: &str, width: usize, color: bool) -> String {
    let indent = if text.starts_with("- ") { "  " } else { "" };
    let mut out = String::new();
    let mut column = 0;
    for word in words(text, color) {
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
            out += &style.map_or(text.clone(), |style| style.paint(color, &text));
        }
    }
    if out.is_empty() { out } else { out + "\n" }
}

/// The words of a text; code, stress and links have styles in the place of their signs, where there is colour.
fn words(text: &str, color: bool) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Piece { style, text: taken, after } = piece(rest, color);
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

/// A piece of one style.
struct Piece<'a> {
    style: Option<Style>,
    text: String,
    after: &'a str,
}

/// The next piece.
fn piece(text: &str, color: bool) -> Piece<'_> {
    for (sign, style) in [("`", Style::Cyan), ("**", Style::Bold), ("*", Style::Bold)] {
        if let Some((inner, after)) = text.strip_prefix(sign).and_then(|text| text.split_once(sign))
            && (sign == "`" || inner.starts_with(char::is_alphanumeric))
        {
            let signs = if color { "" } else { sign };
            let text = format!("{signs}{inner}{signs}");
            return Piece { style: Some(style), text, after };
        }
    }
    if let Some((name, link)) = text.strip_prefix('[').and_then(|text| text.split_once("]("))
        && let Some((address, after)) = link.split_once(')')
        && !name.contains([']', '`'])
    {
        return Piece { style: None, text: format!("{name} ({address})"), after };
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    let (head, tail) = text.split_at(first);
    let end = tail.find(['`', '[', '*']).unwrap_or(tail.len());
    let (more, after) = tail.split_at(end);
    Piece { style: None, text: format!("{head}{more}"), after }
}
