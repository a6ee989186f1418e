//! Text on its way into the page. Whatever does not come from this folder passes through here.

use crate::report::printable;

/// The longest text, in characters: messages, reasons.
const LONGEST: usize = 2_000;

/// The longest name, in characters.
const LONGEST_NAME: usize = 160;

/// Text that is printable already, as content or in a quoted attribute.
#[must_use]
pub(super) fn html(printable: &str) -> String {
    let mut out = String::with_capacity(printable.len());
    for letter in printable.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// A name, a path, an id: cut where it is none any more.
#[must_use]
pub(super) fn name(untrusted: &str) -> String {
    html(&printable::cut(untrusted, LONGEST_NAME))
}

/// A message or a help, in which what stands between backticks is code.
#[must_use]
pub(super) fn words(untrusted: &str) -> String {
    coded(&printable::cut(untrusted, LONGEST))
}

/// The same for a remark beside something else.
#[must_use]
pub(super) fn remark(untrusted: &str) -> String {
    coded(&printable::cut(untrusted, 2 * LONGEST_NAME))
}

/// Text that is printable already, in which what stands between backticks is code.
#[must_use]
pub(super) fn coded(text: &str) -> String {
    let mut out = String::new();
    let pieces: Vec<&str> = text.split('`').collect();
    for (at, piece) in pieces.iter().enumerate() {
        match (at % 2, at + 1 < pieces.len()) {
            (1, true) => out.extend(["<code>", &html(piece), "</code>"]),
            (1, false) => out.extend(["`", &html(piece)]),
            _ => out.push_str(&html(piece)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_as_html() {
        assert_eq!(
            name("\"><script>alert('x')</script>&\u{202e}\n"),
            "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\\u{202e}\\n"
        );
        assert_eq!(words("a `<b>` `c"), "a <code>&lt;b&gt;</code> `c");
        assert_eq!(words("``"), "<code></code>");
    }

    #[test]
    fn what_is_too_long_is_cut() {
        assert_eq!(name(&"é".repeat(100_000)).chars().count(), LONGEST_NAME + 1);
        assert!(words(&"<".repeat(100_000)).len() < 5 * LONGEST);
    }
}
