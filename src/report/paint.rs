//! The few colours that reporters use of their own.

use crate::rule::Severity;

/// How a word stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// What a block is about.
    Bold,
    /// What is only there to order.
    Dim,
    /// An error.
    Red,
    /// A warning, and what deserves care.
    Yellow,
    /// Anything else that has a colour.
    Cyan,
}

impl Style {
    /// The style of a severity's word.
    #[must_use]
    pub fn of(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Red,
            Severity::Warning => Self::Yellow,
        }
    }

    /// The text in this style, in ANSI sequences, or as it is where there is no `color`.
    #[must_use]
    pub fn paint(self, color: bool, text: &str) -> String {
        let code = match self {
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Red => "1;31",
            Self::Yellow => "1;33",
            Self::Cyan => "36",
        };
        if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
