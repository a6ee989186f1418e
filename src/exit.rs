//! Exit codes.

/// Nothing at or above `--fail-on`.
pub const CLEAN: u8 = 0;

/// Findings at or above `--fail-on`.
pub const FINDINGS: u8 = 1;

/// Usage or configuration error.
pub const USAGE: u8 = 2;

/// Something that carries settings was not read whole.
pub const INCOMPLETE: u8 = 3;
