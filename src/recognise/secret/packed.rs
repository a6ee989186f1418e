//! The values of Kubernetes' Secrets: base64 of whatever somebody put there, and that of a Secret again.
//!
//! Each layer is three quarters of what is around it, so that all layers of a text together take linear time.

use super::wrapped::{Run, gather};
use crate::sift;

/// No shorter text holds a secret that its form shows.
const SHORTEST: usize = 32;

/// The runs of base64 of a text that holds a Secret, or of one that is nothing else where it stood in a Secret itself.
pub(super) fn runs(text: &[u8], is_within: bool) -> Vec<Run> {
    if sift::holds_secret_object(text) {
        return all(text);
    }
    let start = text.len() - text.trim_ascii_start().len();
    let is_whole = |run: &Run| run.end >= text.trim_ascii_end().len();
    let whole = is_within.then(|| gather(text, start)).filter(is_whole);
    whole.into_iter().filter(is_long).collect()
}

fn is_long(run: &Run) -> bool {
    run.chars.bytes.len() >= SHORTEST
}

fn all(text: &[u8]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(skipped) =
        text.get(at..).and_then(|rest| rest.iter().position(|byte| is_digit(*byte)))
    {
        let start = at + skipped;
        let len = text
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| is_digit(**byte))
            .count();
        at = start + len;
        if len >= SHORTEST {
            let run = gather(text, start);
            at = at.max(run.end);
            runs.push(run);
        }
    }
    runs.retain(is_long);
    runs
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}
