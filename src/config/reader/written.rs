//! What somebody wrote, as a message shows it.

use toml::de::DeValue;

/// The longest name, in characters; a longer text is not printed.
pub(in crate::config) const MAX_NAME: usize = 40;

pub(super) fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What somebody wrote, in backticks. A long text is cut to six characters: it may be a key, put in the wrong place.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", escaped(text))
}

pub(super) fn escaped(text: &str) -> String {
    let shown = if text.chars().count() > MAX_NAME {
        text.chars().take(6).chain(['…']).collect()
    } else {
        text.to_owned()
    };
    let visible = |c: char| c.is_alphanumeric() || c.is_ascii_graphic() || matches!(c, ' ' | '…');
    shown
        .chars()
        .map(|c| if visible(c) { c.to_string() } else { c.escape_unicode().to_string() })
        .collect()
}
