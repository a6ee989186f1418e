//! The words that name an instance: a set, cheap to compare and to copy, since trees of many instances ask for it often.

/// Words, each once, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Names(Box<[String]>);

impl Names {
    /// The words, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a word is one of them.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        // Few as they are, going through them is the fastest.
        self.0.iter().any(|own| own == word)
    }

    /// Whether others have all of them.
    #[must_use]
    pub fn is_subset(&self, others: &Self) -> bool {
        self.0.iter().all(|own| others.contains(own))
    }

    /// Whether they have all of the others.
    #[must_use]
    pub fn is_superset(&self, others: &Self) -> bool {
        others.is_subset(self)
    }

    /// The same with one more.
    #[must_use]
    pub fn with(&self, word: &str) -> Self {
        self.iter().cloned().chain([word.to_owned()]).collect()
    }

    /// The same without one.
    #[must_use]
    pub fn without(&self, word: &str) -> Self {
        self.iter().filter(|own| *own != word).cloned().collect()
    }
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        Self(words.into_boxed_slice())
    }
}

impl<'n> IntoIterator for &'n Names {
    type Item = &'n String;
    type IntoIter = std::slice::Iter<'n, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Names {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_vec().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn names(words: &[&str]) -> Names {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_are_a_set_in_order() {
        let both = names(&["papaya", "kiwi", "papaya"]);
        assert_eq!(both, names(&["kiwi", "papaya"]));
        assert_eq!(both.len(), 2);
        assert!(names(&["kiwi"]).is_subset(&both) && both.is_superset(&Names::default()));
        assert!(!both.is_subset(&names(&["kiwi"])));
        assert_eq!(both.without("kiwi").with("apple"), names(&["apple", "papaya"]));
    }

    #[test]
    fn they_are_ordered_as_lists_are() {
        let mut all = [names(&["b"]), names(&["a", "z"]), Names::default(), names(&["a"])];
        all.sort();
        assert_eq!(all, [Names::default(), names(&["a"]), names(&["a", "z"]), names(&["b"])]);
    }
}
