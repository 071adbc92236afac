//! How fast requests follow each other, and when one is repeated.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::check::error_document;
use crate::transport::TransportError;
use crate::wire::Response;

/// So many requests per second: `20/s`, `0.5/s`, `100`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate(f64);

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rate is a number of requests per second, such as 20/s")]
pub struct RateError;

/// Slower than this is a mistake: a run would take days.
const RATE_MIN: f64 = 0.01;
/// Faster than this is no limit.
const RATE_MAX: f64 = 1_000_000.0;

impl std::str::FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let number = text.strip_suffix("/s").unwrap_or(text);
        let is_number = number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        match number.parse() {
            Ok(rate) if is_number && (RATE_MIN..=RATE_MAX).contains(&rate) => Ok(Self(rate)),
            _ => Err(RateError),
        }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

impl Rate {
    /// From the beginning of one request to that of the next.
    fn interval(self) -> Duration {
        Duration::from_secs_f64(self.0.recip())
    }
}

/// Lets requests go one after the other, no two nearer to each other than the rate allows. There are no bursts:
/// what was not used is lost.
#[derive(Debug, Default)]
pub(super) struct Pacer {
    next: Mutex<Option<Instant>>,
}

impl Pacer {
    /// Returns when it is this request's turn.
    pub(super) async fn turn(&self, rate: Option<Rate>) {
        let Some(rate) = rate else { return };
        let turn = {
            let mut next = self.next.lock().await;
            let turn = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(turn + rate.interval());
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}

/// The pause before the first repetition; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest pause between repetitions.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// How long to wait before a request is repeated for the `tried`-th time, counted from 0.
pub(super) fn pause(tried: u32) -> Duration {
    PAUSE
        .saturating_mul(2_u32.saturating_pow(tried))
        .min(PAUSE_MAX)
}

/// Whether repeating is safe and may help: the request reached nobody, or was turned away unread. What got no
/// answer may have been done, and is never repeated.
pub(super) fn is_worth_repeating(answer: &Result<Response, TransportError>) -> bool {
    match answer {
        Err(error) => error.is_absence(),
        Ok(response) if response.status == 503 => {
            error_document("GET", response).is_some_and(|document| document.code == "SlowDown")
        }
        Ok(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        for (text, expected) in [
            ("20/s", Some("20/s")),
            ("0.5", Some("0.5/s")),
            ("0", None),
            ("-1/s", None),
            ("1e3", None),
            ("inf", None),
            ("NaN", None),
            ("", None),
            ("20/m", None),
        ] {
            let rate = text.parse::<Rate>().ok().map(|rate| rate.to_string());
            assert_eq!(rate.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn pauses_double_and_end() {
        assert_eq!(pause(0), Duration::from_millis(200));
        assert_eq!(pause(2), Duration::from_millis(800));
        assert_eq!(pause(40), PAUSE_MAX);
    }

    #[test]
    fn only_what_did_nothing_is_repeated() {
        let answer = |status, body: &'static str| {
            Ok(Response {
                status,
                body: body.into(),
                ..Response::default()
            })
        };
        let slow = "<Error><Code>SlowDown</Code></Error>";
        for (answer, expected) in [
            (Err(TransportError::Refused), true),
            (Err(TransportError::Closed), false),
            (Err(TransportError::HalfBody), false),
            (answer(503, slow), true),
            (
                answer(503, "<Error><Code>InternalError</Code></Error>"),
                false,
            ),
            (answer(503, ""), false),
            (answer(200, slow), false),
        ] {
            assert_eq!(is_worth_repeating(&answer), expected, "{answer:?}");
        }
    }
}
