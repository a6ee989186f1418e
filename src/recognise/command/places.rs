//! The words of where a command runs: hosts, domains, folders, namespaces.

/// A word of where a command runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Whether it is of a folder, a namespace or a domain: each holds a whole installation, whatever it is called.
    pub is_space: bool,
    /// The word, in small letters.
    pub text: String,
}

/// The words of one word: the parts of a path, a user, a host and its domain. `is_space`: whether it is a folder's or a namespace's.
pub fn places(word: &str, is_space: bool) -> Vec<Place> {
    let is_space = is_space || word.starts_with('/');
    let mut found = Vec::new();
    let mut add = |is_space: bool, text: &str| {
        if !text.is_empty() {
            found.push(Place { is_space, text: text.to_ascii_lowercase() });
        }
    };
    for part in word.split(['/', '@']) {
        let domain = part.split_once('.').filter(|_| !is_space && is_host(part));
        match domain {
            Some((host, domain)) if domain.contains('.') => {
                add(false, host);
                add(true, domain);
            }
            Some(_) => add(true, part),
            None => add(is_space, part),
        }
    }
    found
}

/// Whether a word can be the name of a host with its domain: `www.acme.com`.
fn is_host(word: &str) -> bool {
    let is_label = |label: &str| {
        let is_of_label = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        !label.is_empty() && label.chars().all(is_of_label)
    };
    let last = word.rsplit('.').next().unwrap_or_default();
    word.split('.').all(is_label) && last.chars().all(|letter| letter.is_ascii_alphabetic())
}
