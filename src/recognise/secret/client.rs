//! Client secrets of Adobe's Developer Console, by their prefix.

use super::form::Form;
use super::key::Key;
use crate::model::fingerprint::Fingerprint;

/// The fewest characters behind the prefix: Adobe makes 32.
const SHORTEST: usize = 20;
const LONGEST: usize = 128;
const PREFIX: usize = b"p8e-".len();

/// Reads the client secret that begins at `start`. What was made by chance has letters of both cases and digits; a placeholder has not.
pub(super) fn read(text: &[u8], start: usize) -> Option<Key> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let before = start.checked_sub(1).and_then(|before| text.get(before));
    // The letter of an escape is none of ours.
    let escapes = start >= 2 && text.get(start - 2) == Some(&b'\\');
    if before.is_some_and(is_part) && !escapes {
        return None;
    }
    let rest = text.get(start + PREFIX..)?;
    let len = rest.iter().take(LONGEST).take_while(|byte| is_part(byte)).count();
    let body = rest.get(..len).filter(|body| body.len() >= SHORTEST)?;
    let has = |test: fn(&u8) -> bool| body.iter().filter(|byte| test(byte)).count() >= 2;
    let is_made =
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let varied = body.iter().collect::<std::collections::BTreeSet<_>>().len() >= 12;
    let fingerprint = Fingerprint::of("text", text.get(start..start + PREFIX + len)?);
    let len = PREFIX + len;
    (is_made && varied).then_some(Key {
        form: Form::ClientSecret,
        encrypted: false,
        fingerprint,
        len,
    })
}
