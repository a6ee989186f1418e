//! Letters in escapes, as JSON, YAML, TOML, PHP and shells write them, each format with some of them: `\u005f`, `\u{5f}`, `\U0000005f`,
//! `\x5f`, `\137`.
//!
//! What is decoded is for searching alone: no format has all of these, and text within text has one backslash more on every level.

/// What every escape of a letter or an underscore starts with.
pub(super) const STARTS: [&str; 22] = [
    r"\u004", r"\u005", r"\u006", r"\u007", r"\u{0", r"\u{4", r"\u{5", r"\u{6", r"\u{7", r"\U000",
    r"\x4", r"\x5", r"\x6", r"\x7", r"\10", r"\11", r"\12", r"\13", r"\14", r"\15", r"\16", r"\17",
];

/// Whether an escape of a byte that a name can have stands at a place.
pub(super) fn is_letter(text: &[u8], at: usize) -> bool {
    let escaped = text.get(at..).and_then(escaped_byte);
    escaped.is_some_and(|(byte, _)| byte.is_ascii_alphabetic() || byte == b'_')
}

/// A text with all its escapes of ASCII decoded, in whatever format and however many backslashes they have.
pub(super) fn decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        decoded.extend(before);
        let run = from.iter().take_while(|&&byte| byte == b'\\').count();
        let escape = from.get(run - 1..).and_then(escaped_byte);
        let end = if let Some((byte, length)) = escape {
            decoded.push(byte);
            run - 1 + length
        } else {
            decoded.extend(from.iter().take(run));
            run
        };
        rest = from.get(end..).unwrap_or_default();
    }
    decoded.extend(rest);
    decoded
}

/// The ASCII that the escape at the start of a text stands for, and how long it is.
fn escaped_byte(text: &[u8]) -> Option<(u8, usize)> {
    let number = |from: usize, length: usize, radix: u32| {
        let digits = str::from_utf8(text.get(from..from + length)?).ok()?;
        // A sign is none of the digits.
        u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))
    };
    let (code, length) = match text.get(1..3)? {
        b"u{" => {
            let end = text.iter().take(16).position(|&byte| byte == b'}')?;
            (number(3, end - 3, 16)?, end + 1)
        }
        [b'u', _] => (number(2, 4, 16)?, 6),
        [b'U', _] => (number(2, 8, 16)?, 10),
        [b'x', _] => (number(2, 2, 16)?, 4),
        _ => (number(1, 3, 8)?, 4),
    };
    let byte = u8::try_from(code).ok().filter(u8::is_ascii)?;
    Some((byte, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_of_a_letter_has_a_known_start() {
        let letters = (b'A'..=b'Z').chain(b'a'..=b'z').chain([b'_']);
        for byte in letters {
            let escapes = [
                format!(r"\u{byte:04x}"),
                format!(r"\u{byte:04X}"),
                format!(r"\u{{{byte:x}}}"),
                format!(r"\u{{{byte:06X}}}"),
                format!(r"\U{byte:08x}"),
                format!(r"\x{byte:02x}"),
                format!(r"\x{byte:02X}"),
                format!(r"\{byte:o}"),
            ];
            for escape in escapes {
                assert!(is_letter(escape.as_bytes(), 0), "{escape}");
                assert!(STARTS.iter().any(|start| escape.starts_with(start)), "{escape}");
                assert_eq!(decoded(format!(r"a\\{escape}b").as_bytes()), [b'a', byte, b'b']);
            }
        }
    }

    #[test]
    fn what_is_no_escape_of_ascii_stays() {
        for text in [
            r"\",
            r"a\\",
            r"\u",
            r"\u00",
            r"\u00e9",
            r"\u{}",
            r"\u{5f",
            r"\1",
            r"\u{110000000000000}",
            r"\+41",
        ] {
            assert_eq!(decoded(text.as_bytes()), text.as_bytes(), "{text}");
        }
        assert!(!is_letter(br"\u003c", 0) && !is_letter(br"\x2d", 0));
    }
}
