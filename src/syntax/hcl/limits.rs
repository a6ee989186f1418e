//! How much of a file is read, and how it is told that there is more.

pub const TOO_DEEP: &str = "blocks or values are nested too deep to be read";

pub const TOO_MANY: &str = "the file has too many values to be read whole";

/// How many faults of one file are told.
pub const MAX_PROBLEMS: usize = 32;

/// How many keys are read at once: the library compares each key of an object with all others, and holds every blank.
pub const MAX_KEYS: usize = 20_000;
