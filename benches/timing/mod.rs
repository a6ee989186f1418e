//! Times whole processes in turn, so that whatever else the machine does meets all of them, and finds out how much memory they take.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Something to time: programs that run one after the other.
pub struct Contender {
    pub name: &'static str,
    pub commands: Vec<Command>,
    times: Vec<Duration>,
    /// The peak memory of the first program, in MB.
    pub peak: u64,
}

impl Contender {
    pub fn new(name: &'static str, commands: Vec<Command>) -> Self {
        Self { name, commands, times: Vec::new(), peak: 0 }
    }

    /// The median of the rounds, in seconds.
    pub fn median(&self) -> f64 {
        self.times.get(self.times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
    }

    /// Prints the median, the extremes and the peak memory.
    pub fn print(&self) {
        let milliseconds =
            |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
        println!(
            "  {:32} {:7.1} ms ({:.1} to {:.1}), peak {} MB",
            self.name,
            self.median() * 1e3,
            milliseconds(self.times.first()),
            milliseconds(self.times.last()),
            self.peak
        );
    }
}

/// Runs all contenders in turn; the first round fills the system's caches and does not count.
pub fn measure(contenders: &mut [Contender], rounds: usize) {
    for round in 0..=rounds {
        for contender in &mut *contenders {
            let start = Instant::now();
            for command in &mut contender.commands {
                command.stdout(Stdio::null()).stderr(Stdio::null());
                command.status().expect("the program runs");
            }
            if round > 0 {
                contender.times.push(start.elapsed());
            }
        }
    }
    for contender in contenders {
        contender.times.sort_unstable();
        contender.peak = contender.commands.first_mut().map(peak).unwrap_or_default();
    }
}

/// The peak of resident memory, in MB, as Linux counts it while the process runs; 0 elsewhere.
fn peak(command: &mut Command) -> u64 {
    let mut child = command.spawn().expect("the program runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().is_ok_and(|ended| ended.is_none()) {
        let seen = fs::read_to_string(&status).unwrap_or_default();
        let line = seen.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes =
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0_u64);
        peak = peak.max(kilobytes / 1024);
    }
    peak
}
