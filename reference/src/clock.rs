//! What time it is: the system's clock, or whatever a test hands in.

use time::OffsetDateTime;

/// A source of the current time (UTC), passed in so that tests can expire and skew signatures.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// The system's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}
