//! What may be shown of texts that others wrote: this room stands below every output, and every output passes through it.
//!
//! Three laws. Of a file, a [`snippet`] shows what it is allowed to and hides all else. A text from outside, be it a name, an argument or
//! a message that quotes one, loses what has the [`shape`] of a key. What leaves the program at all, leaves it by an [`outlet`].

pub(crate) mod outlet;
pub(crate) mod shape;
pub(crate) mod snippet;

use crate::recognise::secret;
use crate::source::Span;

/// A text on its way out: keys, what could be part of one, and passwords and questions within addresses are hidden at
/// the same length.
#[must_use]
pub fn text(text: &str) -> String {
    starred(text, &hidden(text, suspects(text).chain(shape::asked(text))))
}

/// What of a text is a key, may be part of one, or is a password within an address.
fn suspects(text: &str) -> impl Iterator<Item = Span> {
    let is_path = |span: &Span| {
        text.get(span.range())
            .is_some_and(|run| shape::is_path(run) && secret::find(run).is_empty())
    };
    let masks = secret::masks(text).into_iter().filter(move |span| !is_path(span));
    masks.chain(shape::suspects(text))
}

fn starred(text: &str, hidden: &[Span]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for span in hidden {
        shown.push_str(text.get(from..span.range().start).unwrap_or_default());
        shown.extend(std::iter::repeat_n('*', span.range().len()));
        from = span.range().end;
    }
    shown + text.get(from..).unwrap_or_default()
}

/// Cuts secrets into lines, and leaves out what helps a reader and tells nothing: indentation, quotes, block marks, PEM markers.
fn hidden(text: &str, secrets: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut parts = Vec::new();
    for secret in secrets {
        let (mut start, whole) = unquoted(text, secret);
        for line in whole.split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            let content = line.trim_end_matches(['\n', '\r']).get(indent..).unwrap_or_default();
            let is_block_mark = line.ends_with('\n') && BLOCK_MARKS.contains(&content);
            if !is_block_mark {
                between_markers(start + indent, content, &mut parts);
            }
            start += line.len();
        }
    }
    parts.sort_unstable();
    let mut apart: Vec<Span> = Vec::with_capacity(parts.len());
    for part in parts {
        match apart.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}

/// YAML's headers of a block scalar, which are part of its node.
const BLOCK_MARKS: [&str; 6] = ["|", "|-", "|+", ">", ">-", ">+"];

fn unquoted(text: &str, secret: Span) -> (usize, &str) {
    let whole = text.get(secret.range()).unwrap_or_default();
    for quote in ['\'', '"'] {
        if let Some(inner) = whole.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return (secret.range().start + 1, inner);
        }
    }
    (secret.range().start, whole)
}

/// The places of all PEM markers in a text.
fn markers(text: &str) -> Vec<Span> {
    let at = text.match_indices("-----").map(|(at, _)| at);
    let marker = |at: usize| Some(Span::new(at, at + text.get(at..).and_then(marker_length)?));
    at.filter_map(marker).collect()
}

fn between_markers(start: usize, content: &str, parts: &mut Vec<Span>) {
    let mut from = 0;
    let mut add = |from: usize, to: usize| {
        if from < to {
            parts.push(Span::new(start + from, start + to));
        }
    };
    for (at, _) in content.match_indices("-----") {
        if let Some(marker) = content.get(at..).and_then(marker_length).filter(|_| at >= from) {
            add(from, at);
            from = at + marker;
        }
    }
    add(from, content.len());
}

/// The length of the PEM marker that a text starts with. Only names that exist: what is shown here could be part of a key else.
fn marker_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("-----BEGIN ").or_else(|| text.strip_prefix("-----END "))?;
    let forms = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", "ANY ", "PGP "];
    let rest =
        forms.iter().rev().find_map(|form| rest.strip_prefix(form)?.strip_prefix("PRIVATE KEY"))?;
    let rest = rest.strip_prefix(" BLOCK").unwrap_or(rest).strip_prefix("-----")?;
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, secrets: &[Span]) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for span in hidden(text, secrets.iter().copied()) {
            bytes.get_mut(span.range()).unwrap().fill(b'*');
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn markers_quotes_and_layout_stay() {
        let text = "k: '-----BEGIN RSA PRIVATE KEY-----\\nMIIé-----END RSA PRIVATE KEY-----'";
        let secret = Span::new(3, text.len());
        let shown = "k: '-----BEGIN RSA PRIVATE KEY-----*******-----END RSA PRIVATE KEY-----'";
        assert_eq!(masked(text, &[secret]), shown);
        let text = "k: |\r\n  -----BEGIN PRIVATE KEY-----\r\n  MIIE\r\nx: y\r\n";
        let secret = Span::new(3, text.len() - 6);
        assert_eq!(masked(text, &[secret]), text.replace("MIIE", "****"));
    }

    #[test]
    fn a_marker_with_another_name_is_not_shown() {
        let text = "-----BEGIN QWERTYUIOPAS-----x";
        assert_eq!(masked(text, &[Span::new(0, text.len())]), "*".repeat(text.len()));
    }

    #[test]
    fn overlapping_secrets_hide_once() {
        assert_eq!(masked("abcdef", &[Span::new(0, 3), Span::new(2, 5)]), "*****f");
    }
}
