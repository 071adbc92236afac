//! The exit codes of the `ssec` binary, a documented interface; knows nothing of how a run reaches them.

/// The gate holds and at least one case ran (for other sub-commands: done).
pub const OK: u8 = 0;

/// The gate failed: a `fail`, an `unproven`, or what else the chosen gate forbids.
pub const GATE_FAILED: u8 = 1;

/// A mistake in the arguments, the configuration or a case file; nothing was sent.
pub const USAGE: u8 = 2;

/// The target cannot be judged: unreachable, credentials refused, SSE-C blocked or unsupported.
pub const PREFLIGHT: u8 = 3;

/// No case was selected, or every selected case was skipped: "nothing ran" is not success.
pub const NOTHING_RAN: u8 = 4;

/// A mistake in `ssec` itself; please report it.
pub const INTERNAL: u8 = 5;

/// Interrupted from the keyboard; what the run created was removed.
pub const INTERRUPTED: u8 = 130;
