//! One walk over the needles of a text, and over those of the texts that base64, gzip and hexadecimal digits hide in it.
//!
//! What a needle leads to is read once: a stretch that was read, key or not, is behind the search, which takes linear time.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::armour::{self, Label};
use super::form::Encoding;
use super::key::Key;
use super::material::KeyMaterial;
use super::needles::{self, Hit, Kind};
use super::salvage::{self, Salvaged};
use super::token::Chars;
use super::{age, asn1, client, margin, openssh, packed, pgp, putty, store};
use super::{web_key, wrapped};
use crate::sift::signs::Sign;
use crate::source::Span;

/// How many layers are taken off. Each is at most three quarters of what is around it, but for what gzip made, which is counted.
const DEEPEST: usize = 6;
/// How many layers are taken off the values of Kubernetes' Secrets: more than fit into any file that is read.
const MOST_PEELED: usize = 40;
/// How much all that gzip made in one text may come to.
const UNPACKED: usize = 16 << 20;

/// A search through one text.
pub(super) struct Search<'a> {
    text: &'a str,
    layers: usize,
    /// How many values of Kubernetes' Secrets it stands within; none where something else is around it.
    peeled: Option<usize>,
    /// How much may be unpacked.
    budget: usize,
    found: Vec<KeyMaterial>,
    /// Where the last key ends.
    done: usize,
    /// Where the last stretch ends that was read in vain.
    floor: usize,
    /// Where the last `END` marker ends.
    marked: usize,
    /// Whether a `BEGIN` marker without a key waits for its end.
    is_open: bool,
}

impl<'a> Search<'a> {
    /// Finds everything in a text.
    pub(super) fn of(text: &'a str) -> Vec<KeyMaterial> {
        Self::under(text, 0, Some(0), UNPACKED).0
    }

    /// The keys, and how much may still be unpacked.
    fn under(
        text: &'a str,
        layers: usize,
        peeled: Option<usize>,
        budget: usize,
    ) -> (Vec<KeyMaterial>, usize) {
        let found = Vec::new();
        let mut search = Self {
            text,
            layers,
            peeled,
            budget,
            found,
            done: 0,
            floor: 0,
            marked: 0,
            is_open: false,
        };
        for hit in needles::hits(text.as_bytes()) {
            match hit.kind {
                Kind::Words => search.words(hit),
                Kind::Wrapped(_) => search.wrapped(hit),
                Kind::Sign(sign) => search.sign(sign, hit),
            }
        }
        if let Some(peeled) = peeled.filter(|peeled| *peeled < MOST_PEELED) {
            search.peel(peeled);
        }
        (search.found, search.budget)
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// Adds a key; what begins within the last one is a part of it.
    fn push(&mut self, key: KeyMaterial) {
        let span = key.span.range();
        if span.start >= self.done && self.text.get(span.clone()).is_some() {
            self.done = span.end;
            self.found.push(key);
        }
    }

    /// The words of a marker: its key as it should be, as it can be put together, or before them.
    fn words(&mut self, hit: Hit) {
        let bytes = self.bytes();
        if hit.start < self.done {
            return;
        }
        if let Some((span, key)) = putty::ssh_com(self.text, hit.start) {
            return self.push(KeyMaterial::of(&key, span, Encoding::Plain));
        }
        let marker = armour::marker(bytes, hit.start, hit.end);
        let begins = marker.as_ref().map(|marker| marker.begins);
        if let Some(marker) = marker.filter(|marker| marker.begins && marker.start >= self.done)
            && let Some(key) = armoured(bytes, &marker).or_else(|| behind_margins(bytes, &marker))
        {
            self.is_open = false;
            return self.push(key);
        }
        let start = word_before(bytes, hit.start, self.done);
        let is_end = begins == Some(false) || start.is_some_and(|(_, is_end)| is_end);
        if is_end {
            let floor = self.done.max(self.marked);
            let from = start.map_or(hit.start, |(start, _)| start);
            if !self.is_open
                && let Some((start, salvaged)) = salvage::before(bytes, from, floor)
            {
                self.push(damaged(salvaged, start, from));
            }
            // No key goes on behind it.
            self.marked = hit.end;
            self.floor = self.floor.max(hit.end);
            self.is_open = false;
            return;
        }
        let end = salvage::region_end(bytes, hit.end);
        let region = bytes.get(hit.end..end).unwrap_or_default();
        if let Some(salvaged) = salvage::behind(region) {
            let start = start.map_or(hit.start, |(start, _)| start);
            let end = end_of_line(bytes, end);
            self.push(damaged(salvaged, start, end));
            self.is_open = false;
            return;
        }
        if let Some((start, _)) = start
            && let Some(marker) = armour::damaged(bytes, hit.start, hit.end)
            && let Some(key) = armoured(bytes, &marker)
        {
            let damage = Some(salvage::Damage::Armour);
            let span = Span::new(start, key.span.end as usize);
            self.push(KeyMaterial { span, damage, ..key });
            self.is_open = false;
            return;
        }
        self.is_open = start.is_some();
    }

    fn wrapped(&mut self, hit: Hit) {
        let floor = self.done.max(self.floor);
        if self.layers >= DEEPEST || hit.start < floor {
            return;
        }
        let run = wrapped::widen(self.bytes(), hit.start, hit.end, floor);
        self.floor = run.end;
        let keys = self.unwrapped(&run);
        self.share_out(&run, keys);
    }

    /// The keys of what a run decodes to, each at its place in this text.
    fn unwrapped(&mut self, run: &wrapped::Run) -> Vec<KeyMaterial> {
        let mut keys = Vec::new();
        for decoded in run.decoded() {
            keys.extend(self.decoded(run, &decoded, self.layers + 1, None));
        }
        keys
    }

    fn decoded(
        &mut self,
        run: &wrapped::Run,
        decoded: &wrapped::Decoded,
        layers: usize,
        peeled: Option<usize>,
    ) -> Vec<KeyMaterial> {
        let (found, budget) = Search::under(&decoded.text, layers, peeled, self.budget);
        self.budget = budget;
        let keys = found.into_iter().map(|key| {
            let Span { start, end } = key.span;
            let place = |offset: u32| run.place(decoded.skipped, offset as usize);
            let encoding = key.encoding.within_base64();
            KeyMaterial { span: Span::new(place(start), place(end)), encoding, ..key }
        });
        keys.collect()
    }

    /// Adds what the values of Kubernetes' Secrets hold in layers that no needle shows through.
    fn peel(&mut self, peeled: usize) {
        let bytes = self.bytes();
        let mut known = std::mem::take(&mut self.found);
        self.done = 0;
        for run in packed::runs(bytes, peeled > 0) {
            let next = known.partition_point(|key| key.span.range().end <= run.start);
            let is_known = known.get(next).is_some_and(|key| key.span.range().start < run.end);
            if let Some(decoded) = run.text().filter(|_| !is_known) {
                let keys = self.decoded(&run, &decoded, self.layers, Some(peeled + 1));
                self.share_out(&run, keys);
            }
        }
        known.append(&mut self.found);
        known.sort_by_key(|key| key.span);
        self.found = known;
    }

    /// Adds the keys of a run: a single one has the whole run as its place, several share it out.
    fn share_out(&mut self, run: &wrapped::Run, mut keys: Vec<KeyMaterial>) {
        keys.sort_by_key(|key| key.span);
        let mut start = run.start;
        let count = keys.len();
        for (index, mut key) in keys.into_iter().enumerate() {
            let end = if index + 1 == count { run.end } else { key.span.range().end };
            if start < end {
                key.span = Span::new(start, end);
                start = end;
                self.push(key);
            }
        }
    }

    fn sign(&mut self, sign: Sign, hit: Hit) {
        if hit.start < self.done {
            return;
        }
        let bytes = self.bytes();
        let plain = |key: Key, start: usize, end: usize| {
            KeyMaterial::of(&key, Span::new(start, end), Encoding::Plain)
        };
        let found = match sign {
            Sign::Container(before) => self.container(hit.start.checked_sub(before)),
            Sign::Gzip => return self.gzip(hit),
            Sign::Hex(before) => return self.hex(hit, before),
            Sign::WebKey => {
                let key = web_key::read(bytes, hit.start, self.done.max(self.floor));
                self.floor = self.floor.max(hit.end);
                key.map(|(span, key)| KeyMaterial::of(&key, span, Encoding::Plain))
            }
            Sign::Putty => {
                putty::read(self.text, hit.start).map(|(end, key)| plain(key, hit.start, end))
            }
            Sign::Age => {
                age::read(bytes, hit.start).map(|key| plain(key, hit.start, hit.end + age::REST))
            }
            Sign::ClientSecret => client::read(bytes, hit.start).map(|key| {
                let end = hit.start + key.len;
                plain(key, hit.start, end)
            }),
            Sign::Base64(_) => None,
        };
        if let Some(found) = found {
            self.push(found);
        }
    }

    /// The container whose base64 begins at `start`.
    fn container(&mut self, start: Option<usize>) -> Option<KeyMaterial> {
        let start = start.filter(|start| *start >= self.done.max(self.floor))?;
        if !matches!(self.bytes().get(start)?, b'M' | b'/' | b'z' | b'b') {
            return None;
        }
        let run = wrapped::gather(self.bytes(), start);
        let data = armour::decode(&run.chars.bytes);
        let key = store::read(&data).or_else(|| openssh::read(&data)).or_else(|| asn1::read(&data));
        self.floor = run.end;
        let key = key?;
        let is_whole = data.len() <= key.len + 2;
        let end = end_of(&run.chars, key.len).filter(|_| !is_whole).unwrap_or(run.end);
        Some(KeyMaterial::of(&key, Span::new(start, end), Encoding::Bare))
    }

    fn gzip(&mut self, hit: Hit) {
        if self.layers >= DEEPEST || hit.start < self.floor || self.budget == 0 {
            return;
        }
        let run = wrapped::gather(self.bytes(), hit.start);
        self.floor = run.end;
        let data = armour::decode(&run.chars.bytes);
        let mut unpacked = Vec::new();
        let limit = self.budget as u64;
        // Where the compression is not sound, what came before counts.
        let _ = MultiGzDecoder::new(data.as_slice()).take(limit).read_to_end(&mut unpacked);
        self.budget -= unpacked.len().min(self.budget);
        let span = Span::new(run.start, run.end);
        let key = store::read(&unpacked).or_else(|| asn1::read(&unpacked));
        if let Some(key) = key.filter(|key| unpacked.len() <= key.len + 2) {
            return self.push(KeyMaterial::of(&key, span, Encoding::Gzip));
        }
        let text = String::from_utf8_lossy(&unpacked);
        let (keys, budget) = Search::under(&text, self.layers + 1, self.peeled, self.budget);
        self.budget = budget;
        if let Some(key) = keys.into_iter().min_by_key(|key| !key.is_key()) {
            self.push(KeyMaterial { span, encoding: Encoding::Gzip, ..key });
        }
    }

    /// Hexadecimal digits, in pairs that colons or blanks can part.
    fn hex(&mut self, hit: Hit, before: usize) {
        if self.layers >= DEEPEST || hit.start < self.floor {
            return;
        }
        let bytes = self.bytes();
        let floor = self.done.max(self.floor);
        let parts = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':';
        let reach = bytes.get(hit.start.saturating_sub(before).max(floor)..hit.start);
        let reach = reach.unwrap_or_default();
        let start = hit.start - reach.iter().rev().take_while(|byte| parts(byte)).count();
        let rest = bytes.get(start..).unwrap_or_default();
        let belongs = |byte: &&u8| parts(byte) || matches!(byte, b'\n' | b'\r' | b' ' | b'\t');
        let len = rest.iter().take_while(belongs).count();
        let len = rest.get(..len).map_or(0, |digits| digits.trim_ascii_end().len());
        self.floor = start + len;
        let digits: Vec<u8> =
            rest.iter().take(len).copied().filter(u8::is_ascii_hexdigit).collect();
        let data: Vec<u8> = digits.chunks_exact(2).filter_map(pair).collect();
        let of_data = asn1::read(&data).filter(|key| data.len() <= key.len + 2);
        let key = of_data.map(|key| KeyMaterial::of(&key, Span::default(), Encoding::Hex));
        let key = key.or_else(|| {
            let text = String::from_utf8_lossy(&data);
            Search::under(&text, self.layers + 1, None, self.budget).0.into_iter().next()
        });
        if let Some(key) = key {
            let span = Span::new(start, start + len);
            self.push(KeyMaterial { span, encoding: Encoding::Hex, ..key });
        }
    }
}

impl Encoding {
    /// What base64 around it makes of it.
    fn within_base64(self) -> Self {
        match self {
            Self::Bare | Self::Base64 => Self::DoubleBase64,
            Self::DoubleBase64 | Self::ManyBase64 => Self::ManyBase64,
            Self::Gzip | Self::Hex => self,
            _ => Self::Base64,
        }
    }
}

fn pair(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

fn damaged(salvaged: Salvaged, start: usize, end: usize) -> KeyMaterial {
    let Salvaged { key, damage } = salvaged;
    KeyMaterial {
        damage: Some(damage),
        ..KeyMaterial::of(&key, Span::new(start, end), Encoding::Plain)
    }
}

/// Where the `BEGIN` or the `END` before the words of a marker stands with what dashes it has left, and whether it is an `END`.
fn word_before(text: &[u8], words: usize, floor: usize) -> Option<(usize, bool)> {
    let from = floor.max(words.saturating_sub(40));
    let window = text.get(from..words)?;
    let last = |word: &[u8]| memchr::memmem::rfind(window, word);
    let (at, is_end) = match (last(b"BEGIN"), last(b"END")) {
        (Some(begin), Some(end)) if end > begin => (end, true),
        (None, Some(end)) => (end, true),
        (Some(begin), _) => (begin, false),
        (None, None) => return None,
    };
    let before = text.get(from..from + at)?;
    let is_dash = |byte: &&u8| matches!(byte, b'-' | b' ') || !byte.is_ascii();
    let dashes = before.iter().rev().take_while(is_dash).count();
    let start = from + at - dashes;
    let blanks = text.get(start..from + at)?.iter().take_while(|byte| **byte == b' ').count();
    Some((start + blanks, is_end))
}

/// Behind the words that close a marker, where one stands at `at`: the rest of its line.
fn end_of_line(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let Some(rest) = rest.strip_prefix(b"PRIVATE KEY") else { return trimmed(text, at) };
    let rest = rest.strip_prefix(b" BLOCK").unwrap_or(rest);
    let dashes = rest.iter().take_while(|byte| **byte == b'-').count();
    text.len() - rest.len() + dashes
}

/// The end of the text before `at` without blanks.
fn trimmed(text: &[u8], at: usize) -> usize {
    text.get(..at).map_or(at, |before| before.trim_ascii_end().len())
}

fn armoured(text: &[u8], marker: &armour::Marker) -> Option<KeyMaterial> {
    let body = armour::walk(text, marker);
    let data = armour::decode(&body.chars.bytes);
    let key = read(&data, marker.label, body.encrypted, body.closed)?;
    // Without an `END`, what follows the key's last byte need not belong to it.
    let end = if body.closed { None } else { end_of(&body.chars, key.len) };
    let span = Span::new(marker.start, end.unwrap_or(body.end));
    Some(KeyMaterial::of(&key, span, body.encoding))
}

/// Reads the armour whose lines all stand behind what a log or a listing writes there.
fn behind_margins(text: &[u8], marker: &armour::Marker) -> Option<KeyMaterial> {
    margin::without(text, marker.start, marker.end).into_iter().find_map(|lines| {
        let own = marker.at(0);
        let key = armoured(&lines.text, &own)?;
        let last = (key.span.end as usize).checked_sub(1)?;
        Some(KeyMaterial { span: Span::new(marker.start, lines.place(last) + 1), ..key })
    })
}

/// Reads the key at the start of an armour's body: every length must agree with the data, so that a placeholder or another kind of object
/// is none.
fn read(data: &[u8], label: Label, encrypted: bool, closed: bool) -> Option<Key> {
    match label {
        Label::Pgp => pgp::read(data),
        _ if encrypted => asn1::legacy(data, label, closed),
        Label::Sealed => asn1::read(data).or_else(|| asn1::sealed(data)),
        _ => openssh::read(data).or_else(|| asn1::read(data)),
    }
}

/// Where the characters end that hold the first `len` bytes.
fn end_of(chars: &Chars, len: usize) -> Option<usize> {
    let count = (len * 4).div_ceil(3);
    let padding = chars.bytes.iter().skip(count).take_while(|&&byte| byte == b'=').count();
    Some(chars.place((count + padding).checked_sub(1)?)? + 1)
}
