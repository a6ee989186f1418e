//! What is in force, by what it is for: a map of the few settings that an instance has.
//!
//! A list in order: a tree of a map has room for eleven, and fifty thousand instances have one setting each.

use super::setting::SettingId;

/// What is in force for one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The setting that wins.
    pub winner: SettingId,
    /// Settings of the same layer with another value, between which and the winner there is no order.
    pub rivals: Vec<SettingId>,
    /// What it overrides, highest first; rivals too.
    pub overridden: Vec<SettingId>,
}

/// What is in force for each of some keys, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce<K>(Vec<(K, Resolved)>);

impl<K: Ord> InForce<K> {
    /// What is in force for a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&Resolved> {
        let at = self.0.binary_search_by(|(own, _)| own.cmp(key)).ok()?;
        self.0.get(at).map(|(_, resolved)| resolved)
    }

    /// Whether something is in force for a key.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Adds what is in force for a key of which nothing is known yet.
    pub fn complete(&mut self, key: K, resolved: Resolved) {
        if let Err(at) = self.0.binary_search_by(|(own, _)| own.cmp(&key)) {
            self.0.insert(at, (key, resolved));
        }
    }
}

impl<K> InForce<K> {
    /// Each key with what is in force for it.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &Resolved)> {
        self.0.iter().map(|(key, resolved)| (key, resolved))
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// What is in force.
    pub fn values(&self) -> impl Iterator<Item = &Resolved> {
        self.0.iter().map(|(_, resolved)| resolved)
    }

    /// What is in force, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Resolved> {
        self.0.iter_mut().map(|(_, resolved)| resolved)
    }
}

impl<K> Default for InForce<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord> FromIterator<(K, Resolved)> for InForce<K> {
    /// Of several for one key, the last counts.
    fn from_iter<I: IntoIterator<Item = (K, Resolved)>>(pairs: I) -> Self {
        let mut all: Vec<(K, Resolved)> = pairs.into_iter().collect();
        all.reverse();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        all.dedup_by(|later, kept| later.0 == kept.0);
        all.shrink_to_fit();
        Self(all)
    }
}

impl<K> IntoIterator for InForce<K> {
    type Item = (K, Resolved);
    type IntoIter = std::vec::IntoIter<(K, Resolved)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K> IntoIterator for &'a InForce<K> {
    type Item = &'a (K, Resolved);
    type IntoIter = std::slice::Iter<'a, (K, Resolved)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_order_and_the_last_of_one_key_counts() {
        let resolved =
            |id| Resolved { winner: SettingId(id), rivals: Vec::new(), overridden: Vec::new() };
        let pairs = [(3, 0), (1, 1), (3, 2), (2, 3)];
        let mut known: InForce<u8> =
            pairs.map(|(key, id)| (key, resolved(id))).into_iter().collect();
        known.complete(3, resolved(9));
        known.complete(4, resolved(4));
        let shown: Vec<(u8, u32)> = known.iter().map(|(key, one)| (*key, one.winner.0)).collect();
        assert_eq!(shown, [(1, 1), (2, 3), (3, 2), (4, 4)]);
        assert_eq!(known.get(&3), Some(&resolved(2)));
        assert!(known.contains_key(&4) && !known.contains_key(&5));
    }
}
