//! How sealing and opening can fail; nothing in here says anything about what was sealed.

/// Why sealed bytes were not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The tag does not fit: another key, another place, or not the bytes that were sealed.
    #[error("sealed bytes do not authenticate")]
    Damaged,
    /// The stream stops before the end that its length gives it.
    #[error("sealed bytes end too early")]
    Truncated,
    /// There are bytes after the end that the stream's length gives it.
    #[error("sealed bytes go on after their end")]
    Extended,
}

/// A stream would need more segments than the 32-bit segment counter can number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more segments than a sealed stream can number")]
pub struct TooLong;
