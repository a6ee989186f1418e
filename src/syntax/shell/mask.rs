//! A copy of a text in which everything but its scripts is blank, every byte at its place.

use std::ops::Range;

use super::word::FILLER;

/// A text of the length of another, blank but for its line ends.
pub struct Mask<'a> {
    text: &'a str,
    bytes: Vec<u8>,
}

impl<'a> Mask<'a> {
    /// A mask over all of a text.
    pub fn of(text: &'a str) -> Self {
        let blank = |byte: u8| if byte == b'\n' { byte } else { b' ' };
        Self { text, bytes: text.bytes().map(blank).collect() }
    }

    /// Shows a part of the text.
    pub fn show(&mut self, range: Range<usize>) {
        let shown = self.text.as_bytes().get(range.clone());
        if let (Some(shown), Some(place)) = (shown, self.bytes.get_mut(range)) {
            place.copy_from_slice(shown);
        }
    }

    /// Puts a byte of the script's own in the place of an ASCII character.
    pub fn put(&mut self, at: usize, byte: u8) {
        if let Some(place) = self.bytes.get_mut(at) {
            *place = byte;
        }
    }

    /// Takes a part out of the word that it stands in.
    pub fn cut(&mut self, range: Range<usize>) {
        range.for_each(|at| self.put(at, FILLER as u8));
    }

    /// The masked text.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}
