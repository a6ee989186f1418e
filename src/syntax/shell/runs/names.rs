//! Which words can name what a script is run for.

/// Words that say whether, not which.
const SWITCHES: [&str; 14] = [
    "yes", "no", "true", "false", "y", "n", "on", "off", "enabled", "disabled", "none", "null",
    "all", "help",
];

/// Whether a word can be the name of something that a script is run for.
pub fn is_name(word: &str) -> bool {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    word.starts_with(|first: char| first.is_ascii_alphabetic())
        && word.chars().all(is_of_name)
        && !SWITCHES.contains(&word.to_ascii_lowercase().as_str())
}
