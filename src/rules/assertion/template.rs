//! Sentences with gaps: `{instance} sends its catalog to {value}`.

/// The gaps that a page's sentences can have.
pub const GAPS: [&str; 4] = ["instance", "path", "setting", "value"];

/// A sentence with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(String);

impl Template {
    /// Reads a sentence.
    ///
    /// # Errors
    /// The first gap that is none of [`GAPS`].
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once('{') {
            let Some((gap, after)) = behind.split_once('}') else { return Err(behind.into()) };
            if !GAPS.contains(&gap) {
                return Err(gap.into());
            }
            rest = after;
        }
        Ok(Self(text.to_owned()))
    }

    /// The sentence with its gaps filled; what is filled in has no gaps itself.
    #[must_use]
    pub fn filled(&self, words: &[(&str, String)]) -> String {
        let mut out = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            let Some((gap, after)) = behind.split_once('}') else { break };
            out.extend(words.iter().find(|(name, _)| *name == gap).map(|(_, word)| word.as_str()));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_once() {
        let template = Template::parse("{setting} of {instance}").expect("it is sound");
        let words = [("setting", "`{instance}`".to_owned()), ("instance", "`a`".to_owned())];
        assert_eq!(template.filled(&words), "`{instance}` of `a`");
        assert_eq!(Template::parse("a {nobody} b"), Err("nobody".into()));
        assert!(Template::parse("a { b").is_err());
    }
}
