//! How much of a core a test has used: time on the clock says how many others run on the machine.

use std::fs;
use std::time::{Duration, Instant};

/// What a test has used since it began; both clocks, since only Linux tells a thread's own.
pub struct Effort {
    on_core: Option<Duration>,
    began: Instant,
}

impl Effort {
    /// Begins.
    #[must_use]
    pub fn begin() -> Self {
        Self { on_core: on_core(), began: Instant::now() }
    }

    /// The time that this thread has had of a core since then, else the time that has passed.
    #[must_use]
    pub fn spent(&self) -> Duration {
        let now = on_core().zip(self.on_core);
        now.map_or_else(|| self.began.elapsed(), |(now, then)| now.saturating_sub(then))
    }
}

/// The first word of `schedstat` is the time on a core in nanoseconds (the kernel's *sched-stats*).
fn on_core() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
