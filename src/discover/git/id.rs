//! The names of objects.

use std::fmt;

/// The name of an object: hexadecimal digits, as many as the repository's hash has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId(Box<str>);

impl ObjectId {
    /// Takes what git printed; none where it is no object's name.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let is_name = matches!(text.len(), 40 | 64)
            && text.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let text = std::str::from_utf8(text).ok().filter(|_| is_name)?;
        Some(Self(text.into()))
    }

    /// All digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the name that git prints where there is no object.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.bytes().all(|digit| digit == b'0')
    }

    /// As many digits as tell objects of a large repository apart.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..10).unwrap_or_default()
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
