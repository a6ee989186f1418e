//! What others hand over by standard input: lines of git, the text of a file, the messages of an editor. How much is read is limited.

use std::io::{self, BufRead, BufReader, IsTerminal as _, Read as _};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::LARGEST_CONFIGURATION;

/// The largest text or message that is taken, in bytes.
const LARGEST: usize = 64 << 20;

/// The longest line of a message's header, in bytes.
const LONGEST_LINE: u64 = 4096;

/// Reads what another program hands over by standard input.
///
/// # Errors
/// Where nobody does, where it is not a text, or larger than any list of refs.
pub fn handed_over() -> io::Result<String> {
    let mut text = String::new();
    let input = io::stdin();
    if input.is_terminal() {
        return Err(io::Error::other("it is a terminal, and git hands over what it pushes"));
    }
    input.lock().take(LARGEST_CONFIGURATION + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST_CONFIGURATION {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text)
}

/// The text of a file, in bytes.
///
/// # Errors
/// Where it cannot be read, or is larger than what is taken.
pub fn text() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST {
        Err(io::Error::other("it is larger than 64 MiB"))
    } else {
        Ok(bytes)
    }
}

/// How many messages wait before the editor does.
const MOST_WAITING: usize = 64;

/// The messages of an editor, one by one, until it is gone or what it says has no beginning and end any more.
#[must_use]
pub fn messages() -> Receiver<Vec<u8>> {
    let (sender, messages) = sync_channel(MOST_WAITING);
    // Without a thread nothing comes, and the server ends.
    let _ = thread::Builder::new().spawn(move || {
        let mut input = BufReader::new(io::stdin());
        while let Ok(Some(next)) = message(&mut input) {
            if sender.send(next).is_err() {
                return;
            }
        }
    });
    messages
}

/// The next message of an editor, which says how long each is; none at the end.
///
/// # Errors
/// Where the lengths cannot be followed any more: what comes behind would be read at the wrong place.
pub fn message(input: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut lines = 0;
    loop {
        let mut line = Vec::new();
        input.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() && lines == 0 {
            return Ok(None);
        }
        lines += 1;
        if !line.ends_with(b"\n") || lines > 64 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let length = length.filter(|length| *length <= LARGEST);
    let length = length.ok_or(io::ErrorKind::InvalidData)?;
    let mut bytes = Vec::new();
    input.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() == length { Ok(Some(bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The longest message of a line that is taken, in bytes.
const LONGEST_MESSAGE: u64 = 1 << 20;

/// The next line of a program that says one thing a line, with its end; none at the end. Of one that is too long its start is left, which makes no sense
/// to anybody.
///
/// # Errors
/// Where it cannot be read.
pub fn line(input: &mut dyn BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    input.take(LONGEST_MESSAGE).read_until(b'\n', &mut line)?;
    if line.len() as u64 == LONGEST_MESSAGE && !line.ends_with(b"\n") {
        let mut rest = Vec::new();
        while input.take(LONGEST_MESSAGE).read_until(b'\n', &mut rest)? > 0
            && !rest.ends_with(b"\n")
        {
            rest.clear();
        }
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_follow_each_other_and_a_broken_length_ends_them() {
        let mut input = &b"Content-Length: 2\r\nContent-Type: x\r\n\r\n{}content-length:1\n\n1"[..];
        assert_eq!(message(&mut input).unwrap().as_deref(), Some(&b"{}"[..]));
        assert_eq!(message(&mut input).unwrap().as_deref(), Some(&b"1"[..]));
        assert_eq!(message(&mut input).unwrap(), None);
        for broken in [
            "Content-Length: 9999999999\r\n\r\nx",
            "x\r\n\r\n",
            "Content-Length: 4\r\n\r\n{}",
            "Content",
        ] {
            assert!(message(&mut broken.as_bytes()).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_costs_itself_alone() {
        let long = "x".repeat(3 << 20);
        let text = format!("a\n{long}\nb\nc");
        let mut input = text.as_bytes();
        let mut lines = Vec::new();
        while let Some(next) = line(&mut input).expect("memory is readable") {
            lines.push(next.len());
        }
        assert_eq!(lines, [2, 1 << 20, 2, 1]);
    }
}
