//! How long git is waited for: one that says nothing for a minute is ended, and not asked again.
//!
//! What it prints is read by a thread of its own, so that waiting can end; where no thread can start, there is no end to the wait.

use std::io::{self, Read};
use std::process::{Child, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long git may say nothing, in seconds, where the environment does not say it.
const PATIENCE: u64 = 60;

/// The variable that says it.
const VARIABLE: &str = "COMMERCE_LINT_GIT_SECONDS";

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// How many pieces wait to be taken.
const MOST_WAITING: usize = 8;

/// How much of what git complains of is kept.
const LONGEST_COMPLAINT: u64 = 1 << 20;

/// Whether git was ended because it said nothing.
static IS_SILENT: AtomicBool = AtomicBool::new(false);

/// How long git may say nothing.
pub(super) fn patience() -> Duration {
    let said = std::env::var(VARIABLE).ok().and_then(|said| said.trim().parse().ok());
    Duration::from_secs(said.filter(|seconds| *seconds > 0).unwrap_or(PATIENCE))
}

/// An error where git is not to be asked any more.
pub(super) fn refuse() -> io::Result<()> {
    if IS_SILENT.load(Ordering::Relaxed) { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
}

/// What git prints, waited for with an end.
#[derive(Debug)]
pub(super) enum Patient<R> {
    /// Read by a thread.
    Watched {
        pieces: Receiver<io::Result<Vec<u8>>>,
        piece: io::Cursor<Vec<u8>>,
        patience: Duration,
    },
    /// Read here.
    Plain(R),
}

impl<R: Read + Send + 'static> Patient<R> {
    /// Starts to read.
    pub(super) fn of(stream: R) -> Self {
        let (sender, pieces) = sync_channel(MOST_WAITING);
        match apart(stream, move |stream| hand_on(stream, &sender)) {
            Ok(()) => Self::Watched { pieces, piece: io::Cursor::default(), patience: patience() },
            Err(stream) => Self::Plain(stream),
        }
    }
}

impl<R: Read> Read for Patient<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let (pieces, piece, patience) = match self {
            Self::Plain(stream) => return stream.read(room),
            Self::Watched { pieces, piece, patience } => (pieces, piece, *patience),
        };
        loop {
            let read = piece.read(room)?;
            if read > 0 || room.is_empty() {
                return Ok(read);
            }
            match pieces.recv_timeout(patience) {
                Ok(next) => *piece = io::Cursor::new(next?),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) => {
                    IS_SILENT.store(true, Ordering::Relaxed);
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
        }
    }
}

fn hand_on(mut stream: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut piece = vec![0; PIECE];
        let read = match stream.read(&mut piece) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let _ = sender.send(Err(error));
                return;
            }
        };
        piece.truncate(read);
        if sender.send(Ok(piece)).is_err() {
            return;
        }
    }
}

/// Does something with a stream on a thread of its own; gives it back where none can start.
fn apart<R: Send + 'static>(stream: R, work: impl FnOnce(R) + Send + 'static) -> Result<(), R> {
    let kept = Arc::new(Mutex::new(Some(stream)));
    let its = Arc::clone(&kept);
    let take = |kept: &Mutex<Option<R>>| kept.lock().unwrap_or_else(PoisonError::into_inner).take();
    let started = thread::Builder::new().spawn(move || {
        if let Some(stream) = take(&its) {
            work(stream);
        }
    });
    match (started, take) {
        (Ok(_), _) => Ok(()),
        (Err(_), take) => take(&kept).map_or(Ok(()), Err),
    }
}

/// Waits for a command to end and takes what it printed.
pub(super) fn output(mut child: Child) -> io::Result<Output> {
    let Some(stdout) = child.stdout.take() else { return child.wait_with_output() };
    let (sender, complaints) = sync_channel(1);
    // Where nobody listens to what it complains of, there is no stream.
    let listening = child.stderr.take().map_or(Ok(()), |stderr| {
        apart(stderr, move |mut stream| {
            let mut said = Vec::new();
            let _ = stream.by_ref().take(LONGEST_COMPLAINT).read_to_end(&mut said);
            // What it goes on to say must not stop it.
            let _ = io::copy(&mut stream, &mut io::sink());
            let _ = sender.send(said);
        })
    });
    let mut printed = Vec::new();
    let read = Patient::of(stdout).read_to_end(&mut printed);
    let ended = read.and_then(|_| {
        let mut said = Vec::new();
        match listening {
            Ok(()) => said = complaints.recv_timeout(patience()).unwrap_or_default(),
            Err(mut stream) => drop(stream.read_to_end(&mut said)),
        }
        let status = end_of(&mut child)?;
        Ok(Output { status, stdout: printed, stderr: said })
    });
    if ended.is_err() {
        end(&mut child);
    }
    ended
}

/// Waits for the end of a command that prints nothing more.
fn end_of(child: &mut Child) -> io::Result<std::process::ExitStatus> {
    let started = Instant::now();
    let mut pause = Duration::from_micros(50);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed() > patience() {
            IS_SILENT.store(true, Ordering::Relaxed);
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Ends a command.
pub(super) fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
