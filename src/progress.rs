//! How far a long run is, for whoever waits for it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the files that are read.
#[derive(Debug, Default)]
pub struct Progress {
    all: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// That so many files are to be read.
    pub fn expect(&self, files: usize) {
        self.all.store(files, Ordering::Relaxed);
    }

    /// That one more is read.
    pub fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// How many of how many files are read; none before it is known.
    #[must_use]
    pub fn done(&self) -> Option<(usize, usize)> {
        let all = self.all.load(Ordering::Relaxed);
        (all > 0).then(|| (self.done.load(Ordering::Relaxed), all))
    }
}
