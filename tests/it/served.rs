//! The program as a server: started, spoken to over its standard input, heard as it answers, and ended with the test.

use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::program::scratch::code;

/// A server that is silent for longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server<M> {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<M>,
}

impl<M: Send + 'static> Server<M> {
    /// Starts it; `next` reads its next message.
    pub fn start(
        command: &mut Command,
        next: impl Fn(&mut BufReader<ChildStdout>) -> Option<M> + Send + 'static,
    ) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the server starts");
        let mut from = BufReader::new(child.stdout.take().expect("the stream is a pipe"));
        let (sender, output) = channel();
        thread::spawn(move || {
            while let Some(message) = next(&mut from) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, output }
    }

    pub fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the stream is open");
        // A server that has ended reads nothing.
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    pub fn hear(&mut self) -> M {
        self.output.recv_timeout(PATIENCE).expect("the server speaks")
    }

    /// Ends the input and tells the exit code.
    pub fn leave(&mut self) -> i32 {
        self.input = None;
        code(&mut self.child)
    }
}

impl<M> Drop for Server<M> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
