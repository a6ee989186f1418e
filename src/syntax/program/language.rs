//! The languages of programs.

/// A language of programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Python,
    /// Its files hold attributes, too: [`Attributes`](super::attributes::Attributes) claims them.
    Ruby,
    PowerShell,
}
