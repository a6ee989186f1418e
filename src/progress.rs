//! How far a run is, and the one line on a terminal that shows it.
//!
//! Files count themselves; a thread that sleeps most of its time draws. It draws nothing in the first half second, and leaves nothing
//! behind, not even where a signal ends the run.

use std::fmt;
use std::io::Write;
#[cfg(unix)]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A run that ends sooner shows nothing.
const FIRST: Duration = Duration::from_millis(500);

/// How long a line stands before the next one is drawn over it.
const EACH: Duration = Duration::from_millis(100);

/// How many letters of the line are the bar.
const BAR: usize = 24;

/// How far a run is. A copy counts the same files.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    found: AtomicUsize,
    read: AtomicUsize,
}

impl Progress {
    /// So many files are to be read; none before that is known.
    pub fn expect(&self, files: usize) {
        self.0.found.store(files, Ordering::Relaxed);
    }

    /// One more file is read.
    pub fn advance(&self) {
        self.0.read.fetch_add(1, Ordering::Relaxed);
    }

    /// The line that says so.
    #[must_use]
    pub fn line(&self) -> String {
        let found = self.0.found.load(Ordering::Relaxed);
        let read = self.0.read.load(Ordering::Relaxed).min(found);
        if found == 0 {
            return "listing files".to_owned();
        }
        if read == found {
            return format!("comparing what stands in {found} files");
        }
        let done = read * BAR / found;
        let (full, empty) = ("#".repeat(done), "-".repeat(BAR - done));
        format!("[{full}{empty}] {read} of {found} files read")
    }
}

/// A terminal that shows how far a run is.
pub struct Screen {
    out: Mutex<Box<dyn Write + Send>>,
    width: Box<dyn Fn() -> usize + Send + Sync>,
    first: Duration,
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a screen of {} columns", (self.width)())
    }
}

impl Screen {
    /// A terminal of so many columns; it may be made narrower meanwhile.
    pub fn new(
        out: impl Write + Send + 'static,
        width: impl Fn() -> usize + Send + Sync + 'static,
    ) -> Self {
        Self { out: Mutex::new(Box::new(out)), width: Box::new(width), first: FIRST }
    }

    /// The same, without waiting whether a run is long.
    #[must_use]
    pub fn at_once(self) -> Self {
        Self { first: Duration::ZERO, ..self }
    }

    /// Whether a line that is drawn over can be shown: on a terminal that is no dumb one, and in no pipeline, whose log keeps every line.
    #[must_use]
    pub fn is_fit(is_terminal: bool, term: Option<&str>, ci: Option<&str>) -> bool {
        let is_pipeline = ci.is_some_and(|ci| !matches!(ci, "" | "0" | "false"));
        is_terminal && term != Some("dumb") && !is_pipeline
    }

    /// Runs, and shows meanwhile how far it is.
    pub fn during<T>(screen: Option<&Self>, progress: &Progress, run: impl FnOnce() -> T) -> T {
        let Some(screen) = screen else { return run() };
        let (running, ended) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let draw = move || screen.draw(progress, &ended);
            // Without a thread nothing is shown; the run goes on.
            let _ = thread::Builder::new().spawn_scoped(scope, draw);
            let result = run();
            drop(running);
            result
        })
    }

    fn draw(&self, progress: &Progress, ended: &Receiver<()>) {
        let mut shown = String::new();
        let mut wait = self.first;
        let end = End::awaited();
        while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            wait = EACH;
            if let Some(signal) = end.came() {
                self.erase(&shown);
                shown.clear();
                End::come(signal);
                continue;
            }
            let width = (self.width)().saturating_sub(1);
            let line: String = progress.line().chars().take(width).collect();
            if line != shown {
                self.write(&format!("\r{line:width$}", width = shown.len().min(width)));
                shown = line;
            }
        }
        self.erase(&shown);
    }

    fn erase(&self, shown: &str) {
        if !shown.is_empty() {
            self.write(&format!("\r{:width$}\r", "", width = shown.len()));
        }
    }

    /// What cannot be shown must not cost the run.
    fn write(&self, text: &str) {
        let Ok(mut out) = self.out.lock() else { return };
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

/// The signals that end a run, held back until the line is taken away.
#[cfg(unix)]
struct End {
    /// Whether each of them came.
    came: Vec<(i32, Arc<AtomicBool>)>,
    /// Whether nothing stands on the screen, so that signals end the run at once.
    is_over: Arc<AtomicBool>,
}

#[cfg(unix)]
impl End {
    fn awaited() -> Self {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::flag;
        let is_over = Arc::new(AtomicBool::new(false));
        let mut came = Vec::new();
        for signal in [SIGINT, SIGTERM] {
            let flagged = Arc::new(AtomicBool::new(false));
            // Where the first is not possible, neither is the second, and signals stay as they are.
            let default = flag::register_conditional_default(signal, Arc::clone(&is_over));
            if default.and_then(|_| flag::register(signal, Arc::clone(&flagged))).is_ok() {
                came.push((signal, flagged));
            }
        }
        Self { came, is_over }
    }

    fn came(&self) -> Option<i32> {
        let first = self.came.iter().find(|(_, came)| came.swap(false, Ordering::Relaxed));
        first.map(|(signal, _)| *signal)
    }

    /// Ends the run as if the signal had not been held back.
    fn come(signal: i32) {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

#[cfg(unix)]
impl Drop for End {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(signal) = self.came() {
            Self::come(signal);
        }
    }
}

/// Elsewhere signals end a run at once.
#[cfg(not(unix))]
struct End;

#[cfg(not(unix))]
impl End {
    fn awaited() -> Self {
        Self
    }

    fn came(&self) -> Option<i32> {
        None
    }

    fn come(_: i32) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_line_says_what_is_done_and_what_is_left() {
        let progress = Progress::default();
        assert_eq!(progress.line(), "listing files");
        progress.expect(4);
        progress.clone().advance();
        assert_eq!(progress.line(), "[######------------------] 1 of 4 files read");
        (0..5).for_each(|_| progress.advance());
        assert_eq!(progress.line(), "comparing what stands in 4 files");
    }

    #[test]
    fn a_line_is_drawn_over_the_one_before_and_taken_away_at_the_end() {
        let paper = Paper::default();
        let screen = Screen::new(paper.clone(), || 12).at_once();
        let progress = Progress::default();
        let (running, ended) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let drawing = &progress;
            scope.spawn(move || screen.draw(drawing, &ended));
            while paper.0.lock().unwrap().is_empty() {
                thread::yield_now();
            }
            drop(running);
        });
        let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text, "\rlisting fil\r           \r");
    }

    #[test]
    fn a_short_run_shows_nothing() {
        let paper = Paper::default();
        let screen = Screen::new(paper.clone(), || 80);
        assert_eq!(Screen::during(Some(&screen), &Progress::default(), || 7), 7);
        assert!(paper.0.lock().unwrap().is_empty());
    }

    #[test]
    fn pipes_dumb_terminals_and_pipelines_show_nothing() {
        for (is_terminal, term, ci, expected) in [
            (true, Some("xterm"), None, true),
            (true, None, Some(""), true),
            (false, Some("xterm"), None, false),
            (true, Some("dumb"), None, false),
            (true, Some("xterm"), Some("true"), false),
        ] {
            assert_eq!(Screen::is_fit(is_terminal, term, ci), expected, "{term:?} {ci:?}");
        }
    }
}
