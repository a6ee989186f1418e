//! Text for readers of whom some take it for Markdown and some do not: it reads as it is, and is nothing but text to both.
//!
//! reviewdog posts messages as comments, and GitLab describes vulnerabilities in Markdown: a file's name must mention nobody there, load no
//! picture and lead nowhere. What stands between backticks is code and stays; else a blank breaks what would mean something.

/// A text with blanks where Markdown would see a link, a mention, a reference or HTML.
#[must_use]
pub fn inert(text: &str) -> String {
    // Runs of backticks, and escaped ones, would pair otherwise; as they are, they pair across lines, too.
    let single = text.replace("\\`", "\\ `").replace("``", "` `").replace("``", "` `");
    let pieces: Vec<&str> = single.split('`').collect();
    let is_code = |at: usize| at % 2 == 1 && at + 1 < pieces.len();
    let shown = pieces.iter().enumerate();
    let shown =
        shown.map(|(at, piece)| if is_code(at) { (*piece).to_owned() } else { plain(piece) });
    shown.collect::<Vec<_>>().join("`")
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        out.push(letter);
        let breaks = match (before, letter, next) {
            (_, _, ' ' | '\n') => false,
            (_, '<', _) | (_, ']', '(' | '[' | ':') | (_, ':', '/') | ('w' | 'W', '.', _) => true,
            (before, sign, _) => "@#!~$%&^".contains(sign) && !before.is_alphanumeric(),
        };
        if breaks {
            out.push(' ');
        }
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_text_and_code_stays() {
        for (text, expected) in [
            ("PKCS#8 key of `@team/a` & co", "PKCS#8 key of `@team/a` & co"),
            ("see @team, #12 and !3", "see @ team, # 12 and ! 3"),
            ("![x](http://y.z) [a][b]", "! [x] (http: //y.z) [a] [b]"),
            ("<img src=x> a < b", "< img src=x> a < b"),
            ("`a`@b`c`", "`a`@ b`c`"),
            ("``a`@b``", "` `a`@b` `"),
            ("\\`@a`", "\\ `@a`"),
            ("`a\n@b`", "`a\n@b`"),
            ("a `\n`@b`", "a `\n`@ b`"),
            ("www.a.b", "www. a.b"),
        ] {
            assert_eq!(inert(text), expected, "{text}");
        }
    }
}
