//! The ids of data spaces: UUIDs, compared without regard to case, braces and blanks.

/// A UUID in one spelling: lower case, without braces and surrounding blanks; none for any other text.
#[must_use]
pub fn fold_uuid(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('{').trim_end_matches('}');
    is_uuid(text).then(|| text.to_ascii_lowercase())
}

/// Whether a text is a UUID as it stands: 8-4-4-4-12 hexadecimal digits of any case.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
