//! When a tree is checked: as soon as nobody types, as its files were read last; and once more when typing rests, as they are then.
//!
//! So no keystroke waits for files that nobody has touched, and what changed on disk meanwhile is seen a moment later.

use std::time::{Duration, Instant};

/// How long nobody types before the tree is checked.
const PAUSE: Duration = Duration::from_millis(40);

/// How long a check waits at most for a pause.
const PATIENCE: Duration = Duration::from_millis(400);

/// How long nobody types before the files on disk are looked at again, and how long that waits at most.
const REST: [Duration; 2] = [Duration::from_millis(800), Duration::from_secs(8)];

/// What is due, and since when it waits.
pub struct Pace {
    due: Option<Wait>,
    rest: Option<Wait>,
    /// Whether files on disk may have changed.
    doubts: bool,
}

/// Something that waits.
#[derive(Clone, Copy)]
struct Wait {
    since: Instant,
    until: Instant,
}

impl Wait {
    /// Waits on, but no longer than it may in all.
    fn longer(wait: Option<Self>, pause: Duration, most: Duration) -> Self {
        let now = Instant::now();
        let since = wait.map_or(now, |wait| wait.since);
        Self { since, until: (now + pause).min(since + most) }
    }
}

/// What is looked at when a tree is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The texts that the editor has.
    Texts,
    /// The files on disk, too.
    Files,
    /// The same, since typing rests.
    AtRest,
}

impl Pace {
    pub fn new() -> Self {
        Self { due: None, rest: None, doubts: true }
    }

    /// A text changed.
    pub fn hear(&mut self) {
        self.due = Some(Wait::longer(self.due, PAUSE, PATIENCE));
        let rest = self.rest.map(|wait| Wait::longer(Some(wait), REST[0], REST[1]));
        self.rest = rest.or(self.rest);
    }

    /// Files may have changed.
    pub fn doubt(&mut self) {
        self.doubts = true;
        self.hear();
    }

    /// Whether a text or a file changed that nobody has looked at.
    pub fn is_behind(&self) -> bool {
        self.due.is_some()
    }

    /// When something is due next.
    pub fn next(&self) -> Option<Instant> {
        self.due.iter().chain(&self.rest).map(|wait| wait.until).min()
    }

    /// Takes what is due. `knows` says whether the tree was checked before.
    pub fn take(&mut self, knows: bool) -> Look {
        let is_rested = self.rest.is_some_and(|wait| wait.until <= Instant::now());
        let look = match self.due.take() {
            Some(_) if self.doubts || !knows => Look::Files,
            None => Look::AtRest,
            Some(_) if is_rested => Look::Files,
            Some(_) => Look::Texts,
        };
        self.rest = (look == Look::Texts).then(|| Wait::longer(self.rest, REST[0], REST[1]));
        self.doubts &= look == Look::Texts;
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_looked_at_at_first_where_they_may_have_changed_and_when_typing_rests() {
        let mut pace = Pace::new();
        pace.hear();
        assert_eq!((pace.take(false), pace.next()), (Look::Files, None));
        pace.hear();
        assert!(pace.is_behind());
        assert_eq!(pace.take(true), Look::Texts);
        assert!(!pace.is_behind() && pace.next().is_some());
        pace.doubt();
        assert_eq!((pace.take(true), pace.next()), (Look::Files, None));
        pace.hear();
        assert_eq!(pace.take(true), Look::Texts);
        std::thread::sleep(REST[0]);
        assert_eq!((pace.take(true), pace.next()), (Look::AtRest, None));
    }
}
