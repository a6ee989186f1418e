//! How the text of a file is encoded, as its first bytes tell: by a byte-order mark, or by the zeros of wide letters.
//!
//! Whatever is neither UTF-16 nor UTF-32 is taken for UTF-8, which every needle and every parser of this tool reads.

/// How many bytes tell.
pub const TELLING: usize = 512;

/// The fewest letters that tell without a mark.
const FEWEST: usize = 8;

/// How a text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or anything else whose ASCII is one byte each.
    Narrow,
    /// UTF-16, the less significant byte first.
    LittleEndian,
    /// UTF-16, the more significant byte first.
    BigEndian,
    /// UTF-32, which is not read.
    Utf32,
}

impl Encoding {
    /// The encoding of a file that starts with these bytes, and how many of them are its byte-order mark.
    #[must_use]
    pub fn of(start: &[u8]) -> (Self, usize) {
        match start {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => (Self::Utf32, 4),
            [0xFF, 0xFE, ..] => (Self::LittleEndian, 2),
            [0xFE, 0xFF, ..] => (Self::BigEndian, 2),
            _ => (Self::without_mark(start), 0),
        }
    }

    fn without_mark(start: &[u8]) -> Self {
        let start = start.get(..TELLING).unwrap_or(start);
        // Hardly any file gets further than this.
        if start.get(..4).is_none_or(|first| !first.contains(&0)) {
            return Self::Narrow;
        }
        let is_letter = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' '..=b'~');
        let mostly = |letters: usize, all: usize| all >= FEWEST && letters * 10 >= all * 9;
        let quads = start.as_chunks::<4>().0;
        let is_quad = |quad: &&[u8; 4]| matches!(**quad, [letter, 0, 0, 0] | [0, 0, 0, letter] if is_letter(letter));
        if mostly(quads.iter().filter(is_quad).count(), quads.len()) {
            return Self::Utf32;
        }
        let pairs = start.as_chunks::<2>().0;
        let little = pairs.iter().filter(|pair| is_letter(pair[0]) && pair[1] == 0).count();
        let big = pairs.iter().filter(|pair| pair[0] == 0 && is_letter(pair[1])).count();
        if mostly(little, pairs.len()) {
            Self::LittleEndian
        } else if mostly(big, pairs.len()) {
            Self::BigEndian
        } else {
            Self::Narrow
        }
    }

    /// How to read two bytes of UTF-16; nothing for any other encoding.
    #[must_use]
    pub fn order(self) -> Option<fn([u8; 2]) -> u16> {
        match self {
            Self::LittleEndian => Some(u16::from_le_bytes),
            Self::BigEndian => Some(u16::from_be_bytes),
            Self::Narrow | Self::Utf32 => None,
        }
    }

    /// The ASCII in a text, which is all that the sift looks for; any other letter becomes a byte that no needle holds.
    #[must_use]
    pub fn ascii(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let narrow = |unit: u16| u8::try_from(unit).unwrap_or(u8::MAX);
        match (self, self.order()) {
            (_, Some(order)) => {
                let units = bytes.as_chunks().0.iter().map(|&unit| order(unit));
                Some(units.filter(|&unit| unit != 0).map(narrow).collect())
            }
            (Self::Utf32, None) => Some(bytes.iter().copied().filter(|&byte| byte != 0).collect()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(of).collect()
    }

    #[test]
    fn wide_letters_are_told_by_a_mark_or_by_their_zeros() {
        let text = "# caf\u{e9}\nservices_connector: 1\n";
        for (mark, length) in [("", 0), ("\u{feff}", 2)] {
            let text = format!("{mark}{text}");
            let little = Encoding::of(&wide(&text, u16::to_le_bytes));
            let big = Encoding::of(&wide(&text, u16::to_be_bytes));
            assert_eq!(little, (Encoding::LittleEndian, length));
            assert_eq!(big, (Encoding::BigEndian, length));
        }
        let quads = |of: fn(u32) -> [u8; 4]| -> Vec<u8> {
            text.chars().map(u32::from).flat_map(of).collect()
        };
        assert_eq!(Encoding::of(&quads(u32::to_le_bytes)).0, Encoding::Utf32);
        assert_eq!(Encoding::of(&quads(u32::to_be_bytes)).0, Encoding::Utf32);
    }

    #[test]
    fn other_bytes_are_narrow() {
        let counted: Vec<u8> = (0..200_u16).flat_map(u16::to_le_bytes).collect();
        for bytes in [
            &b""[..],
            b"a",
            b"a\0",
            b"a\0b\0",
            b"services",
            &[0; 600],
            &counted,
            b"\x7fELF\0\0\0\0",
        ] {
            assert_eq!(Encoding::of(bytes), (Encoding::Narrow, 0), "{bytes:?}");
        }
    }
}
