//! Exit codes.

/// Nothing at or above `--fail-on`.
pub const CLEAN: u8 = 0;

/// Findings at or above `--fail-on`.
pub const FINDINGS: u8 = 1;

/// Usage or configuration error.
pub const USAGE: u8 = 2;

/// Something that carries settings was not read whole.
pub const INCOMPLETE: u8 = 3;

/// The code of a run that fails or does not, and is whole or is not.
#[must_use]
pub fn of(fails: bool, is_whole: bool) -> u8 {
    match (fails, is_whole) {
        (true, _) => FINDINGS,
        (false, true) => CLEAN,
        (false, false) => INCOMPLETE,
    }
}

/// The code of several runs: 1 wins over 3, and 3 over 0.
#[must_use]
pub fn worst(codes: impl Iterator<Item = u8>) -> u8 {
    let rank = |code: &u8| [CLEAN, INCOMPLETE, FINDINGS, USAGE].iter().position(|of| of == code);
    codes.max_by_key(rank).unwrap_or(CLEAN)
}
