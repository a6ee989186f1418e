//! Patterns of config paths: `payment/*/active`.

/// A pattern of a config path. `*` is any text within a part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathPattern(String);

impl PathPattern {
    /// Reads a pattern of two or three parts, one of which at least says something of its own.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let is_sound = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'*')
                })
        };
        let parts = text.split('/').count();
        ((2..=3).contains(&parts) && text.split('/').all(is_sound))
            .then_some(Self(text))
            .filter(|pattern| pattern.telling_part().is_some())
    }

    /// Whether it is the pattern of a path in lower case.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        if !self.0.contains('*') {
            return self.0 == path;
        }
        let mut parts = path.split('/');
        self.0.split('/').all(|pattern| parts.next().is_some_and(|part| fits(pattern, part)))
            && parts.next().is_none()
    }

    /// The longest part without a `*`, which every path of it has.
    #[must_use]
    pub fn telling_part(&self) -> Option<&str> {
        let whole = self.0.split('/').filter(|part| !part.contains('*') && part.len() >= 4);
        whole.max_by_key(|part| (part.contains('_'), part.len()))
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Whether a text is one of a pattern, in which `*` is any text.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|start| text.strip_prefix(start)) else {
        return false;
    };
    let Some(end) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_a_part() {
        let pattern = PathPattern::parse("payment/*/Active").expect("it is one");
        assert!(pattern.matches("payment/payment_services/active"));
        assert!(!pattern.matches("payment/active") && !pattern.matches("payment/a/active/b"));
        assert_eq!(pattern.telling_part(), Some("payment"));
        for text in ["", "payment", "*/*/*", "a//b", "a/b/c/d", "payment/a b/c", "x/y/z"] {
            assert_eq!(PathPattern::parse(text), None, "{text}");
        }
    }

    #[test]
    fn stars_are_any_text() {
        for (pattern, text) in [("a*c", "abc"), ("*", ""), ("eu-*-*", "eu-a-b"), ("*b*", "abc")] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*c", "ab"), ("ab*ba", "aba"), ("a", "ab"), ("*b", "bc")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
