//! "Did you mean …?": the nearest of the words that are known.
//!
//! Pure, and used wherever somebody types a name: rule ids, configuration keys, instance names.

/// The known word nearest to `typed`, if it is near enough to be a slip of the hand.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = fold(typed);
    let allowed = (typed.chars().count() / 4).clamp(1, 4);
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&typed, &fold(word)), word))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, word)| word)
}

/// Capitals and the choice between `_` and `-` are no difference.
fn fold(word: &str) -> String {
    word.trim()
        .chars()
        .take(100)
        .map(|c| if c == '_' { '-' } else { c })
        .collect::<String>()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        let known = ["files", "kind", "account", "same-as"];
        assert_eq!(nearest("same_as", known), Some("same-as"));
        assert_eq!(nearest("file", known), Some("files"));
        assert_eq!(nearest("Acount", known), Some("account"));
        assert_eq!(nearest("branch", known), None);
    }
}
